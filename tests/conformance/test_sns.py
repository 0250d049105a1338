"""SNS to AWS's rules, each at its boundary."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.records import Fault
from sandbox.engine import Run
from sandbox.services import catalogue
from sandbox.services._delivery_policy import Schedule
from sandbox.services._sns_params import Subscription, http
from sandbox.services._sns_setup import PEOPLE, SERVICES
from tests.conformance import fact
from tests.services.test_sns import ENDPOINT, outage, source, total
from tests.simulation import simulate

QUOTAS = "AWS General Reference: Amazon SNS endpoints and quotas"
GUIDE = "Amazon SNS Developer Guide"
RETRIES = f"{GUIDE}: Amazon SNS message delivery retries"
LETTERS = f"{GUIDE}: Amazon SNS dead-letter queues"
PRICING = "https://aws.amazon.com/sns/pricing/"


def topic(rate: float, target: Any = ("sqs", {}), seconds: float = 3, **more: Any) -> Run:
    link = more.pop("link", {})
    params = more.pop("params", {})
    kb = more.pop("payload_kb", 1.0)
    return simulate(
        {"c": source(rate, payload_kb=kb), "t": ("sns", params), "w": target},
        ["c.out > t.in", f"t.subscriptions > w.in {link}"],
        seconds=seconds,
        **more,
    )


@pytest.mark.parametrize(
    ("region", "per_s"),
    [
        ("us-east-1", 30_000),
        ("us-west-2", 9_000),
        ("eu-west-1", 9_000),
        ("us-east-2", 1_500),
        ("ap-northeast-1", 1_500),
        ("eu-central-1", 1_500),
        ("eu-north-1", 300),
    ],
)
@fact(
    "An account publishes 30,000, 9,000, 1,500 or 300 messages a second, by Region", source=QUOTAS
)
def test_an_account_publishes_by_its_region(region: str, per_s: float) -> None:
    over = topic(2 * per_s, region=region).now("t")
    assert over["published"] == pytest.approx(per_s, rel=1e-4)
    assert over["throttled"] == pytest.approx(per_s, rel=1e-4)
    assert topic(0.7 * per_s, region=region).now("t")["throttled"] == pytest.approx(0, abs=0.01)


@fact("A message may have 256 KiB", source=QUOTAS)
def test_a_message_has_at_most_256_kib() -> None:
    for kb, refused in ((255.9, 0), (256.0, 0), (256.01, 10)):
        assert topic(10, payload_kb=kb).now("t")["rejected"] == pytest.approx(refused)


@fact("A FIFO topic takes 3,000 messages or 20 MB a second", source=QUOTAS)
def test_a_fifo_topic_takes_3000_or_20_mb() -> None:
    for kb, most in ((1.0, 3_000), (20 * 1024 / 3_000, 3_000), (20.0, 1_024)):
        run = topic(9_000, params={"type": "fifo"}, payload_kb=kb)
        assert run.now("t")["published"] == pytest.approx(most, rel=1e-4)


@fact("By message group, a group takes 300 messages a second", source=QUOTAS)
def test_a_group_takes_300() -> None:
    for groups in (1, 7):
        params = {"type": "fifo", "fifo_throughput_scope": "message_group"}
        run = topic(9_000, params={**params, "message_groups": groups})
        assert run.now("t")["published"] == pytest.approx(300 * groups, rel=1e-4)


@fact("A FIFO topic delivers to queues only", source=f"{GUIDE}: FIFO topics message delivery")
def test_a_fifo_topic_delivers_to_queues() -> None:
    for target, warned in ((ENDPOINT, True), (("sqs", {}), False)):
        run = topic(1, target, params={"type": "fifo"})
        assert any(e.kind == "protocol" for e in run.events) is warned


@fact("FIFO topics came in October 2020", source=f"{GUIDE}: Document history")
def test_there_were_no_fifo_topics_in_2020() -> None:
    for era, warned in (("2020", True), ("current", False)):
        run = topic(1, params={"type": "fifo"}, era=era)
        assert any(e.kind == "not_in_era" for e in run.events) is warned


@fact("An email subscription gets 10 messages a second", source=QUOTAS)
def test_email_gets_ten() -> None:
    for rate, waiting in ((10.0, 0.0), (11.0, 20.0)):
        run = topic(rate, ENDPOINT, 20, link={"protocol": "email"})
        assert run.now("w")["arrivals"] == pytest.approx(10)
        assert run.now("t")["retrying"] == pytest.approx(waiting, abs=1e-6)


@fact("SMS are sent 20 a second", source=QUOTAS)
def test_sms_gets_twenty() -> None:
    run = topic(30.0, ENDPOINT, 5, link={"protocol": "sms"})
    assert run.now("w")["arrivals"] == pytest.approx(20)


@fact(
    "An HTTP endpoint is tried again 3 times, 20 s apart, unless it says otherwise", source=RETRIES
)
def test_http_is_tried_three_times_20_s_apart() -> None:
    assert http(Subscription()) == Schedule([20.0, 40.0, 60.0], 0.0, 60.0)
    run = outage(ENDPOINT, 120.0)
    assert total(run, "t", "discarded") == pytest.approx(10 * 60, abs=10)


@fact(
    "Without a dead-letter queue what is given up is lost: 5,400 of 6,000 messages in an outage of "
    "10 minutes",
    source=RETRIES,
)
def test_an_outage_of_ten_minutes_loses_5400_of_6000() -> None:
    run = outage(ENDPOINT, 700.0)
    assert total(run, "t", "discarded") == pytest.approx(5_400, abs=10)


@fact("A dead-letter queue belongs to a subscription, and keeps what is given up", source=LETTERS)
def test_a_dead_letter_queue_keeps_what_is_given_up() -> None:
    run = outage(ENDPOINT, 700.0, redrive=True)
    assert total(run, "t", "discarded") == 0
    assert run.now("q")["backlog"] == pytest.approx(5_400, abs=10)


@fact("A custom policy has up to 100 retries", source=RETRIES)
def test_a_policy_has_a_hundred_retries() -> None:
    assert Subscription(retries=100, min_delay_s=1, max_delay_s=1).retries == 100
    with pytest.raises(ValueError, match="100"):
        Subscription(retries=101, min_delay_s=1, max_delay_s=1)


@fact("Its delays are 1 to 3,600 s", source=RETRIES)
def test_delays_are_a_second_to_an_hour() -> None:
    Subscription(retries=1, min_delay_s=1, max_delay_s=3_600)
    for wrong in ({"min_delay_s": 0.5}, {"max_delay_s": 3_601}):
        with pytest.raises(ValueError, match="delay_s"):
            Subscription(**{"retries": 1, **wrong})


@fact("All retries of a custom policy take 3,600 s at most", source=RETRIES)
def test_all_retries_take_an_hour_at_most() -> None:
    Subscription(retries=2, min_delay_s=1_800, max_delay_s=1_800)
    with pytest.raises(ValueError, match="3,600"):
        Subscription(retries=2, min_delay_s=1_800, max_delay_s=1_801)


@fact("maxReceivesPerSecond holds deliveries back", source=RETRIES)
def test_deliveries_are_held_at_the_endpoint_s_rate() -> None:
    run = topic(10.0, ENDPOINT, 10, link={"max_receives_per_s": 4.0})
    assert run.now("w")["arrivals"] == pytest.approx(4)
    assert run.now("t")["retrying"] == pytest.approx(60)


@fact(
    "Deliveries to queues and functions are tried 100,015 times over 23 days",
    source=RETRIES,
)
def test_services_are_tried_for_23_days() -> None:
    assert SERVICES.end_s / 86_400 == pytest.approx(23.15, abs=0.01)
    tail = (SERVICES.end_s - SERVICES.ages[-1]) / SERVICES.tail_s
    assert len(SERVICES.ages) + tail == pytest.approx(100_015)
    run = simulate(
        {"c": source(10.0), "t": ("sns", {}), "w": ("sqs", {})},
        ["c.out > t.in", "t.subscriptions > w.in"],
        seconds=700,
        faults=(Fault("error_rate", "w", 0.0, 600.0, 1.0),),
    )
    assert total(run, "t", "discarded") == 0
    assert run.now("w")["backlog"] == pytest.approx(7_000, abs=1)


@fact("Email, SMS and mobile push are tried 50 times over more than 6 hours", source=RETRIES)
def test_people_are_tried_50_times() -> None:
    assert len(PEOPLE.ages) == 50
    assert 6 * 3600 < PEOPLE.end_s < 7 * 3600
    run = topic(
        10.0,
        ENDPOINT,
        21_600,
        link={"protocol": "mobile_push"},
        faults=(Fault("error_rate", "w", 0.0, 1e5, 1.0),),
        tick_s=60.0,
        duration_s=1e5,
    )
    assert total(run, "t", "discarded") == 0


@fact("A topic keeps nothing: who subscribes later gets no earlier message", source=f"{GUIDE}: FAQ")
def test_a_topic_keeps_nothing() -> None:
    now = topic(10.0, seconds=20).now("t")
    assert now["backlog"] == pytest.approx(0)
    assert now["retrying"] == 0


@fact("Publishing costs 0.50 USD a million, each 64 KB a request", source=PRICING)
def test_publishing_costs_by_64_kb() -> None:
    for kb, units in ((64.0, 1), (64.1, 2)):
        now = topic(100.0, payload_kb=kb).now("t")
        assert now["cost_per_hour"] == pytest.approx(100 * 3600 * units * 0.5e-6)


@fact("Publishing to a FIFO topic costs 0.30 USD a million and 0.017 a GB", source=PRICING)
@fact("… each delivery to a queue 0.01 USD a million and 0.001 a GB", source=PRICING)
@pytest.mark.parametrize("kb", [1.0, 64.0, 64.1, 150.0])
@pytest.mark.parametrize("queues", [0, 1, 4])
def test_a_fifo_topic_costs_by_message_and_by_gigabyte(kb: float, queues: int) -> None:
    subscribed = {f"w{i}": ("sqs", {}) for i in range(queues)}
    run = simulate(
        {"c": source(10.0, payload_kb=kb), "t": ("sns", {"type": "fifo"}), **subscribed},
        ["c.out > t.in", *(f"t.subscriptions > {name}.in" for name in subscribed)],
        seconds=5,
    )
    gb = kb / 1024**2
    each = 0.30e-6 + gb * 0.017 + queues * (0.01e-6 + gb * 0.001)
    assert run.now("t")["cost_per_hour"] == pytest.approx(10 * 3600 * each, rel=1e-6)


@pytest.mark.parametrize(
    ("protocol", "usd"), [("http", 0.06e-5), ("email", 2.0e-5), ("mobile_push", 0.5e-6)]
)
@fact(
    "Deliveries cost by protocol: HTTP 0.06 USD and email 2.00 USD a 100,000, push 0.50 a million; "
    "queues are free",
    source=PRICING,
)
def test_deliveries_cost_by_protocol(protocol: str, usd: float) -> None:
    rate = 8.0
    now = topic(rate, ENDPOINT, 30, link={"protocol": protocol}).now("t")
    assert now["cost_per_hour"] == pytest.approx(rate * 3600 * (0.5e-6 + usd), rel=1e-3)
    assert topic(rate).now("t")["cost_per_hour"] == pytest.approx(rate * 3600 * 0.5e-6)


@fact("Deliveries to Firehose cost 0.19 USD a million", source=PRICING)
def test_deliveries_to_firehose_cost() -> None:
    now = topic(100.0, ("firehose", {}), 3).now("t")
    assert now["cost_per_hour"] == pytest.approx(100 * 3600 * (0.5e-6 + 0.19e-6), rel=1e-3)


@fact("100 messages a second cost 131.40 USD a month", source=PRICING)
def test_a_month_costs_131_dollars() -> None:
    assert topic(100.0).now("t")["cost_per_hour"] * 730 == pytest.approx(131.40, rel=1e-4)


@fact("A subscription's dead-letter queue is an SQS queue", source=LETTERS)
def test_a_dead_letter_queue_is_of_sqs() -> None:
    known = catalogue()
    assert known.why_not("sns", "dead_letter", "sqs", "in") is None
    assert known.why_not("sns", "dead_letter", "lambda_function", "in")
