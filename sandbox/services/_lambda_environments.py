"""Execution environments of a function: how many are warm, and who meets a cold start.

An environment serves one invocation at a time and is reclaimed after it has been idle for a while.
Two things make cold starts: growth, which is followed tick by tick, and chance, for concurrency
varies about its mean and now and then needs one more than is warm.
"""

from __future__ import annotations

import math
from typing import Annotated

from sandbox.kernels.compiled import compiled, inlined

SPANS = 8  # parts of the idle time after which peaks are forgotten one by one
_FEW = 8.0  # mean concurrency up to which the states are summed one by one


class Environments:
    """State: ``peaks`` are the most that were used in each part of the idle time."""

    peaks: Annotated[object, ("f8", (SPANS + 1,))]
    span: int
    chance_rate: float
    chance_busy: float
    chance_warm: int
    chance: float
    spare: float


@inlined
def warm(s, t_s, idle_s):
    """Environments used within the idle time, which are therefore still there."""
    now = int(t_s / (idle_s / SPANS) + 1e-9)
    for i in range(s.span + 1, min(now, s.span + SPANS + 1) + 1):
        s.peaks[i % (SPANS + 1)] = 0.0
    s.span = now
    most = 0.0
    for i in range(SPANS + 1):
        most = max(most, s.peaks[i])
    return most


@inlined
def used(s, level):
    """Note that so many environments are in use."""
    i = s.span % (SPANS + 1)
    s.peaks[i] = max(s.peaks[i], level)


@inlined
def by_chance(s, rate_per_s, busy_s, idle_s, environments):
    """(share of cold starts, further environments kept warm) at a steady rate of random arrivals.

    With n of the environments busy (Poisson), the next one was last used when as many were busy; it
    is cold if that did not happen within the idle time: Σ pₙ exp(-rate pₙ idle). Rare arrivals meet
    a cold start with exp(-rate idle), as they must. For many environments the sum is an integral
    over the normal upper tail.
    """
    if rate_per_s <= 0.0:
        return 1.0, 0.0
    busy = rate_per_s * busy_s
    floor = int(environments + 1e-9)
    if (
        abs(rate_per_s - s.chance_rate) <= 1e-3 * rate_per_s
        and abs(busy - s.chance_busy) <= 1e-3 * busy
        and floor == s.chance_warm
    ):
        return s.chance, s.spare
    s.chance_rate = rate_per_s
    s.chance_busy = busy
    s.chance_warm = floor
    if busy < _FEW:
        s.chance, s.spare = _sum(rate_per_s * idle_s, busy, floor)
    else:
        s.chance, s.spare = _tail(rate_per_s * idle_s, busy, environments)
    return s.chance, s.spare


@compiled
def _sum(arrivals, busy, floor):
    first = max(int(busy), floor)
    probability = math.exp(-busy)
    chance = spare = 0.0
    for n in range(first + 40):
        if n >= first:
            gone = math.exp(-arrivals * probability)
            chance += probability * gone
            spare += 1.0 - gone
            if probability < 1e-12:
                break
        probability *= busy / (n + 1)
    return chance, max(0.0, first + spare - max(busy, float(floor)))


@compiled
def _tail(arrivals, busy, environments):
    deviation = math.sqrt(busy)
    visits = arrivals / deviation
    level = math.sqrt(2.0 * math.log(max(2.0, visits / 2.5066282746310002)))
    reach = (environments - busy) / deviation
    if reach > level:  # more than chance would keep
        return 0.5 * math.erfc(reach * math.sqrt(0.5)), 0.0
    return 1.0 / (visits * level), (level - max(reach, 0.0)) * deviation
