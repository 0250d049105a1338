"""Executions that never end in time: where a history grows full, or the time runs out, in loops.

An execution that leaves a loop with a small chance a turn, or never, makes turns without bound.
Of those in the loop, each step ends as many as reach the limit: with a chance c to go on and n
steps to the limit, c^n of all do, which a share of c^n (1-c) / (c (1-c^n)) of the steps brings
about; 1/n where nothing leaves.  None can be that old before so much time has passed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx
import numpy as np

if TYPE_CHECKING:
    from sandbox.services._asl_fluid import Plan

_HISTORY, _TIME = 2, 3  # columns of an edge
_NEVER = 1e-12


def limits(plan: Plan) -> None:
    """Write the shares that the limits end on the edges of the plan, and from when on."""
    events = _events(plan)
    before = _before(plan, events)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(len(plan.stages)))
    for i, stage in enumerate(plan.stages):
        for outcome, share in enumerate(stage.shares()):
            for target, weight, *_ in stage.edges[outcome]:
                if target >= 0 and share * weight > 0.0:
                    old = graph.get_edge_data(i, int(target), {"p": 0.0})["p"]
                    graph.add_edge(i, int(target), p=old + share * weight)
        if stage.branch < 0 and before[i] + events[i] > plan.given.events:
            for edge in stage.edges[0]:  # one visit is too long already
                edge[_HISTORY] = 1.0
    for part in list(nx.strongly_connected_components(graph)):
        if len(part) > 1 or any(graph.has_edge(i, i) for i in part):
            _loop(plan, graph, sorted(part), events, before)


def _loop(
    plan: Plan, graph: nx.DiGraph, part: list[int], events: list[float], before: list
) -> None:
    index = {i: k for k, i in enumerate(part)}
    p = np.zeros((len(part), len(part)))
    for i, j, data in graph.edges(part, data=True):
        if j in index:
            p[index[i], index[j]] += data["p"]
    values, vectors = np.linalg.eig(p.T)
    best = int(np.argmax(values.real))
    go_on = min(1.0, float(values[best].real))
    often = np.abs(vectors[:, best].real)
    often /= often.sum()
    each = float(often @ [events[i] for i in part])
    lasts = float(often @ [plan.stages[i].mean_s for i in part])
    entry = min(before[i] for i in part)
    inner = plan.stages[part[0]].branch >= 0
    steps = (plan.given.events - entry) / each if each > 0.0 else np.inf
    turns = plan.given.limit_s / lasts if lasts > 0.0 and not inner else np.inf
    history = _share(go_on, steps) if steps <= turns else 0.0  # the limit that comes first
    late = _share(go_on, turns) if turns < steps else 0.0
    if history < _NEVER and late < _NEVER:
        return
    for i in part:
        stage = plan.stages[i]
        stage.gate_s = steps * lasts if history >= _NEVER else plan.given.limit_s
        for edges in stage.edges:
            for edge in edges:
                if edge[0] in index and edge[_HISTORY] < 1.0:
                    edge[_HISTORY], edge[_TIME] = history, late


def _share(go_on: float, steps: float) -> float:
    """The share of steps at which an execution has reached its limit."""
    if not np.isfinite(steps):
        return 0.0
    steps = max(1.0, steps)
    if go_on > 1.0 - 1e-9:
        return 1.0 / steps
    reach = go_on**steps
    return float(reach * (1.0 - go_on) / (go_on * (1.0 - reach))) if reach < 1.0 else 1.0 / steps


def _events(plan: Plan) -> list[float]:
    """Events that a visit of each stage writes, those of its branches among them."""
    from sandbox.services import _asl_table as fluid
    from sandbox.services._asl_fluid import ITEM_EVENTS

    own = [stage.events for stage in plan.stages]
    rest = [0.0] * len(plan.stages)  # until the end of its machine
    for i in range(len(plan.stages) - 1, -1, -1):
        stage = plan.stages[i]
        if stage.kind == fluid.PARENT:
            row = plan.scopes[stage.scope]
            first, n = int(row[fluid.BRANCHES_FIRST]), int(row[fluid.BRANCHES_N])
            inside = sum(rest[plan.starts[b]] for b in range(first, first + n))
            if row[fluid.IS_MAP] == 0.0:
                own[i] += inside
            elif not np.isfinite(row[fluid.PER_S]):  # children have histories of their own
                own[i] += row[fluid.ITEMS] * (inside + ITEM_EVENTS)
        rest[i] = own[i]
        for outcome, share in enumerate(stage.shares()):
            for target, weight, *_ in stage.edges[outcome]:
                if target > i:
                    rest[i] += share * weight * rest[int(target)]
    return own


def _before(plan: Plan, events: list[float]) -> list[float]:
    """Events written when an execution first comes to each stage (mean)."""
    reach = [0.0] * len(plan.stages)
    found = [0.0] * len(plan.stages)
    for start in [plan.start, *plan.starts]:
        reach[start] += 1.0
        found[start] += 1.0
    for i, stage in enumerate(plan.stages):
        if reach[i] > 0.0:
            found[i] /= reach[i]
        for outcome, share in enumerate(stage.shares()):
            for target, weight, *_ in stage.edges[outcome]:
                if target > i and share * weight > 0.0:
                    flow = reach[i] * share * weight
                    reach[int(target)] += flow
                    found[int(target)] += flow * (found[i] + events[i])
    return found
