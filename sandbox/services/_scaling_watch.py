"""What is to be seen of a group's policies: datapoints, alarm states, clocks that run.

No decision reads any of it.
"""

from __future__ import annotations

import math

from sandbox.kernels.alarm import ALARM, INSUFFICIENT_DATA, OK
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._instances import IMPAIRED, IN_SERVICE, PENDING, STARTING, WAITING, warm_from
from sandbox.services.contract import Metric

METRICS = (
    Metric("policy_datapoint", "", "Newest datapoint (target tracking 1)", "datapoint"),
    Metric("alarm_high_threshold", "", "AlarmHigh's threshold (target tracking 1)", "bound_high"),
    Metric("alarm_low_threshold", "", "AlarmLow's threshold (target tracking 1)", "bound_low"),
    Metric("alarm_high_for_s", "s", "AlarmHigh in this state for (target tracking 1)", "high_for"),
    Metric("alarm_low_for_s", "s", "AlarmLow in this state for (target tracking 1)", "low_for"),
    Metric(
        "alarm_step", "", "Step policies' alarms (0 OK, 1 ALARM, 2 insufficient data)", "alarm_step"
    ),
    Metric("breaching_step", "", "Datapoints that breach (step policy 1)", "breaching_step"),
    Metric(
        "alarm_simple",
        "",
        "Simple policies' alarms (0 OK, 1 ALARM, 2 insufficient data)",
        "alarm_simple",
    ),
    Metric("breaching_simple", "", "Datapoints that breach (simple policy 1)", "breaching_simple"),
    Metric("warm_in_s", "s", "Warm-up left, of the last instance", "warm_in"),
    Metric("grace_left_s", "s", "Health check grace left, of the last instance", "grace_left"),
)


class Watched:
    """Part of a group's state."""

    datapoint: float
    need_high: float  # datapoints that the first policy's alarms need, and
    need_low: float
    bound_high: float  # … their thresholds
    bound_low: float
    high_for: float
    low_for: float
    alarm_step: float
    breaching_step: float
    alarm_simple: float
    breaching_simple: float
    warm_at_s: float
    warm_in: float
    grace_until_s: float
    grace_left: float


@compiled
def note_tracking(p, s, low_share):
    """The first target tracking policy, after its alarms were evaluated."""
    policy = p.policies[0]
    value = s.high[0].value
    s.datapoint = value if value == value else s.datapoint
    s.need_high, s.need_low = (
        float(policy.alarm_high_datapoints),
        float(policy.alarm_low_datapoints),
    )
    s.bound_high, s.bound_low = policy.target_value, low_share * policy.target_value


@compiled
def note_alarms(p, s):
    """The alarms of step and simple policies: ALARM if any is."""
    s.alarm_step = _worst(s.step_alarm, p.step_policies_n)
    s.alarm_simple = _worst(s.simple_alarm, p.simple_policies_n)
    s.breaching_step = s.step_alarm[0].breaching
    s.breaching_simple = s.simple_alarm[0].breaching


@compiled
def _worst(alarms, n):
    found = float(INSUFFICIENT_DATA)
    for i in range(n):
        if alarms[i].state == ALARM:
            return float(ALARM)
        if alarms[i].state == OK:
            found = float(OK)
    return found


@compiled
def note_clocks(p, s, cells, warmup_s):
    """Until when the last instance warms up, and has its grace."""
    s.warm_at_s = warm_from(cells, warmup_s)
    s.grace_until_s = -math.inf
    for i in range(cells.shape[0]):
        if cells[i].state in (PENDING, WAITING, STARTING, IN_SERVICE, IMPAIRED):
            until = cells[i].running_s + p.health_check_grace_period_s
            s.grace_until_s = max(s.grace_until_s, until)


@inlined
def run_clocks(p, s, now):
    """What is left of each clock, each tick."""
    s.warm_in = max(0.0, s.warm_at_s - now)
    s.grace_left = max(0.0, s.grace_until_s - now) if p.health_check_grace_period_s > 0 else 0.0
    if p.policies_n > 0:
        s.high_for = now - s.high[0].since_s
        s.low_for = now - s.low[0].since_s
