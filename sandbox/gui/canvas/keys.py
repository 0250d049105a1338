"""The canvas from the keyboard.

Tab goes through the nodes, arrows move what is selected (or the focus, when nothing is), Alt+arrows
always move the focus, C connects, F2 renames, Enter opens, Escape breaks off, Space held pans.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

from sandbox.gui import selection
from sandbox.gui.canvas.connecting import KeyConnect
from sandbox.gui.canvas.geometry import GRID

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas

_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


def pressed(canvas: Canvas, event: QKeyEvent) -> bool:
    """Do what a key means on the canvas; False when it means nothing here."""
    key = Qt.Key(event.key())
    if key == Qt.Key.Key_Escape:
        if not canvas.cancel():
            canvas.session.select()
        return True
    if isinstance(canvas.gesture, KeyConnect):
        return _connecting(canvas, canvas.gesture, key)
    if key == Qt.Key.Key_Space and canvas.gesture is None:
        if not event.isAutoRepeat():
            canvas.space_held = True
            canvas.viewport().setCursor(Qt.CursorShape.OpenHandCursor)
        return True
    if key in _ARROWS and canvas.gesture is None:
        return _arrow(canvas, key, event.modifiers())
    if key in _ENTER and canvas.focused is not None:
        canvas.node_activated.emit(canvas.focused)
        return True
    plain = event.modifiers() == Qt.KeyboardModifier.NoModifier
    if key == Qt.Key.Key_C and plain and canvas.focused is not None:
        gesture = KeyConnect(canvas, canvas.focused)
        if gesture.begin():
            canvas.begin(gesture)
        return True
    return False


def released(canvas: Canvas, event: QKeyEvent) -> None:
    if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
        canvas.space_held = False
        canvas.viewport().unsetCursor()


def to_next(canvas: Canvas, forward: bool) -> bool:
    """Go to the next node from left to right; False at the end, where Tab leaves the canvas."""
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
    _go(canvas, order[at])
    return True


def arrived(canvas: Canvas, reason: Qt.FocusReason) -> None:
    """The keyboard came to the canvas: show where it is."""
    order = in_reading_order(canvas)
    if order and reason == Qt.FocusReason.TabFocusReason:
        _go(canvas, order[0])
    elif order and reason == Qt.FocusReason.BacktabFocusReason:
        _go(canvas, order[-1])
    else:
        canvas.focus_node(canvas.focused)


def in_reading_order(canvas: Canvas) -> list[str]:
    nodes = canvas.session.document.nodes
    return sorted(nodes, key=lambda n: (nodes[n].x, nodes[n].y, n))


def _connecting(canvas: Canvas, gesture: KeyConnect, key: Qt.Key) -> bool:
    if key in _ENTER:
        canvas.gesture = None
        gesture.confirm()
        canvas.viewport().update()
        return True
    return gesture.key(key)


def _arrow(canvas: Canvas, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> bool:
    dx, dy = _ARROWS[key]
    if canvas.session.selected_nodes and not modifiers & Qt.KeyboardModifier.AltModifier:
        step = 1.0 if modifiers & Qt.KeyboardModifier.ShiftModifier else GRID
        return selection.nudge(canvas.session, dx * step, dy * step)
    nearest = _neighbour(canvas, dx, dy)
    if nearest is not None:
        _go(canvas, nearest)
    return nearest is not None


def _neighbour(canvas: Canvas, dx: int, dy: int) -> str | None:
    """The nearest node in a direction; what lies aside counts as twice as far."""
    nodes = canvas.session.document.nodes
    if canvas.focused is None or canvas.focused not in nodes:
        return next(iter(in_reading_order(canvas)), None)
    here, found = nodes[canvas.focused], []
    for node in nodes.values():
        ahead = (node.x - here.x) * dx + (node.y - here.y) * dy
        aside = abs((node.x - here.x) * dy) + abs((node.y - here.y) * dx)
        if ahead > 0:
            found.append((ahead + 2 * aside, node.id))
    return min(found)[1] if found else None


def _go(canvas: Canvas, node_id: str) -> None:
    canvas.session.select([node_id])
    canvas.focus_node(node_id)
    canvas.ensureVisible(canvas.diagram.items_by_id[node_id].card, 60, 60)
