"""What a report tells of a run, whoever ran it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LOSSES = ("throttled", "rejected", "failed", "timed_out", "expired")


@dataclass(frozen=True, slots=True)
class NodeFigures:
    """Mean rates (1/s), a latency (s) and the cost of one node; None is not known."""

    arrivals: float | None = None
    served: float | None = None
    lost: float | None = None
    latency_p99: float | None = None
    cost_usd: float | None = None


@dataclass(frozen=True)
class Figures:
    """Of a run of `duration_s` simulated seconds."""

    duration_s: float
    cost_usd: float | None
    nodes: Mapping[str, NodeFigures]


def of_run(told: Mapping[str, Any]) -> Figures:
    """From what `sandbox run --json` writes. Raises ValueError for anything else."""
    try:
        duration = float(told["duration_s"])
        nodes = {id: _node(metrics, duration) for id, metrics in told["nodes"].items()}
        cost = told.get("cost_usd")
        return Figures(duration, None if cost is None else float(cost), nodes)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise ValueError(
            "these are not the figures of a run; take what `sandbox run FILE --json OUT` writes"
        ) from error


def _node(metrics: Mapping[str, Mapping[str, Any]], duration_s: float) -> NodeFigures:
    def of(metric: str, what: str) -> float | None:
        value = metrics.get(metric, {}).get(what)
        return None if value is None else float(value)

    lost = [of(metric, "mean") for metric in LOSSES]
    hourly = of("cost_per_hour", "mean")
    return NodeFigures(
        of("arrivals", "mean"),
        of("served", "mean"),
        sum(value for value in lost if value is not None) if any(lost) else 0.0,
        of("latency_p99", "run"),
        None if hourly is None else hourly * duration_s / 3600,
    )
