"""Dynamic scaling of a group: the parameters of its policies, and which of them decides.

Each minute (every 10 s for a metric of high resolution) all alarms are evaluated, and a policy in
ALARM acts, again each time while it lasts.  If any policy wants more capacity the largest wish
wins; else, if some want less, the largest of what they leave.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

from sandbox.kernels.alarm import INSUFFICIENT_DATA
from sandbox.kernels.compiled import compiled
from sandbox.services import _scaling_steps as steps
from sandbox.services import _scaling_tracking as tracking
from sandbox.services import _scaling_watch as watch
from sandbox.services._alarms import STATE, Scratch
from sandbox.services._instances import warmed
from sandbox.services._scaling_events import IN, IN_SIMPLE, IN_STEP, OUT, OUT_SIMPLE, OUT_STEP
from sandbox.services._scaling_metrics import Published
from sandbox.services._scaling_steps import SimplePolicy, StepPolicy
from sandbox.services._scaling_tracking import POLICIES, Policy
from sandbox.services.law import boundary

__all__ = ["Policy", "SimplePolicy", "StepPolicy"]

TRACKS, STEPS, SIMPLE = range(3)  # the family of a policy


class Dynamic(Published, Scratch, watch.Watched):
    """What the state of a group keeps for its dynamic policies."""

    changed: int  # `minute` when capacity was last taken away
    said: int  # the refusal last told, so that it is told once
    alarm_high: float
    alarm_low: float
    breaching_high: float  # datapoints of the first policy that breach
    breaching_low: float
    warming: float
    high: Annotated[object, (STATE, (POLICIES,))]
    low: Annotated[object, (STATE, (POLICIES,))]
    step_alarm: Annotated[object, (STATE, (POLICIES,))]
    step_said: Annotated[object, ("i8", (POLICIES,))]
    simple_alarm: Annotated[object, (STATE, (POLICIES,))]
    simple_said: Annotated[object, ("i8", (POLICIES,))]
    activity: int  # the simple policy whose activity runs, from 1; 0: none
    cooldown_until_s: float
    cooldown_left: float
    floor: float  # what the forecast keeps the group from falling below


def start(state: Any) -> None:
    """No alarm has data at the start."""
    state["alarm_high"] = state["alarm_low"] = INSUFFICIENT_DATA
    for name in ("high", "low", "step_alarm", "simple_alarm"):
        state[name]["state"] = INSUFFICIENT_DATA
    state["alarm_step"] = state["alarm_simple"] = INSUFFICIENT_DATA
    state["cooldown_until_s"] = state["warm_at_s"] = state["grace_until_s"] = -math.inf


def blind(params: Any) -> list[str]:
    """Policies that look at nothing, in words."""
    found = []
    kinds = (
        ("policies", "target tracking"),
        ("step_policies", "step"),
        ("simple_policies", "simple"),
    )
    for name, title in kinds:
        for i, policy in enumerate(getattr(params, name), 1):
            shared = getattr(policy, "shared_alarm", None)
            own = policy.custom_metric is not None and policy.custom_metric.given
            if policy.metric == "custom" and not own and not (shared and shared.given):
                found.append(
                    f"The custom metric of {title} policy {i} names no metric: it never acts; "
                    f"set custom_metric in {name}"
                )
            elif title == "step" and not policy.steps:
                found.append(f"Step policy {i} has no steps: it never acts; add one in {name}")
    return found


@compiled
def decide(p, s, cells, tick):
    """Evaluate what is due, then take the largest wish for more, or else for less."""
    minute = boundary(tick, 60.0)
    if not minute and not (p.fine and boundary(tick, 10.0)):
        return
    if p.policies_n + p.step_policies_n + p.simple_policies_n == 0:
        return
    now = tick.t + tick.dt
    # of each family what it wants, and the policy that does; nan: nothing
    more = math.nan
    more_by = 0.0
    less = math.nan
    less_by = 0.0
    family = in_family = 0
    if p.policies_n > 0:
        tracking.evaluate_all(p, s, tick, minute)
        watch.note_tracking(p, s, tracking.LOW)
        wanted, by = tracking.grow(p, s, cells, tick)
        if wanted == wanted:
            more, more_by, family = wanted, by, TRACKS
    for i in range(p.step_policies_n):
        wanted = steps.step_wish(p, s, cells, tick, i, minute)
        if wanted > s.desired and not more >= wanted:
            more, more_by, family = wanted, float(i), STEPS
        elif wanted < s.desired and not less >= wanted:
            less, less_by, in_family = wanted, float(i), STEPS
    for i in range(p.simple_policies_n):
        wanted = steps.simple_wish(p, s, tick, i, minute)
        if wanted > s.desired and not more >= wanted:
            more, more_by, family = wanted, float(i), SIMPLE
        elif wanted < s.desired and not less >= wanted:
            less, less_by, in_family = wanted, float(i), SIMPLE
    watch.note_alarms(p, s)
    if more == more:
        _more(p, s, cells, tick, more, more_by, family)
    else:
        if p.policies_n > 0:
            wanted, by = tracking.shrink(p, s, cells, tick)
            if wanted == wanted and not less >= wanted:
                less, less_by, in_family = wanted, by, TRACKS
        if less == less:
            _less(p, s, tick, less, less_by, in_family)
    _, s.warming = warmed(cells, now, tracking.longest_warmup(p, tick))


@compiled
def _more(p, s, cells, tick, wanted, by, family):
    before = s.desired
    after = min(max(before, wanted), s.max_size)
    if family == TRACKS:
        if after > before:
            tracking.tell(p, s, tick, int(by), OUT, before, after)
            s.said = 0
        else:
            tracking.refuse_more(p, s, cells, tick, int(by), wanted)
    elif family == STEPS:
        steps.tell_step(p, s, tick, int(by), OUT_STEP, before, wanted, after)
    else:
        steps.tell_simple(p, s, tick, int(by), OUT_SIMPLE, before, after)
        s.activity = int(by) + 1 if after != before else s.activity
    s.desired = after


@compiled
def _less(p, s, tick, wanted, by, family):
    before = s.desired
    after = max(min(before, wanted), s.min_size, min(before, s.floor))
    if family == TRACKS:
        if after < before:
            tracking.tell(p, s, tick, int(by), IN, before, after)
            s.changed = s.minute
            s.said = 0
        else:
            tracking.refuse_less(p, s, tick, int(by), wanted)
    elif family == STEPS:
        steps.tell_step(p, s, tick, int(by), IN_STEP, before, wanted, after)
    else:
        steps.tell_simple(p, s, tick, int(by), IN_SIMPLE, before, after)
        s.activity = int(by) + 1 if after != before else s.activity
    s.desired = after


@compiled
def clocks(p, s, tick):
    """The cooldown of a simple policy begins when the last instance of its activity is done."""
    now = tick.t + tick.dt
    if s.activity > 0 and not steps.busy(s):
        policy = p.simple_policies[s.activity - 1]
        cooldown = policy.cooldown_s if policy.cooldown_s >= 0 else p.default_cooldown_s
        s.cooldown_until_s = now + cooldown
        steps.tell_cooldown(tick, float(s.activity), float(cooldown), s.cooldown_until_s)
        s.activity = 0
    s.cooldown_left = max(0.0, s.cooldown_until_s - now)
    watch.run_clocks(p, s, now)
