"""RDS and Aurora: a relational database of a writer and its replicas.

A request takes CPU time on the writer, or, if it reads, on a replica, and operations of storage for
what is not in the buffers.  Whichever of the two is scarcer makes it wait.  It needs a connection,
too, of which the instance class has so many.  A writer that is lost is followed by a standby or a
replica, by clocks that each kind of deployment has.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, Literal, get_args

import numpy as np
from pydantic import model_validator

from sandbox.kernels.cache import LRU, full
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
from sandbox.services import _rds_instances as instances
from sandbox.services import _rds_scaling as scaling
from sandbox.services import _rds_storage as storage
from sandbox.services._cached_keys import IGNORE, Contents, forget, look_up, table
from sandbox.services._connections import Pool, pooled
from sandbox.services._plans import instruction
from sandbox.services._rds_classes import (
    AURORA_LIMITS,
    CLASSES,
    GIB,
    LIMITS,
    PRICING,
    Name,
    max_connections,
    offered,
    usd_per_hour,
)
from sandbox.services._rds_instances import Instances, recover, strike
from sandbox.services._rds_notes import NOTES
from sandbox.services._rds_storage import (
    AURORA,
    AURORA_MILLION_USD,
    GB_MONTH_USD,
    IO1,
    IOPS_MONTH_USD,
    MONTH_H,
    STORAGE,
    Volume,
    base_iops,
    grow,
    limit,
    spend,
)
from sandbox.services._scalable_targets import ScalableTarget
from sandbox.services._why_rds import COST_LINES, EXPLANATIONS
from sandbox.services.contract import Action, Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.law import CAPACITY_CUT, ZONE_OUTAGE, emit
from sandbox.services.params import Parameters, code, param

DEPLOYMENTS = "Amazon RDS User Guide: Configuring and managing a Multi-AZ deployment"
REPLICAS = "Amazon RDS User Guide: Working with DB instance read replicas"
AURORA_GUIDE = "Amazon Aurora User Guide: Amazon Aurora DB clusters"
RDS_PROXY = "Amazon RDS User Guide: Using Amazon RDS Proxy"

REPLICAS_2020 = 5  # REPLICAS: of RDS until 2022
REPLICAS_MOST = 15  # AURORA_GUIDE, and REPLICAS since 2022
BORROW_S = 120.0  # RDS_PROXY: how long a request waits for a connection (low confidence)
PROXY_VCPU_USD = 0.015  # assumption: a proxy costs so much an hour for each vCPU behind it
BUFFERS = 0.75  # assumption: part of the memory that holds pages (MySQL's default is 3/4)
PAGE_KB = 16.0  # assumption: InnoDB's page; PostgreSQL's has 8 KB
PAGES_MOST = 10_000_000
IO_S = 0.001  # assumption: an operation of storage takes "single-digit milliseconds" at most
COMMIT_S = 0.0035  # assumption: what a synchronous standby adds to a write (2 to 5 ms)
QUERY_CV2 = 0.5  # assumption: spread of the time of a query about its mean
AURORA_LAG_S = 0.02  # AURORA_GUIDE: "usually much less than 100 ms"
REPLICA_LAG_S = 0.1  # assumption: of an RDS replica that keeps up
LAGGING_S = 10.0  # assumption: the lag from which it is an event


class Params(Parameters):
    engine: Literal["mysql", "postgres", "mariadb", "aurora-mysql", "aurora-postgresql"] = param(
        "mysql",
        "The database. Aurora's instances share one storage, and its replicas follow the writer.",
        source=AURORA_GUIDE,
        confidence="H",
        basic=True,
    )
    db_instance_class: Name = param(
        "db.m5.large",
        "vCPUs, memory, connections and price of each instance.",
        source=PRICING,
        confidence="M",
        basic=True,
    )
    deployment: Literal["single_az", "multi_az", "multi_az_cluster"] = param(
        "single_az",
        "A standby in another zone that takes over and is not read (Multi-AZ), or two that are "
        "read, too (Multi-AZ DB cluster, since 2022). Aurora goes by its replicas.",
        source=DEPLOYMENTS,
        confidence="H",
        basic=True,
    )
    read_replicas: int = param(
        0,
        "Instances that copy the writer and take reads.",
        ge=0,
        le=REPLICAS_MOST,
        source=REPLICAS,
        confidence="H",
        basic=True,
    )
    replica_scaling: ScalableTarget | None = param(
        None,
        "Aurora Auto Scaling of the replicas, by RDSReaderAverageCPUUtilization in %, or by any "
        "metric, such as the database's own reader_connections. It begins with one replica at "
        "least, and removes only what it created. Empty is none.",
        source=scaling.GUIDE,
        confidence="H",
        group="Scaling",
    )
    reads_go_to: Literal["replicas", "writer"] = param(
        "replicas",
        "The endpoint that callers use for reads: the reader endpoint, while there are replicas "
        "(or readable standbys), or the writer's. Writes go to the writer.",
        source=AURORA_GUIDE,
        confidence="H",
    )
    storage_type: Literal["gp2", "gp3", "io1"] = param(
        "gp2",
        "gp2: 3 operations/s a GiB with burst credits. gp3: 3,000, from 400 GiB on 12,000. io1: "
        "as many as are provisioned. Aurora has its own.",
        source=STORAGE,
        confidence="H",
        group="Storage",
        basic=True,
    )
    allocated_storage_gb: float = param(
        100.0,
        "Size of the volume; Aurora's grows by itself.",
        unit="GB",
        ge=20,
        le=65_536,
        source=STORAGE,
        confidence="H",
        group="Storage",
        basic=True,
    )
    provisioned_iops: float = param(
        3000.0,
        "Operations a second of io1.",
        unit="1/s",
        ge=1000,
        le=256_000,
        source=STORAGE,
        confidence="M",
        group="Storage",
    )
    data_gb: float = param(
        20.0, "Data at the start.", unit="GB", ge=0.01, le=131_072, group="Storage", basic=True
    )
    stored_kb_per_write: float = param(
        0.5,
        "What a write adds to the data, in the mean of inserts, updates and deletes.",
        unit="KB",
        ge=0,
        le=65_536,
        group="Storage",
    )
    read_cpu_ms: float = param(
        1.0, "CPU time of a read.", unit="ms", ge=0, le=600_000, group="Work", basic=True
    )
    write_cpu_ms: float = param(
        2.0, "CPU time of a write.", unit="ms", ge=0, le=600_000, group="Work", basic=True
    )
    latency_ms: float = param(
        0.5,
        "Time of a request that uses neither CPU nor storage: the network, the proxy.",
        unit="ms",
        ge=0,
        le=10_000,
        group="Work",
    )
    pages_per_read: float = param(
        4.0,
        "Pages that a read touches; those not in the buffers are operations of storage.",
        ge=0,
        le=1e6,
        group="Work",
    )
    ios_per_write: float = param(
        2.0, "Operations of storage that a write takes: log and page.", ge=0, le=1e6, group="Work"
    )
    page_skew: float = param(
        0.8,
        "Zipf exponent of the pages' popularity: how much of the work a part of the data gets.",
        ge=0,
        le=5,
        group="Work",
    )
    replica_write_share: float = param(
        0.5,
        "CPU time that a replica spends to apply a write, as a share of the writer's; it applies "
        "them one after the other. Aurora's share storage, and hardly work for it.",
        ge=0,
        le=1,
        group="Work",
    )
    max_connections: int | None = param(
        None,
        "Connections of an instance; empty takes the engine's default, which goes by the memory of "
        "the class (MySQL about 85 a GiB, PostgreSQL 112; Aurora MySQL a table).",
        ge=1,
        le=100_000,
        source=LIMITS,
        confidence="H",
        group="Connections",
        basic=True,
    )
    proxy: bool = param(
        False,
        "RDS Proxy: callers share its connections and wait up to 120 s for one; a failover takes a "
        "third of the time.",
        source=RDS_PROXY,
        confidence="M",
        group="Connections",
        basic=True,
    )
    starts_warm: bool = param(
        True, "Whether the run begins with buffers that have long been in use, or empty ones."
    )

    @model_validator(mode="after")
    def _offered(self) -> Params:
        if not offered(self.engine, self.db_instance_class):
            raise ValueError(
                f"db_instance_class {self.db_instance_class} is not offered by {self.engine}: "
                "choose db.t3.small, medium or large, or a db.r5"
            )
        if self.replica_scaling is not None:
            self._scales()
        return self

    def _scales(self) -> None:
        if not self.engine.startswith("aurora"):
            raise ValueError("replica_scaling is Aurora's: choose an aurora engine, or leave it")
        if self.replica_scaling and self.replica_scaling.max_capacity > scaling.MOST:
            raise ValueError(f"max_capacity of replica_scaling is at most {scaling.MOST}")
        if self.read_replicas < 1:
            raise ValueError(
                "replica_scaling needs a first replica: set read_replicas to 1 or more"
            )


WRITER = code(Params, "reads_go_to", "writer")


class Derived:
    aurora: int
    vcpus: float
    replicas: float  # that can be read, as configured
    billed: float  # instances, but those that auto scaling created
    schedule_at: int  # of the table: where the schedule begins
    connections_max: float
    storage: int
    base_iops: float
    size_gb: float
    pages: float
    usd: float
    storage_usd: float  # per hour of a GB used (Aurora), or of the whole volume
    # what `_cached_keys` reads of a cache
    evicts: int
    on_write: int
    ttl_s: float


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


NO_WRITER, LOST, TOO_MANY, STORAGE_FULL, BORROW = range(5)
_OF_INSTANCES = 0
_OF_STORAGE = len(instances.EVENTS)
LAGS, CAUGHT_UP = (_OF_STORAGE + len(storage.EVENTS) + i for i in range(2))


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
    _work(p, s, io, tick, near, writes, far, readers, up)
    _latency(p, s, io, reads, writes)
    _lag(p, s, tick, writes if s.writer_up > 0.0 else 0.0, readers)
    grow(p, s, tick, writes * p.stored_kb_per_write * 1e-6, _OF_STORAGE)
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
def _work(p, s, io, tick, near, writes, far, readers, up):
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
        m, v, k = service_cumulants(EXPONENTIAL, each, 1.0)
        done, queue, _busy, wait, p_wait, kc, rejected = station(
            q,
            rate,
            servers,
            each,
            tick.dt,
            1.0,
            theta(m, v, k),
            io.ca2,
            places,
            max(1.0, count) if g == 1 else 1.0,
        )
        io.done += done
        io.loss[BORROW if p.proxy else TOO_MANY] += rejected
        io.waiting += queue
        io.in_flight += q.level - queue
        wm, wv, wk = wait_cumulants(wait, p_wait, kc)
        if total > 0.0:
            add(s.mix, rate / total * p_wait, wm, wv, wk)
            io.wait_p += rate / total * p_wait
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
    spend(p, s, tick, most_iops, _OF_STORAGE)
    io.wait_m, io.wait_v, io.wait_k = cumulants(s.mix)


@inlined
def _latency(p, s, io, reads, writes):
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


# ---------------------------------------------------------------- the Python side


def _replicas(params: Params, setup: Setup) -> int:
    """Replicas that the era allows."""
    old = setup.era == "2020" and not params.engine.startswith("aurora")
    return min(params.read_replicas, REPLICAS_2020 if old else REPLICAS_MOST)


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    kind = CLASSES[params.db_instance_class]
    aurora = params.engine.startswith("aurora")
    replicas = _replicas(params, setup)
    cluster = not aurora and params.deployment == "multi_az_cluster"
    standby = not aurora and params.deployment == "multi_az"
    record["aurora"], record["vcpus"] = aurora, kind.vcpus
    record["replicas"] = replicas + 2 * cluster
    copies = 1 + standby + 2 * cluster
    record["billed"] = copies + replicas
    record["connections_max"] = params.max_connections or max_connections(
        params.engine, params.db_instance_class
    )
    choice = AURORA if aurora else int(record["storage_type"])
    record["storage"] = choice
    record["size_gb"] = params.allocated_storage_gb
    record["base_iops"] = base_iops(choice, params.allocated_storage_gb, params.provisioned_iops)
    record["usd"] = usd_per_hour(params.engine, params.db_instance_class)
    usd = GB_MONTH_USD[choice] / MONTH_H
    if not aurora:
        usd *= params.allocated_storage_gb
        if choice == IO1:
            usd += params.provisioned_iops * IOPS_MONTH_USD / MONTH_H
        usd *= copies + replicas
    record["storage_usd"] = usd
    pages = max(1.0, params.data_gb * 1e6 / PAGE_KB)
    counted = min(pages, PAGES_MOST)
    room = BUFFERS * kind.memory_gib * GIB / 1024.0 / PAGE_KB
    record["pages"] = room * counted / pages  # where there are more, each stands for several
    record["evicts"], record["on_write"], record["ttl_s"] = LRU, IGNORE, 0.0
    return scaling.prepare(params, record, setup, table(int(counted), params.page_skew))


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    full(state["weight"], state["seen"])
    if not params.starts_warm:
        state["seen"][:] = 0.0
    state["told"] = 1
    state["credits"] = storage.GP2_CREDITS
    state["used_gb"] = params.data_gb
    state["standby_s"] = -math.inf
    state["replicas"] = state["desired"] = record["replicas"]
    scaling.begin(params, state, setup)
    state["solved"][:] = np.nan


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """Fit a running database to edited parameters at once."""
    state["solved"][:] = np.nan
    if not record["replica_scaling_n"]:  # whoever scaled the replicas no longer does
        state["added"] = state["creating"] = 0.0
    there = float(record["replicas"]) + float(state["added"])
    state["replicas"] = max(0.0, there - float(state["replicas_lost"]))
    scaling.edited(params, state, setup)


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of the parameters AWS would refuse, or leaves without effect."""
    found = []
    if _replicas(params, setup) < params.read_replicas:
        found.append((0.0, "quota", f"RDS had {REPLICAS_2020} replicas at most in 2020"))
    if params.engine.startswith("aurora") and params.deployment != "single_az":
        text = "Aurora has no standby: its replicas follow the writer, so set read_replicas"
        found.append((0.0, "deployment", text))
    if params.deployment == "multi_az_cluster" and setup.era == "2020":
        found.append((0.0, "deployment", "Multi-AZ DB clusters came in 2022"))
    if not params.engine.startswith("aurora") and params.data_gb > params.allocated_storage_gb:
        found.append((0.0, "storage", "data_gb is more than the volume holds: it is full"))
    if not params.engine.startswith("aurora") and instruction(setup) is not None:
        text = "A scaling plan steers the replicas of Aurora only: choose an aurora engine"
        found.append((0.0, "not_scalable", text))
    return found


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
        Port("scaling", "in", "Scaling plan", modes=("control",), peers=("scaling_plan",)),
    ),
    step=step,
    control=scaling.control,
    prepare=prepare,
    init=init,
    adjust=adjust,
    foretell=foretell,
    causes=(
        Cause("failed", "no_writer", "there is no writer", instances.MULTI_AZ),
        Cause("failed", "connection_lost", "the connection to a lost instance", instances.MULTI_AZ),
        Cause("rejected", "too_many_connections", "too many connections", LIMITS),
        Cause("failed", "storage_full", "the storage is full", STORAGE),
        Cause("timed_out", "borrow_timeout", "no connection of the proxy is free", RDS_PROXY),
    ),
    faults=("kill_instances", "capacity_cut", "zone_outage"),
    metrics=(
        Metric("cpu_utilization", "share", "CPU of the writer", "cpu", "CPUUtilization"),
        Metric("reader_cpu_utilization", "share", "CPU of the replicas", "reader_cpu"),
        Metric(
            "database_connections",
            "",
            "Connections to the writer",
            "connections",
            "DatabaseConnections",
        ),
        Metric("reader_connections", "", "Connections to each replica", "reader_connections"),
        Metric("buffer_hit_ratio", "share", "Pages found in the buffers", "hit_ratio"),
        Metric("read_iops", "1/s", "Reads of storage", "read_iops", "ReadIOPS", True),
        Metric("write_iops", "1/s", "Writes to storage", "write_iops", "WriteIOPS", True),
        Metric("iops_limit", "1/s", "Operations/s the volume can do", "iops_limit"),
        Metric("burst_balance", "share", "Burst credits left", "burst_balance", "BurstBalance"),
        Metric("queue_depth", "", "Requests that wait", "queue_depth", "DiskQueueDepth"),
        Metric("used_storage_gb", "GB", "Data", "used_gb"),
        Metric("free_storage_gb", "GB", "Storage free", "free_gb", "FreeStorageSpace"),
        Metric("replica_lag_s", "s", "Replica lag", "lag_s", "ReplicaLag"),
        Metric("replicas", "", "Replicas that take reads", "replicas"),
        *scaling.METRICS,
        Metric("writer_up", "", "Whether there is a writer", "writer_up"),
        Metric("cost_instances", "USD/h", "Cost of instances", "cost_instances"),
        Metric("cost_storage", "USD/h", "Cost of storage", "cost_storage"),
        Metric("cost_io", "USD/h", "Cost of operations (Aurora)", "cost_io"),
    ),
    events=(
        *instances.EVENTS,
        *storage.EVENTS,
        EventKind(
            "replica_lag",
            "Replicas are {0:,.0f} s behind: {1:,.0f} writes/s come, and each applies {2:,.0f}",
            "warning",
        ),
        EventKind("replica_lag_ended", "Replicas have caught up: {0:.2f} s behind"),
        *scaling.EVENTS,
    ),
    actions=(Action("fail_over", "Fail over", FailOver, fail_over),),
    headline="cpu_utilization",
    holds="instances",
    explanations=EXPLANATIONS,
    cost_lines=COST_LINES,
)

assert get_args(Params.model_fields["storage_type"].annotation) == ("gp2", "gp3", "io1")
assert AURORA_LIMITS
