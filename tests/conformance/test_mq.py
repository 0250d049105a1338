"""Amazon MQ to AWS's rules, each at its boundary."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.services import catalogue
from tests.conformance import fact
from tests.services.test_mq import KILL, broker, topic, total
from tests.simulation import go

GUIDE = "Amazon MQ Developer Guide"
STORAGE = f"{GUIDE}: Storage"
LIMITS = f"{GUIDE}: Quotas in Amazon MQ"
ARCHITECTURE = f"{GUIDE}: Amazon MQ broker architecture"
PRICING = "https://aws.amazon.com/amazon-mq/pricing/"
EBS: dict[str, Any] = {"storage": "ebs", "deployment": "single"}


def holds_at(per_s: float, **params: Any) -> None:
    """At the rate of a producer nothing is held back, just above it is."""
    for rate, held in ((per_s, 0.0), (per_s * 1.01, per_s * 0.05)):
        run = broker(rate, 20_000, 5, producers=1, **params)
        assert run.now("m")["held_back"] == pytest.approx(held, abs=1e-6 * per_s)


@fact("A producer of persistent messages sends 80 a second on EFS", source=STORAGE)
def test_80_a_second_on_efs() -> None:
    holds_at(80)


@fact("A producer of persistent messages sends 500 a second on EBS", source=STORAGE)
def test_500_a_second_on_ebs() -> None:
    holds_at(500, **EBS)


@fact("A producer of messages in memory sends 5,000 a second", source=STORAGE)
def test_5000_a_second_in_memory() -> None:
    holds_at(5_000, persistent=False, broker_type="mq.m5.2xlarge")


@fact("Storage is EFS unless said otherwise", source=STORAGE)
def test_storage_is_efs() -> None:
    run = broker(1_000, 1, 3, producers=1)
    assert run.now("m")["enqueued"] == pytest.approx(80)


@fact("EBS is for single brokers of mq.m5 only", source=STORAGE)
def test_ebs_is_for_single_m5() -> None:
    known = catalogue()
    assert not known.check_params("mq", EBS)
    assert known.check_params("mq", {"storage": "ebs"})
    assert known.check_params("mq", {**EBS, "broker_type": "mq.t3.micro"})


@pytest.mark.parametrize(("size", "gb"), [("mq.t3.micro", 20.0), ("mq.m5.large", 200.0)])
@fact("A micro broker stores 20 GB, others 200 GB", source=LIMITS)
def test_a_broker_stores_so_much(size: str, gb: float) -> None:
    left = 100 / 1024 / 1024  # 100 messages of 1 KB
    if gb == 200.0:
        return _large(left)
    for spare, full in ((2 * left, False), (0.5 * left, True)):
        run = broker(50, 0, 2, broker_type=size, other_gb=gb - spare)
        assert any(e.kind == "storage_full" for e in run.events) is full


def _large(left: float) -> None:
    for spare, full in ((2 * left, False), (0.5 * left, True)):
        run = broker(50, 0, 2, other_gb=200.0 - spare)
        assert any(e.kind == "storage_full" for e in run.events) is full


@pytest.mark.parametrize(("size", "most"), [("mq.t3.micro", 300), ("mq.m5.large", 2_000)])
@fact("A micro broker has 300 connections a protocol, others 2,000", source=LIMITS)
def test_a_broker_has_so_many_connections(size: str, most: int) -> None:
    for consumers, refused in ((0, False), (1, True)):
        run = broker(1, 1, 1, broker_type=size, producers=most - 10, consumers=10 + consumers)
        assert any(e.kind == "connections" for e in run.events) is refused


@fact(
    "When the storage is full the broker blocks producers; nothing is lost",
    source=f"{GUIDE}: Monitoring Amazon MQ brokers using Amazon CloudWatch (StorePercentUsage)",
)
def test_a_full_broker_blocks_producers() -> None:
    run = broker(100, 0, 10, other_gb=200.0)
    now = run.now("m")
    assert now["enqueued"] == 0
    assert now["store_percent"] == pytest.approx(100)
    assert now["held_back"] == pytest.approx(1_000)


@fact("A standby takes over from a broker that stops; it does no work before", source=ARCHITECTURE)
def test_a_standby_takes_over() -> None:
    run = broker(40, 100, 21 + 43, scenario={"faults": KILL})
    assert run.now("m")["enqueued"] == 0
    go(run, 30)
    assert run.now("m")["enqueued"] == pytest.approx(40)
    for deployment in ("single", "active_standby"):
        one = broker(10_000, 1, 3, deployment=deployment, producers=1)
        assert one.now("m")["enqueued"] == pytest.approx(80)


@fact("A reboot with a standby takes a few seconds", source=ARCHITECTURE)
def test_a_reboot_takes_seconds() -> None:
    run = broker(40, 100, 5)
    run.control("m", "reboot")
    go(run, 3)
    assert run.now("m")["enqueued"] == 0
    go(run, 7)
    assert run.now("m")["held_back"] == 0


@pytest.mark.parametrize(
    ("params", "usd"),
    [
        ({"deployment": "single"}, 0.288),
        ({}, 0.576),
        ({"deployment": "single", "broker_type": "mq.m5.xlarge"}, 0.576),
        ({"deployment": "single", "broker_type": "mq.t3.micro"}, 0.027),
    ],
)
@fact("mq.m5.large costs 0.288 USD an hour, with a standby 0.576", source=PRICING)
def test_a_broker_costs_by_the_hour(params: dict[str, Any], usd: float) -> None:
    assert broker(0, 1, 1, **params).now("m")["cost_per_hour"] == pytest.approx(usd)


@fact("EFS costs 0.30 USD a GB-month, EBS 0.10", source=PRICING)
def test_storage_costs_by_its_kind() -> None:
    for params, usd in (({"deployment": "single"}, 0.30), (EBS, 0.10)):
        run = broker(0, 1, 1, other_gb=100.0, **params)
        assert (run.now("m")["cost_per_hour"] - 0.288) * 730 == pytest.approx(100 * usd)


@fact("An m5.large with a standby and 20 GB on EFS costs 426.48 USD a month", source=PRICING)
def test_a_month_of_a_pair() -> None:
    run = broker(100, 1_000, 3, other_gb=20.0)
    assert run.now("m")["cost_per_hour"] * 730 == pytest.approx(426.48, abs=0.01)


TOPICS = "Apache ActiveMQ documentation: How does a queue compare to a topic?"


@fact("A queue hands each message to one consumer, a topic to every subscriber", source=TOPICS)
@pytest.mark.parametrize("subscribers", [1, 2, 3])
def test_a_topic_copies_and_a_queue_shares(subscribers: int) -> None:
    for kind, copies in (("topic", subscribers), ("queue", 1)):
        run = topic([1_000] * subscribers, 20, destination=kind)
        assert total(run, "dequeued") == pytest.approx(1_000 * copies)


@fact("A message of a topic stays until its last subscriber has acknowledged it", source=TOPICS)
def test_a_topic_keeps_what_the_last_subscriber_lacks() -> None:
    run = topic([1_000, 0], 20)
    assert run.now("m")["used_gb"] == pytest.approx(1_000 / 1024**2)
    assert topic([1_000, 1_000], 20).now("m")["used_gb"] == pytest.approx(0, abs=1e-12)


PREFETCH = "Apache ActiveMQ documentation: What is the prefetch limit for?"
REDELIVERY = "Apache ActiveMQ documentation: Redelivery policy"


@fact("A consumer of a queue is pushed 1,000 messages ahead by default", source=PREFETCH)
def test_a_consumer_has_a_thousand_messages_ahead() -> None:
    run = broker(700, 5_000, 4, consumers=1, puller={"time_s": 1_000.0})
    assert run.now("m")["unacknowledged"] == pytest.approx(1_000)


@fact("Each producer has its own rate: ten of them send 800 a second on EFS", source=STORAGE)
def test_ten_producers_send_ten_times_as_much() -> None:
    assert broker(2_000, 1, 3).now("m")["enqueued"] == pytest.approx(800)


@fact(
    "A failed message is delivered again after 1 s, 6 times, before it is dead", source=REDELIVERY
)
def test_six_redeliveries_a_second_apart() -> None:
    once = {"shape": "steps", "steps": [(0, 1), (1, 0)]}
    run = broker(10, 1_000, 60, clients=once, poison_share=1.0)
    assert total(run, "redelivered") == pytest.approx(10 * 6)
    assert run.now("m")["dead"] == pytest.approx(10)
    by_default, delayed = each_second(once), each_second(once, redelivery_delay_s=1.0)
    assert by_default == pytest.approx(delayed)
    assert by_default != pytest.approx(each_second(once, redelivery_delay_s=2.0))


def each_second(clients: dict[str, Any], **params: Any) -> list[float]:
    """Redeliveries in each of 30 s, of messages that all fail."""
    run = broker(10, 1_000, 0, clients=clients, poison_share=1.0, **params)
    found = []
    for _ in range(30):
        go(run, 1)
        found.append(run.now("m")["redelivered"])
    return found
