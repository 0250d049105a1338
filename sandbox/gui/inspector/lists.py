"""Fields for parameters that hold several values: records, and lines of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
)

from sandbox.gui.glyphs import glyph
from sandbox.gui.inspector.fields import PAUSE_MS, ChoiceField, Field, LineField, SwitchField
from sandbox.gui.inspector.pairs import PairsField
from sandbox.gui.inspector.reading import title
from sandbox.language import tr
from sandbox.services.params import ParamInfo

_LONG = 16  # letters: what a choice beside its name has room for

RowMaker = Callable[[ParamInfo], Any]
"""Makes the row of a parameter; rows hold fields, so a field of records is handed its maker."""


class RecordsField(Field):
    """A list of records, such as scaling policies: a card each, with the same rows as a node."""

    def __init__(self, info: ParamInfo, make_row: RowMaker) -> None:
        super().__init__()
        self._info, self._make_row = info, make_row
        self._items: list[dict[str, Any]] = []
        self._cards: list[_Card] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 2, 0, 2)
        self._column.setSpacing(6)
        self._add = QPushButton(glyph("add"), tr("Add to {list}", list=info.title.lower()))
        self._add.setAccessibleName(tr("Add to {title}", title=info.title))
        self._add.clicked.connect(self._append)
        self._column.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)

    def show_value(self, value: Any) -> None:
        self._items = [dict(item) for item in value or ()]
        while len(self._cards) > len(self._items):
            self._cards.pop().deleteLater()
        while len(self._cards) < len(self._items):
            card = _Card(self._info, len(self._cards), self._make_row)
            card.changed.connect(self._changed)
            card.removed.connect(self._removed)
            card.entered.connect(self.entered)
            self._column.insertWidget(len(self._cards), card)
            self._cards.append(card)
        for card, item in zip(self._cards, self._items, strict=True):
            card.show_item(item)
        most = self._info.max_items
        self._add.setEnabled(most is None or len(self._items) < most)
        self._add.setToolTip(tr("At most {most}", most=most) if most is not None else "")

    def _append(self) -> None:
        self.entered.emit()
        self._tell([*self._items, {}])

    def _removed(self, place: int) -> None:
        self.entered.emit()
        self._tell([item for i, item in enumerate(self._items) if i != place])

    def _changed(self, place: int, name: str, value: Any) -> None:
        items = [dict(item) for item in self._items]
        default = next(f.default for f in self._info.fields if f.name == name)
        if value == default and type(value) is type(default):
            items[place].pop(name, None)
        else:
            items[place][name] = value
        self._tell(items)

    def _tell(self, items: list[dict[str, Any]]) -> None:
        self.chosen.emit(items)


class RecordField(RecordsField):
    """One record or none, such as a reference to a metric: the same card, at most once."""

    def __init__(self, info: ParamInfo, make_row: RowMaker) -> None:
        super().__init__(replace(info, max_items=1), make_row)

    def show_value(self, value: Any) -> None:
        super().show_value([] if value is None else [value])

    def _tell(self, items: list[dict[str, Any]]) -> None:
        self.chosen.emit(items[0] if items else None)


class _Card(QFrame):
    changed = Signal(int, str, object)
    removed = Signal(int)
    entered = Signal()

    def __init__(self, info: ParamInfo, place: int, make_row: RowMaker) -> None:
        super().__init__()
        self.setObjectName("card")
        self._rows: dict[str, Any] = {}
        self._defaults = {field.name: field.default for field in info.fields}
        plural = title(info)
        one = plural[:-3] + "y" if plural.endswith("ies") else plural.removesuffix("s")
        one = one.removesuffix("e") if one.endswith("sse") else one
        name = f"{one} {place + 1}"
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 6, 6)
        column.setSpacing(3)
        head = QHBoxLayout()
        head.addWidget(QLabel(name))
        head.addStretch(1)
        remove = QToolButton()
        remove.setIcon(glyph("close"))
        remove.setAutoRaise(True)
        remove.setAccessibleName(tr("Remove {name}", name=name))
        remove.setToolTip(tr("Remove {name}", name=name))
        remove.clicked.connect(lambda: self.removed.emit(place))
        head.addWidget(remove)
        column.addLayout(head)
        for field in info.fields:
            row = make_row(field)
            row.chosen.connect(lambda value, key=field.name: self.changed.emit(place, key, value))
            row.entered.connect(self.entered)
            column.addWidget(row)
            self._rows[field.name] = row

    def show_item(self, item: Mapping[str, Any]) -> None:
        for name, row in self._rows.items():
            row.show_value(item.get(name, self._defaults[name]), name in item)


class LinesField(Field):
    """Texts, one a line."""

    def __init__(self, info: ParamInfo) -> None:
        super().__init__()
        self._info = info
        self._value: Any = info.default
        self.text = _Lines(self)
        self.text.setAccessibleName(title(info))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(4 * self.fontMetrics().lineSpacing() + 12)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.text)
        self.setFocusProxy(self.text)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(2 * PAUSE_MS)
        self._rest.timeout.connect(self.take)
        self.text.textChanged.connect(self._rest.start)

    def show_value(self, value: Any) -> None:
        self._value = value
        if self.text.hasFocus():
            return
        lines = "\n".join(value or ())
        if self.text.toPlainText() != lines:
            self.text.blockSignals(True)
            self.text.setPlainText(lines)
            self.text.blockSignals(False)

    def show_refusal(self, why: str) -> None:
        self.text.setProperty("refused", bool(why))
        self.text.style().unpolish(self.text)
        self.text.style().polish(self.text)

    def take(self) -> None:
        self._rest.stop()
        lines = [line.strip() for line in self.text.toPlainText().splitlines()]
        value = [line for line in lines if line]
        if value != list(self._value or ()):
            self._value = value
            self.chosen.emit(value)


class _Lines(QPlainTextEdit):
    def __init__(self, field: LinesField) -> None:
        super().__init__()
        self._field = field

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._field.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._field.take()


def field_of(info: ParamInfo, choices: tuple[str, ...] | None, make_row: RowMaker) -> Field:
    """The field for a parameter's kind."""
    if info.kind == "bool":
        return SwitchField(info)
    if info.kind == "choice":
        return ChoiceField(info, choices)
    if info.kind == "list":
        return RecordsField(info, make_row)
    if info.kind == "record":
        return RecordField(info, make_row)
    if info.kind == "pairs":
        return PairsField(info)
    if info.kind == "texts":
        return LinesField(info)
    return LineField(info)


def wide(info: ParamInfo) -> bool:
    """Whether the field needs the whole width, under its name."""
    long = (
        info.kind == "choice"
        and max((len(str(choice)) for choice in info.choices), default=0) > _LONG
    )
    return long or info.kind in ("list", "record", "pairs", "texts")
