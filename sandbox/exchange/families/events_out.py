"""EventBridge on the way out: buses, and a rule for each of their targets."""

from __future__ import annotations

import json

from sandbox.document import Link, Node
from sandbox.exchange.out.draft import Draft, Json, att, ref, sub

from .functions_out import allow_call, draft_arn, permission
from .messaging_out import let_publish, let_send

_PRINCIPAL = "events.amazonaws.com"


def bus(draft: Draft, node: Node) -> None:
    id = draft.id(node)
    name = sub("${AWS::StackName}-" + id)
    draft.add(id, "Events::EventBus", {"Name": name})
    if draft.value(node, "archive"):
        days = draft.value(node, "archive_retention_days")
        draft.add(f"{id}Archive", "Events::Archive", {"SourceArn": att(id), "RetentionDays": days})


def rule(draft: Draft, link: Link) -> str | None:
    source, target = draft.id(link.source), draft.id(link.target)
    service = draft.service(link.target)
    about: Json = {"Id": target[:64], "Arn": draft_arn(draft, link.target)}
    if service in ("kinesis_stream", "firehose", "step_functions", "eventbridge"):
        role = draft.role(link.source, _PRINCIPAL)
        allow_call(draft, role, link.target)
        about["RoleArn"] = att(role)
    elif service not in ("lambda_function", "sqs", "sns"):
        return "no target of a rule"
    retry: Json = {}
    for name, key in (
        ("maximum_retry_attempts", "MaximumRetryAttempts"),
        ("maximum_event_age_s", "MaximumEventAgeInSeconds"),
    ):
        value = draft.link_value(link, name)
        if name in link.params and value is not None:
            retry[key] = round(value)
    if retry:
        about["RetryPolicy"] = retry
    letters = draft.out(link.source, "dead_letter")
    if draft.link_value(link, "redrive") and letters and draft.service(letters[0].target) == "sqs":
        about["DeadLetterConfig"] = {"Arn": att(draft.id(letters[0].target))}
    if service == "sqs" and draft.properties(target).get("FifoQueue"):
        about["SqsParameters"] = {"MessageGroupId": "diagram"}
    made = draft.add(
        f"{source}To{target}",
        "Events::Rule",
        {
            "EventBusName": att(source, "Name"),
            "EventPattern": _pattern(draft, link),
            "Targets": [about],
        },
    )
    let_in(draft, link.target, made)
    return None


def _pattern(draft: Draft, link: Link) -> Json:
    """The link's own, or one that every event has."""
    text = draft.link_value(link, "event_pattern")
    own: Json = json.loads(text) if text else {}
    return own or {"account": [ref("AWS::AccountId")]}


def let_in(draft: Draft, target: str, rule: str) -> None:
    """Let a rule deliver to what stands for a node."""
    service = draft.service(target)
    if service == "lambda_function":
        permission(draft, target, _PRINCIPAL, att(rule))
    elif service == "sqs":
        let_send(draft, target, _PRINCIPAL, {"ArnEquals": {"aws:SourceArn": att(rule)}})
    elif service == "sns":
        let_publish(draft, target, _PRINCIPAL)


MADE = {"eventbridge": bus}
LINKS = {("eventbridge", "targets"): rule}
