"""Small diagrams for cases, in a line or two, and runs of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from sandbox.document.document import Document
from sandbox.document.records import Link, Node, Scenario
from sandbox.engine.run import Run
from sandbox.services import catalogue

from .figures import MEAN, PERCENTILE, Figure

Nodes = Mapping[str, tuple[str, Mapping[str, Any]]]
"""id -> (service, parameters)."""
Links = Sequence[tuple[str, str] | tuple[str, str, Mapping[str, Any]]]
"""(from, to) or (from, to, parameters), from `out` to `in`."""
STEADY_S = 3600.0
"""By then a station at utilization 0.95 is at rest."""


def simulate(
    nodes: Nodes,
    links: Links,
    seconds: float = STEADY_S,
    every_s: float | None = None,
    **scenario: Any,
) -> Run:
    """A run of such a diagram after so many seconds. Its balance must hold."""
    document = Document(
        nodes=[Node(i, service, params=params) for i, (service, params) in nodes.items()],
        links=[Link(link[0], link[1], "out", "in", (*link, {})[2]) for link in links],
        scenario=Scenario(**{"duration_s": seconds, **scenario}),
    )
    return advanced(Run(document, catalogue(), every_s=every_s), seconds)


def advanced(run: Run, seconds: float) -> Run:
    """The run, so many seconds later."""
    run.advance(round(seconds / run.dt))
    if run.balance_error > 1e-9:
        raise ArithmeticError(f"the balance of {run.balance_node} is off by {run.balance_error:g}")
    return run


def rows(run: Run, node: str, metric: str) -> np.ndarray:
    """The mean of each recorded row."""
    return run.series(node, metric, points=10**9)[1]


def total(run: Run, node: str, metric: str) -> float:
    """The sum over the whole run."""
    found = run.history.summary(node, metric)["total"]
    assert isinstance(found, float), f"{metric} of {node} has no total"
    return found


def response(
    now: Mapping[str, float],
    expected: Mapping[str, Any],
    mean: float = MEAN,
    percentile: float = PERCENTILE,
) -> list[Figure]:
    """Mean and percentiles of what clients see, against pairs (or closed forms) of `expected`."""
    figures = []
    for name in ("mean", "p50", "p95", "p99"):
        value, width = expected[name] if isinstance(expected[name], list) else (expected[name], 0.0)
        tolerance = mean if name == "mean" else percentile
        figures.append(Figure(name, "s", value, now[f"latency_{name}"], tolerance, width))
    return figures
