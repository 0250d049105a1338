"""A pool of workers: instances that pull tasks from queues, streams and task lists."""

from __future__ import annotations

import math
from typing import Annotated, Any

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.kernels.latency import ERLANG, service_cumulants
from sandbox.services import _application_scaling as scaling
from sandbox.services import _why_worker_pool as why
from sandbox.services import _worker_pool_fleet as fleet
from sandbox.services._instance_types import TYPES
from sandbox.services._scheduled_actions import table as schedule_table
from sandbox.services._worker_pool_fleet import EVENTS, SERVING, Worker, Workers
from sandbox.services._worker_pool_notes import NOTES
from sandbox.services._worker_pool_params import Params, Polling
from sandbox.services._worker_pool_pulls import PULLS, Pulls, ask, work
from sandbox.services._workers import at_once
from sandbox.services.contract import Action, Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.law import CAPACITY_CUT, boundary, emit, struck_now
from sandbox.services.params import Parameters, param

ROOM = 64  # cells beside those for the desired count or the maximum


class Derived:
    vcpus: float
    host_usd: float
    batches: Annotated[object, ("f8", (PULLS,))]


class State(Workers, Pulls):
    each: float  # tasks that one worker takes on at once
    cpu_busy: float  # vCPUs
    cpu_utilization: float
    busy_s: float  # of the open minute: places taken, and places there were
    places_s: float
    said_idle: int


FAILED, STOPPED = range(2)
SCALING_EVENTS = scaling.events("workers")
IDLE = len(EVENTS)
# an array's integers, not Python's: numba would compile once for each literal
SCALES = np.array([IDLE + 1])


@compiled
def step(p, s, io, cells, tick):
    """Workers come and go, work on what they hold, and ask for more."""
    s.stopped = 0.0
    if struck_now(io) or s.to_stop > 0.0:
        fleet.stop(p, s, io, cells, tick)
        if s.stopped > 0.0:
            s.orphaned = min(1.0, s.orphaned + s.stopped)
            s.orphaned_until = tick.t + p.lease_failover_s
    if tick.t + 1e-9 >= s.due:
        fleet.ready(s, cells, tick)
    vcpus = p.vcpus * (1.0 - io.fault[CAPACITY_CUT])
    cpu_s = p.cpu_time_ms * 1e-3 / max(1e-9, min(1.0, vcpus))
    mean, variance, third = service_cumulants(ERLANG, cpu_s + p.wait_time_ms * 1e-3, p.service_cv2)
    io.svc_m, io.svc_v, io.svc_k = mean, variance, third
    if p.holds_server:
        mean += io.down_m
        variance += io.down_v
    s.each = at_once(max(1.0, vcpus * p.workers_per_vcpu), vcpus, mean, cpu_s)
    if vcpus <= 0.0:
        s.each = 0.0
    places = s.serving * s.each
    out, in_hand = work(p, s, io, tick, places, mean)
    io.loss[FAILED] = out - io.done
    io.loss[STOPPED] = s.lost
    io.in_flight = in_hand
    io.out_writes = io.done  # what fails hands nothing on
    io.instances = s.serving
    io.utilization = min(1.0, in_hand / places) if places > 0.0 else 0.0
    s.cpu_busy = out * p.cpu_time_ms * 1e-3
    there = s.serving * p.vcpus
    s.cpu_utilization = 100.0 * s.cpu_busy / there if there > 0.0 else 0.0
    s.busy_s += io.utilization * places * tick.dt
    s.places_s += places * tick.dt
    io.cost_per_hour = (s.serving + s.pending) * p.host_usd
    ask(p, s, tick, places, s.serving, mean, variance / (mean * mean) if mean > 0.0 else 0.0)
    if s.idle_workers >= 1.0 and s.said_idle == 0:
        emit(tick, IDLE, s.serving, s.leases, s.idle_workers, 0.0, 0.0, 0.0)
    s.said_idle = 1 if s.idle_workers >= 1.0 else 0


@compiled
def control(p, s, io, cells, tick):
    """Once a minute: the metric, the policies, and replacements of those that stopped."""
    minute = boundary(tick, 60.0)
    if minute:
        there = s.places_s > 0.0
        scaling.publish(s.scale, 100.0 * s.busy_s / s.places_s if there else math.nan)
        s.busy_s = s.places_s = 0.0
    before = s.desired
    if p.scaling_n > 0:
        have = s.serving + s.pending
        rules = scaling.ECS_RULES
        wanted = scaling.follow(
            p.scaling, s.scale, rules, tick.table, tick, 1.0, have, s.desired, SCALES[0]
        )
        s.desired = min(wanted, float(cells.size))
    if (minute or s.desired != before) and not fleet.out_of_order(io):
        fleet.launch(p, s, cells, tick)


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray | None:
    kind = TYPES[params.instance_type]
    record["vcpus"], record["host_usd"] = kind.vcpus, kind.usd_per_hour
    pulls = [link for link in setup.ins if link.mode == "pull"][:PULLS]
    for k, link in enumerate(pulls):
        record["batches"][k] = float(link.params.get("batch_size") or 1)
    target = params.scaling
    return schedule_table(target.scheduled_actions, setup) if target else None


def cells_count(params: Params, setup: Setup) -> int:
    most = params.scaling.max_capacity if params.scaling else 0
    return min(max(params.desired_count, most), 5_000) + ROOM


def init(params: Params, record: Any, state: Any, cells: np.ndarray, setup: Setup) -> None:
    """The desired count has polled for a day."""
    count = params.desired_count
    state["desired"] = state["given_desired"] = state["serving"] = count
    state["due"] = math.inf
    state["orphaned_until"] = -math.inf
    scaling.start(params.scaling, state["scale"])
    cells["state"][:count] = SERVING
    cells["launched_s"][:count] = cells["ready_s"][:count] = -86_400.0


def adjust(params: Params, record: Any, state: Any, cells: np.ndarray, setup: Setup) -> None:
    """Take over a desired count that was edited; else it stays as it was set."""
    scaling.renew(params.scaling, state["scale"])
    if params.desired_count != int(state["given_desired"]):
        state["desired"] = state["given_desired"] = params.desired_count


def resize(record: Any, state: Any, old: np.ndarray, cells: np.ndarray) -> None:
    there = np.flatnonzero(old["state"] > 0)[: len(cells)]
    cells[:] = np.zeros(1, cells.dtype)
    cells[: len(there)] = old[there]
    state["serving"] = int((cells["state"] == SERVING).sum())
    state["pending"] = len(there) - int(state["serving"])


class CountArgs(Parameters):
    value: int = param(1, "Number of workers.", ge=0, le=5_000)


class StopArgs(Parameters):
    count: int = param(1, "How many workers.", ge=1, le=5_000)


def set_desired(record: Any, state: Any, cells: Any, args: CountArgs, t_s: float) -> str:
    if args.value > len(cells):
        raise ValueError(f"there is room for {len(cells)} workers in this run; edit desired_count")
    before = int(state["desired"])
    state["desired"] = args.value
    return f"desired count set by hand: {before} to {args.value}, from the next minute on"


def stop_workers(record: Any, state: Any, cells: Any, args: StopArgs, t_s: float) -> str:
    there = int(state["serving"])
    if args.count > there:
        raise ValueError(f"only {there} workers poll; stop as many at most")
    state["to_stop"] += args.count
    return f"{args.count} of {there} workers stopped by hand"


SERVICE = Service(
    id="worker_pool",
    title="Pool of workers",
    category="compute",
    summary="Instances that pull: deciders, activity workers, consumers with checkpoints.",
    params=Params,
    derived=Derived,
    state=State,
    cell=Worker,
    cells_count=cells_count,
    ports=(
        Port("in", "in", "Tasks", modes=("pull",), params={"pull": Polling}),
        Port("out", "out", "Calls"),
    ),
    step=step,
    control=control,
    prepare=prepare,
    init=init,
    adjust=adjust,
    resize=resize,
    causes=(
        Cause("failed", "task_failed", "the worker gave the task back", refusal=False),
        Cause("failed", "worker_stopped", "its worker stopped; nobody told the queue",
              "Amazon SWF Developer Guide: Timeout types", refusal=False),
    ),
    metrics=(
        Metric("desired_count", "", "Desired workers", "desired"),
        Metric("starting", "", "Workers that start", "pending"),
        Metric("cpu_utilization", "%", "CPU", "cpu_utilization", "CPUUtilization"),
        Metric("tasks_completed", "1/s", "Tasks completed", "completed", total=True),
        Metric("tasks_returned", "1/s", "Tasks given back", "given_back", total=True),
        Metric("tasks_lost", "1/s", "Tasks in stopped hands", "lost", total=True),
        Metric("read_again", "1/s", "Records read again after a stop", "read_again", total=True),
        Metric("leases", "", "Shards whose leases are shared", "leases"),
        Metric("idle_workers", "", "Workers beyond one a shard", "idle_workers"),
    ),
    events=(
        *EVENTS,
        EventKind(
            "idle_workers",
            "{0:.0f} workers share {1:.0f} shards: one worker holds the lease of a shard, and "
            "{2:.0f} get none",
            "warning",
        ),
        *SCALING_EVENTS,
    ),
    actions=(
        Action("set_desired", "Set the number of workers", CountArgs, set_desired),
        Action("stop_workers", "Stop workers", StopArgs, stop_workers),
    ),
    faults=("kill_instances", "capacity_cut", "zone_outage"),
    headline="instances",
    holds="workers",
    notes=NOTES,
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    bars=why.BARS,
)  # fmt: skip
