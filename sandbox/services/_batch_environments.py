"""The parameters of compute environments: where jobs run."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sandbox.services._instance_types import Name
from sandbox.services.params import Parameters, param

API = "AWS Batch API Reference"
GUIDE = "AWS Batch User Guide"
RESOURCE = f"{API}: ComputeResource"
ENVIRONMENT = f"{API}: CreateComputeEnvironment"
SCALING = f"{API}: ComputeScalingPolicy"

QUEUES, JOBS, KINDS = 4, 8, 4  # assumption: as many as the law is laid out for
BID_PERCENT = 100  # AWS Batch API Reference: ComputeResource, bidPercentage
LEAST_DELAY, MOST_DELAY = 20, 10_080  # AWS Batch API Reference: ComputeScalingPolicy, minutes


class Kind(Parameters):
    """An instance type that an environment may launch."""

    instance_type: Name = param("m5.xlarge", "Instance type.", source=RESOURCE, basic=True)


class ComputeEnvironment(Parameters):
    """Where jobs run. All queues try the environments in their order."""

    name: str = param("on-demand", "Its name.", basic=True)
    type: Literal["EC2", "SPOT", "FARGATE", "FARGATE_SPOT"] = param(
        "EC2", "Instances on demand or Spot, or Fargate.", source=RESOURCE, confidence="H",
        basic=True,
    )  # fmt: skip
    managed: bool = param(
        True,
        "Whether Batch launches and terminates the instances. If not they are yours, as many as "
        "desired_vcpus needs, and stay.",
        source=ENVIRONMENT,
        confidence="H",
    )
    enabled: bool = param(
        True,
        "A disabled environment takes no jobs and shrinks to min_vcpus.",
        source=ENVIRONMENT,
        confidence="H",
    )
    min_vcpus: int = param(
        0, "vCPUs that are kept whatever there is to do.", ge=0, le=1024, source=RESOURCE,
        confidence="H", basic=True,
    )  # fmt: skip
    desired_vcpus: int = param(
        0, "vCPUs at the start; Batch moves it from there.", ge=0, le=1024, source=RESOURCE,
        confidence="H",
    )  # fmt: skip
    max_vcpus: int = param(
        64, "vCPUs at most.", ge=1, le=1024, source=RESOURCE, confidence="H", basic=True
    )
    instance_types: list[Kind] = param(
        [Kind()],
        "Types that it may launch.",
        max_items=KINDS,
        source=RESOURCE,
        confidence="H",
        basic=True,
    )
    allocation_strategy: Literal[
        "BEST_FIT",
        "BEST_FIT_PROGRESSIVE",
        "SPOT_CAPACITY_OPTIMIZED",
        "SPOT_PRICE_CAPACITY_OPTIMIZED",
    ] = param(
        "BEST_FIT",
        "Which type is launched: the cheapest for the jobs that wait, and that one only, or others "
        "too when it has run out; or of Spot pools the one least interrupted, or a compromise "
        "with the price.",
        source=RESOURCE,
        confidence="H",
    )
    bid_percentage: int = param(
        BID_PERCENT, "Spot: most that is paid, of the on-demand price.", unit="%", ge=1, le=100,
        source=RESOURCE, confidence="H",
    )  # fmt: skip
    min_scale_down_delay_minutes: int = param(
        0,
        "Least age of an instance that is terminated for having no job; 0 is none, else 20 to "
        "10,080. Since 2026.",
        unit="min",
        ge=0,
        le=MOST_DELAY,
        source=SCALING,
        confidence="H",
    )

    @model_validator(mode="after")
    def _possible(self) -> ComputeEnvironment:
        if self.min_vcpus > self.max_vcpus:
            raise ValueError("min_vcpus must not exceed max_vcpus")
        if self.desired_vcpus > self.max_vcpus:
            raise ValueError("desired_vcpus must not exceed max_vcpus")
        if not self.fargate and not self.instance_types:
            raise ValueError("instance_types is empty; name one, such as m5.xlarge")
        if self.fargate and not self.managed:
            raise ValueError("an unmanaged environment has instances; Fargate has none")
        if 0 < self.min_scale_down_delay_minutes < LEAST_DELAY:
            raise ValueError("min_scale_down_delay_minutes is 0 or 20 to 10,080")
        if self.allocation_strategy.startswith("SPOT") and self.type != "SPOT":
            raise ValueError(f"{self.allocation_strategy} is for environments of type SPOT")
        return self

    @property
    def fargate(self) -> bool:
        return self.type.startswith("FARGATE")
