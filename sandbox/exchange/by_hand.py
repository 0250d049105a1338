"""Serverless resources expanded by hand, for those that the translator refuses.

Only what carries load: the resource itself, its table or queue events, topics, rules and routes.
Source: AWS SAM Developer Guide: Generated CloudFormation resources.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

TYPES = {
    "Function": "AWS::Lambda::Function",
    "Api": "AWS::ApiGateway::RestApi",
    "HttpApi": "AWS::ApiGatewayV2::Api",
    "WebSocketApi": "AWS::ApiGatewayV2::Api",
    "SimpleTable": "AWS::DynamoDB::Table",
    "StateMachine": "AWS::StepFunctions::StateMachine",
    "LayerVersion": "AWS::Lambda::LayerVersion",
    "Application": "AWS::CloudFormation::Stack",
    "GraphQLApi": "AWS::AppSync::GraphQLApi",
}
_POLLED = {"SQS": "Queue", "Kinesis": "Stream", "DynamoDB": "Stream", "MSK": "Stream"}
_SOURCES = {"MQ": "Broker", "DocumentDB": "Cluster"}


def by_hand(id: str, resource: Mapping[str, Any], shared: Mapping[str, Any]) -> dict[str, Any]:
    """What stands for a serverless resource: itself under its own id, and its events."""
    kind = str(resource.get("Type", "")).removeprefix("AWS::Serverless::")
    made = TYPES.get(kind)
    if made is None:
        return {}
    own = _mapping(resource.get("Properties"))
    general = _mapping(_mapping(shared).get(kind))
    properties = {**general, **own}
    events = _mapping(properties.pop("Events", None))
    if kind == "SimpleTable":
        properties.setdefault("BillingMode", "PAY_PER_REQUEST")
    if kind == "HttpApi":
        properties["ProtocolType"] = "HTTP"
    if kind == "WebSocketApi":
        properties["ProtocolType"] = "WEBSOCKET"
    if kind == "Application":
        properties = {
            "TemplateURL": properties.get("Location"),
            "Parameters": properties.get("Parameters", {}),
        }
    if kind == "Function" and "DeadLetterQueue" in properties:
        properties["DeadLetterConfig"] = properties.pop("DeadLetterQueue")
    properties.pop("Policies", None) if isinstance(properties.get("Policies"), str) else None
    found: dict[str, Any] = {id: {**resource, "Type": made, "Properties": properties}}
    arn = {"Fn::GetAtt": [id, "Arn"]}
    for name, about in events.items():
        event = _mapping(about)
        of = _mapping(event.get("Properties"))
        found.update(_event(f"{id}{name}", str(event.get("Type", "")), of, arn))
    return found


def _event(id: str, kind: str, of: dict[str, Any], arn: dict[str, Any]) -> dict[str, Any]:
    if kind in _POLLED or kind in _SOURCES:
        source = of.get(_POLLED.get(kind) or _SOURCES[kind])
        properties = {**of, "EventSourceArn": source, "FunctionName": arn}
        return {id: {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties}}
    if kind == "SNS":
        properties = {**of, "TopicArn": of.get("Topic"), "Protocol": "lambda", "Endpoint": arn}
        return {id: {"Type": "AWS::SNS::Subscription", "Properties": properties}}
    if kind in ("EventBridgeRule", "CloudWatchEvent", "Schedule"):
        properties = {
            "EventBusName": of.get("EventBusName"),
            "EventPattern": of.get("Pattern"),
            "ScheduleExpression": of.get("Schedule"),
            "Targets": [{"Arn": arn, "Id": "T"}],
        }
        kept = {key: value for key, value in properties.items() if value is not None}
        return {id: {"Type": "AWS::Events::Rule", "Properties": kept}}
    if kind == "ScheduleV2":
        properties = {"ScheduleExpression": of.get("ScheduleExpression"), "Target": {"Arn": arn}}
        return {id: {"Type": "AWS::Scheduler::Schedule", "Properties": properties}}
    if kind in ("Api", "HttpApi"):
        key, implicit = ("RestApiId", "RestApi") if kind == "Api" else ("ApiId", "HttpApi")
        found: dict[str, Any] = {}
        api = of.get(key)
        if api is None:
            api = {"Ref": f"Serverless{implicit}"}
            v2 = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": "HTTP"}}
            rest = {"Type": "AWS::ApiGateway::RestApi", "Properties": {}}
            found[f"Serverless{implicit}"] = rest if kind == "Api" else v2
        if kind == "Api":
            properties = {"RestApiId": api, "Integration": {"Uri": arn}}
            return {**found, id: {"Type": "AWS::ApiGateway::Method", "Properties": properties}}
        properties = {"ApiId": api, "IntegrationUri": arn}
        return {**found, id: {"Type": "AWS::ApiGatewayV2::Integration", "Properties": properties}}
    if kind == "S3":
        properties = {"Bucket": of.get("Bucket"), "Function": arn}
        return {id: {"Type": "Sandbox::S3::Notification", "Properties": properties}}
    return {}


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}
