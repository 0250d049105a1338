"""Probable links and hints: what roles allow, and what environments name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from .families.events import default_bus
from .marks import attributes, marked
from .template import Resource
from .work import Work, every, get

_PULLED = ("sqs", "kinesis_stream", "kinesis_video")
_TAKES = frozenset(("receivemessage", "getrecords", "subscribetoshard", "getmedia"))
_NEUTRAL = (
    *("list", "describe", "getqueue", "deletemessage", "changemessage", "getshard", "purge"),
    *("getbucket", "tag", "untag", "getfunctionconfig", "registerstream", "getdata"),
)
_READS = ("get", "query", "scan", "batchget", "read", "select", "conditioncheck", "partiqlselect")
_STORES = ("dynamodb", "elasticache", "rds", "s3", "dax")


def gather(work: Work) -> None:
    """Add what policies allow, then what environments name, where nothing stronger is known."""
    roles = _roles(work)
    for actor, role in roles:
        _allowed(work, actor, list(_statements(work, role)))
    for actor, values in _environments(work):
        for target in work.meant(values):
            pairs = {(w.source, w.target) for w in work.wishes} | {w.said for w in work.wishes}
            if not pairs & {(actor, target), (target, actor)}:
                work.link(actor, target, "named in its environment", "hint")


def _roles(work: Work) -> list[tuple[str, Resource]]:
    found: list[tuple[str, Resource]] = []
    used: set[str] = set()

    def add(actor: str, value: Any) -> None:
        for role in work.resources_in(value, "AWS::IAM::Role"):
            found.append((actor, role))

    for resource in work.resources.values():
        if resource.missing or resource.type.startswith("AWS::IAM::"):
            continue
        used |= {id for id in marked(resource.properties) if id in work.resources}
        properties = resource.properties
        if resource.type == "AWS::Lambda::Function":
            add(resource.id, properties.get("Role"))
        elif resource.type == "AWS::StepFunctions::StateMachine":
            add(resource.id, properties.get("RoleArn"))
        elif resource.type.startswith("AWS::KinesisAnalytics"):
            add(resource.id, properties.get("ServiceExecutionRole"))
        elif resource.type == "AWS::ECS::Service":
            for task in work.resources_in(properties.get("TaskDefinition")):
                add(resource.id, task.properties.get("TaskRoleArn"))
        elif resource.type in ("AWS::AutoScaling::AutoScalingGroup", "AWS::EC2::Instance"):
            for one in [resource, *_reached(work, resource)]:
                about = one.properties.get("LaunchTemplateData", one.properties)
                for profile in work.resources_in(get(about, "IamInstanceProfile")):
                    add(resource.id, profile.properties.get("Roles"))
        elif resource.type in ("AWS::ApiGateway::RestApi", "AWS::ApiGatewayV2::Api"):
            add(resource.id, properties.get("Body"))
        elif resource.type in ("AWS::ApiGateway::Method", "AWS::ApiGatewayV2::Integration"):
            key = "Integration.Credentials" if "Gateway::" in resource.type else "CredentialsArn"
            for api in work.meant(properties.get("RestApiId") or properties.get("ApiId")):
                add(api, get(properties, key))
    apis = [id for id, node in work.nodes.items() if node.service == "api_gateway"]
    for role in work.of_type("AWS::IAM::Role"):
        # A role for API Gateway that nothing here uses is used by the API's own definition.
        if role.id not in used and len(apis) == 1 and "apigateway.amazonaws.com" in str(
            role.properties.get("AssumeRolePolicyDocument")
        ):  # fmt: skip
            found.append((apis[0], role))
    return found


def _reached(work: Work, resource: Resource) -> list[Resource]:
    launches = ("AWS::EC2::LaunchTemplate", "AWS::AutoScaling::LaunchConfiguration")
    ids = [id for id in marked(resource.properties) if id in work.resources]
    return [work.resources[id] for id in ids if work.resources[id].type in launches]


def _statements(work: Work, role: Resource) -> Iterator[dict[str, Any]]:
    documents = every(role.properties, "Policies[].PolicyDocument")
    for policy in work.of_type("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"):
        given = policy.id in marked(role.properties.get("ManagedPolicyArns"))
        if given or role.id in marked(policy.properties.get("Roles")):
            documents.append(policy.properties.get("PolicyDocument"))
    for about in work.of_type("AWS::IAM::RolePolicy"):
        if role.id in marked(about.properties.get("RoleName")):
            documents.append(about.properties.get("PolicyDocument"))
    for document in documents:
        for statement in every(document, "Statement[]"):
            if isinstance(statement, dict) and statement.get("Effect", "Allow") == "Allow":
                yield statement


def _allowed(work: Work, actor: str, statements: list[dict[str, Any]]) -> None:
    verbs: dict[str, set[str]] = defaultdict(set)
    streams_taken: dict[str, None] = {}  # of tables, which have other verbs of their own
    for statement in statements:
        actions = [str(action).lower() for action in every(statement, "Action[]")]
        for value in every(statement, "Resource[]"):
            if isinstance(value, str) and "event-bus/default" in value:
                if any(action.startswith("events:put") for action in actions):
                    verbs[default_bus(work)] |= {"write"}
                continue
            streams = {id for id, attribute in attributes(value) if attribute == "StreamArn"}
            for target in work.meant(value):
                pulled = work.nodes[target].service in _PULLED
                of_stream = target in streams or (isinstance(value, str) and "/stream/" in value)
                for action in actions:
                    verb = _verb(action, pulled or of_stream)
                    if verb == "take" and not pulled:
                        streams_taken[target] = None
                    elif verb:
                        verbs[target] |= {verb}
    known = {(w.source, w.target) for w in work.wishes} | {w.said for w in work.wishes}
    for target in streams_taken:
        if (target, actor) not in known:
            work.link(target, actor, "its role allows it", "probable", mode="pull")
    for target, found in verbs.items():
        if found & {"read", "write"} and (actor, target) not in known:
            params = {}
            if work.nodes[target].service in _STORES and len(found) == 1:
                params["operation"] = next(iter(found))
            work.link(actor, target, "its role allows it", "probable", params=params)
        elif found == {"take"} and not {(target, actor), (actor, target)} & known:
            # Fragments of video are sent to who asked for them once.
            mode = "async" if work.nodes[target].service == "kinesis_video" else "pull"
            work.link(target, actor, "its role allows it", "probable", mode=mode)


def _verb(action: str, pulled: bool) -> str:
    """What an IAM action does: read, write, take (from a queue or stream), or nothing of load."""
    service, _, verb = action.partition(":")
    if service in ("logs", "xray", "kms", "cloudwatch", "ec2", "ssm", "secretsmanager", "iam"):
        return ""
    if service == "execute-api" and verb == "manageconnections":
        return ""
    if action == "*" or verb == "*":
        return "write"
    if pulled and verb.rstrip("*") in _TAKES:
        return "take"
    if verb.startswith(_NEUTRAL):
        return ""
    return "read" if verb.startswith(_READS) else "write"


def _environments(work: Work) -> Iterator[tuple[str, list[Any]]]:
    for resource in work.resources.values():
        if resource.missing:
            continue
        if resource.type == "AWS::Lambda::Function":
            variables = get(resource.properties, "Environment.Variables")
            if isinstance(variables, dict):
                yield resource.id, list(variables.values())
        elif resource.type == "AWS::ECS::Service":
            for task in work.resources_in(resource.properties.get("TaskDefinition")):
                found = every(task.properties, "ContainerDefinitions[].Environment[].Value")
                yield resource.id, found
