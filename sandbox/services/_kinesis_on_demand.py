"""How a Kinesis stream in on-demand mode splits its shards, and what kept records amount to.

A shard that takes more than half of what it could is split evenly within 15 minutes, so a stream
has room for about double the highest rate it has had; a load that more than doubles sooner is
throttled meanwhile.  A single hot key cannot be split away from: it stays on one shard.
"""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled, inlined
from sandbox.services.law import boundary, emit

MODES = "Kinesis Data Streams developer guide: Choose the right mode for your stream"

SPLIT_KB_PER_S = 500.0  # MODES: a shard above it is split evenly,
SPLIT_WITHIN_S = 900.0  # MODES: … within 15 minutes
SPLIT_RECORDS_PER_S = 500.0  # assumption: half of a shard's records, as of its bytes
SHARDS_A_MB = 4.0  # shards of between 250 and 500 KB/s: more would be those of a single hot key
ROOM = 256  # assumption: shards that a run keeps room for in on-demand mode
BUCKET_S = 21_600.0  # records kept are counted in buckets of six hours
BUCKETS = 1464  # … for 366 days
DAY_BUCKETS = 4
WEEK_BUCKETS = 28
GB = 1024.0**3


@inlined
def busy(accepted, kb):
    """Whether a shard takes so much that on-demand mode splits it."""
    return accepted * kb > SPLIT_KB_PER_S or accepted > SPLIT_RECORDS_PER_S


@compiled
def scale(p, s, cells, tick, kb, load, split, no_room):
    """Plan the shards to be split, if they have been busy for long enough.

    `load` is what the stream takes, in shards; `split` and `no_room` are the kinds of events.
    """
    s.peak = max(s.peak, load)
    if s.pending > 0 or s.busy == 0:
        s.busy_from = -1.0
        return
    if s.busy_from < 0.0:
        s.busy_from = tick.t
    if tick.t + tick.dt < s.busy_from + SPLIT_WITHIN_S - 1e-6:
        return
    first = s.half * p.room
    most = math.ceil(SHARDS_A_MB * s.peak - 1e-9)
    n = 0
    wanted = s.shards
    for i in range(s.shards):
        c = cells[first + i]
        cells[n].next = c.start
        n += 1
        if busy(c.accepted, kb) and wanted < most:
            wanted += 1
            if wanted <= p.room:
                cells[n].next = 0.5 * (c.start + c.end)
                n += 1
    s.busy_from = -1.0
    if wanted > p.room and s.full == 0:
        emit(tick, no_room, p.room)
        s.full = 1
    if n > s.shards:
        emit(tick, split, n - s.shards, s.shards)
        s.pending, s.ready_s = n, tick.t + tick.dt


@compiled
def keep(p, s, tick, bytes_per_s):
    """Count what is kept beyond a day and beyond a week, GB; known every six hours."""
    now = int((tick.t + 0.5 * tick.dt) // BUCKET_S)
    s.kept[now % BUCKETS] += bytes_per_s * tick.dt
    if not boundary(tick, BUCKET_S):
        return
    oldest = int(p.retention_s // BUCKET_S)
    s.kept_day = s.kept_week = 0.0
    for age in range(DAY_BUCKETS, min(oldest, now + 1)):
        amount = s.kept[(now - age) % BUCKETS] / GB
        if age >= WEEK_BUCKETS:
            s.kept_week += amount
        else:
            s.kept_day += amount
    s.kept[(now + 1) % BUCKETS] = 0.0
