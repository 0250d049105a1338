"""Space on the canvas: held, it pans; tapped, it plays and pauses as it does everywhere."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QElapsedTimer, QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractScrollArea

_TAP_MS = 350


class SpaceTap(QObject):
    """Watches a canvas, whose own use of the key is left as it is."""

    def __init__(self, canvas: QAbstractScrollArea, tapped: Callable[[], None]) -> None:
        super().__init__(canvas)
        self._tapped = tapped
        self._since = QElapsedTimer()
        self._pressed = False
        canvas.installEventFilter(self)
        canvas.viewport().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.MouseButtonPress:
            self._pressed = False
        elif isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space:
            if event.isAutoRepeat():
                return False
            if kind == QEvent.Type.KeyPress:
                self._pressed = True
                self._since.start()
            elif kind == QEvent.Type.KeyRelease and self._pressed:
                self._pressed = False
                if self._since.elapsed() < _TAP_MS:
                    self._tapped()
        return False
