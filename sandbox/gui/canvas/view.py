"""The canvas widget: looks at the scene, and turns presses and keys into gestures."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QCursor, QPainter
from PySide6.QtWidgets import QWidget

from sandbox.document import Edit
from sandbox.gui import selection
from sandbox.gui.canvas import keys
from sandbox.gui.canvas.accessible import introduce
from sandbox.gui.canvas.actions import CanvasActions
from sandbox.gui.canvas.blank import Blank
from sandbox.gui.canvas.connecting import KeyConnect
from sandbox.gui.canvas.finding import FindBar
from sandbox.gui.canvas.geometry import (
    GRID,
    NODE_HEIGHT,
    NODE_WIDTH,
    snapped,
    united,
)
from sandbox.gui.canvas.gestures import Gesture
from sandbox.gui.canvas.minimap import Minimap
from sandbox.gui.canvas.quickadd import QuickAdd
from sandbox.gui.canvas.rename import LabelEditor
from sandbox.gui.canvas.scene import CanvasScene
from sandbox.gui.canvas.steering import Steered
from sandbox.gui.canvas.telling import description
from sandbox.gui.canvas.writing import NoteEditor
from sandbox.gui.session import Session
from sandbox.gui.theme import Theme
from sandbox.language import tr


class Canvas(Steered):
    """The diagram on the screen. Live values come in by `show_frame`; edits go to the session."""

    node_activated = Signal(str)
    """Enter was pressed on a node: show its inspector."""
    fault_wanted = Signal(str, str, str, tuple)
    """A fault is to be injected: its target, what people call that, the kind, all its kinds."""
    file_dropped = Signal(object, object, tuple)
    """A file's path, the node it was dropped on or None, and the place in scene units."""

    def __init__(self, session: Session, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(CanvasScene(session, theme), parent)
        introduce(Canvas)
        self.session = session
        self.focused: str | None = None
        self.gesture: Gesture | None = None
        self.space_held = False
        self._fit_due = True
        self._editor: LabelEditor | NoteEditor | None = None
        self.setAccessibleName(tr("Canvas"))
        self.setObjectName("canvas")
        self.setAcceptDrops(True)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.commands = CanvasActions(self)
        self.find_bar, self.minimap = FindBar(self), Minimap(self)
        self.blank = Blank(self)
        self.commands.minimap.setChecked(True)
        session.opened.connect(self._opened)
        session.edited.connect(self._forget_gone)
        self.looked.connect(self.minimap.follow)
        self.lived.connect(self.minimap.take)

    def set_theme(self, theme: Theme) -> None:
        self.diagram.set_theme(theme)
        self.minimap.forget()
        self.viewport().update()

    # --- verbs -----------------------------------------------------------------------------------

    def place_at_centre(self, service: str) -> str | None:
        """A new node in the middle of the view, beside whatever stands there already."""
        centre = self.mapToScene(self.viewport().rect().center())
        x, y = snapped(centre.x() - NODE_WIDTH / 2), snapped(centre.y() - NODE_HEIGHT / 2)
        room = QRectF(0, 0, NODE_WIDTH, NODE_HEIGHT).adjusted(-GRID, -GRID, GRID, GRID)
        cards = self.diagram.cards()
        while any(card.intersects(room.translated(x, y)) for card in cards):
            y += GRID * 2
        placed = selection.place(self.session, service, x, y)
        if placed is not None:
            self.focus_node(placed)
            self.ensureVisible(self.diagram.items_by_id[placed].card, 40, 40)
        return placed

    def focus_node(self, id: str | None) -> None:
        """Put the keyboard's focus on a node, a group or a note."""
        self.focused = id
        self.diagram.show_focus(id if self.hasFocus() else None)
        self.setAccessibleDescription(description(self.diagram, id))

    def rename(self, id: str | None = None) -> None:
        """Edit a label or a note where it stands; of what is focused or selected by default."""
        session = self.session
        chosen = id or self.focused
        if chosen is None:
            chosen = next(iter([*session.selected_nodes, *session.selected_areas]), None)
        rect = self.diagram.rect_of(chosen or "")
        if chosen is None or rect is None:
            return
        self.ensureVisible(QRectF(rect.topLeft(), QSizeF(120, 40)), 20, 20)
        if chosen in session.document.annotations:
            self._editor = NoteEditor(self, rect, chosen)
        else:
            self._editor = LabelEditor(self, chosen)

    def add_note(self, at: QPointF | None = None) -> None:
        """A new note, written at once; by default in the middle of the view, under what stands
        there."""
        place = self.mapToScene(self.viewport().rect().center()) if at is None else at
        paper = QRectF(QPointF(snapped(place.x()), snapped(place.y())), QSizeF(220, 80))
        cards = self.diagram.cards() if at is None else []
        while any(card.intersects(paper) for card in cards):
            paper.translate(0, GRID)
        self.ensureVisible(paper, 20, 20)
        self._editor = NoteEditor(self, paper, None)

    def quick_add(self, at: QPoint | None = None) -> None:
        """Search for a service to place: at the pointer, or in the middle without one."""
        if at is None:
            at = self.viewport().mapFromGlobal(QCursor.pos())
            if not self.viewport().rect().contains(at):
                at = self.viewport().rect().center()
        self.begin(QuickAdd(self, self.mapToScene(at)))

    def continue_from(self) -> None:
        """Search for what can come after the focused node, placed beside it and connected."""
        if (item := self.diagram.items_by_id.get(self.focused or "")) is not None:
            self.begin(QuickAdd.after(self, item))

    def show_thing(self, id: str) -> None:
        """Select a node, a group or a note, give it the focus, and bring it into view.

        What is behind the card of a collapsed group is shown by that card.
        """
        session, id = self.session, self.diagram.hidden.get(id, id)
        node = id in session.document.nodes
        session.select([id] if node else (), (), () if node else [id])
        self.focus_node(id)
        if (rect := self.diagram.rect_of(id)) is not None:
            self.ensureVisible(rect, 60, 60)

    def search(self) -> None:
        """Search for what is on the canvas."""
        self.cancel()
        self.find_bar.enter()

    def fit_selection(self) -> None:
        """Show what is selected as large as it fits."""
        chosen = [*self.session.selected_nodes, *self.session.selected_areas]
        rects = [rect for id in chosen if (rect := self.diagram.rect_of(id)) is not None]
        if rects:
            self.fit(united(rects))

    def toggle_minimap(self) -> None:
        self.minimap.want(not self.minimap.wanted)
        self.commands.minimap.setChecked(self.minimap.wanted)

    def _opened(self) -> None:
        self.cancel()
        self.focus_node(None)
        self.minimap.forget()
        self._fit_due = not self.isVisible()
        if not self._fit_due:
            self.fit()

    def _forget_gone(self, edit: Edit) -> None:
        if self.focused is not None and self.diagram.rect_of(self.focused) is None:
            self.focus_node(None)
        if any(change.kind != "attribute" for change in edit.changes):
            self.minimap.forget()

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

    def resizeEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        super().resizeEvent(event)
        self.find_bar.place()
        self.minimap.place()
        self.minimap.follow()

    def drawForeground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.gesture is not None:
            self.gesture.paint(painter)
