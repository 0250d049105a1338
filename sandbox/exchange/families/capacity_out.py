"""Instances on the way out: what a group launches, and the capacity provider of an ECS service."""

from __future__ import annotations

from typing import Any

from sandbox.document import Node
from sandbox.exchange.out.draft import Draft, Json, att, ref, sub

from .capacity import SCALING
from .network_out import security_group, subnets

_IMAGES = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"
_ECS_IMAGES = "/aws/service/ecs/optimized-ami/amazon-linux-2023/"
"""Amazon ECS Developer Guide: Retrieving Amazon ECS-optimized Linux AMI metadata."""
_ON_ARM = ("t4g", "m6g", "m7g", "c6g", "c7g", "r6g", "r7g")
_JOINS = "#!/bin/bash\necho ECS_CLUSTER=${%s} >> /etc/ecs/ecs.config\n"


def launched(draft: Draft, node: Node, cluster: str = "") -> Json:
    """The launch template of a node's instances, as a group names it; of a cluster's if given."""
    id, kind = draft.id(node), str(draft.value(node, "instance_type"))
    arm = kind.startswith(_ON_ARM)
    if cluster:
        image = f"{_ECS_IMAGES}{'arm64/' if arm else ''}recommended/image_id"
        about, policy = "The image of container instances", _AGENT
    else:
        image = _IMAGES + ("arm64" if arm else "x86_64")
        about, policy = "The image of the instances", "AmazonSSMManagedInstanceCore"
    name = f"{'Ecs' if cluster else ''}Image{'Arm' if arm else ''}"
    type = "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>"
    suffix = "InstanceRole" if cluster else "Role"
    role = draft.role(node, "ec2.amazonaws.com", policy, suffix=suffix)
    profile = draft.add(f"{id}Profile", "IAM::InstanceProfile", {"Roles": [ref(role)]})
    data: Json = {
        "ImageId": draft.parameter(name, type, about, image),
        "InstanceType": kind,
        "IamInstanceProfile": {"Arn": att(profile)},
        "SecurityGroupIds": [security_group(draft)],
    }
    if cluster:
        data["UserData"] = {"Fn::Base64": sub(_JOINS % cluster)}
    elif draft.value(node, "detailed_monitoring"):
        data["Monitoring"] = {"Enabled": True}
    launch = draft.add(f"{id}Launch", "EC2::LaunchTemplate", {"LaunchTemplateData": data})
    return {"LaunchTemplateId": ref(launch), "Version": att(launch, "LatestVersionNumber")}


_AGENT = "service-role/AmazonEC2ContainerServiceforEC2Role"


def capacity(draft: Draft, node: Node, cluster: str) -> Json:
    """The capacity provider of a service on EC2, with its group; the strategy that uses it."""
    id = draft.id(node)
    group = draft.add(
        f"{id}Instances",
        "AutoScaling::AutoScalingGroup",
        {
            "MinSize": str(draft.value(node, "min_instances")),
            "MaxSize": str(draft.value(node, "max_instances")),
            "VPCZoneIdentifier": subnets(draft),
            "LaunchTemplate": launched(draft, node, cluster),
        },
    )
    scaling: dict[str, Any] = {
        "Status": "ENABLED" if draft.value(node, "managed_scaling") else "DISABLED"
    }
    for key, name in SCALING:
        scaling[key] = round(draft.value(node, name))
    provider = draft.add(
        f"{id}Capacity",
        "ECS::CapacityProvider",
        {
            "AutoScalingGroupProvider": {
                "AutoScalingGroupArn": ref(group),
                "ManagedScaling": scaling,
                "ManagedTerminationProtection": "DISABLED",
            }
        },
    )
    strategy = {"CapacityProvider": ref(provider), "Weight": 1}
    draft.add(
        f"{id}Capacities",
        "ECS::ClusterCapacityProviderAssociations",
        {
            "Cluster": ref(cluster),
            "CapacityProviders": [ref(provider)],
            "DefaultCapacityProviderStrategy": [strategy],
        },
    )
    return strategy


def placement(draft: Draft, node: Node) -> list[Json]:
    if draft.value(node, "placement") == "binpack":
        return [{"Type": "binpack", "Field": "memory"}]
    return [{"Type": "spread", "Field": "instanceId"}]
