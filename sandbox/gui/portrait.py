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
    content = _content(scene)
    if content.isEmpty():
        return None
    content = content.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
    scale = min(scale, _MOST / max(content.width(), content.height()))
    image = QImage((content.size() * scale).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(theme.canvas))
    _render(scene, image, content, QRectF(image.rect()))
    return image


def _paint(
    image: QImage, document: Document, catalogue: Services, theme: Theme, room: QRectF
) -> None:
    session = Session(catalogue, document)
    scene = CanvasScene(session, theme)
    content = _content(scene)
    if content.isEmpty():
        return
    content = content.adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
    wide = room.width() / room.height()
    if content.width() / content.height() < wide:
        more = content.height() * wide - content.width()
        content.adjust(-more / 2, 0, more / 2, 0)
    else:
        more = content.width() / wide - content.height()
        content.adjust(0, -more / 2, 0, more / 2)
    _render(scene, image, content, room)


def _content(scene: CanvasScene) -> QRectF:
    """The nodes, and the groups around them."""
    content = scene.content()
    return content.united(scene.groups.boundingRect()) if not content.isEmpty() else content


def _render(scene: CanvasScene, image: QImage, content: QRectF, room: QRectF) -> None:
    painter = QPainter(image)
    painter.setRenderHints(
        QPainter.RenderHint.Antialiasing
        | QPainter.RenderHint.TextAntialiasing
        | QPainter.RenderHint.SmoothPixmapTransform
    )
    scene.render(painter, room, content, Qt.AspectRatioMode.KeepAspectRatio)
    painter.end()
