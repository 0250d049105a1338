"""Looking back: joins the moment the run shows with the document that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QInputDialog, QWidget

from sandbox.document.edits import set_attribute
from sandbox.experiments import units
from sandbox.gui.moments import Moment
from sandbox.gui.runner import Runner
from sandbox.gui.session import Session
from sandbox.gui.timeline import Bookmark
from sandbox.gui.times import read_time
from sandbox.language import tr

_VIEW = "bookmarks"


class Travel(QObject):
    """Knows when the past is shown, and how to come back or go on from it."""

    changed = Signal(bool)
    """The past is shown, or the present again."""
    bookmarks_changed = Signal(tuple)

    def __init__(self, session: Session, runner: Runner, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._runner, self._window = session, runner, window
        self._forks = 0
        self._then: Any = None
        runner.moved.connect(self._moved)
        session.forked.connect(self._forked)
        session.returned.connect(runner.present)
        session.travelled.connect(self.changed)
        session.opened.connect(self._opened)
        session.edited.connect(lambda _edit: self.bookmarks_changed.emit(self.bookmarks))

    @property
    def looking_back(self) -> bool:
        return self._session.looking_back

    # --- commands --------------------------------------------------------------------------------

    def go_on(self) -> None:
        """Let the run go on from the moment that is shown."""
        if self._session.looking_back:
            moment = self._runner.moment
            self._session.go_on_from_there()
            clock = units.clock(self._start, moment.t_s)
            self._session.say(
                tr("The run goes on from {clock}. What came after is forgotten.", clock=clock)
            )

    def run_to(self) -> None:
        """Ask for a time, and run there."""
        moment = self._runner.moment
        suggested = units.elapsed(moment.end_s + 3600.0)
        text, given = QInputDialog.getText(
            self._window,
            tr("Run to a time"),
            tr(
                "As fast as it goes to this time, and pause there. A time since the start such as\n"
                "02:30:00, 90 min or 1 d 4 h, or a time of the day such as Tue 14:00:"
            ),
            text=suggested,
        )
        if not given:
            return
        t_s = read_time(text, self._start, moment.end_s)
        if t_s is None:
            self._session.say(
                tr("“{text}” is no time; 02:30:00, 90 min, 1 d 4 h or 14:00 would be.", text=text)
            )
            return
        self._runner.run_to(t_s)

    @property
    def bookmarks(self) -> tuple[Bookmark, ...]:
        """In order of time."""
        kept: Any = self._session.present.view.get(_VIEW, ())
        found = [
            Bookmark(float(one["t_s"]), str(one.get("name", "")))
            for one in kept
            if isinstance(one, Mapping) and isinstance(one.get("t_s"), (int, float))
        ]
        return tuple(sorted(found, key=lambda one: one.t_s))

    def bookmark(self) -> None:
        """Mark the moment that is shown, or take its mark away."""
        t_s = self._runner.moment.t_s
        left = [one for one in self.bookmarks if abs(one.t_s - t_s) > 0.5 * self._runner.moment.dt]
        if len(left) == len(self.bookmarks):
            left.append(Bookmark(t_s, units.clock(self._start, t_s)))
        self._keep(left)

    def next_bookmark(self, direction: int) -> None:
        """Show the nearest mark behind (-1) or before (+1) the moment that is shown."""
        moment = self._runner.moment
        been = [one.t_s for one in self.bookmarks if one.t_s <= moment.end_s]
        if direction < 0:
            found = [t for t in been if t < moment.t_s - 0.5 * moment.dt][-1:]
        else:
            found = [t for t in been if t > moment.t_s + 0.5 * moment.dt][:1]
        if found:
            self._runner.scrub(found[0])
        else:
            self._session.say(tr("There is no bookmark further that way."))

    def _keep(self, bookmarks: Sequence[Bookmark]) -> None:
        rows = [{"t_s": one.t_s, "name": one.name} for one in bookmarks]
        view = {**self._session.present.view, _VIEW: rows}
        if not rows:
            del view[_VIEW]
        self._session.keep(set_attribute, "view", view)
        self.bookmarks_changed.emit(self.bookmarks)

    # --- following -------------------------------------------------------------------------------

    @property
    def _start(self) -> str:
        return self._session.present.scenario.start

    def _moved(self, moment: Moment) -> None:
        session = self._session
        if moment.number != session.sheet.number:
            return  # it is of a document that is shown no more
        if moment.looking_back:
            if moment.forks >= self._forks and moment.then is not self._then:
                self._then = moment.then
                if not session.looking_back:
                    session.say(
                        tr(
                            "Looking back. Play returns to the present; a change of the diagram "
                            "or of the load goes on from here."
                        )
                    )
                session.look_back(moment.then, units.clock(self._start, moment.t_s))
            return
        self._then = None
        if moment.forks > self._forks:  # something was done to the past: the run went on from it
            self._forks = moment.forks
            session.go_on_from_there()
        elif session.looking_back:
            session.return_to_present()

    def _forked(self) -> None:
        if self._runner.moment.forks == self._forks:
            self._forks += 1
            self._runner.fork()
        self._then = None

    def _opened(self) -> None:
        self._then = None
        self.bookmarks_changed.emit(self.bookmarks)
