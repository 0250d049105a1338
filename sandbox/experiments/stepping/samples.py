"""Sample events in the shape that each service is given them, and what must be in one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

ORDER = {"orderId": "A-1001", "state": "paid", "amount": 42.5}
"""What the sample events are about."""
_WHEN = "2026-01-05T08:00:00Z"
_ACCOUNT, _REGION = "123456789012", "us-east-1"


def s3_event(bucket: str, key: str = "incoming/photo.jpg", size: int = 204_800) -> dict[str, Any]:
    """Amazon S3 User Guide: Event message structure."""
    return {
        "Records": [
            {
                "eventVersion": "2.1",
                "eventSource": "aws:s3",
                "awsRegion": _REGION,
                "eventTime": _WHEN,
                "eventName": "ObjectCreated:Put",
                "s3": {
                    "s3SchemaVersion": "1.0",
                    "bucket": {"name": bucket, "arn": f"arn:aws:s3:::{bucket}"},
                    "object": {"key": key, "size": size},
                },
            }
        ]
    }


def bus_event(source: str, kind: str, detail: Any) -> dict[str, Any]:
    """Amazon EventBridge User Guide: Events."""
    return {
        "version": "0",
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "detail-type": kind,
        "source": source,
        "account": _ACCOUNT,
        "time": _WHEN,
        "region": _REGION,
        "resources": [],
        "detail": detail,
    }


def http_request(body: Any) -> dict[str, Any]:
    """AWS Lambda Developer Guide: Using AWS Lambda with Amazon API Gateway."""
    return {
        "httpMethod": "POST",
        "path": "/orders",
        "queryStringParameters": {"source": "web"},
        "headers": {"Content-Type": "application/json"},
        "body": body,
    }


_SAMPLES: Mapping[str, Callable[[str], Any]] = {
    "s3": s3_event,
    "sqs": lambda _id: {"body": ORDER, "messageAttributes": {"type": _text("order")}},
    "sns": lambda _id: {
        "Subject": "An order",
        "Message": ORDER,
        "MessageAttributes": {"type": _text("order")},
    },
    "eventbridge": lambda _id: bus_event("my.shop", "Order paid", ORDER),
    "kinesis_stream": lambda _id: {"PartitionKey": "A-1001", "Data": ORDER},
    "firehose": lambda _id: {"PartitionKey": "A-1001", "Data": ORDER},
    "dynamodb": lambda _id: {"Keys": {"orderId": "A-1001"}, "NewImage": ORDER},
    **dict.fromkeys(
        ("api_gateway", "elb", "cloudfront", "route53"), lambda _id: http_request(ORDER)
    ),
}
_MUST: Mapping[str, tuple[str, ...]] = {
    "s3": ("Records",),
    "sqs": ("body",),
    "sns": ("Message",),
    "eventbridge": ("source", "detail-type", "detail"),
    "kinesis_stream": ("Data",),
    "firehose": ("Data",),
    "dynamodb": ("NewImage",),
    "api_gateway": ("httpMethod", "path"),
}


def sample_of(service: str, node: str) -> Any:
    """An event for a node of this service; an order where it takes any."""
    make = _SAMPLES.get(service)
    return make(node) if make is not None else dict(ORDER)


def checked(service: str, text: str) -> Any:
    """The event that a text says. Raises ValueError with the place, or what is missing."""
    try:
        event = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}, column {error.colno}: {error.msg}") from error
    except RecursionError:
        raise ValueError("this is nested too deeply; take a plainer event") from None
    if not isinstance(event, dict):
        raise ValueError("an event is a JSON object; put it between { and }")
    missing = [name for name in _MUST.get(service, ()) if name not in event]
    if missing:
        have = "it has " + (", ".join(event) or "nothing")
        raise ValueError(f"an event for this service needs {', '.join(missing)}; {have}")
    if service == "s3":
        _check_s3(event)
    return event


def _check_s3(event: Mapping[str, Any]) -> None:
    try:
        key = event["Records"][0]["s3"]["object"]["key"]
    except (KeyError, IndexError, TypeError):
        key = None
    if not isinstance(key, str):
        raise ValueError("an event of S3 names its object: Records[0].s3.object.key")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON; write a number")


def _text(value: str) -> dict[str, str]:
    return {"Type": "String", "Value": value}
