"""One node on the canvas: its card from a pixmap, and on top what is live."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from sandbox.gui.canvas.badges import paint_loss, paint_sign
from sandbox.gui.canvas.cards import (
    BRIEF_BELOW,
    RADIUS,
    CardLook,
    Lens,
    bare_pixmap,
    card_pixmap,
    font_of,
    paint_hot_port,
    paint_on_paper,
    paint_words,
)
from sandbox.gui.canvas.cellmarks import paint_cells
from sandbox.gui.canvas.faces import Face
from sandbox.gui.canvas.faultmark import paint_pill, stripes
from sandbox.gui.canvas.geometry import BADGE_HEIGHT, MARGIN, NODE_WIDTH, Port
from sandbox.gui.frames import Health, NodeFrame
from sandbox.gui.theme import Theme

PORTS_FROM = 0.35
"""From this zoom ports can be seen, and grabbed."""
_EASING = 0.35
"""How far a utilization bar goes towards its new value in a frame: it glides."""


class NodeItem(QGraphicsItem):
    """Knows its record's id and look; selection, focus and live values are set from outside."""

    def __init__(self, node_id: str, face: Face, label: str, theme: Theme, lens: Lens) -> None:
        super().__init__()
        self.node_id = node_id
        self.face = face
        self._height = face.height
        self.label = label
        self.selected = False
        self.focused = False
        self.greyed = False
        self.lit: frozenset[Port] = frozenset()
        self.hot: Port | None = None
        self._lens = lens
        self._taken: NodeFrame | None = None
        self._struck = ""
        self._theme = theme
        self._bar = 0.0
        self._look: CardLook | None = None
        self._pixmap = QPixmap()
        self.setZValue(2)
        self.setToolTip("")

    @property
    def card(self) -> QRectF:
        """The card in scene units."""
        return QRectF(self.x(), self.y(), NODE_WIDTH, self._height)

    def port_at(self, port: Port) -> QPointF:
        """The scene position of one of its ports."""
        return self.pos() + self.face.place(port.direction, port.name)

    def ports(self) -> list[Port]:
        return [Port(self.node_id, name, "in") for name in self.face.inputs] + [
            Port(self.node_id, name, "out") for name in self.face.outputs
        ]

    def show_as(self, face: Face, label: str, theme: Theme) -> None:
        if face.height != self.face.height:
            self.prepareGeometryChange()
        self.face, self.label, self._theme = face, label, theme
        self._height = face.height
        self.update()

    @property
    def frame(self) -> NodeFrame | None:
        """Its live values now."""
        return self._lens.frame.nodes.get(self.node_id)

    def take(self) -> bool:
        """Follow the live values while it is seen; True when it has to be painted again."""
        frame, struck = self.frame, self._lens.frame.struck.get(self.node_id, "")
        gap = filling(frame) - self._bar
        same = frame == self._taken and abs(gap) < 0.004 and struck == self._struck
        self._struck = struck
        jump = abs(gap) < 0.02 or self._taken is None or not self._lens.motion
        self._bar += gap if jump else gap * _EASING
        self._taken = frame
        return not same

    def boundingRect(self) -> QRectF:
        return QRectF(
            -MARGIN, -MARGIN, NODE_WIDTH + 2 * MARGIN, self._height + 2 * MARGIN + BADGE_HEIGHT
        )

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        zoom = painter.worldTransform().m11()
        ratio = painter.device().devicePixelRatioF()
        brief = zoom < BRIEF_BELOW and not self._lens.paper
        if self.greyed:
            painter.setOpacity(0.3)
        self._paint_card(painter, zoom * ratio, brief)
        if self.selected or self.focused:
            self._paint_rings(painter, zoom)
        frame = self.frame
        if frame is not None:
            if self._taken is None:  # seen for the first time since it has values
                self._bar = filling(frame)
            self._paint_live(painter, frame, brief)
        struck = self._lens.frame.struck.get(self.node_id, "")
        if struck:
            self._paint_fault(painter, struck, brief)
        if zoom >= PORTS_FROM:
            for port in self.lit:
                paint_hot_port(
                    painter, self.face.place(port.direction, port.name), self._theme, False
                )
            if self.hot is not None:
                self._paint_hot(painter, self.hot)

    def _paint_card(self, painter: QPainter, scale: float, brief: bool) -> None:
        live, corner = self.frame is not None, QPointF(-MARGIN, -MARGIN)
        look = CardLook(self.node_id, self.face, self.label, self._theme.name, scale, brief, live)
        if self._lens.paper:
            paint_on_paper(painter, look, self._theme)
            return
        pixmap = self._pixmap
        if look != self._look:
            old, lens = self._look, self._lens
            alike = old is not None and replace(old, scale=scale, brief=brief) == look
            late = lens.hurried()
            if alike and (lens.zooming or late):
                self._paint_stretched(painter, corner)
                return
            if late:
                pixmap = bare_pixmap(look, self._theme)
            else:
                self._look = look
                self._pixmap = pixmap = card_pixmap(look, self._theme)
        # Qt copies pixels several times faster where no scale is set, even one that cancels out.
        transform = painter.worldTransform()
        place = transform.map(corner)
        pixmap.setDevicePixelRatio(scale / transform.m11())
        painter.resetTransform()
        painter.drawPixmap(round(place.x()), round(place.y()), pixmap)
        painter.setWorldTransform(transform)

    def _paint_stretched(self, painter: QPainter, corner: QPointF) -> None:
        size = QSizeF(NODE_WIDTH + 2 * MARGIN, self._height + 2 * MARGIN)
        # Smoothly where few are seen: it takes ten times as long.
        smooth = painter.worldTransform().m11() >= 1.0
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawPixmap(QRectF(corner, size), self._pixmap, QRectF(self._pixmap.rect()))

    def _paint_rings(self, painter: QPainter, zoom: float) -> None:
        card = QRectF(0, 0, NODE_WIDTH, self._height)
        accent = QColor(self._theme.accent)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.selected:
            painter.setPen(QPen(accent, max(2.0, 1.6 / zoom)))
            painter.drawRoundedRect(card, RADIUS, RADIUS)
        if self.focused:
            painter.setPen(QPen(accent, max(1.2, 1.0 / zoom), Qt.PenStyle.DashLine))
            painter.drawRoundedRect(card.adjusted(-5, -5, 5, 5), RADIUS + 4, RADIUS + 4)

    def _paint_hot(self, painter: QPainter, port: Port) -> None:
        at = self.face.place(port.direction, port.name)
        paint_hot_port(painter, at, self._theme, True)
        title = self.face.port_title(port.name)
        painter.setFont(font_of(11))
        width = QFontMetricsF(painter.font()).horizontalAdvance(title) + 14
        box = (
            QRectF(-width - 14, 0, width, 20)
            if port.direction == "in"
            else QRectF(14, 0, width, 20)
        )
        # The name stands inside the card where it would otherwise leave the painted area.
        box.moveLeft(at.x() + 12 if port.direction == "in" else at.x() - 12 - width)
        box.moveTop(at.y() - 10)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._theme.accent))
        painter.drawRoundedRect(box, 10, 10)
        painter.setPen(QColor(self._theme.on_accent))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, title)

    def _paint_live(self, painter: QPainter, frame: NodeFrame, brief: bool) -> None:
        theme, row = self._theme, self._height - 27
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not self._lens.zooming)
        if frame.health in ("warning", "critical") and not self.selected:
            painter.setPen(QPen(theme.health(frame.health), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(
                QRectF(1, 1, NODE_WIDTH - 2, self.face.height - 2), RADIUS - 1, RADIUS - 1
            )
        has_bar = frame.utilization is not None
        painter.setPen(QColor(theme.text))
        width = 106.0 if has_bar and not brief else NODE_WIDTH - 26
        room = QRectF(12, row - (4 if brief else 0), width, 20)
        paint_words(painter, room, frame.headline, 17 if brief else 13, bold=True)
        if frame.utilization is not None:
            self._paint_bar(painter, frame.utilization, row, brief)
        if not brief and frame.cells.count > 1:
            paint_cells(painter, frame.cells, row - 6, theme)
        if frame.health in ("warning", "critical"):
            paint_sign(painter, frame.health, QPointF(NODE_WIDTH - 3, 3), theme, brief)
        if frame.loss:
            paint_loss(painter, self.face.height, frame.loss, frame.loss_rate, theme, brief)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)

    def _paint_fault(self, painter: QPainter, struck: str, brief: bool) -> None:
        """Stripes over the card, and on its upper edge a bolt with what strikes it."""
        card = QRectF(0, 0, NODE_WIDTH, self._height)
        painter.setPen(QPen(QColor(self._theme.critical), 1.6, Qt.PenStyle.DashLine))
        painter.setBrush(stripes(self._theme))
        painter.drawRoundedRect(card, RADIUS, RADIUS)
        at = QPointF(NODE_WIDTH / 2, 0)
        paint_pill(painter, at, struck, NODE_WIDTH - 16, self._theme, brief)

    def _paint_bar(self, painter: QPainter, utilization: float, row: float, brief: bool) -> None:
        theme = self._theme
        # Where the headline is the share itself, it is not written a second time.
        told = self.frame is not None and self.frame.headline.endswith("%")
        bar = QRectF(84 if told else 122, row + 7, NODE_WIDTH - 96 if told else 32, 6)
        if brief:
            bar = QRectF(12, row + 17, NODE_WIDTH - 24, 6)
        health: Health = (
            "critical" if utilization > 0.98 else "warning" if utilization > 0.85 else "ok"
        )
        filled = QRectF(bar)
        filled.setWidth(max(bar.width() * self._bar, 3.0 if utilization > 0 else 0.0))
        colours = QColor(theme.track), theme.health(health)
        if self._lens.zooming:  # plain rectangles take a third of the time
            painter.fillRect(bar, colours[0])
            painter.fillRect(filled, colours[1])
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            for box, colour in zip((bar, filled), colours, strict=True):
                painter.setBrush(colour)
                painter.drawRoundedRect(box, 3, 3)
        if not brief and not told:
            painter.setPen(QColor(theme.muted))
            box = QRectF(bar.right() + 2, row, NODE_WIDTH - bar.right() - 12, 20)
            shown = f"{min(utilization, 9.99) * 100:.0f}%"
            paint_words(painter, box, shown, 11, right=True)


def filling(frame: NodeFrame | None) -> float:
    """How far a utilization bar is filled, 0 to 1."""
    return min(frame.utilization or 0.0, 1.0) if frame else 0.0
