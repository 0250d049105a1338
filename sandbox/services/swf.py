"""SWF: a domain that keeps the state of workflows, whose decider and workers are pools of one's own.

An execution waits for a decision, a decider schedules the steps of the next stage, workers pull
and do them, and each end is another decision task.  SWF holds the state, and times out what nobody
answers; nothing else happens by itself.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.kernels.bucket import token_bucket
from sandbox.kernels.cohort import oldest_age, push
from sandbox.kernels.compiled import compiled
from sandbox.services import _why_swf as why
from sandbox.services._swf_clock import (
    begin,
    close_the_old,
    go_on,
    open_since,
    signals_arrive,
    time_out,
)
from sandbox.services._swf_flow import (
    ACTIVITY_BUCKET,
    CHILD,
    CHILD_BUCKET,
    FAILS,
    FRAME_EVENTS,
    HISTORY_EVENTS,
    SIGNAL_TOKENS,
    START_TOKENS,
    TERMINATES,
    TIMER_BUCKET,
    TIMES_OUT,
    end_early,
    enter,
    history,
    join,
    schedule,
    see_to,
    succeed,
)
from sandbox.services._swf_joins import wait_for_all
from sandbox.services._swf_notes import NOTES
from sandbox.services._swf_params import API, QUOTAS, TIMEOUTS, Params, TaskList
from sandbox.services._swf_polls import POLL_BUCKET, POLLS_PER_S, hand_over, hear
from sandbox.services._swf_state import (
    ADVANCE,
    AGES,
    CELL,
    FAILURE,
    LINKS,
    ONCE_MORE,
    RING,
    RINGS,
    ROWS,
    STARTED,
    STEPS,
    STUCK,
    WAITING,
    State,
    Steps,
    part_of,
)
from sandbox.services._swf_tasks import decide
from sandbox.services.contract import Action, Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.law import CONTROL, boundary, emit
from sandbox.services.params import Parameters, param

START_BUCKET, STARTS_PER_S = 2_000.0, 200.0  # QUOTAS; StartWorkflowExecution; H
SIGNAL_BUCKET, SIGNALS_PER_S = 2_000.0, 30.0  # QUOTAS; SignalWorkflowExecution; H
INPUT_KB = 32.0  # QUOTAS: 32,768 characters; H
START_USD = 0.0001  # SWF pricing, us-east-1 (GovCloud's less a sixth); M
TASK_USD = 0.000025  # SWF pricing: a task, timer or signal; M
DAY_USD = 0.000005  # SWF pricing: a day open or retained, the first 24 h open free; M
DAY_S = 86_400.0
CALL_M, CALL_V = 0.03, 1e-4  # StartWorkflowExecution takes some 30 ms: assumption
PORTS = ("in", "signals", "decisions", "activities")
SIGNALS = PORTS.index("signals")
PRICING = "https://aws.amazon.com/swf/pricing/"

START_QUOTA, OPEN_QUOTA, TOO_LARGE, SIGNAL_QUOTA, UNKNOWN, FAILED, TIMED_OUT, TERMINATED = range(8)
STALLED = 0


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
    s.closed_rate = (s.closed + s.lost[FAILS] + s.lost[TIMES_OUT] + s.lost[TERMINATES]) / dt
    s.closed = 0.0
    for how in range(3):
        s.lost[how] = 0.0
    begin(p, s, cells, tick, s.started * dt)
    for which in range(2, 4):
        s.tokens[which] = min(POLL_BUCKET, s.tokens[which] + POLLS_PER_S * dt)
    hand_over(p, s, cells, tick)
    waiting = 0.0
    for i in range(p.steps_n):
        if p.outside[i] == 0:
            waiting += s.rings[3 * (1 + i) + WAITING].total
    io.waiting = min(s.open, s.rings[WAITING].total + waiting)
    io.in_flight = s.open - io.waiting
    io.svc_m, io.svc_v = CALL_M, CALL_V


@compiled
def control(p, s, io, cells, tick):
    """At the end of the tick: answers, timeouts and timers, decisions, and what they schedule."""
    dt, now = tick.dt, tick.t + tick.dt
    s.completed = s.continued = s.throttled_calls = s.scheduled = s.timers = s.children = 0.0
    s.decisions_done = s.decisions_late = s.activities_done = s.activities_failed = 0.0
    s.on_start = s.on_close = s.on_heartbeat = s.moving = 0.0
    s.fresh[:] = 0.0
    s.won[:] = 0.0
    s.missed[:] = 0.0
    hear(p, s, cells, tick, now)
    time_out(p, s, cells, now)
    go_on(p, s, cells, tick, now)
    signals_arrive(p, s, cells, now)
    for k in range(p.stages + 1):
        if s.decided[ADVANCE + k] > 0.0:
            enter(p, s, cells, k, s.decided[ADVANCE + k], now)
    for i in range(p.steps_n):
        see_to(p, s, cells, i, s.decided[FAILURE + i], now)
        s.new[i] += s.decided[ONCE_MORE + i]
        ended = s.won[i] + s.missed[i]
        if ended > 0.0:
            s.failing[i] = s.missed[i] / ended
        succeed(p, s, i, s.won[i])
        decide(s, FAILURE + i, s.missed[i])
    if tick.n < 4 or boundary(tick, 60.0):
        wait_for_all(p, s)
    join(p, s, cells, tick, now)
    schedule(p, s, cells, tick, now)
    close_the_old(p, s, cells, now)
    if s.terminating > 0.0:
        end_early(p, s, cells, s.terminating * s.open, TERMINATES, now)
        s.terminating = 0.0
    fresh = s.fresh[0]
    push(part_of(cells, WAITING), s.rings[WAITING], now, now + dt, fresh)
    _measure(p, s, io, cells, tick, now)


@compiled
def _measure(p, s, io, cells, tick, now):
    """What is seen: what a hand-over delays by a tick is not counted as waiting."""
    dt = tick.dt
    s.decisions_waiting = max(0.0, s.rings[WAITING].total - s.fresh[0])
    s.decisions_started = s.rings[STARTED].total + s.rings[STUCK].total
    cells[0].amount, cells[1].amount = s.decisions_waiting, s.decisions_started
    s.activities_waiting = s.activities_started = s.children_open = 0.0
    delayed = s.moving
    for k in range(p.stages):
        most = 0.0
        for i in range(p.steps_n):
            if p.stage[i] == k:
                most = max(most, s.fresh[1 + i])
        delayed += most
    for i in range(p.steps_n):
        q = 1 + i
        row = cells[2 + i]
        waiting = max(0.0, s.rings[3 * q + WAITING].total - s.fresh[q])
        started = s.rings[3 * q + STARTED].total + s.rings[3 * q + STUCK].total + s.tail[i]
        row.amount = waiting + started
        row.t0, row.t1 = waiting, started
        s.activities_waiting += waiting
        s.activities_started += started
        if p.steps[i].kind == CHILD:
            s.children_open += started
    s.open_now = max(0.0, s.open - delayed)
    io.waiting = min(s.open_now, s.decisions_waiting + s.activities_waiting)
    io.in_flight = s.open_now - io.waiting
    io.utilization = min(1.0, (s.open_now + s.children_open) / p.open_executions_limit)
    s.oldest_s = oldest_age(part_of(cells, AGES), s.rings[AGES], now)
    rounds = 1.0 if p.continue_as_new else float(p.rounds)
    s.history = min(HISTORY_EVENTS, FRAME_EVENTS + rounds * history(p, s))
    if s.completed > 0.0:
        s.mean_s = max(0.0, s.execution_s - p.handovers * dt)
    tasks = s.started * dt + s.fresh[0] + s.scheduled + s.timers + s.signals * dt
    s.tasks_billed = tasks / dt
    s.starts_beside = (s.children + s.continued) / dt
    s.day_old = open_since(s, cells, now - DAY_S)
    s.completed /= dt
    s.failed = s.lost[FAILS] / dt
    s.timed_out = s.lost[TIMES_OUT] / dt
    s.terminated = s.lost[TERMINATES] / dt
    s.continued /= dt
    s.decisions_done /= dt
    s.decisions_late /= dt
    s.activities_done /= dt
    s.activities_failed /= dt
    s.on_start /= dt
    s.on_close /= dt
    s.on_heartbeat /= dt
    s.throttled_calls = s.throttled_calls / dt + s.polls_refused
    usd = (s.started + s.starts_beside) * START_USD + s.tasks_billed * TASK_USD
    usd += s.closed_rate * p.retention_days * DAY_USD
    io.cost_per_hour = usd * 3600.0 + s.day_old * DAY_USD / 24.0
    stalled = s.decisions_waiting > 10.0 and s.decisions_done <= 0.0
    if stalled and s.said == 0:
        emit(tick, STALLED, s.decisions_waiting, s.open_now, 0.0, 0.0, 0.0, 0.0)
    s.said = 1 if stalled else 0


def prepare(params: Params, record: Any, setup: Setup) -> None:
    """Stages in order, task lists by number, and who works on what."""
    steps = params.steps
    order = sorted({one.stage for one in steps})
    lists = sorted({one.task_list for one in steps})
    record["stages"], record["lists"] = len(order), len(lists)
    polled = set()
    record["link_list"] = -2
    for j, link in enumerate(setup.outs[:LINKS]):
        if link.port == "decisions":
            record["link_list"][j] = -1
        elif (name := str(link.params.get("task_list") or "")) in lists:
            record["link_list"][j] = lists.index(name)
            polled.add(name)
    signalled = any(link.port == "signals" for link in setup.ins)
    handovers = 0.0
    record["skipped"] = 1.0
    for i, one in enumerate(steps):
        k = order.index(one.stage)
        record["stage"][i] = k
        record["list_of"][i] = lists.index(one.task_list)
        activity = one.kind == "activity"
        people = activity and one.task_list not in polled and one.duration_s is not None
        record["outside"][i] = not activity or people
        by_signal = one.kind == "signal" and (signalled or one.duration_s is None)
        record["by_signal"][i] = by_signal
        record["skipped"][k] *= 1.0 - one.share
        handovers += one.share * (2.0 if activity and not people else 1.0)
    record["handovers"] = handovers * params.rounds
    record["drawn"] = 2 + len(steps)
    key = float(zlib.crc32("\n".join(one.name for one in steps).encode()))
    record["names_key"] = key
    why.remember(key, [one.name for one in steps])


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    buckets = (START_BUCKET, SIGNAL_BUCKET, POLL_BUCKET, POLL_BUCKET)
    state["tokens"][:] = (*buckets, ACTIVITY_BUCKET, TIMER_BUCKET, CHILD_BUCKET)
    state["shape"] = _shape(record)


def _shape(record: Any) -> float:
    """Tells workflows apart whose executions cannot go on in each other."""
    parts = ("stage", "outside", "by_signal", "list_of", "names_key", "drawn")
    return float(zlib.crc32(b"".join(record[name].tobytes() for name in parts)))


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """Another workflow has other steps: executions of the old one are terminated."""
    if state["shape"] == _shape(record):
        return
    amount = float(state["open"])
    kept = {name: state[name].copy() for name in ("tokens", "lost", "closed")}
    state[...] = 0
    for name, value in kept.items():
        state[name] = value
    state["lost"][TERMINATES] += amount
    state["shape"] = _shape(record)
    for name in cells.dtype.names:
        cells[name] = 0


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    return [(0.0, kind, text) for kind, text in _warnings(params, setup)]


def _warnings(params: Params, setup: Setup) -> Iterator[tuple[str, str]]:
    if not any(link.port == "decisions" for link in setup.outs):
        yield "no_decider", "no pool of workers polls for decision tasks: executions wait for ever"
    polled = {
        str(link.params.get("task_list") or "") for link in setup.outs if link.port == "activities"
    }
    for name in polled - {one.task_list for one in params.steps if one.kind == "activity"}:
        yield "no_step", f'no activity waits on the task list "{name}" that a pool polls'
    signalled = any(link.port == "signals" for link in setup.ins)
    for one in params.steps:
        if one.kind == "activity":
            if one.task_list not in polled and one.duration_s is None:
                yield (
                    "no_worker",
                    f'nobody polls for "{one.name}": link a pool of workers to its task list, or '
                    "give duration_s for people outside the diagram",
                )
            if one.start_to_close_s is None and one.heartbeat_s is None:
                yield (
                    "no_timeout",
                    f'"{one.name}" has neither start_to_close_s nor heartbeat_s: a worker that '
                    "stops is never noticed",
                )
        elif one.kind == "signal" and not signalled and one.duration_s is None:
            yield "no_signal", f'"{one.name}" waits for a signal, and nothing sends one'


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
        Port("activities", "out", "Activity tasks", modes=("pull",),
             params={"pull": TaskList}, peers=("worker_pool",)),
    ),
    step=step,
    control=control,
    prepare=prepare,
    init=init,
    adjust=adjust,
    foretell=foretell,
    causes=(
        Cause("throttled", "start_quota", "StartWorkflowExecution's tokens are used up", QUOTAS),
        Cause("rejected", "open_executions", "the domain has as many open executions as it may",
              QUOTAS),
        Cause("rejected", "input_too_large", "the input is longer than 32,768 characters", QUOTAS),
        Cause("throttled", "signal_quota", "SignalWorkflowExecution's tokens are used up", QUOTAS),
        Cause("rejected", "unknown_execution", "no execution is open that the signal could be for",
              f"{API}: SignalWorkflowExecution"),
        Cause("failed", "workflow_failed", "the decider gave up", f"{API}: Decision",
              refusal=False),
        Cause("timed_out", "workflow_timed_out", "open for longer than it may", TIMEOUTS,
              refusal=False),
        Cause("failed", "terminated", "terminated: its history was full, or by hand", QUOTAS,
              refusal=False),
    ),
    metrics=(
        Metric("open_executions", "", "Open executions", "open_now", "OpenWorkflowExecutions"),
        Metric("executions_started", "1/s", "Executions started", "started", total=True),
        Metric("workflows_completed", "1/s", "Executions completed", "completed",
               "WorkflowsCompleted", total=True),
        Metric("workflows_failed", "1/s", "Executions failed", "failed", "WorkflowsFailed",
               total=True),
        Metric("workflows_timed_out", "1/s", "Executions timed out", "timed_out",
               "WorkflowsTimedOut", total=True),
        Metric("workflows_terminated", "1/s", "Executions terminated", "terminated",
               "WorkflowsTerminated", total=True),
        Metric("workflows_continued", "1/s", "Executions continued as new", "continued",
               "WorkflowsContinuedAsNew", total=True),
        Metric("workflow_time", "s", "Time of an execution (mean)", "mean_s",
               "WorkflowStartToCloseTime"),
        Metric("oldest_execution", "s", "Age of the oldest execution", "oldest_s"),
        Metric("pending_decisions", "", "Decision tasks waiting", "decisions_waiting",
               "PendingTasks"),
        Metric("decisions_at_deciders", "", "Decision tasks at deciders", "decisions_started"),
        Metric("decision_tasks_completed", "1/s", "Decision tasks completed", "decisions_done",
               "DecisionTasksCompleted", total=True),
        Metric("decision_wait", "s", "Wait of a decision task", "decision_wait_s",
               "DecisionTaskScheduleToStartTime"),
        Metric("decisions_timed_out", "1/s", "Decision tasks timed out", "decisions_late",
               "StartedDecisionTasksTimedOutOnClose", total=True),
        Metric("pending_activities", "", "Activity tasks waiting", "activities_waiting",
               "PendingTasks"),
        Metric("activities_started", "", "Activities, timers and waits under way",
               "activities_started"),
        Metric("activity_tasks_completed", "1/s", "Activities completed", "activities_done",
               "ActivityTasksCompleted", total=True),
        Metric("activity_tasks_failed", "1/s", "Activities failed", "activities_failed",
               "ActivityTasksFailed", total=True),
        Metric("activity_wait", "s", "Wait of an activity task", "activity_wait_s",
               "ActivityTaskScheduleToStartTime"),
        Metric("timed_out_on_start", "1/s", "Activities that nobody took", "on_start",
               "ScheduledActivityTasksTimedOutOnStart", total=True),
        Metric("timed_out_on_close", "1/s", "Activities that took too long", "on_close",
               "StartedActivityTasksTimedOutOnClose", total=True),
        Metric("timed_out_on_heartbeat", "1/s", "Activities whose worker fell silent",
               "on_heartbeat", "StartedActivityTasksTimedOutOnHeartbeat", total=True),
        Metric("calls_throttled", "1/s", "Polls and decisions throttled", "throttled_calls",
               "ThrottledEvents", total=True),
        Metric("history_events", "", "Events of an execution's history", "history"),
    ),
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
)  # fmt: skip
