"""Step and percentage adjustments of a capacity, as EC2 and Application Auto Scaling count them.

Source: Amazon EC2 Auto Scaling User Guide, "Step and simple scaling policies": "Scaling adjustment
types" and "Step adjustments".
"""

import math

import numpy as np

from sandbox.kernels.compiled import compiled

CHANGE, EXACT, PERCENT = range(3)
ADJUSTMENTS = ("change_in_capacity", "exact_capacity", "percent_change_in_capacity")

_NOISE = 1e-9  # a percentage within this of a whole number of units is that number


@compiled
def change_of(capacity, kind, amount, least):
    """By how many units an adjustment changes a capacity; `least` is the minimum magnitude of a
    percentage (0: none).

    A percentage is rounded towards zero, but what lies between -1 and 1 becomes a whole unit.
    """
    if kind == EXACT:
        return amount - capacity
    if kind == CHANGE:
        return amount
    change = capacity * amount / 100.0
    if change > 0.0:
        change = max(1.0, np.floor(change + _NOISE))
        return max(change, least)
    if change < 0.0:
        change = min(-1.0, np.ceil(change - _NOISE))
        return min(change, -least)
    return 0.0


@compiled
def step_of(steps, count, breach, above):
    """Which of `count` steps (lower, upper; nan is unbounded) holds a breach; -1: none.

    `breach` is the metric less the threshold. Above the threshold a step holds its lower bound,
    below it its upper bound.
    """
    for i in range(count):
        lower = steps[i].lower_bound
        upper = steps[i].upper_bound
        if lower != lower:
            lower = -math.inf
        if upper != upper:
            upper = math.inf
        if above and lower <= breach < upper:
            return i
        if not above and lower < breach <= upper:
            return i
    return -1
