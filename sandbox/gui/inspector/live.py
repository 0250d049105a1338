"""The live numbers of a node: a few large ones, and a table of all that can be plotted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, Qt, Signal
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QGridLayout,
    QHeaderView,
    QLabel,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from sandbox.experiments import units
from sandbox.gui.dragged import METRIC_MIME, metric_mime
from sandbox.gui.inspector.spark import Spark
from sandbox.gui.moments import Answer
from sandbox.language import tr

_LARGE = ("arrivals", "served", "utilization", "instances", "backlog", "latency_p95",
          "throttled", "cost_per_hour")  # fmt: skip
_OF_A_SOURCE = ("arrivals", "goodput", "throttled", "latency_p50", "latency_p95", "latency_p99")
_COLUMNS = 3


class Tiles(QWidget):
    """The numbers that matter most, large, in a grid, each over its recent past."""

    def __init__(self, node: str, infos: Sequence[Any], service: Any) -> None:
        """`infos` are the metrics the node has."""
        super().__init__()
        known = {info.name: info for info in infos}
        names = [name for name in chosen(service, known) if name in known]
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(6)
        self._tiles: dict[str, tuple[QLabel, str]] = {}
        self._sparks: dict[str, Spark] = {}
        for place, name in enumerate(names[: 2 * _COLUMNS]):
            tile = _Tile(node, known[name])
            self._sparks[name] = tile.spark
            self._tiles[name] = (tile.value, units.unit_of(name, known[name].unit))
            grid.addWidget(tile, place // _COLUMNS, place % _COLUMNS)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)

    @property
    def metrics(self) -> tuple[str, ...]:
        """Those that are shown."""
        return tuple(self._tiles)

    def show_curves(self, answer: Answer, marked: float | None) -> None:
        """Their recent past."""
        found = {curve.metric: curve for curve in answer.curves}
        for name, spark in self._sparks.items():
            spark.show_curve(found.get(name), answer.t0, answer.t1, marked)

    def show_metrics(self, values: Mapping[str, float]) -> None:
        for name, (label, unit) in self._tiles.items():
            _write(label, units.quantity(values.get(name), unit))


class MetricTable(QTableWidget):
    """All metrics; a row is dragged onto a plot, or put into a new one with Enter."""

    plot_wanted = Signal(str, str)

    def __init__(self, node: str, infos: Sequence[Any]) -> None:
        super().__init__(len(infos), 2)
        self._node = node
        self._infos = tuple(infos)
        self.setAccessibleName(tr("Metrics"))
        self.setToolTip(tr("Drag a metric onto a plot, or press Enter to plot it"))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setDragEnabled(True)
        self.setShowGrid(False)
        self.setFrameShape(self.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        line = self.fontMetrics().height() + 5
        self.verticalHeader().setDefaultSectionSize(line)
        self.verticalHeader().setMinimumSectionSize(line)
        self.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        for row, info in enumerate(self._infos):
            self.setItem(row, 0, QTableWidgetItem(info.title))
            value = QTableWidgetItem(units.UNKNOWN)
            value.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(row, 1, value)
        self.setFixedHeight(line * len(infos) + 2)
        self.activated.connect(lambda i: self.plot_wanted.emit(node, self._infos[i.row()].name))

    def show_metrics(self, values: Mapping[str, float]) -> None:
        for row, info in enumerate(self._infos):
            item = self.item(row, 1)
            text = units.quantity(values.get(info.name), units.unit_of(info.name, info.unit))
            if item is not None and item.text() != text:
                item.setText(text)

    def mimeTypes(self) -> list[str]:
        return [METRIC_MIME]

    def mimeData(self, items: Sequence[QTableWidgetItem]) -> QMimeData:
        return metric_mime(self._node, self._infos[items[0].row()].name)


def chosen(service: Any, known: Mapping[str, Any]) -> list[str]:
    """The metrics that say most of a service: none twice, and none that it never has."""
    if service.source:
        return list(_OF_A_SOURCE)
    first = service.headline
    names = dict.fromkeys((first, *_LARGE))
    if first in known and first != "arrivals" and known[first].unit == known["arrivals"].unit:
        names.pop("arrivals")  # a rate of its own says what arrives
    if not service.holds:
        names.pop("instances", None)
    return list(names)


class _Tile(QWidget):
    """One number over its recent past; it can be dragged onto a plot."""

    def __init__(self, node: str, info: Any) -> None:
        super().__init__()
        self._node, self._metric = node, info.name
        self._pressed = QPoint()
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setToolTip(tr("Drag onto a plot"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.value = QLabel(units.UNKNOWN)
        self.value.setAccessibleName(tr("{title} now", title=info.title))
        font = self.value.font()
        font.setPointSizeF(font.pointSizeF() * 1.25)
        font.setBold(True)
        self.value.setFont(font)
        name = QLabel(info.title)
        small = name.font()
        small.setPointSizeF(small.pointSizeF() * 0.82)
        name.setFont(small)
        name.setForegroundRole(name.foregroundRole().PlaceholderText)
        for label in (self.value, name):
            label.setMinimumWidth(20)
            column.addWidget(label)
        self.spark = Spark()
        self.spark.setAccessibleName(tr("{title}, recently", title=info.title))
        column.addWidget(self.spark)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        moved = (event.position().toPoint() - self._pressed).manhattanLength()
        if moved >= QApplication.startDragDistance():
            drag = QDrag(self)
            drag.setMimeData(metric_mime(self._node, self._metric))
            drag.setPixmap(self.grab())
            drag.setHotSpot(self._pressed)
            drag.exec(Qt.DropAction.CopyAction)


def _write(label: QLabel, text: str) -> None:
    if label.text() != text:
        label.setText(text)
