"""Percentiles are where the distribution says, found fast from anywhere."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.optimize import brentq

from sandbox.kernels import quantile
from tests.kernels.test_mixture import CACHE, QUEUE, exponential, make


def by_bisection(mix, p):
    return brentq(lambda t: quantile.cdf(mix, t) - p, 1e-9, 1e6, xtol=1e-12, rtol=1e-12)


@pytest.mark.parametrize("p", [0.01, 0.05, 0.5, 0.500001, 0.9, 0.99, 0.99999])
@pytest.mark.parametrize("guess", [0.0, 1e-8, 0.05, 1e4])
def test_newton_finds_what_bisection_finds_from_any_guess(p, guess):
    for parts in ((exponential(0.05),), CACHE, QUEUE, (*CACHE, *QUEUE)):
        mix = make(*parts)
        assert quantile.quantile(mix, p, guess) == pytest.approx(by_bisection(mix, p), rel=1e-5)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(0.01, 1), st.floats(1e-6, 1e4), st.floats(0, 5), st.floats(0, 40)),
        min_size=1,
        max_size=4,
    ),
    st.floats(0.01, 0.9999),
    st.floats(1e-6, 1e4),
)
def test_the_share_below_a_percentile_is_that_percentile(parts, p, guess):
    mix = make(*[(w, m, (cv * m) ** 2, skew * (cv * m) ** 3) for w, m, cv, skew in parts])
    t = quantile.quantile(mix, p, guess)
    if t == 0.0:  # a gamma that varies so much has most of its weight next to zero
        assert quantile.cdf(mix, 1e-9) >= p
        return
    assert quantile.cdf(mix, t * (1 + 1e-5)) >= p - 1e-9
    assert quantile.cdf(mix, t * (1 - 1e-5)) <= p + 1e-9


@pytest.mark.parametrize(
    ("p", "tolerance"), [(0.5, 0.015), (0.9, 0.012), (0.95, 0.01), (0.99, 0.005), (0.999, 0.03)]
)
def test_an_exponential_has_its_own_percentiles(p, tolerance):
    mix = make(exponential(0.05))
    assert quantile.quantile(mix, p) == pytest.approx(-0.05 * math.log(1 - p), rel=tolerance)


def test_a_lognormal_has_its_own_percentiles():
    cv2 = 4.0
    mix = make((1.0, 0.05, cv2 * 0.05**2, (3 + cv2) * cv2**2 * 0.05**3))
    s = math.sqrt(math.log1p(cv2))
    exact = stats.lognorm(s, scale=0.05 * math.exp(-0.5 * s * s))
    for p in (0.5, 0.95, 0.99):
        assert quantile.quantile(mix, p) == pytest.approx(exact.ppf(p), rel=1e-4)


def test_a_gamma_has_its_own_percentiles():
    mix = make((1.0, 1.0, 0.25, 2 * 0.25**2))
    for p in (0.5, 0.95, 0.99):
        assert quantile.quantile(mix, p) == pytest.approx(
            stats.gamma(4, scale=0.25).ppf(p), rel=4e-3
        )


def test_a_constant_is_all_its_percentiles():
    mix = make((1.0, 0.3, 0.0, 0.0))
    for p in (0.01, 0.5, 0.99):
        assert quantile.quantile(mix, p) == pytest.approx(0.3, rel=0.005)


def test_no_time_at_all_is_zero_and_nothing_has_no_percentile():
    mix = make((0.9, 0.0, 0.0, 0.0), (0.1, *exponential(1.0)[1:]))
    assert quantile.quantile(mix, 0.5) == 0.0
    assert quantile.quantile(mix, 0.99) == pytest.approx(math.log(10), rel=0.012)
    assert math.isnan(quantile.quantile(make(), 0.5))
    assert math.isnan(quantile.cdf(make(), 0.5))


def test_weights_that_count_requests_give_the_same_percentile():
    few, many = make(*CACHE), make(*[(1e6 * w, m, v, k) for w, m, v, k in CACHE])
    assert quantile.quantile(many, 0.95) == pytest.approx(quantile.quantile(few, 0.95), rel=1e-6)


def test_a_series_of_mixtures_has_the_percentiles_of_each():
    rows = [make(*CACHE), make(*QUEUE), make(), make(exponential(3.0)), make(*CACHE, *QUEUE)]
    table = {name: np.array([getattr(row, name) for row in rows]) for name in "wmvk"}
    for i, row in enumerate(rows):
        table["w"][i, row.n :] = 0.0
    got = quantile.quantiles(*table.values(), 0.95)
    assert got == pytest.approx(
        [quantile.quantile(row, 0.95) for row in rows], rel=1e-5, nan_ok=True
    )
