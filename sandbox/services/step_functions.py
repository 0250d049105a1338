"""Step Functions: a state machine that executions flow through, calling nodes as they go."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from sandbox.services import _why_step_functions as why
from sandbox.services._asl import TIMEOUT_S, parse, walk
from sandbox.services._asl_choice import COMPARISONS, OF_2019
from sandbox.services._asl_fluid import Plan
from sandbox.services._asl_outcomes import Assumed, Assumptions
from sandbox.services._asl_run import (
    EXPRESS_S,
    HISTORY_EVENTS,
    STANDARD_S,
)
from sandbox.services._step_functions_bill import REQUEST_USD as REQUEST_USD
from sandbox.services._step_functions_bill import TRANSITION_USD as TRANSITION_USD
from sandbox.services._step_functions_graph import TEXTS, draw, live
from sandbox.services._step_functions_law import OPEN, step
from sandbox.services._step_functions_notes import NOTES
from sandbox.services._step_functions_params import Params, TaskCall, WaitingStart
from sandbox.services._step_functions_sample import sample
from sandbox.services._step_functions_state import CELL, State
from sandbox.services._step_functions_words import CAUSES, METRICS
from sandbox.services.contract import Port, Service, Setup
from sandbox.services.views import Graph

BIG = ("us-east-1", "us-west-2", "eu-west-1")
BUCKET, REFILL_PER_S, REFILL_2020_PER_S = 5_000.0, 5_000.0, 1_500.0  # QUOTAS; transitions, H
BUCKET_ELSEWHERE, ELSEWHERE_PER_S, ELSEWHERE_2020_PER_S = 800.0, 800.0, 500.0  # QUOTAS; H
START_BUCKET, START_PER_S = 1_300.0, 300.0  # QUOTAS; StartExecution of Standard workflows, H
START_BUCKET_ELSEWHERE, START_ELSEWHERE_PER_S = 800.0, 150.0  # QUOTAS; in other Regions, H
EXPRESS_BUCKET = EXPRESS_PER_S = 6_000.0  # QUOTAS; starts of Express workflows, H
EXPRESS_2020_PER_S = 100_000.0  # AWS Step Functions Developer Guide, 2020: Express workflows, H
RESOURCES = {  # what a Resource calls the services that nodes stand for
    "lambda": "lambda_function",
    "dynamodb": "dynamodb",
    "sqs": "sqs",
    "sns": "sns",
    "events": "eventbridge",
    "ecs": "ecs_service",
    "batch": "batch",
    "s3": "s3",
    "apigateway": "api_gateway",
    "http": "external",
    "states": "step_functions",
    "kinesis": "kinesis_stream",
    "firehose": "firehose",
    "elasticmapreduce": "emr",
}


class Derived:
    keeper: int
    bucket: float
    refill_per_s: float
    start_bucket: float
    start_per_s: float
    open_limit: float
    limit_s: float
    waited: int  # whether somebody waits for Standard executions to end
    states_n: int
    definition_key: float


def service_of(resource: str) -> str:
    """The service that a Task's Resource calls."""
    if ":states:::" in resource:
        word = resource.split(":states:::")[1].removeprefix("aws-sdk:").split(":")[0]
        return RESOURCES.get(word, word)
    if ":activity:" in resource:
        return "activity"  # workers that no link leads to, unless by the name of the state
    return "lambda_function"  # a function's ARN, or what a template will put in its place


def plan(params: Params, setup: Setup) -> Plan:
    """The stages of the definition, with what the parameters and links say of them."""
    machine = parse(params.definition)
    links: dict[str, int] = {}
    services: dict[str, str] = {}
    tasks = [state for state, _ in walk(machine) if state.kind == "Task"]
    for named in (True, False):  # a name goes before a service
        for j, link in enumerate(setup.outs):
            given = str(link.params.get("state") or "")
            if link.port != "tasks" or bool(given) != named:
                continue
            wanted = [name.strip() for name in given.split("|")]
            for state in tasks:
                hit = state.name in wanted if named else service_of(state.resource) == link.service
                if hit and state.name not in links:
                    links[state.name], services[state.name] = j, link.service
    sample = json.loads(params.sample_input or "{}")
    total = sum(c.share for c in setup.classes) or 1.0
    inputs = [
        (c.share / total, {**(sample if isinstance(sample, dict) else {}), **dict(c.attributes)})
        for c in setup.classes
    ] or [(1.0, sample)]
    choices: dict[str, dict[str, float]] = {}
    for one in params.choices:
        choices.setdefault(one.state, {})[one.next] = one.share
    return Plan(
        machine,
        Assumptions(
            task_s=params.task_duration_s,
            token_s=params.token_wait_s,
            wait_s=params.wait_s,
            items=params.map_items,
            states={
                one.state: Assumed(one.duration_s, one.failure_share, one.error, one.items)
                for one in params.states
            },
            choices=choices,
            inputs=inputs,
            links=links,
            services=services,
            limit_s=_limit_s(params),
            events=HISTORY_EVENTS if params.type == "standard" else np.inf,
        ),
    )


def _limit_s(params: Params) -> float:
    longest = EXPRESS_S if params.type == "express" else STANDARD_S
    return min(longest, parse(params.definition).timeout_s or TIMEOUT_S)


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """The quotas of the Region and era; the table of stages."""
    old, big = setup.era == "2020", setup.region in BIG
    record["keeper"] = setup.keeper
    record["bucket"] = BUCKET if big else BUCKET_ELSEWHERE
    if old:
        record["refill_per_s"] = REFILL_2020_PER_S if big else ELSEWHERE_2020_PER_S
    else:
        record["refill_per_s"] = REFILL_PER_S if big else ELSEWHERE_PER_S
    if params.type == "express":
        record["start_per_s"] = EXPRESS_2020_PER_S if old else EXPRESS_PER_S
        record["start_bucket"] = EXPRESS_2020_PER_S if old else EXPRESS_BUCKET
    else:
        record["start_per_s"] = START_PER_S if big else START_ELSEWHERE_PER_S
        record["start_bucket"] = START_BUCKET if big else START_BUCKET_ELSEWHERE
    record["open_limit"] = OPEN
    record["waited"] = any(bool(link.params.get("wait_for_execution")) for link in setup.ins)
    record["limit_s"] = _limit_s(params)
    found = plan(params, setup)
    table = found.table()
    record["states_n"] = len(found.names)
    record["definition_key"] = float(zlib.crc32(params.definition.encode())) + len(found.stages)
    why.remember(float(record["definition_key"]), found.names, found.kinds)
    return table


def cells_count(params: Params, setup: Setup) -> int:
    """States as they are drawn, then stages, then branches."""
    found = plan(params, setup)
    return len(found.names) + len(found.stages) + len(found.starts)


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    state["first_start"] = 1e300
    state["start_tokens"] = -1.0
    state["definition"] = record["definition_key"]


def resize(record: Any, state: Any, old_cells: Any, cells: Any) -> None:
    """Another definition has other stages: what was in the old ones is ended by `adjust`."""


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """End the executions of another definition; fit the pauses to the new durations."""
    cells["width"] = 0.0
    if state["definition"] != record["definition_key"]:
        state["aborting"] = state["held"]
        state["definition"] = record["definition_key"]
        state["first_start"] = 1e300
        for name in CELL.names or ():
            cells[name] = 0.0


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    return [(0.0, kind, text) for kind, text in _warnings(params, setup)]


def _warnings(params: Params, setup: Setup) -> Iterator[tuple[str, str]]:
    machine = parse(params.definition)
    names = {state.name: state for state, _ in walk(machine)}
    found = plan(params, setup)
    linked = set(found.given.links.values())
    for j, link in enumerate(setup.outs):
        if j not in linked:
            text = f"no Task calls {link.other}: name one as the link's state"
            yield "no_task", text
    for name in [one.state for one in params.states] + [one.state for one in params.choices]:
        if name not in names:
            yield "no_state", f'there is no state "{name}" for which something is assumed'
    for name, j in found.given.links.items():
        waits = [key for key in setup.outs[j].params if key.startswith("wait_for_")]
        if waits and names[name].pattern == "sync" and not setup.outs[j].params[waits[0]]:
            text = f'"{name}" waits for its work (.sync), its link to {setup.outs[j].other} does '
            yield "not_waiting", text + f"not: set {waits[0]}"
    if params.type == "express":
        for state in names.values():
            if state.kind == "Task" and (
                state.pattern != "response" or ":activity:" in state.resource
            ):
                text = f'"{state.name}" waits for its work to end; Express workflows do not'
                yield "not_in_express", text
            elif state.distributed:
                yield "not_in_express", f'"{state.name}" is a distributed Map: only in Standard'
    if setup.era == "2020":
        for name, state in names.items():
            if state.jsonata or state.distributed:
                word = "JSONata came in 2024" if state.jsonata else "a distributed Map in 2022"
                yield "not_in_era", f'"{name}": {word}, not in 2020\'s era'
            elif state.kind == "Choice" and (new := _newer(state.raw["Choices"])):
                yield "not_in_era", f'"{name}" compares by {new}, which came in August 2020'
    for kind, name in zip(found.kinds, found.names, strict=True):
        state = names[name]
        if kind == "Task" and "TimeoutSeconds" not in state.raw and state.pattern == "token":
            yield "no_timeout", f'"{name}" waits up to a year for its token: set TimeoutSeconds'


def _newer(rules: Any) -> str:
    """A comparison that 2019 did not have."""
    for rule in rules if isinstance(rules, list) else [rules]:
        for key, value in rule.items():
            if key in COMPARISONS and key not in OF_2019:
                return str(key)
            if key in ("And", "Or", "Not") and (new := _newer(value)):
                return new
    return ""


SERVICE = Service(
    id="step_functions",
    title="Step Functions state machine",
    category="integration",
    summary="Runs workflows written in Amazon States Language, state by state.",
    params=Params,
    derived=Derived,
    state=State,
    cell=CELL,
    cells_count=cells_count,
    ports=(
        Port(
            "in",
            "in",
            "Executions started",
            modes=("async", "sync"),
            params={"sync": WaitingStart},
        ),
        Port("tasks", "out", "Tasks", modes=("sync",), params={"sync": TaskCall}),
    ),
    step=step,
    prepare=prepare,
    init=init,
    resize=resize,
    adjust=adjust,
    foretell=foretell,
    account=True,
    causes=CAUSES,
    metrics=METRICS,
    headline="open_executions",
    notes=NOTES,
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    bars=why.BARS,
    graph=Graph("States", "execution", draw, live, sample, "sample_input"),
    texts=TEXTS,
)
