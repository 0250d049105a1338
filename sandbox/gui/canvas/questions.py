"""The mark of a link that an import is not sure of."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from sandbox.gui.canvas.cards import font_of
from sandbox.gui.theme import Theme

_RADIUS = 9.0


def paint_question(painter: QPainter, at: QPointF, theme: Theme) -> None:
    """A question mark in a ring on the link's middle, in neutral colours: nothing is wrong."""
    ring = QRectF(at.x() - _RADIUS, at.y() - _RADIUS, 2 * _RADIUS, 2 * _RADIUS)
    painter.setPen(QPen(QColor(theme.muted), 1.4))
    painter.setBrush(QColor(theme.card))
    painter.drawEllipse(ring)
    painter.setPen(QColor(theme.text))
    painter.setFont(font_of(12, bold=True))
    painter.drawText(ring, Qt.AlignmentFlag.AlignCenter, "?")
