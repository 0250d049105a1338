"""Glyphs for what a node is made of: a row of vessels, each as full as its instance or shard."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from sandbox.gui.canvas.cards import font_of
from sandbox.gui.canvas.geometry import NODE_WIDTH
from sandbox.gui.frames import Cells
from sandbox.gui.theme import Theme

HEIGHT = 7.0
_LEFT, _STEP, _WIDE = 12.0, 7.0, 5.0
_HEALTHS = {"ok": "ok", "busy": "ok", "warning": "warning", "critical": "critical"}


def paint_cells(painter: QPainter, cells: Cells, top: float, theme: Theme) -> None:
    """A row at a height of the card. What is not at work is hollow; what has more than it can take
    is crossed, so that neither rests on colour."""
    tracks: list[QRectF] = []
    fills: dict[str, list[QRectF]] = {}
    hollow: list[QRectF] = []
    crossed: list[QRectF] = []
    for number, (fill, tone) in enumerate(cells.shown):
        box = QRectF(_LEFT + number * _STEP, top, _WIDE, HEIGHT)
        if tone == "idle" or fill < 0:
            hollow.append(box.adjusted(0.5, 0.5, -0.5, -0.5))
            continue
        tracks.append(box)
        high = HEIGHT * min(fill, 1.0)
        fills.setdefault(tone, []).append(QRectF(box.x(), box.bottom() - high, _WIDE, high))
        if fill > 1.0 or tone == "critical":
            crossed.append(box)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.track))
    painter.drawRects(tracks)
    for tone, rects in fills.items():
        painter.setBrush(theme.health(_HEALTHS.get(tone, "idle")))  # type: ignore[arg-type]
        painter.drawRects(rects)
    if hollow:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(theme.muted), 1))
        painter.drawRects(hollow)
    if crossed:
        painter.setPen(QPen(QColor(theme.on_critical), 1.2))
        for box in crossed:
            painter.drawLine(box.topLeft(), box.bottomRight())
            painter.drawLine(box.topRight(), box.bottomLeft())
    more = cells.count - len(cells.shown)
    if more > 0:
        painter.setFont(font_of(9))
        painter.setPen(QColor(theme.muted))
        left = _LEFT + len(cells.shown) * _STEP
        room = QRectF(left, top - 3, NODE_WIDTH - left - 6, HEIGHT + 6)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, f"+{more}")
