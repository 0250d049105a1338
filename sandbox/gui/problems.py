"""The Problems dock: what is wrong or doubtful in the diagram, and what to do about it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QLabel,
    QPushButton,
    QStackedLayout,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from sandbox.document.problems import Problem, problems
from sandbox.gui.glyphs import glyph
from sandbox.gui.session import Session
from sandbox.gui.theme import Theme
from sandbox.language import tr

_BUTTONS = 200  # rows of a longer list have none: they would take longer than people wait
_PAUSE_MS = 150  # a burst of edits is looked at once


class Problems(QWidget):
    """Follows the document; choosing a problem selects what it is about."""

    counted = Signal(int)
    """How many errors and warnings there are."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.setAccessibleName(tr("Problems"))
        self._session = session
        self.found: list[Problem] = []
        self._colors = {"error": QColor(), "warning": QColor(), "info": QColor()}
        self.table, self._none = QTableWidget(0, 4), QLabel(tr("No problems in this diagram."))
        self._build()
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(_PAUSE_MS)
        self._soon.timeout.connect(self.look)
        session.opened.connect(self.look)
        session.edited.connect(lambda _edit: self._soon.start())
        self.table.itemClicked.connect(lambda item: self._choose(item.row()))
        self.table.itemActivated.connect(lambda item: self._choose(item.row()))
        self.look()

    def set_theme(self, theme: Theme) -> None:
        colors = {"error": theme.critical, "warning": theme.warning, "info": theme.idle}
        self._colors = {name: QColor(color) for name, color in colors.items()}
        self._show()

    def stop(self) -> None:
        """Look no more: the window closes."""
        self._soon.stop()

    def look(self) -> None:
        """Look for problems in the document as it is now."""
        self._soon.stop()
        found = problems(self._session.document, self._session.catalogue)
        if found != self.found:
            self.found = found
            self._show()
            self.counted.emit(sum(problem.severity != "info" for problem in found))

    def _show(self) -> None:
        self.table.setRowCount(len(self.found))
        for row, problem in enumerate(self.found):
            where = QTableWidgetItem(
                glyph(problem.severity, self._colors[problem.severity]), self._where(problem)
            )
            where.setData(
                Qt.ItemDataRole.AccessibleTextRole, f"{problem.severity}, {self._where(problem)}"
            )
            text = problem.text[:1].upper() + problem.text[1:]
            for column, item in enumerate(
                (where, QTableWidgetItem(text), QTableWidgetItem(problem.remedy))
            ):
                item.setToolTip(item.text())
                self.table.setItem(row, column, item)
            self._offer(row, problem)
        self.table.resizeRowsToContents()
        stack = self.layout()
        assert isinstance(stack, QStackedLayout)
        stack.setCurrentIndex(0 if self.found else 1)

    def _offer(self, row: int, problem: Problem) -> None:
        """A button for what can be done at once."""
        if problem.fix is None or row >= _BUTTONS:
            self.table.removeCellWidget(row, 3)
            return
        button = QPushButton(problem.fix.title)
        button.setAccessibleName(f"{problem.fix.title}: {problem.text}")
        button.setToolTip(tr("Does it at once; Undo takes it back"))
        button.clicked.connect(lambda: self._mend(problem))
        self.table.setCellWidget(row, 3, button)

    def _mend(self, problem: Problem) -> None:
        if problem.fix is not None:
            self._session.do(problem.fix.edit)
            self.look()

    def _where(self, problem: Problem) -> str:
        nodes = self._session.document.nodes

        def called(node: str) -> str:
            return (nodes[node].label if node in nodes else "") or node

        if problem.link is not None:
            return f"{called(problem.link[0])} → {called(problem.link[1])}"
        return called(problem.node) if problem.node else tr("Diagram")

    def _choose(self, row: int) -> None:
        problem = self.found[row]
        if problem.link is not None:
            self._session.select(links=[problem.link])
        elif problem.node is not None:
            self._session.select([problem.node])
        else:
            self._session.select()

    def _build(self) -> None:
        table = self.table
        table.setAccessibleName(tr("List of problems"))
        table.setHorizontalHeaderLabels(
            [tr("Where"), tr("Problem"), tr("What to do"), tr("At once")]
        )
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setFrameShape(QTableWidget.Shape.NoFrame)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.setColumnWidth(0, 200)
        for column in (1, 2):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(3, QHeaderView.ResizeMode.ResizeToContents)
        self._none.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._none.setObjectName("help")
        stack = QStackedLayout(self)
        stack.addWidget(table)
        stack.addWidget(self._none)
