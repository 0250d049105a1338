"""Quotas are shared within an account and Region, and set apart by groups of these kinds."""

from __future__ import annotations

import pytest

from sandbox.document import Document, Group, edits
from sandbox.engine import Run
from sandbox.services import catalogue
from tests.simulation import diagram

FUNCTION = {"memory_mb": 1769, "cpu_time_ms": 1000.0}


def noisy(*groups: Group) -> Document:
    """A function that needs more than the 1,000 an account has, and one that needs 300."""
    document = diagram(
        {
            "many": ("clients", {"rate_per_s": 1500.0}),
            "loud": ("lambda_function", FUNCTION),
            "few": ("clients", {"rate_per_s": 300.0}),
            "quiet": ("lambda_function", FUNCTION),
        },
        ["many.out > loud.in", "few.out > quiet.in"],
    )
    return Document(
        nodes=document.nodes.values(),
        links=document.links.values(),
        scenario=document.scenario,
        groups=groups,
    )


def throttled(document: Document, node: str) -> float:
    run = Run(document, catalogue())
    run.advance(900)
    return float(run.now(node)["throttled"])


def test_functions_of_one_account_throttle_each_other():
    assert throttled(noisy(), "quiet") > 30.0


@pytest.mark.parametrize("kind", ["account", "region"])
def test_a_group_has_quotas_of_its_own(kind):
    apart = noisy(Group("other", kind, "", ("few", "quiet")))
    assert throttled(apart, "quiet") == 0.0
    assert 400.0 < throttled(apart, "loud") < throttled(noisy(), "loud")


@pytest.mark.parametrize("kind", ["vpc", "availability_zone", "group"])
def test_other_groups_share_them(kind):
    assert throttled(noisy(Group("other", kind, "", ("few", "quiet"))), "quiet") > 30.0


def test_regions_of_an_account_are_apart_and_its_nested_groups_are_not():
    region = Group("here", "region", "", ("loud",))
    account = Group("ours", "account", "", ("here", "quiet"))
    assert throttled(noisy(region, account), "quiet") == 0.0
    vpc = Group("net", "vpc", "", ("loud",))
    account = Group("ours", "account", "", ("net", "quiet"))
    assert throttled(noisy(vpc, account), "quiet") > 30.0


def test_an_account_made_while_it_runs_sets_apart_from_then_on():
    document = noisy()
    run = Run(document, catalogue())
    run.advance(900)
    document.apply(edits.group(document, "account", "Theirs", ["few", "quiet"]))
    run.edit(document)
    run.advance(900)
    assert run.now("quiet")["throttled"] == 0.0
