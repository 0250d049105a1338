"""Mixtures keep their moments whatever is merged, and compose as independent latencies do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.kernels import mixture


def make(*components):
    mix = np.zeros(1, mixture.MIXTURE).view(np.recarray)[0]
    for component in components:
        mixture.add(mix, *component)
    return mix


def exponential(mean, weight=1.0):
    return weight, mean, mean**2, 2 * mean**3


def raw(components):
    """Weight and raw moments of a list of (weight, cumulants)."""
    c = np.array(components, dtype=float)
    w, m, v, k = c.T
    return np.array([w.sum(), w @ m, w @ (v + m**2), w @ (k + 3 * m * v + m**3)])


def listed(mix):
    return [(mix.w[i], mix.m[i], mix.v[i], mix.k[i]) for i in range(mix.n)]


CACHE = (0.8, 0.001, 1e-7, 1e-11), (0.2, 0.03, 0.0009, 5e-5)
QUEUE = (0.7, 0.04, 0.0016, 0.000128), (0.3, 0.09, 0.0041, 0.0003)


def test_two_cases_and_two_cases_make_four():
    out = make()
    mixture.compose(out, make(*CACHE), make(*QUEUE))
    assert listed(out) == [
        pytest.approx((w1 * w2, m1 + m2, v1 + v2, k1 + k2))
        for w1, m1, v1, k1 in CACHE
        for w2, m2, v2, k2 in QUEUE
    ]


def test_a_path_of_many_stages_adds_their_cumulants_exactly():
    path, stage, out = make(*CACHE), make(*QUEUE), make()
    expected = np.array(mixture.cumulants(path))
    for _ in range(6):
        mixture.compose(out, path, stage)
        path, out = out, path
        expected += mixture.cumulants(stage)
    assert path.n == 4
    assert mixture.cumulants(path) == pytest.approx(tuple(expected), rel=1e-9)
    assert mixture.weight(path) == pytest.approx(1.0, rel=1e-12)


components = st.tuples(
    st.floats(0.001, 10),
    st.floats(0, 100),
    st.floats(0, 100),
    st.floats(0, 100),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(components, min_size=1, max_size=20))
def test_merging_keeps_weight_and_three_moments(parts):
    mix = make(*parts)
    assert mix.n <= 4
    assert raw(listed(mix)) == pytest.approx(raw(parts), rel=1e-9, abs=1e-9)


def test_the_two_most_alike_are_merged():
    mix = make(exponential(0.001), exponential(0.1), exponential(1.0), exponential(10.0))
    mixture.add(mix, *exponential(1.05))
    assert sorted(mix.m[:4]) == pytest.approx([0.001, 0.1, 1.025, 10.0])
    mix = make(exponential(1.0), exponential(1.05), exponential(0.001), exponential(0.1))
    mixture.add(mix, *exponential(10.0))
    assert sorted(mix.m[:4]) == pytest.approx([0.001, 0.1, 1.025, 10.0])


def test_a_cache_in_front_is_a_branch():
    out = make()
    mixture.blend(out, make(exponential(0.001)), 0.8)
    mixture.blend(out, make(*QUEUE), 0.2)
    assert out.n == 3
    assert mixture.mean(out) == pytest.approx(0.8 * 0.001 + 0.2 * (0.7 * 0.04 + 0.3 * 0.09))


def test_a_window_of_ticks_keeps_the_moments_weighted_by_requests():
    window, parts = make(), []
    for t in range(60):
        tick = make((0.9, 0.1 + t / 100, 0.01, 0.001), (0.1, 1.0 + t / 50, 0.3, 0.2))
        mixture.gather(window, tick, 10.0 + t)
        parts += [(w * (10 + t), m, v, k) for w, m, v, k in listed(tick)]
    assert window.n == 2
    assert raw(listed(window)) == pytest.approx(raw(parts), rel=1e-9)


def test_waiting_that_hardly_matters_costs_no_component():
    out = make()
    service = (0.1, 0.01, 0.002)
    mixture.respond(out, *service, 0.001, 0.1, 0.01, 0.002)
    assert out.n == 1
    assert mixture.mean(out) == pytest.approx(0.1001)
    mixture.respond(out, *service, 0.3, 0.1, 0.01, 0.002)
    assert out.n == 2
    assert mixture.mean(out) == pytest.approx(0.13)
    mixture.respond(out, *service, 0.0, 0.0, 0.0, 0.0)
    assert listed(out) == [(1.0, *service)]


@pytest.mark.parametrize("calls", [0.0, 0.3, 1.0, 1.4, 2.0, 2.5, 10.0])
def test_calls_multiply_the_mean_and_a_fraction_is_a_probability(calls):
    out, stage = make(), make(*QUEUE)
    mixture.repeat(out, stage, calls)
    mean, variance, _ = mixture.cumulants(stage)
    part = calls % 1
    assert mixture.weight(out) == pytest.approx(1.0)
    got_mean, got_variance, got_third = mixture.cumulants(out)
    assert got_mean == pytest.approx(calls * mean)
    assert got_variance == pytest.approx(calls * variance + part * (1 - part) * mean**2)
    assert got_third == pytest.approx(third_of(calls, stage), rel=1e-9, abs=1e-15)


def third_of(calls, stage):
    """Third cumulant of the sum of floor(calls) or one more latencies."""
    one = np.array(mixture.cumulants(stage))
    whole, part = int(calls), calls % 1
    fewer, more = whole * one, (whole + 1) * one
    return mixture.cumulants(make((1 - part, *fewer), (part, *more)))[2]


def test_a_stage_that_is_the_same_in_all_cases_shifts_them():
    mix = make(*QUEUE)
    before = mixture.cumulants(mix)
    mixture.shift(mix, 0.5, 0.01, 0.001)
    assert mixture.cumulants(mix) == pytest.approx(
        (before[0] + 0.5, before[1] + 0.01, before[2] + 0.001)
    )
    mixture.single(mix, 0.2)
    assert listed(mix) == [(1.0, 0.2, 0.0, 0.0)]


def longer_by_sampling(draw_a, draw_b):
    rng = np.random.default_rng(1)
    longer = np.maximum(draw_a(rng, 200_000), draw_b(rng, 200_000))
    return longer.mean(), longer.std()


@pytest.mark.parametrize("other", [0.05, 0.3, 0.7, 1.0, 2.0, 20.0])
def test_the_longer_of_two_exponentials_in_parallel(other):
    out = make()
    mixture.parallel(out, make(exponential(1.0)), make(exponential(other)))
    mean, variance, _ = mixture.cumulants(out)
    shorter = 1 / (1 + 1 / other)
    exact = 1 + other - shorter
    second = 2 + 2 * other**2 - 2 * shorter**2
    assert mean == pytest.approx(exact, rel=1e-9)
    assert variance**0.5 == pytest.approx((second - exact**2) ** 0.5, rel=1e-9)


@pytest.mark.parametrize("cv2", [0.04, 0.25, 4.0])
@pytest.mark.parametrize("other", [0.5, 1.0, 3.0])
def test_the_longer_of_two_gammas_in_parallel(cv2, other):
    out = make()
    a = (1.0, 1.0, cv2, 2 * cv2**2)
    b = (1.0, other, cv2 * other**2, 2 * cv2**2 * other**3)
    mixture.parallel(out, make(a), make(b))
    mean, deviation = longer_by_sampling(
        lambda rng, n: rng.gamma(1 / cv2, cv2, n), lambda rng, n: rng.gamma(1 / cv2, cv2 * other, n)
    )
    got_mean, got_variance, _ = mixture.cumulants(out)
    assert got_mean == pytest.approx(mean, rel=0.03)
    assert got_variance**0.5 == pytest.approx(deviation, rel=0.16)


def test_in_parallel_the_longer_of_two_constants_counts():
    out = make()
    mixture.parallel(out, make((1.0, 0.2, 0.0, 0.0)), make((1.0, 0.5, 0.0, 0.0)))
    assert mixture.cumulants(out) == pytest.approx((0.5, 0.0, 0.0))
    mixture.parallel(out, make((1.0, 0.0, 0.0, 0.0)), make(exponential(0.5)))
    assert listed(out) == [pytest.approx(exponential(0.5))]
