"""The Plots dock: the usual five and those a person made, over one span of time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from sandbox.document.faults import KINDS
from sandbox.engine.dials import FaultNow
from sandbox.experiments import units
from sandbox.gui.moments import TOTAL, Answer, Pair, Query
from sandbox.gui.plots.bands import Band
from sandbox.gui.plots.choice import MOST_CURVES, Plan, lost_to, usual
from sandbox.gui.plots.plot import LivePlot
from sandbox.gui.session import Session
from sandbox.gui.theme import Theme

_BY_SPEED = ((1.0, 300.0), (60.0, 1800.0), (300.0, 10800.0), (3600.0, 86400.0))
"""Up to a speed, a span of so many seconds: some minutes of wall time. Beyond, everything."""
_SPANS: tuple[tuple[str, float | None], ...] = (
    ("Fit the speed", 0.0),
    ("Last 5 min", 300.0),
    ("Last 30 min", 1800.0),
    ("Last 3 h", 10800.0),
    ("Last 24 h", 86400.0),
    ("Everything", None),
)
_LEAST_WIDTH, _LEAST_HEIGHT = 176, 130
# Okabe and Ito's colours, darkened or lightened until they stand out from the theme's base.
_CYCLES = {
    "light": (
        *("#0072b2", "#d55e00", "#009e73", "#b5498d"),
        *("#8a6d00", "#2f9ad1", "#6b4fbb", "#555f6b"),
    ),
    "dark": (
        *("#56b4e9", "#f58b44", "#2bc59a", "#e38fc1"),
        *("#f0e442", "#8fb3ff", "#b79bf2", "#aab4c0"),
    ),
}


class Plots(QWidget):
    """Asks for curves and shows the answers; reads no run itself."""

    asked = Signal(tuple)
    """The queries of all plots: answer them in turn."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setAccessibleName("Plots")
        self._session = session
        self._metrics: Mapping[str, Sequence[Any]] = {}
        self._added: dict[str, tuple[Pair, ...]] = {}
        self._own: dict[str, Plan] = {}
        self._plots: dict[str, LivePlot] = {}
        self._theme: Theme | None = None
        self._faults: tuple[FaultNow, ...] = ()
        self._bands: list[Band] = []
        self._speed = 60.0
        self.span, self.follow = QComboBox(), QCheckBox("Follow the selection")
        self._area, self._inside = QScrollArea(), QWidget()
        self._grid = QGridLayout(self._inside)
        self._columns = 0
        self._build()
        self._start = session.document.scenario.start
        session.opened.connect(self._opened)
        session.edited.connect(lambda _edit: self._plan())
        session.selection_changed.connect(self._selection)
        self.span.currentIndexChanged.connect(lambda _row: self._ask())
        self.follow.toggled.connect(lambda _on: self._plan())

    @property
    def plots(self) -> Mapping[str, LivePlot]:
        return self._plots

    def show_metrics_of(self, metrics: Mapping[str, Sequence[Any]]) -> None:
        """The metrics each node of the compiled run has."""
        self._metrics = metrics
        self._plan()

    def show_answer(self, answer: Answer) -> None:
        plot = self._plots.get(answer.plot)
        if plot is not None and plot.isVisible():
            plot.show_curves(answer)

    def show_faults(self, faults: Sequence[FaultNow]) -> None:
        """Mark on all plots when faults strike, or have struck."""
        if faults is self._faults or tuple(faults) == self._faults:
            return
        before, self._faults = lost_to(self._faults), tuple(faults)
        self._bands = [
            Band(f.start_s, f.end_s, f"{KINDS[f.kind].title}: {f.target}")
            for f in faults
            if f.state != "planned"
        ]
        for plot in self._plots.values():
            plot.show_bands(self._bands)
        if before != lost_to(self._faults):
            self._plan()

    def show_speed(self, speed: float) -> None:
        """Look further back the faster time goes, if nobody chose a span."""
        if speed != self._speed:
            self._speed = speed
            self._ask()

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        for plot in self._plots.values():
            plot.set_theme(theme, _CYCLES["dark" if theme.is_dark else "light"])

    def plot_metric(self, node: str, metric: str) -> None:
        """A new plot of one metric."""
        info = self._info(node, metric)
        if info is None:
            return
        name = f"{node}.{metric}"
        unit = units.unit_of(metric, info.unit)
        self._own[name] = Plan(
            name, f"{info.title} of {self._called(node)}", unit, ((node, metric),)
        )
        self._plan()
        self._area.ensureWidgetVisible(self._plots[name])

    def add_metric(self, plot: str, node: str, metric: str) -> None:
        """One more curve in a plot, if it is in the same unit; else a plot of its own."""
        info = self._info(node, metric)
        if info is None:
            return
        if units.unit_of(metric, info.unit) != self._plots[plot].unit:
            self.plot_metric(node, metric)
            return
        self._added[plot] = (*self._added.get(plot, ()), (node, metric))
        self._plan()

    def remove(self, plot: str) -> None:
        """Take away a plot that a person made, or the curves added to a usual one."""
        self._own.pop(plot, None)
        self._added.pop(plot, None)
        self._plan()

    # --- what is shown ---------------------------------------------------------------------------

    def _opened(self) -> None:
        self._added.clear()
        self._own.clear()
        self._metrics = {}
        self._plan()

    def _selection(self) -> None:
        if self.follow.isChecked():
            self._plan()

    def _plan(self) -> None:
        document, catalogue = self._session.document, self._session.catalogue
        services = {
            id: catalogue[node.service]
            for id, node in document.nodes.items()
            if node.service in catalogue
        }
        metrics = {node: infos for node, infos in self._metrics.items() if node in services}
        selected = self._session.selected_nodes if self.follow.isChecked() else ()
        plans = usual(metrics, services, selected, lost_to(self._faults))
        plans += [plan for plan in self._own.values() if plan.curves[0][0] in services]
        for place, plan in enumerate(plans):
            curves = dict.fromkeys((*plan.curves, *self._added.get(plan.name, ())))
            plans[place] = replace(plan, curves=tuple(curves)[-MOST_CURVES:])
        self._show(plans)

    def _show(self, plans: list[Plan]) -> None:
        names = [plan.name for plan in plans]
        for name in [name for name in self._plots if name not in names]:
            self._plots.pop(name).deleteLater()
        for plan in plans:
            plot = self._plots.get(plan.name)
            if plot is None:
                plot = self._plots[plan.name] = self._new(plan)
            plot.set_title(plan.title)
            plot.set_start(self._session.document.scenario.start)
            plot.wanted = plan.curves
        self._columns = 0
        self._arrange()
        self._ask()

    def _new(self, plan: Plan) -> LivePlot:
        plot = LivePlot(plan.name, plan.title, plan.unit, self._label, plan.name in self._own)
        plot.dropped.connect(lambda node, metric: self.add_metric(plan.name, node, metric))
        plot.pointed.connect(self._point)
        plot.closed.connect(lambda: self.remove(plan.name))
        plot.show_bands(self._bands)
        if self._theme is not None:
            plot.set_theme(self._theme, _CYCLES["dark" if self._theme.is_dark else "light"])
        return plot

    def _ask(self) -> None:
        span = _SPANS[self.span.currentIndex()][1]
        if span == 0.0:
            span = next((s for speed, s in _BY_SPEED if self._speed <= speed), None)
        self.asked.emit(tuple(Query(name, plot.wanted, span) for name, plot in self._plots.items()))

    def _point(self, t_s: float) -> None:
        for plot in self._plots.values():
            plot.point_at(None if math.isnan(t_s) else t_s)

    def _label(self, pair: Pair, plot: LivePlot) -> str:
        """As short as it can be: what all curves of the plot share is in the title."""
        node, metric = pair
        if node == TOTAL:
            return "total"
        nodes = {n for n, _ in plot.wanted}
        kinds = {m for _, m in plot.wanted}
        info = self._info(node, metric)
        title = metric.removeprefix("latency_") if "latency" in metric else (
            info.title.lower() if info else metric)  # fmt: skip
        if len(nodes) == 1 and len(kinds) > 1:
            return title
        if len(kinds) == 1:
            return self._called(node)
        return f"{self._called(node)} {title}"

    def _called(self, node: str) -> str:
        record = self._session.document.nodes.get(node)
        return (record.label if record else "") or node

    def _info(self, node: str, metric: str) -> Any:
        return next((i for i in self._metrics.get(node, ()) if i.name == metric), None)

    # --- how it is laid out ----------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """As many columns as are wide enough, so that five stand in a row on a usual screen."""
        columns = max(min(self.width() // _LEAST_WIDTH, len(self._plots)), 1)
        if columns == self._columns:
            return
        self._columns = columns
        for plot in self._plots.values():
            self._grid.removeWidget(plot)
        for place, plot in enumerate(self._plots.values()):
            self._grid.addWidget(plot, place // columns, place % columns)
        for column in range(12):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        rows = -(-len(self._plots) // columns)
        self._inside.setMinimumHeight(rows * _LEAST_HEIGHT)

    def _build(self) -> None:
        self.span.setAccessibleName("Time span of the plots")
        for named, _ in _SPANS:
            self.span.addItem(named)
        self.span.setToolTip("How far back the plots look")
        self.follow.setAccessibleName("Plots follow the selection")
        self.follow.setToolTip("Show the selected nodes alone")
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 0)
        bar.setSpacing(12)
        bar.addWidget(self.span)
        bar.addWidget(self.follow)
        bar.addStretch(1)
        hint = QLabel("Drag metrics from the inspector onto a plot")
        hint.setObjectName("help")
        bar.addWidget(hint)
        self._grid.setContentsMargins(4, 2, 4, 4)
        self._grid.setSpacing(4)
        self._area.setAccessibleName("All plots")
        self._area.setWidget(self._inside)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QScrollArea.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._area, 1)
