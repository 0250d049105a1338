"""SQS, SNS and Amazon MQ on the way out."""

from __future__ import annotations

import json
from typing import Any

from sandbox.document import Link, Node
from sandbox.exchange.out.draft import VERSION, Draft, Json, att, by_rows, ref, sub

from .functions_out import permission
from .messaging import NODES


def queue(draft: Draft, node: Node) -> None:
    properties = by_rows(draft, node, NODES["AWS::SQS::Queue"].rows)
    wait = round(draft.value(node, "receive_wait_s"))
    properties["ReceiveMessageWaitTimeSeconds"] = wait or None
    if draft.value(node, "type") == "fifo":
        properties["FifoQueue"] = True
        if draft.value(node, "high_throughput"):
            properties["FifoThroughputLimit"] = "perMessageGroupId"
            properties["DeduplicationScope"] = "messageGroup"
    if draft.value(node, "sse_kms"):
        properties["KmsMasterKeyId"] = "alias/aws/sqs"
        reuse = round(draft.value(node, "kms_data_key_reuse_s"))
        properties["KmsDataKeyReusePeriodSeconds"] = reuse
    draft.add(draft.id(node), "SQS::Queue", properties)


def redrive(draft: Draft, link: Link) -> str | None:
    """The redrive policy of a queue."""
    if draft.service(link.target) != "sqs":
        return "the dead-letter queue of a queue is a queue"
    count = draft.value(draft.document.nodes[link.source], "max_receive_count")
    if count is None:
        return "the queue has no maximum receive count"
    properties = draft.properties(draft.id(link.source))
    if properties.get("FifoQueue") != draft.properties(draft.id(link.target)).get("FifoQueue"):
        return "the dead-letter queue of a FIFO queue is one too, and of a standard one is not"
    properties["RedrivePolicy"] = {
        "deadLetterTargetArn": att(draft.id(link.target)),
        "maxReceiveCount": count,
    }
    return None


def let_send(draft: Draft, target: str, principal: str, condition: Json | None) -> str:
    """A queue policy that lets a service send; returns its logical id."""
    id = draft.id(target)
    statement: Json = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "sqs:SendMessage",
        "Resource": att(id),
    }
    if condition:
        statement["Condition"] = condition
    document = {"Version": VERSION, "Statement": [statement]}
    return draft.add(
        f"{id}Policy", "SQS::QueuePolicy", {"Queues": [ref(id)], "PolicyDocument": document}
    )


def let_publish(draft: Draft, target: str, principal: str) -> str:
    """The same of a topic."""
    id = draft.id(target)
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": principal},
        "Action": "sns:Publish",
        "Resource": ref(id),
    }
    document = {"Version": VERSION, "Statement": [statement]}
    return draft.add(
        f"{id}Policy", "SNS::TopicPolicy", {"Topics": [ref(id)], "PolicyDocument": document}
    )


def topic(draft: Draft, node: Node) -> None:
    properties: Json = {}
    if draft.value(node, "type") == "fifo":
        scopes = {"topic": "Topic", "message_group": "MessageGroup"}
        scope = scopes.get(draft.value(node, "fifo_throughput_scope"))
        name = sub("${AWS::StackName}-" + draft.id(node) + ".fifo")
        properties = {"FifoTopic": True, "FifoThroughputScope": scope, "TopicName": name}
    draft.add(draft.id(node), "SNS::Topic", properties)


_POLICY = (
    ("retries", "numRetries"),
    ("min_delay_s", "minDelayTarget"),
    ("max_delay_s", "maxDelayTarget"),
)


def subscription(draft: Draft, link: Link) -> str | None:
    source, target = draft.id(link.source), draft.id(link.target)
    service = draft.service(link.target)
    properties: Json = {"TopicArn": ref(source)}
    if service == "lambda_function":
        permission(draft, link.target, "sns.amazonaws.com", ref(source))
        properties |= {"Protocol": "lambda", "Endpoint": att(target)}
    elif service == "sqs":
        allowed = {"ArnEquals": {"aws:SourceArn": ref(source)}}
        let_send(draft, link.target, "sns.amazonaws.com", allowed)
        properties |= {"Protocol": "sqs", "Endpoint": att(target)}
    elif service == "firehose":
        role = draft.role(link.source, "sns.amazonaws.com")
        draft.allow(role, ["firehose:PutRecord", "firehose:PutRecordBatch"], att(target))
        properties |= {"Protocol": "firehose", "Endpoint": att(target)}
        properties["SubscriptionRoleArn"] = att(role)
    else:
        return "its endpoint's address is not in the diagram"
    letters = draft.out(link.source, "dead_letter")
    if draft.link_value(link, "redrive") and letters and draft.service(letters[0].target) == "sqs":
        properties["RedrivePolicy"] = {"deadLetterTargetArn": att(draft.id(letters[0].target))}
    if policy := draft.link_value(link, "filter_policy"):
        properties["FilterPolicy"] = json.loads(policy)
    draft.add(f"{source}To{target}", "SNS::Subscription", properties)
    return None


def letters(draft: Draft, link: Link) -> str | None:
    """The queue for what a topic or a bus could not deliver; subscriptions and rules name it."""
    if draft.service(link.target) != "sqs":
        return "dead letters go to a queue"
    source = draft.id(link.source)
    names = [
        resource["Properties"]
        for resource in draft.resources.values()
        if resource["Properties"].get("TopicArn") == ref(source)
        or resource["Properties"].get("EventBusName") == att(source, "Name")
    ]
    if not any("deadLetter" in str(about) or "DeadLetter" in str(about) for about in names):
        return "nothing that is delivered from it asks for dead letters"
    topic = draft.service(link.source) == "sns"
    let_send(draft, link.target, "sns.amazonaws.com" if topic else "events.amazonaws.com", None)
    return None


_HOSTS = {"single": "SINGLE_INSTANCE", "active_standby": "ACTIVE_STANDBY_MULTI_AZ"}


def broker(draft: Draft, node: Node) -> None:
    id = draft.id(node)
    login: dict[str, Any] = {
        "SecretStringTemplate": '{"username": "broker"}',
        "GenerateStringKey": "password",
        "PasswordLength": 24,
        "ExcludePunctuation": True,
    }
    draft.add(f"{id}Login", "SecretsManager::Secret", {"GenerateSecretString": login})
    host = str(draft.value(node, "broker_type"))
    deployment = str(draft.value(node, "deployment"))
    user = {
        "Username": "broker",
        "Password": sub("{{resolve:secretsmanager:${" + id + "Login}:SecretString:password}}"),
    }
    draft.add(
        id,
        "AmazonMQ::Broker",
        {
            "BrokerName": sub("${AWS::StackName}-" + id),
            "EngineType": "ACTIVEMQ",
            "EngineVersion": "5.18",
            "AutoMinorVersionUpgrade": True,
            "HostInstanceType": host,
            "DeploymentMode": _HOSTS[deployment],
            "StorageType": str(draft.value(node, "storage")).upper(),
            "PubliclyAccessible": False,
            "Users": [user],
        },
    )


MADE = {"sqs": queue, "sns": topic, "mq": broker}
LINKS = {
    ("sqs", "dead_letter"): redrive,
    ("sns", "subscriptions"): subscription,
    ("sns", "dead_letter"): letters,
    ("eventbridge", "dead_letter"): letters,
}
