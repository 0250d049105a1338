"""EMR: a cluster with its groups or fleets, its steps, and how it scales.

AWS CloudFormation Template Reference: AWS::EMR::Cluster, InstanceGroupConfig, InstanceFleetConfig,
Step.
"""

from __future__ import annotations

from typing import Any

from sandbox.exchange.template import Resource
from sandbox.exchange.work import Kind, Part, Work, every, get, number, truth, whole
from sandbox.services._emr_node_params import MORE_GROUPS
from sandbox.services._instance_types import TYPES

from .scaling import snake

_ROLES = {"MASTER": "primary", "CORE": "core", "TASK": "task"}
_DEFAULT = "m5.xlarge"
_METRICS = {
    "ContainerPending": "containers_pending",
    "ContainerPendingRatio": "container_pending_ratio",
    "AppsPending": "apps_pending",
    "HDFSUtilization": "hdfs_utilization",
}
_APPLICATIONS = (("spark", "spark"), ("hive", "hive"), ("flink", "flink"), ("presto", "presto"))


def _cluster(work: Work, resource: Resource) -> None:
    about = resource.properties
    kept = get(about, "Instances.KeepJobFlowAliveWhenNoSteps")
    steps = every(about, "Steps[]")
    if truth(get(about, "Instances.TerminationProtected")):
        work.put(resource.id, "termination_protected", True)
    if kept is not None and not truth(kept) and steps:
        work.put(resource.id, "lifecycle", "transient")
    for key, role in (("Master", "MASTER"), ("Core", "CORE"), ("Task", "TASK")):
        single, many = "[]" * (key == "Task"), "s" * (key == "Task")
        for group in every(about, f"Instances.{key}InstanceGroup{many}{single}"):
            _group(work, resource, role, group)
        for fleet in every(about, f"Instances.{key}InstanceFleet{many}{single}"):
            _fleet(work, resource, role, fleet)
    for step in steps:
        _add(work, resource, resource, step)
    limits = get(about, "ManagedScalingPolicy.ComputeLimits")
    if isinstance(limits, dict):
        units = {"Instances": "instances", "VCPU": "vcpu", "InstanceFleetUnits": "fleet_units"}
        found = {
            "unit": units.get(str(limits.get("UnitType"))),
            "minimum": whole(limits.get("MinimumCapacityUnits")),
            "maximum": whole(limits.get("MaximumCapacityUnits")),
            "maximum_on_demand": whole(limits.get("MaximumOnDemandCapacityUnits")),
            "maximum_core": whole(limits.get("MaximumCoreCapacityUnits")),
        }
        work.put(resource.id, "managed_scaling", _given(found))
    for configuration in every(about, "Configurations[]"):
        if get(configuration, "Classification") == "hdfs-site":
            properties = get(configuration, "ConfigurationProperties")
            copies = properties.get("dfs.replication") if isinstance(properties, dict) else None
            work.put(resource.id, "hdfs_replication", whole(copies))
    work.remark(resource.id, "the size of its steps' input and the time of their tasks are the "
                "defaults")  # fmt: skip


def _given(found: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in found.items() if value is not None}


def _types(work: Work, resource: Resource, names: list[Any]) -> list[dict[str, str]]:
    known = [name for name in map(str, names) if name in TYPES]
    if not known:
        work.assume(resource.id, f"{', '.join(map(str, names)) or 'no type'}: taken as {_DEFAULT}")
    return [{"instance_type": name} for name in dict.fromkeys(known or [_DEFAULT])][:5]


def _disk(work: Work, id: str, about: Any) -> None:
    size = 0.0
    for block in every(about, "EbsConfiguration.EbsBlockDeviceConfigs[]"):
        gb = number(get(block, "VolumeSpecification.SizeInGB")) or 0.0
        size += gb * (whole(get(block, "VolumesPerInstance")) or 1)
    work.put(id, "disk_gb", size or None)


def _group(work: Work, resource: Resource, role: str, about: Any) -> None:
    """An instance group of the cluster that ``resource`` is, or belongs to."""
    id = resource.id if resource.id in work.nodes else _of(work, resource)
    if not id:
        return
    types = _types(work, resource, [get(about, "InstanceType")])
    count = whole(get(about, "InstanceCount"))
    if role == "MASTER":
        work.put(id, "primary_type", types[0]["instance_type"])
        work.put(id, "primary_count", "3" if count == 3 else None)
        return
    spot = str(get(about, "Market") or "").upper() == "SPOT"
    nodes = {"instance_types": types, "count": count, "market": "spot" if spot else None}
    which = _ROLES[role]
    if role == "TASK" and which in work.nodes[id].params:
        _task_group(work, resource, id, {**types[0], **nodes})
        return
    work.put(id, which, _given(nodes))
    if role == "CORE":
        _disk(work, id, about)
    policy = get(about, "AutoScalingPolicy")
    if isinstance(policy, dict):
        work.put(id, f"{which}_scaling", _policy(work, resource, id, policy))


def _task_group(work: Work, resource: Resource, id: str, nodes: dict[str, Any]) -> None:
    """A task group beside the first."""
    there = work.nodes[id].params.get("task_groups", [])
    if len(there) >= MORE_GROUPS:
        work.assume(resource.id, f"of its task groups {1 + MORE_GROUPS} are drawn")
        return
    kept = ("instance_type", "market", "count")
    group = {"market": "on_demand", **_given(nodes)}
    work.nodes[id].params["task_groups"] = [
        *there,
        {name: group[name] for name in kept if name in group},
    ]


def _fleet(work: Work, resource: Resource, role: str, about: Any) -> None:
    id = resource.id if resource.id in work.nodes else _of(work, resource)
    if not id:
        return
    work.put(id, "collection", "fleets")
    types = _types(work, resource, every(about, "InstanceTypeConfigs[].InstanceType"))
    if role == "MASTER":
        work.put(id, "primary_type", types[0]["instance_type"])
        return
    weights = {
        str(get(config, "InstanceType")): whole(get(config, "WeightedCapacity"))
        for config in every(about, "InstanceTypeConfigs[]")
    }
    spot = get(about, "LaunchSpecifications.SpotSpecification")
    nodes: dict[str, Any] = {
        "instance_types": [
            {**kind, "weighted_capacity": weight} if weight > 1 else kind
            for kind, weight in ((kind, weights.get(kind["instance_type"]) or 1) for kind in types)
        ],
        "count": whole(get(about, "TargetOnDemandCapacity")) or 0,
        "spot_count": whole(get(about, "TargetSpotCapacity")) or 0,
        "spot_allocation": get(spot, "AllocationStrategy"),
        "on_demand_allocation": get(
            about, "LaunchSpecifications.OnDemandSpecification.AllocationStrategy"
        ),
    }
    work.put(id, _ROLES[role], _given(nodes))
    work.put(id, "spot_timeout_minutes", whole(get(spot, "TimeoutDurationMinutes")))
    work.put(id, "spot_timeout_action", get(spot, "TimeoutAction"))


def _policy(work: Work, resource: Resource, id: str, about: Any) -> dict[str, Any]:
    rules = []
    for rule in every(about, "Rules[]"):
        action = get(rule, "Action.SimpleScalingPolicyConfiguration")
        alarm = get(rule, "Trigger.CloudWatchAlarmDefinition")
        name = str(get(alarm, "MetricName"))
        found: dict[str, Any] = {
            "comparison": _comparison(get(alarm, "ComparisonOperator")),
            "threshold": number(get(alarm, "Threshold")),
            "evaluation_periods": whole(get(alarm, "EvaluationPeriods")),
            "cooldown_s": whole(get(action, "CoolDown")),
            "adjustment_type": snake(get(action, "AdjustmentType") or "ChangeInCapacity").lower(),
        }
        if name in _METRICS:
            found["metric"] = "custom"
            found["custom_metric"] = {"node": id, "metric": _METRICS[name], "period_s": 300}
        elif name != "YARNMemoryAvailablePercentage":
            work.assume(resource.id, f"a rule on {name} is not simulated; left out")
            continue
        above = "greater" in found["comparison"]
        found["steps"] = [
            {"adjustment": number(get(action, "ScalingAdjustment")),
             "lower_bound" if above else "upper_bound": 0.0}
        ]  # fmt: skip
        rules.append(_given(found))
    return _given({
        "min_capacity": whole(get(about, "Constraints.MinCapacity")),
        "max_capacity": whole(get(about, "Constraints.MaxCapacity")),
        "step_policies": rules,
    })  # fmt: skip


def _comparison(word: Any) -> str:
    text = str(word or "GREATER_THAN_OR_EQUAL").lower()
    return f"{text.removesuffix('_or_equal')}_or_equal_to_threshold" if "equal" in text else (
        f"{text}_threshold")  # fmt: skip


def _of(work: Work, resource: Resource) -> str:
    """The node of the cluster that a resource belongs to."""
    found = work.meant(resource.properties.get("JobFlowId", resource.properties.get("ClusterId")))
    return found[0] if found else ""


def _add(work: Work, resource: Resource, cluster: Resource, about: Any) -> None:
    """A step, and the buckets that its arguments name."""
    node = work.nodes[work.means(cluster.id)]
    arguments = every(about, "HadoopJarStep.Args[]")
    said = " ".join(map(str, [*arguments, get(about, "HadoopJarStep.Jar")])).lower()
    step = {
        "name": str(get(about, "Name") or f"step {len(node.params.get('steps', [])) + 1}"),
        "action_on_failure": get(about, "ActionOnFailure"),
        "application": next((name for word, name in _APPLICATIONS if word in said), None),
    }
    if step["action_on_failure"] == "TERMINATE_JOB_FLOW":
        step["action_on_failure"] = "TERMINATE_CLUSTER"
    if len(node.params.get("steps", [])) >= 8:
        work.assume(resource.id, f"{step['name']} is beyond the eight steps that are drawn")
        return
    node.params["steps"] = [*node.params.get("steps", []), _given(step)]
    buckets = [target for value in arguments for target in work.meant(value)]
    for place, target in enumerate(dict.fromkeys(buckets)):
        last = place > 0 and place == len(set(buckets)) - 1
        work.link(node.id, target, f"argument of step {step['name']}", "probable",
                  port="output" if last else "input")  # fmt: skip


def _instance_group(work: Work, resource: Resource) -> str:
    role = str(resource.properties.get("InstanceRole", "TASK")).upper()
    _group(work, resource, role, resource.properties)
    found = _of(work, resource)
    return f"the {_ROLES[role]} group of {found}" if found else "a group of a cluster elsewhere"


def _instance_fleet(work: Work, resource: Resource) -> str:
    role = str(resource.properties.get("InstanceFleetType", "TASK")).upper()
    _fleet(work, resource, role, resource.properties)
    found = _of(work, resource)
    return f"the {_ROLES[role]} fleet of {found}" if found else "a fleet of a cluster elsewhere"


def _step(work: Work, resource: Resource) -> str:
    found = _of(work, resource)
    if not found:
        return "a step of a cluster elsewhere"
    _add(work, resource, work.resources[work.nodes[found].of or found], resource.properties)
    return f"a step of {found}"


NODES = {
    "AWS::EMR::Cluster": Kind(
        "emr",
        "EMR cluster",
        rows=(
            ("StepConcurrencyLevel", "step_concurrency"),
            ("AutoTerminationPolicy.IdleTimeout", "idle_timeout_s"),
        ),
        ties=(("LogUri", "output", "logs of the cluster"),),
        more=_cluster,
    ),
}

PARTS: dict[str, Part] = {
    "AWS::EMR::InstanceGroupConfig": _instance_group,
    "AWS::EMR::InstanceFleetConfig": _instance_fleet,
    "AWS::EMR::Step": _step,
}
