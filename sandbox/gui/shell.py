"""The bare window: on screen before anything heavy is imported, furnished afterwards."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QLabel, QMainWindow

from sandbox.language import tr


class Shell(QMainWindow):
    """Asks whoever furnished it before it closes; tells of keys that nobody wanted."""

    space_pressed = Signal()
    files_dropped = Signal(list)
    """Paths of files that were let go anywhere but over the canvas."""
    closing = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.may_close: Callable[[], bool] = lambda: True
        self.setObjectName("window")
        self.setWindowTitle("Architecture Sandbox")
        self.setAccessibleName("Architecture Sandbox")
        self.setMinimumSize(QSize(720, 400))
        self.setDockNestingEnabled(True)
        self.setAnimated(False)
        self.setAcceptDrops(True)
        waiting = QLabel(tr("Opening the sandbox…"))
        waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        waiting.setEnabled(False)
        self.setCentralWidget(waiting)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self.space_pressed.emit()
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if found := _files(event):
            event.acceptProposedAction()
            self.files_dropped.emit(found)

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self.may_close():
            event.ignore()
            return
        self.closing.emit()
        event.accept()


def _files(event: QDropEvent) -> list[Path]:
    """The files on this machine that are dragged."""
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]
