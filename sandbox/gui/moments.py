"""What the worker tells the window: immutable values, complete in themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from sandbox.engine.dials import FaultNow
from sandbox.gui.curves import COLUMNS, Curve
from sandbox.gui.details import Details
from sandbox.gui.frames import EMPTY, Frame

TOTAL = ""  # the node of a curve that adds up all nodes
NOTHING: Mapping[str, Any] = MappingProxyType({})
Pair = tuple[str, str]
"""A metric of a node: (node, metric)."""


@dataclass(frozen=True, slots=True)
class Moment:
    """The run at one moment.

    `real` is the simulated time per wall time that was reached, `load` the factor on all sources,
    `metrics` the latest values of the watched nodes, `ready` False while nothing can run, and
    `compiling` what is being prepared.
    """

    frame: Frame = EMPTY
    t_s: float = 0.0
    tick: int = 0
    dt: float = 1.0
    playing: bool = False
    speed: float = 60.0
    real: float = 0.0
    load: float = 1.0
    cost_usd: float = 0.0
    balance_error: float = 0.0
    metrics: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: NOTHING)
    details: Mapping[str, Details] = field(default_factory=lambda: NOTHING)
    """Of the watched node, if it is one: the same object until there is something newer."""
    ready: bool = False
    compiling: str = ""
    faults: tuple[FaultNow, ...] = ()
    """All faults of the run, those over and those to come as well."""
    end_s: float = 0.0
    """How far the run has gone; `t_s` is before it while an earlier moment is shown."""
    looking_back: bool = False
    then: Any = None
    """The document of the earlier moment that is shown."""
    number: int = 0
    """Of the document that the run is of."""
    forks: int = 0
    """How often the run went on from an earlier moment."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A document was brought to life: the metrics that are recorded of each node."""

    metrics: Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Happened:
    """Events that came about since the last letter; `afresh` when the list starts over."""

    events: tuple[Any, ...]
    afresh: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A command that the run did not accept, and why."""

    command: str
    why: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The run came to the end of its scenario and paused."""

    t_s: float


@dataclass(frozen=True, slots=True)
class Answer:
    """The curves of one plot, and the span of time that was asked for (s)."""

    plot: str
    curves: tuple[Curve, ...]
    t0: float
    t1: float


@dataclass(frozen=True, slots=True)
class Foretold:
    """What the next hours will bring under the present settings and load."""

    forecast: Any


Letter = Compiled | Happened | Refused | Ended | Answer | Foretold


@dataclass(frozen=True, slots=True)
class Query:
    """What one plot wants to see over the last `span_s` seconds (None: everything).

    `at_s` is an earlier moment that is to be seen, with some of what came after it; `zoom` a
    stretch of time (s) instead of all that.
    """

    plot: str
    curves: tuple[Pair, ...]
    span_s: float | None = None
    at_s: float | None = None
    zoom: tuple[float, float] | None = None

    def answered(self, run: Any) -> Answer:
        """Read the curves out of a run; unknown ones are left out."""
        t0, t1 = self.stretch(run.t_s)
        found = (read(run, pair, t0, min(t1, run.t_s)) for pair in self.curves)
        return Answer(self.plot, tuple(c for c in found if c is not None), t0, t1)

    def stretch(self, now_s: float) -> tuple[float, float]:
        """The span of time that is seen."""
        if self.zoom is not None:
            return self.zoom
        if self.span_s is None:
            return 0.0, now_s
        end = now_s
        if self.at_s is not None:
            end = min(now_s, max(self.at_s + _AFTER * self.span_s, self.span_s))
        return max(end - self.span_s, 0.0), end


_AFTER = 0.3  # the share of a plot that shows what came after the moment one looks back to


def read(run: Any, pair: Pair, t0: float = 0.0, t1: float | None = None) -> Curve | None:
    """A curve of the run since `t0`, or None if it has no such node or metric."""
    node, metric = pair
    try:
        if node == TOTAL:
            return Curve(node, metric, *run.total(metric, t0, COLUMNS, t1))
        return Curve(node, metric, *run.series(node, metric, t0, t1, COLUMNS))
    except KeyError:
        return None
