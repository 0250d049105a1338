"""Step Functions: a state machine calls what its Task states name."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from sandbox.exchange.marks import marked, without_marks
from sandbox.exchange.template import Resource, as_object
from sandbox.exchange.work import Kind, Part, Work, get

_PLACE = re.compile(r"\$\{([A-Za-z0-9_.]+)\}")
_READS = re.compile(r":(get|query|scan|batchget)", re.IGNORECASE)
_WAITS = {  # the parameter of a link to each service by which a caller waits
    "emr": "wait_for_step",
    "batch": "wait_for_job",
    "step_functions": "wait_for_execution",
}
_PARTS = ("Resource", "Parameters", "Arguments")


def _machine(work: Work, resource: Resource) -> None:
    properties = resource.properties
    if str(properties.get("StateMachineType", "")).upper() == "EXPRESS":
        work.put(resource.id, "type", "express")
    substitutions = properties.get("DefinitionSubstitutions")
    substitutions = substitutions if isinstance(substitutions, dict) else {}
    definition = definition_of(properties, substitutions)
    if not isinstance(definition, dict):
        _stand_in(work, resource.id, substitutions)
        return
    work.put(
        resource.id,
        "definition",
        without_marks(json.dumps(definition, ensure_ascii=False, indent=2)),
    )
    tasks: dict[str, list[tuple[str, str]]] = {}
    waits: set[str] = set()
    for name, state in states_of(definition):
        if state.get("Type") != "Task":
            continue
        reads = bool(_READS.search(str(state.get("Resource", ""))))
        called = (target for part in _PARTS for target in _meant(work, state.get(part)))
        for target in dict.fromkeys(called):
            tasks.setdefault(target, []).append((name, "read" if reads else "write"))
            if ".sync" in str(state.get("Resource", "")):
                waits.add(target)
    for target, calls in tasks.items():
        names = list(dict.fromkeys(name for name, _ in calls))
        params: dict[str, Any] = {"state": "|".join(names)}
        operations = {operation for _, operation in calls}
        if work.nodes[target].service == "dynamodb" and len(operations) == 1:
            params["operation"] = operations.pop()
        if target in waits and (waiting := _WAITS.get(work.nodes[target].service)):
            params[waiting] = True
        why = f"task{'s' * (len(names) > 1)} {', '.join(names)}"
        work.link(resource.id, target, why, port="tasks", params=params)


def _stand_in(work: Work, id: str, substitutions: Mapping[str, Any]) -> None:
    """A definition that calls what a missing one is handed, one after the other."""
    work.assume(
        id, "its definition is not at hand; it calls what it is handed, one after the other"
    )
    found = [target for value in substitutions.values() for target in work.meant(value)]
    targets = list(dict.fromkeys(found))
    names = [f"Call {target}" for target in targets]
    states: dict[str, Any] = {}
    after = [*names[1:], ""][: len(names)]
    for name, target, following in zip(names, targets, after, strict=True):
        then = {"Next": following} if following else {"End": True}
        states[name] = {"Type": "Task", "Resource": target, **then}
        work.link(id, target, "handed to the definition", port="tasks", params={"state": name})
    if names:
        definition = {"Comment": "Stands for one that is missing", "StartAt": names[0]}
        work.put(id, "definition", json.dumps({**definition, "States": states}))


def _meant(work: Work, value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from work.meant(value)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _meant(work, inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _meant(work, inner)


def definition_of(properties: Mapping[str, Any], substitutions: Mapping[str, Any]) -> Any:
    """The definition with its substitutions made, or None where it is not at hand."""
    found = properties.get("DefinitionString", properties.get("Definition"))
    if found is None:
        return None
    text = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)

    def put(place: re.Match[str]) -> str:
        value = substitutions.get(place[1])
        if value is None:
            return place[0]
        return json.dumps(str(value), ensure_ascii=False)[1:-1]

    return as_object(_PLACE.sub(put, text))


def states_of(definition: Any, depth: int = 0) -> Iterator[tuple[str, dict[str, Any]]]:
    """All states, those inside Parallel and Map too."""
    states = get(definition, "States")
    if not isinstance(states, dict) or depth > 20:
        return
    for name, state in states.items():
        if not isinstance(state, dict):
            continue
        yield name, state
        for branch in state.get("Branches") or ():
            yield from states_of(branch, depth + 1)
        for key in ("Iterator", "ItemProcessor"):
            yield from states_of(state.get(key), depth + 1)


_SERVICES = {
    "lambda": ("AWS::Lambda::Function", ("FunctionName",)),
    "sqs": ("AWS::SQS::Queue", ("QueueUrl",)),
    "sns": ("AWS::SNS::Topic", ("TopicArn",)),
    "dynamodb": ("AWS::DynamoDB::Table", ("TableName",)),
    "events": ("AWS::Events::EventBus", ("EventBusName",)),
    "eventbridge": ("AWS::Events::EventBus", ("EventBusName",)),
    "states": ("AWS::StepFunctions::StateMachine", ("StateMachineArn",)),
    "sfn": ("AWS::StepFunctions::StateMachine", ("StateMachineArn",)),
    "kinesis": ("AWS::Kinesis::Stream", ("StreamName",)),
    "s3": ("AWS::S3::Bucket", ("Bucket",)),
    "batch": ("AWS::Batch::JobQueue", ("JobQueue",)),
    "elasticmapreduce": ("AWS::EMR::Cluster", ("ClusterId",)),
}


def template_of(definition: dict[str, Any], name: str) -> dict[str, Any]:
    """A definition alone as a template: the state machine, and a resource for each thing called."""
    definition = json.loads(json.dumps(definition))
    resources: dict[str, Any] = {}
    machine = _letters(name) or "StateMachine"
    for _, state in states_of(definition):
        if state.get("Type") != "Task":
            continue
        text = str(state.get("Resource", ""))
        kind, said, key = _called(text, state)
        id = _letters(said) or "Task"
        while id == machine or (id in resources and resources[id]["Type"] != kind):
            id += "Called"
        properties = {"BillingMode": "PAY_PER_REQUEST"} if "DynamoDB" in kind else {}
        resources[id] = {"Type": kind, "Properties": properties}
        reference = {"Ref": id}
        if key is None:
            state["Resource"] = {"Fn::Sub": "${" + id + "}"}
        else:
            state.setdefault("Parameters" if "Arguments" not in state else "Arguments", {})
            inner = state.get("Arguments", state.get("Parameters"))
            if isinstance(inner, dict):
                inner.pop(f"{key}.$", None)
                inner[key] = reference
    whole: dict[str, Any] = {"Definition": definition}
    return {
        "Resources": {
            machine: {"Type": "AWS::StepFunctions::StateMachine", "Properties": whole},
            **resources,
        }
    }


def _called(text: str, state: Mapping[str, Any]) -> tuple[str, str, str | None]:
    """Type, name and the key of the parameter that names what a Task calls."""
    arguments = state.get("Arguments", state.get("Parameters"))
    arguments = arguments if isinstance(arguments, dict) else {}
    if ":::" in text:
        words = text.split(":::", 1)[1].split(":")
        service = words[1] if words[0] == "aws-sdk" and len(words) > 1 else words[0]
        kind, keys = _SERVICES.get(service, (f"AWS::{service.title()}::Service", ()))
        for key in keys:
            value = arguments.get(key, arguments.get(f"{key}.$"))
            if isinstance(value, str) and value:
                return kind, value, key
        return kind, service, keys[0] if keys else "Service"
    if ":activity:" in text:
        return "AWS::StepFunctions::Activity", text.rsplit(":", 1)[-1], None
    return "AWS::Lambda::Function", text, None


def _letters(text: str) -> str:
    """A resource's name of a physical name, an ARN or a `${…}` to be put in later."""
    text = text.split("{%")[-1].split("%}")[0]
    if text.startswith("arn:") and ":function:" in text:
        text = text.split(":function:")[1].split(":")[0]
    elif text.startswith(("arn:", "http")):
        text = text.rsplit(":", 1)[-1].rsplit("/", 1)[-1]
    return "".join(ch for ch in text if ch.isascii() and ch.isalnum())[:60]


def _activity(work: Work, resource: Resource) -> None:
    work.assume(resource.id, "its workers are not in the template")


def _version(work: Work, resource: Resource) -> str:
    found = marked(resource.properties)
    return f"stands for {found[0]}" if found else "a version of a state machine elsewhere"


NODES = {
    "AWS::StepFunctions::StateMachine": Kind("step_functions", "State machine", more=_machine),
    "AWS::StepFunctions::Activity": Kind("endpoint", "Activity", more=_activity),
}

STANDS = {
    "AWS::StepFunctions::StateMachineVersion": "StateMachineArn",
    "AWS::StepFunctions::StateMachineAlias": "RoutingConfiguration",
}

PARTS: dict[str, Part] = {
    "AWS::StepFunctions::StateMachineVersion": _version,
    "AWS::StepFunctions::StateMachineAlias": _version,
}
