"""What the plots show before anybody chooses: five questions, answered from the diagram."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.engine.dials import FaultNow
from sandbox.gui.moments import TOTAL, Pair
from sandbox.language import tr

MOST_CURVES = 8  # more lines in one plot than can be told apart


@dataclass(frozen=True, slots=True)
class Plan:
    """One plot: its name for layouts, its title and unit, and its curves."""

    name: str
    title: str
    unit: str
    curves: tuple[Pair, ...] = ()


INSTANCES = Plan("instances", tr("Instances"), "")
THROTTLING = Plan("throttling", tr("Throttled and lost"), "1/s")
LATENCY = Plan("latency", tr("Latency of clients"), "s")
BACKLOG = Plan("backlog", tr("Backlog"), "")
COST = Plan("cost", tr("Cost per hour"), "USD/h")
_LOSSES = ("throttled", "rejected", "failed", "timed_out", "expired")


def usual(
    metrics: Mapping[str, Sequence[Any]],
    services: Mapping[str, Any],
    selected: Iterable[str],
    struck: Sequence[Pair] = (),
) -> list[Plan]:
    """The five plots for a diagram; `services` by node. A selection narrows them.

    `struck` are the losses that faults bring about, which stand first among losses.
    """
    nodes = [node for node in metrics if node in services]
    chosen = [node for node in selected if node in metrics] or nodes
    sources = [node for node in nodes if services[node].source]
    speaking = [node for node in chosen if node not in sources] if chosen != nodes else sources
    latency = Plan(
        "latency",
        tr("Latency of clients") if speaking == sources else tr("Latency of selection"),
        "s",
        tuple(
            (node, f"latency_p{p}") for node in (speaking or nodes[:1])[:2] for p in (50, 95, 99)
        ),
    )
    counting = [node for node in chosen if services[node].holds]
    counting.sort(key=lambda node: services[node].holds != "instances")  # what scales comes first
    holding = [node for node in chosen if services[node].category in _QUEUEING]
    return [
        Plan("instances", tr("Instances"), "", _pairs(counting, "instances")),
        Plan("throttling", THROTTLING.title, "1/s", _losing(chosen, services, struck)),
        latency,
        Plan("backlog", tr("Backlog"), "", _pairs(holding or chosen, "backlog")),
        Plan("cost", tr("Cost per hour"), "USD/h",
             ((TOTAL, "cost_per_hour"), *_pairs(chosen, "cost_per_hour"))[:MOST_CURVES]),
    ]  # fmt: skip


_QUEUEING = ("integration", "streaming", "compute", "external")


def _pairs(nodes: Iterable[str], metric: str) -> tuple[Pair, ...]:
    return tuple((node, metric) for node in nodes)[:MOST_CURVES]


def lost_to(faults: Sequence[FaultNow]) -> tuple[Pair, ...]:
    """What faults that have begun make nodes lose, whatever their services know."""
    found: dict[Pair, None] = {}
    for fault in faults:
        metric = _LOST_TO.get(fault.kind)
        if metric is not None and fault.state != "planned":
            nodes = fault.nodes if fault.link is None else fault.link[:1]
            found.update(((node, metric), None) for node in nodes)
    return tuple(found)


_LOST_TO = {"error_rate": "failed", "link_cut": "failed", "downstream_throttle": "throttled"}


def _losing(
    nodes: Sequence[str], services: Mapping[str, Any], struck: Sequence[Pair]
) -> tuple[Pair, ...]:
    """What faults make nodes lose, then each with the kinds of loss its service knows.

    Only callers lose by timeouts, and among them the clients speak for the whole.
    """
    found = [pair for pair in struck if pair[0] in nodes]
    for kind in _LOSSES:
        for node in nodes:
            timing = kind == "timed_out" and services[node].source
            known = timing or any(cause.kind == kind for cause in services[node].causes)
            if known and (node, kind) not in found:
                found.append((node, kind))
    return tuple(found)[:MOST_CURVES]
