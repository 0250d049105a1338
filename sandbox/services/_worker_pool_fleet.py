"""The workers of a pool: launched, taken away, stopped."""

from __future__ import annotations

import math
from typing import Annotated

from sandbox.kernels.compiled import compiled
from sandbox.services import _application_scaling as scaling
from sandbox.services.contract import EventKind
from sandbox.services.law import KILL_INSTANCES, ZONE_OUTAGE, emit, stopping

FREE, PENDING, SERVING = range(3)
LAUNCHED, READY, LEFT, KILLED = range(4)

EVENTS = (
    EventKind("launched", "{0:.0f} workers launched for {1:.0f} desired; they poll in {2:.0f} s"),
    EventKind("in_service", "{0:.0f} workers begin to poll; {1:.0f} do now"),
    EventKind(
        "scaled_in",
        "{0:.0f} workers stop polling for {1:.0f} desired; what they hold ({2:,.0f} tasks) is "
        "finished",
    ),
    EventKind(
        "stopped",
        "{0:.0f} workers stopped with {1:,.0f} tasks in their hands; {2:.0f} are left. Nobody "
        "tells the queue: it notices by its own timeout",
        "warning",
    ),
)


class Worker:
    """A cell: one worker."""

    state: int
    ready_s: float
    launched_s: float


class Workers:
    desired: float
    given_desired: int
    serving: float
    pending: float
    due: float
    stopped: float  # share of those polling that stopped in this tick
    to_stop: float  # told by hand
    scale: Annotated[object, scaling.SCALABLE]


@compiled
def launch(p, s, cells, tick):
    """Bring the workers up to the desired count, or down to it."""
    have = s.serving + s.pending
    made = 0.0
    if have < s.desired:
        for i in range(cells.size):
            if have + made >= s.desired:
                break
            if cells[i].state == FREE:
                cells[i].state = PENDING
                cells[i].launched_s = tick.t
                cells[i].ready_s = tick.t + p.launch_s
                s.due = min(s.due, cells[i].ready_s)
                made += 1.0
        s.pending += made
        if made > 0.0:
            emit(tick, LAUNCHED, made, s.desired, p.launch_s, 0.0, 0.0, 0.0)
        return
    if have > s.desired:
        _leave(s, cells, tick, have - s.desired)


@compiled
def _leave(s, cells, tick, excess):
    """Those that do not poll yet go first; others finish what they hold."""
    polling = s.serving
    gone = 0.0
    for state in range(PENDING, SERVING + 1):
        for x in range(cells.size):
            i = cells.size - 1 - x
            if gone < excess and cells[i].state == state:
                cells[i].state = FREE
                gone += 1.0
                if state == SERVING:
                    s.serving -= 1.0
                else:
                    s.pending -= 1.0
    held = 0.0
    if polling > 0.0:
        for k in range(s.level.size):
            held += s.level[k] * (1.0 - s.serving / polling)
    emit(tick, LEFT, gone, s.desired, held, 0.0, 0.0, 0.0)


@compiled
def ready(s, cells, tick):
    """Workers whose launch is over begin to poll."""
    came = 0.0
    s.due = math.inf
    for i in range(cells.size):
        if cells[i].state == PENDING:
            if cells[i].ready_s <= tick.t + 1e-9:
                cells[i].state = SERVING
                came += 1.0
            else:
                s.due = min(s.due, cells[i].ready_s)
    s.pending -= came
    s.serving += came
    if came > 0.0:
        emit(tick, READY, came, s.serving, 0.0, 0.0, 0.0, 0.0)


@compiled
def stop(p, s, io, cells, tick):
    """Workers stop at once: in `s.stopped` their share of those that polled."""
    before = s.serving
    gone = s.to_stop
    s.to_stop = 0.0
    if before <= 0.0:
        return
    hit = stopping(io, before)
    if hit > 0.0:
        gone += max(1.0, math.floor(hit + 0.5))
    gone = min(before, gone)
    if gone < 1.0:
        return
    left = gone
    for i in range(cells.size):
        if left >= 1.0 and cells[i].state == SERVING:
            cells[i].state = FREE
            left -= 1.0
    s.serving -= gone
    s.stopped = gone / before
    if not p.replace_stopped:
        s.desired = max(0.0, s.desired - gone)
    held = 0.0
    for k in range(s.level.size):
        held += s.level[k] * s.stopped
    emit(tick, KILLED, gone, held, s.serving, 0.0, 0.0, 0.0)


@compiled
def out_of_order(io):
    """Whether nothing can be launched: its zones are out."""
    return io.fault[ZONE_OUTAGE] >= 1.0 or io.fault[KILL_INSTANCES] >= 1.0
