"""Curves out of a history: the newest ticks one by one, older ones as rows, thinned for a plot."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sandbox.engine.history import History, chosen, solved

Curve = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
"""(t, mean, least, greatest), f8."""


@dataclass(frozen=True, slots=True)
class _Span:
    """What lies between two times: places of rows (or, if `newest`, of ticks), and how many of
    them become one point. Groups begin at multiples of `step`, so that a curve that grows at its
    end keeps the points it had."""

    newest: bool
    places: np.ndarray
    step: int


def curve(history: History, node: str, metric: str, t0: float, t1: float, points: int) -> Curve:
    """One metric of one node between two times, in about `points` steps; from when the node is."""
    info = history.info(node, metric)
    span = _span(history, t0, t1, points, history.born.get(node, 0))
    t, tape = _times(history, span), history.tape
    if info.quantile is not None:
        places, i = span.places[:: span.step], history.index[node]
        if span.newest:
            latency = tape.ring_latency[places % len(tape.ring), i]
        else:
            latency = tape.latencies[places, i]
        values = solved(chosen(latency, info.own), info.quantile)
        return t[:: span.step], values, values, values
    c = history.columns[node, metric]
    if span.newest:
        values = tape.ring[span.places % len(tape.ring), c].astype("f8")
        return _fold(t, values, values, values, span.step)
    mean, least, most = (
        array[span.places, c].astype("f8") for array in (tape.means, tape.leasts, tape.greatests)
    )
    return _fold(t, mean, least, most, span.step)


def total(history: History, metric: str, t0: float, t1: float, points: int) -> Curve:
    """A metric summed over all nodes that have it; extremes of the sum are known from the newest
    ticks only, and are its mean in older rows. A percentile has no sum: KeyError."""
    columns = np.array([c for (_, name), c in history.columns.items() if name == metric], "i8")
    if not len(columns):
        raise KeyError(f"no node has a metric '{metric}' that could be summed")
    span = _span(history, t0, t1, points)
    if span.newest:
        rows = history.tape.ring[np.ix_(span.places % len(history.tape.ring), columns)]
    else:
        rows = history.tape.means[np.ix_(span.places, columns)]
    values = rows.sum(axis=1, dtype="f8")
    return _fold(_times(history, span), values, values, values, span.step)


def _times(history: History, span: _Span) -> np.ndarray:
    """End of each tick or row, s since the run's start."""
    return history.origin_s + (span.places + 1) * (history.dt if span.newest else history.row_s())


def _span(history: History, t0: float, t1: float, points: int, born: int = 0) -> _Span:
    """Of a node that was added after `born` ticks only what lies wholly behind that."""
    tape, origin = history.tape, history.origin_s
    ticks, ring = int(tape.head[4]), len(tape.ring)
    begin = max(0, math.ceil((t0 - origin) / history.dt - 1e-9) - 1)
    end = min(ticks, math.floor((t1 - origin) / history.dt + 1e-9))
    newest = ring > 0 and begin >= max(history.ring_from, ticks - ring)
    if not newest:
        row_s = history.row_s()
        begin = max(0, math.ceil((t0 - origin) / row_s - 1e-9) - 1)
        end = min(history.rows, math.ceil((t1 - origin) / row_s - 1e-9))
    begin = max(begin, born if newest else -(-born // int(tape.head[0])))
    step = max(1, (end - begin) // max(1, points))
    return _Span(newest, np.arange(begin + -begin % step, end), step)


def _fold(t: np.ndarray, mean: np.ndarray, least: np.ndarray, most: np.ndarray, step: int) -> Curve:
    """Join `step` points to one: the last time, the mean, least and greatest."""
    if step == 1 or len(t) < step:
        return t, mean, least, most
    n = len(t) // step * step
    whole = (-1, step)
    return (
        t[:n].reshape(whole)[:, -1],
        mean[:n].reshape(whole).mean(axis=1),
        least[:n].reshape(whole).min(axis=1),
        most[:n].reshape(whole).max(axis=1),
    )
