"""The workloads in Ciw: networks of nodes; the fleet's controller is a node that a clock visits."""

from __future__ import annotations

import random
import time
from typing import Any

import ciw

from .workloads import (
    EVALUATE_S,
    MEAN_PER_S,
    MESSAGE_S,
    RATE_PER_S,
    SERVERS,
    SERVICE_S,
    SWING_PER_S,
    Controller,
    Measured,
    rate_per_s,
)


def mm8(duration_s: float) -> Measured:
    """One node with eight servers."""
    network = ciw.create_network(
        arrival_distributions=[ciw.dists.Exponential(RATE_PER_S)],
        service_distributions=[ciw.dists.Exponential(1.0 / SERVICE_S)],
        number_of_servers=[SERVERS],
    )
    return _run(ciw.Simulation(network), 0.0, duration_s)


class _Arrivals(ciw.dists.Distribution):
    """Gaps of the fleet's arrivals, by thinning."""

    def __init__(self, begin_s: float) -> None:
        self.begin_s = begin_s

    def sample(self, t: float | None = None, ind: Any = None) -> float:
        most = MEAN_PER_S + SWING_PER_S
        gap = 0.0
        while True:
            gap += random.expovariate(most)
            if random.random() * most < rate_per_s(self.begin_s + (t or 0.0) + gap):
                return gap


class _Fleet(ciw.Node):
    """A node whose servers come and go."""

    def change(self, servers: int) -> None:
        self.add_new_servers(max(0, servers))
        if servers > 0:
            self.begin_service_if_possible_change_shift()
        for _ in range(-servers):
            leaver = min((s for s in self.servers if not s.offduty), key=lambda s: s.busy)
            leaver.shift_end = self.now
            if leaver.busy:
                leaver.offduty = True
            else:
                self.kill_server(leaver)


def fleet(begin_s: float, duration_s: float, workers: int) -> Measured:
    """The fleet's node, and one that a visitor a minute makes decide."""
    controller = Controller(workers)

    class Clock(ciw.Node):
        def accept(self, next_individual: Any, completed: bool = False) -> None:
            super().accept(next_individual, completed)
            queue = self.simulation.nodes[1]
            waiting = queue.number_of_individuals - queue.number_in_service
            queue.change(controller.decide(begin_s + self.now, waiting))

    network = ciw.create_network(
        arrival_distributions=[_Arrivals(begin_s), ciw.dists.Deterministic(EVALUATE_S)],
        service_distributions=[
            ciw.dists.Exponential(1.0 / MESSAGE_S),
            ciw.dists.Deterministic(0.0),
        ],
        number_of_servers=[workers, 1],
        routing=[[0.0, 0.0], [0.0, 0.0]],
    )
    return _run(ciw.Simulation(network, node_class=[_Fleet, Clock]), begin_s, duration_s)


def _run(simulation: Any, begin_s: float, duration_s: float) -> Measured:
    ciw.seed(1)
    begin = time.perf_counter()
    simulation.simulate_until_max_time(duration_s)
    wall = time.perf_counter() - begin
    records = [record for record in simulation.get_all_records() if record.node == 1]
    busy = sum(record.service_time for record in records) / duration_s
    waiting = sum(record.waiting_time for record in records) / duration_s
    return Measured(wall, duration_s, busy, waiting)
