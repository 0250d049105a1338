"""Curves for plots, thinned out so that no spike is lost."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

COLUMNS = 700  # no plot has more pixels across than it can tell apart


@dataclass(frozen=True, slots=True)
class Curve:
    """One metric of one node: times in s, and the mean, lowest and highest value of each column."""

    node: str
    metric: str
    t: np.ndarray
    mean: np.ndarray
    lo: np.ndarray
    hi: np.ndarray


def thinned(curve: Curve, columns: int = COLUMNS) -> Curve:
    """At most so many columns of equal numbers of points: the mean, the lowest, the highest."""
    size = len(curve.t)
    if size <= columns:
        return curve
    edges = np.linspace(0, size, columns + 1).astype(int)[:-1]
    counts = np.diff(np.append(edges, size))
    return Curve(
        curve.node,
        curve.metric,
        curve.t[edges],
        np.add.reduceat(curve.mean, edges) / counts,
        np.minimum.reduceat(curve.lo, edges),
        np.maximum.reduceat(curve.hi, edges),
    )


def envelope(curve: Curve) -> tuple[np.ndarray, np.ndarray]:
    """One line through the lowest and highest value of each column: x and y of twice as many
    points, or the plain curve where columns hold a single value."""
    if np.array_equal(curve.lo, curve.hi, equal_nan=True):
        return curve.t, curve.mean
    x = np.repeat(curve.t, 2)
    y = np.empty(len(x))
    # Rising columns are entered at their lowest value, falling ones at their highest.
    falling = np.diff(curve.mean, prepend=curve.mean[:1]) < 0
    y[0::2] = np.where(falling, curve.hi, curve.lo)
    y[1::2] = np.where(falling, curve.lo, curve.hi)
    return x, y


def value_at(curve: Curve, t_s: float | None) -> float:
    """The mean at a time, or the newest for None; NaN where there is none."""
    if not len(curve.t):
        return float("nan")
    if t_s is None:
        return float(curve.mean[-1])
    return float(curve.mean[min(int(np.searchsorted(curve.t, t_s)), len(curve.t) - 1)])
