"""API Gateway on the way out: methods and integrations, stages, usage plans."""

from __future__ import annotations

from typing import Any

from sandbox.document import Link, Node
from sandbox.exchange.out.draft import Draft, Json, att, ref, sub, whole

from .functions_out import allow_call, permission


def api(draft: Draft, node: Node) -> None:
    id, kind = draft.id(node), draft.value(node, "type")
    if kind == "rest":
        draft.add(id, "ApiGateway::RestApi", {"Name": id})
        draft.late.append(lambda: _rest_stage(draft, node))
        return
    websocket = kind == "websocket"
    properties: Json = {"Name": id, "ProtocolType": "WEBSOCKET" if websocket else "HTTP"}
    if websocket:
        properties["RouteSelectionExpression"] = "$request.body.action"
    draft.add(id, "ApiGatewayV2::Api", properties)
    rate, burst = draft.value(node, "stage_rate_per_s"), draft.value(node, "stage_burst")
    routes = {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": whole(burst)}
    kept = {key: value for key, value in routes.items() if value is not None}
    draft.add(
        f"{id}Stage",
        "ApiGatewayV2::Stage",
        {
            "ApiId": ref(id),
            "StageName": "live" if websocket else "$default",
            "AutoDeploy": True,
            "DefaultRouteSettings": kept or None,
        },
    )


def _method(draft: Draft, api: str, id: str, resource: Any, integration: Json) -> None:
    answer = [{"StatusCode": "200"}] if integration["Type"] == "AWS" else None
    draft.add(
        id,
        "ApiGateway::Method",
        {
            "RestApiId": ref(api),
            "ResourceId": resource,
            "HttpMethod": "ANY",
            "AuthorizationType": "NONE",
            "Integration": integration,
            "MethodResponses": answer,
        },
    )


def origin_domain(draft: Draft) -> Json:
    """Where what is not in the diagram answers: a parameter."""
    about = "The domain of the origin"
    return draft.parameter("OriginDomain", "String", about, "origin.example.com")


def _rest_stage(draft: Draft, node: Node) -> None:
    """Deployed when all methods are there."""
    id = draft.id(node)
    methods = [
        name
        for name, resource in draft.resources.items()
        if resource["Type"] == "AWS::ApiGateway::Method"
        and resource["Properties"]["RestApiId"] == ref(id)
    ]
    if not methods:  # an API without any cannot be deployed
        origin_domain(draft)
        elsewhere: Json = {"Type": "HTTP_PROXY", "Uri": sub("https://${OriginDomain}/")}
        elsewhere["IntegrationHttpMethod"] = "ANY"
        methods = [f"{id}Root"]
        _method(draft, id, methods[0], att(id, "RootResourceId"), elsewhere)
    made = draft.add(
        f"{id}Deployment", "ApiGateway::Deployment", {"RestApiId": ref(id)}, DependsOn=methods
    )
    settings: Json = {"ResourcePath": "/*", "HttpMethod": "*"}
    rate, burst = draft.value(node, "stage_rate_per_s"), draft.value(node, "stage_burst")
    settings |= {"ThrottlingRateLimit": rate} if rate is not None else {}
    settings |= {"ThrottlingBurstLimit": whole(burst)} if burst is not None else {}
    size = str(draft.value(node, "cache_gb"))
    properties: Json = {"RestApiId": ref(id), "DeploymentId": ref(made), "StageName": "live"}
    if size != "none":
        properties |= {"CacheClusterEnabled": True, "CacheClusterSize": size}
        settings |= {"CachingEnabled": True, "CacheTtlInSeconds": whole(draft.value(
            node, "cache_ttl_s"))}  # fmt: skip
    properties["MethodSettings"] = [settings] if len(settings) > 2 else None
    stage = draft.add(f"{id}Stage", "ApiGateway::Stage", properties)
    plan: Json = {}
    rate, burst = draft.value(node, "usage_plan_rate_per_s"), draft.value(node, "usage_plan_burst")
    if rate is not None or burst is not None:
        throttle = {"RateLimit": rate, "BurstLimit": whole(burst)}
        plan["Throttle"] = {key: value for key, value in throttle.items() if value is not None}
    if (quota := draft.value(node, "usage_plan_quota")) is not None:
        period = str(draft.value(node, "usage_plan_period")).upper()
        plan["Quota"] = {"Limit": whole(quota), "Period": period}
    if plan:
        stages = [{"ApiId": ref(id), "Stage": ref(stage)}]
        draft.add(f"{id}Plan", "ApiGateway::UsagePlan", {"ApiStages": stages, **plan})


def integration(draft: Draft, link: Link) -> str | None:
    """What an API calls: functions and balancers by proxy, other services by their own API."""
    source, target = draft.id(link.source), draft.id(link.target)
    service = draft.service(link.target)
    kind = draft.value(draft.document.nodes[link.source], "type")
    if service == "lambda_function":
        uri = "arn:${AWS::Partition}:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/"
        about: Json = {"Type": "AWS_PROXY", "Uri": sub(uri + "${" + target + ".Arn}/invocations")}
        arn = "arn:${AWS::Partition}:execute-api:${AWS::Region}:${AWS::AccountId}:"
        permission(draft, link.target, "apigateway.amazonaws.com", sub(arn + "${" + source + "}/*"))
    elif service == "elb":
        about = {"Type": "HTTP_PROXY", "Uri": sub("http://${" + target + ".DNSName}/")}
        if kind == "websocket":
            return "a WebSocket API is drawn with functions only"
    elif service in _ACTIONS and kind == "rest":
        role = draft.role(link.source, "apigateway.amazonaws.com")
        allow_call(draft, role, link.target)
        path, template = _ACTIONS[service]
        about = {
            "Type": "AWS",
            "Uri": sub("arn:${AWS::Partition}:apigateway:${AWS::Region}:" + path.replace(
                "TARGET", target)),
            "Credentials": att(role),
            "RequestParameters": _FORM if service in ("sqs", "sns") else None,
            "RequestTemplates": {"application/json": _put(template, target)},
            "IntegrationResponses": [{"StatusCode": "200"}],
        }  # fmt: skip
    else:
        return "an API is drawn with functions, balancers and, if REST, queues, topics and tables"
    about = {key: value for key, value in about.items() if value is not None}
    if kind == "rest":
        about["IntegrationHttpMethod"] = "POST" if service != "elb" else "ANY"
        part = draft.add(
            f"{source}{target}Path",
            "ApiGateway::Resource",
            {
                "RestApiId": ref(source),
                "ParentId": att(source, "RootResourceId"),
                "PathPart": target.lower(),
            },
        )
        _method(draft, source, f"{source}To{target}", ref(part), about)
        return None
    properties: Json = {
        "ApiId": ref(source),
        "IntegrationType": about["Type"],
        "IntegrationUri": about["Uri"],
    }
    properties |= {"PayloadFormatVersion": "2.0"} if kind == "http" and service != "elb" else {}
    properties |= {"IntegrationMethod": "ANY"} if service == "elb" else {}
    made = draft.add(f"{source}To{target}", "ApiGatewayV2::Integration", properties)
    key = f"ANY /{target.lower()}" if kind == "http" else target.lower()
    draft.add(
        f"{made}Route",
        "ApiGatewayV2::Route",
        {
            "ApiId": ref(source),
            "RouteKey": key,
            "Target": sub("integrations/${" + made + "}"),
        },
    )
    return None


_FORM = {"integration.request.header.Content-Type": "'application/x-www-form-urlencoded'"}


def _put(template: str, target: str) -> Any:
    text = template.replace("TARGET", target)
    return sub(text) if "${" in text else text


_ACTIONS = {
    "sqs": (
        "sqs:path/${AWS::AccountId}/${TARGET.QueueName}",
        "Action=SendMessage&MessageBody=$util.urlEncode($input.body)",
    ),
    "sns": ("sns:action/Publish", "Action=Publish&TopicArn=${TARGET}&Message=$input.body"),
    "dynamodb": (
        "dynamodb:action/PutItem",
        '{"TableName": "${TARGET}", "Item": {"pk": {"S": "$context.requestId"}}}',
    ),
    "kinesis_stream": (
        "kinesis:action/PutRecord",
        (
            '{"StreamName": "${TARGET}", "Data": "$util.base64Encode($input.body)", '
            '"PartitionKey": "$context.requestId"}'
        ),
    ),
    "step_functions": (
        "states:action/StartExecution",
        '{"stateMachineArn": "${TARGET}", "input": "$util.escapeJavaScript($input.body)"}',
    ),
}
"""API Gateway Developer Guide: AWS integrations; the path of the URI, and the request."""


MADE = {"api_gateway": api}
LINKS = {("api_gateway", "out"): integration}
