"""DynamoDB: a table with capacity units, in partitions that its keys fall on by their hash.

Requests are turned into units by the size of an item, then meet the capacity of the indexes that
they touch, the ceilings of their partitions, then the table's capacity with its saved bursts
(provisioned) or its previous peak (on demand).  Nothing waits here: what is over a limit is
throttled.  What was written is read from its stream as from Kinesis' (`_kinesis_readers`).
"""

from __future__ import annotations

import math
from typing import Annotated

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import LOGNORMAL, service_cumulants
from sandbox.services import _dynamodb_indexes as indexes
from sandbox.services import _plans as plans
from sandbox.services import _why_dynamodb as why
from sandbox.services._dynamodb_actions import ACTIONS
from sandbox.services._dynamodb_capacity import SWITCHES
from sandbox.services._dynamodb_growth import COLLECTION_GB, Stored, store
from sandbox.services._dynamodb_indexes import maintain, query, settle
from sandbox.services._dynamodb_notes import NOTES
from sandbox.services._dynamodb_params import Params
from sandbox.services._dynamodb_partitions import (
    PARTITION_GB,
    PARTITION_READS,  # noqa: F401 - explanations look it up here
    PARTITION_WRITES,  # noqa: F401 - explanations look it up here
    Partition,
    ceilings,
    divide,
)
from sandbox.services._dynamodb_scaling import EVENTS as SCALING_EVENTS
from sandbox.services._dynamodb_scaling import FIRST, Scaled, scale
from sandbox.services._dynamodb_setup import (
    Derived,
    adjust,
    cells_count,
    foretell,
    init,
    prepare,
    resize,
)
from sandbox.services._dynamodb_stream import Streamed, follow
from sandbox.services._dynamodb_table import take
from sandbox.services._dynamodb_units import read_units, write_units
from sandbox.services._dynamodb_words import (
    CAUSES,
    COLLECTION,
    EVENTS,
    INDEX_READ,
    INDEX_WRITE,
    METRICS,
    TOO_LARGE,
    UPDATED,
)
from sandbox.services.contract import Port, Service
from sandbox.services.law import CAPACITY_CUT, ERA_2020, emit
from sandbox.services.law import HOT_KEY as HOT_KEY_FAULT

PRICING = "https://aws.amazon.com/dynamodb/pricing/"

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


FULL = FIRST + len(SCALING_EVENTS)  # and, one more, that of a partition split for heat
BACK_PRESSURE = FULL + 2


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
    got_reads, got_writes = take(p, s, io, tick, reads, writes, per_read, per_write,
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


@compiled
def control(p, s, io, cells, tick):
    """Auto scaling, where the table has it."""
    scale(p, s, tick)


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
        plans.PORT,
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
    actions=ACTIONS,
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    bars=why.BARS,
    headline="instances",
    holds="partitions",
    stream=True,
    account=True,
    ignores_missing=True,  # CloudWatch User Guide: alarms that evaluate AWS/DynamoDB metrics
)
