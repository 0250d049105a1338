"""A file dragged onto the canvas: the node that it would be dropped on lights up."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from sandbox.gui.canvas.cards import RADIUS
from sandbox.gui.canvas.gestures import Gesture, Pointer

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas


def file_of(mime: QMimeData) -> Path | None:
    """The one file on this machine that is dragged, or None."""
    urls = mime.urls() if mime.hasUrls() else []
    local = [url.toLocalFile() for url in urls if url.isLocalFile()]
    return Path(local[0]) if len(local) == 1 == len(urls) else None


class DropFile(Gesture):
    """Tells the canvas's owner which file was let go where; what that means is not its business."""

    def __init__(self, canvas: Canvas, path: Path) -> None:
        super().__init__(canvas)
        self._path = path
        self._over: QRectF | None = None

    def start(self, at: Pointer) -> None:
        self.move(at)

    def move(self, at: Pointer) -> None:
        node = self.scene.node_at(at.scene)
        self._over = self.scene.items_by_id[node].card if node is not None else None
        self.canvas.viewport().update()

    def end(self, at: Pointer) -> None:
        node = self.scene.node_at(at.scene)
        self.canvas.file_dropped.emit(self._path, node, (at.scene.x(), at.scene.y()))

    def paint(self, painter: QPainter) -> None:
        if self._over is not None:
            accent = QColor(self.scene.theme.accent)
            painter.setPen(QPen(accent, 3))
            accent.setAlpha(40)
            painter.setBrush(accent)
            painter.drawRoundedRect(self._over, RADIUS, RADIUS)
        painter.setBrush(Qt.BrushStyle.NoBrush)
