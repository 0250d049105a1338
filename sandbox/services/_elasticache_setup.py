"""A cache cluster before and between its ticks: what its parameters come to, and edits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from sandbox.services._cached_keys import begin, evicts, table
from sandbox.services._elasticache_nodes import OUTAGES, TYPES
from sandbox.services._elasticache_params import Params
from sandbox.services._keys import HOT as HOT_KEY_NAME
from sandbox.services._keys import masses, range_of
from sandbox.services.contract import Setup

QUOTAS = "ElastiCache for Redis User Guide: Quotas for ElastiCache"
MEMCACHED = "ElastiCache for Memcached User Guide"

CLUSTER_NODES = 90  # QUOTAS: nodes per cluster
MEMCACHED_NODES = 40  # MEMCACHED: nodes per cluster
GIB_KB = 1024.0 * 1024.0
KB_PER_GBIT = 125_000.0  # a Gbit/s in KB/s


class Derived:
    shards: float
    replicas: float
    threads: float  # of a node
    vcpus: float
    op_s: float  # time of a request on a thread
    kb_per_s: float
    capacity: float  # keys that fit
    evicts: int
    bins: int
    hottest: float  # share of the requests on the hottest shard, without the hot key
    hot_here: float  # share of them on the shard of the hot key
    usd: float


def _size(params: Params) -> tuple[int, int]:
    """(shards, replicas) that the quota of nodes allows."""
    if params.engine == "memcached":
        return min(params.num_node_groups, MEMCACHED_NODES), 0
    replicas = params.replicas_per_node_group
    return min(params.num_node_groups, CLUSTER_NODES // (1 + replicas)), replicas


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    node = TYPES[params.node_type]
    memcached = params.engine == "memcached"
    shards, replicas = _size(params)
    record["shards"], record["replicas"] = shards, replicas
    record["threads"], record["vcpus"] = node.vcpus if memcached else 1, node.vcpus
    record["op_s"] = 1.0 / (params.ops_per_s or node.ops_per_s)
    record["kb_per_s"] = node.gbit_per_s * KB_PER_GBIT
    reserved = 0.0 if memcached else params.reserved_memory_percent / 100.0
    room_kb = shards * node.memory_gib * GIB_KB * (1.0 - reserved)
    record["capacity"] = room_kb / (params.item_kb + params.item_overhead_bytes / 1024.0)
    record["evicts"] = evicts(params.maxmemory_policy, params.ttl_s, memcached)
    mass = masses(shards, params.key_count, params.key_skew)
    record["hottest"] = mass.max()
    record["hot_here"] = mass[range_of(HOT_KEY_NAME, shards)]
    record["usd"] = node.usd_per_hour
    return table(params.key_count, params.key_skew)


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    begin(state, params.starts_warm)
    if params.starts_warm:
        state["hit_ratio"] = 1.0  # of an instant: the first tick looks it up
    adjust(params, record, state, cells, setup)


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """Fit a running cluster to edited parameters at once; what a person did since stays."""
    if state["wanted_hot"] != params.hot_key_share or state["nodes_up"] == 0:
        state["hot_share"] = state["wanted_hot"] = params.hot_key_share
    nodes = float(record["shards"] * (1 + record["replicas"]))
    state["nodes_up"] = max(0.0, nodes - float(state["missing"]))
    state["down"] = min(float(state["down"]), float(record["shards"]))
    state["solved"][:] = np.nan


def cells_count(params: Params, setup: Setup) -> int:
    return OUTAGES


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """Whom it stands beside, and what of the parameters AWS would refuse."""
    unless = "unless cache_aside of the link between them is none"
    found = [
        (0.0, "cache_aside", f"{caller} asks here before {behind}, {unless}")
        for caller, behind in setup.aside
    ]
    shards, replicas = _size(params)
    if shards < params.num_node_groups:
        most = MEMCACHED_NODES if params.engine == "memcached" else CLUSTER_NODES
        text = f"A cluster has {most} nodes at most: it gets {shards} of {params.num_node_groups}"
        found.append((0.0, "quota", f"{text}" + (" shards" if replicas else " nodes")))
    volatile = params.maxmemory_policy.startswith("volatile") and params.engine != "memcached"
    if volatile and params.ttl_s <= 0:
        text = f"{params.maxmemory_policy} evicts only keys with a time to live, and ttl_s is 0"
        found.append((0.0, "policy", f"{text}: nothing can be stored once the memory is full"))
    return found
