"""What a group says of its scaling: the rule and the numbers, of decisions and refusals."""

from __future__ import annotations

import numpy as np

from sandbox.services._instances_words import EVENTS as INSTANCE_EVENTS
from sandbox.services.contract import EventKind

_METRICS = (
    ("CPU {1:.1f} %", "{2:g} %"),
    ("{1:,.0f} requests a target", "{2:g}"),
    ("{1:,.0f} bytes in", "{2:,.0f}"),
    ("{1:,.0f} bytes out", "{2:,.0f}"),
    ("{1:,.4g}", "{2:,.4g}"),
)
_OUT = tuple(
    EventKind(
        "scale_out",
        f"AlarmHigh {{0:.0f}} of {{0:.0f}}: {value} > {bound}; desired {{3:.0f}} to {{4:.0f}} "
        "(policy {5:.0f})",
    )
    for value, bound in _METRICS
)
_IN = tuple(
    EventKind(
        "scale_in",
        f"AlarmLow {{0:.0f}} of {{0:.0f}}: {value} < {bound}; desired {{3:.0f}} to {{4:.0f}} "
        "(policy {5:.0f})",
    )
    for value, bound in _METRICS
)
_REST = (
    EventKind(
        "scale_out_refused",
        "AlarmHigh: {0:,.1f} > {1:g} asks for {2:.0f}; refused: desired {3:.0f} is the maximum "
        "size (policy {4:.0f})",
        "warning",
    ),
    EventKind(
        "scale_out_refused",
        "AlarmHigh: {0:,.1f} > {1:g} asks for {2:.0f}; no change: desired is {3:.0f} already, "
        "{4:.0f} of them warming (policy {5:.0f})",
    ),
    EventKind(
        "scale_in_refused",
        "AlarmLow: {0:,.1f} < {1:g}; refused: {2:.0f} warming until {3:clock} (policy {4:.0f})",
    ),
    EventKind(
        "scale_in_refused",
        "AlarmLow: {0:,.1f} < {1:g} asks for {2:.0f}; no change: desired {3:.0f}, minimum size "
        "{4:.0f} (policy {5:.0f})",
    ),
    EventKind(
        "scale_in_refused",
        "AlarmLow: {0:,.1f} < {1:g}; refused: {2:.0f} of {3:.0f} policies agree (policy {4:.0f})",
    ),
    EventKind(
        "scale_out",
        "Step {0:.0f} of step policy {1:.0f}: {2:,.4g} against threshold {3:,.4g}; desired {4:.0f} "
        "to {5:.0f}",
    ),
    EventKind(
        "scale_in",
        "Step {0:.0f} of step policy {1:.0f}: {2:,.4g} against threshold {3:,.4g}; desired {4:.0f} "
        "to {5:.0f}",
    ),
    EventKind(
        "scale_out",
        "Simple policy {0:.0f}: {1:,.4g} against threshold {2:,.4g}; desired {3:.0f} to {4:.0f}",
    ),
    EventKind(
        "scale_in",
        "Simple policy {0:.0f}: {1:,.4g} against threshold {2:,.4g}; desired {3:.0f} to {4:.0f}",
    ),
    EventKind(
        "step_refused",
        "Step policy {0:.0f}: {1:,.4g} against threshold {2:,.4g}; refused: {3:.0f} warming until "
        "{4:clock}",
    ),
    EventKind(
        "step_refused",
        "Step policy {0:.0f}: {1:,.4g} against threshold {2:,.4g} asks for {3:.0f}; refused: "
        "desired {4:.0f} is the limit, or the forecast's",
        "warning",
    ),
    EventKind(
        "step_refused",
        "Step policy {0:.0f}: {1:,.4g} against threshold {2:,.4g} asks for {3:.0f}; no change: "
        "desired is {4:.0f}, what is warming counts",
    ),
    EventKind(
        "step_refused",
        "Step policy {0:.0f}: {1:,.4g} is {2:,.4g} off the threshold; refused: no step is for that",
        "warning",
    ),
    EventKind(
        "simple_refused",
        "Simple policy {0:.0f}: {1:,.4g} against threshold {2:,.4g}; ignored: an activity runs, "
        "{3:.0f} pending, {4:.0f} terminating",
    ),
    EventKind(
        "simple_refused",
        "Simple policy {0:.0f}: {1:,.4g} against threshold {2:,.4g}; ignored: cooldown until "
        "{3:clock}",
    ),
    EventKind(
        "simple_refused",
        "Simple policy {0:.0f}: {1:,.4g} against threshold {2:,.4g}; refused: desired {3:.0f} is "
        "the limit",
        "warning",
    ),
    EventKind(
        "cooldown", "Activity of simple policy {0:.0f} done; cooldown {1:.0f} s until {2:clock}"
    ),
    EventKind(
        "scheduled",
        "Scheduled action {0:.0f}: minimum {1:.0f}, maximum {2:.0f}, desired {3:.0f} to {4:.0f}",
    ),
    EventKind(
        "predicted",
        "Predictive policy {0:.0f}: {1:,.4g} forecast from {2:clock} on for {3:.0f} instances; "
        "desired {4:.0f} to {5:.0f}",
    ),
    EventKind(
        "predicted",
        "Predictive policy {0:.0f}: {1:,.4g} forecast for {2:.0f} instances; maximum raised "
        "{3:.0f} to {4:.0f}",
    ),
    EventKind(
        "predicted",
        "Predictive policy {0:.0f}: forecast of {1:.0f} instances; held at the maximum, {2:.0f}",
        "warning",
    ),
    EventKind(
        "forecast",
        "Forecast of the next 48 h from {0:.0f} h of history: at most {1:,.4g}, {2:.0f} instances "
        "(policy {3:.0f})",
    ),
    EventKind(
        "forecast_refused",
        "No forecast yet: {0:.0f} h of history, {1:.0f} h are needed (predictive policy {2:.0f})",
    ),
)
EVENTS = (*_OUT, *_IN, *_REST)
# an array's integers, not Python's: numba would compile `emit` once for each literal
OUT, IN = np.arange(2) * len(_METRICS) + len(INSTANCE_EVENTS)
(
    AT_MAX,
    COUNTED,
    WARMING,
    AT_MIN,
    DISAGREE,
    OUT_STEP,
    IN_STEP,
    OUT_SIMPLE,
    IN_SIMPLE,
    STEP_WARMING,
    STEP_LIMIT,
    STEP_COUNTED,
    STEP_NONE,
    SIMPLE_BUSY,
    SIMPLE_COOLS,
    SIMPLE_LIMIT,
    COOLS,
    SCHEDULED,
    PREDICTED,
    RAISED,
    HELD,
    FORECAST,
    NO_FORECAST,
) = np.arange(len(_REST)) + len(INSTANCE_EVENTS) + 2 * len(_METRICS)
