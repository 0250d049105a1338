"""The workloads here: M/M/8 as a diagram in the engine, the fleet as a loop about the kernel.

No service of the catalogue scales by the fleet's rule, so its controller stands in a compiled loop
about the `station` kernel, which computes a tick of every queue and pool of servers: the cost of
the fleet is that of the kernel, without the engine around it.
"""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import numpy as np
from numba import njit

from sandbox.document import Document, Link, Node, Scenario
from sandbox.engine import Run
from sandbox.engine.native import use_cache
from sandbox.kernels.latency import STATION, station
from sandbox.services.registry import Catalogue

from .workloads import (
    BOOT_S,
    COOLDOWN_S,
    DAY_S,
    EVALUATE_S,
    FEW,
    MANY,
    MEAN_PER_S,
    MESSAGE_S,
    RATE_PER_S,
    SERVERS,
    SERVICE_S,
    SWING_PER_S,
    Measured,
)

REPEATS = 15

use_cache("peers", Path(__file__).read_bytes())


def mm8(duration_s: float, catalogue: Catalogue) -> Measured:
    """Clients and a pool of servers, all metrics recorded; the best of several runs."""
    walls = []
    for _ in range(REPEATS):
        run = Run(_station(duration_s), catalogue)
        begin = time.perf_counter()
        run.advance(round(duration_s))
        walls.append(time.perf_counter() - begin)
    busy = run.history.summary("servers", "utilization")["mean"]
    waiting = run.history.summary("servers", "backlog")["mean"]
    assert isinstance(busy, float)
    assert isinstance(waiting, float)
    return Measured(min(walls), duration_s, busy * SERVERS, waiting)


def _station(duration_s: float) -> Document:
    servers = {"servers": SERVERS, "service_time_s": SERVICE_S, "service_shape": "exponential"}
    return Document(
        name="M/M/8",
        scenario=Scenario(duration_s=duration_s),
        nodes=[
            Node("clients", "clients", params={"rate_per_s": RATE_PER_S}),
            Node("servers", "external", params=servers),
        ],
        links=[Link("clients", "servers", "out", "in")],
    )


def fleet(begin_s: float, duration_s: float, workers: int) -> Measured:
    """Ticks of one second; the best of several runs."""
    walls = []
    _fleet(0, begin_s, workers, _empty())
    for _ in range(REPEATS):
        queue = _empty()
        begin = time.perf_counter()
        busy, waiting = _fleet(round(duration_s), begin_s, workers, queue)
        walls.append(time.perf_counter() - begin)
    return Measured(min(walls), duration_s, busy / duration_s, waiting / duration_s)


def _empty() -> np.ndarray:
    return np.zeros(1, STATION)


@njit(error_model="numpy", nogil=True, cache=True)
def _fleet(ticks: int, begin_s: float, workers: int, queue: np.ndarray) -> Any:
    """(busy workers, messages waiting), both summed over the ticks."""
    q = queue[0]
    running = float(workers)
    booting = 0.0
    boots_at, acted_at = math.inf, -math.inf
    all_busy = all_waiting = waiting = 0.0
    for n in range(ticks):
        t = begin_s + n
        if n % EVALUATE_S == 0 and n > 0:
            if t >= boots_at:
                running += booting
                boots_at = math.inf
            if t - acted_at >= COOLDOWN_S:
                each = waiting / running
                if each > MANY:
                    booting = max(1.0, math.ceil(0.1 * running))
                    boots_at, acted_at = t + BOOT_S, t
                elif each < FEW and running > 1.0:
                    running -= 1.0
                    acted_at = t
        rate = MEAN_PER_S - SWING_PER_S * math.cos(2.0 * math.pi * (t + 0.5) / DAY_S)
        _, waiting, busy, _, _, _, _ = station(q, rate, running, MESSAGE_S, 1.0)
        all_busy += busy
        all_waiting += waiting
    return all_busy, all_waiting
