"""Rolling updates of an ECS service: how many tasks may start and stop, and when it has failed."""

from __future__ import annotations

import math

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.services._ecs_tasks import (
    DRAINING,
    FREE,
    FURTHER,
    SERVING,
    WORKS,
    count,
    launch,
    leave,
    shrink,
)
from sandbox.services.contract import EventKind
from sandbox.services.law import ERA_2020, emit

LEAST_FAILURES, MOST_FAILURES = 3.0, 200.0  # ECS Developer Guide: deployment circuit breaker
FAILURES_SHARE = 0.5  # ECS Developer Guide: deployment circuit breaker, of the desired count


class Deployment:
    """What the state of a service says of its deployment."""

    deploying: float
    began_s: float
    good: int  # the version that was last completed
    newest: int  # the highest version there was
    failed_before: float
    updated: float  # share of the desired tasks that serve in the version being deployed
    broken: float  # the breaker stopped this deployment, and nothing is rolled back


EVENTS = (
    EventKind(
        "deployed",
        "Version {0:.0f} is deployed: {1:.0f} tasks of it serve {2:.0f} s after the start",
    ),
    EventKind(
        "circuit_breaker",
        "The deployment of version {0:.0f} has failed: {1:.0f} tasks failed, the threshold is "
        "{2:.0f} (half of desired {3:.0f}, 3 to 200)",
        "error",
    ),
    EventKind("rolls_back", "Rolling back to version {0:.0f}", "warning"),
)
DEPLOYED, BREAKS, ROLLS_BACK = np.arange(FURTHER, FURTHER + 3)


@compiled
def keep(p, s, cells, tick):
    """Start and stop tasks towards the desired count, all of the present version."""
    if s.deploying > 0.0:
        _roll(p, s, cells, tick)
        return
    if s.total < s.desired and s.broken == 0.0:
        launch(p, s, cells, tick, s.desired - s.total)
    elif s.total > s.desired:
        shrink(p, s, cells, tick, s.total - s.desired)


@compiled
def bounds(p, desired):
    """(tasks that stay healthy, tasks that may run or start) in a deployment."""
    least = math.ceil(desired * p.minimum_healthy_percent / 100.0 - 1e-9)
    most = math.floor(desired * p.maximum_percent / 100.0 + 1e-9)
    return least, most


@compiled
def _roll(p, s, cells, tick):
    least, most = bounds(p, s.desired)
    new = old = serving = 0.0
    for i in range(p.tasks_n):
        state = cells[i].state
        if state == FREE or state >= DRAINING:
            continue
        if cells[i].version == s.version:
            new += 1.0
            serving += 1.0 if state == SERVING else 0.0
        else:
            old += 1.0
    s.updated = min(1.0, serving / s.desired) if s.desired > 0.0 else 1.0
    if _fails(p, s, tick):
        return
    # stop old ones, as far as enough stay healthy
    stopped = moved = 0.0
    spare = s.serving - least
    for healthy in range(2):  # those first that do not serve
        for i in range(p.tasks_n):
            cell = cells[i]
            state = cell.state
            if state == FREE or state >= DRAINING or cell.version == s.version:
                continue
            if (state == SERVING) != (healthy == 1):
                continue
            if state == SERVING:
                if spare < 1.0:
                    continue
                spare -= 1.0
            moved += leave(p, s, cells, i, tick, p.drain_s)
            stopped += 1.0
            old -= 1.0
    if stopped > 0.0:
        count(p, s, cells, tick.t)
    if new < s.desired:
        launch(p, s, cells, tick, min(s.desired - new, most - new - old))
    elif new > s.desired:
        shrink(p, s, cells, tick, new - s.desired)
    if old == 0.0 and serving >= s.desired:
        s.deploying = 0.0
        s.good = s.version
        emit(tick, DEPLOYED, float(s.version), serving, tick.t - s.began_s, 0.0, 0.0, 0.0)


@compiled
def _fails(p, s, tick):
    """The circuit breaker: too many failed tasks since the deployment began."""
    if not p.circuit_breaker or tick.era == ERA_2020 or s.version == s.good:
        return False
    limit = min(MOST_FAILURES, max(LEAST_FAILURES, math.ceil(FAILURES_SHARE * s.desired)))
    failed = s.failed - s.failed_before
    if failed < limit:
        return False
    emit(tick, BREAKS, float(s.version), failed, limit, s.desired, 0.0, 0.0)
    if not p.rollback:
        s.deploying = 0.0
        s.broken = 1.0
        return True
    s.version = s.good
    s.ills = WORKS
    s.pause_s = s.retry_s = 0.0
    s.began_s = tick.t
    s.failed_before = s.failed
    emit(tick, ROLLS_BACK, float(s.version), 0.0, 0.0, 0.0, 0.0, 0.0)
    return True
