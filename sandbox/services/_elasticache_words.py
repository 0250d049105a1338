"""What a cache may lose requests by, what it measures, and what it says."""

from __future__ import annotations

from sandbox.services._elasticache_nodes import EVENTS as NODE_EVENTS
from sandbox.services._elasticache_nodes import FAILOVER
from sandbox.services._elasticache_params import PARAMETERS
from sandbox.services.contract import Cause, EventKind, Metric

SHARD_DOWN, CONNECTIONS, OOM, MEMBERS_FULL = range(4)

CAUSES = (
    Cause("failed", "shard_down", "a shard has no primary", FAILOVER),
    Cause("rejected", "connections", "a node takes 65,000 connections", "assumption"),
    Cause(
        "rejected",
        "out_of_memory",
        "OOM: the memory is full, and no key may be evicted",
        PARAMETERS,
    ),
    Cause("rejected", "queue_full", "the connections of the nodes are all in use"),
)

METRICS = (
    Metric("hit_ratio", "share", "Reads that hit", "hit_ratio", "CacheHitRate"),
    Metric("cache_hits", "1/s", "Hits", "hits", "CacheHits", True),
    Metric("cache_misses", "1/s", "Misses", "misses", "CacheMisses", True),
    Metric("curr_items", "", "Entries", "items", "CurrItems"),
    Metric("evictions", "1/s", "Evictions", "evictions", "Evictions", True),
    Metric("reclaimed", "1/s", "Entries that expired", "expired", "Reclaimed", True),
    Metric("memory_usage", "share", "Memory in use", "memory", "DatabaseMemoryUsagePercentage"),
    Metric(
        "engine_cpu_utilization",
        "share",
        "Thread of the busiest node",
        "engine_cpu",
        "EngineCPUUtilization",
    ),
    Metric("cpu_utilization", "share", "vCPUs of that node", "cpu", "CPUUtilization"),
    Metric("network_utilization", "share", "Network of that node, of its baseline", "network"),
    Metric("curr_connections", "", "Connections of a node", "connections", "CurrConnections"),
    Metric("hottest_shard_share", "share", "Requests on the hottest shard", "hottest_share"),
    Metric("shards_down", "", "Shards without a primary", "down"),
    Metric("lost_writes", "1/s", "Acknowledged writes lost", "lost_writes", "", True),
)

EVENTS = (
    *NODE_EVENTS,
    EventKind(
        "flushed",
        "{0:.0%} of {1:,.0f} entries are gone: the hit ratio was {2:.1%}, and rises again as "
        "keys are asked for",
        "warning",
    ),
    EventKind(
        "memory_full",
        "The memory is full with {0:,.0f} entries, and the policy may evict none: nothing more "
        "can be stored",
        "error",
    ),
    EventKind("memory_free", "There is room again: {0:,.0f} of {1:,.0f} entries"),
    EventKind(
        "hot_shard",
        "The hottest shard gets {0:.1%} of the requests where {1:.1%} would be its share: its "
        "thread is {2:.0%} busy",
        "warning",
    ),
    EventKind("warm", "The cache is warm after {1:,.0f} s: it hits {0:.1%}, of {2:.1%} in the end"),
)
