"""Clients: the load they offer over time."""

from __future__ import annotations

import pytest

from sandbox.engine import Run
from sandbox.services import catalogue
from tests.simulation import simulate


@pytest.mark.parametrize("name", ["steps", "trace"])
def test_no_step_and_no_trace_is_of_less_than_no_requests(name: str) -> None:
    ((where, message),) = catalogue().check_params("clients", {name: [[0, 1], [60, -1]]})
    assert where == f"{name}.1.1"
    assert "greater than or equal to 0" in message


def test_a_trace_that_was_written_out_of_order_is_replayed_in_order() -> None:
    points = [[0.0, 10.0], [20.0, 30.0], [10.0, 20.0]]
    nodes = {"c": ("clients", {"shape": "trace", "trace": points}), "x": ("external", {})}
    run = simulate(nodes, ["c.out > x.in"], seconds=15)
    assert run.now("c")["offered"] == pytest.approx(20)


def users(count: int, think_s: float, servers: int, service_s: float, **scenario: float) -> Run:
    return simulate(
        {
            "c": ("clients", {"closed_loop_users": count, "think_time_s": think_s}),
            "f": ("external", {"servers": servers, "service_time_s": service_s}),
        },
        ["c.out > f.in"],
        seconds=600,
        **scenario,
    )


def test_few_users_ask_as_often_as_they_think() -> None:
    now = users(20, 1.0, 4, 0.1).now("c")
    # the machine-repairman model gives 18.12/s and 0.1038 s
    assert now["served"] == pytest.approx(18.12, rel=0.01)
    assert now["latency_mean"] == pytest.approx(0.1038, rel=0.03)


@pytest.mark.parametrize("tick_s", [0.1, 1.0])
def test_more_users_than_the_servers_can_take_wait_in_line(tick_s: float) -> None:
    now = users(100, 1.0, 4, 0.1, tick_s=tick_s).now("c")
    # 40/s are served; a round of 100 users takes 2.5 s, of which they think 1 s
    assert now["served"] == pytest.approx(40, rel=0.02)
    assert now["latency_mean"] == pytest.approx(1.5, rel=0.05)
    assert now["users_waiting"] == pytest.approx(60, rel=0.03)


def test_users_near_saturation_are_served_within_five_per_cent_of_theory() -> None:
    # machine repairman, 80 users on 8 servers at utilization 0.88: 70.31/s
    assert users(80, 1.0, 8, 0.1).now("c")["served"] == pytest.approx(70.31, rel=0.05)


def test_users_without_time_to_think_keep_all_servers_busy() -> None:
    now = users(50, 0.0, 8, 0.1).now("c")
    assert now["served"] == pytest.approx(80, rel=0.03)
    assert now["latency_mean"] == pytest.approx(50 / 80, rel=0.05)


def test_a_closed_loop_slows_down_with_the_system_where_an_open_one_piles_up() -> None:
    run = users(100, 1.0, 4, 0.1)
    assert run.now("f")["backlog"] < 100
    assert run.now("f")["arrivals"] == pytest.approx(40, rel=0.02)


def test_a_tick_longer_than_users_think_is_said_to_be_too_long() -> None:
    assert "choose a shorter tick" in users(10, 1.0, 4, 0.1, tick_s=10.0).events[0].text


def test_a_trace_cannot_drive_a_closed_loop() -> None:
    wrong = catalogue().check_params("clients", {"closed_loop_users": 5, "shape": "trace"})
    assert "closed_loop_users" in wrong[0][1]
