"""Calls and events: what comes to a function one by one, and how it ends."""

from __future__ import annotations

import math
from typing import Annotated

from sandbox.kernels.bucket import quota
from sandbox.kernels.cohort import COHORT, QUEUE, expire, push
from sandbox.kernels.cohort import take as take_oldest
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.delay import push as delay
from sandbox.services._lambda_account import (
    REQUESTS_ENTRY,
    REQUESTS_PER_CONCURRENCY,
    enter,
    others,
)
from sandbox.services._lambda_executions import RETRY_S, end, retry_line, start
from sandbox.services.law import ASYNC, ERA_2020, SYNC

SYNC_KB = 6144.0  # AWS Lambda Developer Guide: Lambda quotas; a synchronous invocation's payload
ASYNC_KB, ASYNC_KB_2020 = 1024.0, 256.0  # AWS Lambda API Reference: Invoke, today's and of 2020
WAITING = 48  # cohorts of asynchronous events
FIRST_WAIT_S = 1.0  # AWS Lambda Developer Guide: Asynchronous invocation; after a throttle,
LONGEST_WAIT_S = 300.0  # … and the longest wait; it doubles between
LEVELS = 10  # 1, 2, 4 … 256 and 300 s
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
    MOVED,
) = range(9)


class Events:
    """State: asynchronous events that wait, by age and by the pause since they were throttled."""

    queue: Annotated[object, (QUEUE, (1,))]
    events: Annotated[object, (COHORT, (WAITING,))]
    pauses: Annotated[object, ("f8", (LEVELS,))]
    event_age: float
    waiting_events: float
    received_events: float
    dropped_events: float


@inlined
def calls(p, s, k, io, tick):
    """(synchronous calls/s, new asynchronous events/s) that the function accepts to look at."""
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
    # requests/s are counted for the account; who asks for more is refused as much of it as others
    most = REQUESTS_PER_CONCURRENCY * k.account
    all_ = sync + others(k, s, REQUESTS_ENTRY)
    enter(k, s, REQUESTS_ENTRY, sync)
    if all_ > 0.5 * most and sync > 0.0:
        _accepted, over = quota(all_, most, io.ca2)
        over *= sync / all_
        sync -= over
        io.loss[REQUEST_RATE] += over
        s.throttles += over
    s.received_events = events
    s.dropped_events = 0.0
    if events > 0.0:
        push(s.events, s.queue[0], tick.t, tick.t + tick.dt, events * tick.dt)
    if s.queue[0].total > 0.0:
        old = tick.t + tick.dt - p.maximum_event_age_s
        gone = expire(s.events, s.queue[0], old) / tick.dt
        if gone > 0.0:
            s.dropped_events += gone
            io.loss[MOVED if p.on_failure >= 0 else EVENT_AGE] += gone
    return sync, events


@inlined
def due_again(s, dt):
    """Events/s whose pause after a throttle ends in this tick."""
    due = 0.0
    if s.queue[0].total <= 0.0:
        return due
    for level in range(LEVELS):
        due += s.pauses[level] * -math.expm1(-dt / wait_of(level))
    return due / dt


@inlined
def wait_of(level):
    """Pause (s) after a throttle; it doubles from one to the next."""
    return min(FIRST_WAIT_S * 2.0**level, LONGEST_WAIT_S)


@compiled
def take(s, events, due, share, dt):
    """Start the share of the events that are due, the oldest; the others pause, or pause longer.

    The number that start.
    """
    wanted = (events + due) * share * dt
    taken = 0.0
    while wanted - taken > _SHARE * wanted:
        piece, _t0, _t1, _mark = take_oldest(s.events, s.queue[0], wanted - taken)
        if piece <= 0.0:
            break
        taken += piece
    left = s.queue[0].total
    if left <= _SHARE * wanted:
        for level in range(LEVELS):
            s.pauses[level] = 0.0
        return taken
    moving = events * dt * (1.0 - share)
    paused = 0.0
    for level in range(LEVELS):
        ends = s.pauses[level] * -math.expm1(-dt / wait_of(level))
        last = level == LEVELS - 1
        s.pauses[level] += moving - ends + (ends * (1.0 - share) if last else 0.0)
        moving = ends * (1.0 - share)
        paused += s.pauses[level]
    if paused > 0.0:  # some have grown too old
        for level in range(LEVELS):
            s.pauses[level] *= left / paused
    else:
        s.pauses[0] = left
    return taken


@compiled
def retry(p, s, cells, again_1, again_2, share, failing, lasts, dt):
    """Start second and third attempts; those throttled are tried once more a second later."""
    for attempt in range(2):
        n = (again_1 if attempt == 0 else again_2) * dt
        head = s.retry_head_1 if attempt == 0 else s.retry_head_2
        go = n * share
        start(p, s, cells, 2 + attempt, go, go * failing, go, lasts, lasts, dt)
        s.retrying -= go
        delay(retry_line(p, cells, attempt), head, n - go, max(dt, FIRST_WAIT_S), dt)
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
    """End what is over: (events/s that succeeded, events/s given up); `timeouts` is the part of
    the failures that are."""
    dt = tick.dt
    items, doomed, _busy = end(p, s, cells, 0)
    done = items - doomed
    lost = doomed
    succeeded = given_up = 0.0
    s.errors += doomed
    if p.attempts > 0:
        for attempt in range(3):
            items, doomed, _busy = end(p, s, cells, 1 + attempt)
            succeeded += items - doomed
            s.errors += doomed
            if attempt < p.maximum_retry_attempts:
                head = s.retry_head_1 if attempt == 0 else s.retry_head_2
                delay(retry_line(p, cells, attempt), head, doomed, RETRY_S[attempt], dt)
                s.retrying += doomed
            else:
                given_up += doomed
        s.dropped_events += given_up / dt
        done += succeeded
        if p.on_failure >= 0:
            io.loss[MOVED] += given_up / dt
        else:
            lost += given_up
    io.loss[TIMEOUT] += lost * timeouts / dt
    blame(s, io, lost * (1.0 - timeouts) / dt)
    io.done = done / dt
    return succeeded / dt, given_up / dt
