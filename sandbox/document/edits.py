"""The verbs: each looks at a document and returns the edit; nothing changes until it is applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from .changes import ATTRIBUTES, Change, ChangeKind, Edit, EditError, edit_of
from .coordinates import pixels
from .defaults import stripped, without_link_defaults
from .document import Document
from .faults import link_of, written
from .ids import Ids
from .notes import annotate, set_annotation
from .records import (
    Fault,
    Group,
    Link,
    LinkId,
    Node,
    RequestClass,
    Scenario,
    frozen,
    valid_id,
)
from .rename import rename_id

__all__ = [
    "annotate",
    "become",
    "connect",
    "delete",
    "group",
    "move",
    "place",
    "reconnect",
    "relabel",
    "rename_id",
    "set_annotation",
    "set_attribute",
    "set_group",
    "set_link_params",
    "set_params",
    "set_scenario",
    "ungroup",
]


def place(
    doc: Document,
    service: str,
    x: float,
    y: float,
    params: Mapping[str, Any] | None = None,
    label: str | None = None,
    id: str | None = None,
) -> Edit:
    """A new node with its top left corner at (x, y). Raises EditError for an id that is taken."""
    if id is not None and not valid_id(id):
        raise EditError(f"{id!r} cannot be an id; use letters, digits, - and _")
    if id is not None and (id in doc.nodes or id in doc.groups):
        raise EditError(f"there is a {id!r} already; choose another id")
    known = doc.catalogue is not None and service in doc.catalogue
    title = doc.catalogue.title(service) if doc.catalogue and known else service
    node = Node(
        id=id if id is not None else Ids(doc).new(service),
        service=service,
        label=label or "",
        x=pixels(x),
        y=pixels(y),
        params=stripped(doc.catalogue, service, params or {}),
    )
    return edit_of(f"Place {title}", [Change("node", node.id, None, node)])


def connect(
    doc: Document,
    source: str,
    source_port: str,
    target: str,
    target_port: str,
    params: Mapping[str, Any] | None = None,
) -> Edit:
    """A new link. Raises EditError when the same ports are linked already or services refuse it."""
    link = Link(source, target, source_port, target_port, params or {})
    _check_new(doc, link)
    link = without_link_defaults(doc, link)
    return edit_of(
        f"Connect {_called(doc, source)} to {_called(doc, target)}",
        [Change("link", link.id, None, link)],
    )


def reconnect(
    doc: Document,
    link_id: LinkId,
    *,
    source: str | None = None,
    source_port: str | None = None,
    target: str | None = None,
    target_port: str | None = None,
) -> Edit:
    """The same link between other nodes or ports; what is not given stays."""
    old = _link(doc, link_id)
    ends: dict[str, Any] = {
        "source": source,
        "source_port": source_port,
        "target": target,
        "target_port": target_port,
    }
    new = replace(old, **{name: end for name, end in ends.items() if end is not None})
    if new.id == old.id:
        return Edit("Reconnect")
    _check_new(doc, new)
    changes = [Change("link", old.id, old, None), Change("link", new.id, None, new)]
    faults = tuple(
        replace(fault, target=written(new.id)) if link_of(doc, fault.target) == old.id else fault
        for fault in doc.scenario.faults
    )
    if faults != doc.scenario.faults:
        scenario = replace(doc.scenario, faults=faults)
        changes.append(Change("attribute", "scenario", doc.scenario, scenario))
    return edit_of(f"Reconnect {_called(doc, new.source)} to {_called(doc, new.target)}", changes)


def delete(doc: Document, node_ids: Iterable[str] = (), link_ids: Iterable[LinkId] = ()) -> Edit:
    """Without these nodes, groups, annotations and links.

    The links of a deleted node go with it, and so do its places in groups; and what is deleted
    takes its faults along. A deleted group leaves its members.
    """
    gone = dict.fromkeys(node_ids)
    links = {link_id: _link(doc, link_id) for link_id in link_ids}
    things: list[Change] = []
    for id in gone:
        kind = next((k for k in ("node", "group", "annotation") if doc.find(k, id)), None)
        if kind is None:
            raise EditError(f"there is nothing called {id!r} to delete")
        things.append(Change(kind, id, doc.find(kind, id), None))  # type: ignore[arg-type]
        if kind == "node":
            links.update((link.id, link) for link in doc.links_of(id))
    changes = [Change("link", id, link, None) for id, link in links.items()] + things
    for group in doc.groups.values():
        if group.id not in gone and not gone.keys().isdisjoint(group.members):
            left = tuple(member for member in group.members if member not in gone)
            changes.append(Change("group", group.id, group, replace(group, members=left)))
    scenario = doc.scenario
    faults = tuple(
        fault
        for fault in scenario.faults
        if fault.target not in gone and link_of(doc, fault.target) not in links
    )
    if faults != scenario.faults:
        changes.append(Change("attribute", "scenario", scenario, replace(scenario, faults=faults)))
    if len(things) == 1 and things[0].kind == "node":
        what = _called(doc, things[0].key)
    else:
        what = f"{len(things)} items" if things else _count(len(links), "link")
    return edit_of(f"Delete {what}", changes)


def move(doc: Document, places: Mapping[str, tuple[float, float]]) -> Edit:
    """Nodes and annotations with their top left corners at new (x, y)."""
    changes = []
    for id, (x, y) in places.items():
        kind: Any = "annotation" if id in doc.annotations and id not in doc.nodes else "node"
        old = doc.annotations[id] if kind == "annotation" else _node(doc, id)
        changes.append(Change(kind, id, old, replace(old, x=pixels(x), y=pixels(y))))
    name = _called(doc, next(iter(places))) if len(places) == 1 else f"{len(places)} items"
    return edit_of(f"Move {name}", changes)


def relabel(doc: Document, id: str, label: str) -> Edit:
    """Another label on a node or group; empty shows the service's title."""
    kind: Any = "group" if id in doc.groups else "node"
    old = doc.groups[id] if kind == "group" else _node(doc, id)
    return edit_of(f"Rename {_called(doc, id)}", [Change(kind, id, old, replace(old, label=label))])


def set_params(doc: Document, values: Mapping[str, Mapping[str, Any]]) -> Edit:
    """Parameters of nodes: `{node id: {name: value}}`; None, or the default, is not kept."""
    changes = []
    for id, new in values.items():
        node = _node(doc, id)
        params = stripped(doc.catalogue, node.service, _changed(node.params, new))
        changes.append(Change("node", id, node, replace(node, params=params)))
    names = dict.fromkeys(name for new in values.values() for name in new)
    whom = _called(doc, next(iter(values))) if len(values) == 1 else f"{len(values)} nodes"
    return edit_of(f"Set {', '.join(names)} of {whom}", changes)


def set_link_params(doc: Document, values: Mapping[LinkId, Mapping[str, Any]]) -> Edit:
    """Parameters of links: `{link id: {name: value}}`; None, or the default, is not kept."""
    changes = []
    for id, new in values.items():
        link = _link(doc, id)
        after = without_link_defaults(doc, replace(link, params=_changed(link.params, new)))
        changes.append(Change("link", link.id, link, after))
    names = dict.fromkeys(name for new in values.values() for name in new)
    return edit_of(f"Set {', '.join(names)} of {_count(len(values), 'link')}", changes)


def set_scenario(doc: Document, **values: Any) -> Edit:
    """Fields of the scenario; classes and faults are records."""
    if unknown := values.keys() - set(Scenario.__dataclass_fields__):
        raise EditError(
            f"a scenario has no {', '.join(sorted(unknown))}; "
            f"it has {', '.join(Scenario.__dataclass_fields__)}"
        )
    for name, kind in (("classes", RequestClass), ("faults", Fault)):
        if not all(isinstance(item, kind) for item in values.get(name, ())):
            raise EditError(f"{name} of a scenario are {kind.__name__} records")
    after = replace(doc.scenario, **values)
    return edit_of(
        f"Set {', '.join(values)}", [Change("attribute", "scenario", doc.scenario, after)]
    )


def set_attribute(doc: Document, name: str, value: Any) -> Edit:
    """The document's `name`, `notes`, `scenario`, `view` or `source`."""
    after = frozen(value) if isinstance(value, Mapping) else value
    return edit_of(f"Set {name}", [Change("attribute", name, doc.find("attribute", name), after)])


def group(
    doc: Document, kind: str, label: str, members: Iterable[str], id: str | None = None
) -> Edit:
    """A new container around nodes and groups."""
    new = Group(id or Ids(doc).new(kind), kind, label, tuple(dict.fromkeys(members)))
    if id is not None and (id in doc.groups or id in doc.nodes):
        raise EditError(f"there is a {id!r} already; choose another id")
    for member in new.members:
        if member not in doc.nodes and member not in doc.groups:
            raise EditError(f"{member!r} is neither a node nor a group, so nothing can contain it")
    return edit_of(
        f"Group {_count(len(new.members), 'item')}", [Change("group", new.id, None, new)]
    )


def ungroup(doc: Document, id: str) -> Edit:
    """Without this container; what is in it stays."""
    if id not in doc.groups:
        raise EditError(f"there is no group {id!r} to take apart")
    edit = delete(doc, [id])
    return Edit(f"Ungroup {doc.groups[id].label or id}", edit.changes)


def set_group(doc: Document, id: str, **values: Any) -> Edit:
    """A group's `kind`, `label` or `members`."""
    if id not in doc.groups:
        raise EditError(f"there is no group {id!r}")
    old = doc.groups[id]
    return edit_of(f"Change {old.label or id}", [Change("group", id, old, replace(old, **values))])


def _check_new(doc: Document, link: Link) -> None:
    source, target = _node(doc, link.source), _node(doc, link.target)
    if link.id in doc.links:
        raise EditError(
            f"{_called(doc, link.source)} is connected to {_called(doc, link.target)} already"
        )
    catalogue = doc.catalogue
    if catalogue and source.service in catalogue and target.service in catalogue:
        reason = catalogue.why_not(
            source.service, link.source_port, target.service, link.target_port
        )
        if reason is not None:
            raise EditError(reason)


def _changed(params: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**params, **new}.items() if value is not None}


def _node(doc: Document, id: str) -> Node:
    if id not in doc.nodes:
        raise EditError(f"there is no node {id!r}")
    return doc.nodes[id]


def _link(doc: Document, id: LinkId) -> Link:
    if id not in doc.links:
        raise EditError(f"there is no link {id!r}")
    return doc.links[id]


def _called(doc: Document, id: str) -> str:
    thing = doc.nodes.get(id) or doc.groups.get(id)
    return (thing.label if thing else "") or id


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def become(doc: Document, other: Document, label: str = "Reload") -> Edit:
    """Make the document what another one is, as one step that can be undone."""
    kinds: dict[ChangeKind, tuple[Mapping[Any, Any], Mapping[Any, Any]]] = {
        "link": (doc.links, other.links),
        "node": (doc.nodes, other.nodes),
        "group": (doc.groups, other.groups),
        "annotation": (doc.annotations, other.annotations),
        "attribute": tuple(  # type: ignore[dict-item]
            {name: each.find("attribute", name) for name in ATTRIBUTES} for each in (doc, other)
        ),
    }
    changes = [
        Change(kind, key, before.get(key), after.get(key))
        for kind, (before, after) in kinds.items()
        for key in dict.fromkeys((*before, *after))
    ]
    return edit_of(label, changes)
