"""The link being drawn, before it is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from sandbox.gui.canvas import curves
from sandbox.gui.canvas.geometry import Port

if TYPE_CHECKING:
    from sandbox.gui.canvas.scene import CanvasScene


def paint_rubber(
    painter: QPainter, scene: CanvasScene, port: Port, to: QPointF, caught: bool
) -> None:
    """The link being drawn, from its port to the pointer."""
    begin = scene.port_place(port)
    ends = (begin, to) if port.direction == "out" else (to, begin)
    points = [np.array([[p.x(), p.y()]]) for p in ends]
    curve = curves.sampled(points[0], points[1])
    colour = QColor(scene.theme.accent)
    pen = QPen(colour, 2.5, Qt.PenStyle.SolidLine if caught else Qt.PenStyle.DashLine)
    painter.strokePath(curves.path_of(curve), pen)
    painter.fillPath(curves.heads_of(curve, 12.0), colour)
