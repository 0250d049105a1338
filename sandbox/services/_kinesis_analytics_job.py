"""What a Flink job holds: records on their way, what its checkpoints cover, what sinks refused.

A job reads its sources at its own pace and notes with each checkpoint how far it has read.  When it
fails it goes back there: what came since is read, and its results are sent, a second time.
"""

from __future__ import annotations

from typing import Annotated

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.offsets import kept, moved, reached
from sandbox.services.law import ASYNC, PULL, share_taken

LINKS = 16  # sources, and sinks
POINTS = 128  # of the log of what came
LOG_S = 365.0 * 86_400.0  # as long as a stream keeps records
GROWS_IN_S = 10.0  # assumption: while its sinks take everything, a held-back job doubles so often
REFUSES = 0.999  # assumption: share of results taken below which a job is held back
PROBE = 1.0  # assumption: results/s that are tried while the sinks take none
ENDLESS = 1e12
_DUST = 1e-9


class Job:
    """What the state of a job keeps."""

    inside: Annotated[object, ("f8", (LINKS,))]  # of each source: records not yet processed,
    since: Annotated[object, ("f8", (LINKS,))]  # … processed since the last checkpoint
    sent: Annotated[object, ("f8", (LINKS,))]  # to each sink in the last tick, 1/s
    unsent: Annotated[object, ("f8", (LINKS,))]  # results that it refused
    sink_limit: float  # results/s that the sinks take
    next_checkpoint_s: float
    up_at_s: float  # the job stands still until then
    crashed: int
    count: int
    times: Annotated[object, ("f8", (POINTS,))]
    totals: Annotated[object, ("f8", (POINTS,))]
    marks: Annotated[object, ("i8", (POINTS,))]
    came: float  # records so far
    rate: float
    reread: float  # 1/s, told to the sources in the last tick
    behind: float
    reprocessed: float
    checkpoint_age: float
    checkpoint_s: float  # when the last one was complete


@compiled
def sinks(s, tick):
    """How the sinks took the results of the last tick; what they refused is sent again."""
    worst = 1.0
    accepted = ENDLESS
    for j in range(min(LINKS, tick.out.shape[0])):
        link = tick.out[j]
        if link.mode != ASYNC or s.sent[j] <= 0.0:
            continue
        ok = share_taken(tick, link)
        s.unsent[j] += s.sent[j] * (1.0 - ok) * tick.dt
        if ok < REFUSES:
            worst = min(worst, ok)
            accepted = min(accepted, s.sent[j] * ok)
    if worst < 1.0:
        s.sink_limit = max(PROBE, accepted)
    elif s.sink_limit < ENDLESS:
        s.sink_limit = min(ENDLESS, s.sink_limit * 2.0 ** (tick.dt / GROWS_IN_S))


@inlined
def room_for_results(s, tick):
    """Records/s whose results the sinks have room for, beside what they refused before."""
    owed = 0.0
    for j in range(min(LINKS, tick.out.shape[0])):
        owed = max(owed, s.unsent[j])
    return max(0.0, s.sink_limit - owed / tick.dt)


@compiled
def emit_results(s, io, tick, done):
    """Send the results of `done` records/s to each sink, and again what it refused."""
    io.out_writes = 1.0
    for j in range(min(LINKS, tick.out.shape[0])):
        link = tick.out[j]
        if link.mode != ASYNC:
            continue
        again = min(s.unsent[j], max(0.0, s.sink_limit - done) * tick.dt)
        s.unsent[j] -= again
        s.sent[j] = link.weight = done + again / tick.dt


@compiled
def arrive(s, tick):
    """Take in what the sources gave: (records inside, records unread at the sources)."""
    inside = unread = fresh = 0.0
    for x in range(min(LINKS, tick.ins.shape[0])):
        link = tick.links[tick.ins[x]]
        if link.mode != PULL:
            continue
        s.inside[x] += (link.reads + link.writes) * tick.dt
        inside += s.inside[x]
        unread += link.held
        fresh += link.entered
    _log(s, tick, max(0.0, fresh - s.reread))
    s.behind = 0.0
    if unread + inside > _DUST:
        born = reached(s.times, s.totals, s.count, s.came - unread - inside)
        s.behind = tick.t + tick.dt - born
    return inside, unread


@inlined
def _log(s, tick, rate):
    """Note what came to the sources by the end of the tick."""
    end = tick.t + tick.dt
    if s.count < 2:
        s.times[0] = tick.t
        s.totals[0] = s.came
        s.count = 1
    s.came += rate * tick.dt
    if s.count < 2 or abs(rate - s.rate) > 1e-9 * rate:
        if s.count == POINTS:
            chosen = kept(s.times, s.count, end - LOG_S, s.marks)
            moved(s.times, s.marks, chosen)
            moved(s.totals, s.marks, chosen)
            s.count = chosen
        s.count += 1
    s.times[s.count - 1] = end
    s.totals[s.count - 1] = s.came
    s.rate = rate


@compiled
def process(s, tick, inside, done):
    """Of what is inside, `done` records/s are processed; tell the sources."""
    part = min(1.0, done * tick.dt / inside) if inside > 0.0 else 0.0
    for x in range(min(LINKS, tick.ins.shape[0])):
        link = tick.links[tick.ins[x]]
        if link.mode != PULL:
            continue
        amount = s.inside[x] * part
        s.inside[x] -= amount
        s.since[x] += amount
        link.completed = amount / tick.dt
        link.returned = 0.0


@compiled
def go_back(s, tick):
    """The job failed: all since the last checkpoint is read again. (records inside, read again)"""
    lost = again = 0.0
    for x in range(min(LINKS, tick.ins.shape[0])):
        link = tick.links[tick.ins[x]]
        if link.mode != PULL:
            continue
        lost += s.inside[x]
        again += s.inside[x] + s.since[x]
        link.returned = (s.inside[x] + s.since[x]) / tick.dt
        link.completed = 0.0
        s.inside[x] = s.since[x] = 0.0
    for j in range(LINKS):
        s.unsent[j] = 0.0
    return lost, again


@compiled
def checkpoint(p, s, tick, done):
    """Complete a checkpoint if one is due: it covers what was read before it began."""
    end = tick.t + tick.dt
    if end < s.next_checkpoint_s - 1e-6 or end < s.up_at_s + p.checkpoint_duration_s:
        s.checkpoint_age = end - s.checkpoint_s
        return
    total = 0.0
    for x in range(LINKS):
        total += s.since[x]
    part = min(1.0, done * p.checkpoint_duration_s / total) if total > 0.0 else 0.0
    for x in range(LINKS):
        s.since[x] *= part
    s.checkpoint_s = end
    s.checkpoint_age = 0.0
    pause = p.min_pause_between_checkpoints_s + p.checkpoint_duration_s
    s.next_checkpoint_s = end + max(p.checkpoint_interval_s, pause)


@compiled
def ask(s, tick, room):
    """Ask the sources for `room` records/s in the next tick, each by what it holds."""
    sources, there = 0, 0.0
    for x in range(min(LINKS, tick.ins.shape[0])):
        link = tick.links[tick.ins[x]]
        if link.mode == PULL:
            sources += 1
            there += link.held / tick.dt + link.entered
    for x in range(min(LINKS, tick.ins.shape[0])):
        link = tick.links[tick.ins[x]]
        if link.mode == PULL:
            its = link.held / tick.dt + link.entered
            link.pull = max(room / sources, room * its / there if there > 0.0 else 0.0)
