"""ElastiCache: hits and misses, in front and beside, cold caches, full memory, hot shards, loss."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document import Document
from sandbox.document.records import Fault, Group, Scenario
from sandbox.engine import Run
from sandbox.kernels.cache import LRU, characteristic, holding, ranks
from sandbox.services import catalogue
from tests.simulation import diagram, go, simulate

ALL = {"maxmemory_policy": "allkeys-lru"}
TABLE = ("dynamodb", {"read_capacity_units": 40_000, "write_capacity_units": 40_000})
APP = ("external", {"servers": 10_000, "service_time_s": 0.01, "holds_server": False})
BESIDE = ["c.out > app.in", "app.out > x.in", "app.out > db.in"]


def through(rate: float = 1000.0, write: float = 0.0, *, seconds: float = 60, **params: Any) -> Run:
    """Clients, a cache x, and a table behind it."""
    scenario = {k: params.pop(k) for k in ("faults", "tick_s") if k in params}
    nodes = {
        "c": ("clients", {"rate_per_s": rate, "write_fraction": write}),
        "x": ("elasticache", params),
        "db": TABLE,
    }
    return simulate(nodes, ["c.out > x.in", "x.out > db.in"], seconds=seconds, **scenario)


def beside(
    rate: float = 1000.0,
    write: float = 0.0,
    *,
    db: Any = TABLE,
    links: list[str] = BESIDE,
    seconds: float = 60,
    **params: Any,
) -> Run:
    """An application that calls a cache x, and a table."""
    scenario = {k: params.pop(k) for k in ("faults", "tick_s") if k in params}
    nodes = {
        "c": ("clients", {"rate_per_s": rate, "write_fraction": write}),
        "app": APP,
        "x": ("elasticache", params),
        "db": db,
    }
    return simulate(nodes, links, seconds=seconds, **scenario)


def said(run: Run, kind: str) -> list[str]:
    return [event.text for event in run.events if event.node == "x" and event.kind == kind]


def at(run: Run, kind: str) -> float:
    return next(event.t_s for event in run.events if event.node == "x" and event.kind == kind)


def fault(kind: str, amount: float, start: float = 60, end: float = 360) -> Fault:
    return Fault(kind, "x", start, end, amount)


SMALL = {"node_type": "cache.t3.micro", **ALL}  # 0.375 GiB: 358,000 keys of 1.1 KB
FITS = 0.375 * 1024 * 1024 / (1 + 100 / 1024)


def expected(capacity: float = FITS, count: int = 1_000_000, skew: float = 0.9) -> float:
    keys, share = ranks(count, skew)
    reach = characteristic(LRU, keys, share, capacity, float("inf"), 0.0)
    return float(holding(LRU, keys, share, capacity, reach, float("inf"), 0.0)[1])


# ---------------------------------------------------------------- in front, and beside


def test_only_misses_and_writes_go_on_to_what_is_behind() -> None:
    now = through(1000, 0.2, **SMALL)
    hit = now.now("x")["hit_ratio"]
    assert hit == pytest.approx(expected(), abs=1e-3)
    assert now.now("x")["cache_hits"] == pytest.approx(800 * hit)
    assert now.now("db")["arrivals"] == pytest.approx(800 * (1 - hit) + 200)
    assert now.now("db")["consumed_write_capacity"] == pytest.approx(200, rel=1e-6)


def test_a_hit_is_fast_and_a_miss_takes_the_table_too() -> None:
    run = through(1000, 0.0, **SMALL)
    miss = 1 - run.now("x")["hit_ratio"]
    own, table = run.now("x")["own_latency_mean"], run.now("db")["latency_mean"]
    assert run.now("c")["latency_mean"] == pytest.approx(own + miss * table, rel=1e-3)
    assert run.now("c")["latency_p50"] < 0.001
    assert run.now("c")["latency_p95"] > table


def test_a_cache_beside_the_table_relieves_it_as_one_in_front_does() -> None:
    run, other = beside(1000, 0.2, **SMALL), through(1000, 0.2, **SMALL)
    for metric in ("arrivals", "consumed_read_capacity", "consumed_write_capacity"):
        assert run.now("db")[metric] == pytest.approx(other.now("db")[metric], rel=1e-3)
    assert run.now("x")["arrivals"] == pytest.approx(1000)
    assert run.now("c")["latency_mean"] - 0.01 == pytest.approx(
        other.now("c")["latency_mean"], rel=0.02
    )
    assert "app asks here before db" in said(run, "cache_aside")[0]


def test_the_first_second_does_not_miss_what_a_warm_cache_has() -> None:
    run = beside(1000, 0.0, seconds=1)
    assert run.now("db")["arrivals"] == pytest.approx(0, abs=1)


def test_a_link_may_say_that_no_cache_is_asked_before() -> None:
    links = [*BESIDE[:2], "app.out > db.in {'cache_aside': 'none'}"]
    run = beside(1000, 0.2, links=links)
    assert run.now("db")["arrivals"] == pytest.approx(1000)
    assert not said(run, "cache_aside")


def test_what_is_no_database_is_beside_a_cache_when_its_link_says_so() -> None:
    pool = ("external", {"servers": 100, "service_time_s": 0.01})
    assert beside(1000, db=pool).now("db")["arrivals"] == pytest.approx(1000)
    links = [*BESIDE[:2], "app.out > db.in {'cache_aside': 'x'}"]
    run = beside(1000, db=pool, links=links, **SMALL)
    assert run.now("db")["arrivals"] == pytest.approx(1000 * (1 - expected()), rel=0.01)


def test_a_cache_that_has_a_database_behind_it_is_beside_none() -> None:
    nodes = {
        "c": ("clients", {"rate_per_s": 100.0}),
        "app": APP,
        "x": ("elasticache", {}),
        "behind": TABLE,
        "db": TABLE,
    }
    run = simulate(nodes, [*BESIDE, "x.out > behind.in"], seconds=10)
    assert run.now("db")["arrivals"] == pytest.approx(100)


def test_a_cache_beside_that_fails_sends_all_to_the_table_and_fails_nobody() -> None:
    dead = fault("kill_instances", 1)
    run = go(beside(1000, 0.0, replicas_per_node_group=0, faults=(dead,), seconds=62), 10)
    assert run.now("x")["failed"] == pytest.approx(1000, rel=1e-3)
    assert run.now("db")["arrivals"] == pytest.approx(1000, rel=0.01)
    assert run.now("c")["served"] == pytest.approx(1000)


def test_a_cache_in_front_that_fails_fails_its_callers() -> None:
    dead = fault("kill_instances", 1)
    run = through(1000, 0.0, replicas_per_node_group=0, faults=(dead,), seconds=70)
    assert run.now("c")["failed"] == pytest.approx(1000)


def test_a_cut_link_to_the_cache_is_a_miss_too() -> None:
    cut = Fault("link_cut", "app>x", 30, 90, 1.0)
    run = beside(1000, 0.0, faults=(cut,), seconds=40)
    assert run.now("db")["arrivals"] == pytest.approx(1000, rel=0.01)
    assert run.now("c")["served"] == pytest.approx(1000)
    assert go(run, 60).now("db")["arrivals"] == pytest.approx(0, abs=1)


# ---------------------------------------------------------------- cold caches


def test_a_flush_sends_everything_on_and_the_cache_fills_as_keys_come_again() -> None:
    run = through(1000, 0.0, faults=(fault("cache_flush", 1.0, 60, 60),), seconds=60)
    before = run.now("x")["hit_ratio"]
    assert go(run, 1).now("x")["hit_ratio"] < 0.3
    assert run.now("db")["arrivals"] > 700
    half = go(run, 60).now("x")["hit_ratio"]
    assert 0.4 < half < 0.9 * before
    assert "gone" in said(run, "flushed")[0]
    assert go(run, 20_000).now("x")["hit_ratio"] > 0.98 * before
    assert at(run, "warm") > 1000


def test_half_a_flush_costs_half_the_hits() -> None:
    run = through(10, 0.0, faults=(fault("cache_flush", 0.5, 60, 60),), seconds=60, **SMALL)
    before = run.now("x")["hit_ratio"]
    assert go(run, 1).now("x")["hit_ratio"] == pytest.approx(before / 2, rel=0.1)


def test_more_load_warms_a_cache_sooner() -> None:
    slow, fast = (
        through(rate, 0.0, starts_warm=False, seconds=seconds)
        for rate, seconds in ((1000.0, 300), (3000.0, 100))
    )
    assert slow.now("x")["hit_ratio"] == pytest.approx(fast.now("x")["hit_ratio"], abs=0.003)


def test_the_tick_does_not_change_how_a_cache_warms() -> None:
    found = [
        through(1000, 0.0, starts_warm=False, seconds=600, tick_s=tick).now("x")["hit_ratio"]
        for tick in (0.1, 1.0, 10.0)
    ]
    assert found == pytest.approx([found[1]] * 3, rel=0.01)


def test_a_time_to_live_costs_hits_though_there_is_room() -> None:
    run = through(1000, 0.0, ttl_s=60, **ALL)
    assert run.now("x")["hit_ratio"] < 0.5
    assert run.now("x")["reclaimed"] > 0
    assert run.now("x")["evictions"] == 0


def test_writes_that_delete_their_keys_cost_hits_and_those_that_store_do_not() -> None:
    found = {
        how: through(1000, 0.3, on_write=how, **SMALL).now("x")["hit_ratio"]
        for how in ("write_through", "invalidate", "ignore")
    }
    assert found["invalidate"] < found["ignore"] - 0.05
    assert found["write_through"] == pytest.approx(found["ignore"], abs=0.01)


# ---------------------------------------------------------------- memory


def test_a_larger_node_holds_more_keys_and_hits_more_often() -> None:
    small = through(1000, **SMALL).now("x")
    large = through(1000, **ALL).now("x")
    assert small["curr_items"] == pytest.approx(FITS)
    assert small["evictions"] == pytest.approx(small["cache_misses"])
    assert large["hit_ratio"] > small["hit_ratio"] + 0.1
    assert large["evictions"] == 0


def test_a_shrunk_cache_evicts_at_once_and_a_grown_one_fills_later() -> None:
    run = through(1000, 0.0, **SMALL)
    before = run.now("x")["hit_ratio"]
    document = diagram(
        {
            "c": ("clients", {"rate_per_s": 1000.0, "write_fraction": 0.0}),
            "x": ("elasticache", {**SMALL, "item_kb": 0.5}),
            "db": TABLE,
        },
        ["c.out > x.in", "x.out > db.in"],
    )
    run.edit(document)
    assert go(run, 1).now("x")["hit_ratio"] == pytest.approx(before, abs=0.002)
    assert go(run, 3600).now("x")["hit_ratio"] > before + 0.05


def test_without_eviction_writes_fail_once_the_memory_is_full() -> None:
    run = through(1000, 0.2, node_type="cache.t3.micro")  # volatile-lru, no time to live
    assert run.now("x")["rejected"] == pytest.approx(200)
    assert "evict none" in said(run, "memory_full")[0]
    assert run.losses("x")["out_of_memory"][2].startswith("OOM")
    assert run.now("x")["hit_ratio"] > 0.7, "reads go on"
    assert "evicts only keys with a time to live" in said(run, "policy")[0]


# ---------------------------------------------------------------- threads, shards, replicas


def test_one_thread_of_a_node_is_the_limit_and_shards_add_threads() -> None:
    one = through(60_000, replicas_per_node_group=0, item_kb=0.1)
    assert one.now("x")["engine_cpu_utilization"] == pytest.approx(1.0, abs=0.001)
    assert one.now("x")["served"] == pytest.approx(58_000, rel=0.01)
    assert one.now("c")["latency_mean"] > 0.1
    four = through(60_000, replicas_per_node_group=0, item_kb=0.1, num_node_groups=4)
    assert four.now("x")["engine_cpu_utilization"] < 0.5
    assert four.now("c")["latency_mean"] < 0.002


def test_a_hot_key_keeps_one_shard_busy_though_the_cluster_has_room() -> None:
    params = {"num_node_groups": 8, "replicas_per_node_group": 0, "item_kb": 0.1}
    run = through(100_000, **params, hot_key_share=0.6)
    assert run.now("x")["hottest_shard_share"] > 0.6
    assert run.now("x")["engine_cpu_utilization"] == pytest.approx(1.0, abs=0.001)
    assert "hottest shard" in said(run, "hot_shard")[0]
    calm = through(100_000, **params, key_skew=0.0)
    assert calm.now("x")["engine_cpu_utilization"] < 0.3
    later = through(100_000, **params, key_skew=0.0, faults=(fault("hot_key", 0.6, 30, 90),))
    assert later.now("x")["hottest_shard_share"] > 0.6


def test_one_key_for_all_requests_is_soon_in_the_cache() -> None:
    run = through(1000, 0.0, hot_key_share=1.0, starts_warm=False, num_node_groups=4, seconds=3)
    assert run.now("x")["hit_ratio"] == pytest.approx(1.0, abs=1e-6)
    assert run.now("x")["hottest_shard_share"] == pytest.approx(1.0)
    assert run.now("x")["curr_items"] == pytest.approx(1.0, abs=1e-3)


def test_replicas_share_reads_but_not_writes() -> None:
    params = {"replicas_per_node_group": 1, "item_kb": 0.1}
    reads = through(20_000, 0.0, **params, read_from_replicas=True)
    assert reads.now("x")["engine_cpu_utilization"] == pytest.approx(10_000 / 58_000, rel=0.01)
    writes = through(20_000, 1.0, **params, read_from_replicas=True)
    assert writes.now("x")["engine_cpu_utilization"] == pytest.approx(20_000 / 58_000, rel=0.01)


def test_large_values_fill_the_network_before_the_thread() -> None:
    run = through(2000, item_kb=100, key_count=10_000)
    # 2,000 · 100 KB/s is more than the 93,750 KB/s of 0.75 Gbit/s
    assert run.now("x")["network_utilization"] == pytest.approx(1.0, abs=0.001)
    assert run.now("x")["engine_cpu_utilization"] < 0.1
    assert run.now("x")["served"] == pytest.approx(937.5, rel=0.005)


def test_pools_of_many_callers_use_up_the_connections() -> None:
    links = [BESIDE[0], "app.out > x.in {'pool_size': 10}", BESIDE[2]]
    run = beside(1000, 0.0, links=links)  # 10,000 instances with 10 each
    assert run.now("x")["curr_connections"] == pytest.approx(100_000)
    assert run.now("x")["rejected"] == pytest.approx(350)


def test_a_capacity_cut_slows_the_thread() -> None:
    whole = through(10_000, item_kb=0.1)
    cut = through(10_000, item_kb=0.1, faults=(fault("capacity_cut", 0.5, 10),))
    ratio = cut.now("x")["engine_cpu_utilization"] / whole.now("x")["engine_cpu_utilization"]
    assert ratio == pytest.approx(2.0, rel=0.02)


# ---------------------------------------------------------------- loss of nodes


def test_a_replica_follows_a_lost_primary_with_the_keys_but_the_last_writes() -> None:
    dead = fault("kill_instances", 1)
    run = through(1000, 0.5, faults=(dead,), replication_lag_ms=100.0, seconds=61)
    assert run.now("x")["failed"] == pytest.approx(1000, rel=1e-3)
    before = run.now("x")["hit_ratio"]
    assert go(run, 65).now("x")["failed"] == 0
    took = at(run, "promoted") - at(run, "failover")
    assert 15 <= took <= 61
    assert run.now("x")["hit_ratio"] == pytest.approx(before, abs=0.01)
    assert "50 writes" in said(run, "promoted")[0]  # 500/s · 0.1 s
    assert run.now("x")["instances"] == 1
    assert go(run, 300).now("x")["instances"] == 2


def test_a_shard_without_replicas_comes_back_empty() -> None:
    dead = fault("kill_instances", 1)
    params = {"num_node_groups": 4, "replicas_per_node_group": 0}
    run = through(1000, 0.0, faults=(dead,), **params, seconds=61)
    assert run.now("x")["failed"] == pytest.approx(250, rel=1e-3)
    before = run.now("x")["hit_ratio"]
    go(run, 300)
    assert run.now("x")["failed"] == 0
    assert run.now("x")["hit_ratio"] == pytest.approx(0.75 * before, abs=0.08)
    assert said(run, "cold_shards")


def test_replicas_answer_reads_while_there_is_no_primary() -> None:
    dead = fault("kill_instances", 1)
    run = through(1000, 0.5, faults=(dead,), read_from_replicas=True, seconds=70)
    assert run.now("x")["failed"] == pytest.approx(500)


def in_zones(zones: tuple[str, ...], *faults: Fault, **params: Any) -> Run:
    nodes = {
        "c": ("clients", {"rate_per_s": 100.0, "write_fraction": 0.0}),
        "x": ("elasticache", params),
        "db": TABLE,
    }
    plain = diagram(nodes, ["c.out > x.in", "x.out > db.in"])
    document = Document(
        nodes=plain.nodes.values(),
        links=plain.links.values(),
        groups=[Group(zone, "availability_zone", "", ("x",)) for zone in zones],
        scenario=Scenario(duration_s=7200, faults=faults),
    )
    return Run(document, catalogue())


def test_one_of_two_zones_takes_the_primary_and_the_replica_follows() -> None:
    run = go(in_zones(("a", "b"), Fault("zone_outage", "a", 60, 3000)), 62)
    assert run.now("x")["failed"] == pytest.approx(100)
    go(run, 70)
    assert run.now("x")["failed"] == 0
    assert run.now("x")["hit_ratio"] > 0.99


def test_the_only_zone_takes_everything_until_it_is_back_and_the_cache_is_cold() -> None:
    run = go(in_zones(("a",), Fault("zone_outage", "a", 60, 1000)), 900)
    assert run.now("x")["failed"] == pytest.approx(100)
    go(run, 110)
    assert run.now("x")["failed"] == 0
    assert run.now("x")["hit_ratio"] < 0.5


def test_actions_flush_and_heat() -> None:
    run = through(1000, 0.0)
    assert "deleted" in run.control("x", "flush", {"share": 1.0})
    assert go(run, 1).now("x")["hit_ratio"] < 0.3
    run.control("x", "hot_key", {"share": 0.5})
    assert go(run, 5).now("x")["hit_ratio"] > 0.5


# ---------------------------------------------------------------- what is assumed


def test_a_request_to_an_idle_node_takes_a_third_of_a_millisecond_with_a_long_tail() -> None:
    run = through(1.0)
    assert run.now("x")["own_latency_mean"] == pytest.approx(0.3e-3, rel=1e-3)
    io = run.program.nodes[run.program.index["x"]]
    assert io["svc_v"] / io["svc_m"] ** 2 == pytest.approx(0.26)


def test_a_lost_node_is_replaced_after_five_minutes() -> None:
    run = through(100, faults=(fault("kill_instances", 1),), seconds=400)
    assert at(run, "replaced") - at(run, "failover") == pytest.approx(300)


def test_a_cache_is_called_warm_at_95_percent_of_its_last_hit_ratio() -> None:
    run = through(1000, 0.0, starts_warm=False, key_count=10_000, key_skew=0.0, seconds=60)
    assert at(run, "warm") == pytest.approx(30, abs=1)  # 1 - exp(-0.1 t) is 0.95 at 30 s
