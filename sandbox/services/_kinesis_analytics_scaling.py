"""Auto scaling of a Flink application: by its CPU of the last minutes, one doubling at a time."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled, inlined
from sandbox.services.law import boundary, emit

AUTO = "Managed Service for Apache Flink Developer Guide: Use automatic scaling"

UP_PERCENT = 75.0  # AUTO: CPU at or above it in so many datapoints of a minute,
UP_DATAPOINTS = 15  # … doubles the parallelism
DOWN_PERCENT = 10.0  # AUTO: CPU below it in so many
DOWN_DATAPOINTS = 360  # … halves it, rounded up


class Scaled:
    """What the state says of the size of an application."""

    current: float  # parallelism
    kpus: float
    wanted: float  # parallelism asked for by a person; 0 is none
    cpu: float  # percent, of the last whole minute
    busy: float  # seconds of CPU share in this minute
    lasted: float
    high: int  # datapoints in a row
    low: int
    at_quota: int


@inlined
def kpus(p, parallelism):
    return math.ceil(parallelism / p.parallelism_per_kpu - 1e-9)


@compiled
def scale(p, s, tick, used, up, quota):
    """The parallelism wanted after this tick, in which the share `used` of the CPU was busy.

    `up` and `quota` are kinds of events: scaled up (and after it, down), and at the quota.
    """
    s.busy += used * tick.dt
    s.lasted += tick.dt
    if not boundary(tick, 60.0):
        return s.current
    s.cpu = 100.0 * s.busy / s.lasted
    s.busy = s.lasted = 0.0
    s.high = s.high + 1 if s.cpu >= UP_PERCENT - 1e-9 else 0
    s.low = s.low + 1 if s.cpu < DOWN_PERCENT - 1e-9 else 0
    if not p.auto_scaling_enabled:
        return s.current
    if s.high >= UP_DATAPOINTS:
        wanted = min(2.0 * s.current, p.most)
        if wanted > s.current:
            emit(tick, up, s.current, wanted, s.cpu, kpus(p, wanted))
            s.at_quota = 0
            return wanted
        if s.at_quota == 0:
            emit(tick, quota, s.current, s.kpus, s.cpu)
            s.at_quota = 1
    elif s.low >= DOWN_DATAPOINTS:
        wanted = max(float(p.parallelism), math.ceil(0.5 * s.current))
        if wanted < s.current:
            emit(tick, up + 1, s.current, wanted, s.cpu, kpus(p, wanted))
            return wanted
    return s.current
