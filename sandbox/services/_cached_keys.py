"""Keys held in memory: a cache cluster's, or the pages in a database's buffers.

How many are held, and how often they are hit, is Che's approximation (`kernels.cache`).  Times are
counted in requests there.  A table of keys is their number of bins, then how many are in each, then
the share of the requests for one of them.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np

from sandbox.kernels.cache import (
    COHORTS,
    LFU,
    LRU,
    RANDOM,
    characteristic,
    flush,
    full,
    held,
    holding,
    ranks,
    warm,
    warming,
)
from sandbox.kernels.compiled import compiled, inlined

POLICIES = (
    *("volatile-lru", "allkeys-lru", "volatile-lfu", "allkeys-lfu"),
    *("volatile-random", "allkeys-random", "volatile-ttl", "noeviction"),
)
# of keys stored with the same time to live, the next to expire is the oldest: first in, first out
_EVICTS = {"lru": LRU, "lfu": LFU, "random": RANDOM, "ttl": RANDOM}
NONE = -1  # nothing is evicted: writes fail when the memory is full
WRITE_THROUGH, INVALIDATE, IGNORE = range(3)
_MOVED = 2e-3  # relative change from which the hit ratio is computed anew
_GROWN = 1.01  # and growth of what a cold cache has seen
_FULL = 1.0 - 1e-6
MOST_SPOILT = 1e6


class Contents:
    """What the state says of the keys; times are counted in requests (see `kernels.cache`)."""

    weight: Annotated[object, ("f8", (COHORTS,))]  # shares of the keys, by when they were emptied
    seen: Annotated[object, ("f8", (COHORTS,))]  # and the requests that came since
    reach: float  # the characteristic time
    solved: Annotated[object, ("f8", (5,))]  # what that was solved for; what had been seen
    hit_ratio: float
    steady: float  # what it is going to be
    items: float
    capacity: float  # keys that fit
    full: int
    settled: int  # whether nothing moves any more
    cold_s: float  # since when it warms up
    told: int


def evicts(policy: str, ttl_s: float, memcached: bool) -> int:
    """What makes room: a policy of `kernels.cache`, or NONE.

    Volatile policies evict only keys with a time to live; without one nothing is evicted.
    """
    if memcached:
        return LRU
    kind, _, how = policy.partition("-")
    if kind == "noeviction" or (kind == "volatile" and ttl_s <= 0):
        return NONE
    return _EVICTS[how]


def begin(state: Any, warm: bool) -> None:
    """A cache that has long been in use, or an empty one."""
    full(state["weight"], state["seen"])
    state["told"] = warm
    if not warm:
        state["seen"][:] = 0.0


def empty(state: Any, part: float, t_s: float) -> None:
    """As `forget`, for an action of a person."""
    flush(state["weight"], state["seen"], part)
    state["settled"], state["told"], state["cold_s"] = 0, 0, t_s
    state["solved"][4] = 0.0


def table(count: int, skew: float) -> np.ndarray:
    keys, share = ranks(count, skew)
    return np.concatenate(([float(len(keys))], keys, share))


@compiled
def look_up(p, s, table, reads, writes, hot, fetched, dt):
    """Bring the contents to the end of this tick.

    `hot` is the share of one key on its own; of what was missed, `fetched` is then stored.
    """
    touches = reads + writes if p.on_write == WRITE_THROUGH else reads
    spoil = 0.0
    if p.on_write == INVALIDATE and writes > 0.0:
        spoil = min(writes / reads, MOST_SPOILT) if reads > 0.0 else MOST_SPOILT
    ttl = p.ttl_s * touches if p.ttl_s > 0.0 else math.inf
    asked = s.solved
    moved = _unlike(asked[0], s.capacity) or _unlike(asked[1], ttl) or _unlike(asked[2], spoil)
    moved |= asked[3] != hot
    if moved:
        asked[0], asked[1], asked[2], asked[3] = s.capacity, ttl, spoil, hot
        _solve(p, s, table, ttl, spoil, hot)
    elif s.settled != 0:
        return
    # the others share what the hot key leaves of the requests: their clock runs the slower
    stored = touches - reads * (1.0 - fetched)  # a hit brings no other key nearer
    warm(s.weight, s.seen, stored * (1.0 - hot) * dt, s.reach)
    s.settled = int(s.weight[1] <= 0.0 and s.seen[0] >= s.reach)
    if not moved and s.settled == 0 and s.seen[0] < asked[4] * _GROWN:
        return
    asked[4] = s.seen[0]
    keys, share = _keys(table)
    policy = LRU if p.evicts == NONE else p.evicts
    items, hits = warming(
        policy, keys, share, s.capacity, s.weight, s.seen, ttl * (1.0 - hot), spoil
    )
    one = 0.0
    for i in range(COHORTS if hot > 0.0 else 0):
        if s.weight[i] > 0.0:
            one += s.weight[i] * _hot(hot, s.seen[i], ttl, spoil)
    s.hit_ratio = min((1.0 - hot) * hits + hot * one, 1.0)
    s.items = min(items + one, s.capacity)
    s.full = int(s.items >= _FULL * s.capacity)


@compiled
def _solve(p, s, table, ttl, spoil, hot):
    """The characteristic time, and how often a cache is hit that has reached it."""
    keys, share = _keys(table)
    policy = LRU if p.evicts == NONE else p.evicts
    room = max(s.capacity - (1.0 if hot > 0.0 else 0.0), 0.0)
    slower = ttl * (1.0 - hot)
    s.reach = characteristic(policy, keys, share, room, slower, spoil, s.reach)
    hits = holding(policy, keys, share, room, s.reach, slower, spoil)[1]
    s.steady = (1.0 - hot) * hits + hot * _hot(hot, s.reach, ttl, spoil)


@inlined
def _keys(table):
    bins = int(table[0])
    return table[1 : 1 + bins], table[1 + bins : 1 + 2 * bins]


@inlined
def _hot(hot, reach, ttl, spoil):
    return held(LRU, hot, reach / (1.0 - hot) if hot < 1.0 else math.inf, ttl, spoil)


@inlined
def _unlike(before, now):
    return before != now and not abs(now - before) <= _MOVED * abs(before)


@compiled
def forget(s, part, t):
    """A part of the keys is gone, whichever they are."""
    if part > 0.0:
        flush(s.weight, s.seen, part)
        s.settled, s.solved[4] = 0, 0.0
        s.cold_s = t
        s.told = 0
