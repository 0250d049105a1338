"""What a run will do in the next hours, under the settings and the load of now.

A forecast is no extrapolation: a second run of the same document takes up the state of the first to
the last bit, and goes on by itself. It has the tick of the first, so what it says is what the first
will do if nobody interferes.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from sandbox.document.document import Document
from sandbox.document.records import Scenario
from sandbox.engine import series
from sandbox.engine.history import History
from sandbox.engine.past import Still, stand, still_of
from sandbox.engine.run import EventRecord, Run
from sandbox.services.registry import Catalogue

TOTAL = ""  # the node of a curve that adds up all nodes
POINTS = 240  # rows of a forecast
SLICE = 40_000  # node-ticks between two looks at whether a newer forecast is wanted, some 6 ms
Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Start:
    """The moment from which a forecast goes on."""

    document: Document
    scenario: Scenario
    still: Still

    @property
    def t_s(self) -> float:
        return self.still.tick * self.scenario.tick_s


@dataclass(frozen=True, slots=True)
class Forecast:
    """Curves by (node, metric), each (t, mean, least, greatest) in s since the run's start.

    ``took_s`` is the wall time it cost.
    """

    t0: float
    t1: float
    curves: dict[Pair, tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]
    events: tuple[EventRecord, ...]
    took_s: float


def start_of(run: Run, document: Document) -> Start:
    """The present moment of a run; `document`, which nobody may change, is what it runs."""
    return Start(document, run.scenario, still_of(run))


class Forecaster:
    """Makes forecasts, one after the other, in any one thread."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._run: Run | None = None
        self._of: tuple[Document, Scenario] | None = None

    def forecast(
        self,
        start: Start,
        pairs: Iterable[Pair],
        horizon_s: float,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> Forecast | None:
        """The next `horizon_s` seconds; None if it was cancelled on the way.

        Pairs that the run does not know are left out. Raises EngineError for a document that
        cannot be run.
        """
        began = time.perf_counter()
        run = self._run_of(start)
        dt = run.dt
        row = max(1, round(horizon_s / dt / POINTS))
        rows = max(2, math.ceil(horizon_s / dt / row))
        run.record(History(run.program, row, rows + 2))
        run.history.started = start.still.tick
        stand(run, start.still)
        todo = rows * row
        while todo > 0:
            if cancelled():
                return None
            ticks = min(todo, max(1, SLICE // max(1, len(run.program.ids))))
            run.advance(ticks)
            todo -= ticks
        curves = {}
        for pair in pairs:
            if cancelled():
                return None
            try:
                curves[pair] = _curve(run, pair)
            except KeyError:
                continue
        took_s = time.perf_counter() - began
        return Forecast(start.t_s, run.t_s, curves, tuple(run.events), took_s)

    def _run_of(self, start: Start) -> Run:
        """The run that was used last, if it is of the same document."""
        if self._run is None or self._of is None or not _same(self._of, start):
            length = math.ceil(start.scenario.duration_s / start.scenario.tick_s)
            every_s = length * start.scenario.tick_s
            self._run = Run(start.document, self._catalogue, start.scenario, every_s=every_s)
            self._of = (start.document, start.scenario)
        return self._run


def _same(of: tuple[Document, Scenario], start: Start) -> bool:
    document, scenario = of
    return document is start.document and scenario == start.scenario


def _curve(run: Run, pair: Pair) -> series.Curve:
    node, metric = pair
    t0 = run.history.origin_s
    if node == TOTAL:
        return series.total(run.history, metric, t0, run.t_s, POINTS)
    return series.curve(run.history, node, metric, t0, run.t_s, POINTS)
