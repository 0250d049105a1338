"""Amazon ECS service: tasks on Fargate or on a capacity provider's instances, and their updates."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

import numpy as np

from sandbox.kernels.alarm import INSUFFICIENT_DATA
from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import uniform
from sandbox.services import _application_scaling as scaling
from sandbox.services import _ecs_cluster as cluster
from sandbox.services import _ecs_deploy as deployment
from sandbox.services import _ecs_tasks as tasks
from sandbox.services import _why_ecs_service as why
from sandbox.services._ecs_cluster import Cluster
from sandbox.services._ecs_deploy import Deployment
from sandbox.services._ecs_params import Params
from sandbox.services._ecs_service_notes import NOTES
from sandbox.services._ecs_tasks import ACTIVE, EC2, FARGATE_SPOT, SERVING, Cell, Tasks
from sandbox.services._health import (
    Health,
    dealt,
    look,
    ramps,
    report,
    set_aside,
    unhealthy,
    work_off_aside,
)
from sandbox.services._instance_types import TYPES
from sandbox.services._plans import target_of, told_to_plan
from sandbox.services._scalable_targets import ScalableTarget
from sandbox.services._scheduled_actions import table as schedule_table
from sandbox.services._target_group import Looked, rules, write
from sandbox.services._workers import QUEUE, Serving, serve
from sandbox.services.contract import Action, Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.law import CAPACITY_CUT, ZONE_OUTAGE, boundary, emit, struck_now
from sandbox.services.params import Parameters, fill, param

TARGETS = "Application Load Balancers user guide: Target groups for your load balancers"
LIFECYCLE = "Amazon ECS Developer Guide: Task lifecycle"
METRICS = "Amazon ECS Developer Guide: Amazon ECS CloudWatch metrics"

VCPU_USD = 0.04048  # AWS Fargate pricing, Linux x86, us-east-1: a vCPU-hour
GB_USD = 0.004445  # AWS Fargate pricing, Linux x86, us-east-1: a GB-hour
SPOT_SAVING = 0.70  # AWS Fargate pricing: Spot, up to 70 % off
FARGATE_START_S = 30.0  # AWS Batch user guide: Fargate compute environments
EC2_START_S = 1.0  # assumption
HOURS_A_MONTH = 730.0
MOST_TASKS = 5000  # Amazon ECS Developer Guide: Service quotas, tasks of a service
ROOM = 64  # cells beside those for the desired count twice over


class Derived(Looked):
    tasks_n: int  # cells for tasks; those behind are instances
    vcpus: float  # reserved by a task
    place_s: float
    task_usd: float  # an hour
    host_usd: float
    host_vcpus: float
    slots: int  # tasks that an instance has room for
    interruptions_per_minute: float


class State(Serving, Health, Tasks, Deployment, Cluster):
    cpu_utilization: float
    running: float
    unhealthy: float
    busy_s: float  # of the open minute: vCPU-seconds used, and reserved
    reserved_s: float
    given_desired: int
    scale: Annotated[object, scaling.SCALABLE]
    alarm_high: float
    alarm_low: float
    billed_tasks: float
    fargate_usd: float
    ec2_usd: float


QUEUE_FULL, NO_TASK, CUT_OFF, STOPPED = range(4)
SCALING_EVENTS = scaling.events("tasks")
BEFORE = (*tasks.EVENTS, *deployment.EVENTS, *cluster.EVENTS, *SCALING_EVENTS)
# an array's integers, not Python's: numba would compile once for each literal
SCALES, DEPLOYS = np.array([len(BEFORE) - len(SCALING_EVENTS), len(BEFORE)])


@compiled
def step(p, s, io, cells, tick):
    """Move tasks and instances on, then serve: those in service as a station, others apart."""
    if struck_now(io):
        tasks.strike(p, s, io, cells, tick)
    if tick.t + 1e-9 >= s.due:
        tasks.turn(p, s, cells, tick)
    if p.launch_type == EC2 and tick.t + 1e-9 >= s.host_due:
        cluster.join(p, s, cells, tick)
    if (s.deploying > 0.0 or s.total != s.desired) and io.fault[ZONE_OUTAGE] < 1.0:
        deployment.keep(p, s, cells, tick)
    if p.launch_type == EC2 and s.waiting > 0.0:
        cluster.place(p, s, cells, tick)
    if s.ramping > 0.0 or (ramps(p) and s.full < s.serving):
        tasks.weigh(p, s, cells, tick.t)
    arrived = io.reads + io.writes
    # those that fail the balancer's checks get nothing, unless all of them do
    s.unhealthy = unhealthy(s, s.serving) if p.behind_elb else 0.0
    n, full, closed = s.serving, s.full, 0.0
    if s.unhealthy > 0.0:
        if s.unhealthy < s.serving:
            n -= s.unhealthy
            full *= n / s.serving
        elif not p.fails_open:  # they work off what they hold
            closed = arrived
    if n < s.serving or s.idle > 0.0:
        s.stopped += set_aside(s, s.serving, n)
    s.takers = n
    vcpus = p.vcpus
    if p.launch_type == EC2 and s.serving > 0.0:  # what nobody else uses is shared
        vcpus = max(vcpus, p.host_vcpus * s.used / max(1.0, s.serving))
    vcpus *= 1.0 - io.fault[CAPACITY_CUT]
    policy, surge = dealt(tick)
    done, rejected, each, mean, surged = serve(
        p, s, io, tick, arrived - closed, n, full, vcpus, policy, surge
    )
    if s.aside > 0.0:
        out, waiting, in_flight = work_off_aside(s, tick.dt, each, mean)
        done += out / tick.dt
        s.cpu_busy += out / tick.dt * p.cpu_time_ms * 1e-3
        io.waiting += waiting
        io.in_flight += in_flight
    io.loss[NO_TASK] = closed
    io.loss[QUEUE_FULL if n > 0.0 else NO_TASK] += rejected
    if n <= 0.0 and s.level > 0.0:  # nobody is left to answer
        s.stopped += s.level
        s.level = 0.0
    io.loss[STOPPED] = s.stopped / tick.dt
    s.stopped = 0.0
    reserved = s.serving * p.vcpus
    io.utilization = s.cpu_busy / (s.serving * vcpus) if s.serving * vcpus > 0.0 else 0.0
    s.busy_s += s.cpu_busy * tick.dt
    s.reserved_s += reserved * tick.dt
    if s.draining > 0.0:
        out, cut, waiting, in_flight = tasks.drain(p, s, cells, tick, each, mean)
        done += out / tick.dt
        io.loss[CUT_OFF] = cut / tick.dt
        io.waiting += waiting
        io.in_flight += in_flight
    io.done = done
    io.out_reads = done * s.read_share
    io.out_writes = done - io.out_reads
    io.instances = s.serving
    s.running = s.starting + s.serving
    s.billed_tasks = s.pending + s.running + s.draining
    s.fargate_usd = (s.billed_tasks + s.billed_s / tick.dt) * p.task_usd
    s.billed_s = 0.0
    s.ec2_usd = (s.hosts + s.booting) * p.host_usd
    io.cost_per_hour = s.fargate_usd + s.ec2_usd
    if p.behind_elb:
        look(p, s, io, tick, s.serving, each, mean)
        report(tick, s.serving + s.starting, s.serving - s.unhealthy, surged)


@compiled
def control(p, s, io, cells, tick):
    """Once a minute: metrics, the capacity provider, what the balancer found unhealthy, Spot."""
    minute = boundary(tick, 60.0)
    if minute:
        there = s.reserved_s > 0.0
        s.cpu_utilization = 100.0 * s.busy_s / s.reserved_s if there else 0.0
        s.busy_s = s.reserved_s = 0.0
        scaling.publish(s.scale, s.cpu_utilization if there else math.nan)
    if p.scaling_n > 0:
        _follow(p, s, tick)
    if not minute:
        return
    if p.launch_type == EC2:
        cluster.scale(p, s, cells, tick)
    elif p.launch_type == FARGATE_SPOT and p.interruptions_per_minute > 0.0:
        taken = 0.0
        for i in range(p.tasks_n):
            if cells[i].state == SERVING:
                draw = uniform(tick.seed, tick.key, -(1 + i + p.tasks_n * int(tick.t // 60.0)))
                taken += 1.0 if draw < p.interruptions_per_minute else 0.0
        if taken > 0.0:
            tasks.interrupt(p, s, cells, tick, taken)
    if s.unhealthy > 0.0:
        tasks.replace(p, s, cells, tick)


@compiled
def _follow(p, s, tick):
    """Application Auto Scaling: from the running count; nothing less while a deployment lasts."""
    wanted = scaling.follow(
        p.scaling,
        s.scale,
        scaling.ECS_RULES,
        tick.table,
        tick,
        1.0,
        s.running,
        s.desired,
        SCALES,
    )
    s.alarm_high = float(s.scale.high[0].state)
    s.alarm_low = float(s.scale.low[0].state)
    told_to_plan(tick, s.desired, 0.0)
    if s.deploying > 0.0 and wanted < s.desired:
        emit(tick, DEPLOYS, wanted, s.desired, float(s.version), 0.0, 0.0, 0.0)
        return
    s.desired = min(wanted, float((p.tasks_n - ROOM) // 2))


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray | None:
    ec2 = params.launch_type == "EC2"
    kind = TYPES[params.instance_type]
    record["tasks_n"] = _tasks(params)
    record["vcpus"] = vcpus = params.task_cpu_units / 1024
    start_s = EC2_START_S if ec2 else FARGATE_START_S
    record["place_s"] = start_s if params.provision_s is None else params.provision_s
    hour = vcpus * VCPU_USD + params.task_memory_mib / 1024 * GB_USD
    if params.launch_type == "FARGATE_SPOT":
        hour *= 1.0 - SPOT_SAVING
    record["task_usd"] = 0.0 if ec2 else hour
    record["host_usd"] = kind.usd_per_hour if ec2 else 0.0
    record["host_vcpus"] = kind.vcpus
    record["slots"] = _slots(params)
    monthly = params.interruption_percent_a_month / 100
    record["interruptions_per_minute"] = -math.log1p(-monthly) / HOURS_A_MONTH / 60
    write(record, rules(setup))
    target = _target(params, setup)
    record["scaling_n"] = target is not None
    if target is not None and target is not params.scaling:
        fill(record["scaling"], target)
    return schedule_table(target.scheduled_actions, setup) if target else None


def _target(params: Params, setup: Setup) -> ScalableTarget | None:
    """What scales the service: its own policies, or a plan's as well."""
    most = min(MOST_TASKS, 2 * params.desired_count + ROOM // 2)  # as many as there is room for
    return target_of(setup, params.scaling, params.desired_count, most)


def _slots(params: Params) -> int:
    """Tasks that an instance has room for, by CPU and by memory."""
    kind = TYPES[params.instance_type]
    by_cpu = kind.vcpus * 1024 // params.task_cpu_units
    return int(min(by_cpu, kind.memory_gib * 1024 // params.task_memory_mib))


def _tasks(params: Params) -> int:
    """Cells for tasks: some are new while as many drain; and room for the actions."""
    most = max(params.desired_count, params.scaling.max_capacity if params.scaling else 0)
    return 4 * min(most, MOST_TASKS) + 2 * ROOM


def cells_count(params: Params, setup: Setup) -> int:
    hosts = params.max_instances if params.launch_type == "EC2" else 0
    return _tasks(params) + hosts


def init(params: Params, record: Any, state: Any, cells: np.ndarray, setup: Setup) -> None:
    """The desired count has been in service for a day, on as many instances as it needs."""
    state["desired"] = state["given_desired"] = params.desired_count
    state["version"] = state["good"] = state["newest"] = 1
    state["tokens"] = tasks.LAUNCH_BUCKET
    state["read_share"] = state["updated"] = 1.0
    state["due"] = state["host_due"] = math.inf
    state["reservation"] = 100.0
    state["alarm_high"] = state["alarm_low"] = INSUFFICIENT_DATA
    scaling.start(_target(params, setup), state["scale"])
    count = params.desired_count
    n, slots = _tasks(params), int(record["slots"])
    cells["host"] = -1
    if params.launch_type == "EC2":
        hosts = min(params.max_instances, max(params.min_instances, -(-count // max(1, slots))))
        count = min(count, hosts * slots)
        cells["state"][n : n + hosts] = ACTIVE
        cells["launched_s"][n : n + hosts] = cells["running_s"][n : n + hosts] = -86_400.0
        cells["version"][n : n + hosts] = 1
        for i in range(count):
            host = n + i % hosts if params.placement == "spread" else n + i // slots
            cells["host"][i] = host
            cells["held"][host] += 1
        state["hosts"] = state["wanted"] = state["reserved_of"] = hosts
        state["used"] = int((cells["held"][n:] > 0).sum())
    cells["state"][:count] = SERVING
    cells["version"][:count] = 1
    cells["spot"][:count] = params.launch_type == "FARGATE_SPOT"
    cells["launched_s"][:count] = cells["running_s"][:count] = cells["ready_s"][:count] = -86_400.0
    state["serving"] = state["full"] = state["total"] = state["launched"] = count


def adjust(params: Params, record: Any, state: Any, cells: np.ndarray, setup: Setup) -> None:
    """Take over a desired count that was edited; else it stays as actions have set it."""
    scaling.renew(_target(params, setup), state["scale"])
    if params.desired_count != int(state["given_desired"]):
        state["desired"] = state["given_desired"] = params.desired_count


def resize(record: Any, state: Any, old: np.ndarray, cells: np.ndarray) -> None:
    """Tasks and instances lie one behind the other: carry both over, and who stands where."""
    before, now = len(old), len(cells)
    n = int(record["tasks_n"])
    hosts = np.flatnonzero(old["state"] >= tasks.BOOTING)
    there = np.flatnonzero((old["state"] > 0) & (old["state"] < tasks.BOOTING))
    cells[:] = np.zeros(1, cells.dtype)
    cells["host"] = -1
    cells[: min(len(there), n)] = old[there[:n]]
    new = {int(h): n + k for k, h in enumerate(hosts[: now - n])}
    for h, place in new.items():
        cells[place] = old[h]
    for i in range(min(len(there), n)):
        cells["host"][i] = new.get(int(cells["host"][i]), -1)
    assert before >= len(there)


class CountArgs(Parameters):
    value: int = param(1, "Number of tasks.", ge=0, le=5000)


class StopArgs(Parameters):
    count: int = param(1, "How many tasks.", ge=1, le=5000)


class DeployArgs(Parameters):
    fault: Literal["none", "does_not_start", "fails_health_checks"] = param(
        "none",
        "What is wrong with the new version: nothing, its tasks stop before they run, or they "
        "never pass the balancer's health checks.",
    )


def set_desired(record: Any, state: Any, cells: Any, args: CountArgs, t_s: float) -> str:
    most = (int(record["tasks_n"]) - ROOM) // 2
    if args.value > most:
        raise ValueError(f"there is room for {most} tasks in this run; edit desired_count for more")
    before = int(state["desired"])
    state["desired"] = args.value
    return f"desired count set by hand: {before} to {args.value}"


def deploy(record: Any, state: Any, cells: Any, args: DeployArgs, t_s: float) -> str:
    if state["deploying"] > 0.0:
        raise ValueError(f"version {int(state['version'])} is being deployed already")
    if args.fault == "fails_health_checks" and not record["behind_elb"]:
        raise ValueError(
            "no balancer checks the tasks, so a version that does not answer would be deployed as "
            "if it did; put a load balancer in front"
        )
    state["newest"] += 1
    state["version"] = state["newest"]
    state["ills"] = ("none", "does_not_start", "fails_health_checks").index(args.fault)
    state["deploying"], state["began_s"] = 1.0, t_s
    state["failed_before"], state["pause_s"], state["retry_s"] = state["failed"], 0.0, 0.0
    state["broken"] = state["updated"] = 0.0
    return f"deploying version {int(state['version'])} over {int(state['desired'])} tasks"


def stop_tasks(record: Any, state: Any, cells: Any, args: StopArgs, t_s: float) -> str:
    """Tasks fail: what they hold is gone, and the service replaces them."""
    serving = int(state["serving"])
    if args.count > serving:
        raise ValueError(f"only {serving} serve")
    for i in np.flatnonzero(cells["state"] == SERVING)[: args.count]:
        share = float(state["level"]) / serving
        state["stopped"] += share
        state["level"] = float(state["level"]) - share if serving > 1 else 0.0
        host = int(cells["host"][i])
        if host >= 0:
            cells["held"][host] -= 1
        cells["state"][i], cells["host"][i], cells["held"][i] = tasks.FREE, -1, 0.0
        serving -= 1
    state["serving"] = serving
    state["full"] = min(float(state["full"]), serving)
    state["total"] -= args.count
    return f"{args.count} tasks stopped; {serving} serve"


SERVICE = Service(
    id="ecs_service",
    title="Amazon ECS service",
    category="compute",
    summary="Tasks that serve requests, on Fargate or on instances, and their rolling updates.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=Cell,
    ports=(
        Port("in", "in", "Requests"),
        Port("out", "out", "Calls"),
        Port("scaling", "in", "Scaling plan", modes=("control",), peers=("scaling_plan",)),
    ),
    step=step,
    control=control,
    prepare=prepare,
    cells_count=cells_count,
    init=init,
    adjust=adjust,
    resize=resize,
    causes=(
        Cause("rejected", "queue_full", "the listen queues of the tasks are full", QUEUE),
        Cause("rejected", "no_task", "no task takes requests", LIFECYCLE),
        Cause("failed", "cut_off", "the deregistration delay ended before the request", TARGETS),
        Cause("failed", "stopped", "the task stopped running", LIFECYCLE),
    ),
    metrics=(
        Metric("desired_count", "", "Desired tasks", "desired", "DesiredTaskCount"),
        Metric("running_count", "", "Running tasks", "running", "RunningTaskCount"),
        Metric("pending_count", "", "Pending tasks", "pending", "PendingTaskCount"),
        Metric("waiting_count", "", "Tasks that wait for a place", "waiting"),
        Metric("healthy_count", "", "Tasks in service", "serving"),
        Metric("unhealthy_count", "", "Tasks that fail health checks", "unhealthy"),
        Metric("draining_count", "", "Tasks that drain", "draining"),
        Metric("failed_tasks", "", "Failed tasks so far", "failed"),
        Metric("updated_share", "", "Share of tasks in the new version", "updated"),
        Metric(
            "cpu_utilization",
            "%",
            "CPU, of what is reserved, as published",
            "cpu_utilization",
            "CPUUtilization",
        ),
        Metric("worker_utilization", "", "Busy workers", "worker_utilization"),
        Metric("alarm_high", "", "AlarmHigh (0 OK, 1 ALARM, 2 insufficient data)", "alarm_high"),
        Metric("alarm_low", "", "AlarmLow (0 OK, 1 ALARM, 2 insufficient data)", "alarm_low"),
        Metric("container_instances", "", "Instances that run", "hosts"),
        Metric(
            "capacity_provider_reservation",
            "%",
            "Instances needed, of those that run",
            "reservation",
            "CapacityProviderReservation",
        ),
    ),
    events=(
        *BEFORE,
        EventKind(
            "scale_in_refused",
            "Scaling in from {1:,.0f} to {0:,.0f} tasks; refused: version {2:.0f} is being "
            "deployed",
        ),
    ),
    actions=(
        Action("set_desired_count", "Set the desired count", CountArgs, set_desired),
        Action("deploy", "Deploy a new version", DeployArgs, deploy),
        Action("stop_tasks", "Let tasks fail", StopArgs, stop_tasks),
    ),
    faults=("kill_instances", "capacity_cut", "zone_outage", "spot_interruption"),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    headline="running_count",
    holds="tasks",
)
