"""What an SWF decider does of itself: markers, and timers before it tries again."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.edits import set_params
from sandbox.engine import Run
from sandbox.services import catalogue
from tests.conformance import fact
from tests.services.test_swf import domain, drawn, now, one
from tests.simulation import diagram, go

API = "Amazon SWF API Reference"
MARKER = f"{API}: Decision, RecordMarker"
TIMER = f"{API}: Decision, StartTimer"


def failing(**more: Any) -> dict[str, Any]:
    """People take 100 s; three attempts of which 30 % fail."""
    given = {"duration_s": 100.0, "failure_share": 0.3, "attempts": 3, "task_list": "people"}
    return one("a", **{**given, **more})


@fact("A marker is an event of the history", source=MARKER)
@pytest.mark.parametrize("markers", [0, 1, 2])
def test_each_marker_is_an_event(markers: int) -> None:
    # an execution and its first decision: 5; a timer, and the decision after it: 5
    run = domain(2.0, [one(kind="timer", duration_s=10.0, markers=markers)], 60)
    assert now(run, "history_events") == pytest.approx(10.0 + markers)


@fact("A marker is billed as a task is", source="Amazon SWF pricing")
@pytest.mark.parametrize("markers", [1, 10])
def test_each_marker_costs_as_much_as_a_task(markers: int) -> None:
    def usd(count: int) -> float:
        step = one(kind="timer", duration_s=10.0, markers=count)
        return now(domain(2.0, [step], 60), "cost_per_hour")

    assert usd(markers) - usd(0) == pytest.approx(2.0 * markers * 0.000025 * 3600.0, rel=1e-3)


@fact("SWF tries nothing again by itself: a pause is a timer that the decider starts", source=TIMER)
@pytest.mark.parametrize("pause", [None, 10.0, 30.0])
def test_a_pause_before_an_attempt_is_a_timer_and_a_decision(pause: float | None) -> None:
    # 1 + 0.3 + 0.09 attempts, and 0.3 + 0.09 pauses
    run = domain(5.0, [failing(retry_after_s=pause)], 3600, tick_s=10.0)
    lasts = 1.39 * 100.0 + 0.39 * (pause or 0.0)
    assert now(run, "open_executions") == pytest.approx(5.0 * lasts, rel=0.02)
    decisions = 1.0 + 1.39 + (0.39 if pause else 0.0)
    assert now(run, "decision_tasks_completed") == pytest.approx(5.0 * decisions, rel=5e-3)
    assert now(run, "workflows_failed") == pytest.approx(5.0 * 0.027, rel=5e-3)
    # of each attempt six events, of each pause five
    events = 5.0 + 6.0 * 1.39 + (5.0 * 0.39 if pause else 0.0)
    assert now(run, "history_events") == pytest.approx(events, rel=1e-3)


def test_executions_that_pause_are_still_open_and_may_be_terminated() -> None:
    run = domain(5.0, [failing(failure_share=1.0, retry_after_s=1e5)], 600, tick_s=10.0)
    assert now(run, "open_executions") == pytest.approx(3000.0, rel=0.02)
    run.control("s", "terminate", {"share": 1.0})
    assert now(go(run, 20), "open_executions") < 150.0


def test_who_pauses_goes_on_when_pauses_are_given_up() -> None:
    found = drawn(5.0, [failing(retry_after_s=50.0)])
    document = diagram(*found, tick_s=10.0, duration_s=86_400.0)
    run = go(Run(document, catalogue()), 1200)
    edit = set_params(document, {"s": {"steps": [failing()]}})
    document.apply(edit)
    run.edit(document)
    go(run, 1200)
    assert now(run, "open_executions") == pytest.approx(5.0 * 139.0, rel=0.02)


@fact("A closed execution is paid for each day that it is kept", source="Amazon SWF pricing")
def test_a_closed_execution_is_kept_for_a_week_unless_the_domain_says_otherwise() -> None:
    def usd(**params: Any) -> float:
        return now(domain(2.0, [one(kind="timer", duration_s=10.0)], 60, **params), "cost_per_hour")

    a_day = 2.0 * 0.000005 * 3600.0
    assert usd() - usd(retention_days=0) == pytest.approx(7 * a_day, rel=1e-3)
