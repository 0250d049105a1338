"""AWS Auto Scaling plans on the way out: an instruction for each resource of a plan.

AWS CloudFormation Template Reference: AWS::AutoScalingPlans::ScalingPlan.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.document import Link, Node
from sandbox.exchange.out.draft import Draft, Json, ref, sub
from sandbox.services._ecs_params import MOST_TASKS
from sandbox.services._ecs_setup import ROOM
from sandbox.services._plans import STRATEGIES
from sandbox.services._rds_scaling import MOST

from .plans import LOADS
from .scaling_out import pascal

_LOAD_OF_CPU = next(name for name, load in LOADS.items() if load == "cpu")


@dataclass(frozen=True, slots=True)
class _Scaled:
    """What a plan scales of a resource, and within which bounds."""

    resource: Any
    dimension: str
    metric: str
    least: int
    most: int


def plan(draft: Draft, node: Node) -> None:
    """A plan is made with the first of its resources, for one without any is refused."""
    if draft.value(node, "predictive_scaling") and not _by_cpu(draft, node):
        draft.partly(node, "a forecast of another load than CPU is kept beside it")


def instruct(draft: Draft, link: Link) -> str | None:
    node = draft.document.nodes[link.source]
    scaled = _scaled(draft, draft.document.nodes[link.target])
    if isinstance(scaled, str):
        return scaled
    id = draft.id(node)
    if id not in draft.resources:
        of_stack = {"CloudFormationStackARN": ref("AWS::StackId")}
        properties = {"ApplicationSource": of_stack, "ScalingInstructions": []}
        draft.add(id, "AutoScalingPlans::ScalingPlan", properties)
    for one in scaled:
        draft.properties(id)["ScalingInstructions"].append(_instruction(draft, node, link, one))
    return None


def _instruction(draft: Draft, node: Node, link: Link, scaled: _Scaled) -> Json:
    replaces = draft.value(node, "replace_external_policies")
    tracking: Json = {
        "PredefinedScalingMetricSpecification": {"PredefinedScalingMetricType": scaled.metric},
        "TargetValue": _target(draft, node, link),
    }
    if draft.value(node, "disable_scale_in"):
        tracking["DisableScaleIn"] = True
    made: Json = {
        "ServiceNamespace": scaled.dimension.partition(":")[0],
        "ResourceId": scaled.resource,
        "ScalableDimension": scaled.dimension,
        "MinCapacity": scaled.least,
        "MaxCapacity": max(scaled.most, scaled.least),
        "DisableDynamicScaling": not draft.value(node, "dynamic_scaling"),
        "ScalingPolicyUpdateBehavior": pascal(
            f"{'replace' if replaces else 'keep'}_external_policies"
        ),
        "TargetTrackingConfigurations": [tracking],
    }
    if scaled.dimension.startswith("autoscaling") and _by_cpu(draft, node):
        made |= _forecast(draft, node)
    return made


def _by_cpu(draft: Draft, node: Node) -> bool:
    forecast, load = (draft.value(node, name) for name in ("predictive_scaling", "load_metric"))
    return bool(forecast) and load == "cpu"


def _forecast(draft: Draft, node: Node) -> Json:
    behavior = str(draft.value(node, "max_capacity_behavior"))
    found: Json = {
        "PredefinedLoadMetricSpecification": {"PredefinedLoadMetricType": _LOAD_OF_CPU},
        "PredictiveScalingMode": pascal(str(draft.value(node, "predictive_mode"))),
        "ScheduledActionBufferTime": draft.value(node, "scheduled_action_buffer_time_s"),
        "PredictiveScalingMaxCapacityBehavior": pascal(behavior),
    }
    if behavior.startswith("set_max_capacity_above"):
        buffer = draft.value(node, "max_capacity_buffer")
        found["PredictiveScalingMaxCapacityBuffer"] = buffer
    return found


def _target(draft: Draft, node: Node, link: Link) -> float:
    own = draft.link_value(link, "strategy")
    if own == "as_plan":
        strategy, custom = draft.value(node, "strategy"), draft.value(node, "target_value")
    else:
        strategy, custom = own, draft.link_value(link, "target_value")
    return float(STRATEGIES.get(str(strategy), custom))


def _scaled(draft: Draft, node: Node) -> list[_Scaled] | str:
    """What of a resource a plan scales; in words why none of it."""
    id = draft.id(node)
    if node.service == "auto_scaling_group":
        least, most = draft.value(node, "min_size"), draft.value(node, "max_size")
        name = sub("autoScalingGroup/${" + id + "}")
        dimension = "autoscaling:autoScalingGroup:DesiredCapacity"
        return [_Scaled(name, dimension, "ASGAverageCPUUtilization", least, most)]
    if node.service == "ecs_service":
        cluster = draft.properties(id)["Cluster"]["Ref"]
        name = sub("service/${" + cluster + "}/${" + id + ".Name}")
        count = draft.value(node, "desired_count")
        bounds = _bounds(draft, node, "scaling", count, min(MOST_TASKS, 2 * count + ROOM // 2))
        metric = "ECSServiceAverageCPUUtilization"
        return [_Scaled(name, "ecs:service:DesiredCount", metric, *bounds)]
    if node.service == "rds":
        if draft.resources[id]["Type"] != "AWS::RDS::DBCluster":
            return "of databases a plan scales Aurora's replicas only"
        bounds = _bounds(draft, node, "replica_scaling", draft.value(node, "read_replicas"), MOST)
        metric = "RDSReaderAverageCPUUtilization"
        name = sub("cluster:${" + id + "}")
        return [_Scaled(name, "rds:cluster:ReadReplicaCount", metric, *bounds)]
    if draft.value(node, "capacity_mode") == "on_demand":
        return "a table on demand has no capacity that a plan could scale"
    found = []
    for side in ("Read", "Write"):
        units = draft.value(node, f"{side.lower()}_capacity_units")
        most = draft.value(node, "table_quota_units")
        bounds = _bounds(draft, node, f"{side.lower()}_scaling", units, most)
        dimension = f"dynamodb:table:{side}CapacityUnits"
        metric = f"DynamoDB{side}CapacityUtilization"
        found.append(_Scaled(sub("table/${" + id + "}"), dimension, metric, *bounds))
    return found


def _bounds(draft: Draft, node: Node, name: str, least: Any, most: Any) -> tuple[int, int]:
    """Those of the resource's own scalable target, else what a run takes."""
    own = draft.value(node, name) or {}
    return round(own.get("min_capacity", least)), round(own.get("max_capacity", most))


MADE = {"scaling_plan": plan}
LINKS = {("scaling_plan", "resources"): instruct}
