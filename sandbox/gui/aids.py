"""What helps people find their way, joined to the window: start page, tour, guide, commands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QDockWidget

from sandbox.gui.commands import Command, Commands
from sandbox.gui.docks import bring
from sandbox.gui.finder import Entry, Finder
from sandbox.gui.guide import Guide
from sandbox.gui.settings import Settings
from sandbox.gui.start import StartPage
from sandbox.gui.tour import Step, Tour
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.gui.window import Workbench


class Aids(QObject):
    """Owns what lies over the window; the menus and keys lead here."""

    def __init__(self, bench: Workbench, guide: Guide) -> None:
        """The menus must be filled: their commands are what the palette offers."""
        super().__init__(bench)
        self._bench, self.guide = bench, guide
        self.commands = Commands(bench.window.menuBar())
        self.finder = Finder(bench.window, self._entries)
        files = bench.files
        self.start = StartPage(
            bench.window, bench.canvas, bench.session.catalogue, files.examples, files.recent
        )
        self.start.always.setChecked(bench.preferences.start_page)
        self.start.always_changed.connect(self._always)
        self.start.wanted.connect(lambda path, example: files.open(path, example))
        self.start.new_wanted.connect(files.new)
        self.start.open_wanted.connect(lambda: files.open())
        self.start.tour_wanted.connect(self.show_tour)
        self.start.left.connect(bench.canvas.setFocus)
        bench.session.opened.connect(self.start.leave)
        self.tour = Tour(bench.window, self._steps())
        self.tour.ended.connect(bench.canvas.setFocus)
        self.settings: Settings | None = None

    def set_theme(self) -> None:
        for part in (self.start, self.tour, self.guide):
            part.set_theme(self._bench.theme)

    def show_start(self) -> None:
        self.tour.end()
        self.start.pop_up()

    def show_commands(self) -> None:
        self.tour.end()
        self.start.leave()
        self.finder.pop_up()

    def show_guide(self) -> None:
        """The page of the service that is selected, in the canvas or in the palette."""
        bench = self._bench
        self.start.leave()
        service = bench.palette.current() if bench.palette.has_focus() else None
        if service is not None:
            self.guide.show_service(service)
        else:
            self.guide.show_selected()
        bring(bench.docks["Guide"])
        self.guide.setFocus()

    def show_settings(self, page: int = 0) -> None:
        if self.settings is None:
            bench = self._bench
            self.settings = Settings(bench.window, bench.preferences, self.commands, bench.prefer)
            self.settings.destroyed.connect(self._settings_gone)
        self.settings.tabs.setCurrentIndex(page)
        self.settings.show()
        self.settings.raise_()
        self.settings.activateWindow()

    def show_tour(self) -> None:
        """On the example that is open, running at its own load."""
        bench = self._bench
        self.start.leave()
        ids = {node.service for node in bench.session.document.nodes.values()}
        if not {"clients", "auto_scaling_group"} <= ids:
            bench.open_first_example()
        bench.runner.play()
        self.tour.start()

    def close(self) -> None:
        if self.settings is not None:
            self.settings.close()
        self.tour.end()
        self.start.hide()

    # --- commands --------------------------------------------------------------------------------

    def _entries(self) -> Iterator[Entry]:
        bench, session = self._bench, self._bench.session
        for command in self.commands.all():
            yield _entry(command)
        for service in session.catalogue:
            title = session.catalogue.title(service)
            yield Entry(
                tr("Place {title}", title=title),
                tr("in the middle of the canvas"),
                "",
                session.catalogue[service].summary,
                partial(bench.canvas.place_at_centre, service),
                icon=bench.icon(service),
            )
        for service in session.catalogue:
            title = session.catalogue.title(service)
            yield Entry(
                tr("Read about {title}", title=title),
                tr("Guide"),
                "",
                tr("Its page in the guide"),
                partial(self._read, service),
                icon=bench.icon(service),
            )
        for node in session.document.nodes.values():
            title = session.catalogue.title(node.service)
            yield Entry(
                tr("Go to {label}", label=node.label or node.id),
                title,
                "",
                tr("Select it and show it"),
                partial(self._go_to, node.id),
                icon=bench.icon(node.service),
            )

    def _read(self, service: str) -> None:
        self.guide.show_service(service)
        bring(self._bench.docks["Guide"])

    def _go_to(self, node: str) -> None:
        canvas = self._bench.canvas
        self._bench.session.select([node])
        canvas.focus_node(node)
        item = canvas.diagram.items_by_id.get(node)
        if item is not None:
            place: QRectF | QPointF = item.card
            canvas.ensureVisible(place, 80, 80)  # type: ignore[arg-type]
        canvas.setFocus()

    def _settings_gone(self) -> None:
        self.settings = None

    def _always(self, on: bool) -> None:
        self._bench.prefer(replace(self._bench.preferences, start_page=on))

    # --- the tour --------------------------------------------------------------------------------

    def _steps(self) -> list[Step]:
        bench = self._bench
        transport, docks = bench.transport, bench.docks

        def raised(name: str) -> None:
            bring(docks[name])

        def choose(service: str) -> None:
            nodes = bench.session.document.nodes.values()
            bench.session.select([n.id for n in nodes if n.service == service][:1])
            raised("Inspector")

        return [
            Step(
                tr("This is running"),
                tr(
                    "A shop: people, a load balancer, a fleet that scales, a queue, a function, a "
                    "table. Dots are requests; wider lines carry more. Each card shows its most "
                    "telling number, and a bar for how busy it is."
                ),
                lambda: bench.canvas,
                bench.canvas.fit,
            ),
            Step(
                tr("Time runs fast here"),
                tr(
                    "One second of yours is a minute of theirs. Play, pause and step are here, "
                    "and so is the speed, up to as fast as your machine goes. The space bar "
                    "plays and pauses."
                ),
                lambda: transport.speed,
            ),
            Step(
                tr("Turn up the load"),
                tr(
                    "Drag this to 10× and see what gives way first. Try it now: the parts that are "
                    "lit up can be used."
                ),
                lambda: transport.load,
            ),
            Step(
                tr("What is being lost, and why"),
                tr(
                    "A badge on a card names the quota or the limit that requests are lost to. The "
                    "fleet launches instances, but not at once: metrics take minutes to arrive, "
                    "and machines take minutes to boot. That delay is what surprises people."
                ),
                lambda: bench.canvas,
            ),
            Step(
                tr("Every number can explain itself"),
                tr(
                    "Here is the fleet. Change what it is made of, and the run follows at once; "
                    "each parameter names its source. Below stand its live numbers, and why they "
                    "are so."
                ),
                lambda: bench.inspector,
                lambda: choose("auto_scaling_group"),
            ),
            Step(
                tr("See it over time"),
                tr(
                    "Instances, throttling, latency, backlog and cost. Drag any metric from the "
                    "inspector into a plot, or drag a plot out of the window to another screen."
                ),
                lambda: bench.plots,
                lambda: raised("Plots"),
            ),
            Step(
                tr("Who did what, and when"),
                tr(
                    "Each scaling action, alarm and loss is told here with the rule and the "
                    "numbers that caused it."
                ),
                lambda: bench.events,
                lambda: raised("Events"),
            ),
            Step(
                tr("Draw your own"),
                tr(
                    "Drag a service onto the canvas, then drag from the dot at its right edge to "
                    "another card. What does not fit together says so. Everything can be undone."
                ),
                lambda: bench.palette,
                lambda: raised("Palette"),
            ),
            Step(
                tr("You will find the rest"),
                tr(
                    "Ctrl+Shift+P finds every command, service and node by name. F1 tells about "
                    "the selected service: its rules, and what people get wrong. Nothing you "
                    "draw is lost: each edit is on disk at once."
                ),
                lambda: bench.window.menuBar(),
            ),
        ]


def _entry(command: Command) -> Entry:
    keys = command.action.shortcuts()
    native = QKeySequence.SequenceFormat.NativeText
    key = keys[0].toString(native) if keys else command.action.text().partition("\t")[2]
    name, do = command.name, command.action.trigger
    dock = command.action.parent()
    if isinstance(dock, QDockWidget):  # who looks for a panel wants to see it, not to be rid of it
        do = partial(bring, dock)
    elif command.action.isCheckable() and command.action.isChecked():
        name += "  ✓"
    return Entry(
        name,
        " › ".join(command.menus),
        key,
        command.tip,
        do,
        command.action.isEnabled(),
        command.action.icon() if not command.action.icon().isNull() else None,
    )
