"""Renaming a node or a group where it stands: a line of text over its label."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtWidgets import QLineEdit

from sandbox.gui import selection
from sandbox.gui.canvas.cards import TEXT_LEFT, font_of, icon_box
from sandbox.gui.canvas.geometry import NODE_WIDTH
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas


class LabelEditor(QLineEdit):
    """Enter or leaving keeps the text, Escape does not."""

    def __init__(self, canvas: Canvas, id: str) -> None:
        """Of something that can be seen."""
        diagram = canvas.diagram
        item = diagram.items_by_id.get(id)
        group = canvas.session.document.groups.get(id)
        label = item.label if item else (group.label if group else "")
        super().__init__(label, canvas)
        self._canvas, self._node_id = canvas, id
        self._done = False
        self.setAccessibleName(tr("Label"))
        self.setToolTip(tr("Enter keeps the name, Escape leaves it as it was"))
        zoom = max(canvas.zoom, 0.75)
        rect = diagram.rect_of(id) or QRectF()
        if item is not None:
            top = icon_box(item.face, item.frame is not None).top()
            corner = QPointF(TEXT_LEFT - 6, top - 5)
        elif id in diagram.folded.cards:
            corner = QPointF(8, 8)
        else:
            corner = QPointF(18, 0)
        size = QSizeF((NODE_WIDTH - TEXT_LEFT + 4) * zoom, 28 * zoom).toSize()
        self.setGeometry(QRect(canvas.mapFromScene(rect.topLeft() + corner), size))
        self.setFont(font_of(round(14 * min(zoom, 1.6)), bold=True))
        self.selectAll()
        self.show()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.editingFinished.connect(lambda: self._finish(True))

    def keyPressEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        if event.key() == Qt.Key.Key_Escape:
            self._finish(False)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._finish(True)  # and the canvas does not hear of it, to which it means to open
        else:
            super().keyPressEvent(event)

    def _finish(self, keep: bool) -> None:
        # Leaving by Enter takes the focus away, which reports the end a second time.
        if self._done:
            return
        self._done = True
        if keep:
            selection.rename(self._canvas.session, self._node_id, self.text())
        # Before it is hidden: Qt would hand the focus on as if Tab had been pressed.
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        self.hide()
        self.deleteLater()
