"""The keys of a stream or table: a population with its popularity, hashed once and remembered."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sandbox.kernels.shard import (
    HASHES,
    even_starts,
    hash_key,
    hash_keys,
    mass_by_range,
    ranked,
    zipf,
)
from sandbox.services.params import Parameters, param

HASHED = 100_000  # keys hashed one by one; the rest, each rarer, is taken as spread evenly
HOT = "hot"  # the one key of its own that draws a share of the traffic


class HotKey(Parameters):
    """What a person says to make one key hot."""

    share: float = param(
        0.3, "Share of the requests for one key; 0 ends it.", unit="share", ge=0, le=1
    )


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


def masses_at(starts: NDArray[np.float64], count: int, skew: float) -> NDArray[np.float64]:
    """The share of the traffic on ranges that begin at these places of the ring 0 … 1, in order."""
    hashes, shares, rest = population(count, skew)
    found = mass_by_range([int(at * HASHES) for at in starts.tolist()], hashes, shares)
    found += rest * np.diff(starts, append=1.0)
    return found / found.sum()


@lru_cache(maxsize=8)
def ring(count: int, skew: float) -> NDArray[np.float64]:
    """The same for a law: the keys' places in order, their shares summed from 0, and the rest."""
    hashes, shares, rest = population(count, skew)
    places, summed = ranked(hashes, shares)
    return np.concatenate((places, summed, [rest]))


def place_of(key: str) -> float:
    """Where on the ring 0 … 1 a key falls."""
    return hash_key(key) / HASHES
