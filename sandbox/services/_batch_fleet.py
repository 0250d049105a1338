"""The compute environments of AWS Batch: where a job finds room, and how many instances there are.

Source: AWS Batch API Reference, ComputeResource.  Desired vCPUs move between the minimum and the
maximum with what is RUNNABLE; instances without a job are terminated.
"""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.services import _batch_jobs as jobs
from sandbox.services._batch_cells import NOBODY, RUNNABLE
from sandbox.services._batch_environments import KINDS
from sandbox.services._batch_instances import (
    AT_MOST,
    BEST_FIT,
    CAPACITY,
    IN,
    NEVER,
    NO_CAPACITY,
    OUT,
    PRICE_CAPACITY,
    fits,
    launch,
    survey,
    vcpus_of,
)
from sandbox.services._hosts import ACTIVE, BOOTING, MIB, SPOT, first_host, terminate, usd
from sandbox.services._instance_types import MEMORY, MONTHLY, SAVING, TABLE, VCPUS
from sandbox.services.law import emit


@compiled
def find(p, s, cells, k, only):
    """The instance with room in the first environment that has some; -2 - env on Fargate."""
    job = p.jobs[k]
    if p.fargate:
        for v in range(p.envs_n):
            env = p.compute_environments[v]
            if env.enabled and p.born and s.used[v] + job.vcpus <= env.max_vcpus + 1e-9:
                return -2 - v
        return NOBODY
    best = NOBODY
    begin = first_host(p) if only < 0 else only
    for h in range(begin, cells.shape[0] if only < 0 else only + 1):
        host = cells[h]
        if host.state != ACTIVE or not p.compute_environments[host.env].enabled:
            continue
        if host.vcpus - host.used_vcpus < job.vcpus - 1e-9:
            continue
        if host.memory - host.used_memory < job.memory_mib - 1e-9:
            continue
        if best < 0 or host.env < cells[best].env:
            best = h
            if host.env == 0:
                break
    return best


@compiled
def place(p, s, cells, tick, now, only):
    """Give jobs a place in their order; a job that finds none holds up its queue."""
    for q in range(p.queues_n):
        s.blocked[q] = 0
    blocked = 0
    while True:
        e = jobs.pick(p, s, cells)
        if e < 0:
            break
        k = cells[e].job
        q = p.queue_of[k]
        h = NOBODY
        if not (p.fair[q] and _reserved(p, s, cells, q, p.jobs[k].vcpus)):
            h = find(p, s, cells, k, only)
        if h == NOBODY:
            s.blocked[q] = 1
            blocked = 1
            continue
        if h < NOBODY:
            jobs.begin(p, s, cells, tick, e, NOBODY, -2 - h, now, p.fargate_start_s)
            continue
        pull_s = 0.0 if cells[h].pulled & (1 << k) else p.image_pull_s
        cells[h].pulled |= 1 << k
        jobs.begin(p, s, cells, tick, e, h, cells[h].env, now, pull_s)
    s.saturated = blocked


@compiled
def _reserved(p, s, cells, q, vcpus):
    """Whether that many vCPUs more would take what is kept for shares that are not active."""
    part = p.queues[q].compute_reservation / 100.0
    if part <= 0.0:
        return False
    active, used, most = 0.0, 0.0, 0.0
    for k in range(p.jobs_n):
        if p.queue_of[k] != q:
            continue
        used += s.busy[k]
        there = s.busy[k] > 0.0
        for e in range(s.entries):
            entry = cells[e]
            if entry.state == RUNNABLE and entry.job == k and jobs.waits(entry) >= 1.0:
                there = True
        active += 1.0 if there else 0.0
    for v in range(p.envs_n):
        most += p.compute_environments[v].max_vcpus
    return used + vcpus > most * (1.0 - part**active) + 1e-9


@compiled
def scale(p, s, cells, tick, now):
    """A decision: instances for what lacks room, up to the maximum; those without work go."""
    if p.fargate:
        return
    _retire(p, s, cells, tick, now)
    lacking = 0.0
    for k in range(p.jobs_n):
        s.wanted[k] = 0.0
    for e in range(s.entries):
        if cells[e].state == RUNNABLE:
            s.wanted[cells[e].job] += jobs.waits(cells[e])
    for h in range(first_host(p), cells.shape[0]):
        host = cells[h]
        host.planned_vcpus, host.planned_memory = host.used_vcpus, host.used_memory
    for k in range(p.jobs_n):
        left = s.wanted[k]
        for h in range(first_host(p), cells.shape[0]):  # what there is room for, or will be
            host = cells[h]
            if left < 1.0:
                break
            if host.state == BOOTING or host.state == ACTIVE:
                left -= _plan(p, host, k, left)
        if s.outage > 0.0:
            continue
        for v in range(p.envs_n):
            if left >= 1.0 and p.compute_environments[v].enabled and p.managed[v]:
                left -= _grow(p, s, cells, tick, now, v, k, left)
        lacking += left
    for v in range(p.envs_n):
        if p.managed[v] and s.outage <= 0.0:
            _keep(p, s, cells, tick, now, v)
    survey(p, s, cells)
    if lacking >= 1.0 and s.at_most == 0.0:
        emit(tick, AT_MOST, lacking, 0.0, 0.0, 0.0, 0.0, 0.0)
    s.at_most = 1.0 if lacking >= 1.0 else 0.0


@compiled
def _plan(p, host, k, left):
    """Of so many jobs, how many an instance will take; room is kept for them."""
    job = p.jobs[k]
    room = fits(p, k, host.vcpus - host.planned_vcpus, host.memory - host.planned_memory)
    take = min(room, left)
    host.planned_vcpus += take * job.vcpus
    host.planned_memory += take * job.memory_mib
    return take


@compiled
def _choose(p, s, v, k, left, now):
    """The type to launch for so many jobs: (type, whether any fits, whether pools are short)."""
    env = p.compute_environments[v]
    best, lowest, fewest = NOBODY, math.inf, math.inf
    possible = short = False
    for i in range(p.kinds_n[v]):
        kind = p.kinds[v * KINDS + i]
        room = fits(p, k, TABLE[kind, VCPUS], TABLE[kind, MEMORY] * MIB)
        if room < 1.0:
            continue
        possible = True
        spot = p.env_type[v] == SPOT
        dear = spot and 100.0 * (1.0 - TABLE[kind, SAVING]) > env.bid_percentage
        dry = spot and (dear or s.short_until[v * KINDS + i] > now)
        if dry and env.allocation_strategy != BEST_FIT:
            short = True
            continue
        count = math.ceil(left / room - 1e-9)
        cost = count * usd(p, v, kind)
        if env.allocation_strategy == CAPACITY or (
            env.allocation_strategy == PRICE_CAPACITY and p.era_2020
        ):
            cost = TABLE[kind, MONTHLY]
        elif env.allocation_strategy == PRICE_CAPACITY:
            cost *= 1.0 + TABLE[kind, MONTHLY]
        if cost < lowest - 1e-12 or (cost < lowest + 1e-12 and count < fewest):
            best, lowest, fewest = kind, cost, count
            short = dry
    if best >= 0 and short and env.allocation_strategy == BEST_FIT:
        best = NOBODY  # it waits for the one
    return best, possible, short


@compiled
def _grow(p, s, cells, tick, now, v, k, left):
    """Launch for ``left`` jobs of definition ``k``; how many of them that serves."""
    env = p.compute_environments[v]
    have = vcpus_of(p, cells, v)
    served = count = 0.0
    while left - served >= 1.0:
        kind, possible, short = _choose(p, s, v, k, left - served, now)
        if kind < 0:
            if short and s.short_said <= now:
                emit(tick, NO_CAPACITY, v + 1.0, left - served, 0.0, 0.0, 0.0, 0.0)
                s.short_said = now + 600.0
            elif not possible and v == p.envs_n - 1 and not s.never[k]:
                s.never[k] = 1
                emit(tick, NEVER, k + 1.0, p.jobs[k].vcpus, p.jobs[k].memory_mib, 0.0, 0.0, 0.0)
            break
        over = have + TABLE[kind, VCPUS] > env.max_vcpus + 1e-9
        if have >= env.max_vcpus or (over and env.allocation_strategy == BEST_FIT):
            break
        h = launch(p, s, cells, tick, now, v, kind)
        if h < 0:
            break
        have += TABLE[kind, VCPUS]
        served += _plan(p, cells[h], k, left - served)
        count += 1.0
    if count > 0.0:
        emit(tick, OUT, left, v + 1.0, count, have, float(env.max_vcpus), 0.0)
    return served


@compiled
def _keep(p, s, cells, tick, now, v):
    """The minimum, whatever there is to do and whether the environment is enabled."""
    env = p.compute_environments[v]
    have = vcpus_of(p, cells, v)
    kind = p.kinds[v * KINDS]
    for i in range(p.kinds_n[v]):
        if TABLE[p.kinds[v * KINDS + i], VCPUS] < TABLE[kind, VCPUS]:
            kind = p.kinds[v * KINDS + i]
    while have < env.min_vcpus:
        if launch(p, s, cells, tick, now, v, kind) < 0:
            return
        have += TABLE[kind, VCPUS]


@compiled
def _retire(p, s, cells, tick, now):
    gone = 0.0
    for v in range(p.envs_n):
        if not p.managed[v]:
            continue
        env = p.compute_environments[v]
        have = vcpus_of(p, cells, v)
        delay_s = 0.0 if p.era_2020 else 60.0 * env.min_scale_down_delay_minutes
        for h in range(first_host(p), cells.shape[0]):
            host = cells[h]
            if host.state != ACTIVE or host.env != v or host.used_vcpus > 1e-9:
                continue
            if now - host.idle_s < p.idle_s - 1e-9 or now - host.launched_s < delay_s - 1e-9:
                continue
            if have - host.vcpus < env.min_vcpus:
                continue
            have -= host.vcpus
            terminate(p, s, cells, h, now)
            gone += 1.0
    if gone > 0.0:
        survey(p, s, cells)
        emit(tick, IN, gone, p.idle_s, s.desired_vcpus, 0.0, 0.0, 0.0)
