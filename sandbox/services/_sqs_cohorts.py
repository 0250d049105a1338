"""Messages of a queue that were received at least once: cohorts that know two times.

A cohort was sent evenly over [t0, t1] and has been where it is (in flight, or visible again) since
[since0, since1]; both run in step, so a part of it is a part of both. Rings are those of
`kernels.cohort` (QUEUE), of whose cohorts these have all fields, and never refuse: a full one joins
neighbours.
"""

from __future__ import annotations

import numpy as np

from sandbox.kernels.cohort import place
from sandbox.kernels.compiled import compiled

MESSAGES = np.dtype(
    [
        ("t0", "f8"),
        ("t1", "f8"),
        ("since0", "f8"),
        ("since1", "f8"),
        ("amount", "f8"),
        ("bad", "f8"),  # how much of it no consumer can process
        ("late", "f8"),  # how much of it a consumer still works on, since before it came back
        ("mark", "i8"),  # times received
        ("link", "i8"),  # to which consumer
    ],
    align=True,
)

_INSTANT = 1e-6  # seconds that count as none: the rounding of n·dt + dt
_LOOK = 24  # cohorts looked back at for one of the same receive count and consumer
_CRUMB = 1e-12  # part of a cohort that is taken with the rest rather than left


@compiled
def append(cells, ring, t0, t1, since0, since1, amount, bad, late, mark, link, near):
    """Add a cohort behind all others, or to one of the last `near` that it continues."""
    if amount <= 0.0:
        return
    ring.total += amount
    for back in range(1, min(near, ring.count) + 1):
        last = cells[place(ring.head, ring.count - back, cells.size)]
        if last.mark != mark or last.link != link:
            continue
        if (
            abs(since0 - last.since1) < _INSTANT
            and abs(t0 - last.t1) < _INSTANT
            and _alike(last, t0, t1, since0, since1, amount, bad)
            and abs(late * last.amount - last.late * amount) <= 1e-12 * last.amount * amount
        ):
            last.t1 = t1
            last.since1 = since1
            last.amount += amount
            last.bad += bad
            last.late += late
            return
        break
    if ring.count == cells.size:
        _make_room(cells, ring)
    new = cells[place(ring.head, ring.count, cells.size)]
    new.t0 = t0
    new.t1 = t1
    new.since0 = since0
    new.since1 = since1
    new.amount = amount
    new.bad = bad
    new.late = late
    new.mark = mark
    new.link = link
    ring.count += 1


@compiled
def split(cells, ring, i, amount):
    """Take up to `amount` of the i-th cohort, its oldest part:
    (amount, t0, t1, since0, since1, bad, late, mark).

    A cohort that is empty stays in its place until `trim`.
    """
    one = cells[place(ring.head, i, cells.size)]
    t0, t1, since0, since1 = one.t0, one.t1, one.since0, one.since1
    if amount < one.amount * (1.0 - _CRUMB):
        part = amount / one.amount
        bad = one.bad * part
        late = one.late * part
        one.t0 = t1 = t0 + (t1 - t0) * part
        one.since0 = since1 = since0 + (since1 - since0) * part
        one.amount -= amount
        one.bad -= bad
        one.late -= late
    else:
        amount, bad, late = one.amount, one.bad, one.late
        one.amount = one.bad = one.late = 0.0
    ring.total = max(ring.total - amount, 0.0)
    return amount, t0, t1, since0, since1, bad, late, one.mark


@compiled
def trim(cells, ring):
    """Drop the empty cohorts in front."""
    while ring.count > 0 and cells[ring.head].amount <= 0.0:
        ring.head = place(ring.head, 1, cells.size)
        ring.count -= 1
    if ring.count == 0:
        ring.total = 0.0  # where the rounding of the running total ends


@compiled
def part_before(one, first, last, before_s):
    """How much of a cohort, even over [first, last], lies before a time."""
    if last <= before_s:
        return one.amount
    if first >= before_s:
        return 0.0
    return one.amount * (before_s - first) / (last - first)


@compiled
def _alike(last, t0, t1, since0, since1, amount, bad):
    # A steady flow then needs one cohort for all its time in flight, and loses nothing.
    span, spans = since1 - since0, last.since1 - last.since0
    return (
        abs(amount * spans - last.amount * span) <= 1e-12 * last.amount * span
        and abs((t1 - t0) * spans - (last.t1 - last.t0) * span) <= 1e-9 * spans * span
        and abs(bad * last.amount - last.bad * amount) <= 1e-12 * last.amount * amount
    )


@compiled
def _make_room(cells, ring):
    # One pass frees a good part of the ring, so that an append costs O(1) on average.
    whole = _INSTANT
    first = cells[ring.head].since0
    for i in range(ring.count):
        whole = max(whole, cells[place(ring.head, i, cells.size)].since1 - first)
    span = 4.0 * whole / cells.size
    while ring.count > cells.size // 2:
        # times lose precision before receive counts are given up
        _merge(cells, ring, span, span <= whole)
        span *= 2.0


@compiled
def _merge(cells, ring, span, alike):
    """Join cohorts that together cover at most `span` seconds; `alike` keeps receive counts."""
    count = 1
    for i in range(1, ring.count):
        one = cells[place(ring.head, i, cells.size)]
        found = False
        for back in range(1, min(count, _LOOK if alike else 1) + 1):
            kept = cells[place(ring.head, count - back, cells.size)]
            same = one.mark == kept.mark and one.link == kept.link
            if one.since1 - kept.since0 > span:
                if same:
                    break
            elif same or not alike:
                if one.amount > kept.amount:
                    kept.mark = one.mark
                    kept.link = one.link
                kept.t0 = min(kept.t0, one.t0)
                kept.t1 = max(kept.t1, one.t1)
                kept.since0 = min(kept.since0, one.since0)
                kept.since1 = max(kept.since1, one.since1)
                kept.amount += one.amount
                kept.bad += one.bad
                kept.late += one.late
                found = True
                break
        if not found:
            _copy(one, cells[place(ring.head, count, cells.size)])
            count += 1
    ring.count = count


@compiled
def _copy(one, to):
    to.t0 = one.t0
    to.t1 = one.t1
    to.since0 = one.since0
    to.since1 = one.since1
    to.amount = one.amount
    to.bad = one.bad
    to.late = one.late
    to.mark = one.mark
    to.link = one.link
