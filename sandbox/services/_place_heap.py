"""Attempts that hold a place on instances, as a heap of cells: the one that ends first is on top.

AWS Batch keeps its jobs here, EMR the containers of its tasks.  Of the node's cells those from
``p.entries_n`` on are the heap, ``p.slots_n`` of them, the last a spare; ``s.places`` are in use.
"""

from __future__ import annotations

from sandbox.kernels.compiled import compiled

SUCCESS, EXIT, TIMEOUT, HOST = range(4)  # how an attempt ends


@compiled
def move(cells, a, b):
    """Copy attempt ``a`` to place ``b``."""
    x, y = cells[a], cells[b]
    y.state, y.job, y.entry, y.attempt, y.host, y.env = (
        x.state, x.job, x.entry, x.attempt, x.host, x.env,
    )  # fmt: skip
    y.placed_s, y.start_s, y.end_s, y.outcome = x.placed_s, x.start_s, x.end_s, x.outcome


@compiled
def swap(p, cells, i, j):
    """By way of the last cell of attempts, which is never used."""
    first, spare = p.entries_n, p.entries_n + p.slots_n - 1
    move(cells, first + i, spare)
    move(cells, first + j, first + i)
    move(cells, spare, first + j)


@compiled
def rise(p, cells, i):
    first = p.entries_n
    while i > 0:
        up = (i - 1) // 2
        if cells[first + up].end_s <= cells[first + i].end_s:
            return
        swap(p, cells, i, up)
        i = up


@compiled
def sink(p, s, cells, i):
    first = p.entries_n
    while True:
        low = 2 * i + 1
        if low >= s.places:
            return
        if low + 1 < s.places and cells[first + low + 1].end_s < cells[first + low].end_s:
            low += 1
        if cells[first + i].end_s <= cells[first + low].end_s:
            return
        swap(p, cells, i, low)
        i = low


@compiled
def heap(p, s, cells):
    for i in range(s.places // 2 - 1, -1, -1):
        sink(p, s, cells, i)


@compiled
def lose(p, s, cells, h, now):
    """The attempts on instance ``h`` end now, for the loss of it."""
    for i in range(s.places):
        cell = cells[p.entries_n + i]
        if cell.host == h:
            cell.end_s, cell.outcome = now, HOST
    heap(p, s, cells)
