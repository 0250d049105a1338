"""What a pointer does on the canvas. Each gesture starts, moves, and ends or is cancelled.

A gesture shows its outcome while it lasts, and makes one edit (or a selection) when it ends; a
cancelled one leaves everything as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from sandbox.document import edits
from sandbox.gui import selection
from sandbox.gui.canvas.cards import RADIUS
from sandbox.gui.canvas.geometry import NODE_HEIGHT, NODE_WIDTH, snapped
from sandbox.gui.icons import paint_icon

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas

DRAG_FROM = 4
"""A pointer that moved fewer pixels than this has clicked."""
_ADDING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True, slots=True)
class Pointer:
    """Where the pointer is, in the view's pixels and in scene units, and the keys held with it."""

    view: QPoint
    scene: QPointF
    modifiers: Qt.KeyboardModifier

    @property
    def adding(self) -> bool:
        return bool(self.modifiers & _ADDING)


class Gesture:
    """One thing a person does with the pointer, from pressing to letting go."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.scene = canvas.diagram
        self.session = canvas.session

    def start(self, at: Pointer) -> None: ...

    def move(self, at: Pointer) -> None: ...

    def end(self, at: Pointer) -> None: ...

    def cancel(self) -> None: ...

    def paint(self, painter: QPainter) -> None:
        """What is drawn over everything while it lasts, in scene units."""


class Move(Gesture):
    """Press on a node: a click selects, a drag moves all that is selected, on the grid.

    Alt leaves the grid.
    """

    def __init__(self, canvas: Canvas, node_id: str) -> None:
        super().__init__(canvas)
        self.node_id = node_id
        self.moving = False
        self.was_selected = False

    def start(self, at: Pointer) -> None:
        self.origin = at
        self.was_selected = self.node_id in self.session.selected_nodes
        if at.adding and not self.was_selected:
            self.session.toggle([self.node_id])
        elif not self.was_selected:
            self.session.select([self.node_id])
        self.canvas.focus_node(self.node_id)

    def move(self, at: Pointer) -> None:
        far = (at.view - self.origin.view).manhattanLength() >= DRAG_FROM
        if not self.moving and not far:
            return
        self.moving = True
        self.scene.preview(self._places(at))

    def end(self, at: Pointer) -> None:
        if self.moving:
            places = self._places(at)
            if self.session.do(edits.move, places) is None:
                self.scene.preview_end(places)
        elif self.was_selected and at.adding:
            self.session.toggle([self.node_id])
        elif self.was_selected:
            self.session.select([self.node_id])

    def cancel(self) -> None:
        if self.moving:
            self.scene.preview_end(self.session.selected_nodes)

    def _places(self, at: Pointer) -> dict[str, tuple[float, float]]:
        nodes = self.session.document.nodes
        held, step = nodes[self.node_id], at.scene - self.origin.scene
        x, y = held.x + step.x(), held.y + step.y()
        if not at.modifiers & Qt.KeyboardModifier.AltModifier:
            x, y = snapped(x), snapped(y)
        dx, dy = x - held.x, y - held.y
        return {n: (nodes[n].x + dx, nodes[n].y + dy) for n in self.session.selected_nodes}


class Band(Gesture):
    """Press on the ground: a click lets the selection go, a drag selects what it touches."""

    def start(self, at: Pointer) -> None:
        self.origin = at
        self.area = QRectF()
        self.kept = self.session.selected_nodes if at.adding else frozenset[str]()
        self.kept_links = self.session.selected_links if at.adding else frozenset()

    def move(self, at: Pointer) -> None:
        if (at.view - self.origin.view).manhattanLength() < DRAG_FROM and self.area.isNull():
            return
        self.area = QRectF(self.origin.scene, at.scene).normalized()
        nodes, links = self.scene.within(self.area)
        self.scene.show_selected(self.kept.union(nodes), self.kept_links.union(links))
        self.canvas.viewport().update()

    def end(self, at: Pointer) -> None:
        if self.area.isNull():
            self.session.select(self.kept, self.kept_links)
            return
        nodes, links = self.scene.within(self.area)
        self.session.select(self.kept.union(nodes), self.kept_links.union(links))

    def cancel(self) -> None:
        self.scene.show_selected(self.session.selected_nodes, self.session.selected_links)

    def paint(self, painter: QPainter) -> None:
        accent = QColor(self.scene.theme.accent)
        pen = QPen(accent, 1)
        pen.setCosmetic(True)
        fill = QColor(accent)
        fill.setAlpha(34)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRect(self.area)


class Pan(Gesture):
    """Drag with the middle button, or with the space bar held: the ground moves along."""

    def start(self, at: Pointer) -> None:
        self.last = at.view
        self.canvas.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)

    def move(self, at: Pointer) -> None:
        self.canvas.pan(self.last - at.view)
        self.last = at.view

    def end(self, at: Pointer) -> None:
        self.cancel()

    def cancel(self) -> None:
        self.canvas.viewport().unsetCursor()


class Place(Gesture):
    """A service dragged in from the palette: its ghost follows, and letting go places it."""

    def __init__(self, canvas: Canvas, service: str) -> None:
        super().__init__(canvas)
        self.service = service
        self.corner = QPointF()

    def start(self, at: Pointer) -> None:
        self.move(at)

    def move(self, at: Pointer) -> None:
        x, y = at.scene.x() - NODE_WIDTH / 2, at.scene.y() - NODE_HEIGHT / 2
        self.corner = QPointF(snapped(x), snapped(y))
        self.canvas.viewport().update()

    def end(self, at: Pointer) -> None:
        self.move(at)
        placed = selection.place(self.session, self.service, self.corner.x(), self.corner.y())
        if placed is not None:
            self.canvas.focus_node(placed)

    def paint(self, painter: QPainter) -> None:
        theme, catalogue = self.scene.theme, self.session.catalogue
        card = QRectF(self.corner.x(), self.corner.y(), NODE_WIDTH, NODE_HEIGHT)
        painter.setOpacity(0.75)
        painter.setPen(QPen(QColor(theme.accent), 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(QColor(theme.card))
        painter.drawRoundedRect(card, RADIUS, RADIUS)
        known = self.service in catalogue
        title = catalogue.title(self.service) if known else self.service
        tile = theme.category(catalogue[self.service].category if known else "unknown")
        box = QRectF(0, 0, 40, 40)
        box.moveCenter(card.center())
        paint_icon(painter, box, self.service, title, known, tile)
