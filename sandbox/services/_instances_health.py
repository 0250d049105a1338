"""Health: what fails, what the group notices once a minute, and how many it replaces at a time."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.services._health import removed, share_of_new
from sandbox.services._instances import (
    FREE,
    IMPAIRED,
    IN_SERVICE,
    LOST,
    REPLACED,
    SPOT,
    STARTING,
    TERMINATING,
    TOO_OLD,
    UNHEALTHY_NOW,
    count,
    most_extra,
)
from sandbox.services._instances_clocks import lose
from sandbox.services._instances_launch import out
from sandbox.services._instances_leave import free, leave, rank
from sandbox.services._instances_words import (
    BUSY,
    FOUND_LOST,
    NO_SPOT_HERE,
    OLD,
    REBALANCING,
    REFRESHED,
    SICK,
    UNHEALTHY,
)
from sandbox.services.law import (
    ERA_2020,
    KILL_COUNT,
    KILL_INSTANCES,
    SPOT_COUNT,
    SPOT_INTERRUPTION,
    ZONE_OUTAGE,
    emit,
)

BATCH = 0.1  # EC2 Auto Scaling user guide: Health checks for Auto Scaling instances
IMPAIRED_WAIT_S = 180.0  # assumption: "a few minutes" before an impaired instance is replaced
ELB = 1
_WHOLE = 0.999  # a share of requests that is as good as a full one


@compiled
def strike(p, s, io, cells, tick):
    """A fault begins: instances are killed, stand in a zone that fails, or lose their spot place.

    A whole number of them stops.  Those in service take along what they hold, and requests reach
    them until the group notices; those that boot or wait in a failed zone never run.
    """
    kill = io.struck[KILL_INSTANCES] * s.in_service
    kill = max(io.struck[KILL_COUNT], 1.0) if 0.0 < kill < 1.0 else kill + io.struck[KILL_COUNT]
    kill = math.floor(kill + 0.5)
    for i in range(cells.shape[0]):
        if kill >= 1.0 and cells[i].state == IN_SERVICE:
            lose(s, cells[i])
            kill -= 1.0
    if io.struck[ZONE_OUTAGE] > 0.0:
        for z in range(p.zones_n):
            if io.zone_struck[z] > 0.0:
                _fail_zone(p, s, cells, tick, z, min(1.0, io.zone_struck[z]))
    if io.struck[SPOT_INTERRUPTION] > 0.0 or io.struck[SPOT_COUNT] > 0.0:
        _take_spot(s, io, cells, tick)
    s.due = tick.t


@compiled
def _fail_zone(p, s, cells, tick, zone, share):
    serving = booting = 0.0
    for i in range(cells.shape[0]):
        if cells[i].state != FREE and cells[i].zone == zone:
            if cells[i].state == IN_SERVICE:
                serving += 1.0
            elif cells[i].state != LOST and cells[i].state != TERMINATING:
                booting += 1.0
    serving = max(1.0, math.floor(serving * share + 0.5)) if serving > 0.0 else 0.0
    booting = math.floor(booting * share + 0.5)
    for i in range(cells.shape[0]):
        cell = cells[i]
        if cell.zone != zone or cell.state == FREE or cell.state == LOST:
            continue
        if cell.state == IN_SERVICE:
            if serving >= 1.0:
                lose(s, cell)
                serving -= 1.0
        elif cell.state != TERMINATING and booting >= 1.0:
            free(p, s, cell, tick)
            booting -= 1.0


@compiled
def _take_spot(s, io, cells, tick):
    n = 0.0
    for i in range(cells.shape[0]):
        if _at_risk(cells[i]):
            n += 1.0
    take = io.struck[SPOT_INTERRUPTION] * n
    take = 1.0 if 0.0 < take < 1.0 else take
    take = math.floor(take + io.struck[SPOT_COUNT] + 0.5)
    if n == 0.0:
        emit(tick, NO_SPOT_HERE, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for i in range(cells.shape[0]):
        if take >= 1.0 and _at_risk(cells[i]):
            cells[i].notice_s = tick.t
            take -= 1.0


@compiled
def _at_risk(cell):
    """Spot, and not on its way out yet."""
    if cell.state == FREE or cell.state == LOST or cell.state == TERMINATING:
        return False
    return cell.market == SPOT and cell.notice_s == math.inf and cell.gone_s == math.inf


# ---------------------------------------------------------------- the balancer's looks


@compiled
def new_ones(p, s, cells, now):
    """Those in service, weighed by the share that each gets; slow start needs one not in it."""
    full = 0.0
    ramping = 0
    for i in range(cells.shape[0]):
        if cells[i].state == IN_SERVICE:
            share = share_of_new(p, now - cells[i].ready_s)
            full += share
            ramping += 1 if share < _WHOLE else 0
    return full if ramping < s.in_service else float(s.in_service)


@compiled
def too_busy(p, s, cells, tick):
    """What the balancer finds unhealthy in service is to be replaced, if the group heeds it."""
    if p.health_check_type != ELB:
        return
    marked = 0.0
    for i in range(cells.shape[0]):
        if cells[i].state == IN_SERVICE and cells[i].reason == UNHEALTHY_NOW:
            marked += 1.0
    for i in range(cells.shape[0]):
        cell = cells[i]
        if marked >= s.unhealthy:
            break
        if cell.state == IN_SERVICE and cell.reason == 0:
            if tick.t + tick.dt >= cell.running_s + p.health_check_grace_period_s:
                cell.reason = UNHEALTHY_NOW
                marked += 1.0


# ---------------------------------------------------------------- once a minute


@compiled
def sweep(p, s, cells, tick):
    """The group's health check: what no longer runs goes at once, even within the grace period.

    Others are terminated first and replaced then: what the balancer finds unhealthy after the
    grace period, what is impaired for some minutes, what is too old or to be refreshed.  That is
    a tenth of the group at a time (all at once in 2020), and none while a tenth is missing.
    """
    now = tick.t + tick.dt
    lost = sick = other = 0.0
    for i in range(cells.shape[0]):
        cell = cells[i]
        if cell.state == LOST:
            free(p, s, cell, tick)
            lost += 1.0
        elif cell.state == STARTING and p.health_check_type == ELB:
            if now >= max(cell.failing_s, cell.running_s + p.health_check_grace_period_s):
                cell.reason = UNHEALTHY_NOW
        elif cell.state == IMPAIRED:
            seen = p.behind_elb and cell.failing_s == math.inf and p.health_check_type == ELB
            graceful = now < cell.running_s + p.health_check_grace_period_s
            if (seen and not graceful) or now >= cell.impaired_s + IMPAIRED_WAIT_S:
                cell.reason = UNHEALTHY_NOW
        elif cell.state == IN_SERVICE and p.max_instance_lifetime_s > 0 and cell.reason == 0:
            if now - cell.running_s >= p.max_instance_lifetime_s:
                cell.reason = TOO_OLD
        if cell.state != FREE and cell.reason != 0:
            if cell.reason == UNHEALTHY_NOW:
                sick += 1.0
            else:
                other += 1.0
    if lost > 0:
        emit(tick, FOUND_LOST, lost, s.desired, 0.0, 0.0, 0.0, 0.0)
    if sick > 0:
        _replace_sick(p, s, cells, tick, now, sick)
    elif other > 0:
        _replace_others(p, s, cells, tick, now, other)
    else:
        s.refreshing = 0.0
    if lost + sick + other > 0:
        count(p, s, cells)
        if s.alive < s.desired:
            s.due = now


@compiled
def missing(s, cells, now, warmup_s):
    """How much the group is under its desired capacity, not counting who is to be replaced."""
    there = 0.0
    for i in range(cells.shape[0]):
        cell = cells[i]
        state = cell.state
        if state == FREE:
            continue
        ready = state == IN_SERVICE and now - cell.running_s >= warmup_s - 1e-9
        to_go = cell.reason != 0 and state in (IN_SERVICE, STARTING, IMPAIRED)
        if ready or to_go:
            there += 1.0
    return max(0.0, s.desired - there)


@compiled
def may_replace(s, cells, now, warmup_s, share):
    """So many at a time: `share` of the desired capacity, at least one; none while that misses."""
    short = missing(s, cells, now, warmup_s)
    if short > 0.0 and short >= share * s.desired - 1e-9:
        return 0.0
    return max(1.0, math.floor(share * s.desired + 1e-9))


@compiled
def _warmup(p, tick, otherwise):
    if p.default_instance_warmup_s >= 0 and tick.era != ERA_2020:
        return float(p.default_instance_warmup_s)
    return otherwise


@compiled
def _replace_sick(p, s, cells, tick, now, sick):
    most = may_replace(s, cells, now, _warmup(p, tick, 0.0), BATCH)
    if tick.era == ERA_2020:
        most = sick
    elif sick >= s.desired and s.desired > 1.0:
        most = min(most, 1.0)  # all unhealthy at once is more likely the check's fault
    starting = impaired = busy = longest = 0.0
    serving = float(s.in_service)
    for i in range(cells.shape[0]):
        cell = cells[i]
        if cell.reason != UNHEALTHY_NOW or cell.state == FREE or starting + impaired + busy >= most:
            continue
        if cell.state == STARTING:
            starting += 1.0
            longest = max(longest, now - cell.running_s)
        elif cell.state == IMPAIRED:
            impaired += 1.0
        elif cell.state == IN_SERVICE:
            busy += 1.0
        else:
            continue
        leave(p, s, cell, tick, REPLACED, math.inf)
    if starting > 0:
        grace = float(p.health_check_grace_period_s)
        emit(tick, UNHEALTHY, starting, longest, grace, s.desired, 0.0, 0.0)
    if impaired > 0:
        emit(tick, SICK, impaired, s.desired, sick - starting - impaired, most, 0.0, 0.0)
    if busy > 0:
        emit(tick, BUSY, busy, p.look_timeout_s, s.desired, s.unhealthy - busy, 0.0, 0.0)
        removed(s, serving, busy)


@compiled
def _replace_others(p, s, cells, tick, now, other):
    share = s.refreshing if s.refreshing > 0.0 else BATCH
    warmup_s = _warmup(p, tick, float(p.health_check_grace_period_s))
    most = may_replace(s, cells, now, warmup_s if s.refreshing > 0.0 else 0.0, share)
    old = refreshed = 0.0
    for i in range(cells.shape[0]):
        cell = cells[i]
        if cell.reason == 0 or cell.state == FREE or old + refreshed >= most:
            continue
        if cell.state != IN_SERVICE:
            if cell.state == TERMINATING:
                cell.reason = 0
            continue
        if cell.reason == TOO_OLD:
            old += 1.0
        else:
            refreshed += 1.0
        cell.reason = 0
        leave(p, s, cell, tick, REPLACED, math.inf)
    if old > 0:
        lifetime = float(p.max_instance_lifetime_s)
        emit(tick, OLD, old, lifetime, s.desired, 0.0, 0.0, 0.0)
    if refreshed > 0:
        left = other - old - refreshed
        emit(tick, REFRESHED, refreshed, s.desired, left, 0.0, 0.0, 0.0)


# ---------------------------------------------------------------- zones


@compiled
def rebalance(p, s, io, cells, tick):
    """Zones that differ by two or more are evened out, launching before terminating."""
    if s.alive != s.desired or s.doomed > 0.0 or s.pending + s.starting + s.lost > 0.0:
        return
    most = least = -1
    for z in range(p.zones_n):
        if out(io, z):
            continue
        if most < 0 or s.zone_n[z] > s.zone_n[most]:
            most = z
        if least < 0 or s.zone_n[z] < s.zone_n[least]:
            least = z
    if most < 0 or s.zone_n[most] - s.zone_n[least] < 2.0:
        return
    before, there = s.zone_n[most], s.zone_n[least]
    moves = min(most_extra(s), math.floor((before - there) / 2.0))
    for _ in range(int(moves)):
        best = -1
        score = -math.inf
        for i in range(cells.shape[0]):
            cell = cells[i]
            if cell.state == IN_SERVICE and cell.zone == most and cell.doomed == 0:
                mine = rank(p, s, cell, tick)
                if mine > score:
                    score = mine
                    best = i
        if best < 0:
            return
        cells[best].doomed = 1
    count(p, s, cells)
    s.due = tick.t
    emit(tick, REBALANCING, most + 1.0, before, least + 1.0, there, moves, 0.0)
