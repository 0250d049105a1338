"""The log of a stream: how much had been written by when, so that a reader's lag has an age.

A log is a pair of arrays of equal length: `times` (s, rising) and `totals` (the amount written by
then, never falling), of which the first `count` points are in use, straight in between. Several
shards share one `times`, each with `totals` of its own. A steady rate needs two points however long
it lasts.

When the points run out, `kept` says which to keep: what is older than any reader needs goes, then
neighbours are joined that together span little. Amounts stay exact, and times are then known to
within 4/size of the span of the log, straight lines between.
"""

from sandbox.kernels.compiled import compiled


@compiled
def place(times, count, t_s):
    """Where a time lies: (k, part) for `part` of the way from point k to the next.

    Before the first point it is (0, 0), after the last (count - 2, 1). `count` is 2 or more.
    """
    low, high = 0, count - 1
    if t_s >= times[high]:
        return high - 1, 1.0
    if t_s <= times[0]:
        return 0, 0.0
    while high - low > 1:
        middle = (low + high) // 2
        if times[middle] <= t_s:
            low = middle
        else:
            high = middle
    return low, (t_s - times[low]) / (times[high] - times[low])


@compiled
def written(totals, k, part):
    """The amount written by the time at `place` (k, part)."""
    return totals[k] + part * (totals[k + 1] - totals[k])


@compiled
def reached(times, totals, count, amount):
    """When the amount written passed `amount`: the time at which the next to be read was written.

    The first point's time if it was passed before, the last point's if it never was.
    """
    low, high = 0, count - 1
    if amount >= totals[high]:
        return times[high]
    if amount < totals[0]:
        return times[0]
    while high - low > 1:
        middle = (low + high) // 2
        if totals[middle] <= amount:
            low = middle
        else:
            high = middle
    return times[low] + (times[high] - times[low]) * (
        (amount - totals[low]) / (totals[high] - totals[low])
    )


@compiled
def kept(times, count, needed_from_s, marks):
    """Choose the points to keep when the log is full; the number kept, at most half of `count`.

    `marks` (i8, as long as `times`) is filled with the old index of each point that is kept, in
    order; the caller moves the points of `times` and of all `totals` by it (`moved`).
    """
    first = 0
    while first < count - 2 and times[first + 1] <= needed_from_s:
        first += 1
    span = 4.0 * (times[count - 1] - times[first]) / count if count - first > count // 2 else 0.0
    marks[0] = first
    chosen = 1
    for k in range(first + 1, count - 1):
        if times[k + 1] - times[marks[chosen - 1]] > span:
            marks[chosen] = k
            chosen += 1
    marks[chosen] = count - 1
    return chosen + 1


@compiled
def moved(values, marks, chosen):
    """Move the chosen points of one array together at its beginning."""
    for k in range(chosen):
        values[k] = values[marks[k]]
