"""A minute of the Spot market, for what keeps pools of its own: AWS Batch, EMR."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import uniform
from sandbox.services._instance_types import HOURS_A_MONTH, MONTHLY, TABLE
from sandbox.services._instances_spot import LEAST_SHARE, SHORT_LEAST_S, SHORT_MOST_S

MARKET = 1 << 42  # counters of random numbers


@compiled
def chance(monthly):
    """A minute's: an instance is hit with the pool's rate times the mean share taken."""
    hourly = -math.log1p(-monthly) / HOURS_A_MONTH / (0.5 * (1.0 + LEAST_SHARE))
    return -math.expm1(-hourly / 60.0)


@compiled
def pool(tick, now, place, kind):
    """The share that the pool at ``place`` takes back in this minute, and until when it is short.

    The share is 0 in nearly all minutes.
    """
    counter = MARKET + math.floor(now / 60.0 + 0.5) * 64 + 4 * (1 + place)
    if uniform(tick.seed, tick.key, counter) >= chance(TABLE[kind, MONTHLY]):
        return 0.0, now
    share = uniform(tick.seed, tick.key, counter + 1)
    lasts = uniform(tick.seed, tick.key, counter + 2)
    until = now + SHORT_LEAST_S + (SHORT_MOST_S - SHORT_LEAST_S) * lasts
    return LEAST_SHARE + (1.0 - LEAST_SHARE) * share, until
