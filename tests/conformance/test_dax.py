"""What AWS says of DynamoDB Accelerator, at its boundaries."""

from __future__ import annotations

import math

import pytest

from sandbox.services import catalogue
from tests.conformance import fact
from tests.conformance.metered import kinds
from tests.conformance.tables import cluster, lost
from tests.simulation import simulate

GUIDE = "DynamoDB Developer Guide: In-memory acceleration with DAX"
CONSISTENCY = "DynamoDB Developer Guide: DAX and DynamoDB consistency models"
SIZING = "DynamoDB Developer Guide: DAX cluster sizing guide"
LIMITS = "DynamoDB Developer Guide: Service, account, and table quotas"
CLUSTER = "DynamoDB Developer Guide: DAX cluster components"
PRICING = "https://aws.amazon.com/dynamodb/pricing/"
ALIKE = {"key_count": 1000, "key_skew": 0.0}


# ---------------------------------------------------------------- nodes


@fact("A cluster has 11 nodes at most; 10 in 2019", source=LIMITS)
@pytest.mark.parametrize(("era", "nodes", "found"), [
    ("2020", 9, 9), ("2020", 10, 10), ("2020", 11, 10), ("current", 11, 11),
])  # fmt: skip
def test_the_nodes_of_a_cluster(era: str, nodes: int, found: int) -> None:
    run = cluster(1, nodes=nodes, seconds=1, scenario={"era": era})
    assert run.now("x")["instances"] == found
    assert bool(kinds(run, "quota", node="x")) is (nodes > found)
    assert catalogue().check_params("dax", {"nodes": 12})


@fact("An account has 50 nodes at most", source=LIMITS)
def test_the_nodes_of_an_account() -> None:
    nodes = {f"x{i}": ("dax", {"nodes": 11 if i < 4 else 7}) for i in range(5)}
    run = simulate(nodes, [], seconds=1)
    assert [run.now(n)["instances"] for n in nodes] == [11, 11, 11, 11, 6]
    (refused,) = kinds(run, "quota", node="x4")
    assert "has 11 nodes at most and an account 50: it gets 6 of 7" in refused.text


@fact("A cluster is fault tolerant from three nodes on", source=CLUSTER)
@pytest.mark.parametrize(("nodes", "warned"), [(2, True), (3, False)])
def test_three_nodes_withstand_a_zone(nodes: int, warned: bool) -> None:
    assert bool(kinds(cluster(1, nodes=nodes, seconds=1), "zones", node="x")) is warned


@fact("Normalized requests: hits × KB + misses × KB × 10 + writes × KB × 25 on every node",
      source=SIZING)  # fmt: skip
def test_normalized_requests() -> None:
    """The guide's example: 50,000 hits, 1,000 misses and 100 writes a second of 2 KB are 135,000 on
    three nodes, which with half as much in reserve three dax.r5.large take."""
    run = cluster(51_100, 100 / 51_100, seconds=1, item_kb=2.0, key_skew=0.0, key_count=1)
    x = run.now("x")
    hits, misses = x["item_cache_hits"], x["item_cache_misses"]
    writes = 51_100 - hits - misses
    assert writes == pytest.approx(100)
    found = 2 * (hits + 10 * misses + 25 * 3 * writes)
    assert x["normalized_requests"] == pytest.approx(found)
    assert 2 * (50_000 + 10 * 1000 + 25 * 3 * 100) == 135_000
    assert x["capacity"] == 225_000
    assert x["capacity"] >= 1.5 * 135_000


@fact("A miss is ten times the work of a hit", source=SIZING)
def test_the_work_of_a_miss() -> None:
    # what is not kept always misses
    run = cluster(1000, query_share=1.0, query_ttl_s=0.0, query_items=1, seconds=1)
    assert run.now("x")["normalized_requests"] == pytest.approx(10_000)


@pytest.mark.parametrize(
    ("node", "per_s"),
    [
        ("dax.r5.large", 75_000),
        ("dax.r5.xlarge", 150_000),
        ("dax.r5.2xlarge", 300_000),
        ("dax.r5.4xlarge", 600_000),
        ("dax.r5.8xlarge", 1_000_000),
        ("dax.r5.24xlarge", 1_000_000),
    ],
)
@fact("A node takes 75,000 normalized requests a second (r5.large), twice as many each size up, "
      "and 1,000,000 from 8xlarge on", source=SIZING)  # fmt: skip
def test_what_a_node_takes(node: str, per_s: float) -> None:
    # reads of nothing that is kept: ten for each KB
    params = {"query_share": 1.0, "query_ttl_s": 0.0, "query_items": 1, "nodes": 1,
              "node_type": node, "item_kb": 50.0, "seconds": 1}  # fmt: skip
    units = {"item_kb": 1.0}
    for rate, over in ((per_s / 500 - 1, 0), (per_s / 500, 0), (per_s / 500 + 1, 1)):
        run = cluster(rate, tables=units, **params)
        assert run.now("x")["throttled"] == pytest.approx(over, abs=1e-6)


@pytest.mark.parametrize(("node", "gb"), [("dax.r5.large", 16), ("dax.r5.xlarge", 32)])
@fact("A dax.r5.large has 16 GB of memory, an xlarge 32 GB", source=SIZING)
def test_the_memory_of_a_node(node: str, gb: float) -> None:
    for part, fits in ((0.99, True), (1.01, False)):
        count = int(gb * 1024 * 1024 / 400 * part)
        run = cluster(10, item_kb=400.0, key_skew=0.0, key_count=count, item_ttl_s=0.0,
                      node_type=node, seconds=2)  # fmt: skip
        assert (run.now("x")["hit_ratio"] > 0.999999) is fits


@fact("A cluster takes 40,000 writes a second of 1 KB at most, however many nodes", source=SIZING)
@pytest.mark.parametrize("nodes", [1, 3])
@pytest.mark.parametrize(("rate", "over"), [(39_999, 0), (40_000, 0), (40_001, 1)])
def test_more_nodes_take_no_more_writes(nodes: int, rate: float, over: float) -> None:
    run = cluster(rate, 1.0, nodes=nodes, node_type="dax.r5.24xlarge", seconds=1)
    assert run.now("x")["throttled"] == pytest.approx(over, abs=1e-6)


@fact("Too much is refused with a ThrottlingException", source=GUIDE)
def test_an_overloaded_cluster_throttles() -> None:
    run = cluster(80_000, nodes=1, key_count=1, seconds=2)
    assert lost(run, "overload", "x") > 0
    assert run.now("x")["throttled"] > 0


# ---------------------------------------------------------------- what is kept


@fact("An item is kept for 300 s by default", source=GUIDE)
@pytest.mark.parametrize(("ttl_s", "same"), [(None, True), (299.0, False), (301.0, False)])
def test_the_time_to_live_of_items(ttl_s: float | None, same: bool) -> None:
    # an item that is asked for every 100 s hits with λT / (1 + λT) = 3/4
    given = {} if ttl_s is None else {"item_ttl_s": ttl_s}
    run = cluster(10, **ALIKE, **given, seconds=2)
    assert (abs(run.now("x")["hit_ratio"] - 0.75) < 1e-4) is same


@fact("The query cache keeps results for 300 s by default", source=GUIDE)
@pytest.mark.parametrize(("ttl_s", "same"), [(None, True), (299.0, False), (301.0, False)])
def test_the_time_to_live_of_queries(ttl_s: float | None, same: bool) -> None:
    given = {} if ttl_s is None else {"query_ttl_s": ttl_s}
    run = cluster(10, query_share=1.0, query_count=1000, query_skew=0.0, **given, seconds=2)
    assert (abs(run.now("x")["hit_ratio"] - 0.75) < 1e-4) is same


@fact("With a time to live of 0 items stay until they are evicted or written", source=GUIDE)
@fact("… and queries are not cached", source=GUIDE)
def test_a_time_to_live_of_nothing() -> None:
    assert cluster(10, **ALIKE, item_ttl_s=0.0).now("x")["hit_ratio"] == pytest.approx(1.0)
    run = cluster(10, query_share=1.0, query_ttl_s=0.0)
    assert run.now("x")["query_cache_hits"] == 0
    assert run.now("x")["query_cache_misses"] == pytest.approx(10)


@fact("Eventually consistent reads are answered by DAX; strongly consistent and transactional ones "
      "pass through and are not cached", source=CONSISTENCY)  # fmt: skip
@pytest.mark.parametrize(
    ("consistency", "least", "most"),
    [("eventual", 400, 600), ("strong", 10_000, 10_000), ("transactional", 20_000, 20_000)],
)
def test_strong_reads_pass_through(consistency: str, least: float, most: float) -> None:
    """10,000 reads a second of which nine of ten hit leave 500 units, or 10,000 strong ones."""
    # λT = 9: nine of ten hit
    count = int(10_000 * 300 / 9)
    run = cluster(10_000, tables={"consistency": consistency}, key_count=count, key_skew=0.0,
                  node_type="dax.r5.xlarge", seconds=60, scenario={"tick_s": 10.0})  # fmt: skip
    units = run.now("d")["consumed_read_capacity"]
    assert least <= round(units, 3) <= most
    passes = consistency != "eventual"
    assert bool(kinds(run, "passes_through", node="x")) is passes
    assert bool(kinds(run, "well_used", node="x")) is not passes
    if not passes:
        assert units == pytest.approx(500, rel=1e-3)


@fact("A write goes to the table first and then renews the item in the cache", source=CONSISTENCY)
def test_writes_go_through_to_the_table() -> None:
    run = cluster(100, 1.0)
    assert run.now("d")["consumed_write_capacity"] == pytest.approx(100)
    # what is written is there to be read: the time to live begins anew with each write
    still = cluster(20, 0.5, **ALIKE, seconds=2)
    assert still.now("x")["hit_ratio"] > cluster(10, **ALIKE).now("x")["hit_ratio"]


# ---------------------------------------------------------------- what is old


@fact("What is written around DAX stays old in it until its time to live is over", source=(
    CONSISTENCY))  # fmt: skip
def test_writes_around_leave_a_fifth_of_the_answers_old() -> None:
    """An item written every 600 s and read every second, kept for 300 s: 1 - (1 - e^-½) / ½."""
    run = cluster(1000, **ALIKE, around=1000 / 600, seconds=60, scenario={"tick_s": 10.0})
    assert run.now("x")["writes_around"] == pytest.approx(1000 / 600)
    assert run.now("x")["stale_share"] == pytest.approx(0.21, abs=0.005)
    exact = 1 - (1 - math.exp(-0.5)) / 0.5
    assert run.now("x")["stale_share"] == pytest.approx(exact * 300 / 301, rel=1e-3)
    assert "21." in kinds(run, "stale", node="x")[0].text


@fact("A write does not renew the query results that hold the item", source=CONSISTENCY)
def test_query_results_are_old_until_their_time_to_live_is_over() -> None:
    params = {"query_share": 1.0, "query_count": 1, "query_items": 1000, **ALIKE}
    run = cluster(100, 0.1, **params, seconds=20, scenario={"tick_s": 10.0})
    # ten writes a second change it at once, for 300 s
    assert run.now("x")["stale_share"] == pytest.approx(1.0, abs=0.01)
    short = cluster(100, 0.1, **params, query_ttl_s=0.0, seconds=20, scenario={"tick_s": 10.0})
    assert short.now("x")["stale_share"] == 0


# ---------------------------------------------------------------- losing nodes, time, price


@fact("A hit is answered in microseconds, not in single-digit milliseconds", source=GUIDE)
def test_a_hit_is_faster_than_the_table() -> None:
    run = cluster(1000, key_count=1)
    assert run.now("c")["latency_p50"] < 0.001
    assert run.now("d")["latency_mean"] > 0.003


@fact("A dax.r5.large costs 0.269 USD an hour", source=PRICING)
def test_the_price_of_nodes() -> None:
    assert cluster(1, nodes=3, seconds=1).now("x")["cost_per_hour"] == pytest.approx(3 * 0.269)
