"""A service before and between its ticks: what its parameters come to, and edits on the way."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sandbox.kernels.alarm import INSUFFICIENT_DATA
from sandbox.services import _application_scaling as scaling
from sandbox.services import _ecs_tasks as tasks
from sandbox.services import _fargate as fargate
from sandbox.services._ecs_params import MOST_TASKS, Params
from sandbox.services._ecs_tasks import ACTIVE, SERVING
from sandbox.services._instance_types import HOURS_A_MONTH, TYPES
from sandbox.services._plans import target_of
from sandbox.services._scalable_targets import ScalableTarget
from sandbox.services._scheduled_actions import table as schedule_table
from sandbox.services._target_group import Looked, rules, write
from sandbox.services.contract import Setup
from sandbox.services.params import fill

FARGATE_START_S = 30.0  # AWS Batch user guide: Fargate compute environments
EC2_START_S = 1.0  # assumption
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


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray | None:
    ec2 = params.launch_type == "EC2"
    kind = TYPES[params.instance_type]
    record["tasks_n"] = _tasks(params)
    record["vcpus"] = vcpus = params.task_cpu_units / 1024
    start_s = EC2_START_S if ec2 else FARGATE_START_S
    record["place_s"] = start_s if params.provision_s is None else params.provision_s
    hour = fargate.usd_per_hour(vcpus, params.task_memory_mib)
    if params.launch_type == "FARGATE_SPOT":
        hour *= 1.0 - fargate.SPOT_SAVING
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
