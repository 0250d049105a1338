"""Follows one sample through a graph: its input, its chances, its log step by step."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sandbox.experiments import units
from sandbox.gui.glyphs import glyph
from sandbox.gui.graphs.job import Job
from sandbox.gui.graphs.paint import Marks
from sandbox.gui.texts.area import CodeArea
from sandbox.language import tr
from sandbox.services.trial import Execution, Step, log_text
from sandbox.services.views import Mistake

_LINES = 4
_LONGEST = 20_000  # letters of an input or output that are shown


class Follow(QWidget):
    """The step that is chosen is announced as marks for the graph."""

    stepped = Signal(object)
    """Marks: where the sample is at this step, and where it has been."""

    def __init__(
        self,
        one: str,
        trial: Callable[[str, int, float], Execution],
        check: Callable[[str], Mistake | None],
    ) -> None:
        """`trial(text, seed, failures)` follows one; `check` finds a mistake in its input."""
        super().__init__()
        self._one, self._trial, self._check = one, trial, check
        self._job: Job | None = None
        self._sample = "{}"
        self.found: Execution | None = None
        self.input = CodeArea(numbers=False)
        self.input.setAccessibleName(tr("Input of the {one}", one=one))
        self.input.setToolTip(tr("What the sample begins with, as JSON; mistakes are marked"))
        self.input.setTabChangesFocus(True)
        self.seed = QSpinBox()
        self.seed.setRange(0, 9999)
        self.seed.setSpecialValueText(tr("none fail"))
        self.seed.setPrefix(tr("seed "))
        self.seed.setAccessibleName(tr("Seed of failures"))
        self.seed.setToolTip(tr("Which attempts fail by chance; the same seed, the same sample"))
        self.failures = QSpinBox()
        self.failures.setRange(0, 100)
        self.failures.setValue(20)
        self.failures.setSuffix(tr(" % fail"))
        self.failures.setAccessibleName(tr("Share of attempts that fail"))
        self.failures.setToolTip(
            tr("Of the attempts of every task, beside what the settings assume of single states")
        )
        self.run = QPushButton(glyph("play"), tr("Follow one {one}", one=one))
        self.run.setAccessibleName(tr("Follow one {one}", one=one))
        self.run.setToolTip(tr("Run it step by step from its input to its end"))
        self.status = QLabel("")
        self.status.setWordWrap(True)
        self.status.setAccessibleName(tr("How the sample ended"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(tr("Step"))
        self.slider.setToolTip(tr("Go from step to step of the sample"))
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Log"))
        self.list.setUniformItemSizes(True)
        self.list.setToolTip(tr("The log: up and down go from step to step"))
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.given, self.made = _shown(tr("Input of the step")), _shown(tr("Output of the step"))
        self.copy = _tool("copy", tr("Copy the log"), tr("The whole log as text, to the clipboard"))
        self.save = _tool("save", tr("Save the log"), tr("The whole log as a text file"))
        self.ask_path: Callable[[], str] = self._ask_path
        self._parts: list[QWidget] = []
        self._arrange()
        self._connect()
        self._show_parts(False)
        self._by_seed(0)

    def show_sample(self, text: str) -> None:
        """The input as the parameters have it, unless another one was typed."""
        if self.input.toPlainText() in ("", self._sample):
            self.input.setPlainText(text)
        self._sample = text

    def start(self) -> None:
        """Follow one sample on the present input, if that is right."""
        if not self._look() or self._job is not None:
            return
        text, seed = self.input.toPlainText() or "{}", self.seed.value()
        share = self.failures.value() / 100.0
        self.run.setEnabled(False)
        self._job = Job(lambda: self._trial(text, seed, share))
        self._job.finished.connect(self._done)
        self._job.start()

    def clear(self) -> None:
        """The graph has become another one."""
        if self.found is not None:
            self.found = None
            self.list.clear()
            self.status.setText("")
            self._show_parts(False)
            self.stepped.emit(Marks())

    def go(self, step: int) -> None:
        """Show this step, from 0."""
        if 0 <= step < self.list.count():
            self.list.setCurrentRow(step)

    @property
    def step(self) -> int:
        return self.list.currentRow()

    # ------------------------------------------------------------------ inside

    def _done(self) -> None:
        job, self._job = self._job, None
        self.run.setEnabled(True)
        if job is None:
            return
        if job.found is None:
            self.status.setText(tr("Not followed: {why_not}", why_not=job.why_not))
            return
        self.found = job.found
        self._fill(job.found)

    def _fill(self, found: Execution) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for step in found.steps:
            item = QListWidgetItem(_line(step))
            if step.error:
                item.setForeground(QColor(self.palette().brightText().color()))
            item.setToolTip(f"{step.state} ({step.kind})\n{step.error} {step.note}".strip())
            self.list.addItem(item)
        self.list.blockSignals(False)
        count = len(found.steps)
        self.slider.setRange(0, max(0, count - 1))
        text = f"{found.status} after {units.quantity(found.end_s, 's')}, {count} steps"
        if found.left_out:
            text += tr(" shown of {count:,}", count=count + found.left_out)
        text += f", {found.transitions:,} transitions"
        if found.error:
            text += f": {found.error}, {found.cause}" if found.cause else f": {found.error}"
        self.status.setText(text)
        self._show_parts(count > 0)
        self.list.setCurrentRow(0)
        self._show(0)

    def _show(self, row: int) -> None:
        if self.found is None or not 0 <= row < len(self.found.steps):
            return
        step = self.found.steps[row]
        self.slider.blockSignals(True)
        self.slider.setValue(row)
        self.slider.blockSignals(False)
        self.given.setPlainText(_json(step.input))
        self.made.setPlainText(_json(step.output))
        before = self.found.steps[: row + 1]
        gone = {(one.state, one.next) for one in before[:-1] if one.next}
        visited = {one.state for one in before}
        self.stepped.emit(Marks("", step.state, bool(step.error), visited, frozenset(gone)))

    def _look(self) -> bool:
        """Whether the input is right; its mistake is marked."""
        text = self.input.toPlainText()
        found = self._check(text) if text.strip() else None
        self.input.show_mistake(found)
        if found is not None:
            place = f"line {found.line}, column {found.column}"
            self.status.setText(
                tr("The input is wrong at {place}: {words}", place=place, words=found.words)
            )
        return found is None

    def _by_seed(self, seed: int) -> None:
        self.failures.setEnabled(seed > 0)

    def _copy(self) -> None:
        if self.found is not None:
            QGuiApplication.clipboard().setText("\n".join(log_text(self.found, 10_000)))

    def _save(self) -> None:
        if self.found is None or not (chosen := self.ask_path()):
            return
        try:
            Path(chosen).write_text("\n".join(log_text(self.found, 10_000)) + "\n", "utf-8")
        except OSError as error:
            self.status.setText(
                tr("Not saved: {strerror}. Choose another place.", strerror=error.strerror)
            )

    def _ask_path(self) -> str:
        name = f"{self._one}-log.txt"
        chosen, _ = QFileDialog.getSaveFileName(self, tr("Save the log"), name, tr("Text (*.txt)"))
        return str(chosen)

    def _show_parts(self, on: bool) -> None:
        for part in self._parts:
            part.setVisible(on)

    def _connect(self) -> None:
        self.run.clicked.connect(self.start)
        self.seed.valueChanged.connect(self._by_seed)
        self.list.currentRowChanged.connect(self._show)
        self.slider.valueChanged.connect(self.go)
        self.copy.clicked.connect(self._copy)
        self.save.clicked.connect(self._save)
        self.input.textChanged.connect(self._look)

    def _arrange(self) -> None:
        line = self.input.fontMetrics().lineSpacing()
        self.input.setFixedHeight(_LINES * line + 12)
        chances = QHBoxLayout()
        chances.addWidget(self.seed)
        chances.addWidget(self.failures)
        chances.addStretch(1)
        steps = QHBoxLayout()
        for icon, name, tip, by in (
            ("back", tr("Step back"), tr("The step before"), -1),
            ("step", tr("Step on"), tr("The next step"), 1),
        ):
            button = _tool(icon, name, tip)
            button.clicked.connect(lambda _on=False, by=by: self.go(self.step + by))
            steps.addWidget(button)
        steps.insertWidget(1, self.slider, 1)
        steps.addWidget(self.copy)
        steps.addWidget(self.save)
        bar = QWidget()
        bar.setLayout(steps)
        steps.setContentsMargins(0, 0, 0, 0)
        self.list.setMinimumHeight(7 * line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(QLabel(tr("Input")))
        column.addWidget(self.input)
        column.addLayout(chances)
        column.addWidget(self.run, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.status)
        column.addWidget(bar)
        column.addWidget(self.list, 1)
        self._parts = [bar, self.list]
        for word, area in (
            (tr("Input of the step"), self.given),
            (tr("Output of the step"), self.made),
        ):
            label = QLabel(word)
            label.setObjectName("help")
            column.addWidget(label)
            column.addWidget(area)
            self._parts += [label, area]
        column.addStretch(0)  # while there is no log


def _line(step: Step) -> str:
    text = f"{units.quantity(step.start_s, 's'):>8}  {'  ' * step.depth}{step.state}"
    if step.error:
        text += f"  ✕ {step.error}"
    return f"{text}  · {step.note}" if step.note else text


def _json(value: Any) -> str:
    text = json.dumps(value, indent=2, ensure_ascii=False, default=str)
    return (
        text
        if len(text) <= _LONGEST
        else tr("{text}\n… {count:,} letters in all", text=text[:_LONGEST], count=len(text))
    )


def _shown(name: str) -> CodeArea:
    area = CodeArea(numbers=False)
    area.setReadOnly(True)
    area.setAccessibleName(name)
    area.setTabChangesFocus(True)
    area.setFixedHeight(6 * area.fontMetrics().lineSpacing() + 10)
    return area


def _tool(icon: str, name: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setIcon(glyph(icon))
    button.setAutoRaise(True)
    button.setAccessibleName(name)
    button.setToolTip(tip)
    return button
