"""Managed Service for Apache Flink, once Kinesis Data Analytics: a job that reads streams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.latency import EXPONENTIAL, service_cumulants
from sandbox.services import _why_kinesis_analytics as why
from sandbox.services._kinesis_analytics_job import (
    ENDLESS,
    LINKS,
    Job,
    arrive,
    ask,
    checkpoint,
    emit_results,
    go_back,
    process,
    room_for_results,
    sinks,
)
from sandbox.services._kinesis_analytics_notes import NOTES
from sandbox.services._kinesis_analytics_params import (
    PARALLELISM_MOST,
    Params,
    SetParallelism,
)
from sandbox.services._kinesis_analytics_scaling import Scaled, kpus, scale
from sandbox.services.contract import Action, Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.law import (
    ERAS,
    KILL_COUNT,
    KILL_INSTANCES,
    ZONE_OUTAGE,
    capacity_left,
    emit,
    struck_now,
)
from sandbox.services.params import NoArguments

PRICING = "https://aws.amazon.com/managed-service-apache-flink/pricing/"
KPU_QUOTA = (
    32,
    64,
)  # API Reference, ParallelismConfiguration: KPUs of an application, in 2020 and now
KPU_HOUR_USD = 0.11  # PRICING, us-east-1
ORCHESTRATION_KPUS = 1.0  # Developer Guide, Per second billing: one more for each application
KPU_GB = (
    50.0  # Developer Guide, Implement application scaling: running application storage of each KPU
)
STORAGE_GB_USD = 0.10  # PRICING: a GB-month of it,
BACKUP_GB_USD = 0.023  # … and of durable backups
MONTH_H = 730.0


class Derived:
    most: float  # parallelism


class State(Job, Scaled):
    records: float
    lag: float
    standing: float  # share of the tick in which the job stands still
    storage_gb: float


RESTARTED = 0
UP, DOWN, AT_QUOTA, FAILED, RUNNING, RESIZED = range(6)


@compiled
def step(p, s, io, cells, tick):
    """One tick of a job: what the sinks took, what the sources gave, what is processed of it."""
    dt, end = tick.dt, tick.t + tick.dt
    sinks(s, tick)
    inside, s.lag = arrive(s, tick)
    s.reread = s.reprocessed = 0.0
    if _fails(s, io):
        lost, again = go_back(s, tick)
        io.loss[RESTARTED] = lost / dt
        s.reread = again / dt
        s.reprocessed = (again - lost) / dt
        s.up_at_s = end + p.recovery_s
        emit(tick, FAILED, p.recovery_s, again, s.checkpoint_age)
        inside = 0.0
    elif tick.t < s.up_at_s <= end:
        emit(tick, RUNNING, s.lag, s.behind)
    if s.wanted > 0.0:
        emit(tick, RESIZED, s.current, s.wanted, kpus(p, s.wanted))
        _resize(p, s, s.wanted, end)
        s.wanted = 0.0
    up = min(1.0, max(0.0, (end - s.up_at_s) / dt))
    s.standing = 1.0 - up
    able = _capacity(p, s, io)
    done = min(inside / dt, able * up, room_for_results(s, tick))
    if s.reread <= 0.0:
        process(s, tick, inside, done)
    emit_results(s, io, tick, done)
    checkpoint(p, s, tick, done)
    used = done * p.cpu_time_ms / 1e3 / s.kpus
    wanted = scale(p, s, tick, used, UP, AT_QUOTA)
    if wanted != s.current:
        _resize(p, s, wanted, end)
        able = _capacity(p, s, io)
    left = inside - done * dt
    runs = end + dt > s.up_at_s + 1e-9
    room = min(able, s.sink_limit) - left / dt
    ask(s, tick, max(0.0, room) if runs else 0.0)
    s.records = done
    io.done = done
    io.waiting = left
    io.svc_m, io.svc_v, io.svc_k = service_cumulants(
        EXPONENTIAL, (p.cpu_time_ms + p.wait_time_ms) / 1e3, 1.0
    )
    io.utilization = min(1.0, used)
    io.instances = s.kpus
    s.storage_gb = s.kpus * KPU_GB
    usd = s.storage_gb * STORAGE_GB_USD + p.backup_gb * BACKUP_GB_USD
    io.cost_per_hour = (s.kpus + ORCHESTRATION_KPUS) * KPU_HOUR_USD + usd / MONTH_H


@inlined
def _fails(s, io):
    """Whether the job loses a task: all of it starts anew."""
    failed = s.crashed != 0
    s.crashed = 0
    if struck_now(io):
        hit = io.struck[KILL_INSTANCES] + io.struck[KILL_COUNT] + io.struck[ZONE_OUTAGE]
        failed = failed or hit > 0.0
    return failed


@inlined
def _capacity(p, s, io):
    """Records/s that the CPU, and the tasks that wait, can bear."""
    by_cpu = s.kpus / p.cpu_time_ms
    by_tasks = s.current / (p.cpu_time_ms + p.wait_time_ms)
    return 1e3 * min(by_cpu, by_tasks) * capacity_left(io)


@inlined
def _resize(p, s, wanted, end):
    """Stop with a snapshot, which nothing is read again after, and start with more or fewer."""
    s.current = wanted
    s.kpus = kpus(p, wanted)
    s.up_at_s = max(s.up_at_s, end + p.rescale_s)
    s.since[:] = 0.0
    s.checkpoint_s = end
    s.high = s.low = 0


# ---------------------------------------------------------------- the Python side


def prepare(params: Params, record: Any, setup: Setup) -> None:
    record["most"] = min(_quota(params, setup) * params.parallelism_per_kpu, PARALLELISM_MOST)


def _quota(params: Params, setup: Setup) -> int:
    return params.kpu_quota or KPU_QUOTA[ERAS.index(setup.era)]


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    state["sink_limit"] = ENDLESS
    state["next_checkpoint_s"] = params.checkpoint_interval_s
    adjust(params, record, state, cells, setup)


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """An application has at least its own parallelism, and what auto scaling added."""
    low, most = float(params.parallelism), float(record["most"])
    state["current"] = min(most, max(low, float(state["current"])))
    state["kpus"] = -(-int(state["current"]) // params.parallelism_per_kpu)


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of the parameters AWS would refuse."""
    found = []
    quota = _quota(params, setup)
    if params.parallelism > quota * params.parallelism_per_kpu:
        text = (
            f"An application has {quota} KPUs until AWS raises that: it runs with a parallelism of "
            f"{quota * params.parallelism_per_kpu}"
        )
        found.append((0.0, "quota", text))
    if max(len(setup.ins), len(setup.outs)) > LINKS:
        found.append((0.0, "quota", f"Only the first {LINKS} sources and sinks are used"))
    return found


def set_parallelism(record: Any, state: Any, cells: Any, args: SetParallelism, t_s: float) -> str:
    """UpdateApplication with another parallelism."""
    now, most = float(state["current"]), float(record["most"])
    if args.parallelism > most:
        raise ValueError(f"the quota of KPUs allows a parallelism of {most:,.0f}")
    if args.parallelism == now:
        raise ValueError(f"the parallelism is {now:,.0f} already")
    state["wanted"] = float(args.parallelism)
    return f"from a parallelism of {now:,.0f} to {args.parallelism}, after a snapshot"


def fail(record: Any, state: Any, cells: Any, args: NoArguments, t_s: float) -> str:
    state["crashed"] = 1
    return "fails a task: the job starts again from its last checkpoint"


SERVICE = Service(
    id="kinesis_analytics",
    title="Managed Flink application",
    category="streaming",
    summary="A job that reads streams at its own pace, computes, and writes what it found.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    ports=(
        Port(
            "in",
            "in",
            "Streams to read",
            modes=("pull",),
            peers=("kinesis_stream", "dynamodb"),
        ),
        Port("out", "out", "Where results go (sinks)", modes=("async",)),
    ),
    step=step,
    prepare=prepare,
    init=init,
    adjust=adjust,
    foretell=foretell,
    causes=(
        Cause(
            "failed",
            "restarted",
            "the job failed while it had them; they are read again",
            "Apache Flink documentation: Checkpointing",
            refusal=False,
        ),
    ),
    faults=("kill_instances", "zone_outage", "capacity_cut"),
    metrics=(
        Metric("records_in", "1/s", "Records processed", "records", "numRecordsInPerSecond", True),
        Metric("cpu_utilization", "%", "CPU of the last minute", "cpu", "containerCPUUtilization"),
        Metric("parallelism", "", "Tasks side by side", "current"),
        Metric("kpus", "", "KPUs", "kpus", "KPUs"),
        Metric(
            "behind_s",
            "s",
            "Behind the newest record, in all shards",
            "behind",
            "millisBehindLatest",
        ),
        Metric("unread", "", "Records that the sources hold", "lag"),
        Metric("downtime", "share", "Share of the time it stands still", "standing", "downtime"),
        Metric("checkpoint_age_s", "s", "Since the last checkpoint", "checkpoint_age"),
        Metric("reprocessed", "1/s", "Records to be processed again", "reprocessed", "", True),
    ),
    events=(
        EventKind(
            "scaled_up",
            "CPU was at 75 % or more for 15 minutes ({2:.0f} % now): parallelism from {0:.0f} to "
            "{1:.0f}, {3:.0f} KPUs, after a snapshot and a new start",
        ),
        EventKind(
            "scaled_down",
            "CPU was below 10 % for six hours ({2:.1f} % now): parallelism from {0:.0f} to "
            "{1:.0f}, {3:.0f} KPUs, after a snapshot and a new start",
        ),
        EventKind(
            "at_quota",
            "CPU is at {2:.0f} %, and the parallelism of {0:.0f} ({1:.0f} KPUs) is the most that "
            "the quota allows",
            "warning",
        ),
        EventKind(
            "job_failed",
            "The job failed and stands still for {0:,.0f} s; {1:,.0f} records since the last "
            "checkpoint, {2:,.0f} s ago, are read again",
            "error",
        ),
        EventKind("running", "The job runs again; {0:,.0f} records wait, {1:,.0f} s old at most"),
        EventKind("resized", "Parallelism from {0:.0f} to {1:.0f}, {2:.0f} KPUs, by hand"),
    ),
    actions=(
        Action("set_parallelism", "Change the parallelism", SetParallelism, set_parallelism),
        Action("fail", "Let a task fail", NoArguments, fail),
    ),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    headline="behind_s",
    holds="KPUs",
)
