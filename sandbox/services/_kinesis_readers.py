"""How consumers read a Kinesis stream: the log they share, the limits of a shard, and lag.

Each shard has a log of what it accepted by when (`kernels.offsets`), and each consumer an amount
that it has not read from each shard.  So a hot shard can lag while the others do not: a consumer
works its shards side by side, each with an equal part of what it can take, as Lambda and the
Kinesis Client Library do with one worker a shard.  After a change of the shard count the closed
shards stay readable, and a new shard is read only when those whose keys it took over have been read
to the end.
"""

from __future__ import annotations

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.offsets import kept, moved, place, reached, written
from sandbox.services.law import ERA_2020, PULL
from sandbox.services.params import Parameters, param

CONSUMERS = "Kinesis Data Streams developer guide: Reading data from Kinesis Data Streams"
LIMITS = "Kinesis Data Streams developer guide: Quotas and limits"

POINTS = 64  # of a shard's log
READERS = 20  # consumers; with enhanced fan-out it is AWS's quota (API reference)
KB_PER_S = 2048.0  # LIMITS: what one shard gives to all that poll it, or to each with fan-out
RECORDS_PER_S = 2000.0  # LIMITS (current documentation only): records to all that poll it
POLLS_PER_S = 5.0  # LIMITS: GetRecords calls of a shard, of all consumers together
CALL_KB = 10_240.0  # LIMITS: what one GetRecords call returns at most,
CALL_RECORDS = 10_000.0  # … and how many records
GET_S = 0.1  # assumption: a GetRecords call; with the polling interval it agrees with CONSUMERS'
# 200 ms for one consumer that polls five times a second
FAN_OUT_S = 0.07  # CONSUMERS: propagation delay with enhanced fan-out
MARGIN_S = 60.0  # how far back the log is kept for records that are read again
_DUST = 1e-9  # records; less than that in a closed shard is nothing


class Consumer(Parameters):
    """How one consumer reads: parameters of the link to it."""

    enhanced_fan_out: bool = param(
        False,
        "Whether the consumer has 2 MB/s of each shard to itself, pushed to it, for a price.",
        source=CONSUMERS,
        confidence="H",
        basic=True,
    )
    poll_interval_s: float = param(
        1.0,
        "Time between two reads of a shard; Lambda and the Kinesis Client Library poll once a "
        "second. A shard answers five reads a second, so more than that makes all wait.",
        unit="s",
        ge=0.2,
        le=300,
        source="Kinesis Data Streams developer guide: Low-latency processing",
        confidence="H",
    )


@compiled
def log(p, s, cells, tick, steady):
    """Note in the log what has been written by the end of the tick."""
    end = tick.t + tick.dt
    if s.count < 2:  # the log begins
        s.times[0] = tick.t
        for x in range(s.shards):
            c = cells[s.half * p.room + x]
            c.log[0] = c.total - c.accepted * tick.dt
        s.count = 1
        steady = False
    if steady:
        s.times[s.count - 1] = end
    else:
        if s.count == POINTS:
            _thin(p, s, cells)
        s.times[s.count] = end
        s.count += 1
    for x in range(s.shards + s.closed):
        c = cells[row(p, s, x)]
        c.log[s.count - 1] = c.total


@compiled
def _thin(p, s, cells):
    chosen = kept(s.times, s.count, s.oldest - MARGIN_S, s.marks)
    for x in range(s.shards + s.closed):
        moved(cells[row(p, s, x)].log, s.marks, chosen)
    moved(s.times, s.marks, chosen)
    s.count = chosen


@inlined
def row(p, s, x):
    """The cell of shard x: first the open ones, then the closed."""
    if x < s.shards:
        return s.half * p.room + x
    return (1 - s.half) * p.room + x - s.shards


@inlined
def read(p, s, io, cells, tick, kb):
    """Let every consumer read; fill its ledger, the lag and the iterator age."""
    s.iterator_age = s.read_bytes = s.polled_bytes = s.read_refused = 0.0
    s.oldest = tick.t
    if p.readers == 0:
        return
    s.read_refused = p.polls_refused * s.shards
    each = KB_PER_S / kb
    together = each if tick.era == ERA_2020 else min(each, RECORDS_PER_S)
    for x in range(s.shards + s.closed):
        cells[row(p, s, x)].wanted = 0.0
    for j in range(min(tick.out.size, READERS)):
        if tick.out[j].mode == PULL:
            call = min(CALL_KB / kb, CALL_RECORDS) / p.poll_s[j]
            _ask(p, s, cells, tick, j, each if p.fan_out[j] != 0 else call)
    for j in range(min(tick.out.size, READERS)):
        link = tick.out[j]
        if link.mode == PULL:
            _give(p, s, cells, tick, j, together)
            link.kb = kb
            io.lag = max(io.lag, link.held)
            io.lag_expired += link.expired
            if p.fan_out[j] != 0:
                s.read_bytes += link.writes * kb * 1024.0
            else:
                s.polled_bytes += link.writes * kb * 1024.0


@compiled
def _ask(p, s, cells, tick, j, each):
    """What consumer j wants of each shard: no more than has reached it by now, nor than `each`."""
    link = tick.out[j]
    rows = s.shards + s.closed
    back = 0.0
    if link.returned > 0.0:  # to the shards they were read from, as far as the last tick tells
        for x in range(rows):
            back += cells[row(p, s, x)].sent[j]
    lanes = s.shards
    if s.closed > 0:
        lanes = 0
        for x in range(rows):
            if _readable(p, s, cells, x, j):
                lanes += 1
    # shards that a record blocks are not asked for more
    blocked = min(link.rejected * s.shards, lanes - 1e-9) if s.closed == 0 else 0.0
    lane = link.pull / max(1e-9, lanes - blocked)
    k, part = place(s.times, s.count, tick.t + tick.dt - p.delay_s[j])
    entered = s.again[j] / tick.dt
    s.again[j] = 0.0
    for x in range(rows):
        c = cells[row(p, s, x)]
        came = c.accepted if x < s.shards else 0.0
        if link.returned > 0.0:
            if back > 0.0:
                came += link.returned * c.sent[j] / back
            elif x < s.shards:
                came += link.returned * c.share
        entered += came
        c.held[j] += came * tick.dt
        wants = 0.0
        if s.closed == 0 or _readable(p, s, cells, x, j):
            there = c.held[j] - (c.total - written(c.log, k, part))
            wants = min(max(0.0, there / tick.dt), lane)
            wants *= 1.0 - min(1.0, max(0.0, blocked - x))
        wants = min(wants, each)
        if p.fan_out[j] == 0:
            c.wanted += wants
        c.sent[j] = wants
    link.entered = entered


@compiled
def _readable(p, s, cells, x, j):
    """Whether shard x has something for consumer j that it may read by now."""
    if x >= s.shards:
        return cells[row(p, s, x)].held[j] > _DUST
    if s.closed == 0:
        return True
    c = cells[row(p, s, x)]
    first = (1 - s.half) * p.room
    y = owner(cells, first, s.closed, c.start)
    while y < s.closed and cells[first + y].start < c.end:
        if cells[first + y].end > c.start and cells[first + y].held[j] > _DUST:
            return False
        y += 1
    return True


@compiled
def owner(cells, first, count, place):
    """Which of so many shards, in order from `first`, begins last at or before a place."""
    low, high = 0, count - 1
    while low < high:
        middle = (low + high + 1) // 2
        if cells[first + middle].start <= place:
            low = middle
        else:
            high = middle - 1
    return low


@compiled
def _give(p, s, cells, tick, j, together):
    """Hand consumer j what the shards can give; what it leaves ages, and expires."""
    link = tick.out[j]
    end = tick.t + tick.dt
    k, part = place(s.times, s.count, end - p.delay_s[j])
    given = held = expired = 0.0
    for x in range(s.shards + s.closed):
        c = cells[row(p, s, x)]
        gets = c.sent[j]
        if p.fan_out[j] == 0 and c.wanted > together:
            gets *= together / c.wanted
        c.sent[j] = gets
        given += gets
        left = max(0.0, c.held[j] - gets * tick.dt)
        if left > c.total - written(c.log, k, part) + 1e-6 * (1.0 + c.accepted * tick.dt):
            born = reached(s.times, c.log, s.count, c.total - left)
            if end - born > p.retention_s:
                m, share = place(s.times, s.count, end - p.retention_s)
                gone = max(0.0, left - (c.total - written(c.log, m, share)))
                expired += gone
                left -= gone
                born = end - p.retention_s
            s.iterator_age = max(s.iterator_age, end - born)
            s.oldest = min(s.oldest, born)
        c.held[j] = left
        held += left
    link.reads = 0.0
    link.writes = given
    link.expired = expired / tick.dt
    link.held = held


@compiled
def drained(p, s, cells):
    """Whether no consumer has anything unread in the closed shards."""
    for x in range(s.shards, s.shards + s.closed):
        for j in range(READERS):
            if cells[row(p, s, x)].held[j] > _DUST:
                return False
    return True
