"""Scheduled actions: minimum, maximum and desired capacity at moments known beforehand.

Used by Auto Scaling groups and by the scalable targets of Application Auto Scaling; computed ahead
into a table of rows, in order of time.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from itertools import islice, pairwise

import numpy as np
from pydantic import model_validator

from sandbox.services._cron import moment, occurrences, parsed, zone
from sandbox.services.contract import Setup
from sandbox.services.params import Parameters, param

SCHEDULED = "EC2 Auto Scaling user guide: Scheduled scaling for Amazon EC2 Auto Scaling"
ACTIONS = 125  # EC2 Auto Scaling user guide: Quotas, scheduled actions of a group
ROW = 5  # t_s, number of the action, minimum, maximum, desired (nan: left as it is)
AHEAD_S = 14 * 86_400.0  # computed beyond the planned end, for a run that goes on
ROWS = 20_000  # so many at the most


class Occasion(Parameters):
    """A moment, once or again and again."""

    recurrence: str = param(
        "",
        "Cron of five fields: minute hour day-of-month month day-of-week, such as "
        "'30 6 * * MON-FRI'; empty is once, at the start time.",
        source=SCHEDULED,
        confidence="H",
        basic=True,
    )
    start_time: str = param(
        "",
        "When it happens once, or the recurrence begins: 2026-01-05T08:00:00Z.",
        source=SCHEDULED,
        confidence="H",
        basic=True,
    )
    end_time: str = param("", "After it the recurrence is over.", source=SCHEDULED, confidence="H")
    time_zone: str = param(
        "UTC",
        "Where the recurrence's clock hangs, such as Europe/Berlin; clock changes are followed. "
        "In 2020 it was always UTC.",
        source=SCHEDULED,
        confidence="H",
    )

    @model_validator(mode="after")
    def _readable(self) -> Occasion:
        zone(self.time_zone)
        if self.recurrence:
            parsed(self.recurrence)
        for text in (self.start_time, self.end_time):
            if text:
                moment(text)
        return self


class ScheduledAction(Occasion):
    """Sizes of a group to set at a moment."""

    min_size: int | None = param(
        None, "Minimum from then on; empty leaves it.", ge=0, le=1_000_000, basic=True
    )
    max_size: int | None = param(
        None, "Maximum from then on; empty leaves it.", ge=0, le=1_000_000, basic=True
    )
    desired_capacity: int | None = param(
        None, "Capacity at that moment; empty leaves it.", ge=0, le=1_000_000, basic=True
    )

    @model_validator(mode="after")
    def _ordered(self) -> ScheduledAction:
        _in_order(self.min_size, self.max_size)
        return self

    @property
    def sizes(self) -> tuple[int | None, int | None, int | None]:
        return self.min_size, self.max_size, self.desired_capacity


class ScheduledBounds(Occasion):
    """Bounds of a scalable target to set at a moment."""

    min_capacity: int | None = param(
        None, "Least capacity from then on; empty leaves it.", ge=0, le=1_000_000, basic=True
    )
    max_capacity: int | None = param(
        None, "Greatest capacity from then on; empty leaves it.", ge=0, le=1_000_000, basic=True
    )

    @model_validator(mode="after")
    def _ordered(self) -> ScheduledBounds:
        _in_order(self.min_capacity, self.max_capacity)
        return self

    @property
    def sizes(self) -> tuple[int | None, int | None, int | None]:
        return self.min_capacity, self.max_capacity, None


def _in_order(least: int | None, most: int | None) -> None:
    if least is not None and most is not None and least > most:
        raise ValueError(f"the minimum {least} must not exceed the maximum {most}")


def collide(actions: Sequence[Occasion]) -> str | None:
    """Which two actions are for the same moment, in words; None if none are."""
    seen: dict[tuple, int] = {}
    for i, action in enumerate(actions, 1):
        if action.recurrence:
            key: tuple = (parsed(action.recurrence), action.time_zone, action.start_time)
        elif action.start_time:
            key = (moment(action.start_time),)
        else:
            continue
        if key in seen:
            return (
                f"scheduled actions {seen[key]} and {i} are for the same time; "
                "change one of them, or put both into one"
            )
        seen[key] = i
    return None


def table(actions: Sequence[ScheduledAction | ScheduledBounds], setup: Setup) -> np.ndarray:
    """Rows of ROW numbers in order of time, from the start of the run on."""
    first = setup.start_epoch
    last = first + setup.duration_s + AHEAD_S
    rows = []
    for i, action in enumerate(actions):
        sizes = [math.nan if size is None else float(size) for size in action.sizes]
        for at in islice(_times(action, setup.era, first, last), ROWS):
            rows.append([at - first, float(i), *sizes])
    rows.sort()
    return np.array(rows[:ROWS]).ravel()


def _times(action: Occasion, era: str, first: float, last: float) -> list[float]:
    if not action.recurrence:
        once = moment(action.start_time) if action.start_time else -math.inf
        return [once] if first <= once <= last else []
    begin = max(first, moment(action.start_time)) if action.start_time else first
    end = min(last, moment(action.end_time)) if action.end_time else last
    where = "UTC" if era == "2020" else action.time_zone
    return list(occurrences(action.recurrence, where, begin, end))


def key_of(rows: np.ndarray) -> int:
    """Tells one table from another, so that a running schedule notices an edit."""
    return zlib.crc32(rows.tobytes()) + 1


def meetings(actions: Sequence[ScheduledAction], setup: Setup) -> list[tuple[float, str]]:
    """When two actions fall on one moment although they are not for the same time."""
    rows = table(actions, setup).reshape(-1, ROW)
    return [
        (
            float(a[0]),
            f"Scheduled actions {a[1] + 1:.0f} and {b[1] + 1:.0f} fall on one moment",
        )
        for a, b in pairwise(rows)
        if a[0] == b[0]
    ][:20]
