"""The clocks of instances: what rings is dealt with, then the group's size is put right."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.services._instance_types import LAUNCH_CREDITS, TABLE
from sandbox.services._instances import (
    FREE,
    GONE,
    HELD_BACK,
    IMPAIRED,
    IN_SERVICE,
    LOST,
    PENDING,
    REPLACED,
    RESIZING,
    SPOT,
    STANDBY,
    STARTING,
    TERMINATING,
    TO_RESIZE,
    UNLIMITED,
    WAITING,
    WARM,
    WARMING,
    count,
)
from sandbox.services._instances_launch import boot_s, launch, serve_from
from sandbox.services._instances_leave import free, leave, terminate
from sandbox.services._instances_words import (
    ABANDONED,
    HOOKED,
    INTERRUPTED,
    NOTICED,
    READY,
    RESIZED,
    RESIZES,
    RETIRED,
)
from sandbox.services.law import emit

NOTICE_S = 120.0  # Amazon EC2 user guide: Spot Instance interruption notices


@compiled
def turn(p, s, cells, tick, io):
    """Let due clocks ring, then launch or terminate up to the size that is wanted."""
    now = tick.t + 1e-9
    ready = age = hooked = abandoned = 0.0
    count(p, s, cells)
    for i in range(cells.shape[0]):
        cell = cells[i]
        state = cell.state
        if state == FREE:
            continue
        if state == PENDING and cell.until_s <= now:
            if p.launch_wait_s >= 0.0 and cell.running_s > now:
                state = cell.state = WAITING
                hooked += 1.0
            else:
                state = cell.state = STARTING
        if state == WAITING and cell.running_s <= now:
            if cell.abandoned != 0:
                abandoned += 1.0
                free(p, s, cell, tick)
                continue
            state = cell.state = STARTING
        if state == STARTING and cell.ready_s <= now:
            cell.state = IN_SERVICE
            cell.resized = 0
            ready += 1.0
            age = max(age, now - cell.launched_s)
        elif state == WARMING and cell.until_s <= now:
            cell.state = WARM
        elif state == RESIZING and cell.until_s <= now:
            _restart(p, s, cell, tick)
        elif state == HELD_BACK and cell.until_s <= now:
            free(p, s, cell, tick)
        elif state == IMPAIRED and cell.failing_s <= now:
            cell.failing_s = math.inf
    _interrupt(p, s, cells, tick)
    count(p, s, cells)
    if hooked > 0:
        emit(tick, HOOKED, hooked, p.launch_wait_s, 0.0, 0.0, 0.0, 0.0)
    if abandoned > 0:
        emit(tick, ABANDONED, abandoned, p.launch_wait_s, s.desired, 0.0, 0.0, 0.0)
    if ready > 0:
        emit(tick, READY, ready, age, s.in_service, 0.0, 0.0, 0.0)
    if s.doomed > 0:
        _retire(p, s, cells, tick)
    if s.resizing > 0:
        _resize_more(p, s, cells, tick)
    size = s.desired + s.extra
    if s.alive != size and (now >= s.retry_s or s.desired != s.tried):
        if s.alive < size:
            launch(p, s, cells, tick, io)
        else:
            terminate(p, s, cells, tick)
        count(p, s, cells)


# ---------------------------------------------------------------- spot interruptions


@compiled
def _interrupt(p, s, cells, tick):
    """Notices are given, and what had its notice two minutes ago is gone."""
    now = tick.t + 1e-9
    noticed = drains = gone = 0.0
    for i in range(cells.shape[0]):
        cell = cells[i]
        state = cell.state
        if state == FREE or cell.market != SPOT:
            continue
        if cell.notice_s <= now:
            cell.gone_s = cell.notice_s + NOTICE_S
            cell.notice_s = math.inf
            noticed += 1.0
            if state == TERMINATING:
                cell.until_s = min(cell.until_s, cell.gone_s)
            elif state == IN_SERVICE and (p.drain_on_notice or p.rebalances):
                # with rebalancing its replacement starts now, else when it is gone
                then = GONE if p.rebalances else REPLACED
                leave(p, s, cell, tick, then, cell.gone_s)
                drains += 1.0
        if cell.gone_s <= now and state != LOST and cell.state != TERMINATING:
            gone += 1.0
            if cell.state == IN_SERVICE:
                lose(s, cell)
            else:
                free(p, s, cell, tick)
    if noticed > 0:
        emit(tick, NOTICED, noticed, NOTICE_S, drains, 0.0, 0.0, 0.0)
    if gone > 0:
        emit(tick, INTERRUPTED, gone, s.in_service, 0.0, 0.0, 0.0, 0.0)


@compiled
def lose(s, cell):
    """It stops running at once: what it holds is gone, and the group has yet to notice."""
    cell.state = LOST
    held = s.level / s.in_service
    s.dropped += held
    s.level = s.level - held if s.in_service > 1.0 else 0.0
    s.in_service -= 1.0
    cell.notice_s = cell.gone_s = math.inf


# ---------------------------------------------------------------- launched before terminated


@compiled
def _retire(p, s, cells, tick):
    """The replacements of doomed instances are in service: as many of those leave."""
    if s.pending + s.starting > 0.0 or s.alive <= s.desired:
        return
    out = 0.0
    spare = s.alive - s.desired
    for i in range(cells.shape[0]):
        cell = cells[i]
        if out < spare and cell.doomed != 0 and cell.state == IN_SERVICE:
            leave(p, s, cell, tick, GONE, cell.gone_s)
            cell.doomed = 0
            out += 1.0
    if out > 0:
        count(p, s, cells)
        emit(tick, RETIRED, out, out, 0.0, 0.0, 0.0, 0.0)


# ---------------------------------------------------------------- another type


@compiled
def _restart(p, s, cell, tick):
    """A stopped instance starts with the group's present type."""
    if TABLE[cell.kind, LAUNCH_CREDITS] > 0.0:
        cell.credits = 0.0  # a T2 loses its credits when it stops, a T3 keeps them for a week
    cell.kind = s.kind
    cell.version = s.version
    gifts = p.credit_specification != UNLIMITED
    cell.launch_credits = TABLE[s.kind, LAUNCH_CREDITS] if gifts else 0.0
    cell.state = PENDING
    cell.until_s = tick.t + boot_s(p, cell, tick, p.boot_median_s)
    cell.running_s = cell.until_s
    serve_from(p, cell, tick, cell.until_s + p.app_restart_s)


@compiled
def _resize_more(p, s, cells, tick):
    """Stop the next instances, so that no more are out than may be at a time."""
    busy = left = 0.0
    for i in range(cells.shape[0]):
        cell = cells[i]
        if cell.resized != 0 and cell.state != FREE:
            busy += 1.0
    out = 0.0
    for i in range(cells.shape[0]):
        cell = cells[i]
        if cell.state == FREE or cell.kind == s.kind or cell.resized != 0:
            continue
        if cell.state == TERMINATING or cell.state == LOST or cell.market == SPOT:
            continue
        left += 1.0
        if cell.state == WARM:
            cell.kind = s.kind  # it is stopped already
            left -= 1.0
        elif cell.state == IN_SERVICE and busy < s.resizing:
            leave(p, s, cell, tick, TO_RESIZE, math.inf)
            cell.resized = 1
            busy += 1.0
            out += 1.0
        elif cell.state == STANDBY and busy < s.resizing:
            cell.kind = s.kind
            left -= 1.0
    if out > 0:
        count(p, s, cells)
        emit(tick, RESIZES, out, s.in_service, 0.0, 0.0, 0.0, 0.0)
    elif left == 0.0 and busy == 0.0:
        s.resizing = 0
        count(p, s, cells)
        emit(tick, RESIZED, s.in_service, s.vcpus, 0.0, 0.0, 0.0, 0.0)
