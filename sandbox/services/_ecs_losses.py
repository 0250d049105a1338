"""How an ECS service loses tasks: killed, with their zone, to Fargate Spot, or found unhealthy."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.services._ecs_tasks import (
    FARGATE_SPOT,
    INTERRUPTED,
    KILLED,
    PENDING,
    SERVING,
    STARTING,
    UNHEALTHY,
    count,
    leave,
    stop,
)
from sandbox.services._health import removed
from sandbox.services.law import SPOT_COUNT, SPOT_INTERRUPTION, ZONE_OUTAGE, emit, stopping

NOTICE_S = 120.0  # Amazon ECS Developer Guide: Fargate Spot, two minutes
STOP_S = 30.0  # Amazon ECS Developer Guide: stopTimeout of a container


@compiled
def strike(p, s, io, cells, tick):
    """Tasks are killed, lose their zone, or are taken back by Fargate Spot."""
    serving = s.serving
    gone = min(serving, math.floor(stopping(io, serving) + 0.5))
    if serving > 0.0 and gone < 1.0 and stopping(io, serving) > 0.0:
        gone = 1.0
    kill(p, s, cells, tick, gone)
    if io.struck[ZONE_OUTAGE] > 0.0:
        left = 1.0 - max(0.0, io.fault[ZONE_OUTAGE] - io.struck[ZONE_OUTAGE])
        lost = math.floor((s.pending + s.starting) * min(1.0, io.struck[ZONE_OUTAGE] / left) + 0.5)
        for i in range(p.tasks_n):
            if lost >= 1.0 and (cells[i].state == PENDING or cells[i].state == STARTING):
                stop(p, s, cells, i, tick.t)
                lost -= 1.0
    if p.launch_type == FARGATE_SPOT:
        part = io.struck[SPOT_INTERRUPTION]
        interrupt(p, s, cells, tick, math.floor(part * s.serving + 0.5) + io.struck[SPOT_COUNT])
    count(p, s, cells, tick.t)


@compiled
def kill(p, s, cells, tick, gone):
    """So many tasks that serve stop at once: what they hold is gone."""
    killed = 0.0
    for i in range(p.tasks_n):
        if killed >= gone:
            break
        if cells[i].state == SERVING:
            s.stopped += leave(p, s, cells, i, tick, 0.0)
            stop(p, s, cells, i, tick.t)
            killed += 1.0
    if killed > 0.0:
        count(p, s, cells, tick.t)
        emit(tick, KILLED, killed, s.serving, 0.0, 0.0, 0.0, 0.0)


@compiled
def interrupt(p, s, cells, tick, wanted):
    """Fargate Spot gives notice: a task drains for two minutes at most."""
    taken = 0.0
    for i in range(p.tasks_n):
        if taken >= wanted:
            break
        if cells[i].state == SERVING:
            leave(p, s, cells, i, tick, min(NOTICE_S, float(p.drain_s)) if p.behind_elb else STOP_S)
            taken += 1.0
    if taken > 0.0:
        count(p, s, cells, tick.t)
        emit(tick, INTERRUPTED, taken, NOTICE_S, 0.0, 0.0, 0.0, 0.0)


@compiled
def replace(p, s, cells, tick):
    """Stop those of the tasks in service that the balancer finds unhealthy, after their grace.

    All are alike, so those that are stopped are the ones.
    """
    wanted, before = s.unhealthy, s.serving
    unhealthy = longest = 0.0
    for i in range(p.tasks_n):
        cell = cells[i]
        ran_s = tick.t - cell.running_s
        if unhealthy >= wanted or s.serving <= 0.0:
            break
        if cell.state == SERVING and ran_s >= p.health_check_grace_period_s:
            leave(p, s, cells, i, tick, p.drain_s)
            unhealthy += 1.0
            longest = max(longest, ran_s)
    if unhealthy > 0.0:
        s.failed += unhealthy
        removed(s, before, unhealthy)
        count(p, s, cells, tick.t)
        emit(
            tick, UNHEALTHY, unhealthy, longest, float(p.health_check_grace_period_s), 0.0, 0.0, 0.0
        )
