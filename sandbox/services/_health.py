"""The health of targets as their balancer sees it: looks that pass or fail, ramps, what it is told.

Each host is looked at once an interval, at a time of its own, and its looks in a row are counted.
Up to sixteen hosts are counted one by one; more are in sixteen parts that are looked at in turn.
A look at those that take requests fails by chance, as often as requests wait too long there.
Unhealthy hosts work off what they hold while others take requests: it is kept apart.
"""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import POOLED
from sandbox.kernels.quantile import beyond
from sandbox.kernels.random import uniform
from sandbox.services.law import SYNC

PARTS = 16  # hosts, or equal parts of more hosts, that are looked at by themselves
# when each is looked at, in sixteenths of the interval: as far from those before it as can be
_TURNS = np.array([8, 0, 12, 4, 14, 6, 10, 2, 15, 7, 11, 3, 13, 5, 9, 1])
_LOOKS = 1 << 41  # counters of random numbers for looks
_CALM = 1e-9  # a share of looks that is as good as none
_SOON = 0.05  # of the timeout: a wait of this mean is never too long


class Health:
    """Part of a target's state; ``aside`` are the requests that unhealthy hosts work off."""

    sick: float  # share of the hosts that is found unhealthy
    hosts: float  # that were looked at
    # of each part: looks failed in a row, or -1 less the looks that an unhealthy one has passed
    row: Annotated[object, ("f8", (PARTS,))]
    aside: float
    takers: float  # hosts that take requests
    idle: float  # hosts that do not, being unhealthy


@compiled
def unhealthy(s, n):
    """How many of `n` hosts are unhealthy: whoever came since the last look is healthy."""
    if n != s.hosts:
        _fit(s, n)
    return math.floor(n * s.sick + 0.5)


@compiled
def _fit(s, n):
    """Hosts came or went: parts of those that came are healthy."""
    sick = s.hosts * s.sick
    had, parts = int(min(s.hosts, PARTS)), int(min(n, PARTS))
    for i in range(had, parts):
        s.row[i] = 0.0
    if n > PARTS and s.hosts > 0.0:  # of larger parts fewer are sick
        _heal(s, parts, math.floor(PARTS * min(sick, n) / n + 0.5))
    s.hosts = n
    s.sick = _sick(s, parts) / parts if parts > 0 else 0.0


@compiled
def _sick(s, parts):
    found = 0.0
    for i in range(parts):
        found += 1.0 if s.row[i] < 0.0 else 0.0
    return found


@compiled
def _heal(s, parts, most):
    """Leave `most` parts unhealthy: those that have passed the fewest looks."""
    over = _sick(s, parts) - most
    while over > 0.0:
        best = 0
        for i in range(1, parts):
            best = i if s.row[i] < s.row[best] else best
        s.row[best] = 0.0
        over -= 1.0


@compiled
def removed(s, n, gone):
    """Of `n` hosts, `gone` unhealthy ones were taken out; the rest stay as they are."""
    unhealthy(s, n)
    parts = int(min(n, PARTS))
    left = n - gone
    if n <= PARTS:
        for _ in range(int(gone)):
            at = -1
            for i in range(parts):
                at = i if s.row[i] < 0.0 else at
            if at < 0:
                break
            parts -= 1
            s.row[at] = s.row[parts]
    else:
        still = max(0.0, n * s.sick - gone)
        _heal(s, parts, math.floor(PARTS * still / left + 0.5) if left > 0.0 else 0.0)
    s.hosts = left
    parts = int(min(left, PARTS))
    s.sick = _sick(s, parts) / parts if parts > 0 else 0.0


@compiled
def look(p, s, io, tick, n, each, mean):
    """Look at those of `n` hosts whose turn is in this tick.

    One that lets a look wait too long fails it. Of those that take requests a share does, and of
    those that only work off what they hold all or none; `each` serves so many at once, a request
    for `mean` s.
    """
    slow = 0.0
    if io.wait_m > _SOON * p.look_timeout_s and io.wait_p > _CALM:
        slow = io.wait_p * beyond(io.wait_m, io.wait_v, io.wait_k, p.look_timeout_s)
    if n <= 0.0 or (slow < _CALM and s.sick == 0.0 and not _failing(s)):
        return
    held_up = s.idle > 0.0 and s.aside * mean > p.look_timeout_s * s.idle * each
    unhealthy(s, n)
    every = float(p.look_every_s)
    parts = int(min(n, PARTS))
    for i in range(parts):
        phase = (_TURNS[i] + 0.5) / PARTS * every
        first = math.floor((tick.t - phase) / every + 1e-9)
        last = math.floor((tick.t + tick.dt - phase) / every + 1e-9)
        for turn in range(int(first), int(last)):
            fails = slow
            if s.row[i] < 0.0 and s.idle > 0.0:
                fails = 1.0 if held_up else 0.0
            if 0.0 < fails < 1.0:
                drawn = uniform(tick.seed, tick.key, _LOOKS + i + PARTS * (turn + 1))
                fails = 1.0 if drawn < fails else 0.0
            s.row[i] = _counted(p, s.row[i], fails > 0.5)
    s.sick = _sick(s, parts) / parts


@inlined
def _failing(s):
    found = False
    for i in range(PARTS):
        found |= s.row[i] != 0.0
    return found


@inlined
def _counted(p, row, failed):
    """The looks in a row after one more."""
    if row >= 0.0:
        row = row + 1.0 if failed else 0.0
        return -1.0 if row >= p.looks_unhealthy else row
    row = -1.0 if failed else row - 1.0
    return 0.0 if row <= -1.0 - p.looks_healthy else row


@compiled
def set_aside(s, n, takers):
    """Only `takers` of `n` hosts take requests from now on; what the others hold is kept apart.

    Returns what is lost because nobody is left to hold it.
    """
    idle = n - takers
    lost = 0.0
    if idle != s.idle or n <= 0.0:
        if n <= 0.0:
            lost = s.aside
            s.aside = 0.0
        elif idle > s.idle and s.takers > 0.0:
            moved = s.level * min(1.0, (idle - s.idle) / s.takers)
            s.level -= moved
            s.aside += moved
        elif idle < s.idle:
            back = s.aside * (s.idle - idle) / s.idle
            s.level += back
            s.aside -= back
    s.idle, s.takers = idle, takers
    return lost


@compiled
def work_off_aside(s, dt, each, mean):
    """Unhealthy hosts work off what they hold: (done, waiting, in service), amounts."""
    if s.aside <= 0.0:
        return 0.0, 0.0, 0.0
    turns = max(1.0, s.aside / (s.idle * each))
    done = s.aside * dt / (mean * turns + dt)
    s.aside -= done
    busy = min(s.aside, s.idle * each)
    return done, s.aside - busy, busy


@inlined
def share_of_new(p, age_s):
    """The share of a full one that a host gets, so long after it came into service."""
    share = 1.0
    if p.slow_start_s > 0.0:
        share = min(1.0, age_s / p.slow_start_s)
    if p.sticky_s > 0.0:
        share *= 1.0 - math.exp(-age_s / p.sticky_s)
    return share


@inlined
def ramps(p):
    """Whether hosts that are new get less than others."""
    return p.slow_start_s > 0.0 or p.sticky_s > 0.0


@inlined
def dealt(tick):
    """How the link with the most requests deals them out, and its places for those who wait."""
    policy = POOLED
    surge = 0.0
    most = -1.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        surge += link.surge
        if link.reads + link.writes > most:
            most = link.reads + link.writes
            policy = link.balancing
    return policy, surge


@inlined
def report(tick, hosts, healthy, surged):
    """Tell the balancers how many hosts are registered, how many healthy, and what they hold."""
    places = 0.0
    for x in range(tick.ins.shape[0]):
        places += tick.links[tick.ins[x]].surge
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode == SYNC:
            link.hosts = hosts
            link.healthy = healthy
            link.surged = surged * link.surge / places if places > 0.0 else 0.0
