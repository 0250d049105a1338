"""What an SWF domain keeps from tick to tick: its tasks in cohorts, its executions by stage.

A *queue* is a task list's part for one purpose: 0 holds decision tasks, 1 + i the tasks of step i.
Each has three rings of cohorts: WAITING for a worker, STARTED, and STUCK (its worker will never
answer; the cohort's time is the one at which SWF notices).  A step that no pool works uses STARTED
for what is under way.  Decision tasks have a *kind*, by what the decider will do: go on to a stage,
see to a failure, schedule once more what was throttled, nothing as yet, or cancel the execution.
"""

from __future__ import annotations

from typing import Annotated

from sandbox.kernels.cohort import COHORT, QUEUE
from sandbox.kernels.compiled import inlined
from sandbox.services._swf_params import ATTEMPTS, STEPS
from sandbox.services.params import record

WAITING, STARTED, STUCK = range(3)
RING = 96  # cohorts of a ring
ROWS = 2 + STEPS  # cells that are drawn
QUEUES = 1 + STEPS
AGES = 3 * QUEUES  # the ring of open executions, by when they started
PAUSES = AGES + 1  # the first of the rings of failed tasks that a timer holds, one a step
RINGS = PAUSES + STEPS
ADVANCE, FAILURE, ONCE_MORE, NOTHING = 0, STEPS + 1, 2 * STEPS + 1, 3 * STEPS + 1
CANCEL = 4 * STEPS + 1
KINDS = CANCEL + 1
LINKS = 16  # pools that poll; a further one gets nothing
NEVER = 1e15  # s
CELL = COHORT


class Steps:
    """Derived: the steps as the law needs them."""

    stages: int
    lists: int
    stage: Annotated[object, ("i8", (STEPS,))]
    outside: Annotated[object, ("i8", (STEPS,))]  # not worked on by a pool of the diagram
    by_signal: Annotated[object, ("i8", (STEPS,))]  # ended by signals that arrive
    list_of: Annotated[object, ("i8", (STEPS,))]
    link_list: Annotated[object, ("i8", (LINKS,))]  # -1: decisions
    sends_to: Annotated[object, ("i8", (STEPS,))]  # the out link of a signal or child; -1: none
    child_at: Annotated[object, ("i8", (STEPS,))]  # of a child: that link; -1: no node
    skipped: Annotated[object, ("f8", (STEPS,))]  # of a stage: share that takes none of its steps
    drawn: int
    names_key: float
    signal_port: int
    tick_s: float


class State:
    rings: Annotated[object, (QUEUE, (RINGS,))]
    late: Annotated[object, ("f8", (QUEUES,))]  # timed out, yet in a worker's hands
    fresh: Annotated[object, ("f8", (QUEUES,))]  # scheduled in this tick, for the next one
    want: Annotated[object, ("f8", (KINDS,))]  # decision tasks waiting, by kind
    have: Annotated[object, ("f8", (KINDS,))]  # … and at deciders
    inside: Annotated[object, ("f8", (STEPS,))]  # executions, by stage
    active: Annotated[object, ("f8", (STEPS,))]  # branches, by step
    tail: Annotated[object, ("f8", (STEPS,))]  # the random rest of durations
    tries: Annotated[object, ("f8", (STEPS, ATTEMPTS))]
    new: Annotated[object, ("f8", (STEPS,))]  # to be scheduled in this tick
    ended: Annotated[object, ("f8", (STEPS,))]  # of a stage: branches that ended without an advance
    failing: Annotated[object, ("f8", (STEPS,))]  # share of the tasks that end in failure
    waited: Annotated[object, ("f8", (STEPS,))]  # for a worker, s
    work_s: Annotated[object, ("f8", (STEPS,))]  # at the workers
    work_cv2: Annotated[object, ("f8", (STEPS,))]
    won: Annotated[object, ("f8", (STEPS,))]  # of this tick: tasks that succeeded,
    missed: Annotated[object, ("f8", (STEPS,))]  # and that failed or timed out
    decided: Annotated[object, ("f8", (KINDS,))]  # decision tasks answered in this tick
    signalled: float
    moving: float  # of what is scheduled for the next tick: executions that wait for it
    wait_for_all_s: Annotated[object, ("f8", (STEPS,))]
    to_send: Annotated[object, ("f8", (STEPS,))]  # signals and children, with the next tick,
    sent: Annotated[object, ("f8", (STEPS,))]  # and with this one
    taken: float  # the share of the starts of this tick that were taken in
    signals_sent: float
    tokens: Annotated[object, ("f8", (9,))]  # of START_TOKENS … HEARTBEAT_TOKENS
    open: float
    closed: float  # since the last step: amounts
    lost: Annotated[object, ("f8", (4,))]  # failed, timed out, terminated, cancelled
    terminating: float  # by hand
    orphaned: float  # whose parents are closed: amounts to be terminated,
    unwanted: float  # … and to be asked to cancel
    by_policy: float  # of those that ended since the last step
    open_now: float
    decisions_waiting: float
    decisions_started: float
    activities_waiting: float
    activities_started: float
    started: float
    completed: float
    failed: float
    timed_out: float
    terminated: float
    cancelled: float
    continued: float
    signals: float
    decisions_done: float
    activities_done: float
    activities_failed: float
    on_start: float
    on_close: float
    on_heartbeat: float
    decisions_late: float
    throttled_calls: float
    scheduled: float
    timers: float
    markers: float
    children: float
    execution_s: float
    decision_wait_s: float
    activity_wait_s: float
    oldest_s: float
    history: float
    heartbeats: float
    tasks_billed: float
    day_old: float
    children_open: float
    starts_beside: float
    closed_rate: float
    polls_refused: float
    mean_s: float
    said: int
    shape: float  # tells the workflow that it runs


STATE = record(State)


@inlined
def part_of(cells, ring):
    """The cells of a ring, behind those that are drawn."""
    first = ROWS + ring * RING
    return cells[first : first + RING]
