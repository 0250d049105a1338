"""SNS: fan-out, filters, retries, dead letters, quotas, cost."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.records import Fault, RequestClass
from sandbox.engine import Run
from tests.simulation import go, simulate

ENDPOINT = ("external", {"servers": 10_000, "service_time_s": 0.01})


def source(rate: float, **more: Any) -> tuple[str, dict[str, Any]]:
    return ("clients", {"rate_per_s": rate, "write_fraction": 1.0, "payload_kb": 1.0, **more})


def total(run: Run, node: str, metric: str) -> float:
    """A count over the whole run."""
    _t, mean, _lo, _hi = run.series(node, metric, points=1)
    return float(mean[0]) * run.t_s


def down(target: str, start_s: float, end_s: float) -> dict[str, Any]:
    return {"faults": (Fault("error_rate", target, start_s, end_s, 1.0),)}


def test_every_subscription_gets_a_copy() -> None:
    run = simulate(
        {"c": source(100.0), "t": ("sns", {}), "a": ("sqs", {}), "b": ("sqs", {}), "w": ENDPOINT},
        ["c.out > t.in", *(f"t.subscriptions > {x}.in" for x in "abw")],
        seconds=600,
    )
    for target in "abw":
        assert run.now(target)["arrivals"] == pytest.approx(100.0)
    assert run.now("t")["delivered"] == pytest.approx(300.0)
    assert run.now("t")["published"] == pytest.approx(100.0)


def test_a_filter_policy_takes_its_classes_only() -> None:
    classes = (
        RequestClass("order", 0.25, attributes={"type": "order", "total": 120}),
        RequestClass("refund", 0.75, attributes={"type": "refund", "total": 20}),
    )
    run = simulate(
        {
            "c": source(100.0),
            "t": ("sns", {}),
            "a": ("sqs", {}),
            "b": ("sqs", {}),
            "d": ("sqs", {}),
        },
        [
            "c.out > t.in",
            """t.subscriptions > a.in {"filter_policy": '{"type": ["order"]}'}""",
            """t.subscriptions > b.in {"filter_policy": '{"total": [{"numeric": ["<", 100]}]}'}""",
            """t.subscriptions > d.in {"filter_policy": '{"type": ["gift"]}'}""",
        ],
        seconds=60,
        classes=classes,
    )
    assert run.now("a")["arrivals"] == pytest.approx(25.0)
    assert run.now("b")["arrivals"] == pytest.approx(75.0)
    assert run.now("d")["arrivals"] == 0.0
    assert run.now("t")["filtered_out"] == pytest.approx(75.0 + 25.0 + 100.0)


def outage(target: Any, seconds: float, **link: Any) -> Run:
    """10 messages/s for as long; the endpoint is down for the first ten minutes."""
    return simulate(
        {"c": source(10.0), "t": ("sns", {}), "w": target, "q": ("sqs", {})},
        ["c.out > t.in", f"t.subscriptions > w.in {link}", "t.dead_letter > q.in"],
        seconds=seconds,
        **down("w", 0.0, 600.0),
    )


def test_an_http_endpoint_that_is_down_loses_what_three_retries_cannot_save() -> None:
    run = outage(ENDPOINT, 700.0)
    # sent in the last minute before the endpoint was back: three times 20 s save it
    assert total(run, "t", "discarded") == pytest.approx(5400.0, abs=10.0)
    assert total(run, "t", "delivered") == pytest.approx(7000.0 - 5400.0, abs=10.0)
    assert run.now("t")["retrying"] == pytest.approx(0.0, abs=1e-6)


def test_a_dead_letter_queue_keeps_what_is_given_up() -> None:
    run = outage(ENDPOINT, 700.0, redrive=True)
    assert total(run, "t", "discarded") == 0.0
    assert run.now("q")["backlog"] == pytest.approx(5400.0, abs=10.0)


def test_more_retries_with_longer_delays_save_more() -> None:
    run = outage(ENDPOINT, 1000.0, retries=4, min_delay_s=30, max_delay_s=120)
    # 30 + 60 + 90 + 120 s
    assert total(run, "t", "discarded") == pytest.approx(6000.0 - 3000.0, abs=10.0)


def test_a_queue_that_is_down_loses_nothing() -> None:
    run = outage(("sqs", {}), 700.0)
    assert total(run, "t", "discarded") == 0.0
    assert run.now("w")["backlog"] == pytest.approx(7000.0, abs=1.0)


def test_half_of_the_attempts_failing_loses_what_four_attempts_lose() -> None:
    run = simulate(
        {"c": source(100.0), "t": ("sns", {}), "w": ENDPOINT},
        ["c.out > t.in", "t.subscriptions > w.in"],
        seconds=600,
        faults=(Fault("error_rate", "w", 0.0, 600.0, 0.5),),
    )
    now = run.now("t")
    assert now["discarded"] == pytest.approx(100.0 / 16, rel=1e-3)
    assert now["delivered"] == pytest.approx(100.0 * 15 / 16, rel=1e-3)
    assert run.now("w")["arrivals"] == pytest.approx(100.0 * (1 + 1 / 2 + 1 / 4 + 1 / 8), rel=1e-3)


@pytest.mark.parametrize("tick_s", [0.1, 1.0, 10.0])
def test_the_length_of_the_tick_changes_no_total(tick_s: float) -> None:
    run = simulate(
        {"c": source(10.0), "t": ("sns", {}), "w": ENDPOINT},
        ["c.out > t.in", "t.subscriptions > w.in"],
        tick_s=tick_s,
        **down("w", 0.0, 600.0),
    )
    go(run, 720.0)
    assert total(run, "t", "discarded") == pytest.approx(5400.0, rel=0.01)


def test_an_email_address_gets_ten_a_second_and_the_rest_waits() -> None:
    run = simulate(
        {"c": source(12.0), "t": ("sns", {}), "w": ENDPOINT},
        ["c.out > t.in", "t.subscriptions > w.in {'protocol': 'email'}"],
        seconds=100,
    )
    assert run.now("w")["arrivals"] == pytest.approx(10.0)
    assert run.now("t")["retrying"] == pytest.approx(200.0)


@pytest.mark.parametrize(
    ("region", "per_s"),
    [("us-east-1", 30_000), ("eu-west-1", 9_000), ("eu-central-1", 1_500), ("sa-east-1", 300)],
)
def test_a_region_takes_so_many_messages_a_second(region: str, per_s: float) -> None:
    run = simulate(
        {"c": source(2.0 * per_s), "t": ("sns", {}), "a": ("sqs", {})},
        ["c.out > t.in", "t.subscriptions > a.in"],
        seconds=10,
        region=region,
    )
    assert run.now("t")["published"] == pytest.approx(per_s, rel=1e-3)
    assert run.now("t")["throttled"] == pytest.approx(per_s, rel=1e-3)


def test_a_message_over_256_kb_is_refused() -> None:
    for kb, lost in ((256.0, 0.0), (256.1, 10.0)):
        run = simulate(
            {"c": source(10.0, payload_kb=kb), "t": ("sns", {}), "a": ("sqs", {})},
            ["c.out > t.in", "t.subscriptions > a.in"],
            seconds=10,
        )
        assert run.now("t")["rejected"] == pytest.approx(lost)


def test_a_fifo_topic_takes_3000_a_second_and_a_group_300() -> None:
    for params, most in (
        ({"type": "fifo"}, 3000.0),
        ({"type": "fifo", "fifo_throughput_scope": "message_group", "message_groups": 5}, 1500.0),
    ):
        run = simulate(
            {"c": source(9000.0), "t": ("sns", params), "a": ("sqs", {})},
            ["c.out > t.in", "t.subscriptions > a.in"],
            seconds=10,
        )
        assert run.now("t")["published"] == pytest.approx(most, rel=1e-3)


def test_publishing_is_paid_by_64_kb_and_deliveries_by_protocol() -> None:
    def hourly(kb: float, **link: Any) -> float:
        run = simulate(
            {"c": source(100.0, payload_kb=kb), "t": ("sns", {}), "w": ENDPOINT},
            ["c.out > t.in", f"t.subscriptions > w.in {link}"],
            seconds=60,
        )
        return run.now("t")["cost_per_hour"]

    publish = 100 * 3600 * 0.5e-6
    assert hourly(64.0) == pytest.approx(publish + 100 * 3600 * 0.06e-5, rel=1e-3)
    assert hourly(65.0) == pytest.approx(2 * publish + 100 * 3600 * 0.06e-5, rel=1e-3)
    mobile = publish + 100 * 3600 * 0.5e-6
    assert hourly(1.0, protocol="mobile_push") == pytest.approx(mobile, rel=1e-3)


def test_a_month_of_100_messages_a_second_costs_131_dollars() -> None:
    run = simulate(
        {"c": source(100.0), "t": ("sns", {}), "a": ("sqs", {})},
        ["c.out > t.in", "t.subscriptions > a.in"],
        seconds=60,
    )
    assert run.now("t")["cost_per_hour"] * 730 == pytest.approx(131.40, rel=1e-3)


def test_retries_of_more_than_an_hour_are_refused() -> None:
    from sandbox.services._sns_params import Subscription

    Subscription(retries=1, min_delay_s=3600, max_delay_s=3600)
    with pytest.raises(ValueError, match="3,600"):
        Subscription(retries=2, min_delay_s=3600, max_delay_s=3600)
