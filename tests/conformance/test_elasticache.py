"""What AWS says of ElastiCache, at its boundaries."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.document.records import Fault
from sandbox.engine import Run
from sandbox.services import catalogue
from tests.conformance import fact
from tests.simulation import simulate

GUIDE = "ElastiCache for Redis User Guide"


def cache(rate: float = 1000.0, write: float = 0.0, seconds: float = 30, **params: Any) -> Run:
    scenario = {k: params.pop(k) for k in ("faults",) if k in params}
    nodes = {
        "c": ("clients", {"rate_per_s": rate, "write_fraction": write}),
        "x": ("elasticache", params),
    }
    return simulate(nodes, ["c.out > x.in"], seconds=seconds, **scenario)


KB = 1024 * 1024  # of a GiB


def holds(node_type: str, gib: float, **params: Any) -> None:
    """Just below `gib` all keys fit; just above some are evicted."""
    for keys, evicting in ((int(gib * KB * 0.999), False), (int(gib * KB * 1.004), True)):
        more = {"item_overhead_bytes": 0.0, "key_skew": 0.0, **params}
        run = cache(node_type=node_type, key_count=keys, **more)
        assert (run.now("x")["evictions"] > 0) is evicting, (node_type, keys)


@fact(
    "25 % of a node's memory is reserved: a cache.t3.micro of 0.5 GiB holds 0.375 GiB",
    source="https://aws.amazon.com/premiumsupport/knowledge-center/"
    "available-memory-elasticache-redis-node/",
)
def test_a_quarter_of_the_memory_is_reserved() -> None:
    holds("cache.t3.micro", 0.375, maxmemory_policy="allkeys-lru")


@pytest.mark.parametrize(
    ("node_type", "gib"),
    [
        ("cache.t3.small", 1.37),
        ("cache.t3.medium", 3.09),
        ("cache.m4.large", 6.42),
        ("cache.m5.large", 6.38),
    ],
)
@fact(
    "A node has the memory of its type: cache.m5.large 6.38 GiB",
    source="https://aws.amazon.com/elasticache/pricing/",
)
def test_a_node_has_the_memory_of_its_type(node_type: str, gib: float) -> None:
    holds(node_type, gib, maxmemory_policy="allkeys-lru", reserved_memory_percent=0.0)


@pytest.mark.parametrize(
    ("node_type", "gib"), [("cache.r5.large", 13.07), ("cache.r5.xlarge", 26.32)]
)
@fact(
    "A node has the memory of its type: cache.r5.large 13.07 GiB",
    source="https://aws.amazon.com/elasticache/pricing/",
)
def test_a_memory_node_has_the_memory_of_its_type(node_type: str, gib: float) -> None:
    for part, evicting in ((0.999, False), (1.004, True)):
        run = cache(
            node_type=node_type,
            key_count=100_000,
            item_kb=gib * KB * part / 100_000,
            item_overhead_bytes=0.0,
            key_skew=0.0,
            reserved_memory_percent=0.0,
            maxmemory_policy="allkeys-lru",
            rate=10.0,
        )
        assert (run.now("x")["evictions"] > 0) is evicting


@fact(
    "The default policy is volatile-lru: keys without a time to live are never evicted, and writes "
    "fail with OOM once the memory is full",
    source=f"{GUIDE}: Redis-specific parameters",
)
def test_the_default_policy_evicts_only_keys_that_expire() -> None:
    small = {"node_type": "cache.t3.micro", "key_count": 1_000_000}
    run = cache(100, 1.0, **small)
    assert run.now("x")["rejected"] == pytest.approx(100)
    assert run.now("x")["evictions"] == 0
    expiring = cache(100, 0.5, **small, ttl_s=864_000)
    assert expiring.now("x")["rejected"] == 0
    assert expiring.now("x")["evictions"] > 0


@pytest.mark.parametrize("policy", ["allkeys-lru", "allkeys-lfu", "allkeys-random"])
@fact(
    "Allkeys policies evict any key",
    source=f"{GUIDE}: Redis-specific parameters (maxmemory-policy)",
)
def test_allkeys_policies_evict_without_a_time_to_live(policy: str) -> None:
    run = cache(100, 0.5, node_type="cache.t3.micro", maxmemory_policy=policy)
    assert run.now("x")["rejected"] == 0
    assert run.now("x")["evictions"] > 0


@fact(
    "Redis works on one thread a node: at its limit a node of 2 vCPUs shows 50 % CPU, one of 4 "
    "shows 25 %",
    source=f"{GUIDE}: Which metrics should I monitor? (CPUUtilization, EngineCPUUtilization)",
)
def test_one_thread_is_half_of_two_vcpus() -> None:
    for node_type, share in (("cache.m5.large", 0.5), ("cache.r5.xlarge", 0.25)):
        now = cache(80_000, node_type=node_type, item_kb=0.1).now("x")
        assert now["engine_cpu_utilization"] == pytest.approx(1.0, abs=0.001)
        assert now["cpu_utilization"] == pytest.approx(share, abs=0.001)


@fact(
    "Memcached works on all vCPUs of a node",
    source="ElastiCache for Memcached User Guide: Comparing Memcached and Redis (multithreaded)",
)
def test_memcached_works_on_all_vcpus() -> None:
    for rate, full in ((50_000, False), (80_000, False), (120_000, True)):
        now = cache(rate, engine="memcached", item_kb=0.1).now("x")
        assert (now["engine_cpu_utilization"] > 0.999) is full
    assert cache(50_000, engine="redis", item_kb=0.1).now("x")[
        "engine_cpu_utilization"
    ] == pytest.approx(50 / 58, rel=0.01)


@pytest.mark.parametrize(
    ("rate", "node_type", "full"),
    [
        (19_500, "cache.t3.medium", False),
        (20_500, "cache.t3.medium", True),
        (57_000, "cache.m5.large", False),
        (59_000, "cache.m5.large", True),
    ],
)
@fact(
    "A T3 node is for up to 20,000 requests/s; a benchmark of GET on a larger one made 58,000/s",
    source="AWS Database Blog: Five workload characteristics to consider when right-sizing Amazon "
    "ElastiCache Redis clusters",
)
def test_a_thread_does_so_many_requests(rate: float, node_type: str, full: bool) -> None:
    now = cache(rate, node_type=node_type, item_kb=0.01, key_count=1000).now("x")
    assert (now["engine_cpu_utilization"] > 0.999) is full


@pytest.mark.parametrize(
    ("shards", "replicas", "nodes"),
    [(30, 2, 90), (31, 2, 90), (45, 1, 90), (90, 0, 90), (91, 0, 90)],
)
@fact(
    "A cluster has 90 nodes by default",
    source=f"{GUIDE}: Quotas for ElastiCache (nodes per cluster)",
)
def test_a_cluster_has_at_most_ninety_nodes(shards: int, replicas: int, nodes: int) -> None:
    run = cache(num_node_groups=shards, replicas_per_node_group=replicas, seconds=5)
    assert run.now("x")["instances"] == nodes
    refused = any(event.kind == "quota" for event in run.events)
    assert refused is (shards * (1 + replicas) > 90)


@fact(
    "A Memcached cluster has 40 nodes at most",
    source="ElastiCache for Memcached User Guide: Quotas",
)
def test_a_memcached_cluster_has_at_most_forty_nodes() -> None:
    for asked, nodes in ((39, 39), (40, 40), (41, 40)):
        run = cache(engine="memcached", num_node_groups=asked, seconds=5)
        assert run.now("x")["instances"] == nodes


@fact("A shard has five replicas at most", source=f"{GUIDE}: Working with shards")
def test_a_shard_has_at_most_five_replicas() -> None:
    wrong = catalogue().check_params("elasticache", {"replicas_per_node_group": 6})
    assert wrong
    assert not catalogue().check_params("elasticache", {"replicas_per_node_group": 5})
    assert cache(replicas_per_node_group=5, seconds=5).now("x")["instances"] == 6


@fact("A cluster has 500 shards at most", source=f"{GUIDE}: Working with shards")
def test_a_cluster_has_at_most_five_hundred_shards() -> None:
    assert catalogue().check_params("elasticache", {"num_node_groups": 501})
    assert not catalogue().check_params("elasticache", {"num_node_groups": 500})


@fact(
    "Memcached has no replicas: a lost node's keys are lost",
    source="ElastiCache for Memcached User Guide: Comparing Memcached and Redis (replication)",
)
def test_memcached_loses_the_keys_of_a_lost_node() -> None:
    kill = (Fault("kill_instances", "x", 10, 11, 1),)
    run = cache(engine="memcached", num_node_groups=2, faults=kill, seconds=340)
    assert any(event.kind == "cold_shards" for event in run.events)


@fact(
    "A replica is promoted when the primary is lost, within a minute of detection",
    source=f"{GUIDE}: Minimizing downtime in ElastiCache for Redis with Multi-AZ",
)
def test_a_replica_is_promoted_within_a_minute() -> None:
    kill = (Fault("kill_instances", "x", 10, 11, 1),)
    run = cache(replicas_per_node_group=1, faults=kill, seconds=72)
    times = {event.kind: event.t_s for event in run.events}
    assert 15 <= times["promoted"] - times["failover"] <= 61
    assert run.now("x")["failed"] == 0


@fact(
    "Reads scale with replicas, writes only with shards",
    source=f"{GUIDE}: Understanding Redis replication",
)
def test_reads_scale_with_replicas_and_writes_with_shards() -> None:
    def busy(write: float, **params: Any) -> float:
        params = {"read_from_replicas": True, "item_kb": 0.01, **params}
        return cache(20_000, write, **params).now("x")["engine_cpu_utilization"]

    for write, by_replicas, by_shards in ((0.0, 2.0, 2.0), (1.0, 1.0, 2.0)):
        one = busy(write, replicas_per_node_group=0)
        two = busy(write, replicas_per_node_group=1)
        assert one / two == pytest.approx(by_replicas, rel=0.01)
        even = busy(write, replicas_per_node_group=0, num_node_groups=2, key_skew=0.0)
        assert one / even == pytest.approx(by_shards, rel=0.02)


@pytest.mark.parametrize(
    ("node_type", "usd"),
    [
        ("cache.t3.micro", 0.017),
        ("cache.t3.small", 0.034),
        ("cache.t3.medium", 0.068),
        ("cache.m4.large", 0.156),
        ("cache.m5.large", 0.156),
        ("cache.r5.large", 0.216),
        ("cache.r5.xlarge", 0.431),
    ],
)
@fact(
    "A cache.m5.large costs 0.156 USD an hour, a cache.r5.large 0.216",
    source="https://aws.amazon.com/elasticache/pricing/",
)
def test_a_node_costs_the_price_of_its_type(node_type: str, usd: float) -> None:
    run = cache(node_type=node_type, num_node_groups=2, replicas_per_node_group=1, seconds=2)
    assert run.now("x")["cost_per_hour"] == pytest.approx(4 * usd)
