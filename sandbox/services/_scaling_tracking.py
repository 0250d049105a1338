"""Target tracking: the pair of alarms of each policy, and the capacity they ask for."""

from __future__ import annotations

import math

from sandbox.kernels.alarm import (
    ALARM,
    AVERAGE,
    GREATER,
    INSUFFICIENT_DATA,
    LESS,
    MISSING,
    MORE,
    OK,
    target_tracking,
)
from sandbox.kernels.compiled import compiled
from sandbox.services._alarms import judge
from sandbox.services._instances import warm_from, warmed
from sandbox.services._scaling_events import AT_MAX, AT_MIN, COUNTED, DISAGREE, WARMING
from sandbox.services._scaling_metrics import (
    BASIC,
    CUSTOM,
    REQUESTS,
    TRACKING,
    ScalingMetric,
    point,
)
from sandbox.services._scaling_metrics import gather as gather_points
from sandbox.services.law import ERA_2020, emit
from sandbox.services.params import param

SEEN = "alarms that target tracking made, as listed in github.com/aws/copilot-cli/issues/4233"
POLICIES = 50  # EC2 Auto Scaling user guide: Quotas
LOW = 0.9  # AlarmLow's threshold, as a share of the target (SEEN)


class Policy(ScalingMetric):
    """A target tracking policy."""

    target_value: float = param(
        50.0,
        "Target: % of CPU, requests a minute and target, bytes a minute, or of the custom metric.",
        gt=0,
        le=1e12,
        source=TRACKING,
        basic=True,
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
        "Datapoints above the target, one after another, until instances are added.",
        ge=1,
        le=30,
        source=SEEN,
        confidence="M",
    )
    alarm_low_datapoints: int = param(
        15,
        "Datapoints below 0.9 of the target until some are removed.",
        ge=1,
        le=30,
        source=SEEN,
        confidence="M",
    )


@compiled
def warmup_of(p, own_s, tick):
    """The policy's own, else the group's default (since April 2022), else the cooldown."""
    if own_s >= 0:
        return float(own_s)
    if p.default_instance_warmup_s >= 0 and tick.era != ERA_2020:
        return float(p.default_instance_warmup_s)
    return float(p.default_cooldown_s)


@compiled
def longest_warmup(p, tick):
    """The longest warm-up of any policy of the group."""
    longest = 0.0
    for i in range(p.policies_n):
        longest = max(longest, warmup_of(p, p.policies[i].estimated_instance_warmup_s, tick))
    for i in range(p.step_policies_n):
        longest = max(longest, warmup_of(p, p.step_policies[i].estimated_instance_warmup_s, tick))
    return longest


@compiled
def evaluate_all(p, s, tick, minute):
    """Evaluate the two alarms of each policy whose turn it is."""
    now = tick.t + tick.dt
    high = low = 0
    known = False
    for i in range(p.policies_n):
        policy = p.policies[i]
        if minute or (policy.metric == CUSTOM and policy.custom_metric.period_s < 60):
            target = policy.target_value
            n = policy.alarm_high_datapoints
            m = policy.alarm_low_datapoints
            gather_points(p, s, policy, max(n, m) + MORE, 1, AVERAGE)
            judge(s.high[i], s.points, GREATER, target, n, n, MISSING, now)
            judge(s.low[i], s.points, LESS, LOW * target, m, m, MISSING, now)
        known = known or s.high[i].state != INSUFFICIENT_DATA
        high += s.high[i].state == ALARM
        low += s.low[i].state == ALARM
    s.alarm_high = ALARM if high > 0 else (OK if known else INSUFFICIENT_DATA)
    s.alarm_low = ALARM if low > 0 else (OK if known else INSUFFICIENT_DATA)
    s.breaching_high = s.high[0].breaching
    s.breaching_low = s.low[0].breaching


@compiled
def latest(p, s, policy, periods):
    """(value, how many periods back) of the newest datapoint that exists."""
    for back in range(periods + BASIC):
        value = point(p, s, policy, back, 1, AVERAGE)
        if not math.isnan(value):
            return value, back
    return math.nan, periods + BASIC


@compiled
def grow(p, s, cells, tick):
    """(capacity, policy): the largest that any policy in ALARM asks for; nan if none is."""
    now = tick.t + tick.dt
    most = math.nan
    by = 0.0
    for i in range(p.policies_n):
        policy = p.policies[i]
        if s.high[i].state == ALARM:
            value, _ = latest(p, s, policy, policy.alarm_high_datapoints)
            warm, _ = warmed(cells, now, warmup_of(p, policy.estimated_instance_warmup_s, tick))
            wanted = target_tracking(warm, value, policy.target_value)
            if not most >= wanted:
                most = wanted
                by = float(i)
    return most, by


@compiled
def refuse_more(p, s, cells, tick, by, wanted):
    """Say once why what AlarmHigh asks for changes nothing."""
    policy = p.policies[by]
    value, _ = latest(p, s, policy, policy.alarm_high_datapoints)
    target = policy.target_value
    if s.desired >= s.max_size:
        if s.said != AT_MAX:
            emit(tick, AT_MAX, value, target, wanted, s.desired, by + 1.0, 0.0)
        s.said = AT_MAX
    else:
        if s.said != COUNTED:
            warmup = warmup_of(p, policy.estimated_instance_warmup_s, tick)
            _, warming = warmed(cells, tick.t + tick.dt, warmup)
            emit(tick, COUNTED, value, target, wanted, s.desired, warming, by + 1.0)
        s.said = COUNTED


@compiled
def shrink(p, s, cells, tick):
    """(capacity, policy) that is left if all policies agree, none is warming, and a datapoint has
    been measured since the last were taken (how AWS paces it is not published: an assumption)."""
    now = tick.t + tick.dt
    willing = may_shrink = 0.0
    by = 0.0
    for i in range(p.policies_n):
        if not p.policies[i].disable_scale_in:
            may_shrink += 1.0
            if s.low[i].state == ALARM:
                willing += 1.0
                by = float(i)
    if willing == 0.0:
        s.said = 0
        return math.nan, 0.0
    if willing < may_shrink:
        policy = p.policies[int(by)]
        value, _ = latest(p, s, policy, policy.alarm_low_datapoints)
        if s.said != DISAGREE:
            threshold = LOW * policy.target_value
            emit(tick, DISAGREE, value, threshold, willing, may_shrink, by + 1.0, 0.0)
        s.said = DISAGREE
        return math.nan, 0.0
    most = -1.0
    for i in range(p.policies_n):
        policy = p.policies[i]
        if policy.disable_scale_in:
            continue
        reading, back = latest(p, s, policy, policy.alarm_low_datapoints)
        warmup = warmup_of(p, policy.estimated_instance_warmup_s, tick)
        warm, warming = warmed(cells, now, warmup)
        if warming > 0:
            if s.said != WARMING:
                until = warm_from(cells, warmup)
                threshold = LOW * policy.target_value
                emit(tick, WARMING, reading, threshold, warming, until, i + 1.0, 0.0)
            s.said = WARMING
            return math.nan, 0.0
        if s.minute - p.delay_minutes - _age(p, policy, back) < s.changed:
            return math.nan, 0.0
        wanted = target_tracking(warm, reading, policy.target_value)
        if wanted > most:
            most = wanted
            by = float(i)
    return most, by


@compiled
def _age(p, policy, back):
    """Minutes from the beginning of a datapoint until the newest that has arrived."""
    if policy.metric == CUSTOM:
        return math.ceil((back + 1) * policy.custom_metric.period_s / 60.0)
    if policy.metric != REQUESTS and not p.detailed_monitoring:
        return back + BASIC
    return back + 1


@compiled
def refuse_less(p, s, tick, by, wanted):
    """Say once why what AlarmLow asks for changes nothing."""
    policy = p.policies[by]
    value, _ = latest(p, s, policy, policy.alarm_low_datapoints)
    if s.said != AT_MIN:
        threshold = LOW * policy.target_value
        emit(tick, AT_MIN, value, threshold, wanted, s.desired, s.min_size, by + 1.0)
    s.said = AT_MIN


@compiled
def tell(p, s, tick, by, kind, before, after):
    """A decision of a policy; `kind` is the first event of its direction."""
    policy = p.policies[by]
    out = after > before
    n = policy.alarm_high_datapoints if out else policy.alarm_low_datapoints
    bound = policy.target_value if out else LOW * policy.target_value
    value, _ = latest(p, s, policy, n)
    emit(tick, kind + policy.metric, float(n), value, bound, before, after, by + 1.0)
