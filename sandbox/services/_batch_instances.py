"""The instances of AWS Batch: launched, joined, terminated; and what the state says of them."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.services._batch_cells import EVENTS as BEFORE
from sandbox.services._batch_cells import NOBODY
from sandbox.services._batch_environments import JOBS, KINDS
from sandbox.services._batch_params import ENVIRONMENTS
from sandbox.services._hosts import (
    ACTIVE,
    BOOTING,
    FREE,
    MIB,
    NOTICED,
    SPOT,
    boot,
    first_host,
    terminate,
    usd,
)
from sandbox.services._instance_types import MEMORY, TABLE, VCPUS
from sandbox.services._place_heap import lose
from sandbox.services.contract import EventKind
from sandbox.services.law import emit

FARGATE, FARGATE_SPOT = 2, 3
BEST_FIT, PROGRESSIVE, CAPACITY, PRICE_CAPACITY = range(4)


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
    EventKind("joined", "Instances that have joined: {0:,.0f}; {1:,.0f} run"),
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
        boot(p, s, tick, host, now, v, kind, p.boot_median_s)
        host.vcpus, host.memory = TABLE[kind, VCPUS], TABLE[kind, MEMORY] * MIB
        host.used_vcpus = host.planned_vcpus = host.planned_memory = 0.0
        host.pulled, host.idle_s = 0, host.ready_s
        return h
    return NOBODY


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
