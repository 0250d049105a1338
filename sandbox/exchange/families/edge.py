"""What stands in front: API Gateway, CloudFront, Route 53, AppSync."""

from __future__ import annotations

from typing import Any

from sandbox.exchange.template import Resource
from sandbox.exchange.work import Kind, Part, Work, every, get, truth

_HTTP = frozenset(
    ("get", "put", "post", "delete", "patch", "head", "x-amazon-apigateway-any-method")
)


def _rest(work: Work, resource: Resource) -> None:
    _definition(work, resource)


def _v2(work: Work, resource: Resource) -> None:
    properties = resource.properties
    websocket = properties.get("ProtocolType") == "WEBSOCKET"
    work.put(resource.id, "type", "websocket" if websocket else "http")
    for target in work.meant(properties.get("Target")):
        work.link(resource.id, target, "quick-create target")
    _definition(work, resource)


def _definition(work: Work, resource: Resource) -> None:
    """The integrations of an OpenAPI body, and its authorizers."""
    body = resource.properties.get("Body")
    paths = get(body, "paths")
    for methods in paths.values() if isinstance(paths, dict) else ():
        for method, about in methods.items() if isinstance(methods, dict) else ():
            if str(method).lower() in _HTTP and isinstance(about, dict):
                _integrate(work, resource.id, about.get("x-amazon-apigateway-integration"))
    schemes = get(body, "securityDefinitions") or get(body, "components.securitySchemes")
    for scheme in schemes.values() if isinstance(schemes, dict) else ():
        about = get(scheme, "x-amazon-apigateway-authorizer")
        for target in work.meant(get(about, "authorizerUri")):
            work.link(resource.id, target, "authorizer", params={"stage": 0})


def _integrate(work: Work, api: str, about: Any, via: str = "") -> list[str]:
    if not isinstance(about, dict) or str(about.get("type", about.get("Type"))).upper() == "MOCK":
        return []
    keys = ("IntegrationTarget", "uri", "Uri", "integrationTarget", "IntegrationUri")
    found: list[str] = []
    for key in keys:
        found = found or work.meant(about.get(key))
    for key in ("requestParameters", "RequestParameters", "requestTemplates", "RequestTemplates"):
        found = found or work.meant(list((about.get(key) or {}).values()) if isinstance(
            about.get(key), dict) else None)  # fmt: skip
    for target in found:
        work.link(api, target, "integration", via=via, spread=True)
    return found


def _method(work: Work, resource: Resource) -> str:
    apis = work.meant(resource.properties.get("RestApiId"))
    found: list[str] = []
    for api in apis:
        found = _integrate(work, api, resource.properties.get("Integration"), resource.id)
    if not apis:
        return "a method of an API elsewhere"
    return f"the link {apis[0]} → {found[0]}" if found else f"a method of {apis[0]} by itself"


def _integration(work: Work, resource: Resource) -> str:
    apis = work.meant(resource.properties.get("ApiId"))
    found: list[str] = []
    for api in apis:
        found = _integrate(work, api, resource.properties, resource.id)
    if not found and apis:
        for target in _listeners(work, resource.properties.get("IntegrationUri")):
            found.append(target)
            work.link(apis[0], target, "integration", via=resource.id, spread=True)
    return (
        f"the link {apis[0]} → {found[0]}" if found else "an integration with something elsewhere"
    )


def _listeners(work: Work, value: Any) -> list[str]:
    """The balancers of listeners that a private integration names."""
    found = work.resources_in(value, "AWS::ElasticLoadBalancingV2::Listener")
    return [id for one in found for id in work.meant(one.properties.get("LoadBalancerArn"))]


def _authorizer(work: Work, resource: Resource) -> str:
    properties = resource.properties
    apis = work.meant(properties.get("RestApiId") or properties.get("ApiId"))
    for target in work.meant(properties.get("AuthorizerUri")):
        for api in apis:
            work.link(api, target, "authorizer", via=resource.id, params={"stage": 0})
            return f"the link {api} → {target}"
    return "an authorizer without a function"


def _stage(work: Work, resource: Resource) -> str:
    properties = resource.properties
    apis = work.meant(properties.get("RestApiId") or properties.get("ApiId"))
    if not apis:
        return "a stage of an API elsewhere"
    settings = [s for s in every(properties, "MethodSettings[]") if isinstance(s, dict)]
    general = next((s for s in settings if s.get("ResourcePath") == "/*"), {})
    routes = properties.get("DefaultRouteSettings")
    routes = routes if isinstance(routes, dict) else {}
    rate = general.get("ThrottlingRateLimit", routes.get("ThrottlingRateLimit"))
    burst = general.get("ThrottlingBurstLimit", routes.get("ThrottlingBurstLimit"))
    work.put(apis[0], "stage_rate_per_s", rate)
    work.put(apis[0], "stage_burst", burst)
    if truth(properties.get("CacheClusterEnabled")):
        work.put(apis[0], "cache_gb", str(properties.get("CacheClusterSize", "0.5")))
        work.put(apis[0], "cache_ttl_s", general.get("CacheTtlInSeconds"))
    return f"parameters of {apis[0]}"


def _usage_plan(work: Work, resource: Resource) -> str:
    properties = resource.properties
    for stage in every(properties, "ApiStages[]"):
        for api in work.meant(get(stage, "ApiId")):
            work.put(api, "usage_plan_rate_per_s", get(properties, "Throttle.RateLimit"))
            work.put(api, "usage_plan_burst", get(properties, "Throttle.BurstLimit"))
            work.put(api, "usage_plan_quota", get(properties, "Quota.Limit"))
            period = get(properties, "Quota.Period")
            work.put(api, "usage_plan_period", str(period).lower() if period else None)
            return f"parameters of {api}"
    return "a usage plan of no stage"


def _distribution(work: Work, resource: Resource) -> None:
    about = resource.properties.get("DistributionConfig")
    behaviors = _behaviors(about)
    for origin in every(about, "Origins[]"):
        params = behaviors.get(str(get(origin, "Id")), {})
        for target in work.meant(get(origin, "DomainName")):
            mode = str(params.get("mode", ""))
            work.link(resource.id, target, "origin", mode=mode, params=params)
            if params.get("path_pattern"):
                work.paths |= dict.fromkeys(params["path_pattern"].split(","))
    groups = ["DefaultCacheBehavior.LambdaFunctionAssociations[].LambdaFunctionARN"]
    groups.append("CacheBehaviors[].LambdaFunctionAssociations[].LambdaFunctionARN")
    for path in groups:
        for value in every(about, path):
            for target in work.meant(value):
                work.link(resource.id, target, "Lambda@Edge")


def _behaviors(about: Any) -> dict[str, dict[str, Any]]:
    """By origin: the paths that go to it and when they are tried, or that it is a standby."""
    usual = str(get(about, "DefaultCacheBehavior.TargetOriginId"))
    paths: dict[str, list[tuple[int, str]]] = {}
    for number, one in enumerate(every(about, "CacheBehaviors[]"), 1):
        target, path = str(get(one, "TargetOriginId")), get(one, "PathPattern")
        if isinstance(path, str):
            paths.setdefault(target, []).append((number, path))
    found: dict[str, dict[str, Any]] = {}
    for group in every(about, "OriginGroups.Items[]"):
        id = str(get(group, "Id"))
        for place, member in enumerate(every(group, "Members.Items[].OriginId")):
            if place:
                found[str(member)] = {"mode": "standby", "origin_group": id}
            else:
                found[str(member)] = {"origin_group": id}
                paths.setdefault(str(member), []).extend(paths.pop(id, []))
                usual = str(member) if usual == id else usual
    for origin, own in paths.items():
        if origin != usual and own:  # the default takes what nothing else takes, its own paths too
            pattern = ",".join(path for _, path in own)
            found.setdefault(origin, {}).update(path_pattern=pattern, precedence=own[0][0])
    return found


def _record(work: Work, resource: Resource) -> None:
    properties = resource.properties
    values = [get(properties, "AliasTarget.DNSName"), *every(properties, "ResourceRecords[]")]
    for value in values:
        for target in work.meant(value):
            work.link(resource.id, target, "record's target", spread=True)


def _data_source(work: Work, resource: Resource) -> str:
    properties = resource.properties
    for api in work.meant(properties.get("ApiId")):
        for path in (
            *("DynamoDBConfig.TableName", "LambdaConfig.LambdaFunctionArn"),
            *("EventBridgeConfig.EventBusArn", "HttpConfig.Endpoint"),
        ):
            for target in work.meant(get(properties, path)):
                work.link(api, target, "data source", via=resource.id, spread=True)
                return f"the link {api} → {target}"
    return "a data source without a target in the template"


def _accelerated(work: Work, resource: Resource) -> None:
    for about in every(resource.properties, "EndpointConfigurations[]"):
        for target in work.meant(get(about, "EndpointId")):
            work.link(resource.id, target, "endpoint", spread=True)


NODES = {
    "AWS::ApiGateway::RestApi": Kind("api_gateway", "REST API", more=_rest),
    "AWS::ApiGatewayV2::Api": Kind("api_gateway", "API", more=_v2),
    "AWS::CloudFront::Distribution": Kind("cloudfront", "CloudFront", more=_distribution),
    "AWS::Route53::RecordSet": Kind("route53", "Route 53 record", more=_record),
    "AWS::AppSync::GraphQLApi": Kind("endpoint", "AppSync API"),
    "AWS::AppSync::Api": Kind("endpoint", "AppSync events API"),
    "AWS::GlobalAccelerator::EndpointGroup": Kind(
        "endpoint", "Global Accelerator", more=_accelerated
    ),
}

STANDS = {
    "AWS::ApiGateway::Stage": "RestApiId",
    "AWS::ApiGateway::Deployment": "RestApiId",
    "AWS::ApiGatewayV2::Stage": "ApiId",
    "AWS::AppSync::DataSource": "ApiId",
}

PARTS: dict[str, Part] = {
    "AWS::ApiGateway::Method": _method,
    "AWS::ApiGateway::Authorizer": _authorizer,
    "AWS::ApiGatewayV2::Authorizer": _authorizer,
    "AWS::ApiGatewayV2::Integration": _integration,
    "AWS::ApiGateway::Stage": _stage,
    "AWS::ApiGatewayV2::Stage": _stage,
    "AWS::ApiGateway::UsagePlan": _usage_plan,
    "AWS::AppSync::DataSource": _data_source,
}
