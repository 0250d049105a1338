"""One request followed: a choice of requests, the waterfall, and the same as a table."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QScrollArea,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sandbox.experiments.requests.waterfall import Waterfall
from sandbox.experiments.units import duration
from sandbox.gui.theme import Theme
from sandbox.gui.theory.chart import Chart
from sandbox.language import tr

_WHICH = {
    "typical": tr("Typical (median)"),
    "slow": tr("Slow (p99)"),
    "failed": tr("Not answered well"),
}
_COLUMNS = (
    tr("Hop"),
    tr("Sent at"),
    tr("Waits"),
    tr("Works"),
    tr("Its calls"),
    tr("Ends at"),
    tr("Outcome"),
)
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class Request(QWidget):
    """Shows one of the waterfalls it is given."""

    def __init__(self, name_of: Callable[[str], str], color_of: Callable[[str], QColor]) -> None:
        super().__init__()
        self._falls: tuple[Waterfall, ...] = ()
        self._name_of = name_of
        self.which, self.as_table = QComboBox(), QToolButton()
        self.chart, self.table = Chart(name_of, color_of), QTableWidget(0, len(_COLUMNS))
        self._none = QLabel(tr("No request was followed."))
        self._pages = QStackedWidget()
        self._build()
        self.which.currentIndexChanged.connect(self._show)
        self.as_table.toggled.connect(lambda _on: self._page())
        self.chart.chosen.connect(self._chosen)
        self.table.currentCellChanged.connect(lambda row, *_: self.chart.choose(row))

    def set_theme(self, theme: Theme) -> None:
        self.chart.set_theme(theme)

    def show_falls(self, falls: Sequence[Waterfall]) -> None:
        """The same kind of request as before, if there is one."""
        wanted = self.which.currentData()
        self._falls = tuple(falls)
        self.which.blockSignals(True)
        self.which.clear()
        for fall in self._falls:
            words = _WHICH[fall.which]
            if fall.outcome != "ok":
                words += f": {fall.outcome.replace('_', ' ')}"
            self.which.addItem(f"{words} – {duration(fall.seconds)}", fall.which)
        self.which.setCurrentIndex(max(0, self.which.findData(wanted)))
        self.which.blockSignals(False)
        self.which.setEnabled(bool(self._falls))
        self._show()

    def _show(self) -> None:
        index = self.which.currentIndex()
        fall = self._falls[index] if 0 <= index < len(self._falls) else None
        self.chart.show_fall(fall)
        self._fill(fall)
        self._page()

    def _page(self) -> None:
        page = 2 if not self._falls else 1 if self.as_table.isChecked() else 0
        self._pages.setCurrentIndex(page)

    def _fill(self, fall: Waterfall | None) -> None:
        spans = fall.spans if fall else ()
        self.table.setRowCount(len(spans))
        for row, span in enumerate(spans):
            again = (tr(" · call {call}", call=span.call) if span.call > 1 else "") + (
                tr(" · attempt {attempt}", attempt=span.attempt) if span.attempt > 1 else ""
            )
            outcome = span.outcome.replace("_", " ") + (
                ""
                if span.given_up_s is None
                else tr(", given up at {given_up_s}", given_up_s=duration(span.given_up_s))
            )
            texts = (
                "    " * span.depth + self._name_of(span.node) + again,
                duration(span.sent_s),
                duration(span.wait_s),
                duration(span.service_s),
                duration(span.calls_s if span.calls_s > 1e-9 else 0.0),
                duration(span.end_s),
                outcome,
            )
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if 0 < column < len(texts) - 1:
                    item.setTextAlignment(_RIGHT)
                self.table.setItem(row, column, item)

    def _chosen(self, row: int) -> None:
        if row >= 0:
            self.table.setCurrentCell(row, 0)

    def _build(self) -> None:
        self.which.setAccessibleName(tr("Request followed"))
        self.which.setToolTip(tr("Which of the requests that were followed is shown"))
        self.as_table.setText(tr("Table"))
        self.as_table.setCheckable(True)
        self.as_table.setAccessibleName(tr("Waterfall as table"))
        self.as_table.setToolTip(tr("Show the hops as a table instead"))
        title = QLabel(tr("One request"))
        font = title.font()
        font.setBold(True)
        title.setFont(font)
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 2, 8, 2)
        bar.setSpacing(10)
        bar.addWidget(title)
        bar.addWidget(self.which)
        bar.addStretch(1)
        bar.addWidget(self.as_table)
        area = QScrollArea()
        area.setWidget(self.chart)
        area.setWidgetResizable(True)
        area.setFrameShape(QScrollArea.Shape.NoFrame)
        area.setAccessibleName(tr("Waterfall area"))
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        table = self.table
        table.setAccessibleName(tr("Hops"))
        table.setHorizontalHeaderLabels(list(_COLUMNS))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setFrameShape(QTableWidget.Shape.NoFrame)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 5)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._none.setObjectName("help")
        for page in (area, table, self._none):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._pages, 1)
        self._page()
