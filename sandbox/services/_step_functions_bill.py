"""What a state machine costs: transitions of Standard, requests and GB-hours of Express."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import inlined
from sandbox.services._asl_table import BRANCHES_FIRST, ITEMS, SCOPE, STARTS
from sandbox.services._step_functions_flow import row_of, scope_of, start_of

PRICING = "https://aws.amazon.com/step-functions/pricing/"
TRANSITION_USD = 0.025e-3  # Step Functions pricing, us-east-1; H
REQUEST_USD = 1.0e-6  # Step Functions pricing: an Express request; H
GB_HOUR_USD = 0.06001  # Step Functions pricing: the first 1,000 GB-hours of a month; H
GB_HOUR_2_USD, GB_HOUR_3_USD = 0.02999, 0.01642  # PRICING; the next 4,000, and what is above; H
TIER_1_H, TIER_2_H = 1_000.0, 5_000.0  # Step Functions pricing: GB-hours; H
BILLED_S = 0.1  # Step Functions pricing: durations are rounded up to 100 ms; H
BILLED_MB = 64.0  # Step Functions pricing: memory is rounded up to 64 MB; H
STANDARD, EXPRESS = range(2)


@inlined
def bill(p, s, io, stages, table, tick):
    """Transitions of Standard; requests and GB-hours of Express, and of Express children."""
    gb = math.ceil(p.memory_mb / BILLED_MB - 1e-9) * BILLED_MB / 1024.0
    s.requests = 0.0
    seconds = 0.0
    if p.type == EXPRESS:
        s.requests = s.started
        seconds = s.started * _billed(s.duration)
    for i in range(stages.shape[0]):
        row = row_of(table, i)
        if table[row + STARTS] > 0.0:
            scope = scope_of(table, int(table[row + SCOPE]))
            flow = stages[i].x * table[scope + ITEMS]
            start = start_of(table, int(table[scope + BRANCHES_FIRST]))
            s.requests += flow
            seconds += flow * _billed(stages[start].rest)
    s.gb_hours = seconds * gb  # GB-hours in an hour
    s.gb_hour_usd = GB_HOUR_USD
    if s.gb_hours_total > TIER_2_H:
        s.gb_hour_usd = GB_HOUR_3_USD
    elif s.gb_hours_total > TIER_1_H:
        s.gb_hour_usd = GB_HOUR_2_USD
    s.gb_hours_total += s.gb_hours * tick.dt / 3600.0
    usd = s.requests * REQUEST_USD * 3600.0 + s.gb_hours * s.gb_hour_usd
    if p.type == STANDARD:
        usd += s.transitions * TRANSITION_USD * 3600.0
    io.cost_per_hour = usd


@inlined
def _billed(seconds):
    """A duration rounded up to 100 ms."""
    return math.ceil(seconds / BILLED_S - 1e-6) * BILLED_S
