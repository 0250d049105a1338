"""Batches: what pollers bring to a function, and what they tell the queue or stream."""

from __future__ import annotations

from sandbox.kernels.compiled import inlined
from sandbox.services._lambda_calls import TIMEOUT, blame
from sandbox.services._lambda_concurrency import SHORTEST_S, timeout
from sandbox.services._lambda_executions import due, end, start
from sandbox.services._lambda_pollers import (
    BACK_OFF_S,
    FIRST_BATCHES,
    STREAM,
    fill,
    largest_batch,
    mapping,
    origin,
    scale,
)
from sandbox.services.law import PULL, emit

PULLS = 16  # pull links; a further one is never polled
MORE_BATCHES = 0  # the event


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
        stream = (origin(link, tick).flags & STREAM) != 0
        rate = link.reads + link.writes
        most = largest_batch(m, stream, link.kb)
        each, fixed = p.own_s + io.down_m, 0.0
        if m.concurrent_in_batch:
            each, fixed = p.own_cpu_s, p.own_wait_s + io.down_m
        group = 1 + p.attempts + k
        free = s.pollers[k] - s.pull_waits[k] - (s.pull_busy[k] - due(p, s, cells, group, 0))
        free *= dt / min(dt, max(SHORTEST_S, each + fixed))
        batch = fill(m, most, stream, rate, s.pollers[k], free, rate * dt, each, fixed)
        if not stream and rate > 0.0 and rate >= 0.999 * link.pull:
            batch = most
        late, busy_s = timeout(batch_time(p, m, io, batch), variance * batch, p.timeout_s)
        poison = link.failed
        if not m.report_batch_item_failures and poison > 0.0:
            poison = 1.0 - (1.0 - poison) ** batch
        s.batch[k] = batch
        s.batches[k] = rate / batch
        s.batch_s[k] = busy_s
        s.batch_fails[k] = 1.0 - (1.0 - s.error_rate) * (1.0 - late) * (1.0 - poison)
        link.weight = batch
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
        start(p, s, cells, group, n, n * s.batch_fails[k], busy, gather + busy_s, busy_s, dt)
        s.pull_busy[k] += busy
        begun += rate * share
        thrown += rate * (1.0 - share)
        link.returned = rate * (1.0 - share)
        k += 1
    return begun, thrown


@inlined
def poll(p, s, io, cells, tick, share):
    """Tell the queues what is done, and ask for as much as the free pollers can take."""
    dt = tick.dt
    k = 0
    s.polling = s.batch_mean = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode != PULL:
            continue
        if k >= PULLS:
            link.pull = 0.0
            continue
        m = mapping(link)
        source = origin(link, tick)
        stream = (source.flags & STREAM) != 0
        group = 1 + p.attempts + k
        items, doomed, freed = end(p, s, cells, group)
        s.pull_busy[k] = max(0.0, s.pull_busy[k] - freed)
        good = items - doomed
        io.done += good / dt
        failed = doomed / dt
        late, _busy = timeout(batch_time(p, m, io, s.batch[k]), 0.0, p.timeout_s)
        if late > 0.5:
            io.loss[TIMEOUT] += failed
        else:
            blame(s, io, failed)
        kept = io.down_ok
        if kept < 1.0 and not m.report_batch_item_failures:
            kept = kept ** s.batch[k]
        link.completed = good * kept / dt
        link.returned += failed + good * (1.0 - kept) / dt
        s.errors += doomed / s.batch[k] + good / s.batch[k] * (1.0 - kept)
        rate = link.reads + link.writes
        most = largest_batch(m, stream, link.kb)
        if stream:
            s.pollers[k] = source.instances * m.parallelization_factor
        else:
            left_over = rate > 0.0 and rate >= 0.999 * link.pull
            before = s.pollers[k]
            thrown = share < 0.999 and rate > 0.0
            s.pollers[k] = scale(m, before, s.pull_busy[k], left_over, thrown, dt, tick.era)
            if s.pollers[k] > before and s.polling_grows == 0:
                emit(tick, MORE_BATCHES, before, (s.pollers[k] - before) * 60.0 / dt)
                s.polling_grows = 1
            elif not left_over:
                s.polling_grows = 0
        _late, full_s = timeout(batch_time(p, m, io, most), 0.0, p.timeout_s)
        s.pull_waits[k] += s.batches[k] * (1.0 - share) * dt
        s.pull_waits[k] *= max(0.0, 1.0 - dt / BACK_OFF_S)
        free = s.pollers[k] - s.pull_waits[k] - (s.pull_busy[k] - due(p, s, cells, group, 1))
        link.pull = max(0.0, free) / min(dt, full_s) * most
        s.polling += s.pollers[k]
        s.batch_mean = max(s.batch_mean, s.batch[k])
        k += 1
