"""The window's drawn signs (`assets/icons/ui`) in the colour of the theme, at any size."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from sandbox.assets import asset

_DRAWN_IN = b"#5f6b7a"  # the one colour of the drawings, exchanged when they are painted


def glyph(name: str, color: QColor | None = None) -> QIcon:
    """The sign called `name`; without a colour it follows the palette's button text."""
    return QIcon(_Glyph(name, color))


@lru_cache(maxsize=256)
def _drawing(name: str, color: str) -> QSvgRenderer:
    data = asset(f"icons/ui/{name}.svg").read_bytes().replace(_DRAWN_IN, color.encode())
    return QSvgRenderer(QByteArray(data))


class _Glyph(QIconEngine):
    """Asks for the colour when it is painted, so a change of theme needs no new icons."""

    def __init__(self, name: str, color: QColor | None) -> None:
        super().__init__()
        self._name, self._color = name, color

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        group = QPalette.ColorGroup.Normal
        if mode == QIcon.Mode.Disabled:
            group = QPalette.ColorGroup.Disabled
        palette = QGuiApplication.palette()
        color = self._color or palette.color(group, QPalette.ColorRole.ButtonText)
        side = min(rect.width(), rect.height())
        box = QRectF(
            rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2, side, side
        )
        _drawing(self._name, color.name()).render(painter, box)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _Glyph(self._name, self._color)
