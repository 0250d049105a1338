"""The parameters of an Auto Scaling group, and the pages that they are taken from."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sandbox.services import _scaling_metrics as published
from sandbox.services._forecast import PREDICTIVE
from sandbox.services._instance_types import SOURCE, Name
from sandbox.services._instances_params import FleetParams
from sandbox.services._scaling import Policy, SimplePolicy, StepPolicy
from sandbox.services._scaling_predictive import MOST as PREDICTIVES
from sandbox.services._scaling_predictive import PredictivePolicy
from sandbox.services._scaling_steps import STEPPING
from sandbox.services._scaling_tracking import POLICIES
from sandbox.services._scheduled_actions import ACTIONS, SCHEDULED, ScheduledAction, collide
from sandbox.services._workers import Work
from sandbox.services.params import Parameters, param

API = "EC2 Auto Scaling API: CreateAutoScalingGroup"
HEALTH = "EC2 Auto Scaling user guide: Health checks for Auto Scaling instances"
TARGETS = "Application Load Balancers user guide: Target groups for your load balancers"
CHECKS = "Application Load Balancers user guide: Health checks for your target groups"
WARMUP = "EC2 Auto Scaling user guide: Set the default instance warmup"
BOOT = "https://www.daemonology.net/blog/2021-08-12-EC2-boot-time-benchmarking.html"


class Sizes(Parameters):
    instance_type: Name = param(
        "m5.large",
        "EC2 instance type: vCPUs, network, price. A change during a run is a new version of "
        "what is launched from: for new instances; resize or refresh the others.",
        source=SOURCE,
        confidence="H",
        basic=True,
    )
    min_size: int = param(
        1, "Least number of instances.", ge=0, le=5000, source=API, confidence="H", basic=True
    )
    max_size: int = param(
        4, "Greatest number of instances.", ge=0, le=5000, source=API, confidence="H", basic=True
    )
    desired_capacity: int | None = param(
        None,
        "Instances at the start; empty is the minimum size.",
        ge=0,
        le=5000,
        source=API,
        confidence="H",
        basic=True,
    )


class Group(Work, Sizes):
    """What a group is, what its instances do, and how it scales."""

    policies: list[Policy] = param(
        [],
        "Target tracking policies; without any policy the group keeps its desired capacity.",
        max_items=POLICIES,
        source=published.TRACKING,
        confidence="H",
        console=[{}],
        basic=True,
        group="Scaling",
    )
    step_policies: list[StepPolicy] = param(
        [],
        "Step scaling policies: the farther off the threshold, the larger the step.",
        max_items=POLICIES,
        source=STEPPING,
        confidence="H",
        group="Scaling",
    )
    simple_policies: list[SimplePolicy] = param(
        [],
        "Simple scaling policies: one adjustment, then a cooldown.",
        max_items=POLICIES,
        source=STEPPING,
        confidence="H",
        group="Scaling",
    )
    scheduled_actions: list[ScheduledAction] = param(
        [],
        "Sizes to set at moments known beforehand.",
        max_items=ACTIONS,
        source=SCHEDULED,
        confidence="H",
        group="Scaling",
    )
    predictive_policies: list[PredictivePolicy] = param(
        [],
        "Predictive scaling policies: capacity for the coming hour, by the days before.",
        max_items=PREDICTIVES,
        source=PREDICTIVE,
        confidence="H",
        group="Scaling",
    )
    detailed_monitoring: bool = param(
        False,
        "CPU datapoints each minute instead of every five, at a price for each instance.",
        source="EC2 user guide: Enable or turn off detailed monitoring for your instances",
        confidence="H",
        basic=True,
        group="Scaling",
    )
    metric_delay_s: float = param(
        60.0,
        "Until a datapoint arrives, rounded up to minutes.",
        unit="s",
        ge=0,
        le=900,
        group="Scaling",
    )
    default_instance_warmup_s: int | None = param(
        None,
        "Warm-up of policies that have none of their own; empty is the default cooldown. Not in "
        "2020.",
        unit="s",
        ge=0,
        le=3600,
        source=WARMUP,
        confidence="H",
        group="Scaling",
    )
    default_cooldown_s: int = param(
        300,
        "Pause after the activity of a simple policy, and the warm-up where nothing else gives "
        "one.",
        unit="s",
        ge=0,
        le=86_400,
        source=API,
        confidence="H",
        group="Scaling",
    )
    boot_median_s: float = param(
        45.0,
        "Median time from launch until an instance runs (Linux; Windows about 240).",
        unit="s",
        ge=0,
        le=7200,
        source=BOOT,
        confidence="M",
        group="Launch",
    )
    boot_sigma: float = param(
        0.35, "Spread of the boot time (lognormal).", ge=0, le=3, group="Launch"
    )
    app_start_s: float = param(
        60.0,
        "From running until the application is ready.",
        unit="s",
        ge=0,
        le=7200,
        basic=True,
        group="Launch",
    )
    health_check_type: Literal["EC2", "ELB"] = param(
        "EC2",
        "Whether instances that the balancer finds unhealthy are replaced, or only those that "
        "no longer run.",
        source=HEALTH,
        confidence="H",
        group="Health",
    )
    health_check_grace_period_s: int = param(
        0,
        "For so long after it runs an instance may be unhealthy to the balancer.",
        unit="s",
        ge=0,
        le=86_400,
        source=HEALTH,
        confidence="H",
        console=300,
        group="Health",
    )
    health_check_interval_s: int = param(
        30,
        "How often the balancer looks at a target; one pass brings a new one into service.",
        unit="s",
        ge=5,
        le=300,
        source=CHECKS,
        confidence="H",
        group="Health",
    )
    unhealthy_threshold_count: int = param(
        2,
        "Failed looks until a target is unhealthy.",
        ge=2,
        le=10,
        source=CHECKS,
        confidence="H",
        group="Health",
    )
    deregistration_delay_s: int = param(
        300,
        "For so long at most a terminating instance works off what it holds.",
        unit="s",
        ge=0,
        le=3600,
        source=TARGETS,
        confidence="H",
        group="Health",
    )

    @model_validator(mode="after")
    def _ordered(self) -> Group:
        desired = self.min_size if self.desired_capacity is None else self.desired_capacity
        if not self.min_size <= desired <= self.max_size:
            raise ValueError(
                f"min_size {self.min_size} ≤ desired_capacity {desired} ≤ max_size "
                f"{self.max_size} must hold; change one of them"
            )
        if clash := collide(self.scheduled_actions):
            raise ValueError(clash)
        dynamic = len(self.policies) + len(self.step_policies) + len(self.simple_policies)
        if dynamic + len(self.predictive_policies) > POLICIES:
            raise ValueError(f"a group has at most {POLICIES} policies of all kinds; remove some")
        if sum(x.mode == "forecast_and_scale" for x in self.predictive_policies) > 1:
            raise ValueError(
                "only one predictive policy may be forecast_and_scale; let the others forecast_only"
            )
        return self


class Params(FleetParams, Group):
    """What the group is and how it scales, then what its instances are and how they are bought."""
