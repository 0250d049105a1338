"""Paints a graph of states: boxes with what is in them, ways with what goes along them."""

from __future__ import annotations

import math
from collections.abc import Set
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from sandbox.experiments import units
from sandbox.gui.graphs.plan import END, HEIGHT, START, Picture, Rect, Route
from sandbox.gui.theme import Theme
from sandbox.language import tr
from sandbox.services.views import Drawing, Figures, Way

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEAST = 5e-4  # per second, and things: less is nothing
_BEND = 14.0


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands out: the selected state, the one that is followed now, and where it has been."""

    selected: str = ""
    present: str = ""
    failed: bool = False
    visited: Set[str] = frozenset()
    gone: Set[tuple[str, str]] = frozenset()


def paint(
    painter: QPainter,
    drawing: Drawing,
    made: Picture,
    figures: Figures | None,
    marks: Marks,
    theme: Theme,
) -> None:
    """All of it, in the coordinates of the picture."""
    font = QFont(painter.font())
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for i, place in enumerate(drawing.places):  # who holds others comes before them
        if made.boxes[place.name][3] > HEIGHT:
            _box(painter, drawing, i, made.boxes[place.name], figures, marks, theme, font)
    for frame in made.frames:
        painter.setPen(QPen(QColor(theme.border), 1.0, Qt.PenStyle.DotLine))
        painter.setBrush(QColor(theme.canvas))
        painter.drawRoundedRect(QRectF(*frame), 5, 5)
    for route in made.ends:
        _line(painter, route, QPen(QColor(theme.muted), 1.2))
    for i, way in enumerate(drawing.ways):
        flow = float(figures.flows[i]) if figures is not None else 0.0
        _way(painter, way, made.routes[i], flow, (way.source, way.target) in marks.gone, theme)
    for i, place in enumerate(drawing.places):
        if made.boxes[place.name][3] <= HEIGHT:
            _box(painter, drawing, i, made.boxes[place.name], figures, marks, theme, font)
    if figures is not None:
        shares = _shares(drawing, figures)
        for i, way in enumerate(drawing.ways):
            if (said := shares.get(i)) and way.kind != "retry":
                _label(painter, made.routes[i], said, way.kind == "catch", theme, font)
    for name, word in ((START, tr("Start")), (END, "End")):
        if name in made.boxes:
            _pill(painter, made.boxes[name], word, theme, font)


def _shares(drawing: Drawing, figures: Figures) -> dict[int, str]:
    """What is written beside a way: of a choice its share, of a catch its rate."""
    totals: dict[str, float] = {}
    for i, way in enumerate(drawing.ways):
        if way.kind == "choice":
            totals[way.source] = totals.get(way.source, 0.0) + float(figures.flows[i])
    found: dict[int, str] = {}
    for i, way in enumerate(drawing.ways):
        flow = float(figures.flows[i])
        if way.kind == "choice" and totals[way.source] > _LEAST:
            found[i] = units.percent(flow / totals[way.source])
        elif way.kind == "catch" and flow > _LEAST:
            found[i] = units.quantity(flow, "1/s")
    return found


def _box(
    painter: QPainter,
    drawing: Drawing,
    i: int,
    rect: Rect,
    figures: Figures | None,
    marks: Marks,
    theme: Theme,
    font: QFont,
) -> None:
    place, box = drawing.places[i], QRectF(*rect)
    name = place.name
    edge, width = QColor(theme.card_border), 1.0
    ground = QColor(theme.card)
    if name in marks.visited:
        edge, width = QColor(theme.accent), 1.4
    if name == marks.present:
        edge, width = QColor(theme.critical if marks.failed else theme.accent), 3.0
        ground = _mixed(ground, edge, 0.16)
    painter.setPen(QPen(edge, width))
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 6, 6)
    if name == marks.selected:
        painter.setPen(QPen(QColor(theme.accent), 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box.adjusted(-3, -3, 3, 3), 8, 8)
    head = QRectF(box.x() + 9, box.y() + 4, box.width() - 18, 19)
    bold = QFont(font)
    bold.setBold(True)
    painter.setFont(bold)
    painter.setPen(QColor(theme.text))
    shown = QFontMetricsF(bold).elidedText(name, Qt.TextElideMode.ElideMiddle, head.width())
    painter.drawText(head, _LEFT, shown)
    line = QRectF(head.x(), box.y() + 23, head.width(), 17)
    small = _small(font)
    painter.setFont(small)
    painter.setPen(QColor(theme.muted))
    painter.drawText(line, _LEFT, place.kind)
    if figures is None:
        return
    metrics = QFontMetricsF(small)
    held, fails = float(figures.held[i]), float(figures.failing[i])
    right = line.right()
    if fails > _LEAST:
        words = f"✕ {units.quantity(fails, '1/s')}"
        painter.setPen(QColor(theme.critical))
        painter.drawText(line, _RIGHT, words)
        right -= metrics.horizontalAdvance(words) + 7
    rate = float(figures.entering[i])
    words = units.quantity(rate, "1/s") if rate > _LEAST else ""
    if held > _LEAST:
        words = f"{units.si(held)} in" + (f" · {words}" if words else "")
    painter.setPen(QColor(theme.text))
    start = line.x() + metrics.horizontalAdvance(place.kind) + 6
    room = QRectF(start, line.y(), max(0.0, right - start), line.height())
    painter.drawText(
        room, _RIGHT, metrics.elidedText(words, Qt.TextElideMode.ElideLeft, room.width())
    )
    most = float(figures.held.max(initial=0.0))
    if held > _LEAST and most > 0.0:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.critical if fails > 0.5 * rate > 0.0 else theme.ok))
        painter.drawRoundedRect(
            QRectF(box.x() + 6, box.y() + min(box.height(), HEIGHT) - 5,
                   max(2.0, (box.width() - 12) * held / most), 2.5), 1, 1)  # fmt: skip


def _way(painter: QPainter, way: Way, route: Route, flow: float, gone: bool, theme: Theme) -> None:
    color = QColor(theme.muted)
    style = Qt.PenStyle.SolidLine
    if way.kind in ("catch", "retry"):
        color = QColor(theme.critical if flow > _LEAST else theme.muted)
        style = Qt.PenStyle.DashLine if way.kind == "catch" else Qt.PenStyle.DotLine
    elif flow > _LEAST:
        color = QColor(theme.ok)
    width = 1.2 if flow <= _LEAST else min(4.0, 1.6 + 0.45 * math.log10(1.0 + 10.0 * flow))
    if gone:
        color, width = QColor(theme.accent), 2.6
    _line(painter, route, QPen(color, width, style))


def _line(painter: QPainter, route: Route, pen: QPen) -> None:
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(path_of(route))
    x, y = route.points[-1]
    size = 3.4 + 0.9 * pen.widthF()
    if route.back:
        side = math.copysign(size, route.points[-2][0] - x)
        head = [QPointF(x, y), QPointF(x + side, y - size * 0.6), QPointF(x + side, y + size * 0.6)]
    else:
        head = [QPointF(x, y), QPointF(x - size * 0.6, y - size), QPointF(x + size * 0.6, y - size)]
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(pen.color())
    painter.drawPolygon(QPolygonF(head))


def path_of(route: Route) -> QPainterPath:
    """Curves from layer to layer; of those that lead back, straight with round corners."""
    points = [QPointF(*point) for point in route.points]
    path = QPainterPath(points[0])
    if route.back:
        for before, at, after in zip(points, points[1:], points[2:], strict=False):
            path.lineTo(_towards(at, before))
            path.quadTo(at, _towards(at, after))
        path.lineTo(points[-1])
        return path
    for begin, end in pairwise(points):
        middle = (begin.y() + end.y()) / 2
        path.cubicTo(QPointF(begin.x(), middle), QPointF(end.x(), middle), end)
    return path


def _towards(at: QPointF, other: QPointF) -> QPointF:
    """A little way off a corner."""
    gap = other - at
    long = math.hypot(gap.x(), gap.y())
    return at + gap * (min(_BEND / 2, long / 2) / long if long else 0.0)


def _label(
    painter: QPainter, route: Route, words: str, failed: bool, theme: Theme, font: QFont
) -> None:
    at = path_of(route).pointAtPercent(0.5 if len(route.points) == 2 else 0.12)
    small = _small(font)
    painter.setFont(small)
    wide = QFontMetricsF(small).horizontalAdvance(words) + 8
    box = QRectF(at.x() - wide / 2, at.y() - 8, wide, 15)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.canvas))
    painter.drawRoundedRect(box, 4, 4)
    painter.setPen(QColor(theme.critical if failed else theme.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def _pill(painter: QPainter, rect: Rect, word: str, theme: Theme, font: QFont) -> None:
    box = QRectF(*rect)
    painter.setPen(QPen(QColor(theme.muted), 1.2))
    painter.setBrush(QColor(theme.track))
    painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
    painter.setFont(_small(font))
    painter.setPen(QColor(theme.text))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, word)


def _small(font: QFont) -> QFont:
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.88)
    return small


def _mixed(one: QColor, other: QColor, share: float) -> QColor:
    parts = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(a + (b - a) * share) for a, b in parts))
