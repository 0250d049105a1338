"""A sparkline: the shape of a number's recent past, in the space of a word."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QSize
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from sandbox.gui.curves import Curve, envelope

_HEIGHT = 16


class Spark(QWidget):
    """Painted only when its curve has changed."""

    def __init__(self) -> None:
        super().__init__()
        self._points: np.ndarray | None = None
        self._marked: float | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(60, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(20, _HEIGHT)

    def show_curve(self, curve: Curve | None, t0: float, t1: float, marked: float | None) -> None:
        """The curve from `t0` to `t1` (s), and a mark where one looks back to."""
        self._points = None
        self._marked = None
        if curve is not None and len(curve.t) > 1 and t1 > t0:
            x, y = envelope(curve)
            known = np.isfinite(y)
            top = max(float(y[known].max(initial=0.0)), 1e-12)
            self._points = np.column_stack(((x[known] - t0) / (t1 - t0), y[known] / top))
            if marked is not None:
                self._marked = (marked - t0) / (t1 - t0)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._points is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide, tall = self.width() - 1.0, self.height() - 3.0
        line = QPolygonF([QPointF(x * wide, 1.5 + (1 - y) * tall) for x, y in self._points])
        color = QColor(self.palette().color(QPalette.ColorRole.Highlight))
        painter.setPen(QPen(color, 1.2))
        painter.drawPolyline(line)
        if self._marked is not None:
            painter.setPen(QPen(self.palette().color(QPalette.ColorRole.PlaceholderText), 1))
            x = self._marked * wide
            painter.drawLine(QPointF(x, 0), QPointF(x, self.height()))
