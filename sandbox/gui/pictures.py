"""Turns the numbers of a run into what the canvas and the panels show at one moment."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import Any

from sandbox.engine.dials import Dials
from sandbox.gui.frames import Frame
from sandbox.gui.live import METRICS, LiveLinks, LiveNodes, Plate
from sandbox.gui.moments import Moment


class Gauges:
    """What stays the same of the canvas's numbers while a program runs, looked up once."""

    def __init__(self, run: Any) -> None:
        self._dials = Dials(run, METRICS)
        nodes = run.program.ids
        self._rows = {node: row for row, node in enumerate(nodes)}
        self._links = {link: row for row, link in enumerate(run.program.link_ids)}
        self._plates = [_plate(run, node) for node in nodes]

    def frame(self, run: Any) -> Frame:
        reading = self._dials.read(run)
        nodes = LiveNodes(self._rows, self._plates, reading)
        return Frame(reading.t_s, nodes, LiveLinks(self._links, reading))


def _plate(run: Any, node: str) -> Plate:
    service = run.service(node)
    info = next((info for info in run.metrics(node) if info.name == service.headline), None)
    return Plate(
        service.headline,
        info.unit if info else "",
        service.holds or "instances",
        service.source,
        tuple(cause.text for cause in service.losses),
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
