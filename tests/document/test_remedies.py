"""A remedy makes its problem go away, in one edit that can be undone."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document import Document, Group, Link, Node, Scenario
from sandbox.document.problems import Problem, problems
from sandbox.services.registry import catalogue

SERVICES = catalogue()


def shop(**parts: Any) -> Document:
    nodes = [
        Node("clients", "clients"),
        Node("work", "lambda_function", params=parts.pop("params", {})),
    ]
    links = parts.pop("links", [Link("clients", "work", "out", "in")])
    return Document(nodes=parts.pop("nodes", nodes), links=links, catalogue=SERVICES, **parts)


def found(doc: Document, words: str) -> Problem:
    (problem,) = [p for p in problems(doc) if words in f"{p.text} {p.parameter}"]
    return problem


@pytest.mark.parametrize(
    ("doc", "words", "title"),
    [
        (shop(params={"memory_mb": 20_000}), "memory_mb", "Make it 10,240"),
        (shop(params={"memory_mb": 1}), "memory_mb", "Make it 128"),
        (shop(params={"memory_mb": "much"}), "memory_mb", "Reset it"),
        (shop(params={"memory": 512}), "no parameter 'memory'", "Call it memory_mb"),
        (shop(params={"colour": "red"}), "no parameter 'colour'", "Remove it"),
        (shop(groups=[Group("az", "availability_zone", "A", ("work", "gone"))]), "'gone'",
         "Take it out"),
        (shop(groups=[Group("work", "vpc", "V", ())]), "both called", "Rename the group"),
        (shop(scenario=Scenario(tick_s=7.0)), "does not divide", "Make it 1.0"),
        (shop(scenario=Scenario(era="1999")), "'1999'", "Make it current"),
        (shop(links=[Link("clients", "work", "out", "in", {"calls": -1})]), "calls", "Reset it"),
        (shop(links=[Link("work", "clients", "out", "in")]), "not possible", "Remove the link"),
    ],
)  # fmt: skip
def test_a_remedy_mends_its_problem_and_is_undone(doc: Document, words: str, title: str) -> None:
    problem, before = found(doc, words), doc.copy()
    assert problem.fix is not None
    assert problem.fix.title == title
    edit = problem.fix.edit(doc)
    doc.apply(edit)
    assert not [p for p in problems(doc) if words in f"{p.text} {p.parameter}"]
    doc.apply(edit.reversed())
    assert doc == before


def test_clients_are_placed_before_the_one_place_where_requests_arrive() -> None:
    doc = shop(
        nodes=[Node("web", "elb"), Node("fleet", "auto_scaling_group")],
        links=[Link("web", "fleet", "targets", "in")],
    )
    fix = found(doc, "nothing sends any load").fix
    assert fix is not None
    assert fix.title == "Place clients before web"
    doc.apply(fix.edit(doc))
    assert ("clients", "web", "out>in") in doc.links
    assert not [
        p for p in problems(doc) if "nothing sends" in p.text or "no load reaches web" in p.text
    ]


def test_where_it_is_not_certain_nothing_is_offered() -> None:
    doc = shop()
    assert [p.fix for p in problems(doc)] == [None] * len(problems(doc))
    two = shop(
        nodes=[Node("a", "elb"), Node("b", "elb"), Node("c", "auto_scaling_group")],
        links=[Link("a", "c", "targets", "in"), Link("b", "c", "targets", "in")],
    )
    assert found(two, "nothing sends any load").fix is None
