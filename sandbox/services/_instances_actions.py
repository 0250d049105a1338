"""What a person can do to the instances of a group while it runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import numpy as np

from sandbox.services._instance_types import PLACE, TYPES, Name, family, larger
from sandbox.services._instances import (
    FREE,
    GONE,
    HELD_BACK,
    IMPAIRED,
    IN_SERVICE,
    LOST,
    ON_DEMAND,
    PENDING,
    STANDBY,
    TERMINATING,
    TO_REFRESH,
    TO_STANDBY,
    WAITING,
)
from sandbox.services.contract import Action
from sandbox.services.params import Parameters, param

TERMINATE = "EC2 Auto Scaling API: TerminateInstanceInAutoScalingGroup"
ENTER = "EC2 Auto Scaling API: EnterStandby"
PROTECT = "EC2 Auto Scaling API: SetInstanceProtection"
COMPLETE = "EC2 Auto Scaling API: CompleteLifecycleAction"
REFRESH = "EC2 Auto Scaling API: StartInstanceRefresh"
RESIZE = "Amazon EC2 user guide: Change the instance type"


class CountArgs(Parameters):
    count: int = param(1, "How many instances.", ge=1, le=5000)


class LeaveArgs(CountArgs):
    decrement_desired: bool = param(
        True, "Whether the desired capacity shrinks; else they are replaced.", source=TERMINATE
    )


class ProtectArgs(CountArgs):
    protected: bool = param(True, "Protect them from scale-in, or no longer.", source=PROTECT)


class CompleteArgs(Parameters):
    transition: Literal["launching", "terminating"] = param(
        "launching", "Which of those that wait.", source=COMPLETE
    )
    result: Literal["CONTINUE", "ABANDON"] = param("CONTINUE", "How it ends.", source=COMPLETE)


class TypeArgs(Parameters):
    instance_type: Name | None = param(
        None, "The type for what is launched from now on; empty keeps it."
    )


class ResizeArgs(Parameters):
    instance_type: Name | None = param(
        None, "The new type; empty is the next larger one of the family.", source=RESIZE
    )
    at_a_time: int = param(1, "How many are out of service at once.", ge=1, le=5000)


class RefreshArgs(Parameters):
    min_healthy_percentage: int = param(
        90, "So much of the desired capacity stays in service.", unit="%", ge=0, le=99,
        source=REFRESH,
    )  # fmt: skip


def _oldest(cells: Any, *states: int) -> Iterator[Any]:
    chosen = np.flatnonzero(np.isin(cells["state"], states))
    for i in chosen[np.argsort(cells["running_s"][chosen], kind="stable")]:
        yield cells[i]


def _serving(state: Any, count: int) -> int:
    serving = int(state["in_service"])
    if count > serving:
        raise ValueError(f"only {serving} are in service")
    return serving


def _take(state: Any) -> float:
    """What an instance in service holds leaves the station with it."""
    serving = float(state["in_service"])
    share = float(state["level"]) / serving
    state["level"] = float(state["level"]) - share if serving > 1 else 0.0
    state["in_service"] = serving - 1
    return share


def _drain(record: Any, state: Any, cell: Any, t_s: float, then: int) -> None:
    cell["held"] = _take(state)
    cell["state"], cell["then"] = TERMINATING, then
    cell["until_s"] = t_s + float(record["deregistration_delay_s"])
    state["terminating"] += 1
    state["due"] = t_s


def _shrink(state: Any, count: int) -> str:
    least, before = int(state["min_size"]), int(state["desired"])
    if before - count < least:
        raise ValueError(
            f"desired capacity {before} less {count} is below the minimum size {least}; "
            "lower that first, or leave the desired capacity as it is"
        )
    state["desired"] = before - count
    return f"desired capacity {before} to {before - count}"


def stop_instances(record: Any, state: Any, cells: Any, args: CountArgs, t_s: float) -> str:
    """Instances fail: what they hold is gone, and requests reach them until the group notices."""
    _serving(state, args.count)
    for i in np.flatnonzero(cells["state"] == IN_SERVICE)[: args.count]:
        state["dropped"] += _take(state)
        cells[i]["state"] = LOST
        cells[i]["notice_s"] = cells[i]["gone_s"] = np.inf
    state["lost"] += args.count
    state["due"] = t_s
    return f"{args.count} stopped running; {int(state['in_service'])} left in service"


def impair_instances(record: Any, state: Any, cells: Any, args: CountArgs, t_s: float) -> str:
    """Instances run, but answer nothing: their status checks are impaired."""
    _serving(state, args.count)
    seen = np.inf
    if record["behind_elb"]:
        seen = t_s + int(record["unhealthy_threshold_count"]) * int(
            record["health_check_interval_s"]
        )
    for i in np.flatnonzero(cells["state"] == IN_SERVICE)[: args.count]:
        state["dropped"] += _take(state)
        cells[i]["state"] = IMPAIRED
        cells[i]["impaired_s"], cells[i]["failing_s"] = t_s, seen
    state["lost"] += args.count
    state["due"] = t_s
    until = f"; the balancer finds out in {seen - t_s:.0f} s" if np.isfinite(seen) else ""
    return f"{args.count} impaired; {int(state['in_service'])} left in service{until}"


def terminate_instances(record: Any, state: Any, cells: Any, args: LeaveArgs, t_s: float) -> str:
    _serving(state, args.count)
    said = _shrink(state, args.count) if args.decrement_desired else "to be replaced"
    chosen = list(_oldest(cells, IN_SERVICE))[: args.count]
    for cell in chosen:
        _drain(record, state, cell, t_s, GONE)
    return f"{args.count} terminated by hand: {said}"


def detach_instances(record: Any, state: Any, cells: Any, args: LeaveArgs, t_s: float) -> str:
    _serving(state, args.count)
    said = _shrink(state, args.count) if args.decrement_desired else "to be replaced"
    for cell in list(_oldest(cells, IN_SERVICE))[: args.count]:
        _drain(record, state, cell, t_s, GONE)
        cell["gone_s"] = np.inf
    return f"{args.count} detached: they run on outside the group; {said}"


def enter_standby(record: Any, state: Any, cells: Any, args: LeaveArgs, t_s: float) -> str:
    _serving(state, args.count)
    said = _shrink(state, args.count) if args.decrement_desired else "to be replaced"
    for cell in list(_oldest(cells, IN_SERVICE))[: args.count]:
        _drain(record, state, cell, t_s, TO_STANDBY)
    return f"{args.count} go to standby, and stay on the bill; {said}"


def exit_standby(record: Any, state: Any, cells: Any, args: CountArgs, t_s: float) -> str:
    waiting = list(_oldest(cells, STANDBY))
    if args.count > len(waiting):
        raise ValueError(f"only {len(waiting)} are in standby")
    before, most = int(state["desired"]), int(state["max_size"])
    if before + args.count > most:
        raise ValueError(
            f"desired capacity {before} and {args.count} more exceed the maximum size {most}; "
            "raise that first"
        )
    for cell in waiting[: args.count]:
        cell["state"] = PENDING
        cell["until_s"] = cell["running_s"] = cell["ready_s"] = t_s
        cell["failing_s"] = np.inf
        if record["behind_elb"]:  # it is registered anew, and one pass is enough
            cell["ready_s"] = t_s + int(record["health_check_interval_s"])
    state["desired"] = before + args.count
    state["due"] = t_s
    return f"{args.count} back from standby; desired capacity {before} to {before + args.count}"


def set_protection(record: Any, state: Any, cells: Any, args: ProtectArgs, t_s: float) -> str:
    _serving(state, args.count)
    fit = [c for c in _oldest(cells, IN_SERVICE) if bool(c["protected"]) != args.protected]
    for cell in fit[: args.count]:
        cell["protected"] = args.protected
    now = int(np.sum(cells["protected"][cells["state"] == IN_SERVICE] != 0))
    state["retry_s"] = t_s
    return f"{now} of {int(state['in_service'])} in service are protected from scale-in"


def complete_action(record: Any, state: Any, cells: Any, args: CompleteArgs, t_s: float) -> str:
    launching = args.transition == "launching"
    waiting = list(_oldest(cells, WAITING if launching else HELD_BACK))
    if not waiting:
        raise ValueError(f"none waits for a {args.transition} hook")
    for cell in waiting:
        if launching:
            early = float(cell["running_s"]) - t_s
            cell["running_s"] = t_s
            cell["abandoned"] = args.result == "ABANDON"
            # its application has started in the meantime, as far as there was time for it
            app_s = float(cell["until_s"]) + float(record["app_start_s"])
            cell["ready_s"] = max(float(cell["ready_s"]) - early, app_s)
            cell["failing_s"] -= early
        else:
            cell["until_s"] = t_s
    state["due"] = t_s
    return f"{args.result} for {len(waiting)} {args.transition}"


def new_version(record: Any, state: Any, cells: Any, args: TypeArgs, t_s: float) -> str:
    state["version"] += 1
    if args.instance_type is not None:
        _one_type(record)
        state["kind"] = PLACE[args.instance_type]
    kind = list(TYPES)[int(state["kind"])]
    return (
        f"version {int(state['version'])} ({kind}) for what is launched from now on; "
        "an instance refresh brings it to the others"
    )


def _one_type(record: Any) -> None:
    if int(record["kinds_n"]) > 0:
        raise ValueError("the group mixes instance types; edit instance_types instead")


def resize(record: Any, state: Any, cells: Any, args: ResizeArgs, t_s: float) -> str:
    """Vertical scaling: an instance drains, stops, is changed, and starts again."""
    _one_type(record)
    before = list(TYPES)[int(state["kind"])]
    after = args.instance_type or larger(before)
    if after is None:
        raise ValueError(
            f"{before} is the largest type of {family(before)}: there is no further up; "
            "scale out, or name a type of another family"
        )
    if np.any((cells["market"] != ON_DEMAND) & (cells["state"] != FREE)):
        raise ValueError("spot instances cannot be stopped and changed; refresh them instead")
    there = cells[(cells["state"] != FREE) & (cells["state"] != LOST)]
    if not np.any(there["kind"] != PLACE[after]):
        raise ValueError(f"all are {after} already")
    state["kind"] = PLACE[after]
    state["version"] += 1
    state["resizing"] = args.at_a_time
    state["due"] = t_s
    old, new = TYPES[before], TYPES[after]
    return (
        f"resize {before} to {after}: {old.vcpus} to {new.vcpus} vCPUs, {old.usd_per_hour:g} to "
        f"{new.usd_per_hour:g} USD/h each; {args.at_a_time} at a time, out of service meanwhile"
    )


def start_refresh(record: Any, state: Any, cells: Any, args: RefreshArgs, t_s: float) -> str:
    if float(state["refreshing"]) > 0:
        raise ValueError("an instance refresh is under way")
    _serving(state, 1)
    count = 0
    for cell in _oldest(cells, IN_SERVICE):
        cell["reason"] = TO_REFRESH
        count += 1
    share = 1.0 - args.min_healthy_percentage / 100.0
    state["refreshing"] = share
    batch = max(1, int(share * float(state["desired"]) + 1e-9))
    return f"instance refresh of {count}, {batch} at a time: terminated first, then replaced"


ACTIONS = (
    Action("stop_instances", "Let instances fail", CountArgs, stop_instances),
    Action("impair_instances", "Let status checks fail", CountArgs, impair_instances),
    Action("terminate_instances", "Terminate instances", LeaveArgs, terminate_instances),
    Action("detach_instances", "Detach instances", LeaveArgs, detach_instances),
    Action("enter_standby", "Put instances into standby", LeaveArgs, enter_standby),
    Action("exit_standby", "Take instances out of standby", CountArgs, exit_standby),
    Action("set_protection", "Protect from scale-in", ProtectArgs, set_protection),
    Action("complete_lifecycle_action", "Complete a lifecycle action", CompleteArgs,
           complete_action),
    Action("new_launch_version", "New version to launch from", TypeArgs, new_version),
    Action("start_instance_refresh", "Start an instance refresh", RefreshArgs, start_refresh),
    Action("resize", "Resize: another instance type", ResizeArgs, resize),
)  # fmt: skip
