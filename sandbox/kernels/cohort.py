"""A first-in-first-out queue of cohorts: amounts that know when they arrived.

A cohort is an amount that arrived evenly over [t0, t1]. A queue is a record array of them (`cells`,
dtype COHORT), used as a ring, and a record QUEUE in its owner's state, which says where the ring
begins and how much it holds. Cohorts leave in the order they were pushed, each from its oldest part
on, so that ages are exact to the tick as long as nothing had to be merged.

A full ring merges neighbours to at most half its cells: amounts stay exact, and arrival times are
then known to within 4/size of the time that the whole queue spans. Neighbours of unlike `mark` are
merged only if that alone does not make room; the mark of the larger amount is kept. A ring has two
cells or more.
"""

import numpy as np

from sandbox.kernels.compiled import compiled, inlined

COHORT = np.dtype([("t0", "f8"), ("t1", "f8"), ("amount", "f8"), ("mark", "i8")], align=True)
"""Arrived evenly over `t0` … `t1` s; `mark` is the owner's, such as a receive count."""

QUEUE = np.dtype([("head", "i8"), ("count", "i8"), ("total", "f8")], align=True)
"""The ring's first cohort and number of cohorts, and the amount in all. All zero: empty."""

_CRUMB = 1e-12  # part of a cohort that is taken with the rest rather than left
_INSTANT = 1e-6  # seconds between two cohorts that count as none: the rounding of n·dt + dt


@inlined
def place(head, i, size):
    """Where in a ring of `size` the i-th of what begins at `head` lies, for `i` up to `size`."""
    at = head + i
    return at if at < size else at - size


@compiled
def push(cells, queue, t0, t1, amount, mark=0):
    """Append an amount that arrived over `t0` … `t1` s. Amounts of zero or less are ignored."""
    if amount <= 0.0:
        return
    if queue.count > 0:
        last = cells[place(queue.head, queue.count - 1, cells.size)]
        if last.mark == mark and abs(t0 - last.t1) < _INSTANT and _same_rate(last, t0, t1, amount):
            last.t1 = t1
            last.amount += amount
            queue.total += amount
            return
    if queue.count == cells.size:
        _make_room(cells, queue)
    new = cells[place(queue.head, queue.count, cells.size)]
    new.t0 = t0
    new.t1 = t1
    new.amount = amount
    new.mark = mark
    queue.count += 1
    queue.total += amount


@compiled
def take(cells, queue, amount):
    """Take up to `amount` from the oldest cohort: (amount, t0, t1, mark) of what was taken.

    One piece a call, so ask again for the rest until the piece is zero (the queue is empty). A rest
    of 1e-12 of a cohort goes with the piece: add up the pieces, do not assume the amount asked for.
    """
    if queue.count == 0 or amount <= 0.0:
        return 0.0, 0.0, 0.0, 0
    first = cells[queue.head]
    t0, t1, mark = first.t0, first.t1, first.mark
    if amount < first.amount * (1.0 - _CRUMB):
        t1 = t0 + (t1 - t0) * (amount / first.amount)
        first.t0 = t1
        first.amount -= amount
        queue.total = max(queue.total - amount, 0.0)
        return amount, t0, t1, mark
    amount = first.amount
    _drop_first(cells, queue)
    return amount, t0, t1, mark


@compiled
def expire(cells, queue, before_s):
    """Remove what arrived before the given time; the amount removed.

    Looks from the front until it meets a younger cohort, so what was pushed out of the order of age
    expires when it comes to the front.
    """
    removed = 0.0
    while queue.count > 0:
        first = cells[queue.head]
        if first.t0 >= before_s:
            break
        if first.t1 > before_s:
            part = first.amount * (before_s - first.t0) / (first.t1 - first.t0)
            first.t0 = before_s
            first.amount -= part
            queue.total = max(queue.total - part, 0.0)
            return removed + part
        removed += first.amount
        _drop_first(cells, queue)
    return removed


@compiled
def clear(cells, queue):
    """Empty the queue; the amount that was in it."""
    amount = total(cells, queue)
    queue.count = 0
    queue.total = 0.0
    return amount


@compiled
def oldest_age(cells, queue, t_s):
    """Seconds since the arrival of what is at the front; 0 when the queue is empty."""
    return max(t_s - cells[queue.head].t0, 0.0) if queue.count > 0 else 0.0


@compiled
def mean_age(cells, queue, t_s):
    """Seconds since arrival, averaged over the amount; 0 when empty. Looks at every cohort."""
    weighted = 0.0
    amount = 0.0
    for i in range(queue.count):
        cohort = cells[place(queue.head, i, cells.size)]
        weighted += cohort.amount * (t_s - 0.5 * (cohort.t0 + cohort.t1))
        amount += cohort.amount
    return weighted / amount if amount > 0.0 else 0.0


@compiled
def total(cells, queue):
    """The amount in the queue, summed cohort by cohort; `queue.total` is the same, kept at hand."""
    amount = 0.0
    for i in range(queue.count):
        amount += cells[place(queue.head, i, cells.size)].amount
    return amount


@compiled
def _same_rate(last, t0, t1, amount):
    # A steady arrival rate then needs one cohort however long the queue, and loses nothing.
    ours, theirs = amount * (last.t1 - last.t0), last.amount * (t1 - t0)
    return abs(ours - theirs) <= 1e-12 * theirs


@compiled
def _drop_first(cells, queue):
    queue.total = max(queue.total - cells[queue.head].amount, 0.0)
    queue.head = place(queue.head, 1, cells.size)
    queue.count -= 1
    if queue.count == 0:
        queue.total = 0.0  # where the rounding of the running total ends


@compiled
def _make_room(cells, queue):
    # One pass over the ring frees half of it, so that a push costs O(1) on average.
    first, last = cells[queue.head].t0, cells[queue.head].t1
    for i in range(cells.size):
        first = min(first, cells[i].t0)
        last = max(last, cells[i].t1)
    span = 4.0 * (last - first) / cells.size
    _merge(cells, queue, span, True)
    while queue.count > cells.size // 2:
        # Unlike marks are in the way, or cohorts out of order: give up marks, then precision.
        _merge(cells, queue, span, False)
        span *= 2.0
    queue.total = total(cells, queue)


@compiled
def _merge(cells, queue, span, marks_alike):
    """Join neighbours as long as together they cover at most `span` seconds.

    Two successive results then cover more than `span` between them, which bounds their number.
    """
    kept = cells[queue.head]
    count = 1
    for i in range(1, queue.count):
        next_ = cells[place(queue.head, i, cells.size)]
        t0 = min(kept.t0, next_.t0)
        t1 = max(kept.t1, next_.t1)
        if t1 - t0 <= span and (next_.mark == kept.mark or not marks_alike):
            if next_.amount > kept.amount:
                kept.mark = next_.mark
            kept.t0 = t0
            kept.t1 = t1
            kept.amount += next_.amount
        else:
            kept = cells[place(queue.head, count, cells.size)]
            kept.t0 = next_.t0
            kept.t1 = next_.t1
            kept.amount = next_.amount
            kept.mark = next_.mark
            count += 1
    queue.count = count
