"""Target tracking: minute datapoints, the pair of alarms of each policy, and what they decide.

Once a minute: buckets close, datapoints that are old enough arrive, alarms are evaluated, and a
policy in ALARM acts, again each minute while it lasts.  Nothing here sees the live state.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np

from sandbox.kernels.alarm import (
    ALARM,
    AVERAGE,
    BUCKET,
    GREATER,
    INSUFFICIENT_DATA,
    LESS,
    MISSING,
    OK,
    evaluate,
    target_tracking,
    value_of,
)
from sandbox.kernels.compiled import compiled
from sandbox.services._instances import EVENTS as INSTANCE_EVENTS
from sandbox.services._instances import warm_from, warmed
from sandbox.services.contract import EventKind
from sandbox.services.law import ERA_2020, emit
from sandbox.services.params import Parameters, code, param

TRACKING = (
    "EC2 Auto Scaling user guide: Target tracking scaling policies for Amazon EC2 Auto Scaling"
)
SEEN = "alarms that target tracking made, as listed in github.com/aws/copilot-cli/issues/4233"
POLICIES = 50  # EC2 Auto Scaling user guide: Quotas
MINUTES = 64  # datapoints kept
BASIC = 5  # minutes of a datapoint without detailed monitoring
LOW = 0.9  # AlarmLow's threshold, as a share of the target (SEEN)


class Policy(Parameters):
    """A target tracking policy."""

    metric: Literal["asg_average_cpu_utilization", "alb_request_count_per_target"] = param(
        "asg_average_cpu_utilization",
        "What is kept near the target: mean CPU (%), or the balancer's requests a target in a "
        "minute.",
        source=TRACKING,
        confidence="H",
        basic=True,
    )
    target_value: float = param(
        50.0, "Target: % of CPU, or requests a minute and target.", gt=0, le=1e9, basic=True
    )
    disable_scale_in: bool = param(
        False, "Never remove instances for this policy.", source=TRACKING, confidence="H"
    )
    estimated_instance_warmup_s: int | None = param(
        None,
        "For so long after it runs a new instance does not count and holds up scale-in; empty "
        "takes the group's default.",
        unit="s",
        ge=0,
        le=3600,
        source=TRACKING,
        confidence="H",
    )
    alarm_high_datapoints: int = param(
        3,
        "Minutes above the target, one after another, until instances are added.",
        ge=1,
        le=30,
        source=SEEN,
        confidence="M",
    )
    alarm_low_datapoints: int = param(
        15,
        "Minutes below 0.9 of the target until some are removed.",
        ge=1,
        le=30,
        source=SEEN,
        confidence="M",
    )


CPU = code(Policy, "metric", "asg_average_cpu_utilization")


class Tracking:
    """What the state of a group keeps for its policies."""

    minute: int  # buckets closed so far
    changed: int  # `minute` when capacity was last taken away
    said: int  # the refusal last told, so that it is told once
    alarm_high: float
    alarm_low: float
    cpu_utilization: float
    requests_per_target: float
    busy_s: float  # sums of the open buckets: CPU time used and had,
    had_s: float
    requests: float  # requests, and time of instances in service
    served_s: float
    cpu: Annotated[object, (BUCKET, (MINUTES,))]
    per_target: Annotated[object, (BUCKET, (MINUTES,))]
    highs: Annotated[object, ("i8", (POLICIES,))]
    lows: Annotated[object, ("i8", (POLICIES,))]


EVENTS = (
    EventKind(
        "scale_out",
        "AlarmHigh {0:.0f} of {0:.0f}: CPU {1:.1f} % > {2:g} %; desired {3:.0f} to {4:.0f} "
        "(policy {5:.0f})",
    ),
    EventKind(
        "scale_out",
        "AlarmHigh {0:.0f} of {0:.0f}: {1:,.0f} requests a target > {2:g}; desired {3:.0f} to "
        "{4:.0f} (policy {5:.0f})",
    ),
    EventKind(
        "scale_in",
        "AlarmLow {0:.0f} of {0:.0f}: CPU {1:.1f} % < {2:g} %; desired {3:.0f} to {4:.0f} "
        "(policy {5:.0f})",
    ),
    EventKind(
        "scale_in",
        "AlarmLow {0:.0f} of {0:.0f}: {1:,.0f} requests a target < {2:g}; desired {3:.0f} to "
        "{4:.0f} (policy {5:.0f})",
    ),
    EventKind(
        "scale_out_refused",
        "AlarmHigh: {0:,.1f} > {1:g} asks for {2:.0f}; refused: desired {3:.0f} is the maximum "
        "size (policy {4:.0f})",
        "warning",
    ),
    EventKind(
        "scale_out_refused",
        "AlarmHigh: {0:,.1f} > {1:g} asks for {2:.0f}; no change: desired is {3:.0f} already, "
        "{4:.0f} of them warming (policy {5:.0f})",
    ),
    EventKind(
        "scale_in_refused",
        "AlarmLow: {0:,.1f} < {1:g}; refused: {2:.0f} warming until {3:,.0f} s (policy {4:.0f})",
    ),
    EventKind(
        "scale_in_refused",
        "AlarmLow: {0:,.1f} < {1:g} asks for {2:.0f}; no change: desired {3:.0f}, minimum size "
        "{4:.0f} (policy {5:.0f})",
    ),
    EventKind(
        "scale_in_refused",
        "AlarmLow: {0:,.1f} < {1:g}; refused: {2:.0f} of {3:.0f} policies agree (policy {4:.0f})",
    ),
)
# an array's integers, not Python's: numba would compile `emit` once for each literal
_KINDS = np.arange(9) + len(INSTANCE_EVENTS)
OUT_CPU, OUT_REQUESTS, IN_CPU, IN_REQUESTS, AT_MAX, COUNTED, WARMING, AT_MIN, DISAGREE = _KINDS


@compiled
def close_minute(p, s, tick):
    """Close the minute's buckets, which stay empty where there is no datapoint."""
    at = s.minute % MINUTES
    cpu, per_target = s.cpu[at], s.per_target[at]
    cpu.samples = per_target.samples = 0.0
    if p.detailed_monitoring or (s.minute + 1) % BASIC == 0:
        if s.had_s > 0.0:
            _publish(cpu, 100.0 * s.busy_s / s.had_s)
        s.busy_s = s.had_s = 0.0
    # with no request there is no datapoint (in 2020 there was a zero)
    if p.behind_elb and s.served_s > 0.0 and (s.requests > 0.0 or tick.era == ERA_2020):
        _publish(per_target, s.requests / (s.served_s / 60.0))
    s.requests = s.served_s = 0.0
    s.minute += 1
    arrived = _arrived(p, s)
    value = value_of(s.cpu, arrived, 0, 1, AVERAGE)
    if not math.isnan(value):
        s.cpu_utilization = value
    value = value_of(s.per_target, arrived, 0, 1, AVERAGE)
    if not math.isnan(value):
        s.requests_per_target = value


@compiled
def _publish(bucket, value):
    # to nine digits: the rounding of a minute's sum is no breach
    bucket.amount = bucket.lowest = bucket.highest = round(value * 1e9) / 1e9
    bucket.samples = 1.0


@compiled
def _arrived(p, s):
    """Where in the rings the newest datapoint is that has arrived."""
    return (s.minute - 1 - p.delay_minutes) % MINUTES


@compiled
def _latest(ring, newest, periods):
    """(value, how many minutes back) of the newest datapoint that exists."""
    for back in range(periods + BASIC):
        value = value_of(ring, newest, back, 1, AVERAGE)
        if not math.isnan(value):
            return value, back
    return math.nan, periods + BASIC


@compiled
def warmup_of(p, policy, tick):
    """The policy's own, else the group's default (since April 2022), else the cooldown."""
    if policy.estimated_instance_warmup_s >= 0:
        return float(policy.estimated_instance_warmup_s)
    if p.default_instance_warmup_s >= 0 and tick.era != ERA_2020:
        return float(p.default_instance_warmup_s)
    return float(p.default_cooldown_s)


@compiled
def follow_targets(p, s, cells, tick):
    """Evaluate all alarms; out if any policy wants (the largest wins), in if all agree."""
    newest = _arrived(p, s)
    now = tick.t + tick.dt
    high = low = 0
    known = False
    most = -1.0
    by = low_by = 0.0  # numbers of policies
    may_shrink = willing = 0.0
    for i in range(p.policies_n):
        policy = p.policies[i]
        values = s.cpu if policy.metric == CPU else s.per_target
        target = policy.target_value
        n = policy.alarm_high_datapoints
        s.highs[i] = evaluate(
            values, newest, 1, AVERAGE, GREATER, target, n, n, MISSING, s.highs[i]
        )
        n = policy.alarm_low_datapoints
        s.lows[i] = evaluate(
            values, newest, 1, AVERAGE, LESS, LOW * target, n, n, MISSING, s.lows[i]
        )
        known = known or s.highs[i] != INSUFFICIENT_DATA
        if s.highs[i] == ALARM:
            high += 1
            value, _ = _latest(values, newest, policy.alarm_high_datapoints)
            warm, _ = warmed(cells, now, warmup_of(p, policy, tick))
            wanted = float(target_tracking(warm, value, target))
            if wanted > most:
                most = wanted
                by = float(i)
        if not policy.disable_scale_in:
            may_shrink += 1.0
            if s.lows[i] == ALARM:
                willing += 1.0
                low_by = float(i)
        if s.lows[i] == ALARM:
            low += 1
    s.alarm_high = ALARM if high > 0 else (OK if known else INSUFFICIENT_DATA)
    s.alarm_low = ALARM if low > 0 else (OK if known else INSUFFICIENT_DATA)
    if high > 0:
        _grow(p, s, cells, tick, newest, by, most)
    elif willing > 0:
        _shrink(p, s, cells, tick, newest, low_by, willing, may_shrink)
    else:
        s.said = 0


@compiled
def _grow(p, s, cells, tick, newest, by, wanted):
    policy = p.policies[int(by)]
    cpu = policy.metric == CPU
    values = s.cpu if cpu else s.per_target
    value, _ = _latest(values, newest, policy.alarm_high_datapoints)
    after = min(max(s.desired, wanted), s.max_size)
    target = policy.target_value
    if after > s.desired:
        kind = OUT_CPU if cpu else OUT_REQUESTS
        periods = float(policy.alarm_high_datapoints)
        emit(tick, kind, periods, value, target, s.desired, after, by + 1.0)
        s.desired = after
        s.said = 0
    elif s.desired >= s.max_size:
        if s.said != AT_MAX:
            emit(tick, AT_MAX, value, target, wanted, s.desired, by + 1.0, 0.0)
        s.said = AT_MAX
    else:
        if s.said != COUNTED:
            _, warming = warmed(cells, tick.t + tick.dt, warmup_of(p, policy, tick))
            emit(tick, COUNTED, value, target, wanted, s.desired, warming, by + 1.0)
        s.said = COUNTED


@compiled
def _shrink(p, s, cells, tick, newest, by, willing, may_shrink):
    """Take instances away if all policies agree, none is warming, and a datapoint has been
    measured since the last were taken (how AWS paces it is not published: an assumption)."""
    now = tick.t + tick.dt
    policy = p.policies[int(by)]
    value, _ = _latest(
        s.cpu if policy.metric == CPU else s.per_target, newest, policy.alarm_low_datapoints
    )
    threshold = LOW * policy.target_value
    if willing < may_shrink:
        if s.said != DISAGREE:
            emit(tick, DISAGREE, value, threshold, willing, may_shrink, by + 1.0, 0.0)
        s.said = DISAGREE
        return
    most = -1.0
    for i in range(p.policies_n):
        policy = p.policies[i]
        if policy.disable_scale_in:
            continue
        cpu = policy.metric == CPU
        reading, back = _latest(s.cpu if cpu else s.per_target, newest, policy.alarm_low_datapoints)
        warmup = warmup_of(p, policy, tick)
        warm, warming = warmed(cells, now, warmup)
        if warming > 0:
            if s.said != WARMING:
                until = warm_from(cells, warmup)
                threshold = LOW * policy.target_value
                emit(tick, WARMING, reading, threshold, warming, until, i + 1.0, 0.0)
            s.said = WARMING
            return
        width = BASIC if cpu and not p.detailed_monitoring else 1
        if s.minute - p.delay_minutes - back - width < s.changed:
            return
        wanted = float(target_tracking(warm, reading, policy.target_value))
        if wanted > most:
            most = wanted
            by = float(i)
            value = reading
    policy = p.policies[int(by)]
    threshold = LOW * policy.target_value
    after = max(min(s.desired, most), s.min_size)
    if after < s.desired:
        kind = IN_CPU if policy.metric == CPU else IN_REQUESTS
        periods = float(policy.alarm_low_datapoints)
        emit(tick, kind, periods, value, threshold, s.desired, after, by + 1.0)
        s.desired = after
        s.changed = s.minute
        s.said = 0
    else:
        if s.said != AT_MIN:
            emit(tick, AT_MIN, value, threshold, most, s.desired, s.min_size, by + 1.0)
        s.said = AT_MIN
