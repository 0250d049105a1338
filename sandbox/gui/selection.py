"""What a person does to nodes: place, delete, copy, cut, paste, duplicate, nudge, rename."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QGuiApplication

from sandbox.document import Document, Edit, clipboard, edits
from sandbox.document.compose import Step
from sandbox.document.groups import inside
from sandbox.document.ids import Ids
from sandbox.gui.clips import DIAGRAM_MIME, clip
from sandbox.gui.session import Session
from sandbox.language import tr

_STEP = 40.0
"""How far from its original a duplicate stands, in scene units."""


def place(
    session: Session,
    service: str,
    x: float,
    y: float,
    landing: Callable[[Document, str, Step], Edit] | None = None,
) -> str | None:
    """A new node with its top left corner at (x, y), selected; its id, or None when refused.

    `landing` makes one edit of placing it and of what else comes with that, given the new id.
    """
    if service not in session.catalogue:
        session.say(tr("There is no service '{service}' in this catalogue.", service=service))
        return None
    id, params = Ids(session.document).new(service), session.catalogue.console_defaults(service)
    step = partial(edits.place, service=service, x=x, y=y, params=params, id=id)
    edit = session.do(landing, id, step) if landing is not None else session.do(step)
    if edit is None:
        return None
    session.select([id])
    return id


def delete(session: Session) -> bool:
    """What is selected; a group that would be left empty goes with its last member."""
    nodes, links, areas = session.selected_nodes, session.selected_links, session.selected_areas
    if not (nodes or links or areas):
        return False
    gone = set(nodes | areas)
    groups = session.document.groups.values()
    while emptied := {g.id for g in groups if g.members and gone.issuperset(g.members)} - gone:
        gone |= emptied
    return session.do(edits.delete, sorted(gone), sorted(links)) is not None


def copy(session: Session) -> bool:
    """The selection, and the links within it, as text on the system's clipboard."""
    chosen = whole(session)
    if not chosen:
        session.say(tr("Nothing is selected that could be copied."))
        return False
    text = clipboard.copy(session.document, chosen)
    QGuiApplication.clipboard().setMimeData(clip(session, text))
    return True


def cut(session: Session) -> bool:
    return copy(session) and delete(session)


def paste(session: Session, at: tuple[float, float]) -> bool:
    """What the clipboard holds, its top left corner at a scene position."""
    mime: QMimeData | None = QGuiApplication.clipboard().mimeData()
    if mime is None:  # so says Qt of a clipboard that nobody has put anything on
        session.say(tr("The clipboard is empty."))
        return False
    ours = bytes(mime.data(DIAGRAM_MIME).data()).decode("utf-8", "replace")
    text = ours or mime.text()
    if not text:
        session.say(tr("The clipboard is empty."))
        return False
    return _paste(session, text, at, "")


def duplicate(session: Session) -> bool:
    """The selection once more, a little to the right and below."""
    document, chosen = session.document, whole(session)
    things = [document.nodes.get(id) or document.annotations.get(id) for id in chosen]
    placed = [thing for thing in things if thing is not None]
    if not placed:
        return False
    at = (min(t.x for t in placed) + _STEP, min(t.y for t in placed) + _STEP)
    return _paste(session, clipboard.copy(session.document, chosen), at, tr("Duplicate"))


def nudge(session: Session, dx: float, dy: float) -> bool:
    """Move the selection; steps that follow each other are one to undo."""
    places = moved(session, dx, dy)
    merge = "nudge " + " ".join(sorted(places))
    return bool(places) and session.do(edits.move, places, merge=merge) is not None


def whole(session: Session) -> list[str]:
    """All that is selected but links, with what selected groups contain; in the file's order."""
    document = session.document
    chosen = set(session.selected_nodes | session.selected_areas)
    for id in session.selected_areas & document.groups.keys():
        chosen |= inside(document, id)
    known = (document.nodes, document.groups, document.annotations)
    return [id for kind in known for id in kind if id in chosen]


def parts(document: Document, ids: Iterable[str]) -> list[str]:
    """The nodes and notes among these, and the nodes in the groups among them: what has a place."""
    chosen = set(ids)
    for id in chosen & document.groups.keys():
        chosen |= inside(document, id)
    return [id for kind in (document.nodes, document.annotations) for id in kind if id in chosen]


def moved(session: Session, dx: float, dy: float) -> dict[str, tuple[float, float]]:
    """Where the selected nodes and notes, and the members of selected groups, would stand."""
    document, places = session.document, {}
    for id in parts(document, session.selected_nodes | session.selected_areas):
        thing = document.nodes.get(id) or document.annotations[id]
        places[id] = (thing.x + dx, thing.y + dy)
    return places


def rename(session: Session, node_id: str, label: str) -> bool:
    """Another label; the title of the service, or nothing, means none of its own."""
    if node_id in session.document.groups:
        return session.do(edits.relabel, node_id, label.strip()) is not None
    node = session.document.nodes.get(node_id)
    if node is None:
        return False
    known = node.service in session.catalogue
    title = session.catalogue.title(node.service) if known else node.service
    label = label.strip()
    return session.do(edits.relabel, node_id, "" if label == title else label) is not None


def _paste(session: Session, text: str, at: tuple[float, float], label: str) -> bool:
    edit = session.do(clipboard.paste, text, at=at)
    _select_created(session, edit)
    return edit is not None


def _select_created(session: Session, edit: Edit | None) -> None:
    if edit is not None:
        made = [c for c in edit.changes if c.before is None]
        session.select(
            [c.key for c in made if c.kind == "node"],
            areas=[c.key for c in made if c.kind in ("group", "annotation")],
        )
