"""Axes in the words of the window, and a grid that is cheap enough to draw on every frame."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from sandbox.document.records import Scenario
from sandbox.document.scenario import instant
from sandbox.experiments import units

_TIME_STEPS = (
    *(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 900, 1800),
    *(3600, 7200, 10800, 21600, 43200, 86400),
)


class TimeAxis(pg.AxisItem):
    """Seconds since the start of the run, written as the simulated time of day."""

    def __init__(self) -> None:
        super().__init__("bottom")
        self._start = instant(Scenario().start)
        self.enableAutoSIPrefix(False)

    def set_start(self, start: str) -> None:
        """`start`: the ISO instant of second zero."""
        self._start = instant(start)
        self.picture = None
        self.update()

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        room = max(size / 55.0, 1.0)
        wanted = (high - low) / room
        step = next((s for s in _TIME_STEPS if s >= wanted), None)
        if step is None:
            step = 86400 * max(round(wanted / 86400), 1)
        return [(float(step), 0.0)]

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Ticks at round times of day, not at round seconds since an odd start."""
        (spacing, _), *_ = self.tickSpacing(low, high, size)
        day = self._start.hour * 3600 + self._start.minute * 60 + self._start.second
        first = -(-(low + day) // spacing) * spacing - day
        count = int((high - first) // spacing) + 1
        return [(spacing, [first + i * spacing for i in range(max(count, 0))])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        written = []
        for value in values:
            at = self._start + timedelta(seconds=round(value * scale))
            if spacing >= 86400 or (at.hour == at.minute == at.second == 0):
                written.append(f"{at.day} {at:%b}")
            else:
                written.append(f"{at:%H:%M}" if spacing >= 60 else f"{at:%H:%M:%S}")
        return written


class ValueAxis(pg.AxisItem):
    """Values of one unit, written with SI prefixes; as few ticks as can be told apart."""

    def __init__(self, unit: str) -> None:
        super().__init__("left")
        self.unit = unit
        self.logarithmic = False  # values are powers of ten
        self.enableAutoSIPrefix(False)
        self.setWidth(50)

    def tickSpacing(self, low: float, high: float, size: float) -> list[tuple[float, float]]:
        if self.logarithmic:
            return [(float(max(1, round((high - low) / 5))), 0.0)]
        if self.unit == "s" and high > 120:
            step = next((s for s in _TIME_STEPS if s >= high / 5), _TIME_STEPS[-1])
            if high / step <= 8:
                return [(float(step), 0.0)]
        return super().tickSpacing(low, high, size)[:1]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self.logarithmic:
            values = [10.0**value for value in values]
        return [units.tick(value * scale, self.unit) for value in values]


class GridLines(pg.GraphicsObject):
    """Lines at the major ticks of two axes, one cosmetic pixel wide.

    `PlotItem.showGrid` draws its lines through the axes, which costs several milliseconds a
    plot and frame; this costs a tenth.
    """

    def __init__(self, across: pg.AxisItem, up: pg.AxisItem) -> None:
        super().__init__()
        self._across, self._up = across, up
        self._pen = QPen(QColor("#888888"), 0)
        self.setZValue(-100)

    def set_color(self, color: QColor) -> None:
        self._pen = QPen(color, 0)
        self.update()

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect())

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        view = self.viewRect()
        left, right = view.left(), view.right()
        low, high = view.top(), view.bottom()
        lines = [
            QLineF(x, low, x, high) for x in _major(self._across, left, right, self._across.width())
        ]
        lines += [QLineF(left, y, right, y) for y in _major(self._up, low, high, self._up.height())]
        painter.setPen(self._pen)
        painter.drawLines(lines)


def _major(axis: pg.AxisItem, low: float, high: float, size: float) -> list[float]:
    if not high > low or size <= 0:
        return []
    levels = axis.tickValues(low, high, size)
    return [float(v) for v in levels[0][1]] if levels else []
