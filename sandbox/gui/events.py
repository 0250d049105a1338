"""The Events dock: what happened in the run and why, newest last, to be narrowed by a search."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from sandbox.experiments import units
from sandbox.gui.glyphs import glyph
from sandbox.gui.moments import Happened
from sandbox.gui.session import Session
from sandbox.gui.theme import Theme
from sandbox.language import tr

_KEPT = 20_000
_COLUMNS = (tr("Time"), tr("Node"), tr("What happened"))
Index = QModelIndex | QPersistentModelIndex


class EventModel(QAbstractTableModel):
    """The events of the run; the oldest go when there are too many."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.events: list[Any] = []
        self._signs: dict[str, Any] = {}

    def set_theme(self, theme: Theme) -> None:
        colors = {"error": theme.critical, "warning": theme.warning, "info": theme.idle}
        self._signs = {name: glyph(name, QColor(color)) for name, color in colors.items()}
        if self.events:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.events) - 1, 0))

    def show(self, happened: Happened) -> None:
        if happened.afresh:
            self.beginResetModel()
            self.events = list(happened.events)[-_KEPT:]
            self.endResetModel()
            return
        surplus = len(self.events) + len(happened.events) - _KEPT
        if surplus > 0:
            gone = min(surplus + _KEPT // 10, len(self.events))
            if gone:
                self.beginRemoveRows(QModelIndex(), 0, gone - 1)
                del self.events[:gone]
                self.endRemoveRows()
        fresh = happened.events[-_KEPT:]
        if fresh:
            first = len(self.events)
            self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
            self.events += fresh
            self.endInsertRows()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.events)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return len(_COLUMNS)

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _COLUMNS[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        event = self.events[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(event, index.column())
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == 2:
            return event.text
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0:
            return self._signs.get(event.severity)
        if role == Qt.ItemDataRole.AccessibleTextRole and index.column() == 0:
            return f"{event.severity}, {self._text(event, 0)}"
        return None

    def _text(self, event: Any, column: int) -> str:
        if column == 0:
            return units.clock(self._session.document.scenario.start, event.t_s)
        if column == 1:
            record = self._session.document.nodes.get(event.node)
            return (record.label if record else "") or event.node
        text: str = event.text
        return text[:1].upper() + text[1:]


class Events(QWidget):
    """Stays at the newest event unless somebody scrolled away from it."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setAccessibleName(tr("Events"))
        self._session = session
        self._following = True
        self.model = EventModel(session)
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self.model)
        self._shown.setFilterKeyColumn(-1)
        self._shown.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.table, self.search, self._count = QTableView(), QLineEdit(), QLabel()
        self._build()
        self.search.textChanged.connect(self._shown.setFilterFixedString)
        self.search.textChanged.connect(lambda _text: self._tell())
        self.table.clicked.connect(self._choose)
        self.table.activated.connect(self._choose)

    @property
    def events(self) -> Sequence[Any]:
        return self.model.events

    def set_theme(self, theme: Theme) -> None:
        self.model.set_theme(theme)

    def show_events(self, happened: Happened) -> None:
        bar = self.table.verticalScrollBar()
        seen = not self.visibleRegion().isEmpty()
        if seen:
            self._following = bar.value() >= bar.maximum() - 2
        self.model.show(happened)
        self._tell()
        if seen:
            self.catch_up()

    def catch_up(self) -> None:
        """Go to the newest event; behind another tab that has to wait until it is seen."""
        if self._following:
            self.table.scrollToBottom()

    def _tell(self) -> None:
        total, shown = self.model.rowCount(), self._shown.rowCount()
        some = (
            tr("{shown:,} of {total:,}", shown=shown, total=total)
            if shown != total
            else f"{total:,}"
        )
        self._count.setText(tr("{some} events", some=some) if total != 1 else tr("1 event"))

    def _choose(self, index: QModelIndex) -> None:
        event = self.model.events[self._shown.mapToSource(index).row()]
        if event.node in self._session.document.nodes:
            self._session.select([event.node])

    def _build(self) -> None:
        self.search.setPlaceholderText(tr("Search events"))
        self.search.setAccessibleName(tr("Search events"))
        self.search.setClearButtonEnabled(True)
        self.search.setMaximumWidth(280)
        self._count.setObjectName("help")
        bar = QHBoxLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(10)
        bar.addWidget(self.search)
        bar.addWidget(self._count)
        bar.addStretch(1)
        table = self.table
        table.setModel(self._shown)
        table.setAccessibleName(tr("List of events"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setFrameShape(QTableView.Shape.NoFrame)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(table.fontMetrics().height() + 7)
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(0, table.fontMetrics().horizontalAdvance("Wed 28 May 88:88:88") + 44)
        table.setColumnWidth(1, 150)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(table, 1)
        self._tell()
