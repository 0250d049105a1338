"""Scheduled actions of a group: what they change when their time comes."""

from __future__ import annotations

from sandbox.kernels.compiled import compiled
from sandbox.services._scaling_events import SCHEDULED
from sandbox.services._scheduled_actions import ROW
from sandbox.services.law import emit


class Schedule:
    """What the state of a group keeps for its scheduled actions."""

    schedule_key: int
    next_action: int


@compiled
def scheduled(p, s, cells, tick):
    """Take the actions that are due; no cooldown delays them."""
    rows = p.schedule_rows
    if s.schedule_key != p.schedule_key:
        s.schedule_key = p.schedule_key
        s.next_action = 0
        while s.next_action < rows and tick.table[ROW * s.next_action] < tick.t - 1e-6:
            s.next_action += 1
    now = tick.t + tick.dt
    while s.next_action < rows and tick.table[ROW * s.next_action] <= now - 1e-6:
        row = tick.table[ROW * s.next_action : ROW * (s.next_action + 1)]
        s.next_action += 1
        before = s.desired
        if row[2] == row[2]:
            s.min_size = row[2]
        if row[3] == row[3]:
            s.max_size = min(row[3], float(cells.shape[0]))
        s.max_size = max(s.max_size, s.min_size)
        wanted = row[4] if row[4] == row[4] else s.desired
        s.desired = min(max(wanted, s.min_size), s.max_size)
        emit(tick, SCHEDULED, row[1] + 1.0, s.min_size, s.max_size, before, s.desired, 0.0)
