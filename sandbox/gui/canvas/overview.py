"""The diagram from far away: every node as a block of its category's colour, in one item."""

from __future__ import annotations

from collections.abc import Container, Mapping

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sandbox.gui.canvas.badges import sign
from sandbox.gui.canvas.cards import Lens
from sandbox.gui.canvas.node import NodeItem
from sandbox.gui.frames import Health
from sandbox.gui.theme import Theme

SHOWN_BELOW = 0.25
_MARGIN = 40.0


class Overview(QGraphicsItem):
    """Shown instead of the nodes below `SHOWN_BELOW`; reads where they are when told to."""

    def __init__(self, theme: Theme, lens: Lens) -> None:
        super().__init__()
        self._theme = theme
        self._lens = lens
        self._blocks: dict[str, list[QRectF]] = {}
        self._cards: dict[str, QRectF] = {}
        self._ailing: list[tuple[str, Health]] = []
        self._signs: dict[Health, QPainterPath] = {}
        self._reach = 0.0
        self._chosen: list[QRectF] = []
        self._bounds = QRectF()
        self.setZValue(3)
        self.setVisible(False)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def gather(self, items: Mapping[str, NodeItem], hidden: Container[str] = ()) -> None:
        """Read the places of the nodes again, but of those that are hidden."""
        self.prepareGeometryChange()
        self._blocks, self._cards, self._signs = {}, {}, {}
        self._bounds = QRectF()
        for node_id, item in items.items():
            if node_id in hidden:
                continue
            card = self._cards[node_id] = item.card
            self._blocks.setdefault(item.face.category, []).append(card)
            self._bounds |= card
        self._bounds.adjust(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        self.mark(items)

    def mark(self, items: Mapping[str, NodeItem]) -> None:
        """Read health and selection again."""
        ailing = self._lens.frame.ailing()
        if ailing != self._ailing:
            self._ailing, self._signs = ailing, {}
        chosen = (n for n, item in items.items() if item.selected)
        self._chosen = [self._cards[n] for n in chosen if n in self._cards]
        self.update()

    def boundingRect(self) -> QRectF:
        return self._bounds

    def extent(self) -> QRectF:
        """Round the cards alone."""
        bounds = self._bounds
        return bounds.adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN) if self._cards else QRectF()

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(Qt.PenStyle.NoPen)
        for category, blocks in self._blocks.items():
            painter.setBrush(self._theme.category(category))
            painter.drawRects(blocks)
        self._paint_signs(painter)
        pen = QPen(QColor(self._theme.accent), 2)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRects([block.adjusted(-12, -12, 12, 12) for block in self._chosen])

    def _paint_signs(self, painter: QPainter) -> None:
        """A triangle on what loses, a diamond on what is near to it: shape as well as colour."""
        reach = max(34.0, 5.0 / painter.worldTransform().m11())
        if not self._signs or reach != self._reach:
            self._reach = reach
            self._signs = {"warning": QPainterPath(), "critical": QPainterPath()}
            for node_id, health in self._ailing:
                if node_id in self._cards:
                    at = self._cards[node_id].center()
                    self._signs[health].addPolygon(sign(health, at, reach))
        painter.setPen(QPen(QColor(self._theme.canvas), 0))
        for health, signs in self._signs.items():
            painter.setBrush(self._theme.health(health))
            painter.drawPath(signs)
