"""Fields for one value: a number, a text, a switch, a choice. Each reads, refuses and shows."""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QLineEdit, QWidget

from sandbox.gui.inspector.reading import Refusal, read, spelt, title, write
from sandbox.language import tr
from sandbox.services.params import ParamInfo

PAUSE_MS = 350  # typing that rests this long is taken; a run would else see every digit


class Field(QWidget):
    """A value that a person can change. Subclasses emit; whoever owns the field edits."""

    chosen = Signal(object)
    """A valid value was given."""
    refused = Signal(str)
    """What is typed cannot be taken, and why; "" when it can again."""
    entered = Signal()
    """The field got the focus: a new editing session begins."""
    wide = False
    """Whether it needs the whole width, under its name."""

    def show_value(self, value: Any) -> None:
        raise NotImplementedError

    def show_refusal(self, why: str) -> None:
        """Mark the field as holding something that was not taken."""


class LineField(Field):
    """A number or a text in one line. Up and down step a number."""

    def __init__(self, info: ParamInfo) -> None:
        super().__init__()
        self._info, self._value = info, info.default
        self.line = _Line(self)
        self.line.setAccessibleName(title(info))
        if info.kind in ("int", "float"):
            self.line.setAlignment(Qt.AlignmentFlag.AlignRight)
        if info.optional:
            self.line.setPlaceholderText(tr("automatic"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.line)
        self.setFocusProxy(self.line)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(PAUSE_MS)
        self._rest.timeout.connect(self.take)
        self.line.textEdited.connect(self._typed)
        self.line.editingFinished.connect(self.take)

    def show_value(self, value: Any) -> None:
        self._value = value
        if not self.line.isModified():
            self.line.setText(write(value))

    def show_refusal(self, why: str) -> None:
        _redden(self.line, bool(why))

    def take(self) -> None:
        """Give what was typed to whoever listens, if it is a value."""
        self._rest.stop()
        if not self.line.isModified():
            return
        try:
            value = read(self._info, self.line.text())
        except Refusal as refusal:
            self.refused.emit(str(refusal))
            return
        self.line.setModified(False)
        self.refused.emit("")
        if value != self._value or type(value) is not type(self._value):
            self._value = value
            self.chosen.emit(value)

    def revert(self) -> None:
        self._rest.stop()
        self.line.setModified(False)
        self.line.setText(write(self._value))
        self.refused.emit("")

    def nudge(self, direction: int) -> None:
        """One step up or down: 1 for counts, one unit of the leading digit else."""
        if self._info.kind not in ("int", "float"):
            return
        try:
            now = read(self._info, self.line.text()) or 0
        except Refusal:
            return
        step: float = 1
        if self._info.kind == "float" and now:
            step = 10.0 ** math.floor(math.log10(abs(now)) + 1e-9)
            if direction < 0 and abs(abs(now) - step) < step * 1e-9:
                step /= 10
        value = now + direction * step
        self.line.setText(write(round(value, 12) if self._info.kind == "float" else value))
        self.line.setModified(True)
        self._typed()

    def _typed(self) -> None:
        try:
            read(self._info, self.line.text())
        except Refusal as refusal:
            self._rest.stop()
            self.refused.emit(str(refusal))
            return
        self.refused.emit("")
        self._rest.start()


class _Line(QLineEdit):
    def __init__(self, field: LineField) -> None:
        super().__init__()
        self._field = field

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._field.entered.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Up:
            self._field.nudge(+1)
        elif event.key() == Qt.Key.Key_Down:
            self._field.nudge(-1)
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self._field.revert()
        else:
            super().keyPressEvent(event)


class SwitchField(Field):
    """On or off."""

    def __init__(self, info: ParamInfo) -> None:
        super().__init__()
        self.box = QCheckBox()
        self.box.setAccessibleName(title(info))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 3, 0, 3)
        row.addWidget(self.box)
        row.addStretch(1)
        self.setFocusProxy(self.box)
        self.box.clicked.connect(self._clicked)

    def show_value(self, value: Any) -> None:
        self.box.setChecked(bool(value))

    def _clicked(self, on: bool) -> None:
        self.entered.emit()
        self.chosen.emit(on)


class ChoiceField(Field):
    """One of a few words; an optional choice starts with "automatic"."""

    def __init__(self, info: ParamInfo, choices: tuple[str, ...] | None = None) -> None:
        super().__init__()
        self.box = _Choices()
        self.box.setAccessibleName(title(info))
        self.box.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self.box.setMinimumContentsLength(8)
        if info.optional:
            self.box.addItem(tr("automatic"), None)
        for choice in choices or info.choices:
            self.box.addItem(spelt(str(choice).replace("_", " ")), choice)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.box)
        self.setFocusProxy(self.box)
        self.box.activated.connect(self._activated)

    def show_value(self, value: Any) -> None:
        place = self.box.findData(value)
        if place < 0 and value is not None:
            self.box.addItem(str(value), value)
            place = self.box.count() - 1
        self.box.setCurrentIndex(place)

    def show_refusal(self, why: str) -> None:
        _redden(self.box, bool(why))

    def _activated(self, row: int) -> None:
        self.entered.emit()
        self.chosen.emit(self.box.itemData(row))


class _Choices(QComboBox):
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scrolling the inspector must not change what lies under the pointer."""
        event.ignore()


def _redden(widget: QWidget, wrong: bool) -> None:
    """A red frame; the words beside it say the same without the colour."""
    widget.setProperty("refused", wrong)
    widget.style().unpolish(widget)
    widget.style().polish(widget)
