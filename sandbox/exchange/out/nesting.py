"""Groups as a tree, for formats in which a node stands in one group only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandbox.document import Document, Group


@dataclass
class Box:
    """A group with the boxes and nodes right in it; the outermost one is no group."""

    group: Group | None
    boxes: list[Box] = field(default_factory=list)
    nodes: list[str] = field(default_factory=list)


def nested(document: Document) -> Box:
    """Every node and group once; of several groups that hold it, the smallest takes it."""
    holder = _holders(document)
    boxes = {id: Box(group) for id, group in document.groups.items()}
    root = Box(None)
    for id, box in boxes.items():
        boxes.get(holder.get(id, ""), root).boxes.append(box)
    for node in document.nodes:
        boxes.get(holder.get(node, ""), root).nodes.append(node)
    return root


def path_of(document: Document) -> Mapping[str, tuple[str, ...]]:
    """The labels of the groups around each node, the outermost first."""
    found: dict[str, tuple[str, ...]] = {}

    def walk(box: Box, around: tuple[str, ...]) -> None:
        if box.group is not None:
            around = (*around, box.group.label or box.group.id)
        for node in box.nodes:
            found[node] = around
        for inner in box.boxes:
            walk(inner, around)

    walk(nested(document), ())
    return found


def _holders(document: Document) -> dict[str, str]:
    found: dict[str, str] = {}
    for group in sorted(document.groups.values(), key=lambda group: len(group.members)):
        for member in group.members:
            if member not in found and not _leads(found, group.id, member):
                found[member] = group.id
    return found


def _leads(holders: Mapping[str, str], start: str, end: str) -> bool:
    """Whether a group is, at any depth, in `end`."""
    at: str | None = start
    while at is not None:
        if at == end:
            return True
        at = holders.get(at)
    return False
