"""The inspector's page of a link: where it goes, how the two ends meet, and what flows."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from sandbox.document import EditError
from sandbox.document.edits import set_link_params
from sandbox.document.evidence import settle
from sandbox.document.faults import kinds_of, written
from sandbox.experiments import units
from sandbox.gui.frames import LinkId
from sandbox.gui.inspector.evidence import Evidence
from sandbox.gui.inspector.form import Form
from sandbox.gui.inspector.header import Header
from sandbox.gui.inspector.inject import Inject
from sandbox.gui.inspector.section import Section
from sandbox.gui.moments import Moment
from sandbox.gui.session import Session
from sandbox.language import tr

_MODES = {
    "sync": tr("the caller waits for the answer"),
    "async": tr("handed over: the caller does not wait"),
    "pull": tr("the consumer takes at its own pace"),
    "standby": tr("used when the primary fails"),
    "control": tr("carries no load"),
}


class LinkPage(QWidget):
    """The parameters of a link depend on its mode, so another mode makes another form."""

    run_wanted = Signal(str, dict)
    """An action of the run itself, and its arguments."""

    def __init__(self, session: Session, link: LinkId) -> None:
        super().__init__()
        self._inject: Inject | None = None
        self._session, self.link = session, link
        self._form: Form | None = None
        self._mode: str | None = None
        self._header = Header("", "")
        self._header.label.setReadOnly(True)
        self._flow = QLabel(units.UNKNOWN)
        self._flow.setAccessibleName(tr("Flow"))
        self._flow.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 12)
        self._column.setSpacing(2)
        self._column.addWidget(self._header)
        self.evidence = Evidence()
        self.evidence.settled.connect(self._settle)
        self._column.addWidget(self.evidence)
        now = Section(tr("Now"))
        now.content.addWidget(self._flow)
        self._column.addWidget(now)
        self._faults = Section(tr("Faults"))
        self._column.addWidget(self._faults)
        self._column.addStretch(1)
        self.follow()

    def follow(self) -> None:
        record = self._session.document.links[self.link]
        ends = self._ends()
        mode = record.params.get("mode")
        catalogue: Any = self._session.catalogue
        if self._form is None or mode != self._mode:
            self._mode = mode
            if self._form is not None:
                self._form.setParent(None)
                self._form.deleteLater()
            modes = catalogue.link_modes(*ends)
            self._form = Form(catalogue.link_parameters(*ends, mode), {"mode": modes})
            self._form.chosen.connect(self._set)
            self._column.insertWidget(self._column.count() - 2, self._form)
            self._offer_faults()
            effective = mode or (modes[0] if modes else "sync")
            self._header.show_kind(f"{effective}: {_MODES.get(effective, '')}")
        nodes = self._session.document.nodes
        source, target = (nodes[n].label or n for n in (record.source, record.target))
        self._header.show_label(f"{source} → {target}", "")
        self.evidence.show_link(self._session.document, record)
        self._form.show_values(record.params)
        self._form.refuse(catalogue.check_link_params(*ends, record.params))

    def _offer_faults(self) -> None:
        """What can strike a link depends on its mode as well."""
        if self._inject is not None:
            self._inject.setParent(None)
            self._inject.deleteLater()
            self._inject = None
        kinds = kinds_of(self._session.document, self._session.catalogue, "link", self.link)
        self._faults.setVisible(bool(kinds))
        if kinds:
            self._inject = Inject(written(self.link), kinds)
            self._inject.wanted.connect(self.run_wanted)
            self._faults.content.addWidget(self._inject)

    def show_moment(self, moment: Moment) -> None:
        if self._inject is not None:
            self._inject.show_faults(moment.faults)
        now = moment.frame.links.get(self.link)
        if now is None:
            text = tr("nothing flows yet")
        elif now.flow_per_s <= 0 and not now.breaker_open:
            text = tr("nothing flows")
        else:
            text = tr(
                "{flow_per_s}, {ok_fraction} answered well",
                flow_per_s=units.quantity(now.flow_per_s, "1/s"),
                ok_fraction=units.percent(now.ok_fraction),
            )
            if now.retried_per_s > 0:
                text += tr(
                    "; {retried_per_s} of them are retries",
                    retried_per_s=units.quantity(now.retried_per_s, "1/s"),
                )
            if now.waiting >= 1:
                text += tr(
                    ", {number} calls wait for another attempt", number=units.si(now.waiting)
                )
            if now.breaker_open:
                text += tr("; the circuit breaker is open")
        if text != self._flow.text():
            self._flow.setText(text)

    def _settle(self) -> None:
        self._session.do(settle, self.link)
        self.follow()

    def _ends(self) -> tuple[str, str, str, str]:
        record, nodes = self._session.document.links[self.link], self._session.document.nodes
        return (
            nodes[record.source].service,
            record.source_port,
            nodes[record.target].service,
            record.target_port,
        )

    def _set(self, name: str, value: Any, session: int) -> None:
        assert self._form is not None
        try:
            edit = set_link_params(self._session.document, {self.link: {name: value}})
        except EditError as refusal:
            self._form.refuse([(name, str(refusal))])
            return
        for change in edit.changes:
            complaints = self._session.catalogue.check_link_params(
                *self._ends(), change.after.params
            )
            if complaints and value is not None:
                self._form.refuse(complaints)
                return
        self._session.push(edit, f"{name} {self.link} {id(self)} {session}")
        self.follow()
