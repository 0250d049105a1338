"""Zoom by the pointer: a drag over a stretch of time, or Ctrl and the wheel."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QWheelEvent

_LEAST = 0.02  # of the span: a shorter drag is a click
_STEP = 0.8  # of the span that one step of the wheel leaves


class Zoom(QObject):
    """Watches a plot's view; Escape lets go of a drag."""

    dragged = Signal(float, float)
    """From and to these times (s)."""
    turned = Signal(float, float)
    """The span times this factor, about this time (s)."""
    ended = Signal()
    """A double click: no zoom."""

    def __init__(self, view: pg.PlotWidget) -> None:
        super().__init__(view)
        self._view = view
        self._from: float | None = None
        self._band = pg.LinearRegionItem(movable=False)
        self._band.hide()
        view.addItem(self._band, ignoreBounds=True)
        view.viewport().installEventFilter(self)
        view.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        view.installEventFilter(self)

    def set_color(self, color: str) -> None:
        tint = QColor(color)
        tint.setAlpha(50)
        self._band.setBrush(tint)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            isinstance(event, QWheelEvent)
            and event.modifiers() & Qt.KeyboardModifier.ControlModifier
        ):
            steps = event.angleDelta().y() / 120
            self.turned.emit(_STEP**steps, self._time(event.position()))
            return True
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Escape:
                held, self._from = self._from, None
                self._band.hide()
                return held is not None
            return False
        if isinstance(event, QMouseEvent) and watched is not self._view:
            return self._pointer(event)
        return False

    def _pointer(self, event: QMouseEvent) -> bool:
        kind, here = event.type(), self._time(event.position())
        if event.button() == Qt.MouseButton.LeftButton:
            if kind == QEvent.Type.MouseButtonDblClick:
                self.ended.emit()
            elif kind == QEvent.Type.MouseButtonPress:
                self._from = here
                self._view.setFocus(Qt.FocusReason.MouseFocusReason)
            elif self._from is not None:
                self._let_go(here)
            return True
        if kind == QEvent.Type.MouseMove and self._from is not None:
            self._band.setRegion((min(self._from, here), max(self._from, here)))
            self._band.setVisible(self._far(self._from, here))
        return False

    def _let_go(self, here: float) -> None:
        begin, self._from = self._from, None
        self._band.hide()
        if begin is not None and self._far(begin, here):
            self.dragged.emit(max(0.0, min(begin, here)), max(begin, here))

    def _far(self, begin: float, here: float) -> bool:
        (left, right), _ = self._view.getViewBox().viewRange()
        return abs(here - begin) > _LEAST * (right - left)

    def _time(self, position: QPointF) -> float:
        place = self._view.mapToScene(position.toPoint())
        return float(self._view.getViewBox().mapSceneToView(place).x())
