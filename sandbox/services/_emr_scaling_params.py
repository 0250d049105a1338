"""How an EMR cluster scales: managed, or by rules of each instance group."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sandbox.services._scalable_targets import POLICIES, ScalableTarget, StepScaling
from sandbox.services.params import Parameters, param

API = "Amazon EMR API Reference"
GUIDE = "Amazon EMR Management Guide"
LIMITS = f"{API}: ComputeLimits"
RULES = f"{GUIDE}: Using automatic scaling with a custom policy for instance groups"
COOLDOWN_S = 0  # Amazon EMR API Reference: SimpleScalingPolicyConfiguration, CoolDown


class ManagedScaling(Parameters):
    """The limits of managed scaling, in units; the primary node counts for nothing."""

    unit: Literal["instances", "vcpu", "fleet_units"] = param(
        "instances",
        "What the limits count: instances, their vCPUs, or units of fleets, here instances too.",
        source=LIMITS,
        confidence="H",
        basic=True,
    )
    minimum: int = param(
        1, "Least capacity.", ge=1, le=100_000, source=LIMITS, confidence="H", basic=True
    )
    maximum: int = param(
        10, "Greatest capacity.", ge=1, le=100_000, source=LIMITS, confidence="H", basic=True
    )
    maximum_on_demand: int | None = param(
        None, "Of it on demand; the rest is Spot. Empty is the maximum.", ge=0, le=100_000,
        source=LIMITS, confidence="H",
    )  # fmt: skip
    maximum_core: int | None = param(
        None, "Of it core nodes; the rest are task nodes. Empty is the maximum.", ge=1, le=100_000,
        source=LIMITS, confidence="H",
    )  # fmt: skip
    evaluation_s: float = param(
        10.0, "Time between decisions, 5 to 10 s.", unit="s", ge=5, le=10,
        source=f"{GUIDE}: Using managed scaling", confidence="H",
    )  # fmt: skip
    scale_in_after_s: float = param(
        60.0, "For so long less must have been enough before nodes go.", unit="s", ge=0, le=3600
    )

    @model_validator(mode="after")
    def _ordered(self) -> ManagedScaling:
        if self.minimum > self.maximum:
            raise ValueError("minimum must not exceed maximum; change one of them")
        return self


class ScalingRule(StepScaling):
    """A rule of an instance group: an alarm over 5-minute datapoints, and what it changes."""

    cooldown_s: int = param(
        COOLDOWN_S, "After it has acted, for so long not again; the console gives 300 s.",
        unit="s", ge=0, le=86_400, source=f"{API}: SimpleScalingPolicyConfiguration",
        confidence="H", console=300,
    )  # fmt: skip


class GroupScaling(ScalableTarget):
    """Bounds and rules of an instance group; the predefined metric is its free YARN memory."""

    step_policies: list[ScalingRule] = param(  # type: ignore[assignment]  # it is never written
        [],
        "Rules. The predefined metric is YARNMemoryAvailablePercentage.",
        max_items=POLICIES,
        source=RULES,
        confidence="H",
        basic=True,
    )

    @model_validator(mode="after")
    def _rules_only(self) -> GroupScaling:
        if self.target_tracking:
            raise ValueError("EMR has no target tracking; declare step_policies")
        if self.scheduled_actions:
            raise ValueError("EMR groups have no scheduled actions; declare step_policies")
        return self
