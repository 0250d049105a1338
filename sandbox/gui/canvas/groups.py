"""Containers with meaning (zones, VPCs, regions) as labelled areas behind their members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sandbox.document import Group
from sandbox.gui.canvas.cards import font_of
from sandbox.gui.canvas.faultmark import paint_pill, stripes
from sandbox.gui.canvas.geometry import united
from sandbox.gui.canvas.node import NodeItem
from sandbox.gui.theme import Theme

_ROOM = 24.0
_HEAD = 26.0


class GroupLayer(QGraphicsItem):
    """All groups in one item; an outer group is painted before the ones inside it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._struck: Mapping[str, str] = {}
        self._areas: list[tuple[QRectF, str, str, str]] = []
        self._bounds = QRectF()
        self.setZValue(0)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def gather(self, groups: Mapping[str, Group], items: Mapping[str, NodeItem]) -> None:
        """Measure the groups round where their members are now."""
        if not groups and not self._areas:
            return
        self.prepareGeometryChange()
        areas = _apart({name: _area(name, groups, items, ()) for name in groups})
        self._areas = [
            (area, groups[name].label or name, groups[name].kind.replace("_", " "), name)
            for name, area in areas.items()
            if not area.isNull()
        ]
        self._areas.sort(key=lambda found: -found[0].width() * found[0].height())
        self._bounds = united([found[0] for found in self._areas]).adjusted(-2, -2, 2, 12)
        self.update()

    def take(self, struck: Mapping[Any, str]) -> None:
        """Follow which groups are struck by faults, and how."""
        mine = {name: struck[name] for _, _, _, name in self._areas if name in struck}
        if mine != self._struck:
            self._struck = mine
            self.update()

    def at(self, place: QPointF) -> str | None:
        """The innermost group at a point."""
        return next((n for area, _, _, n in reversed(self._areas) if area.contains(place)), None)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        line, fill = QColor(self._theme.muted), QColor(self._theme.accent)
        fill.setAlpha(14)
        for area, label, kind, name in self._areas:
            pen = QPen(line, 1.2, Qt.PenStyle.DashLine)
            painter.setPen(pen)
            painter.setBrush(fill)
            painter.drawRoundedRect(area, 14, 14)
            painter.setPen(line)
            painter.setFont(font_of(12, bold=True))
            head = QRectF(area.left() + 14, area.top() + 4, area.width() - 28, _HEAD - 4)
            painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, f"{label}  ·  {kind}")
            if name in self._struck:
                self._paint_fault(painter, area, self._struck[name])

    def _paint_fault(self, painter: QPainter, area: QRectF, words: str) -> None:
        painter.setPen(QPen(QColor(self._theme.critical), 2, Qt.PenStyle.DashLine))
        painter.setBrush(stripes(self._theme))
        painter.drawRoundedRect(area, 14, 14)
        paint_pill(painter, QPointF(area.center().x(), area.bottom()), words, 150, self._theme)


def _apart(areas: Mapping[str, QRectF]) -> dict[str, QRectF]:
    """Groups of the same members, such as zones of one fleet, each a little around the other."""
    found: dict[str, QRectF] = {}
    seen: dict[tuple[float, ...], int] = {}
    for name, area in areas.items():
        corners = (area.left(), area.top(), area.right(), area.bottom())
        place = seen.setdefault(corners, 0)
        seen[corners] += 1
        found[name] = area.adjusted(-8 * place, -_HEAD * place, 8 * place, 8 * place)
    return found


def _area(
    name: str,
    groups: Mapping[str, Group],
    items: Mapping[str, NodeItem],
    around: tuple[str, ...],
) -> QRectF:
    """The room a group takes; one that contains itself (a damaged file) is taken once."""
    inner = [items[member].card for member in groups[name].members if member in items]
    inner += [
        _area(member, groups, items, (*around, name))
        for member in groups[name].members
        if member in groups and member not in (*around, name)
    ]
    inside = united(inner)
    if inside.isNull():
        return inside
    return inside.adjusted(-_ROOM, -_ROOM - _HEAD, _ROOM, _ROOM)
