"""Jobs of AWS Batch: how they are submitted, which is next, and how an attempt begins."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import lognormal, uniform
from sandbox.services._batch_cells import (
    _FAILS,
    ENTRIES,
    FARGATE_MOST_S,
    FREE,
    KILL_S,
    LEAST_RUN_S,
    NOBODY,
    RUNNABLE,
    SUBMITTED,
)
from sandbox.services._batch_params import MOST_ATTEMPTS
from sandbox.services._place_heap import EXIT, SUCCESS, TIMEOUT, rise


@compiled
def pass_time(p, s, now):
    """Book what costs and usage have grown to by ``now``."""
    hours = max(0.0, now - s.clock)
    s.clock = max(now, s.clock)
    if hours == 0.0:
        return
    for k in range(p.jobs_n):
        decay = p.decay_s[k]
        if decay > 0.0:
            s.usage[k] *= math.exp(-hours / decay)
            s.usage[k] += s.busy[k] * hours * p.jobs[k].share_weight
    hours /= 3600.0
    s.fargate_acc += s.fargate_now * hours
    for m in range(2):
        s.hosts_acc[m] += s.hosts_now[m] * hours


@compiled
def submit(p, s, cells, now, k, size):
    """Take in ``size`` children or jobs alike of definition ``k``."""
    s.serials += 1
    s.saturated = 0
    needs = NOBODY
    if p.needs[k] >= 0:
        for e in range(s.entries):
            if cells[e].state != FREE and cells[e].job == p.needs[k]:
                if needs < 0 or cells[e].serial > cells[needs].serial:
                    needs = e
    at = NOBODY
    for e in range(ENTRIES):
        if cells[e].state == FREE:
            at = e
            break
    if at < 0:  # the youngest like it grows
        for e in range(ENTRIES):
            same = cells[e].job == k
            if same and (at < 0 or cells[e].serial > cells[at].serial):
                at = e
        if at < 0:
            return False
        cells[at].size += size
        if cells[at].held > 0.0:
            cells[at].held += size
        else:
            cells[at].fresh += size
        return True
    entry = cells[at]
    s.entries = max(s.entries, at + 1)
    entry.job, entry.serial, entry.needs = k, s.serials, needs
    entry.submitted_s, entry.seen_s = now, now + p.scheduler_s
    entry.runnable_s, entry.first_s = math.inf, math.inf
    entry.size = size
    entry.held = entry.fresh = entry.active = entry.succeeded = entry.failed = 0.0
    for a in range(MOST_ATTEMPTS + 1):
        entry.again[a] = 0.0
    entry.state = SUBMITTED
    s.seen_due = min(s.seen_due, entry.seen_s)
    if needs >= 0:
        entry.held = size
        if p.jobs[k].n_to_n:  # what has succeeded before it came
            parent = cells[needs]
            entry.fresh = min(size, parent.succeeded)
            entry.failed = min(size - entry.fresh, parent.failed)
            entry.held = size - entry.fresh - entry.failed
    elif p.jobs[k].sequential:
        entry.fresh, entry.held = 1.0, size - 1.0
    else:
        entry.fresh = size
    return True


@compiled
def see(p, s, cells, now):
    """The scheduler looks at what was submitted."""
    s.seen_due = math.inf
    s.saturated = 0
    for e in range(s.entries):
        entry = cells[e]
        if entry.state != SUBMITTED:
            continue
        if entry.seen_s <= now + 1e-9:
            entry.state = RUNNABLE
            entry.runnable_s = now
        else:
            s.seen_due = min(s.seen_due, entry.seen_s)


@compiled
def waits(entry):
    """Children that are ready to be tried."""
    ready = entry.fresh
    for a in range(2, MOST_ATTEMPTS + 1):
        ready += entry.again[a]
    return ready


@compiled
def retries(entry):
    again = 0.0
    for a in range(2, MOST_ATTEMPTS + 1):
        again += entry.again[a]
    return again > 0.0


@compiled
def pick(p, s, cells):
    """The submission whose job is next: by priority, share, retries first, then by its age."""
    best = NOBODY
    for e in range(s.entries):
        entry = cells[e]
        if entry.state != RUNNABLE or s.blocked[p.queue_of[entry.job]] or waits(entry) < 1.0:
            continue
        if best < 0 or before(p, s, entry, cells[best]):
            best = e
    return best


@compiled
def before(p, s, a, b):
    qa, qb = p.queue_of[a.job], p.queue_of[b.job]
    if p.queues[qa].priority != p.queues[qb].priority:
        return p.queues[qa].priority > p.queues[qb].priority
    if qa == qb and p.fair[qa] and s.usage[a.job] != s.usage[b.job]:
        return s.usage[a.job] < s.usage[b.job]
    ra, rb = retries(a), retries(b)
    if ra != rb:
        return ra
    return a.serial < b.serial


@compiled
def begin(p, s, cells, tick, e, h, env, now, pull_s):
    """A job of submission ``e`` takes a place on instance ``h``, or on Fargate."""
    entry = cells[e]
    k = entry.job
    job = p.jobs[k]
    attempt = 1
    for a in range(MOST_ATTEMPTS, 1, -1):
        if entry.again[a] > 0.0:
            attempt = a
    if attempt > 1:
        entry.again[attempt] -= 1.0
    else:
        entry.fresh -= 1.0
    entry.active += 1.0
    entry.first_s = min(entry.first_s, now)
    s.draws += 1
    run = max(LEAST_RUN_S, job.duration_s)
    if job.duration_cv > 0.0:
        spread = job.duration_cv * job.duration_cv
        run = max(LEAST_RUN_S, lognormal(tick.seed, tick.key, s.draws, job.duration_s, spread))
    outcome = SUCCESS
    if job.failure_percent > 0.0:
        if 100.0 * uniform(tick.seed, tick.key, _FAILS + s.draws) < job.failure_percent:
            outcome = EXIT
    limit = math.inf if job.timeout_s < 0 else float(job.timeout_s)
    if h < 0:
        limit = min(limit, FARGATE_MOST_S)
    if run > limit:
        run, outcome = limit + min(job.stop_s, KILL_S), TIMEOUT
    c = p.entries_n + s.places
    s.places += 1
    new = cells[c]
    new.state, new.job, new.entry, new.attempt, new.host, new.env = 1, k, e, attempt, h, env
    new.placed_s, new.start_s = now, now + pull_s
    new.end_s, new.outcome = now + pull_s + run, outcome
    rise(p, cells, s.places - 1)
    s.busy[k] += job.vcpus
    s.used_vcpus += job.vcpus
    s.used[env] += job.vcpus
    s.wait_sum += now - entry.submitted_s
    s.wait_n += 1.0
    if h < 0:
        s.fargate_now += p.job_usd[k] * p.env_price[env]
    else:
        host = cells[h]
        host.used_vcpus += job.vcpus
        host.used_memory += job.memory_mib
