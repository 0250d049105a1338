"""When a forecast is made anew: at once after a change, now and then while time goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sandbox.gui.moments import Query
from sandbox.gui.prophet import Prophet

_RENEWED_S = 1.0  # while nothing changes a forecast is renewed no more often than this


class Lookahead:
    """Belongs to the thread of the run; what is foretold comes through `tell` from another."""

    def __init__(self, tell: Callable[[Any], None]) -> None:
        """`tell` is given a Forecast, or the exception that stood in its way."""
        self._tell = tell
        self._horizon_s: float | None = None
        self._prophet: Prophet | None = None
        self._asked = (-1, 0.0)  # the tick of the last forecast, and when it was asked for

    def look(self, horizon_s: float | None) -> None:
        """So many seconds ahead; None: no more."""
        self._horizon_s = horizon_s
        self.drop()

    def forget(self) -> None:
        """Something has changed: what was foretold will not come about."""
        self._asked = (-1, 0.0)

    def drop(self) -> None:
        """Nor is what is being foretold wanted any more."""
        self.forget()
        if self._prophet is not None:
            self._prophet.drop()

    def follow(self, run: Any, document: Any, queries: Iterable[Query], now: float) -> None:
        """Ask for a forecast of all curves that are shown, if it is time for one."""
        tick, when = self._asked
        if self._horizon_s is None or tick == run.tick:
            return
        if tick >= 0 and (now - when < _RENEWED_S or (self._prophet and self._prophet.busy)):
            return
        pairs = dict.fromkeys(pair for query in queries for pair in query.curves)
        if not pairs:
            return
        from sandbox.experiments.forecast import start_of

        if self._prophet is None:
            self._prophet = Prophet(run.catalogue, self._tell)
        self._prophet.ask(start_of(run, document), pairs, self._horizon_s)
        self._asked = (run.tick, now)

    def stop(self) -> None:
        """No thread is left afterwards."""
        if self._prophet is not None:
            self._prophet.stop()
