"""Dots that run along the links, the more of them the more flows."""

from __future__ import annotations

from collections.abc import Sequence
from math import log10

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from sandbox.gui.canvas.curves import Floats, at_every
from sandbox.gui.frames import LinkFrame
from sandbox.gui.theme import Theme

SPEED = 90.0
"""Scene units per second of wall time."""
MOST = 900
"""No more dots than this are painted in a frame; with more flow, every second, third… is."""


class Dots:
    """Where the dots are; time passes only by `advance`."""

    def __init__(self) -> None:
        self.moving = False
        self._way = 0.0

    def advance(self, seconds: float) -> None:
        self._way += SPEED * seconds

    def points(self, curves: Floats, frames: Sequence[LinkFrame]) -> Floats:
        """(N, 2) scene positions of the dots of these links."""
        flows = [frame.flow_per_s for frame in frames]
        rows = [row for row, flow in enumerate(flows) if flow > 0]
        if not rows:
            return np.empty((0, 2))
        spacing = np.array([spacing_of(flows[row]) for row in rows])
        at, _ = at_every(curves[rows], spacing, np.mod(self._way / spacing, 1.0))
        return at[:: len(at) // MOST + 1]

    def paint(
        self,
        painter: QPainter,
        curves: Floats,
        frames: Sequence[LinkFrame],
        theme: Theme,
        rough: bool = False,
    ) -> None:
        """`rough`: without the rim that sets dots off from their link."""
        at = self.points(curves, frames)
        if not len(at):
            return
        polygon = QPolygonF([QPointF(x, y) for x, y in at.tolist()])
        rim, dot = (7.0, QColor(theme.canvas)), (4.5, QColor(theme.text))
        for size, colour in (dot,) if rough else (rim, dot):
            pen = QPen(colour, size)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            painter.drawPoints(polygon)


def spacing_of(flow_per_s: float) -> float:
    """The distance between dots: 120 units for a trickle, a third shorter for each tenfold flow."""
    return max(120.0 * 0.68 ** log10(1.0 + flow_per_s), 16.0)
