"""DynamoDB Accelerator: a cache of items and of query results before a table.

Eventually consistent reads that hit are answered here; misses go on to the table, as do writes,
which renew the item in the cache once the table has them.  Strongly consistent and transactional
reads pass through.  How often it hits is Che's approximation (`_cached_keys`), how many answers are
old `_dax_stale`, and what a node can do a sum of normalized requests.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np
from numba import carray

from sandbox.kernels.bucket import quota
from sandbox.kernels.cache import LRU, full
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import LOGNORMAL, service_cumulants
from sandbox.services._cached_keys import (
    IGNORE,
    WRITE_THROUGH,
    Contents,
    empty,
    forget,
    look_up,
    table,
)
from sandbox.services._dax_nodes import (
    ACCOUNT_MOST,
    MOST,
    SIZING,
    TYPES,
    Name,
    Nodes,
    recover,
    strike,
)
from sandbox.services._dax_nodes import EVENTS as NODE_EVENTS
from sandbox.services._dax_notes import NOTES
from sandbox.services._dax_stale import out_of_date, out_of_date_of_all
from sandbox.services._why_dax import COST_LINES, EXPLANATIONS
from sandbox.services.contract import Action, Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.law import (
    CACHE_FLUSH,
    CAPACITY_CUT,
    ERAS,
    NODE,
    SYNC,
    boundary,
    emit,
    pointer,
    struck_now,
)
from sandbox.services.params import Parameters, param, record

GUIDE = "DynamoDB Developer Guide: In-memory acceleration with DAX"
CONSISTENCY = "DynamoDB Developer Guide: DAX and DynamoDB consistency models"
LIMITS = "DynamoDB Developer Guide: Service, account, and table quotas"

MISS_WEIGHT = 10.0  # SIZING: normalized requests of a miss, for each KB
WRITE_WEIGHT = 25.0  # SIZING: and of a write, for each KB on every node
TTL_S = 300.0  # GUIDE: time to live of items, by default
SAFE_NODES = 3  # DynamoDB Developer Guide: DAX cluster components; in three zones
KB_PER_GB = 1024.0 * 1024.0
BUSIEST = 0.98  # assumption: a node's answers become no slower than at this use
HIT_CV2 = 0.25  # assumption: squared coefficient of variation of the time of a hit


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


class Kept:
    """Derived, of one of the two caches: what `_cached_keys` asks of its parameters."""

    on_write: int
    ttl_s: float
    evicts: int


class Derived:
    items: Annotated[object, record(Kept)]
    queries: Annotated[object, record(Kept)]
    items_room: float
    queries_room: float
    queries_at: int  # where in the table the queries begin
    query_kb: float
    size: float  # nodes
    node_capacity: float
    usd: float
    passes: int  # whether the table is read in a way that cannot be cached
    touched: float  # of a write, the chance that it changes a given query's result


class State(Nodes):
    items: Annotated[object, record(Contents)]
    queries: Annotated[object, record(Contents)]
    hit_ratio: float
    item_hits: float
    item_misses: float
    query_hits: float
    query_misses: float
    reads_done: float
    hit_kb: float
    miss_kb: float
    write_kb: float
    load: float
    capacity: float
    memory: float
    around: float  # writes/s to the table that do not come through here
    stale_of: Annotated[object, ("f8", (4,))]  # what that was last reckoned for
    stale_items: float
    stale_queries: float
    stale_share: float
    stale_reads: float
    told_pass: int
    told_writes: int
    told_misses: int
    told_stale: int
    told_good: int


OVERLOAD, NO_PRIMARY, NO_NODE = range(3)
PASSES, WRITES, MISSES, STALE, GOOD, FLUSHED = (len(NODE_EVENTS) + i for i in range(6))


@compiled
def step(p, s, io, cells, tick):
    """Nodes, then the two caches, then what the nodes can do; misses and writes go on."""
    if io.afflicted != 0:
        gone = strike(p, s, io, tick)
        flushed = io.struck[CACHE_FLUSH] if struck_now(io) else 0.0
        if gone:
            flushed = 1.0
        if flushed > 0.0:
            if not gone:
                emit(tick, FLUSHED, flushed, s.items.items)
            forget(s.items, flushed, tick.t)
            forget(s.queries, flushed, tick.t)
    recover(p, s, tick)
    reads, writes = io.reads, io.writes
    if s.nodes_up <= 0.0:
        io.loss[NO_NODE] = reads + writes
        reads = writes = 0.0
    elif tick.t < s.no_primary_until - 1e-6:
        io.loss[NO_PRIMARY] = writes
        writes = 0.0
    _caches(p, s, io, tick, reads, writes)
    _serve(p, s, io, tick, reads, writes)
    _old(p, s, tick)
    _tell(p, s, io, tick)
    io.instances = s.nodes_up
    io.cost_per_hour = s.nodes_up * p.usd


@inlined
def _caches(p, s, io, tick, reads, writes):
    """Bring both caches to the end of the tick: what of the reads would hit."""
    found = 1.0
    for j in range(tick.out.shape[0]):
        found = min(found, tick.out[j].ok)
    queries = reads * p.query_share
    s.items.capacity, s.queries.capacity = p.items_room, p.queries_room
    s.item_hits = s.query_hits = 0.0
    if p.passes == 0:
        gets = reads - queries
        look_up(p.items, s.items, tick.table[: p.queries_at], gets, writes, 0.0, found, tick.dt)
        s.item_hits = gets * s.items.hit_ratio
        if p.query_share > 0.0 and p.query_ttl_s > 0.0:
            look_up(p.queries, s.queries, tick.table[p.queries_at :], queries, 0.0, 0.0, found,
                    tick.dt)  # fmt: skip
            s.query_hits = queries * s.queries.hit_ratio
    s.item_misses = reads - queries - s.item_hits
    s.query_misses = queries - s.query_hits


@inlined
def _serve(p, s, io, tick, reads, writes):
    """Normalized requests against what the nodes take; what gets through, and what goes on."""
    s.hit_kb = s.item_hits * p.item_kb + s.query_hits * p.query_kb
    s.miss_kb = s.item_misses * p.item_kb + s.query_misses * p.query_kb
    s.write_kb = writes * p.item_kb
    s.load = s.hit_kb + MISS_WEIGHT * s.miss_kb + WRITE_WEIGHT * s.write_kb * s.nodes_up
    s.capacity = p.node_capacity * s.nodes_up
    able = s.capacity * (1.0 - io.fault[CAPACITY_CUT])
    total = reads + writes
    share = 1.0
    if s.load > 0.0:
        share = quota(s.load, able, s.load / total * io.ca2)[0] / s.load
    io.loss[OVERLOAD] = total * (1.0 - share)
    io.done = total * share
    io.utilization = min(1.0, s.load / s.capacity) if s.capacity > 0.0 else 1.0
    s.item_hits, s.item_misses = s.item_hits * share, s.item_misses * share
    s.query_hits, s.query_misses = s.query_hits * share, s.query_misses * share
    s.reads_done = reads * share
    hits, misses = s.item_hits + s.query_hits, s.item_misses + s.query_misses
    s.hit_ratio = hits / s.reads_done if s.reads_done > 0.0 else s.hit_ratio
    wrote = writes * share
    on = misses + wrote
    weight = on / io.done if io.done > 0.0 else 1.0 - s.hit_ratio
    if weight > 0.0:
        io.out_reads, io.out_writes = misses / weight, wrote / weight
    if on > 0.0:
        io.out_kb = ((s.item_misses + wrote) * p.item_kb + s.query_misses * p.query_kb) / on
    for j in range(tick.out.shape[0]):
        tick.out[j].weight = weight
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode == SYNC:
            link.hits = s.hit_ratio
    own = p.hit_latency_ms * 1e-3
    io.svc_m, io.svc_v, io.svc_k = service_cumulants(LOGNORMAL, own, HIT_CV2)
    busy = min(s.load / able, BUSIEST) if able > 0.0 else BUSIEST
    io.wait_p = busy
    io.wait_m, io.wait_v, io.wait_k = service_cumulants(LOGNORMAL, own / (1.0 - busy), 1.0)
    most = p.items_room + p.queries_room
    s.memory = (s.items.items + s.queries.items) / most if most > 0.0 else 1.0


@inlined
def _old(p, s, tick):
    """How many answers are old: items written around the cluster, and query results."""
    around = through = 0.0
    world = tick.world[0]
    nodes = carray(pointer(world.nodes), world.nodes_n, NODE)
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        through += link.writes
        around += max(0.0, nodes[link.target].writes - link.writes)
    if around < 1e-9 * through:
        around = 0.0
    s.around = around
    touches = s.reads_done * (1.0 - p.query_share) + through
    asked = s.stale_of
    if asked[0] != around or asked[1] != through or asked[2] != s.hit_ratio or asked[3] != touches:
        asked[0], asked[1], asked[2], asked[3] = around, through, s.hit_ratio, touches
        s.stale_items = s.stale_queries = 0.0
        ttl_s = p.item_ttl_s if p.item_ttl_s > 0.0 else math.inf
        if around > 0.0 and p.passes == 0:
            s.stale_items = out_of_date_of_all(
                tick.table[: p.queries_at], s.items.reach, ttl_s * touches, around, through, ttl_s
            )
        changes = (around + through) * p.touched
        if changes > 0.0 and p.passes == 0 and p.query_ttl_s > 0.0:
            s.stale_queries = s.queries.hit_ratio * out_of_date(changes, 0.0, p.query_ttl_s)
    s.stale_share = (1.0 - p.query_share) * s.stale_items + p.query_share * s.stale_queries
    s.stale_reads = s.stale_share * s.reads_done


@inlined
def _tell(p, s, io, tick):
    """Once a minute, whether this is a good use of it."""
    if not boundary(tick, 60.0) or io.reads + io.writes <= 0.0:
        return
    if p.passes != 0 and s.told_pass == 0:
        emit(tick, PASSES, s.reads_done)
        s.told_pass = 1
    written = WRITE_WEIGHT * s.write_kb * s.nodes_up
    s.told_writes = _said(tick, WRITES, s.told_writes, written > 0.5 * s.load,
                          written / max(s.load, 1e-9), s.nodes_up)  # fmt: skip
    poor = p.passes == 0 and s.reads_done > 0.0 and s.hit_ratio < 0.5 and s.items.told != 0
    s.told_misses = _said(tick, MISSES, s.told_misses, poor, s.hit_ratio, s.item_misses)
    s.told_stale = _said(tick, STALE, s.told_stale, s.stale_share > 0.01, s.stale_share, s.around)
    good = s.hit_ratio >= 0.8 and s.stale_share <= 0.01 and written <= 0.5 * s.load
    s.told_good = _said(tick, GOOD, s.told_good, good and p.passes == 0, s.hit_ratio,
                        s.item_hits + s.query_hits)  # fmt: skip
    s.items.told = 1


@inlined
def _said(tick, kind, before, now, a, b):
    if now and before == 0:
        emit(tick, kind, a, b)
    return 1 if now else 0


# ---------------------------------------------------------------- the Python side


def _nodes(params: Params, setup: Setup) -> int:
    """Nodes that the quotas of the cluster and of the account leave."""
    others = 0
    for name, other in setup.fellows:
        if name == setup.node:
            break
        others += other.nodes
    return max(1, min(params.nodes, MOST[ERAS.index(setup.era)], ACCOUNT_MOST - others))


def _passes(setup: Setup) -> bool:
    return any(getattr(out.given, "consistency", "eventual") != "eventual" for out in setup.outs)


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    node = TYPES[params.node_type]
    record["size"] = _nodes(params, setup)
    record["node_capacity"], record["usd"] = node.per_s, node.usd_per_hour
    record["passes"] = _passes(setup)
    for name, ttl_s, on_write in (
        ("items", params.item_ttl_s, WRITE_THROUGH),
        ("queries", params.query_ttl_s, IGNORE),
    ):
        record[name]["ttl_s"], record[name]["on_write"] = ttl_s, on_write
        record[name]["evicts"] = LRU
    for_queries = params.query_memory if params.query_share > 0.0 else 0.0
    room_kb = node.memory_gb * KB_PER_GB
    record["query_kb"] = params.query_items * params.item_kb
    record["items_room"] = room_kb * (1.0 - for_queries) / params.item_kb
    record["queries_room"] = room_kb * for_queries / record["query_kb"]
    record["touched"] = min(1.0, params.query_items / params.key_count)
    items = table(params.key_count, params.key_skew)
    record["queries_at"] = len(items)
    return np.concatenate((items, table(params.query_count, params.query_skew)))


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    for name in ("items", "queries"):
        cache = state[name]
        full(cache["weight"], cache["seen"])
        cache["told"] = 1
        if not params.starts_warm:
            cache["seen"][:] = 0.0
            cache["told"] = 0
    if params.starts_warm and not record["passes"]:
        state["hit_ratio"] = 1.0  # of an instant: the first tick looks it up
    adjust(params, record, state, cells, setup)


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """Fit a running cluster to edited parameters at once."""
    for name in ("items", "queries"):
        state[name]["solved"][:] = np.nan
    state["stale_of"][:] = np.nan
    lost = int((state["back_s"] > 0.0).sum())
    state["nodes_up"] = max(0.0, float(record["size"]) - lost)


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of the parameters AWS would refuse, and uses that bring nothing."""
    found = []
    size = _nodes(params, setup)
    if size < params.nodes:
        most = MOST[ERAS.index(setup.era)]
        text = f"A cluster has {most} nodes at most and an account {ACCOUNT_MOST}: it gets {size}"
        found.append((0.0, "quota", f"{text} of {params.nodes}"))
    if size < SAFE_NODES:
        text = f"{size} node{'s' * (size > 1)}: the loss of a zone may be the loss of the cluster"
        found.append((0.0, "zones", f"{text}; three in three zones withstand it"))
    if not setup.outs:
        text = "Nothing stands behind it: draw its link to the table that it caches"
        found.append((0.0, "table", text))
    return found


class Flush(Parameters):
    share: float = param(1.0, "Share of the entries that are lost.", unit="share", gt=0, le=1)


def reboot(record: Any, state: Any, cells: Any, args: Flush, t_s: float) -> str:
    """Empty both caches, as when the nodes are rebooted one after another."""
    before = float(state["items"]["items"] + state["queries"]["items"])
    for name in ("items", "queries"):
        empty(state[name], args.share, t_s)
    return f"{args.share:.0%} of {before:,.0f} entries are lost"


SERVICE = Service(
    id="dax",
    title="DynamoDB Accelerator (DAX)",
    category="database",
    summary="A cache of items and queries before a DynamoDB table, written through.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    ports=(
        Port("in", "in", "Reads and writes", modes=("sync",)),
        Port("out", "out", "Misses and writes", modes=("sync",), peers=("dynamodb",)),
    ),
    step=step,
    prepare=prepare,
    init=init,
    adjust=adjust,
    foretell=foretell,
    causes=(
        Cause(
            "throttled",
            "overload",
            "the nodes take no more normalized requests (ThrottlingException)",
            SIZING,
        ),
        Cause("failed", "no_primary", "the primary is lost, and none has followed yet"),
        Cause("failed", "no_node", "all nodes of the cluster are lost"),
    ),
    faults=("kill_instances", "capacity_cut", "zone_outage", "cache_flush"),
    metrics=(
        Metric("hit_ratio", "share", "Reads that hit", "hit_ratio"),
        Metric("item_cache_hits", "1/s", "Item cache hits", "item_hits", "ItemCacheHits", True),
        Metric(
            "item_cache_misses", "1/s", "Item cache misses", "item_misses", "ItemCacheMisses", True
        ),
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
    ),
    events=(
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
        EventKind(
            "well_used", "{0:.1%} of the reads hit: the table is spared {1:,.0f} reads a second"
        ),
        EventKind("flushed", "{0:.0%} of {1:,.0f} items are gone", "warning"),
    ),
    actions=(Action("flush", "Empty the caches", Flush, reboot),),
    headline="hit_ratio",
    holds="nodes",
    explanations=EXPLANATIONS,
    cost_lines=COST_LINES,
    cache=True,
    account=True,
)
