"""Definitions that are refused, and the words of the refusal."""

# fmt: off
from __future__ import annotations

from typing import Any

from tests.services.definitions.shapes import (
    ALL_TO_SORRY,
    JSONATA,
    SORRY,
    last,
    states,
    task,
)

_PASS = {"Type": "Pass", "End": True}
INVALID: dict[str, tuple[Any, str]] = {
    "a Task without a Resource": (states("A", A={"Type": "Task", "End": True}), "Resource"),
    "a Choice that ends": (
        states("A", A={"Type": "Choice", "End": True, "Choices": [
            {"Variable": "$.a", "IsNull": True, "Next": "B"}]}, B=_PASS), "End"),
    "a rule of two comparisons": (
        states("A", A={"Type": "Choice", "Choices": [
            {"Variable": "$.a", "IsNull": True, "IsString": True, "Next": "B"}]}, B=_PASS),
        "one comparison"),
    "a Next within And": (
        states("A", A={"Type": "Choice", "Choices": [
            {"And": [{"Variable": "$.a", "IsNull": True, "Next": "B"}], "Next": "B"}]}, B=_PASS),
        "outermost"),
    "a Wait of two times": (states("A", A=last("Wait", Seconds=1, SecondsPath="$.s")), "one of"),
    "a time without a zone": (
        states("A", A=last("Wait", Timestamp="2026-01-05 08:00")), "RFC 3339"),
    "a branch that leads out of its machine": (
        states("A", A=last("Parallel", Next="B", Branches=[
            states("C", C={"Type": "Pass", "Next": "B"})]), B=_PASS), 'no state "B"'),
    "a Map without a machine": (states("A", A=last("Map")), "ItemProcessor"),
    "a mode that does not exist": (
        states("A", A=last("Map", ItemProcessor={**states("B", B=_PASS), "ProcessorConfig": {
            "Mode": "PARALLEL"}})), "INLINE"),
    "children of a type that does not exist": (
        states("A", A=last("Map", ItemProcessor={**states("B", B=_PASS), "ProcessorConfig": {
            "Mode": "DISTRIBUTED", "ExecutionType": "FAST"}})), "STANDARD"),
    "a retrier behind States.ALL": (
        states("A", A=task(Retry=[{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["B"]}])),
        "last entry"),
    "a catcher of a Pass": (states("A", A=last("Pass", Catch=ALL_TO_SORRY), Sorry=SORRY), "Catch"),
    "a result for several places": (states("A", A=task(ResultPath="$.a[*]")), "more than one"),
    "an intrinsic function that does not exist": (
        states("A", A=last("Pass", Parameters={"x.$": "States.Sum($.a)"})), "Sum"),
    "a path that is none": (states("A", A=last("Pass", Parameters={"x.$": "a.b"})), "path"),
    "Parameters in JSONata": (
        states("A", JSONATA, A=task(Parameters={"x": 1})), "JSONata"),
    "an expression that is none": (
        states("A", JSONATA, A=last("Pass", Output="{% $states.input.( %}")), "JSONata"),
    "an expression within arguments that is none": (
        states("A", JSONATA, A=task(Arguments={"x": [{"y": "{% 1 + %}"}]})), "JSONata"),
    "a Fail with two errors": (
        states("A", A={"Type": "Fail", "Error": "E", "ErrorPath": "$.e"}), "ErrorPath"),
    "a heartbeat as long as the timeout": (
        states("A", A=task(HeartbeatSeconds=9, TimeoutSeconds=9)), "HeartbeatSeconds"),
    "two timeouts": (states("A", A=task(TimeoutSeconds=9, TimeoutSecondsPath="$.t")), "Path"),
    "a state that nothing leads to": (states("A", A=_PASS, B=_PASS), "nothing leads"),
    "a list of states": ({"StartAt": "A", "States": [_PASS]}, "States"),
    "batches that are no object": (
        states("A", A=last("Map", ItemBatcher=5, ItemProcessor=states("B", B=_PASS))), "object"),
    "a list of assignments": (states("A", A=last("Pass", Assign=[1])), "object"),
    "an assignment of no path": (states("A", A=last("Pass", Assign={"x.$": 5})), "path"),
    "a pause of no number": (
        states("A", A=task(Retry=[{"ErrorEquals": ["B"], "IntervalSeconds": None}])), "number"),
    "a path that is a number": (states("A", A=task(TimeoutSecondsPath=5)), "path"),
    "a reader whose settings are a text": (
        states("A", A=last("Map", ItemProcessor=states("B", B=_PASS),
                           ItemReader={"ReaderConfig": "CSV"})), "object"),
    "a limit of no seconds": ({**states("A", A=_PASS), "TimeoutSeconds": 0}, "TimeoutSeconds"),
}
