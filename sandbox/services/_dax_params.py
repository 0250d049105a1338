"""The parameters of a DAX cluster, and the pages that they are taken from."""

from __future__ import annotations

from sandbox.services._dax_nodes import SIZING, Name
from sandbox.services.params import Parameters, param

GUIDE = "DynamoDB Developer Guide: In-memory acceleration with DAX"
LIMITS = "DynamoDB Developer Guide: Service, account, and table quotas"

TTL_S = 300.0  # GUIDE: time to live of items, by default


class Params(Parameters):
    node_type: Name = param(
        "dax.r5.large",
        "Memory, capacity and price of each node. Another type needs a new cluster.",
        source=SIZING,
        confidence="H",
        basic=True,
    )
    nodes: int = param(
        3,
        "Nodes: one primary and its replicas, each with all keys. Ten at most in 2020, eleven now; "
        "three in three zones withstand the loss of one.",
        ge=1,
        le=11,
        source=LIMITS,
        confidence="H",
        basic=True,
    )
    item_ttl_s: float = param(
        TTL_S,
        "Time to live in the item cache; 0 keeps items until they are evicted or written.",
        unit="s",
        ge=0,
        le=31_536_000,
        source=GUIDE,
        confidence="H",
        basic=True,
    )
    query_ttl_s: float = param(
        TTL_S,
        "Time to live in the query cache, which writes do not renew; 0 caches no query.",
        unit="s",
        ge=0,
        le=31_536_000,
        source=GUIDE,
        confidence="M",
        basic=True,
    )
    key_count: int = param(
        100_000, "Different items asked for.", ge=1, le=10_000_000, group="Items", basic=True
    )
    key_skew: float = param(
        0.9,
        "Zipf exponent of the items' popularity: 0 is alike, about 1 is usual of people and goods.",
        ge=0,
        le=5,
        group="Items",
        basic=True,
    )
    item_kb: float = param(
        1.0, "Size of an item.", unit="KB", gt=0, le=400, group="Items", basic=True
    )
    query_share: float = param(
        0.0,
        "Share of the reads that are queries or scans; their results are cached as a whole, by "
        "their parameters.",
        unit="share",
        ge=0,
        le=1,
        group="Queries",
        basic=True,
    )
    query_count: int = param(
        1000, "Different queries.", ge=1, le=10_000_000, group="Queries", basic=True
    )
    query_skew: float = param(
        0.9, "Zipf exponent of the queries' popularity.", ge=0, le=5, group="Queries"
    )
    query_items: float = param(
        10.0, "Items in the result of a query.", ge=1, le=100_000, group="Queries"
    )
    query_memory: float = param(
        0.2,
        "Part of the memory that query results may take, where there are queries.",
        unit="share",
        ge=0,
        le=1,
        group="Queries",
    )
    starts_warm: bool = param(
        True, "Whether the run begins with a cache that has long been in use, or an empty one."
    )
    hit_latency_ms: float = param(
        0.4,
        "Mean time of a hit as a program sees it: some hundred microseconds.",
        unit="ms",
        ge=0,
        le=1000,
        confidence="L",
    )
