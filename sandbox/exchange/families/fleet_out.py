"""Balancers, groups of instances and ECS services on the way out."""

from __future__ import annotations

from typing import Any

from sandbox.document import Link, Node
from sandbox.exchange.out.draft import Draft, Json, att, by_rows, ref, sub

from .capacity_out import capacity, launched, placement
from .fleet import ATTRIBUTES, HEALTH, NODES
from .functions_out import allow_call, called_as, permission
from .network_out import security_group, subnets, vpc
from .scalable_out import scalable
from .scaling_out import policies

_GROUP = "AWS::AutoScaling::AutoScalingGroup"


def balancer(draft: Draft, node: Node) -> None:
    id, kind = draft.id(node), draft.value(node, "type")
    listener = str(draft.value(node, "listener"))
    if kind == "classic":
        protocol = "HTTP" if listener == "http" else "TCP"
        about = {"InstancePort": "80", "LoadBalancerPort": "80", "Protocol": protocol}
        properties: Json = {
            "Listeners": [about],
            "Subnets": subnets(draft),
            "SecurityGroups": [security_group(draft)],
        }
        if (cross := draft.value(node, "cross_zone")) != "default":
            properties["CrossZone"] = cross == "on"
        draft.add(id, "ElasticLoadBalancing::LoadBalancer", properties)
        return
    properties = {"Type": kind, "Subnets": subnets(draft)}
    if kind == "application":
        properties["SecurityGroups"] = [security_group(draft)]
        if (idle := draft.value(node, "idle_timeout_s")) is not None:
            properties["LoadBalancerAttributes"] = [_pair("idle_timeout.timeout_seconds", idle)]
    elif (cross := draft.value(node, "cross_zone")) != "default":
        value = str(cross == "on").lower()
        attribute = "load_balancing.cross_zone.enabled"
        properties["LoadBalancerAttributes"] = [_pair(attribute, value)]
    draft.add(id, "ElasticLoadBalancingV2::LoadBalancer", properties)
    if kind == "network" and listener in ("tls", "http"):
        draft.partly(node, f"its {listener} listener goes out as TCP")
    content = {"StatusCode": "503", "ContentType": "text/plain"}
    action = {"Type": "fixed-response", "FixedResponseConfig": content}
    http = kind == "application"
    if http or any(draft.service(link.target) in _BEHIND for link in draft.out(node.id)):
        draft.add(
            f"{id}Listener",
            "ElasticLoadBalancingV2::Listener",
            {
                "LoadBalancerArn": ref(id),
                "Port": 80,
                "Protocol": _protocol(draft, node),
                "DefaultActions": [action],
            },
        )


def _protocol(draft: Draft, node: Node) -> str:
    if draft.value(node, "type") == "application":
        return "HTTP"
    return "UDP" if draft.value(node, "listener") == "udp" else "TCP"


def _pair(key: str, value: Any) -> Json:
    return {"Key": key, "Value": str(value)}


_BEHIND = ("auto_scaling_group", "ecs_service", "lambda_function")


def target(draft: Draft, link: Link) -> str | None:
    """What stands behind a balancer, in a target group of its own."""
    node = draft.document.nodes[link.source]
    source, behind = draft.id(link.source), draft.id(link.target)
    service, kind = draft.service(link.target), draft.value(node, "type")
    if service not in _BEHIND:
        return "a template says only groups, services and functions behind a balancer"
    if kind == "classic":
        if service != "auto_scaling_group":
            return "a classic balancer has instances behind it"
        names = draft.properties(behind).setdefault("LoadBalancerNames", [])
        names.append(ref(source))
        return None
    if service == "lambda_function" and kind == "network":
        return "a network balancer has no functions behind it"
    properties: Json = {}
    if service == "lambda_function":
        permission(draft, link.target, "elasticloadbalancing.amazonaws.com", None)
        properties = {"TargetType": "lambda", "Targets": [{"Id": att(behind)}]}
    else:
        properties = {"Port": 80, "Protocol": _protocol(draft, node), "VpcId": vpc(draft)}
        if service == "ecs_service":
            properties["TargetType"] = "ip"
        for key, name in HEALTH:
            value = draft.link_value(link, name)
            if name in link.params and value is not None:
                properties[key] = round(value)
        pairs = []
        for key, name in ATTRIBUTES:
            value = draft.link_value(link, name)
            ramps = name != "slow_start_s" or (kind == "application" and (value or 0) >= 30)
            if name in link.params and value is not None and ramps:
                pairs.append(_pair(key, round(value)))
        algorithm = draft.value(node, "algorithm")
        if algorithm != "round_robin" and kind == "application":
            pairs.append(_pair("load_balancing.algorithm.type", algorithm))
        properties["TargetGroupAttributes"] = pairs or None
    group = draft.add(f"{source}To{behind}", "ElasticLoadBalancingV2::TargetGroup", properties)
    if service == "lambda_function":
        draft.after(group, f"{behind}Permission")
    _forward(draft, link, group)
    if service == "auto_scaling_group":
        draft.properties(behind).setdefault("TargetGroupARNs", []).append(ref(group))
    elif service == "ecs_service":
        about = {"ContainerName": "app", "ContainerPort": 80, "TargetGroupArn": ref(group)}
        draft.properties(behind).setdefault("LoadBalancers", []).append(about)
        draft.after(behind, f"{source}Listener")
    return None


def _forward(draft: Draft, link: Link, group: str) -> None:
    """To the group by path where the link says a pattern, else by weight with the others."""
    source = draft.id(link.source)
    listener = draft.properties(f"{source}Listener")
    pattern = link.params.get("path_pattern")
    application = draft.value(draft.document.nodes[link.source], "type") == "application"
    if pattern and application:
        rules = [r for r in draft.resources.values() if r["Type"].endswith("::ListenerRule")]
        condition = {"Field": "path-pattern", "PathPatternConfig": {"Values": [pattern]}}
        draft.add(
            f"{group}Rule",
            "ElasticLoadBalancingV2::ListenerRule",
            {
                "ListenerArn": ref(f"{source}Listener"),
                "Priority": len(rules) + 1,
                "Conditions": [condition],
                "Actions": [{"Type": "forward", "TargetGroupArn": ref(group)}],
            },
        )
        return
    before = listener["DefaultActions"][0]
    if before["Type"] != "forward":
        listener["DefaultActions"] = [{"Type": "forward", "TargetGroupArn": ref(group)}]
        return
    groups = before.get("ForwardConfig", {}).get("TargetGroups")
    if groups is None:
        groups = [{"TargetGroupArn": before["TargetGroupArn"], "Weight": 1}]
    if len(groups) < 5:  # ELB User Guide: five groups to a forward action
        groups.append({"TargetGroupArn": ref(group), "Weight": 1})
    listener["DefaultActions"] = [{"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}]


def group(draft: Draft, node: Node) -> None:
    id, launch = draft.id(node), launched(draft, node)
    zones = draft.value(node, "zones")
    properties = by_rows(draft, node, NODES[_GROUP].rows)
    least, most = properties["MinSize"], properties["MaxSize"]
    properties |= {"MinSize": str(least), "MaxSize": str(max(most, least))}
    if (wanted := properties.pop("DesiredCapacity", None)) is not None:
        properties["DesiredCapacity"] = str(min(max(wanted, least), max(most, least)))
    properties["Cooldown"] = str(properties["Cooldown"])
    if not properties.get("MaxInstanceLifetime"):
        properties.pop("MaxInstanceLifetime", None)
    properties["VPCZoneIdentifier"] = subnets(draft, zones)[: max(zones, 1)]
    properties["LaunchTemplate"] = launch
    draft.add(id, "AutoScaling::AutoScalingGroup", properties)
    draft.late.append(lambda: policies(draft, node))


def calls(draft: Draft, link: Link) -> str | None:
    """What instances and tasks call: their role allows it, a task's environment names it."""
    ecs = draft.service(link.source) == "ecs_service"
    target = link.target
    if draft.id(target) not in draft.resources:
        return "no property names what it calls"
    principal = "ecs-tasks.amazonaws.com" if ecs else "ec2.amazonaws.com"
    managed = () if ecs else ("AmazonSSMManagedInstanceCore",)
    operation = str(link.params.get("operation", "same"))
    role = draft.role(link.source, principal, *managed)
    allowed = allow_call(draft, role, target, operation)
    named = ecs and not draft.in_circle(link.source, target)
    value = called_as(draft, target) if named else None
    if value is not None:
        task = draft.properties(f"{draft.id(link.source)}Task")
        environment = task["ContainerDefinitions"][0].setdefault("Environment", [])
        environment.append({"Name": draft.id(target).upper(), "Value": value})
    return None if allowed or value is not None else "no property of instances says what they call"


_FARGATE = {
    256: (512, 1024, 2048),
    512: range(1024, 4097, 1024),
    1024: range(2048, 8193, 1024),
    2048: range(4096, 16385, 1024),
    4096: range(8192, 30721, 1024),
    8192: range(16384, 61441, 4096),
    16384: range(32768, 122881, 8192),
}
"""CPU units to MiB. Amazon ECS Developer Guide: Task CPU and memory for Fargate."""


def service(draft: Draft, node: Node) -> None:
    id = draft.id(node)
    cpu, memory = draft.value(node, "task_cpu_units"), draft.value(node, "task_memory_mib")
    fargate = draft.value(node, "launch_type") != "EC2"
    if fargate and not (cpu in _FARGATE and memory in _FARGATE[cpu]):
        near = min(_FARGATE, key=lambda size: (size < cpu, abs(size - cpu)))
        memory = min(_FARGATE[near], key=lambda size: (size < memory, abs(size - memory)))
        cpu = near
        draft.partly(node, f"the nearest task that Fargate has is of {cpu} units and {memory} MiB")
    role = draft.role(node, "ecs-tasks.amazonaws.com")
    cluster = draft.add(
        f"{id}Cluster",
        "ECS::Cluster",
        {"CapacityProviders": ["FARGATE", "FARGATE_SPOT"] if fargate else None},
    )
    container = {
        "Name": "app",
        "Image": "public.ecr.aws/nginx/nginx:stable",
        "Essential": True,
        "PortMappings": [{"ContainerPort": 80}],
    }
    task = draft.add(
        f"{id}Task",
        "ECS::TaskDefinition",
        {
            "Cpu": str(cpu),
            "Memory": str(memory),
            "NetworkMode": "awsvpc",
            "RequiresCompatibilities": ["FARGATE" if fargate else "EC2"],
            "TaskRoleArn": att(role),
            "ContainerDefinitions": [container],
        },
    )
    properties = by_rows(draft, node, NODES["AWS::ECS::Service"].rows, but=("launch_type",))
    if draft.value(node, "launch_type") == "FARGATE_SPOT":
        strategy = {"CapacityProvider": "FARGATE_SPOT", "Weight": 1}
        properties["CapacityProviderStrategy"] = [strategy]
    elif fargate:
        properties["LaunchType"] = "FARGATE"
    else:
        properties["CapacityProviderStrategy"] = [capacity(draft, node, cluster)]
        properties["PlacementStrategies"] = placement(draft, node)
    network: Json = {"Subnets": subnets(draft), "SecurityGroups": [security_group(draft)]}
    network |= {"AssignPublicIp": "ENABLED"} if fargate else {}
    if not any(draft.service(link.source) == "elb" for link in draft.into(node.id)):
        properties.pop("HealthCheckGracePeriodSeconds", None)
    properties |= {
        "Cluster": ref(cluster),
        "TaskDefinition": ref(task),
        "NetworkConfiguration": {"AwsvpcConfiguration": network},
    }
    draft.add(id, "ECS::Service", properties)
    if not fargate:
        draft.after(id, f"{id}Capacities")
    if target := draft.value(node, "scaling"):
        scalable(
            draft, node, target, "scaling",
            namespace="ecs",
            resource=sub("service/${" + cluster + "}/${" + id + ".Name}"),
            dimension="ecs:service:DesiredCount",
            metric="ECSServiceAverageCPUUtilization",
        )  # fmt: skip


MADE = {"elb": balancer, "auto_scaling_group": group, "ecs_service": service}
LINKS = {
    ("elb", "targets"): target,
    ("auto_scaling_group", "out"): calls,
    ("ecs_service", "out"): calls,
}
