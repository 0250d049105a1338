"""CloudFront and Route 53 on the way out."""

from __future__ import annotations

from sandbox.document import Link, Node
from sandbox.exchange.out.draft import Draft, Json, att, sub, whole

from .api_out import origin_domain

_CACHING = "658327ea-f89d-4fab-a63d-7e88639e58f6"
"""CloudFront Developer Guide: Managed cache policies: CachingOptimized."""


def distribution(draft: Draft, node: Node) -> None:
    draft.late.append(lambda: _distribution(draft, node))


_CLASSES = {"all": "PriceClass_All", "200": "PriceClass_200", "100": "PriceClass_100"}
_KINDS = {"none": "none", "allow": "whitelist", "deny": "blacklist"}


def _distribution(draft: Draft, node: Node) -> None:
    """With an origin for each link that a template can say, or one by a name of its own."""
    origins: list[Json] = []
    behaviours: list[Json] = []
    for link in draft.out(node.id, "origins"):
        about = _origin(draft, link.target)
        if about is None:
            continue
        origins.append(about)
        pattern = link.params.get("path_pattern")
        if pattern and pattern not in ("*", "/*"):
            behaviours.append({"PathPattern": pattern, **_behaviour(about["Id"])})
    if not origins:
        custom = {"OriginProtocolPolicy": "https-only"}
        domain = origin_domain(draft)
        origins = [{"Id": "origin", "DomainName": domain, "CustomOriginConfig": custom}]
    about = {
        "Enabled": True,
        "Origins": origins,
        "DefaultCacheBehavior": _behaviour(origins[0]["Id"]),
        "CacheBehaviors": behaviours or None,
        "PriceClass": _CLASSES[str(draft.value(node, "price_class"))],
    }
    about["DefaultCacheBehavior"]["Compress"] = bool(draft.value(node, "compress"))
    geo = _KINDS[str(draft.value(node, "geo_restriction"))]
    countries = str(draft.value(node, "countries")).upper().replace(",", " ").split()
    if geo != "none" and countries:
        locations = {"RestrictionType": geo, "Locations": countries}
        about["Restrictions"] = {"GeoRestriction": locations}
    kept = {key: value for key, value in about.items() if value is not None}
    draft.add(draft.id(node), "CloudFront::Distribution", {"DistributionConfig": kept})


def _behaviour(origin: str) -> Json:
    return {
        "TargetOriginId": origin,
        "ViewerProtocolPolicy": "allow-all",
        "CachePolicyId": _CACHING,
    }


def _origin(draft: Draft, target: str) -> Json | None:
    id, service = draft.id(target), draft.service(target)
    if id not in draft.resources:
        return None
    if service == "s3":
        return {"Id": id, "DomainName": att(id, "RegionalDomainName"), "S3OriginConfig": {}}
    custom = {"OriginProtocolPolicy": "http-only"}
    if service == "elb":
        return {"Id": id, "DomainName": att(id, "DNSName"), "CustomOriginConfig": custom}
    if service == "api_gateway":
        domain = sub("${" + id + "}.execute-api.${AWS::Region}.${AWS::URLSuffix}")
        custom = {"OriginProtocolPolicy": "https-only"}
        rest = draft.value(draft.document.nodes[target], "type") == "rest"
        path = {"OriginPath": "/live"} if rest else {}
        return {"Id": id, "DomainName": domain, "CustomOriginConfig": custom, **path}
    return None


def origin(draft: Draft, link: Link) -> str | None:
    if _origin(draft, link.target) is not None:
        return None
    return "the domain of its origin is not in the diagram; a parameter stands for it"


def record(draft: Draft, node: Node) -> None:
    """A record for each target that a template can say; the first stands for the node."""
    draft.late.append(lambda: _records(draft, node))


def _records(draft: Draft, node: Node) -> None:
    id = draft.id(node)
    zone = draft.parameter("ZoneName", "String", "The hosted zone's name", "example.com.")
    name = sub(id.lower() + ".${ZoneName}")
    common: Json = {"HostedZoneName": zone, "Name": name, "Type": "A"}
    made = [
        (link, alias)
        for link in draft.out(node.id, "targets")
        if (alias := _alias(draft, link.target)) is not None
    ]
    if not made:
        ttl = str(whole(draft.value(node, "ttl_s")))
        draft.add(id, "Route53::RecordSet", {**common, "TTL": ttl, "ResourceRecords": _NOWHERE})
        return
    for at, (link, alias) in enumerate(made):
        properties = {**common, "AliasTarget": alias}
        if len(made) > 1:
            weight = min(max(round(100 * float(link.params.get("share", 1.0))), 0), 255)
            properties |= {"SetIdentifier": f"{draft.id(link.target)}{at}", "Weight": weight}
        draft.add(id if not at else f"{id}{at + 1}", "Route53::RecordSet", properties)


_NOWHERE = ["192.0.2.1"]
"""RFC 5737: an address for documentation."""
_CLOUDFRONT_ZONE = "Z2FDTNDATAQYW2"
"""AWS CloudFormation Template Reference: AWS::Route53::RecordSet AliasTarget."""


def _alias(draft: Draft, target: str) -> Json | None:
    id, service = draft.id(target), draft.service(target)
    made = draft.resources.get(id, {}).get("Type")
    if service == "elb" and made is not None:
        classic = made == "AWS::ElasticLoadBalancing::LoadBalancer"
        zone = "CanonicalHostedZoneNameID" if classic else "CanonicalHostedZoneID"
        return {"DNSName": att(id, "DNSName"), "HostedZoneId": att(id, zone)}
    if service == "cloudfront":
        return {"DNSName": att(id, "DomainName"), "HostedZoneId": _CLOUDFRONT_ZONE}
    return None


def named(draft: Draft, link: Link) -> str | None:
    if _alias(draft, link.target) is not None:
        return None
    return "an alias is of a balancer or a distribution"


MADE = {"cloudfront": distribution, "route53": record}
LINKS = {
    ("cloudfront", "origins"): origin,
    ("route53", "targets"): named,
}
