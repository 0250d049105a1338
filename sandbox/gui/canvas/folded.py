"""Collapsed groups: one card for all that is inside, with the worst of its health on it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sandbox.document import Document
from sandbox.document.groups import inside, kind_title
from sandbox.gui.canvas.badges import paint_loss, paint_sign
from sandbox.gui.canvas.cards import BRIEF_BELOW, RADIUS, Lens, elided, font_of, paint_fitting
from sandbox.gui.canvas.faultmark import paint_pill, stripes
from sandbox.gui.canvas.geometry import BADGE_HEIGHT, MARGIN, NODE_HEIGHT, NODE_WIDTH, united
from sandbox.gui.frames import Frame, Health
from sandbox.gui.theme import Theme
from sandbox.language import tr

_RANK = {"idle": 0, "ok": 1, "warning": 2, "critical": 3}


@dataclass(slots=True)
class Card:
    """One collapsed group as it is drawn; `health`, `loss` and `rate_per_s` are live."""

    id: str
    label: str
    kind: str
    nodes: tuple[str, ...]
    rect: QRectF = field(default_factory=QRectF)
    health: Health = "idle"
    loss: str = ""
    rate_per_s: float = 0.0
    struck: str = ""

    def live(self) -> tuple[object, ...]:
        return self.health, self.loss, self.rate_per_s, self.struck


class FoldedLayer(QGraphicsItem):
    """All collapsed groups that can be seen, in one item above the links."""

    def __init__(self, theme: Theme, lens: Lens) -> None:
        super().__init__()
        self._theme, self._lens = theme, lens
        self.cards: dict[str, Card] = {}
        self._bounds = QRectF()
        self.selected: frozenset[str] = frozenset()
        self.focused: str | None = None
        self.setZValue(2.2)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def fold(self, document: Document, hidden: Mapping[str, str]) -> None:
        """Follow which groups are collapsed, and which nodes are behind them."""
        self.cards = {}
        for group in document.groups.values():
            if group.collapsed and group.id not in hidden:
                within = inside(document, group.id)
                nodes = tuple(id for id in document.nodes if id in within)
                if nodes:
                    label = group.label or group.id
                    self.cards[group.id] = Card(group.id, label, group.kind, nodes)

    def gather(self, places: Mapping[str, QRectF]) -> None:
        """A card stands where the top left corner of its nodes is; `places` are their cards."""
        self.prepareGeometryChange()
        for card in self.cards.values():
            corner = united([places[id] for id in card.nodes if id in places]).topLeft()
            card.rect = QRectF(corner.x(), corner.y(), NODE_WIDTH, NODE_HEIGHT)
        rects = [card.rect for card in self.cards.values()]
        self._bounds = united(rects).adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN + BADGE_HEIGHT)
        self.take(self._lens.frame)
        self.update()

    def take(self, frame: Frame) -> None:
        """Follow the live values of what is inside."""
        for card in self.cards.values():
            before = card.live()
            live = [frame.nodes[id] for id in card.nodes if id in frame.nodes]
            card.health = max((n.health for n in live), key=_RANK.__getitem__, default="idle")
            losing = [node for node in live if node.loss]
            worst = max(losing, key=lambda node: node.loss_rate, default=None)
            card.loss = worst.loss or "" if worst else ""
            card.rate_per_s = sum(node.loss_rate for node in losing)
            struck = (frame.struck.get(id, "") for id in (card.id, *card.nodes))
            card.struck = next((words for words in struck if words), "")
            if card.live() != before:
                self.update()

    def mark(self, selected: frozenset[str], focused: str | None) -> None:
        if (selected, focused) != (self.selected, self.focused):
            self.selected, self.focused = selected, focused
            self.update()

    def rects(self) -> dict[str, QRectF]:
        return {id: card.rect for id, card in self.cards.items()}

    def at(self, place: QPointF) -> str | None:
        return next((id for id, c in self.cards.items() if c.rect.contains(place)), None)

    def fold_at(self, place: QPointF) -> str | None:
        """The group whose sign for opening is at a point."""
        found = (id for id, card in self.cards.items() if _sign(card.rect).contains(place))
        return next(found, None)

    def touched(self, area: QRectF) -> Iterable[str]:
        return (id for id, card in self.cards.items() if area.intersects(card.rect))

    def boundingRect(self) -> QRectF:
        return self._bounds

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        zoom = painter.worldTransform().m11()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for card in self.cards.values():
            painter.save()
            painter.translate(card.rect.topLeft())
            self._paint_card(painter, card, zoom)
            painter.restore()

    def _paint_card(self, painter: QPainter, card: Card, zoom: float) -> None:
        theme, brief = self._theme, zoom < BRIEF_BELOW and not self._lens.paper
        face, chosen = QRectF(0, 0, NODE_WIDTH, NODE_HEIGHT), card.id in self.selected
        edge = QColor(theme.accent if chosen else theme.muted)
        painter.setBrush(QColor(theme.card))
        # Cards behind the card: more is in here than can be seen.
        for back in (8.0, 4.0):
            painter.setPen(QPen(QColor(theme.card_border), 1.2))
            painter.drawRoundedRect(face.adjusted(back, -back, -back, -back), RADIUS, RADIUS)
        ill = card.health in ("warning", "critical")
        painter.setPen(
            QPen(theme.health(card.health) if ill and not chosen else edge, 2.2 if chosen else 1.6)
        )
        painter.drawRoundedRect(face, RADIUS, RADIUS)
        if card.id == self.focused:
            painter.setPen(QPen(QColor(theme.accent), max(1.2, 1.0 / zoom), Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(face.adjusted(-5, -5, 5, 5), RADIUS + 4, RADIUS + 4)
        self._paint_words(painter, card, brief)
        if ill:
            paint_sign(painter, card.health, QPointF(NODE_WIDTH - 4, 4), theme, brief)
        if card.loss:
            paint_loss(painter, NODE_HEIGHT, card.loss, card.rate_per_s, theme, brief)
        if card.struck:
            painter.setPen(QPen(QColor(theme.critical), 1.6, Qt.PenStyle.DashLine))
            painter.setBrush(stripes(theme))
            painter.drawRoundedRect(face, RADIUS, RADIUS)
            room = NODE_WIDTH - 16
            paint_pill(painter, QPointF(NODE_WIDTH / 2, 0), card.struck, room, theme, brief)

    def _paint_words(self, painter: QPainter, card: Card, brief: bool) -> None:
        theme, width = self._theme, NODE_WIDTH - 44
        font = font_of(20 if brief else 14, bold=True)
        painter.setFont(font)
        painter.setPen(QColor(theme.text))
        label = QRectF(14, 24 if brief else 10, width, 30 if brief else 22)
        if self._lens.paper:
            paint_fitting(painter, label, card.label, 14, QColor(theme.text), bold=True)
        else:
            painter.drawText(label, Qt.AlignmentFlag.AlignVCenter, elided(card.label, font, width))
        if brief:
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(theme.muted))
        at = _sign(QRectF(0, 0, NODE_WIDTH, NODE_HEIGHT)).center()
        painter.drawPolygon([at + QPointF(-3, -4.5), at + QPointF(4, 0), at + QPointF(-3, 4.5)])
        painter.setPen(QColor(theme.muted))
        painter.setFont(font_of(11))
        painter.drawText(
            QRectF(14, 32, width, 16), Qt.AlignmentFlag.AlignVCenter, kind_title(card.kind)
        )
        held = len(card.nodes)
        count = tr("1 node inside") if held == 1 else tr("{count} nodes inside", count=held)
        painter.drawText(QRectF(14, 54, width, 16), Qt.AlignmentFlag.AlignVCenter, count)


def _sign(card: QRectF) -> QRectF:
    """Where a card's sign for opening it is: it points right, as a closed row of a list does."""
    return QRectF(card.right() - 34, card.top() + 6, 30, 30)
