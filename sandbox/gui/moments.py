"""What the worker tells the window: immutable values, complete in themselves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

import numpy as np

from sandbox.gui.curves import COLUMNS, Curve, joined, thinned
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
    ready: bool = False
    compiling: str = ""


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


Letter = Compiled | Happened | Refused | Ended | Answer


@dataclass(frozen=True, slots=True)
class Query:
    """What one plot wants to see over the last `span_s` seconds (None: everything)."""

    plot: str
    curves: tuple[Pair, ...]
    span_s: float | None = None

    def answered(self, run: Any, past: Mapping[Pair, Curve]) -> Answer:
        """Read the curves out of a run, after what is past of them; unknown ones are left out."""
        t0 = max(run.t_s - self.span_s, 0.0) if self.span_s is not None else 0.0
        found = []
        for pair in self.curves:
            curve = read(run, pair, t0)
            if curve is None:
                continue
            if pair in past:
                curve = thinned(joined(past[pair], curve).since(t0))
            found.append(curve)
        return Answer(self.plot, tuple(found), t0, run.t_s)


def read(run: Any, pair: Pair, t0: float = 0.0) -> Curve | None:
    """A curve of the run since `t0`, or None if it has no such node or metric."""
    node, metric = pair
    if node == TOTAL:
        return _total(run, metric, t0)
    try:
        t, mean, lo, hi = run.series(node, metric, t0, None, COLUMNS)
    except KeyError:
        return None
    return Curve(node, metric, t, mean, lo, hi)


def _total(run: Any, metric: str, t0: float) -> Curve | None:
    """The sum over all nodes; its extremes are not known, so the sum of means stands for them."""
    curves = [read(run, (node, metric), t0) for node in run.program.ids]
    known = [curve for curve in curves if curve is not None and len(curve.t)]
    if not known:
        return None
    total = np.sum([np.nan_to_num(curve.mean) for curve in known], axis=0)
    return Curve(TOTAL, metric, known[0].t, total, total, total)
