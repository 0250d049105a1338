"""What is seen of an SWF domain at the end of a tick, and what it costs."""

from __future__ import annotations

from sandbox.kernels.cohort import oldest_age
from sandbox.kernels.compiled import compiled
from sandbox.services._swf_clock import open_since
from sandbox.services._swf_flow import (
    CANCELS,
    CHILD,
    EXTERNAL,
    FAILS,
    FRAME_EVENTS,
    HISTORY_EVENTS,
    TERMINATES,
    TIMES_OUT,
    history,
)
from sandbox.services._swf_others import on_the_way
from sandbox.services._swf_state import AGES, PAUSES, STARTED, STUCK, WAITING, part_of
from sandbox.services.law import emit

START_USD = 0.0001  # SWF pricing, us-east-1 (GovCloud's less a sixth); M
TASK_USD = 0.000025  # SWF pricing: a task, timer, signal or marker; M
DAY_USD = 0.000005  # SWF pricing: a day open or retained, the first 24 h open free; M
DAY_S = 86_400.0
STALLED = 0


@compiled
def measure(p, s, io, cells, tick, now):
    """What is seen: what a hand-over delays by a tick is not counted as waiting."""
    dt = tick.dt
    on_the_way(p, s)
    s.decisions_waiting = max(0.0, s.rings[WAITING].total - s.fresh[0])
    s.decisions_started = max(0.0, s.rings[STARTED].total + s.rings[STUCK].total)
    cells[0].amount, cells[1].amount = s.decisions_waiting, s.decisions_started
    s.activities_waiting = s.activities_started = s.children_open = 0.0
    delayed = s.moving
    for k in range(p.stages):
        slowest = in_time = 0.0
        for i in range(p.steps_n):
            if p.stage[i] == k:
                slowest = max(slowest, s.active[i])
                in_time = max(in_time, s.active[i] - s.fresh[1 + i])
        delayed += slowest - in_time
    for i in range(p.steps_n):
        q = 1 + i
        row = cells[2 + i]
        waiting = max(0.0, s.rings[3 * q + WAITING].total - s.fresh[q])
        started = s.rings[3 * q + STARTED].total + s.rings[3 * q + STUCK].total + s.tail[i]
        if p.outside[i] != 0:
            started = max(0.0, started - s.fresh[q])
        row.amount = waiting + started + s.rings[PAUSES + i].total
        row.t0, row.t1 = waiting, started
        s.activities_waiting += waiting
        s.activities_started += started
        if p.steps[i].kind == CHILD and p.child_at[i] < 0:
            s.children_open += started
    s.open_now = max(0.0, s.open - max(0.0, delayed))
    io.waiting = min(s.open_now, s.decisions_waiting + s.activities_waiting)
    io.in_flight = s.open_now - io.waiting
    io.utilization = min(1.0, (s.open_now + s.children_open) / p.open_executions_limit)
    s.oldest_s = oldest_age(part_of(cells, AGES), s.rings[AGES], now)
    rounds = 1.0 if p.continue_as_new else float(p.rounds)
    s.history = min(HISTORY_EVENTS, FRAME_EVENTS + rounds * history(p, s))
    if s.completed > 0.0:
        s.mean_s = max(0.0, s.execution_s - 0.5 * dt)
        if s.open > 0.0:
            s.mean_s *= s.open_now / s.open
    tasks = s.started * dt + max(0.0, s.fresh[0]) + s.scheduled + s.timers + s.signals * dt
    tasks += s.markers
    starts = 0.0  # a domain that a child runs in pays for its start, and for its signals
    for i in range(p.steps_n):
        if p.steps[i].kind == EXTERNAL and p.sends_to[i] < 0:
            tasks += s.signals_sent
            break
    for i in range(p.steps_n):
        if p.child_at[i] >= 0:
            starts += s.to_send[i]
    s.tasks_billed = tasks / dt
    s.starts_beside = (max(0.0, s.children - starts) + s.continued) / dt
    s.day_old = open_since(s, cells, now - DAY_S)
    s.signals_sent /= dt
    s.completed /= dt
    s.failed = s.lost[FAILS] / dt
    s.timed_out = s.lost[TIMES_OUT] / dt
    s.terminated = s.lost[TERMINATES] / dt
    s.cancelled = s.lost[CANCELS] / dt
    s.continued /= dt
    s.decisions_done /= dt
    s.decisions_late /= dt
    s.activities_done /= dt
    s.activities_failed /= dt
    s.on_start /= dt
    s.on_close /= dt
    s.on_heartbeat /= dt
    s.throttled_calls = s.throttled_calls / dt + s.polls_refused
    usd = (s.started + s.starts_beside) * START_USD + s.tasks_billed * TASK_USD
    usd += s.closed_rate * p.retention_days * DAY_USD
    io.cost_per_hour = usd * 3600.0 + s.day_old * DAY_USD / 24.0
    stalled = s.decisions_waiting > 10.0 and s.decisions_done <= 0.0
    if stalled and s.said == 0:
        emit(tick, STALLED, s.decisions_waiting, s.open_now, 0.0, 0.0, 0.0, 0.0)
    s.said = 1 if stalled else 0
