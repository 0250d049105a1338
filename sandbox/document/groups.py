"""Containers: what is in them, which card stands for a hidden node, and verbs on membership."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from sandbox.language import tr

from .changes import Change, Edit, EditError, edit_of
from .document import Document
from .edits import delete, group
from .records import Group

KINDS: Mapping[str, str] = {
    "availability_zone": tr("Availability zone"),
    "vpc": tr("VPC"),
    "region": tr("Region"),
    "account": tr("AWS account"),
    "group": tr("Plain group"),
}
"""The kinds that the window offers, and what they are called. Files may have others."""


def kind_title(kind: str) -> str:
    return KINDS.get(kind, kind.replace("_", " "))


def inside(doc: Document, id: str) -> frozenset[str]:
    """The nodes and groups in a group, at any depth; of what the document does not have, none."""
    found: set[str] = set()
    waiting = [id]
    while waiting:
        for member in doc.groups[waiting.pop()].members:
            if member in found or member == id:
                continue
            if member in doc.groups:
                waiting.append(member)
            elif member not in doc.nodes:
                continue
            found.add(member)
    return frozenset(found)


def holders(doc: Document, id: str) -> list[str]:
    """The groups that have this node or group as a member of their own."""
    return [group.id for group in doc.groups.values() if id in group.members]


def stand_ins(doc: Document) -> dict[str, str]:
    """For each hidden node or group the collapsed group whose card is seen in its place.

    Of several collapsed groups around a node the outermost one stands for it, else the first.
    """
    closed = {group.id: inside(doc, group.id) for group in doc.groups.values() if group.collapsed}
    found: dict[str, str] = {}
    for id, within in closed.items():
        if any(id in others and other not in within for other, others in closed.items()):
            continue  # itself hidden
        for member in within:
            found.setdefault(member, id)
    return found


def wrap(doc: Document, kind: str, ids: Iterable[str]) -> Edit:
    """A new group of these nodes and groups, named as one of its kind usually is.

    Accounts contain Regions, these VPCs and zones, and VPCs zones: groups of a narrower kind whose
    members are all chosen go inside as they are, and the new one goes into the narrowest wider
    group that has all of its members.
    """
    chosen = [id for id in dict.fromkeys(ids) if id in doc.nodes or id in doc.groups]
    for other in doc.groups.values():
        narrower = other.id not in chosen and _width(other.kind) < _width(kind)
        if narrower and other.members and set(other.members) <= set(chosen):
            chosen.append(other.id)
    if not chosen:
        raise EditError("Select what the group is to contain first.")
    edit = group(doc, kind, usual_label(doc, kind), chosen)
    new = edit.changes[0].after
    wider = [
        other
        for other in doc.groups.values()
        if _width(other.kind) > _width(kind) and set(chosen) <= inside(doc, other.id)
    ]
    if not wider:
        return edit
    box = min(wider, key=lambda other: (_width(other.kind), len(inside(doc, other.id))))
    into = replace(box, members=(*box.members, new.id))
    return Edit(edit.label, (*edit.changes, Change("group", box.id, box, into)))


def _width(kind: str) -> int:
    return {"account": 4, "region": 3, "vpc": 2, "availability_zone": 1}.get(kind, 0)


def usual_label(doc: Document, kind: str) -> str:
    """ "us-east-1b" for the second zone of that region, "VPC", "VPC 2", the region's own name."""
    taken = {group.label for group in doc.groups.values()}
    region = doc.scenario.region
    if kind == "availability_zone":
        names = [region + letter for letter in "abcdefghijklmnopqrstuvwxyz"]
    elif kind == "region":
        names = [region]
    else:
        names = [{"vpc": "VPC", "account": "Account"}.get(kind, "Group")]
    stem = names[-1] if len(names) == 1 else region
    names += [f"{stem} {number}" for number in range(2, len(taken) + 3)]
    return next(name for name in names if name not in taken)


def join(doc: Document, id: str, ids: Iterable[str]) -> Edit:
    """The group with these as members too. Raises EditError for one that would contain itself."""
    box = _group(doc, id)
    new = [member for member in dict.fromkeys(ids) if member not in box.members]
    for member in new:
        if member == id or (member in doc.groups and id in inside(doc, member)):
            raise EditError(f"{box.label or id} cannot be inside itself")
    after = replace(box, members=(*box.members, *new))
    return edit_of(f"Put into {box.label or id}", [Change("group", id, box, after)])


def leave(doc: Document, id: str, ids: Iterable[str]) -> Edit:
    """The group without these members; one that would be empty goes, with its faults."""
    box, gone = _group(doc, id), set(ids)
    left = tuple(member for member in box.members if member not in gone)
    label = f"Take out of {box.label or id}"
    if not left:
        return Edit(label, delete(doc, [id]).changes)
    return edit_of(label, [Change("group", id, box, replace(box, members=left))])


def fold(doc: Document, ids: Iterable[str], collapsed: bool) -> Edit:
    """These groups drawn as one card each, or opened again."""
    changes = []
    for id in ids:
        box = _group(doc, id)
        changes.append(Change("group", id, box, replace(box, collapsed=collapsed)))
    return edit_of("Collapse" if collapsed else "Expand", changes)


def _group(doc: Document, id: str) -> Group:
    if id not in doc.groups:
        raise EditError(f"there is no group {id!r}")
    return doc.groups[id]
