"""The workloads in SimPy: a process for each arrival stream, worker and controller."""

from __future__ import annotations

import random
import time
from collections.abc import Generator
from typing import Any

import simpy

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

Steps = Generator[Any, Any, None]


def mm8(duration_s: float) -> Measured:
    """Each request is a process that asks for one of the servers."""
    env, draw = simpy.Environment(), random.Random(1)
    servers = simpy.Resource(env, SERVERS)
    waited = served = 0.0

    def request() -> Steps:
        nonlocal waited, served
        arrived = env.now
        with servers.request() as turn:
            yield turn
            waited += env.now - arrived
            service = draw.expovariate(1.0 / SERVICE_S)
            served += service
            yield env.timeout(service)

    def arrivals() -> Steps:
        while True:
            yield env.timeout(draw.expovariate(RATE_PER_S))
            env.process(request())

    env.process(arrivals())
    begin = time.perf_counter()
    env.run(until=duration_s)
    wall = time.perf_counter() - begin
    return Measured(wall, duration_s, served / duration_s, waited / duration_s)


def fleet(begin_s: float, duration_s: float, workers: int) -> Measured:
    """Workers are processes that take messages from a store; the fewest events that will do."""
    env, draw = simpy.Environment(begin_s), random.Random(1)
    queue = simpy.Store(env)
    controller = Controller(workers)
    leaving, served, waiting, looks = 0, 0.0, 0, 0

    def worker() -> Steps:
        nonlocal leaving, served
        while True:
            if leaving:
                leaving -= 1
                return
            yield queue.get()
            service = draw.expovariate(1.0 / MESSAGE_S)
            served += service
            yield env.timeout(service)

    def arrivals() -> Steps:
        most = MEAN_PER_S + SWING_PER_S
        while True:
            yield env.timeout(draw.expovariate(most))
            if draw.random() * most < rate_per_s(env.now):
                queue.put(None)

    def control() -> Steps:
        nonlocal leaving, waiting, looks
        while True:
            yield env.timeout(EVALUATE_S)
            waiting += len(queue.items)
            looks += 1
            change = controller.decide(env.now, len(queue.items))
            leaving += max(0, -change)
            for _ in range(change):
                env.process(worker())

    for _ in range(workers):
        env.process(worker())
    env.process(arrivals())
    env.process(control())
    begin = time.perf_counter()
    env.run(until=begin_s + duration_s)
    wall = time.perf_counter() - begin
    return Measured(wall, duration_s, served / duration_s, waiting / max(1, looks))
