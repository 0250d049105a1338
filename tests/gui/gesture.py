"""Gestures as a person makes them: presses, moves, keys and drops on the canvas's viewport."""

from __future__ import annotations

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sandbox.gui.canvas import Canvas
from sandbox.gui.canvas.geometry import Direction, Port
from sandbox.gui.palette_model import SERVICE_MIME

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
PLAIN = Qt.KeyboardModifier.NoModifier
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


def on_node(canvas: Canvas, node_id: str) -> QPoint:
    """A view position in the middle of a node's card."""
    return canvas.mapFromScene(canvas.diagram.items_by_id[node_id].card.center())


def on_port(canvas: Canvas, node_id: str, name: str, direction: Direction) -> QPoint:
    return canvas.mapFromScene(canvas.diagram.port_place(Port(node_id, name, direction)))


def click(canvas: Canvas, at: QPoint, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.mouseClick(canvas.viewport(), LEFT, modifiers, at)


def press_and_move(
    canvas: Canvas,
    begin: QPoint,
    end: QPoint,
    modifiers: Qt.KeyboardModifier = PLAIN,
    button: Qt.MouseButton = LEFT,
) -> None:
    """A drag that is still held."""
    QTest.mousePress(canvas.viewport(), button, modifiers, begin)
    for step in range(1, 6):
        QTest.mouseMove(canvas.viewport(), begin + (end - begin) * step / 5)


def drag(
    canvas: Canvas,
    begin: QPoint,
    end: QPoint,
    modifiers: Qt.KeyboardModifier = PLAIN,
    button: Qt.MouseButton = LEFT,
) -> None:
    press_and_move(canvas, begin, end, modifiers, button)
    QTest.mouseRelease(canvas.viewport(), button, modifiers, end)


def key(canvas: Canvas, code: Qt.Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.keyClick(canvas, code, modifiers)


def drop(canvas: Canvas, service: str, at: QPoint, leave: bool = False) -> bool:
    """Drag a service in from a palette, and let go (or leave again); whether it was accepted.

    QTest cannot drive a real drag, so its events are sent to the viewport.
    """
    mime = QMimeData()
    mime.setData(SERVICE_MIME, service.encode())
    copy, view = Qt.DropAction.CopyAction, canvas.viewport()
    enter = QDragEnterEvent(at - QPoint(40, 40), copy, mime, LEFT, PLAIN)
    QApplication.sendEvent(view, enter)
    if not enter.isAccepted():
        return False
    QApplication.sendEvent(view, QDragMoveEvent(at, copy, mime, LEFT, PLAIN))
    if leave:
        QApplication.sendEvent(view, QDragLeaveEvent())
        return False
    done = QDropEvent(QPointF(at), copy, mime, LEFT, PLAIN)
    QApplication.sendEvent(view, done)
    return done.isAccepted()
