"""EventBridge to AWS's rules, each at its boundary."""

from __future__ import annotations

import pytest

from sandbox.document.records import Fault
from sandbox.engine.errors import EngineError
from sandbox.services import catalogue
from sandbox.services._eventbridge_params import Rule
from sandbox.services._patterns import matches, parse
from tests.conformance import fact
from tests.services.test_eventbridge import TARGET, bus
from tests.services.test_sns import source, total
from tests.simulation import go, simulate

GUIDE = "Amazon EventBridge User Guide"
QUOTAS = f"{GUIDE}: Amazon EventBridge quotas"
RETRY = f"{GUIDE}: How EventBridge retries delivering events"
PATTERNS = f"{GUIDE}: Comparison operators for use in event patterns"
PRICING = "https://aws.amazon.com/eventbridge/pricing/"
QUEUE = ("sqs", {})


@pytest.mark.parametrize(
    ("era", "region", "calls"),
    [
        ("current", "us-east-1", 10_000),
        ("current", "us-west-2", 10_000),
        ("current", "eu-west-1", 10_000),
        ("2020", "us-east-1", 2_400),
    ],
)
@fact("PutEvents takes 10,000 calls a second in the largest Regions, in 2020 2,400", source=QUOTAS)
def test_put_events_takes_so_many_calls(era: str, region: str, calls: float) -> None:
    over = bus(2 * calls, QUEUE, 3, era=era, region=region).now("b")
    assert over["throttled"] == pytest.approx(calls, rel=1e-4)
    under = bus(0.9 * calls, QUEUE, 3, era=era, region=region).now("b")
    assert under["throttled"] == pytest.approx(0, abs=0.01)


@fact("A call has at most 10 entries", source="Amazon EventBridge API Reference: PutEvents")
def test_a_call_has_ten_entries() -> None:
    run = bus(200_000, QUEUE, 3, params={"entries_per_call": 10})
    assert run.now("b")["throttled"] == pytest.approx(100_000, rel=1e-3)
    assert catalogue().check_params("eventbridge", {"entries_per_call": 11})


@fact("Events may have 1 MB; in 2020 256 KB", source=f"{GUIDE}: Calculating PutEvents entry size")
def test_events_may_be_so_large() -> None:
    for era, kb in (("current", 1024.0), ("2020", 256.0)):
        for more, refused in ((0.0, 0), (0.1, 10)):
            run = bus(10, QUEUE, 3, era=era, payload_kb=kb + more)
            assert run.now("b")["rejected"] == pytest.approx(refused)


@pytest.mark.parametrize(("era", "most"), [("current", 18_750), ("2020", 4_500)])
@fact(
    "Targets are invoked 18,750 times a second in the largest Regions, in 2020 4,500; what is more "
    "is delayed, not dropped",
    source=QUOTAS,
)
def test_invocations_are_delayed(era: str, most: float) -> None:
    for part, delayed in ((0.99, 0.0), (1.2, 0.2)):
        run = simulate(
            {
                "c": source(most * part / 3),
                "b": ("eventbridge", {"entries_per_call": 10}),
                **{x: ("sqs", {}) for x in "xyz"},
            },
            ["c.out > b.in", *(f"b.targets > {x}.in" for x in "xyz")],
            seconds=10,
            era=era,
        )
        assert run.now("b")["delayed"] == pytest.approx(most * delayed * 10, rel=1e-3, abs=1e-6)
        assert total(run, "b", "failed_invocations") == 0


@fact("A rule has at most 5 targets", source=QUOTAS)
def test_a_rule_has_five_targets() -> None:
    for n, warned in ((5, False), (6, True)):
        names = [f"q{i}" for i in range(n)]
        run = simulate(
            {"c": source(1.0), "b": ("eventbridge", {}), **{x: ("sqs", {}) for x in names}},
            ["c.out > b.in", *(f"b.targets > {x}.in {{'rule': 'one'}}" for x in names)],
            seconds=1,
        )
        assert any("5" in e.text and e.node == "b" for e in run.events) is warned


@fact("A failing target is tried for 24 hours by default, then the event is dropped", source=RETRY)
def test_a_target_is_tried_for_a_day() -> None:
    fault = (Fault("error_rate", "w", 0.0, 2e5, 1.0),)
    run = bus(1.0, TARGET, 86_340, tick_s=60.0, duration_s=2e5, faults=fault)
    assert total(run, "b", "failed_invocations") == 0
    go(run, 600)
    assert run.now("b")["failed_invocations"] == pytest.approx(1.0, rel=0.05)


@fact("A rule's age limit is 60 s to 24 hours", source=RETRY)
def test_an_age_is_a_minute_to_a_day() -> None:
    Rule(maximum_event_age_s=60)
    Rule(maximum_event_age_s=86_400)
    for wrong in (59, 86_401):
        with pytest.raises(ValueError, match="maximum_event_age_s"):
            Rule(maximum_event_age_s=wrong)


@fact("An event's age counts from when the bus took it in, not from its first try", source=RETRY)
@pytest.mark.parametrize(("age_s", "lost"), [(98, True), (101, False)])
def test_an_event_s_age_counts_from_the_start(age_s: int, lost: bool) -> None:
    # 30,000 events of one second take 100 s at an API destination's 300 a second
    run = bus(
        30_000.0,
        TARGET,
        0,
        link={"maximum_event_age_s": age_s},
        params={"entries_per_call": 10},
    )
    go(run, 1)
    run.control(None, "load", {"factor": 0.0})
    go(run, 149)
    assert (total(run, "b", "failed_invocations") > 0) is lost


@fact("It tries 0 to 185 times", source=RETRY)
def test_it_tries_at_most_185_times() -> None:
    assert Rule().maximum_retry_attempts == 185
    with pytest.raises(ValueError, match="185"):
        Rule(maximum_retry_attempts=186)
    fault = (Fault("error_rate", "w", 0.0, 300.0, 0.5),)
    run = bus(10.0, TARGET, 20, link={"maximum_retry_attempts": 0}, faults=fault)
    assert run.now("b")["failed_invocations"] == pytest.approx(5)


@fact("What is given up goes to the target's dead-letter queue, if there is one", source=RETRY)
def test_what_is_given_up_goes_to_the_dead_letter_queue() -> None:
    link = {"maximum_event_age_s": 60, "redrive": True}
    run = bus(10.0, TARGET, 200, link=link, faults=(Fault("error_rate", "w", 0.0, 300.0, 1.0),))
    assert total(run, "b", "failed_invocations") == 0
    assert run.now("q")["backlog"] == pytest.approx(10 * 140, abs=20)


@fact("A target that is down for 10 minutes loses nothing", source=RETRY)
def test_ten_minutes_lose_nothing() -> None:
    run = bus(10.0, TARGET, 2_400, faults=(Fault("error_rate", "w", 0.0, 600.0, 1.0),))
    assert total(run, "b", "successful_attempts") == pytest.approx(24_000, rel=2e-3)


@fact("Partners put 1,400 events a second, with bursts of 3,600", source=QUOTAS)
def test_partners_have_a_rate_and_a_burst() -> None:
    run = bus(2_800, QUEUE, 2, origin="partner")
    assert total(run, "b", "throttled") == pytest.approx(0, abs=1)
    go(run, 1)
    # two seconds and a half of 1,400 too many use up the burst
    assert total(run, "b", "throttled") == pytest.approx(3 * 1_400 - 3_600, rel=0.02)
    go(run, 10)
    assert run.now("b")["throttled"] == pytest.approx(1_400, rel=2e-3)


@fact("An API destination is invoked 300 times a second", source=QUOTAS)
def test_an_api_destination_gets_300() -> None:
    for rate, delayed in ((300.0, 0.0), (310.0, 100.0)):
        run = bus(rate, TARGET, 10)
        assert run.now("w")["arrivals"] == pytest.approx(300)
        assert run.now("b")["delayed"] == pytest.approx(delayed, abs=1e-6)


@fact("A million invocations of API destinations cost 0.20 USD",
      source="https://aws.amazon.com/eventbridge/pricing/")  # fmt: skip
def test_api_destinations_are_paid_by_the_call() -> None:
    called, queue = (
        bus(100.0, target, 10).now("b")["cost_per_hour"] for target in (TARGET, ("sqs", {}))
    )
    assert called - queue == pytest.approx(100 * 3600 * 0.20e-6, rel=2e-3)


@pytest.mark.parametrize(
    ("pattern", "event", "taken"),
    [
        ('{"a": ["x", "y"]}', {"a": "y"}, True),
        ('{"a": ["x"], "b": ["z"]}', {"a": "x"}, False),
        ('{"a": [{"prefix": "sh"}]}', {"a": "shop"}, True),
        ('{"a": [{"suffix": "op"}]}', {"a": "shop"}, True),
        ('{"a": [{"anything-but": ["x"]}]}', {"a": "x"}, False),
        ('{"a": [{"numeric": [">", 0, "<=", 5]}]}', {"a": 5}, True),
        ('{"a": [{"numeric": [">", 0, "<", 5]}]}', {"a": 5}, False),
        ('{"a": [{"exists": true}]}', {"b": 1}, False),
        ('{"a": [{"exists": false}]}', {"b": 1}, True),
        ('{"a": [{"cidr": "10.0.0.0/24"}]}', {"a": "10.0.0.255"}, True),
        ('{"a": [{"cidr": "10.0.0.0/24"}]}', {"a": "10.0.1.0"}, False),
        ('{"a": [{"equals-ignore-case": "Shop"}]}', {"a": "sHOP"}, True),
        ('{"a": [{"wildcard": "s*p"}]}', {"a": "shop"}, True),
        ('{"$or": [{"a": ["x"]}, {"b": ["y"]}]}', {"b": "y"}, True),
    ],
)
@fact(
    "Patterns: values of a key are alternatives, keys are all required; prefix, suffix, "
    "anything-but, numeric, exists, cidr, equals-ignore-case, wildcard, $or",
    source=PATTERNS,
)
def test_a_pattern_takes_what_it_says(pattern: str, event: dict[str, object], taken: bool) -> None:
    assert matches(parse(pattern), event) is taken


@fact("A value of a pattern is an array", source=PATTERNS)
def test_a_value_outside_an_array_is_refused() -> None:
    with pytest.raises(ValueError, match=r"array|list"):
        parse('{"a": "x"}')


@fact(
    "Only what was archived can be replayed",
    source="Amazon EventBridge API Reference: CreateArchive, StartReplay",
)
def test_only_an_archive_can_be_replayed() -> None:
    bare = bus(10.0, QUEUE, 20)
    with pytest.raises(EngineError, match="archive"):
        bare.control("b", "replay", {"start_s": 0.0, "end_s": 20.0})
    run = bus(10.0, QUEUE, 100, params={"archive": True})
    run.control("b", "replay", {"start_s": 20.0, "end_s": 60.0, "rate_per_s": 100.0})
    go(run, 10)
    assert run.now("w")["backlog"] == pytest.approx(1_000 + 100 + 400, rel=0.01)


@fact("Events replayed from an archive cost as much as custom ones", source=PRICING)
def test_replayed_events_cost_by_the_million() -> None:
    run = bus(10.0, QUEUE, 100, params={"archive": True})
    before = run.now("b")["cost_per_hour"]
    run.control("b", "replay", {"start_s": 20.0, "end_s": 60.0, "rate_per_s": 100.0})
    go(run, 2)
    replayed = run.now("b")["replayed"]
    assert replayed == pytest.approx(100)
    assert run.now("b")["cost_per_hour"] - before == pytest.approx(100 * 3600 * 1e-6, rel=1e-3)


@fact("Archiving costs 0.10 USD a GB", source=PRICING)
def test_an_archive_costs_by_what_comes_in() -> None:
    with_it, without = (
        bus(100.0, QUEUE, 3, payload_kb=64.0, params={"archive": on}).now("b")["cost_per_hour"]
        for on in (True, False)
    )
    assert with_it - without == pytest.approx(100 * 64 / 2**20 * 3600 * 0.10, rel=1e-3)


@fact(
    "Custom events cost 1.00 USD a million, each 64 KB one; those of AWS are free", source=PRICING
)
def test_events_cost_by_64_kb() -> None:
    for kb, origin, usd in ((64.0, "custom", 1), (64.1, "custom", 2), (64.0, "aws", 0)):
        now = bus(100.0, QUEUE, 3, payload_kb=kb, origin=origin).now("b")
        assert now["cost_per_hour"] == pytest.approx(100 * 3600 * usd * 1e-6)


@fact("100 events a second cost 262.80 USD a month", source=PRICING)
def test_a_month_costs_262_dollars() -> None:
    assert bus(100.0, QUEUE, 3).now("b")["cost_per_hour"] * 730 == pytest.approx(262.80)
