"""The sign of a fault: a bolt, and stripes over what is struck. Its shape tells, not its colour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from sandbox.gui.canvas.cards import font_of
from sandbox.gui.theme import Theme

HEIGHT = 20.0
_BOLT = ((3.0, -7.0), (-4.5, 1.0), (-0.5, 1.0), (-3.0, 7.0), (4.5, -1.5), (0.5, -1.5))


def bolt(at: QPointF, size: float = 1.0) -> QPolygonF:
    """A bolt of lightning around a point, 14 units high."""
    return QPolygonF([QPointF(at.x() + size * x, at.y() + size * y) for x, y in _BOLT])


def stripes(theme: Theme) -> QBrush:
    """Diagonal stripes, as wide on the screen whatever the zoom."""
    color = QColor(theme.critical)
    color.setAlpha(70)
    return QBrush(color, Qt.BrushStyle.BDiagPattern)


def paint_pill(
    painter: QPainter, middle: QPointF, text: str, room: float, theme: Theme, brief: bool = False
) -> QRectF:
    """A pill with a bolt and words around a point, no wider than there is room."""
    painter.setFont(font_of(13 if brief else 11, bold=True))
    metrics = QFontMetricsF(painter.font())
    words = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room - 34)
    pill = QRectF(0, 0, metrics.horizontalAdvance(words) + 34, HEIGHT)
    pill.moveCenter(middle)
    painter.setPen(QPen(QColor(theme.critical), 1.6))
    painter.setBrush(QColor(theme.card))
    painter.drawRoundedRect(pill, 4, 4)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.critical))
    painter.drawPolygon(bolt(QPointF(pill.left() + 13, pill.center().y())))
    painter.setPen(QColor(theme.text))
    painter.drawText(pill.adjusted(24, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, words)
    return pill
