"""The engine against queueing theory: the closed forms of the fidelity page, and laws that hold
for any numbers."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sandbox.experiments.fidelity import Outcome, closed_forms
from sandbox.experiments.fidelity.caches import cache_section
from sandbox.experiments.fidelity.theory import grid_section, theory_section
from tests.fidelity import every_case, hold
from tests.simulation import go, simulate

Measure = Callable[[], Outcome]


@every_case(theory_section())
def test_the_engine_agrees_with_a_closed_form(measure: Measure) -> None:
    hold(measure())


@every_case(grid_section())
def test_the_response_of_m_m_c_is_erlangs_from_1_to_10000_servers(measure: Measure) -> None:
    hold(measure())


@every_case(cache_section())
def test_a_cache_is_hit_as_often_as_one_that_serves_every_request(measure: Measure) -> None:
    hold(measure())


@settings(max_examples=30)
@given(
    st.floats(0.05, 0.95),
    st.integers(1, 50),
    st.floats(0.001, 2.0),
    st.floats(0, 0.5),
    st.booleans(),
)
def test_what_is_there_is_the_rate_times_the_time_it_stays(
    load: float, servers: int, service_s: float, callee_s: float, holds: bool
) -> None:
    rate = load * servers / (service_s + callee_s * holds)
    nodes = {
        "c": ("clients", {"rate_per_s": rate}),
        "app": (
            "external",
            {"servers": servers, "service_time_s": service_s, "holds_server": holds},
        ),
        "db": ("external", {"servers": 10**6, "service_time_s": callee_s}),
    }
    run = simulate(nodes, ["c.out > app.in", "app.out > db.in"], seconds=86_400, tick_s=10.0)
    app, db = run.now("app"), run.now("db")
    away = 0.0 if holds else rate * db["latency_mean"]  # it waits for the answer outside
    there = app["backlog"] + app["in_flight"] + away
    assert there == pytest.approx(rate * app["latency_mean"], rel=0.01)


def test_three_servers_in_a_row_take_the_sum_of_their_times() -> None:
    # 60/s through servers of 100/s, 80/s and 120/s: 25 + 50 + 16.7 ms
    nodes = {"c": ("clients", {"rate_per_s": 60.0})}
    for name, rate in (("a", 100), ("b", 80), ("d", 120)):
        pool = {"servers": 1, "service_time_s": 1 / rate, "holds_server": False}
        nodes[name] = ("external", pool)
    run = simulate(nodes, ["c.out > a.in", "a.out > b.in", "b.out > d.in"], seconds=600)
    now = run.now("c")
    assert now["latency_mean"] == pytest.approx(1 / 40 + 1 / 20 + 1 / 60, rel=1e-3)
    p99 = closed_forms.tandem_percentile([40, 20, 60], 0.99)
    assert now["latency_p99"] == pytest.approx(p99, rel=0.02)


@pytest.mark.parametrize("tick_s", [0.1, 1.0, 10.0])
def test_a_backlog_grows_by_what_is_not_served_and_is_worked_off_by_what_is_to_spare(
    tick_s: float,
) -> None:
    # 80/s against 50/s for 10 minutes leaves 18,000; at 20/s they go at 30/s, in 10 minutes more
    load = {"rate_per_s": 20.0, "shape": "steps", "steps": [(0.0, 4.0), (600.0, 1.0)]}
    nodes = {"c": ("clients", load), "x": ("external", {"servers": 2, "service_time_s": 0.04})}
    run = simulate(nodes, ["c.out > x.in"], seconds=600, tick_s=tick_s)
    assert run.now("x")["backlog"] == pytest.approx(18_000, rel=0.005)
    assert run.now("c")["latency_mean"] == pytest.approx(18_000 / 50, rel=0.02)
    assert go(run, 300).now("x")["backlog"] == pytest.approx(9_000, rel=0.01)
    assert go(run, 290).now("x")["backlog"] == pytest.approx(300, abs=40)
    assert go(run, 60).now("x")["backlog"] < 1


def test_a_queue_without_places_for_all_loses_what_finds_it_full() -> None:
    # M/M/1/2 at load 1: four states alike, and one arrival in four finds the last of them
    nodes = {
        "c": ("clients", {"rate_per_s": 20.0}),
        "x": ("external", {"servers": 1, "service_time_s": 0.05, "queue_limit": 2}),
    }
    run = simulate(nodes, ["c.out > x.in"], seconds=600)
    assert run.now("x")["rejected"] == pytest.approx(20 / 4, rel=0.01)
    assert run.now("x")["utilization"] == pytest.approx(3 / 4, rel=0.01)


@pytest.mark.parametrize("load", [0.5, 0.9, 0.99, 1.0, 1.2])
def test_a_quota_of_each_second_refuses_the_poisson_excess(load: float) -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 1000 * load, "write_fraction": 1.0, "payload_kb": 0.1}),
        "k": ("kinesis_stream", {"shard_count": 1}),
    }
    run = simulate(nodes, ["c.out > k.in"], seconds=60)
    exact = closed_forms.poisson_excess(1000 * load, 1000)
    assert run.now("k")["throttled"] == pytest.approx(exact, rel=0.01, abs=1e-3)


# ---------------------------------------------------------------- the closed forms themselves


def test_erlangs_formulas_are_right_where_they_are_known_by_heart() -> None:
    assert closed_forms.erlang_b(1, 0.5) == pytest.approx(1 / 3)
    assert closed_forms.erlang_b(2, 1.0) == pytest.approx(0.4)
    assert closed_forms.erlang_c(1, 0.7) == pytest.approx(0.7)
    assert closed_forms.erlang_c(2, 0.5) == pytest.approx(1 / 3)
    assert closed_forms.m_m_c_wait(1, 0.8, 1.0) == pytest.approx(4.0)


def test_pollaczek_and_khinchine_are_m_m_1_and_half_of_it_for_constant_service() -> None:
    assert closed_forms.pollaczek_khinchine(0.8, 1.0, 1.0) == pytest.approx(4.0)
    assert closed_forms.pollaczek_khinchine(0.8, 1.0, 0.0) == pytest.approx(2.0)


def test_percentiles_of_one_exponential_stage_are_its_logarithm() -> None:
    assert closed_forms.tandem_percentile([2.0], 0.95) == pytest.approx(math.log(20) / 2)
    p99 = closed_forms.m_m_c_percentile(1, 0.5, 0.05, 0.99)
    assert p99 == pytest.approx(math.log(100) * 0.1)


def test_one_user_never_waits_and_many_keep_the_server_busy() -> None:
    assert closed_forms.closed_loop(1, 1.0, 1, 0.25) == pytest.approx((1 / 1.25, 0.25))
    rate, response = closed_forms.closed_loop(100, 1.0, 1, 0.25)
    assert rate == pytest.approx(4.0)
    assert response == pytest.approx(100 / 4 - 1)


def test_the_poisson_excess_is_scipys() -> None:
    n = range(1000, 1400)
    exact = sum(float(stats.poisson.pmf(k, 990.0)) * (k - 1000) for k in n)
    assert closed_forms.poisson_excess(990.0, 1000) == pytest.approx(exact, rel=1e-6)
    assert closed_forms.poisson_excess(2.0, 0) == pytest.approx(2.0)


def test_a_finite_queue_of_equal_states_loses_the_share_of_the_last() -> None:
    lost, waiting = closed_forms.finite_queue(1, 1.0, 2)
    assert lost == pytest.approx(1 / 4)
    assert waiting == pytest.approx((1 + 2) / 4)
