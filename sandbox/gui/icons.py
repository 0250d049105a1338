"""Service icons: the drawn SVG where there is one, else a lettered tile, else a question mark."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from sandbox.assets import asset

UNKNOWN = "generic"


@lru_cache(maxsize=256)
def _drawing(name: str) -> QSvgRenderer | None:
    try:
        file = asset(f"icons/{name}.svg")
    except FileNotFoundError:  # a service of the user's own, most likely
        return None
    # Qt hands "none" inside a stroked group on to SVG and PDF as black; unseen is unseen in all.
    text = file.read_bytes().replace(b'stroke="none"', b'stroke-opacity="0"')
    renderer = QSvgRenderer(QByteArray(text))
    return renderer if renderer.isValid() else None


def paint_icon(
    painter: QPainter, box: QRectF, service: str, title: str, known: bool, tile: QColor
) -> None:
    """Paint a service's icon into the box; `tile` colours the lettered one."""
    drawing = _drawing(service if known else UNKNOWN)
    if drawing is not None:
        drawing.render(painter, box)
        return
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(tile)
    painter.drawRoundedRect(box, box.width() * 0.2, box.width() * 0.2)
    font = QFont(painter.font())
    font.setPixelSize(max(int(box.height() * 0.42), 1))
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(QColor("#ffffff") if tile.lightnessF() < 0.62 else QColor("#14181d"))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, letters(title) if known else "?")
    painter.restore()


def letters(title: str) -> str:
    """One or two letters that stand for a title: "Amazon SQS" is "AS", "Clients" is "Cl"."""
    words = [word for word in title.replace("_", " ").split() if word[0].isalnum()]
    if not words:
        return "?"
    return words[0][:2].capitalize() if len(words) == 1 else (words[0][0] + words[1][0]).upper()


class ServiceIconEngine(QIconEngine):
    """An icon of any size for lists and menus."""

    def __init__(self, service: str, title: str, known: bool, tile: QColor) -> None:
        super().__init__()
        self._what = (service, title, known, tile)

    def paint(self, painter: QPainter, rect, mode, state) -> None:  # type: ignore[no-untyped-def]
        service, title, known, tile = self._what
        paint_icon(painter, QRectF(rect), service, title, known, tile)

    def pixmap(self, size: QSize, mode, state) -> QPixmap:  # type: ignore[no-untyped-def]
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, pixmap.rect(), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return ServiceIconEngine(*self._what)


def service_icon(service: str, title: str, known: bool, tile: QColor) -> QIcon:
    return QIcon(ServiceIconEngine(service, title, known, tile))
