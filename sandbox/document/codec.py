"""Records as the JSON objects of a file, and back: fixed key order, numbers as written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .catalogue import Catalogue
from .changes import Change, Edit
from .defaults import stripped, stripped_link
from .document import Document
from .records import Annotation, Fault, Group, Link, Node, Record, RequestClass, Scenario

Json = dict[str, Any]

KNOWN: dict[type, tuple[str, ...]] = {
    Node: ("id", "service", "label", "x", "y", "params"),
    Link: ("source", "target", "key", "params"),
    Group: ("id", "kind", "label", "members", "collapsed"),
    Annotation: ("id", "text", "x", "y", "width", "height"),
    Fault: ("kind", "target", "start_s", "end_s", "amount"),
    RequestClass: (
        "name",
        "share",
        "write_fraction",
        "payload_kb",
        "path",
        "country",
        "deadline_s",
        "attributes",
    ),
    Scenario: (
        "start",
        "duration_s",
        "tick_s",
        "seed",
        "load",
        "era",
        "region",
        "history_days",
        "classes",
        "faults",
    ),
}
"""The keys of each record in the order they are written; any other key is kept in `extra`."""


def node_json(node: Node, catalogue: Catalogue | None = None) -> Json:
    """A line of `nodes`; an empty label is left out."""
    label = {"label": node.label} if node.label else {}
    params = dict(stripped(catalogue, node.service, node.params))
    known = {"id": node.id, "service": node.service, **label, "x": node.x, "y": node.y}
    return known | {"params": params} | _unknown(Node, node.extra)


def link_json(link: Link, doc: Document | None = None, catalogue: Catalogue | None = None) -> Json:
    """A line of `edges`. Without a document the parameters are written as they are."""
    params = link.params
    if doc is not None and params:
        source, target = doc.nodes[link.source].service, doc.nodes[link.target].service
        params = stripped_link(catalogue, source, target, link)
    known = {"source": link.source, "target": link.target, "key": link.key}
    return known | {"params": dict(params)} | _unknown(Link, link.extra)


def group_json(group: Group) -> Json:
    """A line of `groups`; an open one does not say so."""
    known = _fields(group) | {"members": list(group.members)}
    if not group.collapsed:
        del known["collapsed"]
    return known | _unknown(Group, group.extra)


def annotation_json(note: Annotation) -> Json:
    """A line of `annotations`; a size of 0, which fits the text, is left out."""
    sized = {k: v for k, v in _fields(note).items() if v or k not in ("width", "height")}
    return sized | _unknown(Annotation, note.extra)


def scenario_json(scenario: Scenario) -> Json:
    """The scenario in full; of its classes only what differs from the usual."""
    classes = []
    for item in scenario.classes:
        usual = RequestClass("")
        known = {k: v for k, v in _fields(item).items() if v != getattr(usual, k)}
        classes.append({"name": item.name} | known | _unknown(RequestClass, item.extra))
    faults = [_fields(fault) | _unknown(Fault, fault.extra) for fault in scenario.faults]
    lists = {"classes": classes, "faults": faults}
    return _fields(scenario) | lists | _unknown(Scenario, scenario.extra)


def node_from(raw: Mapping[str, Any]) -> Node:
    """The inverse of `node_json`; ValueError for values that no file could hold."""
    return Node(**_read(Node, raw))


def link_from(raw: Mapping[str, Any]) -> Link:
    """The inverse of `link_json`; ValueError for a key that is not `source_port>target_port`."""
    known = _read(Link, raw)
    ports = str(known.pop("key")).split(">")
    if len(ports) != 2 or not all(ports):
        raise ValueError('the key of a link is "source_port>target_port"')
    return Link(source_port=ports[0], target_port=ports[1], **known)


def group_from(raw: Mapping[str, Any]) -> Group:
    """The inverse of `group_json`."""
    return Group(**_read(Group, raw))


def annotation_from(raw: Mapping[str, Any]) -> Annotation:
    """The inverse of `annotation_json`."""
    return Annotation(**_read(Annotation, raw))


def scenario_from(raw: Mapping[str, Any]) -> Scenario:
    """The inverse of `scenario_json`."""
    known = _read(Scenario, raw)
    known["classes"] = tuple(RequestClass(**_read(RequestClass, c)) for c in raw.get("classes", ()))
    known["faults"] = tuple(Fault(**_read(Fault, fault)) for fault in raw.get("faults", ()))
    return Scenario(**known)


_WRITERS: dict[type, Any] = {
    Node: node_json,
    Link: link_json,
    Group: group_json,
    Annotation: annotation_json,
}
_READERS: dict[str, Any] = {
    "node": node_from,
    "link": link_from,
    "group": group_from,
    "annotation": annotation_from,
}


def edit_json(edit: Edit) -> Json:
    """An edit as a line of a journal."""
    return {
        "label": edit.label,
        "changes": [
            {
                "kind": change.kind,
                "key": list(change.key) if change.kind == "link" else change.key,
                "before": _state_json(change.before),
                "after": _state_json(change.after),
            }
            for change in edit.changes
        ],
    }


def edit_from(raw: Mapping[str, Any]) -> Edit:
    """The inverse of `edit_json`; ValueError, TypeError or KeyError for anything else."""
    changes = []
    for item in raw["changes"]:
        kind, key = item["kind"], item["key"]
        before, after = (_state_from(kind, key, item[when]) for when in ("before", "after"))
        changes.append(Change(kind, tuple(key) if kind == "link" else key, before, after))
    return Edit(raw["label"], tuple(changes))


def _state_json(state: Any) -> Any:
    if isinstance(state, Scenario):
        return scenario_json(state)
    if isinstance(state, Record):
        return _WRITERS[type(state)](state)
    return dict(state) if isinstance(state, Mapping) else state


def _state_from(kind: str, key: str, raw: Any) -> Any:
    if raw is None:
        return None
    if kind == "attribute":
        return scenario_from(raw) if key == "scenario" else raw
    return _READERS[kind](raw)


def _fields(record: Any) -> Json:
    plain = {name: getattr(record, name) for name in KNOWN[type(record)]}
    return {k: dict(v) if isinstance(v, Mapping) else v for k, v in plain.items()}


def _unknown(kind: type, extra: Mapping[str, Any]) -> Json:
    return {key: value for key, value in extra.items() if key not in KNOWN[kind]}


def _read(kind: type, raw: Mapping[str, Any]) -> Json:
    known = {key: raw[key] for key in KNOWN[kind] if key in raw}
    return known | {"extra": {key: value for key, value in raw.items() if key not in KNOWN[kind]}}
