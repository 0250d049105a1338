"""References to metrics: how an alarm or a policy names what it watches, and the buckets it reads.

A reference is `{node, metric, statistic, period_s}`.  The engine keeps one WATCH for each metric
that is referred to: it samples the metric each tick into the open bucket, and closes the bucket on
the clock.  Whoever watches reads closed buckets only, and as late as it says itself.

A rate (1/s) is weighted by time, so that its average is a rate and its sum a count; of anything
else the mean of a bucket is one sample, so that a sum adds up datapoints, as CloudWatch's does.
"""

from __future__ import annotations

import math
from typing import ClassVar, Literal

import numpy as np
from numba import carray
from pydantic import model_validator

from sandbox.kernels.alarm import BUCKET, settled, value_of
from sandbox.kernels.clock import due
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services.law import pointer
from sandbox.services.params import Parameters, param

ALARMS = "Amazon CloudWatch User Guide: Using Amazon CloudWatch alarms"
PERIODS = "Amazon CloudWatch API: PutMetricAlarm, Period"

KEPT = 1536  # buckets: a day of minutes and some
FINE_S = 10.0  # a bucket where somebody watches by less than a minute
MINUTE_S = 60.0

RATES = (
    *("arrivals", "served", "throttled", "rejected", "failed", "timed_out", "expired", "goodput"),
)
GAUGES = ("backlog", "in_flight", "utilization", "instances", "cost_per_hour")
LATENCIES = ("latency_mean", "own_latency_mean")  # there is none while nothing is served
COMMON = (*RATES, *GAUGES, *LATENCIES)
"""The metrics of every node that can be watched, fields of its NODE record."""

WATCH = np.dtype(
    [
        ("value", "i8"),  # address of the number itself
        ("gate", "i8"),  # … and of one without which there is no sample; 0: none
        ("every", "i8"),  # address of the metric's own period, s (f8); 0: each bucket
        ("node", "i8"),
        ("rate", "i8"),
        ("ignores_missing", "i8"),
        ("base_s", "f8"),
        ("amount", "f8"),
        ("seconds", "f8"),
        ("lowest", "f8"),
        ("highest", "f8"),
        ("closed", "i8"),
        ("newest", "i8"),
        ("ring", BUCKET, (KEPT,)),
    ],
    align=True,
)

WATCH_STATE = ("amount", "seconds", "lowest", "highest", "closed", "newest", "ring")
"""The fields that a run changes."""


class MetricReference(Parameters):
    """A metric of a node, as an alarm or a policy looks at it."""

    record_only: ClassVar[dict[str, str]] = {"watch": "i8", "source": "i8"}
    """Fields of the record alone, which the engine fills in: addresses of the WATCH and of the
    number itself (0: nothing is referred to)."""

    node: str = param("", "The node whose metric is watched.", source=ALARMS, basic=True)
    metric: str = param(
        "", "Its name, as in the node's list of metrics.", source=ALARMS, basic=True
    )
    statistic: Literal["average", "sum", "minimum", "maximum", "sample_count"] = param(
        "average",
        "What becomes of the samples of a period; the sum of a rate is a count.",
        source=ALARMS,
        confidence="H",
    )
    period_s: int = param(
        60,
        "Length of a datapoint: 10, 20, 30 or a multiple of 60. Below 60 the metric counts as one "
        "that you publish yourself at high resolution.",
        unit="s",
        ge=10,
        le=86_400,
        source=PERIODS,
        confidence="H",
    )

    @model_validator(mode="after")
    def _period(self) -> MetricReference:
        if self.period_s % 60 and self.period_s not in (10, 20, 30):
            raise ValueError(f"period_s {self.period_s} must be 10, 20, 30 or a multiple of 60")
        return self

    @property
    def given(self) -> bool:
        return bool(self.node and self.metric)

    @property
    def base_s(self) -> float:
        return FINE_S if self.period_s < MINUTE_S else MINUTE_S


@compiled
def sample(watches, n, dt):
    """Take this tick's sample of each, and close the buckets that are due."""
    for i in range(watches.shape[0]):
        watch = watches[i]
        value = carray(pointer(watch.value), 1, np.float64)[0]
        there = value == value
        if watch.gate != 0 and not carray(pointer(watch.gate), 1, np.float64)[0] > 0.0:
            there = False
        if there:
            if watch.seconds == 0.0:
                watch.lowest = watch.highest = value
            watch.amount += value * dt
            watch.seconds += dt
            watch.lowest = min(watch.lowest, value)
            watch.highest = max(watch.highest, value)
        if due(n, dt, watch.base_s):
            _close(watch)


@compiled
def _close(watch):
    watch.closed += 1
    watch.newest = (watch.newest + 1) % watch.ring.shape[0]
    bucket = watch.ring[watch.newest]
    bucket.amount = bucket.samples = bucket.lowest = bucket.highest = 0.0
    if watch.every != 0:
        every = carray(pointer(watch.every), 1, np.float64)[0]
        if every > watch.base_s and (watch.closed * watch.base_s) % every > 1e-6:
            return
    if watch.seconds > 0.0:
        mean = settled(watch.amount / watch.seconds)
        if watch.rate != 0:
            bucket.samples = watch.seconds
            bucket.amount = settled(watch.amount)
        else:
            bucket.samples = 1.0
            bucket.amount = mean
        bucket.lowest = watch.lowest
        bucket.highest = watch.highest
    watch.amount = watch.seconds = watch.lowest = watch.highest = 0.0


@inlined
def watch_at(address):
    """The WATCH that a reference's record points to."""
    return carray(pointer(address), 1, WATCH)[0]


@compiled
def datapoint(reference, back, delay_s):
    """The value of one period, `back` periods before the newest that has arrived; nan: no data."""
    if reference.watch == 0:
        return math.nan
    watch = watch_at(reference.watch)
    span = max(1, int(reference.period_s / watch.base_s + 0.5))
    late = math.ceil(delay_s / watch.base_s - 1e-9)
    if watch.closed - late - back * span <= 0:
        return math.nan
    newest = (watch.newest - late) % watch.ring.shape[0]
    return value_of(watch.ring, newest, back, span, reference.statistic)
