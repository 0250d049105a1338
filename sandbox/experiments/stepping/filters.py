"""Whether a link takes an event, and if not, which part of it does not fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.document import Link
from sandbox.services._patterns import matches, parse

from .envelopes import parsed

Verdict = tuple[bool, str]
"""Whether it is taken, and a sentence; empty where there is nothing to say."""


def verdict(link: Link, service: str, event: Any) -> Verdict:
    """By the link's own parameters, and by what an import kept of the template's filters."""
    kept = link.extra.get("filter")
    kept = kept if isinstance(kept, Mapping) else {}
    if service == "eventbridge":
        return _rule(link, kept, event)
    if service == "sns":
        policy = _written(link, "filter_policy") or kept.get("pattern") or {}
        body = kept.get("scope") == "MessageBody"
        about = parsed(event.get("Message")) if body else _attributes(event)
        of = "body" if body else "attributes"
        return _held(policy, about, f"the filter policy on the message's {of}")
    if service == "s3":
        return _keys(kept, event)
    if service in ("sqs", "kinesis_stream", "dynamodb") and kept.get("any"):
        about = _record(service, event)
        patterns = [pattern for pattern in kept["any"] if isinstance(pattern, Mapping)]
        if any(matches(pattern, about) for pattern in patterns):
            return True, "the filter of the event source mapping takes it"
        why = "; ".join(next(differences(pattern, about), "") for pattern in patterns)
        away = " The queue deletes it." if service == "sqs" else ""
        return False, f"The filter of the event source mapping does not take it: {why}.{away}"
    return True, ""


def differences(pattern: Mapping[str, Any], event: Any, at: str = "") -> Iterator[str]:
    """What of an event does not fit a pattern, in words."""
    for key, wanted in pattern.items():
        place = f"{at}.{key}" if at else key
        found = event.get(key) if isinstance(event, Mapping) else None
        if key == "$or":
            if not any(matches(one, event) for one in wanted):
                yield f"none of the {len(wanted)} alternatives at {at or 'the top'} fits"
        elif isinstance(wanted, Mapping):
            yield from differences(wanted, found if isinstance(found, Mapping) else {}, place)
        elif not matches({key: wanted}, event if isinstance(event, Mapping) else {}):
            has = isinstance(event, Mapping) and key in event
            yield f"{place} is {found!r}" if has else f"there is no {place}"
            yield f"{place} would have to be {_wanted(wanted)}"


def _rule(link: Link, kept: Mapping[str, Any], event: Any) -> Verdict:
    name = link.params.get("rule") or "the rule"
    if link.params.get("schedule"):
        return False, f"{name} runs on a schedule and takes no events."
    pattern = _written(link, "event_pattern") or kept.get("pattern") or {}
    return _held(pattern, event, f"the pattern of {name}")


def _held(pattern: Mapping[str, Any], about: Any, what: str) -> Verdict:
    if not pattern:
        return True, ""
    event = about if isinstance(about, Mapping) else {}
    if matches(pattern, event):
        return True, f"{what} takes it"
    why = ", and ".join(_pair(pattern, event))
    return False, f"{what[:1].upper()}{what[1:]} does not take it: {why}."


def _pair(pattern: Mapping[str, Any], event: Any) -> list[str]:
    """The first difference: what there is, and what there would have to be."""
    found = list(differences(pattern, event))
    return found[:2] or ["it does not fit"]


def _wanted(wanted: Any) -> str:
    values = wanted if isinstance(wanted, (list, tuple)) else [wanted]
    return " or ".join(repr(dict(v) if isinstance(v, Mapping) else v) for v in values) or "nothing"


def _written(link: Link, name: str) -> Mapping[str, Any]:
    return parse(str(link.params.get(name) or ""))


def _attributes(event: Mapping[str, Any]) -> dict[str, Any]:
    """Amazon SNS Developer Guide: subscription filter policies are held against the attributes."""
    given = event.get("MessageAttributes")
    found = {}
    for name, about in (given if isinstance(given, Mapping) else {}).items():
        whole = about if isinstance(about, Mapping) else {"Value": about}
        value = whole.get("Value", whole.get("StringValue"))
        kind = whole.get("Type", whole.get("DataType"))
        found[name] = parsed(value) if kind == "String.Array" else _number(value, kind)
    return found


def _number(value: Any, kind: Any) -> Any:
    try:
        return float(value) if kind == "Number" else value
    except (TypeError, ValueError):
        return value


def _record(service: str, event: Any) -> Mapping[str, Any]:
    """AWS Lambda Developer Guide: Control which events Lambda sends to your function."""
    if service == "sqs":
        return {"body": parsed(event.get("body")), **{
            key: value for key, value in event.items() if key != "body"}}  # fmt: skip
    if service == "kinesis_stream":
        return {"data": parsed(event.get("Data")), "partitionKey": event.get("PartitionKey")}
    change = {key: event.get(key) for key in ("Keys", "NewImage")}
    return {"eventName": "INSERT", "dynamodb": change}


def _keys(kept: Mapping[str, Any], event: Any) -> Verdict:
    key = str(event["Records"][0]["s3"]["object"]["key"])
    for name, fits in (("prefix", key.startswith), ("suffix", key.endswith)):
        wanted = kept.get(name)
        if isinstance(wanted, str) and not fits(wanted):
            begins = "begin" if name == "prefix" else "end"
            keys = f"keys that {begins} with {wanted!r}"
            return False, f"The notification wants {keys}; this is {key!r}."
    if any(kept.get(name) for name in ("prefix", "suffix")):
        return True, f"the key {key!r} fits the notification's prefix and suffix"
    return True, ""
