"""Faults in a run: when they act, what they end, and that nothing is lost without a cause."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sandbox.document.records import Fault, Group, Scenario
from sandbox.engine import Run
from sandbox.engine.controls import Control
from sandbox.engine.errors import EngineError
from sandbox.services import catalogue
from tests.simulation import diagram, go, simulate

PATH = {
    "c": ("clients", {"rate_per_s": 100.0}),
    "web": ("external", {"servers": 40, "service_time_s": 0.05}),
    "db": ("external", {"servers": 10, "service_time_s": 0.02}),
}
CALLS = ["c.out > web.in", "web.out > db.in"]


def path(*faults: Fault, seconds: float = 0.0, **scenario: Any) -> Run:
    return simulate(PATH, CALLS, seconds=seconds, faults=faults, **scenario)


def total(run: Run, node: str, metric: str) -> float:
    return float(run.history.summary(node, metric)["total"] or 0.0)


def told(run: Run, kind: str) -> list[tuple[float, str, str]]:
    return [(e.t_s, e.node, e.text) for e in run.events if e.kind == kind]


# ---------------------------------------------------------------- requests that fail


def test_a_fifth_of_the_requests_fails_for_as_long_as_the_fault_lasts() -> None:
    run = path(Fault("error_rate", "db", 100, 200, 0.2), seconds=300)
    assert total(run, "db", "failed") == pytest.approx(0.2 * 100 * 100)
    assert total(run, "c", "failed") == pytest.approx(0.2 * 100 * 100)
    assert total(run, "db", "arrivals") == pytest.approx(300 * 100, rel=1e-3)
    assert run.now("db")["failed"] == 0.0


def test_the_loss_has_a_cause_of_its_own_an_event_and_a_total() -> None:
    run = path(Fault("error_rate", "db", 100, 200, 0.2), seconds=150)
    rate, so_far, text = run.losses("db")["fault_errors"]
    assert (rate, so_far) == (pytest.approx(20.0), pytest.approx(1000.0))
    assert text == "a fault makes requests fail"
    assert ("failed", "Failed 20/s of 100/s: a fault makes requests fail") in [
        (e.kind, e.text) for e in run.events
    ]


def test_begin_and_end_are_events_with_numbers() -> None:
    run = path(Fault("error_rate", "db", 100, 700, 0.2), seconds=800)
    assert told(run, "fault") == [(100.0, "db", "Fault: 20 % of the requests fail, for 10 min")]
    assert told(run, "fault_ended") == [
        (700.0, "db", "Fault over after 10 min: error rate; 12,000 lost by it")
    ]


def test_a_throttle_lets_so_many_through() -> None:
    run = path(Fault("downstream_throttle", "db", 0, 100, 30.0), seconds=100)
    assert run.now("db")["throttled"] == pytest.approx(70.0, rel=1e-3)
    assert run.now("db")["served"] == pytest.approx(30.0, rel=1e-2)
    assert run.losses("db")["fault_throttle"][0] == pytest.approx(70.0, rel=1e-3)


def test_a_throttle_near_the_load_refuses_some_as_arrivals_are_random() -> None:
    run = path(Fault("downstream_throttle", "db", 0, 100, 105.0), seconds=100)
    assert 0.5 < run.now("db")["throttled"] < 5.0


def test_two_faults_leave_what_each_leaves_of_the_other() -> None:
    two = (Fault("error_rate", "db", 0, 100, 0.5), Fault("error_rate", "db", 50, 100, 0.5))
    run = path(*two, seconds=40)
    assert run.now("db")["failed"] == pytest.approx(50.0)
    assert go(run, 20).now("db")["failed"] == pytest.approx(75.0)


# ---------------------------------------------------------------- latency and links


def test_added_latency_is_the_nodes_own_and_holds_the_servers_of_its_callers() -> None:
    run = path(Fault("added_latency", "db", 60, 600, 0.1), seconds=30)
    before = run.now("web")["in_flight"]
    assert before == pytest.approx(100 * (0.05 + 0.02), rel=0.01)
    go(run, 300)
    assert run.now("db")["own_latency_mean"] == pytest.approx(0.12, rel=0.01)
    assert run.now("web")["in_flight"] == pytest.approx(100 * (0.05 + 0.12), rel=0.01)
    assert run.now("db")["in_flight"] == pytest.approx(2.0, rel=0.01)
    go(run, 400)
    assert run.now("web")["in_flight"] == pytest.approx(before, rel=1e-6)


def test_a_slow_dependency_exhausts_its_callers() -> None:
    run = path(Fault("added_latency", "db", 60, 600, 0.5), seconds=120)
    assert run.now("web")["utilization"] == pytest.approx(1.0, abs=0.02)
    assert run.now("web")["backlog"] > 500


def test_added_latency_on_a_link_is_seen_over_that_link_alone() -> None:
    nodes = {**PATH, "d": ("clients", {"rate_per_s": 1.0})}
    slow = Fault("added_latency", "c.out>web.in", 0, 600, 0.2)
    run = simulate(nodes, [*CALLS, "d.out > web.in"], seconds=60, faults=(slow,))
    gap = run.now("c")["latency_mean"] - run.now("d")["latency_mean"]
    assert gap == pytest.approx(0.2, rel=1e-3)


def test_nothing_gets_over_a_link_that_is_cut() -> None:
    run = path(Fault("link_cut", "web.out>db.in", 10, 20), seconds=15)
    assert run.now("db")["arrivals"] == 0.0
    assert run.now("web")["failed"] == pytest.approx(100.0)
    assert run.links_now()["web", "db", "out>in"].ok == 0.0
    go(run, 15)
    assert run.now("db")["arrivals"] == pytest.approx(100.0)
    assert told(run, "fault_ended") == [
        (20.0, "web", "Fault on the link to db over after 10 s: link cut; 1,000 lost by it")
    ]


def test_a_link_that_is_cut_in_part_fails_that_part() -> None:
    run = path(Fault("link_cut", "web>db", 0, 60, 0.25), seconds=30)
    assert run.now("db")["arrivals"] == pytest.approx(75.0)
    assert run.now("c")["failed"] == pytest.approx(25.0)


def test_what_is_handed_over_on_a_cut_link_is_served_by_nobody() -> None:
    nodes = {"c": ("clients", {"rate_per_s": 50.0}), "q": ("sqs", {})}
    cut = Fault("link_cut", "c.out>q.in", 10, 20)
    run = simulate(nodes, ["c.out > q.in {'mode': 'async'}"], seconds=30, faults=(cut,))
    assert total(run, "c", "failed") == pytest.approx(500.0)
    assert total(run, "c", "served") == pytest.approx(1000.0)
    assert run.now("q")["backlog"] == pytest.approx(1000.0)


def test_errors_at_a_queue_keep_messages_out_of_it() -> None:
    nodes = {"c": ("clients", {"rate_per_s": 50.0}), "q": ("sqs", {})}
    fault = Fault("error_rate", "q", 0, 10, 0.5)
    run = simulate(nodes, ["c.out > q.in {'mode': 'async'}"], seconds=20, faults=(fault,))
    assert run.now("q")["backlog"] == pytest.approx(750.0)
    assert total(run, "q", "failed") == pytest.approx(250.0)


def test_a_cut_between_queue_and_consumer_stops_deliveries_and_loses_nothing() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 50.0}),
        "q": ("sqs", {}),
        "f": ("lambda_function", {}),
    }
    links = ["c.out > q.in {'mode': 'async'}", "q.messages > f.in"]
    cut = Fault("link_cut", "q.messages>f.in", 120, 180)
    run = simulate(nodes, links, seconds=179, faults=(cut,))
    assert run.now("q")["visible"] == pytest.approx(59 * 50, rel=0.02)
    go(run, 600)
    assert run.now("q")["visible"] < 100
    assert total(run, "f", "served") == pytest.approx(779 * 50, rel=0.02)


def test_attempts_over_a_link_that_is_half_cut_are_tried_again() -> None:
    retry = "web.out > db.in {'attempts': 3, 'backoff_s': 0.1}"
    cut = Fault("link_cut", "web>db", 30, 90, 0.5)
    run = simulate(PATH, [CALLS[0], retry], seconds=80, faults=(cut,))
    # a call fails if three attempts do; 1 + 1/2 + 1/4 attempts a call, half of which arrive
    assert run.now("web")["failed"] == pytest.approx(100 / 8, rel=0.01)
    assert run.now("db")["arrivals"] == pytest.approx(175 / 2, rel=0.01)
    go(run, 60)
    assert run.now("web")["failed"] == pytest.approx(0.0, abs=1e-6)


def test_answers_that_a_fault_makes_too_late_time_out() -> None:
    late = Fault("added_latency", "web>db", 30, 90, 2.0)
    run = simulate(
        PATH, [CALLS[0], "web.out > db.in {'timeout_s': 1.0}"], seconds=80, faults=(late,)
    )
    assert run.links_now()["web", "db", "out>in"].timed_out == pytest.approx(1.0, abs=1e-6)
    go(run, 60)
    assert run.links_now()["web", "db", "out>in"].ok == pytest.approx(1.0, abs=1e-3)


# ---------------------------------------------------------------- the clock


@pytest.mark.parametrize("tick_s", [0.1, 1.0, 10.0])
def test_a_fault_acts_at_its_time_whatever_the_tick(tick_s: float) -> None:
    fault = Fault("error_rate", "db", 33.0, 47.0, 0.5)
    run = path(fault, seconds=60, tick_s=tick_s, every_s=tick_s)
    assert total(run, "db", "failed") == pytest.approx(14 * 50.0, rel=1e-3)
    if tick_s == 10.0:
        _t, mean, _lo, _hi = run.series("db", "failed")
        assert list(mean) == pytest.approx([0, 0, 0, 35, 35, 0], rel=1e-3)


def test_a_fault_within_one_tick_is_not_missed() -> None:
    run = path(Fault("error_rate", "db", 12.0, 13.0, 1.0), seconds=60, tick_s=10.0)
    assert total(run, "db", "failed") == pytest.approx(100.0, rel=1e-2)


def test_a_fault_beyond_the_end_of_the_run_says_nothing() -> None:
    run = path(Fault("error_rate", "db", 1e5, 2e5, 0.2), seconds=60)
    assert not told(run, "fault")
    assert total(run, "db", "failed") == 0.0


def test_chunks_and_neighbours_change_nothing() -> None:
    faults = (Fault("error_rate", "db", 33.5, 77.2, 0.3), Fault("kill_instances", "web", 50, 60, 3))
    whole, parts = path(*faults, seconds=120), path(*faults)
    for chunk in (1, 32, 1, 1, 43, 42):
        parts.advance(chunk)
    other = Fault("capacity_cut", "zzz", 20, 90, 0.5)
    crowded = simulate(
        {**PATH, "zzz": ("external", {})}, CALLS, seconds=120, faults=(*faults, other)
    )
    for node in PATH:
        assert whole.now(node) == parts.now(node) == crowded.now(node)
        assert whole.history.summary(node, "failed") == parts.history.summary(node, "failed")


# ---------------------------------------------------------------- by hand


def test_a_fault_by_hand_is_the_one_that_was_scheduled() -> None:
    planned = path(Fault("error_rate", "db", 100, 160, 0.2), seconds=300)
    run = path(seconds=100)
    args = {"kind": "error_rate", "target": "db", "amount": 0.2, "duration_s": 60}
    assert run.control(None, "fault", args) == "20 % of the requests fail, for 60 s"
    go(run, 200)
    for node in PATH:
        assert run.now(node) == planned.now(node)
        assert total(run, node, "failed") == total(planned, node, "failed")
    assert told(run, "fault") == told(planned, "fault")


def test_what_was_injected_replays_exactly() -> None:
    run = path(seconds=50)
    run.control(None, "fault", {"kind": "link_cut", "target": "web>db", "end_s": 90})
    go(run, 20)
    run.control(None, "fault", {"kind": "kill_instances", "target": "web", "amount": 0.5})
    go(run, 10)
    run.control(None, "end_fault", {"kind": "link_cut"})
    go(run, 40)
    again = path()
    again.replay([Control(c.t_s, c.node, c.action, c.args) for c in run.controls])
    go(again, 120)
    assert again.controls == run.controls
    assert again.events == run.events
    for node in PATH:
        assert again.now(node) == run.now(node)


def test_a_fault_ends_when_it_is_told_to() -> None:
    run = path(Fault("error_rate", "db", 10, 1000, 1.0), seconds=20)
    run.control(None, "end_fault", {"kind": "error_rate", "target": "db"})
    go(run, 20)
    assert total(run, "db", "failed") == pytest.approx(1000.0)
    assert told(run, "fault_ended")[0][0] == 20.0
    with pytest.raises(EngineError, match="no such fault under way"):
        run.control(None, "end_fault", {"kind": "error_rate", "target": "db"})


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({}, "needs a kind and a target"),
        ({"kind": "error_rate", "target": "nobody", "duration_s": 5}, "'nobody', which does not"),
        ({"kind": "earthquake", "target": "db", "duration_s": 5}, "no fault 'earthquake'; choose"),
        ({"kind": "error_rate", "target": "db"}, "needs duration_s above 0"),
        ({"kind": "error_rate", "target": "db", "duration_s": 5, "amount": 2}, "amount of 2"),
        ({"kind": "error_rate", "target": "db", "duration_s": 5, "amount": "x"}, "be a number"),
        ({"kind": "hot_key", "target": "db", "duration_s": 5}, "does nothing to 'db'"),
        ({"kind": "error_rate", "target": "c", "duration_s": 5}, "does nothing to 'c'"),
        ({"kind": "zone_outage", "target": "db", "duration_s": 5}, "cannot strike 'db', a node"),
        ({"kind": "error_rate", "target": "db", "colour": 5}, "has no 'colour'"),
    ],
)
def test_a_fault_that_cannot_be_is_refused_in_words(args: dict[str, Any], words: str) -> None:
    run = path(seconds=1)
    with pytest.raises(EngineError, match=words):
        run.control(None, "fault", args)
    assert run.controls == []
    assert run.faults() == ()


def test_a_fault_aimed_at_nothing_stops_the_run_before_it_starts() -> None:
    with pytest.raises(EngineError, match="'nobody', which does not exist; choose a node"):
        path(Fault("error_rate", "nobody", 1, 2))


def test_a_fault_that_means_nothing_to_its_target_is_left_out_and_said() -> None:
    run = path(Fault("hot_key", "db", 1, 20), seconds=10)
    (event,) = [e for e in run.events if e.kind == "skipped"]
    assert event.text.startswith("the fault 'hot_key' does nothing to 'db', a node of External")
    assert event.severity == "warning"


def test_more_faults_than_there_is_room_for_reuse_that_of_those_over() -> None:
    run = path()
    for _ in range(600):
        args = {"kind": "error_rate", "target": "db", "amount": 0.1, "duration_s": 1}
        run.control(None, "fault", args)
        go(run, 2)
    assert total(run, "db", "failed") == pytest.approx(600 * 10.0, rel=1e-3)


# ---------------------------------------------------------------- snapshots and edits


def test_a_snapshot_in_the_midst_of_a_fault_goes_on_as_it_did() -> None:
    run = path(Fault("error_rate", "db", 10, 50, 0.5), Fault("kill_instances", "web", 30, 90, 9))
    go(run, 20)
    args = {"kind": "added_latency", "target": "db", "amount": 0.1, "duration_s": 15}
    run.control(None, "fault", args)
    go(run, 5)
    saved = run.snapshot()
    after = [go(run, 40).now(node) for node in PATH]
    events, faults = list(run.events), run.faults()
    run.control(None, "fault", {"kind": "error_rate", "target": "web", "duration_s": 99})
    go(run, 30)
    run.restore(saved)
    assert [fault.state for fault in run.faults()] == ["active", "active", "planned"]
    assert [go(run, 40).now(node) for node in PATH] == after
    assert run.events == events
    assert run.faults() == faults


def test_an_edit_keeps_what_is_under_way() -> None:
    from sandbox.document.edits import place

    run = path(Fault("kill_instances", "web", 10, 60, 20), seconds=20)
    args = {"kind": "error_rate", "target": "db", "amount": 0.5, "duration_s": 30}
    run.control(None, "fault", args)
    go(run, 5)
    document = diagram(PATH, CALLS, faults=(Fault("kill_instances", "web", 10, 60, 20),))
    document.apply(place(document, "external", 0, 0))
    run.edit(document)
    go(run, 5)
    assert run.now("db")["failed"] == pytest.approx(50.0, rel=1e-3)
    assert run.now("web")["instances"] == 20.0
    assert len(told(run, "fault")) == 2, "neither has begun a second time"
    go(run, 40)
    assert run.now("db")["failed"] == 0.0
    assert run.now("web")["instances"] == 40.0


def test_a_fault_that_an_edit_takes_away_is_over() -> None:
    run = path(Fault("error_rate", "db", 10, 1000, 0.5), seconds=20)
    run.edit(diagram(PATH, CALLS))
    go(run, 5)
    assert run.now("db")["failed"] == 0.0


def test_a_restored_latency_is_that_of_before() -> None:
    quiet = path(seconds=400)
    run = path(Fault("added_latency", "web>db", 10, 60, 2.0), seconds=400)
    assert run.now("c")["latency_mean"] == pytest.approx(quiet.now("c")["latency_mean"], rel=1e-3)


# ---------------------------------------------------------------- zones


def zones(*names: str) -> tuple[Group, ...]:
    return tuple(Group(name, "availability_zone", "", ("web", "db")) for name in names)


def in_zones(count: int, *faults: Fault, nested: bool = False) -> Run:
    document = diagram(PATH, CALLS, faults=faults)
    groups = zones(*"abc"[:count])
    if nested:
        groups = (Group("a", "availability_zone", "East", ("subnet",)),)
        groups += (Group("subnet", "subnet", "", ("web",)),)
    from sandbox.document import Document

    made = Document(
        nodes=document.nodes.values(),
        links=document.links.values(),
        groups=groups,
        scenario=Scenario(duration_s=3600, faults=faults),
    )
    return Run(made, catalogue())


@pytest.mark.parametrize(("count", "left"), [(1, 0.0), (2, 20.0), (3, 40 * 2 / 3)])
def test_a_zone_takes_its_share_of_every_node_along(count: int, left: float) -> None:
    run = go(in_zones(count, Fault("zone_outage", "a", 10, 60)), 20)
    assert run.now("web")["instances"] == pytest.approx(left)
    assert go(run, 60).now("web")["instances"] == 40.0
    if count == 1:
        assert total(run, "web", "rejected") == pytest.approx(50 * 100)


def test_a_zone_in_words() -> None:
    run = go(in_zones(2, Fault("zone_outage", "a", 10, 70, 0.5)), 20)
    assert sorted(told(run, "fault")) == [
        (10.0, "db", "Fault in a: 50 % of the zone is out, for 60 s; 25 % of what is here"),
        (10.0, "web", "Fault in a: 50 % of the zone is out, for 60 s; 25 % of what is here"),
    ]


def test_a_zone_reaches_the_nodes_of_the_groups_inside_it() -> None:
    run = go(in_zones(1, Fault("zone_outage", "a", 10, 60), nested=True), 20)
    assert run.now("web")["instances"] == 0.0
    assert run.now("db")["instances"] == 10.0


# ---------------------------------------------------------------- what always holds

EVERYTHING = {
    "c": ("clients", {"rate_per_s": 80.0, "noise": "slow", "noise_period_s": 20.0}),
    "alb": ("elb", {}),
    "web": ("auto_scaling_group", {"min_size": 2, "max_size": 6, "desired_capacity": 4}),
    "app": ("external", {"servers": 12, "service_time_s": 0.05, "queue_limit": 50}),
    "t": ("dynamodb", {"capacity_mode": "provisioned", "read_capacity_units": 60}),
    "k": ("kinesis_stream", {"shard_count": 2}),
    "q": ("sqs", {"visibility_timeout_s": 20, "max_receive_count": 2}),
    "dlq": ("sqs", {}),
    "f": ("lambda_function", {"reserved_concurrency": 20, "account_concurrency": 1000}),
    "g": ("lambda_function", {"error_rate": 0.1}),
}
JOINED = [
    "c.out > alb.in",
    "alb.targets > web.in",
    "alb.targets > app.in",
    "web.out > t.in {'attempts': 3, 'timeout_s': 0.2, 'retry_quota': 50}",
    "web.out > q.in {'mode': 'async'}",
    "app.out > k.in {'mode': 'async'}",
    "app.out > f.in {'mode': 'async', 'calls': 0.5}",
    "q.messages > g.in",
    "q.dead_letter > dlq.in",
    "k.records > f.in",
    "g.out > t.in",
]
NODES = ["alb", "web", "app", "t", "k", "q", "f", "g"]
LINKS = ["c>alb", "alb>web", "web>t", "web>q", "app>k", "app>f", "q>g", "k>f", "g>t"]


@st.composite
def faults(draw: st.DrawFn) -> Fault:
    services = catalogue()
    begin = draw(st.floats(0, 100))
    end = begin + draw(st.floats(0.1, 60))
    place = draw(st.sampled_from(["node", "node", "link", "zone"]))
    share = draw(st.sampled_from([0.01, 0.3, 0.5, 1.0]) | st.floats(0, 1))
    if place == "zone":
        return Fault("zone_outage", "az", begin, end, share)
    if place == "link":
        target = draw(st.sampled_from(LINKS))
        kinds = ["link_cut", "downstream_throttle"]
    else:
        target = draw(st.sampled_from(NODES))
        kinds = [k for k in services.faults(EVERYTHING[target][0]) if k != "zone_outage"]
    kind = draw(st.sampled_from(kinds))
    many = kind in ("kill_instances", "downstream_throttle", "added_latency")
    amount = (
        draw(st.sampled_from([1.0, 2.0, 7.0, 100.0])) if many and draw(st.booleans()) else share
    )
    return Fault(kind, target, begin, end, amount)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(faults(), min_size=1, max_size=6), st.sampled_from([0.5, 1.0, 10.0]))
def test_nothing_is_made_or_lost_under_any_faults(found: list[Fault], tick_s: float) -> None:
    from sandbox.document import Document

    plain = diagram(EVERYTHING, JOINED)
    document = Document(
        nodes=plain.nodes.values(),
        links=plain.links.values(),
        groups=[Group("az", "availability_zone", "", ("web", "app", "f"))],
        scenario=Scenario(duration_s=3600, tick_s=tick_s, faults=tuple(found)),
    )
    run = go(Run(document, catalogue()), 200)
    for node in EVERYTHING:
        for name, value in run.now(node).items():
            assert value >= -1e-9, f"{node} {name}"
            assert value == value or "latency" in name, f"{node} {name} is not a number"


def test_faults_in_parts_that_know_nothing_of_each_other_act_each_at_its_time() -> None:
    """So many nodes that the engine runs them in parts, each some ticks ahead of the next."""
    nodes = {f"{name}{i}": what for i in range(40) for name, what in PATH.items()}
    links = [f"c{i}.out > web{i}.in" for i in range(40)]
    links += [f"web{i}.out > db{i}.in" for i in range(40)]
    hit = (0, 17, 39)
    found = tuple(Fault("error_rate", f"db{i}", 33.5, 100, 0.5) for i in hit)
    found += tuple(Fault("added_latency", f"web{i}>db{i}", 50, 90, 0.2) for i in hit)
    found += tuple(Fault("kill_instances", f"web{i}", 60, 80, 10) for i in hit)
    alone = path(
        Fault("error_rate", "db", 33.5, 100, 0.5),
        Fault("added_latency", "web>db", 50, 90, 0.2),
        Fault("kill_instances", "web", 60, 80, 10),
    )
    many = simulate(nodes, links, faults=found)
    for ticks in (70, 1, 64, 65):
        go(alone, ticks)
        go(many, ticks)
        for i in hit:
            for node in PATH:
                assert many.now(f"{node}{i}") == alone.now(node)
    assert total(many, "db1", "failed") == 0.0
