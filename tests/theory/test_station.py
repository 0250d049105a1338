"""The station kernel against queueing theory: steady state, overload, drain, finite queues."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.kernels import latency
from sandbox.kernels.compiled import compiled
from tests.theory.test_erlang import exact_c, exact_finite


def fresh():
    return np.zeros(1, latency.STATION).view(np.recarray)[0]


@compiled
def advance(q, ticks, rate, servers, service_s, dt, cs2, theta, ca2, limit, groups, lines):
    for _ in range(ticks):
        result = latency.station(
            q, rate, servers, service_s, dt, cs2, theta, ca2, limit, groups, lines
        )
    return result


def settle(
    rate, servers, service_s, dt=1.0, ticks=2000, shape=latency.EXPONENTIAL, cv2=1.0, **options
):
    m, v, k = latency.service_cumulants(shape, service_s, cv2)
    cs2, theta = v / m**2, latency.theta(m, v, k)
    options = {"ca2": 1.0, "limit": math.inf, "groups": 1.0, "lines": 0.0} | options
    q = options.pop("q", None)
    q = fresh() if q is None else q
    result = advance(
        q, ticks, float(rate), float(servers), service_s, dt, cs2, theta, *options.values()
    )
    return (*result, q)


@pytest.mark.parametrize("rho", [0.1, 0.5, 0.8, 0.9, 0.95])
def test_one_server_waits_as_m_m_1_does(rho):
    out, queue, busy, wait, p_wait, kc, _, _ = settle(rho * 10, 1, 0.1)
    assert out == pytest.approx(rho * 10, rel=1e-3)
    assert busy == pytest.approx(rho, rel=1e-3)
    assert wait == pytest.approx(0.1 * rho / (1 - rho), rel=0.005)
    assert queue == pytest.approx(rho**2 / (1 - rho), rel=0.005)
    assert p_wait == pytest.approx(rho, rel=1e-3)
    assert kc == pytest.approx(1.0, rel=1e-6)  # the wait of those who wait is exponential


@pytest.mark.parametrize("servers", [2, 8, 64, 1000])
@pytest.mark.parametrize("rho", [0.3, 0.7, 0.9, 0.97])
def test_the_mean_response_of_m_m_c_is_within_half_a_percent(servers, rho):
    s = 0.05
    _, _, _, wait, p_wait, _, _, _ = settle(rho * servers / s, servers, s)
    c = exact_c(servers, rho)
    assert p_wait == pytest.approx(c, abs=0.005)
    assert s + wait == pytest.approx(s + c * s / (servers * (1 - rho)), rel=0.005)


@pytest.mark.parametrize(
    ("shape", "cv2"),
    [
        (latency.DETERMINISTIC, 0.0),
        (latency.ERLANG, 0.25),
        (latency.LOGNORMAL, 4.0),
        (latency.HYPEREXPONENTIAL, 3.0),
    ],
)
def test_one_server_with_any_service_time_obeys_pollaczek_and_khinchine(shape, cv2):
    for rho in (0.3, 0.6, 0.9):
        m, v, k = latency.service_cumulants(shape, 0.1, cv2)
        second, third = v + m * m, k + 3 * m * v + m**3
        rate = rho / m
        mean = rate * second / (2 * (1 - rho))
        variance = mean**2 + rate * third / (3 * (1 - rho))
        _, _, _, wait, p_wait, kc, _, _ = settle(rate, 1, m, shape=shape, cv2=cv2)
        assert wait == pytest.approx(mean, rel=0.01)
        _, given_variance, _ = latency.wait_cumulants(wait, p_wait, kc)
        conditional = (variance + mean**2) / rho - (mean / rho) ** 2
        # The heavy tail's is 12 % short at rho 0.9, where the linear noise bounds it.
        assert given_variance == pytest.approx(conditional, rel=0.13 if cv2 == 4 else 0.03)


def test_a_thousand_in_and_six_hundred_out_leaves_four_hundred_more_each_second():
    _, queue, busy, wait, p_wait, _, _, q = settle(1000, 60, 0.1, ticks=10)
    assert q.level == pytest.approx(60 + 10 * 400, rel=0.02)
    assert busy == pytest.approx(60, rel=0.01)
    assert p_wait == pytest.approx(1.0, abs=0.005)
    assert wait == pytest.approx(9.5 * 400 / 600, rel=0.03)  # in the middle of the last tick
    assert queue == pytest.approx(4000, rel=0.02)


def test_a_backlog_drains_at_the_spare_rate():
    *_, q = settle(1000, 60, 0.1, ticks=10)
    before = q.level
    *_, q = settle(400, 60, 0.1, ticks=10, q=q)
    assert before - q.level == pytest.approx(2000, rel=0.02)
    *_, q = settle(400, 60, 0.1, ticks=30, q=q)
    assert q.level == pytest.approx(40, rel=0.02)  # nobody waits any more


@pytest.mark.parametrize("rate", [400, 590, 1000])
def test_the_length_of_the_tick_changes_neither_steady_state_nor_totals(rate):
    results = []
    for dt in (0.1, 1.0, 10.0):
        *_, q = settle(rate, 60, 0.1, dt=dt, ticks=round(600 / dt))
        results.append(q.level)
    assert results == pytest.approx([results[0]] * 3, rel=0.02)


def test_nobody_served_means_the_wait_grows_with_the_clock():
    q = fresh()
    for _ in range(10):
        out, queue, _, wait, p_wait, _, rejected = latency.station(q, 5.0, 0.0, 0.1, 1.0)
    assert (out, queue, wait, p_wait, rejected) == (0.0, 50.0, 10.0, 1.0, 0.0)


def test_an_idle_station_is_at_rest():
    q = fresh()
    assert latency.station(q, 0.0, 4.0, 0.1, 1.0) == (0, 0, 0, 0, 0, 1, 0)
    assert latency.station(q, 9.0, 4.0, 0.0, 1.0)[0] == 9.0  # no service time: straight through


@pytest.mark.parametrize("servers", [1, 8])
@pytest.mark.parametrize("places", [0, 1, 5, 100])
@pytest.mark.parametrize("rho", [0.6, 0.95, 1.0, 1.05, 1.5, 3.0])
def test_a_finite_queue_rejects_what_its_exact_states_say(servers, places, rho):
    s = 0.05
    rate = rho * servers / s
    out, queue, _, wait, _, _, rejected, _ = settle(rate, servers, s, limit=float(places))
    exact_busy, exact_queue, _ = exact_finite(servers, rho, places)
    lost = rho - exact_busy
    assert rejected / rate == pytest.approx(lost / rho, rel=0.06, abs=0.003)
    assert out + rejected == pytest.approx(rate, rel=1e-9)
    assert queue == pytest.approx(exact_queue, rel=0.06, abs=0.01)
    assert wait == pytest.approx(exact_queue / (exact_busy * servers / s), rel=0.06, abs=2e-4)


def test_a_full_queue_drains_without_rejecting_once_the_load_is_gone():
    *_, q = settle(150, 4, 0.04, limit=100.0, ticks=60)
    assert q.level - 4 == pytest.approx(98, abs=1)
    lost = 0.0
    for _ in range(2):
        out, *_, rejected, q = settle(60, 4, 0.04, limit=100.0, ticks=1, q=q)
        lost += rejected
        assert out == pytest.approx(100, rel=0.1)
    assert lost < 0.01


def test_round_robin_waits_less_than_random_and_more_than_one_queue_for_all():
    waits = {}
    for policy in (latency.POOLED, latency.LEAST_OUTSTANDING, latency.ROUND_ROBIN, latency.RANDOM):
        groups, ca2, lines = latency.balancing(policy, 4.0, 1.0, 1.0)
        result = settle(60, 4, 0.04, ca2=ca2, limit=math.inf, groups=groups, lines=lines)
        waits[policy] = result[3]
        assert result[0] == pytest.approx(60, rel=1e-3)
    assert list(waits.values()) == sorted(waits.values())
    # Random: four M/M/1 at rho 0.6. One queue: M/M/4.
    assert waits[latency.RANDOM] == pytest.approx(0.04 * 0.6 / 0.4, rel=0.01)
    assert waits[latency.POOLED] == pytest.approx(exact_c(4, 0.6) * 0.04 / 1.6, rel=0.01)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(0, 1e5),
            st.one_of(st.just(0.0), st.floats(1e-3, 100)),
            st.sampled_from([0.0, 5.0, 1e3, math.inf]),
        ),
        min_size=1,
        max_size=30,
    ),
    st.sampled_from([0.001, 0.05, 10.0]),
    st.sampled_from([0.1, 1.0, 60.0]),
    st.sampled_from([(1.0, 1.5, 1.0), (0.0, 1.0, 1.0), (4.0, 5.0, 4.0)]),
    st.sampled_from([1.0, 3.0]),
)
def test_what_comes_in_is_served_rejected_or_still_there(ticks, service_s, dt, shape, groups):
    q = fresh()
    for rate, servers, limit in ticks:
        before = q.level
        result = latency.station(q, rate, servers, service_s, dt, *shape, limit, groups)
        out, queue, busy, _, p_wait, _, rejected = result
        assert all(map(math.isfinite, result))
        assert min(result) >= 0
        assert before + rate * dt == pytest.approx(
            out * dt + rejected * dt + q.level, rel=1e-11, abs=1e-9
        )
        assert queue <= min(limit, q.level) * (1 + 1e-9) + 1e-9
        assert busy <= servers * (1 + 1e-9)
        assert p_wait <= 1


@pytest.mark.parametrize("rho", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("nodes", [2, 4, 16])
def test_round_robin_to_single_servers_waits_as_erlang_gaps_make_it_exactly(nodes, rho):
    sigma = rho  # the root of Laplace's transform of a gap, by its fixed point
    for _ in range(400):
        sigma = (1.0 + (1.0 - sigma) / (nodes * rho)) ** -nodes
    groups, ca2, lines = latency.balancing(latency.ROUND_ROBIN, float(nodes), 1.0, 1.0)
    assert (groups, lines) == (nodes, 0.0)
    g, p_wait = latency.queue_factor(1.0, rho, ca2, 1.0, lines)
    assert p_wait == pytest.approx(sigma, rel=0.005)
    assert g / (1.0 - rho) == pytest.approx(sigma / (1.0 - sigma), rel=0.005)


@pytest.mark.parametrize(
    ("nodes", "each", "rho", "wait", "waiting"),
    [  # simulated, 3 to 12 million events each; service times
        (2, 1, 0.5, 0.428, 0.317),
        (4, 1, 0.6, 0.287, 0.246),
        (4, 2, 0.8, 0.355, 0.410),
        (8, 4, 0.9, 0.169, 0.378),
        (16, 2, 0.9, 0.206, 0.330),
        (64, 1, 0.95, 0.355, 0.337),
    ],
)
def test_the_shortest_of_several_lines_is_joined_as_in_simulations(nodes, each, rho, wait, waiting):
    servers = float(nodes * each)
    _, ca2, lines = latency.balancing(latency.LEAST_OUTSTANDING, float(nodes), float(each), 1.0)
    g, p_wait = latency.queue_factor(servers, rho, ca2, 1.0, lines)
    assert g / (servers * (1.0 - rho)) == pytest.approx(wait, rel=0.04)
    assert p_wait == pytest.approx(waiting, rel=0.05)
