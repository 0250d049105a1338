"""How keys fall on shards and partitions: MD5 of the key, in ranges of 128-bit integers.

Kinesis maps a partition key to a shard by its MD5 as an unsigned 128-bit integer, and each shard
has a range of them ("Kinesis Data Streams terminology and concepts", Partition key). A few popular
keys make one shard hot while the stream has room: so real keys are hashed, with a popularity.

Hashing is done when a diagram is compiled; `mass_between` also within a run, as shards split.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from sandbox.kernels.compiled import compiled

HASHES = 1 << 128
"""How many hash keys there are: they run from 0 to HASHES - 1."""


def hash_key(text: str) -> int:
    """The 128-bit hash key of a partition key."""
    return int.from_bytes(hashlib.md5(text.encode(), usedforsecurity=False).digest(), "big")


def hash_keys(texts: Iterable[str]) -> NDArray[np.uint64]:
    """The upper 64 bits of the hash keys: enough to tell the shard of all but 1 key in 10¹⁵."""
    md5 = hashlib.md5
    digests = b"".join([md5(text.encode(), usedforsecurity=False).digest() for text in texts])
    return np.frombuffer(digests, ">u8")[::2].astype(np.uint64)


def zipf(n_keys: int, s: float) -> NDArray[np.float64]:
    """Shares of the traffic of `n_keys` keys by Zipf's law: the i-th has i^-s; 0 is even."""
    weights = np.arange(1, n_keys + 1, dtype=np.float64) ** -s
    return weights / weights.sum()


def even_starts(shards: int) -> list[int]:
    """The first hash key of each of `shards` equal ranges, as CreateStream makes them."""
    return [HASHES * i // shards for i in range(shards)]


def mass_by_range(
    starts: Sequence[int], hashes: NDArray[np.uint64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The share of the traffic on each range of hash keys.

    `starts` are the ranges' first 128-bit hash keys, in order, the first of them 0; each range ends
    where the next begins. `hashes` are `hash_keys` and `weights` their shares of the traffic.
    """
    upper = np.array([start >> 64 for start in starts], dtype=np.uint64)
    shard = np.searchsorted(upper, hashes, side="right") - 1
    return np.bincount(shard, weights=weights, minlength=len(upper)).astype(np.float64)


def ranked(
    hashes: NDArray[np.uint64], weights: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(positions, cumulative) for `mass_between`: keys by place on the ring 0 … 1, traffic summed.

    `cumulative` has one entry more than there are keys, and begins with 0.
    """
    order = np.argsort(hashes)
    cumulative = np.concatenate(([0.0], np.cumsum(weights[order])))
    return hashes[order].astype(np.float64) / 2.0**64, cumulative


@compiled
def mass_between(positions, cumulative, start, end):
    """The share of the traffic whose place on the ring is in [start, end), of 0 … 1."""
    return cumulative[_first(positions, end)] - cumulative[_first(positions, start)]


@compiled
def _first(positions, place):
    # Index of the first position that is not below `place`.
    low = 0
    high = positions.size
    while low < high:
        middle = (low + high) // 2
        if positions[middle] < place:
            low = middle + 1
        else:
            high = middle
    return low
