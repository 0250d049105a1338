"""Where things are on a node: sizes, the grid, the places of ports.

Scene units are pixels at 100 %.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF

GRID = 20.0
NODE_WIDTH = 200.0
NODE_HEIGHT = 80.0
PORT_RADIUS = 5.0
PORT_REACH = 14.0
BADGE_HEIGHT = 22.0
MARGIN = 12.0
"""How far a node paints beyond its card: ports, focus ring and shadow."""

Direction = Literal["in", "out"]


@dataclass(frozen=True, slots=True)
class Port:
    """One end that a link can have: which node, which port, and which way it points."""

    node: str
    name: str
    direction: Direction


def snapped(value: float) -> float:
    return round(value / GRID) * GRID


def card_height(ports_in: int, ports_out: int) -> float:
    """Tall enough that ports stand a grid step apart."""
    return max(NODE_HEIGHT, GRID * (max(ports_in, ports_out) + 1))


def port_place(direction: Direction, index: int, count: int, height: float) -> QPointF:
    """The port's centre from the card's top left corner: inputs on the left edge, outputs right."""
    x = 0.0 if direction == "in" else NODE_WIDTH
    return QPointF(x, height * (index + 1) / (count + 1))


def port_distance(at: QPointF, port: QPointF, direction: Direction) -> float:
    """How far a pointer is from a port, easier to hit from outside the card than from within."""
    outward = -4.0 if direction == "in" else 4.0
    dx, dy = at.x() - port.x() - outward, at.y() - port.y()
    return float((dx * dx + dy * dy) ** 0.5)


def united(rects: Sequence[QRectF]) -> QRectF:
    total = QRectF()
    for rect in rects:
        total = total.united(rect)
    return total
