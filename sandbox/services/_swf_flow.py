"""How executions go through their steps: entered, ended, tried again, joined, closed."""

from __future__ import annotations

import math

from sandbox.kernels.cohort import push, take
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._swf_params import ATTEMPTS, Params, Step
from sandbox.services._swf_pauses import PAUSE_EVENTS, again_at
from sandbox.services._swf_state import (
    ADVANCE,
    AGES,
    CANCEL,
    FAILURE,
    NOTHING,
    ONCE_MORE,
    PAUSES,
    STARTED,
    STATE,
    STUCK,
    WAITING,
    part_of,
)
from sandbox.services._swf_tasks import decide, forget, shrink, take_oldest
from sandbox.services.law import state_of
from sandbox.services.params import code

HISTORY_EVENTS = 25_000.0  # Amazon SWF Developer Guide: Quotas, events of a history; H
FRAME_EVENTS = 5.0  # … API Reference, HistoryEvent: started, the first decision's three, closed
ACTIVITY = code(Step, "kind", "activity")
TIMER = code(Step, "kind", "timer")
CHILD = code(Step, "kind", "child_workflow")
EXTERNAL = code(Step, "kind", "signal_external")
CONTINUE = code(Step, "on_failure", "continue")
START_TOKENS, SIGNAL_TOKENS, DECISION_POLLS, ACTIVITY_POLLS, KIND_TOKENS = range(5)
HEARTBEAT_TOKENS = KIND_TOKENS + 4
FAILS, TIMES_OUT, TERMINATES, CANCELS = range(4)
ABANDON = code(Params, "child_policy", "abandon")
TERMINATE = code(Params, "child_policy", "terminate")


@compiled
def attempts_of(p, s, i):
    """How often a step is tried, in the mean, by what has failed of late."""
    f = s.failing[i]
    n = p.steps[i].attempts
    return (1.0 - f**n) / (1.0 - f) if f < 1.0 else float(n)


@compiled
def history(p, s):
    """Events of the history of one round."""
    events = 0.0
    for i in range(p.steps_n):
        kind = p.steps[i].kind
        tries = attempts_of(p, s, i)
        own = 3.0 if kind in (ACTIVITY, CHILD) else 2.0 if kind in (TIMER, EXTERNAL) else 1.0
        mine = (own + 3.0 + p.steps[i].markers) * tries
        if p.steps[i].retry_after_s > 0.0:
            mine += PAUSE_EVENTS * (tries - 1.0)
        events += p.steps[i].share * mine
    return events


@compiled
def enter(p, s, cells, k, amount, now):
    """The decider goes on to stage k, or past it where no step of it is taken."""
    for _ in range(2):
        while k < p.stages and amount > 0.0:
            s.inside[k] += amount * (1.0 - p.skipped[k])
            for i in range(p.steps_n):
                if p.stage[i] == k:
                    share = amount * p.steps[i].share
                    s.new[i] += share
                    s.active[i] += share
                    s.tries[i, 0] += share
            amount *= p.skipped[k]
            k += 1
        if amount <= 0.0:
            return
        amount = _close(p, s, cells, amount, now)
        k = 0
    decide(s, ADVANCE, amount)


@compiled
def _close(p, s, cells, amount, now):
    """All steps are done: what goes on to another round in the same execution."""
    events = history(p, s)
    full = (HISTORY_EVENTS - FRAME_EVENTS) / events if events > 0.0 else math.inf
    rounds = 1.0 if p.continue_as_new else float(p.rounds)
    # a new execution is born with an empty history
    over = rounds > full * (1.0 + 1e-12)
    last = amount / max(1.0, min(rounds, math.floor(full)))
    if over:
        leave(s, cells, last, TERMINATES, now)
        return amount - last
    if p.continue_as_new and p.rounds > 1:
        again = amount * (1.0 - 1.0 / p.rounds)
        aged(s, cells, again, now)
        push(part_of(cells, AGES), s.rings[AGES], now, now, again)
        s.continued += again
        decide(s, ADVANCE, again)
        done, rest = amount - again, 0.0
    else:
        done, rest = last, amount - last
    s.completed += done
    s.closed += done
    s.open -= done
    seconds = aged(s, cells, done, now)
    if done > 0.0:
        s.execution_s = seconds / done
    return rest


@compiled
def leave(s, cells, amount, how, now):
    """Executions end otherwise than completed."""
    s.lost[how] += amount
    s.open -= amount
    aged(s, cells, amount, now)


@compiled
def aged(s, cells, amount, now):
    """Take executions that end from the ages, the oldest first; their seconds added up."""
    seconds, left = 0.0, amount
    while left > 0.0:
        piece, t0, t1, _mark = take(part_of(cells, AGES), s.rings[AGES], left)
        if piece <= 0.0:
            break
        left -= piece
        seconds += piece * (now - 0.5 * (t0 + t1))
    return seconds


@compiled
def settle(p, s, cells, i, succeeded, seen, now):
    """Branches of step i end well, and the decider sees to `seen` tasks that failed.

    It tries again, goes on without the step, or gives up.
    """
    active = s.active[i] - s.rings[PAUSES + i].total
    if active <= 0.0 or succeeded + seen <= 0.0:
        return
    step = p.steps[i]
    again = min(1.0, seen / active)
    well = min(1.0 - again, succeeded / active)
    ended = 0.0
    for x in range(ATTEMPTS):
        a = ATTEMPTS - 1 - x
        moved = s.tries[i, a] * again
        s.tries[i, a] *= 1.0 - again - well
        if a + 1 < step.attempts:
            again_at(p, s, cells, i, a + 1, moved, now)
        else:
            ended += moved
    s.active[i] = max(0.0, s.active[i] - active * well)
    if ended <= 0.0:
        return
    s.active[i] = max(0.0, s.active[i] - ended)
    k = p.stage[i]
    alone = _alone(p, k)
    if step.on_failure == CONTINUE:
        if alone:
            s.inside[k] -= ended
            enter(p, s, cells, k + 1, ended, now)
        return
    if not alone and s.inside[k] > 0.0:
        part = min(1.0, ended / s.inside[k])
        for j in range(p.steps_n):
            if p.stage[j] == k and j != i:
                s.late[1 + j] += cut(p, s, cells, j, part, False)
        forget(s, cells, NOTHING + k, part)
    s.inside[k] -= ended
    leave(s, cells, ended, FAILS, now)


@inlined
def _alone(p, k):
    count = 0
    for i in range(p.steps_n):
        if p.stage[i] == k:
            count += 1
    return count == 1


@compiled
def cut(p, s, cells, i, part, oldest):
    """Take away a share of all that step i has under way, the oldest or of all ages: the amount
    that is still in the hands of a worker, or of another domain."""
    q = 1 + i
    held = 0.0
    for which in range(WAITING, STUCK + 1):
        ring, ours = s.rings[3 * q + which], part_of(cells, 3 * q + which)
        gone = take_oldest(ours, ring, ring.total * part) if oldest else shrink(ours, ring, part)
        if which == STARTED and (p.outside[i] == 0 or p.child_at[i] >= 0):
            held = gone
    shrink(part_of(cells, PAUSES + i), s.rings[PAUSES + i], part)
    keep = 1.0 - part
    s.tail[i] *= keep
    s.active[i] *= keep
    s.new[i] *= keep
    for a in range(ATTEMPTS):
        s.tries[i, a] *= keep
    forget(s, cells, FAILURE + i, part)
    forget(s, cells, ONCE_MORE + i, part)
    return held


@compiled
def end_early(p, s, cells, tick, amount, how, oldest, now):
    """Open executions end, wherever they are: timed out, terminated or cancelled."""
    if s.open <= 0.0 or amount <= 0.0:
        return
    part = min(1.0, amount / s.open)
    for k in range(p.stages):
        s.inside[k] *= 1.0 - part
        s.ended[k] *= 1.0 - part
        forget(s, cells, NOTHING + k, part)
    for k in range(p.stages + 1):
        forget(s, cells, ADVANCE + k, part)
    if how != CANCELS:  # those whose decider has not looked yet are others
        forget(s, cells, CANCEL, part)
    for i in range(p.steps_n):
        held = cut(p, s, cells, i, part, oldest)
        if p.child_at[i] >= 0 and p.child_policy != ABANDON and how != CANCELS:
            _take_along(p, tick, i, held)
        else:
            s.late[1 + i] += held
    leave(s, cells, s.open * part, how, now)


@inlined
def _take_along(p, tick, i, amount):
    """Children whose parents are closed are to end too, by the child policy."""
    there = state_of(tick, tick.out[p.child_at[i]].target, STATE)
    if p.child_policy == TERMINATE:
        there.orphaned += amount
    else:
        there.unwanted += amount


@compiled
def join(p, s, cells, tick, now):
    """Executions whose branches of a stage have all ended wait for a decision."""
    for k in range(p.stages):
        ends = most = 0.0
        count = 0
        for i in range(p.steps_n):
            if p.stage[i] == k:
                count += 1
                ends += s.won[i]
                most = max(most, s.active[i])
        if count == 1:
            out = ends
        else:
            rest = max(0.0, s.inside[k] - most)
            out = rest * tick.dt / (s.wait_for_all_s[k] + tick.dt)
        looking = s.want[NOTHING + k]
        s.ended[k] += ends - out
        if out > 0.0:
            # an execution has one decision task open at a time
            merged = min(looking, out * looking / s.inside[k]) if s.inside[k] > 0.0 else 0.0
            s.want[NOTHING + k] -= merged
            s.inside[k] = max(0.0, s.inside[k] - out)
            decide(s, ADVANCE + k + 1, out)
            s.fresh[0] -= merged
        if s.ended[k] > 0.0 and s.inside[k] > 0.0:
            free = max(0.0, 1.0 - s.want[NOTHING + k] / s.inside[k])
            decide(s, NOTHING + k, s.ended[k] * free)
            s.ended[k] = 0.0
