"""Workers that pull, to the rules of the Kinesis Client Library and of SQS's API."""

from __future__ import annotations

import pytest

from sandbox.services import catalogue
from tests.conformance import fact
from tests.simulation import go, simulate


@fact(
    "A lease that was not renewed for 10 s is taken over by another worker",
    source="Amazon Kinesis Client Library: configuration, failoverTimeMillis",
)
@pytest.mark.parametrize(("given", "after_s"), [({}, 10), ({"lease_failover_s": 20.0}, 20)])
def test_a_lease_is_taken_over(given: dict[str, float], after_s: int) -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 100.0}),
        "k": ("kinesis_stream", {"shard_count": 2}),
        "w": ("worker_pool", {"desired_count": 2, "launch_s": 300.0, **given}),
    }
    run = simulate(nodes, ["c.out > k.in", "k.records > w.in"], seconds=60, duration_s=7200.0)
    run.control("w", "stop_workers", {"count": 1})
    go(run, after_s)
    half = run.now("w")["served"]
    go(run, 1)
    assert run.now("w")["served"] > 1.5 * half


@fact(
    "ReceiveMessage gives one message unless asked for more, ten at most",
    source="Amazon SQS API Reference: ReceiveMessage",
)
def test_one_message_a_call() -> None:
    def empty(**given: int) -> float:
        nodes = {
            "c": ("clients", {"rate_per_s": 10.0, "arrival_cv2": 0.0}),
            "q": ("sqs", {}),
            "w": ("worker_pool", {"desired_count": 20, "wait_time_ms": 1000.0}),
        }
        run = simulate(nodes, ["c.out > q.in", f"q.messages > w.in {given}"], seconds=60)
        return float(run.now("q")["cost_per_hour"])

    assert empty() == empty(batch_size=1) > empty(batch_size=10)
    ends = ("sqs", "messages", "worker_pool", "in")
    assert not catalogue().check_link_params(*ends, {"batch_size": 10})
    assert catalogue().check_link_params(*ends, {"batch_size": 11})
