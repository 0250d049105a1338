"""One live plot: a title, a legend that reads the newest values, and thinned-out curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from sandbox.experiments import units
from sandbox.gui.curves import Curve, envelope, value_at
from sandbox.gui.dragged import METRIC_MIME, metric_of
from sandbox.gui.glyphs import glyph
from sandbox.gui.moments import Answer, Pair
from sandbox.gui.plots.axes import GridLines, TimeAxis, ValueAxis
from sandbox.gui.plots.bands import Band, FaultBands
from sandbox.gui.plots.legend import Entry, Legend
from sandbox.gui.theme import Theme

# A scale that fits less shows the traces of a distribution's tail as if they were something.
_NOTHING = {"": 0.01, "1/s": 0.01}


_LEGEND_HOLDS = 4


class LivePlot(QWidget):
    """Shows the curves it is answered with; a metric dropped on it is announced."""

    dropped = Signal(str, str)
    """A (node, metric) pair was dropped on the plot."""
    pointed = Signal(float)
    """The pointer stands at this simulated time (s); NaN when it left."""

    closed = Signal()
    """The plot, or what was added to it, is to go."""

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
        self.setAcceptDrops(True)
        self.setAccessibleName(f"{title} plot")
        self.legend = Legend(title)
        self._close = QToolButton()
        self._close.setIcon(glyph("close"))
        self._close.setAutoRaise(True)
        self._close.setFixedSize(18, 18)
        self._close.setAccessibleName(f"Remove the plot {title}")
        self._close.setToolTip("Remove this plot")
        self._close.setVisible(closable)
        self._close.clicked.connect(self.closed)
        self._time, self._values = TimeAxis(), ValueAxis(unit)
        self._view = pg.PlotWidget(
            axisItems={"bottom": self._time, "left": self._values}, background=None
        )
        self._view.setAccessibleName(f"{title} curves")
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
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
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self._view.addItem(self._cursor, ignoreBounds=True)
        self._view.scene().sigMouseMoved.connect(self._point)
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 4, 2, 2)
        column.setSpacing(0)
        head = QHBoxLayout()
        head.setSpacing(0)
        head.addWidget(self.legend, 1)
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
        for index, (pair, item) in enumerate(self._curves.items()):
            self._colors[pair] = self._cycle[index % len(self._cycle)]
            item.setPen(pg.mkPen(self._colors[pair], width=1))
        self._read()

    def set_title(self, title: str) -> None:
        self.legend.set_title(title)
        self.setAccessibleName(f"{title} plot")

    def set_start(self, start: str) -> None:
        self._time.set_start(start)

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
            item.setData(*envelope(curve))
        self._data = wanted
        self._span = (answer.t0, max(answer.t1, answer.t0 + 1.0))
        self._scale()
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

    def _scale(self) -> None:
        """From zero to a round number above the highest value, changed only when it must be."""
        top = max([_top(curve) for curve in self._data.values()], default=0.0)
        if top < _NOTHING.get(self.unit, 0.0):
            top = 0.0
        view = self._view.getViewBox()
        (_, _), (_, ceiling) = view.viewRange()
        if top > ceiling or top < ceiling * 0.55:
            ceiling = _round_above(top * 1.02)
        view.setRange(xRange=self._span, yRange=(0.0, ceiling), padding=0)

    def _read(self) -> None:
        # Many curves do not all fit the legend: those that matter stand first.
        pairs = list(self._data.items())
        if len(pairs) > _LEGEND_HOLDS:
            pairs.sort(key=lambda item: -_top(item[1]))
        self.legend.show_entries(
            [
                Entry(
                    self._label(pair, self),
                    units.quantity(value_at(curve, self._pointed), self.unit),
                    self._colors.get(pair, QColor("#808080")),
                )
                for pair, curve in pairs
            ]
        )

    def _point(self, position: QPointF) -> None:
        view = self._view.getViewBox()
        inside = view.sceneBoundingRect().contains(position)
        self.pointed.emit(view.mapSceneToView(position).x() if inside else float("nan"))

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
