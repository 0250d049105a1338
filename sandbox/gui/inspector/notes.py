"""The notes of a diagram: a text that is as high as what stands in it, so that all can be read."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from sandbox.language import tr

_LEAST = 3  # lines


class Notes(QPlainTextEdit):
    """Grows and shrinks with its text; the page around it scrolls, not the text."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Notes"))
        self.setPlaceholderText(tr("What this diagram is about, and what to look at"))
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().documentLayout().documentSizeChanged.connect(self._fit)
        self._fit()

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self._height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()

    def _height(self) -> int:
        text = self.document()
        block, lines = text.begin(), 0.0
        while block.isValid():
            lines += self.blockBoundingRect(block).height()
            block = block.next()
        least = _LEAST * self.fontMetrics().lineSpacing()
        return round(max(lines, least) + 2 * (self.frameWidth() + text.documentMargin()) + 6)

    def _fit(self) -> None:
        if self.height() != self._height() or self.maximumHeight() != self._height():
            self.setFixedHeight(self._height())
