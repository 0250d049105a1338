"""Aurora Auto Scaling: replicas that follow the load of the readers, and how long they take."""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np

from sandbox.kernels.alarm import INSUFFICIENT_DATA
from sandbox.kernels.compiled import compiled
from sandbox.services import _rds_instances as instances
from sandbox.services import _rds_storage as storage
from sandbox.services._application_scaling import (
    AURORA_RULES,
    SCALABLE,
    events,
    follow,
    publish,
    renew,
    start,
)
from sandbox.services._plans import target_of, told_to_plan
from sandbox.services._scalable_targets import ScalableTarget
from sandbox.services._scheduled_actions import table
from sandbox.services.contract import EventKind, Metric, Setup
from sandbox.services.law import boundary, emit
from sandbox.services.params import fill

GUIDE = "Amazon Aurora User Guide: Using Amazon Aurora Auto Scaling with Aurora replicas"
MOST = 15  # Amazon Aurora User Guide: Using Amazon Aurora Auto Scaling, capacity 0 to 15
CREATE_S = 600.0  # assumption (low confidence): until a replica that is created takes reads

EVENTS = (
    *events("replicas"),
    EventKind("replicas_created", "{0:.0f} new replicas take reads, {1:.0f} s after the decision"),
    EventKind(
        "scaling_waits",
        "{0:.0f} replicas are wanted; refused: {1:.0f} of {2:.0f} are not available, and Aurora "
        "waits until all are",
    ),
    EventKind(
        "scale_in_refused",
        "{0:.0f} replicas are wanted; refused: {1:.0f} were not created by auto scaling, which "
        "removes only its own",
    ),
)
_BEFORE = len(instances.EVENTS) + len(storage.EVENTS) + 2
_LAST = _BEFORE + len(EVENTS)
# an array's integers, not Python's: numba would compile once for each literal
FIRST, CREATED, WAITS, NOT_ITS = np.array([_BEFORE, _LAST - 3, _LAST - 2, _LAST - 1])
METRICS = (
    Metric("desired_replicas", "", "Replicas wanted", "desired"),
    Metric("alarm_high", "", "AlarmHigh (0 OK, 1 ALARM, 2 insufficient data)", "alarm_high"),
    Metric("alarm_low", "", "AlarmLow (0 OK, 1 ALARM, 2 insufficient data)", "alarm_low"),
)


class Scaled:
    """Part of a database's state; ``added`` replicas are auto scaling's own."""

    scale: Annotated[object, SCALABLE]
    alarm_high: float
    alarm_low: float
    added: float
    creating: float
    created_s: float
    desired: float
    reader_cpu_s: float  # of the open minute: share of the readers' CPU × s, and
    readers_s: float  # … seconds with a reader
    pulled: float  # the replicas that a schedule asked for while they could not be had
    refused: int


@compiled
def created(p, s, tick):
    """Replicas that are being created take reads when their time has come."""
    if s.creating > 0.0 and tick.t >= s.created_s - 1e-9:
        emit(tick, CREATED, s.creating, CREATE_S)
        s.added += s.creating
        s.replicas += s.creating
        s.creating = 0.0


@compiled
def control(p, s, io, cells, tick):
    """Once a minute: publish the readers' CPU, and change the replicas if all are available."""
    s.desired = p.replicas + s.added + s.creating
    if p.replica_scaling_n == 0:
        return
    if s.replicas > 0.0:
        s.reader_cpu_s += s.reader_cpu * tick.dt
        s.readers_s += tick.dt
    if boundary(tick, 60.0):
        there = s.readers_s > 0.0
        publish(s.scale, 100.0 * s.reader_cpu_s / s.readers_s if there else math.nan)
        s.reader_cpu_s = s.readers_s = 0.0
    a = s.scale
    world = tick.world[0]
    before = world.events_n
    action, out_until_s, in_until_s, out_from = (
        a.next_action,
        a.out_until_s,
        a.in_until_s,
        a.out_from,
    )
    wanted = follow(
        p.replica_scaling,
        a,
        AURORA_RULES,
        tick.table[p.schedule_at :],
        tick,
        1.0,
        s.replicas,
        s.desired,
        FIRST,
    )
    s.alarm_high = float(a.high[0].state)
    s.alarm_low = float(a.low[0].state)
    told_to_plan(tick, s.desired, 0.0)
    gone = s.replicas_lost + s.creating
    if a.next_action != action:
        s.pulled = wanted  # by a schedule, which does not ask again
    elif gone == 0.0 and s.pulled > 0.0:
        wanted = s.pulled
        s.pulled = 0.0
    wanted = min(wanted, float(MOST))
    if wanted == s.desired:
        s.refused = 0
    elif gone == 0.0 and not (wanted < s.desired and s.added <= 0.0):
        _change(s, tick, wanted)
    else:  # nothing comes of it: no cooldown begins
        if a.next_action == action:
            world.events_n = before
            a.out_until_s, a.in_until_s, a.out_from = out_until_s, in_until_s, out_from
        if s.refused == 0 and gone > 0.0:
            emit(tick, WAITS, wanted, gone, s.desired)
        elif s.refused == 0:
            emit(tick, NOT_ITS, wanted, p.replicas)
        s.refused = 1


@compiled
def _change(s, tick, wanted):
    s.refused = 0
    s.pulled = 0.0
    if wanted > s.desired:
        s.creating = wanted - s.desired
        s.created_s = tick.t + tick.dt + CREATE_S
        s.desired = wanted
    else:
        out = min(s.desired - wanted, s.added)
        s.added -= out
        s.replicas -= out
        s.desired -= out


def target(params: Any, setup: Setup) -> ScalableTarget | None:
    """What scales, if anything: Aurora's replicas, by their own policies or a plan's."""
    if not params.engine.startswith("aurora"):
        return None
    return target_of(setup, params.replica_scaling, params.read_replicas, MOST)


def prepare(params: Any, record: Any, setup: Setup, pages: np.ndarray) -> np.ndarray:
    """The table of the law: the pages, then the schedule."""
    record["schedule_at"] = len(pages)
    found = target(params, setup)
    record["replica_scaling_n"] = found is not None
    if found is None:
        return pages
    if found is not params.replica_scaling:
        fill(record["replica_scaling"], found)
    return np.concatenate([pages, table(found.scheduled_actions, setup)])


def begin(params: Any, state: Any, setup: Setup) -> None:
    state["alarm_high"] = state["alarm_low"] = INSUFFICIENT_DATA
    start(target(params, setup), state["scale"])


def edited(params: Any, state: Any, setup: Setup) -> None:
    renew(target(params, setup), state["scale"])
