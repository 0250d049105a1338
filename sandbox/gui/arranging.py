"""What a person does to places and to groups: align, distribute, tidy, group, ungroup, fold."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QRectF

from sandbox.document import Annotation, Document, Edit, arrange, edits, groups, layout
from sandbox.document.compose import in_turn
from sandbox.gui import selection
from sandbox.gui.session import Session
from sandbox.language import tr

RectOf = Callable[[str], QRectF | None]


def align(session: Session, rect_of: RectOf, line: arrange.Line) -> bool:
    """Put the selected nodes, notes and groups in line; a group moves with all that is in it."""
    return _arranged(session, rect_of, lambda doc, boxes: arrange.align(doc, boxes, line))


def distribute(session: Session, rect_of: RectOf, axis: arrange.Axis) -> bool:
    """Give the selected nodes, notes and groups even gaps."""
    if len(session.selected_nodes) + len(session.selected_areas) < 3:
        session.say(
            tr("Select three things or more: the outer two stay, the others are distributed.")
        )
        return False
    return _arranged(session, rect_of, lambda doc, boxes: arrange.distribute(doc, boxes, axis))


def tidy(session: Session) -> bool:
    """The selected nodes when there are several, else all, left to right as load flows."""
    chosen = session.selected_nodes if len(session.selected_nodes) > 1 else frozenset[str]()
    if session.do(layout.tidy, sorted(chosen)) is not None:
        return True
    session.say(tr("Everything is tidy already."))
    return False


def group(session: Session, kind: str) -> str | None:
    """A new group of the selected nodes and groups; its id."""
    chosen = session.selected_nodes | (session.selected_areas & session.document.groups.keys())
    edit = session.do(groups.wrap, kind, sorted(chosen))
    if edit is None:
        return None
    made = str(edit.changes[0].key)
    session.select(areas=[made])
    return made


def ungroup(session: Session) -> bool:
    """Without the selected groups; what was in them stays, and is selected."""
    document = session.document
    chosen = [id for id in document.groups if id in session.selected_areas]
    if not chosen:
        return False
    within = {member for id in chosen for member in document.groups[id].members}
    edit = session.do(edits.delete, chosen)
    if edit is None:
        return False
    session.select(within, areas=within)
    return True


def fold(session: Session, ids: Iterable[str]) -> bool:
    """Collapse these groups, or open them when the first of them is collapsed."""
    chosen = [id for id in ids if id in session.document.groups]
    if not chosen:
        session.say(tr("Select a group first: by its name, or with Tab."))
        return False
    collapsed = not session.document.groups[chosen[0]].collapsed
    if session.do(groups.fold, chosen, collapsed) is None:
        return False
    session.select(areas=chosen)
    return True


def _arranged(
    session: Session,
    rect_of: RectOf,
    verb: Callable[[Document, dict[str, arrange.Box]], Edit],
) -> bool:
    """Let a verb move boxes, and what stands in a box along with it."""
    document = session.document
    chosen = sorted(session.selected_nodes | session.selected_areas)
    boxes: dict[str, arrange.Box] = {}
    for id in chosen:
        if (rect := rect_of(id)) is not None and not any(
            id in groups.inside(document, other)
            for other in session.selected_areas & document.groups.keys()
        ):
            boxes[id] = (rect.x(), rect.y(), rect.width(), rect.height())
    if len(boxes) < 2:
        session.say(tr("Select two things or more to put them in line."))
        return False
    # A group has no place of its own: a stand-in is arranged, and its members follow by as much.
    trial = Document(annotations=[Annotation(id, "", box[0], box[1]) for id, box in boxes.items()])
    moves = verb(trial, boxes)
    steps = {c.key: (c.after.x - c.before.x, c.after.y - c.before.y) for c in moves.changes}
    places: dict[str, tuple[float, float]] = {}
    for id, (dx, dy) in steps.items():
        for part in selection.parts(document, [id]):
            thing = document.nodes.get(part) or document.annotations[part]
            places.setdefault(part, (thing.x + dx, thing.y + dy))
    if not places:
        return False
    return session.do(in_turn, moves.label, lambda doc: edits.move(doc, places)) is not None
