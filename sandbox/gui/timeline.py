"""The line of time under the transport: what has been, what happened, and where one looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QToolTip, QWidget

from sandbox.experiments import units
from sandbox.gui.theme import LIGHT, Theme
from sandbox.language import tr

_HEIGHT, _EDGE, _GROOVE = 22, 9, 6  # px
_GRAB = 5  # px beside a bookmark that still count as it
_MARKS = 400  # of what happened: more could not be told apart
_SHARE = 50  # a key goes one of so many parts of what has been


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A moment somebody wants to find again."""

    t_s: float
    name: str


class Timeline(QAbstractSlider):
    """A slider from the start of the run to its present moment; what is to come is drawn empty."""

    scrubbed = Signal(float)
    """Show the moment of this time (s)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = LIGHT
        self._start = "2026-01-05T08:00:00Z"
        self._duration_s, self._end_s, self._t_s, self._dt = 86_400.0, 0.0, 0.0, 1.0
        self._back = False
        self._marks: list[tuple[float, str]] = []
        self._bookmarks: tuple[Bookmark, ...] = ()
        self.setAccessibleName(tr("Timeline"))
        self.setToolTip(
            tr(
                "What has been: drag to look back, arrow keys go a little, Page Up and Down "
                "further, Home to the start, End to the present moment"
            )
        )
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(0, 0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMouseTracking(True)
        self.actionTriggered.connect(self._by_key)

    def sizeHint(self) -> QSize:
        return QSize(400, _HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, _HEIGHT)

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.update()

    def show_scenario(self, start: str, duration_s: float) -> None:
        if (start, duration_s) != (self._start, self._duration_s):
            self._start, self._duration_s = start, duration_s
            self.update()

    def show_time(self, t_s: float, end_s: float, dt: float, back: bool) -> None:
        """Follow the run: the moment that is shown, and how far it has gone."""
        if (t_s, end_s, dt, back) == (self._t_s, self._end_s, self._dt, self._back):
            return
        before = (round(self._x(self._t_s)), round(self._x(self._end_s)), self._back)
        self._t_s, self._end_s, self._dt, self._back = t_s, end_s, dt, back
        last = round(end_s / dt)
        self.blockSignals(True)  # a value that is shown was not chosen
        self.setRange(0, last)
        self.setSingleStep(max(1, last // _SHARE))
        self.setPageStep(max(1, last // 8))
        self.setValue(round(t_s / dt))
        self.blockSignals(False)
        said = units.clock(self._start, t_s)
        self.setAccessibleDescription(tr("{said}, looking back", said=said) if back else said)
        if before != (round(self._x(t_s)), round(self._x(end_s)), back):
            self.update()

    def show_marks(self, marks: Sequence[tuple[float, str]]) -> None:
        """What happened: (t_s, severity), the worst kept where many fall together."""
        self._marks = list(marks)[-_MARKS:]
        self.update()

    def show_bookmarks(self, bookmarks: Sequence[Bookmark]) -> None:
        self._bookmarks = tuple(bookmarks)
        self.update()

    # --- pointer and keys ------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            at = event.position().x()
            near = [b for b in self._bookmarks if abs(self._x(b.t_s) - at) <= _GRAB]
            self._go(near[0].t_s if near else self._time(at))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().x()
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(self._time(at))
        near = [b.name for b in self._bookmarks if abs(self._x(b.t_s) - at) <= _GRAB]
        text = near[0] if near else units.clock(self._start, self._time(at))
        QToolTip.showText(event.globalPosition().toPoint(), text, self)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._back:
            self._go(self._end_s)
        else:
            super().keyPressEvent(event)

    def _by_key(self, _action: int) -> None:
        self._go(self.sliderPosition() * self._dt)

    def _go(self, t_s: float) -> None:
        t_s = min(max(t_s, 0.0), self._end_s)
        if self._end_s > 0:
            self.scrubbed.emit(t_s)

    # --- painting --------------------------------------------------------------------------------

    def _span(self) -> float:
        return max(self._duration_s, self._end_s, 1e-9)

    def _x(self, t_s: float) -> float:
        return _EDGE + (self.width() - 2 * _EDGE) * t_s / self._span()

    def _time(self, x: float) -> float:
        return (x - _EDGE) / max(self.width() - 2 * _EDGE, 1) * self._span()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        middle = self.height() / 2
        top = middle - _GROOVE / 2
        painter.setBrush(QColor(theme.track))
        painter.drawRoundedRect(QRectF(_EDGE, top, self.width() - 2 * _EDGE, _GROOVE), 3, 3)
        end, here = self._x(self._end_s), self._x(self._t_s)
        been = QColor(theme.accent)
        been.setAlpha(90)
        painter.setBrush(been)
        painter.drawRoundedRect(QRectF(_EDGE, top, end - _EDGE, _GROOVE), 3, 3)
        painter.setBrush(QColor(theme.accent))
        painter.drawRoundedRect(QRectF(_EDGE, top, here - _EDGE, _GROOVE), 3, 3)
        self._paint_marks(painter, middle)
        if self._back:
            painter.setPen(QPen(QColor(theme.muted), 2))
            painter.drawLine(QPointF(end, middle - 7), QPointF(end, middle + 7))
        painter.setPen(QPen(QColor(theme.base), 2))
        painter.setBrush(QColor(theme.warning if self._back else theme.accent))
        painter.drawEllipse(QPointF(here, middle), 7, 7)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.text), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(QPointF(here, middle), 9, 9)

    def _paint_marks(self, painter: QPainter, middle: float) -> None:
        theme = self._theme
        colors = {"error": theme.critical, "warning": theme.warning}
        painter.setPen(Qt.PenStyle.NoPen)
        for t_s, severity in self._marks:
            painter.setBrush(QColor(colors.get(severity, theme.muted)))
            tall = 11.0 if severity in colors else 8.0
            painter.drawRect(QRectF(self._x(t_s) - 0.75, middle - tall / 2, 1.5, tall))
        painter.setBrush(QColor(theme.text))
        for bookmark in self._bookmarks:
            x = self._x(bookmark.t_s)
            points = ((-4, 0), (4, 0), (4, 10), (0, 7), (-4, 10))
            painter.drawPolygon(QPolygonF([QPointF(x + dx, dy) for dx, dy in points]))
