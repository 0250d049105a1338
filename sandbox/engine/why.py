"""Why a node's numbers are what they are: every metric that has a rule, recomputed from its inputs.

What a service declares (`services/explain.py`) is looked up by name in the run's records; rules of
metrics that all nodes have stand in `common.py`.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sandbox.services.explain import Cells, CellState, CostLine, Explanation, Input
from sandbox.services.law import ERAS
from sandbox.services.params import ParamInfo

if TYPE_CHECKING:
    from sandbox.engine.run import Run

MODEL = "assumption"


@dataclass(frozen=True, slots=True)
class Term:
    """One input of a rule, as it is shown: ``quota`` marks a limit."""

    title: str
    value: float
    unit: str = ""
    source: str = ""
    quota: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """A number of a node, the rule that makes it, and what the rule makes of its inputs.

    ``value`` is what the run recorded, ``computed`` what the terms give by the rule.
    """

    metric: str
    title: str
    unit: str
    value: float
    rule: str
    terms: tuple[Term, ...]
    computed: float
    source: str = MODEL

    @property
    def agrees(self) -> bool:
        """Whether the rule gives the number; it need not in the tick in which an input moved."""
        return math.isclose(self.value, self.computed, rel_tol=1e-6, abs_tol=1e-9)


@dataclass(frozen=True, slots=True)
class BillLine:
    """A line of the bill, USD an hour."""

    title: str
    usd_per_hour: float
    rule: str = ""
    terms: tuple[Term, ...] = ()
    source: str = MODEL


@dataclass(frozen=True, slots=True)
class Bar:
    """One cell: its length (1 is full; NaN has none), its state, more in words, and its name."""

    number: int
    value: float
    state: CellState | None
    note: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Bars:
    title: str
    one: str
    words: str
    bars: tuple[Bar, ...]


class View:
    """One node of a run at its present tick, by the names that declarations use."""

    def __init__(self, run: Run, node: str) -> None:
        self.run, self.node = run, node
        self.index = run.program.index[node]
        self.service = run.program.services[self.index]
        self.row = run.program.nodes[self.index]
        self.place = run.program.places[self.index]
        self.now: Mapping[str, float] = run.now(node)
        self.infos = {info.name: info for info in run.metrics(node)}
        self._params: dict[str, ParamInfo] = {p.name: p for p in self.service.parameters()}

    def term(self, given: str | Input) -> Term:
        """The input of that name. Raises KeyError for a name that means nothing here."""
        wanted = given if isinstance(given, Input) else Input(given)
        value, title, unit, source = self._found(wanted.name)
        return Term(
            wanted.title or title,
            value,
            wanted.unit or unit,
            wanted.source or source,
            wanted.quota,
        )

    def reason(self, metric: str, rule: str, terms: tuple[Term, ...], computed: float,
               source: str = MODEL) -> Reason:  # fmt: skip
        """A reason for one of the node's metrics."""
        info = self.infos[metric]
        value = float(self.now[metric])
        return Reason(metric, info.title, info.unit, value, rule, terms, float(computed), source)

    def _found(self, name: str) -> tuple[float, str, str, str]:
        place, _, field = name.partition(".")
        if not field:
            return self._bare(name)
        if place == "p":
            return self._parameter(field)
        record = self.place.s[0] if place == "s" else self.row
        if place not in ("s", "io"):
            raise KeyError(name)
        return _number(record, field), _words(field), "", ""

    def _bare(self, name: str) -> tuple[float, str, str, str]:
        if name in self.infos:
            info = self.infos[name]
            return float(self.now[name]), info.title, info.unit, ""
        if name == "dt":
            return self.run.dt, "Length of a tick", "s", ""
        era = ERAS.index(self.run.scenario.era)
        if name == "era":
            return float(era), "Era (0 is 2020)", "", ""
        value = getattr(sys.modules[self.service.module], name)
        if isinstance(value, tuple):
            value = value[era]
        return float(value), _words(name.lower()), "", ""

    def _parameter(self, field: str) -> tuple[float, str, str, str]:
        value = _number(self.place.p[0], field)
        info = self._params.get(field)
        if info is None:
            return value, _words(field), "", ""
        return value, info.title, info.unit, info.source


def _number(record: Any, field: str) -> float:
    name, _, item = field.partition(".")
    value = record[name]
    return float(value[int(item)] if item else value)


def _words(name: str) -> str:
    return name.partition(".")[0].replace("_", " ").capitalize()


def explain(run: Run, node: str) -> tuple[Reason, ...]:
    """All numbers of a node that have a rule: the service's own, then those that all nodes have."""
    from sandbox.engine.common import reasons

    view = View(run, node)
    found: dict[str, Reason] = {}
    for declared in view.service.explanations:
        if declared.metric not in found:
            reason = _declared(view, declared)
            if reason is not None:
                found[declared.metric] = reason
    for reason in reasons(view):
        found.setdefault(reason.metric, reason)
    return tuple(found.values())


def _declared(view: View, declared: Explanation) -> Reason | None:
    terms = tuple(view.term(given) for given in declared.inputs)
    values = [term.value for term in terms]
    if declared.when is not None and not declared.when(*values):
        return None
    computed = declared.compute(*values)
    return view.reason(declared.metric, declared.rule, terms, computed, declared.source)


def bill(run: Run, node: str) -> tuple[BillLine, ...]:
    """The cost of a node by line, USD an hour; what no line accounts for stands in one of its own.

    The lines add up to the node's ``cost_per_hour``.
    """
    view = View(run, node)
    lines = [_line(view, declared) for declared in view.service.cost_lines]
    total = float(view.row["cost_per_hour"])
    rest = total - math.fsum(line.usd_per_hour for line in lines)
    if abs(rest) > 1e-9 * max(abs(total), 1e-9):
        lines.append(BillLine("Not itemised" if lines else "In all", rest))
    return tuple(lines)


def _line(view: View, declared: CostLine) -> BillLine:
    terms = tuple(view.term(given) for given in declared.inputs)
    usd = float(declared.compute(*(term.value for term in terms)))
    return BillLine(declared.title, usd, declared.rule, terms, declared.source)


def bars(run: Run, node: str, most: int = 2000) -> tuple[Bars, ...]:
    """The inner state that a node's service draws, one bar a cell; `most` cells of each kind.

    Of what it may have and has none of now, such as indexes of a table, nothing is drawn.
    """
    view = View(run, node)
    drawn = (_bars(view, declared, most) for declared in view.service.bars)
    return tuple(one for one in drawn if one.bars)


def _bars(view: View, declared: Cells, most: int) -> Bars:
    p, s, io, cells = view.place.p[0], view.place.s[0], view.row, view.place.cells
    rows = np.arange(len(cells)) if declared.rows is None else declared.rows(p, s, cells)
    rows = np.asarray(rows)[:most]
    chosen = cells[rows]
    values = np.broadcast_to(np.asarray(declared.value(p, s, io, chosen), "f8"), rows.shape)
    notes = declared.note(p, s, io, chosen) if declared.note else [""] * len(rows)
    states: list[CellState | None] = [None] * len(rows)
    if declared.state:
        states = [declared.states[int(state)] for state in chosen[declared.state]]
    names = [""] * len(rows)
    if declared.names:
        program = view.run.program
        params, setup = program.params[view.index], program.setups[view.index]
        names = list(declared.names(params, setup, p, chosen))
    made = zip(range(len(rows)), values.tolist(), states, notes, names, strict=True)
    return Bars(declared.title, declared.one, declared.words, tuple(Bar(*one) for one in made))
