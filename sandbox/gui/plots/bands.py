"""When faults strike: striped bands behind the curves, each with a flag at its beginning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from sandbox.gui.canvas.faultmark import bolt

MOST = 40  # bands: what is more could not be told apart
_RIBBON = 5.0  # px


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of time (s) and what happened in it; an instant has no length."""

    start_s: float
    end_s: float
    words: str


class FaultBands(pg.GraphicsObject):
    """Painted in pixels over the visible span, so that stripes and flags keep their size."""

    def __init__(self) -> None:
        super().__init__()
        self._bands: tuple[Band, ...] = ()
        self._color, self._ink = QColor("#d55e00"), QColor("#555555")
        self._font = QFont()
        self.setZValue(-50)

    @property
    def bands(self) -> tuple[Band, ...]:
        return self._bands

    def show_bands(self, bands: Sequence[Band]) -> None:
        if tuple(bands[-MOST:]) != self._bands:
            self._bands = tuple(bands[-MOST:])
            self.update()

    def set_look(self, color: QColor, ink: QColor, font: QFont) -> None:
        self._color, self._ink, self._font = color, ink, font
        self.update()

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect())

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        view, to_pixels = QRectF(self.viewRect()), painter.worldTransform()
        shown = [b for b in self._bands if b.start_s < view.right() and b.end_s >= view.left()]
        if not shown:
            return
        frame = to_pixels.mapRect(view)
        painter.save()
        painter.resetTransform()
        painter.setFont(self._font)
        edges = [
            (
                max(to_pixels.map(QPointF(band.start_s, 0)).x(), frame.left()),
                min(to_pixels.map(QPointF(band.end_s, 0)).x(), frame.right()),
            )
            for band in shown
        ]
        flags: dict[float, list[str]] = {}
        for band, (left, right) in zip(shown, edges, strict=True):
            self._paint_band(painter, QRectF(left, frame.top(), right - left, frame.height()))
            flags.setdefault(left, []).append(band.words)
        begins = sorted(flags)
        for left, until in zip(begins, [*begins[1:], frame.right()], strict=True):
            self._paint_flag(painter, flags[left], left, until, frame)
        painter.restore()

    def _paint_band(self, painter: QPainter, box: QRectF) -> None:
        """A tint, a striped ribbon on top, and a line where it begins."""
        tint, ribbon = QColor(self._color), QColor(self._color)
        tint.setAlpha(24)
        ribbon.setAlpha(130)
        painter.fillRect(box, tint)
        top = QRectF(box.left(), box.top(), max(box.width(), 1.0), _RIBBON)
        painter.fillRect(top, QBrush(ribbon, Qt.BrushStyle.BDiagPattern))
        painter.setPen(QPen(self._color, 1, Qt.PenStyle.DashLine))
        painter.drawLine(box.topLeft(), box.bottomLeft())

    def _paint_flag(
        self, painter: QPainter, words: list[str], left: float, until: float, frame: QRectF
    ) -> None:
        """A bolt, and as many of the words as there is room for before the next one."""
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._color)
        painter.drawPolygon(bolt(QPointF(left + 6, frame.top() + _RIBBON + 8), 0.8))
        metrics = QFontMetricsF(self._font)
        text = told(words, until - left - 14, metrics)
        if text:
            painter.setPen(self._ink)
            place = QRectF(
                left + 13, frame.top() + _RIBBON, metrics.horizontalAdvance(text) + 2, 16
            )
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)


def told(words: Sequence[str], room: float, metrics: QFontMetricsF) -> str:
    """What begins at one moment: all of it, or the first and how many more, or nothing."""
    first = words[0] if len(words) == 1 else f"{words[0]} +{len(words) - 1}"
    fitting = (t for t in ("; ".join(words), first) if metrics.horizontalAdvance(t) < room)
    return next(fitting, "")
