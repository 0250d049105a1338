"""How a queue hands out messages: what is asked for, in flight, and free in the groups."""

from __future__ import annotations

import math

from sandbox.kernels.cohort import place
from sandbox.kernels.compiled import inlined
from sandbox.services._queue import hand_over, hidden, visible
from sandbox.services._sqs_bill import (
    COLUMNS,
    GET_USD,
    INTERVAL,
    POLLERS,
    WAIT,
    billed,
    empty_receives,
)
from sandbox.services._sqs_fifo import FIFO, ready
from sandbox.services._sqs_messages import AGAIN, BACK, FAILED, FLIGHT, FRESH, SIZES, part_of
from sandbox.services._sqs_words import GROUPS, MOVED_BACK, MOVED_CAUSE, NO_MORE, OVER_LIMIT
from sandbox.services.law import PULL, emit, node_of

RECEIVE_MOST = 10.0  # messages a call; API Reference, ReceiveMessage; H
PORTS = ("in", "messages", "dead_letter", "redrive")
DEAD_LETTER, REDRIVE = PORTS.index("dead_letter"), PORTS.index("redrive")


@inlined
def deliver(p, s, io, cells, tick):
    """Give the consumers what they asked for, each its part if there is not enough."""
    dt = tick.dt
    asked = batches = hold = spread = 0.0
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode == PULL and link.pull > 0.0:
            ask = link.pull * dt
            asked += ask
            spread += ask * math.sqrt(node_of(tick, link.target).svc_v)
            batches += ask / max(1.0, min(link.weight, RECEIVE_MOST))
            hold += ask * node_of(tick, link.target).latency_mean
    s.spread = spread / asked if asked > 0.0 else 0.0
    there = visible(s)
    room = max(0.0, p.in_flight_limit - hidden(s))
    given = min(asked, there, room)
    if room < min(asked, there):
        if s.limited == 0:
            emit(tick, NO_MORE if p.type == FIFO else OVER_LIMIT, p.in_flight_limit, there)
        s.limited = 1
    elif room > 0.01 * p.in_flight_limit:
        s.limited = 0
    if p.type == FIFO and asked > 0.0:
        given = _in_groups(p, s, cells, tick, given, there, asked / batches, hold / asked)
    moved_sent = 0.0
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode != PULL:
            continue
        got, moved_sent = hand_over(p, s, cells, tick, j, given, asked, moved_sent)
        batch = max(1.0, min(link.weight, RECEIVE_MOST))
        if got > 0.0:
            s.requests += got / batch * billed(batch * s.body_kb)
            s.s3_usd += got * s.in_s3 * GET_USD
        if link.pull > 0.0:
            row = j * COLUMNS
            pollers = tick.table[row + POLLERS]
            if pollers <= 0.0:
                pollers = max(1.0, node_of(tick, link.target).instances)
            idle = max(0.0, 1.0 - got / (link.pull * dt))
            s.empty += dt * empty_receives(
                tick.table[row + WAIT], tick.table[row + INTERVAL], pollers, got / batch / dt, idle
            )
    s.requests += s.empty
    if s.moved > 0.0:
        io.loss[MOVED_CAUSE] = s.moved / dt
        for j in range(tick.out.shape[0]):
            link = tick.out[j]
            if link.mode != PULL and link.source_port == DEAD_LETTER:
                # on a FIFO queue the time at which it was sent begins anew
                link.sent_s = tick.t + 0.5 * dt if p.type == FIFO else moved_sent / s.moved


@inlined
def _in_groups(p, s, cells, tick, given, there, batch, hold_s):
    """What of `given` the groups of a FIFO queue and the calls a second let through."""
    heads = s.rings[AGAIN].total + s.rings[BACK].total
    ill = 0.0  # in flight, and about to hold up their groups
    for i in range(s.rings[FLIGHT].count):
        ill += part_of(cells, FLIGHT)[place(s.rings[FLIGHT].head, i, SIZES[FLIGHT])].bad
    can, s.groups_busy = ready(
        s,
        float(p.message_groups),
        batch,
        hold_s * batch,
        tick.dt,
        s.rings[FRESH].total,
        heads,
        s.rings[FLIGHT].total - ill,
        s.rings[FAILED].total + ill,
    )
    if can < 0.99 * given and s.groups_busy > 0.95 * p.message_groups:
        if s.blocked == 0:
            emit(tick, GROUPS, float(p.message_groups), there)
        s.blocked = 1
    elif s.groups_busy < 0.9 * p.message_groups:
        s.blocked = 0
    return min(given, can, p.calls_per_s * batch * tick.dt)


@inlined
def move(p, s, io, tick):
    """Send on what moves to the dead-letter queue, and what moves back from it."""
    out = s.moved + s.moved_back
    io.loss[MOVED_BACK] = s.moved_back / tick.dt
    if out <= 0.0:
        return
    io.out_writes = out / tick.dt
    io.out_kb = s.kb
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode == PULL:
            continue
        if link.source_port == REDRIVE:  # new messages, as SQS sees it
            link.weight = s.moved_back / out
            link.sent_s = tick.t + 0.5 * tick.dt
        else:
            link.weight = s.moved / out
