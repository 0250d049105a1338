"""What is wrong with a diagram is found, said, and comes with a remedy."""

from __future__ import annotations

import dataclasses
import time
from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.document import Document, Fault, Link, Node, RequestClass, Scenario, edits
from sandbox.document.file import load
from sandbox.document.problems import Problem, problems
from tests.document.fakes import CATALOGUE, shop


def found(doc: Document, part: str) -> Problem:
    matching = [problem for problem in problems(doc, CATALOGUE) if part in problem.text]
    texts = [problem.text for problem in problems(doc, CATALOGUE)]
    assert len(matching) == 1, f"{part!r} is once in {texts}"
    assert matching[0].remedy.endswith(".")
    return matching[0]


def with_node(**fields: object) -> Document:
    doc = shop()
    nodes = {**doc.nodes, "web": replace(doc.nodes["web"], **fields)}
    return Document(nodes=nodes.values(), links=doc.links.values(), catalogue=CATALOGUE)


def test_a_sound_diagram_has_no_errors_and_an_unknown_parameter() -> None:
    serious = [problem for problem in problems(shop()) if problem.severity != "info"]
    assert [(p.severity, p.node, p.parameter) for p in serious] == [
        ("warning", "workers", "newer_parameter"),
    ]


def test_a_node_that_nothing_is_connected_to() -> None:
    doc = shop()
    doc.apply(edits.place(doc, "fleet", 0, 0, label="Lonely"))
    assert found(doc, "Lonely is not connected").node == "fleet"


def test_an_alarm_is_connected_by_the_metric_it_watches() -> None:
    assert not [problem for problem in problems(shop()) if problem.node == "alarm"]


def test_clients_that_send_their_load_nowhere() -> None:
    doc = shop()
    doc.apply(edits.delete(doc, link_ids=[("clients", "web", "out>in")]))
    doc.apply(edits.connect(doc, "web", "out", "web", "in"))
    assert found(doc, "not connected").node == "clients"
    doc.apply(edits.delete(doc, ["clients"]))
    assert found(doc, "nothing sends any load").severity == "warning"


def test_a_node_that_no_load_reaches() -> None:
    doc = shop()
    doc.apply(edits.place(doc, "fleet", 0, 0, id="b"))
    doc.apply(edits.connect(doc, "b", "out", "web", "in"))
    assert found(doc, "no load reaches b").node == "b"


def test_what_starts_by_a_schedule_needs_no_load() -> None:
    doc = shop()
    jobs = {"jobs": [{"name": "report", "schedule": "0 2 * * *"}]}
    doc.apply(edits.place(doc, "fleet", 0, 0, jobs, id="alone"))
    doc.apply(edits.place(doc, "fleet", 0, 0, jobs, id="b"))
    doc.apply(edits.place(doc, "fleet", 0, 0, id="c"))
    doc.apply(edits.connect(doc, "b", "out", "c", "in"))
    assert not [
        problem
        for problem in problems(doc)
        if problem.node in ("alone", "b", "c") and not problem.parameter
    ]


def test_a_bus_whose_rule_has_a_schedule_sends_load() -> None:
    doc = shop()
    doc.apply(edits.place(doc, "fleet", 0, 0, id="bus"))
    doc.apply(edits.place(doc, "fleet", 0, 0, id="job"))
    doc.apply(edits.connect(doc, "bus", "out", "job", "in", {"schedule": ""}))
    assert found(doc, "no load reaches bus")
    link = next(link for link in doc.links if link[0] == "bus")
    doc.apply(edits.set_link_params(doc, {link: {"schedule": "rate(5 minutes)"}}))
    assert not [problem for problem in problems(doc) if problem.node in ("bus", "job")]


def test_an_unknown_service() -> None:
    problem = found(with_node(service="teleporter"), "'teleporter'")
    assert (problem.severity, problem.node) == ("error", "web")


def test_an_unknown_parameter_with_the_name_that_was_meant() -> None:
    problem = found(with_node(params={"max_sise": 3}), "'max_sise'")
    assert (problem.severity, problem.parameter) == ("warning", "max_sise")
    assert "max_size" in problem.remedy


def test_a_parameter_out_of_its_bounds() -> None:
    problem = found(with_node(params={"max_size": 101}), "from 1 to 100")
    assert (problem.severity, problem.node, problem.parameter) == ("error", "web", "max_size")


def test_a_link_that_the_services_refuse_and_one_with_a_bad_share() -> None:
    doc = shop()
    bad = [
        Link("web", "queue", "nowhere", "in"),
        Link("web", "workers", "out", "in", {"share": -1}),
    ]
    doc = Document(nodes=doc.nodes.values(), links=[*doc.links.values(), *bad])
    assert found(doc, "no such port").link == bad[0].id
    assert found(doc, "share is 0 or more").link == bad[1].id


def test_a_metric_of_a_node_that_is_gone() -> None:
    doc = shop()
    doc.apply(edits.delete(doc, ["queue"]))
    problem = found(doc, "watches a metric of 'queue'")
    assert (problem.severity, problem.node, problem.parameter) == ("error", "alarm", "metric")


def test_a_circle_of_requests_is_worth_knowing() -> None:
    doc = shop()
    doc.apply(edits.connect(doc, "workers", "out", "web", "in"))
    assert found(doc, "in a circle").severity == "info"


def test_a_single_point_of_failure_and_none_with_a_second_path() -> None:
    nodes = [Node("c", "clients"), *(Node(id, "fleet") for id in ("a", "b", "d"))]
    one = [Link("c", "a", "out", "in"), Link("a", "d", "out", "in")]
    two = [Link("c", "b", "out", "in"), Link("b", "d", "out", "in")]
    assert found(Document(nodes=nodes, links=one), "single point of failure").node == "a"
    texts = [p.text for p in problems(Document(nodes=nodes, links=one + two), CATALOGUE)]
    assert not [text for text in texts if "single point" in text]


def test_groups_with_members_that_do_not_exist_or_that_contain_each_other() -> None:
    doc = shop()
    doc.apply(edits.set_group(doc, "az-a", members=("vpc", "nobody")))
    assert found(doc, "'nobody'").severity == "warning"
    assert found(doc, "contain each other").severity == "error"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"start": "tomorrow"}, "start"),
        ({"duration_s": 0}, "duration_s"),
        ({"tick_s": 7.0}, "tick_s"),
        ({"tick_s": 0}, "tick_s"),
        ({"tick_s": 5e-324}, "tick_s"),
        ({"load": -1.0}, "load"),
        ({"era": "1999"}, "era"),
        ({"history_days": -1}, "history_days"),
        ({"tick_s": 1e-6}, "tick_s"),
        ({"duration_s": 1e308}, "duration_s"),
        ({"load": 1e308}, "load"),
        ({"start": "9999-12-31T23:00:00Z"}, "start"),
        ({"classes": (RequestClass("a", 1e308), RequestClass("b", 1e308))}, "classes"),
        ({"classes": (RequestClass("a"), RequestClass("a"))}, "classes"),
        ({"classes": (RequestClass("a", 0),)}, "classes"),
        ({"classes": (RequestClass("a", write_fraction=2),)}, "classes"),
        ({"faults": (Fault("crash", "web", 0, 1),)}, "faults"),
        ({"faults": (Fault("error_rate", "nobody", 0, 1),)}, "faults"),
        ({"faults": (Fault("error_rate", "web", 2, 1),)}, "faults"),
    ],
)
def test_a_scenario_that_cannot_be_run(fields: dict[str, object], field: str) -> None:
    doc = shop()
    doc.apply(edits.set_attribute(doc, "scenario", Scenario(**fields)))
    errors = [p for p in problems(doc) if p.severity == "error"]
    assert [problem.parameter for problem in errors] == [field]


@pytest.mark.parametrize(
    ("fields", "field", "words"),
    [
        ({"history_days": 14}, "history_days", "not simulated yet"),
        ({"region": "eu-west-1"}, "region", "those of us-east-1, not of 'eu-west-1'"),
        ({"classes": (RequestClass("a", country="CH"),)}, "classes", "country"),
    ],
)
def test_what_no_run_heeds_yet_is_said(fields: dict[str, object], field: str, words: str) -> None:
    doc = shop()
    doc.apply(edits.set_attribute(doc, "scenario", Scenario(**fields)))
    (problem,) = [p for p in problems(doc) if p.parameter == field]
    assert problem.severity == "warning"
    assert words in problem.text


def test_a_usual_scenario_is_heeded_whole() -> None:
    doc = shop()
    doc.apply(edits.set_attribute(doc, "scenario", Scenario()))
    fields = {field.name for field in dataclasses.fields(Scenario)}
    assert not [p for p in problems(doc) if p.parameter in fields]


def test_a_tick_that_divides_a_minute_is_fine() -> None:
    for tick in (0.1, 0.3, 1, 2.5, 7.5, 60):
        doc = shop()
        doc.apply(edits.set_scenario(doc, tick_s=tick))
        assert not [p for p in problems(doc) if p.severity == "error"], tick


def test_a_file_of_a_newer_version_says_so() -> None:
    doc = load(Path(__file__).parent / "fixtures" / "newer-1.9.json", CATALOGUE)
    assert found(doc, "newer version (1.9)").severity == "info"
    assert found(doc, "queue_of_the_future").severity == "error"


def test_the_problems_of_a_large_diagram_are_found_in_time_that_grows_with_it() -> None:
    def seconds(size: int) -> float:
        clients = [Node(f"c{i}", "clients") for i in range(size)]
        fleets = [Node(f"f{i}", "fleet") for i in range(size)]
        links = [Link(f"c{i}", f"f{i}", "out", "in") for i in range(size)]
        doc = Document(nodes=[*clients, *fleets], links=links)
        begin = time.perf_counter()
        problems(doc, CATALOGUE)
        return time.perf_counter() - begin

    seconds(100)
    few, many = min(seconds(1000), seconds(1000)), min(seconds(10_000), seconds(10_000))
    assert many < 40 * few  # ten times the nodes; a square would be a hundred times


def test_a_cache_to_be_asked_first_that_the_caller_does_not_call() -> None:
    doc = shop()
    link = next(link for link in doc.links.values() if link.source == "web")
    doc.apply(edits.set_link_params(doc, {link.id: {"cache_aside": "nowhere"}}))
    problem = found(doc, "'nowhere'")
    assert (problem.severity, problem.link, problem.parameter) == (
        "warning",
        link.id,
        "cache_aside",
    )


def test_what_only_controls_others_needs_no_load() -> None:
    from sandbox.assets import asset
    from sandbox.document.file import load
    from sandbox.services import catalogue

    doc = load(Path(str(asset("examples/three-auto-scalings.json"))), catalogue())
    assert not [p for p in problems(doc, catalogue()) if p.node == "plan"]
