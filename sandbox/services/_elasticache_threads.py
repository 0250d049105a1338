"""The queues at the threads of a cache's nodes."""

from __future__ import annotations

from sandbox.kernels.compiled import inlined
from sandbox.kernels.latency import LOGNORMAL, service_cumulants
from sandbox.kernels.mixture import clear, cumulants
from sandbox.services._cached_keys import IGNORE
from sandbox.services._elasticache_words import MEMBERS_FULL, SHARD_DOWN
from sandbox.services._stations import pass_through
from sandbox.services.law import CAPACITY_CUT

MAX_CLIENTS = 65_000.0  # assumption (common knowledge): the maxclients of every node type
# a benchmark of an r7g.xlarge (AWS Database Blog, right-sizing): p50 0.42 ms and p99 1.29 ms,
# which is the spread of a lognormal of this squared coefficient of variation
LATENCY_CV2 = 0.26


@inlined
def serve(p, s, io, tick, reads, writes, hot):
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
        # the time that one request takes of a thread of its shard, or of the wire
        own = max(nodes * ops * p.op_s, nodes * kb / p.kb_per_s * p.threads) / max(speed, 1e-9)
        _done, rejected, busy, _queue = pass_through(
            q, s, io, tick.dt, part, part * total, threads, own, MAX_CLIENTS * places, places
        )
        lost += rejected
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
