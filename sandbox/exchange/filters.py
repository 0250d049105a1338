"""Filters of a template as they act in a run: request classes of which each filter takes some.

A run holds a subscription's filter policy and a rule's event pattern against the attributes of the
request classes, which no template says. So an example is made of what each filter takes; filters
that can take the same event share a class. A filter of which nothing would arrive (what a function
sends is not known) takes everything, and the report says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.document import Catalogue, Link, Node, RequestClass
from sandbox.services._patterns import matches, parse

from .report import Report

Json = Any
_PARAMETERS = {"sns": "filter_policy", "eventbridge": "event_pattern"}
_EVERYWHERE = ("account", "region")
"""Keys that all events of a stack have in common."""
_MOST = 8
"""So many classes; the filters of the others take everything."""
LinkId = tuple[str, str, str]


def act(
    nodes: Mapping[str, Node], links: dict[LinkId, Link], catalogue: Catalogue, report: Report
) -> list[RequestClass]:
    """Put filters into their links' parameters; the classes of requests that go with them."""
    patterns = dict(_patterns(nodes, links, catalogue))
    events: list[dict[str, Json]] = []
    for id, pattern in list(patterns.items()):
        if not _joined(pattern, patterns, events):
            del patterns[id]
    while (cut := _starved(links, patterns, events)) is not None:
        del patterns[cut]
    events = [e for e in events if any(matches(p, e) for p in patterns.values())]
    for id, pattern in patterns.items():
        link = links[id]
        name = _PARAMETERS[nodes[link.source].service]
        links[id] = replace(link, params={**link.params, name: json.dumps(pattern)})
    if not events:
        return []
    part = "" if len(events) == 1 else f", as many of each of {len(events)} kinds"
    report.load.append(f"requests have the attributes that the filters want{part} (assumed)")
    return [
        RequestClass(_called(at, event), attributes=event) for at, event in enumerate(events, 1)
    ]


def _called(at: int, event: Mapping[str, Json]) -> str:
    """A name that says which kind of event it is."""
    kind = event.get("detail-type") or event.get("source")
    return f"{kind} ({at})" if isinstance(kind, str) else f"requests of kind {at}"


def _patterns(nodes: Mapping[str, Node], links: Mapping[LinkId, Link], catalogue: Catalogue) -> Any:
    for id, link in links.items():
        service, kept = nodes[link.source].service, link.extra.get("filter")
        found = kept.get("pattern") if isinstance(kept, Mapping) else None
        if service not in _PARAMETERS or not isinstance(found, Mapping):
            continue
        pattern = {key: value for key, value in found.items() if key not in _EVERYWHERE}
        name = _PARAMETERS[service]
        try:
            parse(json.dumps(pattern))
        except (ValueError, TypeError):
            continue
        ends = (service, link.source_port, nodes[link.target].service, link.target_port)
        given = {**link.params, name: json.dumps(pattern)}
        if pattern and not catalogue.check_link_params(*ends, given):
            yield id, pattern


def _joined(
    pattern: Mapping[str, Json], patterns: Mapping[LinkId, Any], events: list[dict[str, Json]]
) -> bool:
    """Whether there is an event for a pattern: one of those before, made to fit, or a new one."""
    for at, event in enumerate(events):
        taken = [other for other in patterns.values() if matches(other, event)]
        both = _merged(event, _example(pattern))
        if matches(pattern, both) and all(matches(other, both) for other in taken):
            events[at] = both
            return True
    event = _example(pattern)
    if len(events) == _MOST or not matches(pattern, event):
        return False
    events.append(event)
    return True


def _merged(one: Mapping[str, Json], other: Mapping[str, Json]) -> dict[str, Json]:
    found = dict(one)
    for key, value in other.items():
        old = found.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            found[key] = _merged(old, value)
        else:
            found.setdefault(key, value)
    return found


def _example(pattern: Mapping[str, Json]) -> dict[str, Json]:
    """An event that a pattern takes, if it is as plain as most are."""
    found: dict[str, Json] = {}
    for key, wanted in pattern.items():
        if key == "$or":
            found = _merged(found, _example(wanted[0]))
        elif isinstance(wanted, Mapping):
            found[key] = _merged(_example(wanted), found.get(key, {}))
        elif wanted and (value := _value(wanted[0])) is not None:
            found[key] = value
    return found


def _value(wanted: Json) -> Json:
    """A value that one alternative of a leaf takes; None for a key that should not be there."""
    if not isinstance(wanted, Mapping):
        return wanted
    ((operator, given),) = wanted.items()
    if operator == "exists":
        return "any" if given else None
    if operator == "numeric":
        return _number(dict(zip(given[::2], given[1::2], strict=True)))
    if operator == "anything-but":
        return "other"
    if operator == "cidr":
        return str(given).partition("/")[0]
    text = given.get("equals-ignore-case", "") if isinstance(given, Mapping) else str(given)
    return text.replace("*", "any") if operator == "wildcard" else text


def _number(bounds: Mapping[str, float]) -> float:
    if "=" in bounds:
        return bounds["="]
    low, high = (bounds.get(f"{sign}=", bounds.get(sign)) for sign in "><")
    if low is not None and high is not None:
        return (low + high) / 2
    return low + 1 if low is not None else (high or 0) - 1


def _starved(
    links: Mapping[LinkId, Link], patterns: Mapping[LinkId, Any], events: list[dict[str, Json]]
) -> LinkId | None:
    """A filter that takes nothing of what comes to its source."""
    reached: dict[str, set[int]] = {}
    sources = {link.source for link in links.values()}
    fed = {link.target for link in links.values()}
    waiting = [(id, at) for id in sources - fed for at in range(len(events))]
    while waiting:
        node, at = waiting.pop()
        if at in reached.setdefault(node, set()):
            continue
        reached[node].add(at)
        for key, link in links.items():
            if link.source == node and (key not in patterns or matches(patterns[key], events[at])):
                waiting.append((link.target, at))
    for id, pattern in patterns.items():
        come = reached.get(links[id].source)
        if come is not None and not any(matches(pattern, events[at]) for at in come):
            return id
    return None
