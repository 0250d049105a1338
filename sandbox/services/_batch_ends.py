"""How attempts and submissions of AWS Batch end, and what that means for those that wait."""

from __future__ import annotations

from sandbox.kernels.compiled import compiled
from sandbox.services._batch_cells import (
    ANY,
    CANCELLED_EVENT,
    FAILED_EVENT,
    FARGATE_LEAST_S,
    FREE,
    NOBODY,
    RUNNABLE,
    SUCCEEDED_EVENT,
    TIMEOUT_EVENT,
)
from sandbox.services._batch_jobs import before, waits
from sandbox.services._batch_params import MOST_ATTEMPTS
from sandbox.services._job_ends import note
from sandbox.services._place_heap import EXIT, HOST, SUCCESS, TIMEOUT, move, sink
from sandbox.services.law import emit


@compiled
def end(p, s, cells, tick, now):
    """The attempt that ends first leaves its place; the instance that it leaves, or -1."""
    top = cells[p.entries_n]
    e, k, h, env = top.entry, top.job, top.host, top.env
    attempt, outcome, placed = top.attempt, top.outcome, top.placed_s
    s.places -= 1
    if s.places > 0:
        move(cells, p.entries_n + s.places, p.entries_n)
        sink(p, s, cells, 0)
    job, entry = p.jobs[k], cells[e]
    s.busy[k] = max(0.0, s.busy[k] - job.vcpus)
    s.used_vcpus = max(0.0, s.used_vcpus - job.vcpus)
    s.used[env] = max(0.0, s.used[env] - job.vcpus)
    if h < 0:
        usd = p.job_usd[k] * p.env_price[env]
        s.fargate_now = max(0.0, s.fargate_now - usd) if s.places > 0 else 0.0
        s.fargate_acc += max(0.0, FARGATE_LEAST_S - (now - placed)) / 3600.0 * usd
    else:
        host = cells[h]
        host.used_vcpus -= job.vcpus
        host.used_memory -= job.memory_mib
        host.idle_s = now
    entry.active -= 1.0
    again = outcome == HOST or (outcome == EXIT and job.retry_on == ANY)
    if outcome == SUCCESS:
        entry.succeeded += 1.0
        s.succeeded += 1.0
        s.jobs_ok += 1.0
        if job.sequential and entry.held > 0.0:
            entry.held -= 1.0
            entry.fresh += 1.0
        _release(p, s, cells, e, 1.0, 0.0)
    elif again and attempt < job.attempts:
        entry.again[attempt + 1] += 1.0
        s.retried += 1.0
    else:
        if outcome == TIMEOUT:
            emit(tick, TIMEOUT_EVENT, k + 1.0, now - placed, 0.0, 0.0, 0.0, 0.0)
        fail(p, s, cells, e, 1.0)
        if job.sequential and entry.held > 0.0:
            gone = entry.held
            entry.held = 0.0
            fail(p, s, cells, e, gone)
    close(p, s, cells, tick, e, now)
    return h


@compiled
def fail(p, s, cells, e, count):
    cells[e].failed += count
    s.failed += count
    s.jobs_bad += count
    _release(p, s, cells, e, 0.0, count)


@compiled
def _release(p, s, cells, e, won, lost):
    """Children that wait for the child with their number go on, or fail with it."""
    for d in range(s.entries):
        child = cells[d]
        if child.state == FREE or child.needs != e or not p.jobs[child.job].n_to_n:
            continue
        go = min(child.held, won)
        child.held -= go
        child.fresh += go
        stop = min(child.held, lost)
        child.held -= stop
        child.failed += stop
        s.failed += stop
        s.jobs_bad += stop
        s.saturated = 0


@compiled
def close(p, s, cells, tick, e, now):
    """A submission whose last job has ended is over, and so is what failed with it."""
    if not _over(cells[e]):
        return
    again = True
    while again:  # what depends on it may be over as well
        again = False
        for d in range(s.entries):
            entry = cells[d]
            if entry.state == FREE or not _over(entry):
                continue
            again = True
            if entry.failed > 0.0:
                emit(tick, FAILED_EVENT, entry.job + 1.0, entry.failed, entry.size,
                     now - entry.submitted_s, 0.0, 0.0)  # fmt: skip
                s.ended_bad += 1.0 if p.jobs[entry.job].array_size > 0 else entry.failed
                good = 0.0
            else:
                emit(tick, SUCCEEDED_EVENT, entry.job + 1.0, entry.size, now - entry.submitted_s,
                     0.0, 0.0, 0.0)  # fmt: skip
                good = 1.0
            if p.jobs[entry.job].array_size > 0:
                s.ended_ok += good
            else:
                s.ended_ok += entry.succeeded
            s.makespan_s = now - entry.submitted_s
            bad = entry.failed > 0.0
            share = 1.0 if bad and p.jobs[entry.job].array_size > 0 else entry.failed / entry.size
            note(s, entry.job, share, s.makespan_s)
            entry.state = FREE
            for c in range(s.entries):
                child = cells[c]
                if child.state == FREE or child.needs != d:
                    continue
                child.needs = NOBODY
                child.runnable_s = now
                s.saturated = 0
                left = child.held
                child.held = 0.0
                if bad and not p.jobs[child.job].n_to_n:
                    child.failed += left
                    s.failed += left
                    s.jobs_bad += left
                elif p.jobs[child.job].sequential and left > 1.0:
                    child.fresh, child.held = 1.0, left - 1.0
                else:
                    child.fresh += left


@compiled
def _over(entry):
    return entry.active + entry.held + waits(entry) < 0.5


@compiled
def cancel(p, s, cells, tick, now):
    """What is RUNNABLE at the head of its queue for longer than the queue's limit is cancelled."""
    for q in range(p.queues_n):
        limit = p.limit_s[q]
        if limit <= 0.0 or not s.blocked[q]:
            continue
        best = NOBODY
        for e in range(s.entries):
            entry = cells[e]
            if entry.state == RUNNABLE and p.queue_of[entry.job] == q and waits(entry) >= 1.0:
                if best < 0 or before(p, s, entry, cells[best]):
                    best = e
        if best < 0:
            continue
        entry = cells[best]
        if entry.active == 0.0 and now - entry.runnable_s >= limit - 1e-9:
            gone = waits(entry)
            entry.fresh = 0.0
            for a in range(MOST_ATTEMPTS + 1):
                entry.again[a] = 0.0
            emit(tick, CANCELLED_EVENT, entry.job + 1.0, gone, now - entry.runnable_s, 0.0, 0.0,
                 0.0)  # fmt: skip
            fail(p, s, cells, best, gone)
            close(p, s, cells, tick, best, now)
            s.saturated = 0
