"""Invocations under way: delay lines in the cells of a function, one group for each way in.

A group has three lines of equal length: the requests (or messages) in it, those of them that will
fail, and the environments that are busy. All lines of all groups turn together. Group 0 is for
synchronous calls, then come three for the attempts of asynchronous ones (if there are such), then
one for each pull link. Behind the groups lie two lines for retries.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sandbox.kernels.compiled import inlined
from sandbox.kernels.delay import following, pop, push

ITEMS, DOOMED, BUSY = range(3)
RETRY_S = (60.0, 120.0)  # before the second and the third attempt; Developer Guide, async; H


class Lines:
    """State of the lines, and the layout that the cells have."""

    head: int
    retry_head_1: int
    retry_head_2: int
    busy: float
    items: float
    retrying: float
    laid_slots: int
    laid_attempts: int
    laid_pulls: int


class Layout:
    """Derived parameters: slots of a line, groups for asynchronous attempts and for pull links."""

    slots: int
    attempts: int
    pulls: int
    retry_slots_1: int
    retry_slots_2: int


@inlined
def line(p, cells, group, which):
    """One line of a group."""
    at = (3 * group + which) * p.slots
    return cells[at : at + p.slots]


@inlined
def retry_line(p, cells, attempt):
    """The line of those that wait for their second (0) or third (1) attempt."""
    at = 3 * (1 + p.attempts + p.pulls) * p.slots
    if attempt == 0:
        return cells[at : at + p.retry_slots_1]
    at += p.retry_slots_1
    return cells[at : at + p.retry_slots_2]


@inlined
def start(p, s, cells, group, items, doomed, busy, items_s, busy_s, dt):
    """Start invocations that hold `items` for `items_s` and `busy` environments for `busy_s`."""
    if items == 0.0 and busy == 0.0:
        return
    push(line(p, cells, group, ITEMS), s.head, items, items_s, dt)
    push(line(p, cells, group, DOOMED), s.head, doomed, items_s, dt)
    push(line(p, cells, group, BUSY), s.head, busy, busy_s, dt)
    s.items += items
    s.busy += busy


@inlined
def end(p, s, cells, group):
    """What ends in this tick: (all, those that failed, environments that become free)."""
    items = pop(line(p, cells, group, ITEMS), s.head)
    doomed = pop(line(p, cells, group, DOOMED), s.head)
    busy = pop(line(p, cells, group, BUSY), s.head)
    s.items -= items
    s.busy -= busy
    return items, min(doomed, items), busy


@inlined
def stop(p, s, cells, share):
    """A share of the environments is gone, the warm ones too; what ran in them will have failed."""
    s.busy = 0.0
    for group in range(1 + p.attempts + p.pulls):
        items, doomed = line(p, cells, group, ITEMS), line(p, cells, group, DOOMED)
        busy = line(p, cells, group, BUSY)
        for i in range(p.slots):
            doomed[i] += share * max(0.0, items[i] - doomed[i])
            busy[i] *= 1.0 - share
            s.busy += busy[i]
        if group > p.attempts:
            s.pull_busy[group - 1 - p.attempts] *= 1.0 - share
    for i in range(s.peaks.size):
        s.peaks[i] *= 1.0 - share
    s.provisioned *= 1.0 - share


@inlined
def turn(p, s, cells):
    """Move on to the next tick; where nothing is left, so does rounding end."""
    s.head = following(line(p, cells, 0, ITEMS), s.head)
    if p.attempts > 0:
        s.retry_head_1 = following(retry_line(p, cells, 0), s.retry_head_1)
        s.retry_head_2 = following(retry_line(p, cells, 1), s.retry_head_2)
    s.items = max(0.0, s.items)
    s.busy = max(0.0, s.busy)
    s.retrying = max(0.0, s.retrying)


@inlined
def due(p, s, cells, group, ahead):
    """Environments of a group that become free in this tick (0) or the next (1)."""
    slot = s.head + ahead
    return cells[(3 * group + BUSY) * p.slots + (slot if slot < p.slots else 0)]


def lay_out(record: Any, longest_s: float, dt: float, attempts: int, pulls: int) -> None:
    """Write the layout for executions of at most `longest_s`."""
    record["slots"] = math.ceil(longest_s / dt) + 3
    record["attempts"], record["pulls"] = attempts, pulls
    record["retry_slots_1"] = math.ceil(RETRY_S[0] / dt) + 3 if attempts else 0
    record["retry_slots_2"] = math.ceil(RETRY_S[1] / dt) + 3 if attempts else 0


def cells_needed(longest_s: float, dt: float, attempts: int, pulls: int) -> int:
    """The cells of that layout."""
    one: dict[str, int] = {}
    lay_out(one, longest_s, dt, attempts, pulls)
    groups = 1 + attempts + pulls
    return 3 * groups * one["slots"] + one["retry_slots_1"] + one["retry_slots_2"]


def settle(record: Any, state: Any) -> None:
    """Note the layout that the cells have now."""
    state["laid_slots"] = record["slots"]
    state["laid_attempts"], state["laid_pulls"] = record["attempts"], record["pulls"]


def carry_over(record: Any, state: Any, old: np.ndarray, cells: np.ndarray) -> None:
    """Bring what is under way from one layout to another; nothing is lost.

    Invocations of a way in that is gone end as if they were synchronous.
    """
    slots, attempts = int(state["laid_slots"]), int(state["laid_attempts"])
    pulls, head = int(state["laid_pulls"]), int(state["head"])
    new = int(record["slots"])
    cells[:] = 0.0
    for group in range(1 + attempts + pulls):
        to = group
        if 0 < group <= attempts:
            to = group if record["attempts"] else 0
        elif group > attempts:
            pull = group - 1 - attempts
            to = 1 + int(record["attempts"]) + pull if pull < record["pulls"] else 0
        for which in range(3):
            begin = (3 * group + which) * slots
            ours = np.roll(old[begin : begin + slots], -head)
            target = cells[(3 * to + which) * new :][:new]
            target[: min(slots, new)] += ours[:new]
            target[-1] += ours[new:].sum()
    if attempts:
        waiting = old[3 * (1 + attempts + pulls) * slots :]
        if record["attempts"]:
            cells[len(cells) - len(waiting) :] = waiting
        else:
            cells[0] += waiting.sum()
            state["items"] += waiting.sum()
            state["retrying"] = 0.0
    state["head"] = 0
    settle(record, state)
