"""How an EMR cluster scales: managed by what YARN is asked for, or by the rules of its groups."""

from __future__ import annotations

import math

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.services import _application_scaling as scaling
from sandbox.services import _emr_hdfs as hdfs
from sandbox.services import _emr_nodes as nodes
from sandbox.services._emr_cells import EVENTS, HOLDS, MANAGED, UP, WAITING
from sandbox.services._emr_node_params import POOLS
from sandbox.services._hosts import SPOT
from sandbox.services.law import boundary, emit

METRICS_S = 300.0  # Amazon EMR Management Guide: Monitor metrics with CloudWatch, five minutes
RULE_EVENTS = (*scaling.events("core nodes"), *scaling.events("task nodes"))
# an array's integers, not Python's: numba would compile once for each literal
CORE_RULES, TASK_RULES = np.array([len(EVENTS), len(EVENTS) + len(RULE_EVENTS) // 2])


@compiled
def wanted(s):
    """Core and task nodes, or units of their fleets, that are wanted."""
    found = 0.0
    for v in range(1, POOLS):
        found += s.wanted[v]
    return found


@compiled
def _on_demand(p, s):
    found = 0.0
    for v in range(1, POOLS):
        found += s.wanted[v] if p.env_type[v] != SPOT else 0.0
    return found


@compiled
def manage(p, s, cells, tick, now):
    """A decision of managed scaling: as many nodes as what is allocated and pending needs."""
    limits = p.managed_scaling
    asked = math.ceil((s.yarn_mb + s.pending_mb) / p.node_mb - 1e-9)
    least = math.ceil(limits.minimum / p.unit - 1e-9)
    most = math.floor(limits.maximum / p.unit + 1e-9)
    target = float(min(max(asked, least), most))
    have = wanted(s)
    s.target = target
    if target >= have:
        s.low_since_s = now
    if target > have:
        left = target - have
        on_demand = (
            most
            if limits.maximum_on_demand < 0
            else (math.floor(limits.maximum_on_demand / p.unit + 1e-9))
        )
        core = most if limits.maximum_core < 0 else math.floor(limits.maximum_core / p.unit + 1e-9)
        for x in range(p.order_n):  # core first, on demand first
            v = p.order[x]
            room = left
            if v < 3:
                room = min(room, core - s.wanted[1] - s.wanted[2])
            if p.env_type[v] != SPOT:
                room = min(room, on_demand - _on_demand(p, s))
            room = max(0.0, room)
            s.wanted[v] += room
            left -= room
    elif target < have and now - s.low_since_s >= limits.scale_in_after_s - 1e-9:
        left = have - target
        for x in range(p.order_n):  # task nodes first, Spot first
            v = p.order[p.order_n - 1 - x]
            room = min(left, s.wanted[v])
            if v < 3:
                least = p.core_weight * hdfs.least_core(p, s, cells)
                room = min(room, s.wanted[1] + s.wanted[2] - least)
            room = max(0.0, room)
            s.wanted[v] -= room
            left -= room
    after = wanted(s)
    if after != have:
        core = s.wanted[1] + s.wanted[2]
        emit(tick, MANAGED, float(asked), after, core, after - core, have, 0.0)
        nodes.keep(p, s, cells, tick, now)


@compiled
def resize(p, s, cells, tick, v, size, now):
    """Set the size of a group, the core not below what HDFS needs."""
    if v < 3:
        least = hdfs.least_core(p, s, cells)
        if size < least and size < s.wanted[v]:
            emit(tick, HOLDS, size, least, 0.0, 0.0, 0.0, 0.0)
            size = min(s.wanted[v], least)
    if size != s.wanted[v]:
        s.wanted[v] = size
        nodes.keep(p, s, cells, tick, now)


@compiled
def rules(p, s, cells, tick):
    """Each minute: a datapoint of five minutes closes, arrives, and the rules look at it."""
    now = tick.t + tick.dt
    there = s.cluster == UP or s.cluster == WAITING
    if boundary(tick, METRICS_S):
        s.late_min = 0.0
        s.sample = s.free_percent if there else math.nan
    if p.core_scaling_n > 0 and s.late_min == p.rule_late_min[0]:
        scaling.publish(s.scale_core, s.sample)
        if there:
            before = s.wanted[p.group[0]]
            after = scaling.follow(
                p.core_scaling,
                s.scale_core,
                scaling.ECS_RULES,
                tick.table[:0],
                tick,
                1.0,
                before,
                before,
                CORE_RULES,
            )
            resize(p, s, cells, tick, p.group[0], after, now)
    if p.task_scaling_n > 0 and s.late_min == p.rule_late_min[1]:
        scaling.publish(s.scale_task, s.sample)
        if there:
            before = s.wanted[p.group[1]]
            after = scaling.follow(
                p.task_scaling,
                s.scale_task,
                scaling.ECS_RULES,
                tick.table[:0],
                tick,
                1.0,
                before,
                before,
                TASK_RULES,
            )
            resize(p, s, cells, tick, p.group[1], after, now)
    s.late_min += 1.0
