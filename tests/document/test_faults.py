"""Faults in a document: what they may strike, what is wrong with them, and what they follow."""

from __future__ import annotations

import pytest

from sandbox.document import Document, Fault, Group, Scenario, edits
from sandbox.document.faults import KINDS, aimed_at, complaint, kinds_of, link_of, members
from sandbox.document.file import dump, loads
from sandbox.document.problems import problems
from sandbox.services.law import FAULTS
from tests.document.fakes import CATALOGUE, shop


def with_faults(*faults: Fault) -> Document:
    doc = shop()
    doc.apply(edits.set_scenario(doc, faults=faults))
    return doc


def test_the_kinds_are_those_that_the_laws_know() -> None:
    assert tuple(KINDS) == FAULTS


@pytest.mark.parametrize("name", list(KINDS))
def test_every_kind_says_what_it_does_within_its_bounds(name: str) -> None:
    kind = KINDS[name]
    assert kind.least <= kind.usual <= kind.most
    for amount in (kind.least, kind.usual, kind.most, 0.5):
        assert kind.words(amount)
    assert kind.help.endswith(".")
    assert kind.amount.endswith(".")


def test_faults_are_kept_in_the_file_as_they_are() -> None:
    faults = (
        Fault("error_rate", "web", 600, 1200.0, 0.2),
        Fault("link_cut", "clients.out>web.in", 60, 90),
        Fault("zone_outage", "az-a", 3600, 5400),
    )
    doc = with_faults(*faults)
    again = loads(dump(doc, CATALOGUE), "shop", CATALOGUE)
    assert again.scenario.faults == faults
    assert dump(again, CATALOGUE) == dump(doc, CATALOGUE)


def test_a_link_is_named_by_its_ports_or_by_its_ends_where_there_is_but_one() -> None:
    doc = shop()
    link = ("clients", "web", "out>in")
    assert link_of(doc, "clients.out>web.in") == link_of(doc, "clients>web") == link
    assert link_of(doc, "web>clients") is None
    assert link_of(doc, "web") is None
    assert aimed_at(doc, "link_cut", "clients>web") == ("link", link)
    assert aimed_at(doc, "zone_outage", "az-a") == ("group", "az-a")


def test_the_members_of_a_group_are_those_of_the_groups_inside_it_too() -> None:
    assert set(members(shop(), "vpc")) == {"web", "workers", "queue"}


def test_what_a_target_can_have() -> None:
    doc = shop()
    assert kinds_of(doc, CATALOGUE, "node", "web") == ("error_rate",)
    assert kinds_of(doc, CATALOGUE, "node", "alarm") == ()
    assert kinds_of(doc, CATALOGUE, "group", "az-a") == ("zone_outage",)
    assert kinds_of(doc, CATALOGUE, "group", "vpc") == ()
    pulled = kinds_of(doc, CATALOGUE, "link", ("queue", "workers", "messages>in"))
    assert pulled == ("link_cut", "downstream_throttle")


@pytest.mark.parametrize(
    ("fault", "severity", "words"),
    [
        (Fault("earthquake", "web", 0, 1), "error", "there is no fault 'earthquake'"),
        (Fault("error_rate", "nobody", 0, 1), "error", "'nobody', which does not exist"),
        (Fault("error_rate", "az-a", 0, 1), "error", "cannot strike 'az-a', a group"),
        (Fault("zone_outage", "web", 0, 1), "error", "cannot strike 'web', a node"),
        (Fault("zone_outage", "vpc", 0, 1), "error", "which is no zone"),
        (Fault("link_cut", "web", 0, 1), "error", "cannot strike 'web', a node"),
        (Fault("link_cut", "web>clients", 0, 1), "error", "which does not exist"),
        (Fault("error_rate", "web", 5, 4), "error", "ends before it starts"),
        (Fault("error_rate", "web", 5, 5), "error", "lasts no time"),
        (Fault("error_rate", "web", -5, 5), "error", "starts at -5 s"),
        (Fault("error_rate", "web", 0, 5, 1.5), "error", "an amount of 1.5"),
        (Fault("hot_key", "web", 0, 5, 0.5), "warning", "does nothing to 'web', a node of Fleet"),
        (Fault("error_rate", "queue>workers", 0, 5), "warning", "does nothing to the link"),
        (Fault("error_rate", "web", 1e6, 2e6), "warning", "starts after the scenario's end"),
    ],
)
def test_what_is_wrong_with_a_fault(fault: Fault, severity: str, words: str) -> None:
    (problem,) = [p for p in problems(with_faults(fault)) if p.parameter == "faults"]
    assert problem.severity == severity
    assert words in problem.text
    assert problem.remedy.endswith(".")


@pytest.mark.parametrize(
    "fault",
    [
        Fault("error_rate", "web", 0, 5, 0.2),
        Fault("link_cut", "clients>web", 0, 5),
        Fault("zone_outage", "az-a", 0, 5),
        Fault("downstream_throttle", "clients.out>web.in", 0, 5, 100.0),
    ],
)
def test_what_is_right(fault: Fault) -> None:
    assert complaint(shop(), CATALOGUE, fault) is None


def test_a_zone_in_which_nothing_can_fail_is_said() -> None:
    doc = Document(
        nodes=shop().nodes.values(),
        groups=[Group("az", "availability_zone", "", ("queue",))],
        scenario=Scenario(faults=(Fault("zone_outage", "az", 0, 5),)),
        catalogue=CATALOGUE,
    )
    (problem,) = [p for p in problems(doc) if p.parameter == "faults"]
    assert "no node in it has anything that could fail" in problem.text


def test_faults_follow_the_links_they_are_aimed_at() -> None:
    doc = with_faults(Fault("link_cut", "clients.out>web.in", 0, 5))
    doc.apply(edits.rename_id(doc, "web", "shop"))
    assert doc.scenario.faults[0].target == "clients.out>shop.in"
    doc.apply(edits.reconnect(doc, ("clients", "shop", "out>in"), target="workers"))
    assert doc.scenario.faults[0].target == "clients.out>workers.in"
    deletion = edits.delete(doc, ["workers"])
    doc.apply(deletion)
    assert doc.scenario.faults == ()
    doc.apply(deletion.reversed())
    assert doc.scenario.faults[0].target == "clients.out>workers.in"


def test_a_deleted_link_takes_its_faults_along() -> None:
    doc = with_faults(Fault("link_cut", "clients>web", 0, 5), Fault("error_rate", "web", 0, 5))
    doc.apply(edits.delete(doc, link_ids=[("clients", "web", "out>in")]))
    assert [fault.kind for fault in doc.scenario.faults] == ["error_rate"]


def test_what_only_pulls_is_throttled_by_nobody() -> None:
    from sandbox.document import Link, Node
    from sandbox.services import catalogue

    doc = Document(
        nodes=[Node("c", "clients"), Node("q", "sqs"), Node("f", "lambda_function")],
        links=[Link("c", "q", "out", "in"), Link("q", "f", "messages", "in")],
    )
    assert "downstream_throttle" not in kinds_of(doc, catalogue(), "node", "f")
    assert "error_rate" in kinds_of(doc, catalogue(), "node", "f")
    assert "downstream_throttle" in kinds_of(doc, catalogue(), "node", "q")
