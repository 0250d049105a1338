"""Auto scaling of a provisioned table: Application Auto Scaling of its read and its write units.

The metric is what was consumed in a minute as a share of what is provisioned, in %: the alarms'
thresholds are counts that are set anew with the capacity.  A minute
without any consumption has no datapoint, so that a table that nobody uses keeps its capacity (as
documented until 2019; whether it still holds is not: `zero_consumption_scales_in` is a switch).  Of
the workarounds that were documented both work: a few requests bring datapoints, and a maximum
lowered to the minimum pulls the capacity down.  What is wanted goes through UpdateTable: it takes
its time, and decreases have the day's budget.
"""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.services._application_scaling import DYNAMODB_RULES, SCALABLE, events, follow, publish
from sandbox.services._dynamodb_capacity import count_decrease, decrease_in
from sandbox.services._plans import target_of, told_to_plan
from sandbox.services._scalable_targets import ScalableTarget
from sandbox.services._scheduled_actions import ROW
from sandbox.services.contract import EventKind, Setup
from sandbox.services.law import boundary, emit

FIRST = 5  # of the service's events: those of auto scaling

_READS, _WRITES = events("read units/s"), events("write units/s")
EVENTS = (
    *_READS,
    *_WRITES,
    EventKind(
        "scale_in_refused",
        "UpdateTable to {0:,.0f} read and {1:,.0f} write units/s refused: {2:.0f} decreases today, "
        "one more in {3:,.0f} s",
    ),
    EventKind(
        "updating",
        "UpdateTable to {0:,.0f} read and {1:,.0f} write units/s, done at {2:clock}; decreases "
        "today: {3:.0f}",
    ),
)
# an array's integers, not Python's: numba would compile once for each literal
OF_READS, OF_WRITES, NO_BUDGET, UPDATING = FIRST + np.array(
    [0, len(_READS), len(_READS) + len(_WRITES), len(_READS) + len(_WRITES) + 1]
)


class Scaled:
    """What the state of a table keeps for it."""

    read_scale: Annotated[object, SCALABLE]
    write_scale: Annotated[object, SCALABLE]
    used_reads: float  # units in the open minute
    used_writes: float
    read_high: float
    read_low: float
    write_high: float
    write_low: float
    budget_said: int


def targets(params: Any, setup: Setup) -> tuple[ScalableTarget | None, ScalableTarget | None]:
    """The scalable targets of reads and writes: the table's own, or those that a plan makes."""
    reads, writes = (
        target_of(
            setup,
            getattr(params, f"{side}_scaling"),
            getattr(params, f"{side}_capacity_units"),
            params.table_quota_units,
        )
        for side in ("read", "write")
    )
    return reads, writes


@compiled
def scale(p, s, tick):
    """Once a minute: publish utilisation, evaluate, and ask UpdateTable for what is wanted."""
    if (p.read_scaling_n == 0 and p.write_scaling_n == 0) or s.on_demand != 0:
        return
    s.used_reads += s.consumed_reads * tick.dt
    s.used_writes += s.consumed_writes * tick.dt
    if boundary(tick, 60.0):
        none = 0.0 if p.scales_in_at_zero else math.nan
        publish(s.read_scale, s.used_reads / 60.0 if s.used_reads > 0.0 else none)
        publish(s.write_scale, s.used_writes / 60.0 if s.used_writes > 0.0 else none)
        s.used_reads = s.used_writes = 0.0
    reads = s.next_reads if s.pending != 0 else s.reads_limit
    writes = s.next_writes if s.pending != 0 else s.writes_limit
    want_reads, want_writes = reads, writes
    at = p.schedule_at
    middle = at + ROW * p.read_actions
    if p.read_scaling_n > 0:
        rows = tick.table[at:middle]
        want_reads = follow(
            p.read_scaling,
            s.read_scale,
            DYNAMODB_RULES,
            rows,
            tick,
            100.0 / reads,
            reads,
            reads,
            OF_READS,
        )
        s.read_high = float(s.read_scale.high[0].state)
        s.read_low = float(s.read_scale.low[0].state)
    if p.write_scaling_n > 0:
        rows = tick.table[middle : middle + ROW * p.write_actions]
        want_writes = follow(
            p.write_scaling,
            s.write_scale,
            DYNAMODB_RULES,
            rows,
            tick,
            100.0 / writes,
            writes,
            writes,
            OF_WRITES,
        )
        s.write_high = float(s.write_scale.high[0].state)
        s.write_low = float(s.write_scale.low[0].state)
    if p.read_scaling_n > 0:  # a maximum that was lowered pulls the capacity along
        want_reads = min(want_reads, max(1.0, s.read_scale.most))
    if p.write_scaling_n > 0:
        want_writes = min(want_writes, max(1.0, s.write_scale.most))
    if want_reads != reads or want_writes != writes:
        _update(p, s, tick, want_reads, want_writes)
    told_to_plan(tick, s.reads_limit + s.writes_limit, 0.0)


@compiled
def _update(p, s, tick, reads, writes):
    """UpdateTable: one at a time; a decrease needs the budget, an increase does not."""
    now = tick.t + tick.dt
    most = float(p.table_quota_units)
    reads = min(reads, most, max(p.account_reads, s.reads_limit))
    writes = min(writes, most, max(p.account_writes, s.writes_limit))
    if reads == s.reads_limit and writes == s.writes_limit:
        return
    if s.pending != 0:
        return
    if reads < s.reads_limit or writes < s.writes_limit:
        wait = decrease_in(s, tick.epoch, now)
        if wait > 0.0:
            if s.budget_said == 0:
                emit(tick, NO_BUDGET, reads, writes, float(s.decreases), wait, 0.0, 0.0)
            s.budget_said = 1
            reads, writes = max(reads, s.reads_limit), max(writes, s.writes_limit)
            if reads == s.reads_limit and writes == s.writes_limit:
                return
        else:
            count_decrease(s, tick.epoch, now)
            s.budget_said = 0
    s.pending = 1
    s.ready_s = now + p.update_table_s
    s.next_reads = reads
    s.next_writes = writes
    emit(tick, UPDATING, reads, writes, s.ready_s, float(s.decreases), 0.0, 0.0)
