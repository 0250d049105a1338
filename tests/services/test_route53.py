"""Route 53: where a name leads, and how long old answers live on."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.records import Fault, RequestClass
from sandbox.engine import Run
from sandbox.services.route53 import Params
from tests.simulation import go, simulate

FAST = ("external", {"servers": 10_000, "service_time_s": 0.01})


def name(links: list[str], seconds: float, rate: float = 100.0, **more: Any) -> Run:
    """A name for places a, b and c; links are `a`, `a {…}`; the rest are its parameters."""
    scenario = {k: more.pop(k) for k in ("classes", "tick_s", "faults") if k in more}
    nodes = {"u": ("clients", {"rate_per_s": rate}), "n": ("route53", more)}
    nodes |= {x.partition(" ")[0]: FAST for x in links}
    drawn = ["u.out > n.in"]
    for x in links:
        place, _, params = x.partition(" ")
        drawn.append(f"n.targets > {place}.in {params}")
    return simulate(nodes, drawn, seconds=seconds, **scenario)


def shares(run: Run) -> dict[str, float]:
    total = run.now("n")["arrivals"]
    return {
        x: run.now(x)["arrivals"] / total for x in run.program.ids if len(x) == 1 and x in "abc"
    }


def down(place: str, start: float, end: float = 3600.0) -> Fault:
    return Fault("error_rate", place, start, end, 1.0)


def test_weights_divide_what_resolvers_are_told() -> None:
    run = name(["a {'share': 3.0}", "b {'share': 1.0}", "c {'share': 0.0}"], 10, policy="weighted")
    assert shares(run) == pytest.approx({"a": 0.75, "b": 0.25, "c": 0.0})
    assert run.now("n")["served"] == pytest.approx(100)


def test_an_unhealthy_record_is_left_as_answers_run_out() -> None:
    links = ["a", "b {'mode': 'standby'}"]
    run = name(links, 100, policy="failover", ttl_s=60.0, faults=(down("a", 100),))
    assert shares(run) == pytest.approx({"a": 1.0, "b": 0.0})
    go(run, 70)  # two looks of each checker have failed
    assert shares(run) == pytest.approx({"a": 1.0, "b": 0.0})
    assert run.now("u")["goodput"] == 0
    go(run, 50)  # the third look: 85 s; half of the answers run out within the next 30 s
    assert 0.45 < shares(run)["b"] < 0.75
    assert run.now("n")["old_answers"] == pytest.approx(shares(run)["a"])
    go(run, 30)
    assert shares(run) == pytest.approx({"a": 0.0, "b": 1.0})
    assert run.now("u")["goodput"] == pytest.approx(100)
    assert [e.kind for e in run.events if e.node == "n"] == ["unhealthy"]


def test_when_nothing_is_healthy_everything_is_taken_for_healthy() -> None:
    faults = (down("a", 0), down("b", 0))
    run = name(["a", "b"], 400, policy="weighted", ttl_s=10.0, faults=faults)
    assert run.now("n")["unhealthy_records"] == 2
    assert shares(run) == pytest.approx({"a": 0.5, "b": 0.5})
    run = name(["a", "b {'mode': 'standby'}"], 400, policy="failover", ttl_s=10.0, faults=faults)
    assert shares(run) == pytest.approx({"a": 1.0, "b": 0.0})


def test_simple_records_are_not_checked_and_multivalue_ones_are() -> None:
    run = name(["a", "b"], 300, policy="simple", ttl_s=10.0, faults=(down("a", 0),))
    assert shares(run) == pytest.approx({"a": 0.5, "b": 0.5})
    run = name(["a", "b", "c"], 300, policy="multivalue", ttl_s=10.0, faults=(down("a", 0),))
    assert shares(run) == pytest.approx({"a": 0.0, "b": 0.5, "c": 0.5})


def test_latency_takes_the_fastest_region_and_geolocation_the_country_or_the_default() -> None:
    classes = (
        RequestClass("german", 3.0, country="DE"),
        RequestClass("american", 1.0, country="US"),
    )
    near = ["a {'place': 'europe'}", "b {'place': 'north_america'}"]
    run = name(near, 10, policy="latency", classes=classes)
    assert shares(run) == pytest.approx({"a": 0.75, "b": 0.25})
    run = name(["a {'location': 'DE FR'}", "b {'location': '*'}"], 10, policy="geolocation",
               classes=classes)  # fmt: skip
    assert shares(run) == pytest.approx({"a": 0.75, "b": 0.25})
    run = name(["a {'location': 'DE'}"], 10, policy="geolocation", classes=classes)
    assert run.losses("n")["no_answer"][0] == pytest.approx(25)
    assert run.now("a")["arrivals"] == pytest.approx(75)
    faults = (down("a", 0),)
    run = name(near, 300, policy="latency", classes=classes, faults=faults, ttl_s=10.0)
    assert shares(run) == pytest.approx({"a": 0.0, "b": 1.0})


def test_resolvers_ask_once_in_a_ttl_and_aliases_ask_for_nothing() -> None:
    # each of 100 resolvers has 10 requests/s: it asks again 0.1 s after each 99.9 s
    run = name(["a"], 10, 1000.0, resolvers=100, ttl_s=99.9)
    assert run.now("n")["queries"] == pytest.approx(1.0)
    assert run.now("n")["cost_per_hour"] == pytest.approx(0.5 / 730 + 3600 * 0.40e-6)
    run = name(["a"], 10, 1000.0, resolvers=100, record="alias")
    assert run.now("n")["queries"] == pytest.approx(1000 / 601)
    assert run.now("n")["cost_per_hour"] == pytest.approx(0.5 / 730)


def test_no_cname_stands_at_the_apex() -> None:
    with pytest.raises(ValueError, match="zone apex"):
        Params(zone_apex=True, record="cname")
    assert Params(zone_apex=True, record="alias")


def test_failover_without_a_second_record_is_said() -> None:
    run = name(["a"], 1, policy="failover")
    assert any("standby" in e.text for e in run.events)


def test_a_link_that_stands_by_says_so_while_it_carries_requests() -> None:
    run = name(["a", "b {'mode': 'standby'}"], 200, policy="failover", ttl_s=1.0,
               faults=(down("a", 0),))  # fmt: skip
    links = {key[1]: link for key, link in run.links_now().items() if key[0] == "n"}
    assert links["b"].mode == "standby"
    assert links["b"].flow_per_s == pytest.approx(100)
    assert links["a"].flow_per_s == 0
