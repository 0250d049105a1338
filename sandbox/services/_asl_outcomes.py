"""What is assumed of states: how Choices divide, what the errors of Tasks are called."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from sandbox.services._asl import Machine, State, walk
from sandbox.services._asl_choice import holds
from sandbox.services._asl_errors import matches
from sandbox.services._asl_jsonata import resolve
from sandbox.services._asl_paths import PathError


@dataclass(frozen=True, slots=True)
class Assumed:
    """What is taken for granted of one state: None where nothing is."""

    duration_s: float | None = None
    failure_share: float = 0.0
    error: str = ""
    items: float | None = None


@dataclass(frozen=True, slots=True)
class Assumptions:
    task_s: float
    token_s: float
    wait_s: float
    items: float
    states: Mapping[str, Assumed]
    choices: Mapping[str, Mapping[str, float]]
    inputs: Sequence[tuple[float, Any]]  # (share, input) of each request class
    links: Mapping[str, int]  # out link of a Task
    services: Mapping[str, str]  # and the service at its end
    limit_s: float
    events: float  # that a history may have


def first_of(entries: Sequence[Any], names: Sequence[str]) -> int:
    """The first retrier or catcher that takes one of these errors; -1 if none does."""
    for k, entry in enumerate(entries):
        if any(matches(entry.errors, name) for name in names):
            return k
    return -1


def names_of(state: State, given: Assumptions, own: Assumed) -> list[tuple[str, ...]]:
    """What the errors of a Task are called, by outcome."""
    service = given.services.get(state.name, "")
    resource = state.resource
    late = "States.Timeout"
    beat, limit = state.raw.get("HeartbeatSeconds"), state.raw.get("TimeoutSeconds")
    limit = limit if isinstance(limit, (int, float)) else np.inf
    if isinstance(beat, (int, float)) and beat < limit:
        late = "States.HeartbeatTimeout"
    if service == "dynamodb" or "dynamodb" in resource:
        busy: tuple[str, ...] = (
            "DynamoDB.ProvisionedThroughputExceededException",
            "DynamoDb.ProvisionedThroughputExceededException",
        )
    elif service == "lambda_function" or not re.search(r":states:(?!.*:function:)", resource):
        busy = ("Lambda.TooManyRequestsException",)
    else:
        word = resource.split(":::")[-1].replace("aws-sdk:", "").split(":")[0]
        busy = (f"{word.capitalize()}.ThrottlingException", "ThrottlingException")
    return [(), busy, (own.error or "TaskError",), (late,)]


def names_within(state: State, given: Assumptions) -> list[tuple[str, ...]]:
    """What the errors that end a Parallel or Map are called."""
    failed = ["States.BranchFailed"]
    if state.distributed:
        failed = ["States.ExceedToleratedFailureThreshold"]
    else:
        for machine in state.machines:
            for inner, _ in walk(machine):
                if inner.kind == "Fail":
                    failed.append(str(inner.raw.get("Error", "States.Failed")))
                own = given.states.get(inner.name)
                if own is not None and own.error:
                    failed.append(own.error)
        failed.append("TaskError")
    if state.distributed:
        return [(), tuple(failed), tuple(failed), tuple(failed)]
    return [(), ("Lambda.TooManyRequestsException",), tuple(failed), ("States.Timeout",)]


def order(machine: Machine) -> list[str]:
    """The states so that each stands behind those that lead to it, but for loops."""
    seen: set[str] = set()
    found: list[str] = []
    stack: list[tuple[str, bool]] = [(machine.start, False)]
    while stack:
        name, left = stack.pop()
        if left:
            found.append(name)
        elif name not in seen:
            seen.add(name)
            stack.append((name, True))
            state = machine.states[name]
            stack += [(one, False) for one in machine.successors(state) if one not in seen]
    return found[::-1]


def shares(state: State, given: Assumptions) -> dict[str, float]:
    """The share of executions that a Choice sends to each state ("": no rule holds).

    As given; else by what the attributes of the request classes decide; where they do not, the
    branches are equally likely.
    """
    rules = state.raw["Choices"]
    targets = [rule["Next"] for rule in rules]
    targets += [state.raw["Default"]] if "Default" in state.raw else []
    targets = list(dict.fromkeys(targets))
    named = given.choices.get(state.name, {})
    total = sum(named.get(target, 0.0) for target in targets)
    if total > 0.0:
        return {t: named[t] / total for t in targets if named.get(t, 0.0) > 0.0}
    found: dict[str, float] = {}
    for share, data in given.inputs:
        for target, part in _decide(state, rules, targets, data).items():
            found[target] = found.get(target, 0.0) + share * part
    return found


def _decide(state: State, rules: Any, targets: list[str], data: Any) -> dict[str, float]:
    even = {target: 1.0 / len(targets) for target in targets}
    try:
        for rule in rules:
            if state.jsonata:
                if resolve(rule["Condition"], {"input": data}, {}, 1) is True:
                    return {rule["Next"]: 1.0}
            elif holds(rule, data, {}):
                return {rule["Next"]: 1.0}
    except PathError:
        return even
    return {state.raw.get("Default", ""): 1.0}
