"""The canvas widget: looks at the scene, and turns presses and keys into gestures."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QMenu, QWidget

from sandbox.document.faults import KINDS, Target, kinds_of, written
from sandbox.document.records import LinkId
from sandbox.gui import selection
from sandbox.gui.canvas import keys
from sandbox.gui.canvas.actions import CanvasActions
from sandbox.gui.canvas.connecting import Connect, KeyConnect
from sandbox.gui.canvas.dropping import DropFile, file_of
from sandbox.gui.canvas.geometry import GRID, NODE_HEIGHT, NODE_WIDTH, PORT_REACH, Port, snapped
from sandbox.gui.canvas.gestures import Band, Gesture, Move, Pan, Place, Pointer
from sandbox.gui.canvas.live import LiveView
from sandbox.gui.canvas.node import PORTS_FROM
from sandbox.gui.canvas.rename import LabelEditor
from sandbox.gui.canvas.scene import CanvasScene
from sandbox.gui.palette_model import SERVICE_MIME
from sandbox.gui.session import Session
from sandbox.gui.theme import Theme


class Canvas(LiveView):
    """The diagram on the screen. Live values come in by `show_frame`; edits go to the session."""

    node_activated = Signal(str)
    """Enter was pressed on a node: show its inspector."""
    fault_wanted = Signal(str, str, str, tuple)
    """A fault is to be injected: its target, what people call that, the kind, all its kinds."""
    file_dropped = Signal(object, object, tuple)
    """A file's path, the node it was dropped on or None, and the place in scene units."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(CanvasScene(session, theme), parent)
        self.session = session
        self.focused: str | None = None
        self.gesture: Gesture | None = None
        self.space_held = False
        self._fit_due = True
        self._editor: LabelEditor | None = None
        self.setAccessibleName("Canvas")
        self.setObjectName("canvas")
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.commands = CanvasActions(self)
        session.opened.connect(self._opened)
        session.edited.connect(self._forget_gone)

    def set_theme(self, theme: Theme) -> None:
        self.diagram.set_theme(theme)
        self.viewport().update()

    # --- verbs -----------------------------------------------------------------------------------

    def place_at_centre(self, service: str) -> str | None:
        """A new node in the middle of the view, beside whatever stands there already."""
        centre = self.mapToScene(self.viewport().rect().center())
        x, y = snapped(centre.x() - NODE_WIDTH / 2), snapped(centre.y() - NODE_HEIGHT / 2)
        room = QRectF(0, 0, NODE_WIDTH, NODE_HEIGHT).adjusted(-GRID, -GRID, GRID, GRID)
        cards = [item.card for item in self.diagram.items_by_id.values()]
        while any(card.intersects(room.translated(x, y)) for card in cards):
            y += GRID * 2
        placed = selection.place(self.session, service, x, y)
        if placed is not None:
            self.focus_node(placed)
            self.ensureVisible(self.diagram.items_by_id[placed].card, 40, 40)
        return placed

    def focus_node(self, node_id: str | None) -> None:
        """Put the keyboard's focus on a node."""
        for other in (self.focused, node_id):
            if other in self.diagram.items_by_id:
                self.diagram.items_by_id[other].focused = other == node_id and self.hasFocus()
                self.diagram.items_by_id[other].update()
        self.focused = node_id
        item = self.diagram.items_by_id.get(node_id or "")
        headline = item.frame.headline if item and item.frame else ""
        struck = self.diagram.lens.frame.struck.get(node_id or "", "")
        told = [item.label, item.face.title, headline] if item else []
        told += [f"fault: {struck}"] if struck else []
        self.setAccessibleDescription(", ".join(part for part in told if part))

    def rename(self, node_id: str | None = None) -> None:
        """Edit a node's label where it stands; the focused or selected one by default."""
        chosen = node_id or self.focused or next(iter(self.session.selected_nodes), None)
        if chosen is None or chosen not in self.diagram.items_by_id:
            return
        item = self.diagram.items_by_id[chosen]
        self.ensureVisible(item.card, 20, 20)
        self._editor = LabelEditor(self, item)

    def begin(self, gesture: Gesture) -> None:
        """A gesture takes the pointer or the keys until it ends or is cancelled."""
        self.cancel()
        self.gesture = gesture

    def cancel(self) -> bool:
        """Break off the gesture under way; False when there is none."""
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.cancel()
            self.viewport().update()
        return gesture is not None

    def _opened(self) -> None:
        self.gesture, self.focused = None, None
        self._fit_due = not self.isVisible()
        if not self._fit_due:
            self.fit()

    def _forget_gone(self) -> None:
        if self.focused is not None and self.focused not in self.session.document.nodes:
            self.focus_node(None)

    # --- pointer ---------------------------------------------------------------------------------

    def pointer(self, event) -> Pointer:  # type: ignore[no-untyped-def]
        at = event.position().toPoint()
        return Pointer(at, self.mapToScene(at), event.modifiers())

    def port_under(self, at: QPointF) -> Port | None:
        """The port a press would take hold of."""
        if self.zoom < PORTS_FROM:
            return None
        return self.diagram.port_near(at, max(PORT_REACH, 9.0 / self.zoom))

    def mousePressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if self.gesture is not None:
            self.cancel()
            return
        at, button = self.pointer(event), event.button()
        panning = button == Qt.MouseButton.LeftButton and self.space_held
        if panning or button == Qt.MouseButton.MiddleButton:
            self._start(Pan(self), at)
        elif button == Qt.MouseButton.LeftButton:
            self._press(at)

    def _press(self, at: Pointer) -> None:
        port, node = self.port_under(at.scene), self.diagram.node_at(at.scene)
        link = self.diagram.link_at(at.scene, 8.0 / self.zoom)
        if port is not None:
            self._start(Connect(self, port), at)
        elif node is not None:
            self._start(Move(self, node), at)
        elif link is not None:
            (self.session.toggle if at.adding else self.session.select)(links=[link])
        else:
            self._start(Band(self), at)

    def _start(self, gesture: Gesture, at: Pointer) -> None:
        self._hover(None)
        self.begin(gesture)
        gesture.start(at)

    def mouseMoveEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        at = self.pointer(event)
        if self.gesture is not None:
            self.gesture.move(at)
        else:
            self._hover(at)

    def mouseReleaseEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.end(self.pointer(event))
            self.viewport().update()

    def mouseDoubleClickEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        at = self.pointer(event)
        node = self.diagram.node_at(at.scene)
        if event.button() == Qt.MouseButton.LeftButton and node and not self.port_under(at.scene):
            self.rename(node)
        else:
            self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def _hover(self, at: Pointer | None) -> None:
        """Light up the port, or else the link, under the pointer."""
        port = self.port_under(at.scene) if at else None
        free = at is not None and port is None and self.diagram.node_at(at.scene) is None
        link = self.diagram.link_at(at.scene, 6.0 / self.zoom) if at and free else None
        self.diagram.set_hot(port, link)
        if self.space_held:
            return
        if port is not None:
            self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.viewport().unsetCursor()

    def contextMenuEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        self.cancel()
        at = self.mapToScene(event.pos())
        node = self.diagram.node_at(at)
        if node is not None and node not in self.session.selected_nodes:
            self.session.select([node])
        elif node is None and (link := self.diagram.link_at(at, 8.0 / self.zoom)):
            self.session.select(links=[link])
        menu = QMenu(self)
        self.commands.fill(menu)
        self.offer_faults(menu, at)
        menu.exec(event.globalPos())
        menu.deleteLater()

    def offer_faults(self, menu: QMenu, at: QPointF) -> None:
        """What can strike the node, link or group at a point."""
        document, catalogue = self.session.document, self.session.catalogue
        place: Target = "group"
        target: str | LinkId | None = self.diagram.node_at(at)
        if target is not None:
            place, words = "node", document.nodes[str(target)].label or str(target)
        elif link := self.diagram.link_at(at, 8.0 / self.zoom):
            place, target = "link", link
            words = " → ".join(document.nodes[end].label or end for end in link[:2])
        elif (target := self.diagram.groups.at(at)) is not None:
            words = document.groups[target].label or target
        if target is None or not (kinds := kinds_of(document, catalogue, place, target)):
            return
        called = written(target) if isinstance(target, tuple) else target
        menu.addSeparator()
        faults = menu.addMenu(f"&Inject a fault at {words}")
        for kind in kinds:
            action = faults.addAction(f"{KINDS[kind].title}…")
            action.setToolTip(KINDS[kind].help)
            action.triggered.connect(
                lambda _=False, kind=kind: self.fault_wanted.emit(called, words, kind, kinds)
            )

    # --- dropping from the palette, and files ----------------------------------------------------

    def dragEnterEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        mime = event.mimeData()
        file = file_of(mime)
        if mime.hasFormat(SERVICE_MIME):
            service = bytes(mime.data(SERVICE_MIME).data()).decode()
            self._start(Place(self, service), self.pointer(event))
        elif file is not None:
            self._start(DropFile(self, file), self.pointer(event))
        else:
            event.ignore()
            return
        event.acceptProposedAction()

    def dragMoveEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if isinstance(self.gesture, (Place, DropFile)):
            self.gesture.move(self.pointer(event))
            event.acceptProposedAction()

    def dragLeaveEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        self.cancel()

    def dropEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if not isinstance(self.gesture, (Place, DropFile)):
            event.ignore()
            return
        gesture, self.gesture = self.gesture, None
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        gesture.end(self.pointer(event))
        self.viewport().update()
        event.acceptProposedAction()

    # --- keys, focus, painting -------------------------------------------------------------------

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if not keys.pressed(self, event):
            event.ignore()  # not QGraphicsView's, which scrolls: the window may know the key

    def keyReleaseEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        keys.released(self, event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        if isinstance(self.gesture, KeyConnect):
            return self.gesture.key(Qt.Key.Key_Tab if forward else Qt.Key.Key_Backtab)
        return keys.to_next(self, forward) or super().focusNextPrevChild(forward)

    def focusInEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().focusInEvent(event)
        keys.arrived(self, event.reason())

    def focusOutEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().focusOutEvent(event)
        self.space_held = False
        self.focus_node(self.focused)

    def showEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().showEvent(event)
        if self._fit_due:
            self._fit_due = False
            self.fit()

    def hideEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().hideEvent(event)
        self.cancel()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.gesture is not None:
            self.gesture.paint(painter)
