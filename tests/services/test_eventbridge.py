"""EventBridge: patterns, quotas, retries, schedules, archive and replay, cost."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.records import Fault, RequestClass
from sandbox.engine.errors import EngineError
from sandbox.services._eventbridge_params import Rule, period
from tests.services.test_sns import source, total
from tests.simulation import go, simulate

TARGET = ("external", {"servers": 100_000, "service_time_s": 0.01})


def bus(rate: float, target: Any, seconds: float, **more: Any) -> Any:
    link = more.pop("link", {})
    params = more.pop("params", {})
    payload = more.pop("payload_kb", 1.0)
    origin = more.pop("origin", "custom")
    return simulate(
        {
            "c": source(rate, payload_kb=payload),
            "b": ("eventbridge", params),
            "w": target,
            "q": ("sqs", {}),
        },
        [
            f"c.out > b.in {{'origin': '{origin}'}}",
            f"b.targets > w.in {link}",
            "b.dead_letter > q.in",
        ],
        seconds=seconds,
        **more,
    )


def test_a_rule_takes_what_its_pattern_matches() -> None:
    run = simulate(
        {"c": source(100.0), "b": ("eventbridge", {}), "x": ("sqs", {}), "y": ("sqs", {})},
        [
            "c.out > b.in",
            """b.targets > x.in {"event_pattern": '{"detail": {"state": ["paid"]}}'}""",
            """b.targets > y.in {"event_pattern": '{"source": [{"prefix": "shop."}]}'}""",
        ],
        seconds=60,
        classes=(
            RequestClass("paid", 0.3, attributes={"source": "shop.a", "detail": {"state": "paid"}}),
            RequestClass("open", 0.7, attributes={"source": "shop.b", "detail": {"state": "open"}}),
        ),
    )
    assert run.now("x")["arrivals"] == pytest.approx(30.0)
    assert run.now("y")["arrivals"] == pytest.approx(100.0)
    assert run.now("b")["matched_events"] == pytest.approx(130.0)


@pytest.mark.parametrize(
    ("era", "region", "calls"),
    [
        ("current", "us-east-1", 10_000),
        ("2020", "us-east-1", 2_400),
        ("current", "us-east-2", 2_400),
        ("2020", "us-east-2", 1_200),
    ],
)
def test_the_quota_counts_calls(era: str, region: str, calls: float) -> None:
    for entries in (1.0, 10.0):
        run = bus(
            2.0 * calls * entries,
            ("sqs", {}),
            10,
            era=era,
            region=region,
            params={"entries_per_call": entries},
        )
        assert run.now("b")["throttled"] == pytest.approx(calls * entries, rel=1e-3)


@pytest.mark.parametrize(("era", "most"), [("current", 18_750), ("2020", 4_500)])
def test_invocations_over_the_quota_are_delayed_not_dropped(era: str, most: float) -> None:
    rate = most / 2 / 0.8  # two targets each
    run = simulate(
        {
            "c": source(rate),
            "b": ("eventbridge", {"entries_per_call": 10}),
            "x": ("sqs", {}),
            "y": ("sqs", {}),
        },
        ["c.out > b.in", "b.targets > x.in", "b.targets > y.in"],
        seconds=100,
        era=era,
    )
    now = run.now("b")
    assert now["invocation_attempts"] == pytest.approx(most)
    assert now["delayed"] == pytest.approx(100 * most * 0.25, rel=1e-3)
    assert now["throttled"] == pytest.approx(0.0, abs=1e-3 * most)


def test_an_event_is_tried_for_a_day_and_then_lost() -> None:
    run = bus(1.0, TARGET, 0, tick_s=60.0, faults=(Fault("error_rate", "w", 0.0, 2e5, 1.0),))
    go(run, 86_340.0)
    assert total(run, "b", "failed_invocations") == 0.0
    go(run, 6_000.0)
    assert run.now("b")["failed_invocations"] == pytest.approx(1.0, rel=0.05)


def test_a_rule_may_give_up_earlier_into_a_dead_letter_queue() -> None:
    link = {"maximum_event_age_s": 60, "redrive": True}
    run = bus(10.0, TARGET, 300, link=link, faults=(Fault("error_rate", "w", 0.0, 300.0, 1.0),))
    assert total(run, "b", "failed_invocations") == 0.0
    assert run.now("q")["backlog"] == pytest.approx(10.0 * 240, abs=20.0)


def test_an_event_that_waited_for_its_first_attempt_is_as_old_as_the_bus_has_known_it() -> None:
    """3,000 a second for 10 s at an API destination that takes 300, and refuses all of them."""
    run = simulate(
        {
            "c": source(3_000.0, shape="steps", steps=[(0, 1), (10, 0)]),
            "b": ("eventbridge", {}),
            "w": TARGET,
            "q": ("sqs", {}),
        },
        [
            "c.out > b.in",
            "b.targets > w.in {'maximum_event_age_s': 60, 'redrive': True}",
            "b.dead_letter > q.in",
        ],
        seconds=60,
        faults=(Fault("error_rate", "w", 0.0, 300.0, 1.0),),
    )
    assert run.now("q")["backlog"] == pytest.approx(0.0, abs=1e-6)
    for second in range(1, 11):
        go(run, 1)
        by_hand = 3_000.0 * second  # sent in the first seconds, and 60 s old now
        assert run.now("q")["backlog"] == pytest.approx(by_hand, abs=3_000.0 * 1.01)
    go(run, 2)
    assert run.now("q")["backlog"] == pytest.approx(30_000.0)
    assert run.now("b")["retrying"] == pytest.approx(0.0, abs=1e-6)


def test_attempts_count_from_the_first_one_though_the_event_waited_for_it() -> None:
    # 2 s of 3,000/s take 20 s at 300/s; each event then has its three attempts, 1 and 2 s apart
    run = simulate(
        {
            "c": source(3_000.0, shape="steps", steps=[(0, 1), (2, 0)]),
            "b": ("eventbridge", {}),
            "w": TARGET,
        },
        ["c.out > b.in", "b.targets > w.in {'maximum_retry_attempts': 2}"],
        seconds=80,
        faults=(Fault("error_rate", "w", 0.0, 300.0, 1.0),),
    )
    assert total(run, "b", "invocation_attempts") == pytest.approx(3 * 6_000.0, rel=0.01)
    assert total(run, "b", "failed_invocations") == pytest.approx(6_000.0)


def test_no_retries_lose_each_failure() -> None:
    link = {"maximum_retry_attempts": 0}
    run = bus(10.0, TARGET, 60, link=link, faults=(Fault("error_rate", "w", 0.0, 300.0, 0.5),))
    assert run.now("b")["failed_invocations"] == pytest.approx(5.0)
    assert run.now("w")["arrivals"] == pytest.approx(10.0)


def test_nothing_is_lost_when_a_target_is_down_for_ten_minutes() -> None:
    run = bus(10.0, TARGET, 2400, faults=(Fault("error_rate", "w", 0.0, 600.0, 1.0),))
    assert total(run, "b", "failed_invocations") == 0.0
    assert total(run, "b", "successful_attempts") == pytest.approx(24_000.0, rel=2e-3)


def test_a_schedule_makes_events_of_its_own() -> None:
    run = bus(100.0, ("sqs", {}), 3600, link={"schedule": "rate(5 minutes)"})
    assert total(run, "w", "arrivals") == pytest.approx(12.0, abs=1.0)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("rate(1 minute)", 60), ("rate(5 minutes)", 300), ("rate(1 hour)", 3600), ("", 0)],
)
def test_a_rate_expression_is_read(text: str, seconds: float) -> None:
    assert period(text) == seconds


@pytest.mark.parametrize("text", ["rate(5 minute)", "rate(1 minutes)", "rate(0 minutes)", "5 m"])
def test_a_rate_that_aws_refuses_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write rate"):
        Rule(schedule=text)


def test_an_archive_replays_what_came_while_it_was_on() -> None:
    run = bus(10.0, ("sqs", {}), 600, params={"archive": True})
    run.control("b", "replay", {"start_s": 60.0, "end_s": 360.0, "rate_per_s": 100.0})
    before = run.now("w")["backlog"]
    go(run, 60)
    assert run.now("w")["backlog"] == pytest.approx(before + 600 + 3000, rel=1e-3)
    assert any(event.kind == "replay_ended" for event in run.events)


def test_without_an_archive_there_is_nothing_to_replay() -> None:
    run = bus(10.0, ("sqs", {}), 60)
    with pytest.raises(EngineError, match="archive"):
        run.control("b", "replay", {"start_s": 0.0, "end_s": 60.0})


def test_events_are_paid_by_64_kb_and_those_of_aws_are_free() -> None:
    def monthly(**more: Any) -> float:
        return float(bus(100.0, ("sqs", {}), 60, **more).now("b")["cost_per_hour"]) * 730

    assert monthly() == pytest.approx(262.80, rel=1e-3)
    assert monthly(payload_kb=65.0) == pytest.approx(525.60, rel=1e-3)
    assert monthly(origin="aws") == 0.0


def test_partners_have_a_bucket_of_their_own() -> None:
    run = bus(2800.0, ("sqs", {}), 60, origin="partner")
    assert run.now("b")["throttled"] == pytest.approx(1400.0, rel=1e-2)


@pytest.mark.parametrize(("era", "largest"), [("current", 1024.0), ("2020", 256.0)])
def test_an_event_may_be_so_large(era: str, largest: float) -> None:
    for kb, lost in ((largest, 0.0), (largest + 1, 10.0)):
        run = bus(10.0, ("sqs", {}), 10, era=era, payload_kb=kb)
        assert run.now("b")["rejected"] == pytest.approx(lost)


def test_an_api_destination_gets_300_a_second() -> None:
    run = bus(400.0, TARGET, 60)
    assert run.now("w")["arrivals"] == pytest.approx(300.0)
    assert run.now("b")["delayed"] == pytest.approx(6000.0)


def test_an_event_takes_half_a_second_in_2020_and_less_now() -> None:
    assert bus(1.0, ("sqs", {}), 5).now("b")["start_latency"] == pytest.approx(0.148)
    assert bus(1.0, ("sqs", {}), 5, era="2020").now("b")["start_latency"] == pytest.approx(0.395)


def test_what_a_rate_keeps_from_being_tried_grows_old_as_well() -> None:
    nodes: dict[str, tuple[str, dict[str, Any]]] = {
        "c": ("clients", {"rate_per_s": 10, "write_fraction": 1.0, "arrival_cv2": 0.0}),
        "b": ("eventbridge", {}),
        "w": ("external", {}),
    }
    days = 86_400.0
    down = (Fault("capacity_cut", "w", 0.0, 5 * days, 1.0),)
    links = ["c.out > b.in", "b.targets > w.in"]
    run = simulate(nodes, links, seconds=5 * days, tick_s=60.0, faults=down, duration_s=5 * days)
    # retries use up the 300 a second of an API destination: the others wait, and a day is a day
    assert run.now("b")["retrying"] == pytest.approx(10 * days, rel=0.2)
    assert run.history.summary("b", "failed_invocations")["total"] == pytest.approx(
        0.8 * 5 * 10 * days, rel=0.05
    )
