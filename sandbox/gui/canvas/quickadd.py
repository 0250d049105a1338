"""Quick add: a search at the pointer that places a service, connected where a link was drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
)

from sandbox.document import Document, Edit, edits
from sandbox.document.compose import Step, in_turn
from sandbox.gui import selection
from sandbox.gui.canvas.choices import NOTE, Choice, matching, partners, services
from sandbox.gui.canvas.faces import category_of
from sandbox.gui.canvas.geometry import GRID, NODE_HEIGHT, NODE_WIDTH, Port, snapped
from sandbox.gui.canvas.gestures import Gesture
from sandbox.gui.canvas.landing import Landing
from sandbox.gui.canvas.node import NodeItem
from sandbox.gui.canvas.rubber import paint_rubber
from sandbox.gui.glyphs import glyph
from sandbox.gui.icons import service_icon
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas

_CHOICE = Qt.ItemDataRole.UserRole + 1
_WIDTH, _HIGHEST, _ROW = 330, 330, 32
_GAP = 100.0


class QuickAdd(Gesture):
    """Waits for a choice. With ports, only what may connect to one of them is offered."""

    waits = True

    def __init__(self, canvas: Canvas, at: QPointF, ports: Sequence[Port] = ()) -> None:
        super().__init__(canvas)
        self.at, self.ports = at, tuple(ports)
        catalogue = self.session.catalogue
        document = self.session.document
        self.choices = (
            partners(catalogue, document, self.ports) if self.ports else services(catalogue)
        )
        self.popup = Search(canvas, self)

    @classmethod
    def after(cls, canvas: Canvas, item: NodeItem) -> QuickAdd:
        """For the next node right of one, in the first free place."""
        corner = item.card.topRight() + QPointF(_GAP, 0)
        cards = [
            other.card.adjusted(-20, -20, 20, 20) for other in canvas.diagram.items_by_id.values()
        ]
        middle = QPointF(NODE_WIDTH / 2, NODE_HEIGHT / 2)
        at = corner + middle
        while any(card.contains(at) for card in cards):
            at += QPointF(0, NODE_HEIGHT + 40)
        canvas.ensureVisible(at.x() - 140, at.y() - 60, 280, 120)
        return cls(canvas, at, [port for port in item.ports() if port.direction == "out"])

    def choose(self, choice: Choice) -> None:
        """Place it where the search was opened; what a link was drawn from is linked to it."""
        canvas, session = self.canvas, self.session
        canvas.finish(self)
        if choice.service == NOTE:
            canvas.add_note(self.at)
            return
        corner = QPointF(
            snapped(self.at.x() - NODE_WIDTH / 2), snapped(self.at.y() - NODE_HEIGHT / 2)
        )
        room = QRectF(-10, -10, NODE_WIDTH + 20, NODE_HEIGHT + 20)
        while any(card.intersects(room.translated(corner)) for card in self.scene.cards()):
            corner += QPointF(0, 2 * GRID)  # it covers no other
        middle = corner + QPointF(NODE_WIDTH / 2, NODE_HEIGHT / 2)
        landing = Landing(self.scene, choice.service)
        landing.move(middle)
        landing.end()
        if self.ports:
            landing.link = None
        make = landing.edit if not self.ports else partial(self._linked, landing, choice)
        placed = selection.place(session, choice.service, corner.x(), corner.y(), make)
        if placed is not None:
            canvas.focus_node(placed)
            canvas.ensureVisible(canvas.diagram.items_by_id[placed].card, 20, 20)

    def _linked(
        self, landing: Landing, choice: Choice, document: Document, node: str, first: Step
    ) -> Edit:
        own = next(port for port in self.ports if port.name == choice.own)
        ends = (own.node, own.name, node, choice.port)
        if own.direction == "in":
            ends = (node, choice.port, own.node, own.name)
        title = self.session.catalogue.title(choice.service)
        return in_turn(
            document,
            tr("Place and connect {title}", title=title),
            lambda now: landing.edit(now, node, first),
            lambda now: edits.connect(now, *ends),
        )

    def cancel(self) -> None:
        self.popup.leave()

    def paint(self, painter: QPainter) -> None:
        if len(self.ports) == 1 and self.ports[0].node in self.scene.items_by_id:
            paint_rubber(painter, self.scene, self.ports[0], self.at, False)


class Search(QFrame):
    """A field and the list of what answers to it. The keys of the list work in the field."""

    def __init__(self, canvas: Canvas, adding: QuickAdd) -> None:
        super().__init__(canvas)
        self._canvas, self._adding = canvas, adding
        self._gone = False
        self.setObjectName("quick-add")
        self.setAccessibleName(tr("Quick add"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        words = tr("Add and connect a service") if adding.ports else tr("Add a service")
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(tr("{words}: type to search", words=words))
        self.field.setAccessibleName(words)
        self.field.setToolTip(tr("Up and Down choose, Enter places, Escape leaves"))
        self.list = QListWidget(self)
        self.list.setAccessibleName(tr("Services found"))
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setIconSize(QSize(24, 24))
        self.list.setUniformItemSizes(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(6, 6, 6, 6)
        layout.setSpacing(4)
        layout.addWidget(self.field)
        layout.addWidget(self.list)
        self.about = QLabel("", self)
        self.about.setAccessibleName(tr("About the service"))
        self.about.setWordWrap(True)
        self.about.setEnabled(False)
        layout.addWidget(self.about)
        self.list.currentItemChanged.connect(self._tell)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._narrow)
        self.list.itemClicked.connect(self._take)
        self._narrow("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        """Close, once; the keyboard goes back to the canvas."""
        if self._gone:
            return
        self._gone = True
        if self.field.hasFocus():
            self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.deleteLater()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent):
            pressed = event.type() == QEvent.Type.KeyPress
            if pressed and (act := self._keys().get(Qt.Key(event.key()))) is not None:
                act()
                return True
        if watched is self.field and isinstance(event, QFocusEvent) and not self._gone:
            lost = event.type() == QEvent.Type.FocusOut
            if lost and event.reason() != Qt.FocusReason.PopupFocusReason:
                self._canvas.finish(self._adding)
        return super().eventFilter(watched, event)

    def _keys(self) -> dict[Qt.Key, Callable[[], object]]:
        page = max(self.list.height() // _ROW, 1)
        return {
            Qt.Key.Key_Down: lambda: self._step(1),
            Qt.Key.Key_Up: lambda: self._step(-1),
            Qt.Key.Key_PageDown: lambda: self._step(page),
            Qt.Key.Key_PageUp: lambda: self._step(-page),
            Qt.Key.Key_Tab: lambda: self._step(1),
            Qt.Key.Key_Backtab: lambda: self._step(-1),
            Qt.Key.Key_Return: lambda: self._take(self.list.currentItem()),
            Qt.Key.Key_Enter: lambda: self._take(self.list.currentItem()),
            Qt.Key.Key_Escape: lambda: self._canvas.finish(self._adding),
        }

    def _narrow(self, text: str) -> None:
        self.list.clear()
        theme, catalogue = self._canvas.diagram.theme, self._canvas.session.catalogue
        for choice in matching(self._adding.choices, text):
            words = f"{choice.title}   {choice.detail}" if choice.detail else choice.title
            item = QListWidgetItem(words, self.list)
            item.setData(_CHOICE, choice)
            item.setToolTip(choice.summary)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, words)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, choice.summary)
            item.setSizeHint(QSize(0, _ROW))
            tile = theme.category(category_of(catalogue, choice.service))
            note = choice.service == NOTE
            icon = glyph("note") if note else service_icon(choice.service, choice.title, True, tile)
            item.setIcon(icon)
        if not self.list.count():
            none = QListWidgetItem(tr("No service answers to that"), self.list)
            none.setFlags(Qt.ItemFlag.NoItemFlags)
        else:
            self.list.setCurrentRow(0)

        self._put()

    def _tell(self) -> None:
        choice = self.list.currentIndex().data(_CHOICE)
        self.about.setText(choice.summary if isinstance(choice, Choice) else "")

    def _step(self, by: int) -> None:
        last = self.list.count() - 1
        self.list.setCurrentRow(min(max(self.list.currentRow() + by, 0), last))

    def _take(self, item: QListWidgetItem | None) -> None:
        if item is not None and isinstance(choice := item.data(_CHOICE), Choice):
            self._adding.choose(choice)

    def _put(self) -> None:
        """At the place it is for, but wholly inside the canvas."""
        at = self._canvas.mapFromScene(self._adding.at)
        room = self._canvas.viewport().rect()
        rows = self.list.count() * _ROW + 2 * _ROW + 44
        width, height = min(_WIDTH, room.width()), min(rows, _HIGHEST, room.height())
        x = min(max(at.x() + 4, 0), room.width() - width)
        y = min(max(at.y() + 4, 0), room.height() - height)
        self.setGeometry(x, y, width, height)
