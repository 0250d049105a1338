"""The capacity of a DynamoDB table over time: its previous peak on demand, and UpdateTable."""

from __future__ import annotations

from typing import Any

from sandbox.kernels.compiled import compiled, inlined
from sandbox.services.law import boundary, emit
from sandbox.services.params import Parameters, param

ON_DEMAND = "DynamoDB Developer Guide: On-demand capacity mode"
LIMITS = "DynamoDB Developer Guide: Service, account, and table quotas"

WINDOW_S = 1800.0  # ON_DEMAND: within 30 minutes the ceiling no more than doubles
DECREASES = 4  # LIMITS: decreases a UTC day, then one in any hour without one
UPDATE_S = 120.0  # assumption (low confidence): UpdateTable takes "several minutes" at most

ROSE = 3  # among the events of the service


@inlined
def remember(p, s, tick, reads, writes):
    """Minute by minute, the peak of an on-demand table; its ceiling is twice that.

    In detail an assumption: AWS says that more than double the previous peak may be throttled
    within 30 minutes, so the ceiling at most doubles in any 30 minutes from its first rise on.
    """
    s.minute_reads += reads * tick.dt
    s.minute_writes += writes * tick.dt
    if not boundary(tick, 60.0):
        return
    s.peak_reads = max(s.peak_reads, s.minute_reads / 60.0)
    s.peak_writes = max(s.peak_writes, s.minute_writes / 60.0)
    s.minute_reads = s.minute_writes = 0.0
    now = tick.t + tick.dt
    most = float(p.table_quota_units)
    before_reads, before_writes = s.reads_limit, s.writes_limit
    if min(2.0 * s.peak_reads, most) > s.reads_limit * (1.0 + 1e-9):
        if now - s.base_reads_s >= WINDOW_S - 1e-6:
            s.base_reads, s.base_reads_s = s.reads_limit, now
        s.reads_limit = max(s.reads_limit, min(2.0 * min(s.peak_reads, s.base_reads), most))
    if min(2.0 * s.peak_writes, most) > s.writes_limit * (1.0 + 1e-9):
        if now - s.base_writes_s >= WINDOW_S - 1e-6:
            s.base_writes, s.base_writes_s = s.writes_limit, now
        s.writes_limit = max(s.writes_limit, min(2.0 * min(s.peak_writes, s.base_writes), most))
    if s.reads_limit > before_reads or s.writes_limit > before_writes:
        emit(tick, ROSE, s.reads_limit, s.writes_limit, s.peak_reads, s.peak_writes)


@compiled
def decrease_in(s, epoch, t_s):
    """Seconds until the day's budget allows a decrease; 0 if it does."""
    same_day = s["decrease_day"] == (epoch + t_s) // 86_400.0
    wait = s["decrease_s"] + 3600.0 - t_s
    return wait if same_day and s["decreases"] >= DECREASES and wait > 0.0 else 0.0


@compiled
def count_decrease(s, epoch, t_s):
    """Take one from the day's budget; a day begins at 00:00 UTC."""
    day = (epoch + t_s) // 86_400.0
    if s["decrease_day"] != day:
        s["decrease_day"] = day
        s["decreases"] = 0
    s["decreases"] += 1
    s["decrease_s"] = t_s


class UpdateTable(Parameters):
    read_capacity_units: int = param(100, "Read units a second.", unit="1/s", ge=1, le=1_000_000)
    write_capacity_units: int = param(100, "Write units a second.", unit="1/s", ge=1, le=1_000_000)


def update_table(record: Any, state: Any, cells: Any, args: UpdateTable, t_s: float) -> str:
    """UpdateTable: increases at will, decreases within the day's budget."""
    if record["on_demand"]:
        raise ValueError("an on-demand table has no capacity to set; edit capacity_mode")
    if state["pending"]:
        raise ValueError(f"the table is being updated until {float(state['ready_s']):,.0f} s")
    reads, writes = args.read_capacity_units, args.write_capacity_units
    most = int(record["table_quota_units"])
    if max(reads, writes) > most:
        raise ValueError(f"the quota of a table is {most:,} units a second")
    note = ""
    if reads < state["reads_limit"] or writes < state["writes_limit"]:
        wait = decrease_in(state, float(record["epoch"]), t_s)
        if wait > 0:
            raise ValueError(
                f"after {DECREASES} decreases a day one more is allowed for each hour without; "
                f"wait {wait:,.0f} s"
            )
        count_decrease(state, float(record["epoch"]), t_s)
        note = f"; decrease {int(state['decreases'])} of the day"
    state["pending"], state["ready_s"] = 1, t_s + UPDATE_S
    state["next_reads"], state["next_writes"] = reads, writes
    return f"to {reads:,} read and {writes:,} write units/s in about {UPDATE_S:.0f} s{note}"
