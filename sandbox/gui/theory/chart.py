"""The waterfall of one request: a bar a hop, from left to right in time."""

from __future__ import annotations

import math
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from sandbox.experiments.requests.waterfall import Span, Waterfall
from sandbox.experiments.units import duration
from sandbox.gui.theme import LIGHT, Theme
from sandbox.language import tr

ROW, BAR, HEAD, FOOT = 23.0, 11.0, 20.0, 20.0
_INDENT, _GAP, _TAIL = 12.0, 8.0, 74.0
_STEPS = (1.0, 2.0, 5.0)


class Chart(QWidget):
    """Painted; the arrow keys walk through the hops, and each says what it is."""

    chosen = Signal(int)
    """The row that a person walked or clicked to."""

    def __init__(self, name_of: Callable[[str], str], color_of: Callable[[str], QColor]) -> None:
        """How a node is called, and the colour of its service, by its id."""
        super().__init__()
        self._name_of, self._color_of = name_of, color_of
        self._theme = LIGHT
        self.fall: Waterfall | None = None
        self.row = -1
        self.setAccessibleName(tr("Waterfall"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(260)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_fall(self, fall: Waterfall | None) -> None:
        self.fall, self.row = fall, -1
        self.setMinimumHeight(self.sizeHint().height())
        self.updateGeometry()
        self._say()
        self.update()

    def choose(self, row: int) -> None:
        """Mark a hop; -1 for none."""
        if row != self.row:
            self.row = row
            self._say()
            self.update()

    def sizeHint(self) -> QSize:
        rows = len(self.fall.spans) if self.fall else 0
        return QSize(420, round(HEAD + ROW * rows + FOOT))

    # --- painting --------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.fall is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        small = self.font()
        small.setPointSizeF(small.pointSizeF() * 0.88)
        painter.setFont(small)
        left, wide = self._plot()
        self._axis(painter, left, wide)
        for row, span in enumerate(self.fall.spans):
            self._hop(painter, row, span, left, wide)
        self._legend(painter)

    def _plot(self) -> tuple[float, float]:
        """Left edge and width of the time axis."""
        metrics = QFontMetricsF(self.font())
        names = [
            metrics.horizontalAdvance(self._label(s)) + _INDENT * s.depth
            for s in (self.fall.spans if self.fall else ())
        ]
        left = min(max(names, default=0.0) + 2 * _GAP, 0.42 * self.width())
        return left, max(40.0, self.width() - left - _TAIL)

    @property
    def _whole(self) -> float:
        if self.fall is None:
            return 1.0
        return max(self.fall.seconds, *(span.end_s for span in self.fall.spans), 1e-9)

    def _axis(self, painter: QPainter, left: float, wide: float) -> None:
        assert self.fall is not None
        bottom = HEAD + ROW * len(self.fall.spans)
        step = _round_step(self._whole, max(2.0, wide / 80.0))
        at = 0.0
        while at <= self._whole * 1.0001:
            x = left + at / self._whole * wide
            painter.setPen(QPen(QColor(self._theme.grid), 1))
            painter.drawLine(QPointF(x, HEAD - 3), QPointF(x, bottom))
            painter.setPen(QColor(self._theme.muted))
            box = QRectF(x - 40, 0, 80, HEAD - 4)
            flag = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignHCenter
            painter.drawText(box, flag, duration(at))
            at += step

    def _hop(self, painter: QPainter, row: int, span: Span, left: float, wide: float) -> None:
        theme, top = self._theme, HEAD + ROW * row
        if row == self.row:
            mark = QColor(theme.accent)
            mark.setAlphaF(0.16)
            painter.fillRect(QRectF(0, top, self.width(), ROW), mark)
        metrics = QFontMetricsF(painter.font())
        indent = _GAP + _INDENT * span.depth
        name = metrics.elidedText(
            self._label(span), Qt.TextElideMode.ElideRight, max(20.0, left - indent - _GAP)
        )
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.setPen(QColor(theme.text))
        painter.drawText(QRectF(indent, top, left - indent, ROW), middle, name)
        self._bar(painter, span, top + (ROW - BAR) / 2, left, wide / self._whole)
        end = left + span.end_s / self._whole * wide
        bad = span.outcome != "ok"
        given_up = span.given_up_s is not None
        painter.setPen(QColor(theme.critical if bad or given_up else theme.muted))
        text = span.outcome.replace("_", " ") if bad else duration(span.end_s - span.sent_s)
        text = tr("given up") if given_up else text
        painter.drawText(QRectF(end + 6, top, _TAIL, ROW), middle, text)

    def _bar(self, painter: QPainter, span: Span, y: float, left: float, scale: float) -> None:
        """The call in pale, its wait hatched, its work full; on the way, only a line."""
        color = self._color_of(span.node)
        start = left + span.start_s * scale
        end = left + span.end_s * scale
        if span.start_s > span.sent_s:
            painter.setPen(QPen(QColor(self._theme.muted), 1.2, Qt.PenStyle.DotLine))
            sent = left + span.sent_s * scale
            painter.drawLine(QPointF(sent, y + BAR / 2), QPointF(start, y + BAR / 2))
        pale = QColor(color)
        pale.setAlphaF(0.24)
        edge = QPen(Qt.PenStyle.NoPen)
        if span.outcome != "ok":
            edge = QPen(QColor(self._theme.critical), 1.4)
        painter.setPen(edge)
        painter.setBrush(pale)
        painter.drawRoundedRect(QRectF(start, y, max(end - start, 1.5), BAR), 2, 2)
        painter.setPen(Qt.PenStyle.NoPen)
        if span.wait_s > 0:
            box = QRectF(start, y, max(span.wait_s * scale, 1.0), BAR)
            painter.setBrush(QColor(self._theme.track))
            painter.drawRect(box)
            painter.setBrush(QBrush(QColor(self._theme.muted), Qt.BrushStyle.BDiagPattern))
            painter.drawRect(box)
        if span.service_s > 0:
            painter.setBrush(color)
            begin = start + span.wait_s * scale
            painter.drawRoundedRect(QRectF(begin, y, max(span.service_s * scale, 1.5), BAR), 2, 2)
        if span.given_up_s is not None:
            self._given_up(painter, left + span.given_up_s * scale, end, y)

    def _given_up(self, painter: QPainter, x: float, end: float, y: float) -> None:
        """From here on nobody waits: the work fades, behind a mark."""
        critical, veil = QColor(self._theme.critical), QColor(self._theme.window)
        veil.setAlphaF(0.72)
        painter.fillRect(QRectF(x, y - 1, end - x + 1, BAR + 2), veil)
        painter.setPen(QPen(critical, 1.2, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(x, y, max(end - x, 1.5), BAR), 2, 2)
        painter.setPen(QPen(critical, 2.0))
        painter.drawLine(QPointF(x, y - 3), QPointF(x, y + BAR + 3))

    def _legend(self, painter: QPainter) -> None:
        assert self.fall is not None
        y, x = HEAD + ROW * len(self.fall.spans) + 5, _GAP
        muted, text = QColor(self._theme.muted), QColor(self._theme.text)
        pale = QColor(muted)
        pale.setAlphaF(0.3)
        track = QColor(self._theme.track)
        for brushes, words in (
            ((track, QBrush(muted, Qt.BrushStyle.BDiagPattern)), tr("waits")),
            ((QBrush(text),), tr("works")),
            ((QBrush(pale),), tr("waits for what it calls")),
        ):
            painter.setPen(Qt.PenStyle.NoPen)
            for brush in brushes:
                painter.setBrush(brush)
                painter.drawRect(QRectF(x, y + 3, 14, 8))
            painter.setPen(muted)
            advance = QFontMetricsF(painter.font()).horizontalAdvance(words)
            painter.drawText(QPointF(x + 19, y + 11), words)
            x += 19 + advance + 16

    def _label(self, span: Span) -> str:
        text = self._name_of(span.node)
        if span.call > 1:
            text += tr(" · call {call}", call=span.call)
        if span.attempt > 1:
            text += tr(" · attempt {attempt}", attempt=span.attempt)
        return text

    # --- words and keys --------------------------------------------------------------------------

    def words(self, row: int) -> str:
        """A hop in words, with the time of each of its parts."""
        assert self.fall is not None
        span = self.fall.spans[row]
        parts = [
            tr("{label}: sent at {sent_s}", label=self._label(span), sent_s=duration(span.sent_s))
        ]
        if span.start_s > span.sent_s:
            parts.append(
                tr("{start_s} on the network", start_s=duration(span.start_s - span.sent_s))
            )
        if span.wait_s > 0:
            parts.append(tr("waits {wait_s}", wait_s=duration(span.wait_s)))
        if span.service_s > 0:
            parts.append(tr("works {service_s}", service_s=duration(span.service_s)))
        if span.calls_s > 1e-9:
            parts.append(tr("waits {calls_s} for what it calls", calls_s=duration(span.calls_s)))
        parts.append(
            tr(
                "ends at {end_s}: {replace}",
                end_s=duration(span.end_s),
                replace=span.outcome.replace("_", " "),
            )
        )
        if span.given_up_s is not None:
            parts.append(
                tr("its caller had given up at {given_up_s}", given_up_s=duration(span.given_up_s))
            )
        return ", ".join(parts)

    def _say(self) -> None:
        if self.fall is None:
            self.setAccessibleDescription(tr("No request was followed."))
            return
        which = tr(
            "A {which} request, {seconds}, ",
            which=self.fall.which,
            seconds=duration(self.fall.seconds),
        )
        which += tr("{count} hops.", count=len(self.fall.spans))
        self.setAccessibleDescription(which if self.row < 0 else self.words(self.row))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        step = steps.get(Qt.Key(event.key()))
        if step is None or self.fall is None:
            super().keyPressEvent(event)
            return
        row = min(max(self.row + step, 0), len(self.fall.spans) - 1)
        self.choose(row)
        self.chosen.emit(row)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position().y())
        self.choose(row)
        self.chosen.emit(row)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            row = self._row_at(event.pos().y())
            if row >= 0:
                QToolTip.showText(event.globalPos(), self.words(row), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)

    def _row_at(self, y: float) -> int:
        rows = len(self.fall.spans) if self.fall else 0
        row = int((y - HEAD) // ROW)
        return row if 0 <= row < rows else -1


def _round_step(whole: float, ticks: float) -> float:
    """A step of 1, 2 or 5 times a power of ten, for about so many ticks."""
    wanted = whole / ticks
    power = 10.0 ** math.floor(math.log10(wanted))
    return next((s * power for s in _STEPS if s * power >= wanted), 10.0 * power)
