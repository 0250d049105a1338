"""Drawing a link from port to port, by pointer or by keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from sandbox.document import edits
from sandbox.document.records import LinkId
from sandbox.gui.canvas.geometry import Port
from sandbox.gui.canvas.gestures import Gesture, Pointer
from sandbox.gui.canvas.quickadd import QuickAdd
from sandbox.gui.canvas.rubber import paint_rubber
from sandbox.gui.session import Session
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.gui.canvas.scene import CanvasScene
    from sandbox.gui.canvas.view import Canvas

_MAGNET = 30.0


def why_not(session: Session, one: Port, other: Port) -> str | None:
    """Why two ports cannot be joined (in either order), or None when they can."""
    if one.direction == other.direction:
        kind = tr("outputs") if one.direction == "out" else tr("inputs")
        return tr("Both are {kind}: a link goes from an output to an input.", kind=kind)
    out, into = (one, other) if one.direction == "out" else (other, one)
    document, catalogue = session.document, session.catalogue
    if out.node == into.node:
        return tr("A link goes from one node to another.")
    if (out.node, into.node, f"{out.name}>{into.name}") in document.links:
        return tr("These two are connected already.")
    services = document.nodes[out.node].service, document.nodes[into.node].service
    for service in services:
        if service not in catalogue:
            return tr(
                "'{service}' is not installed here, so nothing new can be connected to it.",
                service=service,
            )
    return catalogue.why_not(services[0], out.name, services[1], into.name)


def offered(scene: CanvasScene, port: Port) -> frozenset[Port]:
    """All ports that a link from (or to) this one may end at."""
    answers: dict[tuple[str, str], str | None] = {}
    nodes, found = scene.session.document.nodes, set()
    linked = _linked(scene.session, port)
    for node_id, item in scene.items_by_id.items():
        if node_id == port.node:
            continue
        for other in item.ports():
            if other.direction == port.direction or (node_id, other.name) in linked:
                continue
            key = (nodes[node_id].service, other.name)
            if key not in answers:
                answers[key] = why_not(scene.session, port, other)
            if answers[key] is None:
                found.add(other)
    return frozenset(found)


def _linked(session: Session, port: Port) -> set[tuple[str, str]]:
    """The far ends, (node, port), of the links that a port has already."""
    graph = session.document.graph
    edges = graph.out_edges if port.direction == "out" else graph.in_edges
    records = [data["record"] for *_, data in edges(port.node, data=True)]
    if port.direction == "out":
        return {(r.target, r.target_port) for r in records if r.source_port == port.name}
    return {(r.source, r.source_port) for r in records if r.target_port == port.name}


class Connect(Gesture):
    """Drag from a port: the ports that may take the link light up, all else is greyed."""

    def __init__(self, canvas: Canvas, port: Port) -> None:
        super().__init__(canvas)
        self.port = port
        self.offers: frozenset[Port] = frozenset()
        self.to = QPointF()
        self.caught: Port | None = None

    def start(self, at: Pointer) -> None:
        self.origin = at
        self.offers = offered(self.scene, self.port)
        self.scene.offer(self.offers, keep=self.port.node)
        self.move(at)

    def move(self, at: Pointer) -> None:
        self.caught = self._target(at.scene)
        self.to = self.scene.port_place(self.caught) if self.caught else at.scene
        refused = self.caught is None and self._refused(at.scene) is not None
        shape = Qt.CursorShape.ForbiddenCursor if refused else Qt.CursorShape.CrossCursor
        self.canvas.viewport().setCursor(shape)
        self.canvas.viewport().update()

    def end(self, at: Pointer) -> None:
        target, refused = self._target(at.scene), self._refused(at.scene)
        self.cancel()
        far = (at.view - self.origin.view).manhattanLength() > _MAGNET
        if target is not None:
            self.made(target)
        elif refused is not None:
            self.session.say(why_not(self.session, self.port, refused) or "")
        elif far and self.scene.node_at(at.scene) is None:
            self.dropped(at)

    def made(self, target: Port) -> None:
        """Let go at a port that takes the link."""
        join(self.session, self.port, target)

    def dropped(self, at: Pointer) -> None:
        """Let go on the ground: what may connect is offered there."""
        self.canvas.begin(QuickAdd(self.canvas, at.scene, [self.port]))

    def cancel(self) -> None:
        self.scene.offer_end()
        self.canvas.viewport().unsetCursor()

    def paint(self, painter: QPainter) -> None:
        paint_rubber(painter, self.scene, self.port, self.to, self.caught is not None)

    def _target(self, at: QPointF) -> Port | None:
        """The offered port at the pointer; on a card, the nearest one that the card offers."""
        near = self.scene.port_near(at, _MAGNET)
        if near in self.offers:
            return near
        node = self.scene.node_at(at)
        mine = [port for port in self.offers if port.node == node]
        return min(mine, key=lambda port: _gap(self.scene.port_place(port), at), default=None)

    def _refused(self, at: QPointF) -> Port | None:
        """A port the person seems to aim at although it was not offered."""
        near = self.scene.port_near(at)
        if near is None and (node := self.scene.node_at(at)) is not None:
            ports = self.scene.items_by_id[node].ports()
            fitting = [port for port in ports if port.direction != self.port.direction]
            near = next(iter(fitting or ports), None)
        if near is None or near in self.offers or near == self.port or near.node == self.port.node:
            return None
        return near


class Reconnect(Connect):
    """Drag an end of the selected link to another port; its parameters and faults stay with it."""

    def __init__(self, canvas: Canvas, link: LinkId, port: Port) -> None:
        """`port` is the end that stays."""
        super().__init__(canvas, port)
        self.link = link

    def made(self, target: Port) -> None:
        ends = {"target": target.node, "target_port": target.name}
        if self.port.direction == "in":
            ends = {"source": target.node, "source_port": target.name}
        edit = self.session.do(edits.reconnect, self.link, **ends)
        if edit is not None:
            made = [c.key for c in edit.changes if c.kind == "link" and c.before is None]
            self.session.select(links=made)

    def dropped(self, at: Pointer) -> None:
        """Let go on the ground: the link stays as it was."""


def end_of_selected(canvas: Canvas, at: QPointF) -> tuple[LinkId, Port] | None:
    """The link, selected by itself, one of whose ends is under a point; and its other end."""
    session = canvas.session
    grabbed = canvas.port_under(at)
    if len(session.selected_links) != 1 or session.selected_nodes or grabbed is None:
        return None
    (link_id,) = session.selected_links
    link = session.document.links[link_id]
    out, into = (
        Port(link.source, link.source_port, "out"),
        Port(link.target, link.target_port, "in"),
    )
    if grabbed not in (out, into):
        return None
    return link_id, into if grabbed == out else out


class KeyConnect(Gesture):
    """Press C on a node: Tab or arrows go through the ports it may be linked to, Enter links."""

    def __init__(self, canvas: Canvas, node_id: str) -> None:
        super().__init__(canvas)
        ports = [p for p in self.scene.items_by_id[node_id].ports() if p.direction == "out"]
        pairs = [(port, other) for port in ports for other in offered(self.scene, port)]
        self.pairs = sorted(pairs, key=lambda pair: self._order(pair[1]))
        self.node_id = node_id
        self.at = 0

    def begin(self) -> bool:
        """Show the first offer; False, and a message, when there is none."""
        if not self.pairs:
            self.session.say(
                tr(
                    "Nothing here can be connected from {called}.",
                    called=self._called(self.node_id),
                )
            )
            return False
        self.scene.offer(frozenset(other for _, other in self.pairs), keep=self.node_id)
        self._show()
        return True

    def key(self, key: int) -> bool:
        """Take a key; True when it meant something here."""
        step = {
            Qt.Key.Key_Tab: 1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Right: 1,
            Qt.Key.Key_C: 1,
            Qt.Key.Key_Backtab: -1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Left: -1,
        }.get(Qt.Key(key))
        if step is None:
            return False
        self.at = (self.at + step) % len(self.pairs)
        self._show()
        return True

    def confirm(self) -> None:
        self.cancel()
        join(self.session, *self.pairs[self.at])

    def end(self, at: Pointer) -> None:
        self.cancel()

    def cancel(self) -> None:
        self.scene.offer_end()
        self.session.say("")

    def paint(self, painter: QPainter) -> None:
        port, other = self.pairs[self.at]
        paint_rubber(painter, self.scene, port, self.scene.port_place(other), True)

    def _show(self) -> None:
        _, other = self.pairs[self.at]
        place = self.scene.port_place(other)
        self.canvas.ensureVisible(place.x() - 60, place.y() - 60, 120, 120)
        self.canvas.viewport().update()
        self.session.say(
            tr(
                "Connect {one} to {other} ({port}): Enter connects, Tab offers the "
                "next, Escape leaves.",
                one=self._called(self.node_id),
                other=self._called(other.node),
                port=other.name,
            )
        )

    def _called(self, node_id: str) -> str:
        return self.scene.items_by_id[node_id].label

    def _order(self, port: Port) -> tuple[float, float, str]:
        place = self.scene.port_place(port)
        return place.x(), place.y(), port.node


def join(session: Session, one: Port, other: Port) -> None:
    """Make the link and select it."""
    out, into = (one, other) if one.direction == "out" else (other, one)
    edit = session.do(edits.connect, out.node, out.name, into.node, into.name)
    if edit is not None:
        session.select(links=[change.key for change in edit.changes if change.kind == "link"])


def _gap(one: QPointF, other: QPointF) -> float:
    step = one - other
    return float(step.x() ** 2 + step.y() ** 2)
