"""The queues of a database: its CPU, its storage, and what a request takes of them."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import inlined
from sandbox.kernels.latency import LOGNORMAL, service_cumulants
from sandbox.kernels.mixture import add, clear, cumulants
from sandbox.services import _rds_instances as instances
from sandbox.services._rds_storage import limit, spend
from sandbox.services._rds_words import BORROW, LOST, OF_STORAGE, TOO_MANY
from sandbox.services._stations import pass_through

BORROW_S = 120.0  # RDS_PROXY: how long a request waits for a connection (low confidence)
IO_S = 0.001  # assumption: an operation of storage takes "single-digit milliseconds" at most
COMMIT_S = 0.0035  # assumption: what a synchronous standby adds to a write (2 to 5 ms)
QUERY_CV2 = 0.5  # assumption: spread of the time of a query about its mean


@inlined
def work(p, s, io, tick, near, writes, far, readers, up):
    """The queues of the writer, and of the replicas: each as fast as its CPU or its volume."""
    s.iops_limit = limit(p, s, tick.dt)
    miss = (1.0 - s.hit_ratio) * p.pages_per_read
    read_s, write_s = p.read_cpu_ms * 1e-3, p.write_cpu_ms * 1e-3
    clear(s.mix)
    s.cpu = s.reader_cpu = s.read_iops = s.write_iops = 0.0
    most_iops = 0.0
    total = near + writes + far
    for g in range(2):
        reads, wrote = (near, writes) if g == 0 else (far, 0.0)
        count = s.writer_up if g == 0 else readers
        q = s.stations[g]
        if count <= 0.0:
            io.loss[LOST] += q.level / tick.dt
            q.level = 0.0
            continue
        rate = reads + wrote
        if rate <= 0.0 and q.level <= 0.0:
            continue
        servers = count * p.vcpus * up
        own = (reads * read_s + wrote * write_s) / rate if rate > 0.0 else read_s
        ios = (reads * miss + wrote * p.ios_per_write) / rate if rate > 0.0 else miss
        if g == 1 and p.aurora == 0:  # replicas apply all writes besides
            applied = writes * write_s * p.replica_write_share
            servers = max(servers - count * min(applied, p.vcpus), 0.05 * servers)
        by_io = servers * ios / (s.iops_limit * count) if s.iops_limit > 0.0 else 0.0
        each = max(own, by_io)
        open_s = s.busy_s * (s.done_writer if g == 0 else s.done_reader)
        places = max(0.0, p.connections_max * count - servers - open_s)
        if p.proxy:
            places += BORROW_S * servers / each if each > 0.0 else math.inf
        share = rate / total if total > 0.0 else 0.0
        lines = max(1.0, count) if g == 1 else 1.0
        done, rejected, _busy, queue = pass_through(
            q, s, io, tick.dt, share, rate, servers, each, places, lines
        )
        io.loss[BORROW if p.proxy else TOO_MANY] += rejected
        busy_share = done * own / servers
        if g == 0:
            s.cpu, s.done_writer = busy_share, done
            s.connections = max(s.connections, min(q.level + open_s, p.connections_max))
        else:
            s.reader_cpu, s.done_reader = busy_share, done
            mine = (q.level + open_s) / count
            s.reader_connections = max(s.reader_connections, min(mine, p.connections_max))
        part = done / rate if rate > 0.0 else 1.0
        s.read_iops += reads * part * miss
        s.write_iops += wrote * part * p.ios_per_write
        most_iops = max(most_iops, done * ios / count)
        s.queue_depth = queue
    spend(p, s, tick, most_iops, OF_STORAGE)
    io.wait_m, io.wait_v, io.wait_k = cumulants(s.mix)


@inlined
def latency(p, s, io, reads, writes):
    """What a request takes besides waiting: a mixture of reads and writes."""
    total = reads + writes
    part = writes / total if total > 0.0 else 0.0
    read_s = (1.0 - s.hit_ratio) * p.pages_per_read * IO_S + p.latency_ms * 1e-3
    write_s = IO_S * min(p.ios_per_write, 2.0) + p.latency_ms * 1e-3
    if p.aurora == 0 and p.deployment != instances.SINGLE:
        write_s += COMMIT_S
    s.busy_s = (1.0 - part) * read_s + part * write_s
    clear(s.svc)
    m, v, k = service_cumulants(LOGNORMAL, read_s + p.read_cpu_ms * 1e-3, QUERY_CV2)
    add(s.svc, 1.0 - part, m, v, k)
    m, v, k = service_cumulants(LOGNORMAL, write_s + p.write_cpu_ms * 1e-3, QUERY_CV2)
    add(s.svc, part, m, v, k)
    io.svc_m, io.svc_v, io.svc_k = cumulants(s.svc)
