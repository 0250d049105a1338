"""Target tracking: minute datapoints, the pair of alarms of each policy, and what they decide.

Once a minute: buckets close, datapoints that are old enough arrive, alarms are evaluated, and a
policy in ALARM acts, again each minute while it lasts.  Nothing here sees the live state.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.services._instances import EVENTS as INSTANCE_EVENTS
from sandbox.services._instances import warm_from, warmed
from sandbox.services.contract import EventKind
from sandbox.services.law import ERA_2020, emit
from sandbox.services.params import Parameters, code, param

TRACKING = (
    "EC2 Auto Scaling user guide: Target tracking scaling policies for Amazon EC2 Auto Scaling"
)
ALARMS = "CloudWatch user guide: Using Amazon CloudWatch alarms"
SEEN = "alarms that target tracking made, as listed in github.com/aws/copilot-cli/issues/4233"
POLICIES = 50  # EC2 Auto Scaling user guide: Quotas
MINUTES = 64  # datapoints kept
BASIC = 5  # minutes of a datapoint without detailed monitoring
LOW = 0.9  # AlarmLow's threshold, as a share of the target (SEEN)

OK, ALARM, INSUFFICIENT = 0, 1, -1


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
    cpu: Annotated[object, ("f8", (MINUTES,))]
    per_target: Annotated[object, ("f8", (MINUTES,))]
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
    """Close the minute's buckets: a datapoint each, NaN where there is none."""
    at = s.minute % MINUTES
    s.cpu[at] = s.per_target[at] = math.nan
    if p.detailed_monitoring or (s.minute + 1) % BASIC == 0:
        if s.had_s > 0.0:
            s.cpu[at] = 100.0 * s.busy_s / s.had_s
        s.busy_s = s.had_s = 0.0
    # with no request there is no datapoint (in 2020 there was a zero)
    if p.behind_elb and s.served_s > 0.0 and (s.requests > 0.0 or tick.era == ERA_2020):
        s.per_target[at] = s.requests / (s.served_s / 60.0)
    s.requests = s.served_s = 0.0
    s.minute += 1
    arrived = s.minute - 1 - p.delay_minutes
    if arrived >= 0:
        value = s.cpu[arrived % MINUTES]
        s.cpu_utilization = value if value == value else s.cpu_utilization
        value = s.per_target[arrived % MINUTES]
        s.requests_per_target = value if value == value else s.requests_per_target


@compiled
def alarm(values, newest, count, threshold, above, before):
    """The state of an alarm of `count` of `count` datapoints, with missing data left missing.

    `values` is a ring of minute datapoints (NaN: missing) and `newest` the number of the newest.
    Looks at the newest `count` that exist in a range a little longer.  If they are fewer, it is
    ALARM when all breach and the oldest is at least `count` minutes old, INSUFFICIENT when there
    are none, and stays as it was otherwise (ALARMS: "Configuring how alarms treat missing data").
    Strictly above or below: a datapoint at the threshold does not breach.
    """
    room = 1e-9 * threshold  # a sum's rounding is no breach
    breaching = 0
    oldest = 0
    for age in range(max(count + 2, 5)):
        if newest - age < 0:
            break
        value = values[(newest - age) % values.shape[0]]
        if value != value:
            continue
        if not (value > threshold + room if above else value < threshold - room):
            return OK
        breaching += 1
        oldest = age + 1
        if breaching == count:
            return ALARM
    if breaching == 0:
        return INSUFFICIENT
    if oldest >= count:
        return ALARM
    return before


@compiled
def _latest(values, newest, reach):
    """(value, its number) of the newest datapoint that exists."""
    for age in range(reach):
        if newest - age < 0:
            break
        value = values[(newest - age) % values.shape[0]]
        if value == value:
            return value, newest - age
    return math.nan, -1


@compiled
def _needed(capacity, value, target):
    # ceil, but 4 × 60 / 60 is 4 whatever the rounding
    return float(math.ceil(capacity * value / target * (1.0 - 1e-12) - 1e-9))


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
    newest = s.minute - 1 - p.delay_minutes
    now = tick.t + tick.dt
    high = low = 0
    known = False
    most = -1.0
    by = low_by = 0
    may_shrink = willing = 0.0
    for i in range(p.policies_n):
        policy = p.policies[i]
        values = s.cpu if policy.metric == CPU else s.per_target
        target = policy.target_value
        s.highs[i] = alarm(values, newest, policy.alarm_high_datapoints, target, True, s.highs[i])
        s.lows[i] = alarm(
            values, newest, policy.alarm_low_datapoints, LOW * target, False, s.lows[i]
        )
        known = known or s.highs[i] != INSUFFICIENT
        if s.highs[i] == ALARM:
            high += 1
            value, _ = _latest(values, newest, policy.alarm_high_datapoints + 5)
            warm, _ = warmed(cells, now, warmup_of(p, policy, tick))
            wanted = _needed(warm, value, target)
            if wanted > most:
                most = wanted
                by = i
        if not policy.disable_scale_in:
            may_shrink += 1.0
            if s.lows[i] == ALARM:
                willing += 1.0
                low_by = i
        if s.lows[i] == ALARM:
            low += 1
    s.alarm_high = ALARM if high > 0 else (OK if known else INSUFFICIENT)
    s.alarm_low = ALARM if low > 0 else (OK if known else INSUFFICIENT)
    if high > 0:
        _grow(p, s, cells, tick, newest, by, most)
    elif willing > 0:
        _shrink(p, s, cells, tick, newest, low_by, willing, may_shrink)
    else:
        s.said = 0


@compiled
def _grow(p, s, cells, tick, newest, by, wanted):
    policy = p.policies[by]
    cpu = policy.metric == CPU
    values = s.cpu if cpu else s.per_target
    value, _ = _latest(values, newest, policy.alarm_high_datapoints + 5)
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
    policy = p.policies[by]
    value, _ = _latest(
        s.cpu if policy.metric == CPU else s.per_target, newest, policy.alarm_low_datapoints + 5
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
        reading, number = _latest(
            s.cpu if cpu else s.per_target, newest, policy.alarm_low_datapoints + 5
        )
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
        if number - width + 1 < s.changed:
            return
        wanted = _needed(warm, reading, policy.target_value)
        if wanted > most:
            most = wanted
            by = i
            value = reading
    policy = p.policies[by]
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
