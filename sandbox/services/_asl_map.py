"""The Map state of a sample execution: its items, batches of them, and what comes of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from sandbox.services._asl_errors import Failure
from sandbox.services._asl_paths import PathError, Unknown, fill, select

if TYPE_CHECKING:
    from sandbox.services._asl import State
    from sandbox.services._asl_states import Flow, _Visit

INLINE = 40  # AWS Step Functions Developer Guide: Using Map state in Inline mode; iterations, H
CHILDREN = 10_000  # AWS Step Functions Developer Guide: Quotas; child executions of a Map Run, H


def run_map(v: _Visit) -> Flow:
    """One attempt of a Map, its iterations in as many lanes as may run at once."""
    children = _children(v)
    most = int(v.number("MaxConcurrency", 0.0)) or CHILDREN
    most = min(most, CHILDREN if v.state.distributed else INLINE)
    v.runner.count(1, v.at_s)
    lanes = [v.at_s] * max(1, min(most, len(children)))
    outputs: list[Any] = []
    failures: list[Failure] = []
    machine = v.state.machines[0]
    for given, extra in children:
        lane = min(range(len(lanes)), key=lanes.__getitem__)
        before = v.runner.found.events
        if not v.state.distributed:
            v.runner.count(1, lanes[lane])
        try:
            output, lanes[lane] = v.runner.run(machine, given, lanes[lane], v.depth + 1, extra)
            outputs.append(output)
        except Failure as failure:
            failures.append(failure)
            lanes[lane] = failure.at_s
        if v.state.distributed:  # a child execution has a history of its own
            v.runner.found.events = before
        else:
            v.runner.count(1, lanes[lane])
    end = max(lanes)
    v.runner.count(1, end)
    if failures and not _tolerated(v, len(failures), len(children)):
        first = min(failures, key=lambda one: one.at_s)
        if v.state.distributed:
            text = f"{len(failures)} of {len(children)} items failed"
            raise Failure("States.ExceedToleratedFailureThreshold", text, first.at_s)
        raise first
    return v.end(_result(v, outputs), end, f"{len(children)} items, {len(lanes)} at a time")


def _children(v: _Visit) -> list[tuple[Any, dict[str, Any]]]:
    """The input of each iteration, and its part of the context object."""
    items = _items(v)
    selector = v.raw.get("ItemSelector", v.raw.get("Parameters"))
    found = []
    for k, item in enumerate(items):
        extra = {**v.extra, "Map": {"Item": {"Index": k, "Value": item}}}
        given = item
        if selector is not None:
            given = _filled(v, selector, {**v.context, **extra})
        found.append((given, extra))
    batcher = v.raw.get("ItemBatcher")
    if batcher is None:
        return found
    size = _number(v, batcher, "MaxItemsPerBatch", math.inf)
    size = len(found) if size > len(found) else max(1, int(size))
    common = {}
    if "BatchInput" in batcher:
        common["BatchInput"] = _filled(v, batcher["BatchInput"], v.context)
    batches = []
    for i in range(0, len(found), max(1, size)):
        batch = {**common, "Items": [given for given, _ in found[i : i + size]]}
        extra = {**v.extra, "Map": {"Item": {"Index": i // size, "Value": batch}}}
        batches.append((batch, extra))
    return batches


def _filled(v: _Visit, template: Any, context: Mapping[str, Any]) -> Any:
    """A template or expressions on the input of the Map, with this context object."""
    if v.state.jsonata:
        return v.resolve(template, context={k: c for k, c in context.items() if k[:1] != "_"})
    return fill(template, v.taken(), context)


def _number(v: _Visit, raw: Mapping[str, Any], field: str, otherwise: float) -> float:
    value = raw.get(field)
    if v.state.jsonata and isinstance(value, str):
        value = v.resolve(value)
    elif value is None and field + "Path" in raw:
        value = select(raw[field + "Path"], v.taken(), v.context)
    return float(value) if isinstance(value, (int, float)) else otherwise


def _items(v: _Visit) -> list[Any]:
    unknown = [Unknown(f"‹item {k}›") for k in range(v.runner.settings.items)]
    most = math.inf
    if "ItemReader" in v.raw:
        items = v.runner.settings.mocks.get(v.state.name, unknown)
        most = _number(v, v.raw["ItemReader"].get("ReaderConfig", {}), "MaxItems", math.inf)
    elif v.state.jsonata:
        items = v.resolve(v.raw["Items"]) if "Items" in v.raw else v.data
    else:
        items = v.taken()
        if "ItemsPath" in v.raw:
            items = select(v.raw["ItemsPath"], items, v.context)
    if not isinstance(items, list):
        if v.runner.settings.strict:
            raise PathError("a Map needs a list to go through")
        items = unknown
    return items[: int(most)] if 0 < most < len(items) else items


def _result(v: _Visit, outputs: list[Any]) -> Any:
    """The outputs of all, or, where a ResultWriter has put them into a bucket, where they are."""
    writer = v.raw.get("ResultWriter", {})
    if "Resource" not in writer:
        return outputs
    given = _filled(v, writer.get("Parameters", writer.get("Arguments", {})), v.context)
    given = given if isinstance(given, dict) else {}
    prefix = f"{str(given['Prefix']).rstrip('/')}/" if given.get("Prefix") else ""
    run = f"mapRun:sample/{v.state.raw.get('Label', v.state.name)}:1"
    return {
        "MapRunArn": f"arn:aws:states:us-east-1:123456789012:{run}",
        "ResultWriterDetails": {
            "Bucket": given.get("Bucket", ""),
            "Key": f"{prefix}1/manifest.json",
        },
    }


def _tolerated(v: _Visit, failed: int, items: int) -> bool:
    if not v.state.distributed:
        return False
    share = v.number("ToleratedFailurePercentage", 0.0)
    return failed <= max(v.number("ToleratedFailureCount", 0.0), items * share / 100.0)


def iterations(state: State, items: float) -> float:
    """How many iterations, or child executions, so many items make in the mean."""
    most = state.raw.get("ItemReader", {}).get("ReaderConfig", {}).get("MaxItems")
    if isinstance(most, (int, float)) and most > 0:
        items = min(items, float(most))
    size = state.raw.get("ItemBatcher", {}).get("MaxItemsPerBatch")
    return math.ceil(items / size) if isinstance(size, int) and size > 0 else items
