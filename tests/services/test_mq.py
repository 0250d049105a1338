"""MQ: producers held back by storage and CPU, prefetch, redelivery, failover, and the bill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sandbox.document.records import Fault
from sandbox.engine import Run
from sandbox.services import catalogue
from tests.simulation import go, simulate

FOLDER = (str(Path(__file__).parent / "consumers"),)
KILL = (Fault("kill_instances", "m", 20, 21, 1),)


def broker(
    rate: float,
    pull: float,
    seconds: float,
    *,
    clients: dict[str, Any] | None = None,
    puller: dict[str, Any] | None = None,
    scenario: dict[str, Any] | None = None,
    **params: Any,
) -> Run:
    nodes = {
        "c": ("clients", {"rate_per_s": rate, "payload_kb": 1.0, **(clients or {})}),
        "m": ("mq", params),
        "w": ("puller", {"rate_per_s": pull, **(puller or {})}),
    }
    links = ["c.out > m.in", "m.messages > w.in"]
    return simulate(nodes, links, seconds=seconds, folders=FOLDER, **(scenario or {}))


def total(run: Run, metric: str, node: str = "m") -> float:
    t, mean, _lo, _hi = run.series(node, metric, points=100_000)
    return float(mean.sum() * (t[1] - t[0] if len(t) > 1 else run.dt))


@pytest.mark.parametrize(
    ("params", "per_s"),
    [
        ({"producers": 1}, 80),
        ({"producers": 3}, 240),
        ({"producers": 1, "storage": "ebs", "deployment": "single"}, 500),
        ({"producers": 1, "persistent": False}, 5_000),
        ({"producers": 10, "persistent": False, "broker_type": "mq.m5.xlarge"}, 10_000),
    ],
)
def test_producers_are_held_at_the_rate_of_the_storage(params: dict[str, Any], per_s: int) -> None:
    run = broker(per_s * 1.5, 20_000, 10, **params)
    now = run.now("m")
    assert now["enqueued"] == pytest.approx(per_s)
    assert now["held_back"] == pytest.approx(0.5 * per_s * 10)
    assert now["failed"] == now["throttled"] == now["rejected"] == 0  # they wait
    assert any(e.kind == "held_back" for e in run.events)
    assert broker(per_s * 0.99, 20_000, 5, **params).now("m")["held_back"] == 0


def test_what_producers_hold_is_the_time_they_wait() -> None:
    run = broker(100, 1_000, 40, producers=1)
    assert run.now("m")["held_back"] == pytest.approx(20 * 40)
    assert run.now("c")["latency_mean"] == pytest.approx(20 * 40 / 80, rel=0.05)


def test_a_full_broker_blocks_its_producers_and_loses_nothing() -> None:
    # 20 GB less 19.99 leave 10,486 messages of 1 KB
    run = broker(100, 0, 150, broker_type="mq.t3.micro", other_gb=19.99)
    now = run.now("m")
    assert now["store_percent"] == pytest.approx(100)
    assert now["queue_size"] == pytest.approx(0.01 * 1024 * 1024, rel=1e-3)
    assert now["queue_size"] + now["held_back"] == pytest.approx(100 * 150)
    assert any(e.kind == "storage_full" for e in run.events)


def test_prefetch_is_the_most_that_consumers_hold() -> None:
    run = broker(100, 1_000, 60, producers=2, consumers=3, prefetch=7, puller={"time_s": 1000.0})
    assert run.now("m")["unacknowledged"] == pytest.approx(21)


def test_what_fails_comes_again_and_ends_in_the_dead_letter_queue() -> None:
    clients = {"shape": "steps", "steps": [(0, 1), (1, 0)]}
    run = broker(100, 1_000, 60, clients=clients, poison_share=0.1, maximum_redeliveries=3)
    assert total(run, "redelivered") == pytest.approx(10 * 3)
    assert run.now("m")["dead"] == pytest.approx(10)
    assert total(run, "dequeued") == pytest.approx(90)


def test_the_share_of_poison_in_what_is_pushed_is_never_more_than_all() -> None:
    run = broker(133.3, 99.7, 0, poison_share=1.0, redelivery_delay_s=0.7)
    (link,) = (i for i in run.links_now() if i[0] == "m")
    for _ in range(60):
        go(run, 1)
        assert run.links_now()[link].failed <= run.links_now()[link].flow_per_s
    assert run.links_now()[link].failed > 0


@pytest.mark.parametrize(("deployment", "away_s"), [("active_standby", 45), ("single", 300)])
def test_a_broker_that_crashes_is_away_and_loses_nothing(deployment: str, away_s: int) -> None:
    run = broker(
        50,
        1_000,
        20 + away_s - 1,
        deployment=deployment,
        puller={"time_s": 3.0},
        scenario={"faults": KILL},
    )
    assert run.now("m")["enqueued"] == 0
    assert run.now("m")["held_back"] == pytest.approx(50 * (away_s - 1), abs=51)
    go(run, 120)
    assert run.now("m")["held_back"] == 0
    assert total(run, "redelivered") > 100  # what consumers had not acknowledged
    assert run.losses("m")["lost_in_memory"][1] == 0
    go(run, 30)
    held = run.now("m")["backlog"] + run.now("m")["in_flight"]
    assert total(run, "dequeued") + held == pytest.approx(total(run, "arrivals"), abs=51)


def topic(rates: list[float], seconds: float, **params: Any) -> Run:
    """100 messages/s for ten seconds to subscribers that take so many a second."""
    steps = {"shape": "steps", "steps": [(0, 1), (10, 0)]}
    nodes = {
        "c": ("clients", {"rate_per_s": 100, "payload_kb": 1.0, **steps}),
        "m": ("mq", {"destination": "topic", "producers": 2, **params}),
        **{f"w{i}": ("puller", {"rate_per_s": rate}) for i, rate in enumerate(rates)},
    }
    links = ["c.out > m.in", *(f"m.messages > w{i}.in" for i in range(len(rates)))]
    return simulate(nodes, links, seconds=seconds, folders=FOLDER)


def test_a_topic_gives_every_subscriber_each_message_and_a_queue_one_of_them() -> None:
    run = topic([1_000, 1_000, 1_000], 20)
    assert [total(run, "served", f"w{i}") for i in range(3)] == [pytest.approx(1_000)] * 3
    assert total(run, "dequeued") == pytest.approx(3_000)
    assert total(run, "served") == pytest.approx(1_000)
    shared = topic([1_000, 1_000, 1_000], 20, destination="queue")
    assert sum(total(shared, "served", f"w{i}") for i in range(3)) == pytest.approx(1_000)


def test_the_slowest_subscriber_fills_a_topic_s_storage_and_holds_up_no_other() -> None:
    run = topic([1_000, 10], 15)
    assert total(run, "served", "w0") == pytest.approx(1_000)
    late = 1_000 - total(run, "served", "w1")
    assert late == pytest.approx(1_000 - 14 * 10, abs=11)
    assert run.now("m")["queue_size"] == pytest.approx(late / 2, abs=6)  # a subscriber's, mean
    assert run.now("m")["used_gb"] == pytest.approx((late + 10) / 1024**2, rel=0.02)


def test_a_topic_without_subscribers_drops_what_is_sent_and_says_so() -> None:
    run = topic([], 12)
    assert total(run, "enqueued") == pytest.approx(1_000)
    assert run.now("m")["backlog"] == 0
    assert any(e.kind == "no_subscriber" for e in run.events)


@pytest.mark.parametrize("subscribers", [16, 17])
def test_a_topic_says_when_it_has_more_subscribers_than_it_serves(subscribers: int) -> None:
    run = topic([1_000] * subscribers, 12)
    assert any("first 16" in e.text for e in run.events) is (subscribers > 16)
    assert total(run, "dequeued") == pytest.approx(16 * 1_000)


def test_a_topic_loses_and_redelivers_for_each_subscriber() -> None:
    run = topic([1_000, 1_000], 60, poison_share=0.1, maximum_redeliveries=3)
    assert run.now("m")["dead"] == pytest.approx(2 * 100)
    assert total(run, "redelivered") == pytest.approx(2 * 100 * 3)


def test_messages_in_memory_are_lost_with_the_broker() -> None:
    run = broker(100, 10, 100, persistent=False, scenario={"faults": KILL})
    assert run.losses("m")["lost_in_memory"][1] == pytest.approx(90 * 20, rel=0.1)


def test_a_reboot_with_a_standby_takes_seconds() -> None:
    run = broker(100, 1_000, 10, producers=10)
    run.control("m", "reboot")
    go(run, 5)
    assert run.now("m")["held_back"] == pytest.approx(500, abs=101)
    go(run, 10)
    assert run.now("m")["held_back"] == 0


def test_more_connections_than_the_quota_are_refused() -> None:
    run = broker(100_000, 1, 2, broker_type="mq.t3.micro", producers=600, consumers=300)
    assert any(e.kind == "connections" for e in run.events)
    assert not broker(1, 1, 1, broker_type="mq.t3.micro", producers=200, consumers=100).now("m")[
        "held_back"
    ]


@pytest.mark.parametrize(
    ("params", "usd"),
    [
        ({"other_gb": 20.0}, 426.48),
        ({"deployment": "single", "other_gb": 20.0}, 216.24),
        ({"deployment": "single", "storage": "ebs", "other_gb": 100.0}, 220.24),
    ],
)
def test_a_month_costs_brokers_and_storage(params: dict[str, Any], usd: float) -> None:
    run = broker(0, 1, 2, **params)
    assert run.now("m")["cost_per_hour"] * 730 == pytest.approx(usd)


def test_ebs_is_for_a_single_broker_of_m5() -> None:
    known = catalogue()
    assert known.check_params("mq", {"storage": "ebs"})
    small = {"storage": "ebs", "deployment": "single", "broker_type": "mq.t3.micro"}
    assert known.check_params("mq", small)
    assert not known.check_params("mq", {"storage": "ebs", "deployment": "single"})
