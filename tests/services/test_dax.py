"""DAX: good and bad uses, what is old, what is lost with its nodes, and how it explains itself."""

from __future__ import annotations

import pytest

from sandbox.document.records import Fault
from sandbox.engine.why import bill, explain
from sandbox.services import catalogue
from tests.conformance.metered import kinds
from tests.conformance.tables import cluster
from tests.simulation import go, simulate

ALIKE = {"key_count": 1000, "key_skew": 0.0}


def test_writing_much_is_a_bad_use() -> None:
    """20,000 writes of 2 KB on three nodes are three million normalized requests."""
    run = cluster(20_000, 1.0, item_kb=2.0, node_type="dax.r5.8xlarge", seconds=60,
                  scenario={"tick_s": 10.0})  # fmt: skip
    assert run.now("x")["normalized_requests"] == pytest.approx(3e6)
    assert run.now("x")["throttled"] == pytest.approx(0, abs=1e-6)
    assert kinds(run, "write_heavy", node="x")
    less = cluster(20_000, 1.0, item_kb=2.0, node_type="dax.r5.4xlarge", seconds=1)
    assert less.now("x")["throttled"] == pytest.approx(8000)


def test_half_of_the_writers_through_it_renew_some() -> None:
    run = cluster(1000 + 1000 / 600, 1 / 601, **ALIKE, around=1000 / 600, seconds=20,
                  scenario={"tick_s": 10.0})  # fmt: skip
    assert 0.18 < run.now("x")["stale_share"] < 0.21


def test_writes_through_it_leave_nothing_old() -> None:
    run = cluster(1000, 0.1, **ALIKE, seconds=60, scenario={"tick_s": 10.0})
    assert run.now("x")["stale_share"] == 0
    assert not kinds(run, "stale", node="x")


def test_a_lost_node_takes_capacity_and_not_the_hits() -> None:
    faults = (Fault("kill_instances", "x", 30.0, 31.0, 0.3),)
    run = cluster(1000, 0.5, seconds=29, scenario={"faults": faults})
    before = run.now("x")
    go(run, 4)
    assert run.now("x")["failed"] == pytest.approx(500)  # writes have no primary for 5 s
    go(run, 4)
    after = run.now("x")
    assert after["failed"] == 0
    assert after["capacity"] == pytest.approx(2 / 3 * before["capacity"])
    assert after["hit_ratio"] == pytest.approx(before["hit_ratio"], rel=0.01)
    go(run, 300)
    assert run.now("x")["instances"] == 3


def test_a_cluster_of_one_node_is_lost_with_it_and_comes_back_empty() -> None:
    faults = (Fault("kill_instances", "x", 10.0, 11.0, 1.0),)
    run = cluster(1000, nodes=1, seconds=12, scenario={"faults": faults})
    assert run.now("x")["failed"] == pytest.approx(1000)
    go(run, 300)
    assert run.now("x")["failed"] == 0
    assert run.now("x")["hit_ratio"] < 0.5


def test_a_cache_in_the_program_before_it_leaves_it_less_to_spare() -> None:
    given = {"client_cache": 0.9}
    nodes = {
        "c": ("clients", {"rate_per_s": 1000.0, "write_fraction": 0.0}),
        "x": ("dax", {"key_count": 100_000}),
        "d": ("dynamodb", {"read_capacity_units": 1000}),
    }
    runs = [
        simulate(nodes, [f"c.out > x.in {link}", "x.out > d.in"], seconds=20)
        for link in ("", str(given))
    ]
    spared = [run.now("x")["item_cache_hits"] for run in runs]
    assert spared[1] < 0.15 * spared[0]
    assert runs[1].now("x")["hit_ratio"] < runs[0].now("x")["hit_ratio"]


def test_many_keys_seldom_asked_for_are_a_bad_use() -> None:
    run = cluster(100, key_count=10_000_000, key_skew=0.0, seconds=120, scenario={"tick_s": 10.0})
    assert run.now("x")["hit_ratio"] < 0.01
    assert kinds(run, "seldom_hit", node="x")
    assert not kinds(run, "well_used", node="x")


def test_a_cold_cluster_warms_up_and_can_be_emptied() -> None:
    run = cluster(10_000, starts_warm=False, seconds=1)
    cold = run.now("x")["hit_ratio"]
    warm = go(run, 120).now("x")["hit_ratio"]
    assert warm > cold
    run.control("x", "flush", {"share": 1.0})
    assert go(run, 1).now("x")["hit_ratio"] < warm


def test_it_stands_before_a_table_only() -> None:
    known = catalogue()
    assert known.why_not("dax", "out", "rds", "in")
    assert known.why_not("dax", "out", "dynamodb", "in") is None
    assert kinds(simulate({"x": ("dax", {})}, [], seconds=1), "table", node="x")


@pytest.mark.parametrize("params", [{}, {"query_share": 0.5}, {"item_kb": 2.0, "nodes": 5}])
def test_its_numbers_follow_from_its_rules(params: dict) -> None:
    run = cluster(1000, 0.1, **params)
    for reason in explain(run, "x"):
        assert reason.agrees, reason
    assert sum(line.usd_per_hour for line in bill(run, "x")) == pytest.approx(
        run.now("x")["cost_per_hour"]
    )


def test_a_page_of_one_item_and_its_query_ask_the_table_alike() -> None:
    run = cluster(100, query_share=0.25, query_ttl_s=0.0, key_count=1)
    x = run.now("x")
    assert x["query_cache_misses"] == pytest.approx(25)
    assert x["item_cache_hits"] == pytest.approx(75, rel=1e-3)
    assert run.now("d")["arrivals"] == pytest.approx(25, rel=0.01)
