"""A thread of the window's, beside which rubbish is left to the window's own."""

from __future__ import annotations

from PySide6.QtCore import QDeadlineTimer, QObject, QThread

from sandbox.gui import rubbish


class Thread(QThread):
    """From its start until it has ended, or is let go, Python collects nothing by itself."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.finished.connect(self.let_go)

    def start(self, priority: QThread.Priority = QThread.Priority.InheritPriority) -> None:
        rubbish.hold(self)
        super().start(priority)

    def let_go(self, patience_s: float | None = None) -> None:
        """Wait for its end, in the window's thread, for as long as need be or for `patience_s`."""
        forever = QDeadlineTimer(QDeadlineTimer.ForeverConstant.Forever)
        given = forever if patience_s is None else QDeadlineTimer(round(patience_s * 1000))
        if self.wait(given):
            rubbish.release(self)
