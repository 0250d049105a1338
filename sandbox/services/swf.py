"""SWF: a domain that keeps the state of workflows; deciders and workers are pools of one's own.

An execution waits for a decision, a decider schedules the steps of the next stage, workers pull
and do them, and each end is another decision task.  SWF holds the state, and times out what nobody
answers; nothing else happens by itself.
"""

from __future__ import annotations

from typing import Any

from sandbox.kernels.bucket import token_bucket
from sandbox.kernels.cohort import push
from sandbox.kernels.compiled import compiled
from sandbox.services import _why_swf as why
from sandbox.services._swf_clock import (
    begin,
    close_the_old,
    go_on,
    listen,
    signals_arrive,
    time_out,
)
from sandbox.services._swf_flow import (
    CANCELS,
    FAILS,
    SIGNAL_TOKENS,
    START_TOKENS,
    TERMINATES,
    TIMES_OUT,
    end_early,
    enter,
    join,
    settle,
)
from sandbox.services._swf_graph import GRAPH
from sandbox.services._swf_joins import wait_for_all
from sandbox.services._swf_measure import DAY_USD as DAY_USD
from sandbox.services._swf_measure import START_USD as START_USD
from sandbox.services._swf_measure import TASK_USD as TASK_USD
from sandbox.services._swf_measure import measure
from sandbox.services._swf_notes import NOTES
from sandbox.services._swf_others import children_close, end_orphans, send
from sandbox.services._swf_params import Others, Params, TaskList
from sandbox.services._swf_pauses import fire
from sandbox.services._swf_polls import POLL_BUCKET, POLLS_PER_S, hand_over, hear
from sandbox.services._swf_schedule import schedule
from sandbox.services._swf_setup import (
    SIGNAL_BUCKET,
    START_BUCKET,
    adjust,
    foretell,
    init,
    prepare,
)
from sandbox.services._swf_state import (
    ADVANCE,
    CELL,
    FAILURE,
    ONCE_MORE,
    RING,
    RINGS,
    ROWS,
    WAITING,
    State,
    Steps,
    part_of,
)
from sandbox.services._swf_tasks import decide
from sandbox.services._swf_words import CAUSES, METRICS
from sandbox.services.contract import Action, EventKind, Port, Service
from sandbox.services.law import CONTROL, boundary
from sandbox.services.params import Parameters, param

STARTS_PER_S = 200.0  # QUOTAS; StartWorkflowExecution; H
SIGNALS_PER_S = 30.0  # QUOTAS; SignalWorkflowExecution; H
INPUT_KB = 32.0  # QUOTAS: 32,768 characters; H
CALL_M, CALL_V = 0.03, 1e-4  # StartWorkflowExecution takes some 30 ms: assumption
PORTS = ("in", "signals", "decisions", "activities", "children", "signals_sent")
SIGNALS = PORTS.index("signals")

START_QUOTA, OPEN_QUOTA, TOO_LARGE, SIGNAL_QUOTA, UNKNOWN = range(5)
FAILED, TIMED_OUT, TERMINATED, CANCELLED = range(5, 9)


class Derived(Steps):
    pass


@compiled
def step(p, s, io, cells, tick):
    """Take in new executions and signals, then give the pools that poll what waits for them."""
    dt = tick.dt
    starts = signals = 0.0
    io.loss[TOO_LARGE] = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        flow = link.reads + link.writes
        if link.mode == CONTROL or flow <= 0.0:
            continue
        if link.kb > INPUT_KB:
            io.loss[TOO_LARGE] += flow
        elif link.target_port == SIGNALS:
            signals += flow
        else:
            starts += flow
    accepted, refused, left = token_bucket(
        s.tokens[START_TOKENS], starts, STARTS_PER_S, START_BUCKET, dt, io.ca2
    )
    s.tokens[START_TOKENS] = left
    io.loss[START_QUOTA] = refused
    room = max(0.0, p.open_executions_limit - s.open - s.children_open) / dt
    io.loss[OPEN_QUOTA] = max(0.0, accepted - room)
    s.started = min(accepted, room)
    s.taken = s.started / starts if starts > 0.0 else 1.0
    heard, refused, left = token_bucket(
        s.tokens[SIGNAL_TOKENS], signals, SIGNALS_PER_S, SIGNAL_BUCKET, dt, io.ca2
    )
    s.tokens[SIGNAL_TOKENS] = left
    io.loss[SIGNAL_QUOTA] = refused
    if heard > 0.0 and s.open <= 0.0:
        io.loss[UNKNOWN] = heard
        heard = 0.0
    s.signals = heard
    s.signalled = heard * dt
    io.done = s.closed / dt + heard
    io.loss[FAILED] = s.lost[FAILS] / dt
    io.loss[TIMED_OUT] = s.lost[TIMES_OUT] / dt
    io.loss[TERMINATED] = s.lost[TERMINATES] / dt
    io.loss[CANCELLED] = s.lost[CANCELS] / dt
    s.closed_rate = s.closed / dt
    for how in range(FAILS, CANCELS + 1):
        s.closed_rate += s.lost[how] / dt
        s.lost[how] = 0.0
    s.closed = 0.0
    s.open = max(0.0, s.open)  # but for rounding it is never less
    begin(p, s, cells, tick, s.started * dt)
    for which in range(2, 4):
        s.tokens[which] = min(POLL_BUCKET, s.tokens[which] + POLLS_PER_S * dt)
    hand_over(p, s, cells, tick)
    waiting = 0.0
    for i in range(p.steps_n):
        if p.outside[i] == 0:
            waiting += s.rings[3 * (1 + i) + WAITING].total
    io.waiting = min(s.open, max(0.0, s.rings[WAITING].total + waiting))
    io.in_flight = s.open - io.waiting
    io.svc_m, io.svc_v = CALL_M, CALL_V
    send(p, s, io, tick)


@compiled
def control(p, s, io, cells, tick):
    """At the end of the tick: answers, timeouts and timers, decisions, and what they schedule."""
    dt, now = tick.dt, tick.t + tick.dt
    s.completed = s.continued = s.throttled_calls = s.scheduled = s.timers = s.children = (
        s.markers
    ) = s.signals_sent = 0.0
    s.decisions_done = s.decisions_late = s.activities_done = s.activities_failed = 0.0
    s.on_start = s.on_close = s.on_heartbeat = s.moving = 0.0
    s.fresh[:] = 0.0
    s.won[:] = 0.0
    s.missed[:] = 0.0
    time_out(p, s, cells, dt, now)
    hear(p, s, cells, tick, now)
    listen(p, s, cells, dt)
    go_on(p, s, cells, tick, now)
    children_close(p, s, cells, tick, now)
    signals_arrive(p, s, cells, now)
    fire(p, s, cells, now + 1e-9)
    for i in range(p.steps_n):
        settle(p, s, cells, i, s.won[i], s.decided[FAILURE + i], now)
        s.new[i] += s.decided[ONCE_MORE + i]
        ended = s.won[i] + s.missed[i]
        if ended > 0.0:
            s.failing[i] = s.missed[i] / ended
        decide(s, FAILURE + i, s.missed[i])
    for k in range(p.stages + 1):
        if s.decided[ADVANCE + k] > 0.0:
            enter(p, s, cells, k, s.decided[ADVANCE + k], now)
    if tick.n < 4 or boundary(tick, 60.0):
        wait_for_all(p, s)
    join(p, s, cells, tick, now)
    schedule(p, s, cells, tick, now)
    close_the_old(p, s, cells, tick, now)
    end_orphans(p, s, cells, tick, now)
    if s.terminating > 0.0:
        end_early(p, s, cells, tick, s.terminating * s.open, TERMINATES, False, now)
        s.terminating = 0.0
    fresh = s.fresh[0]
    push(part_of(cells, WAITING), s.rings[WAITING], now, now + dt, fresh)
    measure(p, s, io, cells, tick, now)


class TerminateArgs(Parameters):
    share: float = param(1.0, "Share of the open executions.", unit="share", ge=0, le=1)


def terminate(record: Any, state: Any, cells: Any, args: TerminateArgs, t_s: float) -> str:
    state["terminating"] = args.share
    return f"{args.share:.0%} of {float(state['open']):,.0f} open executions terminated by hand"


SERVICE = Service(
    id="swf",
    title="SWF domain",
    category="integration",
    summary="Keeps the state of workflows whose deciders and workers poll it for tasks.",
    params=Params,
    derived=Derived,
    state=State,
    cell=CELL,
    cells_count=lambda params, setup: ROWS + RINGS * RING,
    ports=(
        Port("in", "in", "Executions started", modes=("sync", "async")),
        Port("signals", "in", "Signals", modes=("sync", "async")),
        Port("decisions", "out", "Decision tasks", modes=("pull",), peers=("worker_pool",)),
        Port(
            "activities",
            "out",
            "Activity tasks",
            modes=("pull",),
            params={"pull": TaskList},
            peers=("worker_pool",),
        ),
        Port(
            "children",
            "out",
            "Child workflows",
            modes=("async",),
            params={"async": Others},
            peers=("swf",),
        ),
        Port(
            "signals_sent",
            "out",
            "Signals sent",
            modes=("async",),
            params={"async": Others},
            peers=("swf",),
        ),
    ),
    step=step,
    control=control,
    prepare=prepare,
    init=init,
    adjust=adjust,
    foretell=foretell,
    causes=CAUSES,
    metrics=METRICS,
    events=(
        EventKind(
            "stalled",
            "{0:,.0f} decision tasks wait and no decider answers: {1:,.0f} open executions stand "
            "still, and nothing is lost until they time out",
            "warning",
        ),
    ),
    actions=(Action("terminate", "Terminate open executions", TerminateArgs, terminate),),
    headline="open_executions",
    notes=NOTES,
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    bars=why.BARS,
    graph=GRAPH,
)
