"""A field for pairs of numbers, such as steps of load over time: a table with rows to add."""

from __future__ import annotations

import re
from typing import Any

from PySide6.QtCore import QEvent, QSignalBlocker, Qt
from PySide6.QtGui import QFocusEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
)

from sandbox.experiments import units
from sandbox.gui.glyphs import glyph
from sandbox.gui.inspector.fields import Field
from sandbox.gui.inspector.reading import title, write
from sandbox.language import tr
from sandbox.services.params import ParamInfo

_SHOWN = 8  # rows; more scroll
_DELETE, _PASTE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace), QKeySequence.StandardKey.Paste
_FURTHER = 600.0  # how far behind the last a new row begins


class PairsField(Field):
    """Each cell is a number; rows are added, removed, and pasted from a spreadsheet."""

    def __init__(self, info: ParamInfo) -> None:
        super().__init__()
        self._info = info
        self._value: list[list[float]] = []
        self.table = _Table(self)
        self.table.setAccessibleName(title(info))
        self.table.setHorizontalHeaderLabels(columns(info.help))
        self.table.itemChanged.connect(lambda _item: self._take())
        self.table.itemSelectionChanged.connect(self._enable)
        self.add = QPushButton(glyph("add"), tr("Add a row"))
        self.add.setAccessibleName(tr("Add a row to {info}", info=title(info)))
        self.add.clicked.connect(self._append)
        self.remove = QPushButton(glyph("close"), tr("Remove"))
        self.remove.setAccessibleName(tr("Remove the chosen rows of {info}", info=title(info)))
        self.remove.clicked.connect(self.remove_chosen)
        buttons = QHBoxLayout()
        buttons.addWidget(self.add)
        buttons.addWidget(self.remove)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(4)
        column.addWidget(self.table)
        column.addLayout(buttons)
        self.setFocusProxy(self.table)

    def show_value(self, value: Any) -> None:
        pairs = [[float(part) for part in pair] for pair in value or ()]
        shown = self.table.rowCount()
        if pairs != self._value or shown != len(pairs):
            self._value = pairs
            self._fill(pairs)
        self._enable()

    def show_refusal(self, why: str) -> None:
        self.table.setProperty("refused", bool(why))
        self.table.style().unpolish(self.table)
        self.table.style().polish(self.table)

    def revert(self) -> None:
        self._fill(self._value)
        self.refused.emit("")

    def remove_chosen(self) -> None:
        """Take away the rows with a chosen cell."""
        rows = {index.row() for index in self.table.selectedIndexes()}
        if rows:
            self.entered.emit()
            self._give([pair for row, pair in enumerate(self._value) if row not in rows])

    def paste(self, text: str) -> None:
        """Lines of two numbers take the place of the rows from the chosen one on."""
        lines = [re.split(r"[\t;, ]+", line.strip()) for line in text.splitlines() if line.strip()]
        pairs = [[units.parsed(part) for part in line] for line in lines]
        for number, pair in enumerate(pairs, 1):
            if len(pair) != 2 or None in pair:
                self.refused.emit(
                    tr("Line {number} of what was pasted is not two numbers.", number=number)
                )
                return
        at = max(self.table.currentRow(), 0)
        self.entered.emit()
        self._give([*self._value[:at], *pairs, *self._value[at + len(pairs) :]])

    def _append(self) -> None:
        self.entered.emit()
        last = self._value[-1] if self._value else [-_FURTHER, 1.0]
        self._give([*self._value, [last[0] + _FURTHER, last[1]]])
        self.table.setCurrentCell(len(self._value) - 1, 0)

    def _take(self) -> None:
        """Read the table; a cell that is no number is named and keeps what was typed."""
        pairs: list[list[float]] = []
        for row in range(self.table.rowCount()):
            pair: list[float] = []
            for column in (0, 1):
                item = self.table.item(row, column)
                number = units.parsed(item.text()) if item is not None else None
                if number is None:
                    typed = item.text() if item is not None else ""
                    self.refused.emit(
                        tr("Row {row}: “{typed}” is not a number.", row=row + 1, typed=typed)
                    )
                    return
                pair.append(float(number))
            pairs.append(pair)
        self._give(pairs)

    def _give(self, pairs: list[Any]) -> None:
        self.refused.emit("")
        if pairs == self._value:
            self._fill(pairs)  # "1k" becomes 1000
            return
        self._value = pairs
        self._fill(pairs)
        self.chosen.emit([list(pair) for pair in pairs])

    def _fill(self, pairs: list[list[float]]) -> None:
        with QSignalBlocker(self.table):
            self.table.setRowCount(len(pairs))
            for row, pair in enumerate(pairs):
                for column, part in enumerate(pair):
                    item = QTableWidgetItem(write(float(part)))
                    item.setTextAlignment(
                        Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                    )
                    self.table.setItem(row, column, item)
        self.table.fit()
        self._enable()

    def _enable(self) -> None:
        most = self._info.max_items
        self.add.setEnabled(most is None or len(self._value) < most)
        self.remove.setEnabled(bool(self.table.selectedIndexes()))


class _Table(QTableWidget):
    def __init__(self, field: PairsField) -> None:
        super().__init__(0, 2)
        self._field = field
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 7)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectItems)
        self.setTabKeyNavigation(False)
        self.setToolTip(tr("Rows can be pasted from a spreadsheet"))
        self.fit()

    def fit(self) -> None:
        """As high as its rows, up to a few."""
        line = self.verticalHeader().defaultSectionSize()
        rows = min(self.rowCount(), _SHOWN)
        self.setFixedHeight(self.horizontalHeader().sizeHint().height() + line * rows + 4)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._field.entered.emit()

    def event(self, event: QEvent) -> bool:
        """These keys mean rows here: the window's shortcuts would take the node's instead."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            mine = event.key() in _DELETE or event.matches(_PASTE)
            event.setAccepted(mine)
            return mine or super().event(event)
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(_PASTE):
            self._field.paste(QGuiApplication.clipboard().text())
        elif event.key() in _DELETE:
            self._field.remove_chosen()
        else:
            super().keyPressEvent(event)


def columns(help: str) -> list[str]:
    """What the two numbers are, from a help that begins "Pairs of time (s) and factor"."""
    found = re.search(r"[Pp]airs of (.+?) and ([^;,.]+)", help)
    names = found.groups() if found else ("first", "second")
    return [name[:1].upper() + name[1:] for name in names]
