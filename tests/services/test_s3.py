"""S3: request rates by prefix, gradual partitioning, notifications of writes, and the bill."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.engine import Run
from tests.simulation import go, simulate


def bucket(
    rate: float,
    seconds: float,
    *,
    writes: float = 0.0,
    kb: float = 10.0,
    more: dict[str, Any] | None = None,
    links: list[str] | None = None,
    scenario: dict[str, Any] | None = None,
    **params: Any,
) -> Run:
    nodes = {
        "c": ("clients", {"rate_per_s": rate, "write_fraction": writes, "payload_kb": kb}),
        "b": ("s3", params),
        **(more or {}),
    }
    return simulate(nodes, ["c.out > b.in", *(links or [])], seconds=seconds, **(scenario or {}))


def total(run: Run, node: str, metric: str) -> float:
    t, mean, _lo, _hi = run.series(node, metric, points=100_000)
    return float(mean.sum() * (t[1] - t[0] if len(t) > 1 else run.dt))


def test_four_prefixes_take_four_times_the_rate_of_one() -> None:
    one, four = (bucket(20_000, 5, prefixes=n).now("b") for n in (1, 4))
    assert one["throttled"] == pytest.approx(20_000 - 5_500, rel=0.001)
    assert four["throttled"] == pytest.approx(0, abs=1)


def test_a_hot_prefix_slows_down_though_the_bucket_has_room() -> None:
    run = bucket(10_000, 5, prefixes=8, prefix_skew=1.5)
    share = 1 / sum(1 / (i + 1) ** 1.5 for i in range(8))
    refused = max(0.0, 10_000 * share - 5_500)
    assert run.now("b")["throttled"] == pytest.approx(refused, abs=60)
    assert run.now("b")["hottest_prefix"] == pytest.approx(10_000 * share / 5_500)


def test_a_prefix_that_stays_busy_is_split() -> None:
    run = bucket(8_000, 890, scenario={"tick_s": 10.0})
    assert run.now("b")["throttled"] == pytest.approx(2_500, rel=0.01)
    go(run, 40)
    assert run.now("b")["partitions"] == 2
    assert run.now("b")["throttled"] == pytest.approx(0, abs=1)
    assert [e.kind for e in run.events if e.kind == "partitioned"] == ["partitioned"]


def test_keys_that_begin_with_the_time_are_never_split() -> None:
    run = bucket(8_000, 2_000, keys_vary=False, scenario={"tick_s": 10.0})
    assert run.now("b")["partitions"] == 1
    assert run.now("b")["throttled"] == pytest.approx(2_500, rel=0.01)


def test_writes_are_told_to_a_queue_and_reads_are_not() -> None:
    run = bucket(100, 20, writes=0.3, more={"q": ("sqs", {})}, links=["b.notifications > q.in"])
    assert total(run, "q", "sent") == pytest.approx(100 * 0.3 * 20, rel=0.06)
    assert run.now("q")["sent"] == pytest.approx(30)


def test_a_notification_is_small_however_large_the_object() -> None:
    more = {"q": ("sqs", {})}
    run = bucket(10, 5, writes=1.0, kb=5e5, more=more, links=["b.notifications > q.in"])
    assert run.now("q")["sent"] == pytest.approx(10)
    assert run.now("q")["message_kb"] == pytest.approx(1)


def test_a_notification_tells_only_of_keys_that_fit() -> None:
    run = bucket(
        100,
        20,
        writes=0.5,
        more={"f": ("lambda_function", {})},
        links=["b.notifications > f.in {'key_share': 0.2}"],
    )
    assert run.now("f")["arrivals"] == pytest.approx(10)


def test_refused_writes_are_not_told() -> None:
    run = bucket(7_000, 5, writes=1.0, more={"q": ("sqs", {})}, links=["b.notifications > q.in"])
    assert run.now("q")["sent"] == pytest.approx(3_500, rel=0.001)


def test_a_topic_and_a_bus_are_told_too() -> None:
    run = bucket(
        100,
        10,
        writes=1.0,
        more={"t": ("sns", {}), "e": ("eventbridge", {})},
        links=["b.notifications > t.in", "b.notifications > e.in"],
    )
    assert run.now("t")["published"] == pytest.approx(100)
    assert run.now("e")["arrivals"] == pytest.approx(100)


def test_the_bill_is_requests_storage_and_transfer() -> None:
    run = bucket(1_000, 10, writes=0.1, kb=1024.0, stored_gb=1_000.0, internet_share=0.5)
    hourly = 3600 * (100 * 0.005e-3 + 900 * 0.0004e-3)
    hourly += (1_000 + 100 * 10 / 1024) * 0.023 / 730
    hourly += 3600 * 900 / 1024 * 0.5 * 0.09
    assert run.now("b")["cost_per_hour"] == pytest.approx(hourly)


def test_overwriting_needs_no_more_room() -> None:
    run = bucket(100, 100, writes=1.0, kb=1024.0, overwrite_share=0.75)
    assert run.now("b")["stored_gb"] == pytest.approx(100 * 100 / 1024 / 4)


def test_the_first_byte_takes_tens_of_milliseconds_and_large_objects_longer() -> None:
    small, large = (bucket(100, 60, kb=kb).now("b") for kb in (10.0, 87_500.0))
    assert 0.03 < small["latency_mean"] < 0.06
    assert small["latency_p99"] == pytest.approx(0.2, rel=0.25)
    assert large["latency_mean"] == pytest.approx(small["latency_mean"] + 1.0, rel=0.01)
