"""Keys fall on shards as MD5 says."""

import time

import numpy as np
import pytest

from sandbox.kernels import shard


def test_a_key_hashes_to_its_md5_as_a_number():
    # RFC 1321: MD5 ("abc") = 900150983cd24fb0d6963f7d28e17f72
    assert shard.hash_key("abc") == 0x900150983CD24FB0D6963F7D28E17F72
    assert shard.hash_keys(["abc", ""]).tolist() == [0x900150983CD24FB0, 0xD41D8CD98F00B204]


def test_popularity_follows_zipf():
    shares = shard.zipf(10_000, 1.1)
    assert shares.sum() == pytest.approx(1.0)
    assert shares[0] / shares[9] == pytest.approx(10**1.1)
    assert shares[0] == pytest.approx(0.1514, abs=1e-4)
    assert shard.zipf(4, 0.0).tolist() == [0.25] * 4


def test_the_hottest_of_16_shards_carries_22_percent_of_a_zipf_load():
    hashes = shard.hash_keys(f"key-{i}" for i in range(10_000))
    mass = shard.mass_by_range(shard.even_starts(16), hashes, shard.zipf(10_000, 1.1))
    assert mass.sum() == pytest.approx(1.0)
    assert mass.argmax() == 11
    # Found by an independent simulation of the same keys.
    assert mass[11] == pytest.approx(0.221764, abs=1e-6)
    assert mass[0] == pytest.approx(0.0409508, abs=1e-6)


def test_each_key_is_on_the_shard_whose_range_holds_its_hash():
    starts = [0, shard.HASHES // 3, shard.HASHES // 2 + 12345]
    keys = [f"user-{i}" for i in range(500)]
    mass = shard.mass_by_range(starts, shard.hash_keys(keys), np.ones(500))
    expected = [0, 0, 0]
    for key in keys:
        expected[max(i for i, start in enumerate(starts) if start <= shard.hash_key(key))] += 1
    assert mass.tolist() == expected


def test_splitting_a_range_splits_its_traffic():
    hashes = shard.hash_keys(f"key-{i}" for i in range(1000))
    weights = shard.zipf(1000, 1.0)
    positions, cumulative = shard.ranked(hashes, weights)
    whole = shard.mass_by_range(shard.even_starts(4), hashes, weights)
    halves = [shard.mass_between(positions, cumulative, a / 8, (a + 1) / 8) for a in range(8)]
    assert np.add.reduceat(halves, [0, 2, 4, 6]) == pytest.approx(whole)
    assert shard.mass_between(positions, cumulative, 0.0, 1.0) == pytest.approx(1.0)
    assert shard.mass_between(positions, cumulative, 0.3, 0.3) == 0.0


@pytest.mark.slow
def test_a_million_keys_are_hashed_in_a_moment():
    keys = [f"key-{i}" for i in range(1_000_000)]
    begin = time.perf_counter()
    hashes = shard.hash_keys(keys)
    mass = shard.mass_by_range(shard.even_starts(100), hashes, shard.zipf(1_000_000, 1.0))
    assert mass.sum() == pytest.approx(1.0)
    assert time.perf_counter() - begin < 10  # about one second alone on a machine
