"""RDS and Aurora: a relational database of a writer and its replicas.

A request takes CPU time on the writer, or, if it reads, on a replica, and operations of storage for
what is not in the buffers.  Whichever of the two is scarcer makes it wait.  It needs a connection,
too, of which the instance class has so many.  A writer that is lost is followed by a standby or a
replica, by clocks that each kind of deployment has.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import STATION
from sandbox.kernels.mixture import MIXTURE
from sandbox.services import _plans as plans
from sandbox.services import _rds_scaling as scaling
from sandbox.services import _rds_storage as storage
from sandbox.services._cached_keys import Contents, forget, look_up
from sandbox.services._connections import Pool, pooled
from sandbox.services._rds_instances import Instances, recover, strike
from sandbox.services._rds_notes import NOTES
from sandbox.services._rds_params import Params
from sandbox.services._rds_setup import Derived, adjust, foretell, init, prepare
from sandbox.services._rds_storage import AURORA_MILLION_USD, Volume, grow
from sandbox.services._rds_words import (
    CAUSES,
    EVENTS,
    LOST,
    METRICS,
    NO_WRITER,
    OF_STORAGE,
    STORAGE_FULL,
    TOO_MANY,
)
from sandbox.services._rds_work import latency, work
from sandbox.services._why_rds import COST_LINES, EXPLANATIONS
from sandbox.services.contract import Action, Port, Service
from sandbox.services.law import CAPACITY_CUT, ZONE_OUTAGE, emit
from sandbox.services.params import Parameters, code

PROXY_VCPU_USD = 0.015  # assumption: a proxy costs so much an hour for each vCPU behind it
AURORA_LAG_S = 0.02  # AURORA_GUIDE: "usually much less than 100 ms"
REPLICA_LAG_S = 0.1  # assumption: of an RDS replica that keeps up
LAGGING_S = 10.0  # assumption: the lag from which it is an event

WRITER = code(Params, "reads_go_to", "writer")


class State(Contents, Volume, Instances, scaling.Scaled):
    stations: Annotated[object, (STATION, (2,))]  # the writer, and the replicas
    mix: Annotated[object, MIXTURE]
    svc: Annotated[object, MIXTURE]
    cpu: float
    reader_cpu: float
    read_iops: float
    write_iops: float
    queue_depth: float
    connections: float
    reader_connections: float
    lag_writes: float  # writes that replicas have not applied
    lag_s: float
    lagging: int
    writer_up: float
    cost_instances: float
    cost_storage: float
    cost_io: float
    busy_s: float  # a mean request's time at an instance beside the CPU, as of the last tick
    done_writer: float
    done_reader: float


LAGS, CAUGHT_UP = (OF_STORAGE + len(storage.EVENTS) + i for i in range(2))


@compiled
def step(p, s, io, cells, tick):
    """Instances, then who may connect, then CPU and storage; what is written grows the data."""
    if io.afflicted != 0 or s.asked != 0 or s.writer_down != 0 or s.replicas_lost > 0.0:
        _instances(p, s, io, tick)
    if s.creating > 0.0:
        scaling.created(p, s, tick)
    up = 1.0 - io.fault[CAPACITY_CUT]
    if io.fault[ZONE_OUTAGE] >= 1.0 - 1e-9:
        up = 0.0
    s.writer_up = 1.0 - s.writer_down if up > 0.0 else 0.0
    readers = s.replicas if up > 0.0 and p.reads_go_to != WRITER else 0.0

    writes, near, far = _route(p, s, io, readers)
    near, writes = _connect(p, s, io, tick, near, writes)
    reads = near + far
    s.capacity = p.pages
    look_up(p, s, tick.table, reads * p.pages_per_read, 0.0, 0.0, 1.0, tick.dt)
    work(p, s, io, tick, near, writes, far, readers, up)
    latency(p, s, io, reads, writes)
    _lag(p, s, tick, writes if s.writer_up > 0.0 else 0.0, readers)
    grow(p, s, tick, writes * p.stored_kb_per_write * 1e-6, OF_STORAGE)
    io.utilization = min(1.0, max(s.cpu, s.reader_cpu))
    if s.iops_limit > 0.0:
        io.utilization = min(1.0, max(io.utilization, s.iops / s.iops_limit))
    io.instances = s.writer_up + s.replicas
    _cost(p, s)
    io.cost_per_hour = s.cost_instances + s.cost_storage + s.cost_io


@inlined
def _instances(p, s, io, tick):
    s.held = s.stations[0].level
    before = s.replicas
    if strike(p, s, io, tick):
        io.loss[LOST] += s.stations[0].level / tick.dt
        s.stations[0].level = 0.0
    if s.replicas < before:
        part = 1.0 - s.replicas / before
        io.loss[LOST] += s.stations[1].level * part / tick.dt
        s.stations[1].level *= 1.0 - part
    if recover(p, s, io, tick) and (s.replicas <= 0.0 or p.reads_go_to == WRITER):
        forget(s, 1.0, tick.t)
    if s.writer_down == 0 and s.replicas_lost <= 0.0:
        s.replicas = p.replicas + s.added


@inlined
def _route(p, s, io, readers):
    """(writes, reads at the writer, reads at replicas), 1/s."""
    writes = io.writes
    near = io.reads if readers <= 0.0 else 0.0
    far = io.reads - near
    if s.writer_up <= 0.0:
        io.loss[NO_WRITER] = writes + near
        writes = near = 0.0
    elif s.low >= 2:
        io.loss[STORAGE_FULL] = writes
        writes = 0.0
    return writes, near, far


@inlined
def _connect(p, s, io, tick, near, writes):
    """Pools that are larger than all connections keep some of the callers out."""
    held = pooled(tick)
    s.connections = s.writer_up * min(held, p.connections_max)
    s.reader_connections = s.connections if s.replicas > 0.0 else 0.0
    if held > p.connections_max and not p.proxy:
        out = 1.0 - p.connections_max / held
        io.loss[TOO_MANY] += out * (near + writes)
        near, writes = near * (1.0 - out), writes * (1.0 - out)
    return near, writes


@inlined
def _lag(p, s, tick, writes, readers):
    """How far replicas are behind: they apply one write after the other."""
    if p.replicas + s.added <= 0.0:
        s.lag_s = s.lag_writes = 0.0
        return
    if p.aurora != 0:
        s.lag_s = AURORA_LAG_S
        return
    takes = p.write_cpu_ms * 1e-3 * p.replica_write_share
    applies = 1.0 / takes if takes > 0.0 else math.inf
    if s.iops_limit > 0.0 and p.ios_per_write > 0.0:  # it has a volume of its own to write to
        applies = min(applies, s.iops_limit / p.ios_per_write)
    if math.isinf(applies):
        s.lag_s = REPLICA_LAG_S
        return
    s.lag_writes = max(0.0, s.lag_writes + (writes - applies) * tick.dt)
    s.lag_s = REPLICA_LAG_S + s.lag_writes / applies
    if s.lagging == 0 and s.lag_s >= LAGGING_S:
        s.lagging = 1
        emit(tick, LAGS, s.lag_s, writes, applies, 0.0, 0.0, 0.0)
    elif s.lagging == 1 and s.lag_s < 1.0:
        s.lagging = 0
        emit(tick, CAUGHT_UP, s.lag_s, 0.0, 0.0, 0.0, 0.0, 0.0)


@inlined
def _cost(p, s):
    billed = p.billed + s.added
    s.cost_instances = billed * p.usd
    if p.proxy:
        s.cost_instances += billed * p.vcpus * PROXY_VCPU_USD
    s.cost_io = 0.0
    s.cost_storage = p.storage_usd
    if p.aurora != 0:
        s.cost_storage = p.storage_usd * s.used_gb
        s.cost_io = (s.read_iops + s.write_iops) * 3600.0 / 1e6 * AURORA_MILLION_USD


class FailOver(Parameters):
    pass


def fail_over(record: Any, state: Any, cells: Any, args: FailOver, t_s: float) -> str:
    """Reboot with failover (Aurora: FailoverDBCluster)."""
    if state["writer_down"]:
        raise ValueError("there is no writer now that could fail over; wait until there is one")
    state["asked"] = 1
    return "The writer reboots, with failover where somebody can follow"


SERVICE = Service(
    id="rds",
    title="RDS and Aurora",
    category="database",
    summary="A relational database: connections, CPU, storage, replicas and failover.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    ports=(
        Port("in", "in", "Reads and writes", modes=("sync",), params={"sync": Pool}),
        plans.PORT,
    ),
    step=step,
    control=scaling.control,
    prepare=prepare,
    init=init,
    adjust=adjust,
    foretell=foretell,
    causes=CAUSES,
    faults=("kill_instances", "capacity_cut", "zone_outage"),
    metrics=METRICS,
    events=EVENTS,
    actions=(Action("fail_over", "Fail over", FailOver, fail_over),),
    headline="cpu_utilization",
    holds="instances",
    explanations=EXPLANATIONS,
    cost_lines=COST_LINES,
)
