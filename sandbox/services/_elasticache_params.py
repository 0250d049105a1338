"""The parameters of a cache cluster, and the pages that they are taken from."""

from __future__ import annotations

from typing import Literal, get_args

from sandbox.services._cached_keys import POLICIES
from sandbox.services._elasticache_nodes import PRICING, Name
from sandbox.services.params import Parameters, param

WATCHED = "ElastiCache for Redis User Guide: Which metrics should I monitor?"
PARAMETERS = "ElastiCache for Redis User Guide: Redis-specific parameters"
GUIDE = "ElastiCache for Redis User Guide: Working with shards"
STRATEGIES = "ElastiCache User Guide: Caching strategies"


class Params(Parameters):
    engine: Literal["redis", "valkey", "memcached"] = param(
        "redis",
        "Redis and Valkey: one thread a node, replicas, failover. Memcached: all vCPUs of a node, "
        "no replicas.",
        source=WATCHED,
        confidence="H",
        basic=True,
    )
    node_type: Name = param(
        "cache.m5.large",
        "Memory, network and price of each node.",
        source=PRICING,
        confidence="M",
        basic=True,
    )
    num_node_groups: int = param(
        1,
        "Shards, which divide the keys among them (Memcached: nodes).",
        ge=1,
        le=500,
        source=GUIDE,
        confidence="H",
        basic=True,
    )
    replicas_per_node_group: int = param(
        1,
        "Replicas of each shard: they follow a primary that is lost, and can take reads.",
        ge=0,
        le=5,
        source=GUIDE,
        confidence="H",
        basic=True,
    )
    read_from_replicas: bool = param(
        False,
        "Whether clients read from the replicas, too; writes go to the primaries alone.",
        source="Redis documentation: READONLY",
        confidence="M",
    )
    key_count: int = param(
        1_000_000, "Different keys asked for.", ge=1, le=10_000_000, group="Keys", basic=True
    )
    key_skew: float = param(
        0.9,
        "Zipf exponent of the keys' popularity: 0 is alike, about 1 is usual of people and goods.",
        ge=0,
        le=5,
        group="Keys",
        basic=True,
    )
    hot_key_share: float = param(
        0.0,
        "Share of the requests for one and the same key, besides the skew.",
        unit="share",
        ge=0,
        le=1,
        group="Keys",
    )
    item_kb: float = param(
        1.0, "Mean size of a value.", unit="KB", gt=0, le=524_288, group="Keys", basic=True
    )
    item_overhead_bytes: float = param(
        100.0,
        "Memory that a key takes beside its value: its name, pointers, expiry.",
        unit="B",
        ge=0,
        le=10_000,
        group="Keys",
    )
    ttl_s: float = param(
        0.0,
        "Time to live of an entry since it was stored; 0 is none.",
        unit="s",
        ge=0,
        le=31_536_000,
        source=STRATEGIES,
        confidence="H",
        group="Keys",
        basic=True,
    )
    on_write: Literal["write_through", "invalidate", "ignore"] = param(
        "write_through",
        "What a write does to its key: it stores the new value, deletes the key, or leaves the old "
        "value until it expires.",
        source=STRATEGIES,
        confidence="H",
        group="Keys",
        basic=True,
    )
    maxmemory_policy: Literal[
        "volatile-lru",
        "allkeys-lru",
        "volatile-lfu",
        "allkeys-lfu",
        "volatile-random",
        "allkeys-random",
        "volatile-ttl",
        "noeviction",
    ] = param(
        "volatile-lru",
        "What makes room when the memory is full. Volatile policies evict only keys with a time to "
        "live: without ttl_s nothing is evicted, and writes fail. Memcached always evicts the "
        "least recently used.",
        source=PARAMETERS,
        confidence="H",
        group="Memory",
        basic=True,
    )
    reserved_memory_percent: float = param(
        25.0,
        "Part of the memory kept free for copies to replicas and backups (Memcached: none).",
        unit="%",
        ge=0,
        le=100,
        source=PARAMETERS,
        confidence="H",
        group="Memory",
    )
    starts_warm: bool = param(
        True, "Whether the run begins with a cache that has long been in use, or an empty one."
    )
    latency_ms: float = param(
        0.3,
        "Mean time of a request within a VPC, without waiting for the thread.",
        unit="ms",
        ge=0,
        le=1000,
        source="cachee.ai: ElastiCache latency, 2026",
        confidence="M",
    )
    ops_per_s: float | None = param(
        None,
        "Requests a second that one thread can do; empty goes by the node type: 20,000 for T3, "
        "58,000 for others.",
        unit="1/s",
        gt=0,
        le=10_000_000,
        source="AWS Database Blog: Five workload characteristics to consider when right-sizing "
        "Amazon ElastiCache Redis clusters",
        confidence="M",
    )
    replication_lag_ms: float = param(
        10.0,
        "How far replicas are behind: what was acknowledged in that time is lost in a failover.",
        unit="ms",
        ge=0,
        le=60_000,
    )


assert get_args(Params.model_fields["maxmemory_policy"].annotation) == POLICIES
