"""Find on the canvas: what answers to the words is lit, the rest steps back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton

from sandbox.document import Document
from sandbox.document.groups import kind_title
from sandbox.gui.catalogue import Services
from sandbox.gui.glyphs import glyph
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas


def found(document: Document, catalogue: Services, text: str) -> list[str]:
    """Ids of nodes, groups and notes in which every word occurs: in the label, the id, the service
    or a parameter that was set. From left to right; first those whose label begins with the words.
    """
    words = text.lower().split()
    if not words:
        return []
    ranked: list[tuple[tuple[bool, float, float, str], str]] = []
    for node in document.nodes.values():
        title = catalogue.title(node.service) if node.service in catalogue else ""
        told = f"{node.label} {node.id} {node.service} {title} {_told(node.params)}".lower()
        if all(word in told for word in words):
            first = (node.label or title).lower().startswith(words[0])
            ranked.append(((not first, node.x, node.y, node.id), node.id))
    for group in document.groups.values():
        told = f"{group.label} {group.id} {group.kind} {kind_title(group.kind)}".lower()
        if all(word in told for word in words):
            first = group.label.lower().startswith(words[0])
            ranked.append(((not first, 0.0, 0.0, group.id), group.id))
    for note in document.annotations.values():
        if all(word in f"{note.text} {note.id}".lower() for word in words):
            ranked.append(((True, note.x, note.y, note.id), note.id))
    return [id for _, id in sorted(ranked)]


def _told(value: Any) -> str:
    """Parameters as words: names and values, however deep."""
    if hasattr(value, "items"):
        return " ".join(f"{name} {_told(inner)}" for name, inner in value.items())
    if isinstance(value, (list, tuple)):
        return " ".join(_told(inner) for inner in value)
    return str(value)


class FindBar(QFrame):
    """A field over the canvas: Enter goes to the next, Shift+Enter back, Escape closes."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self.ids: list[str] = []
        self._at = 0
        self.setObjectName("find")
        self.setAccessibleName(tr("Find"))
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.field = QLineEdit(self)
        self.field.setPlaceholderText(tr("Find by name, service, parameter…"))
        self.field.setAccessibleName(tr("Find on the canvas"))
        self.field.setToolTip(tr("Enter goes to the next, Shift+Enter to the one before"))
        self.field.setClearButtonEnabled(True)
        self.field.setMinimumWidth(230)
        self.count = QLabel("", self)
        self.count.setAccessibleName(tr("Found"))
        self.count.setMinimumWidth(56)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(6, 4, 6, 4)
        layout.setSpacing(4)
        layout.addWidget(self.field)
        layout.addWidget(self.count)
        for name, words, act in (
            ("undo", tr("Previous"), lambda: self.step(-1)),
            ("redo", tr("Next"), lambda: self.step(1)),
            ("close", tr("Close find"), self.leave),
        ):
            button = QToolButton(self)
            if name == "close":
                button.setIcon(glyph(name))
            else:
                up = name == "undo"
                button.setArrowType(Qt.ArrowType.UpArrow if up else Qt.ArrowType.DownArrow)
            button.setAutoRaise(True)
            button.setAccessibleName(words)
            button.setToolTip(words)
            button.clicked.connect(act)
            layout.addWidget(button)
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._search)
        canvas.session.opened.connect(self.leave)
        canvas.session.edited.connect(self._again)
        self.hide()

    def enter(self) -> None:
        """Show the field, with the last words chosen so that typing replaces them."""
        self.adjustSize()
        self.place()
        self.show()
        self.raise_()
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._search(self.field.text())

    def place(self) -> None:
        self.move(max(self._canvas.viewport().width() - self.width() - 12, 0), 12)

    def leave(self) -> None:
        """Close; what was found last stays selected and has the focus."""
        if not self.isVisible():
            return
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self._canvas.diagram.offer_end()

    def step(self, by: int) -> None:
        """Go to the next of what was found, round and round."""
        if self.ids:
            self._at = (self._at + by) % len(self.ids)
            self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        pressed = watched is self.field and event.type() == QEvent.Type.KeyPress
        if pressed and isinstance(event, QKeyEvent):
            key = event.key()
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.step(-1 if back else 1)
                return True
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.step(1 if key == Qt.Key.Key_Down else -1)
                return True
            if key == Qt.Key.Key_Escape:
                self.leave()
                return True
        return super().eventFilter(watched, event)

    def _search(self, text: str) -> None:
        session = self._canvas.session
        self.ids, self._at = found(session.document, session.catalogue, text), 0
        if text.strip() and self.isVisible():
            self._canvas.diagram.grey(self.ids)
        else:
            self._canvas.diagram.offer_end()
        self._show()

    def _again(self) -> None:
        """The document was edited: what is found may be gone."""
        if self.isVisible():
            session = self._canvas.session
            self.ids = found(session.document, session.catalogue, self.field.text())
            self._at = min(self._at, max(len(self.ids) - 1, 0))
            self._tell()

    def _show(self) -> None:
        self._tell()
        if self.ids and self.isVisible():
            self._canvas.show_thing(self.ids[self._at])

    def _tell(self) -> None:
        none = "none" if self.field.text().strip() else ""
        self.count.setText(
            tr("{at} of {count}", at=self._at + 1, count=len(self.ids)) if self.ids else none
        )
