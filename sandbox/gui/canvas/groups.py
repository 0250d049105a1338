"""Containers with meaning (zones, VPCs, regions) as labelled areas behind their members."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sandbox.document import Group
from sandbox.document.groups import kind_title
from sandbox.gui.canvas.cards import Lens, font_of, paint_fitting
from sandbox.gui.canvas.faultmark import paint_pill, stripes
from sandbox.gui.canvas.geometry import united
from sandbox.gui.theme import Theme

_ROOM = 24.0
_HEAD = 26.0
_LARGEST = 1.5
"""How many times larger than at 100 % a head is at most, seen from far."""
_FOLD = 22.0
"""The room of the sign at the head's left, which folds the group into a card."""
#: How the border of each kind is drawn, so that kinds differ by more than their words.
_STROKES = {
    "account": (Qt.PenStyle.DashDotDotLine, 1.8),
    "region": (Qt.PenStyle.DashDotLine, 1.6),
    "vpc": (Qt.PenStyle.SolidLine, 1.6),
    "availability_zone": (Qt.PenStyle.DashLine, 1.4),
}


@dataclass(frozen=True, slots=True)
class Area:
    """One open group: where it is, and what stands at its head."""

    id: str
    rect: QRectF
    label: str
    kind: str

    def whole(self) -> str:
        """Its label, and its kind where that says more."""
        kind = {"vpc": "VPC", "group": ""}.get(self.kind, kind_title(self.kind).lower())
        more = kind and kind.lower() not in self.label.lower()
        return f"{self.label}  ·  {kind}" if more else self.label

    def text(self, room: float, metrics: QFontMetricsF) -> str:
        """Its label, and its kind where that says more and there is room for it."""
        whole = self.whole()
        if fits(metrics, whole, room):
            return whole
        return metrics.elidedText(self.label, Qt.TextElideMode.ElideRight, room)


class GroupLayer(QGraphicsItem):
    """All open groups in one item; an outer group is painted before the ones inside it."""

    def __init__(self, theme: Theme, lens: Lens) -> None:
        super().__init__()
        self._theme, self._lens = theme, lens
        self._struck: Mapping[str, str] = {}
        self._areas: list[Area] = []
        self._bounds = QRectF()
        self.selected: frozenset[str] = frozenset()
        self.focused: str | None = None
        self.target: str | None = None
        """The group that what is being dragged would become a member of."""
        self.setZValue(0)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def gather(
        self, groups: Mapping[str, Group], cards: Mapping[str, QRectF], hidden: Mapping[str, str]
    ) -> None:
        """Measure the groups round where their members are now.

        `cards` are those of nodes and of collapsed groups, `hidden` what is behind the latter.
        """
        if not groups and not self._areas:
            return
        self.prepareGeometryChange()
        open_ = [name for name, group in groups.items() if not group.collapsed]
        open_ = [name for name in open_ if name not in hidden]
        rects = _apart({name: _area(name, groups, cards, hidden, ()) for name in open_})
        self._areas = [
            Area(name, rect, groups[name].label or name, groups[name].kind)
            for name, rect in rects.items()
            if not rect.isNull()
        ]
        self._areas.sort(key=lambda area: -area.rect.width() * area.rect.height())
        self._bounds = united([area.rect for area in self._areas]).adjusted(-6, -6, 6, 12)
        self.update()

    def take(self, struck: Mapping[Any, str]) -> None:
        """Follow which groups are struck by faults, and how."""
        mine = {area.id: struck[area.id] for area in self._areas if area.id in struck}
        if mine != self._struck:
            self._struck = mine
            self.update()

    def mark(self, selected: frozenset[str], focused: str | None, target: str | None) -> None:
        """What is chosen, has the keyboard's focus, and would take what is dragged."""
        if (selected, focused, target) != (self.selected, self.focused, self.target):
            self.selected, self.focused, self.target = selected, focused, target
            self.update()

    def rect_of(self, group: str) -> QRectF | None:
        return next((area.rect for area in self._areas if area.id == group), None)

    def rects(self) -> dict[str, QRectF]:
        return {area.id: area.rect for area in self._areas}

    def at(self, place: QPointF) -> str | None:
        """The innermost group at a point."""
        found = (area.id for area in reversed(self._areas) if area.rect.contains(place))
        return next(found, None)

    def held_at(self, place: QPointF, zoom: float) -> str | None:
        """The group whose head or border a press would take hold of."""
        reach = min(6.0 / zoom, 12.0)
        for area in reversed(self._areas):
            outer = area.rect.adjusted(-reach, -reach, reach, reach)
            if not outer.contains(place):
                continue
            inner = area.rect.adjusted(reach, reach, -reach, -reach)
            if not inner.contains(place) or _head(area, zoom).contains(place):
                return area.id
        return None

    def fold_at(self, place: QPointF, zoom: float) -> str | None:
        """The group whose sign for folding is at a point."""
        scale = _scale(zoom)
        for area in reversed(self._areas):
            corner = area.rect.topLeft()
            if QRectF(corner.x(), corner.y(), _FOLD * scale, _HEAD * scale).contains(place):
                return area.id
        return None

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        zoom = painter.worldTransform().m11()
        for area in self._areas:
            self._paint_area(painter, area, zoom)
            if area.id in self._struck:
                self._paint_fault(painter, area.rect, self._struck[area.id])

    def _paint_area(self, painter: QPainter, area: Area, zoom: float) -> None:
        theme, accent = self._theme, QColor(self._theme.accent)
        fill = QColor(accent)
        fill.setAlpha(46 if area.id == self.target else 14)
        style, width = _STROKES.get(area.kind, (Qt.PenStyle.DotLine, 1.4))
        chosen = area.id in self.selected or area.id == self.target
        pen = QPen(accent if chosen else QColor(theme.muted), width + (1.0 if chosen else 0.0))
        pen.setStyle(style)
        pen.setCosmetic(zoom < 1.0)
        painter.setPen(pen)
        painter.setBrush(fill)
        painter.drawRoundedRect(area.rect, 14, 14)
        if area.id == self.focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            ring = QPen(accent, 1.2, Qt.PenStyle.DashLine)
            ring.setCosmetic(True)
            painter.setPen(ring)
            painter.drawRoundedRect(area.rect.adjusted(-4, -4, 4, 4), 17, 17)
        head, scale = _head(area, zoom), _scale(zoom)
        if self._lens.paper:
            room = QRectF(area.rect.topLeft(), QSizeF(area.rect.width(), _HEAD))
            words = room.adjusted(10, 0, -6, 0)
            paint_fitting(painter, words, area.whole(), 12, QColor(theme.muted), bold=True)
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent if chosen else QColor(theme.muted))
        painter.drawPolygon(_chevron(area.rect.topLeft(), scale))
        painter.setPen(accent if chosen else QColor(theme.muted))
        font = font_of(round(12 * scale), bold=True)
        painter.setFont(font)
        text = area.text(area.rect.width() - 28 * scale, QFontMetricsF(font))
        box = head.adjusted(_FOLD * scale, 0, area.rect.width(), 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_fault(self, painter: QPainter, area: QRectF, words: str) -> None:
        painter.setPen(QPen(QColor(self._theme.critical), 2, Qt.PenStyle.DashLine))
        painter.setBrush(stripes(self._theme))
        painter.drawRoundedRect(area, 14, 14)
        paint_pill(painter, QPointF(area.center().x(), area.bottom()), words, 150, self._theme)


def fits(metrics: QFontMetricsF, text: str, room: float) -> bool:
    return metrics.horizontalAdvance(text) <= room


def _scale(zoom: float) -> float:
    """Heads grow on the scene as they shrink on the screen, so that they can be read and hit."""
    return min(max(0.8 / zoom, 1.0), _LARGEST)


def _head(area: Area, zoom: float) -> QRectF:
    """The sign and the words of a group."""
    scale = _scale(zoom)
    metrics = QFontMetricsF(font_of(round(12 * scale), bold=True))
    words = metrics.horizontalAdvance(area.text(area.rect.width() - 28 * scale, metrics))
    width = min(words + (_FOLD + 6) * scale, area.rect.width())
    return QRectF(area.rect.left(), area.rect.top(), width, _HEAD * scale)


def _chevron(corner: QPointF, scale: float) -> QPolygonF:
    """It points down: what is in the group can be seen."""
    x, y = corner.x() + 8 * scale, corner.y() + 10 * scale
    return QPolygonF(
        [QPointF(x, y), QPointF(x + 9 * scale, y), QPointF(x + 4.5 * scale, y + 6 * scale)]
    )


def _apart(areas: Mapping[str, QRectF]) -> dict[str, QRectF]:
    """Groups of the same members, such as zones of one fleet, each around the other with
    room for its head at its largest."""
    found: dict[str, QRectF] = {}
    seen: dict[tuple[float, ...], int] = {}
    for name, area in areas.items():
        corners = (area.left(), area.top(), area.right(), area.bottom())
        place = seen.setdefault(corners, 0)
        seen[corners] += 1
        found[name] = area.adjusted(-8 * place, -_HEAD * _LARGEST * place, 8 * place, 8 * place)
    return found


def _area(
    name: str,
    groups: Mapping[str, Group],
    cards: Mapping[str, QRectF],
    hidden: Mapping[str, str],
    around: tuple[str, ...],
) -> QRectF:
    """The room a group takes; one that contains itself (a damaged file) is taken once."""
    inner = []
    for member in groups[name].members:
        seen = hidden.get(member, member)
        if seen in cards:
            inner.append(cards[seen])
        elif seen in groups and seen not in (*around, name):
            inner.append(_area(seen, groups, cards, hidden, (*around, name)))
    inside = united(inner)
    if inside.isNull():
        return inside
    return inside.adjusted(-_ROOM, -_ROOM - _HEAD, _ROOM, _ROOM)
