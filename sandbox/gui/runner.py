"""The window's handle on the run: a thread that drives it, and a timer that looks at the newest.

The thread never touches a Qt object: it takes commands from a queue and leaves immutable values
behind. A run follows the open document; edits made while it runs keep backlogs and instances.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from queue import SimpleQueue
from threading import Event as Flag
from typing import Any

from PySide6.QtCore import QObject, QSaveFile, QTimer, Signal

from sandbox.gui import rubbish
from sandbox.gui.moments import (
    Answer,
    Compiled,
    Ended,
    Foretold,
    Happened,
    Moment,
    Query,
    Refused,
)
from sandbox.gui.session import Session
from sandbox.gui.threads import Thread
from sandbox.gui.worker import Worker
from sandbox.language import tr

FRAMES_PER_S = 40
_ANSWER_S = 5.0


class _Thread(Thread):
    def __init__(self, worker: Worker, parent: QObject) -> None:
        super().__init__(parent)
        self._worker = worker

    def run(self) -> None:
        self._worker.loop()


class Runner(QObject):
    """Runs the session's document, and announces what it sees of the run."""

    moved = Signal(object)
    """A newer Moment: redraw."""
    happened = Signal(object)
    """Happened: new events."""
    answered = Signal(object)
    """An Answer to one Query."""
    compiled = Signal(object)
    """The document was brought to life: the metrics of each node, as MetricInfo."""
    ended = Signal(float)
    """The scenario is over, and the run paused, at this time (s)."""
    foretold = Signal(object)
    """A Forecast of the next hours."""
    refused = Signal(str)
    """The run could not do what was asked, in words."""

    def __init__(
        self, session: Session, make_run: Callable[..., Any], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.patience_s: float | None = None  # a compilation cannot be broken off: see `stop`
        self._session, self._document = session, session.document
        self._worker = Worker(make_run)
        self._thread = _Thread(self._worker, self)
        self._thread.start()
        self._shown = self._worker.newest
        self._playing = False
        self._asked: dict[str, tuple[Query, ...]] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(1000 // FRAMES_PER_S)
        self._timer.timeout.connect(self._look)
        self._timer.start()
        self._edits = QTimer(self)
        self._edits.setSingleShot(True)
        self._edits.setInterval(0)
        self._edits.timeout.connect(self._send_edit)
        session.opened.connect(self._open)
        session.left.connect(lambda number: self._worker.send("forget", number))
        session.edited.connect(self._edited)
        self._open()

    @property
    def moment(self) -> Moment:
        """The newest that was announced."""
        return self._shown

    @property
    def playing(self) -> bool:
        return self._playing

    @property
    def alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.isRunning()

    def play(self) -> None:
        self._playing = True
        self._send("play")

    def pause(self) -> None:
        self._playing = False
        self._send("pause")

    def step(self, ticks: int = 1) -> None:
        """Pause, and advance by exactly this many ticks."""
        self._playing = False
        self._send("step", ticks)

    def reset(self) -> None:
        """Start again at time zero, with the scenario's load and an empty control log."""
        self._send("reset")

    def run_to(self, t_s: float) -> None:
        """As fast as it goes to a time of the run, and pause there; or show it, if it has been."""
        self._send("run_to", t_s)

    def scrub(self, t_s: float) -> None:
        """Pause, and show the moment of this time (s)."""
        self._playing = False
        self._send("scrub", t_s)

    def present(self) -> None:
        """Show the present moment again."""
        self._send("present")

    def fork(self) -> None:
        """Let the run go on from the moment that is shown."""
        self._send("fork")

    def set_speed(self, times: float) -> None:
        """Simulated seconds per second; infinity is as fast as it goes."""
        self._send("speed", times)

    def set_load(self, factor: float) -> None:
        self.control(None, "load", {"factor": factor})

    def control(self, node: str | None, action: str, args: dict[str, Any]) -> None:
        """What a person does to the run: logged with its time, and no part of the document."""
        self._send("control", node, action, args)

    def watch(self, nodes: tuple[str, ...]) -> None:
        """Have all metrics of these nodes in every Moment."""
        self._send("watch", nodes)

    def ask(self, queries: tuple[Query, ...], who: str = "plots") -> None:
        """Have these curves answered in turn, until others are asked for."""
        self._asked[who] = queries
        self._send("ask", tuple(q for asked in self._asked.values() for q in asked))

    def forecast(self, horizon_s: float | None) -> None:
        """Foretell so many seconds, again whenever something changes; None: no more."""
        self._send("forecast", horizon_s)

    def look_at(self, ask: Callable[[Any], Any]) -> SimpleQueue[Any]:
        """Have `ask(run)` answered between two ticks, into a queue at which another thread may
        wait; nothing comes while there is no run."""
        answers: SimpleQueue[Any] = SimpleQueue()
        self._send("call", ask, answers.put)
        return answers

    def save_log(self, path: Path) -> int:
        """Write the controls so far as JSON lines that `sandbox run --replay` takes; how many.

        Raises OSError when the file cannot be written, TimeoutError when the run does not answer.
        """
        log = self._call(lambda run: [control.json() for control in run.controls])
        lines = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in log)
        file = QSaveFile(str(path))
        if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
            raise OSError(file.errorString())
        file.write(lines.encode())
        if not file.commit():
            raise OSError(file.errorString())
        return len(log)

    def stop(self) -> None:
        """End the timers and, within `patience_s`, the thread; of no use afterwards."""
        self._timer.stop()
        self._edits.stop()
        self._worker.send("stop")
        self._thread.let_go(self.patience_s)

    def _call(self, ask: Callable[[Any], Any]) -> Any:
        answer: list[Any] = []
        told = Flag()

        def tell(value: Any) -> None:
            answer.append(value)
            told.set()

        self._send("call", ask, tell)
        if not told.wait(_ANSWER_S):
            raise TimeoutError(
                tr("the run does not answer; wait until it is compiled, and try again")
            )
        return answer[0]

    def _send(self, command: str, *args: Any) -> None:
        """Edits that wait for the end of this turn go first, as they came first."""
        if self._edits.isActive():
            self._edits.stop()
            self._send_edit()
        self._worker.send(command, *args)

    def _open(self) -> None:
        sheet = self._session.sheet
        if self._edits.isActive():  # of the document that is left, whose run may go on later
            self._edits.stop()
            self._send_edit()
        self._document = sheet.document
        self._worker.send("open", sheet.document.copy(), sheet.number)

    def _edited(self, edit: Any) -> None:
        if self._session.travelling:
            return
        if any(matters(change) for change in edit.changes):
            self._edits.start()

    def _send_edit(self) -> None:
        self._worker.send("edit", self._document.copy())

    def _look(self) -> None:
        """Announce what the worker left behind since the last look."""
        rubbish.collect()
        worker = self._worker
        newest = worker.newest
        while worker.letters:
            letter = worker.letters.popleft()
            if isinstance(letter, Happened):
                self.happened.emit(letter)
            elif isinstance(letter, Answer):
                self.answered.emit(letter)
            elif isinstance(letter, Refused):
                self.refused.emit(letter.why)
            elif isinstance(letter, Compiled):
                self.compiled.emit(letter.metrics)
            elif isinstance(letter, Foretold):
                self.foretold.emit(letter.forecast)
            elif isinstance(letter, Ended):
                self.ended.emit(letter.t_s)
        if newest is not self._shown:
            self._shown = newest
            self._playing = newest.playing
            self.moved.emit(newest)


def matters(change: Any) -> bool:
    """Whether a change of the document changes the run: a moved or renamed box does not."""
    if change.kind in ("annotation",):
        return False
    if change.kind == "attribute":
        return bool(change.key == "scenario")
    if change.kind == "node" and change.before is not None and change.after is not None:
        placed = replace(
            change.before, x=change.after.x, y=change.after.y, label=change.after.label
        )
        return bool(placed != change.after)
    return True
