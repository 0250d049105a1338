"""The cache of a stage: answers to reads, as many as fit, for a time to live."""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np

from sandbox.kernels.cache import COHORTS, LRU, characteristic, flush, ranks, warm, warming
from sandbox.kernels.compiled import compiled
from sandbox.services.law import CACHE_FLUSH

TIERS = 4  # of prices, which stand behind the keys in the table
KB_PER_GB = 1024.0 * 1024.0
_ALIKE = 1e-3  # change of the load from which the hit ratio is computed anew


class Cache:
    """State: which part of the keys has seen how many requests since it was emptied."""

    weight: Annotated[object, ("f8", (COHORTS,))]
    seen: Annotated[object, ("f8", (COHORTS,))]
    reach: float  # characteristic time, requests
    reach_rate: float  # reads/s at which it was computed
    hit_ratio: float
    entries: float
    settled: int
    to_flush: float


@compiled
def hits(p, s, io, tick, reads):
    """The share of reads that the cache answers, while it fills and when it is full."""
    if p.capacity <= 0.0 or p.cache_ttl_s <= 0.0:
        return 0.0
    struck = max(s.to_flush, io.struck[CACHE_FLUSH])
    s.to_flush = 0.0
    if struck > 0.0:
        flush(s.weight, s.seen, struck)
        s.settled = 0
    if reads <= 0.0:
        return s.hit_ratio
    half = (tick.table.shape[0] - 2 * TIERS) // 2
    keys, share = tick.table[:half], tick.table[half : 2 * half]
    ttl = p.cache_ttl_s * reads
    if abs(reads - s.reach_rate) > _ALIKE * s.reach_rate:
        s.reach = characteristic(LRU, keys, share, p.capacity, ttl, 0.0, s.reach)
        s.reach_rate = reads
        s.settled = 0
    if s.settled == 0:
        before = s.hit_ratio
        # half of the tick's requests have come when its mean request does
        warm(s.weight, s.seen, 0.5 * reads * tick.dt, s.reach)
        s.entries, s.hit_ratio = warming(LRU, keys, share, p.capacity, s.weight, s.seen, ttl, 0.0)
        warm(s.weight, s.seen, 0.5 * reads * tick.dt, s.reach)
        full = s.seen[0] >= s.reach or s.seen[0] > 50.0 * ttl
        if full and abs(s.hit_ratio - before) < 1e-9:
            s.settled = 1
    return s.hit_ratio


def key_table(count: int, skew: float) -> np.ndarray:
    """What `hits` needs of the keys."""
    return np.concatenate(ranks(count, skew))


def empty(state: Any) -> None:
    """A cache that has seen nothing."""
    state["weight"][:] = state["seen"][:] = 0.0
    state["weight"][0] = 1.0


def capacity(size_gb: str, response_kb: float) -> float:
    """Answers that fit."""
    return 0.0 if size_gb == "none" else math.floor(float(size_gb) * KB_PER_GB / response_kb)
