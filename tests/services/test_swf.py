"""SWF domains: executions wait, are decided on, are worked on, and time out."""

from __future__ import annotations

import math
from typing import Any

import pytest

from sandbox.engine.why import bars, bill
from tests.simulation import diagram, go, simulate

DECIDER = {"cpu_time_ms": 10.0, "wait_time_ms": 0.0}
WORKER = {"cpu_time_ms": 0.0, "wait_time_ms": 2000.0, "workers_per_vcpu": 50}


def domain(
    rate: float,
    steps: list[dict[str, Any]],
    seconds: float,
    *,
    workers: dict[str, Any] | None = None,
    deciders: dict[str, Any] | None = None,
    signals: float = 0.0,
    tick_s: float = 1.0,
    **params: Any,
) -> Any:
    found = drawn(rate, steps, workers, deciders, signals, params)
    return simulate(*found, seconds=seconds, tick_s=tick_s)


def drawn(
    rate: float,
    steps: list[dict[str, Any]],
    workers: dict[str, Any] | None = None,
    deciders: dict[str, Any] | None = None,
    signals: float = 0.0,
    params: dict[str, Any] | None = None,
) -> tuple[dict[str, Any], list[str]]:
    nodes = {
        "c": ("clients", {"rate_per_s": rate}),
        "s": ("swf", {"steps": steps, **(params or {})}),
        "d": ("worker_pool", {**DECIDER, **(deciders or {})}),
        "w": ("worker_pool", {**WORKER, **(workers or {})}),
    }
    links = ["c.out > s.in", "s.decisions > d.in", "s.activities > w.in"]
    if signals > 0.0:
        nodes["boss"] = ("clients", {"rate_per_s": signals})
        links.append("boss.out > s.signals")
    return nodes, links


def now(run: Any, metric: str, node: str = "s") -> float:
    return float(run.now(node)[metric])


def one(name: str = "work", **given: Any) -> dict[str, Any]:
    return {"name": name, **given}


def test_a_sequence_has_rate_times_duration_executions_in_flight() -> None:
    steps = [one("a"), one("b", stage=1), one("c", stage=2, kind="timer", duration_s=30.0)]
    run = domain(5.0, steps, 200)
    # two activities of 2 s, a timer of 30 s, four decisions of 10 ms, six hand-overs of 50 ms
    assert now(run, "open_executions") == pytest.approx(5 * (34.0 + 0.04 + 6 * 0.05), rel=0.02)
    assert now(run, "workflows_completed") == pytest.approx(5.0, rel=1e-3)
    assert now(run, "workflow_time") == pytest.approx(34.34, rel=0.02)
    assert now(run, "decision_tasks_completed") == pytest.approx(20.0, rel=1e-3)


@pytest.mark.parametrize("tick_s", [0.1, 10.0])
def test_the_length_of_a_tick_changes_no_steady_state(tick_s: float) -> None:
    steps = [one("a"), one("b", stage=1), one("c", stage=2, kind="timer", duration_s=30.0)]
    run = domain(5.0, steps, 300, tick_s=tick_s)
    assert now(run, "open_executions") == pytest.approx(5 * 34.34, rel=1e-3)
    assert now(run, "workflow_time") == pytest.approx(34.34, rel=1e-3)


def test_parallel_branches_last_as_long_as_the_slowest() -> None:
    # E[max(100, Exp(60))] = 100 + 60·exp(-100/60); a decision before and two after, one at a time
    steps = [
        one("a", kind="timer", duration_s=100.0),
        one("b", kind="timer", duration_s=60.0, duration_cv=1.0),
    ]
    run = domain(5.0, steps, 2400)
    expected = 100.0 + 60.0 * math.exp(-100.0 / 60.0)
    assert now(run, "open_executions") == pytest.approx(5 * (expected + 0.12), rel=2e-3)
    assert now(run, "decision_tasks_completed") == pytest.approx(15.0, rel=0.01)


def test_the_decider_tries_again_as_often_as_it_is_told() -> None:
    # a geometric series: 1 + 0.3 + 0.09 attempts of 100 s; 2.7 % fail three times
    step = one("a", duration_s=100.0, failure_share=0.3, attempts=3, task_list="people")
    run = domain(5.0, [step], 3600, tick_s=10.0)
    assert now(run, "open_executions") == pytest.approx(5 * 1.39 * 100.0, rel=5e-3)
    assert now(run, "workflows_failed") == pytest.approx(5 * 0.027, rel=2e-3)
    assert now(run, "workflows_completed") == pytest.approx(5 * 0.973, rel=2e-3)


def test_a_decider_that_goes_on_completes_what_failed() -> None:
    step = one("a", duration_s=10.0, failure_share=0.3, task_list="people", on_failure="continue")
    run = domain(5.0, [step, one("b", stage=1)], 300)
    assert now(run, "workflows_failed") == 0.0
    assert now(run, "workflows_completed") == pytest.approx(5.0, rel=1e-3)


def test_a_step_that_half_of_them_take_counts_half() -> None:
    run = domain(5.0, [one("a", share=0.5, kind="timer", duration_s=100.0)], 600)
    assert now(run, "open_executions") == pytest.approx(5 * (50.0 + 1.5 * 0.06), rel=2e-3)


def test_people_take_hours_and_executions_wait_for_them() -> None:
    step = one("pack", duration_s=4 * 3600.0, duration_cv=0.5, task_list="people")
    run = domain(0.05, [step], 48 * 3600, tick_s=10.0)
    assert now(run, "open_executions") == pytest.approx(0.05 * 4 * 3600, rel=0.01)


def test_without_deciders_everything_stands_still_and_nothing_is_lost() -> None:
    run = domain(5.0, [one()], 600, deciders={"desired_count": 0})
    assert now(run, "pending_decisions") == pytest.approx(3000.0)
    assert now(run, "open_executions") == pytest.approx(3000.0)
    assert {"stalled"} <= {event.kind for event in run.events}
    run.control("d", "set_desired", {"value": 2})
    go(run, 600)
    assert now(run, "pending_decisions") < 10
    assert run.series("s", "workflows_failed")[1].max() == 0.0


def test_without_workers_activities_time_out_and_the_workflow_fails() -> None:
    run = domain(5.0, [one(schedule_to_start_s=60.0)], 600, workers={"desired_count": 0})
    assert now(run, "pending_activities") == pytest.approx(300.0, rel=0.01)
    assert now(run, "timed_out_on_start") == pytest.approx(5.0, rel=1e-3)
    assert now(run, "workflows_failed") == pytest.approx(5.0, rel=1e-3)


def lost_at(run: Any, metric: str) -> float:
    """When most of what stopped workers held was noticed, seconds after they stopped."""
    times, _mean, _low, high = run.series("s", metric)
    return float(times[high.argmax()]) - 120.0


@pytest.mark.parametrize(
    ("given", "metric", "after"),
    [
        ({"start_to_close_s": 300.0}, "timed_out_on_close", 300.0),
        ({"start_to_close_s": 300.0, "heartbeat_s": 30.0}, "timed_out_on_heartbeat", 30.0),
    ],
)
def test_a_stopped_worker_is_noticed_by_its_heartbeat_or_at_start_to_close(
    given: dict[str, float], metric: str, after: float
) -> None:
    run = domain(5.0, [one(attempts=3, **given)], 120)
    run.control("w", "stop_workers", {"count": 1})
    go(run, 360)
    assert lost_at(run, metric) == pytest.approx(after, abs=4.0)
    assert now(run, "workflows_failed") == pytest.approx(0.0, abs=1e-9)


def test_a_signal_ends_the_wait_for_it_and_others_are_refused() -> None:
    run = domain(0.1, [one("approval", kind="signal")], 1200, signals=0.05)
    assert now(run, "workflows_completed") == pytest.approx(0.05, rel=0.01)
    assert now(run, "activities_started") == pytest.approx(0.05 * 1200, rel=0.02)
    run = domain(0.0, [one("approval", kind="signal")], 10, signals=1.0)
    assert float(run.losses("s")["unknown_execution"][0]) == pytest.approx(1.0)


def test_executions_open_for_too_long_are_timed_out() -> None:
    wait = one("wait", kind="timer", duration_s=10_000.0)
    run = domain(5.0, [wait], 1500, execution_timeout_s=600.0)
    assert now(run, "open_executions") == pytest.approx(3000.0, rel=2e-3)
    assert now(run, "workflows_timed_out") == pytest.approx(5.0, rel=1e-3)
    assert now(run, "oldest_execution") == pytest.approx(600.0, abs=1.0)


def test_an_execution_of_five_activities_costs_eleven_tasks_and_a_start() -> None:
    steps = [one(f"s{i}", stage=i) for i in range(5)]
    run = domain(1.0, steps, 120, retention_days=0)
    assert now(run, "cost_per_hour") == pytest.approx((0.0001 + 11 * 0.000025) * 3600, rel=1e-3)


def test_open_executions_are_shown_by_what_they_wait_for() -> None:
    steps = [one("quick"), one("slow", stage=1, duration_s=100.0, task_list="people")]
    run = domain(5.0, steps, 300)
    (found,) = bars(run, "s")
    assert [bar.name for bar in found.bars[2:]] == ["quick", "slow"]
    assert found.bars[3].value == pytest.approx(500 / now(run, "open_executions"), rel=1e-3)


def test_an_edit_of_a_timeout_keeps_executions_and_of_the_steps_terminates_them() -> None:
    run = domain(5.0, [one("a", kind="timer", duration_s=100.0)], 60)
    before = now(run, "open_executions")
    kept = [one("a", kind="timer", duration_s=200.0)]
    run.edit(diagram(*drawn(5.0, kept)))
    go(run, 1)
    assert now(run, "open_executions") == pytest.approx(before + 5.0, rel=0.01)
    run.edit(diagram(*drawn(5.0, [one("other", kind="timer", duration_s=200.0)])))
    go(run, 1)
    assert float(run.losses("s")["terminated"][1]) == pytest.approx(before + 5.0, rel=0.02)


def test_all_costs_and_metrics_explain_themselves() -> None:
    run = domain(5.0, [one("a"), one("b", kind="child_workflow", duration_s=5.0)], 120)
    for node in ("s", "w", "d"):
        assert sum(line.usd_per_hour for line in bill(run, node)) == pytest.approx(
            now(run, "cost_per_hour", node), rel=1e-9
        )
