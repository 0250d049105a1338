"""State machines and batch work on the way out."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.document import Link, Node
from sandbox.exchange.out.draft import Draft, Json, att, ref

from .events_out import let_in
from .functions_out import allow_call, draft_arn
from .network_out import security_group, subnets
from .workflow import states_of

_PARTITION = re.compile(r"arn:\$\{\w*[Pp]artition\}:states")
_PLACE = re.compile(r"\$\{([A-Za-z0-9]+)\}")
_NAMES = {
    "lambda_function": ("lambda", "FunctionName"),
    "sqs": ("sqs", "QueueUrl"),
    "sns": ("sns", "TopicArn"),
    "dynamodb": ("dynamodb", "TableName"),
    "batch": ("batch", "JobQueue"),
    "step_functions": ("states", "StateMachineArn"),
}
"""Which service a Task's resource names, and the parameter for whom it calls."""


def machine(draft: Draft, node: Node) -> None:
    id = draft.id(node)
    text = _PARTITION.sub("arn:aws:states", str(draft.value(node, "definition")))
    definition = json.loads(text)
    substitutions: Json = {
        name: draft.parameter(f"{id}{name}", "String", f"For {name} in {id}", name)
        for name in dict.fromkeys(_PLACE.findall(text))
    }
    role = draft.role(node, "states.amazonaws.com")
    for link in draft.out(node.id, "tasks"):
        for name in str(draft.link_value(link, "state") or "").split("|"):
            _aim(draft, definition, name, link.target, substitutions)
    if not draft.out(node.id, "tasks"):
        draft.allow(role, ["states:DescribeExecution"], "*")
    express = draft.value(node, "type") == "express"
    draft.add(
        id,
        "StepFunctions::StateMachine",
        {
            "RoleArn": att(role),
            "StateMachineType": "EXPRESS" if express else "STANDARD",
            "DefinitionString": json.dumps(definition, indent=2, ensure_ascii=False),
            "DefinitionSubstitutions": substitutions or None,
        },
    )


def _aim(draft: Draft, definition: Any, name: str, target: str, substitutions: Json) -> None:
    """Name in a state what it calls, in the place that its integration has for it."""
    service, key = _NAMES.get(draft.service(target), ("", ""))
    place = "${" + draft.id(target) + "}"
    for state_name, state in states_of(definition):
        if (name and state_name != name) or state.get("Type") != "Task":
            continue
        resource = str(state.get("Resource", ""))
        if f":states:::{service}:" in resource and service:
            inner = state.setdefault("Arguments" if "Arguments" in state else "Parameters", {})
            if not isinstance(inner, dict):
                continue
            inner.pop(f"{key}.$", None)
            inner[key] = place
            if service == "sqs":
                inner.setdefault("MessageBody", {})
            substitutions[draft.id(target)] = (
                draft_arn(draft, target) if service in ("lambda", "sns", "states", "batch")
                else ref(draft.id(target))
            )  # fmt: skip
        elif service == "lambda" and ":::" not in resource:
            state["Resource"] = place
            substitutions[draft.id(target)] = draft_arn(draft, target)


def task(draft: Draft, link: Link) -> str | None:
    """What a state machine's tasks call; its definition names it if a state of it does."""
    if draft.id(link.target) not in draft.resources:
        return "no property names what it calls"
    role = draft.role(link.source, "states.amazonaws.com")
    if not allow_call(draft, role, link.target, str(link.params.get("operation", "same"))):
        return "no integration of Step Functions calls it"
    about = draft.properties(draft.id(link.source))
    if draft.id(link.target) in about.get("DefinitionSubstitutions", {}):
        return None
    return "no state of the definition calls it by its own integration"


def batch(draft: Draft, node: Node) -> None:
    id = draft.id(node)
    environments = [_environment(draft, node, about) for about in draft.value(
        node, "compute_environments")]  # fmt: skip
    order = [{"Order": at, "ComputeEnvironment": ref(e)} for at, e in enumerate(environments, 1)]
    for at, about in enumerate(draft.value(node, "queues") or [{}]):
        properties = {
            "Priority": about.get("priority", 1),
            "ComputeEnvironmentOrder": order[:3],
        }
        draft.add(id if not at else f"{id}{at + 1}", "Batch::JobQueue", properties)
    fargate = any(_kind(about).startswith("FARGATE") for about in draft.value(
        node, "compute_environments"))  # fmt: skip
    for about in draft.value(node, "jobs"):
        _job(draft, node, about, fargate)


def _kind(about: Any) -> str:
    return str(about.get("type", "EC2"))


def _environment(draft: Draft, node: Node, about: Any) -> str:
    kind = _kind(about)
    resources: Json = {
        "Type": kind,
        "MaxvCpus": about.get("max_vcpus", 64),
        "Subnets": subnets(draft),
        "SecurityGroupIds": [security_group(draft)],
    }
    if not kind.startswith("FARGATE"):
        role = draft.role(
            node, "ec2.amazonaws.com", "service-role/AmazonEC2ContainerServiceforEC2Role",
            suffix="Instances",
        )  # fmt: skip
        profile = f"{draft.id(node)}Profile"
        if profile not in draft.resources:
            draft.add(profile, "IAM::InstanceProfile", {"Roles": [ref(role)]})
        types = [k.get("instance_type", "m5.xlarge") for k in about.get("instance_types") or [{}]]
        strategy = about.get("allocation_strategy", "BEST_FIT")
        if kind == "EC2" and strategy.startswith("SPOT"):
            strategy = "BEST_FIT_PROGRESSIVE"
        if kind == "SPOT" and strategy == "BEST_FIT":
            strategy = "SPOT_PRICE_CAPACITY_OPTIMIZED"
            draft.partly(node, "spot without a fleet's role goes out with the strategy of today")
        resources |= {
            "MinvCpus": about.get("min_vcpus", 0),
            "DesiredvCpus": about.get("desired_vcpus", 0),
            "InstanceRole": att(profile),
            "InstanceTypes": list(dict.fromkeys(types)),
            "AllocationStrategy": strategy,
        }
        if kind == "SPOT":
            resources["BidPercentage"] = about.get("bid_percentage", 100)
    managed = "service-role/AWSBatchServiceRole"
    service = draft.role(node, "batch.amazonaws.com", managed, suffix="Service")
    return draft.add(
        f"{draft.id(node)}Environment",
        "Batch::ComputeEnvironment",
        {
            "Type": "MANAGED",
            "ServiceRole": att(service),
            "State": "ENABLED" if about.get("enabled", True) else "DISABLED",
            "ComputeResources": resources,
        },
    )


_FARGATE_VCPUS = (0.25, 0.5, 1, 2, 4, 8, 16)


def _job(draft: Draft, node: Node, about: Any, fargate: bool) -> None:
    vcpus, memory = about.get("vcpus", 1.0), about.get("memory_mib", 2048)
    if not fargate:
        vcpus = max(round(vcpus), 1)
    needs = [
        {"Type": "VCPU", "Value": f"{vcpus:g}"},
        {"Type": "MEMORY", "Value": str(memory)},
    ]
    container: Json = {
        "Image": "public.ecr.aws/amazonlinux/amazonlinux:2023",
        "ResourceRequirements": needs,
    }
    if fargate:
        policy = "service-role/AmazonECSTaskExecutionRolePolicy"
        role = draft.role(node, "ecs-tasks.amazonaws.com", policy, suffix="Execution")
        container["ExecutionRoleArn"] = att(role)
    timeout = about.get("timeout_s")
    draft.add(
        f"{draft.id(node)}Job",
        "Batch::JobDefinition",
        {
            "Type": "container",
            "PlatformCapabilities": ["FARGATE" if fargate else "EC2"],
            "ContainerProperties": container,
            "RetryStrategy": {"Attempts": about.get("attempts", 1)},
            "Timeout": {"AttemptDurationSeconds": max(timeout, 60)} if timeout else None,
        },
    )


def ended(draft: Draft, link: Link) -> str | None:
    """A rule of the account's own bus tells how jobs ended."""
    if draft.service(link.target) not in ("sqs", "sns"):
        return "the end of jobs is drawn to queues and topics"
    state = "SUCCEEDED" if link.source_port == "succeeded" else "FAILED"
    source, target = draft.id(link.source), draft.id(link.target)
    pattern = {
        "source": ["aws.batch"],
        "detail-type": ["Batch Job State Change"],
        "detail": {"status": [state], "jobQueue": [ref(source)]},
    }
    about = {"Id": target[:64], "Arn": draft_arn(draft, link.target)}
    made = draft.add(
        f"{source}{state.title()}To{target}",
        "Events::Rule",
        {"EventPattern": pattern, "Targets": [about]},
    )
    let_in(draft, link.target, made)
    return None


MADE = {"step_functions": machine, "batch": batch}
LINKS = {
    ("step_functions", "tasks"): task,
    ("batch", "succeeded"): ended,
    ("batch", "failed"): ended,
}
