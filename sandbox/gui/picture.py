"""A picture of a run: its curves as small plots one above the other, as PNG or SVG.

`python -m sandbox.gui.picture CURVES.npz OUT.png` draws what `sandbox run --plot` has laid down;
it needs no screen.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator

from sandbox.experiments import units
from sandbox.gui.curves import Curve, envelope, thinned
from sandbox.gui.plots.axes import GridLines, TimeAxis, ValueAxis
from sandbox.gui.theme import LIGHT

WIDTH, HEAD, PLOT, AXIS = 1200, 56, 176, 24  # pixels
SHARPNESS = 2  # pixels of the image a pixel of the layout
# Okabe and Ito's palette, which all kinds of colour vision can tell apart; darkest first.
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b8860b", "#56b4e9")


def main(arguments: Sequence[str]) -> int:
    """Draw one picture. Returns the process's status."""
    source, target = arguments
    with np.load(source) as data:
        about = json.loads(str(data["about"]))
        arrays = {name: data[name] for name in data.files if name != "about"}
    pg.mkQApp("sandbox")
    vector = Path(target).suffix.lower() == ".svg"
    layout = _layout(about, arrays, 1 if vector else SHARPNESS)
    if vector:
        _svg(layout, target, about["title"])
    elif not _png(layout).save(target):
        print(f"{target} cannot be written", file=sys.stderr)
        return 2
    return 0


def _layout(
    about: dict[str, Any], arrays: dict[str, np.ndarray], pen: int
) -> pg.GraphicsLayoutWidget:
    """The plots, laid out at their final size; `pen` is the width of a thin line."""
    plots = about["plots"]
    widget = pg.GraphicsLayoutWidget(size=(WIDTH, HEAD + len(plots) * PLOT + AXIS))
    widget.setBackground(LIGHT.base)
    grid = widget.ci.layout
    grid.setContentsMargins(20, 12, 28, 12)
    grid.setVerticalSpacing(2)
    widget.addLabel(
        _span(about["title"], 15, LIGHT.text, "600")
        + _GAP
        + _span(f"{units.duration(about['duration_s'])} from {about['start']}", 10, LIGHT.muted),
        row=0,
        col=0,
        justify="left",
        color=LIGHT.text,
    )
    for number, plot in enumerate(plots):
        curves = [
            (curve["label"], COLOURS[i % len(COLOURS)], arrays[curve["data"]])
            for i, curve in enumerate(plot["curves"])
        ]
        widget.addLabel(_legend(plot, curves), row=2 * number + 1, col=0, justify="left")
        last = number == len(plots) - 1
        widget.addItem(_plot(about, plot["unit"], curves, last, pen), row=2 * number + 2, col=0)
    widget.show()  # nowhere, offscreen: this is what lays it out
    pg.QtWidgets.QApplication.processEvents()
    return widget


def _legend(plot: dict[str, Any], curves: Sequence[tuple[str, str, np.ndarray]]) -> str:
    """The title, and each curve's name in its colour with its highest value."""
    text = _span(plot["title"], 10, LIGHT.text, "600")
    for label, colour, rows in curves:
        known = rows[3][np.isfinite(rows[3])]
        top = units.quantity(float(known.max()) if len(known) else None, plot["unit"])
        text += _GAP + _span(f"━ {label}", 9, colour) + _span(f" max {top}", 9, LIGHT.muted)
    return text if curves else text + _GAP + _span("none", 9, LIGHT.muted)


_GAP = "&nbsp;&nbsp;&nbsp;"


def _span(text: str, points: float, colour: str, weight: str = "400") -> str:
    style = f"font-size:{points}pt; font-weight:{weight}; color:{colour}"
    return f"<span style='{style}'>{escape(text)}</span>"


def _plot(
    about: dict[str, Any],
    unit: str,
    curves: Sequence[tuple[str, str, np.ndarray]],
    with_time: bool,
    pen: int,
) -> pg.PlotItem:
    time, values = TimeAxis(), ValueAxis(unit)
    time.set_start(about["start"])
    plot = pg.PlotItem(axisItems={"bottom": time, "left": values})
    font = QFont()
    font.setPointSizeF(8.5)
    for axis in (time, values):
        axis.setPen(pg.mkPen(LIGHT.border))
        axis.setTextPen(pg.mkPen(LIGHT.muted))
        axis.setTickFont(font)
    values.setWidth(64)
    time.setStyle(showValues=with_time)
    if not with_time:
        time.setHeight(6)
    grid = GridLines(time, values)
    grid.set_color(QColor(LIGHT.grid))
    plot.addItem(grid, ignoreBounds=True)
    plot.hideButtons()
    top = 0.0
    for label, colour, (t, mean, least, greatest) in curves:
        curve = thinned(Curve("", label, t, mean, least, greatest))
        # Through what the ticks did, faintly, so that no spike is lost; the mean on top of it.
        faint = QColor(colour)
        faint.setAlpha(70)
        plot.plot(*envelope(curve), pen=pg.mkPen(faint, width=pen), connect="finite")
        plot.plot(curve.t, curve.mean, pen=pg.mkPen(colour, width=1.5 * pen), connect="finite")
        known = curve.hi[np.isfinite(curve.hi)]
        top = max(top, float(known.max()) if len(known) else 0.0)
    plot.getViewBox().setRange(
        xRange=(0.0, about["duration_s"]), yRange=(0.0, top * 1.06 or 1.0), padding=0
    )
    return plot


def _png(widget: pg.GraphicsLayoutWidget) -> QImage:
    size = widget.size()
    image = QImage(size * SHARPNESS, QImage.Format.Format_RGB32)
    image.fill(QColor(LIGHT.base))
    painter = QPainter(image)
    _render(widget, painter, QSize(size * SHARPNESS))
    painter.end()
    return image


def _svg(widget: pg.GraphicsLayoutWidget, path: str, title: str) -> None:
    generator = QSvgGenerator()
    generator.setFileName(path)
    generator.setSize(widget.size())
    generator.setViewBox(QRectF(0, 0, widget.width(), widget.height()))
    generator.setTitle(title)
    painter = QPainter(generator)
    painter.fillRect(QRectF(0, 0, widget.width(), widget.height()), QColor(LIGHT.base))
    _render(widget, painter, widget.size())
    painter.end()


def _render(widget: pg.GraphicsLayoutWidget, painter: QPainter, size: QSize) -> None:
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    widget.scene().prepareForPaint()
    widget.scene().render(
        painter, QRectF(0, 0, size.width(), size.height()), QRectF(widget.viewRect())
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
