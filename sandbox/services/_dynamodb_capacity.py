"""The capacity of a DynamoDB table over time: its previous peak on demand, and UpdateTable."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.services.law import ERA_2020, boundary
from sandbox.services.params import Parameters, param

ON_DEMAND = "DynamoDB Developer Guide: On-demand capacity mode"
LIMITS = "DynamoDB Developer Guide: Service, account, and table quotas"

SWITCHING = "DynamoDB Developer Guide: Considerations when switching capacity modes"

WINDOW_S = 1800.0  # ON_DEMAND: within 30 minutes the ceiling no more than doubles
DECREASES = 4  # LIMITS: decreases a UTC day, then one in any hour without one
DAY_S = 86_400.0
NEW_READS = 12_000.0  # ON_DEMAND: units a second that a new table serves: twice a peak of 6,000
NEW_WRITES = 4_000.0  # … and of 2,000
SWITCHES = 4  # SWITCHING: to on demand, in 24 hours
SWITCHES_2020 = 1  # DynamoDB Developer Guide (2019): Considerations when changing capacity modes


@compiled
def remember(p, s, tick, reads, writes):
    """Minute by minute, the peak of an on-demand table or index; its ceiling is twice that.

    In detail an assumption: AWS says that more than double the previous peak may be throttled
    within 30 minutes, so the ceiling at most doubles in any 30 minutes from its first rise on.
    Returns whether it rose.
    """
    s.minute_reads += reads * tick.dt
    s.minute_writes += writes * tick.dt
    if not boundary(tick, 60.0):
        return False
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
    return s.reads_limit > before_reads or s.writes_limit > before_writes


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
    if state["on_demand"]:
        raise ValueError("an on-demand table has no capacity to set; switch its capacity mode")
    if state["pending"]:
        raise ValueError(f"the table is being updated until {float(state['ready_s']):,.0f} s")
    reads, writes = args.read_capacity_units, args.write_capacity_units
    _within(record, reads, writes)
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
    took = float(record["update_table_s"])
    state["pending"], state["ready_s"] = 1, t_s + took
    state["next_reads"], state["next_writes"] = reads, writes
    return f"to {reads:,} read and {writes:,} write units/s in about {took:.0f} s{note}"


def _within(record: Any, reads: float, writes: float) -> None:
    """Raises ValueError for more than the quotas of the table or the account."""
    most = int(record["table_quota_units"])
    if max(reads, writes) > most:
        raise ValueError(f"the quota of a table is {most:,} units a second")
    for asked, left, kind in (
        (reads, float(record["account_reads"]), "read"),
        (writes, float(record["account_writes"]), "write"),
    ):
        if asked > left:
            whole = int(record["account_quota_units"])
            raise ValueError(
                f"the account's quota is {whole:,} provisioned {kind} units a second for all "
                f"tables; the others leave {left:,.0f}"
            )


class SwitchMode(Parameters):
    """The capacity mode to switch to; a provisioned table needs units."""

    capacity_mode: Literal["provisioned", "on_demand"] = param("on_demand", "The new mode.")
    read_capacity_units: int = param(100, "Read units a second.", unit="1/s", ge=1, le=1_000_000)
    write_capacity_units: int = param(100, "Write units a second.", unit="1/s", ge=1, le=1_000_000)


def switch_mode(record: Any, state: Any, cells: Any, args: SwitchMode, t_s: float) -> str:
    """Switch the capacity mode, as often as AWS lets one."""
    to_demand = args.capacity_mode == "on_demand"
    old = int(record["era"]) == ERA_2020
    if to_demand == bool(state["on_demand"]):
        raise ValueError(f"the table is {args.capacity_mode.replace('_', '-')} already")
    if state["pending"]:
        raise ValueError(f"the table is being updated until {float(state['ready_s']):,.0f} s")
    most = SWITCHES_2020 if old else SWITCHES
    if to_demand or old:  # back to provisioned at any time, but not in 2020
        past = sorted(float(x) for x in state["switched_s"] if t_s - float(x) < DAY_S - 1e-6)
        if len(past) >= most:
            raise ValueError(
                f"{most} switch{'es' * (most > 1)} in 24 hours; the next at "
                f"{past[-most] + DAY_S:,.0f} s"
            )
    if not to_demand:
        _within(record, args.read_capacity_units, args.write_capacity_units)
    if to_demand or old:
        state["switched_s"] = np.roll(state["switched_s"], 1)
        state["switched_s"][..., 0] = t_s
    state["on_demand"] = int(to_demand)
    quota = float(record["table_quota_units"])
    if to_demand:  # it keeps what it was provisioned for, and serves what a new one does
        reads = min(quota, max(NEW_READS, float(state["most_reads"])))
        writes = min(quota, max(NEW_WRITES, float(state["most_writes"])))
        state["peak_reads"], state["peak_writes"] = 0.5 * reads, 0.5 * writes
    else:
        reads, writes = float(args.read_capacity_units), float(args.write_capacity_units)
        state["reads_saved"] = state["writes_saved"] = 0.0
    state["reads_limit"], state["writes_limit"] = reads, writes
    state["changed"] = 1
    words = "on demand" if to_demand else "provisioned"
    return f"to {words}: {reads:,.0f} read and {writes:,.0f} write units/s"
