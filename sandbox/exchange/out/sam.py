"""A CloudFormation draft in SAM's shorter words: functions with their events, APIs, tables.

A resource is taken up into a serverless one only where the translator makes the same of it again;
all else stays as it is, for SAM takes every type of CloudFormation. Source: AWS SAM Developer
Guide: AWS SAM resources and properties.
"""

from __future__ import annotations

import json
from typing import Any

from .draft import Json, att, ref

TRANSFORM = "AWS::Serverless-2016-10-31"
_SAME = (
    *("Runtime", "Handler", "MemorySize", "Timeout", "ReservedConcurrentExecutions"),
    *("EphemeralStorage", "Architectures", "Environment", "SnapStart", "PackageType"),
)
_POLLED = {
    "AWS::SQS::Queue": ("SQS", "Queue"),
    "AWS::Kinesis::Stream": ("Kinesis", "Stream"),
    "AWS::Kinesis::StreamConsumer": ("Kinesis", "Stream"),
    "AWS::DynamoDB::Table": ("DynamoDB", "Stream"),
    "AWS::AmazonMQ::Broker": ("MQ", "Broker"),
}
_DESTINATIONS = {
    "AWS::SQS::Queue": "SQS",
    "AWS::SNS::Topic": "SNS",
    "AWS::Lambda::Function": "Lambda",
    "AWS::Serverless::Function": "Lambda",
    "AWS::Events::EventBus": "EventBridge",
}
_OF_MAPPINGS = ("FunctionName", "EventSourceArn")


def lifted(resources: dict[str, Json], with_policies: bool = True) -> dict[str, Json]:
    """The resources with what SAM has words for said in those; roles too if `with_policies`."""
    made = {id: json.loads(json.dumps(resource)) for id, resource in resources.items()}
    for id in list(made):
        if _type(made, id) == "AWS::Lambda::Function":
            _function(made, id, with_policies)
    for id in list(made):
        kind = _type(made, id)
        if kind == "AWS::Lambda::EventSourceMapping":
            _mapping(made, id)
        elif kind == "AWS::SNS::Subscription":
            _subscription(made, id)
        elif kind == "AWS::Events::Rule":
            _rule(made, id)
        elif kind == "AWS::ApiGateway::RestApi":
            _rest(made, id)
        elif kind == "AWS::ApiGatewayV2::Api":
            _http(made, id)
        elif kind == "AWS::DynamoDB::Table":
            _table(made, id)
        elif kind == "AWS::StepFunctions::StateMachine":
            _machine(made, id, with_policies)
    return made


def _type(made: dict[str, Json], id: Any) -> str:
    return str(made[id]["Type"]) if id in made else ""


def _properties(made: dict[str, Json], id: str) -> Json:
    found: Json = made[id].setdefault("Properties", {})
    return found


def referred(value: Any) -> str:
    """The resource that a reference is to, or an empty text."""
    if isinstance(value, dict) and len(value) == 1:
        name, inner = next(iter(value.items()))
        if name == "Ref":
            return str(inner)
        if name == "Fn::GetAtt":
            return str(inner[0] if isinstance(inner, list) else inner.split(".")[0])
    return ""


def _take(made: dict[str, Json], kind: str, **wanted: Any) -> dict[str, Json]:
    """Resources of a type with these properties."""
    return {
        id: resource
        for id, resource in made.items()
        if resource["Type"] == kind
        and all(resource["Properties"].get(key) == value for key, value in wanted.items())
    }


def _own_policies(made: dict[str, Json], role: Any) -> list[Json] | None:
    """What a role that only one resource has allows, and the role taken away; None if others use
    it, too."""
    id = referred(role)
    if json.dumps(made).count(json.dumps(id)) != 2:  # its own and the one use
        return None
    return [p["PolicyDocument"] for p in made.pop(id)["Properties"].get("Policies", [])]


def _function(made: dict[str, Json], id: str, with_policies: bool) -> None:
    old = _properties(made, id)
    new: Json = {key: old[key] for key in _SAME if key in old}
    code = old["Code"]
    if "ZipFile" in code:
        new["InlineCode"] = code["ZipFile"]
    elif "ImageUri" in code:
        new["ImageUri"] = code["ImageUri"]
    else:
        new["CodeUri"] = {"Bucket": code["S3Bucket"], "Key": code["S3Key"]}
    policies = _own_policies(made, old["Role"]) if with_policies else None
    if policies is None:
        new["Role"] = old["Role"]
    elif policies:
        new["Policies"] = policies
    made[id] = {**made[id], "Type": "AWS::Serverless::Function", "Properties": new}
    for config, about in _take(
        made, "AWS::Lambda::EventInvokeConfig", FunctionName=ref(id)
    ).items():
        settings = {k: v for k, v in about["Properties"].items() if k not in (
            "FunctionName", "Qualifier")}  # fmt: skip
        for side in settings.get("DestinationConfig", {}).values():
            side["Type"] = _DESTINATIONS[_type(made, referred(side["Destination"]))]
        new["EventInvokeConfig"] = settings
        del made[config]
    for alias, about in _take(made, "AWS::Lambda::Alias", FunctionName=ref(id)).items():
        new["AutoPublishAlias"] = about["Properties"]["Name"]
        config = about["Properties"]["ProvisionedConcurrencyConfig"]
        new["ProvisionedConcurrencyConfig"] = config
        del made[alias], made[referred(about["Properties"]["FunctionVersion"])]


def _event(made: dict[str, Json], function: str, name: str, kind: str, about: Json) -> None:
    events = _properties(made, function).setdefault("Events", {})
    events[name] = {"Type": kind, "Properties": about}


def _mapping(made: dict[str, Json], id: str) -> None:
    old = _properties(made, id)
    function, source = referred(old["FunctionName"]), referred(old["EventSourceArn"])
    if _type(made, function) != "AWS::Serverless::Function" or _type(made, source) not in _POLLED:
        return
    kind, key = _POLLED[_type(made, source)]
    about = {k: v for k, v in old.items() if k not in _OF_MAPPINGS}
    if kind == "MQ":
        return
    _event(made, function, f"From{source}", kind, {key: old["EventSourceArn"], **about})
    del made[id]


def _drop_permission(made: dict[str, Json], function: str, source: Any) -> None:
    for id in _take(made, "AWS::Lambda::Permission", FunctionName=ref(function), SourceArn=source):
        del made[id]


def _subscription(made: dict[str, Json], id: str) -> None:
    old = _properties(made, id)
    function = referred(old["Endpoint"])
    if _type(made, function) != "AWS::Serverless::Function":
        return
    about = {"Topic": old["TopicArn"]}
    about |= {key: old[key] for key in ("RedrivePolicy", "FilterPolicy") if key in old}
    _event(made, function, f"From{referred(old['TopicArn'])}", "SNS", about)
    _drop_permission(made, function, old["TopicArn"])
    del made[id]


def _rule(made: dict[str, Json], id: str) -> None:
    old = _properties(made, id)
    target = old["Targets"][0]
    function = referred(target["Arn"])
    if _type(made, function) != "AWS::Serverless::Function" or "EventBusName" not in old:
        return
    about = {"EventBusName": old["EventBusName"], "Pattern": old["EventPattern"]}
    about |= {k: target[k] for k in ("RetryPolicy", "DeadLetterConfig") if k in target}
    _drop_permission(made, function, att(id))
    del made[id]
    _event(made, function, f"From{referred(old['EventBusName'])}", "EventBridgeRule", about)


def _rest(made: dict[str, Json], id: str) -> None:
    """A REST API of functions alone: its methods are events of theirs."""
    methods = _take(made, "AWS::ApiGateway::Method", RestApiId=ref(id))
    calls = {name: m["Properties"] for name, m in methods.items() if not name.endswith("Root")}
    functions = {name: _called(made, m["Integration"].get("Uri")) for name, m in calls.items()}
    if not calls or not all(functions.values()):
        return
    for name, about in calls.items():
        part = referred(about["ResourceId"])
        path = "/" + _properties(made, part)["PathPart"]
        event = {"RestApiId": ref(id), "Path": path, "Method": "ANY"}
        _event(made, functions[name], f"From{id}", "Api", event)
        _drop_called(made, functions[name], id)
        del made[part]
    for name in methods:
        del made[name]
    (deployment,) = _take(made, "AWS::ApiGateway::Deployment", RestApiId=ref(id))
    (stage,) = _take(made, "AWS::ApiGateway::Stage", RestApiId=ref(id))
    about = made.pop(stage)["Properties"]
    del made[deployment]
    kept = {k: v for k, v in about.items() if k not in ("RestApiId", "DeploymentId")}
    made[id] = {"Type": "AWS::Serverless::Api", "Properties": kept}
    for plan in _take(made, "AWS::ApiGateway::UsagePlan").values():
        for one in plan["Properties"]["ApiStages"]:
            if one["Stage"] == ref(stage):
                one["Stage"] = ref(f"{id}.Stage")


def _called(made: dict[str, Json], uri: Any) -> str:
    """The function that an integration calls."""
    text = uri.get("Fn::Sub", "") if isinstance(uri, dict) else ""
    name = text.rpartition("/functions/${")[2].partition(".Arn}")[0]
    return name if _type(made, name) == "AWS::Serverless::Function" else ""


def _drop_called(made: dict[str, Json], function: str, api: str) -> None:
    for id, about in _take(made, "AWS::Lambda::Permission", FunctionName=ref(function)).items():
        if "${" + api + "}" in json.dumps(about):
            del made[id]


def _http(made: dict[str, Json], id: str) -> None:
    if _properties(made, id)["ProtocolType"] != "HTTP":
        return
    calls = _take(made, "AWS::ApiGatewayV2::Integration", ApiId=ref(id))
    functions = {n: _called(made, i["Properties"]["IntegrationUri"]) for n, i in calls.items()}
    if not calls or not all(functions.values()):
        return
    for name, function in functions.items():
        route = made.pop(f"{name}Route")["Properties"]
        path = route["RouteKey"].removeprefix("ANY ")
        event = {"ApiId": ref(id), "Path": path, "Method": "ANY"}
        _event(made, function, f"From{id}", "HttpApi", event)
        _drop_called(made, function, id)
        del made[name]
    (stage,) = _take(made, "AWS::ApiGatewayV2::Stage", ApiId=ref(id))
    about = made.pop(stage)["Properties"]
    kept = {k: v for k, v in about.items() if k == "DefaultRouteSettings"}
    made[id] = {"Type": "AWS::Serverless::HttpApi", "Properties": kept}


_SIMPLE = {"AttributeDefinitions", "KeySchema", "BillingMode", "ProvisionedThroughput"}


def _table(made: dict[str, Json], id: str) -> None:
    old = _properties(made, id)
    if set(old) - _SIMPLE or len(old["KeySchema"]) > 1:
        return
    new: Json = {"PrimaryKey": {"Name": old["KeySchema"][0]["AttributeName"], "Type": "String"}}
    new |= {k: v for k, v in old.items() if k == "ProvisionedThroughput"}
    made[id] = {**made[id], "Type": "AWS::Serverless::SimpleTable", "Properties": new}


def _machine(made: dict[str, Json], id: str, with_policies: bool) -> None:
    old = _properties(made, id)
    policies = _own_policies(made, old["RoleArn"]) if with_policies else None
    new: Json = {"Type": old["StateMachineType"], "Definition": json.loads(old["DefinitionString"])}
    new |= {"Policies": policies} if policies is not None else {"Role": old["RoleArn"]}
    new |= {k: v for k, v in old.items() if k == "DefinitionSubstitutions"}
    made[id] = {**made[id], "Type": "AWS::Serverless::StateMachine", "Properties": new}
