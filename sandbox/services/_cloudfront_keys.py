"""The caches of a distribution: many edges, behind them a few regional ones, for each class.

Traffic is spread over the edges evenly, so that each sees a part of it only: the lifetime of an
answer holds fewer requests there, and the same traffic over more edges is hit less. Hits are Che's
approximation (`kernels.cache`), of the edges first, then of the regional caches, which see of each
object what misses at the edges. Times are counted in requests at one cache.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np

from sandbox.kernels.cache import (
    COHORTS,
    LRU,
    characteristic,
    flush,
    full,
    held,
    ranks,
    warm,
    warming,
)
from sandbox.kernels.compiled import compiled, inlined

# a row of the table, by request class; then its objects, and the places for what passes the edges
ROW = 13
TOO_LONG = -2.0  # in the place of a link: requests that are longer than they may be
LINK, STANDBY, TTL_S, SEGMENT_S, KB, REFUSED, REQUEST_USD = range(7)
GB_USD, EDGE_S, BINS, AT = 7, 10, 11, 12
_MOVED = 2e-3  # relative change from which hits are computed anew
_GROWN = 1.01  # and growth of what a cold cache has seen


class Site:
    """A cell: what the caches hold for one request class."""

    edge_weight: Annotated[object, ("f8", (COHORTS,))]  # see `kernels.cache`
    edge_seen: Annotated[object, ("f8", (COHORTS,))]
    regional_weight: Annotated[object, ("f8", (COHORTS,))]
    regional_seen: Annotated[object, ("f8", (COHORTS,))]
    edge_reach: float
    regional_reach: float
    solved: Annotated[object, ("f8", (5,))]  # reads/s and rooms solved for; what was seen then
    settled: int
    edge_hits: float  # shares of the class's reads: answered by an edge,
    regional_hits: float  # and by a regional cache
    expired: float  # of what misses: an expired copy is there
    again: float  # of what misses: asked for again within the error caching time
    concurrent_s: float  # of the reads: the share that waits for a fetch under way, by its length
    bad: float  # share of the fetches that fail
    hit_ratio: float  # of its requests, for the window
    requests: float


def objects(count: int, skew: float, copies: float) -> tuple[np.ndarray, np.ndarray]:
    """(how many, share of one) by bin, where each object comes in so many copies."""
    keys, share = ranks(count, skew)
    return keys * copies, share / copies


def begin(cell: Any, warmed: bool) -> None:
    """Full caches, or empty ones."""
    for level in ("edge", "regional"):
        full(cell[f"{level}_weight"], cell[f"{level}_seen"])
        if not warmed:
            cell[f"{level}_seen"][:] = 0.0
        cell[f"{level}_reach"] = np.inf  # until it is known
    anew(cell)


def anew(cell: Any) -> None:
    """Compute the hits anew in the next tick."""
    cell["solved"][:] = np.nan
    cell["settled"] = 0


@compiled
def forget(cells, part):
    """A part of all objects is gone from all caches."""
    for k in range(cells.shape[0]):
        c = cells[k]
        flush(c.edge_weight, c.edge_seen, part)
        flush(c.regional_weight, c.regional_seen, part)
        c.settled = 0
        c.solved[3] = c.solved[4] = 0.0


@inlined
def _unlike(before, now):
    return before != now and not abs(now - before) <= _MOVED * abs(before)


@compiled
def look_up(p, c, row, keys, share, passed, rate, edge_room, regional_room, dt):
    """Bring the caches of a class to the end of this tick, `rate` reads/s coming in."""
    n = rate / p.edge_caches
    asked = c.solved
    moved = _unlike(asked[0], rate) or _unlike(asked[1], edge_room)
    moved |= _unlike(asked[2], regional_room)
    if not moved and c.settled != 0:
        return
    if moved:
        asked[0], asked[1], asked[2] = rate, edge_room, regional_room
    if row[SEGMENT_S] > 0.0:
        _live(p, c, row, keys, share, n)
        c.settled = 1
        return
    ttl = row[TTL_S] * n
    if moved:
        c.edge_reach = characteristic(LRU, keys, share, edge_room, ttl, 0.0, c.edge_reach)
    stored = 1.0 - c.bad
    warm(c.edge_weight, c.edge_seen, n * stored * dt, c.edge_reach)
    regional_n = 0.0
    if p.regional_caches > 0:
        regional_n = rate * (1.0 - c.edge_hits) / p.regional_caches
        warm(c.regional_weight, c.regional_seen, regional_n * stored * dt, c.regional_reach)
    c.settled = int(
        c.edge_weight[1] <= 0.0
        and c.edge_seen[0] >= c.edge_reach
        and (
            p.regional_caches == 0
            or (c.regional_weight[1] <= 0.0 and c.regional_seen[0] >= c.regional_reach)
        )
    )
    grown = c.edge_seen[0] >= asked[3] * _GROWN or c.regional_seen[0] >= asked[4] * _GROWN
    if moved or grown or c.settled != 0:
        asked[3], asked[4] = c.edge_seen[0], c.regional_seen[0]
        _hits(p, c, row, keys, share, passed, rate, regional_room)


@compiled
def _hits(p, c, row, keys, share, passed, rate, room):
    """The hits at the edges, then those of what passes them at the regional caches."""
    n = rate / p.edge_caches
    hits = 0.0
    for b in range(keys.shape[0]):
        e = _held(c.edge_weight, c.edge_seen, share[b], row[TTL_S] * n)
        hits += keys[b] * share[b] * e
        passed[b] = share[b] * (1.0 - e)
    hits = min(hits, 1.0)
    c.edge_hits = hits
    missed = 1.0 - hits
    if missed <= 1e-12:
        c.regional_hits = c.expired = c.again = c.concurrent_s = 0.0
        return
    for b in range(keys.shape[0]):
        passed[b] /= missed
    found = 0.0
    if p.regional_caches > 0:
        ttl = row[TTL_S] * rate * missed / p.regional_caches
        c.regional_reach = characteristic(LRU, keys, passed, room, ttl, 0.0, c.regional_reach)
        for i in range(COHORTS):
            c.regional_seen[i] = min(c.regional_seen[i], c.regional_reach)
        found = warming(LRU, keys, passed, room, c.regional_weight, c.regional_seen, ttl, 0.0)[1]
    c.regional_hits = missed * found
    ever = again = concurrent = 0.0
    for b in range(keys.shape[0]):
        e = _held(c.edge_weight, c.edge_seen, share[b], math.inf)
        r = 0.0
        if p.regional_caches > 0:
            r = _held(c.regional_weight, c.regional_seen, passed[b], math.inf)
        ever += keys[b] * share[b] * (1.0 - (1.0 - e) * (1.0 - r))
        x = n * share[b] * p.error_s
        again += keys[b] * passed[b] * x / (1.0 + x)
        concurrent += keys[b] * passed[b] * missed * n * share[b]
    all_hits = hits + c.regional_hits
    c.expired = min(max((ever - all_hits) / (1.0 - all_hits), 0.0), 1.0) if all_hits < 1.0 else 0.0
    c.again = again
    c.concurrent_s = concurrent


@inlined
def _held(weight, seen, share, ttl):
    found = 0.0
    for i in range(COHORTS):
        if weight[i] > 0.0:
            found += weight[i] * held(LRU, share, seen[i], ttl, 0.0)
    return found


@compiled
def _live(p, c, row, keys, share, n):
    """A live stream: each segment is new, and asked for until the next one.

    Of the x requests for it at an edge the first misses: 1 - exp(-x) of them, the others wait for
    it or find it. Half of the requests are for the playlist, which is kept for its lifetime.
    """
    edges = p.edge_caches / p.regional_caches if p.regional_caches > 0 else 1.0
    missed = to_origin = concurrent = again = 0.0
    for b in range(keys.shape[0]):
        per_s = 0.5 * n * share[b]
        x = per_s * row[SEGMENT_S]
        first = -math.expm1(-x)
        y = edges * first
        at_origin = -math.expm1(-y) / edges if p.regional_caches > 0 else first
        part = keys[b] * share[b] * 0.5
        if x > 0.0:
            missed += part * first / x
            to_origin += part * at_origin / x
            concurrent += part * first / x * per_s
        z = per_s * row[TTL_S]
        missed += part / (1.0 + z)
        w = edges * z / (1.0 + z)
        to_origin += part / (1.0 + z) / (1.0 + w if p.regional_caches > 0 else 1.0)
        concurrent += part / (1.0 + z) * per_s
        held_s = per_s * p.error_s
        again += 2.0 * part * held_s / (1.0 + held_s)
    c.edge_hits = 1.0 - missed
    c.regional_hits = missed - to_origin
    c.expired = 0.0
    c.again = again
    c.concurrent_s = concurrent
