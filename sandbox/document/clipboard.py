"""Copy and paste as text: what is copied is a small diagram, so it can be kept as a file too."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from .changes import Change, Edit, EditError, edit_of
from .coordinates import pixels
from .document import Document
from .errors import FileError
from .file import dump, loads
from .ids import Ids
from .rename import followed

STEP = 40.0
"""Without a place of its own, what is pasted stands this far right of and below the original."""


def copy(doc: Document, ids: Iterable[str]) -> str:
    """These nodes, groups and notes as JSON text.

    Links among the nodes are copied with them, and so are groups all of whose members are.
    """
    wanted = set(ids)
    for group in doc.groups.values():
        if group.members and wanted.issuperset(group.members):
            wanted.add(group.id)
    groups = [group for group in doc.groups.values() if group.id in wanted]
    part = Document(
        nodes=[node for node in doc.nodes.values() if node.id in wanted],
        links=[link for link in doc.links.values() if {link.source, link.target} <= wanted],
        groups=[
            replace(group, members=tuple(member for member in group.members if member in wanted))
            for group in groups
        ],
        annotations=[note for note in doc.annotations.values() if note.id in wanted],
        catalogue=doc.catalogue,
    )
    return dump(part).decode()


def paste(doc: Document, text: str, at: tuple[float, float] | None = None) -> Edit:
    """What was copied, under new ids where its own are taken.

    The top left corner of all of it comes to `at`. Links and metric references among the copies
    lead to the copies. Raises EditError when the text is not a diagram.
    """
    try:
        part = loads(text, "the clipboard", doc.catalogue)
    except FileError as failure:
        raise EditError(f"there is nothing to paste: {failure}") from None
    things: list[Any] = [*part.nodes.values(), *part.annotations.values()]
    if not things and not part.groups:
        raise EditError("there is nothing to paste: the clipboard has no nodes")
    left = min((thing.x for thing in things), default=0.0)
    top = min((thing.y for thing in things), default=0.0)
    dx, dy = (at[0] - left, at[1] - top) if at is not None else (STEP, STEP)
    ids = Ids(doc)
    names = {id: ids.new(id) for id in (*part.nodes, *part.groups, *part.annotations)}

    def placed(thing: Any) -> Any:
        return replace(thing, id=names[thing.id], x=pixels(thing.x + dx), y=pixels(thing.y + dy))

    changes = []
    for node in part.nodes.values():
        new = replace(placed(node), params=followed(node.params, names))
        changes.append(Change("node", new.id, None, new))
    for link in part.links.values():
        ends = {"source": names[link.source], "target": names[link.target]}
        joined = replace(link, **ends, params=followed(link.params, names))  # type: ignore[arg-type]
        changes.append(Change("link", joined.id, None, joined))
    for group in part.groups.values():
        members = tuple(names[member] for member in group.members if member in names)
        around = replace(group, id=names[group.id], members=members)
        changes.append(Change("group", around.id, None, around))
    for note in part.annotations.values():
        beside = placed(note)
        changes.append(Change("annotation", beside.id, None, beside))
    count = len(things)
    return edit_of(f"Paste {count} item{'s' if count != 1 else ''}", changes)


def duplicate(doc: Document, ids: Iterable[str]) -> Edit:
    """Copy and paste in one, a little to the right and below."""
    edit = paste(doc, copy(doc, ids))
    return Edit(edit.label.replace("Paste", "Duplicate"), edit.changes)
