"""The plots in rows, as many beside each other as are wide enough."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from sandbox.language import tr

_LEAST_WIDTH, _LEAST_HEIGHT = 176, 130  # px: five stand in a row on a usual screen
_GAP = 4


class Grid(QScrollArea):
    """Scrolls down where the rows are too many."""

    def __init__(self) -> None:
        super().__init__()
        self._inside = QWidget()
        self._rows = QGridLayout(self._inside)
        self._rows.setContentsMargins(_GAP, 2, _GAP, _GAP)
        self._rows.setSpacing(_GAP)
        self._plots: list[QWidget] = []
        self._columns = 0
        self.setAccessibleName(tr("All plots"))
        self.setWidget(self._inside)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_plots(self, plots: Iterable[QWidget]) -> None:
        """These and no others, in this order."""
        for plot in self._plots:
            self._rows.removeWidget(plot)
        self._plots = list(plots)
        self._columns = 0
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        columns = max(min(self.width() // _LEAST_WIDTH, len(self._plots)), 1)
        if columns == self._columns:
            return
        self._columns = columns
        for plot in self._plots:
            self._rows.removeWidget(plot)
        for place, plot in enumerate(self._plots):
            self._rows.addWidget(plot, place // columns, place % columns)
        for column in range(12):
            self._rows.setColumnStretch(column, 1 if column < columns else 0)
        rows = -(-len(self._plots) // columns)
        self._inside.setMinimumHeight(rows * _LEAST_HEIGHT)
