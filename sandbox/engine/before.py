"""The days before the start: the same diagram lived through, for what its metrics remember of them.

`history_days` of a scenario fills the history of metrics, as predictive scaling needs it.  A twin
of the program runs from so many days before the start until the start, in ticks of 10 s, without
faults; then all that is taken over is what services remember of their metrics (``recall``), and
the datapoints of metrics that are referred to.  Every state is as if the run began at its start.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sandbox.kernels.clock import DAY_S

if TYPE_CHECKING:
    from sandbox.engine.compile import Program

TICK_S = 10.0


def live_through(program: Program) -> None:
    """Fill what the metrics of a program at its start remember of the days before."""
    from sandbox.engine.compile import Program
    from sandbox.engine.history import History
    from sandbox.engine.lanes import Lanes

    scenario = program.scenario
    forgetful = all(service.recall is None for service in program.services)
    if scenario.history_days <= 0 or (forgetful and not len(program.watches.rows)):
        return
    dt = max(TICK_S, scenario.tick_s)
    ticks = round(scenario.history_days * DAY_S / dt)
    past = replace(scenario, tick_s=dt, history_days=0, faults=())
    twin = Program(program.schedule.document, program.catalogue, past)
    twin.world[0]["n"] = -ticks
    for place in twin.places:
        _begin_earlier(place.cells, ticks * dt)
    history = History(twin, ticks, 2)
    Lanes(twin, history).advance(ticks)
    program.watches.adopt(twin.watches)
    for i, service in enumerate(program.services):
        if service.recall:
            service.recall(program.places[i].s[0], twin.places[i].s[0])


def _begin_earlier(cells: np.ndarray, seconds: float) -> None:
    """What was there before the start was so before the days before it, too: times, which are
    fields that end in ``_s`` and count from the start, are below zero then."""
    for name in cells.dtype.names or ():
        if name.endswith("_s") and cells.dtype[name] == np.dtype("f8"):
            times = cells[name]
            times[np.isfinite(times) & (times < 0.0)] -= seconds
