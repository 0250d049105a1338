"""Curves of many links at once, in numpy: sampling, bounds, nearest curve, arrow heads, dots.

E is the number of links, S the samples of each curve; all coordinates are scene units (float64).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QPainterPath

Floats = NDArray[np.float64]

SAMPLES = 24
COARSE = [0, 4, 8, 12, 15, 19, SAMPLES - 1]
"""The samples that are enough for a curve seen from far."""
_T = np.linspace(0.0, 1.0, SAMPLES)
_B0, _B1 = (1 - _T) ** 3, 3 * (1 - _T) ** 2 * _T
_B2, _B3 = 3 * (1 - _T) * _T**2, _T**3


def sampled(starts: Floats, ends: Floats, bend: float = 0.0) -> Floats:
    """Cubic curves leaving `starts` to the right and entering `ends` from the left: (E, S, 2).

    A link that runs backward swings out wider, so that it is seen to come round. `bend` pulls the
    curves down, or up when it is negative.
    """
    dx = ends[:, 0] - starts[:, 0]
    dy = np.abs(ends[:, 1] - starts[:, 1])
    reach = np.where(
        dx >= 0,
        np.clip(0.5 * dx, np.minimum(40.0, 20.0 + 0.25 * dy), 240.0),
        np.clip(60.0 - 0.35 * dx, 60.0, 260.0),
    )
    # A backward link between nodes of one row would run along itself: bend it downward.
    sag = np.where((dx < 0) & (dy < 60.0), 110.0, 0.0) + bend
    x1, x2 = starts[:, 0] + reach, ends[:, 0] - reach
    y1, y2 = starts[:, 1] + sag, ends[:, 1] + sag
    curves = np.empty((len(starts), SAMPLES, 2))
    for axis, (p1, p2) in enumerate(((x1, x2), (y1, y2))):
        curves[:, :, axis] = (
            np.outer(starts[:, axis], _B0)
            + np.outer(p1, _B1)
            + np.outer(p2, _B2)
            + np.outer(ends[:, axis], _B3)
        )
    return curves


def bounds(curves: Floats) -> Floats:
    """(E, 4): left, top, right, bottom."""
    return np.hstack([curves.min(axis=1), curves.max(axis=1)])


def within(boxes: Floats, left: float, top: float, right: float, bottom: float) -> NDArray[np.intp]:
    """Indices of the boxes that touch the rectangle."""
    touching = (
        (boxes[:, 0] <= right)
        & (boxes[:, 2] >= left)
        & (boxes[:, 1] <= bottom)
        & (boxes[:, 3] >= top)
    )
    return np.flatnonzero(touching)


def distances(curves: Floats, x: float, y: float) -> Floats:
    """(E,): how far the point is from each curve, by its segments."""
    a, b = curves[:, :-1], curves[:, 1:]
    along = b - a
    to_point = np.array([x, y]) - a
    length2 = np.maximum((along**2).sum(axis=2), 1e-12)
    t = np.clip((to_point * along).sum(axis=2) / length2, 0.0, 1.0)
    gap = to_point - along * t[:, :, None]
    return np.asarray(np.sqrt((gap**2).sum(axis=2)).min(axis=1))


def path_of(curves: Floats) -> QPainterPath:
    """One painter path with a subpath for each curve."""
    if not len(curves):
        return QPainterPath()
    joined = np.ones(curves.shape[:2], dtype=np.int32)
    joined[:, -1] = 0
    return _path(curves, joined)


def heads_of(curves: Floats, size: float) -> QPainterPath:
    """Filled arrow heads at the ends of the curves, one subpath each."""
    if not len(curves):
        return QPainterPath()
    tip, back = curves[:, -1], curves[:, -3]
    along = tip - back
    along = along / np.maximum(np.hypot(along[:, 0], along[:, 1]), 1e-9)[:, None]
    across = np.column_stack([-along[:, 1], along[:, 0]])
    base = tip - along * size
    corners = np.stack([tip, base + across * size * 0.5, base - across * size * 0.5, tip], axis=1)
    joined = np.ones(corners.shape[:2], dtype=np.int32)
    joined[:, -1] = 0
    return _path(corners, joined)


def crossings_of(curves: Floats, spacing: float, size: float, crossed: bool) -> QPainterPath:
    """Marks every `spacing` along the curves: single ticks, or crosses when `crossed`."""
    points, along = at_every(curves, spacing, 0.5)
    if not len(points):
        return QPainterPath()
    across = np.column_stack([-along[:, 1], along[:, 0]])
    half = size / 2
    if crossed:
        diagonals = ((along + across) * half * 0.7, (along - across) * half * 0.7)
        strokes = np.concatenate([np.stack([points - d, points + d], axis=1) for d in diagonals])
    else:
        strokes = np.stack([points - across * half, points + across * half], axis=1)
    joined = np.ones(strokes.shape[:2], dtype=np.int32)
    joined[:, -1] = 0
    return _path(strokes, joined)


def lengths(curves: Floats) -> Floats:
    """(E, S): arc length from the start to each sample."""
    steps = np.diff(curves, axis=1)
    total = np.zeros(curves.shape[:2])
    np.cumsum(np.hypot(steps[:, :, 0], steps[:, :, 1]), axis=1, out=total[:, 1:])
    return total


def at_every(
    curves: Floats, spacing: float | Floats, phase: float | Floats
) -> tuple[Floats, Floats]:
    """Points each `spacing` along the curves, shifted by `phase` (0 to 1 of a spacing).

    Returns points (N, 2) and unit directions (N, 2). `spacing` and `phase` are one number or
    one for each curve.
    """
    if not len(curves):
        return np.empty((0, 2)), np.empty((0, 2))
    arc = lengths(curves)
    total = arc[:, -1]
    gap = np.broadcast_to(np.asarray(spacing, dtype=float), total.shape)
    shift = np.broadcast_to(np.asarray(phase, dtype=float), total.shape) * gap
    counts = np.maximum(np.floor((total - shift) / gap).astype(int) + 1, 0)
    counts[shift > total] = 0
    which = np.repeat(np.arange(len(curves)), counts)
    nth = np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
    distance = shift[which] + nth * gap[which]
    # The segment of each distance: the arc lengths of all curves laid end to end are sorted.
    base = np.concatenate([[0.0], np.cumsum(total[:-1] + 1.0)])
    laid = (arc + base[:, None]).ravel()
    found = np.searchsorted(laid, distance + base[which], side="right") - 1
    sample = np.clip(found - which * SAMPLES, 0, SAMPLES - 2)
    a, b = curves[which, sample], curves[which, sample + 1]
    step = np.maximum(arc[which, sample + 1] - arc[which, sample], 1e-9)
    part = np.clip((distance - arc[which, sample]) / step, 0.0, 1.0)
    return a + (b - a) * part[:, None], (b - a) / step[:, None]


def _path(points: Floats, joined: NDArray[np.int32]) -> QPainterPath:
    # Imported late: it costs 175 ms, and the first paint of an empty window needs none of it.
    from pyqtgraph.functions import arrayToQPath

    flat = np.ascontiguousarray(points.reshape(-1, 2))
    return arrayToQPath(flat[:, 0], flat[:, 1], connect=joined.ravel(), finiteCheck=False)
