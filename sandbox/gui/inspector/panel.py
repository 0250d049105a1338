"""The Inspector dock: the page for what is selected, kept up with the document and the run."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from sandbox.gui.graphs.window import StatesWindow
from sandbox.gui.inspector.header import Header
from sandbox.gui.inspector.link import LinkPage
from sandbox.gui.inspector.node import NodePage
from sandbox.gui.inspector.scenario import ScenarioPage
from sandbox.gui.moments import Answer, Moment, Query
from sandbox.gui.session import Session
from sandbox.language import tr

_SPARKS = "inspector: sparklines"
_BY_SPEED = ((60.0, 1800.0), (300.0, 10800.0), (3600.0, 86400.0))  # as the plots do


class Inspector(QScrollArea):
    """Follows the session's selection."""

    control_wanted = Signal(str, str, dict)
    """Node, action, arguments."""
    run_wanted = Signal(str, dict)
    """An action of the run itself, and its arguments."""
    plot_wanted = Signal(str, str)
    """Node and metric."""
    trace_wanted = Signal(str)
    """The node that a recorded load is to be loaded into."""
    curves_wanted = Signal(tuple)
    """Queries for the sparklines."""
    watch_wanted = Signal(tuple)
    """The nodes whose metrics are shown."""

    def __init__(self, session: Session, icon: Callable[[str], QIcon] | None = None) -> None:
        """`icon` draws a service's icon by its id."""
        super().__init__()
        self._session, self._icon = session, icon
        self._known: Mapping[str, Sequence[Any]] = {}
        self._events: Sequence[Any] = ()
        self._moment = Moment()
        self._page: Any = None
        self._asked: tuple[Query, ...] = ()
        self._windows: dict[str, StatesWindow] = {}
        self.setAccessibleName(tr("Inspector"))
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(self.Shape.NoFrame)
        self.setMinimumWidth(300)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        session.opened.connect(self._rebuild)
        session.selection_changed.connect(self._rebuild)
        session.edited.connect(self._follow)
        self._rebuild()

    @property
    def page(self) -> Any:
        """The page that is shown."""
        return self._page

    def show_metrics_of(self, known: Mapping[str, Sequence[Any]]) -> None:
        """The metrics each node has, from the compiled run."""
        shown = {n: [m.name for m in self._known.get(n, ())] for n in self._nodes()}
        self._known = known
        if shown != {n: [m.name for m in known.get(n, ())] for n in self._nodes()}:
            self._rebuild()

    def show_moment(self, moment: Moment) -> None:
        jumped = moment.t_s != self._moment.t_s and moment.looking_back
        came_back = self._moment.looking_back and not moment.looking_back
        self._moment = moment
        self._ask()
        if jumped or came_back:
            self._show_events()
        if self.isVisible() and self._page is not None:
            self._page.show_moment(moment)
        for window in self._windows.values():
            window.show_moment(moment)

    def show_events(self, events: Sequence[Any]) -> None:
        """All events of the run so far."""
        self._events = events
        self._show_events()

    def _show_events(self) -> None:
        """Those until the moment that is shown."""
        if isinstance(self._page, NodePage):
            moment, events = self._moment, self._events
            if moment.looking_back:
                events = [event for event in events if event.t_s <= moment.t_s]
            self._page.show_events(events)

    def show_answer(self, answer: Answer) -> None:
        """The recent past of the large numbers."""
        if answer.plot == _SPARKS and isinstance(self._page, NodePage):
            moment = self._moment
            self._page.show_sparks(answer, moment.t_s if moment.looking_back else None)

    def _ask(self) -> None:
        page, moment = self._page, self._moment
        queries: tuple[Query, ...] = ()
        if isinstance(page, NodePage) and page.sparks:
            pairs = tuple((page.nodes[0], metric) for metric in page.sparks)
            span = next((s for speed, s in _BY_SPEED if moment.speed <= speed), None)
            at_s = moment.t_s if moment.looking_back else None
            queries = (Query(_SPARKS, pairs, span, at_s),)
        if queries != self._asked:
            self._asked = queries
            self.curves_wanted.emit(queries)

    def _nodes(self) -> tuple[str, ...]:
        return tuple(n for n in self._session.document.nodes if n in self._session.selected_nodes)

    def show_states(self, node: str) -> None:
        """The states of a node in a window of their own, which stays while others are selected."""
        window = self._windows.get(node)
        if window is None:
            window = self._windows[node] = StatesWindow(self._session, node, self.window())
            window.destroyed.connect(lambda: self._gone(node))
            self._watch()
            window.show_moment(self._moment)
        window.show()
        window.raise_()
        window.activateWindow()

    def _gone(self, node: str) -> None:
        self._windows.pop(node, None)
        self._watch()

    def _watch(self) -> None:
        self.watch_wanted.emit(tuple(dict.fromkeys((*self._nodes(), *self._windows))))

    def _follow_windows(self) -> None:
        for window in list(self._windows.values()):
            if not window.follow():
                window.close()

    def _follow(self, edit: Any) -> None:
        self._follow_windows()
        document = self._session.document
        page = self._page
        if isinstance(page, NodePage) and any(n not in document.nodes for n in page.nodes):
            return
        if isinstance(page, LinkPage) and page.link not in document.links:
            return
        page.follow()

    def _rebuild(self) -> None:
        nodes, links = self._nodes(), tuple(self._session.selected_links)
        document = self._session.document
        services = {document.nodes[node].service for node in nodes}
        if len(services) == 1 and not (links and len(nodes) > 1):
            service = services.pop()
            icon = self._icon(service) if self._icon else None
            page: Any = NodePage(self._session, nodes, self._known.get(nodes[0], ()), icon)
            page.control_wanted.connect(self.control_wanted)
            page.run_wanted.connect(self.run_wanted)
            page.plot_wanted.connect(self.plot_wanted)
            page.trace_wanted.connect(self.trace_wanted)
            page.states_wanted.connect(self.show_states)
        elif not nodes and len(links) == 1:
            page = LinkPage(self._session, links[0])
            page.run_wanted.connect(self.run_wanted)
        elif nodes or links:
            page = _Several(len(nodes), len(links))
        else:
            page = ScenarioPage(self._session)
        page.setBackgroundRole(QPalette.ColorRole.Base)
        self._page = page
        self.setWidget(page)
        page.show_moment(self._moment)
        self._follow_windows()
        self._watch()
        self._show_events()
        self._ask()


class _Several(QWidget):
    """Several things of different kinds: nothing to edit together but their number."""

    def __init__(self, nodes: int, links: int) -> None:
        super().__init__()
        parts = [
            f"{number} {noun}{'s' if number != 1 else ''}"
            for number, noun in ((nodes, "node"), (links, "link"))
            if number
        ]
        header = Header(tr("Selected together"))
        header.label.setReadOnly(True)
        header.show_label(tr(" and ").join(parts), "")
        words = QLabel(tr("Select nodes of one service to set their parameters together."))
        words.setWordWrap(True)
        words.setContentsMargins(15, 0, 12, 0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(header)
        column.addWidget(words)
        column.addStretch(1)

    def follow(self) -> None:
        """Its number changes only with the selection, which makes another page."""

    def show_moment(self, moment: Moment) -> None:
        """Nothing here moves."""
