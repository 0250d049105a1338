"""The law of a state machine: starts, what states take and give, limits, the bill.

Each tick: 1 starts pass the quotas; 2 what each stage takes, and how its visits end, by the answers
of the callees; 3 the rates of the tick, slowed where transition tokens run out; 4 stages move on;
5 what the node answers, and what it costs.
"""

from __future__ import annotations

import math

from sandbox.kernels.bucket import token_bucket
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._asl_table import BRANCH, CHARGED, KIND, LINK, MEAN, RING, STATE
from sandbox.services._step_functions_bill import EXPRESS, STANDARD, bill
from sandbox.services._step_functions_flow import (
    BY_CHOICE,
    BY_FAIL,
    BY_HISTORY,
    BY_TASK,
    BY_THROTTLE,
    BY_TIME,
    PARTS,
    SUCCEEDED,
    pop,
    push,
    row_of,
    solve,
)
from sandbox.services._step_functions_state import STATE_RECORD
from sandbox.services._step_functions_times import ages, times
from sandbox.services.law import CONTROL, ERA_2020, FAILED, SYNC, TIMED_OUT, state_of

QUOTAS = "AWS Step Functions Developer Guide: Quotas"
LARGEST_KB, LARGEST_KB_2020 = 256.0, 32.0  # QUOTAS; input of an execution, H
OPEN = 1_000_000.0  # QUOTAS; open Standard executions, H
START_S = 0.1  # StartExecution answers: assumption
# links are sent a billionth of so many: what callees do to them is not what callers see
SCALE = 1e9
(
    START_RATE, OPEN_LIMIT, TOO_LARGE, TASK, THROTTLE, FAIL, CHOICE, HISTORY, TIME, ABORTED,
) = range(10)  # fmt: skip
HALVINGS = 24


@compiled
def step(p, s, io, cells, tick):
    dt = tick.dt
    table = tick.table
    states_n, n, branches_n = int(table[1]), int(table[0]), int(table[2])
    stages = cells[states_n : states_n + n]
    branches = cells[states_n + n : states_n + n + branches_n]
    k = state_of(tick, p.keeper, STATE_RECORD)
    if k.refilled != tick.n + 1:
        first = k.refilled == 0
        k.refilled = tick.n + 1
        k.tokens = (p.bucket if first else min(p.bucket, k.tokens)) + p.refill_per_s * dt
        for x in range(2):
            k.asked_before[x], k.asked_now[x] = k.asked_now[x], 0.0
    entering, answered_sync = _starts(p, s, k, io, tick)  # 1
    if entering > 0.0 and s.first_start >= 1e300:
        s.first_start = tick.t
    times(p, stages, branches, tick)  # 2
    ages(p, stages, table)
    for i in range(n):
        _ready(stages[i], table, i, dt)
    share = 1.0  # 3
    wanted = solve(s, stages, branches, table, entering, share, tick.t, dt)
    if p.type == STANDARD:
        if wanted * dt > k.tokens:  # the share of them that there are tokens for, by halving
            low, high = 0.0, 1.0
            for _ in range(HALVINGS):
                share = 0.5 * (low + high)
                wanted = solve(s, stages, branches, table, entering, share, tick.t, dt)
                if wanted * share * dt > k.tokens:
                    high = share
                else:
                    low = share
    s.delayed = wanted * (1.0 - share)
    moved = _move(s, cells, stages, table, tick)  # 4
    if p.type == STANDARD:
        k.tokens = max(0.0, k.tokens - wanted * share * dt)
    s.transition_tokens = min(p.bucket, k.tokens)
    _answer(p, s, io, stages, tick, answered_sync, moved)  # 5
    bill(p, s, io, stages, table, tick)


@inlined
def _starts(p, s, k, io, tick):
    """(executions started/s, whether somebody waits for executions to end)."""
    small = 0.0
    waits = 0
    most = LARGEST_KB_2020 if tick.era == ERA_2020 else LARGEST_KB
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        flow = link.reads + link.writes
        if link.mode == CONTROL:
            continue
        if link.mode == SYNC and (p.type == EXPRESS or p.waited):
            waits = 1
        if flow <= 0.0:
            continue
        if link.kb > most:
            io.loss[TOO_LARGE] += flow
        else:
            small += flow
    for cause in range(TASK, ABORTED + 1):  # only who waits for the end sees how it ends
        io.refusal[cause] = waits
    io.kinds[TIME] = FAILED if waits else TIMED_OUT  # who waits gets an error, not silence
    # the account's bucket is shared as its machines ask
    others = max(0.0, k.asked_before[p.type] - s.asked)
    s.asked = small
    k.asked_now[p.type] += small
    mine = small / (small + others) if small > 0.0 and others > 0.0 else 1.0
    if s.start_tokens < 0.0:
        s.start_tokens = p.start_bucket * mine
    taken, over, s.start_tokens = token_bucket(
        s.start_tokens, small, p.start_per_s * mine, p.start_bucket * mine, tick.dt, io.ca2
    )
    io.loss[START_RATE] = over
    if p.type == EXPRESS:
        return taken, waits
    room = max(0.0, p.open_limit - s.held) / tick.dt
    if taken > room:
        io.loss[OPEN_LIMIT] = taken - room
        taken = room
    return taken, waits


@inlined
def _ready(cell, table, i, dt):
    """What leaves a stage: `a` of what was there, and the share `b` of what enters."""
    kind = int(table[row_of(table, i) + KIND])
    if kind == RING:
        if cell.width <= 0.0:
            cell.width = max(dt, table[row_of(table, i) + MEAN] / PARTS)
        cell.a = max(0.0, pop(cell, dt)) / dt if cell.level > 0.0 else 0.0
        cell.b = max(0.0, 1.0 - cell.lasts / dt)
    elif cell.lasts <= 1e-12:
        cell.a, cell.b = max(0.0, cell.level) / dt, 1.0
    else:
        gone = -math.expm1(-dt / cell.lasts)
        cell.a = max(0.0, cell.level) * gone / dt
        cell.b = 1.0 - cell.lasts / dt * gone


@compiled
def _move(s, cells, stages, table, tick):
    """Move what the rates say; the transitions/s. Fills in what is drawn of each state."""
    dt = tick.dt
    moved = 0.0
    for i in range(int(table[1])):
        cells[i].level = cells[i].x = cells[i].out = 0.0
    for j in range(tick.out.shape[0]):
        tick.out[j].weight = 0.0
    held = waiting = 0.0
    for i in range(stages.shape[0]):
        cell = stages[i]
        row = row_of(table, i)
        if int(table[row + KIND]) == RING:
            push(cell, cell.x * (1.0 - cell.b) * dt, min(cell.lasts, cell.width * PARTS), dt)
        cell.pend = (cell.want - cell.x + cell.back_new - cell.back) * dt
        cell.back = cell.back_new  # a first guess for the next tick
        cell.level += (cell.x - cell.out) * dt
        if abs(cell.level) < 1e-12:  # the last digits of what has left
            cell.pend += cell.level
            cell.level = 0.0
        j = int(table[row + LINK])
        if j >= 0:
            tick.out[j].weight += cell.x / SCALE
        shown = cells[int(table[row + STATE])]
        shown.level += cell.level + cell.pend
        if table[row + CHARGED] >= 0.0:  # not the pauses between attempts
            shown.x += cell.x
            moved += table[row + CHARGED] * cell.x
        shown.out += cell.out * (cell.o[1] + cell.o[2] + cell.o[3])
        if table[row + BRANCH] < 0.0:
            held += cell.level
            waiting += cell.pend
    s.held = held + waiting
    return moved


@inlined
def _answer(p, s, io, stages, tick, waits, moved):
    """What the node answers to those who ask it."""
    io.done = s.ends[SUCCEEDED]
    io.loss[TASK] = s.ends[BY_TASK]
    io.loss[THROTTLE] = s.ends[BY_THROTTLE]
    io.loss[FAIL] = s.ends[BY_FAIL]
    io.loss[CHOICE] = s.ends[BY_CHOICE]
    io.loss[HISTORY] = s.ends[BY_HISTORY]
    io.loss[TIME] = s.ends[BY_TIME]
    io.loss[ABORTED] = s.aborting / tick.dt
    s.aborted = s.aborting / tick.dt
    s.aborting = 0.0
    waiting = 0.0
    for i in range(stages.shape[0]):
        if tick.table[row_of(tick.table, i) + BRANCH] < 0.0:
            waiting += max(0.0, stages[i].pend)
    io.waiting = min(waiting, max(0.0, s.held))
    io.in_flight = max(0.0, s.held - io.waiting)
    s.open_executions = max(0.0, s.held)
    s.succeeded = io.done
    s.over_time = io.loss[TIME]
    s.failed = io.loss[TASK] + io.loss[THROTTLE] + io.loss[FAIL] + io.loss[CHOICE]
    s.failed += io.loss[HISTORY]
    s.started = max(0.0, io.reads + io.writes)
    for cause in range(TOO_LARGE + 1):
        s.started -= io.loss[cause]
    s.started = max(0.0, s.started)
    s.transitions = moved
    first = stages[int(tick.table[4])]
    s.duration = first.rest
    if waits != 0:
        io.svc_m = first.rest
        io.svc_v = max(0.0, first.rest2 - first.rest * first.rest)
        io.svc_k = 2.0 * io.svc_v * io.svc_v / first.rest if first.rest > 0.0 else 0.0
    else:
        io.svc_m = START_S
    io.out_reads = SCALE
    arrived = io.reads + io.writes
    if arrived > 0.0:
        io.out_writes = SCALE * (io.writes / arrived)
        io.out_reads = SCALE - io.out_writes
    if p.type == STANDARD:
        io.utilization = min(1.0, moved / p.refill_per_s)
