"""Examples of workflows show the numbers that their notes name."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.assets import asset
from sandbox.experiments import run

HOUR = 3600.0


def example(name: str) -> Any:
    result = run(str(asset(f"examples/{name}.json")))
    assert result.balance_error < 1e-9
    return result


@pytest.fixture(scope="module")
def orders() -> Any:
    return example("order-fulfilment")


def at(result: Any, node: str, metric: str, t_s: float) -> float:
    series = result.series(node, metric)
    return float(series.mean[series.t.searchsorted(t_s)])


def test_both_have_rate_times_six_hours_of_orders_open(orders: Any) -> None:
    for node in ("swf", "sfn"):
        assert at(orders, node, "open_executions", 13.9 * HOUR) == pytest.approx(2160.0, rel=0.005)


def test_an_order_costs_more_on_swf(orders: Any) -> None:
    for node, cents in (("swf", 0.042), ("sfn", 0.015)):
        paid = at(orders, node, "cost_per_hour", 13.9 * HOUR) / 360.0
        assert paid * 100.0 == pytest.approx(cents, rel=0.05)


def test_without_deciders_orders_stand_still_and_none_is_lost(orders: Any) -> None:
    waiting = orders.series("swf", "pending_decisions")
    assert waiting.mean.max() == pytest.approx(2160.0, rel=0.03)
    assert at(orders, "swf", "workflows_completed", 15 * HOUR) == 0.0
    assert at(orders, "sfn", "executions_succeeded", 15 * HOUR) == pytest.approx(0.1, rel=0.01)
    assert at(orders, "swf", "pending_decisions", 16 * HOUR + 400.0) < 1.0
    failed = orders.summary("swf", "workflows_failed")["total"]
    assert failed < 0.001 * orders.summary("swf", "executions_started")["total"]


@pytest.fixture(scope="module")
def four() -> Any:
    return example("four-coordinators")


def test_a_chain_of_queues_loses_what_failed_three_times(four: Any) -> None:
    assert at(four, "letters", "arrivals", 1.9 * HOUR) / 0.5 == pytest.approx(0.3**3, rel=1e-3)
    assert at(four, "work-invoice", "served", 1.9 * HOUR) / 0.5 == pytest.approx(0.973, rel=1e-3)


def test_workflows_fail_after_four_attempts(four: Any) -> None:
    last = 1.9 * HOUR
    assert at(four, "machine", "executions_failed", last) / 0.5 == pytest.approx(0.0081, rel=1e-3)
    assert at(four, "swf", "workflows_failed", last) / 0.5 == pytest.approx(0.0081, rel=1e-3)
    failed = four.series("batch", "jobs_failed").mean[-1]
    ended = failed + four.series("batch", "jobs_succeeded").mean[-1]
    assert failed / ended == pytest.approx(0.0081, abs=0.005)  # jobs are drawn one by one


def test_what_a_thousand_orders_cost(four: Any) -> None:
    last = 1.9 * HOUR
    chain = sum(
        at(four, f"queue-{name}", "cost_per_hour", last)
        for name in ("check", "charge", "pack", "ship", "invoice")
    )
    assert chain / 1.8 == pytest.approx(0.012, rel=0.05)
    assert at(four, "machine", "cost_per_hour", last) / 1.8 == pytest.approx(0.135, rel=0.01)
    assert at(four, "swf", "cost_per_hour", last) / 1.8 == pytest.approx(0.395, rel=0.01)


def test_batch_has_to_start_its_instances_first(four: Any) -> None:
    running = four.series("batch", "jobs_running")
    assert running.t[running.mean > 0.0][0] > 60.0
    assert four.series("swf", "workflows_completed").mean[:60].max() > 0.0
