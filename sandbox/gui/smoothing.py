"""Calm numbers for the canvas: means over the last seconds that a person watched.

A tick is a hundredth of a second at 60 times real time, and what differs from one to the next would
flicker. Nothing is smoothed while the run stands still: what is shown then is what is.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sandbox.engine.dials import Reading

SPAN_S = 2.5
"""Wall time over which health, losses and flows are averaged."""
_STEP_S = 0.25
"""A reading is kept this often."""


class Calm:
    """Remembers the readings of the last `SPAN_S`."""

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._kept: deque[tuple[float, Reading]] = deque()
        self._causes = np.empty(0, "i8")
        self._last_s = -1.0

    def smoothed(self, reading: Reading, moving: bool) -> Reading:
        """The reading as the mean with those before it; headlines stay as they are now.

        A run that stands, or that has gone back in time, starts afresh.
        """
        if not moving or reading.t_s <= self._last_s:
            self._kept.clear()
        self._last_s = reading.t_s
        if not moving:
            self._causes = reading.causes
            return reading
        now = self._clock()
        while self._kept and now - self._kept[0][0] > SPAN_S:
            self._kept.popleft()
        past = [kept for _, kept in self._kept]
        if not past or now - self._kept[-1][0] >= _STEP_S:
            self._kept.append((now, reading))
        if not past:
            self._causes = reading.causes
            return reading
        # What loses nothing in this very tick is still said to lose for the reason it last had.
        self._causes = np.where(reading.causes >= 0, reading.causes, self._causes)
        all_ = [*past, reading]
        with np.errstate(invalid="ignore"):
            values = np.mean([one.values for one in all_], axis=0)
            flows = np.mean([one.flows for one in all_], axis=0)
            # A link's quality counts by what flowed when.
            weights = np.array([one.flows for one in all_]) + 1e-12
            ok = (np.array([one.ok for one in all_]) * weights).sum(axis=0) / weights.sum(axis=0)
        return replace(reading, values=values, flows=flows, ok=ok, causes=self._causes)
