"""The tasks of an ECS service: placed, pulled, started, checked, serving, draining, stopped.

A task waits for a place (EC2), is pending while its host is prepared and its image is pulled,
starting from when it runs until its application is ready and the balancer's looks pass, serving
while it takes requests, and draining while it works off what it holds.  All that serve are alike,
so what they hold is one station's level; a task that leaves takes its share along.
"""

from __future__ import annotations

import math

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import normal, uniform
from sandbox.services._ecs_params import MOST_UNITS_2020
from sandbox.services._health import ramps, share_of_new
from sandbox.services._workers import work_off
from sandbox.services.contract import EventKind
from sandbox.services.law import (
    ERA_2020,
    emit,
)

FREE, WAITING, PENDING, STARTING, SERVING, DRAINING, BOOTING, ACTIVE = range(8)
FARGATE, FARGATE_SPOT, EC2 = range(3)
WORKS, DOES_NOT_START, FAILS_CHECKS = range(3)  # what becomes of a version's tasks

LAUNCH_BUCKET = 100.0  # Amazon ECS Developer Guide: Fargate throttling, tasks at once
LAUNCHES_PER_S = 20.0  # Amazon ECS Developer Guide: Fargate throttling
MOST_RETRY_S = 900.0  # Amazon ECS Developer Guide: Service throttle logic, 15 minutes
FIRST_RETRY_S = 10.0  # assumption: the first pause of the service's throttle, which doubles
START_SIGMA = 0.25  # assumption: spread of a start (lognormal)


class Cell:
    """A task, or an instance of the capacity provider. Times are seconds since the run's start."""

    state: int
    version: int  # of a task; of an instance the last whose image it has
    host: int  # the cell of a task's instance; -1: Fargate
    spot: int
    launched_s: float
    running_s: float
    ready_s: float
    failing_s: float  # when the balancer finds it unhealthy if it is not ready
    until_s: float  # when draining ends
    held: float  # requests; of an instance, its tasks


class Tasks:
    """What the state of a service says of its tasks."""

    desired: float
    waiting: float
    pending: float
    starting: float
    serving: float
    draining: float
    full: float  # tasks that serve, weighed by the share that new ones get
    ramping: float
    total: float  # but for those draining
    due: float
    launched: int
    tokens: float
    tokens_s: float  # when there were so many
    version: int
    ills: int  # what becomes of tasks of this version
    pause_s: float  # of the service's throttle
    retry_s: float
    failed: float
    billed_s: float  # task-seconds that the minimum of a minute adds
    stopped: float  # requests held by tasks that stopped


EVENTS = (
    EventKind(
        "launched", "Starting {0:.0f} tasks for desired {1:.0f}: they run in about {2:.0f} s"
    ),
    EventKind("in_service", "{0:.0f} tasks in service {1:.0f} s after launch: {2:.0f} serve"),
    EventKind(
        "draining",
        "Stopping {0:.0f} tasks for desired {1:.0f}: {2:.0f} stay; {3:,.1f} requests drain for at "
        "most {4:.0f} s",
    ),
    EventKind("stopped", "{0:.0f} tasks stopped, {1:,.1f} requests cut off; {2:.0f} still drain"),
    EventKind(
        "unhealthy",
        "{0:.0f} tasks failed the balancer's checks {1:.0f} s after they ran, beyond the grace "
        "period of {2:.0f} s: stopped, to be replaced",
        "warning",
    ),
    EventKind(
        "does_not_start",
        "{0:.0f} tasks of version {1:.0f} stopped before they ran; the next try in {2:.0f} s",
        "warning",
    ),
    EventKind(
        "launches_throttled",
        "Fargate starts {1:.0f} tasks a second after the first {2:.0f}: {0:.0f} wait",
        "warning",
    ),
    EventKind("no_place", "{0:.0f} tasks wait: no instance has room for them", "warning"),
    EventKind(
        "no_size", "Fargate had no tasks of {0:g} vCPU in 2020; it had {1:g} at most", "error"
    ),
    EventKind("killed", "{0:.0f} tasks stopped running; {1:.0f} serve", "warning"),
    EventKind("interrupted", "Fargate Spot takes {0:.0f} tasks back in {1:.0f} s", "warning"),
)
LAUNCHED, IN_SERVICE, LEAVING, STOPPED, UNHEALTHY, NOT_STARTED, THROTTLED, NO_PLACE = np.arange(8)
NO_SIZE, KILLED, INTERRUPTED = np.arange(8, 11)
FURTHER = len(EVENTS)


@compiled
def count(p, s, cells, now):
    """Count the tasks by state, and find when the next clock rings."""
    s.waiting = s.pending = s.starting = s.serving = s.draining = 0.0
    s.due = math.inf
    for i in range(p.tasks_n):
        cell = cells[i]
        if cell.state == WAITING:
            s.waiting += 1.0
        elif cell.state == PENDING:
            s.pending += 1.0
            s.due = min(s.due, cell.running_s)
        elif cell.state == STARTING:
            s.starting += 1.0
            s.due = min(s.due, cell.ready_s)
            if cell.failing_s < math.inf:
                late_s = cell.running_s + p.health_check_grace_period_s
                s.due = min(s.due, max(cell.failing_s, late_s))
        elif cell.state == SERVING:
            s.serving += 1.0
        elif cell.state == DRAINING:
            s.draining += 1.0
    s.total = s.waiting + s.pending + s.starting + s.serving
    weigh(p, s, cells, now)


@compiled
def weigh(p, s, cells, now):
    """Weigh the tasks that serve by the share that each gets."""
    s.full = s.serving
    s.ramping = 0.0
    if not ramps(p) or s.serving == 0.0:
        return
    full = 0.0
    for i in range(p.tasks_n):
        if cells[i].state == SERVING:
            share = share_of_new(p, now - cells[i].ready_s)
            full += share
            if share < 0.999:
                s.ramping += 1.0
    # slow start needs somebody who is not in it
    s.full = full if s.ramping < s.serving else s.serving


@compiled
def turn(p, s, cells, tick):
    """Let due clocks ring: tasks run, are ready, or turn out not to be."""
    now = tick.t + 1e-9
    ready = age = unhealthy = longest = unborn = 0.0
    again = False
    for i in range(p.tasks_n):
        cell = cells[i]
        ill = s.ills if cell.version == s.version else WORKS
        if cell.state == PENDING and cell.running_s <= now:
            if ill == DOES_NOT_START:
                again |= cell.launched_s >= s.retry_s
                stop(p, s, cells, i, tick.t)
                unborn += 1.0
                continue
            cell.state = STARTING
        if cell.state == STARTING and cell.ready_s <= now:
            cell.state = SERVING
            ready += 1.0
            age = max(age, now - cell.launched_s)
            if cell.version == s.version:
                s.pause_s = 0.0
        elif cell.state == STARTING and now >= max(
            cell.failing_s, cell.running_s + p.health_check_grace_period_s
        ):
            longest = max(longest, now - cell.running_s)
            stop(p, s, cells, i, tick.t)
            unhealthy += 1.0
    s.failed += unborn + unhealthy
    count(p, s, cells, tick.t)
    if ready > 0.0:
        emit(tick, IN_SERVICE, ready, age, s.serving, 0.0, 0.0, 0.0)
    if unhealthy > 0.0:
        grace = float(p.health_check_grace_period_s)
        emit(tick, UNHEALTHY, unhealthy, longest, grace, 0.0, 0.0, 0.0)
    if unborn > 0.0:
        if again:  # the first of those that were started together
            s.pause_s = min(MOST_RETRY_S, max(FIRST_RETRY_S, 2.0 * s.pause_s))
            s.retry_s = tick.t + s.pause_s
        emit(tick, NOT_STARTED, unborn, float(s.version), s.retry_s - tick.t, 0.0, 0.0, 0.0)


@compiled
def stop(p, s, cells, i, now):
    """End a task: its place is free, and a minute of it is billed at least."""
    cell = cells[i]
    if cell.host >= 0:
        cells[cell.host].held -= 1.0
    if cell.state != WAITING and p.launch_type != EC2:
        s.billed_s += max(0.0, 60.0 - (now - cell.launched_s))
    cell.state = FREE
    cell.host = -1
    cell.held = 0.0


@compiled
def launch(p, s, cells, tick, wanted):
    """Start so many tasks, as far as there are cells and launches; how many there were."""
    if wanted < 1.0 or tick.t + 1e-9 < s.retry_s:
        return 0.0
    if p.launch_type != EC2 and tick.era == ERA_2020 and p.task_cpu_units > MOST_UNITS_2020:
        if tick.n % 60 == 0:
            emit(
                tick,
                NO_SIZE,
                p.task_cpu_units / 1024.0,
                MOST_UNITS_2020 / 1024.0,
                0.0,
                0.0,
                0.0,
                0.0,
            )
        return 0.0
    if p.launch_type != EC2:
        s.tokens = min(LAUNCH_BUCKET, s.tokens + (tick.t - s.tokens_s) * LAUNCHES_PER_S)
        s.tokens_s = tick.t
    made = 0.0
    slowest = 0.0
    for i in range(p.tasks_n):
        if made >= wanted or (p.launch_type != EC2 and s.tokens < 1.0):
            break
        cell = cells[i]
        if cell.state != FREE:
            continue
        made += 1.0
        cell.version = s.version
        cell.host = -1
        cell.spot = 1 if p.launch_type == FARGATE_SPOT else 0
        cell.held = 0.0
        cell.state = WAITING
        cell.launched_s = tick.t
        if p.launch_type != EC2:
            s.tokens -= 1.0
            start(p, s, cell, tick, p.image_pull_s)
            slowest = max(slowest, cell.running_s - tick.t)
    count(p, s, cells, tick.t)
    if made > 0.0 and p.launch_type != EC2:
        emit(tick, LAUNCHED, made, s.desired, slowest, 0.0, 0.0, 0.0)
    if made < wanted and p.launch_type != EC2 and tick.n % 60 == 0:
        emit(tick, THROTTLED, wanted - made, LAUNCHES_PER_S, LAUNCH_BUCKET, 0.0, 0.0, 0.0)
    return made


@compiled
def start(p, s, cell, tick, pull_s):
    """A task has a place: its clocks until it runs, is ready, or is found unhealthy."""
    s.launched += 1
    spread = math.exp(START_SIGMA * normal(tick.seed, tick.key, 2 * s.launched))
    cell.state = PENDING
    cell.running_s = tick.t + (p.place_s + pull_s) * spread
    cell.ready_s = cell.running_s + p.app_start_s
    cell.failing_s = math.inf
    ill = s.ills if cell.version == s.version else WORKS
    if p.behind_elb:
        every = p.look_every_s
        phase = every * uniform(tick.seed, tick.key, 2 * s.launched + 1)
        looks = math.ceil(max(0.0, p.app_start_s - phase) / every)
        cell.ready_s = cell.running_s + phase + (looks + p.looks_first - 1) * every
        if looks >= p.looks_unhealthy:  # so many come too early
            cell.failing_s = cell.running_s + phase + every * (p.looks_unhealthy - 1)
    if ill == FAILS_CHECKS:
        cell.failing_s = cell.ready_s + p.look_every_s * (p.looks_unhealthy - 1)
        cell.ready_s = math.inf


@compiled
def leave(p, s, cells, i, tick, delay_s):
    """A task goes: at once if it does not serve yet, else it drains."""
    cell = cells[i]
    if cell.state != SERVING:
        stop(p, s, cells, i, tick.t)
        return 0.0
    cell.state = DRAINING
    cell.held = s.level / s.serving
    s.level = s.level - cell.held if s.serving > 1.0 else 0.0
    s.serving -= 1.0
    cell.until_s = tick.t + delay_s
    return cell.held


@compiled
def shrink(p, s, cells, tick, excess):
    """Stop so many tasks: those that do not serve first, then the newest of the emptiest host."""
    moved = 0.0
    for _ in range(int(excess)):
        best = -1
        score = -math.inf
        for i in range(p.tasks_n):
            cell = cells[i]
            mine = -math.inf
            if cell.state == WAITING:
                mine = 4e12
            elif cell.state == PENDING:
                mine = 3e12
            elif cell.state == STARTING:
                mine = 2e12
            elif cell.state == SERVING:
                mine = cell.launched_s
                if cell.host >= 0:
                    mine += 1e9 * (1000.0 - cells[cell.host].held)
            if mine > score:
                score = mine
                best = i
        if best < 0:
            break
        moved += leave(p, s, cells, best, tick, p.drain_s)
    count(p, s, cells, tick.t)
    emit(tick, LEAVING, excess, s.desired, s.serving, moved, float(p.drain_s), 0.0)


@compiled
def drain(p, s, cells, tick, each, mean):
    """Work off what draining tasks hold: (done, cut off, waiting, in flight), amounts.

    A task stays until its delay is over, even when it has finished.
    """
    done = cut = waiting = in_flight = gone = 0.0
    for i in range(p.tasks_n):
        cell = cells[i]
        if cell.state != DRAINING:
            continue
        done += work_off(cell, tick.dt, each, mean)
        if tick.t + tick.dt >= cell.until_s - 1e-9:
            cut += cell.held
            stop(p, s, cells, i, tick.t + tick.dt)
            gone += 1.0
            continue
        in_flight += min(cell.held, each)
        waiting += max(0.0, cell.held - each)
    if gone > 0.0:
        s.draining -= gone
        emit(tick, STOPPED, gone, cut, s.draining, 0.0, 0.0, 0.0)
    return done, cut, waiting, in_flight
