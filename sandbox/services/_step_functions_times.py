"""How long visits of states last and how they end, by the answers of the callees and by age."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.mixture import cumulants
from sandbox.kernels.quantile import cdf
from sandbox.services._asl_table import (
    BRANCH,
    BRANCHES_FIRST,
    BRANCHES_N,
    EDGE,
    FAILS,
    FIRST,
    IS_MAP,
    ITEMS,
    KIND,
    LATE,
    LIMIT,
    LINK,
    LINKED,
    MEAN,
    PARENT,
    RING,
    SCOPE,
    TOLERATED,
)
from sandbox.services._step_functions_flow import edges_at, lasting, row_of, scope_of
from sandbox.services.law import node_of


@compiled
def times(p, stages, branches, tick):
    """How long a visit of each stage lasts, how it ends, and what is left of the machine then."""
    table = tick.table
    first_edge = edges_at(table)
    for i in range(stages.shape[0] - 1, -1, -1):
        cell = stages[i]
        row = row_of(table, i)
        kind = int(table[row + KIND])
        variance = 0.0
        if kind == RING:
            cell.lasts = table[row + MEAN]
            late = table[row + LATE]
            cell.o[3] = late
            cell.o[2] = (1.0 - late) * table[row + FAILS]
            cell.o[1] = 0.0
        elif kind == LINKED:
            variance = _linked(cell, tick, int(table[row + LINK]), table[row + LIMIT])
        elif kind == PARENT:
            scope = int(table[row + SCOPE])
            cell.lasts, variance = lasting(stages, table, scope)
            _within(cell, branches, table, scope)
        cell.o[0] = max(0.0, 1.0 - cell.o[1] - cell.o[2] - cell.o[3])
        total = cell.lasts
        if cell.x > 1e-9 and cell.pend > 0.0:
            total += cell.pend / cell.x
        rest = rest2 = 0.0
        for k in range(4):
            if cell.o[k] > 0.0:
                at = first_edge + EDGE * int(table[row + FIRST + 2 * k])
                for e in range(int(table[row + FIRST + 2 * k + 1])):
                    target = int(table[at + EDGE * e])
                    if target >= 0:
                        ends = table[at + EDGE * e + 2] + table[at + EDGE * e + 3]  # by a limit
                        part = cell.o[k] * table[at + EDGE * e + 1] * max(0.0, 1.0 - ends)
                        rest += part * stages[target].rest
                        rest2 += part * stages[target].rest2
        cell.rest = min(p.limit_s, total + rest)
        square = variance + total * total + 2.0 * total * rest + rest2
        cell.rest2 = max(cell.rest * cell.rest, min(square, p.limit_s * p.limit_s))


@inlined
def _linked(cell, tick, j, limit):
    """A Task of a linked node: its latency, and how its calls end; the variance."""
    link = tick.out[j]
    callee = node_of(tick, link.target)
    mean, variance, _third = cumulants(callee.latency)
    mean += link.network_s
    late = 0.0
    if limit < 1e7:
        late = 1.0 - cdf(callee.latency, max(0.0, limit - link.network_s))
        if link.network_s >= limit:
            late = 1.0
        mean = min(mean, limit)
    cell.lasts = mean
    cell.o[1] = link.throttled
    cell.o[3] = link.ok * late
    # what the callee itself gave up on is a failure of the task, not States.Timeout
    cell.o[2] = max(0.0, 1.0 - link.throttled - link.ok)
    return variance


@inlined
def _within(cell, branches, table, scope):
    """How a Parallel or Map ends: it fails with the first of its branches that does."""
    row = scope_of(table, scope)
    first = int(table[row + BRANCHES_FIRST])
    well = 1.0
    bad_1 = bad_2 = bad_3 = 0.0
    for b in range(first, first + int(table[row + BRANCHES_N])):
        o = branches[b].o
        ended = o[0] + o[1] + o[2] + o[3]
        if ended <= 1e-12:
            continue
        bad = 1.0 - o[0] / ended
        if table[row + IS_MAP] != 0.0:
            if table[row + TOLERATED] > 0.0 and bad <= table[row + TOLERATED]:
                bad = 0.0
            well *= (1.0 - bad) ** table[row + ITEMS] if bad < 1.0 else 0.0
        else:
            well *= 1.0 - bad
        bad_1 += o[1]
        bad_2 += o[2]
        bad_3 += o[3]
    total = bad_1 + bad_2 + bad_3
    part = (1.0 - well) / total if total > 0.0 else 0.0
    cell.o[1], cell.o[2], cell.o[3] = bad_1 * part, bad_2 * part, bad_3 * part


@compiled
def ages(p, stages, table):
    """How old executions are when they come to each stage; those whose time is up leave there."""
    first_edge = edges_at(table)
    for i in range(stages.shape[0]):
        stages[i].reach = stages[i].age = stages[i].over = 0.0
    stages[int(table[4])].reach = 1.0
    for i in range(stages.shape[0]):
        cell = stages[i]
        row = row_of(table, i)
        if cell.reach <= 0.0 or table[row + BRANCH] >= 0.0:
            continue
        age = cell.age / cell.reach
        if cell.lasts > 0.0 and age + cell.lasts > p.limit_s * (1.0 + 1e-9):
            left = max(0.0, p.limit_s - age)
            if table[row + KIND] == LINKED and left > 0.0:
                cell.over = math.exp(-left / cell.lasts)
                cell.lasts *= 1.0 - cell.over
            else:
                cell.over = 1.0
                cell.lasts = left
            for k in range(4):
                cell.o[k] *= 1.0 - cell.over
        for k in range(4):
            at = first_edge + EDGE * int(table[row + FIRST + 2 * k])
            for e in range(int(table[row + FIRST + 2 * k + 1])):
                target = int(table[at + EDGE * e])
                if target > i:
                    part = cell.reach * cell.o[k] * table[at + EDGE * e + 1]
                    stages[target].reach += part
                    stages[target].age += part * (age + cell.lasts)
