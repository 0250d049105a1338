"""The graph of a state machine: what is drawn, what flows where; samples with drawn failures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from sandbox.engine.states import states
from sandbox.services._asl import parse, walk
from sandbox.services._asl_fluid import Plan
from sandbox.services._step_functions_graph import draw
from sandbox.services.contract import Setup
from sandbox.services.step_functions import SERVICE, Params, plan
from sandbox.services.trial import log_text
from tests.services.test_step_functions import VALID, machine, task, wait
from tests.services.test_step_functions import states as definition

SETUP = Setup("m", 0, "", 0.0, 60.0, 1.0, "current", "us-east-1", 1, (), (), ())


def planned(text: str) -> Plan:
    return plan(Params(definition=text), SETUP)


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.name)
def test_a_real_definition_is_drawn_whole_in_the_order_of_its_cells(file: Path) -> None:
    text = file.read_text()
    drawing = draw(Params(definition=text))
    names = [place.name for place in drawing.places]
    assert names == planned(text).names
    assert set(names) == {state.name for state, _ in walk(parse(text))}
    assert {end for way in drawing.ways for end in (way.source, way.target)} <= set(names)
    assert {place.inside for place in drawing.places} - {""} <= set(names)
    assert sum(place.begins and not place.inside for place in drawing.places) == 1


def test_a_way_is_said_in_words() -> None:
    choice = {
        "Type": "Choice",
        "Choices": [
            {"Variable": "$.n", "NumericGreaterThanEquals": 5, "Next": "A"},
            {"Not": {"Variable": "$.n", "IsPresent": True}, "Next": "A"},
        ],
        "Default": "B",
    }
    retry = {"ErrorEquals": ["Busy"], "MaxAttempts": 2, "IntervalSeconds": 3}
    caught = [{"ErrorEquals": ["States.ALL"], "Next": "B"}]
    text = definition("C", C=choice, A=task(Retry=[retry], Catch=caught), B=wait(1))
    said = {(w.source, w.target, w.kind): w.words for w in draw(Params(definition=text)).ways}
    assert said == {
        ("C", "A", "choice"): "$.n ≥ 5 or not ($.n is present)",
        ("C", "B", "choice"): "otherwise",
        ("A", "A", "retry"): "Busy: 2 times after 3 s, each pause × 2",
        ("A", "B", "catch"): "States.ALL",
    }


def rates(run: Any) -> tuple[dict[str, tuple[float, float, float]], dict[Any, float]]:
    seen = states(run, "m")
    assert seen is not None
    figures = seen.figures
    columns = zip(figures.held, figures.entering, figures.failing, strict=True)
    inside = {p.name: c for p, c in zip(seen.drawing.places, columns, strict=True)}
    ways = zip(seen.drawing.ways, figures.flows, strict=True)
    return inside, {(w.source, w.target, w.kind): float(flow) for w, flow in ways}


def test_the_graph_shows_what_is_in_each_state_and_on_each_way() -> None:
    choice = {
        "Type": "Choice",
        "Choices": [{"Variable": "$.x", "IsPresent": True, "Next": "Slow"}],
        "Default": "Quick",
    }
    text = definition("C", C=choice, Slow=wait(10), Quick=wait(2))
    given = [
        {"state": "C", "next": "Slow", "share": 1},
        {"state": "C", "next": "Quick", "share": 3},
    ]
    run = machine(text, rate=20.0, seconds=60.0, choices=given)
    inside, ways = rates(run)
    assert inside["Slow"] == pytest.approx((50.0, 5.0, 0.0), rel=0.02, abs=1e-6)
    assert inside["Quick"] == pytest.approx((30.0, 15.0, 0.0), rel=0.02, abs=1e-6)
    assert ways[("C", "Slow", "choice")] == pytest.approx(5.0, rel=1e-3)
    assert ways[("C", "Quick", "choice")] == pytest.approx(15.0, rel=1e-3)


def test_retries_and_catches_carry_what_failed() -> None:
    retry = {"ErrorEquals": ["States.ALL"], "MaxAttempts": 1, "IntervalSeconds": 1}
    caught = [{"ErrorEquals": ["States.ALL"], "Next": "Lost"}]
    text = definition("A", A=task("Done", Retry=[retry], Catch=caught), Done=wait(1), Lost=wait(1))
    run = machine(text, 20.0, 60.0, states=[{"state": "A", "failure_share": 0.5}])
    inside, ways = rates(run)
    assert ways[("A", "A", "retry")] == pytest.approx(10.0, rel=1e-3)  # half of 20 a second
    assert ways[("A", "Lost", "catch")] == pytest.approx(5.0, rel=1e-3)  # and half of those
    assert ways[("A", "Done", "next")] == pytest.approx(15.0, rel=1e-3)
    assert inside["A"][2] == pytest.approx(15.0, rel=1e-3)


def test_a_parallel_and_a_map_show_what_is_in_their_branches() -> None:
    inner = {"StartAt": "I", "States": {"I": wait(2)}}
    block = {"Type": "Map", "Iterator": inner, "MaxConcurrency": 0, "End": True}
    run = machine(definition("M", M=block), 5.0, 60.0, map_items=4)
    inside, _ = rates(run)
    assert inside["M"][0] == pytest.approx(10.0, rel=0.02)  # 5/s for 2 s
    assert inside["I"][0] == pytest.approx(40.0, rel=0.02)


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.name)
def test_failures_are_drawn_by_the_seed_and_the_log_is_the_same_again(file: Path) -> None:
    params = Params(definition=file.read_text())
    trial = SERVICE.graph.trial  # type: ignore[union-attr]
    assert trial is not None
    calm = trial(params, "{}", 0, 0.5)
    assert calm.status == "SUCCEEDED"
    logs = [log_text(trial(params, "{}", seed, 0.5)) for seed in range(1, 9)]
    assert logs == [log_text(trial(params, "{}", seed, 0.5)) for seed in range(1, 9)]
    tasks = [state for state, _ in walk(parse(params.definition)) if state.kind == "Task"]
    if any(step.kind == "Task" for step in calm.steps):
        assert tasks
        assert len({tuple(log) for log in logs}) > 1
        assert any("drawn: 0.5 of the attempts fail" in line for log in logs for line in log)


def test_without_failures_a_seed_changes_nothing_that_is_not_random() -> None:
    params = Params(definition=definition("A", A=task()))
    trial = SERVICE.graph.trial  # type: ignore[union-attr]
    assert trial is not None
    assert log_text(trial(params, '{"a": 1}', 7, 0.0)) == log_text(
        trial(params, '{"a": 1}', 0, 0.9)
    )


@pytest.mark.parametrize(
    ("parameter", "text", "place"),
    [
        ("definition", '{\n "StartAt": "A",\n "States": {}\n}', (3, 12)),
        ("sample_input", '{\n "a": }', (2, 7)),
        ("mocks", " [1]", (1, 2)),
    ],
)
def test_a_mistake_in_a_text_has_a_line_and_a_column(
    parameter: str, text: str, place: tuple[int, int]
) -> None:
    (declared,) = [one for one in SERVICE.texts if one.parameter == parameter]
    found = declared.check(text)
    assert found is not None
    assert (found.line, found.column) == place
    assert found.words
    assert declared.check(json.dumps({"StartAt": "A", "States": {"A": wait(1)}})) is None
