"""The Plots dock: the usual five and those a person made, over one span of time."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout, QWidget

from sandbox.document.edits import set_attribute
from sandbox.document.faults import KINDS
from sandbox.engine.dials import FaultNow
from sandbox.experiments import units
from sandbox.gui.curves import Curve
from sandbox.gui.moments import TOTAL, Answer, Moment, Pair, Query
from sandbox.gui.plots import export, saved
from sandbox.gui.plots.bands import Band
from sandbox.gui.plots.bar import PlotBar
from sandbox.gui.plots.choice import Plan, lost_to, usual
from sandbox.gui.plots.flags import worth_a_flag
from sandbox.gui.plots.grid import Grid
from sandbox.gui.plots.plot import LivePlot
from sandbox.gui.session import Session
from sandbox.gui.theme import Theme
from sandbox.language import tr

_BY_SPEED = ((1.0, 300.0), (60.0, 1800.0), (300.0, 10800.0), (3600.0, 86400.0))
"""Up to a speed, a span of so many seconds: some minutes of wall time. Beyond, everything."""
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
    forecast_wanted = Signal(object)
    """Foretell so many seconds; None: no more."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setAccessibleName(tr("Plots"))
        self._session = session
        self._metrics: Mapping[str, Sequence[Any]] = {}
        self._choice = saved.read(session.present.view)
        self._zoom: tuple[float, float] | None = None
        self._at_s: float | None = None
        self._events: Sequence[Any] = ()
        self._forecast: Any = None
        self._plots: dict[str, LivePlot] = {}
        self._theme: Theme | None = None
        self._faults: tuple[FaultNow, ...] = ()
        self._bands: list[Band] = []
        self._speed = 60.0
        self.bar = PlotBar()
        self.span, self.follow = self.bar.span, self.bar.follow
        self._grid = Grid()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self._grid, 1)
        self._start = session.document.scenario.start
        session.opened.connect(self._opened)
        session.edited.connect(self._edited)
        session.selection_changed.connect(self._selection)
        self.bar.chosen.connect(self._chosen)
        self.bar.horizon_chosen.connect(self._look_ahead)
        self.bar.zoom_wanted.connect(self._zoom_by)
        self.bar.unzoom_wanted.connect(lambda: self.zoom_to(None))
        self.bar.back_wanted.connect(self._show_all)
        self._restore()

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

    def show_moment(self, moment: Moment) -> None:
        """Follow the run: its speed, its faults, the moment that is shown."""
        self.show_speed(moment.speed)
        self.show_faults(moment.faults)
        at_s = moment.t_s if moment.looking_back else None
        if at_s != self._at_s:
            self._at_s = at_s
            for plot in self._plots.values():
                plot.show_moment(at_s)
            self._ask()

    def show_events(self, events: Sequence[Any]) -> None:
        """All events of the run so far: those of a plot's nodes stand as flags on its curves."""
        self._events = events
        for plot in self._plots.values():
            self._flag(plot)

    def show_forecast(self, forecast: Any) -> None:
        """Continue all curves by what was foretold."""
        if self.bar.horizon_s is None:
            return
        self._forecast = forecast
        ticks = self._session.present.scenario.tick_s
        self.bar.say_took(forecast.took_s, ticks)
        for plot in self._plots.values():
            self._continue(plot)
            self._flag(plot)

    def zoom_to(self, stretch: tuple[float, float] | None) -> None:
        """All plots show this stretch of time (s); None follows the run again."""
        self._zoom = stretch
        self.bar.whole.setEnabled(stretch is not None)
        self._ask()
        for plot in self._plots.values():
            self._continue(plot)

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
        self._choice.own[name] = Plan(
            name,
            tr("{title} of {called}", title=info.title, called=self._called(node)),
            unit,
            ((node, metric),),
        )
        self._changed()
        self._grid.ensureWidgetVisible(self._plots[name])

    def add_metric(self, plot: str, node: str, metric: str) -> None:
        """One more curve in a plot, if it is in the same unit; else a plot of its own."""
        info = self._info(node, metric)
        if info is None:
            return
        if units.unit_of(metric, info.unit) != self._plots[plot].unit:
            self.plot_metric(node, metric)
            return
        self._choice.add(plot, (node, metric))
        self._changed()

    def remove(self, plot: str) -> None:
        """Take away a plot; a usual one can be shown again."""
        self._choice.remove(plot)
        self._changed()

    def remove_curve(self, plot: str, pair: Pair) -> None:
        """Take one curve from a plot, and the plot with its last one."""
        if len(self._plots[plot].wanted) == 1:
            self.remove(plot)
            return
        self._choice.take(plot, pair)
        self._changed()

    def set_logarithmic(self, plot: str, on: bool) -> None:
        """A value axis of powers of ten, or a plain one."""
        (self._choice.logarithmic.add if on else self._choice.logarithmic.discard)(plot)
        self._changed()

    def save_as(self, name: str) -> None:
        """Ask where, and write a plot as a picture or as numbers."""
        plot = self._plots[name]
        suggested = f"{self._session.present.name or 'diagram'} {name}.png".replace("/", "-")
        path, _ = QFileDialog.getSaveFileName(self, tr("Save plot as"), suggested, export.FILTERS)
        if not path:
            return
        try:
            export.save(plot, plot.named, Path(path))
        except OSError as error:
            self._session.say(tr("The plot was not saved: {error}", error=error))
            return
        self._session.say(tr("Saved {name}", name=Path(path).name))

    # --- what a person chose, kept with the diagram ----------------------------------------------

    def _chosen(self) -> None:
        self._choice.span, self._choice.follow = self.bar.span_name, self.follow.isChecked()
        self._zoom = None
        self.bar.whole.setEnabled(False)
        self._changed()

    def _changed(self) -> None:
        self._plan()
        kept = saved.written(self._choice)
        view = {**self._session.present.view, saved.KEY: kept}
        if not kept:
            del view[saved.KEY]
        self._session.keep(set_attribute, "view", view)

    def _restore(self) -> None:
        self._choice = saved.read(self._session.present.view)
        self.bar.show_choice(self._choice.span, self._choice.follow)

    def _edited(self, edit: Any) -> None:
        if any(change.key == "view" for change in edit.changes):
            self._restore()
        self._plan()

    def _show_all(self) -> None:
        self._choice.hidden.clear()
        self._changed()

    # --- what is shown ---------------------------------------------------------------------------

    def _opened(self) -> None:
        self._restore()
        self._metrics, self._events, self._forecast = {}, (), None
        self.zoom_to(None)
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
        choice = self._choice
        plans = usual(metrics, services, selected, lost_to(self._faults))
        plans += [plan for plan in choice.own.values() if plan.curves[0][0] in services]
        plans = [choice.applied(plan) for plan in plans]
        hidden = [plan for plan in plans if plan.name in choice.hidden]
        self.bar.show_hidden(len(hidden))
        self._show([plan for plan in plans if plan not in hidden])

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
            plot.set_logarithmic(plan.name in self._choice.logarithmic)
            self._flag(plot)
            self._continue(plot)
        self._grid.show_plots(self._plots.values())
        self._ask()

    def _new(self, plan: Plan) -> LivePlot:
        plot = LivePlot(
            plan.name, plan.title, plan.unit, self._label, plan.name in self._choice.own
        )
        plot.dropped.connect(lambda node, metric: self.add_metric(plan.name, node, metric))
        plot.pointed.connect(self._point)
        plot.closed.connect(lambda: self.remove(plan.name))
        plot.zoomed.connect(lambda t0, t1: self.zoom_to((t0, t1)))
        plot.unzoomed.connect(lambda: self.zoom_to(None))
        plot.menu_wanted.connect(lambda menu: self._fill_menu(plan.name, menu))
        plot.show_bands(self._bands)
        plot.show_moment(self._at_s)
        if self._theme is not None:
            plot.set_theme(self._theme, _CYCLES["dark" if self._theme.is_dark else "light"])
        return plot

    def _ask(self) -> None:
        span = self.bar.span_s
        if span == 0.0:
            span = next((s for speed, s in _BY_SPEED if self._speed <= speed), None)
        if span is not None and self.bar.horizon_s is not None:
            span = max(span, 0.5 * self.bar.horizon_s)  # or the past would be a sliver
        self.asked.emit(
            tuple(
                Query(name, plot.wanted, span, self._at_s, self._zoom)
                for name, plot in self._plots.items()
            )
        )

    def _zoom_by(self, factor: float) -> None:
        plot = next(iter(self._plots.values()), None)
        if plot is not None:
            plot.zoom(factor)

    def _look_ahead(self, horizon_s: float | None) -> None:
        self._forecast = None
        if horizon_s is None:
            self.bar.say_took(None, 1.0)
        self.forecast_wanted.emit(horizon_s)
        for plot in self._plots.values():
            self._continue(plot)
            self._flag(plot)
        self._ask()

    def _continue(self, plot: LivePlot) -> None:
        made = self._forecast
        if made is None:
            plot.show_forecast({}, None)
            return
        pairs = [pair for pair in plot.wanted if pair in made.curves]
        curves = {pair: Curve(*pair, *made.curves[pair]) for pair in pairs}
        plot.show_forecast(curves, made.t1 if self._zoom is None else None)

    def _flag(self, plot: LivePlot) -> None:
        nodes = {node for node, _ in plot.wanted}
        found = [(event, False) for event in worth_a_flag(self._events, nodes)]
        if self._forecast is not None:
            found += [(event, True) for event in worth_a_flag(self._forecast.events, nodes)]
        plot.show_events(found)

    def _fill_menu(self, name: str, menu: QMenu) -> None:
        plot = self._plots[name]
        axis = menu.addAction(tr("&Logarithmic axis"))
        axis.setCheckable(True)
        axis.setChecked(plot.logarithmic)
        axis.toggled.connect(lambda on: self.set_logarithmic(name, on))
        menu.addAction(tr("&Save as picture or numbers…")).triggered.connect(
            lambda: self.save_as(name)
        )
        menu.addSeparator()
        for pair in plot.wanted:
            called = self._label(pair, plot)
            menu.addAction(tr("Remove {called}", called=called)).triggered.connect(
                lambda _=False, pair=pair: self.remove_curve(name, pair)
            )
        menu.addSeparator()
        menu.addAction(tr("Hide this &plot")).triggered.connect(lambda: self.remove(name))

    def _point(self, t_s: float) -> None:
        for plot in self._plots.values():
            plot.point_at(None if math.isnan(t_s) else t_s)

    def _label(self, pair: Pair, plot: LivePlot) -> str:
        """As short as it can be: what all curves of the plot share is in the title."""
        node, metric = pair
        if node == TOTAL:
            return tr("total")
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
