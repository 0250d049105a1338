"""ElastiCache: a cache of keys in shards, in front of a database or beside it.

A read that hits is answered here; one that misses goes on through `out`, as all writes do, or is
asked by the caller of the database that the cache stands beside (`cache_aside` of that link).
How often it hits, and how it warms up after a flush, is Che's approximation (`_cached_keys`).
Redis and Valkey work on one thread a node: the node of the hottest shard is a queue of its own.
"""

from __future__ import annotations

import math
from typing import Annotated

from sandbox.kernels.cache import LFU
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import STATION
from sandbox.kernels.mixture import MIXTURE
from sandbox.services._cached_keys import NONE, WRITE_THROUGH, Contents, forget, look_up
from sandbox.services._connections import Pool, pooled
from sandbox.services._elasticache_actions import ACTIONS
from sandbox.services._elasticache_nodes import EVENTS as NODE_EVENTS
from sandbox.services._elasticache_nodes import Nodes, Outage, recover, strike
from sandbox.services._elasticache_notes import NOTES
from sandbox.services._elasticache_params import Params
from sandbox.services._elasticache_setup import (
    Derived,
    adjust,
    cells_count,
    foretell,
    init,
    prepare,
)
from sandbox.services._elasticache_threads import MAX_CLIENTS, serve
from sandbox.services._elasticache_words import (
    CAUSES,
    CONNECTIONS,
    EVENTS,
    METRICS,
    OOM,
    SHARD_DOWN,
)
from sandbox.services._why_elasticache import COST_LINES, EXPLANATIONS
from sandbox.services.contract import Port, Service
from sandbox.services.law import (
    CACHE_FLUSH,
    CAPACITY_CUT,
    HOT_KEY,
    SYNC,
    ZONE_OUTAGE,
    emit,
    struck_now,
)

AS_WARM = 0.95  # of its last hit ratio: a cache that is called warm
ALL_BUT_NOTHING = 1.0 - 1e-9  # the other keys have some requests, however few


class State(Contents, Nodes):
    stations: Annotated[object, (STATION, (2,))]  # the hottest shard, and all others
    mix: Annotated[object, MIXTURE]
    hot_share: float
    wanted_hot: float
    fetched: float
    hits: float
    misses: float
    evictions: float
    expired: float
    memory: float
    engine_cpu: float
    cpu: float
    network: float
    connections: float
    hottest_share: float
    oom: int
    hot_told: float


FLUSHED, FULL, ROOM, HOT, WARM = (len(NODE_EVENTS) + i for i in range(5))


@compiled
def step(p, s, io, cells, tick):
    """Nodes, then keys, then the queues at their threads; misses and writes go on."""
    if io.afflicted != 0:
        _faults(p, s, io, cells, tick)
    if s.missing > 0.0 or s.lost_writes > 0.0:
        forget(s, recover(p, s, io, cells, tick), tick.t)
    elif s.nodes_up != p.shards * (1.0 + p.replicas):
        s.nodes_up = p.shards * (1.0 + p.replicas)
    s.capacity = p.capacity
    hot = min(1.0 - (1.0 - s.hot_share) * (1.0 - io.fault[HOT_KEY]), ALL_BUT_NOTHING)
    reads, writes, reading, up = _admit(p, s, io, tick)
    s.fetched = _fetched(tick)
    # a key of a shard that is there is asked for as often as ever, whichever others are lost
    each_reads = reads / reading if reading > 0.0 else 0.0
    each_writes = writes / up if up > 0.0 else 0.0
    look_up(p, s, tick.table, each_reads, each_writes, hot, s.fetched, tick.dt)
    serve(p, s, io, tick, reads, writes, hot)
    _pass_on(p, s, io, tick)
    _tell(p, s, io, tick, hot)
    io.instances = s.nodes_up
    io.cost_per_hour = s.nodes_up * p.usd


@inlined
def _faults(p, s, io, cells, tick):
    if struck_now(io):
        before = s.down
        strike(p, s, io, cells, tick, io.writes)
        lost = min(1.0, (s.down - before) / max(p.shards - before, 1e-9))
        if lost > 0.0:
            for g in range(2):
                io.loss[SHARD_DOWN] += lost * s.stations[g].level / tick.dt
                s.stations[g].level *= 1.0 - lost
        if io.struck[CACHE_FLUSH] > 0.0:
            emit(tick, FLUSHED, io.struck[CACHE_FLUSH], s.items, s.hit_ratio, 0.0, 0.0, 0.0)
            forget(s, io.struck[CACHE_FLUSH], tick.t)


@inlined
def _admit(p, s, io, tick):
    """What gets as far as a node, (reads/s, writes/s), and the shares of shards that take them."""
    up = 1.0 - s.down / p.shards
    reading = up
    if io.fault[ZONE_OUTAGE] >= 1.0 - 1e-9 or io.fault[CAPACITY_CUT] >= 1.0:
        up = reading = 0.0
    elif p.read_from_replicas and p.replicas > 0.0 and s.nodes_up > 0.0:
        reading = 1.0  # a shard without a primary can still be read
    s.connections = pooled(tick)
    refused = max(0.0, 1.0 - MAX_CLIENTS / s.connections) if s.connections > 0.0 else 0.0
    io.loss[SHARD_DOWN] += io.reads * (1.0 - reading) + io.writes * (1.0 - up)
    reads, writes = io.reads * reading, io.writes * up
    io.loss[CONNECTIONS] += (reads + writes) * refused
    reads, writes = reads * (1.0 - refused), writes * (1.0 - refused)
    if s.oom != 0 and p.on_write == WRITE_THROUGH:
        io.loss[OOM] = writes
        writes = 0.0
    return reads, writes, reading, up


@inlined
def _fetched(tick):
    """The share of what misses that is then got from what is behind, or beside, and stored."""
    found = 1.0
    for j in range(tick.out.shape[0]):
        found = min(found, tick.out[j].ok)
    if tick.out.shape[0] > 0:
        return found
    got = asked = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        asked += link.reads
        got += link.reads * link.fetched
    return got / asked if asked > 0.0 else 1.0


@inlined
def _pass_on(p, s, io, tick):
    """Misses and writes go on through `out`; callers beside learn how many of their reads hit."""
    arrived = io.reads + io.writes
    refused_writes = io.loss[OOM]
    reading = 1.0
    if arrived > 0.0:
        reading = io.reads / (arrived - refused_writes) if arrived > refused_writes else 0.0
    read = io.done * min(reading, 1.0)
    wrote = io.done - read
    s.hits = read * s.hit_ratio
    s.misses = read - s.hits
    on = s.misses + wrote
    weight = on / io.done if io.done > 0.0 else 1.0 - s.hit_ratio
    if weight > 0.0:
        io.out_reads, io.out_writes = s.misses / weight, wrote / weight
    for j in range(tick.out.shape[0]):
        tick.out[j].weight = weight
    # of the reads that are answered at all: the caller knows what share of its calls were
    answered = 1.0 - refused_writes / arrived if arrived > 0.0 else 1.0
    hits = min(1.0, s.hit_ratio / answered) if answered > 0.0 else 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode == SYNC:
            link.hits = hits


@inlined
def _tell(p, s, io, tick, hot):
    """Evictions and expiry, memory, and what is worth an event."""
    s.expired = s.items / p.ttl_s if p.ttl_s > 0.0 else 0.0
    s.expired = min(s.expired, s.misses + io.writes)
    bounded = s.full != 0 and (s.reach < math.inf or p.evicts == LFU)
    s.evictions = max(0.0, s.misses - s.expired) if bounded and p.evicts != NONE else 0.0
    s.memory = s.items / p.capacity if p.capacity > 0.0 else 1.0
    if p.evicts == NONE and (bounded or p.capacity <= 0.0):
        if s.oom == 0:
            emit(tick, FULL, s.items, p.capacity, 0.0, 0.0, 0.0, 0.0)
        s.oom = 1
    elif s.oom != 0:
        emit(tick, ROOM, s.items, p.capacity, 0.0, 0.0, 0.0, 0.0)
        s.oom = 0
    if s.told == 0 and s.hit_ratio >= AS_WARM * s.steady and io.reads > 0.0:
        emit(tick, WARM, s.hit_ratio, tick.t - s.cold_s, s.steady, 0.0, 0.0, 0.0)
        s.told = 1
    even = 1.0 / p.shards
    if io.utilization >= 0.9 and s.hottest_share > 1.5 * even and p.shards > 1.0:
        if tick.t >= s.hot_told:
            emit(tick, HOT, s.hottest_share, even, s.engine_cpu, hot, 0.0, 0.0)
        s.hot_told = tick.t + 60.0


SERVICE = Service(
    id="elasticache",
    title="ElastiCache",
    category="database",
    summary="A cache in memory, in shards: reads that hit are answered, misses go on.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=Outage,
    ports=(
        Port("in", "in", "Reads and writes", modes=("sync",), params={"sync": Pool}),
        Port("out", "out", "Misses and writes", modes=("sync",)),
    ),
    step=step,
    prepare=prepare,
    cells_count=cells_count,
    init=init,
    adjust=adjust,
    foretell=foretell,
    causes=CAUSES,
    faults=("kill_instances", "capacity_cut", "zone_outage", "hot_key", "cache_flush"),
    metrics=METRICS,
    events=EVENTS,
    actions=ACTIONS,
    headline="hit_ratio",
    holds="nodes",
    explanations=EXPLANATIONS,
    cost_lines=COST_LINES,
    cache=True,
)
