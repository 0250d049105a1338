"""Scaling plans (AWS Auto Scaling) as the resources see them that a plan is linked to.

A plan makes policies at its resources: each takes the instruction that the control link brings.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sandbox.kernels.compiled import inlined
from sandbox.services._scalable_targets import POLICIES, ScalableTarget, TargetTracking
from sandbox.services._scaling_predictive import PredictivePolicy
from sandbox.services.contract import Port, Setup
from sandbox.services.law import CONTROL
from sandbox.services.params import Parameters, param

PLANS = "AWS Auto Scaling user guide: Step 2: Specify a scaling strategy"
API = "AWS Auto Scaling API: ScalingInstruction"
STRATEGIES = {"availability": 40.0, "balanced": 50.0, "cost": 70.0}  # PLANS: target utilisation, %
CAPACITY, FORECAST, TOLD = range(3)  # what a resource answers on its control link
PORT = Port("scaling", "in", "Scaling plan", modes=("control",), peers=("scaling_plan",))


class Instruction(Parameters):
    """What stands on the link from a plan to a resource."""

    strategy: Literal["as_plan", "availability", "balanced", "cost", "custom"] = param(
        "as_plan",
        "The plan's own strategy, or another one for this resource.",
        source=PLANS,
        confidence="H",
        basic=True,
    )
    target_value: float = param(
        50.0,
        "With custom: target utilisation.",
        unit="%",
        gt=0,
        le=100,
        source=PLANS,
        confidence="H",
        basic=True,
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan wants of one resource: a target utilisation in %, and how."""

    plan: str
    target: float
    dynamic: bool
    disable_scale_in: bool
    replaces: bool
    predictive: PredictivePolicy | None


def instruction(setup: Setup) -> Planned | None:
    """What the plan that a resource is linked to wants of it; None without a plan."""
    for link in setup.ins:
        if link.service != "scaling_plan" or link.mode != "control":
            continue
        plan = link.given
        own = link.params.get("strategy", "as_plan")
        strategy = plan.strategy if own == "as_plan" else own
        custom = plan.target_value if own == "as_plan" else float(link.params["target_value"])
        target = STRATEGIES.get(strategy, custom)
        predictive = None
        if plan.predictive_scaling:
            raises = plan.max_capacity_behavior != "set_forecast_capacity_to_max_capacity"
            above = plan.max_capacity_behavior == "set_max_capacity_above_forecast_capacity"
            predictive = PredictivePolicy(
                metric_pair=plan.load_metric,
                target_value=target if plan.load_metric == "cpu" else plan.load_target_value,
                mode=plan.predictive_mode,
                scheduling_buffer_time_s=plan.scheduled_action_buffer_time_s,
                max_capacity_breach_behavior=(
                    "increase_max_capacity" if raises else "honor_max_capacity"
                ),
                max_capacity_buffer=plan.max_capacity_buffer if above else 0,
            )
        return Planned(
            link.other,
            target,
            plan.dynamic_scaling,
            plan.disable_scale_in,
            plan.replace_external_policies,
            predictive,
        )
    return None


def target_of(
    setup: Setup, own: ScalableTarget | None, least: int, most: int
) -> ScalableTarget | None:
    """The scalable target of a resource, with the policy that its plan makes there.

    The plan's policy stands beside the resource's own, or replaces them. `least` and `most` bound
    the capacity where the resource itself says nothing.
    """
    plan = instruction(setup)
    if plan is None or not plan.dynamic:
        return own
    policy = TargetTracking(target_value=plan.target, disable_scale_in=plan.disable_scale_in)
    if own is None:
        return ScalableTarget(
            min_capacity=least, max_capacity=max(least, most), target_tracking=[policy]
        )
    if plan.replaces:
        return own.model_copy(update={"target_tracking": [policy], "step_policies": []})
    return own.model_copy(update={"target_tracking": [*own.target_tracking, policy][:POLICIES]})


@inlined
def told_to_plan(tick, capacity, forecast):
    """Answer on the control links of plans: the capacity now, and what is forecast."""
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode == CONTROL:
            link.signal[CAPACITY] = capacity
            link.signal[FORECAST] = forecast
            link.signal[TOLD] = 1.0
