"""What one service makes of an event for the next: envelopes are put on and taken off."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

from .samples import bus_event, s3_event

FUNCTIONS = ("lambda_function",)
_SAME_SHAPE = ("kinesis_stream", "firehose")
_WEB = ("clients", "route53", "cloudfront", "elb", "api_gateway")


def handed(
    source: str, source_id: str, target: str, target_id: str, event: Any, raw: bool = False
) -> Any:
    """The event as `target` is given it by `source`, in the target's own shape; `raw` is SNS
    without its envelope."""
    if source in _WEB:
        return _from_web(target, target_id, event)
    if target in FUNCTIONS and source in _TO_FUNCTIONS:
        return _TO_FUNCTIONS[source](source_id, event)
    if source == "s3" and target == "eventbridge":
        return bus_event("aws.s3", "Object Created", _object(event))
    if source == "eventbridge":
        return event if target == "eventbridge" else given(target, target_id, event)
    if source in _SAME_SHAPE and target in _SAME_SHAPE:
        return event
    if source == "sns" and raw:
        bare = given(target, target_id, event.get("Message"))
        if target == "sqs":
            bare["messageAttributes"] = event.get("MessageAttributes", {})
        return bare
    if source == "sns":
        return given(target, target_id, _notification(source_id, event))
    if source == "s3":
        return given(target, target_id, event)
    if source == "sqs":
        return {"Body": _text(event.get("body")), **_only(event, "messageAttributes")}
    if source in _SAME_SHAPE or source == "dynamodb":
        return given(target, target_id, content(event))
    return given(target, target_id, content(event))


def given(service: str, id: str, what: Any) -> Any:
    """A plain thing in the shape that a service is given things."""
    if service == "sqs":
        return {"body": what, "messageAttributes": {}}
    if service == "sns":
        return {"Message": what, "MessageAttributes": {}}
    if service == "eventbridge":
        return bus_event("my.application", "Something happened", what)
    if service in _SAME_SHAPE:
        return {"PartitionKey": _key(what), "Data": what}
    if service == "dynamodb":
        return {"Keys": {"id": _key(what)}, "NewImage": what}
    if service == "s3":
        return s3_event(id, f"{_key(what)}.json", len(json.dumps(what, default=str)))
    return what


def content(event: Any) -> Any:
    """What an application would call the event itself, all envelopes taken off."""
    for _ in range(10):
        inner = _inside(event)
        if inner is event:
            break
        event = inner
    return event


def _inside(event: Any) -> Any:
    if isinstance(event, str):
        return parsed(event)
    if not isinstance(event, Mapping):
        return event
    records = event.get("Records")
    if isinstance(records, list) and records and isinstance(records[0], Mapping):
        record = records[0]
        if "body" in record:
            return parsed(record["body"])
        if isinstance(record.get("Sns"), Mapping):
            return parsed(record["Sns"].get("Message"))
        if isinstance(record.get("kinesis"), Mapping):
            return parsed(base64.b64decode(str(record["kinesis"].get("data"))).decode())
        if isinstance(record.get("dynamodb"), Mapping):
            return record["dynamodb"].get("NewImage")
        return event
    for keys in (("detail-type", "detail"), ("httpMethod", "body"), ("PartitionKey", "Data"),
                 ("Keys", "NewImage"), ("MessageAttributes", "Message"),
                 ("messageAttributes", "body"), ("messageAttributes", "Body")):  # fmt: skip
        if all(key in event for key in keys):
            return parsed(event[keys[-1]])
    return event


def _from_web(target: str, target_id: str, event: Any) -> Any:
    """Whoever calls over HTTP passes the request on; stores and queues get what is in it."""
    as_it_is = target in (*_WEB, *FUNCTIONS, "external", "ecs_service", "auto_scaling_group")
    own = target in ("sqs", "sns", "s3", "eventbridge") and _fits(target, event)
    if as_it_is or own:
        return event
    return given(target, target_id, content(event))


def _fits(target: str, event: Any) -> bool:
    must = {"sqs": "body", "sns": "Message", "s3": "Records", "eventbridge": "detail"}[target]
    return isinstance(event, Mapping) and must in event and "httpMethod" not in event


def _queue_to_function(queue: str, event: Any) -> Any:
    """AWS Lambda Developer Guide: Using Lambda with Amazon SQS."""
    record = {
        "messageId": "059f36b4-87a3-44ab-83d2-661975830a7d",
        "body": _text(event.get("body")),
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": event.get("messageAttributes", {}),
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:us-east-1:123456789012:{queue}",
    }
    return {"Records": [record]}


def _topic_to_function(topic: str, event: Any) -> Any:
    """AWS Lambda Developer Guide: Invoking Lambda functions with Amazon SNS notifications."""
    return {"Records": [{"EventSource": "aws:sns", "Sns": _notification(topic, event)}]}


def _stream_to_function(stream: str, event: Any) -> Any:
    """AWS Lambda Developer Guide: Using Lambda with Amazon Kinesis Data Streams."""
    data = base64.b64encode(_text(event.get("Data")).encode()).decode()
    kinesis = {"partitionKey": str(event.get("PartitionKey", "")), "data": data}
    record = {
        "kinesis": {**kinesis, "sequenceNumber": "4954598737104551128478"},
        "eventSource": "aws:kinesis",
        "eventSourceARN": f"arn:aws:kinesis:us-east-1:123456789012:stream/{stream}",
    }
    return {"Records": [record]}


def _table_to_function(_table: str, event: Any) -> Any:
    """Amazon DynamoDB Developer Guide: DynamoDB Streams and AWS Lambda triggers; values plain."""
    change = {"Keys": event.get("Keys", {}), "NewImage": event.get("NewImage"),
              "StreamViewType": "NEW_AND_OLD_IMAGES"}  # fmt: skip
    return {"Records": [{"eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": change}]}


_TO_FUNCTIONS: Mapping[str, Callable[[str, Any], Any]] = {
    "sqs": _queue_to_function,
    "sns": _topic_to_function,
    "kinesis_stream": _stream_to_function,
    "dynamodb": _table_to_function,
    "s3": lambda _id, event: event,
    "eventbridge": lambda _id, event: event,
}


def _notification(topic: str, event: Any) -> dict[str, Any]:
    """Amazon SNS Developer Guide: message formats; without raw message delivery."""
    return {
        "Type": "Notification",
        "MessageId": "95df01b4-ee98-5cb9-9903-4c221d41eb5e",
        "TopicArn": f"arn:aws:sns:us-east-1:123456789012:{topic}",
        **_only(event, "Subject"),
        "Message": _text(event.get("Message")),
        "MessageAttributes": event.get("MessageAttributes", {}),
    }


def _object(event: Any) -> dict[str, Any]:
    about = event["Records"][0]["s3"]
    return {"version": "0", "bucket": {"name": about.get("bucket", {}).get("name", "")},
            "object": about["object"], "reason": "PutObject"}  # fmt: skip


def _only(event: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {key: event[key]} if event.get(key) else {}


def _key(what: Any) -> str:
    if isinstance(what, Mapping):
        for name, value in what.items():
            if name.lower().endswith("id") and isinstance(value, (str, int)):
                return str(value)
    return "1"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        found = json.loads(value)
    except (ValueError, RecursionError):
        return value
    return found if isinstance(found, (dict, list)) else value
