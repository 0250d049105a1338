"""The bare window: on screen before anything heavy is imported, furnished afterwards."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QMainWindow


class Shell(QMainWindow):
    """Asks whoever furnished it before it closes; tells of keys that nobody wanted."""

    space_pressed = Signal()
    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.may_close: Callable[[], bool] = lambda: True
        self.setObjectName("window")
        self.setWindowTitle("Architecture Sandbox")
        self.setAccessibleName("Architecture Sandbox")
        self.setMinimumSize(QSize(900, 560))
        self.setDockNestingEnabled(True)
        self.setAnimated(False)
        waiting = QLabel("Opening the sandbox…")
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        waiting.setEnabled(False)
        self.setCentralWidget(waiting)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.space_pressed.emit()
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        event.accept()
