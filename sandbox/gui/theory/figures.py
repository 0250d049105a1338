"""The table of figures: closed form, simulation of requests, product, gap; then what was left out.

Everything stands in rows, so that a keyboard and a screen reader reach it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from sandbox.experiments.requests.verify import RUN, Check, Line, NodeCheck
from sandbox.experiments.units import UNKNOWN, quantity
from sandbox.gui.theme import LIGHT, Theme
from sandbox.language import tr

COLUMNS = (tr("Figure"), tr("Theory"), tr("Request by request"), tr("Product"), tr("Gap"))
GOOD, FAIR = 0.05, 0.10  # gaps, as shares
_ON_A_PATH = ("mean", "p99", "utilization")  # of what stands on it
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Figures(QTableWidget):
    """Filled for one node, or for a path and all on it."""

    def __init__(self) -> None:
        super().__init__(0, len(COLUMNS))
        self._theme = LIGHT
        self.setAccessibleName(tr("Figures"))
        self.setHorizontalHeaderLabels(list(COLUMNS))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(True)
        self.setTabKeyNavigation(False)
        self.setFrameShape(self.Shape.NoFrame)
        self.verticalHeader().hide()
        line = self.fontMetrics().height() + 5
        self.verticalHeader().setMinimumSectionSize(line)
        self.verticalHeader().setDefaultSectionSize(line)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(len(COLUMNS)):
            item = self.horizontalHeaderItem(column)
            assert item is not None
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            item.setTextAlignment(_RIGHT if column else left)
            item.setToolTip(_HEADS[column])

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme

    def show_check(self, check: Check, node: str) -> None:
        """`node` is a source, of which the whole path is shown, or one node of it."""
        self.setRowCount(0)
        self.clearSpans()
        one = check.node(node)
        if one.kind == "path":
            self._node(one, [line.metric for line in one.lines])
            for other in check.nodes:
                if other.kind in ("station", "function"):
                    self._node(other, _ON_A_PATH, titled=True)
        else:
            self._node(one, [line.metric for line in one.lines])
        self._notes(check, node if one.kind != "path" else None)
        self.resizeRowsToContents()

    def _node(self, one: NodeCheck, metrics: Sequence[str], titled: bool = False) -> None:
        if titled:
            self._across(one.label, bold=True)
        for line in one.lines:
            if line.metric in metrics:
                self._line(one, line)

    def _line(self, one: NodeCheck, line: Line) -> None:
        row = self.rowCount()
        self.insertRow(row)
        half = line.simulated.half
        counted = quantity(line.simulated.value, line.unit)
        if math.isfinite(half) and line.simulated.value > 0:
            counted += f"  ± {100 * half / line.simulated.value:.2g} %"
        gap = tr("taken over") if one.kind == "stage" else UNKNOWN
        if line.gap is not None:
            gap = f"{100 * line.gap:+.1f} %".replace("-", "−")
        texts = (
            line.title,
            quantity(line.closed, line.unit) if line.closed is not None else UNKNOWN,
            counted,
            quantity(line.product, line.unit),
            gap,
        )
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            if column:
                item.setTextAlignment(_RIGHT)
            if text in (UNKNOWN, tr("taken over")):
                item.setForeground(QColor(self._theme.muted))
            self.setItem(row, column, item)
        if line.gap is not None:
            last = self.item(row, len(COLUMNS) - 1)
            assert last is not None
            last.setForeground(self._color(line))
            said = tr("; not more than chance explains") if not line.sure else ""
            last.setToolTip(tr("(product − simulated) / simulated{said}", said=said))
            last.setData(
                Qt.ItemDataRole.AccessibleTextRole, tr("gap {gap}{said}", gap=gap, said=said)
            )

    def _color(self, line: Line) -> QColor:
        size = abs(line.gap or 0.0)
        if not line.sure or size <= GOOD:
            return QColor(self._theme.ok)
        return QColor(self._theme.warning if size <= FAIR else self._theme.critical)

    def _notes(self, check: Check, node: str | None) -> None:
        """What to know before the figures are believed."""
        for title, notes in (
            (tr("The run is not at rest here: its figures are those of a moment"), check.unsettled),
            (tr("Taken over from the run, not simulated"), check.over),
            (tr("Not represented"), check.out),
        ):
            mine = [
                n for n in notes if node is None or n.where == RUN or node in n.where.split(" → ")
            ]
            if mine:
                self._across(title, bold=True)
            for note in mine:
                self._across(f"{note.where}: {note.text}")

    def _across(self, text: str, bold: bool = False) -> None:
        row = self.rowCount()
        self.insertRow(row)
        item = QTableWidgetItem(text)
        font = item.font()
        font.setBold(bold)
        item.setFont(font)
        if not bold:
            item.setForeground(QColor(self._theme.muted))
        self.setItem(row, 0, item)
        self.setSpan(row, 0, 1, len(COLUMNS))


_HEADS = (
    tr("What is compared"),
    tr("A closed form of queueing theory, where one exists"),
    tr("An independent simulation of every request, and the half-width of its 95 % interval"),
    tr("What the run shows at the moment that was frozen"),
    tr("(product − simulated) / simulated"),
)
