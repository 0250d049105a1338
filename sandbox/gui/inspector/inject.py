"""Inject a fault now: kind, amount and duration for what is selected, and what is under way."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from sandbox.document.faults import KINDS
from sandbox.engine.dials import FaultNow
from sandbox.experiments import units
from sandbox.gui.inspector.faults import amount_of, number
from sandbox.gui.inspector.row import Row
from sandbox.language import tr
from sandbox.services.params import ParamInfo

_LASTS = number(
    "duration_s",
    tr("Lasts"),
    tr("How long, in simulated time; 0 is at once and over."),
    "s",
    300.0,
    0,
    1e9,
)


class Inject(QWidget):
    """A fault is a control of the run: logged with its time, and no edit of the document."""

    wanted = Signal(str, dict)
    """The action of the run, "fault" or "end_fault", and its arguments."""

    def __init__(self, target: str, kinds: Sequence[str], kind: str = "") -> None:
        super().__init__()
        self._target, self._kinds = target, tuple(kinds)
        self._under_way: tuple[FaultNow, ...] = ()
        self._lines: list[QWidget] = []
        self._amount: Row | None = None
        titles = tuple(KINDS[name].title for name in kinds)
        chosen = KINDS[kind or kinds[0]].title
        info = ParamInfo(
            name="kind", title=tr("Fault"), kind="choice", unit="", lo=None, hi=None, lo_open=False,
            default=chosen,
            choices=titles, help=tr("What goes wrong."), source="", confidence="", basic=True,
            group="General",
        )  # fmt: skip
        self._kind, self._lasts = Row(info), Row(_LASTS)
        self._given: dict[str, float] = {}
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setObjectName("help")
        self.button = QPushButton(tr("Inject now"))
        self.button.setAccessibleName(tr("Inject now"))
        self._running = QVBoxLayout()
        self._running.setSpacing(2)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)
        for part in (self._kind, self._lasts, self._words, self.button):
            self._column.addWidget(part)
        self._column.addLayout(self._running)
        self._kind.chosen.connect(self._pick)
        self._lasts.chosen.connect(lambda value: self._keep("duration_s", value))
        self.button.clicked.connect(self._send)
        self._pick(chosen)

    def show_faults(self, faults: Sequence[FaultNow]) -> None:
        """Offer to end what is under way here."""
        mine = tuple(f for f in faults if f.state == "active" and f.target == self._target)
        if mine == self._under_way:
            return
        self._under_way = mine
        gone, self._lines = self._lines, [self._line(fault) for fault in mine]
        for line in gone:
            focused = QApplication.focusWidget()
            if focused is not None and line.isAncestorOf(focused):
                self.button.setFocus()  # where Qt would look for the next by itself, it may be gone
            self._running.removeWidget(line)
            line.hide()
            line.deleteLater()
        for line in self._lines:
            self._running.addWidget(line)

    def _line(self, fault: FaultNow) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 2, 0, 0)
        kind = KINDS[fault.kind]
        words = QLabel(
            tr(
                "{title}: {words}, until {end_s}",
                title=kind.title,
                words=kind.words(fault.amount),
                end_s=units.duration(fault.end_s),
            )
        )
        words.setWordWrap(True)
        end = QPushButton(tr("End now"))
        end.setAccessibleName(tr("End {fault} now", fault=kind.title.lower()))
        asked = {"kind": fault.kind, "target": fault.target}
        end.clicked.connect(lambda: self.wanted.emit("end_fault", asked))
        row.addWidget(words, 1)
        row.addWidget(end)
        return line

    def _pick(self, title: str | None) -> None:
        title = title or self._kind.info.default
        self._name = next(name for name in self._kinds if KINDS[name].title == title)
        self._kind.show_value(title, False)
        kind = KINDS[self._name]
        if self._amount is not None:
            self._amount.setParent(None)
            self._amount.deleteLater()
        self._amount = Row(amount_of(kind))
        self._amount.chosen.connect(lambda value: self._keep("amount", value))
        self._column.insertWidget(1, self._amount)
        self._given.pop("amount", None)
        self._keep("duration_s", 0.0 if kind.instant else None)
        self._keep("amount", None)

    def _keep(self, name: str, value: Any) -> None:
        assert self._amount is not None
        row = self._amount if name == "amount" else self._lasts
        if value is None:
            self._given.pop(name, None)
        else:
            self._given[name] = float(value)
        row.show_value(self._given.get(name, row.info.default), False)
        words = KINDS[self._name].words(self._given.get("amount", self._amount.info.default))
        self._words.setText(f"{words[:1].upper()}{words[1:]}.")

    def _send(self) -> None:
        assert self._amount is not None
        lasts = self._given.get("duration_s", _LASTS.default)
        amount = self._given.get("amount", self._amount.info.default)
        args = {"kind": self._name, "target": self._target, "amount": amount, "duration_s": lasts}
        self.wanted.emit("fault", args)


class InjectDialog(QDialog):
    """The same for something on the canvas that was pointed at."""

    def __init__(self, parent: QWidget, called: str, inject: Inject) -> None:
        super().__init__(parent)
        self.setWindowTitle(tr("Inject a fault at {called}", called=called))
        self.setAccessibleName(tr("Inject a fault"))
        column = QVBoxLayout(self)
        column.addWidget(inject)
        inject.wanted.connect(lambda _action, _args: self.accept())
        self.setMinimumWidth(340)
        inject.button.setDefault(True)
        inject.button.setFocus()
