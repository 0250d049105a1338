"""CloudWatch metrics and alarms: buckets that close on the clock, M of N, missing data.

A metric has one open bucket and a ring of closed ones (record array of BUCKET); `newest` is the
index of the last one closed. An alarm looks at closed buckets only, never at live state.

Source: Amazon CloudWatch User Guide, "Using Amazon CloudWatch alarms": "Evaluating an alarm" and
"Configuring how CloudWatch alarms treat missing data", with its tables.
"""

import math

import numpy as np

from sandbox.kernels.compiled import compiled

BUCKET = np.dtype(
    [("amount", "f8"), ("samples", "f8"), ("lowest", "f8"), ("highest", "f8")], align=True
)
"""Sum of the values, number of samples, least and greatest value. All zero: no data."""

AVERAGE, SUM, MINIMUM, MAXIMUM, SAMPLE_COUNT = range(5)
STATISTICS = ("Average", "Sum", "Minimum", "Maximum", "SampleCount")

GREATER, GREATER_OR_EQUAL, LESS, LESS_OR_EQUAL = range(4)
COMPARISONS = (
    "GreaterThanThreshold",
    "GreaterThanOrEqualToThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
)

MISSING, IGNORE, BREACHING, NOT_BREACHING = range(4)
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")

OK, ALARM, INSUFFICIENT_DATA = range(3)
STATES = ("OK", "ALARM", "INSUFFICIENT_DATA")

MORE = 2  # periods beyond N that an alarm fetches: five in all for N = 3, as in AWS's tables


@compiled
def settled(value):
    """A value to nine decimals: the rounding of a minute's sum is no breach of a threshold."""
    return np.rint(value * 1e9) / 1e9  # round() makes an integer, which has no room for much


@compiled
def observe(bucket, value, samples=1.0):
    """Count `samples` samples of one value into the open bucket (a fraction is fine)."""
    if samples <= 0.0:
        return
    if bucket.samples == 0.0:
        bucket.lowest = value
        bucket.highest = value
    bucket.amount += value * samples
    bucket.samples += samples
    bucket.lowest = min(bucket.lowest, value)
    bucket.highest = max(bucket.highest, value)


@compiled
def close(ring, newest, bucket):
    """Move the open bucket into the ring and begin anew; the new `newest`."""
    newest = (newest + 1) % ring.size
    closed = ring[newest]
    closed.amount = bucket.amount
    closed.samples = bucket.samples
    closed.lowest = bucket.lowest
    closed.highest = bucket.highest
    bucket.amount = 0.0
    bucket.samples = 0.0
    bucket.lowest = 0.0
    bucket.highest = 0.0
    return newest


@compiled
def value_of(ring, newest, back, span, statistic):
    """The statistic of one period: `span` buckets, `back` periods before the newest; nan: no data.

    A period of 300 s over buckets of 60 s has span 5 and slides by a bucket, as CloudWatch's does.
    """
    amount = 0.0
    samples = 0.0
    lowest = math.inf
    highest = -math.inf
    for i in range(back * span, (back + 1) * span):
        if i >= ring.size:
            break
        bucket = ring[(newest - i) % ring.size]
        if bucket.samples > 0.0:
            amount += bucket.amount
            samples += bucket.samples
            lowest = min(lowest, bucket.lowest)
            highest = max(highest, bucket.highest)
    if samples <= 0.0:
        return math.nan
    if statistic == AVERAGE:
        return amount / samples
    if statistic == SUM:
        return amount
    if statistic == MINIMUM:
        return lowest
    if statistic == MAXIMUM:
        return highest
    return samples


@compiled
def breaches(value, comparison, threshold):
    """Whether a value breaches the threshold."""
    if comparison == GREATER:
        return value > threshold
    if comparison == GREATER_OR_EQUAL:
        return value >= threshold
    if comparison == LESS:
        return value < threshold
    return value <= threshold


@compiled
def evaluate(points, comparison, threshold, to_alarm, periods, treatment, state):
    """The state of an alarm after a bucket has closed, from the one before (`state`).

    `points` are datapoints, the newest first, nan where there is none: N + 2 or more of them.

    Alarm when `to_alarm` (M) of the newest `periods` (N) breach. Of the N + 2 periods fetched the
    newest N with data count; only if there are fewer, what is missing is filled by `treatment`.
    Under `MISSING` and `IGNORE`, data that all breach but are fewer than M leave the state as it
    is, save that under `MISSING` one that is M periods old already raises the alarm. (AWS does not
    say what a fresh one does; that it changes nothing is an assumption.)
    """
    real = 0
    breaching = 0
    oldest = 0
    for back in range(periods + MORE):
        value = points[back]
        if math.isnan(value):
            continue
        real += 1
        if breaches(value, comparison, threshold):
            breaching += 1
            oldest = back + 1
        if real == periods:
            break
    missing = periods - real
    if missing == 0 or breaching >= to_alarm:
        return ALARM if breaching >= to_alarm else OK
    if treatment == BREACHING:
        return ALARM if breaching + missing >= to_alarm else OK
    if treatment == NOT_BREACHING:
        return OK
    if real == 0:
        return INSUFFICIENT_DATA if treatment == MISSING else state
    if breaching == real:
        return ALARM if treatment == MISSING and oldest >= to_alarm else state
    return OK


@compiled
def target_tracking(current, metric, target):
    """The capacity that brings a metric to its target: ceil(current · metric / target).

    Rounding of the metric cannot add a unit: a ratio within 1e-9 of a whole number is that number.
    Source: "Target tracking scaling policies", Amazon EC2 Auto Scaling User Guide; the formula is
    that of its examples.
    """
    wanted = current * metric / target
    return np.ceil(wanted - 1e-9 * max(wanted, 1.0))
