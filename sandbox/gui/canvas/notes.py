"""Notes on the canvas: paper with words, in one item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sandbox.document import Annotation
from sandbox.gui.canvas.cards import Lens, font_fitting, font_of
from sandbox.gui.canvas.geometry import united
from sandbox.gui.theme import Theme

PAD = 10.0
WIDEST = 280.0
LEAST_WIDTH, LEAST_HEIGHT = 80.0, 40.0
CORNER = 14.0
"""The corner of a selected note that can be dragged to resize it."""
_PIXELS = 13
_WORDS_FROM = 0.3
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


def size_of(note: Annotation) -> tuple[float, float]:
    """Its width and height; where none is given, as much as the words take."""
    metrics = QFontMetricsF(font_of(_PIXELS))
    width = note.width
    if not width:
        free = metrics.boundingRect(QRectF(0, 0, WIDEST - 2 * PAD, 1e6), _WRAPPED, note.text)
        width = max(free.width() + 2 * PAD + 2, LEAST_WIDTH)
    if note.height:
        return width, note.height
    text = metrics.boundingRect(QRectF(0, 0, width - 2 * PAD, 1e6), _WRAPPED, note.text)
    return width, max(text.height() + 2 * PAD, LEAST_HEIGHT)


class NoteLayer(QGraphicsItem):
    """All notes; `places` are shown instead of the records' while they are dragged."""

    def __init__(self, theme: Theme, lens: Lens) -> None:
        super().__init__()
        self._theme, self._lens = theme, lens
        self._notes: dict[str, tuple[str, QRectF]] = {}
        self._bounds = QRectF()
        self.selected: frozenset[str] = frozenset()
        self.focused: str | None = None
        self.hidden: str | None = None
        """The note that is being edited, and not painted under its editor."""
        self.setZValue(1.5)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def gather(self, notes: Mapping[str, Annotation]) -> None:
        self.prepareGeometryChange()
        self._notes = {
            id: (note.text, QRectF(note.x, note.y, *size_of(note))) for id, note in notes.items()
        }
        self._measure()

    def place(self, id: str, x: float, y: float) -> None:
        """Show a note elsewhere for the time being."""
        self.reshape(id, QRectF(QPointF(x, y), self._notes[id][1].size()))

    def reshape(self, id: str, rect: QRectF) -> None:
        self.prepareGeometryChange()
        self._notes[id] = (self._notes[id][0], rect)
        self._measure()

    def _measure(self) -> None:
        self._bounds = united([rect for _, rect in self._notes.values()]).adjusted(-8, -8, 8, 8)
        self.update()

    def mark(self, selected: frozenset[str], focused: str | None) -> None:
        if (selected, focused) != (self.selected, self.focused):
            self.selected, self.focused = selected, focused
            self.update()

    def rects(self) -> dict[str, QRectF]:
        return {id: rect for id, (_, rect) in self._notes.items()}

    def at(self, place: QPointF) -> str | None:
        """The topmost note at a point."""
        found = (id for id, (_, rect) in reversed(self._notes.items()) if rect.contains(place))
        return next(found, None)

    def corner_at(self, place: QPointF, zoom: float) -> str | None:
        """The selected note whose lower right corner is at a point."""
        reach = max(CORNER, 10.0 / zoom)
        for id in self.selected & self._notes.keys():
            gap = place - self._notes[id][1].bottomRight()
            if -reach <= gap.x() <= reach / 2 and -reach <= gap.y() <= reach / 2:
                return id
        return None

    def touched(self, area: QRectF) -> Iterable[str]:
        return (id for id, (_, rect) in self._notes.items() if area.intersects(rect))

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        theme, zoom = self._theme, painter.worldTransform().m11()
        paper, edge = QColor(theme.note), QColor(theme.note_edge)
        accent = QColor(theme.accent)
        for id, (text, rect) in self._notes.items():
            if id == self.hidden:
                continue
            chosen = id in self.selected
            pen = QPen(accent if chosen else edge, 2 if chosen else 1)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.setBrush(paper)
            painter.drawRoundedRect(rect, 4, 4)
            if zoom >= _WORDS_FROM or self._lens.paper:
                room = rect.adjusted(PAD, PAD, -PAD, -PAD)
                font, wrap = font_of(_PIXELS), int(_WRAPPED)
                if self._lens.paper:
                    font, how = font_fitting(text, room.size(), _PIXELS)
                    wrap |= how
                painter.setFont(font)
                painter.setPen(QColor(theme.text))
                painter.save()
                painter.setClipRect(rect)
                painter.drawText(room, wrap, text)
                painter.restore()
            if chosen:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(accent)
                end = rect.bottomRight()
                painter.drawPolygon([end, end - QPointF(CORNER, 0), end - QPointF(0, CORNER)])
            if id == self.focused:
                ring = QPen(accent, 1.2, Qt.PenStyle.DashLine)
                ring.setCosmetic(True)
                painter.setPen(ring)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRoundedRect(rect.adjusted(-4, -4, 4, 4), 7, 7)
