"""The diagram as a graphics scene: it follows the session's edits and never leads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QRectF, Qt

from sandbox.document import Edit
from sandbox.document.evidence import CERTAIN, evidence_of
from sandbox.document.groups import stand_ins
from sandbox.document.paths import mode_of
from sandbox.document.rename import references
from sandbox.gui.canvas.edges import REFERENCE, Ends
from sandbox.gui.canvas.faces import node_face
from sandbox.gui.canvas.geometry import Port
from sandbox.gui.canvas.layers import Layers
from sandbox.gui.canvas.node import NodeItem
from sandbox.gui.canvas.overview import SHOWN_BELOW
from sandbox.gui.frames import EMPTY, Frame, LinkId
from sandbox.gui.session import Session
from sandbox.gui.theme import Theme


class CanvasScene(Layers):
    """Shows the session's document, its selection, and the live values it is given."""

    def __init__(self, session: Session, theme: Theme) -> None:
        super().__init__(theme)
        self.session = session
        self.focused: str | None = None
        self._far = False
        self._hot: Port | None = None
        self._watched: dict[str, list[str]] = {}
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
        self._fold()
        self._gather()
        self._relink()
        self._show_selection()

    def _follow(self, edit: Edit) -> None:
        document, relink, refold = self.session.document, False, False
        touched: set[str] = set()
        kinds = {change.kind for change in edit.changes}
        for change in edit.changes:
            if change.kind == "node":
                touched.add(change.key)
                relink |= change.before is None or change.after is None
            elif change.kind == "link":
                touched.update(change.key[:2])
                relink = True
            elif change.kind == "group":
                refold = True
        for node_id in touched:
            if node_id not in document.nodes:
                if item := self.items_by_id.pop(node_id, None):
                    self.removeItem(item)
            elif node_id not in self.items_by_id:
                self._add(node_id)
            else:
                relink |= self._refresh(node_id)
                watched = _watched(document.nodes[node_id].params)
                relink |= self._watched.get(node_id, []) != watched
        if refold or (relink and document.groups):
            # The card of a group stands where its members are, and its links end at the card.
            relink |= self._fold() or bool(self.folded.cards)
        if "annotation" in kinds:
            self.notes.gather(document.annotations)
        if relink or kinds - {"attribute", "link"}:
            self._gather_places()
        if relink:
            self._relink()
        else:
            self._move_links(touched)

    def _add(self, node_id: str) -> None:
        session, record = self.session, self.session.document.nodes[node_id]
        face = node_face(session.catalogue, session.document, node_id)
        item = NodeItem(node_id, face, record.label or face.title, self.theme, self.lens)
        item.setPos(record.x, record.y)
        item.setVisible(not self._far and node_id not in self.hidden)
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

    def _fold(self) -> bool:
        """Hide what is in collapsed groups; True when other things are hidden than before."""
        document, before = self.session.document, self.hidden
        self.hidden = stand_ins(document)
        self.folded.fold(document, self.hidden)
        for node_id in before.keys() ^ self.hidden.keys():
            if item := self.items_by_id.get(node_id):
                item.setVisible(not self._far and node_id not in self.hidden)
        return before != self.hidden

    def _relink(self) -> None:
        document = self.session.document
        found = {node_id: _watched(node.params) for node_id, node in document.nodes.items()}
        self._watched = {node_id: nodes for node_id, nodes in found.items() if nodes}
        shown = {**self._ends(document.links), **self._references(set(document.nodes))}
        self.edges.replace(shown, self.cards())

    def _references(self, touched: set[str]) -> dict[LinkId, Ends]:
        """The dotted curves, at some of the nodes, from whose metrics are watched to who does."""
        found = {}
        for watcher, nodes in self._watched.items():
            for watched in nodes:
                ends = {watched, watcher}
                if len(ends) < 2 or not ends & touched or not ends <= self.items_by_id.keys():
                    continue
                if not ends & self.hidden.keys():
                    cards = (self.items_by_id[id].card for id in (watched, watcher))
                    start, end = ((card.center().x(), card.bottom()) for card in cards)
                    found[watched, watcher, REFERENCE] = Ends("control", start, end)
        return found

    def _move_links(self, node_ids: Iterable[str], settled: bool = True) -> None:
        """Links of these nodes; once the nodes have settled, others make room for them too."""
        graph, moved = self.session.document.graph, set(node_ids)
        # A card of a collapsed group moves with any of its nodes, and with it the links of all; a
        # node may be in several.
        if not self.hidden.keys().isdisjoint(moved):
            moved |= self.hidden.keys()
        links = {
            edge
            for node_id in moved
            if node_id in graph
            for edges in (graph.in_edges(node_id, keys=True), graph.out_edges(node_id, keys=True))
            for edge in edges
        }
        if links or self._watched or (settled and moved):
            shown = {**self._ends(links), **self._references(moved)}
            self.edges.move(shown, self.cards() if settled else None)

    def _ends(self, links: Iterable[LinkId]) -> dict[LinkId, Ends]:
        session, found, hidden = self.session, {}, self.hidden
        for link_id in links:
            link = session.document.links[link_id]
            if hidden and (seen := hidden.get(link.source)) and seen == hidden.get(link.target):
                continue  # wholly behind one card
            start = self.port_place(Port(link.source, link.source_port, "out"))
            end = self.port_place(Port(link.target, link.target_port, "in"))
            mode = mode_of(session.document, link, session.catalogue)
            sure = evidence_of(link) == CERTAIN
            found[link_id] = Ends(mode, (start.x(), start.y()), (end.x(), end.y()), sure)
        return found

    def cards(self) -> list[QRectF]:
        """All that links should not run under."""
        seen = [item.card for n, item in self.items_by_id.items() if n not in self.hidden]
        return [*seen, *self.folded.rects().values()]

    def _gather(self) -> None:
        self.notes.gather(self.session.document.annotations)
        self._gather_places()

    def _gather_places(self) -> None:
        """Places changed: the far view, the groups and the searchable area follow."""
        self._gather_groups()
        self.overview.gather(self.items_by_id, self.hidden)
        room = 2000.0
        self.setSceneRect(self.content().adjusted(-room, -room, room, room))

    def _gather_groups(self) -> None:
        groups = self.session.document.groups
        if not groups and not self.groups.rects() and not self.folded.cards:
            return
        cards = {node_id: item.card for node_id, item in self.items_by_id.items()}
        self.folded.gather(cards)
        seen = {id: card for id, card in cards.items() if id not in self.hidden}
        self.groups.gather(groups, seen | self.folded.rects(), self.hidden)

    def _show_selection(self) -> None:
        session = self.session
        self.show_selected(session.selected_nodes, session.selected_links, session.selected_areas)

    def show_selected(
        self, nodes: frozenset[str], links: frozenset[LinkId], areas: frozenset[str] = frozenset()
    ) -> None:
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
        self.groups.mark(areas, self.focused, None)
        self.folded.mark(areas, self.focused)
        self.notes.mark(areas, self.focused)

    def show_focus(self, id: str | None) -> None:
        """Ring what has the keyboard's focus: a node, a group or a note."""
        for other in (self.focused, id):
            if item := self.items_by_id.get(other or ""):
                item.focused = other == id
                item.update()
        self.focused = id
        self.groups.mark(self.groups.selected, id, self.groups.target)
        self.folded.mark(self.folded.selected, id)
        self.notes.mark(self.notes.selected, id)

    # --- live ------------------------------------------------------------------------------------

    def show_frame(self, frame: Frame, shown: QRectF) -> None:
        """Take live values; only what lies in `shown` (scene units) is painted again."""
        before, self.lens.frame = self.lens.frame, frame
        appeared = bool(frame.nodes) != bool(before.nodes)
        if self._far:
            self.overview.mark(self.items_by_id)
        else:
            for item in self.items(shown, Qt.ItemSelectionMode.IntersectsItemBoundingRect):
                if isinstance(item, NodeItem) and (item.take() or appeared):
                    item.update()
        stirred = before.struck != frame.struck or before.flowing() or frame.flowing()
        if self.edges.take() or stirred:  # else nothing moves, and nothing is painted again
            self.edges.update()
        self.groups.take(frame.struck)
        self.folded.take(frame)

    def set_theme(self, theme: Theme) -> None:
        self.theme = theme
        for item in self.items_by_id.values():
            item.show_as(item.face, item.label, theme)
        for layer in self.layers:
            layer.set_theme(theme)

    def set_zoom(self, zoom: float) -> None:
        """From far, one overview stands for all the nodes."""
        far = zoom < SHOWN_BELOW
        if far == self._far:
            return
        self._far = far
        self.update()  # all of it, so that Qt need not ask each node where it was
        for node_id, item in self.items_by_id.items():
            item.setVisible(not far and node_id not in self.hidden)
        self.overview.mark(self.items_by_id)
        self.overview.setVisible(far)

    # --- being dragged ---------------------------------------------------------------------------

    def preview(self, places: Mapping[str, tuple[float, float]]) -> None:
        """Show nodes and notes elsewhere than the document has them, until an edit or
        `preview_end`."""
        for id, (x, y) in places.items():
            if item := self.items_by_id.get(id):
                item.setPos(x, y)
            else:
                self.notes.place(id, x, y)
        self._gather_groups()
        self._move_links(places, settled=False)
        if self._far:
            self.overview.gather(self.items_by_id, self.hidden)

    def preview_end(self, ids: Iterable[str]) -> None:
        """Put nodes and notes back to where the document has them."""
        document = self.session.document
        found = {id: document.nodes.get(id) or document.annotations.get(id) for id in ids}
        self.preview({id: (thing.x, thing.y) for id, thing in found.items() if thing})

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
        self.grey({port.node for port in ports} | {keep})
        by_node: dict[str, set[Port]] = {}
        for port in ports:
            by_node.setdefault(port.node, set()).add(port)
        for node_id, found in by_node.items():
            self.items_by_id[node_id].lit = frozenset(found)

    def grey(self, keep: Iterable[str]) -> None:
        """Let all but some nodes step back, until `offer_end`."""
        kept = set(keep)
        for node_id, item in self.items_by_id.items():
            item.lit, item.greyed = frozenset(), node_id not in kept
            item.update()
        self.edges.greyed = True
        self.edges.update()

    def offer_end(self) -> None:
        for item in self.items_by_id.values():
            item.lit, item.greyed, item.hot = frozenset(), False, None
            item.update()
        self.edges.greyed = False
        self.edges.update()


def _watched(params: Mapping[str, object]) -> list[str]:
    """The nodes whose metrics these parameters refer to, each once."""
    return list(dict.fromkeys(references(params)))
