"""AWS Batch: jobs in queues, and the instances that are launched for them and go after."""

from __future__ import annotations

import math
from typing import Annotated, Any

from sandbox.kernels.bucket import quota
from sandbox.kernels.compiled import compiled
from sandbox.services import _batch_cells as batch_cells
from sandbox.services import _batch_ends as ends
from sandbox.services import _batch_fleet as fleet
from sandbox.services import _batch_instances as instances
from sandbox.services import _batch_jobs as work
from sandbox.services import _batch_spot as spot
from sandbox.services import _why_batch as why
from sandbox.services._batch_answers import Submission, WaitingSubmission, answer
from sandbox.services._batch_cells import (
    FREE,
    PENDING,
    RUNNABLE,
    RUNNING,
    STARTING,
    SUBMITTED,
    Cell,
    Jobs,
)
from sandbox.services._batch_edits import resize
from sandbox.services._batch_environments import JOBS
from sandbox.services._batch_instances import Fleet
from sandbox.services._batch_notes import NOTES
from sandbox.services._batch_params import Params
from sandbox.services._batch_setup import Derived, adjust, cells_count, foretell, init, prepare
from sandbox.services._batch_words import CAUSES, METRICS
from sandbox.services._job_ends import WAITS, Ended
from sandbox.services._submission_rows import next_row, take_row
from sandbox.services.contract import Action, Port, Service
from sandbox.services.law import CONTROL, boundary, struck_now
from sandbox.services.params import Parameters, param

SUBMITS_PER_S = 50.0  # AWS Batch User Guide: Service quotas, SubmitJob
LARGEST_KB = 30.0  # AWS Batch User Guide: Service quotas, payload of SubmitJob


class State(Jobs, Fleet, Ended):
    part: Annotated[object, ("f8", (JOBS,))]  # of a submission that has not come whole
    asked: Annotated[object, ("f8", (JOBS,))]  # by hand
    row: int  # of the schedule; -1 looks for it
    capacity: float
    on_demand_usd: float
    spot_usd: float
    fargate_usd: float


TOO_LARGE, THROTTLED = range(2)
SUCCEEDED_PORT = 1


@compiled
def step(p, s, io, cells, tick):
    """Take in submissions, then live through what happens in the tick, in the order of time."""
    s.ended_ok = s.ended_bad = s.jobs_ok = s.jobs_bad = s.submitted = 0.0
    s.wait_sum = s.wait_n = 0.0
    s.fargate_acc = s.hosts_acc[0] = s.hosts_acc[1] = 0.0
    s.clock = tick.t
    spot.fail_outage(s, io)
    if struck_now(io):
        spot.strike(p, s, io, cells, tick)
    accepted = _arrive(p, s, io, cells, tick)
    io.done, io.svc_m = answer(p, s, io, cells, tick, accepted)
    end = tick.t + tick.dt - 1e-9
    while True:
        now = s.clock
        if s.saturated == 0:
            fleet.place(p, s, cells, tick, now, -1)
        due = min(min(s.scale_due, s.seen_due), s.host_due if s.outage <= 0.0 else math.inf)
        if s.places > 0:
            due = min(due, cells[p.entries_n].end_s)
        due = min(due, next_row(s, tick))
        if due >= end:
            break
        now = max(now, due)
        work.pass_time(p, s, now)
        _happen(p, s, cells, tick, now)
    work.pass_time(p, s, tick.t + tick.dt)
    _count(p, s, cells, tick)
    io.out_writes = (s.ended_ok + s.ended_bad) / tick.dt
    for j in range(tick.out.shape[0]):
        ended = s.ended_ok + s.ended_bad
        mine = s.ended_ok if tick.out[j].source_port == SUCCEEDED_PORT else s.ended_bad
        tick.out[j].weight = mine / ended if ended > 0.0 else 0.0
    per_hour = 3600.0 / tick.dt
    s.on_demand_usd = s.hosts_acc[0] * per_hour
    s.spot_usd = s.hosts_acc[1] * per_hour
    s.fargate_usd = s.fargate_acc * per_hour
    io.cost_per_hour = s.on_demand_usd + s.spot_usd + s.fargate_usd
    s.capacity = s.vcpus
    if p.fargate:
        for v in range(p.envs_n):
            s.capacity += p.compute_environments[v].max_vcpus
    io.utilization = s.used_vcpus / s.capacity if s.capacity > 0.0 else 0.0
    io.instances = s.running + s.starting if p.fargate else s.hosts


@compiled
def _arrive(p, s, io, cells, tick):
    """SubmitJob: what is too large or too much is refused; a job is there when it is whole."""
    small = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        flow = link.reads + link.writes
        if link.mode == CONTROL or flow <= 0.0:
            continue
        if link.kb > LARGEST_KB:
            io.loss[TOO_LARGE] += flow
        else:
            small += flow
    # rounding apart, requests are those of the links
    io.loss[TOO_LARGE] = min(io.loss[TOO_LARGE], io.reads + io.writes)
    small = io.reads + io.writes - io.loss[TOO_LARGE] if small > 0.0 else 0.0
    if small == 0.0:
        io.loss[TOO_LARGE] = io.reads + io.writes
    accepted, io.loss[THROTTLED] = quota(small, SUBMITS_PER_S, io.ca2)
    share = accepted / small if small > 0.0 else 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        if link.mode != CONTROL and link.kb <= LARGEST_KB:
            s.part[int(tick.table[x]) % WAITS] += (link.reads + link.writes) * share * tick.dt
    for k in range(p.jobs_n):
        whole = math.floor(s.part[k] + 1e-9)
        if whole >= 1.0:
            s.part[k] = max(0.0, s.part[k] - _submit(p, s, cells, tick.t, k, whole))
        if s.asked[k] >= 1.0:
            s.asked[k] -= _submit(p, s, cells, tick.t, k, s.asked[k])
    return accepted


@compiled
def _submit(p, s, cells, now, k, count):
    """Submit so many; arrays one by one.  How many found a place among the submissions."""
    children = float(p.jobs[k].array_size)
    done = 0.0
    if children == 0.0:
        if work.submit(p, s, cells, now, k, count):
            done = count
    else:
        while done < count and work.submit(p, s, cells, now, k, children):
            done += 1.0
    s.submitted += done * max(1.0, children)
    return done


@compiled
def _happen(p, s, cells, tick, now):
    """All that is due now: ends of attempts first, decisions about instances last."""
    while s.places > 0 and cells[p.entries_n].end_s <= now + 1e-9:
        h = ends.end(p, s, cells, tick, now)
        if s.saturated and h >= 0:  # only there is room now
            fleet.place(p, s, cells, tick, now, h)
        else:
            s.saturated = 0
    while next_row(s, tick) <= now + 1e-9:
        k = take_row(s, tick)
        s.asked[k] += 1.0
        s.asked[k] -= _submit(p, s, cells, now, k, s.asked[k])
    if s.seen_due <= now + 1e-9:
        work.see(p, s, cells, now)
    if s.host_due <= now + 1e-9 and s.outage <= 0.0:
        instances.turn(p, s, cells, tick, now)
    if s.scale_due <= now + 1e-9 and (s.places == 0 or cells[p.entries_n].end_s > now + 1e-9):
        if s.saturated == 0:
            fleet.place(p, s, cells, tick, now, -1)
        ends.cancel(p, s, cells, tick, now)
        fleet.scale(p, s, cells, tick, now)
        s.scale_due += p.every_s * (1.0 + math.floor(max(0.0, now - s.scale_due) / p.every_s))


@compiled
def _count(p, s, cells, tick):
    """How many jobs are in each state at the end of the tick."""
    now = tick.t + tick.dt
    s.pending = s.waiting_seen = s.runnable = s.starting = 0.0
    last = 0
    for e in range(s.entries):
        entry = cells[e]
        if entry.state == FREE:
            continue
        last = e + 1
        s.pending += entry.held
        if entry.state == SUBMITTED:
            s.waiting_seen += work.waits(entry)
        else:
            s.runnable += work.waits(entry)
        entry.progress = 0.0
        entry.shown = entry.state
        if entry.state == RUNNABLE:
            if entry.active > 0.0:
                entry.shown = STARTING
            elif entry.held > 0.0 and work.waits(entry) < 1.0:
                entry.shown = PENDING
    s.entries = last
    for k in range(p.jobs_n):
        s.waiting_seen += s.part[k]
    for i in range(s.places):
        cell = cells[p.entries_n + i]
        if cell.start_s > now:
            s.starting += 1.0
        else:
            cells[cell.entry].progress += 1.0
            cells[cell.entry].shown = RUNNING
    s.running = s.places - s.starting
    if s.wait_n > 0.0:
        s.wait_s = s.wait_sum / s.wait_n


@compiled
def control(p, s, io, cells, tick):
    """Once a minute: the Spot market."""
    if boundary(tick, 60.0) and (s.places > 0 or s.hosts + s.booting > 0.0):
        spot.watch(p, s, cells, tick, tick.t + tick.dt)


class SubmitArgs(Parameters):
    job: int = param(1, "Which job definition, counted from 1.", ge=1, le=JOBS)
    count: int = param(1, "How many times.", ge=1, le=1000)


def submit(record: Any, state: Any, cells: Any, args: SubmitArgs, t_s: float) -> str:
    if args.job > int(record["jobs_n"]):
        raise ValueError(f"there are {int(record['jobs_n'])} job definitions")
    state["asked"][..., args.job - 1] += args.count
    return f"job definition {args.job} submitted {args.count} times"


PORTS = ("in", "succeeded", "failed")
SERVICE = Service(
    id="batch",
    title="AWS Batch",
    category="compute",
    summary="Runs jobs from queues on instances that are launched for them, or on Fargate.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=Cell,
    cells_count=cells_count,
    ports=(
        Port("in", "in", "SubmitJob", params={"sync": WaitingSubmission, "async": Submission}),
        Port("succeeded", "out", "Jobs that SUCCEEDED", modes=("async",)),
        Port("failed", "out", "Jobs that FAILED", modes=("async",)),
    ),
    step=step,
    control=control,
    prepare=prepare,
    init=init,
    adjust=adjust,
    resize=resize,
    foretell=foretell,
    causes=CAUSES,
    metrics=METRICS,
    events=(*batch_cells.EVENTS, *instances.EVENTS),
    actions=(Action("submit", "Submit a job", SubmitArgs, submit),),
    faults=("kill_instances", "zone_outage", "spot_interruption"),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    bars=why.BARS,
    headline="jobs_running",
    holds="instances",
)
