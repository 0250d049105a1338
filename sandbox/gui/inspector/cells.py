"""Inner state as bars: one for each instance, shard or partition."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QVBoxLayout, QWidget

from sandbox.engine.why import Bar, Bars
from sandbox.experiments import units
from sandbox.gui.theme import DARK, LIGHT, Theme
from sandbox.language import tr

_ROWS = 16  # more cells than this stand side by side as columns
_TALL = 64  # px of columns
_NAMES = 0.45  # of the width, at most


class CellBars(QWidget):
    """A title that sums up, and the bars."""

    def __init__(self, title: str) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self._words, self._chart = QLabel(), _Chart()
        self._words.setWordWrap(True)
        self._words.setObjectName("help")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 4)
        column.setSpacing(2)
        column.addWidget(self._words)
        column.addWidget(self._chart)

    def show_bars(self, bars: Bars) -> None:
        text = summary(bars)
        if text != self._words.text():
            self._words.setText(text)
            self.setAccessibleDescription(text)
        self._chart.show_bars(bars)


def summary(bars: Bars) -> str:
    """ "8 shards: 44 % on average, 71 % at most – offered, of 1,000 records or 1 MiB a second"."""
    values = [bar.value for bar in bars.bars if not math.isnan(bar.value)]
    count = f"{len(bars.bars):,} {(bars.title if len(bars.bars) != 1 else bars.one).lower()}"
    if not values:
        return f"{count} – {bars.words}"
    mean, most = units.percent(sum(values) / len(values)), units.percent(max(values))
    spread = (
        tr("{mean} each", mean=mean)
        if mean == most
        else tr("{mean} on average, {most} at most", mean=mean, most=most)
    )
    return f"{count}: {spread} – {bars.words}"


class _Chart(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self._bars: Bars | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_bars(self, bars: Bars) -> None:
        if bars == self._bars:
            return
        before, self._bars = self.sizeHint(), bars
        if before != self.sizeHint():
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        count = len(self._bars.bars) if self._bars else 0
        return QSize(200, count * self._line() if count <= _ROWS else _TALL)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self.sizeHint().height())

    def _line(self) -> int:
        return self.fontMetrics().height() + 4

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._bars:
            bar = self._at(event.pos().x(), event.pos().y())
            QToolTip.showText(event.globalPos(), said(self._bars.one, bar) if bar else "", self)
            return True
        return super().event(event)

    def _at(self, x: int, y: int) -> Bar | None:
        bars = self._bars.bars if self._bars else ()
        if len(bars) <= _ROWS:
            place = y // self._line()
        else:
            place = int(x / max(self.width(), 1) * len(bars))
        return bars[place] if 0 <= place < len(bars) else None

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._bars is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        dark = self.palette().color(QPalette.ColorRole.Base).lightness() < 128
        theme = DARK if dark else LIGHT
        if len(self._bars.bars) <= _ROWS:
            self._paint_rows(painter, theme)
        else:
            self._paint_columns(painter, theme)

    def _paint_rows(self, painter: QPainter, theme: Theme) -> None:
        assert self._bars is not None
        line = self._line()
        metrics = self.fontMetrics()
        names = [label(self._bars.one, bar) for bar in self._bars.bars]
        widest = max(metrics.horizontalAdvance(one) for one in [f"{self._bars.one} 88", *names])
        name = min(widest, int(_NAMES * self.width())) + 8
        number = metrics.horizontalAdvance("terminating") + 6
        for i, bar in enumerate(self._bars.bars):
            y = i * line
            painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
            text = metrics.elidedText(names[i], Qt.TextElideMode.ElideRight, name - 8)
            painter.drawText(QRectF(0, y, name, line), _LEFT, text)
            track = QRectF(name, y + line / 2 - 4, self.width() - name - number, 8)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.track))
            painter.drawRoundedRect(track, 3, 3)
            if not math.isnan(bar.value):
                part = QRectF(track)
                part.setWidth(track.width() * min(1.0, max(bar.value, 0.0)))
                painter.setBrush(color(bar, theme))
                painter.drawRoundedRect(part, 3, 3)
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            place = QRectF(self.width() - number, y, number, line)
            painter.drawText(place, _RIGHT, short(bar))

    def _paint_columns(self, painter: QPainter, theme: Theme) -> None:
        """Each as wide as there is room for; the line is where they are full."""
        assert self._bars is not None
        bars = self._bars.bars
        most = max([1.0, *(bar.value for bar in bars if not math.isnan(bar.value))])
        wide = self.width() / len(bars)
        gap = 1.0 if wide >= 4 else 0.0
        height = self.height() - 2.0
        painter.setPen(Qt.PenStyle.NoPen)
        for i, bar in enumerate(bars):
            value = 0.0 if math.isnan(bar.value) else bar.value
            tall = max(1.5, height * value / most)
            painter.setBrush(color(bar, theme))
            painter.drawRect(QRectF(i * wide, self.height() - tall, max(wide - gap, 0.7), tall))
        painter.setPen(QColor(theme.muted))
        y = self.height() - height / most
        painter.drawLine(0, round(y), self.width(), round(y))


_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def color(bar: Bar, theme: Theme) -> QColor:
    """Of its state where that is out of the ordinary, else of its load."""
    tone = bar.state.tone if bar.state else "ok"
    if tone in ("warning", "critical", "idle"):
        return QColor(getattr(theme, tone))
    if tone == "busy":
        return QColor(theme.accent)
    if math.isnan(bar.value):
        return QColor(theme.idle)
    if bar.value > 1.0:
        return QColor(theme.critical)
    return QColor(theme.warning if bar.value > 0.9 else theme.ok)


def short(bar: Bar) -> str:
    """Its load, or the state that keeps it from having one."""
    if math.isnan(bar.value):
        return bar.state.name if bar.state else units.UNKNOWN
    return units.percent(bar.value)


def label(one: str, bar: Bar) -> str:
    """Its name, or its number where it has none."""
    return bar.name or f"{one} {bar.number}"


def said(one: str, bar: Bar) -> str:
    """All that is known of it."""
    parts = [label(one, bar)]
    if bar.state:
        parts.append(bar.state.name)
    if not math.isnan(bar.value):
        parts.append(units.percent(bar.value))
    return ", ".join(parts) + (f"\n{bar.note}" if bar.note else "")
