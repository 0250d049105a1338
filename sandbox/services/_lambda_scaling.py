"""Provisioned concurrency that follows its use: Application Auto Scaling of a function."""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np

from sandbox.kernels.alarm import INSUFFICIENT_DATA
from sandbox.kernels.compiled import compiled
from sandbox.services._application_scaling import (
    LAMBDA_RULES,
    SCALABLE,
    events,
    follow,
    publish,
    renew,
    start,
)
from sandbox.services._lambda_account import UNRESERVED
from sandbox.services._lambda_metrics import EVENTS as BEFORE
from sandbox.services._scheduled_actions import table
from sandbox.services.contract import EventKind, Metric, Setup
from sandbox.services.law import boundary, emit

EVENTS = (
    *events("provisioned concurrency"),
    EventKind(
        "scale_out_refused",
        "{0:,.0f} provisioned refused: {1:,.0f} is what the function may have, its reservation or "
        "what the account leaves unreserved",
        "warning",
    ),
)
# an array's integers, not Python's: numba would compile once for each literal
FIRST, REFUSED = np.array([len(BEFORE), len(BEFORE) + len(EVENTS) - 1])
METRICS = (
    Metric("provisioned_target", "", "Provisioned concurrency asked for", "provisioned_target"),
    Metric("alarm_high", "", "AlarmHigh (0 OK, 1 ALARM, 2 insufficient data)", "alarm_high"),
    Metric("alarm_low", "", "AlarmLow (0 OK, 1 ALARM, 2 insufficient data)", "alarm_low"),
)


class Scaled:
    """Part of a function's state."""

    scale: Annotated[object, SCALABLE]
    alarm_high: float
    alarm_low: float
    use_s: float  # of the open minute: utilisation × s, and
    asked_s: float  # … invocations
    refused: int


@compiled
def control(p, s, io, cells, tick):
    """Once a minute: publish the utilisation, if there were invocations; ask for what is wanted."""
    if p.provisioned_scaling_n == 0:
        return
    s.use_s += s.used_provisioned * tick.dt
    s.asked_s += s.invocations * tick.dt
    if boundary(tick, 60.0):
        there = s.asked_s > 0.0 and s.provisioned > 0.0
        publish(s.scale, 100.0 * s.use_s / 60.0 if there else math.nan)
        s.use_s = s.asked_s = 0.0
    wanted = follow(
        p.provisioned_scaling,
        s.scale,
        LAMBDA_RULES,
        tick.table,
        tick,
        1.0,
        s.provisioned,
        s.provisioned_target,
        FIRST,
    )
    s.alarm_high = float(s.scale.high[0].state)
    s.alarm_low = float(s.scale.low[0].state)
    most = s.reserved
    if most < 0.0:
        most = s.account_seen - s.reserved_elsewhere - UNRESERVED
    if wanted > s.provisioned_target and wanted > most:
        if s.refused == 0:
            emit(tick, REFUSED, wanted, most)
        s.refused = 1
    else:
        s.provisioned_target = wanted
        s.refused = 0


def schedule(params: Any, setup: Setup) -> np.ndarray | None:
    """The table of the law."""
    own = params.provisioned_scaling
    return table(own.scheduled_actions, setup) if own else None


def begin(params: Any, state: Any) -> None:
    state["alarm_high"] = state["alarm_low"] = INSUFFICIENT_DATA
    start(params.provisioned_scaling, state["scale"])


def edited(params: Any, state: Any) -> None:
    renew(params.provisioned_scaling, state["scale"])
