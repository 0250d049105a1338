"""What a broker keeps of each message: one for all consumers of a queue, one a topic's subscriber.

A message of a topic is done with when all have acknowledged it: what the broker holds, and what is
done, are means over the subscribers, so that a message counts once however many there are.
"""

from __future__ import annotations

from typing import Annotated, Any

from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._mq_params import Params
from sandbox.services._queue import Queue, hidden, measure, visible
from sandbox.services._sqs_messages import (
    AGAIN,
    BACK,
    CELLS,
    FAILED,
    FLIGHT,
    LINKS,
    part_of,
    time_out,
)
from sandbox.services.params import code, record

TOPIC = code(Params, "destination", "topic")


class Copies:
    """The state of a broker that these functions keep: metrics are sums over the copies but for
    ``visible`` and ``not_visible``, their means, and the largest ``age``."""

    copies: Annotated[object, (record(Queue), (LINKS,))]
    visible: float
    not_visible: float
    age: float
    received: float
    deleted: float
    received_again: float
    duplicates: float


def cells_count(params: Any, setup: Any) -> int:
    topic = params.destination == "topic"
    return CELLS * max(1, min(LINKS, len(setup.outs)) if topic else 1)


@inlined
def copies_of(p, tick):
    """A queue has one copy; a topic one a subscriber, none without."""
    return min(tick.out.shape[0], LINKS) if p.destination == TOPIC else 1


@inlined
def links_of(p, tick, k):
    """The out links, first to before last, whose consumers get the k-th copy."""
    if p.destination == TOPIC:
        return k, k + 1
    return 0, tick.out.shape[0]


@inlined
def cells_of(cells, k):
    return cells[k * CELLS : (k + 1) * CELLS]


@compiled
def stored(p, s, tick):
    """Messages that the broker stores: each once, until the last subscriber has acknowledged it."""
    most = 0.0
    for k in range(copies_of(p, tick)):
        most = max(most, visible(s.copies[k]) + hidden(s.copies[k]))
    return most


@compiled
def count(p, s, io, cells, tick):
    """Fill in the node's answer from the copies."""
    s.visible = s.not_visible = s.age = 0.0
    s.received = s.deleted = s.received_again = s.duplicates = 0.0
    copies = copies_of(p, tick)
    for k in range(copies):
        queue = s.copies[k]
        measure(queue, cells_of(cells, k), tick)
        s.visible += queue.visible / copies
        s.not_visible += queue.not_visible / copies
        s.age = max(s.age, queue.age)
        s.received += queue.received
        s.deleted += queue.deleted
        s.received_again += queue.received_again
        s.duplicates += queue.duplicates
        io.done += queue.deleted / copies
    io.in_flight = s.not_visible


@compiled
def stop(p, s, cells, tick):
    """The broker stops: (messages that come again, messages lost), a message of a topic once."""
    unacknowledged = lost = 0.0
    copies = copies_of(p, tick)
    for k in range(copies):
        queue, ours = s.copies[k], cells_of(cells, k)
        unacknowledged += hidden(queue) / copies
        if p.persistent:
            time_out(queue, ours, FLIGHT, tick.t, tick.t)
            time_out(queue, ours, FAILED, tick.t, tick.t)
            for which in range(AGAIN, BACK + 1):  # what is acknowledged now, nobody hears
                part_of(ours, which).late[:] = 0.0
            queue.late_visible = 0.0
        else:
            lost += _forget(queue, ours) / copies
    return unacknowledged, lost


@inlined
def _forget(s, cells):
    """Everything that was in memory only; consumers go on with what they hold."""
    ring = s.rings[FLIGHT]
    flight = part_of(cells, FLIGHT)
    for i in range(ring.count):
        at = ring.head + i
        one = flight[at if at < flight.size else at - flight.size]
        s.overdue[one.link] += one.amount
    lost = 0.0
    for which in range(6):
        lost += s.rings[which].total
        s.rings[which].head = 0
        s.rings[which].count = 0
        s.rings[which].total = 0.0
    s.late_visible = 0.0
    return lost
