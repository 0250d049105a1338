"""The canvas from the keyboard.

Tab goes through nodes, groups and notes, Alt+arrows go to the neighbour (with Shift it joins the
selection), Ctrl+arrows follow links and go through the nodes beside; arrows move what is selected,
or the focus when nothing is. L chooses the links of the focused node one after the other, C
connects, A adds, Shift+A adds after, N writes a note, F2 renames, Enter opens, the menu key offers
what can be done, Escape breaks off, Space held pans.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from sandbox.gui import selection
from sandbox.gui.canvas.connecting import KeyConnect
from sandbox.gui.canvas.geometry import GRID
from sandbox.gui.frames import LinkId
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_ALT, _SHIFT = Qt.KeyboardModifier.AltModifier, Qt.KeyboardModifier.ShiftModifier
_CTRL = Qt.KeyboardModifier.ControlModifier


def pressed(canvas: Canvas, event: QKeyEvent) -> bool:
    """Do what a key means on the canvas; False when it means nothing here."""
    key = Qt.Key(event.key())
    if key == Qt.Key.Key_Escape:
        if not canvas.cancel():
            canvas.session.select()
        return True
    if isinstance(canvas.gesture, KeyConnect):
        return _connecting(canvas, canvas.gesture, key)
    if canvas.gesture is not None:
        return False
    if key == Qt.Key.Key_Space:
        if not event.isAutoRepeat():
            canvas.space_held = True
            canvas.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        return True
    if key in _ARROWS:
        return _arrow(canvas, key, event.modifiers())
    if key in _ENTER and canvas.focused is not None:
        return _open(canvas, canvas.focused)
    held = event.modifiers() & (_ALT | _CTRL | _SHIFT)
    if held == _SHIFT and key == Qt.Key.Key_A:
        canvas.continue_from()
        return True
    return held == Qt.KeyboardModifier.NoModifier and _letter(canvas, key)


def _letter(canvas: Canvas, key: Qt.Key) -> bool:
    node = canvas.focused if canvas.focused in canvas.session.document.nodes else None
    if key == Qt.Key.Key_A:
        canvas.quick_add()
    elif key == Qt.Key.Key_N:
        canvas.add_note()
    elif key == Qt.Key.Key_C and node is not None:
        gesture = KeyConnect(canvas, node)
        if gesture.begin():
            canvas.begin(gesture)
    elif key == Qt.Key.Key_L and node is not None:
        return _next_link(canvas, node)
    else:
        return False
    return True


def released(canvas: Canvas, event: QKeyEvent) -> None:
    if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
        canvas.space_held = False
        canvas.viewport().unsetCursor()


def to_next(canvas: Canvas, forward: bool) -> bool:
    """Go to the next thing from left to right; False at the end, where Tab leaves the canvas."""
    order = in_reading_order(canvas)
    if not order:
        return False
    step = 1 if forward else -1
    if canvas.focused in order:
        at = order.index(canvas.focused) + step
    else:
        at = 0 if forward else len(order) - 1
    if not 0 <= at < len(order):
        return False
    canvas.show_thing(order[at])
    return True


def arrived(canvas: Canvas, reason: Qt.FocusReason) -> None:
    """The keyboard came to the canvas: show where it is."""
    order = in_reading_order(canvas)
    if order and reason == Qt.FocusReason.TabFocusReason:
        canvas.show_thing(order[0])
    elif order and reason == Qt.FocusReason.BacktabFocusReason:
        canvas.show_thing(order[-1])
    else:
        canvas.focus_node(canvas.focused)


def in_reading_order(canvas: Canvas) -> list[str]:
    """All that can be seen, from left to right; a group comes before what stands in it."""
    diagram, document = canvas.diagram, canvas.session.document
    nodes, notes = document.nodes, document.annotations
    places = {n: (nodes[n].x, nodes[n].y) for n in nodes if n not in diagram.hidden}
    places |= {n: (notes[n].x, notes[n].y) for n in notes}
    for rects in (diagram.groups.rects(), diagram.folded.rects()):
        places |= {id: (rect.x(), rect.y()) for id, rect in rects.items()}
    return sorted(places, key=lambda id: (*places[id], id))


def _connecting(canvas: Canvas, gesture: KeyConnect, key: Qt.Key) -> bool:
    if key in _ENTER:
        canvas.gesture = None
        gesture.confirm()
        canvas.viewport().update()
        return True
    return gesture.key(key)


def _open(canvas: Canvas, id: str) -> bool:
    """Enter: a node's inspector, a note's words, a group's other state."""
    document = canvas.session.document
    if id in document.groups:
        canvas.commands.fold(id)
    elif id in document.annotations:
        canvas.rename(id)
    else:
        canvas.node_activated.emit(id)
    return True


def _arrow(canvas: Canvas, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
    session = canvas.session
    dx, dy = _ARROWS[key]
    if modifiers & _CTRL and not modifiers & (_ALT | _SHIFT):
        return _follow(canvas, dx, dy)
    some = session.selected_nodes or session.selected_areas
    if some and not modifiers & _ALT:
        step = 1.0 if modifiers & _SHIFT else GRID
        return selection.nudge(session, dx * step, dy * step)
    nearest = _neighbour(canvas, dx, dy)
    if nearest is None:
        return False
    if modifiers & _SHIFT:
        document = session.document
        node = nearest in document.nodes
        session.select(
            session.selected_nodes | {nearest} if node else session.selected_nodes,
            session.selected_links,
            session.selected_areas if node else session.selected_areas | {nearest},
        )
        canvas.focus_node(nearest)
        _see(canvas, nearest)
    else:
        canvas.show_thing(nearest)
    return True


def _neighbour(canvas: Canvas, dx: int, dy: int) -> str | None:
    """The nearest thing in a direction; what lies aside counts as twice as far."""
    order = in_reading_order(canvas)
    here = canvas.diagram.rect_of(canvas.focused or "")
    if here is None:
        return next(iter(order), None)
    found = []
    for id in order:
        there = canvas.diagram.rect_of(id)
        if there is None or id == canvas.focused:
            continue
        gap = there.topLeft() - here.topLeft()
        ahead = gap.x() * dx + gap.y() * dy
        aside = abs(gap.x() * dy) + abs(gap.y() * dx)
        if ahead > 0:
            found.append((ahead + 2 * aside, id))
    return min(found)[1] if found else None


def _follow(canvas: Canvas, dx: int, dy: int) -> bool:
    """Right to what the focused node calls, left to what calls it, up and down among its peers:
    the other ends of the links that were followed last."""
    document, focused = canvas.session.document, canvas.focused
    if focused is None or focused not in document.nodes:
        return False
    graph, nodes = document.graph, document.nodes

    def in_order(ids: set[str]) -> list[str]:
        seen = {n for n in ids if n not in canvas.diagram.hidden}
        return sorted(seen, key=lambda n: (nodes[n].y, nodes[n].x, n))

    if dx:
        ahead = in_order(set(graph.successors(focused) if dx > 0 else graph.predecessors(focused)))
        if not ahead:
            none = tr("No link goes from here.") if dx > 0 else tr("No link comes to here.")
            canvas.session.say(none)
        else:
            canvas.show_thing(ahead[0])
        return True
    peers = {focused}
    for caller in graph.predecessors(focused):
        peers.update(graph.successors(caller))
    if len(peers) == 1:
        for callee in graph.successors(focused):
            peers.update(graph.predecessors(callee))
    row = in_order(peers)
    at = row.index(focused) + dy
    if 0 <= at < len(row):
        canvas.show_thing(row[at])
    return True


def _next_link(canvas: Canvas, node: str) -> bool:
    """Choose the links of a node one after the other, those that go out first."""
    session, graph = canvas.session, canvas.session.document.graph
    links: list[LinkId] = [*graph.out_edges(node, keys=True), *graph.in_edges(node, keys=True)]
    if not links:
        session.say(tr("This node has no links."))
        return True
    now = next(iter(session.selected_links), None)
    at = (links.index(now) + 1) % len(links) if now in links else 0
    session.select(links=[links[at]])
    ends = [document_label(canvas, end) for end in links[at][:2]]
    session.say(
        tr(
            "Link from {source} to {target}, {at} of {count}.",
            source=ends[0],
            target=ends[1],
            at=at + 1,
            count=len(links),
        )
    )
    return True


def document_label(canvas: Canvas, node: str) -> str:
    item = canvas.diagram.items_by_id.get(node)
    return item.label if item else node


def _see(canvas: Canvas, id: str) -> None:
    rect = canvas.diagram.rect_of(id)
    if rect is not None:
        canvas.ensureVisible(rect, 60, 60)
