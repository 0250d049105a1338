"""DynamoDB: a table with capacity units, in partitions that its keys fall on by their hash.

Requests are turned into units by the size of an item, then meet the capacity of the indexes that
they touch, the ceilings of their partitions, then the table's capacity with its saved bursts
(provisioned) or its previous peak (on demand).  Nothing waits here: what is over a limit is
throttled.  What was written is read from its stream as from Kinesis' (`_kinesis_readers`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np

from sandbox.kernels.bucket import burst, quota
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import LOGNORMAL, service_cumulants
from sandbox.services import _application_scaling as scaling
from sandbox.services import _dynamodb_growth as growth
from sandbox.services import _dynamodb_indexes as indexes
from sandbox.services import _why_dynamodb as why
from sandbox.services._dynamodb_capacity import (
    NEW_READS,
    NEW_WRITES,
    SWITCHES,
    SwitchMode,
    UpdateTable,
    remember,
    switch_mode,
    update_table,
)
from sandbox.services._dynamodb_growth import COLLECTION_GB, Stored, store
from sandbox.services._dynamodb_indexes import Indexed, maintain, query, settle, unit_of
from sandbox.services._dynamodb_notes import NOTES
from sandbox.services._dynamodb_params import Params
from sandbox.services._dynamodb_partitions import (
    BURST_S,
    PARTITION_GB,
    PARTITION_READS,  # noqa: F401 - explanations look them up here
    PARTITION_WRITES,  # noqa: F401 - as above
    Partition,
    ceilings,
    divide,
    lay_out,
    partitions,
    ranges,
)
from sandbox.services._dynamodb_scaling import EVENTS as SCALING_EVENTS
from sandbox.services._dynamodb_scaling import FIRST, Scaled, scale, targets
from sandbox.services._dynamodb_stream import Streamed, Streaming, follow, readers
from sandbox.services._dynamodb_words import CAUSES, EVENTS, METRICS
from sandbox.services._keys import HOT as HOT_KEY
from sandbox.services._keys import masses, population, range_of
from sandbox.services._scheduled_actions import ROW
from sandbox.services._scheduled_actions import table as schedule_table
from sandbox.services.contract import Action, Port, Service, Setup
from sandbox.services.law import CAPACITY_CUT, ERA_2020, ERAS, emit
from sandbox.services.law import HOT_KEY as HOT_KEY_FAULT
from sandbox.services.params import Parameters, code, fill, param

PRICING = "https://aws.amazon.com/dynamodb/pricing/"

NO_ROWS = np.zeros(0)
READ_KB = 4.0  # UNITS: one strongly consistent read a second of up to 4 KB
WRITE_KB = 1.0  # UNITS: one write a second of up to 1 KB
ITEM_KB = 400.0  # LIMITS: the largest item
HOUR_RCU_USD = 0.00013  # PRICING, us-east-1
HOUR_WCU_USD = 0.00065  # PRICING, us-east-1
MILLION_READS_USD = (0.25, 0.125)  # PRICING: on demand, in 2020 and since November 2024
MILLION_WRITES_USD = (1.25, 0.625)  # PRICING: on demand, in 2020 and since November 2024
MONTH_GB_USD = 0.25  # PRICING: standard table class
MONTH_H = 730.0
# "single-digit milliseconds" (DynamoDB Developer Guide); the spread about the means is an
# assumption: a 99th percentile of some 10 ms for reads and 15 ms for writes
READ_CV2 = 0.23
WRITE_CV2 = 0.17


STRONG = code(Params, "consistency", "strong")
TRANSACTIONAL = code(Params, "consistency", "transactional")


class Derived(Indexed, Streaming):
    era: int
    starts_on_demand: int
    partitions: int  # at the start
    room: int  # so many fine ranges are in the table, and partitions in cells
    hot_at: int  # the fine range of the hot key
    top_key: float  # of what is stored, the share of one partition key
    collections_split: int  # whether the items of one key may lie in several partitions
    isolates: int  # whether a partition that stays hot is split
    scales_in_at_zero: int
    ttl_s: float
    read_max: float  # the on-demand maximum that the owner has set
    write_max: float
    account_reads: float  # what the account's quota leaves to this table
    account_writes: float
    index_top: Annotated[object, ("f8", (indexes.GLOBAL_MOST,))]
    epoch: float
    first_reads: float  # units/s that the table serves at the start
    first_writes: float
    schedule_at: int  # where in the table the schedules begin, of reads, then of writes
    read_actions: int
    write_actions: int


class State(Scaled, Stored, Streamed):
    on_demand: int
    switched_s: Annotated[object, ("f8", (SWITCHES,))]
    reads_limit: float  # units/s of the table: provisioned, or the ceiling on demand
    writes_limit: float
    most_reads: float  # the most that it was ever provisioned for
    most_writes: float
    reads_saved: float
    writes_saved: float
    wanted_reads: int  # parameters as last read
    wanted_writes: int
    wanted_mode: int
    wanted_partitions: int
    wanted_hot: float
    laid_room: int
    laid_indexes: Annotated[object, ("f8", (2 * indexes.GLOBAL_MOST,))]
    hot_share: float
    hot_fault: float  # what a fault makes hot on top of it
    partitions: int
    partitions_now: float
    by_capacity: float
    by_size: float
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
    heating: int
    hot_cell: int
    offered_reads: float
    offered_writes: float
    ca2: float
    over_reads: float
    over_writes: float
    hot_until: float
    dry_until: float
    back_until: float
    provisioned_reads: float
    provisioned_writes: float
    consumed_reads: float
    consumed_writes: float
    index_reads: float
    index_writes: float
    index_read_units: float
    index_write_units: float
    read_throttles: float
    write_throttles: float
    index_throttles: float
    read_balance: float
    write_balance: float
    hottest: float


(
    TABLE_READ, TABLE_WRITE, PARTITION, PREVIOUS_PEAK, TOO_LARGE,
    INDEX_READ, INDEX_WRITE, COLLECTION, MOST_ON_DEMAND,
) = range(9)  # fmt: skip
UPDATED, ROSE, DRY = 2, 3, 4  # the other events are of the capacity and the partitions
FULL = FIRST + len(SCALING_EVENTS)  # and, one more, that of a partition split for heat
BACK_PRESSURE = FULL + 2


@inlined
def read_units(kb, consistency):
    """Capacity units of a read of an item of that many KB (binary)."""
    units = unit_of(kb, READ_KB)
    if consistency == TRANSACTIONAL:
        return 2.0 * units
    return units if consistency == STRONG else 0.5 * units


@inlined
def write_units(p, kb, consistency):
    """Capacity units of a write of an item of that many KB (binary), local indexes with it."""
    units = unit_of(kb, WRITE_KB)
    if p.local_indexes > 0:
        entry = p.local_kb if p.local_kb == p.local_kb else kb
        units += p.local_indexes * p.local_writes_each * unit_of(entry, WRITE_KB)
    return 2.0 * units if consistency == TRANSACTIONAL else units


@compiled
def step(p, s, io, cells, tick):
    """Turn requests into units; indexes, partitions, then the table take what they can."""
    if s.pending != 0 and tick.t >= s.ready_s - 1e-6:
        s.reads_limit, s.writes_limit, s.pending = s.next_reads, s.next_writes, 0
        emit(tick, UPDATED, s.reads_limit, s.writes_limit)
    on_demand = s.on_demand != 0
    if io.fault[HOT_KEY_FAULT] != s.hot_fault:
        s.hot_fault, s.changed = io.fault[HOT_KEY_FAULT], 1
    left = 1.0 - io.fault[CAPACITY_CUT]
    reads_limit, writes_limit = left * s.reads_limit, left * s.writes_limit
    divide(p, s, cells, tick, on_demand, FULL)
    kb = p.item_kb if p.item_kb == p.item_kb else io.kb
    reading, writing = io.reads, io.writes
    if kb > ITEM_KB:  # no such item can be written, so a read of it finds none
        io.loss[TOO_LARGE] = writing
        writing = kb = 0.0
    per_read = read_units(kb, p.consistency)
    per_write = write_units(p, kb, p.consistency)
    if p.local_indexes > 0 and s.collection_gb >= COLLECTION_GB:
        io.loss[COLLECTION] = writing * p.new_item_share * p.top_key
        writing -= io.loss[COLLECTION]
    if p.indexes_n > 0:
        queries, io.loss[INDEX_READ] = query(p, s, cells, tick, reading, kb, io.ca2)
        reading -= queries
        io.loss[INDEX_WRITE] = maintain(p, s, cells, tick, writing, kb, io.ca2)
        _press(s, io, tick, writing)
        writing -= io.loss[INDEX_WRITE]
    reads, writes = reading * per_read, writing * per_write
    ceilings(p, s, cells, tick, reads, writes, per_read, per_write, io.ca2,
             reads_limit, writes_limit)  # fmt: skip
    got_reads, got_writes = _table(p, s, io, tick, reads, writes, per_read, per_write,
                                   reads_limit, writes_limit)  # fmt: skip
    if p.indexes_n > 0:
        settle(p, s, cells, tick, got_writes / writes if writes > 0.0 else 1.0)
    s.read_throttles += io.loss[INDEX_READ]
    s.index_throttles = io.loss[INDEX_WRITE]
    wrote = max(0.0, writing - s.write_throttles)
    s.write_throttles += s.index_throttles
    s.consumed_reads, s.consumed_writes = got_reads, got_writes
    io.done = max(0.0, io.reads - s.read_throttles) + wrote
    _latency(p, io, wrote)
    if p.new_item_share > 0.0 or p.ttl_s > 0.0:
        store(p, s, cells, tick, wrote * p.new_item_share, kb, p.ttl_s > 0.0)
    s.by_size = max(1.0, math.ceil(s.gb / PARTITION_GB - 1e-9))
    if p.readers > 0:
        follow(p, s, io, cells, tick, wrote, kb)
    io.utilization = min(1.0, max(got_reads / s.reads_limit, got_writes / s.writes_limit))
    io.instances = s.partitions_now = s.partitions
    io.cost_per_hour = _cost(p, s, tick)


@inlined
def _table(p, s, io, tick, reads, writes, per_read, per_write, reads_limit, writes_limit):
    """What the table takes of what its partitions can, in units/s: (reads, writes)."""
    asked_reads = reads - s.over_reads
    asked_writes = writes - s.over_writes
    spread_reads = per_read * io.ca2
    spread_writes = per_write * io.ca2
    s.provisioned_reads = s.provisioned_writes = 0.0
    if s.on_demand != 0:
        most_reads, more_reads = quota(asked_reads, p.read_max, spread_reads)
        most_writes, more_writes = quota(asked_writes, p.write_max, spread_writes)
        io.loss[MOST_ON_DEMAND] = more_reads / per_read + more_writes / per_write
        got_reads, over_reads = quota(most_reads, reads_limit, spread_reads)
        got_writes, over_writes = quota(most_writes, writes_limit, spread_writes)
        io.loss[PREVIOUS_PEAK] = over_reads / per_read + over_writes / per_write
        over_reads, over_writes = over_reads + more_reads, over_writes + more_writes
        if remember(p, s, tick, got_reads, got_writes):
            emit(tick, ROSE, s.reads_limit, s.writes_limit, s.peak_reads, s.peak_writes)
    else:
        s.provisioned_reads, s.provisioned_writes = s.reads_limit, s.writes_limit
        s.most_reads = max(s.most_reads, s.reads_limit)
        s.most_writes = max(s.most_writes, s.writes_limit)
        over_reads = over_writes = 0.0
        got_reads, got_writes = asked_reads, asked_writes
        most_reads, most_writes = BURST_S * reads_limit, BURST_S * writes_limit
        if p.adaptive_capacity:
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
    return got_reads, got_writes


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
def _press(s, io, tick, writing):
    """Say once that an index throttles the table."""
    if io.loss[INDEX_WRITE] > 0.01 * writing:
        if tick.t >= s.back_until:
            emit(tick, BACK_PRESSURE, writing, writing - io.loss[INDEX_WRITE])
        s.back_until = tick.t + 60.0


@inlined
def _latency(p, io, wrote):
    """A mixture of reads and writes: the time of a read, and for writes what they take longer."""
    m, v, k = service_cumulants(LOGNORMAL, p.read_latency_ms / 1e3, READ_CV2)
    wm, wv, wk = service_cumulants(LOGNORMAL, p.write_latency_ms / 1e3, WRITE_CV2)
    io.svc_m, io.svc_v, io.svc_k = m, v, k
    io.wait_p = min(1.0, wrote / io.done) if io.done > 0.0 else 0.0
    io.wait_m, io.wait_v, io.wait_k = wm - m, wv - v, wk - k


@inlined
def _cost(p, s, tick):
    hour = s.gb * (1.0 + p.index_gb) * MONTH_GB_USD / MONTH_H
    if s.on_demand != 0:
        reads, writes = MILLION_READS_USD[1], MILLION_WRITES_USD[1]
        if tick.era == ERA_2020:
            reads, writes = MILLION_READS_USD[0], MILLION_WRITES_USD[0]
        reads *= s.consumed_reads + s.index_reads
        writes *= s.consumed_writes + s.index_writes
        return hour + (reads + writes) * 3600.0 / 1e6
    reads = (s.reads_limit + s.index_read_units) * HOUR_RCU_USD
    return hour + reads + (s.writes_limit + s.index_write_units) * HOUR_WCU_USD


# ---------------------------------------------------------------- the Python side


def _provisioned(params: Params) -> tuple[float, float]:
    """Units/s that a table and its indexes are given, for the account's quota."""
    if params.capacity_mode != "provisioned":
        return 0.0, 0.0
    reads = params.read_capacity_units + sum(i.read_capacity_units for i in params.indexes)
    writes = params.write_capacity_units + sum(i.write_capacity_units for i in params.indexes)
    return float(reads), float(writes)


def _left(params: Params, setup: Setup) -> tuple[float, float]:
    """What the account's quota leaves to this table: the first in the diagram are served first."""
    before = True
    first, rest = np.zeros(2), np.zeros(2)
    for name, other in setup.fellows:
        if name == setup.node:
            before = False
        elif before:
            first += _provisioned(other)
        else:
            rest += _provisioned(other)
    quota_units = float(params.account_quota_units)
    own = np.array(_provisioned(params))
    gsi = own - (params.read_capacity_units, params.write_capacity_units) if own.any() else 0.0
    free = quota_units - first - gsi
    # at the start it goes before those after it; of what is then left it may ask for more
    at_once = np.minimum(free, own - gsi)
    left = np.maximum(at_once, free - rest)
    return max(1.0, float(left[0])), max(1.0, float(left[1]))


def _first(params: Params, setup: Setup) -> tuple[float, float]:
    """Units/s that the table serves at the start."""
    most = float(params.table_quota_units)
    if params.capacity_mode == "provisioned":
        reads, writes = _left(params, setup)
        return (
            min(params.read_capacity_units, most, reads),
            min(params.write_capacity_units, most, writes),
        )
    warm = setup.era != "2020"
    reads = max(NEW_READS, (params.warm_read_units or 0) if warm else 0)
    writes = max(NEW_WRITES, (params.warm_write_units or 0) if warm else 0)
    return min(reads, most), min(writes, most)


def _at_start(params: Params, setup: Setup) -> int:
    reads, writes = _first(params, setup)
    return partitions(reads, writes, params.storage_gb, params.capacity_mode == "on_demand")


def _room(params: Params, setup: Setup) -> int:
    most = partitions(params.table_quota_units, params.table_quota_units, 0.0)
    return ranges(_at_start(params, setup), most)


def cells_count(params: Params, setup: Setup) -> int:
    """Partitions, with room to split, then the global indexes."""
    return _room(params, setup) + len(params.indexes)


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """The table is the share of the traffic on each of the finest ranges, then the schedules."""
    room = _room(params, setup)
    old = ERAS.index(setup.era) == ERA_2020
    record["era"] = ERAS.index(setup.era)
    record["room"] = room
    record["starts_on_demand"] = params.capacity_mode == "on_demand"
    record["partitions"] = _at_start(params, setup)
    record["hot_at"] = range_of(HOT_KEY, room)
    record["epoch"] = setup.start_epoch
    record["first_reads"], record["first_writes"] = _first(params, setup)
    record["account_reads"], record["account_writes"] = _left(params, setup)
    record["ttl_s"] = 3600.0 * (params.time_to_live_h or 0.0)
    record["read_max"] = math.inf if old else params.max_read_request_units or math.inf
    record["write_max"] = math.inf if old else params.max_write_request_units or math.inf
    record["scales_in_at_zero"] = params.zero_consumption_scales_in and not old
    readers(record, setup)
    # by 2023's documentation not for a provisioned table with a stream
    kept = old and record["readers"] > 0 and params.capacity_mode == "provisioned"
    record["isolates"] = params.adaptive_capacity and not kept
    spread = params.sort_key == "spread" and params.local_indexes == 0
    record["collections_split"] = bool(record["isolates"]) and spread
    top = float(population(params.key_count, params.key_skew)[1][0])
    record["top_key"] = max(top * (1.0 - params.hot_key_share), params.hot_key_share)
    record["index_gb"] = 0.0
    for i, index in enumerate(params.indexes):
        record["index_top"][i] = indexes.tops(index, indexes.partitions_of(index))
        if index.projected_kb is not None and params.item_kb:
            record["index_gb"] += index.projected_kb / params.item_kb
        else:
            record["index_gb"] += 1.0
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
    state["switched_s"][:] = -math.inf
    state["decrease_day"] = -1
    for side, target in zip(("read", "write"), targets(params, setup), strict=True):
        scaling.start(target, state[f"{side}_scale"])
    adjust(params, record, state, cells, setup, fresh=True)


def resize(record: Any, state: Any, old_cells: np.ndarray, cells: np.ndarray) -> None:
    """Keep the partitions where there is as much room as before; `adjust` lays others out."""
    before, room = int(state["laid_room"]), int(record["room"])
    kept = min(before, room)
    cells[:kept] = old_cells[:kept]
    state["shards"] = min(int(state["shards"]), kept)
    count = min(len(old_cells) - before, len(cells) - room)
    if count > 0:
        cells[room : room + count] = old_cells[before : before + count]


def adjust(
    params: Params, record: Any, state: Any, cells: Any, setup: Setup, fresh: bool = False
) -> None:
    """Fit a running table to edited parameters at once; what a person did since stays."""
    mode = int(record["capacity_mode"])
    wanted = (params.read_capacity_units, params.write_capacity_units, mode)
    before = (state["wanted_reads"], state["wanted_writes"], state["wanted_mode"])
    if fresh or wanted != tuple(int(x) for x in before):
        state["wanted_reads"], state["wanted_writes"], state["wanted_mode"] = wanted
        state["on_demand"] = record["starts_on_demand"]
        state["reads_limit"] = record["first_reads"]
        state["writes_limit"] = record["first_writes"]
        state["peak_reads"] = 0.5 * record["first_reads"]
        state["peak_writes"] = 0.5 * record["first_writes"]
        state["pending"] = 0
    if fresh or state["wanted_gb"] != params.storage_gb:
        state["gb"] = state["wanted_gb"] = params.storage_gb
        state["fullest"] = PARTITION_GB  # to be looked at
        state["wanted_partitions"] = -1
        growth.start(record, state)
    state["collection_gb"] = state["gb"] * record["top_key"]
    moved = state["laid_room"] != record["room"]
    if fresh or moved or state["wanted_partitions"] != record["partitions"]:
        lay_out(record, state, cells)
        state["wanted_partitions"] = record["partitions"]
    if fresh or state["wanted_hot"] != params.hot_key_share:
        state["hot_share"] = state["wanted_hot"] = params.hot_key_share
    _adjust_indexes(params, record, state, cells)
    state["changed"] = 1
    for side, target in zip(("read", "write"), targets(params, setup), strict=True):
        scaling.renew(target, state[f"{side}_scale"])


def _adjust_indexes(params: Params, record: Any, state: Any, cells: Any) -> None:
    limits = [(float(i.read_capacity_units), float(i.write_capacity_units)) for i in params.indexes]
    if state["on_demand"]:
        limits = [(NEW_READS, NEW_WRITES)] * len(params.indexes)
    wanted = np.zeros(2 * indexes.GLOBAL_MOST)
    wanted[: 2 * len(limits)] = np.array(limits).ravel()
    if not np.array_equal(wanted, state["laid_indexes"]):
        state["laid_indexes"][:] = wanted
        indexes.lay_out(record, state, cells, limits)


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of the parameters AWS would refuse."""
    most = params.table_quota_units
    found = []
    pulls = sum(out.mode == "pull" for out in setup.outs)
    if pulls > 2:
        text = f"{pulls} consumers read the stream where two may read a shard: they wait in turn"
        found.append((0.0, "quota", text))
    if params.capacity_mode == "provisioned":
        asked = max(params.read_capacity_units, params.write_capacity_units)
        reads, writes = _left(params, setup)
        if asked <= most and (
            params.read_capacity_units > reads or params.write_capacity_units > writes
        ):
            text = f"The account's quota of {params.account_quota_units:,} units a second leaves "
            found.append((0.0, "quota", f"{text}{reads:,.0f} read and {writes:,.0f} write units"))
    else:
        asked = max(params.warm_read_units or 0, params.warm_write_units or 0)
        if asked and ERAS.index(setup.era) == ERA_2020:
            text = "Warm throughput came in 2024; the table starts as a new one"
            return [*found, (0.0, "quota", text)]
    if asked > most:
        text = f"The table's quota is {most:,} units a second; it gets no more"
        found.append((0.0, "quota", text))
    return found


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
        Port("stream", "out", "Stream of changes", modes=("pull",)),
        Port("scaling", "in", "Scaling plan", modes=("control",), peers=("scaling_plan",)),
    ),
    step=step,
    control=control,
    prepare=prepare,
    cells_count=cells_count,
    init=init,
    resize=resize,
    adjust=adjust,
    foretell=foretell,
    causes=CAUSES,
    faults=("capacity_cut", "hot_key"),
    metrics=METRICS,
    events=EVENTS,
    actions=(
        Action("update_table", "Set the capacity", UpdateTable, update_table),
        Action("switch_mode", "Switch the capacity mode", SwitchMode, switch_mode),
        Action("hot_key", "Make one key hot", HotKey, hot_key),
    ),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    bars=why.BARS,
    headline="instances",
    holds="partitions",
    stream=True,
    account=True,
    ignores_missing=True,  # CloudWatch User Guide: alarms that evaluate AWS/DynamoDB metrics
)
