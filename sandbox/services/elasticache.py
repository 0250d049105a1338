"""ElastiCache: a cache of keys in shards, in front of a database or beside it.

A read that hits is answered here; one that misses goes on through `out`, as all writes do, or is
asked by the caller of the database that the cache stands beside (`cache_aside` of that link).
How often it hits, and how it warms up after a flush, is Che's approximation (`_cached_keys`).
Redis and Valkey work on one thread a node: the node of the hottest shard is a queue of its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, Literal, get_args

import numpy as np

from sandbox.kernels.cache import LFU, full
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import (
    EXPONENTIAL,
    LOGNORMAL,
    STATION,
    service_cumulants,
    station,
    theta,
    wait_cumulants,
)
from sandbox.kernels.mixture import MIXTURE, add, clear, cumulants
from sandbox.services import _why_elasticache as why
from sandbox.services._cached_keys import (
    IGNORE,
    NONE,
    POLICIES,
    WRITE_THROUGH,
    Contents,
    empty,
    evicts,
    forget,
    look_up,
    table,
)
from sandbox.services._connections import Pool, pooled
from sandbox.services._elasticache_nodes import EVENTS as NODE_EVENTS
from sandbox.services._elasticache_nodes import (
    FAILOVER,
    OUTAGES,
    PRICING,
    TYPES,
    Name,
    Nodes,
    Outage,
    recover,
    strike,
)
from sandbox.services._elasticache_notes import NOTES
from sandbox.services._keys import HOT as HOT_KEY_NAME
from sandbox.services._keys import masses, range_of
from sandbox.services.contract import Action, Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.law import (
    CACHE_FLUSH,
    CAPACITY_CUT,
    HOT_KEY,
    SYNC,
    ZONE_OUTAGE,
    emit,
    struck_now,
)
from sandbox.services.params import Parameters, code, param

PARAMETERS = "ElastiCache for Redis User Guide: Redis-specific parameters"
GUIDE = "ElastiCache for Redis User Guide: Working with shards"
QUOTAS = "ElastiCache for Redis User Guide: Quotas for ElastiCache"
METRICS = "ElastiCache for Redis User Guide: Which metrics should I monitor?"
STRATEGIES = "ElastiCache User Guide: Caching strategies"
MEMCACHED = "ElastiCache for Memcached User Guide"

CLUSTER_NODES = 90  # QUOTAS: nodes per cluster
MEMCACHED_NODES = 40  # MEMCACHED: nodes per cluster
MAX_CLIENTS = 65_000.0  # assumption (common knowledge): the maxclients of every node type
AS_WARM = 0.95  # of its last hit ratio: a cache that is called warm
ALL_BUT_NOTHING = 1.0 - 1e-9  # the other keys have some requests, however few
GIB_KB = 1024.0 * 1024.0
KB_PER_GBIT = 125_000.0  # a Gbit/s in KB/s
# a benchmark of an r7g.xlarge (AWS Database Blog, right-sizing): p50 0.42 ms and p99 1.29 ms,
# which is the spread of a lognormal of this squared coefficient of variation
LATENCY_CV2 = 0.26


class Params(Parameters):
    engine: Literal["redis", "valkey", "memcached"] = param(
        "redis",
        "Redis and Valkey: one thread a node, replicas, failover. Memcached: all vCPUs of a node, "
        "no replicas.",
        source=METRICS,
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
MEMCACHED_ENGINE = code(Params, "engine", "memcached")


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


SHARD_DOWN, CONNECTIONS, OOM, MEMBERS_FULL = range(4)
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
    reads, writes = _admit(p, s, io, tick)
    s.fetched = _fetched(tick)
    look_up(p, s, tick.table, reads, writes, hot, s.fetched, tick.dt)
    _serve(p, s, io, tick, reads, writes, hot)
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
    """What gets as far as a node: (reads/s, writes/s)."""
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
    return reads, writes


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
def _serve(p, s, io, tick, reads, writes, hot):
    """The queues at the threads of the hottest shard's nodes, and of all others alike.

    All nodes of a shard do the writes, which replicas copy; reads are done by one of them.
    """
    misses = reads * (1.0 - s.hit_ratio)
    stored = misses * s.fetched if s.oom == 0 else 0.0
    nodes = 1.0 + p.replicas if p.read_from_replicas else 1.0
    top = p.hottest
    if hot > 0.0:
        top = max(p.hottest * (1.0 - hot), hot + p.hot_here * (1.0 - hot))
    s.hottest_share = top
    total = reads + writes
    speed = 1.0 - io.fault[CAPACITY_CUT]
    wrote = 0.0 if p.on_write == IGNORE else writes
    ops = (reads / nodes + wrote + stored) / total if total > 0.0 else 1.0
    size = p.item_kb
    sent = reads * s.hit_ratio / nodes + wrote + stored
    kb = sent * size / total if total > 0.0 else size
    io.svc_m, io.svc_v, io.svc_k = service_cumulants(LOGNORMAL, p.latency_ms * 1e-3, LATENCY_CV2)
    s.engine_cpu = s.network = 0.0
    clear(s.mix)
    lost = 0.0
    for g in range(2):
        shards = 1.0 if g == 0 else p.shards - 1.0
        part = top if g == 0 else 1.0 - top
        q = s.stations[g]
        if shards <= 0.0 and q.level <= 0.0:
            continue
        # the hottest shard is the last to be lost
        down = max(0.0, s.down - p.shards + 1.0) if g == 0 else min(s.down, shards)
        places = nodes * (shards - down) + (nodes - 1.0) * down
        if shards <= 0.0 or places <= 0.0:  # gone with an edit, or with its last node
            io.loss[SHARD_DOWN] += q.level / tick.dt + part * total * (shards > 0.0)
            q.level = 0.0
            continue
        threads = places * p.threads
        per_s = part * total
        # the time that one request takes of a thread of its shard, or of the wire
        own = max(nodes * ops * p.op_s, nodes * kb / p.kb_per_s * p.threads) / max(speed, 1e-9)
        m, v, k = service_cumulants(EXPONENTIAL, own, 1.0)
        done, queue, busy, wait, p_wait, kc, rejected = station(
            q,
            per_s,
            threads,
            own,
            tick.dt,
            1.0,
            theta(m, v, k),
            io.ca2,
            MAX_CLIENTS * places,
            places,
        )
        io.done += done
        lost += rejected
        io.waiting += queue
        io.in_flight += q.level - queue
        wm, wv, wk = wait_cumulants(wait, p_wait, kc)
        add(s.mix, part * p_wait, wm, wv, wk)
        io.wait_p += part * p_wait
        each = busy / threads
        cpu_bound = nodes * ops * p.op_s / own / max(speed, 1e-9)
        s.engine_cpu = max(s.engine_cpu, each * cpu_bound)
        s.network = max(
            s.network, each * nodes * kb / p.kb_per_s * p.threads / own / max(speed, 1e-9)
        )
    io.loss[MEMBERS_FULL] = lost
    io.wait_m, io.wait_v, io.wait_k = cumulants(s.mix)
    io.utilization = min(1.0, max(s.engine_cpu, s.network))
    s.cpu = s.engine_cpu * p.threads / p.vcpus
    s.connections = max(s.connections, (io.waiting + io.in_flight) / max(s.nodes_up, 1.0))


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


# ---------------------------------------------------------------- the Python side


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
    full(state["weight"], state["seen"])
    state["told"] = 1
    if not params.starts_warm:
        state["seen"][:] = 0.0
        state["told"] = 0
    else:
        state["hit_ratio"] = 1.0  # of an instant: the first tick looks it up
    state["solved"][:] = np.nan
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


class Flush(Parameters):
    share: float = param(1.0, "Share of the entries that are deleted.", unit="share", gt=0, le=1)


def flush_all(record: Any, state: Any, cells: Any, args: Flush, t_s: float) -> str:
    """FLUSHALL, or that of some shards."""
    before = float(state["items"])
    empty(state, args.share, t_s)
    return f"{args.share:.0%} of {before:,.0f} entries are deleted"


class HotKey(Parameters):
    share: float = param(
        0.3, "Share of the requests for one key; 0 ends it.", unit="share", ge=0, le=1
    )


def hot_key(record: Any, state: Any, cells: Any, args: HotKey, t_s: float) -> str:
    state["hot_share"] = args.share
    return f"{args.share:.0%} of the requests are for one key"


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
    causes=(
        Cause("failed", "shard_down", "a shard has no primary", FAILOVER),
        Cause("rejected", "connections", "a node takes 65,000 connections", "assumption"),
        Cause(
            "rejected",
            "out_of_memory",
            "OOM: the memory is full, and no key may be evicted",
            PARAMETERS,
        ),
        Cause("rejected", "queue_full", "the connections of the nodes are all in use"),
    ),
    faults=("kill_instances", "capacity_cut", "zone_outage", "hot_key", "cache_flush"),
    metrics=(
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
    ),
    events=(
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
        EventKind(
            "warm", "The cache is warm after {1:,.0f} s: it hits {0:.1%}, of {2:.1%} in the end"
        ),
    ),
    actions=(
        Action("flush", "Delete entries", Flush, flush_all),
        Action("hot_key", "Make one key hot", HotKey, hot_key),
    ),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    headline="hit_ratio",
    holds="nodes",
    cache=True,
)
