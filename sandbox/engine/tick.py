"""One tick, and many: the compiled loop over nodes and ticks.

The order of a tick:
1. controls take effect (between calls of `advance`; the run stops at their time), and faults;
2. sources emit;
3. forward, in topological order: each node takes its arrivals and last tick's answers, serves,
   queues, throttles, rejects, and sends on, in the same tick;
4. backward, in reverse order: answers, latency and failures are composed up synchronous paths;
   then the balance is checked, and losses begin and end as events;
5. metrics that somebody watches are sampled, and their buckets close; then controllers act on
   their own clocks, on metrics that have closed, never on live state;
6. the tick is recorded.
"""

from __future__ import annotations

import math
from pathlib import Path

from numba import carray, njit

from sandbox.engine.answers import answer
from sandbox.engine.attempts import ask_first, issue
from sandbox.engine.faults import act, due, settle, strike, unsent
from sandbox.engine.native import borrowed, invoke, use_cache
from sandbox.engine.notes import LOSS_BEGINS, LOSS_ENDS, note
from sandbox.engine.record import record
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.quantile import cdf
from sandbox.services.law import (
    ASYNC,
    BALANCES,
    CAUSES,
    CONTROL,
    GUARDS,
    HANDED_OVER_CUT,
    PULL,
    READ,
    SOURCE,
    STREAM,
    SYNC,
    WRITE,
    pointer,
)
from sandbox.services.references import WATCH, sample

use_cache("engine", Path(__file__).read_bytes())

QUIET_S = 60.0  # a loss is over when it has not been seen for this long
MOST = 1e12  # requests/s on a link: a cycle that calls itself more than once a request has no end
NOTED = 1e-3  # the share of arrivals from which a loss is an event
_CRUMB = 1e-3  # requests, or this share of the most so far: the last digits of a rest are rounding


@njit(error_model="numpy", nogil=True, cache=True)
def advance(
    ticks,
    address,
    worlds,
    nodes,
    links,
    ins,
    order,
    controllers,
    mixes,
    classes,
    events,
    scratch,
    tape,
):
    """Run `ticks` ticks of the nodes in `order`. `controllers` are those of them that have any or
    whose metrics are watched,
    `mixes` are (node_mix, link_mix, route), `classes` (share, writes, payload, deadline).
    """
    worlds, nodes, links, ins = borrowed((worlds, nodes, links, ins))
    mixes, classes, events = borrowed((mixes, classes, events))
    order, controllers, scratch, tape = borrowed((order, controllers, scratch, tape))
    world = worlds[0]
    node_mix, link_mix, route = mixes
    count = order.shape[0]
    hours = world.dt / 3600.0
    for _ in range(ticks):
        world.t = world.n * world.dt
        if due(world):  # 1
            act(world, nodes, links, events)
        for rank in range(count):  # 2 and 3
            i = order[rank]
            io = nodes[i]
            if io.afflicted != 0:
                strike(io, links, ins, link_mix)
            _gather(io, i, links, ins, node_mix, link_mix)
            _clear(io)
            invoke(io.step, address, i)
            if io.flags & SOURCE:
                _emit(io, i, node_mix, classes)
            _send(io, i, links, node_mix, link_mix, route, classes)
            if io.flags & GUARDS:
                _try_again(io, links, link_mix, classes, world)
            if io.afflicted != 0:
                settle(io, links, ins, world.dt)
        for rank in range(count - 1, -1, -1):  # 4
            i = order[rank]
            io = nodes[i]
            lost = _lost(io)
            answer(io, i, nodes, links, scratch, lost, world, events)
            if io.afflicted & HANDED_OVER_CUT and io.flags & STREAM == 0:
                unsent(io, links)
            _balance(io, i, links, world, lost)
            if io.flags & SOURCE:
                _deadlines(io, classes)
            if lost > 0.0 or io.losing > 0:
                _losses(io, i, world, events)
            io.cost_total += io.cost_per_hour * hours
        for rank in range(controllers.shape[0]):  # 5
            io = nodes[controllers[rank]]
            if io.watches_n > 0:
                sample(carray(pointer(io.watches), io.watches_n, WATCH), world.n, world.dt)
        for rank in range(controllers.shape[0]):
            i = controllers[rank]
            if nodes[i].control != 0:
                invoke(nodes[i].control, address, i)
        record(tape, nodes, order, world.dt)
        world.n += 1
    world.t = world.n * world.dt


@inlined
def _gather(io, i, links, ins, node_mix, link_mix):
    """What the incoming links bring: totals, mean payload, variability, composition."""
    reads = writes = size = spread = 0.0
    classes = node_mix.shape[2]
    if io.ins_n == 1:  # the common case, without a mean to take
        j = ins[io.ins]
        link = links[j]
        if link.mode != CONTROL:
            io.reads, io.writes, io.kb, io.ca2 = link.reads, link.writes, link.kb, link.ca2
            link.taken = link.reads + link.writes
            for k in range(classes):
                node_mix[i, 0, k] = link_mix[j, 0, k]
                node_mix[i, 1, k] = link_mix[j, 1, k]
            return
    for k in range(classes):
        node_mix[i, 0, k] = node_mix[i, 1, k] = 0.0
    for x in range(io.ins, io.ins + io.ins_n):
        j = ins[x]
        link = links[j]
        if link.mode == CONTROL:
            continue
        flow = link.taken = link.reads + link.writes
        reads += link.reads
        writes += link.writes
        size += flow * link.kb
        spread += flow * link.ca2
        for k in range(classes):
            node_mix[i, 0, k] += link_mix[j, 0, k]
            node_mix[i, 1, k] += link_mix[j, 1, k]
    total = reads + writes
    io.reads = reads
    io.writes = writes
    if total > 1e-12:
        io.kb = size / total
        io.ca2 = spread / total
    else:
        io.ca2 = 1.0


@inlined
def _clear(io):
    io.done = io.waiting = io.in_flight = io.lag = io.lag_expired = 0.0
    for c in range(CAUSES):
        io.loss[c] = 0.0
    io.out_reads = io.out_writes = 0.0
    io.out_kb = io.kb
    io.out_ca2 = 1.0
    io.absorbed = 0.0
    io.svc_m = io.svc_v = io.svc_k = io.wait_p = io.wait_m = io.wait_v = io.wait_k = 0.0
    io.utilization = io.instances = io.cost_per_hour = 0.0


@inlined
def _emit(io, i, node_mix, classes):
    """A source's arrivals, split into the request classes of the scenario."""
    share, writing, payload, _deadline = classes
    known = share.shape[0]
    total = io.reads + io.writes
    own = io.writes / total if total > 0.0 else 0.0
    out = io.out_reads + io.out_writes
    io.reads = io.writes = io.out_reads = io.out_writes = 0.0
    size = 0.0
    for k in range(known):
        w = own if writing[k] != writing[k] else writing[k]
        node_mix[i, 0, k] = total * share[k] * (1.0 - w)
        node_mix[i, 1, k] = total * share[k] * w
        io.reads += node_mix[i, 0, k]
        io.writes += node_mix[i, 1, k]
        io.out_reads += out * share[k] * (1.0 - w)
        io.out_writes += out * share[k] * w
        size += share[k] * (payload[k] if payload[k] == payload[k] else io.kb)
    io.kb = io.out_kb = size


@inlined
def _send(io, i, links, node_mix, link_mix, route, classes):
    """Forward the node's output to its synchronous and asynchronous links, class by class."""
    first = io.out
    last = io.out + io.out_n
    if first == last:
        return
    share, _writing, payload, _deadline = classes
    arrived = io.reads + io.writes
    out = io.out_reads + io.out_writes
    for j in range(first, last):
        link = links[j]
        if link.mode == SYNC or link.mode == ASYNC:
            link.reads = link.writes = 0.0
            link.ca2 = 1.0
            link.kb = io.out_kb if link.payload_kb < 0.0 else link.payload_kb
    balances = io.flags & BALANCES
    for k in range(share.shape[0]):
        reads = io.out_reads
        writes = io.out_writes
        mixed = 1.0
        if share.shape[0] > 1:
            mix = node_mix[i, 0, k] + node_mix[i, 1, k]
            mixed = mix / arrived if arrived > 0.0 else share[k]
            reads *= node_mix[i, 0, k] / io.reads if io.reads > 0.0 else mixed
            writes *= node_mix[i, 1, k] / io.writes if io.writes > 0.0 else mixed
        shares = 0.0
        if balances:
            for j in range(first, last):
                link = links[j]
                if (link.mode == SYNC or link.mode == ASYNC) and link.spared >= 0:
                    shares += link.share * link.weight * route[j, k]
        for j in range(first, last):
            link = links[j]
            if link.mode == SYNC or link.mode == ASYNC:
                if link.spared < 0:  # reads that fail at another link are asked here again
                    link_mix[j, 0, k] = min(link.weight * route[j, k] * reads, MOST)
                    link_mix[j, 1, k] = 0.0
                    link.reads += link_mix[j, 0, k]
                    continue
                if balances:
                    part = link.share * link.weight * route[j, k]
                    if part > 0.0:
                        part = 1.0 if part == shares else part / shares
                else:
                    part = link.calls * link.weight * route[j, k]
                r = min(part * reads, MOST)
                w = min(part * writes, MOST)
                if link.operation == READ:
                    r += w
                    w = 0.0
                elif link.operation == WRITE:
                    w += r
                    r = 0.0
                link_mix[j, 0, k] = r
                link_mix[j, 1, k] = w
                link.reads += r
                link.writes += w
            elif link.mode == PULL:  # the law has set the flow; its composition is the node's
                link_mix[j, 0, k] = link.reads * mixed
                link_mix[j, 1, k] = link.writes * mixed
    if io.out_kb == io.kb:
        _sizes(io, links, link_mix, payload)
    if io.out_ca2 != 1.0 and out > 0.0:
        for j in range(first, last):
            link = links[j]
            if link.mode == SYNC or link.mode == ASYNC:
                # a random part of a stream is the closer to Poisson the smaller it is
                part = min(1.0, (link.reads + link.writes) / out)
                link.ca2 = 1.0 + part * (io.out_ca2 - 1.0)


@inlined
def _sizes(io, links, link_mix, payload):
    """The mean payload of a link by its own composition, where every class has a payload."""
    for k in range(payload.shape[0]):
        if payload[k] != payload[k]:
            return
    for j in range(io.out, io.out + io.out_n):
        link = links[j]
        flow = link.reads + link.writes
        if (link.mode == SYNC or link.mode == ASYNC) and link.payload_kb < 0.0 and flow > 0.0:
            size = 0.0
            for k in range(payload.shape[0]):
                size += (link_mix[j, 0, k] + link_mix[j, 1, k]) * payload[k]
            link.kb = size / flow


@compiled
def _try_again(io, links, link_mix, classes, world):
    """Add retries to what the node's guarded links carry, with the composition of fresh calls."""
    share, _writing, _payload, _deadline = classes
    for j in range(io.out, io.out + io.out_n):
        link = links[j]
        if link.guard == 0 or link.mode != SYNC:
            continue
        if link.asks_first >= 0:
            ask_first(link, links[link.asks_first])
        reads, writes = link.reads, link.writes
        issue(link, world.dt, world.t)
        for k in range(share.shape[0]):
            mix = share[k]
            if reads + writes > 0.0:
                mix = (link_mix[j, 0, k] + link_mix[j, 1, k]) / (reads + writes)
            link_mix[j, 0, k] = link.reads * (link_mix[j, 0, k] / reads if reads > 0.0 else mix)
            link_mix[j, 1, k] = link.writes * (link_mix[j, 1, k] / writes if writes > 0.0 else mix)


@inlined
def _deadlines(io, classes):
    """Goodput counts answers within the deadline of their class."""
    share, _writing, _payload, deadline = classes
    if io.fresh != 0:
        io.punctual = 0.0
        for k in range(share.shape[0]):
            met = cdf(io.latency, deadline[k]) if deadline[k] < math.inf else 1.0
            io.punctual += share[k] * met
    io.goodput *= min(io.punctual, 1.0)


@inlined
def _lost(io):
    """Losses/s by all causes."""
    one = two = three = four = 0.0  # sums that need not wait for each other
    for c in range(0, CAUSES, 4):
        one += io.loss[c]
        two += io.loss[c + 1]
        three += io.loss[c + 2]
        four += io.loss[c + 3]
    return (one + two) + (three + four)


@inlined
def _balance(io, i, links, world, lost):
    """Nothing is made or lost: per node, and per consumer of a stream."""
    dt = world.dt
    arrived = (io.reads + io.writes) * dt
    held = io.waiting + io.in_flight
    gap = abs(io.held + arrived - (io.done + lost) * dt - held)
    io.most = max(io.most, io.held + arrived)
    crumb = _CRUMB * max(1.0, io.most)
    _worst(world, i, gap, max(crumb, io.held + arrived))
    io.held = held
    if io.flags & STREAM:
        for j in range(io.out, io.out + io.out_n):
            link = links[j]
            if link.mode == PULL or link.mode == ASYNC:
                left = link.reads + link.writes if link.mode == PULL else link.completed
                out = (left + link.expired) * dt
                gap = abs(link.held_before + link.entered * dt - out - link.held)
                _worst(world, i, gap, max(crumb, link.held_before + link.entered * dt))
                link.held_before = link.held


@inlined
def _worst(world, i, gap, of):
    """Keep the worst error; what is not a number is worse than any."""
    if gap > world.balance_error * of or gap != gap:  # seldom, so a division is saved
        world.balance_error = gap / of
        world.balance_node = i


@inlined
def _losses(io, i, world, events):
    """A loss that begins or has ended is an event."""
    for c in range(CAUSES):
        if io.kinds[c] < 0:
            break
        lost = io.loss[c]
        io.loss_total[c] += lost * world.dt
        arrived = io.reads + io.writes
        if lost > 1e-9 and lost >= NOTED * arrived:
            if io.loss_since[c] == 0.0:
                io.losing += 1
                note(world, events, i, LOSS_BEGINS - c, lost, arrived, 0.0, 0.0)
            io.loss_since[c] = world.t + 1.0
        elif io.loss_since[c] > 0.0 and world.t + 1.0 - io.loss_since[c] >= QUIET_S:
            note(world, events, i, LOSS_ENDS - c, io.loss_total[c], arrived, 0.0, 0.0)
            io.loss_since[c] = 0.0
            io.losing -= 1
