"""Turns the numbers of a run into what the canvas and the panels show at one moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any

from sandbox.document.faults import KINDS
from sandbox.engine.dials import Dials, FaultNow
from sandbox.gui.cells import Shelf
from sandbox.gui.frames import Frame, LinkId
from sandbox.gui.live import METRICS, LiveLinks, LiveNodes, Plate
from sandbox.gui.moments import Moment
from sandbox.gui.smoothing import Calm


class Gauges:
    """What stays the same of the canvas's numbers while a program runs, looked up once."""

    def __init__(self, run: Any) -> None:
        self._dials = Dials(run, METRICS)
        nodes = run.program.ids
        self._rows = {node: row for row, node in enumerate(nodes)}
        self._links = {link: row for row, link in enumerate(run.program.link_ids)}
        self._plates = [_plate(run, node) for node in nodes]
        self._calm, self._shelf = Calm(), Shelf(run)

    def frame(self, run: Any, faults: tuple[FaultNow, ...] = (), moving: bool = False) -> Frame:
        """The canvas's picture of the present tick, calmed while the run is `moving`."""
        reading = self._calm.smoothed(self._dials.read(run), moving)
        nodes = LiveNodes(self._rows, self._plates, reading, self._shelf.read(run, moving))
        return Frame(reading.t_s, nodes, LiveLinks(self._links, reading), struck_by(faults))


def struck_by(faults: Iterable[FaultNow]) -> Mapping[str | LinkId, str]:
    """What the faults under way do, in a few words: by node, link, or group."""
    found: dict[str | LinkId, list[str]] = {}
    for fault in faults:
        if fault.state == "active":
            title = KINDS[fault.kind].title
            hit: list[str | LinkId] = [*fault.nodes]
            if fault.link is not None:
                hit.append(fault.link)
            elif fault.target not in fault.nodes:
                hit.append(fault.target)
            for place in hit:
                found.setdefault(place, []).append(title)
    return MappingProxyType({place: ", ".join(titles) for place, titles in found.items()})


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
    known, faults = run.program.index, run.faults()
    return Moment(
        frame=gauges.frame(run, faults, playing),
        faults=faults,
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
