"""The moment of a run that is shown: the present one, or any that has been. Knows no Qt."""

from __future__ import annotations

from typing import Any

from sandbox.engine.past import Past
from sandbox.gui.pictures import Gauges


class Rewind:
    """Belongs to the thread of the run, like the run itself."""

    def __init__(self, run: Any, document: Any) -> None:
        self._past = Past(run, document)
        self.tick: int | None = None  # None is the present
        self._then: Any = run
        self._gauges: dict[int, tuple[Any, Gauges]] = {}

    @property
    def run(self) -> Any:
        """The run that goes on."""
        return self._past.run

    @property
    def shown(self) -> Any:
        """The run at the moment that is shown."""
        return self._past.run if self.tick is None else self._then

    @property
    def document(self) -> Any:
        """The document of the moment that is shown, None for the present one."""
        return None if self.tick is None else self._past.document_at(self.tick)

    def gauges(self) -> Gauges:
        """How to read what is shown."""
        program = self.shown.program
        found = self._gauges.get(id(program))
        if found is None or found[0] is not program:
            self._gauges = {} if len(self._gauges) > 3 else self._gauges
            found = self._gauges[id(program)] = (program, Gauges(self.shown))
        return found[1]

    def look(self) -> None:
        """The run has gone on."""
        self._past.look()

    def edited(self, document: Any) -> None:
        """The run goes on with another document."""
        self._past.edited(document)

    def go(self, t_s: float) -> None:
        """Show the moment nearest to a time, the present one from its time on."""
        run = self._past.run
        tick = max(0, round(t_s / run.dt))
        self.tick = tick if tick < run.tick else None
        if self.tick is not None:
            self._then = self._past.at(self.tick)

    def now(self) -> None:
        self.tick = None

    def fork(self) -> bool:
        """Let the run go on from the moment that is shown; False if that is the present one."""
        if self.tick is None:
            return False
        self._past.fork(self.tick)
        self.tick = None
        self._gauges.clear()
        return True
