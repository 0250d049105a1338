"""A canvas that is steered: it turns presses, moves and drops into gestures, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt

from sandbox.gui.canvas.actions import CanvasActions
from sandbox.gui.canvas.connecting import Connect, Reconnect, end_of_selected
from sandbox.gui.canvas.dropping import DropFile, file_of
from sandbox.gui.canvas.geometry import (
    PORT_REACH,
    Port,
)
from sandbox.gui.canvas.gestures import Band, Gesture, Move, Pan, Place, Pointer, Resize
from sandbox.gui.canvas.live import LiveView
from sandbox.gui.canvas.menu import context_menu
from sandbox.gui.canvas.node import PORTS_FROM
from sandbox.gui.palette_model import SERVICE_MIME
from sandbox.gui.session import Session

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas


class Steered(LiveView):
    """What a canvas is handed by pointer and drag; the verbs are its own."""

    gesture: Gesture | None
    session: Session
    commands: CanvasActions
    space_held: bool
    focused: str | None

    @property
    def _canvas(self) -> Canvas:
        """Itself: only canvases are steered."""
        return cast("Canvas", self)

    def rename(self, id: str | None = None) -> None:
        raise NotImplementedError

    def quick_add(self, at: QPoint | None = None) -> None:
        raise NotImplementedError

    def begin(self, gesture: Gesture) -> None:
        """A gesture takes the pointer or the keys until it ends or is cancelled."""
        self.cancel()
        self.gesture = gesture

    def finish(self, gesture: Gesture) -> None:
        """A gesture that waited has ended; another that was begun since is left alone."""
        if self.gesture is gesture:
            self.cancel()

    def cancel(self) -> bool:
        """Break off the gesture under way; False when there is none."""
        gesture, self.gesture = self.gesture, None
        if gesture is not None:
            gesture.cancel()
            self.viewport().update()
        return gesture is not None

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
            self._start(Pan(self._canvas), at)
        elif button == Qt.MouseButton.LeftButton:
            self._press(at)

    def _press(self, at: Pointer) -> None:
        diagram, zoom = self.diagram, self.zoom
        end = end_of_selected(self._canvas, at.scene)
        port, node = self.port_under(at.scene), diagram.node_at(at.scene)
        corner = diagram.notes.corner_at(at.scene, zoom)
        area = diagram.area_at(at.scene, zoom)
        link = diagram.link_at(at.scene, 8.0 / zoom)
        if end is not None:
            self._start(Reconnect(self._canvas, *end), at)
        elif port is not None:
            self._start(Connect(self._canvas, port), at)
        elif node is not None:
            self._start(Move(self._canvas, node), at)
        elif corner is not None:
            self._start(Resize(self._canvas, corner), at)
        elif fold := diagram.folded.fold_at(at.scene) or diagram.groups.fold_at(at.scene, zoom):
            self.commands.fold(fold)
        elif area is not None and (area in diagram.folded.cards or link is None):
            self._start(Move(self._canvas, area), at)
        elif link is not None:
            (self.session.toggle if at.adding else self.session.select)(links=[link])
        else:
            self._start(Band(self._canvas), at)

    def _start(self, gesture: Gesture, at: Pointer) -> None:
        self._hover(None)
        self.begin(gesture)
        gesture.start(at)

    def mouseMoveEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        at = self.pointer(event)
        if self.gesture is None:
            self._hover(at)
        elif not self.gesture.waits:
            self.gesture.move(at)

    def mouseReleaseEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if self.gesture is not None and not self.gesture.waits:
            gesture, self.gesture = self.gesture, None
            gesture.end(self.pointer(event))
            self.viewport().update()

    def mouseDoubleClickEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        """On a label or a note, write; on a collapsed group, open it; on the ground, add."""
        at, diagram = self.pointer(event), self.diagram
        if event.button() != Qt.MouseButton.LeftButton or self.port_under(at.scene):
            self.mousePressEvent(event)
            return
        node, area = diagram.node_at(at.scene), diagram.area_at(at.scene, self.zoom)
        if node is not None:
            self.rename(node)
        elif area in diagram.folded.cards:
            self.commands.fold(area)
        elif area is not None:
            self.rename(area)
        elif diagram.link_at(at.scene, 8.0 / self.zoom) is None:
            self.quick_add(at.view)
        else:
            self.mousePressEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover(None)
        super().leaveEvent(event)

    def _hover(self, at: Pointer | None) -> None:
        """Light up the port, or else the link, under the pointer."""
        port = self.port_under(at.scene) if at else None
        free = at is not None and port is None and self.diagram.node_at(at.scene) is None
        note = self.diagram.notes.corner_at(at.scene, self.zoom) if at and free else None
        link = self.diagram.link_at(at.scene, 6.0 / self.zoom) if at and free else None
        self.diagram.set_hot(port, link)
        if self.space_held:
            return
        if port is not None:
            self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        elif note is not None:
            self.viewport().setCursor(Qt.CursorShape.SizeFDiagCursor)
        else:
            self.viewport().unsetCursor()

    def contextMenuEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        self.cancel()
        at = self.mapToScene(event.pos())
        place = event.globalPos()
        if event.reason() == event.Reason.Keyboard:  # where the focus is, not the pointer
            focus = self.diagram.rect_of(self.focused or "")
            if focus is not None:
                at = focus.topLeft() + QPointF(8, 8)
                place = self.viewport().mapToGlobal(self.mapFromScene(focus.center()))
        menu = context_menu(self._canvas, at)
        menu.exec(place)
        menu.deleteLater()

    # --- dropping from the palette, and files ----------------------------------------------------

    def dragEnterEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        mime = event.mimeData()
        file = file_of(mime)
        if mime.hasFormat(SERVICE_MIME):
            service = bytes(mime.data(SERVICE_MIME).data()).decode()
            self._start(Place(self._canvas, service), self.pointer(event))
        elif file is not None:
            self._start(DropFile(self._canvas, file), self.pointer(event))
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
