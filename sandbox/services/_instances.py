"""The instances of an Auto Scaling group: their states, and what they can do and cost.

An instance is pending while it boots, waiting while a lifecycle hook holds it, starting while its
application starts and until the balancer's first health check passes, in service while it takes
requests, terminating while it works off what it holds, and lost when it stopped running and the
group has not noticed yet.  All that are in service are alike, so what they hold is one station's
level; an instance that leaves takes its share along.
"""

from __future__ import annotations

import math
from typing import Annotated, TypeAlias

from sandbox.kernels.compiled import compiled
from sandbox.services._instance_types import (
    EARNS,
    LAUNCH_CREDITS,
    MEMORY,
    NETWORK,
    SAVING,
    TABLE,
    USD,
    VCPUS,
)
from sandbox.services.law import ZONES

FREE, PENDING, STARTING, IN_SERVICE, TERMINATING, LOST = range(6)
WAITING, HELD_BACK, STANDBY, WARMING, WARM, IMPAIRED, RESIZING = range(6, 13)
"""Pending:Wait, Terminating:Wait, Standby, Warmed:Pending, Warmed, impaired, stopped to resize."""
GONE, REPLACED, TO_STANDBY, TO_RESIZE, TO_POOL = range(5)  # what becomes of one that has drained
WELL, UNHEALTHY_NOW, TOO_OLD, TO_REFRESH = range(4)  # why one is to be replaced
ON_DEMAND, SPOT = range(2)
STOPPED, RUNNING, HIBERNATED = range(3)  # states of a warm pool
STANDARD, UNLIMITED = range(2)  # ways of CPU credits, where one is set
OVERRIDES = 40  # EC2 Auto Scaling API: MixedInstancesPolicy, LaunchTemplate Overrides
POOLS = OVERRIDES * ZONES

Byte: TypeAlias = Annotated[object, "i1"]
Short: TypeAlias = Annotated[object, "i2"]


class Instance:
    """A cell. Times are seconds since the run's start."""

    launched_s: float
    running_s: float  # when it runs; Auto Scaling's InService, which starts grace and warm-up
    ready_s: float  # when it takes requests
    failing_s: float  # when the balancer finds it unhealthy if it is not ready
    until_s: float  # when what its state waits for is over: boot, drain, hook, stop
    notice_s: float  # when spot takes it back: two minutes' notice, then gone
    gone_s: float
    impaired_s: float
    held: float
    credits: float
    launch_credits: float
    surplus: float
    draw: int  # which launch it was: the key of its random numbers
    state: Byte
    kind: Short  # its type, by its place in the table
    zone: Byte
    market: Byte
    version: Short  # of the launch template or configuration
    protected: Byte
    then: Byte
    doomed: Byte  # to go as soon as its replacement is in service
    reason: Byte
    abandoned: Byte
    resized: Byte


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
    standby: float
    warm: float
    warm_pending: float
    spot: float
    on_demand: float
    alive: float  # what counts towards the desired capacity
    apart: float  # of these, what is stopped, drained before it is replaced, or found unhealthy
    doomed: float
    extra: float  # beyond the desired capacity while replacements start
    launched: int
    due: float  # when the next clock rings
    retry_s: float  # until then a launch or termination that failed is not tried again
    backoff_s: float
    tried: float  # the size it failed for
    vcpus: float  # in service
    able: float  # the same, less what lack of CPU credits takes
    gbps: float
    running_vcpus: float  # on demand, as the account's quota counts them
    bursting: float  # instances that earn CPU credits
    cpu_credit_balance: float
    cpu_surplus_credits: float
    owed_usd: float
    dropped: float  # what instances held that stopped since the last tick
    billed: float
    cost_on_demand: float
    cost_spot: float
    cost_warm_pool: float
    cost_monitoring: float
    cost_storage: float
    cost_surplus_credits: float
    network_utilization: float
    kind: int
    version: int
    resizing: int  # how many may be resized at a time; 0: none is to be
    refreshing: float  # share of the group that an instance refresh may take away; 0: none runs
    given_kind: int
    given_rest: float
    zone_n: Annotated[object, ("f8", (ZONES,))]
    short_until: Annotated[object, ("f8", (POOLS,))]  # pools without spot capacity


@compiled
def count(p, s, cells):
    """Count the instances by state, add up what they can do and cost, and find the next clock."""
    s.pending = s.starting = s.in_service = s.terminating = s.lost = 0.0
    s.standby = s.warm = s.warm_pending = s.spot = s.on_demand = s.alive = s.doomed = 0.0
    s.vcpus = s.gbps = s.running_vcpus = s.bursting = 0.0
    on_demand = spot = pool = monitored = able = 0.0
    gib = 0.0
    for z in range(ZONES):
        s.zone_n[z] = 0.0
    due = math.inf
    for i in range(cells.shape[0]):
        cell = cells[i]
        state = cell.state
        if state == FREE:
            continue
        kind = cell.kind
        gib += p.volume_gb
        # nothing is billed before an instance runs, while it is stopped, and when it is gone
        runs = state != PENDING and state != LOST and state != RESIZING
        counts = state != STANDBY
        if state == PENDING:
            s.pending += 1
            due = min(due, cell.until_s)
        elif state == WAITING:
            s.pending += 1
            due = min(due, cell.running_s)
        elif state == STARTING:
            s.starting += 1
            due = min(due, cell.ready_s)
        elif state == IN_SERVICE:
            s.in_service += 1
            s.vcpus += TABLE[kind, VCPUS]
            s.gbps += TABLE[kind, NETWORK]
            able += power(p, cell)
        elif state in (TERMINATING, HELD_BACK):
            s.terminating += 1
            counts = cell.then == REPLACED or cell.then == TO_RESIZE
            if state == HELD_BACK:
                due = min(due, cell.until_s)
        elif state == LOST:
            s.lost += 1
        elif state == IMPAIRED:
            if cell.failing_s < math.inf:
                s.lost += 1
                due = min(due, cell.failing_s)
            elif not p.behind_elb:
                s.lost += 1
        elif state == RESIZING:
            due = min(due, cell.until_s)
        elif state == STANDBY:
            s.standby += 1
        elif state in (WARM, WARMING):
            counts = False
            runs = state == WARMING or p.warm_pool_state == RUNNING
            if state == WARM:
                s.warm += 1
            else:
                s.warm_pending += 1
                due = min(due, cell.until_s)
            if p.warm_pool_state == HIBERNATED:
                gib += TABLE[kind, MEMORY]
            if runs:
                pool += TABLE[kind, USD]
        if counts:
            s.alive += 1
            if cell.doomed != 0:
                s.doomed += 1
            else:
                s.zone_n[cell.zone] += 1
            if cell.market == SPOT:
                s.spot += 1
            else:
                s.on_demand += 1
        if cell.market == SPOT and state != LOST:
            due = min(due, min(cell.notice_s, cell.gone_s))
        if TABLE[kind, EARNS] > 0.0 and runs:
            s.bursting += 1
        if cell.market == ON_DEMAND and (runs or state == PENDING):
            s.running_vcpus += TABLE[kind, VCPUS]
        if runs and state != WARM and state != WARMING:
            monitored += 1
            if cell.market == SPOT:
                spot += TABLE[kind, USD] * (1.0 - TABLE[kind, SAVING])
            else:
                on_demand += TABLE[kind, USD]
    s.apart = s.alive - s.pending - s.starting - s.in_service - s.lost
    s.due = due
    s.extra = min(s.doomed, most_extra(s))
    s.able = able
    s.cost_on_demand, s.cost_spot, s.cost_warm_pool = on_demand, spot, pool
    s.cost_monitoring = monitored * p.monitoring_usd
    s.cost_storage = gib * p.storage_usd
    s.billed = on_demand + spot + pool + s.cost_monitoring + s.cost_storage


@compiled
def unlimited(p, kind):
    """Whether a type runs on credit: as set, else all but T2 (which gets credits at launch)."""
    if p.credit_specification >= 0:
        return p.credit_specification == UNLIMITED
    return TABLE[kind, LAUNCH_CREDITS] == 0.0


@compiled
def power(p, cell):
    """vCPUs that an instance can use: all, or its baseline and what its CPU credits allow."""
    vcpus, earns = TABLE[cell.kind, VCPUS], TABLE[cell.kind, EARNS]
    if earns == 0.0 or unlimited(p, cell.kind):
        return vcpus
    return min(vcpus, (earns + 3600.0 * (cell.credits + cell.launch_credits) / p.tick_s) / 60.0)


@compiled
def most_extra(s):
    """By so much the group may exceed its size, even its maximum, to launch before it
    terminates: EC2 Auto Scaling user guide, Rebalancing activities."""
    return max(1.0, math.floor(0.1 * s.desired + 1e-9))


@compiled
def warmed(cells, now, warmup_s):
    """(in service and warm, still warming) by a warm-up that starts when an instance runs."""
    warm = warming = 0.0
    for i in range(cells.shape[0]):
        state = cells[i].state
        if state in (PENDING, STARTING, WAITING):
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
        state = cells[i].state
        if state in (PENDING, STARTING, WAITING, IN_SERVICE):
            last = max(last, cells[i].running_s + warmup_s)
    return last
