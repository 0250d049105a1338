"""The network around what needs one: a VPC with a subnet in each zone, made once."""

from __future__ import annotations

from typing import Any

from sandbox.exchange.out.draft import Draft, Json, att, ref

VPC, GROUP = "Network", "NetworkTraffic"
_ALL = "0.0.0.0/0"


def subnets(draft: Draft, zones: int = 2) -> list[Any]:
    """References to the subnets of the first `zones` zones."""
    if VPC not in draft.resources:
        _network(draft)
    found = []
    for at in range(1, max(zones, 2) + 1):
        id = f"Subnet{at}"
        if id not in draft.resources:
            zone = {"Fn::Select": [at - 1, {"Fn::GetAZs": ""}]}
            properties: Json = {
                "VpcId": ref(VPC),
                "CidrBlock": f"10.0.{16 * (at - 1)}.0/20",
                "AvailabilityZone": zone,
                "MapPublicIpOnLaunch": True,
            }
            draft.add(id, "EC2::Subnet", properties)
            draft.add(
                f"{id}Routes",
                "EC2::SubnetRouteTableAssociation",
                {"SubnetId": ref(id), "RouteTableId": ref("NetworkRoutes")},
            )
        found.append(ref(id))
    return found


def _network(draft: Draft) -> None:
    draft.add(VPC, "EC2::VPC", {"CidrBlock": "10.0.0.0/16", "EnableDnsHostnames": True})
    draft.add("NetworkGateway", "EC2::InternetGateway", {})
    draft.add(
        "NetworkAttachment",
        "EC2::VPCGatewayAttachment",
        {"VpcId": ref(VPC), "InternetGatewayId": ref("NetworkGateway")},
    )
    draft.add("NetworkRoutes", "EC2::RouteTable", {"VpcId": ref(VPC)})
    draft.add(
        "NetworkRoute",
        "EC2::Route",
        {
            "RouteTableId": ref("NetworkRoutes"),
            "DestinationCidrBlock": _ALL,
            "GatewayId": ref("NetworkGateway"),
        },
        DependsOn=["NetworkAttachment"],
    )


def vpc(draft: Draft) -> Json:
    subnets(draft)
    return ref(VPC)


def security_group(draft: Draft) -> Json:
    """What is in the network may talk to what is in it, and anybody to its port 80."""
    if GROUP not in draft.resources:
        ports = {"FromPort": 0, "ToPort": 65535}
        inside = {"IpProtocol": "tcp", **ports, "CidrIp": "10.0.0.0/16"}
        web = {"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "CidrIp": _ALL}
        draft.add(
            GROUP,
            "EC2::SecurityGroup",
            {
                "GroupDescription": "Traffic of the diagram",
                "VpcId": vpc(draft),
                "SecurityGroupIngress": [inside, web],
            },
        )
    return att(GROUP, "GroupId")
