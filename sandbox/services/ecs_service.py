"""Amazon ECS service: tasks on Fargate or on a capacity provider's instances, and their updates."""

from __future__ import annotations

import math
from typing import Annotated

import numpy as np

from sandbox.kernels.compiled import compiled
from sandbox.kernels.random import uniform
from sandbox.services import _application_scaling as scaling
from sandbox.services import _ecs_cluster as cluster
from sandbox.services import _ecs_deploy as deployment
from sandbox.services import _ecs_losses as losses
from sandbox.services import _ecs_tasks as tasks
from sandbox.services import _plans as plans
from sandbox.services import _why_ecs_service as why
from sandbox.services._ecs_actions import ACTIONS
from sandbox.services._ecs_cluster import Cluster
from sandbox.services._ecs_deploy import Deployment
from sandbox.services._ecs_params import Params
from sandbox.services._ecs_service_notes import NOTES
from sandbox.services._ecs_setup import ROOM, Derived, adjust, cells_count, init, prepare, resize
from sandbox.services._ecs_tasks import EC2, FARGATE_SPOT, SERVING, Cell, Tasks
from sandbox.services._ecs_words import BEFORE, CAUSES, EVENTS, METRICS, SCALING_EVENTS
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
from sandbox.services._plans import told_to_plan
from sandbox.services._workers import Serving, serve
from sandbox.services.contract import Port, Service
from sandbox.services.law import CAPACITY_CUT, ZONE_OUTAGE, boundary, emit, struck_now


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
# an array's integers, not Python's: numba would compile once for each literal
SCALES, DEPLOYS = np.array([len(BEFORE) - len(SCALING_EVENTS), len(BEFORE)])


@compiled
def step(p, s, io, cells, tick):
    """Move tasks and instances on, then serve: those in service as a station, others apart."""
    if struck_now(io):
        losses.strike(p, s, io, cells, tick)
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
            losses.interrupt(p, s, cells, tick, taken)
    if s.unhealthy > 0.0:
        losses.replace(p, s, cells, tick)


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
        plans.PORT,
    ),
    step=step,
    control=control,
    prepare=prepare,
    cells_count=cells_count,
    init=init,
    adjust=adjust,
    resize=resize,
    causes=CAUSES,
    metrics=METRICS,
    events=EVENTS,
    actions=ACTIONS,
    faults=("kill_instances", "capacity_cut", "zone_outage", "spot_interruption"),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    headline="running_count",
    holds="tasks",
)
