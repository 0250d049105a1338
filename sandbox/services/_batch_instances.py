"""The instances of AWS Batch: launched, joined, terminated; and what the state says of them."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import normal
from sandbox.services._batch_cells import EVENTS as BEFORE
from sandbox.services._batch_cells import HOST_LEAST_S, NOBODY
from sandbox.services._batch_environments import JOBS, KINDS
from sandbox.services._batch_heap import lose
from sandbox.services._batch_params import ENVIRONMENTS
from sandbox.services._instance_types import MEMORY, SAVING, TABLE, USD, VCPUS
from sandbox.services.contract import EventKind
from sandbox.services.law import emit

NOTICE_S = 120.0  # Amazon EC2 user guide: Spot Instance interruption notices
BOOT_SIGMA = 0.35  # assumption
MIB = 1024.0
FREE, BOOTING, ACTIVE, NOTICED = range(4)
EC2, SPOT, FARGATE, FARGATE_SPOT = range(4)
BEST_FIT, PROGRESSIVE, CAPACITY, PRICE_CAPACITY = range(4)
MARKET, _BOOT = 1 << 42, 1 << 43  # counters of random numbers


class Fleet:
    """What the state says of instances."""

    host_due: float
    scale_due: float
    hosts: float
    booting: float
    noticed: float
    idle: float
    desired_vcpus: float
    vcpus: float  # of those that run
    launched: int
    interrupted: float  # so far
    outage: float
    at_most: float  # whether the event has been said, as are the next two
    short_said: float
    never: Annotated[object, ("i8", (JOBS,))]
    short_until: Annotated[object, ("f8", (ENVIRONMENTS * KINDS,))]


EVENTS = (
    EventKind(
        "scales_out",
        "{0:,.0f} RUNNABLE jobs lack room: compute environment {1:.0f} launches {2:,.0f} instances;"
        " desired {3:,.0f} vCPUs (maximum {4:,.0f})",
    ),
    EventKind(
        "scales_in",
        "{0:,.0f} instances had no job for {1:,.0f} s and are terminated; desired {2:,.0f} vCPUs",
    ),
    EventKind("joined", "{0:,.0f} instances have joined: {1:,.0f} run"),
    EventKind(
        "no_capacity",
        "Compute environment {0:.0f}: no Spot pool has capacity; {1:,.0f} jobs stay RUNNABLE",
        "warning",
    ),
    EventKind(
        "at_most",
        "{0:,.0f} RUNNABLE jobs lack room, and every compute environment is at its maximum",
        "warning",
    ),
    EventKind(
        "never_fits",
        "Job definition {0:.0f} fits no instance type ({1:g} vCPUs, {2:,.0f} MiB): it stays "
        "RUNNABLE, and holds up all behind it",
        "error",
    ),
    EventKind(
        "interrupted",
        "Spot takes back {0:,.0f} of {1:,.0f}: two minutes to finish, then the attempts fail",
        "warning",
    ),
    EventKind("lost", "{0:,.0f} instances or tasks were lost; their attempts failed", "error"),
)
OUT, IN, JOINED, NO_CAPACITY, AT_MOST, NEVER, TAKEN, LOST = np.arange(
    len(BEFORE), len(BEFORE) + len(EVENTS)
)


@compiled
def first_host(p):
    return p.entries_n + p.slots_n


@compiled
def survey(p, s, cells):
    """Count the instances, and when the next joins or goes."""
    s.hosts = s.booting = s.noticed = s.idle = s.desired_vcpus = s.vcpus = 0.0
    s.host_due = math.inf
    s.hosts_now[0] = s.hosts_now[1] = 0.0
    for h in range(first_host(p), cells.shape[0]):
        host = cells[h]
        if host.state == FREE:
            continue
        s.desired_vcpus += host.vcpus
        s.hosts_now[1 if p.env_type[host.env] == SPOT else 0] += usd(p, host.env, host.kind)
        if host.state == BOOTING:
            s.booting += 1.0
            s.host_due = min(s.host_due, host.ready_s)
            continue
        s.hosts += 1.0
        s.vcpus += host.vcpus
        s.idle += 1.0 if host.used_vcpus <= 0.0 else 0.0
        if host.state == NOTICED:
            s.noticed += 1.0
            s.host_due = min(s.host_due, host.gone_s)


@compiled
def usd(p, env, kind):
    """USD an hour."""
    price = TABLE[kind, USD]
    return price * (1.0 - TABLE[kind, SAVING]) if p.env_type[env] == SPOT else price


@compiled
def fits(p, k, vcpus, memory):
    """How many jobs of definition ``k`` fit there."""
    job = p.jobs[k]
    return math.floor(min(vcpus / job.vcpus, memory / job.memory_mib) + 1e-9)


@compiled
def vcpus_of(p, cells, v):
    """vCPUs of an environment's instances, those included that Spot has given notice to."""
    have = 0.0
    for h in range(first_host(p), cells.shape[0]):
        if cells[h].env == v and cells[h].state != FREE:
            have += cells[h].vcpus
    return have


@compiled
def launch(p, s, cells, tick, now, v, kind):
    """The cell of a new instance that boots, or -1."""
    for h in range(first_host(p), cells.shape[0]):
        host = cells[h]
        if host.state != FREE:
            continue
        s.launched += 1
        host.state, host.env, host.kind = BOOTING, v, kind
        host.vcpus, host.memory = TABLE[kind, VCPUS], TABLE[kind, MEMORY] * MIB
        host.used_vcpus = host.used_memory = 0.0
        host.planned_vcpus = host.planned_memory = 0.0
        host.pulled, host.draw = 0, s.launched
        draw = normal(tick.seed, tick.key, _BOOT + s.launched)
        host.launched_s, host.gone_s = now, math.inf
        host.ready_s = now + p.boot_median_s * math.exp(BOOT_SIGMA * draw)
        host.idle_s = host.ready_s
        return h
    return NOBODY


@compiled
def terminate(p, s, cells, h, now):
    host = cells[h]
    spot = 1 if p.env_type[host.env] == SPOT else 0
    rest = max(0.0, HOST_LEAST_S - (now - host.launched_s))
    s.hosts_acc[spot] += rest / 3600.0 * usd(p, host.env, host.kind)
    host.state = FREE
    s.saturated = 0


@compiled
def turn(p, s, cells, tick, now):
    """Instances that have booted join; those that Spot takes back go, with what they do."""
    joined = lost = 0.0
    for h in range(first_host(p), cells.shape[0]):
        host = cells[h]
        if host.state == BOOTING and host.ready_s <= now + 1e-9:
            host.state = ACTIVE
            host.idle_s = now
            joined += 1.0
        elif host.state == NOTICED and host.gone_s <= now + 1e-9:
            lose(p, s, cells, h, now)
            terminate(p, s, cells, h, now)
            lost += 1.0
    s.saturated = 0
    survey(p, s, cells)
    if joined > 0.0:
        emit(tick, JOINED, joined, s.hosts, 0.0, 0.0, 0.0, 0.0)
    if lost > 0.0:
        emit(tick, LOST, lost, 0.0, 0.0, 0.0, 0.0, 0.0)
