"""Application Auto Scaling: the one controller of tables, services, functions and replicas.

A service registers a *scalable target*: it takes a parameter of type ``ScalableTarget``, and keeps
a record of ``SCALABLE`` in its state for each dimension that scales.  Its law then calls

``start(target, state)``        in ``init`` (Python): takes over the bounds, no alarm has data;
``renew(target, state)``        in ``adjust`` (Python): takes over bounds that were edited;
``publish(a, value)``           once a minute: the predefined metric's datapoint (nan: none);
``follow(t, a, rules, rows, tick, scale, running, current, first)``   each tick, after ``publish``:
                                the capacity wanted now, which is `current` if nothing changes.

``t`` is the parameter's record, ``a`` the state's record, ``rules`` one of the tuples below (or the
service's own), ``rows`` the schedule (``_scheduled_actions.table``, as a slice of the node's table;
an empty slice without one), ``scale`` what a published datapoint is multiplied by when it is looked
at (1; or 100 / capacity where an alarm's threshold moves with it, as DynamoDB's does), ``running``
the capacity that really runs (ECS counts its running tasks), ``current`` what is desired now, and
``first`` the index of ``events(label)`` among the service's events.  The service then carries the
change out, in its own time, or refuses it.

``rules`` are (datapoints of AlarmHigh, of AlarmLow, AlarmLow's threshold as a share of the target,
percentage points below it, cooldown out s, cooldown in s, whether missing data are ignored).

Bounds in force are ``a.least`` and ``a.most``; ``a.high``, ``a.low`` the alarms; ``a.out_until_s``
and ``a.in_until_s`` the cooldowns.  Source: Application Auto Scaling User Guide.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np

from sandbox.kernels.alarm import (
    ALARM,
    AVERAGE,
    BUCKET,
    GREATER,
    IGNORE,
    INSUFFICIENT_DATA,
    LESS,
    MISSING,
    MORE,
    settled,
    target_tracking,
    value_of,
)
from sandbox.kernels.compiled import compiled
from sandbox.kernels.scaling import change_of, step_of
from sandbox.services._alarms import STATE, judge, ratio, upward
from sandbox.services._scalable_targets import CUSTOM, POINTS, POLICIES, ScalableTarget
from sandbox.services._scheduled_actions import ROW
from sandbox.services.contract import EventKind
from sandbox.services.law import boundary, emit
from sandbox.services.params import record

GUIDE = "Application Auto Scaling User Guide: Target tracking scaling policies"

ECS_RULES = (3, 15, 0.9, 0.0, 300.0, 300.0, False)  # ECS Developer Guide: Service auto scaling
LAMBDA_RULES = (3, 15, 0.9, 0.0, 0.0, 0.0, False)  # Lambda Developer Guide: 70 % up, 63 % down
AURORA_RULES = (
    3,
    15,
    0.9,
    0.0,
    300.0,
    300.0,
    False,
)  # Aurora User Guide: Auto Scaling with replicas
# https://repost.aws/knowledge-center/dynamodb-auto-scaling: 2 of 2 above the target, 15 of 15 below
# the target less 20 points; no cooldown; its alarms ignore missing data (CloudWatch User Guide)
DYNAMODB_RULES = (2, 15, 1.0, 20.0, 0.0, 0.0, True)


class Scalable:
    """The state of one scalable target."""

    minute: int
    ring: Annotated[object, (BUCKET, (POINTS,))]
    points: Annotated[object, ("f8", (POINTS,))]
    high: Annotated[object, (STATE, (POLICIES,))]
    low: Annotated[object, (STATE, (POLICIES,))]
    step: Annotated[object, (STATE, (POLICIES,))]
    least: float
    most: float
    given_least: float
    given_most: float
    out_until_s: float
    in_until_s: float
    out_from: float  # the capacity when the last scale-out began
    said: int
    next_action: int
    scheduled: int  # rows of the schedule that was last looked at


SCALABLE = record(Scalable)


def events(label: str) -> tuple[EventKind, ...]:
    """What a scalable target says; ``label`` is what it counts, such as "read capacity"."""
    low = "AlarmLow: {0:,.4g} < {1:,.4g}"
    high = "AlarmHigh: {0:,.4g} > {1:,.4g}"
    return (
        EventKind(
            "scale_out",
            "AlarmHigh {0:.0f} of {0:.0f}: {1:,.4g} > {2:,.4g}; "
            + label
            + " {3:,.0f} to {4:,.0f} (target tracking {5:.0f})",
        ),
        EventKind(
            "scale_in",
            "AlarmLow {0:.0f} of {0:.0f}: {1:,.4g} < {2:,.4g}; "
            + label
            + " {3:,.0f} to {4:,.0f} (target tracking {5:.0f})",
        ),
        EventKind(
            "scaled_by_step",
            "Step policy {0:.0f}: {1:,.4g} against threshold {2:,.4g}; "
            + label
            + " {3:,.0f} to {4:,.0f}",
        ),
        EventKind(
            "scale_out_refused",
            high
            + " asks for {2:,.0f}; refused: cooldown until {3:clock}, {4:,.0f} "
            + label
            + " is as much",
        ),
        EventKind(
            "scale_out_refused",
            high + " asks for {2:,.0f}; refused: " + label + " {3:,.0f} is the maximum",
            "warning",
        ),
        EventKind("scale_in_refused", low + "; refused: cooldown until {2:clock}"),
        EventKind(
            "scale_in_refused", low + "; refused: {2:.0f} of {3:.0f} policies agree (" + label + ")"
        ),
        EventKind(
            "scale_in_refused",
            low + " asks for {2:,.0f}; refused: " + label + " {3:,.0f} is the minimum",
        ),
        EventKind(
            "scheduled",
            "Scheduled action {0:.0f}: minimum {1:,.0f}, maximum {2:,.0f}, "
            + label
            + " {3:,.0f} to {4:,.0f}",
        ),
    )


# an array's integers, not Python's: numba would compile `emit` once for each literal
OUT, IN, STEPPED, OUT_COOLS, AT_MOST, IN_COOLS, DISAGREE, AT_LEAST, SCHEDULED = np.arange(9)


def start(target: ScalableTarget | None, state: Any) -> None:
    """No alarm has data at the start; the bounds are as given."""
    for name in ("high", "low", "step"):
        state[name]["state"] = INSUFFICIENT_DATA
    state["out_until_s"] = state["in_until_s"] = -math.inf
    state["said"] = -1
    renew(target, state)


def renew(target: ScalableTarget | None, state: Any) -> None:
    """Take over bounds that were edited; others stay as scheduled actions have set them."""
    if target is None:
        return
    given = (target.min_capacity, target.max_capacity)
    if given != (state["given_least"], state["given_most"]):
        state["least"], state["most"] = state["given_least"], state["given_most"] = given


@compiled
def publish(a, value):
    """Close the minute of the predefined metric."""
    bucket = a.ring[a.minute % POINTS]
    a.minute += 1
    there = value == value
    bucket.samples = 1.0 if there else 0.0
    bucket.amount = bucket.lowest = bucket.highest = settled(value) if there else 0.0


@compiled
def _point(t, a, policy, back, scale):
    if policy.metric == CUSTOM:
        return ratio(policy.custom_metric, policy.divide_by, back, t.metric_delay_s)
    late = math.ceil(t.metric_delay_s / 60.0 - 1e-9)
    if a.minute - late - back <= 0:
        return math.nan
    return settled(scale * value_of(a.ring, (a.minute - 1 - late) % POINTS, back, 1, AVERAGE))


@compiled
def _gather(t, a, policy, count, scale):
    for back in range(count):
        a.points[back] = _point(t, a, policy, back, scale)


@compiled
def follow(t, a, rules, rows, tick, scale, running, current, first):
    """The capacity that is wanted now: of scheduled actions at their time, of policies each minute.

    Any policy that asks for more has its way, the largest first; all that may must agree on less.
    """
    wanted = _scheduled(a, rows, tick, current, first)
    if not boundary(tick, 60.0):
        return wanted
    current = wanted
    now = tick.t + tick.dt
    more = _more(t, a, rules, tick, scale, running, current, first)
    less = _less(t, a, rules, tick, running, current, first) if not more > current else math.nan
    by_step = math.nan
    step_by = 0
    for i in range(t.step_policies_n):
        asked = _stepped(t, a, rules, tick, scale, i, current)
        # the largest wins, be it among those that ask for more or for less
        if asked == asked and not by_step >= asked:
            by_step = asked
            step_by = i
    if more > current and not by_step > more:
        a.out_from = current if now >= a.out_until_s - 1e-9 else a.out_from
        a.in_until_s = -math.inf  # a scale-out cancels the cooldown of scale-in
        return more
    if by_step == by_step and not (by_step < current and (more > current or less > by_step)):
        if by_step != current:
            policy = t.step_policies[step_by]
            value = a.step[step_by].value
            kind = first + STEPPED
            emit(tick, kind, step_by + 1.0, value, policy.threshold, current, by_step, 0.0)
            if by_step > current:
                a.out_from = current if now >= a.out_until_s - 1e-9 else a.out_from
                a.out_until_s = now + policy.cooldown_s
                a.in_until_s = -math.inf
            else:
                a.in_until_s = now + policy.cooldown_s
        return by_step
    return less if less < current else current


@compiled
def _base(a, running, now):
    """What a policy reckons from: in the cooldown of a scale-out what was there before it."""
    return a.out_from if now < a.out_until_s - 1e-9 else running


@compiled
def _more(t, a, rules, tick, scale, running, current, first):
    """What target tracking asks for above the present capacity; nan if nothing."""
    now = tick.t + tick.dt
    treatment = IGNORE if rules[6] else MISSING
    most = math.nan
    by = 0
    for i in range(t.target_tracking_n):
        policy = t.target_tracking[i]
        target = policy.target_value
        n = rules[0]
        m = rules[1]
        _gather(t, a, policy, max(n, m) + MORE, scale)
        judge(a.high[i], a.points, GREATER, target, n, n, treatment, now)
        judge(a.low[i], a.points, LESS, _low(rules, target), m, m, treatment, now)
        if a.high[i].state == ALARM and a.high[i].value == a.high[i].value:
            wanted = target_tracking(_base(a, running, now), a.high[i].value, target)
            if not most >= wanted:
                most = wanted
                by = i
    if most != most:
        return most
    policy = t.target_tracking[by]
    value, target = a.high[by].value, policy.target_value
    after = min(most, a.most)
    if after > current:
        cooldown = policy.scale_out_cooldown_s if policy.scale_out_cooldown_s >= 0 else rules[4]
        emit(tick, first + OUT, float(rules[0]), value, target, current, after, by + 1.0)
        if now >= a.out_until_s - 1e-9:
            a.out_from = current
        a.out_until_s = now + cooldown
        a.in_until_s = -math.inf
        a.said = -1
        return after
    if current >= a.most:
        if a.said != AT_MOST:
            emit(tick, first + AT_MOST, value, target, most, current, 0.0, 0.0)
        a.said = AT_MOST
    elif now < a.out_until_s:
        if a.said != OUT_COOLS:
            emit(tick, first + OUT_COOLS, value, target, most, a.out_until_s, current, 0.0)
        a.said = OUT_COOLS
    return math.nan


@compiled
def _low(rules, target):
    return rules[2] * target - rules[3]


@compiled
def _less(t, a, rules, tick, running, current, first):
    """What target tracking leaves of the present capacity; nan if it takes nothing."""
    now = tick.t + tick.dt
    willing = may = 0.0
    most = -1.0
    by = 0
    for i in range(t.target_tracking_n):
        policy = t.target_tracking[i]
        if policy.disable_scale_in:
            continue
        may += 1.0
        if a.low[i].state == ALARM and a.low[i].value == a.low[i].value:
            willing += 1.0
            wanted = target_tracking(running, a.low[i].value, policy.target_value)
            if wanted > most:
                most = wanted
                by = i
    if willing == 0.0:
        if a.said >= IN_COOLS:
            a.said = -1
        return math.nan
    policy = t.target_tracking[by]
    value, bound = a.low[by].value, _low(rules, policy.target_value)
    if willing < may:
        if a.said != DISAGREE:
            emit(tick, first + DISAGREE, value, bound, willing, may, 0.0, 0.0)
        a.said = DISAGREE
        return math.nan
    if now < a.in_until_s - 1e-9:
        if a.said != IN_COOLS:
            emit(tick, first + IN_COOLS, value, bound, a.in_until_s, 0.0, 0.0, 0.0)
        a.said = IN_COOLS
        return math.nan
    after = max(most, a.least)
    if after >= current:
        if a.said != AT_LEAST:
            emit(tick, first + AT_LEAST, value, bound, most, current, 0.0, 0.0)
        a.said = AT_LEAST
        return math.nan
    cooldown = policy.scale_in_cooldown_s if policy.scale_in_cooldown_s >= 0 else rules[5]
    emit(tick, first + IN, float(rules[1]), value, bound, current, after, by + 1.0)
    a.in_until_s = now + cooldown
    a.said = -1
    return after


@compiled
def _stepped(t, a, rules, tick, scale, i, current):
    """What a step policy asks for; nan if its alarm does not, or its cooldown runs."""
    now = tick.t + tick.dt
    policy = t.step_policies[i]
    n = policy.evaluation_periods
    m = policy.datapoints_to_alarm if policy.datapoints_to_alarm > 0 else n
    _gather(t, a, policy, n + MORE, scale)
    treatment = IGNORE if rules[6] else policy.treat_missing_data
    judge(a.step[i], a.points, policy.comparison, policy.threshold, m, n, treatment, now)
    value = a.step[i].value
    if a.step[i].state != ALARM or value != value:
        return math.nan
    chosen = step_of(
        policy.steps, policy.steps_n, value - policy.threshold, upward(policy.comparison)
    )
    if chosen < 0:
        return math.nan
    amount = policy.steps[chosen].adjustment
    least = float(policy.min_adjustment_magnitude)
    cools = now < a.out_until_s - 1e-9
    base = a.out_from if cools else current
    after = base + change_of(base, policy.adjustment_type, amount, least)
    after = min(max(after, a.least), a.most)
    if after > current:
        return after
    if after < current and not cools and now >= a.in_until_s - 1e-9:
        return after
    return math.nan


@compiled
def _scheduled(a, rows, tick, current, first):
    """The capacity after the scheduled actions that are due; bounds pull it along."""
    count = rows.shape[0] // ROW
    if a.scheduled != count:
        a.scheduled = count
        a.next_action = 0
        while a.next_action < count and rows[ROW * a.next_action] < tick.t - 1e-6:
            a.next_action += 1
    now = tick.t + tick.dt
    while a.next_action < count and rows[ROW * a.next_action] <= now - 1e-6:
        row = rows[ROW * a.next_action : ROW * (a.next_action + 1)]
        a.next_action += 1
        if row[2] == row[2]:
            a.least = row[2]
        if row[3] == row[3]:
            a.most = row[3]
        a.most = max(a.most, a.least)
        after = min(max(current, a.least), a.most)
        emit(tick, first + SCHEDULED, row[1] + 1.0, a.least, a.most, current, after, 0.0)
        current = after
    return current
