"""How executions flow through the stages of a state machine within one tick.

A stage keeps what is in it (`level`) and what waits to enter for want of a transition token
(`pend`).  What leaves in a tick is ``a + b·x``: `a` of what was there, a share `b` of what enters.
The rates `x` of a tick are found by going through the stages in order; what a loop leads back
(`back`) is taken from the round before, until it no longer changes.  What is left of the
difference waits for the next tick, so that nothing is made or lost.
"""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._asl_table import (
    AT_ONCE,
    BLOCK,
    BRANCH,
    BRANCHES_FIRST,
    BRANCHES_N,
    CHARGED,
    DONE,
    EDGE,
    FAIL_STATE,
    FIRST,
    GATE,
    HEADER,
    IS_MAP,
    ITEMS,
    KIND,
    NO_CHOICE,
    PARENT,
    PER_S,
    SCOPE,
    STAGE,
    TASK_FAILED,
    TASK_THROTTLED,
)

SLOTS = 72
PARTS = 64  # of a stage's time that are told apart, where a tick is shorter
ROUNDS = 80
CLOSE = 1e-10
# where top-level executions end: the state's `ends`
SUCCEEDED, BY_TASK, BY_FAIL, BY_CHOICE, BY_THROTTLE, BY_HISTORY, BY_TIME = range(7)


@inlined
def row_of(table, i):
    """Where the row of a stage begins."""
    return HEADER + i * STAGE


@inlined
def scope_of(table, k):
    """Where the row of a scope begins."""
    return HEADER + int(table[0]) * STAGE + int(table[2]) + k * BLOCK


@inlined
def edges_at(table):
    return HEADER + int(table[0]) * STAGE + int(table[2]) + int(table[3]) * BLOCK


@inlined
def start_of(table, branch):
    """The first stage of a branch."""
    return int(table[HEADER + int(table[0]) * STAGE + branch])


# ---------------------------------------------------------------- a stage of fixed time


@compiled
def pop(cell, dt):
    """Take out what is due in this tick."""
    part = dt / cell.width
    out = 0.0
    while part > 1e-12:
        room = 1.0 - cell.phase
        go = min(part, room)
        h = int(cell.head)
        due = cell.slots[h] if go > room - 1e-9 else cell.slots[h] * (go / room)
        cell.slots[h] -= due
        out += due
        part -= go
        cell.phase += go
        if cell.phase > 1.0 - 1e-9:
            cell.phase = 0.0
            cell.head = float((h + 1) % SLOTS)
    return out


@compiled
def push(cell, amount, lasts, dt):
    """Put in what entered evenly over the tick and is not over yet."""
    low = max(0.0, lasts - dt) / cell.width
    high = lasts / cell.width
    spread = high - low
    if spread <= 0.0 or amount == 0.0:
        return
    at = cell.phase + low
    end = cell.phase + high
    k = int(at)
    left = amount
    while True:
        stop = min(end, k + 1.0)
        last = stop >= end - 1e-12 or k >= SLOTS - 2
        part = left if last else amount * (stop - at) / spread
        cell.slots[(int(cell.head) + min(k, SLOTS - 1)) % SLOTS] += part
        left -= part
        if last:
            break
        at = stop
        k += 1


# ---------------------------------------------------------------- the rates of a tick


@compiled
def solve(s, stages, branches, table, entering, share, t, dt):
    """Find the rates of the tick with this share of what may enter let in.

    What is asked for: transitions/s, were all let in.
    """
    wanted = 0.0
    for k in range(ROUNDS):
        wanted = _round(s, stages, branches, table, entering, share, t, dt)
        change = size = 0.0
        for i in range(stages.shape[0]):
            cell = stages[i]
            change += abs(cell.back_new - cell.back)
            size += cell.x
        if change <= CLOSE * (size + 1e-9) or k == ROUNDS - 1:
            break
        for i in range(stages.shape[0]):
            stages[i].back = stages[i].back_new
    return wanted


@compiled
def _round(s, stages, branches, table, entering, share, t, dt):
    n = stages.shape[0]
    wanted = 0.0
    for i in range(n):
        stages[i].y = 0.0
        stages[i].back_new = 0.0
    for b in range(branches.shape[0]):
        for k in range(4):
            branches[b].o[k] = 0.0
    for k in range(7):
        s.ends[k] = 0.0
    stages[int(table[4])].y = entering
    first_edge = edges_at(table)
    for i in range(n):
        cell = stages[i]
        cell.want = max(0.0, cell.y + cell.back + cell.pend / dt)  # but for rounding
        row = row_of(table, i)
        if cell.want == 0.0 and cell.a == 0.0:
            cell.x = cell.out = 0.0
            continue
        cell.x = cell.want
        if table[row + CHARGED] > 0.0:
            cell.x = cell.want * share
            wanted += cell.want
        cell.out = cell.a + cell.b * cell.x
        if table[row + KIND] == PARENT:
            _enter(stages, table, int(table[row + SCOPE]), cell.x)
        for k in range(4):
            flow = cell.out * cell.o[k]
            if flow == 0.0:
                continue
            at = first_edge + EDGE * int(table[row + FIRST + 2 * k])
            for e in range(int(table[row + FIRST + 2 * k + 1])):
                _send(s, stages, branches, table, i, k, at + EDGE * e, flow, t)
        over = cell.out * cell.over  # their time is up
        if over > 0.0:
            s.ends[BY_TIME] += over
    return wanted


@inlined
def _enter(stages, table, scope, flow):
    """Start the branches of a Parallel, the iterations of a Map."""
    row = scope_of(table, scope)
    first = int(table[row + BRANCHES_FIRST])
    for b in range(first, first + int(table[row + BRANCHES_N])):
        stages[start_of(table, b)].y += flow * table[row + ITEMS]


@inlined
def _send(s, stages, branches, table, i, outcome, at, flow, t):
    """Send on along an edge, but for those who have reached a limit."""
    flow *= table[at + 1]
    branch = int(table[row_of(table, i) + BRANCH])
    full = table[at + 2]
    late = table[at + 3]
    if full + late > 0.0 and (full >= 1.0 or t >= s.first_start + table[row_of(table, i) + GATE]):
        kept = flow * (1.0 - full - late) if full + late < 1.0 else 0.0
        if branch >= 0:
            branches[branch].o[2] += flow - kept
        else:
            s.ends[BY_HISTORY] += flow * full / max(1.0, full + late)
            s.ends[BY_TIME] += flow * late / max(1.0, full + late)
        flow = kept
    target = int(table[at])
    if target > i:
        stages[target].y += flow
    elif target >= 0:
        stages[target].back_new += flow
    elif branch >= 0:
        if target == DONE:
            branches[branch].o[0] += flow
        elif target == TASK_THROTTLED:
            branches[branch].o[1] += flow
        else:
            branches[branch].o[3 if outcome == 3 else 2] += flow
    elif target == DONE:
        s.ends[SUCCEEDED] += flow
    elif target == TASK_FAILED:
        s.ends[BY_TASK] += flow
    elif target == FAIL_STATE:
        s.ends[BY_FAIL] += flow
    elif target == NO_CHOICE:
        s.ends[BY_CHOICE] += flow
    else:
        s.ends[BY_THROTTLE] += flow


# ---------------------------------------------------------------- how long branches last


@compiled
def lasting(stages, table, scope):
    """(mean, variance) of the time that a Parallel or Map takes, by those of its branches.

    A Parallel takes as long as the longest, of which C. E. Clark's formula for the larger of two
    normal variables gives the mean ("The Greatest of a Finite Set of Random Variables", 1961).
    """
    row = scope_of(table, scope)
    first = int(table[row + BRANCHES_FIRST])
    mean = variance = 0.0
    for b in range(first, first + int(table[row + BRANCHES_N])):
        cell = stages[start_of(table, b)]
        m, v = cell.rest, max(0.0, cell.rest2 - cell.rest * cell.rest)
        if v <= 1e-12 * m * m:
            v = 0.0
        if table[row + IS_MAP] != 0.0:
            return _map(m, v, table[row + ITEMS], table[row + AT_ONCE], table[row + PER_S])
        if b == first:
            mean, variance = m, v
        else:
            mean, variance = _larger(mean, variance, m, v)
    return mean, variance


@compiled
def _map(m, v, items, at_once, per_s):
    if items <= 0.0:
        return 0.0, 0.0
    sd = math.sqrt(v)
    if v <= 0.0:
        mean = math.ceil(items / at_once - 1e-9) * m
    else:
        many = min(items, at_once)
        tail = sd * math.sqrt(2.0 * math.log(many)) if many > 1.0 else 0.0
        mean = m * max(1.0, items / at_once) + tail
    return max(mean, (items / per_s if per_s < math.inf else 0.0) + m), v


@compiled
def _larger(m1, v1, m2, v2):
    spread = math.sqrt(v1 + v2)
    if spread <= 1e-9 * (m1 + m2) or spread == 0.0:
        return (m1, v1) if m1 >= m2 else (m2, v2)
    z = (m1 - m2) / spread
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    above = 0.5 * math.erfc(-z / math.sqrt(2.0))
    mean = m1 * above + m2 * (1.0 - above) + spread * density
    square = (m1 * m1 + v1) * above + (m2 * m2 + v2) * (1.0 - above) + (m1 + m2) * spread * density
    return mean, max(0.0, square - mean * mean)
