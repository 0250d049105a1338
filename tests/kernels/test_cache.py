"""Che's approximation against caches that serve every single request."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest

from sandbox.experiments.fidelity.caches import replay
from sandbox.kernels.cache import (
    COHORTS,
    LFU,
    LRU,
    RANDOM,
    characteristic,
    flush,
    full,
    holding,
    ranks,
    warm,
    warming,
)
from sandbox.kernels.shard import zipf

KEYS = 20_000
POINTS = 0.02  # a hit ratio is to be right within two points


def predicted(policy: int, capacity: float, skew: float, ttl: float = math.inf) -> float:
    keys, share = ranks(KEYS, skew)
    reach = characteristic(policy, keys, share, capacity, ttl, 0.0)
    return holding(policy, keys, share, capacity, reach, ttl, 0.0)[1]


def counted(name: str, capacity: int, skew: float, **more: float) -> float:
    """The hit ratio over the second half of a million requests."""
    return float(replay(name, KEYS, skew, capacity, 1_000_000, **more)[5:].mean())


# ---------------------------------------------------------------- keys by rank


@pytest.mark.parametrize("skew", [0.0, 0.6, 1.0, 1.4])
@pytest.mark.parametrize("count", [1, 7, 24, 1000, 100_000])
def test_bins_hold_all_keys_and_the_traffic_of_each(count: int, skew: float) -> None:
    keys, share = ranks(count, skew)
    assert keys.sum() == count
    assert (keys * share).sum() == pytest.approx(1.0)
    exact = np.cumsum(zipf(count, skew))
    ends = np.cumsum(keys).astype(int) - 1
    assert np.cumsum(keys * share) == pytest.approx(exact[ends], abs=1e-4)


def test_ten_million_keys_are_binned_in_no_time() -> None:
    ranks.cache_clear()
    begun = time.perf_counter()
    keys, share = ranks(10_000_000, 0.9)
    assert time.perf_counter() - begun < 0.05
    assert len(keys) < 120
    assert keys.sum() == 10_000_000
    assert (np.diff(share) <= 0).all()


def test_a_hot_key_stands_where_its_share_puts_it() -> None:
    keys, share = ranks(1000, 0.5, 0.3)
    assert (keys[0], share[0]) == (1.0, 0.3)
    assert (keys * share).sum() == pytest.approx(1.0)
    assert (np.diff(ranks(1000, 1.2, 1e-6)[1]) <= 0).all()


# ---------------------------------------------------------------- steady state


@pytest.mark.parametrize("skew", [0.0, 0.7, 1.0])
@pytest.mark.parametrize("capacity", [200, 2000, 10_000])
def test_lru_hits_as_often_as_one_that_serves_every_request(capacity: int, skew: float) -> None:
    assert predicted(LRU, capacity, skew) == pytest.approx(
        counted("lru", capacity, skew), abs=POINTS
    )


@pytest.mark.parametrize("name", ["random", "fifo"])
def test_random_and_first_out_hit_alike_and_less_than_lru(name: str) -> None:
    found = predicted(RANDOM, 2000, 0.9)
    assert found == pytest.approx(counted(name, 2000, 0.9), abs=POINTS)
    assert found < predicted(LRU, 2000, 0.9) - 0.01


def test_the_least_frequently_used_leaves_the_most_popular() -> None:
    top = float(zipf(KEYS, 0.9)[:2000].sum())
    assert predicted(LFU, 2000, 0.9) == pytest.approx(top, abs=1e-3)
    assert top > predicted(LRU, 2000, 0.9)


@pytest.mark.parametrize("ttl", [1_000, 20_000, 200_000])
def test_a_time_to_live_without_want_of_room_is_a_renewal(ttl: int) -> None:
    found = predicted(LRU, KEYS, 0.9, ttl)
    assert found == pytest.approx(counted("lru", KEYS, 0.9, ttl=ttl), abs=POINTS)
    share = zipf(KEYS, 0.9)
    assert found == pytest.approx(float((share * share * ttl / (1 + share * ttl)).sum()), abs=1e-3)


@pytest.mark.parametrize("ttl", [5_000, 20_000, 100_000])
def test_a_time_to_live_and_eviction_work_together(ttl: int) -> None:
    found = predicted(LRU, 2000, 0.9, ttl)
    assert found == pytest.approx(counted("lru", 2000, 0.9, ttl=ttl), abs=POINTS)


def test_writes_that_delete_their_key_cost_hits() -> None:
    keys, share = ranks(KEYS, 0.9)
    reach = characteristic(LRU, keys, share, 2000.0, math.inf, 0.25)
    found = holding(LRU, keys, share, 2000.0, reach, math.inf, 0.25)[1]
    assert found == pytest.approx(counted("lru", 2000, 0.9, spoil=0.25), abs=POINTS)
    assert found < predicted(LRU, 2000, 0.9) - 0.03


def test_a_cache_with_room_for_all_keys_misses_none_in_the_end() -> None:
    keys, share = ranks(KEYS, 0.9)
    assert math.isinf(characteristic(LRU, keys, share, float(KEYS), math.inf, 0.0))
    assert predicted(LRU, KEYS, 0.9) == pytest.approx(1.0)
    assert predicted(LRU, 0, 0.9) == 0.0


@pytest.mark.parametrize("policy", [LRU, RANDOM])
def test_the_characteristic_time_fills_the_cache_from_any_guess(policy: int) -> None:
    keys, share = ranks(10_000_000, 0.9)
    first = characteristic(policy, keys, share, 1e6, math.inf, 0.0)
    for guess in (1.0, first, 1e12):
        reach = characteristic(policy, keys, share, 1e6, math.inf, 0.0, guess)
        assert reach == pytest.approx(first, rel=1e-6)
    assert holding(policy, keys, share, 1e6, first, math.inf, 0.0)[0] == pytest.approx(1e6)


# ---------------------------------------------------------------- warming up


def cohorts() -> tuple[np.ndarray, np.ndarray]:
    weight, seen = np.zeros(COHORTS), np.zeros(COHORTS)
    full(weight, seen)
    return weight, seen


def test_after_a_flush_it_is_hit_as_often_as_keys_come_again() -> None:
    weight, seen = cohorts()
    keys, share = ranks(KEYS, 0.9)
    reach = characteristic(LRU, keys, share, 2000.0, math.inf, 0.0)
    flush(weight, seen, 1.0)
    exact = replay("lru", KEYS, 0.9, 2000, 10_000, windows=10, average=40)
    for window in range(10):
        found = 0.0
        for _ in range(10):
            warm(weight, seen, 50.0, reach)
            found += warming(LRU, keys, share, 2000.0, weight, seen, math.inf, 0.0)[1] / 10
            warm(weight, seen, 50.0, reach)
        assert found == pytest.approx(float(exact[window]), abs=POINTS), window


def test_half_a_flush_halves_the_hits_and_both_halves_meet_again() -> None:
    weight, seen = cohorts()
    keys, share = ranks(KEYS, 0.9)
    reach = characteristic(LRU, keys, share, 2000.0, math.inf, 0.0)
    warm(weight, seen, 0.0, reach)
    before = warming(LRU, keys, share, 2000.0, weight, seen, math.inf, 0.0)[1]
    flush(weight, seen, 0.5)
    after = warming(LRU, keys, share, 2000.0, weight, seen, math.inf, 0.0)[1]
    assert after == pytest.approx(before / 2)
    warm(weight, seen, 2 * reach, reach)
    assert weight[0] == pytest.approx(1.0)
    assert warming(LRU, keys, share, 2000.0, weight, seen, math.inf, 0.0)[1] == pytest.approx(
        before
    )


def test_many_flushes_leave_all_keys_in_some_cohort() -> None:
    weight, seen = cohorts()
    for part in (0.1, 0.5, 0.2, 0.9, 0.01, 0.3, 0.3):
        flush(weight, seen, part)
        warm(weight, seen, 100.0, 5000.0)
        assert weight.sum() == pytest.approx(1.0)
        assert (np.diff(seen[weight > 0]) >= 0).all()


def test_a_step_of_a_warm_cache_takes_microseconds() -> None:
    keys, share = ranks(10_000_000, 0.9)
    reach = characteristic(LRU, keys, share, 1e6, math.inf, 0.0)
    begun = time.perf_counter()
    for step in range(200):
        reach = characteristic(LRU, keys, share, 1e6 + step, math.inf, 0.0, reach)
        holding(LRU, keys, share, 1e6, reach, math.inf, 0.0)
    assert (time.perf_counter() - begun) / 200 < 200e-6
