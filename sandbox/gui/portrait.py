"""A picture of a diagram as the canvas draws it, at rest: for thumbnails and for the clipboard."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from sandbox.document import Document
from sandbox.gui.canvas.scene import CanvasScene
from sandbox.gui.catalogue import Services
from sandbox.gui.session import Session
from sandbox.gui.theme import Theme

_MARGIN = 24.0  # scene units around the diagram
_MOST = 6000  # pixels a side


def thumbnail(
    document: Document, catalogue: Services, theme: Theme, size: QSize, ratio: float = 1.0
) -> QImage:
    """The whole diagram in the middle of a picture of this size, for a screen of this ratio."""
    image = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor(theme.canvas))
    _paint(image, document, catalogue, theme, QRectF(0, 0, size.width(), size.height()))
    return image


def portrait(
    document: Document, catalogue: Services, theme: Theme, scale: float = 2.0
) -> QImage | None:
    """The diagram at its own size times `scale`; None when there is nothing to see."""
    session = Session(catalogue, document)
    scene = CanvasScene(session, theme)
    content = content_of(scene)
    if content.isEmpty():
        return None
    scale = min(scale, _MOST / max(content.width(), content.height()))
    image = QImage((content.size() * scale).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(theme.canvas))
    painter = QPainter(image)
    render(scene, painter, content, QRectF(image.rect()))
    painter.end()
    return image


def _paint(
    image: QImage, document: Document, catalogue: Services, theme: Theme, room: QRectF
) -> None:
    session = Session(catalogue, document)
    scene = CanvasScene(session, theme)
    content = content_of(scene)
    if content.isEmpty():
        return
    wide = room.width() / room.height()
    if content.width() / content.height() < wide:
        more = content.height() * wide - content.width()
        content.adjust(-more / 2, 0, more / 2, 0)
    else:
        more = content.width() / wide - content.height()
        content.adjust(0, -more / 2, 0, more / 2)
    painter = QPainter(image)
    render(scene, painter, content, room)
    painter.end()


def content_of(scene: CanvasScene) -> QRectF:
    """All there is to see with a margin; empty when there is nothing."""
    content = scene.content()
    if content.isEmpty():
        return content
    seen = content.united(scene.groups.boundingRect()).united(scene.edges.extent())
    return seen.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)


def render(scene: CanvasScene, painter: QPainter, content: QRectF, room: QRectF) -> None:
    """Paint a part of the scene into a part of a picture."""
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.TextAntialiasing
        | QPainter.RenderHint.SmoothPixmapTransform
    )
    scene.render(painter, room, content, Qt.AspectRatioMode.KeepAspectRatio)
