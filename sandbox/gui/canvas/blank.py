"""What an empty canvas says: how to begin. It goes when the first thing is placed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QLabel

from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas


class Blank(QLabel):
    """Lies in the middle of the canvas, and lets the pointer through."""

    def __init__(self, canvas: Canvas) -> None:
        super().__init__(tr("Drag a service here, or press A to search for one."), canvas)
        self._canvas = canvas
        self.setObjectName("help")
        self.setAccessibleName(tr("How to begin"))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        canvas.installEventFilter(self)
        canvas.session.opened.connect(self.follow)
        canvas.session.edited.connect(self.follow)
        self.follow()

    def follow(self) -> None:
        """Be there while there is nothing else."""
        document = self._canvas.session.document
        self.setVisible(not (document.nodes or document.groups or document.annotations))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self._canvas:
            self.setGeometry(self._canvas.viewport().rect().adjusted(24, 24, -24, -24))
        return False
