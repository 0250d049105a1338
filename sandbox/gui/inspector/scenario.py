"""The inspector's page when nothing is selected: the diagram's name, notes and scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from sandbox.document import Scenario
from sandbox.document.edits import set_attribute, set_scenario
from sandbox.document.scenario import scenario_problems
from sandbox.experiments import units
from sandbox.gui.inspector.classes import CLASSES, classes_of, items_of
from sandbox.gui.inspector.faults import FaultList
from sandbox.gui.inspector.form import Form
from sandbox.gui.inspector.header import Header
from sandbox.gui.inspector.notes import Notes
from sandbox.gui.inspector.section import Section
from sandbox.gui.moments import Moment
from sandbox.gui.session import Session
from sandbox.language import tr
from sandbox.services.params import ParamInfo

_DEFAULT = Scenario()


def _info(
    name: str,
    title: str,
    kind: str,
    help: str,
    unit: str = "",
    lo: float | None = None,
    hi: float | None = None,
    lo_open: bool = False,
    choices: tuple[str, ...] = (),
) -> ParamInfo:
    return ParamInfo(
        name=name,
        title=title,
        kind=kind,
        unit=unit,
        lo=lo,
        hi=hi,
        lo_open=lo_open,
        default=getattr(_DEFAULT, name),
        choices=choices,
        help=help,
        source="",
        confidence="",
        basic=True,
        group="General",
    )


FIELDS: Sequence[ParamInfo] = (
    _info("start", tr("Starts at"), "text", tr("The simulated instant of second zero, in UTC.")),
    _info(
        "duration_s",
        tr("Lasts"),
        "float",
        tr("The run pauses here; Play goes on beyond it."),
        "s",
        0,
        lo_open=True,
    ),
    _info(
        "tick_s",
        tr("Tick"),
        "float",
        tr("The step of the simulation; it divides 60 s. Steady states hardly depend on it."),
        "s",
        0.1,
        10,
    ),
    _info(
        "seed",
        tr("Seed"),
        "int",
        tr("Another seed draws other random numbers; the same one repeats the run exactly."),
        lo=0,
    ),
    _info(
        "load",
        tr("Load at the start"),
        "float",
        tr("What the load slider starts with."),
        "×",
        0,
        100,
    ),
    _info(
        "era",
        tr("Era"),
        "choice",
        tr("Which rules, quotas and prices hold where they changed."),
        choices=("current", "2020"),
    ),
)


def complaint(name: str, value: Any) -> str | None:
    """What is wrong with a scenario's field beyond its bounds, in words; None when nothing is."""
    if name == "start":
        try:
            datetime.fromisoformat(value)
        except ValueError:
            return tr("“{value}” is not an instant; 2026-01-05T08:00:00Z would be.", value=value)
    if name == "tick_s" and abs(60 / value - round(60 / value)) > 1e-9:
        return tr("The tick must divide 60 s: 0.1, 0.5, 1, 2, 5 or 10 do.")
    return None


class ScenarioPage(QWidget):
    """Everything here is an edit of the document."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._header = Header(tr("Diagram and scenario"))
        self._header.renamed.connect(self._rename)
        self._notes = Notes()
        self._notes.textChanged.connect(self._note)
        self._now = QLabel(units.UNKNOWN)
        self._now.setAccessibleName(tr("Totals"))
        self._now.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 12)
        column.setSpacing(2)
        column.addWidget(self._header)
        now, notes = Section(tr("So far")), Section(tr("Notes"))
        now.content.addWidget(self._now)
        notes.content.addWidget(self._notes)
        column.addWidget(now)
        column.addWidget(notes)
        self._form = Form(FIELDS, title=tr("Scenario"))
        self._form.chosen.connect(self._set)
        column.addWidget(self._form)
        self._classes = Form((CLASSES,), title=tr("Requests"))
        self._classes.chosen.connect(self._set_classes)
        column.addWidget(self._classes)
        faults = Section(tr("Faults"))
        self._faults = FaultList(session)
        faults.content.addWidget(self._faults)
        column.addWidget(faults)
        column.addStretch(1)
        self.follow()

    def follow(self) -> None:
        document = self._session.document
        self._header.show_label(document.name, tr("Untitled diagram"))
        if self._notes.toPlainText() != document.notes:
            self._notes.blockSignals(True)
            self._notes.setPlainText(document.notes)
            self._notes.blockSignals(False)
        self._faults.follow()
        fields = {i.name: getattr(document.scenario, i.name) for i in FIELDS}
        self._form.show_values(
            {i.name: fields[i.name] for i in FIELDS if fields[i.name] != i.default}
        )

        items = items_of(document.scenario.classes)
        self._classes.show_values({"classes": items} if items else {})

    def show_moment(self, moment: Moment) -> None:
        self._faults.show_moment(moment)
        hourly = moment.cost_usd / moment.t_s * 3600 if moment.t_s > 0 else 0.0
        text = tr(
            "{time} simulated, {cost} spent",
            time=units.duration(moment.t_s),
            cost=units.money(moment.cost_usd),
        ) + (
            f": {units.money(hourly, 'h')}, {units.money(hourly * 730, 'month')}"
            if moment.t_s
            else ""
        )
        if text != self._now.text():
            self._now.setText(text)

    def _set(self, name: str, value: Any, session: int) -> None:
        if value is None:
            value = getattr(_DEFAULT, name)
        wrong = complaint(name, value)
        if wrong:
            self._form.refuse([(name, wrong)])
            return
        self._form.refuse([])
        edit = set_scenario(self._session.document, **{name: value})
        self._session.push(edit, f"scenario {name} {id(self)} {session}")
        self.follow()

    def _set_classes(self, name: str, items: Any, session: int) -> None:
        document = self._session.document
        classes = classes_of(items or (), document.scenario.classes)
        changed = replace(document.scenario, classes=classes)
        wrong = [
            (name, f"{text}. {remedy}")
            for severity, field, text, remedy in scenario_problems(document, changed)
            if field == "classes" and severity == "error"
        ]
        self._classes.refuse(wrong)
        if not wrong:
            edit = set_scenario(document, classes=classes)
            self._session.push(edit, f"scenario classes {id(self)} {session}")
            self.follow()

    def _rename(self, name: str, session: int) -> None:
        edit = set_attribute(self._session.document, "name", name)
        self._session.push(edit, f"name {id(self)} {session}")

    def _note(self) -> None:
        edit = set_attribute(self._session.document, "notes", self._notes.toPlainText())
        self._session.push(edit, f"notes {id(self)}")
