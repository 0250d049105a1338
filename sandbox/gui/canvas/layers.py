"""What is drawn of a diagram, and where: the scene's layers, and what can be asked of them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsScene

from sandbox.gui.canvas.cards import Lens
from sandbox.gui.canvas.edges import EdgeLayer
from sandbox.gui.canvas.folded import FoldedLayer
from sandbox.gui.canvas.geometry import PORT_REACH, Port, port_distance, united
from sandbox.gui.canvas.groups import GroupLayer
from sandbox.gui.canvas.node import NodeItem
from sandbox.gui.canvas.notes import NoteLayer
from sandbox.gui.canvas.overview import Overview
from sandbox.gui.frames import LinkId
from sandbox.gui.theme import Theme


class Layers(QGraphicsScene):
    """One item a node, and one each for all links, groups, collapsed groups, notes and the far
    view. Nodes that are behind the card of a collapsed group are kept, unseen and in their places.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.theme = theme
        self.lens = Lens()
        self.items_by_id: dict[str, NodeItem] = {}
        self.hidden: dict[str, str] = {}
        """Nodes and groups that are not seen, and the collapsed group that is seen instead."""
        self.edges = EdgeLayer(theme, self.lens)
        self.overview = Overview(theme, self.lens)
        self.groups = GroupLayer(theme, self.lens)
        self.folded = FoldedLayer(theme, self.lens)
        self.notes = NoteLayer(theme, self.lens)
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        self.layers = (self.edges, self.overview, self.groups, self.folded, self.notes)
        for layer in self.layers:
            self.addItem(layer)

    def content(self) -> QRectF:
        """The rectangle round everything that can be seen."""
        boxes = [layer.rects().values() for layer in (self.folded, self.notes, self.groups)]
        return united([self.overview.extent(), *(rect for rects in boxes for rect in rects)])

    def rect_of(self, id: str) -> QRectF | None:
        """Where a node, a group (open or not) or a note is seen; None for what is not."""
        if id in self.items_by_id and id not in self.hidden:
            return self.items_by_id[id].card
        for layer in (self.folded, self.notes):
            if (rect := layer.rects().get(id)) is not None:
                return rect
        return self.groups.rect_of(id)

    def port_place(self, port: Port) -> QPointF:
        """Where a link begins or ends; behind a collapsed group, at the side of its card."""
        if (group := self.hidden.get(port.node)) in self.folded.cards:
            card = self.folded.cards[str(group)].rect
            return QPointF(
                card.left() if port.direction == "in" else card.right(), card.center().y()
            )
        return self.items_by_id[port.node].port_at(port)

    def node_at(self, at: QPointF) -> str | None:
        """The topmost node whose card is under a point."""
        under = [item for item in self._near(at, 1.0) if item.card.contains(at)]
        if not under:
            return None
        return max(under, key=lambda item: item.zValue()).node_id

    def area_at(self, at: QPointF, zoom: float) -> str | None:
        """The note or group that a press takes hold of: groups by their card, head or border."""
        return self.folded.at(at) or self.notes.at(at) or self.groups.held_at(at, zoom)

    def port_near(self, at: QPointF, reach: float = PORT_REACH) -> Port | None:
        """The nearest port within reach of a point."""
        best, found = reach, None
        for item in self._near(at, reach + 4.0):
            for port in item.ports():
                gap = port_distance(at, item.port_at(port), port.direction)
                if gap < best:
                    best, found = gap, port
        return found

    def link_at(self, at: QPointF, reach: float) -> LinkId | None:
        return self.edges.picked(at, reach)

    def within(self, area: QRectF) -> tuple[list[str], list[LinkId], list[str]]:
        """The nodes, and the notes and collapsed groups, that an area touches, the links that it
        holds whole, and among the groups the open ones that it holds whole."""
        seen = ((n, item) for n, item in self.items_by_id.items() if n not in self.hidden)
        nodes = [n for n, item in seen if area.intersects(item.card)]
        areas = [*self.notes.touched(area), *self.folded.touched(area)]
        areas += [id for id, rect in self.groups.rects().items() if area.contains(rect)]
        return nodes, self.edges.touching(area), areas

    def _near(self, at: QPointF, reach: float) -> list[NodeItem]:
        """The seen nodes whose painted area is near to a point; from far none is an item."""
        box = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        if self.overview.isVisible():
            pairs = self.items_by_id.items()
            return [i for n, i in pairs if n not in self.hidden and i.card.intersects(box)]
        found = self.items(box, Qt.ItemSelectionMode.IntersectsItemBoundingRect)
        return [item for item in found if isinstance(item, NodeItem)]
