"""Kinesis Data Streams: shards that records reach by the hash of their partition key.

Each shard takes so much a second and throttles the rest, however idle the others are.  In
provisioned mode people change their number (`_kinesis_actions`), in on-demand mode the stream does
(`_kinesis_on_demand`).  Consumers read at their own pace (`_kinesis_readers`); nothing that is
accepted is lost but by growing older than the retention.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np

from sandbox.kernels.bucket import expected_excess
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import LOGNORMAL, service_cumulants
from sandbox.kernels.random import key_of
from sandbox.services import _why_kinesis_stream as why
from sandbox.services._keys import HOT as HOT_NAME
from sandbox.services._keys import place_of, ring
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
from sandbox.services._kinesis_on_demand import ROOM as ROOM_ON_DEMAND
from sandbox.services._kinesis_params import RECORD_KB, RETENTION_H, Params
from sandbox.services._kinesis_readers import (
    FAN_OUT_S,
    GET_S,
    POINTS,
    POLLS_PER_S,
    READERS,
    Consumer,
    drained,
    log,
    read,
)
from sandbox.services._kinesis_replay import ReadAgain, read_again
from sandbox.services._kinesis_resharding import (
    BIG,
    ON_DEMAND,
    PROVISIONED,
    QUOTA,
    QUOTA_ELSEWHERE,
    UPDATES_A_DAY,
    HotKey,
    even,
    heat,
    hot_key,
    move_on,
    plan,
    reshard,
    resize,
    spread,
)
from sandbox.services._kinesis_stream_notes import NOTES
from sandbox.services.contract import Action, Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.law import CAPACITY_CUT, ERAS, HOT_KEY, emit
from sandbox.services.params import code

LIMITS = "Kinesis Data Streams developer guide: Quotas and limits"
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
ROOM = 32  # shards for which a run keeps room, or four times what it starts with
PUT_CV2 = 0.25  # assumption: squared coefficient of variation of the time of a PutRecord


class Derived:
    room: int
    era: int
    quota: int
    raised: int  # whether the quota is one that was asked for
    starts_on_demand: int
    shards: int
    hot_place: float
    largest_kb: float
    retention_s: float
    readers: int
    fan_outs: int
    polls_refused: float  # GetRecords calls/s of each shard
    fan_out: Annotated[object, ("i8", (READERS,))]
    delay_s: Annotated[object, ("f8", (READERS,))]
    poll_s: Annotated[object, ("f8", (READERS,))]


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
MODE_ON_DEMAND = code(Params, "capacity_mode", "on_demand")


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


# ---------------------------------------------------------------- the Python side


def prepare(params: Params, record: Any, setup: Setup) -> Any:
    """Quotas of the era and Region, how each consumer reads, and the keys as a table."""
    era = ERAS.index(setup.era)
    quota = _quota(params, setup)
    record["era"] = era
    record["quota"] = quota
    record["raised"] = params.shard_quota is not None
    record["starts_on_demand"] = _on_demand(params, setup)
    record["hot_place"] = place_of(HOT_NAME)
    record["largest_kb"] = RECORD_KB if setup.era == "2020" else params.max_record_kib
    record["shards"] = min(params.shard_count, quota)
    record["room"] = cells_count(params, setup) // 2
    record["retention_s"] = 3600.0 * min(params.retention_hours, RETENTION_H[era])
    pulls = [out for out in setup.outs[:READERS] if out.mode == "pull"]
    shared = [out for out in pulls if not out.params["enhanced_fan_out"]]
    polls = sum(1.0 / out.params["poll_interval_s"] for out in shared)
    record["readers"] = len(pulls)
    record["fan_outs"] = len(pulls) - len(shared)
    record["polls_refused"] = max(0.0, polls - POLLS_PER_S)
    for j, out in enumerate(setup.outs[:READERS]):
        if out.mode != "pull":
            continue
        fan_out = bool(out.params["enhanced_fan_out"])
        # a poll finds what came since the last one: half an interval old in the mean
        interval = out.params["poll_interval_s"] * max(1.0, polls / POLLS_PER_S)
        record["fan_out"][j] = fan_out
        record["delay_s"][j] = FAN_OUT_S if fan_out else 0.5 * interval + GET_S
        record["poll_s"][j] = interval
    return ring(params.key_count, params.key_skew)


def _quota(params: Params, setup: Setup) -> int:
    """Shards that the account may have."""
    if params.shard_quota is not None:
        return params.shard_quota
    return (QUOTA if setup.region in BIG else QUOTA_ELSEWHERE)[ERAS.index(setup.era)]


def _on_demand(params: Params, setup: Setup) -> bool:
    return params.capacity_mode == "on_demand" and setup.era != "2020"


def cells_count(params: Params, setup: Setup) -> int:
    """Two halves: the shards, and those of before the last change until they are read."""
    least = ROOM_ON_DEMAND if _on_demand(params, setup) else ROOM
    return 2 * min(_quota(params, setup), max(least, 4 * params.shard_count))


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    state["shards"] = state["wanted_shards"] = record["shards"]
    state["hot_share"] = state["wanted_hot"] = params.hot_key_share
    state["mode"] = state["wanted_mode"] = _mode(record)
    state["updates"][:] = state["switches"][:] = -math.inf
    state["busy_from"] = -1.0
    state["ready_s"] = 0.0
    n = int(record["shards"])
    cells["start"][:n] = even(n)
    cells["end"][:n] = np.append(even(n)[1:], 1.0)
    state["changed"] = 1
    spread(record, state, cells)
    state["names"][:] = _names(setup)


def _mode(record: Any) -> int:
    return ON_DEMAND if record["starts_on_demand"] else PROVISIONED


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """Fit a running stream to edited parameters and links; what a person did since stays."""
    if state["wanted_hot"] != params.hot_key_share:
        state["hot_share"] = state["wanted_hot"] = params.hot_key_share
    spread(record, state, cells)
    if state["wanted_shards"] != record["shards"]:
        state["wanted_shards"] = record["shards"]
        plan(state, cells, even(int(record["shards"])), 0.0)
    if state["wanted_mode"] != _mode(record):
        state["mode"] = state["wanted_mode"] = _mode(record)
    state["changed"] = 1
    names = _names(setup)
    before = state["names"].tolist()
    for field in ("held", "sent"):
        old = cells[field].copy()
        cells[field] = 0.0
        for j, name in enumerate(names):
            if name and name in before:
                cells[field][:, j] = old[:, before.index(name)]
    state["names"][:] = names


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of the parameters AWS would refuse."""
    era = ERAS.index(setup.era)
    found = []
    if params.capacity_mode == "on_demand" and setup.era == "2020":
        text = "On-demand mode came in November 2021; the stream is in provisioned mode"
        found.append((0.0, "quota", text))
    if params.max_record_kib > RECORD_KB and setup.era == "2020":
        found.append((0.0, "quota", "A record had 1 MB at most in 2020"))
    if params.shard_count > _quota(params, setup):
        text = (
            f"The account's quota in {setup.region} is {_quota(params, setup):,} shards, so the "
            "stream has no more than that; ask AWS for more and set shard_quota"
        )
        found.append((0.0, "quota", text))
    if params.retention_hours > RETENTION_H[era]:
        text = f"Records are kept for {RETENTION_H[era]:,.0f} h at most"
        found.append((0.0, "quota", text))
    if len(setup.outs) > READERS:
        found.append((0.0, "quota", f"Only the first {READERS} consumers read"))
    return found


def _names(setup: Setup) -> list[int]:
    names = [key_of(f"{out.other} {out.other_port}") for out in setup.outs[:READERS]]
    return names + [0] * (READERS - len(names))


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
    causes=(
        Cause("throttled", "shard_records", "a shard takes 1,000 records a second", LIMITS),
        Cause("throttled", "shard_bytes", "a shard takes 1 MB a second", LIMITS),
        Cause("rejected", "record_too_large", "larger than the stream's max_record_kib", LIMITS),
    ),
    faults=("capacity_cut", "hot_key"),
    metrics=(
        Metric("incoming_records", "1/s", "Records accepted", "incoming", "IncomingRecords", True),
        Metric("incoming_bytes", "B/s", "Bytes accepted", "incoming_bytes", "IncomingBytes", True),
        Metric(
            "write_throttled",
            "1/s",
            "Records throttled",
            "throttled",
            "WriteProvisionedThroughputExceeded",
            True,
        ),
        Metric(
            "read_throttled",
            "1/s",
            "Reads refused beyond five a second of each shard",
            "read_refused",
            "ReadProvisionedThroughputExceeded",
            True,
        ),
        Metric(
            "iterator_age_s",
            "s",
            "Age of the oldest record a consumer has yet to read",
            "iterator_age",
            "GetRecords.IteratorAgeMilliseconds",
        ),
        Metric("shards", "", "Open shards", "open_shards"),
        Metric("on_demand", "", "In on-demand mode", "on_demand"),
        Metric("hottest_shard_share", "share", "Share of the hottest shard", "hottest_share"),
        Metric(
            "hottest_shard_utilization",
            "share",
            "Utilization of the hottest shard",
            "hottest_utilization",
        ),
    ),
    events=(
        EventKind(
            "hot_shard",
            "Shard {0:.0f} is hot: {1:.1%} of the records, {2:,.0f}/s where it takes "
            "{3:,.0f}/s, while the stream is at {4:.0%}",
            "warning",
        ),
        EventKind("resharded", "The stream went from {0:.0f} to {1:.0f} shards"),
        EventKind("drained", "The {0:.0f} closed shards have been read to their end"),
        EventKind(
            "lagging",
            "A consumer is {0:,.1f} h behind, half of the {1:,.0f} h that records are kept",
            "warning",
        ),
        EventKind(
            "split",
            "{0:.0f} of {1:.0f} shards took more than half of what a shard can for 15 minutes: "
            "on-demand mode splits each in two",
        ),
        EventKind(
            "no_room",
            "This run has room for {0:.0f} shards and opens no more; edit shard_count for more",
            "warning",
        ),
    ),
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
