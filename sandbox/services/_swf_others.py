"""Other domains of the diagram: children that run there, and signals between executions.

A child workflow that a link leads to is started there with the next tick, and its step ends when
the child closes; a signal is sent there, to a child or to the parent.  Children of executions
that are terminated or timed out end there by the child policy.
"""

from __future__ import annotations

from sandbox.kernels.cohort import expire
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._swf_flow import CANCELS, TERMINATES, end_early
from sandbox.services._swf_state import CANCEL, NEVER, STARTED, STATE, part_of
from sandbox.services._swf_tasks import decide, given, take_oldest
from sandbox.services.law import state_of

SIGNAL_KB = 1.0  # of a signal's input: assumption


@compiled
def send(p, s, io, tick):
    """Start children and send signals in the domains that links lead to."""
    total = 0.0
    for i in range(p.steps_n):
        s.sent[i], s.to_send[i] = s.to_send[i], 0.0
        total += s.sent[i]
    io.out_writes, io.out_kb = total / tick.dt, SIGNAL_KB
    if total <= 0.0:
        return
    for j in range(tick.out.shape[0]):
        mine = 0.0
        for i in range(p.steps_n):
            if p.sends_to[i] == j:
                mine += s.sent[i]
        tick.out[j].weight = mine / total


@compiled
def children_close(p, s, cells, tick, now):
    """Children that a domain of the diagram refused, those that have closed there, and those whose
    time is up by what their parent gave them."""
    for i in range(p.steps_n):
        if p.child_at[i] < 0:
            continue
        there = state_of(tick, tick.out[p.child_at[i]].target, STATE)
        s.work_s[i], s.work_cv2[i] = there.mean_s, 0.0
        ring = s.rings[3 * (1 + i) + STARTED]
        limit = min(given(p.steps[i].start_to_close_s), given(p.steps[i].schedule_to_close_s))
        if limit < NEVER:
            late = expire(part_of(cells, 3 * (1 + i) + STARTED), ring, now - limit)
            s.on_close += late
            s.missed[i] += late
            s.late[1 + i] += late
        refused = min(ring.total, s.sent[i] * (1.0 - there.taken))
        well, badly = there.completed * tick.dt, there.failed + there.timed_out
        badly = (badly + there.terminated + there.cancelled) * tick.dt - there.by_policy
        open_before = there.open - _leaving(there) + well + badly
        mine = ring.total - refused + s.late[1 + i]
        share = min(1.0, mine / open_before) if open_before > 0.0 else 0.0
        # the oldest end first: those that nobody waits for any more
        nobodys = min(s.late[1 + i], (well + badly) * share)
        s.late[1 + i] -= nobodys
        if well + badly > 0.0:
            share -= nobodys / (well + badly)
        left = refused + (well + badly) * share
        if left <= 0.0:
            continue
        gone = take_oldest(part_of(cells, 3 * (1 + i) + STARTED), ring, left)
        bad = min(gone, refused + badly * share)
        s.missed[i] += bad
        s.won[i] += gone - bad


@inlined
def _leaving(there):
    """Open executions whose parents are closed, and that will end for it."""
    return there.orphaned + there.unwanted + there.want[CANCEL] + there.have[CANCEL]


@compiled
def end_orphans(p, s, cells, tick, now):
    """Executions that end with their parents: terminated, or cancelled once a decider looked."""
    before = s.lost[TERMINATES] + s.lost[CANCELS]
    end_early(p, s, cells, tick, s.decided[CANCEL], CANCELS, True, now)
    end_early(p, s, cells, tick, s.orphaned, TERMINATES, True, now)
    s.by_policy = s.lost[TERMINATES] + s.lost[CANCELS] - before
    decide(s, CANCEL, min(s.unwanted, s.open))
    s.orphaned = s.unwanted = 0.0


@compiled
def on_the_way(p, s):
    """What a hand-over to another domain delays by a tick, there and back, is not counted."""
    for i in range(p.steps_n):
        limit = min(given(p.steps[i].start_to_close_s), given(p.steps[i].schedule_to_close_s))
        if p.child_at[i] >= 0 and s.work_s[i] < limit:
            held = s.rings[3 * (1 + i) + STARTED].total
            s.fresh[1 + i] = min(held, s.to_send[i] + s.sent[i])
