"""A diagram as a file to keep: SVG, PNG or PDF, whole, with every word on it.

`python -m sandbox.gui.paper DIAGRAM.json OUT.svg light` draws what `sandbox export` has laid down;
it needs no screen.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPageLayout, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication

from sandbox.document import Document
from sandbox.document.file import load
from sandbox.gui.canvas.scene import CanvasScene
from sandbox.gui.catalogue import Services
from sandbox.gui.portrait import content_of, render
from sandbox.gui.session import Session
from sandbox.gui.theme import DARK, LIGHT, Theme
from sandbox.language import tr
from sandbox.services import catalogue

SHARPNESS = 3.0
"""Pixels of a PNG a unit of the canvas, so that the smallest print stays sharp on paper."""
MOST_PIXELS = 80e6
"""Of a whole PNG: 320 MB in memory."""
LONGEST = 30_000
"""Pixels a side: what programs that show pictures commonly open (assumption)."""
POINTS = 0.75
"""Points of a PDF a unit of the canvas: 96 units an inch, as on a usual screen."""
_LONGEST_PDF = 14_400.0
"""Points a side (ISO 32000-1, annex C.2)."""


def main(arguments: Sequence[str]) -> int:
    """Draw one picture. Returns the process's status; notes go to standard output."""
    source, target, theme = arguments
    application = QApplication(["sandbox"])
    known = catalogue()
    document = load(Path(source), known)
    note = draw(document, known, Path(target), DARK if theme == "dark" else LIGHT)
    if note:
        print(note)
    application.quit()
    return 0


def draw(document: Document, known: Services, target: Path, theme: Theme) -> str:
    """Draw into a file, whose ending says how. Returns a note if it is not at full size."""
    session = Session(known, document)
    scene = CanvasScene(session, theme)
    scene.lens.paper = True
    content = content_of(scene)
    kind = target.suffix.lower()
    make = {".svg": _svg, ".pdf": _pdf, ".png": _png}[kind]
    return make(scene, content, target, theme, document.name or "Diagram")


def _svg(scene: CanvasScene, content: QRectF, target: Path, theme: Theme, title: str) -> str:
    generator = QSvgGenerator()
    generator.setFileName(str(target))
    generator.setResolution(96)
    generator.setSize(content.size().toSize())
    generator.setViewBox(QRectF(0, 0, content.width(), content.height()))
    generator.setTitle(title)
    _paint(generator, scene, content, QRectF(0, 0, content.width(), content.height()), theme)
    return ""


def _pdf(scene: CanvasScene, content: QRectF, target: Path, theme: Theme, title: str) -> str:
    points = min(POINTS, _LONGEST_PDF / max(content.width(), content.height()))
    writer = QPdfWriter(str(target))
    writer.setTitle(title)
    writer.setCreator("Architecture Sandbox")
    size = QSizeF(max(content.width() * points, 3.0), max(content.height() * points, 3.0))
    page = QPageSize(size, QPageSize.Unit.Point, title, QPageSize.SizeMatchPolicy.ExactMatch)
    # Portrait is "as the size says": landscape would turn it.
    writer.setPageLayout(QPageLayout(page, QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)))
    writer.setResolution(300)
    room = QRectF(0, 0, size.width() * 300 / 72, size.height() * 300 / 72)
    _paint(writer, scene, content, room, theme)
    return ""


def _png(scene: CanvasScene, content: QRectF, target: Path, theme: Theme, _title: str) -> str:
    scale = min(
        SHARPNESS,
        LONGEST / max(content.width(), content.height()),
        (MOST_PIXELS / (content.width() * content.height())) ** 0.5,
    )
    image = QImage((content.size() * scale).toSize(), QImage.Format.Format_RGB32)
    _paint(image, scene, content, QRectF(image.rect()), theme)
    if not image.save(str(target)):
        raise SystemExit(tr("{target} cannot be written", target=target))
    if scale >= 1.0:
        return ""
    return tr(
        "the diagram is drawn at {scale:.0%} of its size; SVG and PDF can be enlarged", scale=scale
    )


def _paint(
    device: QImage | QSvgGenerator | QPdfWriter,
    scene: CanvasScene,
    content: QRectF,
    room: QRectF,
    theme: Theme,
) -> None:
    painter = QPainter(device)
    painter.fillRect(room, QColor(theme.canvas))
    render(scene, painter, content, room)
    painter.end()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
