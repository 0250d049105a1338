"""Batches: what pollers bring to a function, and what they tell the queue or stream."""

from __future__ import annotations

import math
from typing import Annotated

from sandbox.kernels.compiled import inlined
from sandbox.services._lambda_calls import MOVED, TIMEOUT, blame
from sandbox.services._lambda_concurrency import timeout
from sandbox.services._lambda_executions import due, end, start
from sandbox.services._lambda_poison import STAGES, block, held_up, let_go, tried
from sandbox.services._lambda_pollers import (
    BACK_OFF_S,
    FIRST_BATCHES,
    STREAM,
    fill,
    first_pollers,
    largest_batch,
    mapping,
    most_pollers,
    scale,
)
from sandbox.services.law import PULL, emit, node_of

PULLS = 16  # pull links; a further one is never polled
MORE_BATCHES = 0  # the event
_NOTICED = 0.02  # part of a batch's duration that its variation has to be, to be looked at


class Pulls:
    """State of the pull links, by their order."""

    pollers: Annotated[object, ("f8", (PULLS,))]
    batch: Annotated[object, ("f8", (PULLS,))]
    batches: Annotated[object, ("f8", (PULLS,))]
    batch_s: Annotated[object, ("f8", (PULLS,))]
    batch_cv: Annotated[object, ("f8", (PULLS,))]
    batch_fails: Annotated[object, ("f8", (PULLS,))]
    batch_stuck: Annotated[object, ("f8", (PULLS,))]  # share that nothing but time will end
    pull_busy: Annotated[object, ("f8", (PULLS,))]
    pull_waits: Annotated[object, ("f8", (PULLS,))]  # pollers that were throttled
    first_pulls: Annotated[object, ("f8", (PULLS,))]  # messages/s asked for in the first tick
    stuck: Annotated[object, ("f8", (PULLS,))]  # lanes of shards that a poison record blocks
    stuck_items: Annotated[object, ("f8", (PULLS,))]
    stuck_lanes_at: Annotated[object, ("f8", (PULLS, STAGES))]
    stuck_items_at: Annotated[object, ("f8", (PULLS, STAGES))]
    polling: float
    polls_most: float  # pollers that there may ever be
    batch_mean: float
    polling_grows: int
    blocked: float  # lanes blocked, of all streams
    was_blocked: int


@inlined
def batch_time(p, m, io, batch):
    """Mean duration of a batch: its messages one after the other, or waiting together."""
    if m.concurrent_in_batch:
        return batch * p.own_cpu_s + p.own_wait_s + io.down_m
    return batch * (p.own_s + io.down_m)


@inlined
def batches(p, s, io, cells, tick, variance):
    """Make batches of what the pollers took: (batches/s, their time in environments a second)."""
    k = 0
    total = total_s = 0.0
    dt = tick.dt
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode != PULL or k >= PULLS:
            continue
        m = mapping(link)
        stream = (node_of(tick, link.source).flags & STREAM) != 0
        rate = link.reads + link.writes
        most = largest_batch(m, stream, link.kb)
        each, fixed = p.own_s + io.down_m, 0.0
        if m.concurrent_in_batch:
            each, fixed = p.own_cpu_s, p.own_wait_s + io.down_m
        group = 1 + p.attempts + k
        if s.pollers[k] == 0.0 and not stream:
            s.pollers[k] = first_pollers(m)[0]
        room = s.pollers[k] - s.pull_waits[k] - (s.pull_busy[k] - due(p, s, cells, group, 0))
        batch = fill(m, most, stream, rate, s.pollers[k], p.poll_s[k], room, dt, each, fixed)
        if not stream and rate > 0.0 and rate >= 0.999 * link.pull:
            batch = most
        if rate <= 0.0:  # between two batches it is as it was
            batch = max(1.0, s.batch[k])
        mean = batch_time(p, m, io, batch)
        spread = variance * batch
        late, busy_s = timeout(mean, spread, p.timeout_s)
        poison = link.failed
        if not m.report_batch_item_failures and poison > 0.0:
            poison = 1.0 - (1.0 - poison) ** batch
        s.batch[k] = batch
        s.batches[k] = rate / batch
        s.batch_s[k] = busy_s
        s.batch_cv[k] = math.sqrt(spread) / mean if mean > 0.0 else 0.0
        s.batch_fails[k] = 1.0 - (1.0 - s.error_rate) * (1.0 - late) * (1.0 - poison)
        s.batch_stuck[k] = held_up(m, batch) if stream else 0.0
        link.weight = batch
        ends = 0.0
        if stream and m.tumbling_window_s > 0.0 and rate > 0.0:
            ends = s.pollers[k] / m.tumbling_window_s  # one more invocation of each shard
        s.window_ends += ends
        total += s.batches[k]
        total_s += s.batches[k] * busy_s
        k += 1
    return total, total_s


@inlined
def start_batches(p, s, cells, tick, share, init_s):
    """(messages/s that start, messages/s whose batch was throttled)."""
    k = 0
    begun = thrown = 0.0
    dt = tick.dt
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode != PULL or k >= PULLS:
            continue
        rate = link.reads + link.writes
        n = rate * share * dt
        busy_s = s.batch_s[k] + init_s
        gather = 0.0
        window = mapping(link).maximum_batching_window_s
        if window > 0.0 and rate > 0.0:
            full_s = (s.batch[k] - 1.0) * min(s.pollers[k], FIRST_BATCHES) / rate
            gather = 0.5 * min(window, full_s)
        group = 1 + p.attempts + k
        busy = s.batches[k] * share * dt
        if s.batch_stuck[k] > 0.0:
            block(s, k, n, busy, s.batch_stuck[k])
            n *= 1.0 - s.batch_stuck[k]
            busy *= 1.0 - s.batch_stuck[k]
        doomed = n * s.batch_fails[k]
        # Batches that began together end one by one: without that, pollers that are all busy would
        # beat in time for ever. None ends in the tick in which it began, nor after its timeout.
        apart = min(s.batch_cv[k], p.timeout_s / busy_s - 1.0, 1.0 - dt / busy_s)
        if apart > _NOTICED:
            for half in range(-1, 2, 2):
                lasts = busy_s * (1.0 + half * apart)
                start(
                    p, s, cells, group, 0.5 * n, 0.5 * doomed, 0.5 * busy, gather + lasts, lasts, dt
                )
        else:
            start(p, s, cells, group, n, doomed, busy, gather + busy_s, busy_s, dt)
        s.pull_busy[k] += busy
        begun += rate * share
        thrown += rate * (1.0 - share)
        link.returned = rate * (1.0 - share)
        k += 1
    return begun, thrown


@inlined
def poll(p, s, io, cells, tick, share, ready):
    """Tell the queues what is done, and ask for as much as the free pollers can take.

    `ready` environments are there; pollers beyond them meet a cold start first.
    """
    dt = tick.dt
    k = 0
    s.polling = s.polls_most = s.batch_mean = s.blocked = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode != PULL:
            continue
        if k >= PULLS:
            link.pull = 0.0
            continue
        m = mapping(link)
        source = node_of(tick, link.source)
        stream = (source.flags & STREAM) != 0
        group = 1 + p.attempts + k
        items, doomed, freed = end(p, s, cells, group)
        s.pull_busy[k] = max(0.0, s.pull_busy[k] - freed)
        good = items - doomed
        io.done += good / dt
        failed = doomed / dt
        late, _busy = timeout(batch_time(p, m, io, s.batch[k]), 0.0, p.timeout_s)
        kept = io.down_ok
        if kept < 1.0 and not m.report_batch_item_failures:
            kept = kept ** s.batch[k]
        link.completed = good * kept / dt
        again = failed + good * (1.0 - kept) / dt
        s.errors += doomed / s.batch[k] + good / s.batch[k] * (1.0 - kept)
        gone = 0.0
        if stream:  # what has been tried too often is discarded, and the shard goes on
            gone = tried(m, s.batch_fails[k]) * failed
            again -= gone
        if late > 0.5:
            io.loss[TIMEOUT] += failed - gone
        else:
            blame(s, io, failed - gone)
        if stream and (s.stuck_items[k] > 0.0 or s.batch_stuck[k] > 0.0):
            passed, lost = let_go(p, s, m, k, s.batch_s[k], dt)
            io.done += passed / dt
            link.completed += passed / dt
            gone += lost / dt
            s.errors += s.stuck[k] * dt / max(s.batch_s[k], 1e-3)
        if gone > 0.0:
            s.discarded += gone
            if p.on_failure >= 0:
                io.loss[MOVED] += gone
            else:
                blame(s, io, gone)
            link.completed += gone
        link.returned += again
        rate = link.reads + link.writes
        most = largest_batch(m, stream, link.kb)
        if stream:
            lanes = source.instances * m.parallelization_factor
            s.pollers[k] = max(0.0, lanes - s.stuck[k])
            link.rejected = min(1.0, s.stuck[k] / lanes) if lanes > 0.0 else 0.0
            s.blocked += s.stuck[k]
        else:
            left_over = rate > 0.0 and rate >= 0.999 * link.pull
            before = s.pollers[k]
            thrown = share < 0.999 and rate > 0.0
            s.pollers[k] = scale(m, before, s.pull_busy[k], left_over, thrown, dt, tick.era)
            if left_over and s.pollers[k] > before and s.polling_grows == 0:
                emit(tick, MORE_BATCHES, before, (s.pollers[k] - before) * 60.0 / dt)
                s.polling_grows = 1
            elif not left_over:
                s.polling_grows = 0
        _late, full_s = timeout(batch_time(p, m, io, most), 0.0, p.timeout_s)
        # what other ways in leave is for as many pollers; the others are refused, and rest
        able = min(s.pollers[k], max(0.0, s.limit - max(0.0, s.busy - s.pull_busy[k])))
        waits = s.pull_waits[k] + s.batches[k] * (1.0 - share) * dt
        s.pull_waits[k] = min(waits, s.pollers[k] - able) * max(0.0, 1.0 - dt / BACK_OFF_S)
        free = s.pollers[k] - s.pull_waits[k] - (s.pull_busy[k] - due(p, s, cells, group, 1))
        free = max(0.0, free)
        able = min(free, able)
        idle = ready - max(0.0, s.busy - due(p, s, cells, group, 1))
        cold = max(0.0, able - max(0.0, idle))
        turns = (able - cold) / min(dt, full_s)
        turns += cold * (1.0 / dt + max(0.0, 1.0 - (full_s + p.init_s) / dt) / full_s)
        link.pull = (turns + (free - able) / min(dt, BACK_OFF_S)) * most
        s.polling += s.pollers[k]
        s.polls_most += s.pollers[k] if stream else most_pollers(m, tick.era)
        s.batch_mean = max(s.batch_mean, s.batch[k])
        k += 1
