"""Kinesis Data Streams: shards that records reach by the hash of their partition key.

Each shard takes so much a second and throttles the rest, however idle the others are.  In
provisioned mode people change their number (`_kinesis_actions`), in on-demand mode the stream does
(`_kinesis_on_demand`).  Consumers read at their own pace (`_kinesis_readers`); nothing that is
accepted is lost but by growing older than the retention.
"""

from __future__ import annotations

import math
from typing import Annotated

from sandbox.kernels.bucket import expected_excess
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import LOGNORMAL, service_cumulants
from sandbox.services import _why_kinesis_stream as why
from sandbox.services._kinesis_actions import (
    SWITCHES_A_DAY,
    MergeShards,
    SplitShard,
    SwitchMode,
    UpdateShardCount,
    merge_shards,
    split_shard,
    switch_mode,
    update_shard_count,
)
from sandbox.services._kinesis_on_demand import BUCKETS, busy, keep, scale
from sandbox.services._kinesis_params import RECORD_KB, Params
from sandbox.services._kinesis_readers import POINTS, READERS, Consumer, drained, log, read
from sandbox.services._kinesis_replay import ReadAgain, read_again
from sandbox.services._kinesis_resharding import (
    ON_DEMAND,
    UPDATES_A_DAY,
    HotKey,
    heat,
    hot_key,
    move_on,
    reshard,
    resize,
)
from sandbox.services._kinesis_setup import Derived, adjust, cells_count, foretell, init, prepare
from sandbox.services._kinesis_stream_notes import NOTES
from sandbox.services._kinesis_words import CAUSES, EVENTS, METRICS
from sandbox.services.contract import Action, Port, Service
from sandbox.services.law import CAPACITY_CUT, HOT_KEY, emit

PRICING = "https://aws.amazon.com/kinesis/data-streams/pricing/"

RECORDS_PER_S = 1000.0  # LIMITS: what one shard takes, records and
KB_PER_S = 1024.0  # … 1 MiB a second, partition keys counted; whichever binds
SHARD_HOUR_USD = 0.015  # PRICING, us-east-1
MILLION_PUTS_USD = 0.014  # PRICING: PUT payload units,
PUT_KB = 25.0  # … one for each 25 KB of a record
EXTENDED_HOUR_USD = 0.020  # PRICING: a shard-hour with more than 24 h of retention
FAN_OUT_HOUR_USD = 0.015  # PRICING: a shard-hour of a consumer with enhanced fan-out, and
FAN_OUT_GB_USD = 0.013  # … a GB that it reads
MONTH_H = 730.0
LONG_GB_USD = 0.023  # PRICING: a GB-month of what is older than seven days
STREAM_HOUR_USD = 0.04  # PRICING: an hour of a stream in on-demand mode,
GB_IN_USD = 0.08  # … a GB written, each record as full KB,
GB_OUT_USD = 0.04  # … a GB read,
FAN_OUT_ON_DEMAND_USD = 0.05  # … or read with enhanced fan-out,
KEPT_GB_USD = 0.10  # … and a GB-month of what is older than 24 h
KB_PER_GB = 1024.0 * 1024.0
PUT_CV2 = 0.25  # assumption: squared coefficient of variation of the time of a PutRecord


class State:
    shards: int  # open shards, in the half of the cells that `half` says
    half: int
    mode: int
    wanted_mode: int
    closed: int  # shards of before the last change, in the other half, until they are read
    pending: int
    ready_s: float
    wanted_shards: int  # shard_count and hot_key_share as last read from the parameters
    wanted_hot: float
    hot_share: float
    hot_fault: float  # what a fault makes hot on top of it
    cut: float
    hot_at: int
    changed: int
    rate: float
    kb: float
    ca2: float
    count: int
    oldest: float
    hot_until: float
    late: int
    busy: int  # open shards that on-demand mode would split, since when, and the highest load
    busy_from: float
    peak: float
    full: int
    kept: Annotated[object, ("f8", (BUCKETS,))]
    kept_day: float
    kept_week: float
    times: Annotated[object, ("f8", (POINTS,))]
    marks: Annotated[object, ("i8", (POINTS,))]
    updates: Annotated[object, ("f8", (UPDATES_A_DAY[1],))]
    switches: Annotated[object, ("f8", (SWITCHES_A_DAY,))]
    names: Annotated[object, ("i8", (READERS,))]
    again: Annotated[object, ("f8", (READERS,))]  # records that a consumer went back by
    open_shards: float
    incoming: float
    incoming_bytes: float
    throttled: float
    iterator_age: float
    hottest_share: float
    hottest_utilization: float
    read_refused: float
    read_bytes: float
    polled_bytes: float
    on_demand: float


class Shard:
    """One shard; beside it, for each consumer, what is unread and what was last read (1/s)."""

    start: float  # its range of hash keys, of 0 … 1
    end: float
    share: float
    arrivals: float
    throttled: float
    accepted: float
    base: float
    next: float
    total: float
    wanted: float
    held: Annotated[object, ("f8", (READERS,))]
    sent: Annotated[object, ("f8", (READERS,))]
    log: Annotated[object, ("f8", (POINTS,))]


SHARD_RECORDS, SHARD_BYTES, TOO_LARGE = range(3)
HOT, RESHARDED, DRAINED, LATE, SPLIT, NO_ROOM = range(6)


@compiled
def step(p, s, io, cells, tick):
    """Write to the shards, keep the log, let the consumers read."""
    if s.pending > 0 and tick.t >= s.ready_s - 1e-6:
        emit(tick, RESHARDED, s.shards, s.pending)
        reshard(p, s, cells, tick)
    rate = io.reads + io.writes
    if io.kb > p.largest_kb:
        io.loss[TOO_LARGE] = rate
        rate = 0.0
    # without new records the size is that of the last ones
    kb = max(io.kb, 1e-9) if rate > 0.0 or s.kb == 0.0 else s.kb
    whole = min(RECORDS_PER_S, KB_PER_S / kb)
    if io.fault[HOT_KEY] != s.hot_fault:
        s.hot_fault = io.fault[HOT_KEY]
        heat(p, s, cells)
    if io.fault[CAPACITY_CUT] != s.cut:
        s.cut = io.fault[CAPACITY_CUT]
        s.changed = 1
    limit = max(1e-9, whole * (1.0 - s.cut))
    steady = rate == s.rate and kb == s.kb and io.ca2 == s.ca2 and s.changed == 0
    accepted = _write(p, s, cells, tick, rate, io.ca2, limit, kb, steady)
    throttled = rate - accepted
    if throttled < 1e-12 * rate:  # the rounding of the shares
        throttled = 0.0
    io.done = rate - throttled
    io.loss[SHARD_RECORDS if whole == RECORDS_PER_S else SHARD_BYTES] = throttled
    s.incoming = io.done
    s.incoming_bytes = io.done * kb * 1024.0
    s.throttled = throttled
    if s.mode == ON_DEMAND:
        scale(p, s, cells, tick, kb, io.done / whole, SPLIT, NO_ROOM)
    keep(p, s, tick, s.incoming_bytes)
    s.on_demand = s.mode
    if p.readers > 0:
        log(p, s, cells, tick, steady)
    s.rate, s.kb, s.ca2, s.changed = rate, kb, io.ca2, 0
    read(p, s, io, cells, tick, kb)
    if s.closed > 0 and drained(p, s, cells):
        emit(tick, DRAINED, s.closed)
        move_on(p, s, cells)
    _watch(p, s, tick)
    io.svc_m, io.svc_v, io.svc_k = service_cumulants(LOGNORMAL, p.put_latency_ms / 1e3, PUT_CV2)
    io.utilization = min(1.0, io.done / (s.shards * limit))
    io.instances = s.open_shards = s.shards
    io.cost_per_hour = _cost(p, s, io.done, kb)


@inlined
def _write(p, s, cells, tick, rate, ca2, limit, kb, steady):
    """What each shard takes of its share in windows of a second: the sum, records/s."""
    first = s.half * p.room
    accepted = most = 0.0
    hottest = first
    s.busy = 0
    for i in range(first, first + s.shards):
        c = cells[i]
        if not steady:
            offered = rate * c.share
            c.arrivals = offered
            c.throttled = 0.0
            if kb > RECORD_KB:  # a record goes in whole, and the shard owes the time
                c.throttled = max(0.0, offered - limit)
            elif offered > 0.5 * limit or limit < 100.0:  # else the excess is nothing
                c.throttled = expected_excess(offered, limit, 1.0 + c.share * (ca2 - 1.0))
            c.accepted = offered - c.throttled
        c.total += c.accepted * tick.dt
        accepted += c.accepted
        if busy(c.accepted, kb):
            s.busy += 1
        if c.share > most:
            most = c.share
            hottest = i
    c = cells[hottest]
    s.hottest_share = most
    s.hottest_utilization = min(1.0, c.accepted / limit)
    # a shard is hot if it throttles although the stream as a whole has room
    if c.throttled > 0.01 * c.arrivals and rate < s.shards * limit:
        if tick.t >= s.hot_until:
            whole = rate / (s.shards * limit)
            emit(tick, HOT, hottest - first, most, c.arrivals, limit, whole)
        s.hot_until = tick.t + 60.0
    return accepted


@inlined
def _watch(p, s, tick):
    """Say once that a consumer has fallen behind half of the retention."""
    if s.iterator_age > 0.5 * p.retention_s:
        if s.late == 0:
            emit(tick, LATE, s.iterator_age / 3600.0, p.retention_s / 3600.0)
        s.late = 1
    elif s.iterator_age < 0.25 * p.retention_s:
        s.late = 0


@inlined
def _cost(p, s, done, kb):
    fan_out_gb = s.read_bytes / 1024.0 / KB_PER_GB * 3600.0
    hour = s.kept_week * LONG_GB_USD / MONTH_H
    if s.mode == ON_DEMAND:
        whole_kb = math.ceil(kb - 1e-9)
        hour += STREAM_HOUR_USD + done * whole_kb * 3600.0 / KB_PER_GB * GB_IN_USD
        hour += s.polled_bytes / 1024.0 / KB_PER_GB * 3600.0 * GB_OUT_USD
        return hour + fan_out_gb * FAN_OUT_ON_DEMAND_USD + s.kept_day * KEPT_GB_USD / MONTH_H
    units = max(1.0, math.ceil(kb / PUT_KB - 1e-9))
    hour += s.shards * SHARD_HOUR_USD + done * units * 3600.0 * MILLION_PUTS_USD / 1e6
    if p.retention_s > 86_400.0:
        hour += s.shards * EXTENDED_HOUR_USD
    if p.fan_outs > 0:
        hour += p.fan_outs * s.shards * FAN_OUT_HOUR_USD + fan_out_gb * FAN_OUT_GB_USD
    return hour


SERVICE = Service(
    id="kinesis_stream",
    title="Kinesis Data Stream",
    category="streaming",
    summary="An ordered log in shards, each with its own limits, read by consumers at their pace.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=Shard,
    ports=(
        Port("in", "in", "Records to put"),
        Port("records", "out", "Records to read", modes=("pull",), params={"pull": Consumer}),
    ),
    step=step,
    prepare=prepare,
    cells_count=cells_count,
    init=init,
    adjust=adjust,
    resize=resize,
    foretell=foretell,
    causes=CAUSES,
    faults=("capacity_cut", "hot_key"),
    metrics=METRICS,
    events=EVENTS,
    actions=(
        Action(
            "update_shard_count", "Update the shard count", UpdateShardCount, update_shard_count
        ),
        Action("split_shard", "Split a shard", SplitShard, split_shard),
        Action("merge_shards", "Merge two shards", MergeShards, merge_shards),
        Action("switch_mode", "Switch the capacity mode", SwitchMode, switch_mode),
        Action("hot_key", "Make one key hot", HotKey, hot_key),
        Action("read_again", "Read again from the beginning", ReadAgain, read_again),
    ),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    bars=why.BARS,
    headline="instances",
    stream=True,
    holds="shards",
)
