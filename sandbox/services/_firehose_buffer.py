"""What a delivery stream holds: the buffer, what is on its way, and what is to be tried again.

Records leave in objects: when the buffer has its size, or its oldest record the age of the buffer's
interval.  What a destination refuses keeps the time at which it arrived, and is tried again until
it is too old.  What became of the objects of a tick is known in the next one.
"""

from __future__ import annotations

import math
from typing import Annotated

from sandbox.kernels.clock import due
from sandbox.kernels.cohort import COHORT, QUEUE, expire, oldest_age, push, take
from sandbox.kernels.compiled import compiled, inlined

BUFFER, FLIGHT, AGAIN = range(3)
RING = 256  # cohorts kept of each
RETRY_S = 30.0  # assumption: time between two tries at a destination that refuses
REFUSES = 0.5  # assumption: share of objects taken below which a destination counts as down
LEAST_S = 1.0  # assumption: an object a second where the interval is shorter
CELLS = COHORT


class Held:
    """What the state of a delivery stream keeps."""

    rings: Annotated[object, (QUEUE, (3,))]
    since: float  # when the first record of the buffer came
    objects: float  # objects/s handed to the destination in this tick
    failing: int  # whether most of the last objects were refused
    kb: float  # size of a record
    freshness: float


@inlined
def part(cells, which):
    return cells[which * RING : (which + 1) * RING]


@compiled
def settle(s, cells, ok):
    """The records delivered of those on their way, of which the share `ok` got through."""
    ring = s.rings[FLIGHT]
    if ring.total <= 0.0:
        return 0.0
    delivered = 0.0
    s.failing = 1 if ok < REFUSES else 0
    while True:
        amount, t0, t1, mark = take(part(cells, FLIGHT), ring, ring.total)
        if amount <= 0.0:
            break
        if ok >= 1.0 - 1e-12:
            delivered += amount
        else:
            delivered += amount * ok
            push(part(cells, AGAIN), s.rings[AGAIN], t0, t1, amount * (1.0 - ok), mark)
    return delivered


@compiled
def flush(p, s, cells, tick, accepted, kb):
    """Take in `accepted` records/s of `kb`, and hand over what is full, old, or due again."""
    dt, end = tick.dt, tick.t + tick.dt
    ring = s.rings[BUFFER]
    came = accepted * dt
    if came > 0.0:
        held = s.rings[BUFFER].total + s.rings[AGAIN].total
        s.kb += (kb - s.kb) * came / (held + came)
        if ring.total <= 0.0:
            s.since = tick.t
        push(part(cells, BUFFER), ring, tick.t, end, came)
    objects = 0.0
    again = s.rings[AGAIN].total  # the oldest goes first
    if again > 0.0 and (s.failing == 0 or due(tick.n, dt, RETRY_S)):
        objects += max(1.0, again * s.kb / p.size_kb)
        _hand_over(s, cells, AGAIN, again)
    if ring.total > 0.0:
        size = p.size_kb / max(s.kb, 1e-9)  # records of a full object
        full = math.floor(ring.total / size + 1e-9)
        if full > 0.0:
            objects += full
            _hand_over(s, cells, BUFFER, full * size)
            # the rest began when the last object was full
            s.since = end - ring.total / accepted if came > 0.0 else end
        interval = max(p.interval_s, LEAST_S)
        if ring.total > 0.0 and end >= s.since + interval - 1e-6:
            objects += max(1.0, dt / interval) if full == 0.0 else 1.0
            _hand_over(s, cells, BUFFER, ring.total)
    s.objects = objects / dt


@compiled
def _hand_over(s, cells, which, amount):
    left = amount
    while left > 1e-12 * amount:
        piece, t0, t1, mark = take(part(cells, which), s.rings[which], left)
        if piece <= 0.0:
            break
        push(part(cells, FLIGHT), s.rings[FLIGHT], t0, t1, piece, mark)
        left -= piece


@compiled
def give_up(s, cells, before_s):
    """Records refused that arrived before a time are tried no more: how many."""
    return expire(part(cells, AGAIN), s.rings[AGAIN], before_s)


@compiled
def oldest(s, cells, t_s):
    """Age of the oldest record that is not delivered, s."""
    age = 0.0
    for which in range(3):
        age = max(age, oldest_age(part(cells, which), s.rings[which], t_s))
    return age
