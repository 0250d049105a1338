"""What a service lets a person see and write beside numbers: the states that things go through
inside a node as a graph, the alarms and clocks that decide in it, and parameters that are texts in
a language.

All is declared; the engine reads `live` of a run at one moment (`engine/why.py`), the window draws.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sandbox.services.explain import Tone

WayKind = Literal["next", "choice", "retry", "catch"]


@dataclass(frozen=True, slots=True)
class Place:
    """A state, drawn as a box: ``name`` is its own, ``inside`` the state that it stands in, and
    ``branch`` which of the branches there."""

    name: str
    kind: str = ""
    inside: str = ""
    branch: int = 0
    begins: bool = False  # what enters the graph, or the branch, comes here first
    ends: bool = False  # what leaves here has left the graph, or the branch
    note: str = ""  # more of it, in words


@dataclass(frozen=True, slots=True)
class Way:
    """From one state to another, or, of a retry, back to itself."""

    source: str
    target: str
    kind: WayKind = "next"
    words: str = ""  # the condition, the errors that are retried or caught


@dataclass(frozen=True, slots=True)
class Drawing:
    places: tuple[Place, ...]
    ways: tuple[Way, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """What is where: arrays (f8) in the order of the drawing.

    ``held`` is in each place, ``entering`` and ``failing`` are per second, as is ``flows`` on each
    way.
    """

    held: np.ndarray
    entering: np.ndarray
    failing: np.ndarray
    flows: np.ndarray


@dataclass(frozen=True, slots=True)
class Graph:
    """The states inside a node, live.

    ``draw(params)`` gives the drawing for the parameters of a node; ``live(params, p, s, io, cells,
    table)`` its figures, ``table`` being what ``prepare`` returned.

    ``trial(params, text, seed, failures)`` may follow one of what goes through, on the input
    ``text`` (as in the parameter ``sample``): an Execution of ``trial.py``. ``failures`` is the
    share of attempts that fail beyond what the parameters say, drawn by the seed.
    """

    title: str
    one: str  # what goes through, such as "execution"
    draw: Callable[[Any], Drawing]
    live: Callable[..., Figures]
    trial: Callable[[Any, str, int, float], Any] | None = None
    sample: str = ""


@dataclass(frozen=True, slots=True)
class Watcher:
    """An alarm or a clock inside a node, at one moment.

    An alarm holds its newest ``value`` against a ``bound`` (NaN: there is none); ``breaching`` of
    its datapoints are on the wrong side, ``needed`` of the newest ``of`` must be.  It has been in
    its ``state`` for ``for_s``; a clock has ``left_s`` to run.
    """

    title: str
    state: str
    tone: Tone = "ok"
    value: float = math.nan
    side: Literal["", ">", "≥", "<", "≤"] = ""
    bound: float = math.nan
    unit: str = ""
    breaching: int = 0
    needed: int = 0
    of: int = 0
    for_s: float = math.nan
    left_s: float = math.nan


@dataclass(frozen=True, slots=True)
class Watchers:
    """All of a node: ``live(p, s, t_s, epoch_s)`` gives them, in the order they are shown in.

    ``p`` and ``s`` are its records as the laws have them; ``epoch_s`` is when the run began, in
    seconds since 1970.
    """

    title: str
    live: Callable[[Any, Any, float, float], Sequence[Watcher]]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with a text, in words, and where: line and column count from 1."""

    words: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True)
class Text:
    """A parameter that is written in an editor: ``check(text)`` finds the first mistake in it.

    ``suffixes`` are what files that hold such a text end with.
    """

    parameter: str
    check: Callable[[str], Mistake | None]
    language: str = "JSON"
    suffixes: tuple[str, ...] = (".json",)
