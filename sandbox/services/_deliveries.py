"""Push delivery: what a topic or a bus hands to each of its targets, and tries again on schedule.

A delivery that its target refuses waits here, with the times at which it was sent and first tried;
it is tried again so long after the first time as its retry policy gives, and given up when the
policy has run out, or it is too old: moved to a dead-letter queue, or lost.  Each target has a
ledger of its own: what entered is delivered, given up, or held.  What a target made of the attempts
of a tick is known in the next one.

A delivery law calls, each tick: `settle` for every target, then `send`, then `dead_letters`.
"""

from __future__ import annotations

from typing import Annotated, Any

from sandbox.kernels.cohort import QUEUE, clear, expire, place, push, take
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._delivery_policy import (
    CAP,
    CLASSES,
    END,
    OLDEST,
    PRICE,
    REDRIVE,
    ROW,
    SHARES,
    TAIL,
    TRUSTED,
    N,
)
from sandbox.services._sqs_cohorts import MESSAGES, append, part_before, split, trim
from sandbox.services.contract import Port
from sandbox.services.law import share_taken

LINKS = 64  # targets that are delivered to
RING = 1024  # cohorts kept for each,
LATE = 64  # … of those not yet attempted, and of those attempted in a tick
OF_LINK = RING + 2 * LATE
SOUND = 0.99  # share of attempts that succeed at a target that is well

DEAD_LETTER = Port(
    "dead_letter",
    "out",
    "Dead-letter queue",
    modes=("async",),
    many=False,
    peers=("sqs",),
    redrive=True,
)


class Deliveries:
    """What the state of a service that pushes keeps; rates are those of the last tick."""

    rings: Annotated[object, (QUEUE, (LINKS,))]
    tried: Annotated[object, ("f8", (LINKS,))]  # first attempts of the last tick
    pending: Annotated[object, ("f8", (LINKS,))]  # not yet attempted: over the target's rate,
    late: Annotated[object, (QUEUE, (LINKS,))]  # … with the times at which they were sent,
    begun: Annotated[object, (QUEUE, (LINKS,))]  # … and those of them attempted in the last tick
    cleared: Annotated[object, ("f8", (LINKS,))]  # for so long (s) the tail has met no failure
    given_up: Annotated[object, ("f8", (LINKS,))]
    delivered: float
    failures: float
    filtered: float
    discarded: float
    redriven: float
    retrying: float
    attempts: float
    delivery_usd: float


CELLS = MESSAGES  # since when: first tried


def cells_count(params: Any, setup: Any) -> int:
    return OF_LINK * max(1, min(LINKS, len(setup.outs)))


@inlined
def _ring(cells, j):
    return cells[j * OF_LINK : j * OF_LINK + RING]


@inlined
def _late(cells, j):
    return cells[j * OF_LINK + RING : j * OF_LINK + RING + LATE]


@inlined
def _begun(cells, j):
    return cells[j * OF_LINK + RING + LATE : (j + 1) * OF_LINK]


@compiled
def begin(s):
    """Set the rates of a tick to nothing."""
    s.delivered = s.failures = s.filtered = s.discarded = s.redriven = s.retrying = 0.0
    s.attempts = s.delivery_usd = 0.0


@compiled
def settle(s, cells, tick, j):
    """What the target of out link `j` made of last tick's attempts; what is given up."""
    link = tick.out[j]
    given = tick.table[j * ROW : (j + 1) * ROW]
    ring = s.rings[j]
    part = _ring(cells, j)
    trusted = given[TRUSTED] != 0.0
    ok = 1.0 - link.failing - link.choking if trusted else share_taken(tick, link)
    before = tick.t - tick.dt
    tried = s.tried[j]
    again = 0.0
    if ring.total > 0.0:
        again = sweep(part, ring, given, before, tick.dt, ok, s.cleared[j])
        s.cleared[j] = s.cleared[j] + tick.dt if ok > SOUND else 0.0
    delivered = (tried + again) * ok
    link.completed = delivered / tick.dt
    failed = tried * (1.0 - ok)
    if failed > 1e-12 * tried:
        _failed(s, cells, tick, j, 1.0 - ok)
    else:
        delivered += failed
        link.completed = delivered / tick.dt
    clear(_begun(cells, j), s.begun[j])
    s.given_up[j] = 0.0
    if ring.total > 0.0:
        s.given_up[j] = _expire(part, ring, tick.t - given[END], tick.t - given[OLDEST])
    if s.pending[j] > 0.0:
        s.given_up[j] += expire(_late(cells, j), s.late[j], tick.t - given[OLDEST])
        s.pending[j] = s.late[j].total
    s.tried[j] = 0.0
    link.expired = s.given_up[j] / tick.dt
    s.delivered += delivered / tick.dt
    s.failures += (tried + again) * (1.0 - ok) / tick.dt
    s.delivery_usd += delivered / tick.dt * given[PRICE]
    if given[REDRIVE] != 0.0:
        s.redriven += s.given_up[j] / tick.dt
    else:
        s.discarded += s.given_up[j] / tick.dt


@compiled
def _failed(s, cells, tick, j, share):
    """Keep the share of last tick's first attempts that failed, by when they were sent.

    Each tick has cohorts of its own, never joined to the last: retries take some of each.
    """
    part, ring, begun = _ring(cells, j), s.rings[j], s.begun[j]
    first, last = tick.t - tick.dt, tick.t
    if begun.count == 0:
        amount = s.tried[j] * share
        append(part, ring, first, last, first, last, amount, 0.0, 0.0, 0, 0, 0)
    for i in range(begun.count):
        one = _begun(cells, j)[place(begun.head, i, LATE)]
        amount = one.amount * share
        append(part, ring, one.t0, one.t1, first, last, amount, 0.0, 0.0, 0, 0, 0)


@compiled
def _expire(cells, ring, first_s, sent_s):
    """Give up what was first tried, or sent, before these times: the amount."""
    gone = 0.0
    for i in range(ring.count):
        one = cells[place(ring.head, i, cells.size)]
        if one.amount <= 0.0:
            continue
        old = max(
            part_before(one, one.since0, one.since1, first_s),
            part_before(one, one.t0, one.t1, sent_s),
        )
        if old <= 0.0:
            break
        gone += split(cells, ring, i, old)[0]
    trim(cells, ring)
    return gone


@compiled
def send(s, cells, tick, j, entered, passing, most):
    """Attempt what entered (1/s) and what is due again; `passing` is the share of the node's output
    that takes the link, `most` how many attempts (1/s) there is room for.  The attempts (1/s)."""
    link = tick.out[j]
    given = tick.table[j * ROW : (j + 1) * ROW]
    ring = s.rings[j]
    again = 0.0
    if ring.total > 0.0:
        again = sweep(_ring(cells, j), ring, given, tick.t, tick.dt, 0.0, s.cleared[j])
    fresh = entered * tick.dt
    room = max(0.0, min(given[CAP], most) * tick.dt - again)
    if s.pending[j] > 0.0 or fresh > room:
        late = s.late[j]
        push(_late(cells, j), late, tick.t, tick.t + tick.dt, fresh)
        fresh = 0.0
        while fresh < room:
            amount, t0, t1, _mark = take(_late(cells, j), late, room - fresh)
            if amount <= 0.0:
                break
            push(_begun(cells, j), s.begun[j], t0, t1, amount)
            fresh += amount
        s.pending[j] = late.total
    s.tried[j] = fresh
    flow = (fresh + again) / tick.dt
    link.weight = flow / passing if passing > 0.0 else 0.0
    link.entered = entered
    link.held = s.pending[j] + ring.total + fresh
    s.retrying += s.pending[j] + ring.total
    s.attempts += flow
    return flow


@inlined
def demand(s, cells, tick, j, entered):
    """Attempts (1/s) that a target would get if there were room for all."""
    given = tick.table[j * ROW : (j + 1) * ROW]
    ring = s.rings[j]
    again = 0.0
    if ring.total > 0.0:
        again = sweep(_ring(cells, j), ring, given, tick.t, tick.dt, 0.0, s.cleared[j]) / tick.dt
    return min(given[CAP], s.pending[j] / tick.dt + entered + again)


@compiled
def sweep(cells, ring, given, t, dt, ok, cleared):
    """The amount that is due again in the tick at `t`; the share `ok` of it is taken out.

    Each cohort is due while the time since its first attempt passes one of the schedule's; attempts
    that follow each other within a tick count as one.  Beyond the last the tail takes its even
    part; once a target has been sound for `cleared` s, of what is left.
    """
    last = int(given[N])
    ages = given[SHARES + CLASSES : SHARES + CLASSES + last]
    due = 0.0
    tail = min(1.0, dt / max(dt, given[TAIL] - cleared)) if given[TAIL] > 0.0 else 0.0
    beyond = t - max(ages[last - 1], dt) if last > 0 else t
    k = last - 1
    for i in range(ring.count):
        one = cells[place(ring.head, i, cells.size)]
        width = one.since1 - one.since0
        share = 0.0
        if tail > 0.0 and one.since0 < beyond:
            share = tail * (min(one.since1, beyond) - one.since0) / width
        kk = k
        while kk >= 0:
            low = t - max(ages[kk], dt)
            high = low + dt
            if kk > 0:
                high = min(high, t - max(ages[kk - 1], dt))
            if high <= one.since0:
                kk -= 1
                k = kk
                continue
            if low >= one.since1:
                break
            share += max(0.0, min(high, one.since1) - max(low, one.since0)) / width
            kk -= 1
        amount = one.amount * min(1.0, share)
        due += amount
        if ok > 0.0:
            one.amount -= amount * ok
    if ok > 0.0:
        total = 0.0
        for i in range(ring.count):
            total += cells[place(ring.head, i, cells.size)].amount
        ring.total = total
    return due
