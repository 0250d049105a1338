"""What a person does to nodes: place, delete, copy, cut, paste, duplicate, nudge, rename."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication

from sandbox.document import Edit, clipboard, edits
from sandbox.gui.session import Session

_STEP = 40.0
"""How far from its original a duplicate stands, in scene units."""


def place(session: Session, service: str, x: float, y: float) -> str | None:
    """A new node with its top left corner at (x, y), selected; its id, or None when refused."""
    if service not in session.catalogue:
        session.say(f"There is no service '{service}' in this catalogue.")
        return None
    params = session.catalogue.console_defaults(service)
    edit = session.do(edits.place, service, x, y, params=params)
    _select_created(session, edit)
    return str(edit.changes[0].key) if edit else None


def delete(session: Session) -> bool:
    nodes, links = session.selected_nodes, session.selected_links
    if not nodes and not links:
        return False
    return session.do(edits.delete, sorted(nodes), sorted(links)) is not None


def copy(session: Session) -> bool:
    """The selected nodes, and the links among them, as text on the system's clipboard."""
    if not session.selected_nodes:
        session.say("Nothing is selected that could be copied.")
        return False
    text = clipboard.copy(session.document, _in_order(session))
    QGuiApplication.clipboard().setText(text)
    return True


def cut(session: Session) -> bool:
    return copy(session) and delete(session)


def paste(session: Session, at: tuple[float, float]) -> bool:
    """What the clipboard holds, its top left corner at a scene position."""
    text = QGuiApplication.clipboard().text()
    if not text:
        session.say("The clipboard is empty.")
        return False
    return _paste(session, text, at, "")


def duplicate(session: Session) -> bool:
    """The selection once more, a little to the right and below."""
    chosen = _in_order(session)
    if not chosen:
        return False
    nodes = [session.document.nodes[node_id] for node_id in chosen]
    at = (min(n.x for n in nodes) + _STEP, min(n.y for n in nodes) + _STEP)
    return _paste(session, clipboard.copy(session.document, chosen), at, "Duplicate")


def nudge(session: Session, dx: float, dy: float) -> bool:
    """Move the selected nodes; steps that follow each other are one to undo."""
    nodes = session.document.nodes
    places = {n: (nodes[n].x + dx, nodes[n].y + dy) for n in _in_order(session)}
    merge = "nudge " + " ".join(sorted(places))
    return bool(places) and session.do(edits.move, places, merge=merge) is not None


def rename(session: Session, node_id: str, label: str) -> bool:
    """Another label; the title of the service, or nothing, means none of its own."""
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
        session.select(c.key for c in edit.changes if c.kind == "node" and c.before is None)


def _in_order(session: Session) -> list[str]:
    return [n for n in session.document.nodes if n in session.selected_nodes]
