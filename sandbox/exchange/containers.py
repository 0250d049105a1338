"""Groups: what is in a VPC, in one of its zones, or in a nested stack."""

from __future__ import annotations

from collections import defaultdict

from sandbox.document import Group, Node

from .marks import marked
from .work import Work

_SUBNET, _VPC = "AWS::EC2::Subnet", "AWS::EC2::VPC"


def containers(work: Work, nodes: dict[str, Node]) -> list[Group]:
    """Groups for the nodes that the template places; a zone inside its VPC inside its stack."""
    vpcs: dict[str, list[str]] = defaultdict(list)
    subnets: dict[str, list[str]] = defaultdict(list)
    stacks: dict[str, list[str]] = defaultdict(list)
    for id, planned in work.nodes.items():
        resource = work.resources.get(planned.of)
        if resource is None or id not in nodes:
            continue
        placed = work.resources_in(resource.properties, _SUBNET)
        around = {vpc for subnet in placed for vpc in marked(subnet.properties.get("VpcId"))}
        if len(around) == 1:
            vpc = around.pop()
            if len(placed) == 1:
                subnets[placed[0].id].append(id)
                if placed[0].id not in vpcs[vpc]:
                    vpcs[vpc].append(placed[0].id)
            else:
                vpcs[vpc].append(id)
        elif resource.stack:
            stacks[resource.stack.rstrip("-")].append(id)
    groups = []
    for id, members in subnets.items():
        zone = work.resources[id].properties.get("AvailabilityZone")
        label = f"{id}, {zone}" if isinstance(zone, str) and zone else id
        groups.append(Group(_free(id, nodes), "availability_zone", label, tuple(members)))
    for vpc, members in vpcs.items():
        ids = tuple(_free(m, nodes) if m in subnets else m for m in members)
        groups.append(Group(_free(vpc, nodes), "vpc", vpc, ids))
        stack = work.resources[vpc].stack.rstrip("-") if vpc in work.resources else ""
        if stack:
            stacks[stack].append(_free(vpc, nodes))
        told = work.entries.get(vpc)
        if told is not None:
            told.became, told.why = "mapped", "a group of what stands in it"
    for stack, members in stacks.items():
        groups.append(Group(_free(stack, nodes), "stack", stack, tuple(members)))
    return groups


def _free(id: str, nodes: dict[str, Node]) -> str:
    safe = "".join(ch if ch.isascii() and (ch.isalnum() or ch in "-_") else "-" for ch in id)
    return f"{safe}-group" if safe in nodes else safe
