"""One execution of a state machine on an event: its choices, and whom its Tasks call."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sandbox.document import Document, Link, Node
from sandbox.services._asl import State, parse, walk
from sandbox.services._step_functions_params import Params
from sandbox.services._step_functions_sample import sample
from sandbox.services.step_functions import service_of

_MOST = 30


def steps_of(
    document: Document, node: Node, event: Any, links: Sequence[Link]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """What each linked node is called with, and the states of the execution in sentences."""
    try:
        params = Params(**dict(node.params))
        machine = parse(params.definition)
        done = sample(params, json.dumps(event, default=str))
    except ValueError as error:
        return {}, (f"The definition cannot be followed: {error}.",)
    told: list[str] = []
    calls: dict[str, Any] = {}
    named = {state.name: state for state, _ in walk(machine)}
    for step in done.steps:
        if len(told) < _MOST:
            words = f"{step.state} ({step.kind})"
            words += f" → {step.next}" if step.next else ""
            words += f": {step.error}" if step.error else ""
            words += f" – {step.note}" if step.note else ""
            told.append(words)
        if step.kind != "Task" or step.state not in named:
            continue
        for link in links:
            if link.source_port == "tasks" and _of(document, link, named[step.state]):
                calls.setdefault(link.target, step.input)
    if len(done.steps) > _MOST:
        told.append(f"and {len(done.steps) - _MOST} more")
    end = f"The execution ends: {done.status}" + (f", {done.error}" if done.error else "")
    return calls, (*told, f"{end}.")


def _of(document: Document, link: Link, state: State) -> bool:
    """Whether a Task calls the node at the end of a link: by name, else by its Resource."""
    said = str(link.params.get("state") or "")
    if said:
        return state.name in [name.strip() for name in said.split("|")]
    return service_of(state.resource) == document.nodes[link.target].service
