"""SWF domains: executions wait, are decided on, are worked on, and time out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.simulation import go, simulate

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
    nodes = {
        "c": ("clients", {"rate_per_s": rate}),
        "s": ("swf", {"steps": steps, **params}),
        "d": ("worker_pool", {**DECIDER, **(deciders or {})}),
        "w": ("worker_pool", {**WORKER, **(workers or {})}),
    }
    links = ["c.out > s.in", "s.decisions > d.in", "s.activities > w.in"]
    if signals > 0.0:
        nodes["boss"] = ("clients", {"rate_per_s": signals})
        links.append("boss.out > s.signals")
    return simulate(nodes, links, seconds=seconds, tick_s=tick_s)


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
