"""The ground of the canvas: a plain colour with the grid as faint points."""

from __future__ import annotations

from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from sandbox.gui.canvas.geometry import GRID

if TYPE_CHECKING:
    from sandbox.gui.canvas.zoom import ZoomView

_FINEST = 16.0
"""Points stand at least this many pixels apart; from farther away only every second, fourth… is."""


def paint_ground(view: ZoomView, painter: QPainter, rect: QRectF) -> None:
    theme, zoom = view.diagram.theme, view.zoom
    painter.save()
    painter.resetTransform()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    area = view.mapFromScene(rect).boundingRect()
    painter.fillRect(area, QColor(theme.canvas))
    step = GRID * zoom
    while step < _FINEST:
        step *= 2
    origin = view.viewportTransform().map(QPointF(0, 0))
    size = view.viewport().size()
    pen = QPen(QColor(theme.grid), 2 if zoom > 0.7 else 1)
    pen.setCapStyle(Qt.PenCapStyle.SquareCap)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.translate(origin.x() % step - step, origin.y() % step - step)
    painter.scale(step, step)
    painter.drawPoints(_points(ceil(size.width() / step) + 2, ceil(size.height() / step) + 2))
    painter.restore()


@lru_cache(maxsize=64)
def _points(columns: int, rows: int) -> QPolygonF:
    return QPolygonF([QPointF(column, row) for row in range(rows) for column in range(columns)])
