"""One live plot: a title, a legend that reads the newest values, and thinned-out curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QToolTip, QVBoxLayout, QWidget

from sandbox.experiments import units
from sandbox.gui.curves import Curve, envelope, value_at
from sandbox.gui.dragged import METRIC_MIME, metric_of
from sandbox.gui.glyphs import glyph
from sandbox.gui.moments import Answer, Pair
from sandbox.gui.plots.axes import GridLines, TimeAxis, ValueAxis
from sandbox.gui.plots.bands import Band, FaultBands
from sandbox.gui.plots.flags import Flag, Flags
from sandbox.gui.plots.legend import Entry, Legend
from sandbox.gui.plots.zoom import Zoom
from sandbox.gui.theme import Theme
from sandbox.language import tr

# A scale that fits less shows the traces of a distribution's tail as if they were something.
_NOTHING = {"": 0.01, "1/s": 0.01}


_LEGEND_HOLDS = 4
_LEAST = 1e-9  # what a logarithmic axis takes for something


class LivePlot(QWidget):
    """Shows the curves it is answered with; a metric dropped on it is announced."""

    dropped = Signal(str, str)
    """A (node, metric) pair was dropped on the plot."""
    pointed = Signal(float)
    """The pointer stands at this simulated time (s); NaN when it left."""

    closed = Signal()
    """The plot, or what was added to it, is to go."""
    zoomed = Signal(float, float)
    """This stretch of time (s) is to fill all plots."""
    unzoomed = Signal()
    menu_wanted = Signal(QMenu)
    """A menu of the plot opens: fill it."""

    def __init__(
        self,
        name: str,
        title: str,
        unit: str,
        label: Callable[[Pair, LivePlot], str],
        closable: bool = False,
    ) -> None:
        """`label` names a curve for the legend."""
        super().__init__()
        self.name, self.unit = name, unit
        self.wanted: tuple[Pair, ...] = ()
        self._label = label
        self._curves: dict[Pair, pg.PlotDataItem] = {}
        self._data: dict[Pair, Curve] = {}
        self._colors: dict[Pair, QColor] = {}
        self._cycle: tuple[QColor, ...] = (QColor("#1a6fd6"),)
        self._span = (0.0, 1.0)
        self._pointed: float | None = None
        self._start = ""
        self._logarithmic = False
        self._future: dict[Pair, Curve] = {}
        self._dotted: dict[Pair, pg.PlotDataItem] = {}
        self._until: float | None = None
        self._marked: float | None = None
        self._events: Sequence[tuple[Any, bool]] = ()
        self.setAcceptDrops(True)
        self.setAccessibleName(tr("{title} plot", title=title))
        self.legend = Legend(title)
        self._close = QToolButton()
        self._close.setIcon(glyph("close"))
        self._close.setAutoRaise(True)
        self._close.setFixedSize(18, 18)
        self._close.setAccessibleName(tr("Remove the plot {title}", title=title))
        self._close.setToolTip(tr("Remove this plot"))
        self._close.setVisible(closable)
        self._close.clicked.connect(self.closed)
        self._more = QToolButton()
        self._more.setIcon(glyph("more"))
        self._more.setAutoRaise(True)
        self._more.setFixedSize(18, 18)
        self._more.setAccessibleName(tr("Menu of the plot {title}", title=title))
        self._more.setToolTip(tr("Logarithmic axis, save as a picture or numbers, remove curves"))
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setObjectName("more")
        self._menu = QMenu(self._more)
        self._menu.aboutToShow.connect(self._fill_menu)
        self._more.setMenu(self._menu)
        self._time, self._values = TimeAxis(), ValueAxis(unit)
        self._view = pg.PlotWidget(
            axisItems={"bottom": self._time, "left": self._values}, background=None
        )
        # pyqtgraph keeps the ground as a picture, which would stay light in a dark theme.
        self._view.setCacheMode(self._view.CacheModeFlag.CacheNone)
        self._view.setAccessibleName(tr("{title} curves", title=title))
        self._view.setMenuEnabled(False)
        self._view.setMouseEnabled(False, False)
        self._view.hideButtons()
        self._view.setAntialiasing(False)
        self._view.setFrameShape(self._view.Shape.NoFrame)
        self._view.getPlotItem().disableAutoRange()
        # The highest tick's label stands half above the curves, the last one's half beside them.
        self._view.getPlotItem().layout.setContentsMargins(0, 8, 12, 0)
        self._view.setAcceptDrops(False)
        self._grid = GridLines(self._time, self._values)
        self._view.addItem(self._grid, ignoreBounds=True)
        self._bands = FaultBands()
        self._view.addItem(self._bands, ignoreBounds=True)
        self._flags = Flags()
        self._view.addItem(self._flags, ignoreBounds=True)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._moment = pg.InfiniteLine(angle=90, movable=False)
        for line in (self._cursor, self._moment):
            line.hide()
            self._view.addItem(line, ignoreBounds=True)
        self._zoom = Zoom(self._view)
        self._zoom.dragged.connect(self.zoomed)
        self._zoom.turned.connect(self.zoom)
        self._zoom.ended.connect(self.unzoomed)
        self._view.scene().sigMouseMoved.connect(self._point)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 2, 2)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.legend, 1)
        head.addWidget(self._more, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self._close, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(head)
        column.addWidget(self._view, 1)

    def set_theme(self, theme: Theme, cycle: Sequence[str]) -> None:
        """Take the colours of a theme; `cycle` are those of the curves in turn."""
        self._cycle = tuple(QColor(color) for color in cycle)
        for axis in (self._time, self._values):
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
        font = self.font()
        font.setPointSizeF(font.pointSizeF() * 0.85)
        for axis in (self._time, self._values):
            axis.setTickFont(font)
            axis.setStyle(tickLength=-3)
        self._bands.set_look(QColor(theme.critical), QColor(theme.muted), font)
        self._grid.set_color(QColor(theme.grid))
        self._cursor.setPen(pg.mkPen(theme.muted))
        self._moment.setPen(pg.mkPen(theme.accent, width=1))
        self._zoom.set_color(theme.accent)
        for index, (pair, item) in enumerate(self._curves.items()):
            self._colors[pair] = self._cycle[index % len(self._cycle)]
            item.setPen(pg.mkPen(self._colors[pair], width=1))
        for pair, item in self._dotted.items():
            item.setPen(self._dots(pair))
        self._read()

    def set_title(self, title: str) -> None:
        self.legend.set_title(title)
        self.setAccessibleName(tr("{title} plot", title=title))

    def set_start(self, start: str) -> None:
        self._start = start
        self._time.set_start(start)

    @property
    def logarithmic(self) -> bool:
        return self._logarithmic

    def set_logarithmic(self, on: bool) -> None:
        """A value axis of powers of ten; what is not above zero cannot be drawn on it."""
        if on != self._logarithmic:
            self._logarithmic = self._values.logarithmic = on
            self._values.picture = None
            for pair, curve in self._data.items():
                self._curves[pair].setData(*self._line(curve))
            for pair, item in self._dotted.items():
                item.setData(*self._line(self._future[pair]))
            self._scale()
            self._plant()

    @property
    def named(self) -> dict[str, Curve]:
        """The curves by the names of the legend."""
        return {self._label(pair, self): curve for pair, curve in self._data.items()}

    def show_moment(self, t_s: float | None) -> None:
        """Mark the earlier moment that is shown; None while it is the present one."""
        if t_s != self._marked:
            self._marked = t_s
            self._moment.setVisible(t_s is not None)
            if t_s is not None:
                self._moment.setPos(t_s)
            self._read()

    def show_forecast(self, curves: dict[Pair, Curve], until: float | None) -> None:
        """Continue the curves by dotted ones up to a time (s); None without a forecast."""
        self._until = until
        self._future = {pair: curves[pair] for pair in self.wanted if pair in curves}
        for pair in [pair for pair in self._dotted if pair not in self._future]:
            self._view.removeItem(self._dotted.pop(pair))
        for pair, curve in self._future.items():
            item = self._dotted.get(pair)
            if item is None:
                item = self._dotted[pair] = self._view.plot(pen=self._dots(pair))
                item.setZValue(-10)
            item.setData(*self._line(curve))
        self._scale()

    def show_events(self, events: Sequence[tuple[Any, bool]]) -> None:
        """Flag on the curves what happened, and what is foretold (True)."""
        self._events = events
        self._plant()

    def show_curves(self, answer: Answer) -> None:
        """Draw the answer; curves that are not in it disappear."""
        wanted = {(curve.node, curve.metric): curve for curve in answer.curves}
        for pair in [pair for pair in self._curves if pair not in wanted]:
            self._view.removeItem(self._curves.pop(pair))
            self._colors.pop(pair, None)
        for pair, curve in wanted.items():
            item = self._curves.get(pair)
            if item is None:
                item = self._curves[pair] = self._view.plot(pen=self._pen(pair))
            item.setData(*self._line(curve))
        self._data = wanted
        self._span = (answer.t0, max(answer.t1, answer.t0 + 1.0))
        self._scale()
        self._plant()
        self._read()

    @property
    def bands(self) -> tuple[Band, ...]:
        """The faults that are marked on it."""
        return self._bands.bands

    def show_bands(self, bands: Sequence[Band]) -> None:
        """Mark when faults strike."""
        self._bands.show_bands(bands)

    def point_at(self, t_s: float | None) -> None:
        """Read the legend at this time instead of now; None goes back to now."""
        self._pointed = t_s
        self._cursor.setVisible(t_s is not None)
        if t_s is not None:
            self._cursor.setPos(t_s)
        self._read()

    def _pen(self, pair: Pair) -> object:
        taken = {color.name() for color in self._colors.values()}
        free = (color for color in self._cycle if color.name() not in taken)
        self._colors[pair] = next(free, self._cycle[len(self._colors) % len(self._cycle)])
        return pg.mkPen(self._colors[pair], width=1)

    def _dots(self, pair: Pair) -> object:
        color = self._colors.get(pair) or QColor("#808080")
        return pg.mkPen(color, width=1, style=Qt.PenStyle.DotLine)

    def _line(self, curve: Curve) -> tuple[np.ndarray, np.ndarray]:
        """What is drawn of a curve."""
        x, y = envelope(curve)
        if self._logarithmic:
            y = np.where(y > 0, y, np.nan)
            return x, np.log10(y)
        return x, y

    def _plant(self) -> None:
        """A flag on the first curve of each event's node."""
        flags = []
        for event, foretold in self._events:
            pair = next((pair for pair in self._data if pair[0] == event.node), None)
            if pair is None:
                continue
            curve = self._future.get(pair) if foretold else self._data[pair]
            y = value_at(curve, event.t_s) if curve is not None else 0.0
            if self._logarithmic:
                y = float(np.log10(y)) if y > 0 else -12.0
            when = units.clock(self._start, event.t_s)
            words = f"{when}: {event.text}" + (tr(" (foretold)") if foretold else "")
            if np.isfinite(y):
                flags.append(Flag(event.t_s, y, self._colors[pair], words, foretold))
        self._flags.show_flags(flags)

    def _right(self) -> float:
        return self._span[1] if self._until is None else max(self._span[1], self._until)

    def _scale(self) -> None:
        """From zero to a round number above the highest value, changed only when it must be."""
        if self._logarithmic:
            self._scale_by_decades()
            return
        shown = [*self._data.values(), *self._future.values()]
        top = max([_top(curve) for curve in shown], default=0.0)
        if top < _NOTHING.get(self.unit, 0.0):
            top = 0.0
        view = self._view.getViewBox()
        (_, _), (_, ceiling) = view.viewRange()
        if top > ceiling or top < ceiling * 0.55:
            ceiling = _round_above(top * 1.02)
        view.setRange(xRange=(self._span[0], self._right()), yRange=(0.0, ceiling), padding=0)

    def _scale_by_decades(self) -> None:
        found = [curve.hi for curve in (*self._data.values(), *self._future.values())]
        found += [curve.lo for curve in (*self._data.values(), *self._future.values())]
        values = np.concatenate(found) if found else np.zeros(0)
        values = values[np.isfinite(values) & (values > _LEAST)]
        low, high = (values.min(), values.max()) if len(values) else (0.1, 1.0)
        decades = (float(np.floor(np.log10(low))), float(np.ceil(np.log10(high) + 1e-9)))
        if decades[0] == decades[1]:
            decades = (decades[0], decades[0] + 1.0)
        view = self._view.getViewBox()
        view.setRange(xRange=(self._span[0], self._right()), yRange=decades, padding=0)

    def _read(self) -> None:
        at = self._pointed if self._pointed is not None else self._marked
        self.legend.set_note(units.clock(self._start, at) if at is not None and self._start else "")
        # Many curves do not all fit the legend: those that matter stand first.
        pairs = list(self._data.items())
        if len(pairs) > _LEGEND_HOLDS:
            pairs.sort(key=lambda item: -_top(item[1]))
        self.legend.show_entries(
            [
                Entry(
                    self._label(pair, self),
                    units.quantity(self._value(pair, curve, at), self.unit),
                    self._colors.get(pair, QColor("#808080")),
                )
                for pair, curve in pairs
            ]
        )

    def _value(self, pair: Pair, curve: Curve, at: float | None) -> float:
        """At a time, of the forecast where that is all there is."""
        future = self._future.get(pair)
        if at is not None and future is not None and len(curve.t) and at > curve.t[-1]:
            return value_at(future, at)
        return value_at(curve, at)

    def _point(self, position: QPointF) -> None:
        view = self._view.getViewBox()
        inside = view.sceneBoundingRect().contains(position)
        words = self._flags.words_at(position) if inside else ""
        if words:
            place = self._view.viewport().mapToGlobal(self._view.mapFromScene(position))
            QToolTip.showText(place, words, self._view)
        elif QToolTip.isVisible():
            QToolTip.hideText()
        self.pointed.emit(view.mapSceneToView(position).x() if inside else float("nan"))

    def zoom(self, factor: float, about: float | None = None) -> None:
        """Show more (above 1) or less time about a moment, or about the middle."""
        t0, t1 = self._span[0], self._right()
        middle = (t0 + t1) / 2 if about is None else about
        begin = max(0.0, middle - (middle - t0) * factor)
        self.zoomed.emit(begin, max(begin + 2.0, middle + (t1 - middle) * factor))

    # --- menu ------------------------------------------------------------------------------------

    def _fill_menu(self) -> None:
        self._menu.clear()
        self.menu_wanted.emit(self._menu)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._fill_menu()
        self._menu.popup(event.globalPos())

    def leaveEvent(self, event: object) -> None:
        self.pointed.emit(float("nan"))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(METRIC_MIME):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        pair = metric_of(event.mimeData())
        if pair is not None:
            event.acceptProposedAction()
            self.dropped.emit(*pair)


def _top(curve: Curve) -> float:
    """The highest value that is a number, and at least zero."""
    finite = curve.hi[np.isfinite(curve.hi)]
    return max(float(finite.max()), 0.0) if len(finite) else 0.0


def _round_above(value: float) -> float:
    """The next of 1, 1.5, 2, 3, 4, 5, 6, 8, 10 times a power of ten."""
    if value <= 0:
        return 1.0
    power = 10.0 ** np.floor(np.log10(value))
    steps = (1, 1.5, 2, 3, 4, 5, 6, 8, 10)
    return float(next(step for step in steps if step * power >= value * 0.999999) * power)
