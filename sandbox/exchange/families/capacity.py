"""Capacity providers of ECS: the instances that the tasks of one service run on.

A service here has instances of its own. So a group of a provider that one service uses is part of
that service; one that several use stays a group beside them.
"""

from __future__ import annotations

from sandbox.exchange.template import Resource
from sandbox.exchange.work import Part, Work, every, get, whole

from .fleet import NO_LAUNCH_TYPE

SCALING = (
    ("TargetCapacity", "target_capacity_percent"),
    ("MinimumScalingStepSize", "minimum_scaling_step_size"),
    ("MaximumScalingStepSize", "maximum_scaling_step_size"),
    ("InstanceWarmupPeriod", "instance_warmup_s"),
)
"""Of a provider's ManagedScaling: (property, parameter of the service)."""
_ASSOCIATION = "AWS::ECS::ClusterCapacityProviderAssociations"


def _provider(work: Work, resource: Resource) -> str:
    about = resource.properties.get("AutoScalingGroupProvider")
    groups = work.meant(get(about, "AutoScalingGroupArn"))
    users = [s for s in work.of_type("AWS::ECS::Service") if _uses(work, s, resource)]
    if not groups or len(users) != 1 or users[0].id not in work.nodes:
        return "instances of a cluster; its group stands for itself"
    group, service = work.nodes.pop(groups[0]), work.nodes[users[0].id]
    work.stands[group.id] = service.id
    work.wishes = [w for w in work.wishes if group.id not in (w.source, w.target)]
    service.params |= {
        "launch_type": "EC2",
        "instance_type": group.params.get("instance_type"),
        "min_instances": group.params.get("min_size"),
        "max_instances": group.params.get("max_size"),
        "placement": _placement(users[0]),
    }
    scaling = get(about, "ManagedScaling")
    if scaling is not None:
        status = str(get(scaling, "Status") or "DISABLED")
        service.params["managed_scaling"] = status == "ENABLED"
    for key, name in SCALING:
        work.put(service.id, name, whole(get(scaling, key)))
    if (entry := work.entries.get(service.id)) is not None and NO_LAUNCH_TYPE in entry.assumptions:
        entry.assumptions.remove(NO_LAUNCH_TYPE)
        work.guessed.discard(service.id)
    if group.id in work.resources:
        work.entry(group.id, "mapped", f"the instances of {service.id}").assumptions.clear()
    return f"the capacity provider of {service.id}"


def _uses(work: Work, service: Resource, provider: Resource) -> bool:
    """By a strategy of its own, or by its cluster's."""
    strategies = every(service.properties, "CapacityProviderStrategy[].CapacityProvider")
    if strategies:
        return any(provider in work.resources_in(value) for value in strategies)
    if service.properties.get("LaunchType") == "FARGATE":
        return False
    clusters = work.resources_in(service.properties.get("Cluster"))
    of = [c.properties.get("CapacityProviders") for c in clusters]
    for association in work.of_type(_ASSOCIATION):
        if any(c in clusters for c in work.resources_in(association.properties.get("Cluster"))):
            of.append(association.properties.get("CapacityProviders"))
    return any(provider in work.resources_in(value) for value in of)


def _placement(service: Resource) -> str | None:
    found = every(service.properties, "PlacementStrategies[].Type")
    return next((str(kind) for kind in found if kind in ("binpack", "spread")), None)


PARTS: dict[str, Part] = {"AWS::ECS::CapacityProvider": _provider}
