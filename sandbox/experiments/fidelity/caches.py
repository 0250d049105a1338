"""Caches against a simulation that looks up every single request."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from sandbox.kernels.cache import LRU, RANDOM, characteristic, flush, full, ranks, warm, warming

from .figures import Case, Curve, Figure, Outcome, Section
from .lookups import look_up_each

KEYS = 100_000
REQUESTS = 3_000_000
POINTS = 0.02
"""How far a hit ratio may be off: two points of a hundred."""
NAMES = ("lru", "fifo", "random")


def cache_section() -> Section:
    """Che's approximation, in steady state and after a flush."""
    steady = [
        Case(
            f"{name.upper()} of {capacity:,}, skew {skew:g}",
            f"{KEYS:,} keys with popularity i^-{skew:g}, room for {capacity:,}; "
            f"{REQUESTS:,} requests, the first half to warm up",
            partial(_steady, name, capacity, skew),
        )
        for name, capacity, skew in (
            *(("lru", capacity, skew) for skew in (0.6, 0.9, 1.2) for capacity in (1_000, 20_000)),
            *(("random", 5_000, 0.9), ("fifo", 5_000, 0.9)),
        )
    ]
    return Section(
        "Caches",
        "A simulation that looks up, evicts and expires key by key, against Che's approximation. "
        "Hit ratios are held to two points of a hundred.",
        (
            *steady,
            Case(
                "LRU with a time to live",
                f"as above, skew 0.9, room for 5,000; entries expire {20_000:,} requests after "
                "they were stored",
                partial(_steady, "lru", 5_000, 0.9, 20_000.0),
            ),
            Case(
                "LRU with invalidation",
                "as above, skew 0.9, room for 5,000; one write for four reads deletes its key",
                partial(_steady, "lru", 5_000, 0.9, math.inf, 0.25),
            ),
            Case(
                "LRU after a flush",
                "as above, skew 0.9, room for 5,000: the hit ratio of an empty cache over 30,000 "
                "requests, in the mean of 60 runs",
                _flushed,
            ),
        ),
    )


def _steady(
    name: str, capacity: int, skew: float, ttl: float = math.inf, spoil: float = 0.0
) -> Iterable[Figure]:
    counted = replay(name, KEYS, skew, capacity, REQUESTS, ttl=ttl, spoil=spoil)
    policy = LRU if name == "lru" else RANDOM
    keys, share = ranks(KEYS, skew)
    weight, seen = np.zeros(4), np.zeros(4)
    full(weight, seen)
    warm(weight, seen, 0.0, characteristic(policy, keys, share, capacity, ttl, spoil))
    hit = warming(policy, keys, share, capacity, weight, seen, ttl, spoil)[1]
    yield Figure("hit ratio", "", float(counted[5:].mean()), hit, 0.0, allowance=POINTS)


def _flushed() -> Outcome:
    windows, requests, capacity = 15, 30_000, 5_000
    exact = replay("lru", KEYS, 0.9, capacity, requests, windows=windows, average=60)
    keys, share = ranks(KEYS, 0.9)
    reach = characteristic(LRU, keys, share, capacity, math.inf, 0.0)
    weight, seen = np.zeros(4), np.zeros(4)
    full(weight, seen)
    flush(weight, seen, 1.0)
    got = []
    step = requests / windows / 20
    for _ in range(windows):
        hits = 0.0
        for _ in range(10):  # in the middle of each tenth of a window
            warm(weight, seen, step, reach)
            hits += warming(LRU, keys, share, capacity, weight, seen, math.inf, 0.0)[1] / 10
            warm(weight, seen, step, reach)
        got.append(hits)
    worst = int(np.abs(np.array(got) - exact).argmax())
    figures = (
        Figure("first 2,000 requests", "", float(exact[0]), got[0], 0.0, allowance=POINTS),
        Figure("last 2,000 requests", "", float(exact[-1]), got[-1], 0.0, allowance=POINTS),
        Figure("… where it is furthest off", "", float(exact[worst]), got[worst], 0.0, 0.0, POINTS),
    )
    t = tuple((np.arange(windows) + 0.5) * requests / windows)
    return Outcome(figures, (Curve("hit ratio", "", t, tuple(map(float, exact)), tuple(got)),))


# ---------------------------------------------------------------- request by request


@cache
def replay(
    name: str,
    keys: int,
    skew: float,
    capacity: int,
    requests: int,
    *,
    ttl: float = math.inf,
    spoil: float = 0.0,
    windows: int = 10,
    average: int = 1,
) -> NDArray[np.float64]:
    """The hit ratio in each of `windows` windows of a run that starts empty, one request a step.

    `ttl` counts requests; `spoil` deletions of a key come for each request. `average` runs.
    """
    share = np.arange(1, keys + 1, dtype=np.float64) ** -skew
    upto = np.cumsum(share) / share.sum()
    found = np.zeros(windows)
    for run in range(average):
        rng = np.random.default_rng(1 + run)
        asked = np.minimum(np.searchsorted(upto, rng.random(requests)), keys - 1)
        deleted = np.full(requests, -1)
        if spoil > 0.0:
            strikes = rng.random(requests) < spoil
            deleted[strikes] = np.minimum(
                np.searchsorted(upto, rng.random(int(strikes.sum()))), keys - 1
            )
        lots = rng.random(requests)
        found += look_up_each(NAMES.index(name), keys, asked, deleted, lots, capacity, ttl, windows)
    return np.asarray(found / average)
