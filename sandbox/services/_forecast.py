"""Hourly load of the last fourteen days, and the forecast that predictive scaling makes of it.

AWS does not publish its model.  Here the forecast of an hour is the mean of the same hour of the
days before, the nearer the heavier; from seven days on each day is first divided by how busy its
day of the week is, and the forecast multiplied by that of its own.
"""

from __future__ import annotations

import math
from typing import Annotated

from sandbox.kernels.clock import HOUR_S
from sandbox.kernels.compiled import compiled

PREDICTIVE = "EC2 Auto Scaling user guide: Predictive scaling for Amazon EC2 Auto Scaling"
HISTORY_H = 14 * 24  # PREDICTIVE: up to 14 days are analysed
LEAST_H = 24  # PREDICTIVE: at least 24 hours are needed
AHEAD_H = 48  # PREDICTIVE: the next 48 hours are forecast
WEEK_H = 168
FADE = 0.8  # weight of a day against the one after it: an assumption
LOADS = 4  # kinds of load that are remembered


class Hours:
    """What a state keeps of the load by hours; an hour is numbered since 1970, UTC."""

    hours: Annotated[object, ("f8", (LOADS, HISTORY_H))]
    first_hour: int  # the oldest and the newest that is known; none if the newest is 0
    last_hour: int
    open_hour: int
    open_load: Annotated[object, ("f8", (LOADS,))]
    open_s: float
    forecast: Annotated[object, ("f8", (LOADS, AHEAD_H))]
    forecast_hour: int  # of the first forecast; 0: there is none
    weekday: Annotated[object, ("f8", (LOADS, 7))]


@compiled
def known_hours(s):
    """Hours of history."""
    return 0 if s.last_hour == 0 else s.last_hour - s.first_hour + 1


@compiled
def gather_hours(s, tick, loads):
    """Count a tick's loads into the open hour; whether an hour was closed."""
    hour = math.floor((tick.epoch + tick.t + 1e-6) / HOUR_S)
    closed = False
    if hour != s.open_hour:
        if s.open_s >= 0.5 * HOUR_S:  # less than half an hour says little of an hour
            _keep(s)
            closed = True
        s.open_hour = hour
        s.open_load[:] = 0.0
        s.open_s = 0.0
    for m in range(LOADS):
        s.open_load[m] += loads[m] * tick.dt
    s.open_s += tick.dt
    return closed


@compiled
def _keep(s):
    if s.last_hour == 0 or s.open_hour != s.last_hour + 1:
        s.first_hour = s.open_hour  # after a gap history begins anew
    s.last_hour = s.open_hour
    s.first_hour = max(s.first_hour, s.last_hour - HISTORY_H + 1)
    for m in range(LOADS):
        s.hours[m, s.open_hour % HISTORY_H] = s.open_load[m] / s.open_s


@compiled
def foresee(s, hour):
    """Forecast the 48 hours from `hour` on."""
    known = known_hours(s)
    for m in range(LOADS):
        for d in range(7):
            s.weekday[m, d] = 1.0
        if known >= WEEK_H:
            _weigh_weekdays(s, m)
        for ahead in range(AHEAD_H):
            s.forecast[m, ahead] = _of_hour(s, m, hour + ahead)
    s.forecast_hour = hour


@compiled
def _of_hour(s, m, hour):
    total = weights = 0.0
    weight = 1.0
    for back in range(1, HISTORY_H // 24 + 3):
        at = hour - 24 * back
        weight *= FADE
        if s.first_hour <= at <= s.last_hour and s.last_hour > 0:
            share = s.weekday[m, _day(at)]
            if share > 0.0:
                total += weight * s.hours[m, at % HISTORY_H] / share
                weights += weight
    if weights == 0.0:
        return 0.0
    return total / weights * s.weekday[m, _day(hour)]


@compiled
def _day(hour):
    return (hour // 24) % 7


@compiled
def _weigh_weekdays(s, m):
    """How busy each day of the week is against the mean of all, over whole weeks."""
    mean = 0.0
    weeks = known_hours(s) // WEEK_H
    n = weeks * WEEK_H
    for d in range(7):
        s.weekday[m, d] = 0.0
    for k in range(n):
        hour = s.last_hour - k
        load = s.hours[m, hour % HISTORY_H] / n
        mean += load
        s.weekday[m, _day(hour)] += 7.0 * load
    for d in range(7):
        s.weekday[m, d] = s.weekday[m, d] / mean if mean > 0.0 else 1.0


@compiled
def expected(s, m, hour):
    """The forecast load of an hour; nan if there is none."""
    if s.forecast_hour == 0 or not s.forecast_hour <= hour < s.forecast_hour + AHEAD_H:
        return math.nan
    return s.forecast[m, hour - s.forecast_hour]


def recall(state, past) -> None:
    """Take over the hours that another state has lived through."""
    for name in ("hours", "first_hour", "last_hour", "open_hour", "open_load", "open_s"):
        state[name] = past[name]
