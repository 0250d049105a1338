"""Two workloads that every simulator can run, and what a run of one tells.

M/M/8: Poisson arrivals at 128/s to eight servers with one queue, each service exponential with a
mean of 50 ms, so that they are busy 80 % of the time.

Elastic fleet: Poisson arrivals whose rate goes from 20/s at midnight to 200/s at noon and back;
one queue; workers that take 100 ms (exponential) for a message. Each minute, if the last action
was at least five minutes ago: with more than 100 messages waiting for each running worker a tenth
more workers (one at least), which run two minutes later; with fewer than 10 one worker fewer,
which leaves after its message. Three workers at midnight.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

DAY_S = 86_400.0

SERVERS = 8
RATE_PER_S = 128.0
SERVICE_S = 0.05
MM8_RESPONSE_S = 0.0674  # mean, Erlang C

MESSAGE_S = 0.1
MEAN_PER_S, SWING_PER_S = 110.0, 90.0
START = 3
EVALUATE_S, COOLDOWN_S, BOOT_S = 60.0, 300.0, 120.0
MANY, FEW = 100.0, 10.0  # messages waiting for each running worker


@dataclass(frozen=True, slots=True)
class Measured:
    """Wall seconds, simulated seconds, and the mean number busy, and waiting."""

    wall_s: float
    simulated_s: float
    busy: float
    waiting: float

    @property
    def wall_s_per_hour(self) -> float:
        return self.wall_s / self.simulated_s * 3600.0


def rate_per_s(t_s: float) -> float:
    """Arrivals at the elastic fleet."""
    return MEAN_PER_S - SWING_PER_S * math.cos(2.0 * math.pi * t_s / DAY_S)


@dataclass(slots=True)
class Controller:
    """The fleet's controller, for simulators in Python: `decide` once every `EVALUATE_S`.

    ``running`` is what it has been told to be; boots and cooldown are multiples of its period, so
    that nothing changes between two calls.
    """

    running: int = START
    booting: int = 0
    boots_at: float = math.inf
    acted_at: float = -math.inf

    def decide(self, t_s: float, waiting: int) -> int:
        """Workers that begin (or, if negative, leave) now."""
        change = 0
        if t_s >= self.boots_at:
            change, self.booting, self.boots_at = self.booting, 0, math.inf
            self.running += change
        if t_s - self.acted_at < COOLDOWN_S:
            return change
        each = waiting / self.running
        if each > MANY:
            self.booting = max(1, math.ceil(0.1 * self.running))
            self.boots_at, self.acted_at = t_s + BOOT_S, t_s
        elif each < FEW and self.running > 1:
            self.running -= 1
            self.acted_at = t_s
            change -= 1
        return change
