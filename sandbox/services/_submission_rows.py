"""What is submitted on a schedule, as rows at the end of a node's table: (t_s, which).

Before the rows stand as many numbers as the node has incoming links; behind them stands one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from itertools import islice

from sandbox.kernels.compiled import compiled
from sandbox.services._cron import occurrences
from sandbox.services.contract import Setup

AHEAD_S, ROWS = 14 * 86_400.0, 5000  # schedules are known so far beyond the planned end


@compiled
def next_row(s, tick):
    """When the next row is due; ``s.row`` is -1 until the first has been looked for."""
    at = tick.ins.shape[0] + 2 * s.row
    if s.row < 0:
        s.row = 0
        at = tick.ins.shape[0]
        while at + 1 < tick.table.shape[0] and tick.table[at] < tick.t - 1e-9:
            s.row += 1
            at += 2
    return tick.table[at] if at + 1 < tick.table.shape[0] else math.inf


@compiled
def take_row(s, tick):
    """Which is due; the row is done with."""
    which = int(tick.table[tick.ins.shape[0] + 2 * s.row + 1])
    s.row += 1
    return which


def rows(schedules: Iterable[str], setup: Setup) -> list[float]:
    """The rows of all cron schedules in the order of time; an empty one has none."""
    first = setup.start_epoch
    last = first + setup.duration_s + AHEAD_S
    found = [
        (at - first, float(k))
        for k, schedule in enumerate(schedules)
        if schedule
        for at in islice(occurrences(schedule, "UTC", first, last), ROWS)
    ]
    return [*(x for row in sorted(found) for x in row), 0.0]
