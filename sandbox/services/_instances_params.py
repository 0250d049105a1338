"""What a person sets of a group's instances: launch source, hooks, zones, and who goes first."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sandbox.services import _instance_types as types
from sandbox.services._instances_buying import Spot, WarmPool
from sandbox.services.law import ZONES
from sandbox.services.params import Parameters, param

POLICIES = "EC2 Auto Scaling user guide: Control which instances terminate during scale in"
LIFETIME = "EC2 Auto Scaling API: CreateAutoScalingGroup, MaxInstanceLifetime"
HOOKS = "EC2 Auto Scaling API: LifecycleHookSpecification"
DISTRIBUTION = "EC2 Auto Scaling API: AvailabilityZoneDistribution"
CONFIGURATIONS = "EC2 Auto Scaling user guide: Launch configurations"
QUOTA = "Amazon EC2 user guide: On-Demand Instance limits (1,152 vCPUs early in 2020)"
CREDITS = "Amazon EC2 user guide: Unlimited and standard mode for burstable instances"
LEAST_LIFETIME_S = 86_400  # EC2 Auto Scaling API: CreateAutoScalingGroup, MaxInstanceLifetime
HEARTBEAT_S = 3600  # EC2 Auto Scaling API: LifecycleHookSpecification, HeartbeatTimeout
MOST_HOOKS = 50  # EC2 Auto Scaling user guide: Quotas


class Hook(Parameters):
    """A lifecycle hook."""

    transition: Literal["launching", "terminating"] = param(
        "launching", "Which way the instance goes.", source=HOOKS, confidence="H", basic=True
    )
    heartbeat_timeout_s: int = param(
        HEARTBEAT_S,
        "For so long the group waits for somebody to complete the action.",
        unit="s",
        ge=30,
        le=7200,
        source=HOOKS,
        confidence="H",
        basic=True,
    )
    default_result: Literal["ABANDON", "CONTINUE"] = param(
        "ABANDON",
        "What happens then. A launch that is abandoned is terminated and tried again; a "
        "termination goes on either way.",
        source=HOOKS,
        confidence="H",
    )
    completes_after_s: float | None = param(
        None,
        "When the instance's own script completes the action with CONTINUE; empty: nobody does, "
        "but by hand.",
        unit="s",
        ge=0,
        le=172_800,
        basic=True,
    )


class Kept(Parameters):
    """What all instances have, and which go first."""

    launch_source: Literal["launch_template", "launch_configuration"] = param(
        "launch_template",
        "What instances are launched from. A launch configuration has one type, no spot beside "
        "on demand, no unlimited T2, and none of the types since 2023; new accounts have had none "
        "since October 2024. One made by the API has detailed monitoring on by default.",
        source=CONFIGURATIONS,
        confidence="M",
        group="Instances",
    )
    volume_gb: float = param(
        0.0,
        "Root volume of an instance (gp3; gp2 in 2020), billed while it exists, stopped too; 0 "
        "leaves storage out of the bill.",
        unit="GB",
        ge=0,
        le=16_384,
        source="Amazon EBS pricing, us-east-1",
        confidence="H",
        console=8.0,
        group="Instances",
    )
    credit_specification: Literal["standard", "unlimited"] | None = param(
        None,
        "CPU credits of T types: without any left, an instance falls to its baseline (standard) "
        "or pays for surplus (unlimited). Empty is unlimited for T3 and T4g, standard for T2.",
        source=CREDITS,
        confidence="H",
        group="Instances",
    )
    vcpu_quota: int | None = param(
        1152,
        "The account's quota of vCPUs on demand, for this group alone; empty is none. New "
        "accounts start lower.",
        ge=0,
        le=1_000_000,
        source=QUOTA,
        confidence="H",
        group="Instances",
    )
    max_instance_lifetime_s: int = param(
        0,
        "Older instances are replaced, terminated first; 0 is never, else at least a day.",
        unit="s",
        ge=0,
        le=31_536_000,
        source=LIFETIME,
        confidence="H",
        group="Instances",
    )
    app_restart_s: float = param(
        10.0,
        "Until the application is ready when a prepared instance starts again (resized, or "
        "stopped in a warm pool).",
        unit="s",
        ge=0,
        le=7200,
        group="Instances",
    )
    stop_s: float = param(
        30.0,
        "How long an instance takes to stop before its type can be changed.",
        unit="s",
        ge=0,
        le=3600,
        group="Instances",
    )
    lifecycle_hooks: list[Hook] = param(
        [],
        "Hold instances back when they are launched (before they are in service) or terminated "
        "(after they have drained). They are billed meanwhile.",
        max_items=MOST_HOOKS,
        source=HOOKS,
        confidence="H",
        console=[],
        group="Instances",
    )
    zones: int = param(
        1,
        "Availability zones, where the group stands in no zone of the diagram.",
        ge=1,
        le=ZONES,
        group="Zones and termination",
    )
    zone_distribution: Literal["balanced-best-effort", "balanced-only"] = param(
        "balanced-best-effort",
        "Where launches in a failed zone go: to the others, or on trying (since 2024).",
        source=DISTRIBUTION,
        confidence="H",
        group="Zones and termination",
    )
    termination_policy: Literal[
        "Default",
        "OldestInstance",
        "NewestInstance",
        "OldestLaunchConfiguration",
        "OldestLaunchTemplate",
        "ClosestToNextInstanceHour",
        "AllocationStrategy",
    ] = param(
        "Default",
        "Which instance goes first, in the zone with the most. Default: the purchase option that "
        "is over its share, then the oldest launch template, then the one closest to its next "
        "hour, then any.",
        source=POLICIES,
        confidence="H",
        group="Zones and termination",
    )
    new_instances_protected: bool = param(
        False,
        "Whether new instances are protected from scale-in (not from replacement when unhealthy).",
        source=POLICIES,
        confidence="H",
        group="Zones and termination",
    )


class FleetParams(WarmPool, Spot, Kept):
    """What the instances of a group are, how they are bought, and which wait prepared."""

    @model_validator(mode="after")
    def _possible(self) -> FleetParams:
        mixed = bool(self.instance_types) or self.on_demand_percentage_above_base < 100
        if 0 < self.max_instance_lifetime_s < LEAST_LIFETIME_S:
            raise ValueError("max_instance_lifetime_s must be 0 or at least 86,400 (a day)")
        if self.warm_pool and mixed:
            raise ValueError(
                "warm_pool cannot go with instance_types or spot; leave those out or turn it off"
            )
        if self.launch_source == "launch_configuration":
            if mixed:
                raise ValueError(
                    "a launch_configuration has one instance type and one way to buy it; "
                    "take launch_template for instance_types and spot"
                )
            if self.credit_specification == "unlimited":
                raise ValueError(
                    "a launch_configuration cannot set unlimited credits; take launch_template"
                )
            one = getattr(self, "instance_type", "")
            if types.family(one) in types.YOUNGEST_FOR_CONFIGURATIONS:
                raise ValueError(
                    f"a launch_configuration cannot have {one}, a type since 2023; "
                    "take launch_template"
                )
        return self
