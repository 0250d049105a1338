"""Erlang's formulas against the exact recursion, and finite queues against exact states."""

import itertools
import math

import numpy as np
import pytest
from scipy.integrate import quad

from sandbox.experiments.fidelity.closed_forms import erlang_b as exact_b
from sandbox.experiments.fidelity.closed_forms import erlang_c as exact_c
from sandbox.kernels import erlang


def exact_finite(servers: int, rho: float, places: int):
    """Busy share, mean queue, share of the accepted that wait: M/M/c/K state by state."""
    logs = [0.0]
    for n in range(1, servers + places + 1):
        logs.append(logs[-1] + math.log(servers * rho / min(n, servers)))
    p = np.exp(np.array(logs) - max(logs))
    p /= p.sum()
    n = np.arange(p.size)
    accepted = p[:-1].sum()
    waits = p[servers : servers + places].sum() / accepted
    queue = (p * np.maximum(n - servers, 0)).sum()
    return rho * (1 - p[-1]), queue, waits


TOLERANCE = {
    1: 1e-12,
    2: 1e-12,
    4: 1e-12,
    8: 1e-12,
    9: 0.0017,
    32: 0.0016,
    128: 0.0016,
    1000: 0.0016,
}


@pytest.mark.parametrize("servers", TOLERANCE)
def test_the_share_that_waits_is_erlangs(servers):
    for rho in (0.02, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.949, 0.951, 0.98, 0.999):
        exact = exact_c(servers, rho)
        assert erlang.erlang_c(servers, rho) == pytest.approx(exact, abs=TOLERANCE[servers])


@pytest.mark.parametrize("servers", [1, 2, 8, 64, 1000])
def test_the_share_lost_without_a_queue_is_erlangs_below_and_above_full_load(servers):
    for rho in (0.1, 0.5, 0.9, 0.99, 1.0, 1.01, 1.049, 1.051, 1.2, 2.0, 5.0):
        exact = exact_b(servers, rho)
        assert erlang.erlang_b(servers, rho) == pytest.approx(exact, rel=0.03, abs=0.002)


def test_the_formula_has_no_seam_where_its_two_forms_meet():
    for seam in (0.95, 1.05):
        left = erlang.inverse_b(100.0, seam - 1e-9)
        right = erlang.inverse_b(100.0, seam + 1e-9)
        assert left == pytest.approx(right, rel=1e-6)
    for rho in (0.1, 0.5, 0.9, 1.0, 2.0):
        few, more = erlang.inverse_b(8.0, rho), erlang.inverse_b(8.0 + 1e-9, rho)
        assert few == pytest.approx(more, rel=0.015)


def gamma_b(servers: float, rho: float) -> float:
    """Erlang B of a fraction of servers: 1/B = a∫e^(-at)(1+t)^c dt."""
    a = servers * rho
    return 1.0 / quad(lambda t: a * math.exp(-a * t) * (1 + t) ** servers, 0, np.inf)[0]


@pytest.mark.parametrize("servers", [0.3, 0.5, 1.5, 2.7, 6.2])
def test_a_fraction_of_a_server_agrees_with_the_integral(servers):
    for rho in (0.2, 0.8, 1.0, 1.5):
        assert erlang.erlang_b(servers, rho) == pytest.approx(gamma_b(servers, rho), rel=0.01)


def test_a_fraction_of_a_server_more_lets_fewer_wait():
    shares = [erlang.erlang_c(c, 0.8) for c in np.arange(1.0, 20.0, 0.25)]
    assert all(a > b for a, b in itertools.pairwise(shares))


@pytest.mark.parametrize("servers", [1, 4, 50])
@pytest.mark.parametrize("places", [0, 1, 5, 100])
def test_a_finite_queue_is_as_busy_and_as_long_as_its_exact_states_say(servers, places):
    for rho in (0.2, 0.7, 0.95, 1.0, 1.05, 1.5, 4.0):
        busy, queue, waits = exact_finite(servers, rho, places)
        got_busy, got_queue, got_waits, spread, _ = erlang.finite_queue(servers, rho, places, 1.0)
        assert got_busy == pytest.approx(busy, rel=0.02, abs=0.002)
        assert got_queue == pytest.approx(queue, rel=0.03, abs=0.01)
        assert got_waits == pytest.approx(waits, rel=0.03, abs=0.006)
        assert 0 < spread <= 1.0001


def test_a_long_finite_queue_at_moderate_load_is_an_unlimited_one():
    busy, queue, waits, spread, _ = erlang.finite_queue(8.0, 0.8, 1e6, 1.0)
    bursty_busy, bursty_queue, *_ = erlang.finite_queue(8.0, 0.8, 1e6, 2.0)
    assert bursty_busy == pytest.approx(0.8, rel=1e-9)
    assert bursty_queue == pytest.approx(2 * queue, rel=0.1)
    c = erlang.erlang_c(8.0, 0.8)
    assert busy == pytest.approx(0.8, rel=1e-9)
    assert queue == pytest.approx(c * 0.8 / 0.2, rel=1e-6)
    assert waits == pytest.approx(c, rel=1e-6)
    assert spread == pytest.approx(1.0, rel=1e-6)


def test_a_full_queue_of_a_million_places_is_full_but_for_a_few():
    busy, queue, _, _, _ = erlang.finite_queue(8.0, 1.5, 1e6, 1.0)
    assert busy == 1.0
    assert 1e6 - queue == pytest.approx(1 / 0.5, rel=1e-3)


def test_burstier_arrivals_lose_more_at_the_same_load():
    losses = [1 - erlang.finite_queue(4.0, 0.9, 10.0, g)[0] / 0.9 for g in (0.5, 1.0, 2.5)]
    assert losses == sorted(losses)
    assert losses[0] < 0.7 * losses[1]


@pytest.mark.parametrize("load", [1e6, 1e9, 1e12, 1e15])
@pytest.mark.parametrize("burstiness", [0.025, 1.0, 10.0])
@pytest.mark.parametrize("places", [1.0, 1e6])
def test_a_finite_queue_far_beyond_capacity_is_full_and_all_who_get_in_wait(
    load: float, burstiness: float, places: float
) -> None:
    busy, queue, p_wait, spread, variance = erlang.finite_queue(10.0, load, places, burstiness)
    assert busy == pytest.approx(1, rel=0.01)
    assert p_wait == pytest.approx(1, rel=0.01)
    assert 0 < queue <= places
    assert spread >= 0
    assert variance >= 0
