"""The faults of the scenario: a card each, with what it strikes, when, and how much."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sandbox.document import Document, Fault
from sandbox.document.edits import set_scenario
from sandbox.document.faults import KINDS, FaultKind, complaint, kinds_of, written
from sandbox.gui.glyphs import glyph
from sandbox.gui.inspector.row import Row
from sandbox.gui.moments import Moment
from sandbox.gui.session import Session
from sandbox.language import tr
from sandbox.services.params import ParamInfo

_STEP_S = 60.0
_LASTS_S = 600.0


def number(
    name: str, title: str, help: str, unit: str, default: float, least: float, most: float | None
) -> ParamInfo:
    """A number of a fault, as the inspector's rows want it."""
    return ParamInfo(
        name=name, title=title, kind="float", unit=unit, lo=least, hi=most, lo_open=False,
        default=default, choices=(), help=help, source="", confidence="", basic=True,
        group="General",
    )  # fmt: skip


def amount_of(kind: FaultKind) -> ParamInfo:
    """The amount of a kind, in its unit where there is one for all amounts."""
    unit = kind.unit if kind.unit in ("share", "s") else ""
    return number("amount", tr("Amount"), kind.amount, unit, kind.usual, kind.least, kind.most)


def targets_of(document: Document, catalogue: Any) -> list[tuple[str, str, tuple[str, ...]]]:
    """What faults can strike: (target, its name for people, the kinds it can have)."""

    def name(node: str) -> str:
        return document.nodes[node].label or node

    found = [
        (node, name(node), kinds_of(document, catalogue, "node", node)) for node in document.nodes
    ]
    found += [
        (group.id, group.label or group.id, kinds_of(document, catalogue, "group", group.id))
        for group in document.groups.values()
    ]
    found += [
        (
            written(link),
            f"{name(link[0])} → {name(link[1])}",
            kinds_of(document, catalogue, "link", link),
        )
        for link in document.links
    ]
    return [target for target in found if target[2]]


class FaultList(QWidget):
    """Everything here is an edit of the document."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._cards: list[_Card] = []
        self._t_s = 0.0
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._none = QLabel(tr("Nothing breaks on schedule."))
        self._none.setObjectName("help")
        self._add = QPushButton(glyph("add"), tr("Add a fault"))
        self._add.setAccessibleName(tr("Add a fault"))
        self._add.clicked.connect(self._append)
        self._column.addWidget(self._none)
        self._column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        self.follow()

    def follow(self) -> None:
        """Show the scenario's faults as they are now."""
        document, catalogue = self._session.document, self._session.catalogue
        faults = document.scenario.faults
        targets = targets_of(document, catalogue)
        while len(self._cards) > len(faults):
            card = self._cards.pop()
            card.setParent(None)
            card.deleteLater()
        while len(self._cards) < len(faults):
            card = _Card(len(self._cards))
            card.changed.connect(self._change)
            card.removed.connect(self._remove)
            self._column.insertWidget(len(self._cards), card)
            self._cards.append(card)
        for card, fault in zip(self._cards, faults, strict=True):
            wrong = complaint(document, catalogue, fault)
            card.show_fault(fault, targets, f"{wrong[1]}. {wrong[2]}" if wrong else "")
        self._none.setVisible(not faults)
        self._add.setEnabled(bool(targets))
        self._add.setToolTip("" if targets else tr("Place a service that something can happen to"))

    def show_moment(self, moment: Moment) -> None:
        """A new fault begins a little after the present time."""
        self._t_s = moment.t_s

    def _append(self) -> None:
        targets = targets_of(self._session.document, self._session.catalogue)
        target, _, kinds = targets[0]
        duration_s = self._session.document.scenario.duration_s
        start_s = (self._t_s // _STEP_S + 1) * _STEP_S
        if start_s + _LASTS_S > duration_s:
            start_s = 0.0
        kind = KINDS[kinds[0]]
        fault = Fault(kind.name, target, start_s, start_s + _LASTS_S, kind.usual)
        self._push((*self._session.document.scenario.faults, fault), "")

    def _remove(self, place: int) -> None:
        faults = self._session.document.scenario.faults
        self._push((*faults[:place], *faults[place + 1 :]), "")

    def _change(self, place: int, values: dict[str, Any], session: int) -> None:
        faults = list(self._session.document.scenario.faults)
        faults[place] = replace(faults[place], **values)
        key = f"fault {place} {sorted(values)} {id(self)} {session}" if session else ""
        self._push(faults, key)

    def _push(self, faults: Sequence[Fault], merge: str) -> None:
        edit = set_scenario(self._session.document, faults=tuple(faults))
        self._session.push(edit, merge)
        self.follow()


class _Card(QFrame):
    changed = Signal(int, dict, int)
    """Its place, the fields with their new values, and the number of the editing session."""
    removed = Signal(int)

    def __init__(self, place: int) -> None:
        super().__init__()
        self.setObjectName("card")
        self._place, self._session = place, 0
        self._targets: list[tuple[str, str, tuple[str, ...]]] = []
        self._fault: Fault | None = None
        self._rows: dict[str, Row] = {}
        name = tr("fault {place}", place=place + 1)
        self.kind, self.target = (
            _Choice(tr("Kind of {name}", name=name)),
            _Choice(tr("Target of {name}", name=name)),
        )
        remove = QToolButton()
        remove.setIcon(glyph("close"))
        remove.setAutoRaise(True)
        remove.setAccessibleName(tr("Remove {name}", name=name))
        remove.setToolTip(tr("Remove {name}", name=name))
        remove.clicked.connect(lambda: self.removed.emit(self._place))
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(8, 6, 6, 6)
        self._column.setSpacing(3)
        head = QHBoxLayout()
        head.addWidget(self.kind, 1)
        head.addWidget(remove)
        self._column.addLayout(head)
        self._column.addWidget(self.target)
        self._column.addWidget(self._words)
        self.kind.activated.connect(self._pick_kind)
        self.target.activated.connect(self._pick_target)

    def show_fault(
        self, fault: Fault, targets: list[tuple[str, str, tuple[str, ...]]], wrong: str
    ) -> None:
        self._targets = targets
        possible = [name for name in KINDS if any(name in kinds for _, _, kinds in targets)]
        titles = [(KINDS[name].title, name) for name in possible]
        self.kind.show_items(titles, fault.kind, fault.kind)
        places = [
            (tr("at {name}", name=name), target)
            for target, name, kinds in targets
            if fault.kind in kinds
        ]
        self.target.show_items(places, fault.target, tr("at {target}", target=fault.target))
        kind = KINDS.get(fault.kind)
        if kind is not None and (self._fault is None or self._fault.kind != fault.kind):
            self._make_rows(kind)
        self._fault = fault
        shown = {"start_s": fault.start_s, "end_s": fault.end_s, "amount": fault.amount}
        for name, row in self._rows.items():
            row.show_value(shown[name], False)
        self._words.setText(wrong or (f"{_capital(kind.words(fault.amount))}." if kind else ""))
        self._words.setObjectName("refusal" if wrong else "help")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)

    def _make_rows(self, kind: FaultKind) -> None:
        for row in self._rows.values():
            row.setParent(None)
            row.deleteLater()
        infos = [
            number(
                "start_s", tr("Begins"), tr("Seconds since the start of the run."), "s", 0, 0, None
            ),
            number("end_s", tr("Ends"), _ENDS[kind.instant], "s", 0, 0, None),
            amount_of(kind),
        ]
        self._rows = {info.name: Row(info) for info in infos}
        for name, row in self._rows.items():
            row.chosen.connect(lambda value, name=name: self._chosen(name, value))
            row.entered.connect(self._entered)
            self._column.insertWidget(self._column.count() - 1, row)

    def _entered(self) -> None:
        self._session += 1

    def _chosen(self, name: str, value: Any) -> None:
        if value is None:
            value = self._rows[name].info.default
        self.changed.emit(self._place, {name: float(value)}, self._session)

    def _pick_kind(self, row: int) -> None:
        """Another kind has another amount, and perhaps cannot strike the same thing."""
        assert self._fault is not None
        name = self.kind.itemData(row)
        if name == self._fault.kind:
            return
        values: dict[str, Any] = {"kind": name, "amount": KINDS[name].usual}
        known = [target for target, _, kinds in self._targets if name in kinds]
        if self._fault.target not in known:
            values["target"] = known[0]
        self.changed.emit(self._place, values, 0)

    def _pick_target(self, row: int) -> None:
        self.changed.emit(self._place, {"target": self.target.itemData(row)}, 0)


class _Choice(QComboBox):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def show_items(self, items: list[tuple[str, str]], chosen: str, called: str) -> None:
        """Show these, and the chosen one even where it is none of them."""
        if chosen not in [data for _, data in items]:
            items = [*items, (called, chosen)]
        if items != [(self.itemText(i), self.itemData(i)) for i in range(self.count())]:
            self.clear()
            for text, data in items:
                self.addItem(text, data)
        self.setCurrentIndex(self.findData(chosen))

    def wheelEvent(self, event: Any) -> None:
        """Scrolling the inspector must not change what lies under the pointer."""
        event.ignore()


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


_ENDS = {
    False: tr("Seconds since the start of the run."),
    True: tr(
        "Seconds since the start of the run. It happens at once; what cannot be replaced is "
        "back at this time."
    ),
}
