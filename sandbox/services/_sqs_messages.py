"""What happens to the messages of a queue: received, finished, hidden for too long, expired.

Messages lie in six rings of one array of cells: fresh and delayed ones as cohorts by time sent;
again and at the back, those visible once more; failed and in flight, those hidden by the
visibility timeout, with and without somebody working on them.  A seventh, beside them, has the
deduplication ids that a FIFO queue has seen.
"""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from sandbox.kernels.cohort import QUEUE, expire, oldest_age, place, push, take
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._sqs_cohorts import append, part_before, split, trim

BACK_OF_QUEUE = 3  # receives after which a message goes to the back; Developer Guide, DLQs; H
LINKS = 16  # consumers that are told apart

_DUST = 1e-7  # part of what a consumer finishes that counts as done with it, not as a message

FRESH, DELAYED, AGAIN, BACK, FAILED, FLIGHT, SEEN = range(7)
SIZES = (192, 32, 64, 64, 128, 128, 64)
AT = tuple(int(x) for x in np.cumsum((0, *SIZES)))
CELLS = AT[-1]


class Messages:
    """The state of a queue that these functions keep. Amounts of the present tick, but for
    ``late_visible``, ``rings`` and ``overdue``."""

    received: float
    deleted: float
    received_again: float
    duplicates: float
    moved: float
    late_visible: float  # visible again while a consumer still works on them
    rings: Annotated[object, (QUEUE, (6,))]
    seen: Annotated[object, (QUEUE, (1,))]  # ids, by when they were taken
    back_after: int  # receives after which a message goes to the back
    overdue: Annotated[object, ("f8", (LINKS,))]  # worked on by each consumer for too long


@inlined
def part_of(cells, which):
    return cells[AT[which] : AT[which + 1]]


@compiled
def finish(s, cells, j, done, again):
    """Consumer `j` has processed `done` messages and failed on `again`, the oldest it held."""
    total = done + again
    late = min(s.overdue[j], total)
    if late > 0.0:
        s.overdue[j] -= late
        _finish_late(s, cells, late, late * done / total)
        done -= late * done / total
        again -= late * again / total
    ring = s.rings[FLIGHT]
    flight = part_of(cells, FLIGHT)
    # those that cannot be processed are among the failures, as far as there are failures
    until_s, seen, bad = _oldest_of(flight, ring, j, done + again)
    good = max(seen - bad, 0.0)
    dust = _DUST * seen
    of_bad = min(1.0, again / bad) if bad > 0.0 else 0.0
    of_good = min(1.0, max(again - bad, 0.0) / good) if good > 1e-12 * seen else 0.0
    for i in range(ring.count):
        one = flight[place(ring.head, i, flight.size)]
        if one.link != j or one.amount <= 0.0 or one.since0 >= until_s:
            continue
        part = part_before(one, one.since0, one.since1, until_s)
        amount, t0, t1, since0, since1, ill, _late, mark = split(flight, ring, i, part)
        back = ill * of_bad + (amount - ill) * of_good
        if again <= 0.0:
            back = 0.0
        elif done <= 0.0:
            back = amount
        if back < dust:
            back = 0.0
        s.deleted += amount - back
        ill = min(ill, back)
        failed = s.rings[FAILED]
        append(part_of(cells, FAILED), failed, t0, t1, since0, since1, back, ill, 0.0, mark, 0, 16)
    trim(flight, ring)


@compiled
def _oldest_of(flight, ring, j, amount):
    """Until when the oldest `amount` of consumer `j` was received: (time, amount, of it poison).

    What was received again lies in cohorts beside those received for the first time, and both may
    go over several ticks: the order of the ring is not that of the times.
    """
    until_s = -math.inf
    seen = bad = 0.0
    while True:
        begin = end = math.inf  # of the next stretch of time in which no cohort begins or ends
        rate = ill = 0.0
        for i in range(ring.count):
            one = flight[place(ring.head, i, flight.size)]
            if one.link != j or one.amount <= 0.0 or one.since1 <= until_s:
                continue
            first = max(one.since0, until_s)
            if first < begin:
                end = min(begin, one.since1)
                begin = first
                rate = ill = 0.0
            elif first > begin:
                end = min(end, first)
                continue
            end = min(end, one.since1)
            span = max(one.since1 - one.since0, 1e-9)
            rate += one.amount / span
            ill += one.bad / span
        if begin == math.inf:
            return math.inf, seen, bad
        span = end - begin
        if seen + rate * span >= amount * (1.0 - 1e-12):
            span = max(0.0, amount - seen) / rate
            return begin + span, seen + rate * span, bad + ill * span
        seen += rate * span
        bad += ill * span
        until_s = end


@compiled
def _finish_late(s, cells, amount, done):
    """Work that took longer than the visibility timeout ends.

    Its message was received again, and the old receipt handle deletes nothing (a duplicate), or it
    is still visible, and is deleted. Amazon SQS API Reference, DeleteMessage.
    """
    outstanding = amount
    for j in range(LINKS):
        outstanding += s.overdue[j]
    duplicate = min(amount, max(0.0, outstanding - s.late_visible))
    s.duplicates += duplicate * done / amount
    left = amount - duplicate
    part = done / amount
    for which in range(AGAIN, BACK + 1):
        ring = s.rings[which]
        ours = part_of(cells, which)
        for i in range(ring.count):
            if left <= 0.0:
                break
            one = ours[place(ring.head, i, ours.size)]
            if one.late > 0.0:
                piece = min(left, one.late)
                left -= piece
                s.late_visible -= piece
                one.late -= piece
                gone = min(piece * part, one.amount)
                one.bad *= 1.0 - gone / one.amount
                one.amount -= gone
                one.late = min(one.late, one.amount)
                ring.total = max(ring.total - gone, 0.0)
                s.deleted += gone
        trim(ours, ring)


@inlined
def retention(s, cells, before_s):
    """Drop what was sent too long ago; the amount. What is hidden is dropped when it comes back."""
    gone = expire(part_of(cells, FRESH), s.rings[FRESH], before_s)
    gone += expire(part_of(cells, DELAYED), s.rings[DELAYED], before_s)
    for which in range(AGAIN, BACK + 1):
        ring = s.rings[which]
        ours = part_of(cells, which)
        for i in range(ring.count):
            one = ours[place(ring.head, i, ours.size)]
            old = part_before(one, one.t0, one.t1, before_s)
            if old > 0.0:
                amount, _t0, _t1, _s0, _s1, _bad, late, _mark = split(ours, ring, i, old)
                s.late_visible -= late
                gone += amount
        trim(ours, ring)
    return gone


@compiled
def time_out(s, cells, which, before_s, now_s):
    """What was received before this time is visible again; in flight, somebody goes on with it."""
    ring = s.rings[which]
    ours = part_of(cells, which)
    hidden = now_s - before_s
    for i in range(ring.count):
        one = ours[place(ring.head, i, ours.size)]
        if one.since0 >= before_s:
            if which == FAILED:  # these lie in the order in which they were received
                break
            continue
        if one.amount <= 0.0:
            continue
        old = part_before(one, one.since0, one.since1, before_s)
        amount, t0, t1, since0, since1, bad, _late, mark = split(ours, ring, i, old)
        late = 0.0
        if which == FLIGHT:
            late = amount
            s.late_visible += late
            s.overdue[one.link] += late
        to = AGAIN if mark < s.back_after else BACK
        since0 += hidden
        since1 += hidden
        append(
            part_of(cells, to), s.rings[to], t0, t1, since0, since1, amount, bad, late, mark, 0, 16
        )
    trim(ours, ring)


@inlined
def release(s, cells, before_s):
    """Delayed messages sent before this time become visible."""
    ring = s.rings[DELAYED]
    delayed = part_of(cells, DELAYED)
    while ring.count > 0:
        one = delayed[ring.head]
        due = part_before(one, one.t0, one.t1, before_s)
        if due <= 0.0:
            break
        whole = due >= one.amount
        amount, t0, t1, _mark = take(delayed, ring, due)
        push(part_of(cells, FRESH), s.rings[FRESH], t0, t1, amount)
        if not whole:
            break


@inlined
def receive(p, s, cells, tick, j, wanted, moved_sent):
    """Deliver up to `wanted` messages to consumer `j`: (amount, of it poison, Σ sent times)."""
    fresh, again, back = part_of(cells, FRESH), part_of(cells, AGAIN), part_of(cells, BACK)
    flight = part_of(cells, FLIGHT)
    consumers = min(tick.out.shape[0], LINKS)
    now, end = tick.t, tick.t + tick.dt
    got = poison = 0.0
    left = wanted
    while left > 0.0:
        # the oldest first, but what was received three times when its turn comes at the back
        which = -1
        eldest = math.inf
        if s.rings[FRESH].count > 0:
            which, eldest = FRESH, fresh[s.rings[FRESH].head].t0
        if s.rings[AGAIN].count > 0 and again[s.rings[AGAIN].head].t0 < eldest:
            which, eldest = AGAIN, again[s.rings[AGAIN].head].t0
        if s.rings[BACK].count > 0 and back[s.rings[BACK].head].since0 < eldest:
            which = BACK
        if which < 0:
            break
        if which == FRESH:
            amount, t0, t1, mark = take(fresh, s.rings[FRESH], left)
            bad = amount * p.poison_share
            mark = 0
        else:
            ours = again if which == AGAIN else back
            ring = s.rings[which]
            one = ours[ring.head]
            spent = p.most_receives > 0 and one.mark >= p.most_receives
            part = one.amount if spent else left
            amount, t0, t1, _s0, _s1, bad, late, mark = split(ours, ring, 0, part)
            trim(ours, ring)
            s.late_visible = max(0.0, s.late_visible - late)
            if spent:
                s.moved += amount
                moved_sent += amount * 0.5 * (t0 + t1)
                continue
            s.received_again += amount
        append(
            flight,
            s.rings[FLIGHT],
            t0,
            t1,
            now,
            end,
            amount,
            bad,
            0.0,
            mark + 1,
            min(j, LINKS - 1),
            consumers,
        )
        left -= amount
        got += amount
        poison += bad
    s.received += got
    return got, poison, moved_sent


@inlined
def oldest(s, cells, now_s):
    """Age of the oldest message that is not at the back of the queue."""
    age = oldest_age(part_of(cells, FRESH), s.rings[FRESH], now_s)
    age = max(age, oldest_age(part_of(cells, DELAYED), s.rings[DELAYED], now_s))
    mixed = s.rings[AGAIN].count + s.rings[FAILED].count > 0 or s.received_again > 0.0
    for which in (AGAIN, FAILED, FLIGHT):
        ring = s.rings[which]
        ours = part_of(cells, which)
        # first received, first sent, unless some came back
        for i in range(ring.count if mixed else min(1, ring.count)):
            one = ours[place(ring.head, i, ours.size)]
            if one.amount > 0.0 and one.mark <= s.back_after:
                age = max(age, now_s - one.t0)
    return age
