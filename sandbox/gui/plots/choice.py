"""What the plots show before anybody chooses: five questions, answered from the diagram."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.gui.moments import TOTAL, Pair

MOST_CURVES = 8  # more lines in one plot than can be told apart


@dataclass(frozen=True, slots=True)
class Plan:
    """One plot: its name for layouts, its title and unit, and its curves."""

    name: str
    title: str
    unit: str
    curves: tuple[Pair, ...] = ()


INSTANCES = Plan("instances", "Instances", "")
THROTTLING = Plan("throttling", "Throttled and lost", "1/s")
LATENCY = Plan("latency", "Latency of clients", "s")
BACKLOG = Plan("backlog", "Backlog", "")
COST = Plan("cost", "Cost per hour", "USD/h")
_LOSSES = ("throttled", "rejected", "failed", "timed_out", "expired")


def usual(
    metrics: Mapping[str, Sequence[Any]], services: Mapping[str, Any], selected: Iterable[str]
) -> list[Plan]:
    """The five plots for a diagram; `services` by node. A selection narrows them."""
    nodes = [node for node in metrics if node in services]
    chosen = [node for node in selected if node in metrics] or nodes
    sources = [node for node in nodes if services[node].source]
    speaking = [node for node in chosen if node not in sources] if chosen != nodes else sources
    latency = Plan(
        "latency",
        "Latency of clients" if speaking == sources else "Latency of selection",
        "s",
        tuple(
            (node, f"latency_p{p}") for node in (speaking or nodes[:1])[:2] for p in (50, 95, 99)
        ),
    )
    counting = [node for node in chosen if services[node].holds]
    counting.sort(key=lambda node: services[node].holds != "instances")  # what scales comes first
    holding = [node for node in chosen if services[node].category in _QUEUEING]
    return [
        Plan("instances", "Instances", "", _pairs(counting, "instances")),
        Plan("throttling", THROTTLING.title, "1/s", _losing(chosen, services)),
        latency,
        Plan("backlog", "Backlog", "", _pairs(holding or chosen, "backlog")),
        Plan("cost", "Cost per hour", "USD/h",
             ((TOTAL, "cost_per_hour"), *_pairs(chosen, "cost_per_hour"))[:MOST_CURVES]),
    ]  # fmt: skip


_QUEUEING = ("integration", "streaming", "compute", "external")


def _pairs(nodes: Iterable[str], metric: str) -> tuple[Pair, ...]:
    return tuple((node, metric) for node in nodes)[:MOST_CURVES]


def _losing(nodes: Sequence[str], services: Mapping[str, Any]) -> tuple[Pair, ...]:
    """Each node with the kinds of loss its service knows; throttling before the others.

    Only callers lose by timeouts, and among them the clients speak for the whole.
    """
    found = []
    for kind in _LOSSES:
        for node in nodes:
            timing = kind == "timed_out" and services[node].source
            if timing or any(cause.kind == kind for cause in services[node].causes):
                found.append((node, kind))
    return tuple(found)[:MOST_CURVES]
