"""Amazon States Language: read, refused where it is wrong, and run step by step."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from sandbox.services._asl import AslError, parse, walk
from sandbox.services._asl_choice import COMPARISONS, holds
from sandbox.services._asl_errors import matches
from sandbox.services._asl_paths import PathError, fill, put, select
from sandbox.services._asl_run import HISTORY_EVENTS, Settings, execute
from sandbox.services.trial import Execution, log_text

REAL = Path(os.environ.get("SANDBOX_REAL_INPUTS", "")) / "asl"
FILES = sorted(REAL.glob("*.json")) if os.environ.get("SANDBOX_REAL_INPUTS") else []
BROKEN = "sfn-iot-data-analytics-dataset.asl.json"
VALID = [file for file in FILES if file.name != BROKEN]


def machine(start: str, **states: Any) -> str:
    return json.dumps({"StartAt": start, "States": states})


def task(**more: Any) -> dict[str, Any]:
    end = {} if "Next" in more else {"End": True}
    return {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", **end, **more}


def sample(definition: str, data: Any = None, **settings: Any) -> Execution:
    return execute(parse(definition), {} if data is None else data, Settings(**settings))


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.name)
def test_a_real_definition_runs_to_its_end_and_prints_a_log(file: Path) -> None:
    found = parse(file.read_text())
    run = execute(found, {})
    assert run.status == "SUCCEEDED"
    assert run.transitions >= 1
    assert {step.state for step in run.steps} <= {state.name for state, _ in walk(found)}
    lines = log_text(run)
    assert lines[0].strip().startswith("0.00 s")
    assert "SUCCEEDED" in lines[-1]
    assert execute(found, {}) == run  # the same again


@pytest.mark.skipif(not FILES, reason="needs SANDBOX_REAL_INPUTS")
def test_what_is_not_json_is_refused_with_its_place() -> None:
    with pytest.raises(AslError, match="line 10, column 33") as caught:
        parse((REAL / BROKEN).read_text())
    assert (caught.value.line, caught.value.column) == (10, 33)


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('{\n "StartAt": "A",\n "States": {}\n}', "line 3, column 12", "at least one state"),
        ('{"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}', "column 13", 'there are "A"'),
        ('{"StartAt": "A",\n"States": {"A": {"Type": "Pas"}}}', "line 2, column 26", "no Type"),
        ('{"StartAt": "A", "States": {"A": {"Type": "Pass"}}}', "column 34", "either"),
        (
            '{"StartAt": "A",\n"States": {"A": {"Type": "Pass",\n "Next": "B"}}}',
            "line 3, column 10",
            'no state "B"',
        ),
        (
            '{"StartAt": "A",\n"States": {"A": {"Type": "Succeed"},\n"B": {"Type": "Succeed"}}}',
            "line 3, column 1",
            "nothing leads",
        ),
        (
            '{"StartAt": "A", "States": {"A": {"Type": "Succeed",\n "Resorce": ""}}}',
            "line 2, column 2",
            "no field",
        ),
        (
            '{"StartAt": "A", "States": {"A": {"Type": "Succeed"},\n "A": {"Type": "Fail"}}}',
            "line 2, column 2",
            "twice",
        ),
    ],
)
def test_a_mistake_is_named_by_line_and_column(text: str, place: str, words: str) -> None:
    with pytest.raises(AslError, match=words) as caught:
        parse(text)
    assert place in str(caught.value)


@pytest.mark.parametrize(
    "wrong",
    [
        task(Retry=[{"ErrorEquals": ["States.ALL", "X"]}]),
        task(Retry=[{"ErrorEquals": ["States.ALL"]}, {"ErrorEquals": ["X"]}]),
        task(Retry=[{"ErrorEquals": ["States.Nonsense"]}]),
        task(Retry=[{"ErrorEquals": ["X"], "BackoffRate": 0.9}]),
        task(Retry=[{"ErrorEquals": ["X"], "IntervalSeconds": 0}]),
        task(Catch=[{"ErrorEquals": ["X"]}]),
        task(HeartbeatSeconds=10, TimeoutSeconds=10),
        task(Parameters={"a.$": "no path"}),
        task(Parameters={"a.$": "States.Nothing($)"}),
        {"Type": "Wait", "Seconds": 1, "Timestamp": "2026-01-01T00:00:00Z", "End": True},
        {"Type": "Wait", "Timestamp": "tomorrow", "End": True},
        {"Type": "Map", "End": True},
        {"Type": "Parallel", "Branches": [], "End": True},
        {"Type": "Choice", "Choices": [{"Variable": "$.a", "StringEquals": 1, "Next": "A"}]},
        {"Type": "Choice", "Choices": [{"Variable": "$.a", "Looks": "x", "Next": "A"}]},
        {"Type": "Choice", "End": True, "Choices": [{"Variable": "$.a", "IsNull": True}]},
    ],
)
def test_what_the_language_does_not_allow_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(AslError, match="line 1, column"):
        parse(machine("A", A=wrong))


def test_paths_find_fields_lists_slices_and_filters() -> None:
    data = {"a": {"b c": [1, 2, 3]}, "l": [{"p": 5, "q": "x"}, {"p": 12}]}
    assert select("$.a['b c'][1]", data, {}) == 2
    assert select("$.a['b c'][-1]", data, {}) == 3
    assert select("$.a['b c'][0:2]", data, {}) == [1, 2]
    assert select("$.l[*].p", data, {}) == [5, 12]
    assert select("$..p", data, {}) == [5, 12]
    assert select("$.l[?(@.p < 10)].q", data, {}) == ["x"]
    assert select("$$.Execution.Name", data, {"Execution": {"Name": "n"}}) == "n"
    with pytest.raises(PathError, match="finds nothing"):
        select("$.no", data, {})
    assert put("$.a.new.deep", data, 7)["a"]["new"] == {"deep": 7}
    assert "new" not in data["a"]


@pytest.mark.parametrize(
    ("call", "value"),
    [
        ("States.Format('Hi {} of {}', $.name, 3)", "Hi Ada of 3"),
        ("States.Format('\\{\\} {}', $.name)", "{} Ada"),
        ("States.StringToJson('[1, 2]')", [1, 2]),
        ("States.JsonToString($.l)", "[1,2,3,4]"),
        ("States.Array(1, 'a', true, null)", [1, "a", True, None]),
        ("States.ArrayPartition($.l, 3)", [[1, 2, 3], [4]]),
        ("States.ArrayContains($.l, 4)", True),
        ("States.ArrayRange(1, 9, 4)", [1, 5, 9]),
        ("States.ArrayGetItem($.l, 2)", 3),
        ("States.ArrayLength($.l)", 4),
        ("States.ArrayUnique(States.Array(1, 2, 1))", [1, 2]),
        ("States.Base64Decode(States.Base64Encode($.name))", "Ada"),
        ("States.Hash('abc', 'SHA-1')", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        ("States.JsonMerge($.o, States.StringToJson('{\"b\": 2}'), false)", {"a": 1, "b": 2}),
        ("States.MathAdd(4, -1)", 3),
        ("States.StringSplit('1,2+3', ',+')", ["1", "2", "3"]),
    ],
)
def test_an_intrinsic_function_computes(call: str, value: Any) -> None:
    data = {"name": "Ada", "l": [1, 2, 3, 4], "o": {"a": 1}}
    assert fill({"x.$": call}, data, {}) == {"x": value}


@pytest.mark.parametrize("name", COMPARISONS)
def test_every_comparison_tells_two_cases_apart(name: str) -> None:
    times = ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")
    if name.startswith("Is"):
        here = {"IsPresent": 0, "IsNull": None, "IsString": "x", "IsNumeric": 1}
        here |= {"IsBoolean": False, "IsTimestamp": times[0]}
        rule = {"Variable": "$.a", name: True}
        assert holds(rule, {"a": here[name]}, {})
        other = {} if name == "IsPresent" else {"a": [1]}
        assert not holds(rule, other, {})
        return
    if name == "StringMatches":
        assert holds({"Variable": "$.a", name: "a*.txt"}, {"a": "abc.txt"}, {})
        assert not holds({"Variable": "$.a", name: "a\\*.txt"}, {"a": "abc.txt"}, {})
        return
    plain = name.removesuffix("Path")
    low, high = {"S": ("a", "b"), "N": (1, 2), "T": times, "B": (False, True)}[plain[0]]
    right, wrong = (low, low), (low, high)
    if "LessThan" in plain:
        right, wrong = (low, high), (high, low)
    elif "GreaterThan" in plain:
        right, wrong = (high, low), (low, high)
    for (a, b), expected in ((right, True), (wrong, False)):
        rule = {"Variable": "$.a", name: "$.b" if name.endswith("Path") else b}
        assert holds(rule, {"a": a, "b": b}, {}) is expected
    assert not holds({"Variable": "$.a", plain: right[1]}, {"a": [1]}, {})


def test_data_goes_through_the_five_paths_in_order() -> None:
    definition = machine(
        "A",
        A=task(
            InputPath="$.in",
            Parameters={"both.$": "States.Format('{}-{}', $.x, $$.State.Name)", "c": 1},
            ResultSelector={"kept.$": "$.r.v"},
            ResultPath="$.result",
            OutputPath="$.result",
        ),
    )
    found = sample(definition, {"in": {"x": 1}}, mocks={"A": {"r": {"v": 9, "w": 0}}})
    assert found.output == {"kept": 9}
    assert found.steps[0].input == {"in": {"x": 1}}


def test_a_retry_waits_longer_each_time_and_then_a_catcher_takes_over() -> None:
    definition = machine(
        "A",
        A=task(
            Retry=[{"ErrorEquals": ["Busy"], "IntervalSeconds": 3, "MaxAttempts": 2}],
            Catch=[{"ErrorEquals": ["States.ALL"], "Next": "B", "ResultPath": "$.why"}],
        ),
        B={"Type": "Pass", "End": True},
    )
    found = sample(definition, {"id": 7}, mocks={"A": {"Error": "Busy", "Cause": "full"}})
    assert [step.start_s for step in found.steps] == [0, 1 + 3, 5 + 6, 12]
    assert found.output == {"id": 7, "why": {"Error": "Busy", "Cause": "full"}}
    assert found.transitions == 4  # three attempts and the catcher's state


def test_mocks_by_call_let_a_retry_succeed() -> None:
    definition = machine("A", A=task(Retry=[{"ErrorEquals": ["States.ALL"]}]))
    found = sample(definition, mocks={"A": [{"Error": "X"}, {"ok": 1}]})
    assert (found.status, found.output, found.end_s) == ("SUCCEEDED", {"ok": 1}, 3.0)


def test_a_parallel_ends_with_its_longest_branch_and_fails_with_the_first() -> None:
    def branch(name: str, state: dict[str, Any]) -> dict[str, Any]:
        return {"StartAt": name, "States": {name: state}}

    both = {
        "Type": "Parallel",
        "End": True,
        "Branches": [branch("A", task()), branch("B", {**task(), "Type": "Task"})],
    }
    settings = {"durations": {"A": 3.0, "B": 5.0}}
    found = sample(machine("P", P=both), mocks={"A": 1, "B": 2}, **settings)
    assert (found.output, found.end_s) == ([1, 2], 5.0)
    failed = sample(machine("P", P=both), mocks={"A": {"Error": "X"}}, **settings)
    assert (failed.status, failed.error, failed.end_s) == ("FAILED", "X", 3.0)


def test_a_map_takes_so_many_items_at_a_time() -> None:
    inner = {"StartAt": "A", "States": {"A": task()}}
    block = {"Type": "Map", "ItemsPath": "$.l", "MaxConcurrency": 2, "Iterator": inner, "End": True}
    found = sample(machine("M", M=block), {"l": [1, 2, 3, 4, 5]})
    assert found.end_s == 3.0
    assert found.transitions == 1 + 5


def test_a_choice_without_data_takes_its_branches_in_turn_unless_the_sample_is_strict() -> None:
    definition = machine(
        "C",
        C={"Type": "Choice", "Choices": [{"Variable": "$.x", "NumericEquals": 1, "Next": "C"}],
           "Default": "D"},
        D={"Type": "Succeed"},
    )  # fmt: skip
    assert [step.next for step in sample(definition).steps] == ["C", "D", ""]
    strict = sample(definition, strict=True)
    assert (strict.status, strict.error) == ("FAILED", "States.Runtime")
    assert sample(definition, {"x": 2}).steps[0].next == "D"


def test_an_endless_loop_ends_when_its_history_is_full() -> None:
    found = sample(machine("A", A={"Type": "Pass", "Next": "A"}))
    assert (found.status, found.events) == ("FAILED", HISTORY_EVENTS)
    assert "25,000" in found.cause


def test_a_task_token_is_waited_for_until_the_heartbeat_fails() -> None:
    resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
    slow = machine("A", A={**task(HeartbeatSeconds=30), "Resource": resource})
    assert sample(slow, token_s=60.0).error == "States.HeartbeatTimeout"
    assert sample(slow, token_s=20.0).end_s == 20.0


def test_jsonata_is_evaluated() -> None:
    definition = json.dumps(
        {
            "QueryLanguage": "JSONata",
            "StartAt": "A",
            "States": {
                "A": {
                    "Type": "Pass",
                    "Output": {"sum": "{% $sum($states.input.l) %}"},
                    "Assign": {"n": "{% $count($states.input.l) %}"},
                    "Next": "C",
                },
                "C": {
                    "Type": "Choice",
                    "Choices": [{"Condition": "{% $states.input.sum > 5 and $n = 3 %}",
                                 "Next": "D"}],
                    "Default": "E",
                },
                "D": {"Type": "Succeed"},
                "E": {"Type": "Fail"},
            },
        }
    )  # fmt: skip
    found = sample(definition, {"l": [1, 2, 3]})
    assert (found.status, found.output) == ("SUCCEEDED", {"sum": 6})
    assert sample(definition, {"l": [1, 2]}).status == "FAILED"


def test_errors_are_taken_by_those_that_name_them() -> None:
    assert matches(("States.TaskFailed",), "Lambda.Unknown")
    assert not matches(("States.TaskFailed",), "States.Timeout")
    assert matches(("States.ALL",), "States.Timeout")
    assert not matches(("States.ALL",), "States.Runtime")
    assert not matches(("States.ALL",), "States.DataLimitExceeded")
