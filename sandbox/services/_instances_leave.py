"""Leaving: who goes first, the drain, and what becomes of an instance that has drained."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import uniform
from sandbox.services._instance_types import SAVING, SURPLUS_USD, TABLE, USD
from sandbox.services._instances import (
    FREE,
    GONE,
    HELD_BACK,
    IN_SERVICE,
    LOST,
    PENDING,
    REPLACED,
    RESIZING,
    SPOT,
    STANDBY,
    STARTING,
    TERMINATING,
    TO_POOL,
    TO_RESIZE,
    TO_STANDBY,
    WAITING,
    WARM,
)
from sandbox.services._instances_launch import on_demand_of, price
from sandbox.services._instances_params import FleetParams
from sandbox.services._instances_words import ALL_PROTECTED, ENDED, HOOKED_OUT, LEAVING
from sandbox.services.law import emit
from sandbox.services.params import code

BILLING_HOUR_S = 3600.0
LEAST_BILLED_S = 60.0  # Amazon EC2 on-demand pricing: per second, a minute at least
EMPTY = 0.01  # requests below which a draining instance has finished
_OF_CHANCE = 1 << 40  # counters of random numbers for choices
DEFAULT = code(FleetParams, "termination_policy", "Default")
OLDEST = code(FleetParams, "termination_policy", "OldestInstance")
NEWEST = code(FleetParams, "termination_policy", "NewestInstance")
OLDEST_CONFIGURATION = code(FleetParams, "termination_policy", "OldestLaunchConfiguration")
OLDEST_TEMPLATE = code(FleetParams, "termination_policy", "OldestLaunchTemplate")
NEXT_HOUR = code(FleetParams, "termination_policy", "ClosestToNextInstanceHour")
TEMPLATE = code(FleetParams, "launch_source", "launch_template")


@compiled
def terminate(p, s, cells, tick):
    """Scale in: those that still boot first, then by zone and termination policy."""
    size = s.desired + s.extra
    excess = s.alive - size
    before = s.level
    went = 0.0
    for _ in range(int(excess)):
        i = choose(p, s, cells, tick)
        if i < 0:
            break
        cell = cells[i]
        s.alive -= 1.0
        if cell.doomed == 0:
            s.zone_n[cell.zone] -= 1.0
        if cell.market == SPOT:
            s.spot -= 1.0
        else:
            s.on_demand -= 1.0
        reused = p.has_pool and p.reuse_on_scale_in and cell.state == IN_SERVICE
        leave(p, s, cell, tick, TO_POOL if reused else GONE, math.inf)
        went += 1.0
    if went > 0:
        delay = float(p.deregistration_delay_s)
        emit(tick, LEAVING, went, s.desired, s.in_service, before - s.level, delay, 0.0)
    if went < excess:
        s.tried = s.desired
        s.retry_s = tick.t + 60.0
        emit(tick, ALL_PROTECTED, excess - went, s.desired, s.in_service, 0.0, 0.0, 0.0)


@compiled
def choose(p, s, cells, tick):
    """The instance that goes next: -1 if all are protected."""
    best = -1
    score = -math.inf
    fullest = -1.0
    for i in range(cells.shape[0]):
        if may_go(cells[i]):
            fullest = max(fullest, s.zone_n[cells[i].zone])
    for i in range(cells.shape[0]):
        cell = cells[i]
        if not may_go(cell):
            continue
        mine = rank(p, s, cell, tick)
        if cell.doomed != 0:
            mine += 1e12
        elif cell.state == PENDING or cell.state == WAITING:
            mine += 3e11
        elif cell.state == STARTING:
            mine += 2e11
        if s.zone_n[cell.zone] >= fullest:
            mine += 1e11
        if mine > score:
            score = mine
            best = i
    return best


@compiled
def may_go(cell):
    state = cell.state
    booting = state in (PENDING, WAITING, STARTING)
    return booting or (state == IN_SERVICE and cell.protected == 0)


@compiled
def rank(p, s, cell, tick):
    """How much the termination policy wants an instance to go; equal ones go by chance."""
    policy = p.termination_policy
    chance = uniform(tick.seed, tick.key, _OF_CHANCE + cell.draw)
    age = tick.t - cell.running_s
    if policy == OLDEST:
        return age + 1e-3 * chance
    if policy == NEWEST:
        return 1e9 - age + 1e-3 * chance
    older = 1e5 * (s.version - cell.version)
    from_template = p.launch_source == TEMPLATE
    if policy in (OLDEST_TEMPLATE, OLDEST_CONFIGURATION):
        # each knows only what was launched from its own kind of source
        return (older if (policy == OLDEST_TEMPLATE) == from_template else 0.0) + chance
    hour = age % BILLING_HOUR_S + 1e-3 * chance
    if policy == NEXT_HOUR:
        return hour
    align = 0.0
    if p.buys_spot or p.kinds_n > 0:
        too_many = s.on_demand - on_demand_of(p, s.alive - 1.0)
        if (too_many > 0.0) == (cell.market != SPOT):
            align = 1e10
        dearest = price(cell.kind) if cell.market == SPOT else 0.0
        align += 1e8 * dearest  # of spot, the dearest pool first
    if policy == DEFAULT:
        return align + older + hour
    return align + chance


@compiled
def leave(p, s, cell, tick, then, limit_s):
    """Take an instance out: it drains until `limit_s` at most, or goes at once if it serves not."""
    cell.then = then
    if cell.state != IN_SERVICE:
        after(p, s, cell, tick)
        return
    cell.state = TERMINATING
    cell.held = s.level / s.in_service
    s.level = s.level - cell.held if s.in_service > 1.0 else 0.0
    s.in_service -= 1.0
    cell.until_s = min(tick.t + p.deregistration_delay_s, limit_s)


@compiled
def after(p, s, cell, tick):
    """It holds nothing any more. True if it is on its way out but held back by a hook."""
    then = cell.then
    if then == TO_STANDBY:
        cell.state = STANDBY
    elif then == TO_RESIZE:
        cell.state = RESIZING
        cell.until_s = tick.t + p.stop_s
        s.due = min(s.due, cell.until_s)
    elif then == TO_POOL:
        cell.state = WARM
    elif p.leave_wait_s >= 0.0 and cell.gone_s == math.inf and cell.state == TERMINATING:
        cell.state = HELD_BACK
        cell.until_s = tick.t + p.leave_wait_s
        s.due = min(s.due, cell.until_s)
        emit(tick, HOOKED_OUT, 1.0, p.leave_wait_s, 0.0, 0.0, 0.0, 0.0)
    else:
        free(p, s, cell, tick)


@compiled
def free(p, s, cell, tick):
    """It is no more: what it still has to pay is owed."""
    ran = tick.t - cell.running_s
    if cell.state != PENDING and cell.state != LOST and 0.0 <= ran < LEAST_BILLED_S:
        saving = TABLE[cell.kind, SAVING] if cell.market == SPOT else 0.0
        hours = (LEAST_BILLED_S - ran) / 3600.0
        s.owed_usd += TABLE[cell.kind, USD] * (1.0 - saving) * hours
    s.owed_usd += cell.surplus * TABLE[cell.kind, SURPLUS_USD]
    cell.surplus = 0.0
    cell.state = FREE


@compiled
def drain(p, s, cells, tick, servers_each, service_s):
    """Work off what terminating instances hold: (done, cut off, waiting, in flight), amounts."""
    done = cut = waiting = in_flight = 0.0
    gone = other = 0.0
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
        over = tick.t + tick.dt >= cell.until_s - 1e-9
        if over:
            cut += cell.held
            cell.held = 0.0
        if over or cell.held <= 0.0:
            if cell.then == GONE or cell.then == REPLACED:
                gone += 1.0
            other += 1.0
            after(p, s, cell, tick)
            continue
        in_flight += min(cell.held, servers_each)
        waiting += max(0.0, cell.held - servers_each)
    if other > 0:
        s.terminating -= other
        s.due = tick.t  # the next tick counts anew
        if gone > 0:
            emit(tick, ENDED, gone, cut, s.terminating, 0.0, 0.0, 0.0)
    return done, cut, waiting, in_flight
