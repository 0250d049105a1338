"""Random numbers are pure functions of seed, key and counter, and look random."""

import numpy as np
import pytest

from sandbox.kernels import random
from sandbox.kernels.compiled import compiled


@compiled
def many(draw, seed, key, n):
    out = np.empty(n)
    for i in range(n):
        out[i] = draw(seed, key, i)
    return out


def reference_mix64(a: int) -> int:
    mask = 2**64 - 1
    a = ((a ^ (a >> 30)) * 0xBF58476D1CE4E5B9) & mask
    a = ((a ^ (a >> 27)) * 0x94D049BB133111EB) & mask
    return a ^ (a >> 31)


@pytest.mark.parametrize("a", [0, 1, 2**32, 2**63, 2**64 - 1, 0x123456789ABCDEF])
def test_mixing_agrees_with_plain_integers_where_products_wrap(a):
    assert int(random.mix64(np.uint64(a))) == reference_mix64(a)


def test_the_key_of_a_name_never_changes():
    # Recorded values: a change would change every run that anybody has saved.
    assert random.key_of("web") == 2900323323874560826
    assert random.key_of("web") != random.key_of("web-2")


def test_a_draw_depends_on_seed_key_and_counter_alone():
    key = random.key_of("web")
    first = random.uniform(7, key, 100)
    random.uniform(7, random.key_of("other"), 100)
    assert random.uniform(7, key, 100) == first
    assert random.uniform(8, key, 100) != first
    assert random.uniform(7, key + 1, 100) != first
    assert random.uniform(7, key, 101) != first


def test_uniform_draws_fill_the_unit_interval_evenly():
    draws = many(random.uniform, 1, random.key_of("web"), 20_000)
    counts = np.histogram(draws, bins=20, range=(0, 1))[0]
    chi2 = ((counts - 1000) ** 2 / 1000).sum()
    assert chi2 < 43.8  # 0.1 % point of chi² with 19 degrees of freedom
    assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 0.025


def test_neighbouring_keys_draw_independently():
    a = many(random.uniform, 1, 10, 20_000)
    b = many(random.uniform, 1, 11, 20_000)
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.025


def test_normal_draws_have_the_moments_of_the_standard_normal():
    draws = many(random.normal, 3, random.key_of("db"), 20_000)
    assert abs(draws.mean()) < 0.025
    assert abs(draws.var() - 1) < 0.04
    assert abs((draws**3).mean()) < 0.1
    assert np.mean(np.abs(draws) > 1.959964) == pytest.approx(0.05, abs=0.006)


def test_lognormal_and_exponential_draws_have_the_mean_they_are_given():
    draws = np.array([random.lognormal(1, 5, i, 0.2, 1.0) for i in range(20_000)])
    assert draws.mean() == pytest.approx(0.2, rel=0.03)
    assert draws.var() == pytest.approx(0.04, rel=0.15)
    waits = np.array([random.exponential(1, 5, i, 3.0) for i in range(20_000)])
    assert waits.mean() == pytest.approx(3.0, rel=0.03)
    assert waits.min() >= 0


def test_plain_python_draws_the_same_bits_as_the_compiled_code():
    plain = getattr(random.bits, "py_func", random.bits)
    assert int(plain(7, random.key_of("web"), 5)) == int(random.bits(7, random.key_of("web"), 5))
