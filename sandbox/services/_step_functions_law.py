"""The law of a state machine: starts, what states take and give, limits, the bill.

Each tick: 1 starts pass the quotas; 2 what each stage takes, and how its visits end, by the answers
of the callees; 3 the rates of the tick, slowed where transition tokens run out; 4 stages move on;
5 what the node answers, and what it costs.
"""

from __future__ import annotations

import math
from typing import Annotated

from numba import carray

from sandbox.kernels.bucket import token_bucket
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.mixture import cumulants
from sandbox.kernels.quantile import cdf
from sandbox.services._asl_fluid import (
    BRANCH,
    BRANCHES_FIRST,
    BRANCHES_N,
    CHARGED,
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
    STARTS,
    STATE,
    TOLERATED,
)
from sandbox.services._step_functions_flow import (
    BY_CHOICE,
    BY_FAIL,
    BY_HISTORY,
    BY_TASK,
    BY_THROTTLE,
    BY_TIME,
    PARTS,
    SLOTS,
    SUCCEEDED,
    edges_at,
    lasting,
    pop,
    push,
    row_of,
    scope_of,
    solve,
    start_of,
)
from sandbox.services.law import CONTROL, ERA_2020, NODE, SYNC, pointer
from sandbox.services.params import record

QUOTAS = "AWS Step Functions Developer Guide: Quotas"
PRICING = "https://aws.amazon.com/step-functions/pricing/"
LARGEST_KB, LARGEST_KB_2020 = 256.0, 32.0  # QUOTAS; input of an execution, H
OPEN = 1_000_000.0  # QUOTAS; open Standard executions, H
TRANSITION_USD = 0.025e-3  # Step Functions pricing, us-east-1; H
REQUEST_USD = 1.0e-6  # Step Functions pricing: an Express request; H
GB_HOUR_USD = 0.06001  # Step Functions pricing: the first 1,000 GB-hours of a month; H
GB_HOUR_2_USD, GB_HOUR_3_USD = 0.02999, 0.01642  # PRICING; the next 4,000, and what is above; H
TIER_1_H, TIER_2_H = 1_000.0, 5_000.0  # Step Functions pricing: GB-hours; H
BILLED_S = 0.1  # Step Functions pricing: durations are rounded up to 100 ms; H
BILLED_MB = 64.0  # Step Functions pricing: memory is rounded up to 64 MB; H
START_S = 0.1  # StartExecution answers: assumption
SCALE = 1e9  # links are sent a billionth of so many: what callees do to them is not what callers see
(
    START_RATE, OPEN_LIMIT, TOO_LARGE, TASK, THROTTLE, FAIL, CHOICE, HISTORY, TIME, ABORTED,
) = range(10)  # fmt: skip
STANDARD, EXPRESS = range(2)


class Cell:
    """A state (what is drawn), a stage, or a branch: see `cells_count`."""

    level: float
    pend: float
    x: float
    out: float
    y: float
    back: float
    back_new: float
    want: float
    a: float
    b: float
    lasts: float
    rest: float  # time until the end of its machine: mean, and mean square
    rest2: float
    age: float  # of an execution that enters
    reach: float
    over: float  # share of what leaves whose time is up
    head: float
    phase: float
    width: float
    o: Annotated[object, ("f8", (4,))]  # shares of how visits end
    slots: Annotated[object, ("f8", (SLOTS,))]


class State:
    """Rates are those of the tick."""

    ends: Annotated[object, ("f8", (7,))]
    definition: float  # which it runs
    aborting: float
    held: float
    first_start: float
    tokens: float  # for transitions: the account's, kept by its first state machine
    asked_now: Annotated[object, ("f8", (2,))]  # starts/s by type that all of them ask for
    asked_before: Annotated[object, ("f8", (2,))]
    refilled: int
    asked: float
    start_tokens: float
    started: float
    transitions: float
    delayed: float
    succeeded: float
    failed: float
    aborted: float
    over_time: float
    duration: float
    open_executions: float
    requests: float
    gb_hours: float
    gb_hours_total: float
    gb_hour_usd: float
    transition_tokens: float


CELL = record(Cell)
STATE_RECORD = record(State)


@inlined
def _node(tick, i):
    world = tick.world[0]
    return carray(pointer(world.nodes), world.nodes_n, NODE)[i]


@compiled
def step(p, s, io, cells, tick):
    dt = tick.dt
    table = tick.table
    states_n, n, branches_n = int(table[1]), int(table[0]), int(table[2])
    stages = cells[states_n : states_n + n]
    branches = cells[states_n + n : states_n + n + branches_n]
    k = carray(pointer(_node(tick, p.keeper).s), 1, STATE_RECORD)[0]
    if k.refilled != tick.n + 1:
        first = k.refilled == 0
        k.refilled = tick.n + 1
        k.tokens = (p.bucket if first else min(p.bucket, k.tokens)) + p.refill_per_s * dt
        for x in range(2):
            k.asked_before[x], k.asked_now[x] = k.asked_now[x], 0.0
    entering, answered_sync = _starts(p, s, k, io, tick)  # 1
    if entering > 0.0 and s.first_start >= 1e300:
        s.first_start = tick.t
    _times(p, stages, branches, tick)  # 2
    _ages(p, stages, table)
    for i in range(n):
        _ready(stages[i], table, i, dt)
    share = 1.0  # 3
    wanted = solve(s, stages, branches, table, entering, share, tick.t, dt)
    if p.type == STANDARD:
        room = k.tokens
        for _ in range(16):
            used = wanted * share * dt
            if used <= room * (1.0 + 1e-9) and (share == 1.0 or used >= room * (1.0 - 1e-6)):
                break
            share = min(1.0, share * room / used) if used > 0.0 else 1.0
            wanted = solve(s, stages, branches, table, entering, share, tick.t, dt)
    s.delayed = wanted * (1.0 - share)
    moved = _move(s, cells, stages, table, tick)  # 4
    if p.type == STANDARD:
        k.tokens = max(0.0, k.tokens - wanted * share * dt)
    s.transition_tokens = k.tokens
    _answer(p, s, io, stages, tick, answered_sync, moved)  # 5
    _bill(p, s, io, stages, table, tick)


@inlined
def _starts(p, s, k, io, tick):
    """(executions started/s, whether somebody waits for an Express execution to end)."""
    small = 0.0
    waits = 0
    most = LARGEST_KB_2020 if tick.era == ERA_2020 else LARGEST_KB
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        flow = link.reads + link.writes
        if link.mode == CONTROL:
            continue
        if link.mode == SYNC and p.type == EXPRESS:
            waits = 1
        if flow <= 0.0:
            continue
        if link.kb > most:
            io.loss[TOO_LARGE] += flow
        else:
            small += flow
    for cause in range(TASK, ABORTED + 1):  # only who waits for the end sees how it ends
        io.refusal[cause] = waits
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


@compiled
def _times(p, stages, branches, tick):
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
                        part = cell.o[k] * table[at + EDGE * e + 1]
                        rest += part * stages[target].rest
                        rest2 += part * stages[target].rest2
        cell.rest = min(p.limit_s, total + rest)
        square = variance + total * total + 2.0 * total * rest + rest2
        cell.rest2 = max(cell.rest * cell.rest, min(square, p.limit_s * p.limit_s))


@inlined
def _linked(cell, tick, j, limit):
    """A Task of a linked node: its latency, and how its calls end; the variance."""
    link = tick.out[j]
    callee = _node(tick, link.target)
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
    cell.o[3] = link.timed_out + link.ok * late
    cell.o[2] = max(0.0, 1.0 - link.throttled - link.timed_out - link.ok)
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
def _ages(p, stages, table):
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


@inlined
def _ready(cell, table, i, dt):
    """What leaves a stage: `a` of what was there, and the share `b` of what enters."""
    kind = int(table[row_of(table, i) + KIND])
    if kind == RING:
        if cell.width <= 0.0:
            cell.width = max(dt, table[row_of(table, i) + MEAN] / PARTS)
        cell.a = pop(cell, dt) / dt if cell.level > 0.0 else 0.0
        cell.b = max(0.0, 1.0 - cell.lasts / dt)
    elif cell.lasts <= 1e-12:
        cell.a, cell.b = cell.level / dt, 1.0
    else:
        gone = -math.expm1(-dt / cell.lasts)
        cell.a = cell.level * gone / dt
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
    io.in_flight = s.held - io.waiting
    s.open_executions = max(0.0, s.held)
    s.succeeded = io.done
    s.over_time = io.loss[TIME]
    s.failed = io.loss[TASK] + io.loss[THROTTLE] + io.loss[FAIL] + io.loss[CHOICE]
    s.failed += io.loss[HISTORY]
    s.started = max(0.0, io.reads + io.writes)
    for cause in range(TOO_LARGE + 1):
        s.started -= io.loss[cause]
    s.transitions = moved
    first = stages[int(tick.table[4])]
    s.duration = first.rest
    if p.type == EXPRESS and waits != 0:
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


@inlined
def _bill(p, s, io, stages, table, tick):
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
