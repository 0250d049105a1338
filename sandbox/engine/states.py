"""The states, alarms and clocks inside a node at one moment of a run, as its service tells them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sandbox.engine.drawn import epoch_of
from sandbox.services.views import Drawing, Figures, Watcher

if TYPE_CHECKING:
    from sandbox.engine.run import Run


@dataclass(frozen=True, slots=True)
class States:
    """A graph, and what is in it at time ``t_s``."""

    drawing: Drawing
    figures: Figures
    t_s: float


def states(run: Run, node: str) -> States | None:
    """None for a service without a graph of states."""
    program = run.program
    i = program.index[node]
    graph, params, place = program.services[i].graph, program.params[i], program.places[i]
    if graph is None:
        return None
    p, s, io = place.p[0], place.s[0], program.nodes[i]
    figures = graph.live(params, p, s, io, place.cells, place.table)
    return States(graph.draw(params), figures, run.t_s)


def watchers(run: Run, node: str) -> tuple[Watcher, ...]:
    """The alarms and clocks that decide in a node; none for a service that declares none."""
    program = run.program
    i = program.index[node]
    declared, place = program.services[i].watchers, program.places[i]
    if declared is None:
        return ()
    return tuple(declared.live(place.p[0], place.s[0], run.t_s, epoch_of(run.scenario.start)))
