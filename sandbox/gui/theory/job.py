"""One check, on a thread of its own: wait for the frozen run, simulate it, leave the result."""

from __future__ import annotations

import time
from collections.abc import Callable
from queue import Empty, SimpleQueue
from typing import Any

from PySide6.QtCore import QObject

from sandbox.experiments.errors import InputError
from sandbox.experiments.requests.verify import Check
from sandbox.gui.threads import Thread
from sandbox.language import tr

_PATIENCE_S = 10.0  # for a run that is being compiled


def freezing(node: str | None) -> Callable[[Any], Any]:
    """What is asked of the run, between two of its ticks: its present, or why it has none."""

    def ask(run: Any) -> Any:
        from sandbox.experiments.requests.plan import freeze

        try:
            return freeze(run, node)
        except InputError as error:
            return str(error)

    return ask


class Job(Thread):
    """`finished` is announced when `check` or `why_not` stands."""

    def __init__(self, answers: SimpleQueue[Any], parent: QObject) -> None:
        super().__init__(parent)
        self._answers = answers
        self.check: Check | None = None
        self.why_not = ""
        self.share = 0.0
        self.cancelled = False

    def run(self) -> None:
        from sandbox.experiments.requests.simulate import Cancelled
        from sandbox.experiments.requests.verify import verify

        plan = self._wait()
        if plan is None or isinstance(plan, str):
            self.why_not = plan or tr("the run does not answer; wait until it is prepared")
            return
        try:
            self.check = verify(plan, progress=self._note, cancelled=lambda: self.cancelled)
        except Cancelled:
            self.why_not = "cancelled"
        except Exception as error:  # whatever a diagram brings about, the window lives
            self.why_not = str(error) or type(error).__name__

    def _wait(self) -> Any:
        until = time.monotonic() + _PATIENCE_S
        while not self.cancelled and time.monotonic() < until:
            try:
                return self._answers.get(timeout=0.05)
            except Empty:
                continue
        return "cancelled" if self.cancelled else None

    def _note(self, share: float) -> None:
        self.share = share
