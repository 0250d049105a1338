"""What a pointer does on the canvas. Each gesture starts, moves, and ends or is cancelled.

A gesture shows its outcome while it lasts, and makes one edit (or a selection) when it ends; a
cancelled one leaves everything as it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from sandbox.document import edits
from sandbox.document.records import LinkId
from sandbox.gui import selection
from sandbox.gui.canvas.cards import RADIUS
from sandbox.gui.canvas.geometry import GRID, NODE_HEIGHT, NODE_WIDTH, snapped
from sandbox.gui.canvas.landing import Landing
from sandbox.gui.canvas.notes import LEAST_HEIGHT, LEAST_WIDTH
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

    waits = False
    """It goes on after the pointer is let go, until it is done or cancelled."""

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
    """Press on a node, a note or a group: a click selects, a drag moves all that is selected.

    It moves on the grid, which Alt leaves. A single node without links goes into the link that it
    is dropped on, and one that is in no group into the group that it is dropped in.
    """

    def __init__(self, canvas: Canvas, id: str) -> None:
        super().__init__(canvas)
        self.id = id
        self.moving = False
        self.was_selected = False
        self.landing: Landing | None = None

    def start(self, at: Pointer) -> None:
        session, id = self.session, self.id
        self.origin = at
        self.corner = (self.scene.rect_of(id) or QRectF()).topLeft()
        self.was_selected = id in session.selected_nodes or id in session.selected_areas
        if at.adding and not self.was_selected:
            self._toggle()
        elif not self.was_selected:
            self._select()
        self.canvas.focus_node(id)

    def move(self, at: Pointer) -> None:
        far = (at.view - self.origin.view).manhattanLength() >= DRAG_FROM
        if not self.moving and not far:
            return
        if not self.moving:
            self.moving = True
            self.landing = self._landing()
        self.scene.preview(self._places(at))
        if self.landing is not None:
            self.landing.move(self.scene.items_by_id[self.id].card.center())

    def end(self, at: Pointer) -> None:
        if self.moving:
            self.move(at)
            places, landing = self._places(at), self.landing
            if landing is None:
                edit = self.session.do(edits.move, places)
            else:
                landing.end()
                step = partial(edits.move, places=places)
                edit = self.session.do(landing.edit, self.id, step)
            changed = {change.key for change in edit.changes} if edit else set()
            # By less than a hundredth of a pixel some move and others do not.
            if stayed := places.keys() - changed:
                self.scene.preview_end(stayed)
        elif self.was_selected and at.adding:
            self._toggle()
        elif self.was_selected:
            self._select()

    def cancel(self) -> None:
        if self.landing is not None:
            self.landing.end()
        if self.moving:
            self.scene.preview_end(selection.whole(self.session))

    def _landing(self) -> Landing | None:
        document = self.session.document
        alone = self.session.selected_nodes == {self.id} and not self.session.selected_areas
        if not alone or self.id in self.scene.hidden:
            return None
        return Landing(self.scene, document.nodes[self.id].service, self.id)

    def _select(self) -> None:
        node = self.id in self.session.document.nodes
        self.session.select([self.id] if node else (), (), () if node else [self.id])

    def _toggle(self) -> None:
        node = self.id in self.session.document.nodes
        self.session.toggle([self.id] if node else (), (), () if node else [self.id])

    def _places(self, at: Pointer) -> dict[str, tuple[float, float]]:
        step = at.scene - self.origin.scene
        x, y = self.corner.x() + step.x(), self.corner.y() + step.y()
        if not at.modifiers & Qt.KeyboardModifier.AltModifier:
            # A group's edge is off the grid by the room round its members, which stay on it.
            off_x = off_y = 0.0
            if self.id in self.session.document.groups:
                off_x, off_y = self.corner.x() % GRID, self.corner.y() % GRID
            x, y = snapped(x - off_x) + off_x, snapped(y - off_y) + off_y
        return selection.moved(self.session, x - self.corner.x(), y - self.corner.y())


class Resize(Gesture):
    """Drag a note's lower right corner."""

    def __init__(self, canvas: Canvas, note: str) -> None:
        super().__init__(canvas)
        self.note = note
        self.rect = canvas.diagram.notes.rects()[note]

    def start(self, at: Pointer) -> None:
        self.origin = at
        self.size = self.rect.size()

    def move(self, at: Pointer) -> None:
        step = at.scene - self.origin.scene
        width, height = self.rect.width() + step.x(), self.rect.height() + step.y()
        if not at.modifiers & Qt.KeyboardModifier.AltModifier:
            width, height = snapped(width), snapped(height)
        self.size = QSizeF(max(width, LEAST_WIDTH), max(height, LEAST_HEIGHT))
        self.scene.notes.reshape(self.note, QRectF(self.rect.topLeft(), self.size))

    def end(self, at: Pointer) -> None:
        size: dict[str, Any] = {"width": self.size.width(), "height": self.size.height()}
        moved = (at.view - self.origin.view).manhattanLength() >= DRAG_FROM
        if not moved or self.session.do(edits.set_annotation, self.note, **size) is None:
            self.cancel()

    def cancel(self) -> None:
        self.scene.notes.reshape(self.note, self.rect)


class Band(Gesture):
    """Press on the ground: a click lets the selection go, a drag selects what it touches."""

    def start(self, at: Pointer) -> None:
        session = self.session
        self.origin = at
        self.area = QRectF()
        self.kept = session.selected_nodes if at.adding else frozenset[str]()
        self.kept_links = session.selected_links if at.adding else frozenset()
        self.kept_areas = session.selected_areas if at.adding else frozenset[str]()

    def move(self, at: Pointer) -> None:
        if (at.view - self.origin.view).manhattanLength() < DRAG_FROM and self.area.isNull():
            return
        self.area = QRectF(self.origin.scene, at.scene).normalized()
        self.scene.show_selected(*self._taken())
        self.canvas.viewport().update()

    def end(self, at: Pointer) -> None:
        self.session.select(*self._taken())

    def cancel(self) -> None:
        session = self.session
        self.scene.show_selected(
            session.selected_nodes, session.selected_links, session.selected_areas
        )

    def _taken(self) -> tuple[frozenset[str], frozenset[LinkId], frozenset[str]]:
        if self.area.isNull():
            return self.kept, self.kept_links, self.kept_areas
        nodes, links, areas = self.scene.within(self.area)
        return self.kept.union(nodes), self.kept_links.union(links), self.kept_areas.union(areas)

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
    """A service dragged in from the palette: its ghost follows, and letting go places it.

    Dropped on a link it goes into it, and within a group it becomes a member.
    """

    def __init__(self, canvas: Canvas, service: str) -> None:
        super().__init__(canvas)
        self.service = service
        self.corner = QPointF()
        self.landing = Landing(self.scene, service)

    def start(self, at: Pointer) -> None:
        self.move(at)

    def move(self, at: Pointer) -> None:
        x, y = at.scene.x() - NODE_WIDTH / 2, at.scene.y() - NODE_HEIGHT / 2
        self.corner = QPointF(snapped(x), snapped(y))
        self.landing.move(self.corner + QPointF(NODE_WIDTH / 2, NODE_HEIGHT / 2))
        self.canvas.viewport().update()

    def end(self, at: Pointer) -> None:
        self.move(at)
        self.landing.end()
        placed = selection.place(
            self.session, self.service, self.corner.x(), self.corner.y(), self.landing.edit
        )
        if placed is not None:
            self.canvas.focus_node(placed)

    def cancel(self) -> None:
        self.landing.end()

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
