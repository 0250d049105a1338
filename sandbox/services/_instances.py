"""The instances of an Auto Scaling group: launch, boot, first health check, drain, loss.

An instance is pending while it boots, starting while its application starts and until the
balancer's first health check passes, in service while it takes requests, terminating while it
works off what it holds, and lost when it stopped running and the group has not noticed yet.  All
that are in service are alike, so what they hold is one station's level; an instance that leaves
takes its share along.
"""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import normal, uniform
from sandbox.services.contract import EventKind
from sandbox.services.law import ERA_2020, ZONE_OUTAGE, emit, stopping

FREE, PENDING, STARTING, IN_SERVICE, TERMINATING, LOST = range(6)
BILLING_HOUR_S = 3600.0
EMPTY = 0.01  # requests below which a draining instance has finished


class Instance:
    """A cell. Times are seconds since the run's start."""

    launched_s: float
    state: int
    running_s: float  # when it runs; Auto Scaling's InService, which starts grace and warm-up
    ready_s: float  # when it takes requests
    failing_s: float  # when the balancer finds it unhealthy if it is not ready
    drain_until_s: float
    held: float


class Fleet:
    """What the state of a group says of its instances; ``level`` is what those in service hold."""

    level: float
    rho: float
    variance: float
    w0: float
    solved: Annotated[object, ("f8", (7,))]
    min_size: float
    max_size: float
    desired: float
    pending: float
    starting: float
    in_service: float
    terminating: float
    lost: float
    alive: float
    launched: int
    due: float


EVENTS = (
    EventKind(
        "launched", "Launched {0:.0f} for desired {1:.0f}: {2:.0f} pending; runs in {3:.0f} s"
    ),
    EventKind("in_service", "{0:.0f} in service {1:.0f} s after launch: {2:.0f} take requests"),
    EventKind(
        "terminating",
        "Terminating {0:.0f} for desired {1:.0f}: {2:.0f} stay in service; "
        "{3:,.1f} requests drain for at most {4:.0f} s",
    ),
    EventKind("terminated", "{0:.0f} terminated, {1:,.1f} requests cut off; {2:.0f} still drain"),
    EventKind(
        "lost",
        "Health check: {0:.0f} no longer running, to be replaced for desired {1:.0f}",
        "warning",
    ),
    EventKind(
        "unhealthy",
        "Health check (ELB): {0:.0f} not ready {1:.0f} s after running, beyond the grace period of "
        "{2:.0f} s: terminated, to be replaced for desired {3:.0f}",
        "warning",
    ),
    EventKind("no_room", "Launching {0:.0f} waits until one of {1:.0f} places is free", "warning"),
    EventKind("no_zone", "Launching {0:.0f} waits: every zone of the group is out", "warning"),
)
# an array's integers, not Python's: numba would compile `emit` once for each literal
LAUNCHED, READY, LEAVING, GONE, FOUND_LOST, UNHEALTHY, NO_ROOM, NO_ZONE = np.arange(8)


@compiled
def turn(p, s, cells, tick, somewhere):
    """Let due clocks ring, then launch or terminate up to the desired capacity.

    Launches need a zone to go to: `somewhere` tells whether there is one.
    """
    now = tick.t + 1e-9
    ready = 0.0
    age = 0.0
    for i in range(cells.shape[0]):
        cell = cells[i]
        if cell.state == PENDING and cell.running_s <= now:
            cell.state = STARTING
        if cell.state == STARTING and cell.ready_s <= now:
            cell.state = IN_SERVICE
            ready += 1.0
            age = max(age, now - cell.launched_s)
    count(s, cells)
    if ready > 0:
        emit(tick, READY, ready, age, s.in_service, 0.0, 0.0, 0.0)
    if s.alive < s.desired and somewhere:
        _launch(p, s, cells, tick)
        count(s, cells)
    elif s.alive < s.desired and tick.n % 60 == 0:
        emit(tick, NO_ZONE, s.desired - s.alive, 0.0, 0.0, 0.0, 0.0, 0.0)
    elif s.alive > s.desired:
        _terminate(p, s, cells, tick)
        count(s, cells)


@compiled
def strike(s, io, cells):
    """Instances are killed, or stood in a zone that fails: a whole number of those alike.

    Those in service take along what they hold, and requests reach them until the group notices;
    those that boot in the zone never run.
    """
    serving = s.in_service
    stopped = min(serving, math.floor(stopping(io, serving) + 0.5))
    if serving > 0.0 and stopped < 1.0 and stopping(io, serving) > 0.0:
        stopped = 1.0
    booting = 0.0
    if io.struck[ZONE_OUTAGE] > 0.0:
        left = 1.0 - max(0.0, io.fault[ZONE_OUTAGE] - io.struck[ZONE_OUTAGE])
        share = io.struck[ZONE_OUTAGE] / left
        booting = math.floor((s.pending + s.starting) * min(1.0, share) + 0.5)
    left = serving
    for i in range(cells.shape[0]):
        cell = cells[i]
        if cell.state == IN_SERVICE and stopped >= 1.0:
            cell.state = LOST
            cell.held = s.level / left
            s.level = s.level - cell.held if left > 1.0 else 0.0
            left -= 1.0
            stopped -= 1.0
        elif (cell.state == PENDING or cell.state == STARTING) and booting >= 1.0:
            cell.state = FREE
            booting -= 1.0
    count(s, cells)


@compiled
def count(s, cells):
    """Count the instances by state, and find when the next clock rings."""
    s.pending = s.starting = s.in_service = s.terminating = s.lost = 0.0
    s.due = math.inf
    for i in range(cells.shape[0]):
        cell = cells[i]
        if cell.state == PENDING:
            s.pending += 1
            s.due = min(s.due, cell.running_s)
        elif cell.state == STARTING:
            s.starting += 1
            s.due = min(s.due, cell.ready_s)
        elif cell.state == IN_SERVICE:
            s.in_service += 1
        elif cell.state == TERMINATING:
            s.terminating += 1
        elif cell.state == LOST:
            s.lost += 1
    s.alive = s.pending + s.starting + s.in_service + s.lost


@compiled
def _launch(p, s, cells, tick):
    wanted = s.desired - s.alive
    made = 0.0
    first = math.inf
    for i in range(cells.shape[0]):
        if made >= wanted:
            break
        cell = cells[i]
        if cell.state != FREE:
            continue
        s.launched += 1
        made += 1.0
        cell.state = PENDING
        cell.held = 0.0
        cell.launched_s = tick.t
        draw = normal(tick.seed, tick.key, 2 * s.launched)
        cell.running_s = tick.t + p.boot_median_s * math.exp(p.boot_sigma * draw)
        cell.ready_s = cell.running_s + p.app_start_s
        cell.failing_s = math.inf
        if p.behind_elb:
            # the balancer looks every interval, from a moment of its own; one pass is enough
            every = p.health_check_interval_s
            phase = every * uniform(tick.seed, tick.key, 2 * s.launched + 1)
            looks = math.ceil(max(0.0, p.app_start_s - phase) / every)
            cell.ready_s = cell.running_s + phase + looks * every
            cell.failing_s = cell.running_s + phase + every * (p.unhealthy_threshold_count - 1)
        first = min(first, cell.running_s)
    if made > 0:
        pending = s.pending + made
        emit(tick, LAUNCHED, made, s.desired, pending, first - tick.t, 0.0, 0.0)
    elif s.terminating == 0 or tick.n % 60 == 0:
        emit(tick, NO_ROOM, wanted, float(cells.shape[0]), 0.0, 0.0, 0.0, 0.0)


@compiled
def _terminate(p, s, cells, tick):
    """Those that still boot first, then the one closest to its next billing hour (the default)."""
    excess = s.alive - s.desired
    serving = s.in_service
    moved = 0.0
    for _ in range(int(excess)):
        best = -1
        score = -1.0
        for i in range(cells.shape[0]):
            state = cells[i].state
            mine = -1.0
            if state == PENDING:
                mine = 3.0 * BILLING_HOUR_S
            elif state == STARTING:
                mine = 2.0 * BILLING_HOUR_S
            elif state == IN_SERVICE:
                mine = (tick.t - cells[i].running_s) % BILLING_HOUR_S
            if mine > score:
                score = mine
                best = i
        if best < 0:
            break
        cell = cells[best]
        if cell.state == IN_SERVICE:
            cell.state = TERMINATING
            cell.held = s.level / serving
            s.level = s.level - cell.held if serving > 1.0 else 0.0
            moved += cell.held
            serving -= 1.0
            cell.drain_until_s = tick.t + p.deregistration_delay_s
        else:
            cell.state = FREE
    delay = float(p.deregistration_delay_s)
    emit(tick, LEAVING, excess, s.desired, serving, moved, delay, 0.0)


@compiled
def drain(s, cells, tick, servers_each, service_s):
    """Work off what terminating instances hold: (done, cut off, waiting, in flight), amounts."""
    done = cut = waiting = in_flight = 0.0
    gone = 0.0
    for i in range(cells.shape[0]):
        cell = cells[i]
        if cell.state != TERMINATING:
            continue
        # in service at once or in turn; implicit, so that no tick is too long
        turns = max(1.0, cell.held / servers_each)
        out = cell.held * tick.dt / (service_s * turns + tick.dt)
        if cell.held - out < EMPTY:
            out = cell.held
        cell.held -= out
        done += out
        over = tick.t + tick.dt >= cell.drain_until_s - 1e-9
        if over:
            cut += cell.held
            cell.held = 0.0
        if over or cell.held <= 0.0:
            cell.state = FREE
            gone += 1.0
            continue
        in_flight += min(cell.held, servers_each)
        waiting += max(0.0, cell.held - servers_each)
    if gone > 0:
        s.terminating -= gone
        emit(tick, GONE, gone, cut, s.terminating, 0.0, 0.0, 0.0)
    return done, cut, waiting, in_flight


@compiled
def forsake(cells):
    """Take what lost instances held: an amount that is no more."""
    gone = 0.0
    for i in range(cells.shape[0]):
        if cells[i].state == LOST:
            gone += cells[i].held
            cells[i].held = 0.0
    return gone


@compiled
def sweep(p, s, cells, tick):
    """The group's health check: lost instances go at once, others that the balancer finds
    unhealthy after the grace period, a tenth of the group at a time (all at once in 2020)."""
    now = tick.t + tick.dt
    most = cells.shape[0] if tick.era == ERA_2020 else max(1, int(0.1 * s.desired))
    lost = unhealthy = 0.0
    longest = 0.0
    for i in range(cells.shape[0]):
        cell = cells[i]
        if cell.state == LOST:
            cell.state = FREE
            lost += 1.0
        elif cell.state == STARTING and p.health_check_type == 1 and unhealthy < most:
            if now >= max(cell.failing_s, cell.running_s + p.health_check_grace_period_s):
                cell.state = FREE
                unhealthy += 1.0
                longest = max(longest, now - cell.running_s)
    if lost > 0:
        emit(tick, FOUND_LOST, lost, s.desired, 0.0, 0.0, 0.0, 0.0)
    if unhealthy > 0:
        grace = float(p.health_check_grace_period_s)
        emit(tick, UNHEALTHY, unhealthy, longest, grace, s.desired, 0.0, 0.0)
    if lost + unhealthy > 0:
        count(s, cells)


@compiled
def warmed(cells, now, warmup_s):
    """(in service and warm, still warming) by a warm-up that starts when an instance runs."""
    warm = warming = 0.0
    for i in range(cells.shape[0]):
        state = cells[i].state
        if state in (PENDING, STARTING):
            warming += 1.0
        elif state == IN_SERVICE:
            if now - cells[i].running_s >= warmup_s - 1e-9:
                warm += 1.0
            else:
                warming += 1.0
    return warm, warming


@compiled
def warm_from(cells, warmup_s):
    """When the last of them will be warm, as far as is known."""
    last = 0.0
    for i in range(cells.shape[0]):
        if cells[i].state in (PENDING, STARTING, IN_SERVICE):
            last = max(last, cells[i].running_s + warmup_s)
    return last
