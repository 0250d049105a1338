"""What a cache says of its numbers and its bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/elasticache/pricing/"
METRICS = "ElastiCache for Redis User Guide: Metrics for Redis"

EXPLANATIONS = (
    Explanation(
        "cache_hits",
        "Reads answered × hit ratio.",
        ("s.hits", "s.misses", "hit_ratio"),
        lambda hits, misses, ratio: (hits + misses) * ratio,
        METRICS,
    ),
    Explanation(
        "memory_usage",
        "Entries held ÷ entries that the memory of all nodes has room for, by their size.",
        ("curr_items", Input("p.capacity", "Room", "entries", quota=True)),
        lambda items, capacity: items / capacity if capacity > 0 else 1.0,
        METRICS,
    ),
    Explanation(
        "cpu_utilization",
        "The busy thread is one of the node's vCPUs (Memcached: all of them).",
        ("engine_cpu_utilization", Input("p.threads", "Threads"), Input("p.vcpus", "vCPUs")),
        lambda engine, threads, vcpus: engine * threads / vcpus,
        METRICS,
    ),
)

COST_LINES = (
    CostLine(
        "Nodes",
        "Nodes running × price of their type.",
        (Input("instances", "Nodes"), Input("p.usd", "Price", "USD/h")),
        lambda nodes, usd: nodes * usd,
        PRICING,
    ),
)
