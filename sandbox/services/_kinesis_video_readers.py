"""What video streams keep, and how those read it that hold GetMedia connections.

One log says how many fragments, and how many GB, had been written by when; all streams of a node
are alike and share it.  A reader is an amount that it has yet to take.  What its application did
not take in one tick is read again from the same fragment in the next.
"""

from __future__ import annotations

from typing import Annotated

from sandbox.kernels.compiled import compiled
from sandbox.kernels.offsets import kept, moved, place, reached, written
from sandbox.services.law import ASYNC, share_taken

LIMITS = "Amazon Kinesis Video Streams service quotas"
CREATE = "Amazon Kinesis Video Streams API Reference: CreateStream"

POINTS = 128  # of the log
CONNECTIONS = 3  # LIMITS: GetMedia connections of a stream
GET_FRAGMENTS_PER_S = 5.0  # LIMITS: of each connection
BUFFER_S = 300.0  # CREATE: what is not kept stays in a buffer for so long,
BUFFER_MB = 200.0  # … or up to so much of each stream
KB_PER_MB = 1e6 / 1024.0  # LIMITS: 12.5 MB are 100 Mbit
KB_PER_MBIT = KB_PER_MB / 8.0


class Kept:
    """What the state of video streams keeps."""

    count: int
    times: Annotated[object, ("f8", (POINTS,))]
    fragments: Annotated[object, ("f8", (POINTS,))]
    gigabytes: Annotated[object, ("f8", (POINTS,))]
    marks: Annotated[object, ("i8", (POINTS,))]
    written: float  # fragments so far
    written_gb: float
    names: Annotated[object, ("i8", (CONNECTIONS,))]  # the readers
    held: Annotated[object, ("f8", (CONNECTIONS,))]  # fragments that each has yet to take
    sent: Annotated[object, ("f8", (CONNECTIONS,))]  # of them, those handed over in this tick
    behind: float  # s
    stored: float  # GB


@compiled
def write(s, tick, accepted, gb, retention_s, steady):
    """Note what has been written by the end of the tick (fragments/s, GB/s), and what is kept."""
    end = tick.t + tick.dt
    if s.count < 2:
        s.times[0] = tick.t
        s.count = 1
        steady = False
    s.written += accepted * tick.dt
    s.written_gb += gb * tick.dt
    if not steady or s.count < 2:
        if s.count == POINTS:
            chosen = kept(s.times, s.count, end - retention_s, s.marks)
            moved(s.times, s.marks, chosen)
            moved(s.fragments, s.marks, chosen)
            moved(s.gigabytes, s.marks, chosen)
            s.count = chosen
        s.count += 1
    s.times[s.count - 1] = end
    s.fragments[s.count - 1] = s.written
    s.gigabytes[s.count - 1] = s.written_gb
    k, part = place(s.times, s.count, end - retention_s)
    s.stored = max(0.0, s.written_gb - written(s.gigabytes, k, part))


@compiled
def read(p, s, io, tick, accepted, kb):
    """Hand each reader what its connections carry; fill its ledger.  Fragments/s handed over."""
    dt, end = tick.dt, tick.t + tick.dt
    k, part = place(s.times, s.count, end - p.kept_s)
    there = s.written - written(s.fragments, k, part)
    if p.retention_hours <= 0.0:
        there = min(there, p.streams * BUFFER_MB * KB_PER_MB / kb)
    most = p.streams * min(GET_FRAGMENTS_PER_S, p.get_media_mbps * KB_PER_MBIT / kb)
    given = 0.0
    s.behind = 0.0
    j = 0
    for x in range(tick.out.shape[0]):
        link = tick.out[x]
        if link.mode != ASYNC:
            continue
        link.weight = 0.0
        if j >= CONNECTIONS:
            continue
        taken = s.sent[j] * share_taken(tick, link)
        if taken > s.sent[j] * (1.0 - 1e-9):
            taken = s.sent[j]
        held = max(0.0, s.held[j] - taken)
        gone = max(0.0, held - max(0.0, there - accepted * dt))
        held += accepted * dt - gone
        s.sent[j] = min(held, most * dt)
        s.held[j] = held
        link.entered = accepted
        link.completed = taken / dt
        link.expired = gone / dt
        link.held = held
        link.weight = s.sent[j] / dt
        left = held - s.sent[j]
        if left > 1e-6 * (1.0 + accepted * dt):
            born = reached(s.times, s.fragments, s.count, s.written - held)
            s.behind = max(s.behind, end - born)
        io.lag = max(io.lag, left)
        io.lag_expired += gone / dt
        given += s.sent[j] / dt
        j += 1
    io.out_writes = 1.0
    io.out_kb = kb
    return given
