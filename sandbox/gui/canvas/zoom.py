"""A view of the diagram that zooms at the pointer, pans without end and draws the ground."""

from __future__ import annotations

from time import perf_counter

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QPainter, QTransform
from PySide6.QtWidgets import QFrame, QGraphicsView, QWidget

from sandbox.gui.canvas.ground import paint_ground
from sandbox.gui.canvas.scene import CanvasScene

ZOOM_MIN, ZOOM_MAX = 0.04, 4.0
_SETTLED_MS = 140
_AFRESH_S = 0.006  # for cards that are drawn afresh when zoom rests, in each picture
_EVERYWHERE = QRectF(-1e6, -1e6, 2e6, 2e6)


class ZoomView(QGraphicsView):
    """How a diagram is looked at; it changes nothing in it."""

    zoom_changed = Signal(float)
    looked = Signal()
    """Another part of the diagram is seen, or the same at another size."""

    def __init__(self, diagram: CanvasScene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # The view does not own its scene: this reference keeps it alive.
        self.diagram = diagram
        self.setScene(diagram)
        self.setSceneRect(_EVERYWHERE)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setRenderHint(QPainter.RenderHint.Antialiasing)
        # Qt's default update mode spends its time in region arithmetic when much is alive.
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.BoundingRectViewportUpdate)
        self.setOptimizationFlags(
            QGraphicsView.OptimizationFlag.DontSavePainterState
            | QGraphicsView.OptimizationFlag.DontAdjustForAntialiasing
        )
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._sharpening = False
        self._afresh = QTimer(self)
        self._afresh.setSingleShot(True)
        self._afresh.timeout.connect(self.viewport().update)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(_SETTLED_MS)
        self._settling.timeout.connect(self._settle)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)

    @property
    def zoom(self) -> float:
        return self.transform().m11()

    def set_zoom(self, zoom: float, at: QPoint | None = None) -> None:
        """Zoom, with the scene point under `at` (view pixels; the centre by default) kept there."""
        at = self.viewport().rect().center() if at is None else at
        zoom = min(max(zoom, ZOOM_MIN), ZOOM_MAX)
        before = self.mapToScene(at)
        self.diagram.set_zoom(zoom)
        self.diagram.lens.zooming = self.isVisible()
        if self.diagram.lens.zooming:
            self._settling.start()
        self.setTransform(QTransform.fromScale(zoom, zoom))
        self.pan(self.mapFromScene(before) - at)
        self.zoom_changed.emit(zoom)
        self.looked.emit()

    def _settle(self) -> None:
        """Zoom rests: what was stretched meanwhile is drawn afresh."""
        self._settling.stop()
        self.diagram.lens.zooming = False
        self.diagram.edges.take()
        self._sharpening = self.isVisible()
        self.viewport().update()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._settle()

    def pan(self, step: QPoint) -> None:
        """Move the view by pixels."""
        for bar, pixels in (
            (self.horizontalScrollBar(), step.x()),
            (self.verticalScrollBar(), step.y()),
        ):
            bar.setValue(bar.value() + pixels)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.looked.emit()

    def fit(self, part: QRectF | None = None) -> None:
        """Show the whole diagram, or a part of it, at 100 % at most."""
        area = self.diagram.content() if part is None else QRectF(part)
        if area.isNull():
            self.set_zoom(1.0)
            self.centerOn(QPointF(0, 0))
            return
        area.adjust(-50, -50, 50, 60)
        room = self.viewport().rect()
        self.set_zoom(min(room.width() / area.width(), room.height() / area.height(), 1.0))
        self.centerOn(area.center())

    def shown(self) -> QRectF:
        """The part of the scene that can be seen."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def wheelEvent(self, event) -> None:  # type: ignore[no-untyped-def]
        touch = event.device() is not None and event.device().type().name == "TouchPad"
        gliding = touch or event.phase() != Qt.ScrollPhase.NoScrollPhase
        if gliding and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            step = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 4
            self.pan(-step)
        elif turn := event.angleDelta().y() or event.angleDelta().x():
            self.set_zoom(self.zoom * 1.2 ** (turn / 120.0), event.position().toPoint())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.NativeGesture:
            kind = event.gestureType()  # type: ignore[attr-defined]
            if kind == Qt.NativeGestureType.ZoomNativeGesture:
                at = event.position().toPoint()  # type: ignore[attr-defined]
                self.set_zoom(self.zoom * (1.0 + event.value()), at)  # type: ignore[attr-defined]
                return True
        if event.type() == QEvent.Type.Paint and (self._sharpening or self.diagram.lens.zooming):
            return self._paint_in_time(event)
        return super().viewportEvent(event)

    def _paint_in_time(self, event: QEvent) -> bool:
        """Draw afresh as many cards as a picture has time for, and the rest in the next ones."""
        lens = self.diagram.lens
        lens.due, lens.behind = perf_counter() + _AFRESH_S, False
        done = super().viewportEvent(event)
        lens.due = 0.0
        if not lens.zooming:
            self._sharpening = lens.behind
            if lens.behind:
                self._afresh.start()
        return done

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        paint_ground(self, painter, QRectF(rect))
