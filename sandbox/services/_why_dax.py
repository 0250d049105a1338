"""What a DAX cluster says of its numbers and its bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/dynamodb/pricing/"
SIZING = "DynamoDB Developer Guide: DAX cluster sizing guide"

EXPLANATIONS = (
    Explanation(
        "normalized_requests",
        "Hits × KB + misses × KB × 10 + writes × KB × 25 on every node.",
        (Input("s.hit_kb", "Read from the cache", "KB/s"),
         Input("s.miss_kb", "Read from the table", "KB/s"),
         Input("MISS_WEIGHT", "Requests that a miss counts for", "", SIZING),
         Input("s.write_kb", "Written", "KB/s"),
         Input("WRITE_WEIGHT", "Requests that a write counts for on a node", "", SIZING),
         Input("instances", "Nodes")),
        lambda hit, miss, ten, written, much, nodes: hit + ten * miss + much * written * nodes,
        SIZING,
    ),
    Explanation(
        "capacity",
        "Normalized requests that a node of the type takes × nodes.",
        (Input("p.node_capacity", "Of a node", "1/s", SIZING, True), Input("instances", "Nodes")),
        lambda each, nodes: each * nodes,
        SIZING,
    ),
    Explanation(
        "utilization",
        "Normalized requests ÷ what the nodes take.",
        ("normalized_requests", "capacity"),
        lambda load, most: min(1.0, load / most) if most > 0 else 1.0,
        SIZING,
    ),
    Explanation(
        "hit_ratio",
        "Reads answered from the two caches ÷ all reads answered.",
        (Input("item_cache_hits", "Item cache hits", "1/s"),
         Input("query_cache_hits", "Query cache hits", "1/s"),
         Input("s.reads_done", "Reads answered", "1/s")),
        lambda items, queries, reads: (items + queries) / reads if reads > 0 else 0.0,
        when=lambda items, queries, reads: reads > 0,
    ),
)  # fmt: skip

COST_LINES = (
    CostLine(
        "Nodes",
        "Nodes running × price of their type.",
        (Input("instances", "Nodes"), Input("p.usd", "Price", "USD/h")),
        lambda nodes, usd: nodes * usd,
        PRICING,
    ),
)
