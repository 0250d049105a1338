"""SQS, SNS and Amazon MQ."""

from __future__ import annotations

from typing import Any

from sandbox.exchange.template import Resource, as_object
from sandbox.exchange.work import Kind, Part, Work, every, get, truth

_PROTOCOLS = {
    "http": "http",
    "https": "http",
    "email": "email",
    "email-json": "email",
    "sms": "sms",
    "application": "mobile_push",
}
"""Deliveries to AWS's own services need none of these."""


def _queue(work: Work, resource: Resource) -> None:
    if truth(resource.properties.get("FifoQueue")):
        work.put(resource.id, "type", "fifo")
        fast = resource.properties.get("FifoThroughputLimit") == "perMessageGroupId"
        work.put(resource.id, "high_throughput", fast or None)
    if resource.properties.get("ReceiveMessageWaitTimeSeconds") is not None:
        wait = resource.properties["ReceiveMessageWaitTimeSeconds"]
        work.put(resource.id, "receive_wait_s", wait)
    policy = as_object(resource.properties.get("RedrivePolicy"))
    if isinstance(policy, dict):
        work.put(resource.id, "max_receive_count", policy.get("maxReceiveCount"))
        for target in work.meant(policy.get("deadLetterTargetArn")):
            work.link(resource.id, target, "redrive policy", port="dead_letter")


def _topic(work: Work, resource: Resource) -> None:
    if truth(resource.properties.get("FifoTopic")):
        work.put(resource.id, "type", "fifo")
        scope = resource.properties.get("FifoThroughputScope")
        names = {"Topic": "topic", "MessageGroup": "message_group"}
        work.put(resource.id, "fifo_throughput_scope", names.get(str(scope)))
    for about in every(resource.properties, "Subscription[]"):
        if isinstance(about, dict):
            _subscribe(work, resource.id, about, "")


def _subscription(work: Work, resource: Resource) -> str:
    topics = work.meant(resource.properties.get("TopicArn"))
    if not topics:
        return "a subscription to a topic elsewhere"
    target = _subscribe(work, topics[0], resource.properties, resource.id)
    if resource.properties.get("FilterPolicy"):
        of = "the attributes of the request classes"
        work.assume(resource.id, f"its filter policy is held against {of}")
    return f"the link {topics[0]} → {target}"


def _subscribe(work: Work, topic: str, about: dict[str, Any], via: str) -> str:
    """Draw a subscription; an endpoint outside the template becomes a box of its own."""
    protocol = str(about.get("Protocol", "")).lower()
    params: dict[str, Any] = {"protocol": _PROTOCOLS.get(protocol)}
    delivery = as_object(about.get("DeliveryPolicy"))
    policy = get(delivery, "healthyRetryPolicy") if isinstance(delivery, dict) else None
    if isinstance(policy, dict):
        params |= {
            "retries": policy.get("numRetries"),
            "min_delay_s": policy.get("minDelayTarget"),
            "max_delay_s": policy.get("maxDelayTarget"),
        }
    redrive = as_object(about.get("RedrivePolicy"))
    dead = get(redrive, "deadLetterTargetArn") if isinstance(redrive, dict) else None
    if dead:
        params["redrive"] = True
        for letters in work.meant(dead):
            work.link(topic, letters, "redrive policy", via=via, port="dead_letter")
    targets = work.meant(about.get("Endpoint"))
    if not targets:
        id = via or f"{topic}-{protocol or 'endpoint'}"
        if id in work.nodes:
            id = f"{id}-{len(work.nodes)}"
        node = work.node(id, "endpoint", f"{protocol or 'endpoint'} of {topic}")
        node.params.update({"servers": 1000, "service_time_s": 0.05})
        targets = [id]
    for target in targets:
        work.link(
            topic, target, "subscription", via=via, port="subscriptions", params=params,
            filter=_filter(about),
        )  # fmt: skip
    return targets[0]


def _filter(about: dict[str, Any]) -> dict[str, Any]:
    """The filter policy and what it is held against, and whether messages come without envelope."""
    policy = as_object(about.get("FilterPolicy"))
    found: dict[str, Any] = {"raw": True} if truth(about.get("RawMessageDelivery")) else {}
    if isinstance(policy, dict) and policy:
        scope = str(about.get("FilterPolicyScope", "MessageAttributes"))
        found |= {"pattern": policy, "scope": scope}
    return found


NODES = {
    "AWS::SQS::Queue": Kind(
        "sqs",
        "SQS queue",
        rows=(
            ("VisibilityTimeout", "visibility_timeout_s"),
            ("MessageRetentionPeriod", "message_retention_s"),
            ("DelaySeconds", "delay_s"),
        ),
        more=_queue,
    ),
    "AWS::SNS::Topic": Kind("sns", "SNS topic", more=_topic),
    "AWS::AmazonMQ::Broker": Kind("mq", "Amazon MQ broker"),
}

PARTS: dict[str, Part] = {"AWS::SNS::Subscription": _subscription}
