"""The dock "Check against theory": what theory, and a simulation of every request, say of now.

It follows the selection: one service, or the whole path of its source. The present of the run is
frozen between two ticks and simulated on a thread of its own; the run goes on meanwhile, and the
panel says how old its figures are.
"""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from sandbox.experiments.requests.verify import LATENCIES, Check, NodeCheck
from sandbox.experiments.units import clock, duration, si
from sandbox.gui.moments import Moment
from sandbox.gui.session import Session
from sandbox.gui.theme import LIGHT, Theme
from sandbox.gui.theory.figures import Figures
from sandbox.gui.theory.job import Job, freezing
from sandbox.gui.theory.request import Request
from sandbox.language import tr

_PAUSE_MS = 200  # a selection that is passed by is not checked
_LOOK_MS = 60
_FIRST = tr("Play for a while, then check: the figures of a moment are compared.")


class Theory(QWidget):
    """Checks by itself when it is looked at and has nothing to show for what is selected."""

    def __init__(
        self, session: Session, look_at: Callable[[Callable[[Any], Any]], SimpleQueue[Any]]
    ) -> None:
        """`look_at(ask)` has the run asked between two ticks, and gives a queue for its answer."""
        super().__init__()
        self.setAccessibleName(tr("Theory"))
        self._session, self._look_at = session, look_at
        self._theme = LIGHT
        self.check: Check | None = None
        self._job: Job | None = None
        self._tick, self._edited, self._stopped = 0, False, False
        self.title, self.verdict, self.said = QLabel(), QLabel(), QLabel()
        self.button, self.bar = QPushButton(tr("Check now")), QProgressBar()
        self.figures = Figures()
        self.request = Request(self._name_of, self._color_of)
        self._build()
        self._soon, self._progress = QTimer(self), QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self._follow)
        self._progress.setInterval(_LOOK_MS)
        self._progress.timeout.connect(self._show_progress)
        self.button.clicked.connect(self._pressed)
        session.selection_changed.connect(self._soon.start)
        session.opened.connect(self._forget)
        session.edited.connect(self._note_edit)
        self._show()

    # --- what it is told -------------------------------------------------------------------------

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self.figures.set_theme(theme)
        self.request.set_theme(theme)
        self._show()

    def show_moment(self, moment: Moment) -> None:
        """The run has moved on; a run that began again has no past to be compared with."""
        before, self._tick = self._tick, moment.tick
        if moment.tick < before:
            self._forget()
        elif before == 0 and moment.tick > 0:
            self._soon.start()

    def show_when_seen(self, seen: bool) -> None:
        if seen:
            self._soon.start()

    def stop(self, patience_s: float | None = None) -> None:
        """Break off what is under way; of no use afterwards."""
        self._stopped = True
        self._soon.stop()
        self._progress.stop()
        if self._job is not None:
            self._job.cancelled = True
            self._job.let_go(patience_s)

    # --- checking --------------------------------------------------------------------------------

    @property
    def subject(self) -> str | None:
        """What is looked at: the one selected node, else the source that sends most."""
        document, catalogue = self._session.document, self._session.catalogue
        if len(self._session.selected_nodes) == 1:
            return next(iter(self._session.selected_nodes))
        best, most = None, -1.0
        for node in document.nodes.values():
            if node.service in catalogue and getattr(catalogue[node.service], "source", False):
                rate = node.params.get("rate_per_s", 0.0)
                rate = float(rate) if isinstance(rate, (int, float)) else 0.0
                if rate > most:
                    best, most = node.id, rate
        return best

    def check_now(self) -> None:
        """Freeze the run and simulate it; what was under way is broken off."""
        subject = self.subject
        if self._stopped or subject is None:
            return
        if self._job is not None:
            self._job.cancelled = True
            return  # and begun anew when that has ended
        self._edited = False
        job = self._job = Job(self._look_at(freezing(subject)), self)
        job.finished.connect(lambda: self._finished(job))
        job.start()
        self.button.setText(tr("Cancel"))
        self.bar.setRange(0, 0)  # until it is known how far it is
        self.bar.show()
        self._progress.start()
        if self.check is None:
            self._show()  # says that it checks

    def _pressed(self) -> None:
        if self._job is not None:
            self._job.cancelled = True
            self._soon.stop()
        else:
            self.check_now()

    def _follow(self) -> None:
        """Show what there is of what is selected, or find out."""
        if self.visibleRegion().isEmpty() or self._stopped:
            return
        known = self.check is not None and self.subject in [n.node for n in self.check.nodes]
        if known or self._tick == 0 or self.subject is None:
            self._show()
        else:
            self.check_now()

    def _finished(self, job: Job) -> None:
        self._progress.stop()
        self.bar.hide()
        self.button.setText(tr("Check now"))
        self._job = None
        job.deleteLater()
        if self._stopped:
            return
        if job.check is not None:
            self.check = job.check
            self._show()
        elif job.why_not != "cancelled":
            self.check = None
            self._show(job.why_not)
        elif self.check is None:
            self._show()

    def _show_progress(self) -> None:
        if self._job is not None and self._job.share > 0:
            self.bar.setRange(0, 100)
            self.bar.setValue(round(100 * self._job.share))

    def _note_edit(self, _edit: object) -> None:
        self._edited = True
        if self.check is not None:
            self._show()

    def _forget(self) -> None:
        self.check = None
        self._show()

    # --- showing ---------------------------------------------------------------------------------

    def _show(self, why_not: str = "") -> None:
        check, subject = self.check, self.subject
        one = None
        if check is not None and subject is not None:
            one = next((n for n in check.nodes if n.node == subject), None)
        named = self._name_of(subject) if subject else tr("Nothing to check")
        self.title.setText(
            tr("The path from {named}", named=named) if self._is_path(one, subject) else named
        )
        self.splitter.setVisible(one is not None)
        self._empty.setVisible(one is None)
        if one is None or check is None:
            self.verdict.setText("")
            self.said.setText("")
            self._empty.setText(self._why_nothing(why_not))
            self._tell()
            return
        self.figures.show_check(check, one.node)
        self.request.show_falls(check.waterfalls.get(one.node, ()))
        text, color = self._verdict(check, one)
        self.verdict.setText(text)
        self.verdict.setStyleSheet(f"color: {color};")
        self.said.setText(self._about(check, one))
        self._tell()

    def _tell(self) -> None:
        """A label that has a name is read by its description."""
        for label in (self.title, self.verdict, self.said):
            label.setAccessibleDescription(label.text())

    def _is_path(self, one: NodeCheck | None, subject: str | None) -> bool:
        if one is not None:
            return one.kind == "path"
        record, catalogue = self._session.document.nodes.get(subject or ""), self._session.catalogue
        if record is None or record.service not in catalogue:
            return False
        return bool(getattr(catalogue[record.service], "source", False))

    def _why_nothing(self, why_not: str) -> str:
        if why_not:
            return why_not[:1].upper() + why_not[1:] + "."
        if self.subject is None:
            return tr("There are no clients in this diagram, and nothing is selected.")
        return (
            _FIRST
            if self._tick == 0
            else tr("Checking…")
            if self._job
            else tr("Press “Check now”.")
        )

    def _verdict(self, check: Check, one: NodeCheck) -> tuple[str, str]:
        """One sentence, and its colour."""
        if check.diverges:
            return tr("No steady state: {why_not}.", why_not=check.why_not), self._theme.critical
        worst = one.worst
        if worst is None or worst.gap is None:
            return tr(
                "Nothing here can be compared: it is taken over from the run."
            ), self._theme.muted
        size = 100 * max(abs(x.gap or 0.0) for x in one.lines if x.metric in LATENCIES)
        text = tr(
            "Mean, p50, p95 and p99 agree with the simulated requests within {size:.1f} %.",
            size=size,
        )
        if size > 10:
            text = tr(
                "{title} differs from the simulated requests by {size:.0f} %.",
                title=worst.title,
                size=size,
            )
        if check.why_not:
            text += tr(" But {why_not}.", why_not=check.why_not)
        if check.unsettled:
            text += tr(" The run is not at rest.")
        color = self._theme.ok if size <= 5 else self._theme.warning
        return text, self._theme.critical if size > 10 else color

    def _about(self, check: Check, one: NodeCheck) -> str:
        """The closed form and its inputs; when, how long, how many."""
        form = one.form
        if form.name and not form.why_not:
            inputs = ", ".join(f"{name} = {value}" for name, value in form.inputs)
            theory = tr("Theory: {name}; {inputs}.", name=form.name, inputs=inputs)
            if form.assumes:
                theory += tr(" It assumes {assumes}.", assumes=form.assumes)
        else:
            theory = tr("No closed form: {why_not}.", why_not=form.why_not)
        at = clock(self._session.document.scenario.start, check.t_s)
        frozen = tr(
            " Frozen at {at}; {window_s} simulated, {si} events in {took_s}.",
            at=at,
            window_s=duration(check.window_s),
            si=si(check.events),
            took_s=duration(check.took_s),
        )
        return theory + frozen + (tr(" The diagram was edited since.") if self._edited else "")

    def _name_of(self, node: str) -> str:
        record = self._session.document.nodes.get(node)
        return (record.label if record else "") or node

    def _color_of(self, node: str) -> QColor:
        record, catalogue = self._session.document.nodes.get(node), self._session.catalogue
        if record is None or record.service not in catalogue:
            return QColor(self._theme.idle)
        return self._theme.category(catalogue[record.service].category)

    def _build(self) -> None:
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.said.setObjectName("help")
        self.said.setWordWrap(True)
        self.verdict.setWordWrap(True)
        for label, name in (
            (self.title, tr("Subject")),
            (self.verdict, tr("Verdict")),
            (self.said, tr("About this check")),
        ):
            label.setAccessibleName(name)
        self.button.setAccessibleName(tr("Check now"))
        self.button.setToolTip(
            tr("Freeze the run as it is now, and simulate it request by request")
        )
        self.bar.setAccessibleName(tr("Progress of the check"))
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(90, 8)
        self.bar.hide()
        top = QHBoxLayout()
        top.setContentsMargins(10, 6, 10, 0)
        top.setSpacing(12)
        top.addWidget(self.title)
        top.addWidget(self.verdict, 1)
        top.addWidget(self.bar)
        top.addWidget(self.button)
        about = QHBoxLayout()
        about.setContentsMargins(10, 0, 10, 4)
        about.addWidget(self.said)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.figures)
        self.splitter.addWidget(self.request)
        self.figures.setMinimumWidth(430)
        self.splitter.setStretchFactor(0, 4)
        self.splitter.setStretchFactor(1, 5)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([520, 600])
        self._empty = QLabel(_FIRST)
        self._empty.setObjectName("help")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(top)
        column.addLayout(about)
        column.addWidget(self.splitter, 1)
        column.addWidget(self._empty, 1)
