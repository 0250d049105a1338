"""A plot as a file: a picture (PNG, SVG), or its numbers (CSV)."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, QRect, QRectF, QSaveFile, QSize
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from sandbox.gui.curves import Curve
from sandbox.language import tr

FILTERS = tr("Picture (*.png);;Drawing (*.svg);;Numbers (*.csv)")
_SCALE = 2.0  # a picture has twice the pixels of the screen


def save(widget: QWidget, named: Mapping[str, Curve], path: Path) -> None:
    """Write what `path`'s ending says. Raises OSError with the reason if it cannot be."""
    ending = path.suffix.lower()
    if ending == ".csv":
        _write(path, numbers(named).encode())
    elif ending == ".svg":
        _write(path, drawing(widget))
    elif ending == ".png":
        _write(path, picture(widget))
    else:
        raise OSError(
            tr("“{name}” names no kind of file; .png, .svg and .csv would", name=path.name)
        )


def numbers(named: Mapping[str, Curve]) -> str:
    """A column of times (s), and for each curve its mean, lowest and highest value."""
    times = sorted({float(t) for curve in named.values() for t in curve.t})
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    head = [f"{name}{suffix}" for name in named for suffix in ("", ".min", ".max")]
    writer.writerow(["t_s", *head])
    rows = np.full((len(times), 3 * len(named)), np.nan)
    place = {t: i for i, t in enumerate(times)}
    for c, curve in enumerate(named.values()):
        at = [place[float(t)] for t in curve.t]
        for k, values in enumerate((curve.mean, curve.lo, curve.hi)):
            rows[at, 3 * c + k] = values
    for t, row in zip(times, rows, strict=True):
        writer.writerow([f"{t:.12g}", *("" if np.isnan(v) else f"{v:.9g}" for v in row)])
    return out.getvalue()


def picture(widget: QWidget) -> bytes:
    """PNG."""
    size = widget.size() * _SCALE
    image = QImage(size, QImage.Format.Format_ARGB32)
    image.setDevicePixelRatio(_SCALE)
    image.fill(widget.palette().color(widget.backgroundRole()))
    widget.render(image)
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(data.data())


def drawing(widget: QWidget) -> bytes:
    """SVG."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setSize(QSize(widget.width(), widget.height()))
    generator.setViewBox(QRect(0, 0, widget.width(), widget.height()))
    generator.setTitle(widget.accessibleName())
    painter = QPainter(generator)
    ground = widget.palette().color(widget.backgroundRole())
    painter.fillRect(QRectF(0, 0, widget.width(), widget.height()), ground)
    widget.render(painter, QPoint())
    painter.end()
    return bytes(data.data())


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all."""
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        raise OSError(file.errorString())
    file.write(data)
    if not file.commit():
        raise OSError(file.errorString())
