"""Records of a name: what Route 53 answers, by policy and health, and who still has an old answer.

A resolver keeps an answer for its TTL, so that a new one reaches resolvers as their copies run
out: evenly over one TTL, since they asked at all times. Resolvers stand in as many parts, each of
which asks again at its own time.
"""

from __future__ import annotations

from typing import Annotated

from numba import carray

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.quantile import cdf
from sandbox.kernels.random import uniform
from sandbox.services.law import (
    ERROR_RATE,
    KILL_INSTANCES,
    LINK_CUT,
    NODE,
    capacity_left,
    emit,
    pointer,
)

CHECKERS = 15  # Route 53 Developer Guide: How Route 53 determines whether a health check is healthy
HEALTHY_SHARE = 0.18  # the same page: healthy if more than 18 % of the checkers say so
STATUS_S = 2.0  # the same page: an HTTP status must come within 2 s of the connection
PARTS = 20  # of the resolvers, by when they ask again
SIMPLE, WEIGHTED, LATENCY, FAILOVER, GEOLOCATION, MULTIVALUE = range(6)
UNHEALTHY, HEALTHY = range(2)
# a row of the table, by class and record: does it stand by, is it checked, the time to it (ms) and
# how near its location is to the class's: 2 its own, 1 the default, 0 neither
ROW = 4
STANDS_BY, CHECKED, MS, NEAR = range(ROW)


class Record:
    """A cell, of each record for each request class; the first class's has its health."""

    says: Annotated[object, ("f8", (CHECKERS,))]  # 1: the checker holds it for healthy
    looks: Annotated[object, ("f8", (CHECKERS,))]  # in a row that said otherwise
    healthy: float
    answers: Annotated[object, ("f8", (PARTS,))]  # share of a part's requests that it sends here
    wanted: float  # share that a resolver gets told now
    share: float  # of the requests


@compiled
def check(p, s, cells, tick):
    """Let the checkers look whose turn it is, at all records that have a health check."""
    nodes = carray(pointer(tick.world[0].nodes), tick.world[0].nodes_n, NODE)
    each = p.health_check_interval_s / CHECKERS
    before = int(tick.t / each + 1e-9)
    after = int((tick.t + tick.dt) / each + 1e-9)
    n = tick.out.shape[0]
    s.healthy = s.unhealthy = 0.0
    for j in range(n):
        c = cells[j]
        if tick.table[ROW * j + CHECKED] <= 0.0:
            c.healthy = 1.0
            continue
        link = tick.out[j]
        good = link.ok
        if link.reads + link.writes <= 0.0:
            good *= _probed(nodes[link.target], link)
        if good > 0.0:
            good *= cdf(nodes[link.target].latency, STATUS_S)
        for turn in range(before, after):
            i = turn % CHECKERS
            drawn = uniform(tick.seed, tick.key, turn * n + j)
            passes = 1.0 if drawn < good else 0.0
            if passes == c.says[i]:
                c.looks[i] = 0.0
                continue
            c.looks[i] += 1.0
            if c.looks[i] >= p.failure_threshold:
                c.says[i], c.looks[i] = passes, 0.0
        agree = 0.0
        for i in range(CHECKERS):
            agree += c.says[i]
        now = 1.0 if agree > HEALTHY_SHARE * CHECKERS else 0.0
        if now != c.healthy:
            emit(tick, HEALTHY if now > 0.0 else UNHEALTHY, j + 1.0, agree, CHECKERS)
        c.healthy = now
        s.healthy += now
        s.unhealthy += 1.0 - now


@inlined
def _probed(target, link):
    """The share of looks that pass at a place that nobody else asks: its faults decide."""
    if capacity_left(target) <= 0.0:
        return 0.0
    good = (1.0 - target.fault[ERROR_RATE]) * (1.0 - target.fault[KILL_INSTANCES])
    return good * (1.0 - link.fault[ERROR_RATE]) * (1.0 - link.fault[LINK_CUT])


@compiled
def answer(p, cells, tick):
    """What a resolver is told now, for each class."""
    n = tick.out.shape[0]
    for k in range(tick.mix.shape[1]):
        rows = tick.table[ROW * n * k : ROW * n * (k + 1)]
        total = _wanted(p, cells, tick, rows, k, True)
        if total <= 0.0:  # with no healthy record, all count as healthy
            total = _wanted(p, cells, tick, rows, k, False)
        for j in range(n):
            cells[n * k + j].wanted /= total if total > 0.0 else 1.0


@inlined
def _wanted(p, cells, tick, rows, k, by_health):
    """Write how a class is divided, unscaled; returns the sum."""
    n = tick.out.shape[0]
    best, least_ms = 0.0, 1e18
    first = False
    for j in range(n):
        row = ROW * j
        if by_health and cells[j].healthy <= 0.0 and p.policy != SIMPLE:
            continue
        if rows[row + STANDS_BY] > 0.0:
            continue
        first = True
        best = max(best, rows[row + NEAR])
        least_ms = min(least_ms, rows[row + MS])
    total = 0.0
    for j in range(n):
        row = ROW * j
        c = cells[n * k + j]
        c.wanted = 0.0
        if by_health and cells[j].healthy <= 0.0 and p.policy != SIMPLE:
            continue
        if rows[row + STANDS_BY] > 0.0:
            # a secondary is named while no primary is, which comes first if none is healthy
            c.wanted = 0.0 if first or p.policy != FAILOVER else 1.0
        elif p.policy == WEIGHTED:
            c.wanted = tick.out[j].share
        elif p.policy == LATENCY:
            c.wanted = 1.0 if rows[row + MS] <= least_ms else 0.0
        elif p.policy == GEOLOCATION:
            c.wanted = 1.0 if best > 0.0 and rows[row + NEAR] >= best else 0.0
        else:
            c.wanted = 1.0
        total += c.wanted
    return total


@compiled
def remember(p, s, cells, tick):
    """Let the resolvers ask again whose copies have run out, and take the shares of all."""
    each = p.keeps_s / PARTS
    before = int(tick.t / each + 1e-9)
    after = int((tick.t + tick.dt) / each + 1e-9)
    turns = PARTS if s.begun == 0 else min(after - before, PARTS)
    s.begun = 1
    for i in range(cells.shape[0]):
        c = cells[i]
        for x in range(turns):
            c.answers[(after - 1 - x) % PARTS] = c.wanted
        c.share = 0.0
        for x in range(PARTS):
            c.share += c.answers[x] / PARTS
