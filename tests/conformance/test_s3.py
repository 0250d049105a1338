"""S3 to AWS's rules, each at its boundary."""

from __future__ import annotations

import pytest

from tests.conformance import fact
from tests.services.test_s3 import bucket
from tests.simulation import go

PERFORMANCE = (
    "Amazon S3 User Guide: Best practices design patterns: optimizing Amazon S3 performance"
)
EVENTS = "Amazon S3 User Guide: Amazon S3 Event Notifications"
PRICING = "https://aws.amazon.com/s3/pricing/"


@fact("A prefix takes 3,500 writes a second", source=PERFORMANCE)
def test_a_prefix_takes_3500_writes() -> None:
    for rate, refused in ((3_200, 0.0), (7_000, 3_500.0)):
        run = bucket(rate, 3, writes=1.0)
        assert run.now("b")["throttled"] == pytest.approx(refused, abs=0.5)


@fact("A prefix takes 5,500 reads a second", source=PERFORMANCE)
def test_a_prefix_takes_5500_reads() -> None:
    for rate, refused in ((5_100, 0.0), (11_000, 5_500.0)):
        run = bucket(rate, 3)
        assert run.now("b")["throttled"] == pytest.approx(refused, abs=0.5)


@fact("Ten prefixes take 55,000 reads a second: there may be any number", source=PERFORMANCE)
def test_ten_prefixes_take_ten_times_as_much() -> None:
    run = bucket(110_000, 3, prefixes=10)
    assert run.now("b")["served"] == pytest.approx(55_000, rel=1e-4)


@fact("S3 grows with the load gradually, and answers 503 Slow Down meanwhile", source=PERFORMANCE)
def test_a_busy_prefix_is_split_in_time() -> None:
    run = bucket(7_000, 600, scenario={"tick_s": 10.0})
    assert run.losses("b")["slow_down"][0] == pytest.approx(1_500, rel=0.01)
    go(run, 400)
    assert run.now("b")["throttled"] == pytest.approx(0, abs=0.5)


@fact("A small object's first byte takes at most 100 to 200 ms, as a rule", source=PERFORMANCE)
def test_the_first_byte_takes_100_to_200_ms() -> None:
    now = bucket(100, 30, kb=1.0).now("b")
    assert now["latency_mean"] < 0.1
    assert 0.1 < now["latency_p99"] < 0.25


@fact("A connection reads 85 to 90 MB/s", source=PERFORMANCE)
def test_a_large_object_takes_its_time() -> None:
    small, large = (bucket(10, 5, kb=kb).now("b")["latency_mean"] for kb in (1.0, 875_001.0))
    assert 875_000 / 90_000 < large - small < 875_000 / 85_000
    assert large - small == pytest.approx(875_000 / 87_500, rel=1e-3)  # the middle


@pytest.mark.parametrize("service", ["sqs", "sns", "lambda_function", "eventbridge"])
@fact("New objects are told to SQS, SNS, Lambda and EventBridge", source=EVENTS)
def test_new_objects_are_told_of(service: str) -> None:
    run = bucket(100, 5, writes=0.25, more={"x": (service, {})}, links=["b.notifications > x.in"])
    assert run.now("x")["arrivals"] == pytest.approx(25)


@fact(
    "Events go to EventBridge since November 2021",
    source="Amazon S3 User Guide: Using EventBridge",
)
def test_no_events_to_eventbridge_in_2020() -> None:
    for era, said in (("2020", True), ("current", False)):
        run = bucket(
            1,
            2,
            more={"x": ("eventbridge", {})},
            links=["b.notifications > x.in"],
            scenario={"era": era},
        )
        assert any(e.kind == "not_in_era" for e in run.events) is said


@fact("Storage costs 0.023 USD a GB-month", source=PRICING)
def test_a_gigabyte_costs_2_cents_a_month() -> None:
    run = bucket(0, 2, stored_gb=1_000.0)
    assert run.now("b")["cost_per_hour"] * 730 == pytest.approx(23.0)


@fact("A thousand PUTs cost 0.005 USD, a thousand GETs 0.0004", source=PRICING)
def test_requests_cost_by_their_kind() -> None:
    for writes, usd in ((1.0, 0.005), (0.0, 0.0004)):
        run = bucket(1_000, 2, writes=writes, kb=1e-9)
        assert run.now("b")["cost_per_hour"] == pytest.approx(3600 * usd, rel=1e-6)
