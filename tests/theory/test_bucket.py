"""Quotas and buckets against Poisson sums, the queue M/D/1/K, and plain bookkeeping."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sandbox.kernels import bucket


def poisson_excess(mean, limit):
    n = np.arange(int(limit), int(limit + mean + 20 * math.sqrt(mean) + 50))
    return (stats.poisson.pmf(n, mean) * (n - limit)).sum()


@pytest.mark.parametrize(
    ("mean", "tolerance"), [(0.5, 0.03), (2, 0.01), (5, 0.004), (30, 1e-3), (1000, 1e-4)]
)
def test_the_excess_is_that_of_poisson_arrivals(mean, tolerance):
    for share in (0.5, 0.8, 0.9, 1.0, 1.1, 1.5, 3.0):
        limit = max(1.0, round(mean / share))
        exact = poisson_excess(mean, limit)
        assert bucket.expected_excess(mean, limit) == pytest.approx(exact, abs=tolerance * mean)


def test_a_load_at_99_percent_of_a_quota_is_throttled_a_little():
    accepted, throttled = bucket.quota(990.0, 1000.0)
    assert throttled == pytest.approx(poisson_excess(990, 1000), rel=0.01)
    assert 0.005 < throttled / 990 < 0.02
    assert accepted + throttled == 990.0
    assert bucket.quota(500.0, 1000.0)[1] < 1e-6
    assert bucket.quota(1500.0, 1000.0)[0] == pytest.approx(1000.0)


def test_requests_of_many_units_are_throttled_more():
    exact = 20 * poisson_excess(45, 50)  # 45 requests/s of 20 units each against 1000 units/s
    assert bucket.quota(900.0, 1000.0, 20.0)[1] == pytest.approx(exact, rel=0.02)
    assert exact > 5 * bucket.quota(900.0, 1000.0)[1]


@pytest.mark.parametrize("dt", [0.1, 1.0, 10.0])
def test_five_minutes_of_unused_capacity_carry_a_burst_450_seconds(dt):
    # 300/s for 10 minutes against a quota of 600/s, then 1000/s: 300 · 600 / 400 = 450 s.
    saved = 0.0
    for _ in range(round(600 / dt)):
        _, throttled, saved = bucket.burst(saved, 300.0, 600.0, 300 * 600.0, dt)
        assert throttled == pytest.approx(0.0, abs=1e-9)
    assert saved == 180_000
    until = 0.0
    while throttled < 1.0:
        _, throttled, saved = bucket.burst(saved, 1000.0, 600.0, 300 * 600.0, dt)
        until += dt
    assert until == pytest.approx(450, abs=max(dt, 1.5))
    for _ in range(100):
        accepted, throttled, saved = bucket.burst(saved, 1000.0, 600.0, 300 * 600.0, dt)
    assert (accepted, throttled) == pytest.approx((600, 400), rel=2e-3)


def test_without_savings_a_load_just_below_the_quota_is_throttled_until_some_are_made():
    _, first, saved = bucket.burst(0.0, 990.0, 1000.0, 300_000.0, 1.0)
    assert first == pytest.approx(bucket.quota(990.0, 1000.0)[1], rel=0.55)
    for _ in range(100):
        _, later, saved = bucket.burst(saved, 990.0, 1000.0, 300_000.0, 1.0)
    assert later < 1e-6


@pytest.mark.parametrize("dt", [0.1, 1.0, 10.0])
def test_a_bucket_of_1300_refilled_at_300_admits_19300_in_a_minute(dt):
    tokens, admitted = 1300.0, 0.0
    for _ in range(round(60 / dt)):
        accepted, throttled, tokens = bucket.token_bucket(tokens, 2000.0, 300.0, 1300.0, dt)
        assert accepted + throttled == pytest.approx(2000.0)
        admitted += accepted * dt
    assert admitted == pytest.approx(19_300, rel=2e-3)


def test_an_idle_bucket_fills_and_stays_full():
    tokens = 0.0
    for _ in range(20):
        _, throttled, tokens = bucket.token_bucket(tokens, 0.0, 100.0, 1000.0, 1.0)
    assert (throttled, tokens) == (0.0, 1000.0)
    assert bucket.token_bucket(30.0, 20.0, 0.0, 50.0, 1.0) == (20.0, 0.0, 10.0)
    assert bucket.token_bucket(10.0, 20.0, 0.0, 50.0, 1.0) == (10.0, 10.0, 0.0)


def m_d_1_k_loss(rho, places):
    """Share lost by M/D/1 with at most `places` in the system, from its embedded chain."""
    if places == 1:
        return rho / (1 + rho)
    a = stats.poisson.pmf(np.arange(places + 1), rho)
    pi = [1.0]
    for j in range(places - 1):
        pi.append(
            (pi[j] - pi[0] * a[j] - sum(pi[i] * a[j + 1 - i] for i in range(1, j + 1))) / a[0]
        )
    empty = 1.0 / sum(pi)
    return 1 - 1 / (empty + rho)


@pytest.mark.parametrize("depth", [1, 2, 5, 20, 100])
@pytest.mark.parametrize("rho", [0.5, 0.8, 0.95, 1.0, 1.05, 1.5, 3.0])
def test_a_bucket_throttles_as_the_queue_m_d_1_k_loses(depth, rho):
    exact = m_d_1_k_loss(rho, depth)
    loss = bucket.bucket_loss(rho * 10, 10.0, depth) / (rho * 10)
    assert loss == pytest.approx(exact, rel=0.2 if depth == 1 else 0.15, abs=1e-9)


def test_a_bucket_in_steady_state_throttles_its_long_run_loss():
    tokens = 5.0
    for _ in range(200):
        _, throttled, tokens = bucket.token_bucket(tokens, 95.0, 100.0, 10.0, 1.0)
    assert throttled == pytest.approx(bucket.bucket_loss(95.0, 100.0, 10.0))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1e5), st.floats(0, 1e5)), min_size=1, max_size=20),
    st.floats(0, 1e6),
    st.sampled_from([0.1, 1.0, 60.0]),
    st.sampled_from([1.0, 20.0]),
)
def test_no_more_is_accepted_than_was_saved_and_granted(ticks, depth, dt, dispersion):
    for law in (bucket.token_bucket, bucket.burst):
        held = depth
        accepted_in_all = granted = 0.0
        for rate, refill in ticks:
            accepted, throttled, held = law(held, rate, refill, depth, dt, dispersion)
            assert accepted >= 0
            assert throttled >= 0
            assert accepted + throttled == pytest.approx(rate, rel=1e-12)
            assert 0 <= held <= max(depth, dispersion)
            accepted_in_all += accepted * dt
            granted += refill * dt
        assert accepted_in_all + held <= (depth + granted) * (1 + 1e-9) + dispersion
