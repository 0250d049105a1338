"""How a service explains itself: the rules of its numbers, the lines of its bill, its inner state.

All is declared by name and read from a run at one moment by ``engine/why.py``; no law sees any of
it.  A name is

``arrivals``      a metric of the node, whose number the window shows already;
``p.memory_mb``   a parameter, or what ``prepare`` derived from the parameters;
``s.level``       a field of the state (``s.loss.0`` an element of an array);
``io.down_m``     a field of the node's record, see ``law.NODE``;
``dt``, ``era``   the length of a tick (s), the index of the era (0 is 2020);
``REQUEST_USD``   a constant of the service's own module, with its source as its comment has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

Tone = Literal["ok", "busy", "warning", "critical", "idle"]


@dataclass(frozen=True, slots=True)
class Input:
    """A number that a rule needs, with words where its name says too little.

    ``source`` is the public page of a constant; parameters and metrics bring their own.
    ``quota`` marks the limit that the rule holds the others against.
    """

    name: str
    title: str = ""
    unit: str = ""
    source: str = ""
    quota: bool = False


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a metric has the value it has: ``compute`` of the inputs, in their order, is that value.

    ``rule`` says in words how, ``source`` is the public page it is taken from ("assumption" for
    what is the model's own).  ``when``, of the same inputs, tells whether it holds now; of several
    for one metric the first that holds is shown.
    """

    metric: str
    rule: str
    inputs: tuple[str | Input, ...]
    compute: Callable[..., float]
    source: str = "assumption"
    when: Callable[..., bool] | None = None


@dataclass(frozen=True, slots=True)
class CostLine:
    """A line of the bill, USD an hour; the lines of a service add up to its ``cost_per_hour``."""

    title: str
    rule: str
    inputs: tuple[str | Input, ...]
    compute: Callable[..., float]
    source: str = "assumption"


@dataclass(frozen=True, slots=True)
class CellState:
    """What one value of a cell's state is called, and how it is coloured."""

    name: str
    tone: Tone = "ok"


@dataclass(frozen=True, slots=True)
class Cells:
    """Inner state drawn as bars, one a cell: instances, shards, partitions.

    ``value(p, s, io, cells)`` gives the length of each bar (f8, 1 is full, above is overload, NaN
    has no bar) and ``words`` say what it is; ``rows(p, s, cells)`` picks the cells that are shown
    (their indices; all without it), and ``value`` is given those only.  ``state`` is the field that
    indexes ``states``.  ``note(p, s, io, cells)`` may say more of each in a line;
    ``names(params, setup, p, cells)`` says what each is called, where that is not its number.
    """

    title: str
    one: str
    words: str
    value: Callable[..., np.ndarray]
    rows: Callable[..., np.ndarray] | None = None
    state: str = ""
    states: tuple[CellState, ...] = ()
    note: Callable[[Any, Any, Any, np.ndarray], list[str]] | None = None
    names: Callable[[Any, Any, Any, np.ndarray], Sequence[str]] | None = None


def called(declared: Sequence[Any], places: Iterable[int]) -> list[str]:
    """The names of what stands at these places; of what was taken away since, nothing."""
    names = [one.name for one in declared]
    return [names[i] if i < len(names) else "" for i in places]
