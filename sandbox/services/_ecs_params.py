"""Parameters of an ECS service: tasks, deployments, launch types, the cluster's capacity."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sandbox.services import _fargate as fargate
from sandbox.services._instance_types import SOURCE, TYPES, Name
from sandbox.services._scalable_targets import ScalableTarget
from sandbox.services._workers import Work
from sandbox.services.params import param

API = "Amazon ECS API: CreateService"
DEPLOYMENT = "Amazon ECS API: DeploymentConfiguration"
BREAKER = "Amazon ECS Developer Guide: How the deployment circuit breaker detects failures"
SIZES = "Amazon ECS Developer Guide: Fargate task definition differences, task CPU and memory"
SCALING = "Amazon ECS API: ManagedScaling"
PLACEMENT = "Amazon ECS Developer Guide: Task placement strategies"
START = "AWS Batch user guide: Fargate compute environments (about 30 s); assumption beside it"
AUTO_SCALING = "Amazon ECS Developer Guide: Automatically scale your Amazon ECS service"
INTERRUPTIONS = "Amazon EC2 Spot instance advisor"

MINIMUM_HEALTHY_PERCENT = 100  # Amazon ECS API: DeploymentConfiguration
MAXIMUM_PERCENT = 200  # Amazon ECS API: DeploymentConfiguration
GRACE_S = 0  # Amazon ECS API: CreateService, healthCheckGracePeriodSeconds
TARGET_CAPACITY = 100  # Amazon ECS API: ManagedScaling
LEAST_STEP, MOST_STEP = 1, 10_000  # Amazon ECS API: ManagedScaling
WARMUP_S = 300  # Amazon ECS API: ManagedScaling, instanceWarmupPeriod
MOST_TASKS = 5000  # Amazon ECS Developer Guide: Service quotas, tasks of a service
# on instances a task is as large as the largest of them
MOST_UNITS = max(kind.vcpus for kind in TYPES.values()) * 1024
MOST_MIB = int(max(kind.memory_gib for kind in TYPES.values()) * 1024)
MOST_UNITS_2020 = 4096  # Amazon ECS Developer Guide of 2020: Fargate task sizes, 4 vCPU


class Params(Work):
    launch_type: Literal["FARGATE", "FARGATE_SPOT", "EC2"] = param(
        "FARGATE",
        "Where tasks run: Fargate, Fargate Spot (cheaper, and interrupted with two minutes' "
        "notice), or instances of a capacity provider of the service's own.",
        source=API,
        confidence="H",
        basic=True,
        group="Tasks",
    )
    task_cpu_units: int = param(
        1024,
        "CPU of a task; 1,024 units are a vCPU. Fargate has 256, 512, 1,024, 2,048, 4,096 and, "
        "not in 2020, 8,192 and 16,384.",
        ge=128,
        le=MOST_UNITS,
        source=SIZES,
        confidence="H",
        basic=True,
        group="Tasks",
    )
    task_memory_mib: int = param(
        2048,
        "Memory of a task.",
        unit="MiB",
        ge=4,
        le=MOST_MIB,
        source=SIZES,
        confidence="H",
        basic=True,
        group="Tasks",
    )
    desired_count: int = param(
        2,
        "Tasks at the start; then as auto scaling has it, or an action in a run.",
        ge=0,
        le=MOST_TASKS,
        source=API,
        confidence="H",
        basic=True,
        group="Tasks",
    )
    scaling: ScalableTarget | None = param(
        None,
        "Application Auto Scaling of the desired count, by ECSServiceAverageCPUUtilization in %, "
        "or by any metric. Empty is none: the count stays as it is set.",
        source=AUTO_SCALING,
        confidence="H",
        basic=True,
        group="Application Auto Scaling",
    )
    provision_s: float | None = param(
        None,
        "Until a task that is placed begins to pull its image: Fargate's own host and network "
        "interface about 30 s; empty is that, and 1 s on EC2.",
        unit="s",
        ge=0,
        le=3600,
        source=START,
        confidence="M",
        group="Start",
    )
    image_pull_s: float = param(
        15.0,
        "Time to pull the image: for each task on Fargate, which keeps none; once an instance "
        "and version on EC2.",
        unit="s",
        ge=0,
        le=3600,
        group="Start",
    )
    app_start_s: float = param(
        10.0,
        "From running until the application is ready.",
        unit="s",
        ge=0,
        le=7200,
        basic=True,
        group="Start",
    )
    health_check_grace_period_s: int = param(
        GRACE_S,
        "For so long after it runs a task may be unhealthy to the balancer; then it is stopped "
        "and replaced.",
        unit="s",
        ge=0,
        le=2_147_483_647,
        source=API,
        confidence="H",
        basic=True,
        group="Deployment",
    )
    minimum_healthy_percent: int = param(
        MINIMUM_HEALTHY_PERCENT,
        "Tasks that stay healthy in a deployment, of the desired count, rounded up.",
        unit="%",
        ge=0,
        le=200,
        source=DEPLOYMENT,
        confidence="H",
        group="Deployment",
    )
    maximum_percent: int = param(
        MAXIMUM_PERCENT,
        "Tasks that may run or start in a deployment, of the desired count, rounded down.",
        unit="%",
        ge=1,
        le=400,
        source=DEPLOYMENT,
        confidence="H",
        group="Deployment",
    )
    circuit_breaker: bool = param(
        False,
        "Whether a deployment fails after half the desired count in failed tasks (3 to 200), "
        "rather than trying for ever. Not in 2020.",
        source=BREAKER,
        confidence="H",
        console=True,
        group="Deployment",
    )
    rollback: bool = param(
        False,
        "Whether a deployment that fails by the circuit breaker goes back to the last one that "
        "was completed.",
        source=BREAKER,
        confidence="H",
        console=True,
        group="Deployment",
    )
    interruption_percent_a_month: float = param(
        5.0,
        "Share of Fargate Spot tasks that are interrupted in a month.",
        unit="%",
        ge=0,
        le=99,
        source=INTERRUPTIONS,
        confidence="M",
        group="Spot",
    )
    instance_type: Name = param(
        "m5.large",
        "EC2: the type of the instances.",
        source=SOURCE,
        confidence="H",
        group="Capacity provider",
    )
    min_instances: int = param(
        0, "EC2: least number of instances.", ge=0, le=1000, group="Capacity provider"
    )
    max_instances: int = param(
        10, "EC2: greatest number of instances.", ge=0, le=1000, group="Capacity provider"
    )
    managed_scaling: bool = param(
        True,
        "EC2: whether the capacity provider follows CapacityProviderReservation; without, the "
        "instances stay as many as at the start.",
        source=SCALING,
        confidence="H",
        group="Capacity provider",
    )
    target_capacity_percent: int = param(
        TARGET_CAPACITY,
        "EC2: instances that are needed, of those that run; below 100 some are kept spare.",
        unit="%",
        ge=1,
        le=100,
        source=SCALING,
        confidence="H",
        group="Capacity provider",
    )
    minimum_scaling_step_size: int = param(
        LEAST_STEP,
        "EC2: the fewest instances that a scale-out adds.",
        ge=1,
        le=10_000,
        source=SCALING,
        confidence="H",
        group="Capacity provider",
    )
    maximum_scaling_step_size: int = param(
        MOST_STEP,
        "EC2: the most instances that a scale-out adds.",
        ge=1,
        le=10_000,
        source=SCALING,
        confidence="H",
        group="Capacity provider",
    )
    instance_warmup_s: int = param(
        WARMUP_S,
        "EC2: for so long an instance that was launched counts as on its way, and is not taken "
        "away again.",
        unit="s",
        ge=0,
        le=10_000,
        source=SCALING,
        confidence="H",
        group="Capacity provider",
    )
    placement: Literal["spread", "binpack"] = param(
        "spread",
        "EC2: where a task goes: to the instance with the fewest tasks, or to the fullest one "
        "with room.",
        source=PLACEMENT,
        confidence="H",
        group="Capacity provider",
    )
    boot_median_s: float = param(
        60.0,
        "EC2: from launch until an instance runs and its agent has joined the cluster.",
        unit="s",
        ge=0,
        le=7200,
        group="Capacity provider",
    )

    @model_validator(mode="after")
    def _fits(self) -> Params:
        if self.minimum_healthy_percent >= self.maximum_percent:
            raise ValueError(
                f"minimum_healthy_percent {self.minimum_healthy_percent} must be below "
                f"maximum_percent {self.maximum_percent}, or no task could ever be replaced"
            )
        if self.min_instances > self.max_instances:
            raise ValueError("min_instances must not exceed max_instances")
        if self.launch_type == "EC2":
            return self
        if self.task_cpu_units not in fargate.MIB:
            sizes = ", ".join(str(units) for units in fargate.MIB)
            raise ValueError(
                f"Fargate has no task of {self.task_cpu_units} CPU units; it has {sizes}"
            )
        least, most, step = fargate.MIB[self.task_cpu_units]
        given = self.task_memory_mib
        fits = given in (512, 1024, 2048) if step == 512 else (given - least) % step == 0
        if not (least <= given <= most and fits):
            raise ValueError(
                f"task_memory_mib must be {least} to {most} in steps of {step} with "
                f"{self.task_cpu_units} CPU units on Fargate, it is {given}"
            )
        return self
