"""The partitions of a DynamoDB table: how many, what share of the keys each has, and its ceiling.

Adaptive capacity is instant, so that a partition may use all that the table has: only its own
ceiling is held against it.  What AWS does since for a lasting hot range, to split it, is left out.
"""

from __future__ import annotations

import math

from sandbox.kernels.bucket import expected_excess
from sandbox.kernels.compiled import inlined
from sandbox.services.law import emit

PARTITIONS = "DynamoDB Developer Guide (2017): Partitions and data distribution"
DESIGN = "DynamoDB Developer Guide: Designing partition keys"

PARTITION_READS = 3000.0  # DESIGN: units a second of one partition,
PARTITION_WRITES = 1000.0  # … whatever the table has
PARTITION_GB = 10.0  # PARTITIONS

HOT, SPLIT = 0, 1  # among the events of the service


class Partition:
    """One partition: its share of the traffic, units/s asked for, and units/s over its ceiling."""

    share: float
    reads: float
    writes: float
    throttled: float


def partitions(reads: float, writes: float, gb: float, on_demand: bool = False) -> int:
    """Partitions of a new table: by capacity or by size, whichever needs more, rounded up."""
    by_capacity = reads / PARTITION_READS + writes / PARTITION_WRITES
    if on_demand:
        by_capacity = max(reads / PARTITION_READS, writes / PARTITION_WRITES)
    return max(1, math.ceil(by_capacity - 1e-9), math.ceil(gb / PARTITION_GB - 1e-9))


@inlined
def ceilings(p, s, cells, tick, reads, writes, per_read, per_write, ca2):
    """What is over the ceilings of the partitions, in units/s; the same as before if all is."""
    if s.changed == 0 and reads == s.offered_reads and writes == s.offered_writes and ca2 == s.ca2:
        if s.hottest >= 1.0:
            s.hot_until = max(s.hot_until, tick.t + 60.0)
        return
    s.offered_reads, s.offered_writes, s.ca2, s.changed = reads, writes, ca2, 0
    s.over_reads = s.over_writes = s.hottest = 0.0
    hot = 0
    for i in range(s.partitions):
        c = cells[i]
        c.reads = reads * c.share
        c.writes = writes * c.share
        c.throttled = 0.0
        load = max(c.reads / PARTITION_READS, c.writes / PARTITION_WRITES)
        if load > 0.5:
            dispersion = 1.0 + c.share * (ca2 - 1.0)
            over_reads = expected_excess(c.reads, PARTITION_READS, per_read * dispersion)
            over_writes = expected_excess(c.writes, PARTITION_WRITES, per_write * dispersion)
            c.throttled = over_reads + over_writes
            s.over_reads += over_reads
            s.over_writes += over_writes
        if load > s.hottest:
            s.hottest = load
            hot = i
    if s.hottest >= 1.0:
        if tick.t >= s.hot_until:
            c = cells[hot]
            emit(tick, HOT, hot, c.share, c.reads, c.writes)
        s.hot_until = tick.t + 60.0


@inlined
def grow(p, s, cells, tick, on_demand):
    """Partitions double until they can carry the table's capacity; they never merge."""
    needed = s.reads_limit / PARTITION_READS + s.writes_limit / PARTITION_WRITES
    if on_demand:
        needed = max(s.reads_limit / PARTITION_READS, s.writes_limit / PARTITION_WRITES)
    before = s.partitions
    while s.partitions < needed - 1e-9 and 2 * s.partitions <= p.room:
        s.partitions *= 2
    if s.partitions != before:
        emit(tick, SPLIT, before, s.partitions)
        s.changed = 1
    if s.changed != 0:
        _spread(p, s, cells, tick)


@inlined
def _spread(p, s, cells, tick):
    """The share of each partition: the sum of the fine ranges that it covers."""
    fine = p.room // s.partitions
    hot = 1.0 - (1.0 - s.hot_share) * (1.0 - s.hot_fault)
    for i in range(s.partitions):
        share = 0.0
        for x in range(i * fine, (i + 1) * fine):
            share += tick.table[x]
        cells[i].share = share * (1.0 - hot)
    cells[p.hot_at // fine].share += hot
    for i in range(s.partitions, cells.size):
        cells[i].share = cells[i].reads = cells[i].writes = cells[i].throttled = 0.0
