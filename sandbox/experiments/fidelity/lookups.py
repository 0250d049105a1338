"""A cache that looks up, evicts and expires key by key: compiled, since millions are asked for."""

from __future__ import annotations

import numpy as np

from sandbox.kernels.compiled import compiled


@compiled
def look_up_each(policy, keys, asked, deleted, lots, capacity, ttl, windows):
    """The hit ratio in each window, one request a step, from an empty cache.

    `policy` is 0 for the least recently used, 1 for first in first out, 2 for any by lot (`lots`).
    `asked` are keys, `deleted` what is deleted before each request (-1: nothing); an entry expires
    `ttl` requests after it was stored, which is found when it is asked for.
    """
    # a doubly linked list by age or by use; slots, so that any of them can be drawn
    nobody = keys
    after = np.full(keys + 1, nobody)  # towards the next to be evicted
    before = np.full(keys + 1, nobody)
    slot = np.full(keys, -1)
    slots = np.zeros(keys, np.int64)
    until = np.zeros(keys)
    size = 0
    hits = np.zeros(windows)
    each = asked.size // windows
    for n in range(each * windows):
        gone = deleted[n]
        if gone >= 0 and slot[gone] >= 0:
            size = _drop(gone, after, before, slot, slots, size)
        key = asked[n]
        if slot[key] >= 0 and n > until[key]:
            size = _drop(key, after, before, slot, slots, size)
        if slot[key] >= 0:
            hits[n // each] += 1.0
            if policy == 0:
                _unlink(key, after, before)
                _first(key, after, before, nobody)
            continue
        if size >= capacity:
            victim = slots[int(lots[n] * size)] if policy == 2 else before[nobody]
            size = _drop(victim, after, before, slot, slots, size)
        slot[key], slots[size] = size, key
        size += 1
        until[key] = n + ttl
        _first(key, after, before, nobody)
    return hits / each


@compiled
def _unlink(key, after, before):
    after[before[key]] = after[key]
    before[after[key]] = before[key]


@compiled
def _first(key, after, before, nobody):
    after[key], before[key] = after[nobody], nobody
    before[after[nobody]] = key
    after[nobody] = key


@compiled
def _drop(key, after, before, slot, slots, size):
    _unlink(key, after, before)
    last = slots[size - 1]
    slots[slot[key]], slot[last] = last, slot[key]
    slot[key] = -1
    return size - 1
