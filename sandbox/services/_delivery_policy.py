"""When a delivery that failed is tried again, and what else a table says of its target."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

AGES = 104  # attempts that a schedule can name one by one
# columns of a target's row
N, TAIL, END, OLDEST, CAP, REDRIVE, TRUSTED, PRICE, OWN, SHARES = range(10)
CLASSES = 64
ROW = SHARES + CLASSES + AGES


class Schedule(NamedTuple):
    """When a failed delivery is tried again: at these ages (s), then every `tail_s`, to `end_s`.

    These count from the first attempt; `oldest_s` counts from when it was sent."""

    ages: Sequence[float]
    tail_s: float
    end_s: float
    oldest_s: float = math.inf


def phases(immediate: int, *parts: tuple[int, float, float]) -> Schedule:
    """A schedule of (attempts, first delay, last delay) after so many without delay.

    Delays between the first and the last grow by a constant factor; a last phase that does not fit
    the table becomes the tail.
    """
    ages = [0.0] * immediate
    age = 0.0
    for count, first, last in parts:
        if len(ages) + count > AGES:
            return Schedule(ages, last, age + count * last)
        for k in range(count):
            part = k / (count - 1) if count > 1 else 0.0
            age += first * (last / first) ** part
            ages.append(age)
    return Schedule(ages, 0.0, ages[-1] if ages else 0.0)


def row(
    schedule: Schedule,
    *,
    cap: float,
    redrive: bool,
    trusted: bool,
    price: float,
    shares: Any,
    own: float = 0.0,
) -> np.ndarray:
    """A target's row of the table: the most attempts a second (`cap`), whether it takes whatever
    reaches it (`trusted`), the price of a delivery ($), the shares of the request classes that it
    takes, and a number of the service's `own`."""
    found = np.zeros(ROW)
    found[N], found[TAIL], found[END] = len(schedule.ages), schedule.tail_s, schedule.end_s
    found[OLDEST] = schedule.oldest_s
    found[CAP], found[REDRIVE], found[TRUSTED] = cap, redrive, trusted
    found[PRICE], found[OWN] = price, own
    found[SHARES : SHARES + len(shares)] = shares
    found[SHARES + CLASSES : SHARES + CLASSES + len(schedule.ages)] = schedule.ages
    return found
