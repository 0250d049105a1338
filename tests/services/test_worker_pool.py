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


def test_failed_messages_come_back_after_the_visibility_timeout() -> None:
    run = pool(1.0, failure_share=0.2, seconds=300)
    # each message is received 1 / 0.8 times, and 0.25 of them wait 30 s for another try
    assert now(run, "tasks_completed") == pytest.approx(1.0, rel=0.01)
    assert now(run, "tasks_returned") == pytest.approx(0.25, rel=0.02)


def test_what_a_stopped_worker_held_comes_back_and_is_done_by_others() -> None:
    run = pool(3.0, desired_count=4, replace_stopped=False)
    run.control("w", "stop_workers", {"count": 2})
    go(run, 1)
    assert now(run, "tasks_lost") == pytest.approx(1.5, rel=1e-3)
    assert now(run, "instances") == 2.0
    go(run, 120)
    assert now(run, "instances") == 2.0
    assert now(run, "tasks_completed") == pytest.approx(3.0, rel=1e-3)
    deleted = run.series("q", "deleted")[1].sum()
    # none is lost: but for those in hand and those told a tick later all are done
    assert deleted == pytest.approx(3.0 * (241 - 2), abs=1.0)


def test_stopped_workers_are_replaced_at_the_next_minute() -> None:
    run = pool(3.0, desired_count=4, seconds=90, launch_s=60.0)
    run.control("w", "stop_workers", {"count": 2})
    go(run, 29)
    assert now(run, "starting") == 0.0
    go(run, 2)
    assert now(run, "starting") == 2.0
    go(run, 61)
    assert now(run, "instances") == 4.0


def test_a_pool_without_workers_leaves_everything_in_the_queue() -> None:
    run = pool(3.0, desired_count=0)
    assert now(run, "visible", "q") == pytest.approx(3.0 * 120)
    assert now(run, "cost_per_hour") == 0.0


def scaled(**policy: Any) -> dict[str, Any]:
    return {"min_capacity": 1, "max_capacity": 20, "target_tracking": [policy]}


def test_the_pool_scales_by_the_backlog_a_worker() -> None:
    backlog = {
        "metric": "custom",
        "custom_metric": {"node": "q", "metric": "visible"},
        "divide_by": {"node": "w", "metric": "instances"},
        "target_value": 100.0,
    }
    run = pool(10.0, desired_count=1, seconds=1800, scaling=scaled(**backlog), launch_s=60.0)
    assert now(run, "instances") >= 5.0
    assert any(event.kind == "scale_out" for event in run.events)
    assert now(run, "tasks_completed") >= 10.0


def test_a_pool_scales_by_how_many_of_its_places_are_taken() -> None:
    run = pool(6.0, desired_count=4, seconds=1500, scaling=scaled(target_value=50.0))
    assert now(run, "desired_count") == 6.0  # 6 of 8 places are 75 %: 4 × 75 / 50


STREAM = ("kinesis_stream", {"shard_count": 2})


def test_one_worker_reads_a_shard_and_the_others_stand_idle() -> None:
    run = pool(10.0, queue=STREAM, desired_count=5, wait_time_ms=500.0)
    assert now(run, "tasks_completed") == pytest.approx(2 / 0.5, rel=0.01)
    assert now(run, "idle_workers") == 3.0
    assert any("2 shards" in e.text for e in run.events if e.kind == "idle_workers")


def test_after_a_stop_a_stream_is_read_again_from_the_last_checkpoint() -> None:
    run = pool(10.0, queue=STREAM, wait_time_ms=10.0, checkpoint_s=40.0)
    run.control("w", "stop_workers", {"count": 1})
    go(run, 1)
    # half of 10/s × 20 s, half an interval, and what was in hand
    assert now(run, "read_again") == pytest.approx(100.0, rel=0.01)


def test_workers_call_what_is_behind_and_wait_for_it() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 2.0}),
        "q": ("sqs", {}),
        "w": ("worker_pool", {"cpu_time_ms": 0.0, "wait_time_ms": 500.0, "desired_count": 4}),
        "x": ("external", {"servers": 100, "service_time_s": 0.5}),
    }
    run = simulate(nodes, ["c.out > q.in", "q.messages > w.in", "w.out > x.in"], seconds=60)
    assert now(run, "in_flight") == pytest.approx(2.0, rel=1e-3)  # a second each
    assert now(run, "arrivals", "x") == pytest.approx(2.0, rel=1e-3)


def test_a_broker_and_a_table_s_stream_feed_workers_too() -> None:
    run = pool(2.0, queue=("mq", {}))
    assert now(run, "tasks_completed") == pytest.approx(2.0, rel=1e-3)
    nodes = {
        "c": ("clients", {"rate_per_s": 2.0, "write_fraction": 1.0}),
        "t": ("dynamodb", {}),
        "w": ("worker_pool", {**SECOND, "wait_time_ms": 100.0}),
    }
    run = simulate(nodes, ["c.out > t.in", "t.stream > w.in"], seconds=60)
    assert now(run, "tasks_completed") == pytest.approx(2.0, rel=1e-2)


def test_two_queues_share_the_workers_by_what_waits() -> None:
    nodes = {
        "a": ("clients", {"rate_per_s": 3.0}),
        "b": ("clients", {"rate_per_s": 0.5}),
        "qa": ("sqs", {}),
        "qb": ("sqs", {}),
        "w": ("worker_pool", SECOND),
    }
    links = ["a.out > qa.in", "b.out > qb.in", "qa.messages > w.in", "qb.messages > w.in"]
    run = simulate(nodes, links, seconds=300)
    assert now(run, "tasks_completed") == pytest.approx(3.5, rel=1e-2)
    assert now(run, "visible", "qa") < 4


def test_larger_receives_cost_fewer_requests() -> None:
    def requests(batch: int) -> float:
        nodes = {
            "c": ("clients", {"rate_per_s": 3.0}),
            "q": ("sqs", {}),
            "w": ("worker_pool", SECOND),
        }
        link = f"q.messages > w.in {{'batch_size': {batch}}}"
        return now(simulate(nodes, ["c.out > q.in", link], seconds=30), "requests", "q")

    assert requests(10) < 0.7 * requests(1)


def test_the_bill_and_the_bars_are_those_of_the_workers() -> None:
    run = pool(3.0, desired_count=3)
    assert now(run, "cost_per_hour") == pytest.approx(3 * 0.096)
    (found,) = bars(run, "w")
    assert [bar.value for bar in found.bars] == pytest.approx([0.5] * 3)
