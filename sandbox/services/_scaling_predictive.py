"""Predictive scaling of a group: capacity for the coming hour before it begins.  Never scales in.

A group's own policies refresh their forecast every six hours and raise the desired capacity; that
of a scaling plan is refreshed daily, and raises the minimum.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np

from sandbox.kernels.clock import HOUR_S
from sandbox.kernels.compiled import compiled
from sandbox.services._forecast import (
    AHEAD_H,
    LEAST_H,
    Hours,
    expected,
    foresee,
    gather_hours,
    known_hours,
)
from sandbox.services._scaling_events import FORECAST, HELD, NO_FORECAST, PREDICTED, RAISED
from sandbox.services.law import emit
from sandbox.services.params import Parameters, param

API = "EC2 Auto Scaling API: PredictiveScalingConfiguration"
REFRESH_H = 6  # PREDICTIVE: the forecast is updated every 6 hours
PLAN_REFRESH_H = 24  # AWS Auto Scaling user guide: How scaling plans work: daily
MOST = 10
ONLY, AND_SCALE = range(2)
HONOR, INCREASE = range(2)


class PredictivePolicy(Parameters):
    """A predictive scaling policy."""

    metric_pair: Literal["cpu", "alb_request_count", "network_in", "network_out"] = param(
        "cpu",
        "What is forecast of the whole group, and kept near the target for each instance.",
        source=API,
        confidence="H",
        basic=True,
    )
    target_value: float = param(
        50.0,
        "% of CPU, or requests or bytes a minute for each instance.",
        gt=0,
        le=1e12,
        source=API,
        confidence="H",
        basic=True,
    )
    mode: Literal["forecast_only", "forecast_and_scale"] = param(
        "forecast_only",
        "Only show the forecast, or act on it; one policy of a group may act.",
        source=API,
        confidence="H",
        basic=True,
    )
    scheduling_buffer_time_s: int = param(
        300,
        "So long before the hour its capacity is launched.",
        unit="s",
        ge=0,
        le=3599,
        source=API,
        confidence="H",
    )
    max_capacity_breach_behavior: Literal["honor_max_capacity", "increase_max_capacity"] = param(
        "honor_max_capacity",
        "Whether a forecast beyond the maximum size raises it; it stays raised.",
        source=API,
        confidence="H",
    )
    max_capacity_buffer: int = param(
        0,
        "So much above the forecast the maximum is raised.",
        unit="%",
        ge=0,
        le=100,
        source=API,
        confidence="H",
    )


class Predictive(Hours):
    """What the state of a group keeps for its predictive policies."""

    refreshed_hour: int
    acted_hour: int  # the last hour that was provided for, from 1
    forecast_said: int
    load_forecast: float  # of the first policy, for the present hour
    capacity_forecast: float


@compiled
def capacity_for(load, target):
    """Instances for a load; rounding of the load adds none."""
    return np.ceil(load / target - 1e-9 * max(load / target, 1.0))


@compiled
def predict(p, s, cells, tick):
    """Remember the hour's load, refresh the forecast, and provide for the next hour in time."""
    closed = gather_hours(s, tick, s.loads)
    n = p.predictive_policies_n
    if n == 0:
        s.floor = 0.0
        return
    now = tick.t + tick.dt
    hour = math.floor((tick.epoch + tick.t + 1e-6) / HOUR_S)
    every = PLAN_REFRESH_H if p.plan_predicts else REFRESH_H
    if s.forecast_hour == 0 and (closed or s.refreshed_hour == 0):
        if known_hours(s) >= LEAST_H:
            _refresh(p, s, tick, hour)
        elif s.forecast_said == 0:
            emit(tick, NO_FORECAST, float(known_hours(s)), float(LEAST_H), 1.0, 0.0, 0.0, 0.0)
            s.forecast_said = 1
        s.refreshed_hour = hour
    elif s.forecast_hour > 0 and hour >= s.refreshed_hour + every:
        _refresh(p, s, tick, hour)
    first = p.predictive_policies[0]
    load = expected(s, first.metric_pair, hour)
    s.load_forecast = load if load == load else 0.0
    s.capacity_forecast = capacity_for(s.load_forecast, first.target_value)
    for i in range(n):
        policy = p.predictive_policies[i]
        if policy.mode != AND_SCALE:
            continue
        # a tick that ends when the buffer begins has reached it
        ahead = now + policy.scheduling_buffer_time_s
        coming = math.floor((tick.epoch + ahead + 1e-6) / HOUR_S)
        if coming != s.acted_hour:
            load = expected(s, policy.metric_pair, coming)
            if load == load:
                s.acted_hour = coming
                _provide(p, s, cells, tick, i, coming, load)


@compiled
def _refresh(p, s, tick, hour):
    foresee(s, hour)
    s.refreshed_hour = hour
    for i in range(p.predictive_policies_n):
        policy = p.predictive_policies[i]
        most = 0.0
        for ahead in range(AHEAD_H):
            most = max(most, s.forecast[policy.metric_pair, ahead])
        needs = capacity_for(most, policy.target_value)
        emit(tick, FORECAST, float(known_hours(s)), most, needs, i + 1.0, 0.0, 0.0)


@compiled
def _provide(p, s, cells, tick, i, hour, load):
    """At the hour, less the buffer: never fewer than the forecast asks for, within the maximum."""
    policy = p.predictive_policies[i]
    needs = capacity_for(load, policy.target_value)
    if needs > s.max_size:
        if policy.max_capacity_breach_behavior == INCREASE:
            before = s.max_size
            raised = np.ceil(needs * (1.0 + policy.max_capacity_buffer / 100.0) - 1e-9)
            s.max_size = min(raised, float(cells.shape[0]))
            emit(tick, RAISED, i + 1.0, load, needs, before, s.max_size, 0.0)
        else:
            emit(tick, HELD, i + 1.0, needs, s.max_size, 0.0, 0.0, 0.0)
    s.floor = min(needs, s.max_size)
    if p.plan_predicts:
        s.min_size = max(float(p.min_size), s.floor)
    if s.floor > s.desired:
        starts = hour * HOUR_S - tick.epoch
        emit(tick, PREDICTED, i + 1.0, load, starts, needs, s.desired, s.floor)
        s.desired = s.floor
