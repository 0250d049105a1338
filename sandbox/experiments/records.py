"""What was recorded over a whole run, across the edits of a replay, each of which starts afresh."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from sandbox.engine.history import History, MetricInfo

Summary = dict[str, float | str | None]

# Components of a whole run's mixture that agree so closely are counted as one; the first three
# moments of all stay exact. Steps: of log mean, of log standard deviation, of skewness.
_ALIKE = (0.005, 0.02, 0.1)


class Records:
    """The histories of a run, one after the other; times in s since the start of the run."""

    def __init__(self, histories: Sequence[History]) -> None:
        self.histories = tuple(histories)
        self.metrics: dict[str, tuple[MetricInfo, ...]] = {}
        for history in self.histories:
            self.metrics |= history.metrics
        self.metrics = dict(sorted(self.metrics.items()))
        self._mixtures: dict[tuple[str, bool], list[np.ndarray]] = {}
        self._runs: dict[tuple[str, bool], np.ndarray] = {}
        self._solved: dict[tuple[str, str], list[np.ndarray]] = {}

    def info(self, node: str, metric: str) -> MetricInfo:
        """The description of one metric; KeyError with a helpful text if there is none."""
        return self._with(node)[-1].info(node, metric)

    def times(self, node: str | None = None) -> np.ndarray:
        """End of each row, the unfinished one included; of the histories that have the node."""
        chosen = self.histories if node is None else self._with(node)
        return np.concatenate([_times(history) for history in chosen])

    def column(self, node: str, metric: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(mean, least, greatest) of each row, f8; for percentiles all three alike."""
        info = self.info(node, metric)
        if info.quantile is not None:
            values = np.concatenate(self._percentiles(node, info))
            return values, values, values
        parts = [_column(history, node, metric) for history in self._with(node)]
        mean, least, greatest = (np.concatenate(part) for part in zip(*parts, strict=True))
        return mean, least, greatest

    def summary(self, node: str, metric: str) -> Summary:
        """mean, min, max, last, total, run and unit over all ticks of the run."""
        info = self.info(node, metric)
        if info.quantile is not None:
            values = np.concatenate(self._percentiles(node, info))
            values = values[np.isfinite(values)]
            known = len(values) > 0
            return {
                "mean": float(values.mean()) if known else None,
                "min": float(values.min()) if known else None,
                "max": float(values.max()) if known else None,
                "last": float(values[-1]) if known else None,
                "total": None,
                "run": self.quantile(node, info.quantile, info.own),
                "unit": info.unit,
            }
        parts = [(history, history.summary(node, metric)) for history in self._with(node)]
        if len(parts) == 1:
            return parts[0][1]
        ticks = [max(1, _ticks(history)) for history, _ in parts]
        found = [summary for _, summary in parts]
        weighted = (_number(s["mean"]) * n for s, n in zip(found, ticks, strict=True))
        return {
            "mean": sum(weighted) / sum(ticks),
            "min": min(_number(s["min"]) for s in found),
            "max": max(_number(s["max"]) for s in found),
            "last": found[-1]["last"],
            "total": sum(_number(s["total"]) for s in found) if info.total else None,
            "run": None,
            "unit": info.unit,
        }

    def seconds(self, node: str) -> float:
        """How long the node was there."""
        return sum(_ticks(history) * history.dt for history in self._with(node))

    def quantile(self, node: str, p: float, own: bool = False) -> float:
        """Percentile of the arrival-weighted latency mixture over the whole run, s; nan if none."""
        key = (node, own)
        if key not in self._runs:
            parts = np.concatenate([part.reshape(-1, 4) for part in self._whole(node, own)])
            self._runs[key] = _merged(parts)[None]
        return float(_solve(self._runs[key], p)[0])

    def _with(self, node: str) -> list[History]:
        found = [h for h in self.histories if node in h.metrics and _ticks(h)]
        if not found:
            return [next((h for h in self.histories if node in h.metrics), self.histories[-1])]
        return found

    def _whole(self, node: str, own: bool) -> list[np.ndarray]:
        """Of each history with the node, the mixture of each row: f8[rows, components, 4]."""
        key = (node, own)
        if key not in self._mixtures:
            self._mixtures[key] = [
                history.whole(node, own).reshape(-1, 2 if own else 4, 4)
                for history in self._with(node)
            ]
        return self._mixtures[key]

    def _percentiles(self, node: str, info: MetricInfo) -> list[np.ndarray]:
        key = (node, info.name)
        if key not in self._solved:
            assert info.quantile is not None
            self._solved[key] = [_solve(m, info.quantile) for m in self._whole(node, info.own)]
        return self._solved[key]


def _ticks(history: History) -> int:
    return int(history.tape.head[4])


def _times(history: History) -> np.ndarray:
    """End of each row, the unfinished one included, s since the start of the run."""
    if not history.tape.head[1]:
        return history.times()
    end = (history.started + _ticks(history)) * history.dt
    return np.append(history.times(), end)


def _column(history: History, node: str, metric: str) -> tuple[np.ndarray, ...]:
    mean, least, greatest = (a.astype("f8") for a in history.column(node, metric))
    ticks = int(history.tape.head[1])
    if not ticks:
        return mean, least, greatest
    sums, low, high = history.tape.bucket[:, history.columns[node, metric]]
    return np.append(mean, sums / ticks), np.append(least, low), np.append(greatest, high)


def _solve(parts: np.ndarray, p: float) -> np.ndarray:
    """The p-quantile (s) of each mixture, rows of (weight, mean, variance, third cumulant)."""
    from sandbox.engine.quantile import quantiles

    if not len(parts):
        return np.zeros(0)
    w, m, v, k = (np.ascontiguousarray(parts[..., i], "f8") for i in range(4))
    return quantiles(w, m, v, k, p)


def _merged(parts: np.ndarray) -> np.ndarray:
    """The same mixture of fewer components: those that are nearly alike become one."""
    parts = parts[parts[:, 0] > 0]
    if len(parts) < 64:
        return parts
    w, m, v, k = parts.T
    spread = np.sqrt(np.maximum(v, 1e-24))
    keys = [
        np.rint(np.log(np.maximum(m, 1e-12)) / _ALIKE[0]),
        np.rint(np.log(spread) / _ALIKE[1]),
        np.rint(np.clip(k / spread**3, -100, 100) / _ALIKE[2]),
    ]
    order = np.lexsort(keys)
    changes = np.any(np.diff(np.array(keys)[:, order], axis=1) != 0, axis=0)
    begins = np.flatnonzero(np.concatenate(([True], changes)))
    weights = np.add.reduceat(w[order], begins)
    first, second, third = (
        np.add.reduceat((w * raw)[order], begins) / weights
        for raw in (m, v + m**2, k + 3 * m * v + m**3)
    )
    variance = np.maximum(0.0, second - first**2)
    cumulant = third - 3 * first * second + 2 * first**3
    return np.stack((weights, first, variance, cumulant), axis=-1)


def _number(value: float | str | None) -> float:
    return float(value) if value is not None else math.nan
