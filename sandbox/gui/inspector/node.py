"""The inspector's page of a node, or of several nodes of the same service."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from sandbox.document.changes import Edit
from sandbox.document.edits import relabel, set_params
from sandbox.document.faults import kinds_of
from sandbox.gui.details import Details
from sandbox.gui.graphs.page import StatesPage, valid
from sandbox.gui.inspector.actions import Actions
from sandbox.gui.inspector.bill import Bill
from sandbox.gui.inspector.cells import CellBars
from sandbox.gui.inspector.form import Form
from sandbox.gui.inspector.header import Header
from sandbox.gui.inspector.inject import Inject
from sandbox.gui.inspector.live import MetricTable, Tiles
from sandbox.gui.inspector.pages import Pages
from sandbox.gui.inspector.reasons import Reasons
from sandbox.gui.inspector.recorded import HELD, Recorded
from sandbox.gui.inspector.section import Section
from sandbox.gui.inspector.texts import text_fields
from sandbox.gui.inspector.watchers import WatcherList
from sandbox.gui.inspector.why import Why
from sandbox.gui.moments import Answer, Moment
from sandbox.gui.session import Session
from sandbox.language import mark, tr


class NodePage(QWidget):
    """Parameters are edits of the document; actions are controls of the run."""

    control_wanted = Signal(str, str, dict)
    plot_wanted = Signal(str, str)
    trace_wanted = Signal(str)
    """The node that a recorded load is to be loaded into."""
    run_wanted = Signal(str, dict)
    """An action of the run itself, and its arguments."""
    states_wanted = Signal(str)
    """The node whose states are to be shown in a window of their own."""

    def __init__(
        self, session: Session, nodes: Sequence[str], infos: Sequence[Any], icon: QIcon | None
    ) -> None:
        """`infos` are the metrics of the first node, which speaks for all."""
        super().__init__()
        self._session, self.nodes = session, tuple(nodes)
        self._node = self.nodes[0]
        record = session.document.nodes[self._node]
        catalogue: Any = session.catalogue
        self._service: Any = catalogue.get(record.service)
        self._tiles: Tiles | None = None
        self._table: MetricTable | None = None
        self._why: Why | None = None
        self._details: Details | None = None
        self._moment = Moment()
        self._form: Form | None = None
        self._recorded: Recorded | None = None
        self._inject: Inject | None = None
        self._pages: Pages | None = None
        self._reasons: Reasons | None = None
        self._bill: Bill | None = None
        self._bars: dict[str, CellBars] = {}
        self._states: StatesPage | None = None
        self._watchers: WatcherList | None = None
        self._era = QLabel()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 12)
        self._column.setSpacing(2)
        title = catalogue.title(record.service) if self._service else record.service
        several = len(self.nodes) > 1
        kind = title if several else f"{title} · {self._node}"
        summary = self._service.summary if self._service else _UNKNOWN.format(record.service)
        self._header = Header(kind, summary, icon)
        self._header.renamed.connect(self._rename)
        self._header.label.setReadOnly(several)
        self._title = title
        self._column.addWidget(self._header)
        if self._service is not None:
            self._build(infos, several)
        self._column.addStretch(1)
        self.follow()

    def _build(self, infos: Sequence[Any], several: bool) -> None:
        if infos and not several:
            live = Section(tr("Now"))
            self._tiles = Tiles(self._node, infos, self._service)
            live.content.addWidget(self._tiles)
            self._why = Why(self._node)
            live.content.addWidget(self._why)
            self._column.addWidget(live)
            graph = self._service.graph
            more = () if graph is None else ((graph.title, _STATES.format(graph.one)),)
            self._pages = Pages((*_PAGES, *more))
            self._pages.turned.connect(self._turned)
            self._column.addWidget(self._pages)
        named = {info.name: info for info in self._service.parameters()}
        recorded = "shape" in named and named.keys() >= set(HELD)
        shown = [info for name, info in named.items() if not (recorded and name in HELD)]
        fields = text_fields(self._session, self.nodes, self._service, named)
        self._form = Form(shown, fields=fields)
        self._form.chosen.connect(self._set)
        self._add("Settings", self._form)
        if recorded and not several:
            section = Section(tr("Recorded load"))
            self._recorded = Recorded()
            self._recorded.load_wanted.connect(lambda: self.trace_wanted.emit(self._node))
            self._recorded.remove_wanted.connect(self._forget_trace)
            section.content.addWidget(self._recorded)
            self._add("Settings", section)
        if self._service.actions:
            section = Section(tr("Actions"))
            actions = Actions(self._service.actions)
            actions.wanted.connect(self._act)
            section.content.addWidget(actions)
            self._add("Settings", section)
        kinds = kinds_of(self._session.document, self._session.catalogue, "node", self._node)
        if kinds and not several:
            section = Section(tr("Faults"))
            self._inject = Inject(self._node, kinds)
            self._inject.wanted.connect(self.run_wanted)
            section.content.addWidget(self._inject)
            self._add("Settings", section)
        self._era.setObjectName("help")
        self._era.setWordWrap(True)
        self._era.setContentsMargins(12, 6, 8, 0)
        self._add("Settings", self._era)
        if self._pages is not None:
            self._build_live(infos)

    def _add(self, page: str, part: QWidget) -> None:
        if self._pages is not None:
            self._pages.add(page, part)
        else:
            self._column.addWidget(part)

    def _build_live(self, infos: Sequence[Any]) -> None:
        """What can be seen of a running node, and why."""
        for cells in self._service.bars:
            # a group of parameters may have the same title, and sections of one title fold alike
            section = Section(tr("{title} one by one", title=cells.title))
            self._bars[cells.title] = CellBars(cells.title)
            section.content.addWidget(self._bars[cells.title])
            self._add("Live", section)
        if self._service.watchers is not None:
            section = Section(tr("{title} now", title=self._service.watchers.title))
            self._watchers = WatcherList()
            section.content.addWidget(self._watchers)
            self._add("Live", section)
        if self._service.cost_lines:
            section = Section(tr("Cost"))
            self._bill = Bill()
            section.content.addWidget(self._bill)
            self._add("Live", section)
        if self._service.graph is not None:
            self._states = StatesPage(self._service.graph, self._service.texts)
            self._states.larger_wanted.connect(lambda: self.states_wanted.emit(self._node))
            self._add(self._service.graph.title, self._states)
        self._reasons = Reasons()
        self._add("Why", self._reasons)
        if infos:
            every = Section(tr("All metrics"))
            self._table = MetricTable(self._node, infos)
            self._table.plot_wanted.connect(self.plot_wanted)
            every.content.addWidget(self._table)
            hint = QLabel(tr("Drag a metric onto a plot, or press Enter to plot it."))
            hint.setWordWrap(True)
            hint.setObjectName("help")
            every.content.addWidget(hint)
            self._add("Live", every)

    def follow(self) -> None:
        """Show the document as it is now; what is being typed stays."""
        record = self._session.document.nodes[self._node]
        if len(self.nodes) > 1:
            self._header.show_label(tr("{count} selected", count=len(self.nodes)), "")
        else:
            self._header.show_label(record.label, self._title)
        if self._form is not None:
            self._form.show_values(record.params)
            self._form.refuse(self._session.catalogue.check_params(record.service, record.params))
            self._form.show_mixed(self._mixed())
        if self._recorded is not None:
            self._recorded.show_params(record.params)
        if self._states is not None:
            self._states.show_params(valid(self._service, record.params))
        scenario = self._session.document.scenario
        rules = tr("of 2020") if scenario.era == "2020" else tr("of today")
        self._era.setText(
            tr(
                "Rules, quotas and prices {rules} (era “{era}”), us-east-1.",
                rules=rules,
                era=scenario.era,
            )
        )

    def _mixed(self) -> set[str]:
        """The parameters in which the nodes of the page differ."""
        nodes = self._session.document.nodes
        given = [nodes[node].params for node in self.nodes]
        names = {name for params in given for name in params}
        first = given[0]
        return {n for n in names if any(p.get(n) != first.get(n) for p in given[1:])}

    def _turned(self) -> None:
        """What was not seen was not kept up."""
        self._details = None
        self.show_moment(self._moment)

    def show_moment(self, moment: Moment) -> None:
        self._moment = moment
        if self._inject is not None:
            self._inject.show_faults(moment.faults)
        values = moment.metrics.get(self._node)
        if values is None:
            return
        if self._tiles is not None:
            self._tiles.show_metrics(values)
        if self._table is not None and self._table.isVisible():
            self._table.show_metrics(values)
        if self._why is not None:
            self._why.show_frame(moment.frame.nodes.get(self._node))
        details = moment.details.get(self._node)
        if details is not None and details is not self._details:
            self._details = details
            self._show_details(details)

    def _show_details(self, details: Details) -> None:
        if self._reasons is not None and self._reasons.isVisible():
            self._reasons.show_reasons(details.reasons, details.bill)
        if self._bill is not None:
            self._bill.show_bill(details.bill)
        if self._watchers is not None:
            self._watchers.show_watchers(details.watchers)
        if self._states is not None and self._states.isVisible():
            self._states.show_states(details.states)
        for bars in details.bars:
            if bars.title in self._bars:
                self._bars[bars.title].show_bars(bars)

    @property
    def sparks(self) -> tuple[str, ...]:
        """The metrics whose recent past is drawn."""
        return self._tiles.metrics if self._tiles is not None else ()

    def show_sparks(self, answer: Answer, marked: float | None) -> None:
        if self._tiles is not None:
            self._tiles.show_curves(answer, marked)

    def show_events(self, events: Sequence[Any]) -> None:
        if self._why is not None:
            self._why.show_events(events, self._session.document.scenario.start)

    def _act(self, action: str, args: dict[str, Any]) -> None:
        for node in self.nodes:
            self.control_wanted.emit(node, action, args)

    def _forget_trace(self) -> None:
        gone = dict.fromkeys(("shape", *HELD))
        self._session.do(set_params, {self._node: gone})

    def _rename(self, label: str, session: int) -> None:
        edit: Edit = relabel(self._session.document, self._node, label)
        self._session.push(edit, f"label {self._node} {id(self)} {session}")

    def _set(self, name: str, value: Any, session: int) -> None:
        """One edit for all nodes of the page, if the catalogue has nothing against it."""
        assert self._form is not None
        document, catalogue = self._session.document, self._session.catalogue
        edit = set_params(document, {node: {name: value} for node in self.nodes})
        for change in edit.changes:
            complaints = catalogue.check_params(change.after.service, change.after.params)
            if complaints and value is not None:
                # A rule that ties two parameters together has no name of its own: say it here.
                where = {info.name for info in self._service.parameters()}
                self._form.refuse([(w if w.partition(".")[0] in where else name, t)
                                   for w, t in complaints])  # fmt: skip
                return
        self._form.refuse([])
        self._session.push(edit, f"{name} {','.join(self.nodes)} {id(self)} {session}")
        self.follow()


_PAGES = (
    (mark("Settings"), tr("What can be set: parameters, actions, faults")),
    (mark("Live"), tr("Instances, shards or partitions one by one, the cost by line, all metrics")),
    (mark("Why"), tr("Each number with its rule, its inputs, its quota and its source")),
)
_STATES = tr(
    "What is in each state and what goes from one to the next; one {} followed step by step"
)
_UNKNOWN = tr(
    "The catalogue has no service “{}”. The node is kept as it is and saved again unharmed, "
    "but it does not run."
)
