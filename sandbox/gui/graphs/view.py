"""A graph of states that can be looked over: pan, zoom, choose a state by pointer or keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPathStroker,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from sandbox.gui.graphs import words
from sandbox.gui.graphs.paint import Marks, paint, path_of
from sandbox.gui.graphs.plan import Picture, picture
from sandbox.gui.theme import DARK, LIGHT
from sandbox.language import tr
from sandbox.services.views import Drawing, Figures

_MARGIN = 14.0
_LEAST, _MOST, _STEP = 0.15, 3.0, 1.25
_READABLE = 0.72  # what does not fit then is reached by dragging
_DRAG = 4  # px: less is a click
_NEAR = 8.0


class GraphView(QWidget):
    """Arrows go from state to state, + and − zoom, 0 shows all."""

    chosen = Signal(str)
    """A state, or "" for none."""

    def __init__(self, title: str, one: str, least: float = _READABLE) -> None:
        """`least` is the scale that what is shown at first does not go below."""
        super().__init__()
        self._least = least
        self._title, self._one = title, one
        self._drawing = Drawing((), ())
        self._picture = Picture()
        self._figures: Figures | None = None
        self._marks = Marks()
        self._scale, self._offset = 1.0, QPointF(_MARGIN, _MARGIN)
        self._touched = False  # a person has zoomed or panned
        self._pressed: QPointF | None = None
        self._dragging = False
        self.setAccessibleName(tr("Graph of {lower}", lower=title.lower()))
        self.setToolTip(
            tr(
                "Click a state for its figures; drag to move, Ctrl and wheel or + and − to zoom, "
                "0 to see all, arrows from state to state"
            )
        )
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMouseTracking(True)

    @property
    def drawing(self) -> Drawing:
        return self._drawing

    @property
    def marks(self) -> Marks:
        return self._marks

    @property
    def figures(self) -> Figures | None:
        return self._figures

    def sizeHint(self) -> QSize:
        return QSize(320, 360)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 200)

    def show_graph(self, drawing: Drawing, figures: Figures | None) -> None:
        """The graph, and what is in it; without figures while nothing runs."""
        if drawing != self._drawing:
            self._drawing, self._picture = drawing, picture(drawing)
            names = {place.name for place in drawing.places}
            if self._marks.selected not in names:
                self.choose("")
            self._touched = False
            self._at_first()
        self._figures = figures
        self.update()

    def show_marks(self, marks: Marks) -> None:
        self._marks = marks
        if marks.present:
            self._see(marks.present)
        self.update()

    def choose(self, name: str) -> None:
        """Select a state; "" selects none."""
        old = self._marks
        if name != old.selected:
            self._marks = Marks(name, old.present, old.failed, old.visited, old.gone)
            said = words.place(self._drawing, name, self._figures, self._one) if name else ""
            self.setAccessibleDescription(said)
            self.update()
            self.chosen.emit(name)

    # ------------------------------------------------------------------ looking

    def fit(self) -> None:
        """All of it, as large as there is room for."""
        self._touched = True
        self._fitted(0.0)

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        self._touched = True
        fixed = at if at is not None else QPointF(self.width() / 2, self.height() / 2)
        scale = min(_MOST, max(_LEAST, self._scale * factor))
        self._offset = fixed - (fixed - self._offset) * (scale / self._scale)
        self._scale = scale
        self.update()

    def _at_first(self) -> None:
        self._fitted(self._least)

    def _fitted(self, least: float) -> None:
        wide, tall = self._picture.width + 2 * _MARGIN, self._picture.height + 2 * _MARGIN
        scale = min(1.0, self.width() / wide, self.height() / tall) if wide > 0 else 1.0
        self._scale = max(scale, least, _LEAST)
        x = max(0.0, (self.width() - wide * self._scale) / 2)
        begins = next((p.name for p in self._drawing.places if p.begins and not p.inside), "")
        if begins and wide * self._scale > self.width():  # begin where they begin
            bx, _, bw, _ = self._picture.boxes[begins]
            x = self.width() / 2 - (bx + bw / 2 + _MARGIN) * self._scale
            x = min(0.0, max(x, self.width() - wide * self._scale))
        y = max(0.0, (self.height() - tall * self._scale) / 2)
        self._offset = QPointF(x, y) + QPointF(_MARGIN, _MARGIN) * self._scale
        self.update()

    def _see(self, name: str) -> None:
        """Move so that a state is in view."""
        if name not in self._picture.boxes:
            return
        box = self._on_screen(name)
        dx = min(0.0, self.width() - _MARGIN - box.right()) or max(0.0, _MARGIN - box.left())
        dy = min(0.0, self.height() - _MARGIN - box.bottom()) or max(0.0, _MARGIN - box.top())
        if dx or dy:
            self._touched = True
            self._offset += QPointF(dx, dy)
            self.update()

    def _on_screen(self, name: str) -> QRectF:
        x, y, w, h = self._picture.boxes[name]
        corner = self._offset + QPointF(x, y) * self._scale
        return QRectF(corner.x(), corner.y(), w * self._scale, h * self._scale)

    def rect_of(self, name: str) -> QRectF:
        """Where a state is drawn, in the coordinates of the widget."""
        return self._on_screen(name)

    # ------------------------------------------------------------------ events

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if not self._touched:
            self._at_first()

    def paintEvent(self, event: QPaintEvent) -> None:
        dark = self.palette().color(QPalette.ColorRole.Base).lightness() < 128
        theme = DARK if dark else LIGHT
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(theme.canvas))
        if self._drawing.places:
            painter.save()
            painter.translate(self._offset)
            painter.scale(self._scale, self._scale)
            paint(painter, self._drawing, self._picture, self._figures, self._marks, theme)
            painter.restore()
        edge = QColor(theme.accent if self.hasFocus() else theme.border)
        painter.setPen(QPen(edge, 1.0))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            said = self._said_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), said or self.toolTip(), self)
            return True
        return super().event(event)

    def _said_at(self, at: QPointF) -> str:
        if name := self._at(at):
            return words.place(self._drawing, name, self._figures, self._one)
        here = (at - self._offset) / self._scale
        for i, route in enumerate(self._picture.routes):
            stroker = QPainterPathStroker()
            stroker.setWidth(_NEAR)
            if stroker.createStroke(path_of(route)).contains(here):
                return words.way(self._drawing, i, self._figures)
        return ""

    def _at(self, at: QPointF) -> str:
        here = (at - self._offset) / self._scale
        for place in reversed(self._drawing.places):  # those further in come later
            if QRectF(*self._picture.boxes[place.name]).contains(here):
                return place.name
        return ""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._dragging = event.position(), False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            return
        moved = event.position() - self._pressed
        if self._dragging or moved.manhattanLength() >= _DRAG:
            self._dragging = self._touched = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self._offset += moved
            self._pressed = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pressed is not None and not self._dragging:
            self.choose(self._at(event.position()))
        self._pressed = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if not self._at(event.position()):
            self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.zoom(_STEP if event.angleDelta().y() > 0 else 1 / _STEP, event.position())
        else:
            event.ignore()  # the page scrolls

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}
        if key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom(_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / _STEP)
        elif key == Qt.Key.Key_0:
            self.fit()
        elif key == Qt.Key.Key_Escape and self._marks.selected:
            self.choose("")
        elif Qt.Key(key) in steps and self._drawing.places:
            names = self._in_order()
            at = names.index(self._marks.selected) if self._marks.selected in names else -1
            at = max(0, min(len(names) - 1, at + steps[Qt.Key(key)]))
            self.choose(names[at])
            self._see(names[at])
        else:
            super().keyPressEvent(event)

    def _in_order(self) -> list[str]:
        """As they are read: from the top."""
        boxes = self._picture.boxes
        return sorted((p.name for p in self._drawing.places), key=lambda n: boxes[n][1::-1])
