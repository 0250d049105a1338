"""Flags on the curves: what happened to a node, at the moment it did, in the words of its event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from sandbox.language import tr

MOST = 300  # events that are looked at
_APART = 9.0  # px: what falls closer together becomes one flag
_POLE, _CLOTH = 15.0, 7.0  # px
_NEAR = 7.0  # px from a flag at which it is meant
# Losses have curves of their own, and faults their bands.
_OTHERWISE_SEEN = ("throttled", "rejected", "failed", "timed_out", "expired", "moved", "skipped",
                   "fault", "trace_gap", "events")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Flag:
    """Something that happened: when (s), at which value, to which curve's colour, in words."""

    t_s: float
    y: float
    color: QColor
    words: str
    foretold: bool = False


def worth_a_flag(events: Iterable[Any], nodes: Iterable[str]) -> list[Any]:
    """Those of the nodes that no curve and no band shows already, the newest kept."""
    wanted = set(nodes)
    found = [e for e in events if e.node in wanted and not e.kind.startswith(_OTHERWISE_SEEN)]
    return found[-MOST:]


class Flags(pg.GraphicsObject):
    """Painted in pixels, so that they keep their size."""

    def __init__(self) -> None:
        super().__init__()
        self._flags: tuple[Flag, ...] = ()
        self._shown: list[tuple[QPointF, Flag, int]] = []
        self.setZValue(20)

    @property
    def flags(self) -> tuple[Flag, ...]:
        return self._flags

    def show_flags(self, flags: Sequence[Flag]) -> None:
        if tuple(flags) != self._flags:
            self._flags = tuple(flags)
            self.update()

    def words_at(self, place: QPointF) -> str:
        """What the flags near a place of the view (px) say; "" if there is none."""
        near = [
            flag for at, flag, _ in self._shown
            if abs(at.x() - place.x()) <= _NEAR and -_NEAR <= at.y() - place.y() <= _POLE + _NEAR
        ]  # fmt: skip
        if not near:
            return ""
        t_s = near[0].t_s
        beside = [f.words for f in self._flags if abs(f.t_s - t_s) <= self._merged_s()]
        more = tr("\n… and {count} more", count=len(beside) - 6) if len(beside) > 6 else ""
        return "\n".join(dict.fromkeys(beside[:6])) + more

    def _merged_s(self) -> float:
        view = self.viewRect()
        pixels = max(1.0, self.getViewBox().width()) if self.getViewBox() else 1.0
        return float(view.width() / pixels * _APART)

    def viewRangeChanged(self) -> None:
        self.prepareGeometryChange()
        self.update()

    def boundingRect(self) -> QRectF:
        return QRectF(self.viewRect())

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        view, to_pixels = QRectF(self.viewRect()), painter.worldTransform()
        self._shown = []
        frame = to_pixels.mapRect(view)
        for flag in self._flags:
            if view.left() <= flag.t_s <= view.right():
                at = to_pixels.map(QPointF(flag.t_s, flag.y))
                at.setY(min(max(at.y(), frame.top() + _POLE + 1), frame.bottom()))
                last = self._shown[-1] if self._shown else None
                if last is not None and abs(last[0].x() - at.x()) < _APART:
                    self._shown[-1] = (last[0], last[1], last[2] + 1)
                else:
                    self._shown.append((at, flag, 1))
        if not self._shown:
            return
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for at, flag, many in self._shown:
            _paint_flag(painter, at, flag, many)
        painter.restore()


def _paint_flag(painter: QPainter, at: QPointF, flag: Flag, many: int) -> None:
    """A pole with a pennant, hollow for what is only foretold; two for several events."""
    painter.setPen(QPen(flag.color, 1))
    top = at - QPointF(0, _POLE)
    painter.drawLine(at, top)
    for k in range(2 if many > 1 else 1):
        begin = top + QPointF(0, 3.0 * k)
        cloth = QPolygonF([begin, begin + QPointF(_CLOTH, 3), begin + QPointF(0, 6)])
        painter.setBrush(Qt.BrushStyle.NoBrush if flag.foretold else flag.color)
        painter.drawPolygon(cloth)
    painter.setBrush(flag.color)
    painter.drawEllipse(at, 1.8, 1.8)
