"""The keys of a stream or table: a population with its popularity, hashed once and remembered."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sandbox.kernels.shard import HASHES, even_starts, hash_key, hash_keys, mass_by_range, zipf

HASHED = 100_000  # keys hashed one by one; the rest, each rarer, is taken as spread evenly
HOT = "hot"  # the one key of its own that draws a share of the traffic


@lru_cache(maxsize=8)
def population(count: int, skew: float) -> tuple[NDArray[np.uint64], NDArray[np.float64], float]:
    """(hashes, shares) of the most popular keys, and the share of all others together.

    The keys are key-0, key-1 and so on, the most popular first.
    """
    shares = zipf(count, skew)
    known = min(count, HASHED)
    hashes = hash_keys(f"key-{i}" for i in range(known))
    return hashes, shares[:known], float(shares[known:].sum())


def masses(ranges: int, count: int, skew: float) -> NDArray[np.float64]:
    """The share of the traffic on each of as many equal ranges of hash keys."""
    hashes, shares, rest = population(count, skew)
    found = mass_by_range(even_starts(ranges), hashes, shares) + rest / ranges
    return found / found.sum()


def range_of(key: str, ranges: int) -> int:
    """Which of so many equal ranges a key falls in."""
    return hash_key(key) * ranges // HASHES
