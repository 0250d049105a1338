"""What happens in a domain by itself: timeouts, timers, people, child workflows, signals."""

from __future__ import annotations

import math

from sandbox.kernels.bucket import token_bucket
from sandbox.kernels.cohort import expire, push
from sandbox.kernels.compiled import compiled
from sandbox.services._swf_flow import ACTIVITY, HEARTBEAT_TOKENS, TIMES_OUT, end_early
from sandbox.services._swf_polls import limit_of
from sandbox.services._swf_state import (
    AGES,
    NEVER,
    NOTHING,
    STARTED,
    WAITING,
    part_of,
)
from sandbox.services._swf_tasks import decide, decisions_again, given, overdue, shrink, take_oldest

HEARTBEAT_BUCKET, HEARTBEATS_PER_S = 2_000.0, 160.0  # Amazon SWF Developer Guide: Quotas; H
BEATS = 2.0  # heartbeats that a worker sends in each heartbeat timeout: assumption


@compiled
def time_out(p, s, cells, dt, now):
    """Tasks whose time is up: decision tasks are scheduled again, activities fail.

    In the middle of the tick, as what is completed in it is heard of afterwards.
    """
    late, stuck = overdue(s, cells, 0, given(p.decision_timeout_s) + 0.5 * dt, now)
    s.decisions_late += late + stuck
    decisions_again(s, late + stuck)
    for i in range(p.steps_n):
        if p.outside[i] != 0:
            continue
        q, step = 1 + i, p.steps[i]
        limit = min(given(step.schedule_to_start_s), given(step.schedule_to_close_s))
        if limit < NEVER:
            missed = expire(part_of(cells, 3 * q + WAITING), s.rings[3 * q + WAITING], now - limit)
            s.on_start += missed
            s.missed[i] += missed
        limit = limit_of(p, s, i)
        late, stuck = overdue(s, cells, q, limit + 0.5 * dt, now)
        s.missed[i] += late + stuck
        if given(step.heartbeat_s) < limit:
            s.on_heartbeat += stuck
            s.on_close += late
        else:
            s.on_close += late + stuck


@compiled
def listen(p, s, cells, dt):
    """Heartbeats of the workers; where too many are throttled, SWF thinks that workers are dead."""
    beats = 0.0
    for i in range(p.steps_n):
        if p.outside[i] == 0 and p.steps[i].heartbeat_s > 0.0:
            beats += s.rings[3 * (1 + i) + STARTED].total * BEATS / p.steps[i].heartbeat_s
    heard, refused, left = token_bucket(
        s.tokens[HEARTBEAT_TOKENS], beats, HEARTBEATS_PER_S, HEARTBEAT_BUCKET, dt, 1.0
    )
    s.tokens[HEARTBEAT_TOKENS] = left
    s.heartbeats = beats
    s.throttled_calls += refused * dt
    if heard * BEATS >= beats:
        return
    silent = 1.0 - BEATS * heard / beats
    for i in range(p.steps_n):
        step, q = p.steps[i], 1 + i
        if p.outside[i] == 0 and step.heartbeat_s > 0.0:
            share = silent * min(1.0, dt / step.heartbeat_s)
            gone = shrink(part_of(cells, 3 * q + STARTED), s.rings[3 * q + STARTED], share)
            s.late[q] += gone
            s.on_heartbeat += gone
            s.missed[i] += gone


@compiled
def go_on(p, s, cells, tick, now):
    """Timers, children and the people outside: a fixed part, then a random rest."""
    for i in range(p.steps_n):
        if p.outside[i] == 0 or p.by_signal[i] != 0 or p.child_at[i] >= 0:
            continue
        step = p.steps[i]
        ring = s.rings[3 * (1 + i) + STARTED]
        ours = part_of(cells, 3 * (1 + i) + STARTED)
        limit = min(given(step.start_to_close_s), given(step.schedule_to_close_s))
        fixed = step.duration_s * (1.0 - step.duration_cv)
        rest = step.duration_s * step.duration_cv
        if limit <= fixed:
            late = expire(ours, ring, now - limit)
            s.on_close += late
            s.missed[i] += late
            continue
        s.tail[i] += expire(ours, ring, now - fixed)
        too_long = math.exp(-(limit - fixed) / rest) if rest > 0.0 and limit < NEVER else 0.0
        rest *= 1.0 - too_long
        out = s.tail[i] * tick.dt / (rest + tick.dt) if rest > 0.0 else s.tail[i]
        s.tail[i] -= out
        late = out * too_long
        bad = (out - late) * step.failure_share
        good = out - late - bad
        s.on_close += late
        s.missed[i] += late + bad
        s.won[i] += good
        if step.kind == ACTIVITY:
            s.activities_done += good
            s.activities_failed += bad


@compiled
def signals_arrive(p, s, cells, now):
    """Signals end the waiting for them, the longest first; others only make the decider look."""
    left = s.signalled
    s.signalled = 0.0
    waiting = 0.0
    for i in range(p.steps_n):
        if p.by_signal[i] != 0:
            waiting += s.rings[3 * (1 + i) + STARTED].total
    if waiting > 0.0 and left > 0.0:
        share = min(1.0, left / waiting)
        for i in range(p.steps_n):
            if p.by_signal[i] != 0:
                ring = s.rings[3 * (1 + i) + STARTED]
                ours = part_of(cells, 3 * (1 + i) + STARTED)
                heard = take_oldest(ours, ring, ring.total * share)
                left -= heard
                s.won[i] += heard
    for i in range(p.steps_n):
        if p.by_signal[i] != 0:
            limit = given(p.steps[i].start_to_close_s)
            if limit < NEVER:
                ring = s.rings[3 * (1 + i) + STARTED]
                late = expire(part_of(cells, 3 * (1 + i) + STARTED), ring, now - limit)
                s.on_close += late
                s.missed[i] += late
    if left > 1e-12:
        most = 0
        for k in range(p.stages):
            if s.inside[k] > s.inside[most]:
                most = k
        if s.inside[most] > 0.0:
            free = max(0.0, 1.0 - (s.want[NOTHING + most] + left) / s.inside[most])
            decide(s, NOTHING + most, left * free)


@compiled
def close_the_old(p, s, cells, tick, now):
    """Executions that have been open for too long end, wherever they are."""
    gone = open_since(s, cells, now - p.execution_timeout_s)
    if gone > 0.0:
        end_early(p, s, cells, tick, gone, TIMES_OUT, True, now)


@compiled
def open_since(s, cells, before_s):
    """Open executions that started before this time."""
    ring = s.rings[AGES]
    ours = part_of(cells, AGES)
    if ring.count == 0 or ours[ring.head].t0 >= before_s:
        return 0.0
    amount = 0.0
    for i in range(ring.count):
        one = ours[(ring.head + i) % ours.size]
        if one.t0 >= before_s:
            break
        old = 1.0
        if one.t1 > before_s and one.t1 > one.t0:
            old = (before_s - one.t0) / (one.t1 - one.t0)
        amount += one.amount * old
    return amount


@compiled
def begin(p, s, cells, tick, started):
    """New executions: their first decision task is scheduled at once."""
    if started > 0.0:
        push(part_of(cells, AGES), s.rings[AGES], tick.t, tick.t + tick.dt, started)
        push(part_of(cells, WAITING), s.rings[WAITING], tick.t, tick.t + tick.dt, started)
        s.want[0] += started
        s.open += started
