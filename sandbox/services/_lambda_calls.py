"""Calls and events: what comes to a function one by one, and how it ends."""

from __future__ import annotations

from sandbox.kernels.bucket import quota
from sandbox.kernels.cohort import expire, push
from sandbox.kernels.cohort import take as take_oldest
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.delay import push as delay
from sandbox.services._lambda_executions import RETRY_S, end, retry_line, start
from sandbox.services.law import ASYNC, ERA_2020, SYNC

REQUESTS_PER_CONCURRENCY = 10.0  # requests/s; Developer Guide, Lambda function scaling; H
SYNC_KB, ASYNC_KB, ASYNC_KB_2020 = 6144.0, 1024.0, 256.0  # Developer Guide, Lambda quotas; H
_SHARE = 1e-12  # part of an amount that is as good as none

(
    RESERVED,
    ACCOUNT,
    SCALING_RATE,
    REQUEST_RATE,
    FUNCTION_ERROR,
    TIMEOUT,
    TOO_LARGE,
    EVENT_AGE,
) = range(8)


@inlined
def calls(p, s, io, tick):
    """(synchronous calls/s, asynchronous events/s) that the function accepts to look at."""
    sync = events = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        flow = link.reads + link.writes
        if flow <= 0.0:
            continue
        if link.mode == SYNC:
            if link.kb > SYNC_KB:
                io.loss[TOO_LARGE] += flow
            else:
                sync += flow
        elif link.mode == ASYNC:
            if link.kb > (ASYNC_KB_2020 if tick.era == ERA_2020 else ASYNC_KB):
                io.loss[TOO_LARGE] += flow
            else:
                events += flow
    most = REQUESTS_PER_CONCURRENCY * s.limit
    if sync > 0.5 * most and most > 0.0:
        sync, over = quota(sync, most, io.ca2)
        io.loss[REQUEST_RATE] += over
        s.throttles += over
    if events > 0.0:
        push(s.events, s.queue[0], tick.t, tick.t + tick.dt, events * tick.dt)
    if s.queue[0].total > 0.0:
        old = tick.t + tick.dt - p.maximum_event_age_s
        io.loss[EVENT_AGE] = expire(s.events, s.queue[0], old) / tick.dt
    return sync, events


@compiled
def take(s, amount):
    """Take events from the queue of the asynchronous invocations, the oldest first."""
    taken = 0.0
    while amount - taken > _SHARE * amount:
        piece, _t0, _t1, _mark = take_oldest(s.events, s.queue[0], amount - taken)
        if piece <= 0.0:
            break
        taken += piece
    return taken


@compiled
def retry(p, s, cells, again_1, again_2, share, failing, lasts, dt):
    """Start second and third attempts; those throttled are tried once more in the next tick."""
    for attempt in range(2):
        n = (again_1 if attempt == 0 else again_2) * dt
        head = s.retry_head_1 if attempt == 0 else s.retry_head_2
        go = n * share
        start(p, s, cells, 2 + attempt, go, go * failing, go, lasts, lasts, dt)
        s.retrying -= go
        delay(retry_line(p, cells, attempt), head, n - go, dt, dt)
    s.throttles += (again_1 + again_2) * (1.0 - share)
    return (again_1 + again_2) * share


@inlined
def blame(s, io, errors):
    """Book errors: a function's own, and those of which a fault makes it the author."""
    io.loss[FUNCTION_ERROR] += errors * (1.0 - s.blamed)
    if s.blamed > 0.0:
        io.loss[io.fault_causes] += errors * s.blamed


@inlined
def finish(p, s, io, cells, tick, timeouts):
    """End what is over; `timeouts` is the part of the failures that are."""
    dt = tick.dt
    items, doomed, _busy = end(p, s, cells, 0)
    done = items - doomed
    lost = doomed
    s.errors += doomed
    if p.attempts > 0:
        for attempt in range(3):
            items, doomed, _busy = end(p, s, cells, 1 + attempt)
            done += items - doomed
            s.errors += doomed
            if attempt < p.maximum_retry_attempts:
                head = s.retry_head_1 if attempt == 0 else s.retry_head_2
                delay(retry_line(p, cells, attempt), head, doomed, RETRY_S[attempt], dt)
                s.retrying += doomed
            else:
                lost += doomed
    io.loss[TIMEOUT] += lost * timeouts / dt
    blame(s, io, lost * (1.0 - timeouts) / dt)
    io.done = done / dt
