"""AWS Auto Scaling plans: a strategy for the resources that their instructions name.

AWS CloudFormation Template Reference: AWS::AutoScalingPlans::ScalingPlan.
"""

from __future__ import annotations

from typing import Any

from sandbox.exchange.template import Resource
from sandbox.exchange.work import Kind, Work, every, get, number, truth, whole
from sandbox.services._plans import STRATEGIES

from .scaling import snake

LOADS = {
    "ASGTotalCPUUtilization": "cpu",
    "ASGTotalNetworkIn": "network_in",
    "ASGTotalNetworkOut": "network_out",
    "ALBTargetGroupRequestCount": "alb_request_count",
}
TARGETS = "TargetTrackingConfigurations[]"
_BOUNDS = {
    "ecs:service:DesiredCount": "scaling",
    "dynamodb:table:ReadCapacityUnits": "read_scaling",
    "dynamodb:table:WriteCapacityUnits": "write_scaling",
    "rds:cluster:ReadReplicaCount": "replica_scaling",
}
"""Dimensions and the parameter that holds their bounds."""


def _plan(work: Work, resource: Resource) -> None:
    """What stands in its instructions; the first of them speaks for the plan as a whole."""
    instructions = every(resource.properties, "ScalingInstructions[]")
    if not instructions:
        return
    first = instructions[0]
    loads = [about for about in instructions if _load(about)]
    predictive = next(iter(loads), first)
    update = str(get(first, "ScalingPolicyUpdateBehavior"))
    above = snake(get(predictive, "PredictiveScalingMaxCapacityBehavior") or "") or None
    given = {
        **_strategy(_target(first)),
        "dynamic_scaling": not truth(get(first, "DisableDynamicScaling")),
        "disable_scale_in": any(map(truth, every(first, f"{TARGETS}.DisableScaleIn"))),
        "replace_external_policies": update == "ReplaceExternalPolicies",
        "predictive_scaling": bool(loads),
        "predictive_mode": snake(get(predictive, "PredictiveScalingMode") or "ForecastAndScale"),
        "load_metric": LOADS.get(_load(predictive)),
        "scheduled_action_buffer_time_s": whole(get(predictive, "ScheduledActionBufferTime")),
        "max_capacity_behavior": above,
        "max_capacity_buffer": whole(get(predictive, "PredictiveScalingMaxCapacityBuffer")),
    }
    for name, value in given.items():
        work.put(resource.id, name, value)
    # When all else has been read: bounds that a template also says elsewhere are the plan's.
    work.late.append(lambda: _instruct_all(work, resource, instructions))


def _load(about: Any) -> str:
    return str(get(about, "PredefinedLoadMetricSpecification.PredefinedLoadMetricType") or "")


def _target(about: Any) -> float | None:
    found = every(about, f"{TARGETS}.TargetValue")
    return number(found[0]) if found else None


def _strategy(target: float | None) -> dict[str, Any]:
    if target is None:
        return {}
    for name, value in STRATEGIES.items():
        if value == target:
            return {"strategy": name}
    return {"strategy": "custom", "target_value": target}


def _instruct_all(work: Work, plan: Resource, instructions: list[Any]) -> None:
    for about in instructions:
        _instruct(work, plan, about)


def _instruct(work: Work, plan: Resource, about: Any) -> None:
    first = get(plan.properties, "ScalingInstructions[0]")
    own = {} if _target(about) == _target(first) else _strategy(_target(about))
    bounds = (whole(get(about, "MinCapacity")), whole(get(about, "MaxCapacity")))
    dimension = str(get(about, "ScalableDimension"))
    for target in work.meant(get(about, "ResourceId")):
        node = work.nodes[target]
        if node.service == "auto_scaling_group":
            work.put(target, "min_size", bounds[0])
            work.put(target, "max_size", bounds[1])
        elif dimension in _BOUNDS and None not in bounds:
            before = node.params.get(_BOUNDS[dimension]) or {}
            limits = {"min_capacity": bounds[0], "max_capacity": bounds[1]}
            work.put(target, _BOUNDS[dimension], {**before, **limits})
        work.link(
            plan.id, target, "scaling instruction",
            port="resources", mode="control", params=own,
        )  # fmt: skip


NODES = {"AWS::AutoScalingPlans::ScalingPlan": Kind("scaling_plan", "Scaling plan", more=_plan)}
