"""Balancers and what stands behind them: groups of instances, ECS services, target groups."""

from __future__ import annotations

from typing import Any

from sandbox.exchange.template import Resource
from sandbox.exchange.work import Kind, Part, Work, every, get, truth, whole

NO_LAUNCH_TYPE = "no launch type is given; taken as Fargate"
TARGET_GROUP = "AWS::ElasticLoadBalancingV2::TargetGroup"


def _balancer(work: Work, resource: Resource) -> None:
    kind = resource.properties.get("Type")
    if kind in ("application", "network"):
        work.put(resource.id, "type", kind)
    if kind == "network":
        work.put(resource.id, "listener", "tcp")


def _classic(work: Work, resource: Resource) -> None:
    work.put(resource.id, "type", "classic")
    if "CrossZone" in resource.properties:
        on = truth(resource.properties["CrossZone"])
        work.put(resource.id, "cross_zone", "on" if on else "off")
    for value in every(resource.properties, "Instances[]"):
        for target in work.meant(value):
            work.link(resource.id, target, "registered instance")


def _group(work: Work, resource: Resource) -> None:
    properties = resource.properties
    zones = properties.get("AvailabilityZones")
    subnets = properties.get("VPCZoneIdentifier")
    count = len(zones) if isinstance(zones, list) else 0
    count = count or (len(subnets) if isinstance(subnets, list) else 0)
    work.put(resource.id, "zones", min(count, 6) or None)
    for value in every(properties, "LoadBalancerNames[]"):
        for balancer in work.meant(value):
            work.link(balancer, resource.id, "load balancer's group")
    behind(work, resource.id, every(properties, "TargetGroupARNs[]"))
    behind(work, resource.id, every(properties, "TrafficSources[].Identifier"))
    for key in ("NotificationConfigurations[].TopicARN", "NotificationConfiguration.TopicARN"):
        for value in every(properties, key):
            notify(work, resource.id, value, "scaling notification", "")
    for template in _launch(work, properties):
        _launched(work, resource.id, template)
    sizes = [node for node in (properties.get("MinSize"), properties.get("MaxSize")) if node]
    if sizes and work.nodes[resource.id].params.get("max_size") is not None:
        least, most = whole(sizes[0]), whole(sizes[-1])
        if least is not None and most is not None and most < least:
            work.put(resource.id, "max_size", least)
    work.remark(resource.id, "CPU time of a request and start-up times are the defaults")


def notify(work: Work, source: str, value: Any, why: str, via: str) -> None:
    """Notices of a control plane: too few to be load, yet drawn; one in a million requests."""
    for target in work.meant(value):
        work.link(source, target, why, via=via, mode="async", params={"calls": 1e-6})


def _launch(work: Work, properties: dict[str, Any]) -> list[Resource]:
    mixed = "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification"
    values = [properties.get("LaunchConfigurationName")]
    for path in ("LaunchTemplate", mixed):
        values += [get(properties, f"{path}.LaunchTemplateId")]
        values += [get(properties, f"{path}.LaunchTemplateName")]
    return [r for value in values for r in work.resources_in(value)]


def _launched(work: Work, group: str, template: Resource) -> None:
    about = template.properties.get("LaunchTemplateData", template.properties)
    if isinstance(about, dict):
        work.put(group, "instance_type", about.get("InstanceType"))
        if get(about, "Monitoring.Enabled") is True:
            work.put(group, "detailed_monitoring", True)
    if template.type == "AWS::AutoScaling::LaunchConfiguration":
        work.put(group, "launch_source", "launch_configuration")


def behind(work: Work, id: str, groups: list[Any]) -> None:
    """Link a node to the balancers of its target groups, when all listeners have been read."""

    def at_the_end() -> None:
        for value in groups:
            for target_group in work.resources_in(value, TARGET_GROUP):
                for balancer in balancers_of(work, target_group.id):
                    work.link(
                        balancer,
                        id,
                        "listener → target group",
                        via=target_group.id,
                        port="targets",
                        params=_health(target_group),
                    )

    work.late.insert(0, at_the_end)


def balancers_of(work: Work, target_group: str) -> list[str]:
    """The balancers whose listeners forward to a target group."""
    found = []
    for listener in work.of_type("AWS::ElasticLoadBalancingV2::Listener"):
        rules = [
            rule
            for rule in work.of_type("AWS::ElasticLoadBalancingV2::ListenerRule")
            if any(
                r.id == listener.id for r in work.resources_in(rule.properties.get("ListenerArn"))
            )
        ]
        for actions in (
            listener.properties.get("DefaultActions"),
            *(rule.properties.get("Actions") for rule in rules),
        ):
            if any(r.id == target_group for r in work.resources_in(actions, TARGET_GROUP)):
                found += work.meant(listener.properties.get("LoadBalancerArn"))
    return list(dict.fromkeys(found))


HEALTH = (
    ("HealthCheckIntervalSeconds", "health_check_interval_s"),
    ("HealthCheckTimeoutSeconds", "health_check_timeout_s"),
    ("HealthyThresholdCount", "healthy_threshold_count"),
    ("UnhealthyThresholdCount", "unhealthy_threshold_count"),
)
ATTRIBUTES = (
    ("deregistration_delay.timeout_seconds", "deregistration_delay_s"),
    ("slow_start.duration_seconds", "slow_start_s"),
)
"""Of a target group: (property or attribute, parameter of the link)."""


def _health(target_group: Resource) -> dict[str, Any]:
    properties = target_group.properties
    found = {name: whole(properties.get(key)) for key, name in HEALTH}
    names = dict(ATTRIBUTES)
    for pair in every(properties, "TargetGroupAttributes[]"):
        if (name := names.get(get(pair, "Key"))) is not None:
            found[name] = whole(get(pair, "Value"))
    return {name: value for name, value in found.items() if value is not None}


def _target_group(work: Work, resource: Resource) -> str:
    behind_it = []
    for value in every(resource.properties, "Targets[].Id"):
        for target in work.meant(value):
            behind_it.append(target)
            behind(work, target, [f"\ue000{resource.id}\ue001"])
    balancers = balancers_of(work, resource.id)
    attributes = {get(p, "Key"): get(p, "Value") for p in every(
        resource.properties, "TargetGroupAttributes[]")}  # fmt: skip
    for balancer in balancers:
        work.put(balancer, "algorithm", attributes.get("load_balancing.algorithm.type"))
    return f"what stands behind {balancers[0]}" if balancers else "a target group of no listener"


def _listener(work: Work, resource: Resource) -> str:
    found = work.meant(resource.properties.get("LoadBalancerArn"))
    return f"a listener of {found[0]}" if found else "a listener of a balancer elsewhere"


def _listener_rule(work: Work, resource: Resource) -> str:
    work.assume(resource.id, "its conditions are kept with the source; the flow is split evenly")
    return "a rule of a listener"


def _service(work: Work, resource: Resource) -> None:
    properties = resource.properties
    for definition in work.resources_in(
        properties.get("TaskDefinition"), "AWS::ECS::TaskDefinition"
    ):
        for key, name in (("Cpu", "task_cpu_units"), ("Memory", "task_memory_mib")):
            # On EC2 a task may be as large as its containers, and say no more.
            own = whole(definition.properties.get(key))
            parts = map(whole, every(definition.properties, f"ContainerDefinitions[].{key}"))
            work.put(resource.id, name, own or sum(part or 0 for part in parts) or None)
    strategy = every(properties, "CapacityProviderStrategy[].CapacityProvider")
    if "FARGATE_SPOT" in strategy and "FARGATE" not in strategy:
        work.put(resource.id, "launch_type", "FARGATE_SPOT")
    elif properties.get("LaunchType") is None and not strategy:
        work.assume(resource.id, NO_LAUNCH_TYPE)
    behind(work, resource.id, every(properties, "LoadBalancers[].TargetGroupArn"))
    work.remark(resource.id, "CPU time of a request is the default")


def _instance(work: Work, resource: Resource) -> None:
    node = work.nodes[resource.id]
    node.params |= {"min_size": 1, "max_size": 1, "desired_capacity": 1}
    work.assume(resource.id, "an instance is shown as a group of one")


NODES = {
    "AWS::ElasticLoadBalancingV2::LoadBalancer": Kind("elb", "Load balancer", more=_balancer),
    "AWS::ElasticLoadBalancing::LoadBalancer": Kind("elb", "Classic balancer", more=_classic),
    "AWS::AutoScaling::AutoScalingGroup": Kind(
        "auto_scaling_group",
        "Auto Scaling group",
        rows=(
            ("MinSize", "min_size"),
            ("MaxSize", "max_size"),
            ("DesiredCapacity", "desired_capacity"),
            ("Cooldown", "default_cooldown_s"),
            ("DefaultInstanceWarmup", "default_instance_warmup_s"),
            ("HealthCheckGracePeriod", "health_check_grace_period_s"),
            ("HealthCheckType", "health_check_type"),
            ("CapacityRebalance", "capacity_rebalance"),
            ("NewInstancesProtectedFromScaleIn", "new_instances_protected"),
            ("MaxInstanceLifetime", "max_instance_lifetime_s"),
            ("TerminationPolicies[0]", "termination_policy"),
        ),
        more=_group,
    ),
    "AWS::EC2::Instance": Kind(
        "auto_scaling_group",
        "EC2 instance",
        rows=(("InstanceType", "instance_type"), ("Monitoring", "detailed_monitoring")),
        more=_instance,
    ),
    "AWS::ECS::Service": Kind(
        "ecs_service",
        "ECS service",
        rows=(
            ("DesiredCount", "desired_count"),
            ("LaunchType", "launch_type"),
            ("HealthCheckGracePeriodSeconds", "health_check_grace_period_s"),
            ("DeploymentConfiguration.MinimumHealthyPercent", "minimum_healthy_percent"),
            ("DeploymentConfiguration.MaximumPercent", "maximum_percent"),
            ("DeploymentConfiguration.DeploymentCircuitBreaker.Enable", "circuit_breaker"),
            ("DeploymentConfiguration.DeploymentCircuitBreaker.Rollback", "rollback"),
        ),
        more=_service,
    ),
    "AWS::Batch::JobQueue": Kind("batch", "Batch job queue"),
    "AWS::EKS::Cluster": Kind("endpoint", "EKS cluster"),
    "AWS::AppRunner::Service": Kind("endpoint", "App Runner service"),
}

PARTS: dict[str, Part] = {
    TARGET_GROUP: _target_group,
    "AWS::ElasticLoadBalancingV2::Listener": _listener,
    "AWS::ElasticLoadBalancingV2::ListenerRule": _listener_rule,
}
