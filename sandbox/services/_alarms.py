"""What alarms have in common, wherever they stand: their parameters, datapoints and state.

Used by the policies of groups and scalable targets, and by the node that several may share.
"""

from __future__ import annotations

import math
from typing import Annotated, Literal

import numpy as np
from numba import carray
from pydantic import model_validator

from sandbox.kernels.alarm import (
    GREATER,
    GREATER_OR_EQUAL,
    MORE,
    breaches,
    evaluate,
)
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services.law import pointer
from sandbox.services.params import Parameters, param
from sandbox.services.references import datapoint

API = "Amazon CloudWatch API: PutMetricAlarm"
MOST = 1440  # datapoints of an alarm at the most: a day of minutes (API: EvaluationPeriods)
DAY_S = 86_400  # API: EvaluationPeriods × Period at the most, for periods under an hour

STATE = np.dtype([("state", "i8"), ("since_s", "f8"), ("value", "f8"), ("breaching", "f8")])
"""An alarm: OK, ALARM or INSUFFICIENT_DATA (all zero: OK), since when, its newest datapoint, and
how many of its datapoints breach."""

SHARED = np.dtype(
    [("state", "f8"), ("value", "f8"), ("threshold", "f8"), ("above", "f8"), ("evaluated", "f8")]
)
"""How the state of an alarm node begins, for policies that share it."""


class Judgement(Parameters):
    """M of N datapoints on the wrong side of a threshold."""

    threshold: float = param(
        60.0, "What the metric is compared with.", ge=-1e12, le=1e12, source=API, basic=True
    )
    comparison: Literal[
        "greater_than_threshold",
        "greater_than_or_equal_to_threshold",
        "less_than_threshold",
        "less_than_or_equal_to_threshold",
    ] = param(
        "greater_than_or_equal_to_threshold",
        "Which side of the threshold breaches.",
        source=API,
        confidence="H",
        basic=True,
    )
    evaluation_periods: int = param(
        1,
        "N: datapoints that are looked at.",
        ge=1,
        le=MOST,
        source=API,
        confidence="H",
        basic=True,
    )
    datapoints_to_alarm: int | None = param(
        None,
        "M: how many of them must breach; empty is all N.",
        ge=1,
        le=MOST,
        source=API,
        confidence="H",
    )
    treat_missing_data: Literal["missing", "ignore", "breaching", "not_breaching"] = param(
        "missing",
        "What a datapoint without data counts as.",
        source="Amazon CloudWatch User Guide: Configuring how CloudWatch alarms treat missing data",
        confidence="H",
    )

    @model_validator(mode="after")
    def _m_of_n(self) -> Judgement:
        if (self.datapoints_to_alarm or 1) > self.evaluation_periods:
            raise ValueError(
                f"datapoints_to_alarm {self.datapoints_to_alarm} must not exceed "
                f"evaluation_periods {self.evaluation_periods}"
            )
        return self


class Alarm(Judgement):
    """An alarm of a policy of its own."""

    statistic: Literal["average", "sum", "minimum", "maximum", "sample_count"] = param(
        "average",
        "What becomes of the samples of a period, of a metric of the group's own.",
        source=API,
        confidence="H",
    )
    period_s: int = param(
        60,
        "Length of a datapoint, of a metric of the group's own: a multiple of 60.",
        unit="s",
        ge=60,
        le=DAY_S,
        source=API,
        confidence="H",
    )

    @model_validator(mode="after")
    def _fits(self) -> Alarm:
        if self.period_s % 60:
            raise ValueError(f"period_s {self.period_s} must be a multiple of 60")
        too_long(self.period_s, self.evaluation_periods)
        return self


def too_long(period_s: int, periods: int) -> None:
    """Raise ValueError if an alarm looks back more than a day."""
    if period_s * periods > DAY_S:
        raise ValueError(
            f"evaluation_periods × period_s is {period_s * periods:,} s; an alarm looks back "
            f"{DAY_S:,} s at the most"
        )


class Scratch:
    """Room in a state for the datapoints of one alarm at a time."""

    points: Annotated[object, ("f8", (MOST + MORE,))]


@compiled
def judge(state, points, comparison, threshold, to_alarm, periods, treatment, now):
    """Evaluate an alarm on its datapoints (newest first); whether its state has changed."""
    before = state.state
    state.state = evaluate(points, comparison, threshold, to_alarm, periods, treatment, before)
    if state.state != before:
        state.since_s = now
    state.breaching = 0.0
    state.value = math.nan
    real = 0
    for back in range(periods + MORE):
        value = points[back]
        if value != value:
            continue
        if real == 0:
            state.value = value
        if breaches(value, comparison, threshold):
            state.breaching += 1.0
        real += 1
        if real == periods:
            break
    return state.state != before


@compiled
def ratio(top, bottom, back, delay_s):
    """A datapoint of a reference, or of one divided by another (metric math m1 / m2): nan where a
    part is missing or the divisor is 0."""
    value = datapoint(top, back, delay_s)
    if bottom.watch == 0:
        return value
    divisor = datapoint(bottom, back, delay_s)
    if divisor == 0.0:
        return math.nan
    return value / divisor


@inlined
def shared_at(address):
    """The beginning of the state of an alarm node, found by a reference to its ``alarm_state``."""
    return carray(pointer(address), 1, SHARED)[0]


@inlined
def upward(comparison):
    """Whether the metric breaches above the threshold."""
    return comparison in (GREATER, GREATER_OR_EQUAL)
