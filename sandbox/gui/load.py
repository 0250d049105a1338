"""The load slider: how many times the drawn load arrives, from nothing to a hundredfold."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QSizePolicy,
    QSlider,
    QToolTip,
    QWidget,
)

from sandbox.experiments import units
from sandbox.language import tr

LOWEST, HIGHEST = 0.01, 100.0
_STEPS = 1000
_DETENT = 60  # positions left of this stand for zero and for the way to it
_MAGNET = 8  # a drag this near to 1× means 1×


def factor_at(position: int) -> float:
    """The factor of a slider position: zero in the left detent, then four decades."""
    if position < _DETENT // 2:
        return 0.0
    along = max(position - _DETENT, 0) / (_STEPS - _DETENT)
    exact = LOWEST * (HIGHEST / LOWEST) ** along
    return float(f"{exact:.3g}")


def position_of(factor: float) -> int:
    """The slider position nearest to a factor."""
    if factor <= 0:
        return 0
    bounded = min(max(factor, LOWEST), HIGHEST)
    along = math.log(bounded / LOWEST) / math.log(HIGHEST / LOWEST)
    return round(_DETENT + along * (_STEPS - _DETENT))


class LoadSlider(QSlider):
    """A horizontal slider with its decades written under it; a double click goes back to 1×."""

    factor_moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, _STEPS)
        self.setSingleStep(10)
        self.setPageStep((_STEPS - _DETENT) // 8)
        self.setMinimumWidth(130)
        self.setFixedHeight(40)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(tr("Load"))
        self.setToolTip(tr("Multiplies the load of all sources. Double-click for 1×."))
        self.setValue(position_of(1.0))
        self.valueChanged.connect(lambda position: self.factor_moved.emit(factor_at(position)))

    def show_factor(self, factor: float) -> None:
        """Stand at `factor` without announcing it."""
        if not self.isSliderDown() and factor_at(self.value()) != factor:
            self.blockSignals(True)
            self.setValue(position_of(factor))
            self.blockSignals(False)
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event.position().x())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self._follow(event.position().x())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.setValue(position_of(1.0))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        faint = palette.color(QPalette.ColorRole.Mid)
        text = palette.color(QPalette.ColorRole.PlaceholderText)
        accent = palette.color(QPalette.ColorRole.Highlight)
        x, y = self._x(self.value()), 12.0
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(faint)
        painter.drawRoundedRect(QRectF(self._x(0), y - 2, self._x(_STEPS) - self._x(0), 4), 2, 2)
        painter.setBrush(accent)
        painter.drawRoundedRect(QRectF(self._x(0), y - 2, x - self._x(0), 4), 2, 2)
        font = self.font()
        font.setPointSizeF(max(font.pointSizeF() * 0.82, 7.0))
        painter.setFont(font)
        taken = -100.0
        for mark, name in (
            (0, "0"),
            (0.01, "0.01"),
            (0.1, "0.1"),
            (1, "1×"),
            (10, "10"),
            (100, "100"),
        ):
            at = self._x(position_of(mark))
            painter.setPen(QPen(faint, 1))
            painter.drawLine(QPointF(at, y + 7), QPointF(at, y + 11))
            room = painter.fontMetrics().horizontalAdvance(name) / 2 + 3
            if at - room < taken:
                continue  # on a short slider the marks at its left end would run into each other
            taken = at + room
            painter.setPen(text)
            painter.drawText(QRectF(at - 20, y + 11, 40, 16), Qt.AlignmentFlag.AlignCenter, name)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Base), 2))
        painter.setBrush(accent)
        painter.drawEllipse(QPointF(x, y), 7.5, 7.5)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(accent, 1.4))
            painter.drawEllipse(QPointF(x, y), 10, 10)

    def _x(self, position: int) -> float:
        return 14 + (self.width() - 32) * position / _STEPS

    def _follow(self, x: float) -> None:
        position = round((x - 14) / max(self.width() - 32, 1) * _STEPS)
        one = position_of(1.0)
        self.setValue(one if abs(position - one) <= _MAGNET else position)


class LoadControl(QWidget):
    """Slider, exact multiple and exact requests/s, which always agree."""

    factor_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._factor, self._base = 1.0, 0.0
        self.slider = LoadSlider(self)
        self.times = _field(tr("Load factor"), tr("How many times the drawn load, exactly"), 50)
        self.rate = _field(
            tr("Load in requests per second"), tr("All sources together, exactly"), 66
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        caption = QLabel(tr("&Load"))
        caption.setBuddy(self.slider)
        row.addWidget(caption)
        row.addWidget(self.slider, 1)
        self.unit = QLabel(tr("requests/s"))
        for field, unit in ((self.times, QLabel("×")), (self.rate, self.unit)):
            row.addWidget(field)
            row.addWidget(unit)
        self.slider.factor_moved.connect(self._choose)
        self.times.editingFinished.connect(self._typed_times)
        self.rate.editingFinished.connect(self._typed_rate)
        self._write()

    @property
    def factor(self) -> float:
        return self._factor

    def show_factor(self, factor: float) -> None:
        """Show the factor the run has, without asking for another."""
        if factor != self._factor and not self.slider.isSliderDown():
            self._factor = factor
            self.slider.show_factor(factor)
            self._write()

    def show_base(self, per_s: float) -> None:
        """`per_s`: what all sources emit at 1×, requests/s; 0 when they have no plain rate."""
        if per_s != self._base:
            self._base = per_s
            self.rate.setEnabled(per_s > 0)
            self._write()

    def _choose(self, factor: float) -> None:
        if factor == self._factor:
            return
        self._factor = factor
        self.slider.show_factor(factor)
        self._write()
        self.factor_changed.emit(factor)

    def _typed_times(self) -> None:
        self._typed(self.times, 1.0)

    def _typed_rate(self) -> None:
        self._typed(self.rate, self._base)

    def _typed(self, field: QLineEdit, per: float) -> None:
        """Take what was typed; what is not a possible load leaves the old one, and says why."""
        if field.isModified() and per > 0:
            value = units.parsed(field.text())
            if value is not None and 0 <= value / per <= HIGHEST:
                self._choose(value / per)
            else:
                bound = tr(
                    "The load goes from 0 to {number}: a number, please.",
                    number=units.si(HIGHEST * per),
                )
                QToolTip.showText(field.mapToGlobal(field.rect().bottomLeft()), bound, field)
        field.setModified(False)
        self._write()

    def _write(self) -> None:
        for field, value in ((self.times, self._factor), (self.rate, self._factor * self._base)):
            if not field.isModified():
                field.setText(f"{value:.6g}" if field.isEnabled() else units.UNKNOWN)


def _field(name: str, tip: str, width: int) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setToolTip(tip)
    field.setFixedWidth(width)
    field.setAlignment(Qt.AlignmentFlag.AlignRight)
    return field
