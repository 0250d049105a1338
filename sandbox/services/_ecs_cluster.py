"""The instances of an ECS capacity provider: placement of tasks, and managed scaling.

CapacityProviderReservation is M / N × 100: the instances that the tasks need, waiting ones
included, over those that run.  It is published each minute; one datapoint above the target scales
out, fifteen below scale in, and never more than half of the instances in a minute, nor one with
tasks on it.
"""

from __future__ import annotations

import math

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import normal
from sandbox.services._ecs_deploy import EVENTS as BEFORE
from sandbox.services._ecs_tasks import (
    ACTIVE,
    BOOTING,
    FREE,
    FURTHER,
    LAUNCHED,
    NO_PLACE,
    WAITING,
    count,
    start,
)
from sandbox.services.contract import EventKind
from sandbox.services.law import emit

FROM_ZERO = 2.0  # ECS Developer Guide: cluster auto scaling, 200 % without an instance
LOWS = 15  # ECS Developer Guide: cluster auto scaling, datapoints to scale in
MOST_REMOVED = 0.5  # ECS Developer Guide: cluster auto scaling, a minute
BOOT_SIGMA = 0.35  # assumption
SPREAD = 0


class Cluster:
    """What the state of a service says of its instances."""

    hosts: float  # instances that run
    booting: float
    used: float  # that have tasks
    wanted: float
    reservation: float  # %, as published, and the instances that it was of
    reserved_of: float
    lows: float  # datapoints below the target in a row
    host_due: float
    hosts_launched: int


EVENTS = (
    EventKind(
        "scales_out",
        "CapacityProviderReservation {0:.0f} % > {1:.0f} %, 1 of 1: {2:.0f} to {3:.0f} instances",
    ),
    EventKind(
        "scales_in",
        "CapacityProviderReservation {0:.0f} % < {1:.0f} %, 15 of 15: {2:.0f} to {3:.0f} instances",
    ),
    EventKind("joined", "Instances that have joined the cluster: {0:.0f}; {1:.0f} run"),
    EventKind(
        "at_most",
        "CapacityProviderReservation {0:.0f} % > {1:.0f} %, but {2:.0f} instances are the most",
        "warning",
    ),
)
OUT, IN, JOINED, AT_MOST = np.arange(FURTHER + len(BEFORE), FURTHER + len(BEFORE) + 4)


@compiled
def survey(p, s, cells):
    """Count the instances."""
    s.hosts = s.booting = s.used = 0.0
    s.host_due = math.inf
    for i in range(p.tasks_n, cells.shape[0]):
        cell = cells[i]
        if cell.state == ACTIVE:
            s.hosts += 1.0
            s.used += 1.0 if cell.held > 0.0 else 0.0
        elif cell.state == BOOTING:
            s.booting += 1.0
            s.host_due = min(s.host_due, cell.running_s)


@compiled
def join(p, s, cells, tick):
    """Instances whose boot is over take tasks."""
    joined = 0.0
    for i in range(p.tasks_n, cells.shape[0]):
        if cells[i].state == BOOTING and cells[i].running_s <= tick.t + 1e-9:
            cells[i].state = ACTIVE
            joined += 1.0
    survey(p, s, cells)
    if joined > 0.0:
        emit(tick, JOINED, joined, s.hosts, 0.0, 0.0, 0.0, 0.0)


@compiled
def place(p, s, cells, tick):
    """Give waiting tasks a place on instances with room, by the placement strategy."""
    placed = 0.0
    slowest = 0.0
    for i in range(p.tasks_n):
        cell = cells[i]
        if cell.state != WAITING:
            continue
        best = -1
        for h in range(p.tasks_n, cells.shape[0]):
            host = cells[h]
            if host.state != ACTIVE or host.held >= p.slots:
                continue
            if best < 0:
                best = h
            elif p.placement == SPREAD:
                best = h if host.held < cells[best].held else best
            else:
                best = h if host.held > cells[best].held else best
        if best < 0:
            break
        host = cells[best]
        pull_s = 0.0 if host.version == cell.version else float(p.image_pull_s)
        host.version = cell.version
        host.held += 1.0
        cell.host = best
        start(p, s, cell, tick, pull_s)
        slowest = max(slowest, cell.running_s - tick.t)
        placed += 1.0
    if placed > 0.0:
        count(p, s, cells, tick.t)
        survey(p, s, cells)
        emit(tick, LAUNCHED, placed, s.desired, slowest, 0.0, 0.0, 0.0)


@compiled
def needed(p, s):
    """M: instances with tasks, and those that waiting tasks would fill."""
    return s.used + (math.ceil(s.waiting / p.slots - 1e-9) if p.slots > 0 else 0.0)


@compiled
def scale(p, s, cells, tick):
    """Each minute: act on the last datapoint, then publish the next."""
    survey(p, s, cells)
    if p.managed_scaling:
        _act(p, s, cells, tick)
    need = needed(p, s)
    s.reserved_of = s.hosts
    if s.hosts > 0.0:
        s.reservation = 100.0 * need / s.hosts
    else:
        s.reservation = 100.0 * FROM_ZERO if need > 0.0 else 100.0
    if s.waiting > 0.0 and (p.slots == 0 or s.booting == 0.0):
        emit(tick, NO_PLACE, s.waiting, 0.0, 0.0, 0.0, 0.0, 0.0)


@compiled
def _act(p, s, cells, tick):
    target = float(p.target_capacity_percent)
    have = s.hosts + s.booting
    s.wanted = max(s.wanted, float(p.min_instances))
    s.lows = s.lows + 1.0 if s.reservation < target else 0.0
    if s.reservation > target:
        goal = math.ceil(s.reserved_of * s.reservation / target - 1e-9)
        if s.reserved_of == 0.0:
            goal = FROM_ZERO
        more = max(goal - have, 0.0)
        if more > 0.0:
            more = min(max(more, float(p.minimum_scaling_step_size)), p.maximum_scaling_step_size)
        new = min(have + more, float(p.max_instances))
        if new > have:
            emit(tick, OUT, s.reservation, target, have, new, 0.0, 0.0)
            s.wanted = new
        elif goal > have:
            emit(tick, AT_MOST, s.reservation, target, float(p.max_instances), 0.0, 0.0, 0.0)
    elif s.lows >= LOWS:
        goal = math.ceil(s.reserved_of * s.reservation / target - 1e-9)
        least = max(goal, float(p.min_instances), have - math.floor(MOST_REMOVED * have))
        gone = 0.0
        for i in range(p.tasks_n, cells.shape[0]):
            cell = cells[i]
            if have - gone <= least:
                break
            old = tick.t - cell.running_s >= p.instance_warmup_s
            if cell.state == ACTIVE and cell.held <= 0.0 and old:
                cell.state = FREE
                gone += 1.0
        if gone > 0.0:
            emit(tick, IN, s.reservation, target, have, have - gone, 0.0, 0.0)
            s.wanted = have - gone
            survey(p, s, cells)
    _grow(p, s, cells, tick)


@compiled
def _grow(p, s, cells, tick):
    missing = s.wanted - s.hosts - s.booting
    for i in range(p.tasks_n, cells.shape[0]):
        if missing < 1.0:
            break
        cell = cells[i]
        if cell.state != FREE:
            continue
        s.hosts_launched += 1
        draw = normal(tick.seed, tick.key, -s.hosts_launched)
        cell.state = BOOTING
        cell.version = -1
        cell.held = 0.0
        cell.launched_s = tick.t
        cell.running_s = tick.t + p.boot_median_s * math.exp(BOOT_SIGMA * draw)
        missing -= 1.0
    survey(p, s, cells)
