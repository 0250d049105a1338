"""Turns the numbers of a run into what the canvas and the panels show at one moment."""

from __future__ import annotations

import math
from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

import numpy as np

from sandbox.experiments import units
from sandbox.gui.frames import Frame, Health, LinkFrame, NodeFrame
from sandbox.gui.moments import Moment

_LOSSES = ("throttled", "rejected", "failed", "timed_out", "expired")
_WORDS = dict(
    zip(_LOSSES, ("Throttled", "Rejected", "Failed", "Timed out", "Expired"), strict=True)
)
_LOST_SOMETHING = 1e-4  # shares of what arrived, below which a loss is not worth a badge
_LOST_MUCH = 0.05
_BUSY = 0.9


class Gauges:
    """Where the numbers of the canvas stand in a compiled run, looked up once."""

    def __init__(self, run: Any) -> None:
        history = run.history
        self.program = run.program
        self._nodes: list[str] = list(run.program.ids)
        self._services = [run.service(node) for node in self._nodes]
        self._infos = [{info.name: info for info in history.metrics[node]} for node in self._nodes]
        columns = history.columns
        self._common = np.array(
            [
                [columns[node, name] for name in (*_LOSSES, "arrivals", "utilization")]
                for node in self._nodes
            ],
            dtype=np.intp,
        ).reshape(len(self._nodes), 7)
        self._headlines = [
            columns.get((node, service.headline), -1)
            for node, service in zip(self._nodes, self._services, strict=True)
        ]

    def frame(self, run: Any) -> Frame:
        latest = run.history.tape.now
        common = latest[self._common]
        nodes = {
            node: self._node(run, place, common[place], latest)
            for place, node in enumerate(self._nodes)
        }
        links = {
            link: LinkFrame(now.flow_per_s, now.ok if now.flow_per_s > 0 else 1.0)
            for link, now in run.links_now().items()
        }
        return Frame(run.t_s, MappingProxyType(nodes), MappingProxyType(links))

    def _node(self, run: Any, place: int, common: np.ndarray, latest: np.ndarray) -> NodeFrame:
        node, service = self._nodes[place], self._services[place]
        *losses, arrived, utilization = common.tolist()
        lost = sum(losses)
        share = lost / max(arrived, lost) if lost > 0 else 0.0
        losing = share > _LOST_SOMETHING
        column = self._headlines[place]
        if column >= 0:
            value = float(latest[column])
        else:
            value = run.now(node).get(service.headline, math.nan)
        info = self._infos[place].get(service.headline)
        return NodeFrame(
            headline=headline(
                value, service.headline, info.unit if info else "", service.holds or "instances"
            ),
            utilization=None if service.source or math.isnan(utilization) else utilization,
            loss=cause(run, node, losses) if losing else None,
            loss_rate=lost,
            health=_health(arrived, share, utilization),
        )


def picture(
    run: Any,
    gauges: Gauges,
    watched: Iterable[str],
    playing: bool,
    speed: float,
    real: float,
) -> Moment:
    """Everything the window shows of `run` now; `watched` nodes come with all their metrics."""
    known = run.program.index
    return Moment(
        frame=gauges.frame(run),
        t_s=run.t_s,
        tick=run.tick,
        dt=run.dt,
        playing=playing,
        speed=speed,
        real=real,
        load=float(run.program.world[0]["load"]),
        cost_usd=run.cost_usd,
        balance_error=run.balance_error,
        metrics=MappingProxyType({node: run.now(node) for node in watched if node in known}),
        ready=True,
    )


def headline(value: float, metric: str, unit: str, counted: str = "instances") -> str:
    """The one number a node shows: "12 instances", "300 waiting", "80/s"."""
    if math.isnan(value):
        return ""
    if metric == "instances":
        noun = counted if round(value) != 1 else counted.removesuffix("s")
        return f"{units.si(round(value))} {noun}"
    if metric == "backlog":
        return f"{units.si(math.floor(value + 0.5))} waiting"
    if metric == "in_flight":
        return f"{units.si(value)} in flight"
    if metric.startswith("latency"):
        return f"{units.quantity(value, 's')} {metric.partition('_')[2]}"
    return units.quantity(value, units.unit_of(metric, unit))


def cause(run: Any, node: str, losses: list[float]) -> str:
    """What is being lost most, in the words of the service's own cause where it names one."""
    named = [(rate, text) for rate, _, text in run.losses(node).values() if rate > 0]
    if named:
        text = max(named)[1]
        return text[:1].upper() + text[1:]
    return _WORDS[_LOSSES[losses.index(max(losses))]]


def _health(arrived: float, lost_share: float, utilization: float) -> Health:
    if arrived <= 0 and lost_share <= 0:
        return "idle"
    if lost_share > _LOST_MUCH:
        return "critical"
    return "warning" if lost_share > _LOST_SOMETHING or utilization > _BUSY else "ok"
