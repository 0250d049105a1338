"""Nothing is made or lost: random diagrams of the whole catalogue, whatever their parameters, their
load, and what breaks in them."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, reject, settings, target
from hypothesis import strategies as st

from sandbox.document import records
from sandbox.document.document import Document
from sandbox.document.edits import set_attribute
from sandbox.document.records import Group, Link, Node, Scenario
from sandbox.engine import Run
from sandbox.engine.errors import EngineError
from tests.drawing import CATALOGUE, of_service, value

try:
    from sandbox.document import faults
except ImportError:  # where nothing can be made to break yet, nothing does
    faults = None  # type: ignore[assignment]

BALANCED = 1e-9
MOST_NODES, MOST_LINKS, MOST_FAULTS = 6, 9, 3
TICKS = 30
worst = {"error": 0.0, "runs": 0, "faults": 0}


def ways(nodes: list[Node]) -> list[tuple[str, str, str, str]]:
    """All links that the catalogue allows between these nodes."""
    found = []
    for begin, end in product(nodes, nodes):
        if begin is end:
            continue
        for out, into in product(CATALOGUE[begin.service].ports, CATALOGUE[end.service].ports):
            ends = (begin.service, out.name, end.service, into.name)
            if (out.direction, into.direction) == ("out", "in") and not CATALOGUE.why_not(*ends):
                found.append((begin.id, out.name, end.id, into.name))
    return found


@st.composite
def links(draw: st.DrawFn, nodes: list[Node]) -> list[Link]:
    services = {node.id: node.service for node in nodes}
    possible, found = ways(nodes), []
    first = [way for way in possible if way[0] == nodes[0].id]
    if not first:
        reject()  # clients alone
    others = st.lists(st.sampled_from(possible), max_size=MOST_LINKS, unique=True)
    for way in dict.fromkeys([draw(st.sampled_from(first)), *draw(others)]):
        begin, out, end, into = way
        ends = (services[begin], out, services[end], into)
        infos = CATALOGUE.link_parameters(*ends)
        chosen = draw(st.lists(st.sampled_from(infos), max_size=4, unique_by=lambda i: i.name))
        params: dict[str, Any] = {info.name: draw(value(info)) for info in chosen}
        while wrong := CATALOGUE.check_link_params(*ends, params):
            assert params, wrong
            name = wrong[0][0].split(".")[0]
            params = {k: v for k, v in params.items() if name in params and k != name}
        found.append(Link(begin, end, out, into, params))
    return found


def struck(document: Document) -> Iterator[tuple[str, str, Any]]:
    """(kind, target, its description) of all that could break here."""
    places = [("node", n) for n in document.nodes] + [("group", g) for g in document.groups]
    places += [("link", link) for link in document.links]
    for place, where in places:
        for kind in faults.kinds_of(document, CATALOGUE, place, where):
            name = faults.written(where) if place == "link" else where
            yield kind, name, faults.KINDS[kind]


@st.composite
def diagrams(draw: st.DrawFn) -> Document:
    """Clients and some services of the catalogue, joined as they may be, and faults if any."""
    tick_s = draw(st.sampled_from([0.1, 1.0, 10.0]))
    services = draw(st.lists(st.sampled_from(sorted(CATALOGUE)), min_size=1, max_size=MOST_NODES))
    nodes = [
        Node(f"n{i}", service, params=draw(st.just({}) | of_service(service)))
        for i, service in enumerate(["clients", *services])
    ]
    zone = Group("zone", "availability_zone", "", tuple(node.id for node in nodes[::2]))
    scenario = Scenario(
        duration_s=3 * TICKS * tick_s,
        tick_s=tick_s,
        seed=draw(st.integers(0, 3)),
        load=draw(st.sampled_from([1.0, 0.0, 1e-6, 30.0, 1e4])),
        era=draw(st.sampled_from(["current", "2020"])),
    )
    document = Document(nodes=nodes, links=draw(links(nodes)), groups=[zone], scenario=scenario)
    if faults is None or not (possible := list(struck(document))):
        return document
    breaks = []
    for kind, where, about in draw(st.lists(st.sampled_from(possible), max_size=MOST_FAULTS)):
        start, length = (draw(st.floats(0, 2 * TICKS)) * tick_s for _ in range(2))
        amount = draw(st.sampled_from([about.least, about.usual, min(about.most, 1e6)]))
        breaks.append(records.Fault(kind, where, start, start + length + tick_s, amount))
    changed = records.Scenario(
        **{name: getattr(scenario, name) for name in scenario.__slots__ if name != "faults"},
        faults=tuple(breaks),
    )
    document.apply(set_attribute(document, "scenario", changed))
    return document


def drawn(document: Document) -> str:
    """A diagram as it would be written in a test."""
    scenario = document.scenario
    return "\n".join(
        [
            f"tick {scenario.tick_s:g} s, era {scenario.era}, load {scenario.load:g}",
            *(f"{node.id}: {node.service} {dict(node.params)}" for node in document.nodes.values()),
            *(f"{link.id}: {dict(link.params)}" for link in document.links.values()),
            *map(repr, scenario.faults),
        ]
    )


def keeps_its_balance(document: Document, then: float) -> None:
    note(drawn(document))
    try:
        run = Run(document, CATALOGUE)
    except EngineError:
        reject()  # what cannot be run as it is drawn says so: nothing to balance
    run.advance(TICKS)
    run.control(None, "load", {"factor": then})
    run.advance(TICKS)
    run.control(None, "load", {"factor": 0.0})
    run.advance(TICKS)
    error = run.balance_error
    worst["error"] = max(worst["error"], error)
    worst["runs"] += 1
    worst["faults"] += len(document.scenario.faults)
    target(math.log10(error + 1e-17))  # examples are bred towards the greatest error
    assert error < BALANCED, f"{run.balance_node} is off by {error:g}"
    assert math.isfinite(run.cost_usd)
    for node in run.program.ids:
        for name in ("served", "backlog", "in_flight", "throttled", "rejected", "failed"):
            found = run.now(node)[name]
            assert found >= 0, f"{node} {name} is {found}"
            assert math.isfinite(found), f"{node} {name} is {found}"


LOADS = st.sampled_from([0.0, 1.0, 50.0, 1e5]) | st.floats(0, 1e3)


@pytest.mark.timeout(600)  # the first examples pay for the compilation of all services
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(diagrams(), LOADS)
def test_no_diagram_makes_or_loses_a_request(document: Document, then: float) -> None:
    keeps_its_balance(document, then)


@pytest.mark.soak
@pytest.mark.timeout(0)
def test_none_of_ten_thousand_diagrams_makes_or_loses_a_request(
    capsys: pytest.CaptureFixture[str],
) -> None:
    @settings(max_examples=10_000, suppress_health_check=list(HealthCheck), database=None)
    @given(diagrams(), LOADS)
    def soak(document: Document, then: float) -> None:
        keeps_its_balance(document, then)

    soak()
    with capsys.disabled():
        print(
            f"\n{worst['runs']:,} runs with {worst['faults']:,} faults: the balance is off by "
            f"{worst['error']:.2g} at the most"
        )


def test_failures_that_come_late_are_no_more_than_the_calls_that_are_made() -> None:
    # a function that calls an overloaded service runs out of concurrency, and then out of time:
    # what fails now was asked seconds ago, when more were let in
    nodes = [
        Node("c", "clients"),
        Node("f", "lambda_function"),
        Node("x", "external", params={"servers": 4}),
    ]
    joined = [
        Link("c", "f", "out", "in", {"timeout_s": 2.0}),
        Link("f", "x", "out", "in"),
    ]
    scenario = Scenario(duration_s=60.0, load=30.0)
    run = Run(Document(nodes=nodes, links=joined, scenario=scenario), CATALOGUE)
    run.advance(60)
    assert run.balance_error < BALANCED
