"""The notes of a diagram: a text that is as high as what stands in it, so that all can be read."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

_LEAST = 3  # lines


class Notes(QPlainTextEdit):
    """Grows and shrinks with its text; the page around it scrolls, not the text."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Notes")
        self.setPlaceholderText("What this diagram is about, and what to look at")
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
        # Of a plain text the size of the document is its lines.
        lines = max(self.document().size().height(), _LEAST)
        edge = 2 * (self.frameWidth() + round(self.document().documentMargin())) + 6
        return round(lines * self.fontMetrics().lineSpacing()) + edge

    def _fit(self) -> None:
        if self.height() != self._height() or self.maximumHeight() != self._height():
            self.setFixedHeight(self._height())
