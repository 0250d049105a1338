"""What an EMR cluster is set up with: its nodes, its life, HDFS, and what its tasks take."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sandbox.services._cron import parsed
from sandbox.services._emr_node_params import (
    FLEETS,
    MORE_GROUPS,
    NODES_PAGE,
    Nodes,
    TaskGroup,
    yarn_mb,
)
from sandbox.services._emr_scaling_params import GroupScaling, ManagedScaling
from sandbox.services._emr_step_params import MOST_CONCURRENT, STEPS, Step
from sandbox.services._instance_types import TYPES, Name, family
from sandbox.services.params import Parameters, param

API = "Amazon EMR API Reference"
GUIDE = "Amazon EMR Management Guide"
RELEASE = "Amazon EMR Release Guide"
RUN = f"{API}: RunJobFlow"
HDFS = f"{RELEASE}: HDFS configuration"
HADOOP = f"{RELEASE}: Hadoop task configuration"
AUTO_TERMINATION = f"{API}: AutoTerminationPolicy"

LEAST_IDLE_S, MOST_IDLE_S = 60, 604_800  # Amazon EMR API Reference: AutoTerminationPolicy
LEAST_SPOT_MIN, MOST_SPOT_MIN = 5, 1440  # Amazon EMR API Reference: SpotProvisioningSpecification
SPOT_MIN = 60  # Amazon EMR Management Guide: Planning and configuring instance fleets
DECOMMISSION_S = 3600  # Amazon EMR Management Guide: Cluster scale-down, graceful decommission


class Params(Parameters):
    lifecycle: Literal["long_running", "transient"] = param(
        "long_running",
        "A long-running cluster waits for steps; a transient one is launched when steps come, and "
        "terminated after the last.",
        source=RUN,
        confidence="H",
        basic=True,
    )
    steps: list[Step] = param(
        [Step()], "The steps that can be submitted; at least one.", max_items=STEPS, basic=True,
        group="Steps",
    )  # fmt: skip
    step_concurrency: int = param(
        1,
        "Steps that run at once; above 1 no step may do anything but CONTINUE when it fails.",
        ge=1,
        le=MOST_CONCURRENT,
        source=RUN,
        confidence="H",
        basic=True,
        group="Steps",
    )
    collection: Literal["groups", "fleets"] = param(
        "groups",
        "Instance groups have one type and market each, fleets several types and both markets.",
        source=FLEETS,
        confidence="H",
        group="Nodes",
    )
    primary_count: Literal["1", "3"] = param(
        "1",
        "Primary (master) nodes. The cluster ends with the only one; of three a lost one is "
        "replaced.",
        source=NODES_PAGE,
        confidence="H",
        basic=True,
        group="Nodes",
    )
    primary_type: Name = param("m5.xlarge", "Type of the primary nodes.", group="Nodes")
    core: Nodes = param(
        Nodes(), "Core nodes: they hold HDFS and run tasks.", source=NODES_PAGE, confidence="H",
        basic=True, group="Nodes",
    )  # fmt: skip
    task: Nodes = param(
        Nodes(count=0), "Task nodes: they run tasks and hold no data.", source=NODES_PAGE,
        confidence="H", basic=True, group="Nodes",
    )  # fmt: skip
    task_groups: list[TaskGroup] = param(
        [],
        "Further task groups beside the first: EMR has up to 48. Managed scaling sizes them, rules "
        "do not.",
        max_items=MORE_GROUPS,
        source=f"{GUIDE}: Cluster configuration guidelines and best practices",
        confidence="H",
        group="Nodes",
    )
    spot_timeout_minutes: int = param(
        SPOT_MIN,
        "Fleets: how long the cluster waits for its Spot instances when it starts.",
        unit="min",
        ge=LEAST_SPOT_MIN,
        le=MOST_SPOT_MIN,
        source=f"{API}: SpotProvisioningSpecification",
        confidence="H",
        group="Nodes",
    )
    spot_timeout_action: Literal["SWITCH_TO_ON_DEMAND", "TERMINATE_CLUSTER"] = param(
        "SWITCH_TO_ON_DEMAND",
        "Fleets: what is done then.",
        source=f"{API}: SpotProvisioningSpecification",
        confidence="H",
        group="Nodes",
    )
    managed_scaling: ManagedScaling | None = param(
        None,
        "EMR adds and takes nodes by what YARN applications ask for; since mid-2020.",
        source=f"{GUIDE}: Using managed scaling",
        confidence="H",
        group="Scaling",
    )
    core_scaling: GroupScaling | None = param(
        None, "Custom automatic scaling of the core group.", source=f"{API}: PutAutoScalingPolicy",
        confidence="H", group="Scaling",
    )  # fmt: skip
    task_scaling: GroupScaling | None = param(
        None, "Custom automatic scaling of the task group.", source=f"{API}: PutAutoScalingPolicy",
        confidence="H", group="Scaling",
    )  # fmt: skip
    decommission_timeout_s: int = param(
        DECOMMISSION_S,
        "A node that is taken away finishes its tasks for so long; then they begin elsewhere.",
        unit="s",
        ge=0,
        le=86_400,
        source=f"{GUIDE}: Cluster scale-down",
        confidence="H",
        group="Scaling",
    )
    idle_timeout_s: int | None = param(
        None,
        "Auto-termination after so long without a step; empty never ends it. Since 2021.",
        unit="s",
        ge=LEAST_IDLE_S,
        le=MOST_IDLE_S,
        source=AUTO_TERMINATION,
        confidence="H",
        group="Life",
    )
    termination_protected: bool = param(
        False,
        "Nobody can terminate the cluster, and no failed step does. A transient one ends after its "
        "steps all the same. That the steps behind a failed one are cancelled is assumed.",
        source=f"{API}: SetTerminationProtection",
        confidence="H",
        group="Life",
    )
    provision_s: float = param(
        300.0, "Median time from launch until a node has joined.", unit="s", ge=0, le=7200,
        group="Life",
    )  # fmt: skip
    bootstrap_s: float = param(
        60.0, "Bootstrap actions and installing the applications.", unit="s", ge=0, le=7200,
        group="Life",
    )  # fmt: skip
    termination_s: float = param(
        300.0,
        "Shutting down takes 5 to 10 minutes; that the nodes cost until then is assumed.",
        unit="s",
        ge=0,
        le=3600,
        source=f"{GUIDE}: Tutorial: Getting started with Amazon EMR",
        confidence="H",
        group="Life",
    )
    disk_gb: float = param(
        64.0, "EBS storage of each node; that of the core nodes is HDFS.", unit="GB", ge=1,
        le=100_000, group="HDFS",
    )  # fmt: skip
    hdfs_replication: int | None = param(
        None,
        "Copies of each block; empty takes 1 below 4 core nodes, 2 below 10, else 3.",
        ge=1,
        le=5,
        source=HDFS,
        confidence="H",
        group="HDFS",
    )
    hdfs_data_gb: float = param(
        0.0, "Data that a long-running cluster's HDFS holds at the start.", unit="GB", ge=0,
        le=10_000_000, group="HDFS",
    )  # fmt: skip
    hdfs_throughput: float = param(
        100.0, "What a task reads or writes of HDFS.", unit="MB/s", gt=0, le=100_000, group="HDFS"
    )
    s3_throughput: float = param(
        50.0,
        "What a task reads or writes of S3 (EMRFS); its share of the node's network at most.",
        unit="MB/s",
        gt=0,
        le=100_000,
        group="HDFS",
    )
    application_masters_percent: int = param(
        50,
        "YARN memory that application masters may hold together; one always may.",
        unit="%",
        ge=1,
        le=100,
        group="YARN",
    )

    @model_validator(mode="after")
    def _fits(self) -> Params:
        if not self.steps:
            raise ValueError("steps is empty; there must be one at least")
        names = [step.name for step in self.steps]
        if len(set(names)) < len(names):
            raise ValueError("two steps have one name; give each its own")
        for step in self.steps:
            if step.schedule:
                parsed(step.schedule)
            if self.step_concurrency > 1 and step.action_on_failure != "CONTINUE":
                raise ValueError(
                    f"{step.name}: with step_concurrency above 1 action_on_failure is CONTINUE"
                )
        if sum(self.core.counts) < 1:
            raise ValueError("core has no instances; there must be one at least")
        for what, nodes in (("core", self.core), ("task", self.task)):
            self._nodes(what, nodes)
        if self.collection == "fleets" and self.task_groups:
            raise ValueError("a cluster of fleets has one task fleet; give that more types")
        small, large = containers(self)
        for kind in self.core.instance_types:
            alone = small if sum(self.core.counts) == 1 else 0.0
            if yarn_mb(kind.instance_type) < large + alone:
                raise ValueError(
                    f"core: {kind.instance_type} is too small for the containers of "
                    f"{self.core.instance_types[0].instance_type}; put it first, or leave it out"
                )
        if self.collection == "fleets" and (self.core_scaling or self.task_scaling):
            raise ValueError("custom automatic scaling is for instance groups, not for fleets")
        weighted = any(k.weighted_capacity > 1 for n in (self.core, self.task)
                       for k in n.instance_types)  # fmt: skip
        if weighted and self.collection == "groups":
            raise ValueError("weighted_capacity is for fleets; a group counts instances")
        if weighted and self.managed_scaling and self.managed_scaling.unit != "fleet_units":
            raise ValueError("managed_scaling of weighted fleets has the unit fleet_units")
        if self.managed_scaling and (self.core_scaling or self.task_scaling):
            raise ValueError("managed scaling and custom automatic scaling exclude each other")
        return self

    def _nodes(self, what: str, nodes: Nodes) -> None:
        names = [kind.instance_type for kind in nodes.instance_types]
        if not names:
            raise ValueError(f"{what}: instance_types is empty; name one, such as m5.xlarge")
        more = [group.instance_type for group in self.task_groups]
        for name in (*names, *more, self.primary_type):
            if family(name).startswith("t"):
                raise ValueError(f"EMR has no {name}; take a type such as m5.xlarge")
        if self.collection == "groups" and (len(names) > 1 or nodes.spot_count):
            raise ValueError(f"{what}: a group has one type and one market; a fleet has several")
        if self.collection == "fleets" and nodes.market == "spot":
            raise ValueError(f"{what}: a fleet has its Spot instances in spot_count")


def containers(params: Params) -> tuple[float, float]:
    """MB of a map task's container, and of a reduce task's or application master's."""
    name = params.core.instance_types[0].instance_type
    node = yarn_mb(name)
    small = node / TYPES[name].vcpus
    return small, min(2.0 * small, node / 2.0)
