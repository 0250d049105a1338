"""Writing a note where it stands: Ctrl+Enter or leaving keeps the words, Escape does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from sandbox.document import edits
from sandbox.gui.canvas.cards import font_of
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas


class NoteEditor(QPlainTextEdit):
    """Over a note, or over the place of a new one, which is made only when something is written."""

    def __init__(self, canvas: Canvas, rect: QRectF, note: str | None) -> None:
        super().__init__(canvas)
        self._canvas, self._note = canvas, note
        self._corner = rect.topLeft()
        self._done = False
        self.setAccessibleName(tr("Note"))
        self.setPlaceholderText(tr("Write a note; Ctrl+Enter keeps it"))
        self.setToolTip(tr("Ctrl+Enter keeps the note, Escape leaves it as it was"))
        self.setTabChangesFocus(True)
        zoom = max(canvas.zoom, 0.75)
        corner = canvas.mapFromScene(rect.topLeft())
        width, height = max(rect.width(), 200) * zoom, max(rect.height(), 64) * zoom
        self.setGeometry(QRect(corner.x(), corner.y(), round(width) + 4, round(height) + 4))
        self.setFont(font_of(round(13 * min(zoom, 1.6))))
        canvas.diagram.notes.hidden = note
        if note is not None:
            self.setPlainText(canvas.session.document.annotations[note].text)
            self.selectAll()
        canvas.session.opened.connect(self._drop)
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if event.key() == Qt.Key.Key_Escape:
            self._finish(False)
        elif enter and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._finish(True)
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._finish(True)

    def _drop(self) -> None:
        self._finish(False)

    def _finish(self, keep: bool) -> None:
        if self._done:
            return
        self._done = True
        session, text = self._canvas.session, self.toPlainText().strip()
        session.opened.disconnect(self._drop)
        self._canvas.diagram.notes.hidden = None
        if keep and self._note is None and text:
            x, y = self._corner.x(), self._corner.y()
            if (edit := session.do(edits.annotate, text, x, y)) is not None:
                session.select(areas=[str(edit.changes[0].key)])
        elif keep and self._note in session.document.annotations:
            if text:
                session.do(edits.set_annotation, self._note, text=text)
            else:
                session.do(edits.delete, [self._note])
        self._canvas.diagram.notes.update()
        # Before it is hidden: Qt would hand the focus on as if Tab had been pressed.
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.deleteLater()
