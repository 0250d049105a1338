"""The whole window: joins document, run, canvas and panels, and furnishes the shell with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon
from PySide6.QtWidgets import QApplication, QFileDialog, QGridLayout, QWidget

from sandbox.document.edits import set_scenario
from sandbox.gui import preferences as settled
from sandbox.gui import theme as themes
from sandbox.gui.aids import Aids
from sandbox.gui.canvas.view import Canvas
from sandbox.gui.docks import SAMPLE, THEORY, arrange, bring
from sandbox.gui.events import Events
from sandbox.gui.exporting import Exporter
from sandbox.gui.files import FIRST_EXAMPLE, Files
from sandbox.gui.guide import Guide
from sandbox.gui.history import History
from sandbox.gui.icons import service_icon
from sandbox.gui.inspector.inject import Inject, InjectDialog
from sandbox.gui.inspector.panel import Inspector
from sandbox.gui.layouts import Layouts
from sandbox.gui.live import headline
from sandbox.gui.menus import fill
from sandbox.gui.messages import Messages
from sandbox.gui.moments import Happened, Moment
from sandbox.gui.outline import Outline
from sandbox.gui.palette import Palette
from sandbox.gui.plots.panel import Plots
from sandbox.gui.problems import Problems
from sandbox.gui.runner import Runner
from sandbox.gui.session import Session
from sandbox.gui.shell import Shell
from sandbox.gui.stepping import Stepping
from sandbox.gui.style import sheet
from sandbox.gui.tabs import Tabs
from sandbox.gui.tap import SpaceTap
from sandbox.gui.theory.panel import Theory
from sandbox.gui.transport import SPEEDS, Transport
from sandbox.gui.travel import Travel
from sandbox.language import tr


class Workbench(QObject):
    """Owns what is in the window. No panel knows another: all is joined here."""

    preferred = Signal()
    """Other preferences were settled."""

    def __init__(
        self,
        window: Shell,
        catalogue: Any,
        make_run: Callable[..., Any],
        journals: Path | None = None,
    ) -> None:
        """`make_run(document, tell)` compiles a document on the run's own thread."""
        super().__init__(window)
        self.window = window
        self.preferences = settled.recall()
        settled.write_numbers(self.preferences)
        self.theme = self._chosen_theme()
        self.session = Session(catalogue, parent=self)
        self.messages, self.transport = Messages(), Transport()
        self.canvas = Canvas(self.session, self.theme)
        self.palette = Palette(catalogue, self.theme)
        self.outline = Outline(self.session, self.theme)
        self.inspector, self.plots = Inspector(self.session, self.icon), Plots(self.session)
        self.events, self.problems = Events(self.session), Problems(self.session)
        self.files = Files(self.session, self.messages, window, journals)
        self.tabs, self.history = Tabs(self.session, self.files.close_sheet), History(self.session)
        self.runner = Runner(self.session, make_run, self)
        guide = Guide(self.session)
        self.stepping = Stepping(self.session)
        self.theory = Theory(self.session, self.runner.look_at)
        self.travel = Travel(self.session, self.runner, window)
        self.exporter = Exporter(self.session, self.messages, self.runner.look_at, window)
        self._preparing, self._running = "", False
        self._fit = QTimer(self)
        self._furnish(guide)
        self._join()
        fill(self)
        self.aids = Aids(self, guide)
        self.apply_theme()
        self.set_speed(self.preferences.speed)
        self._title()
        self._scenario()

    # --- commands --------------------------------------------------------------------------------

    def toggle(self) -> None:
        (self.runner.pause if self.runner.playing else self.runner.play)()

    def change_speed(self, step: int) -> None:
        """One faster or slower of the speeds there are."""
        row = min(max(self.transport.speed.currentIndex() + step, 0), len(SPEEDS) - 1)
        self.set_speed(SPEEDS[row])

    def prefer(self, preferences: settled.Preferences) -> None:
        """Settle how the window looks and writes; at once, and for the next time."""
        before, self.preferences = self.preferences, preferences
        settled.remember(preferences)
        settled.write_numbers(preferences)
        if preferences.reduced_motion != before.reduced_motion:
            self.canvas.set_motion(not preferences.reduced_motion)
        if preferences.font_points != before.font_points:
            settled.set_font(self._app, preferences.font_points)
        headline.cache_clear()
        self.theme = self._chosen_theme()
        self.apply_theme()
        self._moved(self.runner.moment)
        if preferences.speed != before.speed:
            self.set_speed(preferences.speed)
        self.preferred.emit()

    def choose_theme(self, name: str) -> None:
        """ "light", "dark", or "system" to follow the system where it is known."""
        self.prefer(replace(self.preferences, theme=name))

    def set_speed(self, times: float) -> None:
        self.transport.speed.setCurrentIndex(SPEEDS.index(times))
        self.runner.set_speed(times)

    def open_first_example(self) -> bool:
        """The diagram of the first start; an empty canvas if the examples are missing."""
        examples = self.files.examples()
        examples.sort(key=lambda path: path.stem != FIRST_EXAMPLE)
        return bool(examples) and self.files.open(examples[0], example=True)

    def reduce_motion(self, on: bool) -> None:
        self.prefer(replace(self.preferences, reduced_motion=on))

    def save_log(self) -> None:
        """Ask where, and write what was done to the run there."""
        name = f"{self.session.document.name or 'controls'}.jsonl"
        chosen = QFileDialog.getSaveFileName(
            self.window, tr("Save control log"), name, tr("Control logs (*.jsonl)")
        )[0]
        if not chosen:
            return
        try:
            count = self.runner.save_log(Path(chosen))
        except (OSError, TimeoutError) as error:
            self.messages.say(tr("The control log was not saved: {error}", error=error), "error")
            return
        name = Path(chosen).name
        one = tr("Saved 1 control to {name}", name=name)
        many = tr("Saved {count} controls to {name}", count=count, name=name)
        self.messages.say(one if count == 1 else many)

    def apply_theme(self) -> None:
        themes.apply(self._app, self.theme)
        self.window.setStyleSheet(sheet(self.theme))
        self.transport.set_theme(self.theme)
        for part in (self.canvas, self.palette, self.outline, self.plots, self.events,
                     self.problems, self.theory, self.messages):  # fmt: skip
            part.set_theme(self.theme)
        self.exporter.dark = self.theme.is_dark
        self.aids.set_theme()

    def stop(self) -> None:
        """The window closes: remember it, and leave no thread behind."""
        self.layouts.remember()
        self.aids.close()
        self.exporter.stop()
        self.files.close()
        self.window.hide()
        self.theory.stop(self.runner.patience_s)
        self.runner.stop()
        self.messages.clear()
        self.problems.stop()
        self.stepping.stop()

    # --- joining ---------------------------------------------------------------------------------

    def _furnish(self, guide: Guide) -> None:
        """The transport on top, the canvas in the middle, the panels around."""
        centre = QWidget()
        # A message lies over the canvas: nothing may move under a pointer that is about to press.
        cell = QGridLayout(centre)
        cell.setContentsMargins(0, 0, 0, 0)
        cell.setSpacing(0)
        cell.addWidget(self.tabs, 0, 0)
        cell.addWidget(self.canvas, 1, 0)
        cell.addWidget(self.messages, 1, 0, Qt.AlignmentFlag.AlignTop)
        self.window.setCentralWidget(centre)
        for part, name in ((self.transport, "transport"), (self.messages, "messages")):
            part.setObjectName(name)
            part.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.inspector.setObjectName("inspector")
        self._top(self.transport)
        self.docks = arrange(
            self.window,
            {
                "Palette": self.palette, "Outline": self.outline, "History": self.history,
                "Inspector": self.inspector, "Guide": guide,
                "Plots": self.plots, "Events": self.events, "Problems": self.problems,
                SAMPLE: self.stepping, THEORY: self.theory,
            },
        )  # fmt: skip
        self.layouts = Layouts(self.window)

    def _top(self, top: QWidget) -> None:
        bar = self.window.addToolBar(tr("Transport"))
        bar.setObjectName("toolbar-transport")
        bar.setMovable(False)
        bar.setFloatable(False)
        bar.toggleViewAction().setEnabled(False)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        bar.setStyleSheet("QToolBar { padding: 0; margin: 0; border: none; spacing: 0; }")
        bar.addWidget(top)

    def _join(self) -> None:
        session, runner, transport = self.session, self.runner, self.transport
        session.said.connect(self.messages.say)
        session.path_changed.connect(self._title)
        session.opened.connect(self._scenario)
        # The docks have their sizes only once the events of this turn are through.
        self._fit.setSingleShot(True)
        self._fit.timeout.connect(self.canvas.fit)
        session.opened.connect(self._fit.start)
        session.opened.connect(self._say_it_again)
        session.edited.connect(lambda _edit: self._scenario())
        session.undo_group.cleanChanged.connect(self._title)
        runner.moved.connect(self._moved)
        runner.happened.connect(self._happened)
        runner.answered.connect(self.plots.show_answer)
        runner.compiled.connect(self.plots.show_metrics_of)
        runner.compiled.connect(self.inspector.show_metrics_of)
        runner.refused.connect(lambda why: self.messages.say(why, "error"))
        runner.ended.connect(
            lambda _t: self.messages.say(tr("The scenario ends here. Play goes on beyond it."))
        )
        transport.play_wanted.connect(lambda on: (runner.play if on else runner.pause)())
        transport.step_wanted.connect(self._step)
        transport.reset_wanted.connect(runner.reset)
        transport.timeline.scrubbed.connect(runner.scrub)
        transport.present_wanted.connect(runner.present)
        transport.go_on_wanted.connect(self.travel.go_on)
        transport.run_to_wanted.connect(self.travel.run_to)
        transport.bookmark_wanted.connect(self.travel.bookmark)
        self.travel.bookmarks_changed.connect(transport.timeline.show_bookmarks)
        transport.speed_wanted.connect(runner.set_speed)
        transport.load_wanted.connect(runner.set_load)
        transport.era_wanted.connect(lambda era: session.do(set_scenario, era=era))
        self.inspector.control_wanted.connect(runner.control)
        self.inspector.run_wanted.connect(self._do_to_run)
        self.canvas.fault_wanted.connect(self._inject)
        self.inspector.plot_wanted.connect(self._plot)
        self.inspector.watch_wanted.connect(runner.watch)
        self.inspector.curves_wanted.connect(lambda queries: runner.ask(queries, "inspector"))
        runner.answered.connect(self.inspector.show_answer)
        self.inspector.trace_wanted.connect(self.files.load_trace)
        self.canvas.file_dropped.connect(self.files.drop)
        self.window.files_dropped.connect(self.files.drop_all)
        self.plots.asked.connect(runner.ask)
        self.plots.forecast_wanted.connect(runner.forecast)
        runner.foretold.connect(self.plots.show_forecast)
        self.palette.place_requested.connect(self.canvas.place_at_centre)
        self.stepping.shown.connect(self._show_hop)
        self.canvas.node_activated.connect(lambda _node: self._inspect())
        self.problems.counted.connect(self._count)
        self._count(sum(problem.severity != "info" for problem in self.problems.found))
        self.canvas.set_motion(not self.preferences.reduced_motion)
        self.canvas.commands.add_to(self.outline)
        self.docks["Events"].visibilityChanged.connect(
            lambda seen: self.events.catch_up() if seen else None
        )
        self.docks["Outline"].visibilityChanged.connect(
            lambda seen: self.outline.show_frame(self.runner.moment.frame) if seen else None
        )
        self.docks[THEORY].visibilityChanged.connect(self.theory.show_when_seen)
        self._tap = SpaceTap(self.canvas, self.toggle)
        self.window.space_pressed.connect(self.toggle)
        self.window.may_close = self.files.may_go
        self.window.closing.connect(self.stop)

    # --- following -------------------------------------------------------------------------------

    def _say_what_is_prepared(self, moment: Moment) -> None:
        if moment.compiling and moment.compiling != self._preparing:
            text = tr(
                "Preparing {compiling}: done once on each machine.", compiling=moment.compiling
            )
            self.messages.say(text, lasting=True)
        elif self._preparing and not moment.compiling:
            self.messages.say("")
        self._preparing = moment.compiling

    def _say_it_again(self) -> None:
        """Another document takes all messages away, but what is being prepared goes on."""
        self._preparing = ""
        self._say_what_is_prepared(self.runner.moment)

    def _moved(self, moment: Moment) -> None:
        self._say_what_is_prepared(moment)
        self.transport.show_moment(moment)
        self.canvas.show_frame(moment.frame)
        if moment.playing != self._running:
            self._running = moment.playing
            self.canvas.set_running(moment.playing)
        self.inspector.show_moment(moment)
        self.theory.show_moment(moment)
        self.plots.show_moment(moment)
        if not self.outline.visibleRegion().isEmpty():  # behind another tab, Qt calls it visible
            self.outline.show_frame(moment.frame)

    def _happened(self, happened: Happened) -> None:
        self.events.show_events(happened)
        marks = [(event.t_s, event.severity) for event in self.events.events[-2000:]]
        self.transport.timeline.show_marks(marks)
        self.inspector.show_events(self.events.events)
        self.plots.show_events(self.events.events)

    def _scenario(self) -> None:
        document, scenario = self.session.document, self.session.document.scenario
        catalogue = self.session.catalogue
        base = 0.0
        for node in document.nodes.values():
            if node.service in catalogue:
                defaults = catalogue.defaults(node.service)
                rate = node.params.get("rate_per_s", defaults.get("rate_per_s"))
                base += rate if isinstance(rate, (int, float)) else 0.0
        self.transport.show_scenario(
            scenario.start, scenario.era, scenario.region, base, scenario.duration_s
        )
        self._title()

    def _title(self, _clean: bool = True) -> None:
        path = self.session.path
        name = self.session.document.name or (path.stem if path else tr("Untitled"))
        self.window.setWindowTitle(f"{name}[*] – {QApplication.applicationName()}")
        self.window.setWindowModified(self.session.dirty)
        self.window.setWindowFilePath(str(path) if path else "")

    def _step(self, seconds: float) -> None:
        self.runner.step(max(round(seconds / self.runner.moment.dt), 1))

    def _do_to_run(self, action: str, args: dict[str, Any]) -> None:
        self.runner.control(None, action, args)

    def _inject(self, target: str, called: str, kind: str, kinds: tuple[str, ...]) -> None:
        """Ask how much and for how long, then let it happen."""
        inject = Inject(target, kinds, kind)
        inject.show_faults(self.runner.moment.faults)
        inject.wanted.connect(self._do_to_run)
        dialog = InjectDialog(self.window, called, inject)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _plot(self, node: str, metric: str) -> None:
        self.plots.plot_metric(node, metric)
        bring(self.docks["Plots"])

    def step_sample(self) -> None:
        """Open the dock, with the event at the selected node."""
        for node in self.session.selected_nodes:
            self.stepping.arrive_at(node)
        bring(self.docks[SAMPLE])
        self.stepping.editor.setFocus()

    def _show_hop(self, node: str, link: Any) -> None:
        """Mark on the canvas where the sample event is, and the way it came."""
        self.canvas.show_thing(node)
        if link is not None and node in self.session.selected_nodes:
            self.session.select([node], [link])

    def _inspect(self) -> None:
        bring(self.docks["Inspector"])
        self.inspector.setFocus()

    def _count(self, number: int) -> None:
        self.docks["Problems"].setWindowTitle(
            tr("Problems ({number})", number=number) if number else tr("Problems")
        )

    def icon(self, service: str) -> QIcon:
        catalogue: Any = self.session.catalogue
        known = service in catalogue
        tile = self.theme.category(catalogue[service].category) if known else QColor("#888888")
        return service_icon(service, catalogue.title(service) if known else service, known, tile)

    def _chosen_theme(self) -> themes.Theme:
        return themes.THEMES.get(self.preferences.theme) or themes.system_theme(self._app)

    @property
    def _app(self) -> QApplication:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        return app
