"""What a person made of the plots, as it stands in a diagram's view: read with care, written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.gui.moments import Pair
from sandbox.gui.plots.choice import MOST_CURVES, Plan

KEY = "plots"


@dataclass(slots=True)
class Choice:
    """Own plots, curves added to plots and taken from them, plots that are hidden or on a log axis.

    `span` is the name of the span of time, "" for the usual one.
    """

    own: dict[str, Plan] = field(default_factory=dict)
    added: dict[str, tuple[Pair, ...]] = field(default_factory=dict)
    taken: dict[str, tuple[Pair, ...]] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    logarithmic: set[str] = field(default_factory=set)
    span: str = ""
    follow: bool = False

    def add(self, plot: str, pair: Pair) -> None:
        """One more curve in a plot, its newest."""
        self.taken[plot] = _without(self.taken, plot, pair)
        self.added[plot] = (*self.added.get(plot, ()), pair)

    def take(self, plot: str, pair: Pair) -> None:
        """One curve less in a plot."""
        self.added[plot] = _without(self.added, plot, pair)
        self.taken[plot] = (*self.taken.get(plot, ()), pair)

    def remove(self, plot: str) -> None:
        """Take away a plot; a usual one can be shown again."""
        if self.own.pop(plot, None) is None:
            self.hidden.add(plot)
        for kept in (self.added, self.taken):
            kept.pop(plot, None)

    def applied(self, plan: Plan) -> Plan:
        """The plot with the curves that were chosen for it, the newest if they are too many."""
        taken = self.taken.get(plan.name, ())
        curves = dict.fromkeys((*plan.curves, *self.added.get(plan.name, ())))
        left = tuple(pair for pair in curves if pair not in taken)
        return replace(plan, curves=left[-MOST_CURVES:])


def _without(pairs: dict[str, tuple[Pair, ...]], plot: str, pair: Pair) -> tuple[Pair, ...]:
    return tuple(one for one in pairs.get(plot, ()) if one != pair)


def written(choice: Choice) -> dict[str, Any]:
    """As JSON; what is as usual is left out."""
    found: dict[str, Any] = {}
    if choice.own:
        found["own"] = [
            {
                "name": p.name,
                "title": p.title,
                "unit": p.unit,
                "curves": [list(c) for c in p.curves],
            }
            for p in choice.own.values()
        ]
    for name, pairs in (("added", choice.added), ("taken", choice.taken)):
        rows = {plot: [list(pair) for pair in some] for plot, some in pairs.items() if some}
        if rows:
            found[name] = rows
    for name, some in (("hidden", choice.hidden), ("log", choice.logarithmic)):
        if some:
            found[name] = sorted(some)
    if choice.span:
        found["span"] = choice.span
    if choice.follow:
        found["follow"] = True
    return found


def read(view: Mapping[str, Any]) -> Choice:
    """Out of a diagram's view, which anybody may have written: what makes no sense is left out."""
    given = view.get(KEY)
    if not isinstance(given, Mapping):
        return Choice()
    choice = Choice(
        added=_pairs_by_plot(given.get("added")),
        taken=_pairs_by_plot(given.get("taken")),
        hidden=set(_texts(given.get("hidden"))),
        logarithmic=set(_texts(given.get("log"))),
        span=given["span"] if isinstance(given.get("span"), str) else "",
        follow=given.get("follow") is True,
    )
    for one in _list(given.get("own")):
        if isinstance(one, Mapping):
            name, title, unit = (one.get(k) for k in ("name", "title", "unit"))
            curves = _pairs(one.get("curves"))
            if (
                isinstance(name, str)
                and isinstance(title, str)
                and isinstance(unit, str)
                and curves
            ):
                choice.own[name] = Plan(name, title, unit, curves)
    return choice


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []


def _texts(value: Any) -> list[str]:
    return [text for text in _list(value) if isinstance(text, str)]


def _pairs(value: Any) -> tuple[Pair, ...]:
    found = [_texts(pair) for pair in _list(value)]
    return tuple((pair[0], pair[1]) for pair in found if len(pair) == 2)


def _pairs_by_plot(value: Any) -> dict[str, tuple[Pair, ...]]:
    if not isinstance(value, Mapping):
        return {}
    return {plot: _pairs(pairs) for plot, pairs in value.items() if isinstance(plot, str)}
