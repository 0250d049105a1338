"""A view that shows a run: it takes live values, and moves the dots by one clock."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from sandbox.gui.canvas.scene import CanvasScene
from sandbox.gui.canvas.zoom import ZoomView
from sandbox.gui.frames import Frame

_MOTION_MS = 33


class LiveView(ZoomView):
    """The clock runs only while a run plays, motion is wanted and the view can be seen."""

    lived = Signal()
    """Live values were taken."""

    def __init__(self, diagram: CanvasScene, parent: QWidget | None = None) -> None:
        super().__init__(diagram, parent)
        self._running, self._motion = False, True
        self._waiting: Frame | None = None
        self._clock = QTimer(self)
        self._clock.setInterval(_MOTION_MS)
        self._clock.timeout.connect(self._beat)
        self._since = QElapsedTimer()

    def show_frame(self, frame: Frame) -> None:
        """Show live values. While dots move, they are taken at the next beat of the one clock."""
        if self._clock.isActive():
            self._waiting = frame
        else:
            self._show(frame)

    def _show(self, frame: Frame) -> None:
        self.diagram.show_frame(frame, self.shown())
        self.lived.emit()

    def set_running(self, running: bool) -> None:
        """Dots move while a run plays."""
        self._running = running
        self._pace()

    def set_motion(self, motion: bool) -> None:
        """False stops the dots for people who want reduced motion."""
        self._motion = self.diagram.lens.motion = motion
        self._pace()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._pace()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._pace()

    def _pace(self) -> None:
        moving = self._running and self._motion
        self.diagram.edges.dots.moving = moving
        if moving and self.isVisible():
            self._since.start()
            self._clock.start()
        else:
            self._clock.stop()
            if self._waiting is not None:
                frame, self._waiting = self._waiting, None
                self._show(frame)
        self.diagram.edges.update()

    def _beat(self) -> None:
        self.diagram.edges.dots.advance(min(self._since.restart() / 1000.0, 0.1))
        if self._waiting is not None:
            frame, self._waiting = self._waiting, None
            self._show(frame)
        if self.diagram.lens.frame.flowing():  # else nothing moves, and nothing is painted
            self.diagram.edges.update()
