"""Means and percentiles of one long simulation, with confidence intervals by batch means.

The window is cut into batches of equal length, longer than what one moment remembers of another;
their means are then as good as independent, and Student's t gives the interval.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

LEAST = 30  # samples a batch needs for its mean to count
QUANTILES = (0.5, 0.95, 0.99)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A value and the half-width of its 95 % confidence interval (nan: too little to tell)."""

    value: float
    half: float

    def json(self) -> list[float | None]:
        return [None if not np.isfinite(x) else float(x) for x in (self.value, self.half)]


UNKNOWN = Estimate(float("nan"), float("nan"))


def of_batches(values: np.ndarray, whole: float | None = None) -> Estimate:
    """The mean of batch values (or `whole`, that of all of it), and its half-width."""
    values = values[np.isfinite(values)]
    if len(values) == 0:
        return UNKNOWN if whole is None else Estimate(whole, float("nan"))
    value = float(values.mean()) if whole is None else whole
    if len(values) < 2:
        return Estimate(value, float("nan"))
    spread = float(values.std(ddof=1)) / len(values) ** 0.5
    return Estimate(value, student(len(values) - 1) * spread)


def of_samples(batches: list[np.ndarray]) -> dict[str, Estimate]:
    """Mean, p50, p95 and p99 of samples that came in batches."""
    full = [batch for batch in batches if len(batch) >= LEAST]
    if not full:
        return dict.fromkeys(("mean", "p50", "p95", "p99"), UNKNOWN)
    together = np.concatenate(full).astype("f8")
    whole = np.quantile(together, QUANTILES)
    each = np.array([np.quantile(batch, QUANTILES) for batch in full])
    found = {"mean": of_batches(np.array([b.mean(dtype="f8") for b in full]), together.mean())}
    for k, p in enumerate(QUANTILES):
        found[f"p{round(100 * p)}"] = of_batches(each[:, k], float(whole[k]))
    return found


@lru_cache
def student(freedom: int) -> float:
    """The 97.5 % quantile of Student's t (Cornish and Fisher's expansion; within 0.1 % from 4)."""
    z = 1.959963984540054
    v = float(freedom)
    exact = {1: 12.7062, 2: 4.3027, 3: 3.1824}
    if freedom in exact:
        return exact[freedom]
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )
