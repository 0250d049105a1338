"""The parameters of a scalable target of Application Auto Scaling, the same for every service."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sandbox.kernels.alarm import MORE
from sandbox.services._alarms import Judgement
from sandbox.services._scaling_steps import Step, checked_steps
from sandbox.services._scheduled_actions import ScheduledBounds, collide
from sandbox.services.params import Parameters, param
from sandbox.services.references import MetricReference

REGISTER = "Application Auto Scaling API: RegisterScalableTarget"
POLICY = "Application Auto Scaling API: PutScalingPolicy"
QUOTAS = "Application Auto Scaling User Guide: Quotas"
POLICIES = 10  # assumption: as many of a kind as the law is laid out for; QUOTAS allows 50
ACTIONS = 50  # assumption: as many as the law is laid out for; QUOTAS allows 200
STEPS = 20  # QUOTAS: step adjustments of a policy
POINTS = 64  # datapoints that are kept
MOST = POINTS - MORE - 16  # datapoints of an alarm, with room for a delay of 16 minutes
CUSTOM = 1  # the metric of a policy


class Watching(Parameters):
    """What a policy of a scalable target looks at."""

    metric: Literal["predefined", "custom"] = param(
        "predefined",
        "The predefined metric of the service, utilisation in %, or a custom one.",
        source=POLICY,
        confidence="H",
        basic=True,
    )
    custom_metric: MetricReference | None = param(
        None, "With custom: any node's metric.", source=POLICY, confidence="H"
    )
    divide_by: MetricReference | None = param(
        None, "With custom: the metric is divided by this one.", source=POLICY, confidence="H"
    )


class TargetTracking(Watching):
    """A target tracking policy of Application Auto Scaling."""

    target_value: float = param(
        70.0, "Target of the metric.", gt=0, le=1e12, source=POLICY, basic=True
    )
    disable_scale_in: bool = param(
        False, "Never take capacity away for this policy.", source=POLICY, confidence="H"
    )
    scale_out_cooldown_s: int | None = param(
        None,
        "After a scale-out, for so long another only if it asks for more; empty takes the "
        "service's: 300 s for ECS and Aurora, 0 for DynamoDB and Lambda.",
        unit="s",
        ge=0,
        le=86_400,
        source=POLICY,
        confidence="H",
    )
    scale_in_cooldown_s: int | None = param(
        None,
        "After a scale-in, for so long no other; a scale-out ends it. Empty takes the service's.",
        unit="s",
        ge=0,
        le=86_400,
        source=POLICY,
        confidence="H",
    )


class StepScaling(Watching, Judgement):
    """A step scaling policy of Application Auto Scaling; unlike a group's it has a cooldown."""

    adjustment_type: Literal[
        "change_in_capacity", "exact_capacity", "percent_change_in_capacity"
    ] = param(
        "change_in_capacity",
        "Whether an adjustment adds so many, sets so many, or adds so many percent.",
        source=POLICY,
        confidence="H",
        basic=True,
    )
    min_adjustment_magnitude: int = param(
        0,
        "Of a percentage: at least so much; 0 is none.",
        ge=0,
        le=1_000_000,
        source=POLICY,
        confidence="H",
    )
    steps: list[Step] = param(
        [],
        "By how much the capacity changes, by how far the metric is off the threshold.",
        max_items=STEPS,
        source=POLICY,
        confidence="H",
        basic=True,
    )
    cooldown_s: int = param(
        300,
        "After a scaling activity, for so long no other in the same direction, but a larger one.",
        unit="s",
        ge=0,
        le=86_400,
        source=POLICY,
        confidence="H",
    )

    @model_validator(mode="after")
    def _fits(self) -> StepScaling:
        checked_steps(self.steps)
        if self.evaluation_periods > MOST:
            raise ValueError(f"evaluation_periods may be {MOST} at most in a scalable target")
        return self


class ScalableTarget(Parameters):
    """Bounds and policies of one dimension that scales."""

    min_capacity: int = param(
        1, "Least capacity.", ge=0, le=1_000_000, source=REGISTER, confidence="H", basic=True
    )
    max_capacity: int = param(
        10, "Greatest capacity.", ge=0, le=1_000_000, source=REGISTER, confidence="H", basic=True
    )
    target_tracking: list[TargetTracking] = param(
        [],
        "Target tracking policies.",
        max_items=POLICIES,
        source=POLICY,
        confidence="H",
        basic=True,
    )
    step_policies: list[StepScaling] = param(
        [], "Step policies.", max_items=POLICIES, source=POLICY, confidence="H"
    )
    scheduled_actions: list[ScheduledBounds] = param(
        [],
        "Bounds to set at moments known beforehand; they pull the capacity along.",
        max_items=ACTIONS,
        source="Application Auto Scaling User Guide: Scheduled scaling",
        confidence="H",
    )
    metric_delay_s: float = param(
        60.0, "Until a datapoint arrives, rounded up to minutes.", unit="s", ge=0, le=900
    )

    @model_validator(mode="after")
    def _ordered(self) -> ScalableTarget:
        if self.min_capacity > self.max_capacity:
            raise ValueError(
                f"min_capacity {self.min_capacity} must not exceed max_capacity "
                f"{self.max_capacity}; change one of them"
            )
        if clash := collide(self.scheduled_actions):
            raise ValueError(clash)
        return self
