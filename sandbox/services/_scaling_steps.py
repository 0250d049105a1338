"""Step and simple policies: an alarm, and by how much the capacity changes while it lasts.

A step policy acts each minute, counts what is warming, and has no cooldown.  A simple policy acts
once, then is locked until its instances are done and its cooldown is over.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

from pydantic import model_validator

from sandbox.kernels.alarm import ALARM, MORE
from sandbox.kernels.compiled import compiled
from sandbox.kernels.scaling import EXACT, change_of, step_of
from sandbox.services._alarms import Alarm, judge, shared_at, upward
from sandbox.services._instances import warm_from, warmed
from sandbox.services._scaling_events import (
    COOLS,
    SIMPLE_BUSY,
    SIMPLE_COOLS,
    SIMPLE_LIMIT,
    STEP_COUNTED,
    STEP_LIMIT,
    STEP_NONE,
    STEP_WARMING,
)
from sandbox.services._scaling_metrics import CUSTOM, MINUTES, ScalingMetric, gather
from sandbox.services._scaling_tracking import warmup_of
from sandbox.services.law import emit
from sandbox.services.params import Parameters, param
from sandbox.services.references import MetricReference

STEPPING = "EC2 Auto Scaling user guide: Step and simple scaling policies"
COOLDOWNS = "EC2 Auto Scaling user guide: Scaling cooldowns"
QUOTAS = "EC2 Auto Scaling user guide: Quotas"
STEPS = 20  # QUOTAS: step adjustments of a policy
ALARM_STATE = "alarm_state"


class AlarmPolicy(ScalingMetric, Alarm):
    """What step and simple policies have in common: the alarm that sets them off."""

    shared_alarm: MetricReference | None = param(
        None,
        "An alarm node to act on, instead of an alarm of its own: its node, and the metric "
        "alarm_state.",
        source=STEPPING,
        confidence="H",
    )
    adjustment_type: Literal[
        "change_in_capacity", "exact_capacity", "percent_change_in_capacity"
    ] = param(
        "change_in_capacity",
        "Whether an adjustment adds so many, sets so many, or adds so many percent.",
        source=STEPPING,
        confidence="H",
        basic=True,
    )
    min_adjustment_magnitude: int = param(
        0,
        "Of a percentage: at least so many instances; 0 is none.",
        ge=0,
        le=5000,
        source=STEPPING,
        confidence="H",
    )

    @model_validator(mode="after")
    def _sharing(self) -> AlarmPolicy:
        shared = self.shared_alarm
        if shared is not None and shared.given and shared.metric != ALARM_STATE:
            raise ValueError(f"shared_alarm takes the metric {ALARM_STATE} of an alarm node")
        minutes = (self.evaluation_periods + MORE) * self.period_s // 60
        if self.metric != "custom" and minutes > MINUTES:
            raise ValueError(
                f"an alarm of the group's own keeps {MINUTES // 60} h of datapoints; evaluation_"
                "periods × period_s is more: watch the metric with an alarm node"
            )
        return self


class Step(Parameters):
    """One step; its bounds are relative to the threshold of the alarm."""

    lower_bound: float | None = param(
        None, "From so much off the threshold on; empty is without end.", ge=-1e12, le=1e12
    )
    upper_bound: float | None = param(
        None, "To so much off the threshold; empty is without end.", ge=-1e12, le=1e12
    )
    adjustment: float = param(
        1.0, "Instances, or percent.", ge=-5000, le=5000, source=STEPPING, confidence="H"
    )


class StepPolicy(AlarmPolicy):
    """A step scaling policy."""

    steps: list[Step] = param(
        [],
        "By how much the capacity changes, by how far the metric is off the threshold. Above it a "
        "step holds its lower bound, below it its upper one; none may overlap or leave a gap.",
        max_items=STEPS,
        source=STEPPING,
        confidence="H",
        basic=True,
    )
    estimated_instance_warmup_s: int | None = param(
        None,
        "For so long after it runs a new instance does not count; empty takes the group's default.",
        unit="s",
        ge=0,
        le=3600,
        source=STEPPING,
        confidence="H",
    )

    @model_validator(mode="after")
    def _steps(self) -> StepPolicy:
        checked_steps(self.steps)
        return self


def checked_steps(steps: Sequence[Step]) -> None:
    """Raise ValueError if steps overlap, leave a gap or hold nothing."""
    bounds = sorted(
        (
            -math.inf if step.lower_bound is None else step.lower_bound,
            math.inf if step.upper_bound is None else step.upper_bound,
        )
        for step in steps
    )
    for lower, upper in bounds:
        if not lower < upper:
            raise ValueError(f"a step from {lower:g} to {upper:g} holds nothing; change one")
    for (_, upper), (lower, _) in pairwise(bounds):
        if lower < upper:
            raise ValueError(f"steps overlap between {lower:g} and {upper:g}; move a bound")
        if lower > upper:
            raise ValueError(f"no step is for {upper:g} to {lower:g}; close the gap")


class SimplePolicy(AlarmPolicy):
    """A simple scaling policy, the default type of the API."""

    adjustment: float = param(
        1.0,
        "Instances, or percent.",
        ge=-5000,
        le=5000,
        source=STEPPING,
        confidence="H",
        basic=True,
    )
    cooldown_s: int | None = param(
        None,
        "Pause after the last instance of an activity is done; empty takes the group's default.",
        unit="s",
        ge=0,
        le=86_400,
        source=COOLDOWNS,
        confidence="H",
    )


@compiled
def busy(s):
    """Whether an activity or a replacement is under way."""
    return s.pending + s.starting + s.terminating + s.lost > 0.0 or s.alive != s.desired


@compiled
def _fires(p, s, policy, state, minute, now):
    """(whether the policy's alarm sets it off now, value, threshold, whether upward)."""
    if policy.shared_alarm.source != 0:
        alarm = shared_at(policy.shared_alarm.source)
        fires = minute and alarm.state == ALARM
        state.state, state.value = int(alarm.state), alarm.value
        return fires, alarm.value, alarm.threshold, alarm.above != 0.0
    n = policy.evaluation_periods
    m = policy.datapoints_to_alarm if policy.datapoints_to_alarm > 0 else n
    due = minute or (policy.metric == CUSTOM and policy.custom_metric.period_s < 60)
    if due:
        gather(p, s, policy, n + MORE, policy.period_s // 60, policy.statistic)
        judge(
            state,
            s.points,
            policy.comparison,
            policy.threshold,
            m,
            n,
            policy.treat_missing_data,
            now,
        )
    above = upward(policy.comparison)
    return due and state.state == ALARM, state.value, policy.threshold, above


@compiled
def step_wish(p, s, cells, tick, i, minute):
    """The capacity that a step policy asks for; nan if nothing."""
    now = tick.t + tick.dt
    policy = p.step_policies[i]
    fires, value, threshold, above = _fires(p, s, policy, s.step_alarm[i], minute, now)
    if not fires:
        if minute:
            s.step_said[i] = 0
        return math.nan
    chosen = step_of(policy.steps, policy.steps_n, value - threshold, above)
    if chosen < 0:
        if s.step_said[i] != STEP_NONE:
            emit(tick, STEP_NONE, i + 1.0, value, value - threshold, 0.0, 0.0, 0.0)
        s.step_said[i] = STEP_NONE
        return math.nan
    amount = policy.steps[chosen].adjustment
    least = float(policy.min_adjustment_magnitude)
    kind = policy.adjustment_type
    warmup = warmup_of(p, policy.estimated_instance_warmup_s, tick)
    warm, warming = warmed(cells, now, warmup)
    change = change_of(warm, kind, amount, least)
    inward = amount < s.desired if kind == EXACT else amount < 0.0
    if inward:
        if warming > 0.0:
            if s.step_said[i] != STEP_WARMING:
                until = warm_from(cells, warmup)
                emit(tick, STEP_WARMING, i + 1.0, value, threshold, warming, until, 0.0)
            s.step_said[i] = STEP_WARMING
            return math.nan
        wanted = s.desired + change_of(s.desired, kind, amount, least)
        limit = max(s.min_size, s.floor)
        if max(wanted, limit) >= s.desired:
            _at_limit(s, tick, i, value, threshold, wanted)
            return math.nan
        return max(wanted, 0.0)
    wanted = warm + change
    if wanted <= s.desired:
        if s.step_said[i] != STEP_COUNTED:
            emit(tick, STEP_COUNTED, i + 1.0, value, threshold, wanted, s.desired, 0.0)
        s.step_said[i] = STEP_COUNTED
        return math.nan
    if s.desired >= s.max_size:
        _at_limit(s, tick, i, value, threshold, wanted)
        return math.nan
    return wanted


@compiled
def _at_limit(s, tick, i, value, threshold, wanted):
    if s.step_said[i] != STEP_LIMIT:
        emit(tick, STEP_LIMIT, i + 1.0, value, threshold, wanted, s.desired, 0.0)
    s.step_said[i] = STEP_LIMIT


@compiled
def simple_wish(p, s, tick, i, minute):
    """The capacity that a simple policy asks for; nan if nothing, or if it is ignored."""
    now = tick.t + tick.dt
    policy = p.simple_policies[i]
    fires, value, threshold, _ = _fires(p, s, policy, s.simple_alarm[i], minute, now)
    if not fires:
        if minute:
            s.simple_said[i] = 0
        return math.nan
    if s.activity > 0 or busy(s):
        if s.simple_said[i] != SIMPLE_BUSY:
            pending = s.pending + s.starting
            emit(tick, SIMPLE_BUSY, i + 1.0, value, threshold, pending, s.terminating, 0.0)
        s.simple_said[i] = SIMPLE_BUSY
        return math.nan
    if now < s.cooldown_until_s - 1e-9:
        if s.simple_said[i] != SIMPLE_COOLS:
            emit(tick, SIMPLE_COOLS, i + 1.0, value, threshold, s.cooldown_until_s, 0.0, 0.0)
        s.simple_said[i] = SIMPLE_COOLS
        return math.nan
    least = float(policy.min_adjustment_magnitude)
    change = change_of(s.desired, policy.adjustment_type, policy.adjustment, least)
    wanted = s.desired + change
    after = min(max(wanted, s.min_size, min(s.desired, s.floor)), s.max_size)
    if after == s.desired:
        if s.simple_said[i] != SIMPLE_LIMIT:
            emit(tick, SIMPLE_LIMIT, i + 1.0, value, threshold, s.desired, 0.0, 0.0)
        s.simple_said[i] = SIMPLE_LIMIT
        return math.nan
    s.simple_said[i] = 0
    return after


@compiled
def tell_step(p, s, tick, i, kind, before, wanted, after):
    """A decision of a step policy."""
    policy = p.step_policies[i]
    value, threshold, above = s.step_alarm[i].value, policy.threshold, upward(policy.comparison)
    if policy.shared_alarm.source != 0:
        alarm = shared_at(policy.shared_alarm.source)
        value, threshold, above = alarm.value, alarm.threshold, alarm.above != 0.0
    chosen = step_of(policy.steps, policy.steps_n, value - threshold, above)
    emit(tick, kind, chosen + 1.0, i + 1.0, value, threshold, before, after)
    s.step_said[i] = 0


@compiled
def tell_simple(p, s, tick, i, kind, before, after):
    """A decision of a simple policy."""
    policy = p.simple_policies[i]
    value, threshold = s.simple_alarm[i].value, policy.threshold
    if policy.shared_alarm.source != 0:
        alarm = shared_at(policy.shared_alarm.source)
        value, threshold = alarm.value, alarm.threshold
    emit(tick, kind, i + 1.0, value, threshold, before, after, 0.0)


@compiled
def tell_cooldown(tick, policy, cooldown, until):
    emit(tick, COOLS, policy, cooldown, until, 0.0, 0.0, 0.0)
