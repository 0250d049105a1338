"""What a table takes as a whole: provisioned with saved bursts, or up to its previous peak."""

from __future__ import annotations

from sandbox.kernels.bucket import burst, quota
from sandbox.kernels.compiled import inlined
from sandbox.services._dynamodb_capacity import remember
from sandbox.services._dynamodb_partitions import BURST_S
from sandbox.services._dynamodb_words import (
    DRY,
    MOST_ON_DEMAND,
    PARTITION,
    PREVIOUS_PEAK,
    ROSE,
    TABLE_READ,
    TABLE_WRITE,
)
from sandbox.services.law import emit


@inlined
def take(p, s, io, tick, reads, writes, per_read, per_write, reads_limit, writes_limit):
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


@inlined
def _dry(s, tick, over_reads, over_writes, reads, writes):
    """Say once that saved capacity is used up, when that begins to throttle."""
    if over_reads > 0.01 * reads or over_writes > 0.01 * writes:
        if tick.t >= s.dry_until:
            emit(tick, DRY, reads, s.reads_limit, writes, s.writes_limit)
        s.dry_until = tick.t + 60.0
