"""Pools of workers: they pull, scale, stop, and read shards one worker each."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.engine.why import bars
from tests.simulation import go, simulate

SECOND = {"cpu_time_ms": 0.0, "wait_time_ms": 1000.0}  # m5.large: two places for such tasks


def pool(rate: float, *, seconds: float = 120.0, kb: float = 1.0, queue: Any = None, **params: Any):
    nodes = {
        "c": ("clients", {"rate_per_s": rate, "payload_kb": kb}),
        "q": queue or ("sqs", {}),
        "w": ("worker_pool", {**SECOND, **params}),
    }
    port = {"kinesis_stream": "records"}.get(nodes["q"][0], "messages")
    return simulate(nodes, ["c.out > q.in", f"q.{port} > w.in"], seconds=seconds)


def now(run: Any, metric: str, node: str = "w") -> float:
    return float(run.now(node)[metric])


def test_tasks_in_hand_are_rate_times_work_time() -> None:
    run = pool(3.0, desired_count=4)
    assert now(run, "in_flight") == pytest.approx(3.0, rel=1e-6)
    assert now(run, "tasks_completed") == pytest.approx(3.0, rel=1e-6)
    assert now(run, "backlog", "q") == pytest.approx(0.0, abs=1e-6)
    assert now(run, "utilization") == pytest.approx(3 / 8)


def test_tasks_beyond_the_places_wait_in_the_queue() -> None:
    run = pool(6.0, desired_count=2, seconds=100)
    assert now(run, "tasks_completed") == pytest.approx(4.0, rel=1e-6)
    assert now(run, "in_flight") == pytest.approx(4.0, rel=1e-6)
    assert now(run, "visible", "q") == pytest.approx(200.0, rel=0.05)


def test_the_cpu_bounds_what_is_worked_off() -> None:
    run = pool(60.0, desired_count=2, cpu_time_ms=100.0, wait_time_ms=900.0, workers_per_vcpu=100)
    assert now(run, "tasks_completed") == pytest.approx(2 * 2 / 0.1, rel=1e-3)
    assert now(run, "cpu_utilization") == pytest.approx(100.0, rel=1e-3)
