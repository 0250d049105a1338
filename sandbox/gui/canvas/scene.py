"""The diagram as a graphics scene: it follows the session's edits and never leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtWidgets import QGraphicsScene

from sandbox.document import Edit
from sandbox.gui.canvas.cards import Lens
from sandbox.gui.canvas.edges import EdgeLayer, Ends
from sandbox.gui.canvas.faces import link_mode, node_face
from sandbox.gui.canvas.geometry import PORT_REACH, Port, port_distance, united
from sandbox.gui.canvas.groups import GroupLayer
from sandbox.gui.canvas.node import NodeItem
from sandbox.gui.canvas.overview import SHOWN_BELOW, Overview
from sandbox.gui.frames import EMPTY, Frame, LinkId
from sandbox.gui.session import Session
from sandbox.gui.theme import Theme


class CanvasScene(QGraphicsScene):
    """Holds one item a node, one item for all links, one for groups and one for the far view."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__()
        self.session = session
        self.theme = theme
        self.lens = Lens()
        self.items_by_id: dict[str, NodeItem] = {}
        self.edges = EdgeLayer(theme, self.lens)
        self.overview = Overview(theme, self.lens)
        self.groups = GroupLayer(theme)
        self._far = False
        self._hot: Port | None = None
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.BspTreeIndex)
        for layer in (self.edges, self.overview, self.groups):
            self.addItem(layer)
        session.opened.connect(self.rebuild)
        session.edited.connect(self._follow)
        session.selection_changed.connect(self._show_selection)
        self.rebuild()

    # --- following -------------------------------------------------------------------------------

    def rebuild(self) -> None:
        """Draw the whole document afresh."""
        for item in self.items_by_id.values():
            self.removeItem(item)
        self.items_by_id = {}
        self.lens.frame = EMPTY
        for node_id in self.session.document.nodes:
            self._add(node_id)
        self._relink()
        self._show_selection()
        self._spread()

    def _follow(self, edit: Edit) -> None:
        document, relink = self.session.document, False
        touched: set[str] = set()
        for change in edit.changes:
            if change.kind == "node":
                touched.add(change.key)
                relink |= change.before is None or change.after is None
            elif change.kind == "link":
                touched.update(change.key[:2])
                relink = True
        for node_id in touched:
            if node_id not in document.nodes:
                if item := self.items_by_id.pop(node_id, None):
                    self.removeItem(item)
            elif node_id not in self.items_by_id:
                self._add(node_id)
            else:
                relink |= self._refresh(node_id)
        if relink:
            self._relink()
        else:
            self._move_links(touched)
        self._spread()

    def _add(self, node_id: str) -> None:
        session, record = self.session, self.session.document.nodes[node_id]
        face = node_face(session.catalogue, session.document, node_id)
        item = NodeItem(node_id, face, record.label or face.title, self.theme, self.lens)
        item.setPos(record.x, record.y)
        item.setVisible(not self._far)
        self.items_by_id[node_id] = item
        self.addItem(item)

    def _refresh(self, node_id: str) -> bool:
        """Bring an item up to its record; True when its ports are elsewhere now."""
        session, record = self.session, self.session.document.nodes[node_id]
        item = self.items_by_id[node_id]
        before = item.face
        face = node_face(session.catalogue, session.document, node_id)
        item.show_as(face, record.label or face.title, self.theme)
        item.setPos(record.x, record.y)
        return face != before

    def _relink(self) -> None:
        self.edges.replace(self._ends(self.session.document.links))

    def _move_links(self, node_ids: Iterable[str]) -> None:
        graph = self.session.document.graph
        links = {
            edge
            for node_id in node_ids
            if node_id in graph
            for edges in (graph.in_edges(node_id, keys=True), graph.out_edges(node_id, keys=True))
            for edge in edges
        }
        if links:
            self.edges.move(self._ends(links))

    def _ends(self, links: Iterable[LinkId]) -> dict[LinkId, Ends]:
        session, found = self.session, {}
        for link_id in links:
            link = session.document.links[link_id]
            start = self.port_place(Port(link.source, link.source_port, "out"))
            end = self.port_place(Port(link.target, link.target_port, "in"))
            mode = link_mode(session.catalogue, session.document, link_id)
            found[link_id] = Ends(mode, (start.x(), start.y()), (end.x(), end.y()))
        return found

    def _spread(self) -> None:
        """Places changed: the far view, the groups and the searchable area follow."""
        self.overview.gather(self.items_by_id)
        self.groups.gather(self.session.document.groups, self.items_by_id)
        room = 2000.0
        self.setSceneRect(self.content().adjusted(-room, -room, room, room))

    def _show_selection(self) -> None:
        self.show_selected(self.session.selected_nodes, self.session.selected_links)

    def show_selected(self, nodes: frozenset[str], links: frozenset[LinkId]) -> None:
        """Paint these as selected (the session's, or those a rubber band is about to take)."""
        for node_id, item in self.items_by_id.items():
            selected = node_id in nodes
            if item.selected != selected:
                item.selected = selected
                item.setZValue(2.5 if selected else 2)
                item.update()
        self.edges.selected = links
        self.edges.update()
        self.overview.mark(self.items_by_id)

    # --- live ------------------------------------------------------------------------------------

    def show_frame(self, frame: Frame, shown: QRectF) -> None:
        """Take live values; only what lies in `shown` (scene units) is painted again."""
        appeared = bool(frame.nodes) != bool(self.lens.frame.nodes)
        self.lens.frame = frame
        if self._far:
            self.overview.mark(self.items_by_id)
        else:
            for item in self.items(shown, Qt.ItemSelectionMode.IntersectsItemBoundingRect):
                if isinstance(item, NodeItem) and (item.take() or appeared):
                    item.update()
        self.edges.take()
        self.edges.update()
        self.groups.take(frame.struck)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        for item in self.items_by_id.values():
            item.show_as(item.face, item.label, theme)
        for layer in (self.edges, self.overview, self.groups):
            layer.set_theme(theme)

    def set_zoom(self, zoom: float) -> None:
        """From far, one overview stands for all the nodes."""
        far = zoom < SHOWN_BELOW
        if far == self._far:
            return
        self._far = far
        for item in self.items_by_id.values():
            item.setVisible(not far)
        self.overview.mark(self.items_by_id)
        self.overview.setVisible(far)

    # --- being dragged ---------------------------------------------------------------------------

    def preview(self, places: Mapping[str, tuple[float, float]]) -> None:
        """Show nodes elsewhere than the document has them, until an edit or `preview_end`."""
        for node_id, (x, y) in places.items():
            self.items_by_id[node_id].setPos(x, y)
        self._move_links(places)
        self.groups.gather(self.session.document.groups, self.items_by_id)
        if self._far:
            self.overview.gather(self.items_by_id)

    def preview_end(self, node_ids: Iterable[str]) -> None:
        """Put nodes back to where the document has them."""
        nodes = self.session.document.nodes
        self.preview({n: (nodes[n].x, nodes[n].y) for n in node_ids if n in nodes})

    def set_hot(self, port: Port | None, link: LinkId | None) -> None:
        """What the pointer is over."""
        if port != self._hot:
            for hot in (self._hot, port):
                if hot is not None and hot.node in self.items_by_id:
                    self.items_by_id[hot.node].hot = port if hot is port else None
                    self.items_by_id[hot.node].update()
            self._hot = port
        if link != self.edges.hot:
            self.edges.hot = link
            self.edges.update()

    def offer(self, ports: frozenset[Port], keep: str) -> None:
        """Light up the ports a link may end at, and grey the nodes that have none (but `keep`)."""
        hosts = {port.node for port in ports} | {keep}
        for node_id, item in self.items_by_id.items():
            item.lit = frozenset(port for port in ports if port.node == node_id)
            item.greyed = node_id not in hosts
            item.update()
        self.edges.greyed = True
        self.edges.update()

    def offer_end(self) -> None:
        for item in self.items_by_id.values():
            item.lit, item.greyed, item.hot = frozenset(), False, None
            item.update()
        self.edges.greyed = False
        self.edges.update()

    # --- asking ----------------------------------------------------------------------------------

    def content(self) -> QRectF:
        """The rectangle round all cards."""
        return united([item.card for item in self.items_by_id.values()])

    def port_place(self, port: Port) -> QPointF:
        return self.items_by_id[port.node].port_at(port)

    def node_at(self, at: QPointF) -> str | None:
        """The topmost node whose card is under a point."""
        under = [n for n, item in self.items_by_id.items() if item.card.contains(at)]
        return max(under, key=lambda n: self.items_by_id[n].zValue(), default=None)

    def port_near(self, at: QPointF, reach: float = PORT_REACH) -> Port | None:
        """The nearest port within reach of a point."""
        best, found = reach, None
        for item in self.items_by_id.values():
            if not item.card.adjusted(-reach - 4, -reach, reach + 4, reach).contains(at):
                continue
            for port in item.ports():
                gap = port_distance(at, item.port_at(port), port.direction)
                if gap < best:
                    best, found = gap, port
        return found

    def link_at(self, at: QPointF, reach: float) -> LinkId | None:
        return self.edges.picked(at, reach)

    def within(self, area: QRectF) -> tuple[list[str], list[LinkId]]:
        """The nodes an area touches and the links it holds whole."""
        nodes = [n for n, item in self.items_by_id.items() if area.intersects(item.card)]
        return nodes, self.edges.touching(area)
