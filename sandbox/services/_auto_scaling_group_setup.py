"""A group before and between its ticks: what its parameters come to, and edits on the way."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sandbox.services import _scaling as scaling
from sandbox.services._auto_scaling_group_params import Params
from sandbox.services._instances_setup import FleetDerived, derive, not_yet
from sandbox.services._instances_start import follow_edit, settle
from sandbox.services._plans import instruction
from sandbox.services._scaling import Policy
from sandbox.services._scaling_tracking import POLICIES
from sandbox.services._scheduled_actions import ROW, key_of, meetings
from sandbox.services._scheduled_actions import table as schedule_table
from sandbox.services.contract import Setup
from sandbox.services.params import fill


class Derived(FleetDerived):
    delay_minutes: int
    monitoring_s: float
    fine: bool  # some policy looks every 10 s
    schedule_rows: int
    schedule_key: int
    plan_predicts: bool


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """The table is the schedule, see `_scheduled_actions`."""
    derive(params, record, setup)
    record["delay_minutes"] = math.ceil(params.metric_delay_s / 60.0)
    record["monitoring_s"] = 60.0 if params.detailed_monitoring else 300.0
    policies = (*params.policies, *params.step_policies, *params.simple_policies)
    record["fine"] = any(
        policy.metric == "custom" and policy.custom_metric and policy.custom_metric.period_s < 60
        for policy in policies
    )
    _take_plan(record, setup)
    rows = schedule_table(params.scheduled_actions, setup)
    record["schedule_rows"], record["schedule_key"] = len(rows) // ROW, key_of(rows)
    return rows


def _take_plan(record: Any, setup: Setup) -> None:
    """The policies that a scaling plan makes here stand beside the group's own, or replace them."""
    plan = instruction(setup)
    record["plan_predicts"] = False
    if plan is None:
        return
    if plan.replaces:
        for name in ("policies", "step_policies", "simple_policies", "predictive_policies"):
            record[f"{name}_n"] = 0
    n = int(record["policies_n"])
    if plan.dynamic and n < POLICIES:
        policy = Policy(target_value=plan.target, disable_scale_in=plan.disable_scale_in)
        fill(record["policies"][n : n + 1], policy)
        record["policies_n"] = n + 1
    if plan.predictive is not None:
        fill(record["predictive_policies"][:1], plan.predictive)
        record["predictive_policies_n"] = 1
        record["plan_predicts"] = True


def cells_count(params: Params, setup: Setup) -> int:
    """Room for the maximum twice over, as old ones drain while new ones boot; and for actions."""
    pool = 0
    if params.warm_pool:
        pool = max(params.warm_pool_min_size, params.max_group_prepared_capacity or params.max_size)
    return max(64, 2 * params.max_size + 16) + pool


def init(params: Params, record: Any, state: Any, cells: np.ndarray, setup: Setup) -> None:
    """The desired capacity has been in service for a day."""
    _give(params, state)
    desired = int(state["desired"])
    settle(params, record, state, cells, desired)
    scaling.start(state)
    state["read_share"] = 1.0


def adjust(params: Params, record: Any, state: Any, cells: np.ndarray, setup: Setup) -> None:
    """Take over sizes that were edited; others stay as policies and actions have set them."""
    follow_edit(params, record, state)
    desired = -1 if params.desired_capacity is None else params.desired_capacity
    given = (params.min_size, params.max_size, desired)
    if given == tuple(int(state[f"given_{name}"]) for name in ("min", "max", "desired")):
        return
    before = int(state["desired"])
    asked = desired >= 0 and desired != int(state["given_desired"])
    _give(params, state)
    state["desired"] = desired if asked else min(max(before, params.min_size), params.max_size)


def _give(params: Params, state: Any) -> None:
    state["min_size"] = state["given_min"] = params.min_size
    state["max_size"] = state["given_max"] = params.max_size
    given = params.desired_capacity
    state["given_desired"] = -1 if given is None else given
    state["desired"] = params.min_size if given is None else given


def foretell(params: Params, setup: Setup) -> list[tuple[float, str, str]]:
    """What is odd about the policies, known beforehand."""
    found = [(0.0, "policy_without_metric", text) for text in scaling.blind(params)]
    found += [(t, "scheduled", text) for t, text in meetings(params.scheduled_actions, setup)]
    found += not_yet(params, setup)
    return found
