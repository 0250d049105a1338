"""The partitions of a DynamoDB table: how many, what each is asked for, and when they split.

A partition is a range of hash keys, in steps of the finest ranges that the node's table has.  All
of them double when the table is given more than they can carry, one alone splits when it is full,
or when it has been at its ceiling for long; they never merge.  Adaptive capacity is instant, so
that a partition may use all that the table has up to its own ceiling; without it, as before 2018,
each has an equal part of the table's capacity and savings of its own.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np

from sandbox.kernels.bucket import burst, expected_excess
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._kinesis_readers import POINTS, READERS
from sandbox.services.law import emit

PARTITIONS = "DynamoDB Developer Guide (2017): Partitions and data distribution"
DESIGN = "DynamoDB Developer Guide: Designing partition keys"
BURST = "DynamoDB Developer Guide: Burst and adaptive capacity"

PARTITION_READS = 3000.0  # DESIGN: units a second of one partition,
PARTITION_WRITES = 1000.0  # … whatever the table has
PARTITION_GB = 10.0  # PARTITIONS
BURST_S = 300.0  # BURST: seconds of unused capacity that are saved
HEAT_S = 600.0  # assumption (low confidence): so long at its ceiling, and a partition is split
ROOM = 64  # the fewest ranges that are told apart
MOST_ROOM = 4096  # the most; beyond that a cell stands for several partitions alike
HOT, SPLIT = 0, 1  # among the events of the service


class Partition:
    """A partition, or an index of the table (see `_dynamodb_indexes`).

    Units/s that it is asked for and that are over its ceiling, what it has saved and what it
    stores; and the log of its stream, see `_kinesis_readers`.
    """

    start: int  # the finest ranges that it covers
    end: int
    copies: float  # partitions alike that it stands for, which share its keys evenly
    rest: float  # share of the traffic, but for the hot key
    hot: float  # its part of the hot key
    share: float
    reads: float
    writes: float
    throttled: float
    passed: float  # write units/s that its ceiling lets through
    load: float  # what the busiest of its copies is asked for, of the ceiling
    heat_s: float
    gb: float
    reads_saved: float
    writes_saved: float
    # of an index
    reads_limit: float
    writes_limit: float
    peak_reads: float
    peak_writes: float
    base_reads: float
    base_writes: float
    base_reads_s: float
    base_writes_s: float
    minute_reads: float
    minute_writes: float
    consumed_reads: float
    consumed_writes: float
    # of its stream
    accepted: float
    total: float
    wanted: float
    held: Annotated[object, ("f8", (READERS,))]
    sent: Annotated[object, ("f8", (READERS,))]
    log: Annotated[object, ("f8", (POINTS,))]


def partitions(reads: float, writes: float, gb: float, on_demand: bool = False) -> int:
    """Partitions of a new table: by capacity or by size, whichever needs more, rounded up."""
    by_capacity = reads / PARTITION_READS + writes / PARTITION_WRITES
    if on_demand:
        by_capacity = max(reads / PARTITION_READS, writes / PARTITION_WRITES)
    return max(1, math.ceil(by_capacity - 1e-9), math.ceil(gb / PARTITION_GB - 1e-9))


def ranges(count: int, most: int) -> int:
    """The finest ranges told apart: those of the start, each halved as often as may be needed."""
    if count > MOST_ROOM // 2:
        return MOST_ROOM
    room = count
    while room < max(most, ROOM, 2 * count):
        room *= 2
    return room


def lay_out(record: Any, state: Any, cells: Any) -> None:
    """Equal ranges for the partitions of the start; what streams hold of them stays readable."""
    room, count = int(record["room"]), int(record["partitions"])
    used = min(count, room)
    before = int(state["shards"])
    old = cells[:before]
    total, log, held = old["total"].sum(), old["log"].sum(axis=0), old["held"].sum(axis=0)
    first = cells[:room]
    for name in cells.dtype.names:
        first[name] = 0
    for i in range(used):
        cell = first[i]
        begin, end = i * room // used, (i + 1) * room // used
        cell["start"], cell["end"], cell["copies"] = begin, end, count / used
        cell["hot"] = float(begin <= int(record["hot_at"]) < end)
        cell["gb"] = float(state["gb"]) / used
        cell["total"], cell["log"], cell["held"] = total / used, log / used, held / used
    state["shards"], state["partitions"], state["laid_room"] = used, count, room


@inlined
def _carried(p, s, reads, writes):
    """What one partition carries: its ceiling, or without adaptive capacity its equal part."""
    if p.adaptive_capacity:
        return PARTITION_READS, PARTITION_WRITES
    return min(PARTITION_READS, reads / s.partitions), min(PARTITION_WRITES, writes / s.partitions)


@inlined
def ceilings(p, s, cells, tick, reads, writes, per_read, per_write, ca2, limit_r, limit_w):
    """What is over the ceilings of the partitions, in units/s; the same as before if all is."""
    same = reads == s.offered_reads and writes == s.offered_writes and ca2 == s.ca2
    if not (same and s.changed == 0 and p.adaptive_capacity):
        s.offered_reads, s.offered_writes, s.ca2, s.changed = reads, writes, ca2, 0
        s.over_reads = s.over_writes = s.hottest = 0.0
        s.hot_cell = 0
        key = 1.0 - (1.0 - s.hot_share) * (1.0 - s.hot_fault)
        for i in range(s.shards):
            c = cells[i]
            c.share = c.rest * (1.0 - key) + c.hot * key
            c.reads, c.writes = reads * c.share, writes * c.share
            c.throttled, c.passed = 0.0, c.writes
            each = c.rest * (1.0 - key) / c.copies
            _one(p, s, c, tick, each + c.hot * key, 1.0, per_read, per_write, limit_r, limit_w)
            if c.copies > 1.0:
                _one(p, s, c, tick, each, c.copies - 1.0, per_read, per_write, limit_r, limit_w)
            if c.load > s.hottest:
                s.hottest = c.load
                s.hot_cell = i
    if s.hottest >= 1.0:
        s.heating = 1
        if tick.t >= s.hot_until:
            c = cells[s.hot_cell]
            emit(tick, HOT, s.hot_cell, c.share, c.reads, c.writes)
        s.hot_until = max(s.hot_until, tick.t + 60.0)


@compiled
def _one(p, s, c, tick, share, count, per_read, per_write, limit_r, limit_w):
    """Partitions alike, each with a share of the traffic: what is over their ceilings."""
    reads, writes = s.offered_reads * share, s.offered_writes * share
    most_r, most_w = _carried(p, s, limit_r, limit_w)
    if count == 1.0:
        c.load = max(reads / most_r, writes / most_w)
    spread = 1.0 + share * (s.ca2 - 1.0)
    over_r = over_w = 0.0
    if p.adaptive_capacity:
        if c.load > 0.5:
            over_r = expected_excess(reads, most_r, per_read * spread)
            over_w = expected_excess(writes, most_w, per_write * spread)
    elif count == 1.0:  # each with savings of its own; those of its copies are like the first's
        _got, over_r, c.reads_saved = burst(
            c.reads_saved, reads, most_r, BURST_S * most_r, tick.dt, per_read * s.ca2
        )
        _got, over_w, c.writes_saved = burst(
            c.writes_saved, writes, most_w, BURST_S * most_w, tick.dt, per_write * s.ca2
        )
    c.throttled += count * (over_r + over_w)
    c.passed -= count * over_w
    s.over_reads += count * over_r
    s.over_writes += count * over_w


@inlined
def divide(p, s, cells, tick, on_demand, first_kind):
    """Partitions double for the table's capacity; a full or lastingly hot one splits."""
    needed = s.reads_limit / PARTITION_READS + s.writes_limit / PARTITION_WRITES
    if on_demand:
        needed = max(s.reads_limit / PARTITION_READS, s.writes_limit / PARTITION_WRITES)
    s.by_capacity = max(1.0, math.ceil(needed - 1e-9))
    if s.partitions < needed - 1e-9:
        before = s.partitions
        while s.partitions < needed - 1e-9:
            _double(p, s, cells)
        emit(tick, SPLIT, before, s.partitions)
    if s.fullest >= PARTITION_GB or s.heating != 0:
        _one_by_one(p, s, cells, tick, first_kind)
    if s.changed != 0:
        _spread(p, s, cells, tick)


@compiled
def _double(p, s, cells):
    for i in range(s.shards):
        _split(p, s, cells, i, False, False)
    s.changed = 1


@compiled
def _one_by_one(p, s, cells, tick, first_kind):
    """Full partitions split in two, and those that have long been at their ceiling."""
    fullest, heating = 0.0, 0
    i = 0
    while i < s.shards:
        c = cells[i]
        while c.gb / c.copies > PARTITION_GB * (1.0 + 1e-12):
            emit(tick, first_kind, i, c.gb / c.copies, s.partitions, s.partitions + 1.0, 0.0, 0.0)
            _split(p, s, cells, i, True, False)
            s.changed = 1
        fullest = max(fullest, c.gb / c.copies)
        if c.load >= 1.0 and p.isolates:
            c.heat_s += tick.dt
            heating = 1
            if c.heat_s >= HEAT_S - 1e-6:
                c.heat_s = 0.0
                if _helps(p, c):
                    emit(tick, first_kind + 1, i, c.share, HEAT_S / 60.0, s.partitions + 1.0)
                    _split(p, s, cells, i, True, True)
                    s.changed = 1
        else:
            c.heat_s = 0.0
        i += 1
    s.fullest, s.heating = fullest, heating


@inlined
def _helps(p, c):
    """Whether a partition can be split: several ranges of keys, or one key in parts."""
    return p.collections_split or (c.end - c.start > 1 and c.rest > 0.0)


@compiled
def _split(p, s, cells, i, one, hot):
    """One partition becomes two, each with a half of the keys, of what is stored and in the log."""
    c = cells[i]
    c.heat_s = c.load = 0.0
    wide = c.end - c.start > 1
    keys = one and hot and p.collections_split and c.hot > 0.0
    if s.shards >= p.room or c.copies > 1.0 or not (wide or keys):
        more = 1.0 if one else c.copies
        c.copies += more
        s.partitions += int(more + 0.5)
        return
    s.partitions += 1
    d = cells[s.shards]
    s.shards += 1
    d.start, d.end, d.copies = c.start, c.end, 1.0
    d.heat_s = d.load = 0.0
    d.rest, d.hot = 0.0, 0.0
    if wide:
        middle = (c.start + c.end) // 2
        c.end = d.start = middle
        if p.hot_at >= middle:
            d.hot, c.hot = c.hot, 0.0
    if keys:  # the items of one key, by their sort keys
        half = 0.5 * (c.hot + d.hot)
        c.hot = d.hot = half
    if not wide:
        d.start = d.end  # it has no keys of its own
    c.gb *= 0.5
    c.reads_saved *= 0.5
    c.writes_saved *= 0.5
    c.total *= 0.5
    c.accepted *= 0.5
    d.gb, d.reads_saved, d.writes_saved = c.gb, c.reads_saved, c.writes_saved
    d.total, d.accepted = c.total, c.accepted
    for j in range(READERS):
        c.held[j] *= 0.5
        c.sent[j] *= 0.5
        d.held[j], d.sent[j] = c.held[j], c.sent[j]
    for k in range(POINTS):
        c.log[k] *= 0.5
        d.log[k] = c.log[k]


@compiled
def _spread(p, s, cells, tick):
    """The share of each partition, but for the hot key: the sum of the ranges that it covers."""
    for i in range(s.shards):
        share = 0.0
        for x in range(cells[i].start, cells[i].end):
            share += tick.table[x]
        cells[i].rest = share


def shown(state: Any) -> np.ndarray:
    """The cells that are partitions."""
    return np.arange(int(state["shards"]))
