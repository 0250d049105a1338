"""What a person can do to a running service."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from sandbox.services import _ecs_tasks as tasks
from sandbox.services._ecs_params import MOST_TASKS
from sandbox.services._ecs_setup import ROOM
from sandbox.services._ecs_tasks import SERVING
from sandbox.services.contract import Action
from sandbox.services.params import Parameters, param


class CountArgs(Parameters):
    value: int = param(1, "Number of tasks.", ge=0, le=MOST_TASKS)


class StopArgs(Parameters):
    count: int = param(1, "How many tasks.", ge=1, le=MOST_TASKS)


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


ACTIONS = (
    Action("set_desired_count", "Set the desired count", CountArgs, set_desired),
    Action("deploy", "Deploy a new version", DeployArgs, deploy),
    Action("stop_tasks", "Let tasks fail", StopArgs, stop_tasks),
)
