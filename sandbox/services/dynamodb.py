"""DynamoDB: a table with capacity units, in partitions that its keys fall on by their hash.

Requests are turned into units by the size of an item, then meet the ceilings of their partitions,
then the table's capacity with its saved bursts (provisioned) or its previous peak (on demand).
Adaptive capacity is instant: a busy partition may use all that the table has, up to the partition
ceiling.  Nothing waits here: what is over a limit is throttled.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

from sandbox.kernels.bucket import burst, quota
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import LOGNORMAL, service_cumulants
from sandbox.services import _application_scaling as scaling
from sandbox.services import _why_dynamodb as why
from sandbox.services._dynamodb_capacity import UpdateTable, remember, update_table
from sandbox.services._dynamodb_notes import NOTES
from sandbox.services._dynamodb_partitions import (
    DESIGN,
    Partition,
    ceilings,
    grow,
    partitions,
)
from sandbox.services._dynamodb_scaling import EVENTS as SCALING_EVENTS
from sandbox.services._dynamodb_scaling import Scaled, scale, targets
from sandbox.services._keys import HOT as HOT_KEY
from sandbox.services._keys import masses, range_of
from sandbox.services._scalable_targets import ScalableTarget
from sandbox.services._scheduled_actions import ROW
from sandbox.services._scheduled_actions import table as schedule_table
from sandbox.services.contract import Action, Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.law import CAPACITY_CUT, ERA_2020, ERAS, emit
from sandbox.services.law import HOT_KEY as HOT_KEY_FAULT
from sandbox.services.params import Parameters, code, fill, param

UNITS = "DynamoDB Developer Guide: Read/write capacity mode"
LIMITS = "DynamoDB Developer Guide: Service, account, and table quotas"
BURST = "DynamoDB Developer Guide: Burst and adaptive capacity"
SCALING = "DynamoDB Developer Guide: Managing throughput capacity with DynamoDB auto scaling"
ON_DEMAND = "DynamoDB Developer Guide: On-demand capacity mode"
PRICING = "https://aws.amazon.com/dynamodb/pricing/"

NO_ROWS = np.zeros(0)
READ_KB = 4.0  # UNITS: one strongly consistent read a second of up to 4 KB
WRITE_KB = 1.0  # UNITS: one write a second of up to 1 KB
ITEM_KB = 400.0  # LIMITS: the largest item
BURST_S = 300.0  # BURST: seconds of unused capacity that are saved
NEW_READS = 12_000.0  # ON_DEMAND: units a second that a new table serves: twice a peak of 6,000
NEW_WRITES = 4_000.0  # … and of 2,000
HOUR_RCU_USD = 0.00013  # PRICING, us-east-1
HOUR_WCU_USD = 0.00065
MILLION_READS_USD = (0.25, 0.125)  # PRICING: on demand, in 2020 and since November 2024
MILLION_WRITES_USD = (1.25, 0.625)
MONTH_GB_USD = 0.25  # PRICING: standard table class
MONTH_H = 730.0
# "single-digit milliseconds" (DynamoDB Developer Guide); the spread about the means is an
# assumption: a 99th percentile of some 10 ms for reads and 15 ms for writes
READ_CV2 = 0.23
WRITE_CV2 = 0.17


class Params(Parameters):
    capacity_mode: Literal["provisioned", "on_demand"] = param(
        "provisioned",
        "Capacity set in advance, or paid by the request.",
        source=ON_DEMAND,
        confidence="H",
        basic=True,
        console="on_demand",
    )
    read_capacity_units: int = param(
        5,
        "Read units a second, provisioned.",
        unit="1/s",
        ge=1,
        le=1_000_000,
        source=UNITS,
        confidence="H",
        basic=True,
    )
    write_capacity_units: int = param(
        5,
        "Write units a second, provisioned.",
        unit="1/s",
        ge=1,
        le=1_000_000,
        source=UNITS,
        confidence="H",
        basic=True,
    )
    item_kb: float | None = param(
        1.0,
        "Size of an item: reads count by 4 KB, writes by 1 KB, rounded up; empty takes the size "
        "of the requests.",
        unit="KB",
        ge=0,
        le=10_000,
        basic=True,
    )
    consistency: Literal["eventual", "strong", "transactional"] = param(
        "eventual",
        "Eventually consistent reads cost half a unit per 4 KB, strong ones one, transactional "
        "ones two; transactional writes cost two units per KB.",
        source=UNITS,
        confidence="H",
        basic=True,
    )
    storage_gb: float = param(
        1.0, "Size of the table; a partition holds 10 GB.", unit="GB", ge=0, le=1e6, basic=True
    )
    key_count: int = param(
        10_000, "Different partition keys.", ge=1, le=10_000_000, group="Partition keys", basic=True
    )
    key_skew: float = param(
        0.0,
        "Zipf exponent of the keys' popularity: 0 is alike, about 1 is usual of people and goods.",
        ge=0,
        le=5,
        group="Partition keys",
        basic=True,
    )
    hot_key_share: float = param(
        0.0,
        "Share of the requests for one and the same key, besides the skew.",
        unit="share",
        ge=0,
        le=1,
        group="Partition keys",
    )
    warm_read_units: int | None = param(
        None,
        "Warm throughput: read units a second that an on-demand table serves from the start; "
        "empty is 12,000. Since November 2024.",
        unit="1/s",
        ge=1,
        le=1_000_000,
        source="DynamoDB Developer Guide: Understanding DynamoDB warm throughput",
        confidence="H",
        group="On demand",
    )
    warm_write_units: int | None = param(
        None,
        "Warm throughput: write units a second from the start; empty is 4,000.",
        unit="1/s",
        ge=1,
        le=1_000_000,
        source="DynamoDB Developer Guide: Understanding DynamoDB warm throughput",
        confidence="H",
        group="On demand",
    )
    read_scaling: ScalableTarget | None = param(
        None,
        "Application Auto Scaling of the provisioned read units, by their utilisation in %.",
        source=SCALING,
        confidence="H",
        group="Auto scaling",
    )
    write_scaling: ScalableTarget | None = param(
        None,
        "Application Auto Scaling of the provisioned write units, by their utilisation in %.",
        source=SCALING,
        confidence="H",
        group="Auto scaling",
    )
    table_quota_units: int = param(
        40_000,
        "Quota of a table: read units, and write units, a second.",
        unit="1/s",
        ge=1,
        le=1_000_000,
        source=LIMITS,
        confidence="H",
    )
    read_latency_ms: float = param(
        3.9, "Mean time of a read.", unit="ms", ge=0, le=10_000, confidence="L"
    )
    write_latency_ms: float = param(
        6.5, "Mean time of a write.", unit="ms", ge=0, le=10_000, confidence="L"
    )


STRONG = code(Params, "consistency", "strong")
TRANSACTIONAL = code(Params, "consistency", "transactional")


class Derived:
    on_demand: int
    partitions: int  # at the start
    room: int  # partitions at most: so many fine ranges are in the table
    hot_at: int  # the fine range of the hot key
    epoch: float
    first_reads: float  # ceilings of an on-demand table at the start
    first_writes: float
    schedule_at: int  # where in the table the schedules begin, of reads, then of writes
    read_actions: int
    write_actions: int


class State(Scaled):
    reads_limit: float  # units/s of the table: provisioned, or the ceiling on demand
    writes_limit: float
    reads_saved: float
    writes_saved: float
    wanted_reads: int  # parameters as last read
    wanted_writes: int
    wanted_mode: int
    wanted_partitions: int
    wanted_hot: float
    hot_share: float
    hot_fault: float  # what a fault makes hot on top of it
    partitions: int
    partitions_now: float
    pending: int
    ready_s: float
    next_reads: float
    next_writes: float
    decrease_s: float
    decrease_day: float
    decreases: int
    peak_reads: float
    peak_writes: float
    base_reads: float
    base_writes: float
    base_reads_s: float
    base_writes_s: float
    minute_reads: float
    minute_writes: float
    changed: int
    offered_reads: float
    offered_writes: float
    ca2: float
    over_reads: float
    over_writes: float
    hot_until: float
    dry_until: float
    provisioned_reads: float
    provisioned_writes: float
    consumed_reads: float
    consumed_writes: float
    read_throttles: float
    write_throttles: float
    read_balance: float
    write_balance: float
    hottest: float


TABLE_READ, TABLE_WRITE, PARTITION, PREVIOUS_PEAK, TOO_LARGE = range(5)
UPDATED, DRY = 2, 4  # the other events are of the capacity and the partitions


@inlined
def read_units(kb, consistency):
    """Capacity units of a read of an item of that many KB (binary)."""
    units = max(1.0, math.ceil(kb / READ_KB - 1e-9))
    if consistency == TRANSACTIONAL:
        return 2.0 * units
    return units if consistency == STRONG else 0.5 * units


@inlined
def write_units(kb, consistency):
    """Capacity units of a write of an item of that many KB (binary)."""
    units = max(1.0, math.ceil(kb / WRITE_KB - 1e-9))
    return 2.0 * units if consistency == TRANSACTIONAL else units


@compiled
def step(p, s, io, cells, tick):
    """Turn requests into units; partitions, then the table, take what they can."""
    if s.pending != 0 and tick.t >= s.ready_s - 1e-6:
        s.reads_limit, s.writes_limit, s.pending = s.next_reads, s.next_writes, 0
        emit(tick, UPDATED, s.reads_limit, s.writes_limit)
    on_demand = p.on_demand != 0
    if io.fault[HOT_KEY_FAULT] != s.hot_fault:
        s.hot_fault, s.changed = io.fault[HOT_KEY_FAULT], 1
    left = 1.0 - io.fault[CAPACITY_CUT]
    reads_limit, writes_limit = left * s.reads_limit, left * s.writes_limit
    grow(p, s, cells, tick, on_demand)
    kb = p.item_kb if p.item_kb == p.item_kb else io.kb
    writing = io.writes
    if kb > ITEM_KB:  # no such item can be written, so a read of it finds none
        io.loss[TOO_LARGE] = writing
        writing = kb = 0.0
    per_read = read_units(kb, p.consistency)
    per_write = write_units(kb, p.consistency)
    reads = io.reads * per_read
    writes = writing * per_write
    ceilings(p, s, cells, tick, reads, writes, per_read, per_write, io.ca2)

    # the table, in units/s
    asked_reads = reads - s.over_reads
    asked_writes = writes - s.over_writes
    spread_reads = per_read * io.ca2
    spread_writes = per_write * io.ca2
    if p.on_demand != 0:
        got_reads, over_reads = quota(asked_reads, reads_limit, spread_reads)
        got_writes, over_writes = quota(asked_writes, writes_limit, spread_writes)
        io.loss[PREVIOUS_PEAK] = over_reads / per_read + over_writes / per_write
        remember(p, s, tick, got_reads, got_writes)
    else:
        most_reads = BURST_S * reads_limit
        most_writes = BURST_S * writes_limit
        got_reads, over_reads, s.reads_saved = burst(
            s.reads_saved, asked_reads, reads_limit, most_reads, tick.dt, spread_reads
        )
        got_writes, over_writes, s.writes_saved = burst(
            s.writes_saved, asked_writes, writes_limit, most_writes, tick.dt, spread_writes
        )
        io.loss[TABLE_READ] = over_reads / per_read
        io.loss[TABLE_WRITE] = over_writes / per_write
        s.read_balance = s.reads_saved / max(most_reads, 1e-9)
        s.write_balance = s.writes_saved / max(most_writes, 1e-9)
        _dry(s, tick, over_reads, over_writes, reads, writes)
    io.loss[PARTITION] = s.over_reads / per_read + s.over_writes / per_write
    s.read_throttles = (s.over_reads + over_reads) / per_read
    s.write_throttles = (s.over_writes + over_writes) / per_write
    s.consumed_reads, s.consumed_writes = got_reads, got_writes
    io.done = max(0.0, io.reads - s.read_throttles) + max(0.0, writing - s.write_throttles)
    _latency(p, io, s)
    io.utilization = min(1.0, max(got_reads / s.reads_limit, got_writes / s.writes_limit))
    io.instances = s.partitions_now = s.partitions
    io.cost_per_hour = _cost(p, s, tick)


@compiled
def control(p, s, io, cells, tick):
    """Auto scaling, where the table has it."""
    scale(p, s, tick)


@inlined
def _dry(s, tick, over_reads, over_writes, reads, writes):
    """Say once that saved capacity is used up, when that begins to throttle."""
    if over_reads > 0.01 * reads or over_writes > 0.01 * writes:
        if tick.t >= s.dry_until:
            emit(tick, DRY, reads, s.reads_limit, writes, s.writes_limit)
        s.dry_until = tick.t + 60.0


@inlined
def _latency(p, io, s):
    """A mixture of reads and writes: the time of a read, and for writes what they take longer."""
    m, v, k = service_cumulants(LOGNORMAL, p.read_latency_ms / 1e3, READ_CV2)
    wm, wv, wk = service_cumulants(LOGNORMAL, p.write_latency_ms / 1e3, WRITE_CV2)
    io.svc_m, io.svc_v, io.svc_k = m, v, k
    written = max(0.0, io.writes - io.loss[TOO_LARGE] - s.write_throttles)
    io.wait_p = min(1.0, written / io.done) if io.done > 0.0 else 0.0
    io.wait_m, io.wait_v, io.wait_k = wm - m, wv - v, wk - k


@inlined
def _cost(p, s, tick):
    hour = p.storage_gb * MONTH_GB_USD / MONTH_H
    s.provisioned_reads = s.provisioned_writes = 0.0
    if p.on_demand != 0:
        reads, writes = MILLION_READS_USD[1], MILLION_WRITES_USD[1]
        if tick.era == ERA_2020:
            reads, writes = MILLION_READS_USD[0], MILLION_WRITES_USD[0]
        return hour + (s.consumed_reads * reads + s.consumed_writes * writes) * 3600.0 / 1e6
    s.provisioned_reads, s.provisioned_writes = s.reads_limit, s.writes_limit
    return hour + s.reads_limit * HOUR_RCU_USD + s.writes_limit * HOUR_WCU_USD


# ---------------------------------------------------------------- the Python side


def _first(params: Params, setup: Setup) -> tuple[float, float]:
    """Units/s that the table serves at the start."""
    most = float(params.table_quota_units)
    if params.capacity_mode == "provisioned":
        return min(params.read_capacity_units, most), min(params.write_capacity_units, most)
    warm = setup.era != "2020"
    reads = max(NEW_READS, (params.warm_read_units or 0) if warm else 0)
    writes = max(NEW_WRITES, (params.warm_write_units or 0) if warm else 0)
    return min(reads, most), min(writes, most)


def _at_start(params: Params, setup: Setup) -> int:
    reads, writes = _first(params, setup)
    return partitions(reads, writes, params.storage_gb, params.capacity_mode == "on_demand")


def cells_count(params: Params, setup: Setup) -> int:
    """Room to double until the quota of the table is carried."""
    count = _at_start(params, setup)
    most = partitions(params.table_quota_units, params.table_quota_units, 0.0)
    while count < most:
        count *= 2
    return count


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """The table is the share of the traffic on each of the finest ranges, then the schedules."""
    room = cells_count(params, setup)
    record["room"] = room
    record["on_demand"] = params.capacity_mode == "on_demand"
    record["partitions"] = _at_start(params, setup)
    record["hot_at"] = range_of(HOT_KEY, room)
    record["epoch"] = setup.start_epoch
    record["first_reads"], record["first_writes"] = _first(params, setup)
    keys = masses(room, params.key_count, params.key_skew)
    schedules = []
    for side, target in zip(("read", "write"), targets(params, setup), strict=True):
        scales = target is not None and params.capacity_mode == "provisioned"
        record[f"{side}_scaling_n"] = scales
        rows = schedule_table(target.scheduled_actions, setup) if target and scales else NO_ROWS
        record[f"{side}_actions"] = len(rows) // ROW
        schedules.append(rows)
        if target is not None and target is not getattr(params, f"{side}_scaling"):
            fill(record[f"{side}_scaling"], target)
    record["schedule_at"] = len(keys)
    return np.concatenate([keys, *schedules])


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    state["base_reads_s"] = state["base_writes_s"] = state["decrease_s"] = -math.inf
    state["decrease_day"] = -1
    for side, target in zip(("read", "write"), targets(params, setup), strict=True):
        scaling.start(target, state[f"{side}_scale"])
    adjust(params, record, state, cells, setup, fresh=True)


def adjust(
    params: Params, record: Any, state: Any, cells: Any, setup: Setup, fresh: bool = False
) -> None:
    """Fit a running table to edited parameters at once; what a person did since stays."""
    mode = int(record["capacity_mode"])
    wanted = (params.read_capacity_units, params.write_capacity_units, mode)
    before = (state["wanted_reads"], state["wanted_writes"], state["wanted_mode"])
    if fresh or wanted != tuple(int(x) for x in before):
        state["wanted_reads"], state["wanted_writes"], state["wanted_mode"] = wanted
        state["reads_limit"] = record["first_reads"]
        state["writes_limit"] = record["first_writes"]
        state["peak_reads"] = 0.5 * record["first_reads"]
        state["peak_writes"] = 0.5 * record["first_writes"]
        state["pending"] = 0
    if fresh or state["wanted_partitions"] != record["partitions"]:
        state["partitions"] = state["wanted_partitions"] = record["partitions"]
    if fresh or state["wanted_hot"] != params.hot_key_share:
        state["hot_share"] = state["wanted_hot"] = params.hot_key_share
    state["changed"] = 1
    for side, target in zip(("read", "write"), targets(params, setup), strict=True):
        scaling.renew(target, state[f"{side}_scale"])


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of the parameters AWS would refuse."""
    most = params.table_quota_units
    if params.capacity_mode == "provisioned":
        asked = max(params.read_capacity_units, params.write_capacity_units)
    else:
        asked = max(params.warm_read_units or 0, params.warm_write_units or 0)
        if asked and ERAS.index(setup.era) == ERA_2020:
            return [(0.0, "quota", "Warm throughput came in 2024; the table starts as a new one")]
    if asked > most:
        return [(0.0, "quota", f"The table's quota is {most:,} units a second; it gets no more")]
    return []


class HotKey(Parameters):
    share: float = param(
        0.3, "Share of the requests for one key; 0 ends it.", unit="share", ge=0, le=1
    )


def hot_key(record: Any, state: Any, cells: Any, args: HotKey, t_s: float) -> str:
    state["hot_share"] = args.share
    state["changed"] = 1
    return f"{args.share:.0%} of the requests are for one key"


SERVICE = Service(
    id="dynamodb",
    title="DynamoDB",
    category="database",
    summary="A table of items by key, with capacity units, partitions, bursts and hot keys.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=Partition,
    ports=(
        Port("in", "in", "Reads and writes", modes=("sync",)),
        Port("scaling", "in", "Scaling plan", modes=("control",), peers=("scaling_plan",)),
    ),
    step=step,
    control=control,
    prepare=prepare,
    cells_count=cells_count,
    init=init,
    adjust=adjust,
    foretell=foretell,
    causes=(
        Cause("throttled", "table_read", "the table's read capacity is used up", UNITS),
        Cause("throttled", "table_write", "the table's write capacity is used up", UNITS),
        Cause(
            "throttled",
            "partition",
            "a partition takes 3,000 read and 1,000 write units a second",
            DESIGN,
        ),
        Cause(
            "throttled",
            "previous_peak",
            "an on-demand table serves twice its previous peak within 30 minutes",
            ON_DEMAND,
        ),
        Cause("rejected", "item_too_large", "an item may have 400 KB at most", LIMITS),
    ),
    faults=("capacity_cut", "hot_key"),
    metrics=(
        Metric(
            "consumed_read_capacity",
            "1/s",
            "Read units consumed",
            "consumed_reads",
            "ConsumedReadCapacityUnits",
            True,
        ),
        Metric(
            "consumed_write_capacity",
            "1/s",
            "Write units consumed",
            "consumed_writes",
            "ConsumedWriteCapacityUnits",
            True,
        ),
        Metric(
            "provisioned_read_capacity",
            "1/s",
            "Read units provisioned",
            "provisioned_reads",
            "ProvisionedReadCapacityUnits",
        ),
        Metric(
            "provisioned_write_capacity",
            "1/s",
            "Write units provisioned",
            "provisioned_writes",
            "ProvisionedWriteCapacityUnits",
        ),
        Metric("read_limit", "1/s", "Read units the table serves", "reads_limit"),
        Metric("write_limit", "1/s", "Write units the table serves", "writes_limit"),
        Metric(
            "read_throttles", "1/s", "Reads throttled", "read_throttles", "ReadThrottleEvents", True
        ),
        Metric(
            "write_throttles",
            "1/s",
            "Writes throttled",
            "write_throttles",
            "WriteThrottleEvents",
            True,
        ),
        Metric("read_burst_balance", "share", "Burst capacity left for reads", "read_balance"),
        Metric("write_burst_balance", "share", "Burst capacity left for writes", "write_balance"),
        Metric("partitions", "", "Partitions", "partitions_now"),
        Metric("read_alarm_high", "", "Reads: AlarmHigh (0 OK, 1 ALARM, 2 no data)", "read_high"),
        Metric("read_alarm_low", "", "Reads: AlarmLow (0 OK, 1 ALARM, 2 no data)", "read_low"),
        Metric(
            "write_alarm_high", "", "Writes: AlarmHigh (0 OK, 1 ALARM, 2 no data)", "write_high"
        ),
        Metric("write_alarm_low", "", "Writes: AlarmLow (0 OK, 1 ALARM, 2 no data)", "write_low"),
        Metric(
            "hottest_partition_utilization",
            "share",
            "What the hottest partition is asked for, against its ceiling",
            "hottest",
        ),
    ),
    events=(
        EventKind(
            "hot_partition",
            "Partition {0:.0f} is hot: {1:.1%} of the requests, {2:,.0f} read and {3:,.0f} write "
            "units/s where it takes 3,000 and 1,000",
            "warning",
        ),
        EventKind("partitions_split", "{0:.0f} partitions became {1:.0f} to carry the capacity"),
        EventKind("table_updated", "The table has {0:,.0f} read and {1:,.0f} write units/s"),
        EventKind(
            "previous_peak",
            "The table serves {0:,.0f} read and {1:,.0f} write units/s after peaks of {2:,.0f} "
            "and {3:,.0f}",
        ),
        EventKind(
            "burst_used_up",
            "Burst capacity is used up: {0:,.0f} read units/s are asked of {1:,.0f}, {2:,.0f} "
            "write units/s of {3:,.0f}",
            "warning",
        ),
        *SCALING_EVENTS,
    ),
    actions=(
        Action("update_table", "Set the capacity", UpdateTable, update_table),
        Action("hot_key", "Make one key hot", HotKey, hot_key),
    ),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    bars=why.BARS,
    headline="instances",
    holds="partitions",
    ignores_missing=True,  # CloudWatch User Guide: alarms that evaluate AWS/DynamoDB metrics
)
