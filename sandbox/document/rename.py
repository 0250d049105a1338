"""Another id for a node or group, and everything that refers to it follows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .changes import Change, Edit, EditError, edit_of
from .document import Document
from .records import valid_id


def rename_id(doc: Document, old: str, new: str) -> Edit:
    """Links, group members, faults, and metric references (`{"node": …, "metric": …}`) follow."""
    kind: Any = "group" if old in doc.groups else "node"
    if old not in doc.nodes and old not in doc.groups:
        raise EditError(f"there is no node or group {old!r}")
    if old == new:
        return Edit("Rename")
    if not valid_id(new):
        raise EditError(f"{new!r} cannot be an id; use letters, digits, - and _")
    if new in doc.nodes or new in doc.groups:
        raise EditError(f"there is a {new!r} already; choose another id")

    def name(id: str) -> str:
        return new if id == old else id

    changes: list[Change] = []
    for link in doc.links.values():
        after = replace(
            link,
            source=name(link.source) if kind == "node" else link.source,
            target=name(link.target) if kind == "node" else link.target,
            params=followed(link.params, {old: new}),
        )
        if after.id != link.id:
            changes.append(Change("link", link.id, link, None))
            changes.append(Change("link", after.id, None, after))
        else:
            changes.append(Change("link", link.id, link, after))
    for node in doc.nodes.values():
        moved = replace(node, id=name(node.id), params=followed(node.params, {old: new}))
        if moved.id != node.id:
            changes.append(Change("node", node.id, node, None))
            changes.append(Change("node", moved.id, None, moved))
        else:
            changes.append(Change("node", node.id, node, moved))
    for group in doc.groups.values():
        around = replace(group, id=name(group.id), members=tuple(map(name, group.members)))
        if around.id != group.id:
            changes.append(Change("group", group.id, group, None))
            changes.append(Change("group", around.id, None, around))
        else:
            changes.append(Change("group", group.id, group, around))

    def aim(target: str) -> str:
        if ">" not in target or kind != "node":
            return name(target)
        ends = (end.partition(".") for end in target.split(">"))
        return ">".join(name(node) + dot + port for node, dot, port in ends)

    faults = tuple(replace(fault, target=aim(fault.target)) for fault in doc.scenario.faults)
    scenario = replace(doc.scenario, faults=faults)
    changes.append(Change("attribute", "scenario", doc.scenario, scenario))
    view = followed(doc.view, {old: new})
    changes.append(Change("attribute", "view", doc.view, view))
    return edit_of(f"Rename {old} to {new}", changes)


CACHE = "cache_aside"  # a link's parameter that names a node
NO_CACHE = "none"


def references(value: Any) -> list[str]:
    """The nodes that a value refers to, however deep: those of metrics, and the cache of a link."""
    return [node for node, _ in metrics(value)] + caches(value)


def caches(value: Any) -> list[str]:
    """The caches that the parameters of links name, however deep."""
    if isinstance(value, Mapping):
        found = [node for item in value.values() for node in caches(item)]
        if isinstance(value.get(CACHE), str) and value[CACHE] != NO_CACHE:
            found.append(value[CACHE])
        return found
    if isinstance(value, (list, tuple)):
        return [node for item in value for node in caches(item)]
    return []


def metrics(value: Any) -> list[tuple[str, str]]:
    """The metrics that a value refers to, however deep: (node, metric) each."""
    if isinstance(value, Mapping):
        found = [pair for item in value.values() for pair in metrics(item)]
        if isinstance(value.get("node"), str) and isinstance(value.get("metric"), str):
            found.append((value["node"], value["metric"]))
        return found
    if isinstance(value, (list, tuple)):
        return [pair for item in value for pair in metrics(item)]
    return []


def followed(value: Any, names: Mapping[str, str]) -> Any:
    """The value with its references under new names; itself when no reference changes."""
    if names.keys().isdisjoint(references(value)):
        return value
    if isinstance(value, Mapping):
        after = {key: followed(item, names) for key, item in value.items()}
        if "metric" in after and isinstance(after.get("node"), str):
            after["node"] = names.get(after["node"], after["node"])
        if isinstance(after.get(CACHE), str) and after[CACHE] != NO_CACHE:
            after[CACHE] = names.get(after[CACHE], after[CACHE])
        return after
    return [followed(item, names) for item in value]
