"""How an SWF domain is set up: its steps as the law needs them, and what is amiss with them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from sandbox.services._swf_clock import HEARTBEAT_BUCKET
from sandbox.services._swf_flow import TERMINATES
from sandbox.services._swf_params import Params, Step
from sandbox.services._swf_polls import DECISIONS, POLL_BUCKET
from sandbox.services._swf_schedule import (
    ACTIVITY_BUCKET,
    CHILD_BUCKET,
    EXTERNAL_BUCKET,
    TIMER_BUCKET,
)
from sandbox.services._swf_state import LINKS
from sandbox.services.contract import Setup

START_BUCKET = 2_000.0  # Amazon SWF Developer Guide: Quotas, StartWorkflowExecution; H
SIGNAL_BUCKET = 2_000.0  # Amazon SWF Developer Guide: Quotas, SignalWorkflowExecution; H
NO_LIST = -2


def prepare(params: Params, record: Any, setup: Setup) -> None:
    """Stages in order, task lists by number, and who works on what."""
    steps = params.steps
    order = sorted({one.stage for one in steps})
    lists = sorted({one.task_list for one in steps})
    record["stages"], record["lists"] = len(order), len(lists)
    polled = set()
    record["link_list"] = NO_LIST
    for j, link in enumerate(setup.outs[:LINKS]):
        if link.port == "decisions":
            record["link_list"][j] = DECISIONS
        elif link.port == "activities":
            name = str(link.params.get("task_list") or "")
            if name in lists:
                record["link_list"][j] = lists.index(name)
                polled.add(name)
    signalled = any(link.port == "signals" for link in setup.ins)
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
        record["sends_to"][i] = to = _way(one, setup)
        record["child_at"][i] = to if one.kind == "child_workflow" else -1
        if one.kind == "signal_external" and one.duration_s is None:
            record["steps"][i]["duration_s"] = 0.0
    record["drawn"], record["tick_s"] = 2 + len(steps), setup.dt
    record["names_key"] = float(zlib.crc32("\n".join(one.name for one in steps).encode()))


def _way(step: Step, setup: Setup) -> int:
    """The out link that a child or a signal takes: one of its name, else one for all; -1: none."""
    port = {"child_workflow": "children", "signal_external": "signals_sent"}.get(step.kind)
    for wanted in (step.name, ""):
        for j, link in enumerate(setup.outs):
            if link.port == port and str(link.params.get("step") or "") == wanted:
                return j
    return -1


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    buckets = (START_BUCKET, SIGNAL_BUCKET, POLL_BUCKET, POLL_BUCKET)
    state["tokens"][:] = (
        *(*buckets, ACTIVITY_BUCKET, TIMER_BUCKET, CHILD_BUCKET, EXTERNAL_BUCKET),
        HEARTBEAT_BUCKET,
    )
    state["taken"] = 1.0
    state["shape"] = _shape(record)


def _shape(record: Any) -> float:
    """Tells workflows apart whose executions cannot go on in each other."""
    parts = ("stage", "outside", "by_signal", "list_of", "child_at", "names_key", "drawn")
    return float(zlib.crc32(b"".join(record[name].tobytes() for name in parts)))


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """Another workflow has other steps: executions of the old one are terminated."""
    if state["shape"] == _shape(record):
        return
    amount = float(state["open"])
    kept = {name: state[name].copy() for name in ("tokens", "lost", "closed")}
    for name in state.dtype.names:
        state[name] = 0
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
                text = f'nobody polls for "{one.name}": link a pool of workers to its task list, '
                yield "no_worker", text + "or give duration_s for people outside the diagram"
            if one.start_to_close_s is None and one.heartbeat_s is None:
                text = f'"{one.name}" has neither start_to_close_s nor heartbeat_s: '
                yield "no_timeout", text + "a worker that stops is never noticed"
        elif one.kind == "signal_external" and _way(one, setup) < 0:
            text = f'"{one.name}" sends signals to nobody: link Signals sent to a domain\'s Signals'
            yield "no_target", text
        elif one.kind == "signal" and not signalled and one.duration_s is None:
            yield "no_signal", f'"{one.name}" waits for a signal, and nothing sends one'
