"""What EMR tells a request that waits for its step: how long it takes, and how it ends."""

from __future__ import annotations

from sandbox.kernels.compiled import compiled
from sandbox.services._emr_cells import FREE


@compiled
def failing(p, s, k):
    """The share of the last steps ``k`` that FAILED or were CANCELLED, or (-1) one of all steps."""
    if k >= 0:
        return s.last_bad[k]
    well = 1.0
    for x in range(p.steps_n):
        well *= 1.0 - s.last_bad[x]
    return 1.0 - well


@compiled
def turnaround(s, cells, now):
    """From submission to its end: of the last step, and at least of those that are under way."""
    longest = s.turnaround_s
    for e in range(s.entries):
        if cells[e].state != FREE:
            longest = max(longest, now - cells[e].submitted_s)
    return longest
