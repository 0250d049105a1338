"""DynamoDB Accelerator: a cache of items and of query results before a table.

Eventually consistent reads that hit are answered here; misses go on to the table, as do writes,
which renew the item in the cache once the table has them.  Strongly consistent and transactional
reads pass through.  How often it hits is Che's approximation (`_cached_keys`), how many answers are
old `_dax_stale`, and what a node can do a sum of normalized requests.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

from sandbox.kernels.bucket import quota
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import LOGNORMAL, service_cumulants
from sandbox.services._cached_keys import Contents, empty, forget, look_up
from sandbox.services._dax_nodes import EVENTS as NODE_EVENTS
from sandbox.services._dax_nodes import Nodes, recover, strike
from sandbox.services._dax_notes import NOTES
from sandbox.services._dax_params import Params
from sandbox.services._dax_setup import Derived, adjust, foretell, init, prepare
from sandbox.services._dax_stale import out_of_date, out_of_date_of_all
from sandbox.services._dax_words import CAUSES, EVENTS, METRICS
from sandbox.services._why_dax import COST_LINES, EXPLANATIONS
from sandbox.services.contract import Action, Port, Service
from sandbox.services.law import (
    CACHE_FLUSH,
    CAPACITY_CUT,
    SYNC,
    boundary,
    emit,
    node_of,
    struck_now,
)
from sandbox.services.params import Parameters, param, record

MISS_WEIGHT = 10.0  # SIZING: normalized requests of a miss, for each KB
WRITE_WEIGHT = 25.0  # SIZING: and of a write, for each KB on every node
BUSIEST = 0.98  # assumption: a node's answers become no slower than at this use
HIT_CV2 = 0.25  # assumption: squared coefficient of variation of the time of a hit


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
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        through += link.writes
        around += max(0.0, node_of(tick, link.target).writes - link.writes)
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
    causes=CAUSES,
    faults=("kill_instances", "capacity_cut", "zone_outage", "cache_flush"),
    metrics=METRICS,
    events=EVENTS,
    actions=(Action("flush", "Empty the caches", Flush, reboot),),
    headline="hit_ratio",
    holds="nodes",
    explanations=EXPLANATIONS,
    cost_lines=COST_LINES,
    cache=True,
    account=True,
)
