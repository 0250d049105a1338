"""What the kernels that run each tick cost, and hashing. The rounds are few.

Nothing is asserted about time but of hashing, which has to take less than a second.
"""

import collections
import math
import time

import numpy as np
import pytest

from sandbox.kernels import latency, mixture, quantile, shard
from sandbox.kernels.compiled import compiled
from tests.kernels.test_mixture import CACHE, QUEUE, make

TURNS = 10_000


@compiled
def many_stations(q, limit):
    served = 0.0
    for i in range(TURNS):
        rate = 128.0 + 0.01 * (i % 100)
        served += latency.station(q, rate, 8.0, 0.05, 1.0, 1.0, 1.5, 1.0, limit)[0]
    return served


@compiled
def many_compositions(out, a, b):
    for _ in range(TURNS):
        mixture.compose(out, a, b)
    return mixture.mean(out)


@compiled
def many_percentiles(mix, p):
    found = 0.0
    for _ in range(TURNS // 100):
        found = quantile.quantile(mix, p, 1.01 * found)
    return found


@pytest.fixture
def timed(benchmark):
    def run(function, *args, turns=TURNS):
        function(*args)  # compiles
        benchmark.extra_info["turns"] = turns
        return benchmark.pedantic(function, args, rounds=5)

    return run


@pytest.mark.parametrize("limit", [math.inf, 20.0])
def test_ten_thousand_ticks_of_a_station(timed, limit):
    q = np.zeros(1, latency.STATION).view(np.recarray)[0]
    assert timed(many_stations, q, limit) / TURNS == pytest.approx(128.5, rel=0.02)


@pytest.mark.parametrize("cases", [2, 4])
def test_ten_thousand_compositions_with_two_cases(timed, cases):
    a, b, out = make(*QUEUE, *CACHE[: cases - 2]), make(*QUEUE), make()
    mean = mixture.weight(a) * mixture.weight(b) * (mixture.mean(a) + mixture.mean(b))
    got = timed(many_compositions, out, a, b) * mixture.weight(out)
    assert got == pytest.approx(mean)


@pytest.mark.parametrize("p", [0.5, 0.99])
def test_a_hundred_percentiles_of_four_cases(timed, p):
    mix = make(*QUEUE, *CACHE)
    found = timed(many_percentiles, mix, p, turns=TURNS // 100)
    assert quantile.cdf(mix, found) == pytest.approx(p, abs=1e-6)


@pytest.mark.benchmark(timer=time.process_time)
def test_hashing_a_million_keys_to_their_shards_takes_less_than_a_second(benchmark):
    keys = [f"key-{i}" for i in range(1_000_000)]
    starts, one_each = shard.even_starts(100), np.ones(len(keys))

    def to_shards():
        return shard.mass_by_range(starts, shard.hash_keys(keys), one_each)

    counts = benchmark.pedantic(to_shards, rounds=3)
    if benchmark.stats is not None:  # of the processor, so that others do not count
        assert benchmark.stats.stats.min < 1.0
    # AWS's rule, key by key: the MD5 as a 128-bit number, in a hundred equal ranges
    by_rule = collections.Counter(shard.hash_key(key) * 100 // shard.HASHES for key in keys)
    assert counts.tolist() == [by_rule[i] for i in range(100)]
