"""What a DAX cluster may lose requests by, what it measures, and what it says."""

from __future__ import annotations

from sandbox.services._dax_nodes import EVENTS as NODE_EVENTS
from sandbox.services._dax_nodes import SIZING
from sandbox.services.contract import Cause, EventKind, Metric

CAUSES = (
    Cause(
        "throttled",
        "overload",
        "the nodes take no more normalized requests (ThrottlingException)",
        SIZING,
    ),
    Cause("failed", "no_primary", "the primary is lost, and none has followed yet"),
    Cause("failed", "no_node", "all nodes of the cluster are lost"),
)

METRICS = (
    Metric("hit_ratio", "share", "Reads that hit", "hit_ratio"),
    Metric("item_cache_hits", "1/s", "Item cache hits", "item_hits", "ItemCacheHits", True),
    Metric("item_cache_misses", "1/s", "Item cache misses", "item_misses", "ItemCacheMisses", True),
    Metric("query_cache_hits", "1/s", "Query cache hits", "query_hits", "QueryCacheHits", True),
    Metric(
        "query_cache_misses",
        "1/s",
        "Query cache misses",
        "query_misses",
        "QueryCacheMisses",
        True,
    ),
    Metric("normalized_requests", "1/s", "Normalized requests", "load"),
    Metric("capacity", "1/s", "Normalized requests that the nodes take", "capacity"),
    Metric("memory_usage", "share", "Memory in use", "memory", "CacheMemoryUtilization"),
    Metric("writes_around", "1/s", "Writes to the table around the cluster", "around"),
    Metric("stale_share", "share", "Reads answered with an old value", "stale_share"),
    Metric(
        "stale_reads",
        "1/s",
        "Reads a second answered with an old value",
        "stale_reads",
        "",
        True,
    ),
)

EVENTS = (
    *NODE_EVENTS,
    EventKind(
        "passes_through",
        "{0:,.0f} reads/s are strongly consistent or transactional: they pass through to the "
        "table, and are not cached",
        "warning",
    ),
    EventKind(
        "write_heavy",
        "Writes take {0:.0%} of what the nodes do, each on all {1:.0f}: more nodes take no "
        "more of them",
        "warning",
    ),
    EventKind(
        "seldom_hit",
        "Only {0:.0%} of the reads hit, {1:,.0f}/s are read from the table at ten times the "
        "work: too many different items, too little asked for again",
        "warning",
    ),
    EventKind(
        "stale",
        "{0:.1%} of the answers are old: {1:,.0f} writes/s go around the cluster, or change "
        "the results of queries that it holds",
        "warning",
    ),
    EventKind("well_used", "{0:.1%} of the reads hit: the table is spared {1:,.0f} reads a second"),
    EventKind("flushed", "{0:.0%} of {1:,.0f} items are gone", "warning"),
)
