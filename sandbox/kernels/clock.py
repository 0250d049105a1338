"""Which ticks end a period: the 60 s of a metric, the 10 s of a fast alarm.

In whole microseconds, so that ticks of 0.1 s drift by nothing however long the run.
"""

from sandbox.kernels.compiled import compiled

HOUR_S = 3600.0
DAY_S = 86_400.0


@compiled
def boundaries(n, dt, period):
    """How many multiples of `period` (s) lie in tick `n`: after n·dt, up to (n + 1)·dt."""
    step = _microseconds(dt)
    every = _microseconds(period)
    return ((n + 1) * step) // every - (n * step) // every


@compiled
def due(n, dt, period):
    """Whether a period ends in tick `n` (0 is the first), at its end or on the way."""
    return boundaries(n, dt, period) > 0


@compiled
def _microseconds(seconds):
    return int(seconds * 1e6 + 0.5)
