"""Links that keep clear of nodes: a curve that would run under a card is bent round it.

The cards are drawn once into a coarse grid of numbers, so that asking what lies under a thousand
curves is one look-up in an array; only curves in conflict try other bends, the smallest first.
E is the number of links; all coordinates are scene units.
"""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sandbox.gui.canvas.curves import Floats, sampled

BENDS = (60.0, -60.0, 100.0, -100.0, 150.0, -150.0, 210.0, -210.0, 280.0, -280.0, 370.0, -370.0)
"""How far control points are pulled up or down, in the order in which it is tried."""
_CELL = 10.0
_CELLS = 2_000_000
"""A diagram of any extent gets at most so many cells; they grow with it."""
_PAD = 6.0
_INSIDE = 4.0


class Obstacles:
    """Cards as a grid: which card, if any, is at a place."""

    def __init__(self, boxes: Floats) -> None:
        """`boxes` (N, 4): left, top, right, bottom."""
        if not len(boxes):
            boxes = np.zeros((0, 4))
            self._corner, self._cell = np.zeros(2), _CELL
            self._grid: NDArray[np.int32] = np.zeros((1, 1), np.int32)
            return
        padded = boxes + np.array([-_PAD, -_PAD, _PAD, _PAD])
        self._corner = padded[:, :2].min(axis=0)
        extent = padded[:, 2:].max(axis=0) - self._corner
        self._cell = max(_CELL, sqrt(float(extent[0] * extent[1]) / _CELLS))
        columns, rows = (np.ceil(extent / self._cell) + 1).astype(int)
        self._grid = np.zeros((rows, columns), np.int32)
        cells = ((padded - np.tile(self._corner, 2)) / self._cell).astype(int)
        for number, (left, top, right, bottom) in enumerate(cells.tolist(), start=1):
            self._grid[top : bottom + 1, left : right + 1] = number

    def at(self, points: Floats) -> NDArray[np.int32]:
        """The number of the card at each point (…, 2), from 1; 0 where there is none."""
        place = np.floor((points - self._corner) / self._cell).astype(int)
        rows, columns = self._grid.shape
        x, y = place[..., 0], place[..., 1]
        known = (x >= 0) & (y >= 0) & (x < columns) & (y < rows)
        return np.where(known, self._grid[np.where(known, y, 0), np.where(known, x, 0)], 0)

    def hits(self, curves: Floats, own: NDArray[np.int32]) -> NDArray[np.intp]:
        """(E,): how many samples of each curve lie under cards other than its `own` (E, 2)."""
        under = self.at(curves)
        foreign = (under > 0) & (under != own[:, :1]) & (under != own[:, 1:])
        return foreign.sum(axis=1)


def routed(starts: Floats, ends: Floats, obstacles: Obstacles) -> Floats:
    """Curves (E, S, 2) from `starts` to `ends` (E, 2), each with the least bend that keeps it clear
    of cards; where none does, with the one that runs least under them."""
    curves = sampled(starts, ends)
    if not len(curves):
        return curves
    inward = np.array([_INSIDE, 0.0])
    own = np.column_stack([obstacles.at(starts - inward), obstacles.at(ends + inward)])
    fewest = obstacles.hits(curves, own)
    for bend in BENDS:
        rows = np.flatnonzero(fewest > 0)
        if not len(rows):
            break
        tried = sampled(starts[rows], ends[rows], bend)
        hits = obstacles.hits(tried, own[rows])
        better = hits < fewest[rows]
        curves[rows[better]] = tried[better]
        fewest[rows[better]] = hits[better]
    return curves
