"""The records of a comparison: figures of a case, cases of a section."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

MEAN = 0.05
"""How far a mean may be off, as a share of the exact one, beside its confidence interval."""
PERCENTILE = 0.1
"""The same of p50, p95 and p99."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One number: what it must be, what it is, and how far it may be off.

    `tolerance` is a share of what is expected; None promises nothing, and the figure is shown only.
    `width` is the half-width of the 95 % confidence interval of `expected`, 0 for a closed form;
    `allowance` is an absolute one, for what is expected to be next to nothing.
    """

    name: str
    unit: str
    expected: float
    got: float
    tolerance: float | None
    width: float = 0.0
    allowance: float = 0.0

    @property
    def error(self) -> float:
        """Relative to what is expected, signed; nan where that is nothing."""
        return (self.got - self.expected) / self.expected if self.expected else math.nan

    @property
    def holds(self) -> bool | None:
        """Whether it is within its tolerance; None where none is promised."""
        if self.tolerance is None:
            return None
        most = self.tolerance * abs(self.expected) + self.width + self.allowance
        return bool(abs(self.got - self.expected) <= most)


@dataclass(frozen=True, slots=True)
class Curve:
    """Two series over the same times (s): what is expected, and what is got."""

    title: str
    unit: str
    t: tuple[float, ...]
    expected: tuple[float, ...]
    got: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a case."""

    figures: tuple[Figure, ...]
    curves: tuple[Curve, ...] = ()

    @property
    def holds(self) -> bool:
        return all(figure.holds is not False for figure in self.figures)


@dataclass(frozen=True, slots=True)
class Case:
    """A workload: its name, what it is in words, how to measure it.

    `remark` says why a figure is further off, or is shown only.
    """

    name: str
    workload: str
    run: Callable[[], Iterable[Figure] | Outcome]
    remark: str = ""

    def measure(self) -> Outcome:
        found = self.run()
        return found if isinstance(found, Outcome) else Outcome(tuple(found))


@dataclass(frozen=True, slots=True)
class Section:
    """Cases of one kind; `source` says where what is expected comes from."""

    title: str
    source: str
    cases: tuple[Case, ...]
