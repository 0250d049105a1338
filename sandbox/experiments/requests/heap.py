"""The events to come, as a binary heap in three arrays: times, order of putting, words."""

from __future__ import annotations

from sandbox.kernels.compiled import compiled


@compiled
def push(state, times, order, words, t, word):
    """Put an event on the heap; those of one time go in the order in which they were put."""
    i = state.heap
    state.heap += 1
    state.order += 1
    turn = state.order
    while i > 0:
        up = (i - 1) >> 1
        if times[up] <= t:
            break
        times[i], order[i], words[i] = times[up], order[up], words[up]
        i = up
    times[i], order[i], words[i] = t, turn, word


@compiled
def pop(state, times, order, words):
    """Take the first event off the heap."""
    n = state.heap - 1
    state.heap = n
    t, turn, word = times[n], order[n], words[n]
    i = 0
    while True:
        down = 2 * i + 1
        if down >= n:
            break
        right = down + 1
        if right < n and (
            times[right] < times[down]
            or (times[right] == times[down] and order[right] < order[down])
        ):
            down = right
        if t < times[down] or (t == times[down] and turn < order[down]):
            break
        times[i], order[i], words[i] = times[down], order[down], words[down]
        i = down
    times[i], order[i], words[i] = t, turn, word
