"""One sample followed on a thread of its own: a long one must not keep the window waiting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QCoreApplication

from sandbox.gui.threads import Thread

_running: set[Job] = set()
"""A page may go before its job is done; a thread that is deleted while it runs ends the program."""


class Job(Thread):
    """When it has `finished`, the `found` Execution stands, or `why_not`."""

    def __init__(self, work: Callable[[], Any]) -> None:
        super().__init__()
        self._work = work
        self.found: Any = None
        self.why_not = ""
        _running.add(self)
        self.finished.connect(self._ended)
        app = QCoreApplication.instance()
        if app is not None:
            app.aboutToQuit.connect(self.wait)

    def run(self) -> None:
        try:
            self.found = self._work()
        except Exception as error:  # whatever a definition brings about, the window lives
            self.why_not = str(error) or type(error).__name__

    def _ended(self) -> None:
        """Qt may still have the thread end when it says so: it is kept until it has been let go."""
        _running.discard(self)
