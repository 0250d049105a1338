"""The workloads in cimba: models compiled to machine code, processes that are coroutines."""

from __future__ import annotations

import math
import time

import cimba as cb

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

MOST_WORKERS = 64


class Station(cb.Model):
    gap: cb.Input[float] = cb.inputs.dist.exponential(mean=1.0 / RATE_PER_S)
    service: cb.Input[float] = cb.inputs.dist.exponential(mean=SERVICE_S)
    queue: cb.Container
    worked: float = 0.0
    busy: cb.Output[float]
    waiting: cb.Output[float]

    @cb.process
    def arrivals(self):
        while True:
            cb.hold(self.gap.next())
            self.queue.put(1)

    @cb.process(copies=SERVERS)
    def server(self):
        while True:
            self.queue.get(1)
            service = self.service.next()
            self.worked += service
            cb.hold(service)

    @cb.on_end
    def measure(self):
        self.busy = self.worked
        self.waiting = self.queue.mean_level()


class Fleet(cb.Model):
    """Workers that are not hired wait for a licence."""

    begin_s: cb.Param[float] = 0.0
    first: cb.Param[int] = 3
    gap: cb.Input[float] = cb.inputs.dist.exponential(mean=1.0 / (MEAN_PER_S + SWING_PER_S))
    chance: cb.Input[float] = cb.inputs.dist.uniform(low=0.0, high=1.0)
    service: cb.Input[float] = cb.inputs.dist.exponential(mean=MESSAGE_S)
    queue: cb.Container
    licences: cb.Container
    leaving: int = 0
    worked: float = 0.0
    busy: cb.Output[float]
    waiting: cb.Output[float]

    @cb.process
    def arrivals(self):
        while True:
            cb.hold(self.gap.next())
            t = self.begin_s + cb.now()
            rate = MEAN_PER_S - SWING_PER_S * math.cos(2.0 * math.pi * t / DAY_S)
            if self.chance.next() * (MEAN_PER_S + SWING_PER_S) < rate:
                self.queue.put(1)

    @cb.process(copies=MOST_WORKERS)
    def worker(self):
        while True:
            self.licences.get(1)
            while self.leaving == 0:
                self.queue.get(1)
                service = self.service.next()
                self.worked += service
                cb.hold(service)
            self.leaving -= 1

    @cb.process
    def control(self):
        running = self.first
        self.licences.put(running)
        booting = 0
        boots_at = math.inf
        acted_at = -math.inf
        while True:
            cb.hold(EVALUATE_S)
            t = cb.now()
            if t >= boots_at:
                self.licences.put(booting)
                running += booting
                booting = 0
                boots_at = math.inf
            if t - acted_at >= COOLDOWN_S:
                each = self.queue.level() / running
                if each > MANY:
                    booting = max(1, math.ceil(0.1 * running))
                    boots_at = t + BOOT_S
                    acted_at = t
                elif each < FEW and running > 1:
                    running -= 1
                    self.leaving += 1
                    acted_at = t

    @cb.on_end
    def measure(self):
        self.busy = self.worked
        self.waiting = self.queue.mean_level()


def mm8(duration_s: float) -> Measured:
    return _run(Station(), duration_s)


def fleet(begin_s: float, duration_s: float, workers: int) -> Measured:
    model = Fleet()
    model.begin_s, model.first = begin_s, workers
    return _run(model, duration_s)


def _run(model: cb.Model, duration_s: float) -> Measured:
    """One trial on one processor; compiled by a trial that is not counted."""
    cb.Experiment(model, window=cb.Window(duration=1.0), seed=1).run(workers=1)
    trial = cb.Experiment(model, window=cb.Window(duration=duration_s), seed=1)
    begin = time.perf_counter()
    results = trial.run(workers=1)
    wall = time.perf_counter() - begin
    found = results[model]
    busy, waiting = float(found.busy[0, 0]), float(found.waiting[0, 0])
    return Measured(wall, duration_s, busy / duration_s, waiting)
