"""The whole diagram, small, in a corner: where the view is, and what ails out of sight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from sandbox.gui.canvas.badges import sign
from sandbox.gui.frames import Health
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas

_SIZE = QSize(200, 130)
_EDGE = 6.0
_LEAST = 2.0
_LIVE_MS = 400


class Minimap(QWidget):
    """Press or drag in it to look there. Its picture of the nodes is kept until they move."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._picture = QPixmap()
        self._wanted = True
        self._content = canvas.diagram.content()
        self._ailing: list[tuple[str, Health]] = []
        self._since = QElapsedTimer()
        self.setObjectName("minimap")
        self.setAccessibleName(tr("Minimap"))
        self.setToolTip(tr("Press or drag to look there (Ctrl+M hides it)"))
        self.setFixedSize(_SIZE)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    @property
    def wanted(self) -> bool:
        return self._wanted

    def want(self, wanted: bool) -> None:
        """Whether it is there when not all of the diagram can be seen."""
        self._wanted = wanted
        self.follow()

    def forget(self) -> None:
        """The diagram has changed: its picture is painted anew."""
        self._picture = QPixmap()
        self._content = self._canvas.diagram.content()
        self.follow()

    def follow(self) -> None:
        """The view has moved: be there when there is something to tell."""
        canvas, content = self._canvas, self._content
        needed = self._wanted and not content.isNull() and not canvas.shown().contains(content)
        if needed != self.isVisible() and canvas.isVisible():
            self.setVisible(needed)
            self.place()
        if needed:
            self.update()

    def take(self) -> None:
        """Health may have changed: a few times a second the picture shows it."""
        if not self.isVisible() or (self._since.isValid() and self._since.elapsed() < _LIVE_MS):
            return
        self._since.start()
        ailing = self._canvas.diagram.lens.frame.ailing()
        if ailing != self._ailing:
            self._ailing, self._picture = ailing, QPixmap()
            self.update()

    def place(self) -> None:
        room = self._canvas.viewport().rect()
        self.move(room.width() - self.width() - 12, room.height() - self.height() - 12)
        self.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._canvas.centerOn(self._scene(event.position()))
            self.follow()

    mouseMoveEvent = mousePressEvent

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._canvas.fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._canvas.diagram.theme
        ratio = self.devicePixelRatioF()
        if self._picture.isNull() or self._picture.devicePixelRatio() != ratio:
            self._picture = self._drawn(ratio)
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._picture)
        area, scale = self._measure()
        shown = self._canvas.shown()
        corner = (shown.topLeft() - area.topLeft()) * scale + QPointF(_EDGE, _EDGE)
        view = QRectF(corner, shown.size() * scale)
        accent = QColor(theme.accent)
        painter.setPen(QPen(accent, 1.5))
        accent.setAlpha(26)
        painter.setBrush(accent)
        painter.drawRect(view.intersected(QRectF(self.rect()).adjusted(1, 1, -1, -1)))
        painter.end()

    def _drawn(self, ratio: float) -> QPixmap:
        """The nodes as blocks in the colours of their categories, on the ground."""
        theme, diagram = self._canvas.diagram.theme, self._canvas.diagram
        picture = QPixmap(_SIZE * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(theme.base))
        painter = QPainter(picture)
        area, scale = self._measure()

        def small(rect: QRectF) -> QRectF:
            corner = (rect.topLeft() - area.topLeft()) * scale + QPointF(_EDGE, _EDGE)
            size = rect.size() * scale
            return QRectF(
                corner.x(), corner.y(), max(size.width(), _LEAST), max(size.height(), _LEAST)
            )

        painter.setPen(QPen(QColor(theme.muted), 0.6))
        painter.drawRects([small(rect) for rect in diagram.groups.rects().values()])
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.note_edge))
        painter.drawRects([small(rect) for rect in diagram.notes.rects().values()])
        blocks: dict[str, list[QRectF]] = {}
        for node, item in diagram.items_by_id.items():
            if node not in diagram.hidden:
                blocks.setdefault(item.face.category, []).append(small(item.card))
        for category, rects in blocks.items():
            painter.setBrush(theme.category(category))
            painter.drawRects(rects)
        painter.setBrush(QColor(theme.muted))
        painter.drawRects([small(rect) for rect in diagram.folded.rects().values()])
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.canvas), 1))
        for node, health in self._ailing:
            if node in diagram.items_by_id:
                at = small(diagram.items_by_id[node].card).center()
                painter.setBrush(theme.health(health))
                painter.drawPolygon(sign(health, at, 3.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawRect(QRectF(0.5, 0.5, _SIZE.width() - 1, _SIZE.height() - 1))
        painter.end()
        return picture

    def _measure(self) -> tuple[QRectF, float]:
        """The part of the scene that is drawn, and how much smaller."""
        area = self._content
        width, height = _SIZE.width() - 2 * _EDGE, _SIZE.height() - 2 * _EDGE
        scale = min(width / max(area.width(), 1.0), height / max(area.height(), 1.0))
        centre = area.center()
        room = QRectF(0, 0, width / scale, height / scale)
        room.moveCenter(centre)
        return room, scale

    def _scene(self, at: QPointF) -> QPointF:
        area, scale = self._measure()
        return (at - QPointF(_EDGE, _EDGE)) / scale + area.topLeft()
