"""What a state machine says of its numbers, its bill, and of each of its states."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.services.explain import Cells, CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/step-functions/pricing/"
QUOTAS = "AWS Step Functions Developer Guide: Quotas"
_KNOWN: dict[float, tuple[tuple[str, ...], tuple[str, ...]]] = {}
_MOST_KNOWN = 256


def remember(definition: float, names: list[str], kinds: list[str]) -> None:
    """Keep the names and kinds of a definition's states, for their bars."""
    if len(_KNOWN) >= _MOST_KNOWN:
        _KNOWN.pop(next(iter(_KNOWN)))
    _KNOWN[definition] = tuple(names), tuple(kinds)


def states_of(p: Any) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(names, kinds) of the states whose cells come first, in their order."""
    return _KNOWN.get(float(p["definition_key"]), ((), ()))


def _rows(p: Any, s: Any, cells: np.ndarray) -> np.ndarray:
    return np.arange(int(p["states_n"]))


def _share(p: Any, s: Any, io: Any, cells: np.ndarray) -> np.ndarray:
    most = max(1e-9, float(cells["level"].max(initial=0.0)))
    return np.asarray(np.maximum(cells["level"], 0.0) / most)


def _names(params: Any, setup: Any, p: Any, cells: np.ndarray) -> list[str]:
    names, _ = states_of(p)
    return [names[i] if i < len(names) else "" for i in range(len(cells))]


def _notes(p: Any, s: Any, io: Any, cells: np.ndarray) -> list[str]:
    _, kinds = states_of(p)
    lines = []
    for i, cell in enumerate(cells):
        head = f"{kinds[i]}: " if i < len(kinds) else ""
        text = f"{head}{max(0.0, cell['level']):,.4g} executions, {cell['x']:,.4g} enter a second"
        if cell["out"] > 1e-9:
            text += f", {cell['out']:,.4g} fail a second"
        lines.append(text)
    return lines


BARS = (
    Cells(
        "States",
        "State",
        "executions in the state, of the fullest",
        _share,
        _rows,
        note=_notes,
        names=_names,
    ),
)

EXPLANATIONS = (
    Explanation(
        "in_flight",
        "Open executions that do not wait for a transition token: what entered and has not ended.",
        ("s.held", "backlog"),
        lambda held, waiting: held - waiting,
        QUOTAS,
    ),
    Explanation(
        "utilization",
        "Transitions, of those that the account's bucket is refilled with.",
        ("transitions", Input("p.refill_per_s", "Refill", "1/s", QUOTAS, True), "p.type"),
        lambda moved, refill, kind: min(1.0, moved / refill) if kind == 0 else 0.0,
        QUOTAS,
    ),
)

COST_LINES = (
    CostLine(
        "State transitions",
        "Transitions of Standard, retries among them × price of a transition.",
        ("transitions", "p.type", Input("TRANSITION_USD", "A transition", "USD", PRICING)),
        lambda moved, kind, usd: moved * usd * 3600.0 if kind == 0 else 0.0,
        PRICING,
    ),
    CostLine(
        "Express requests",
        "Starts of Express, and of the Express children of distributed Maps × price of a request.",
        ("s.requests", Input("REQUEST_USD", "A request", "USD", PRICING)),
        lambda started, usd: started * usd * 3600.0,
        PRICING,
    ),
    CostLine(
        "Express duration",
        "Executions × their time in steps of 100 ms × memory in steps of 64 MB × price of a "
        "GB-hour, by how many the month has had.",
        ("s.gb_hours", "s.gb_hour_usd"),
        lambda hours, usd: hours * usd,
        PRICING,
    ),
)
