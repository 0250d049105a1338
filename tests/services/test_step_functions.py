"""State machines as fluids: executions in flight, failures, limits, and what they ask of others."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from sandbox.engine.why import bars
from sandbox.services import catalogue
from sandbox.services._asl import AslError
from sandbox.services.step_functions import Params, service_of
from tests.simulation import go, simulate

REAL = Path(os.environ.get("SANDBOX_REAL_INPUTS", "")) / "asl"
FILES = sorted(REAL.glob("*.json")) if os.environ.get("SANDBOX_REAL_INPUTS") else []
VALID = [file for file in FILES if "iot-data" not in file.name]


def states(start: str, **found: Any) -> str:
    return json.dumps({"StartAt": start, "States": found})


def wait(seconds: float, after: str = "") -> dict[str, Any]:
    return {"Type": "Wait", "Seconds": seconds, **({"Next": after} if after else {"End": True})}


def task(after: str = "", **more: Any) -> dict[str, Any]:
    end: dict[str, Any] = {"Next": after} if after else {"End": True}
    return {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", **end, **more}


def machine(
    definition: str,
    rate: float = 20.0,
    seconds: float = 60.0,
    *,
    more: dict[str, Any] | None = None,
    links: tuple[str, ...] = (),
    mode: str = "async",
    era: str = "current",
    region: str = "us-east-1",
    tick_s: float = 1.0,
    kb: float = 1.0,
    **params: Any,
) -> Any:
    nodes = {
        "c": ("clients", {"rate_per_s": rate, "payload_kb": kb}),
        "m": ("step_functions", {"definition": definition, **params}),
        **(more or {}),
    }
    link = f"c.out > m.in {{'mode': '{mode}'}}"
    return simulate(nodes, [link, *links], seconds=seconds, era=era, region=region, tick_s=tick_s)


def lost(run: Any, cause: str) -> float:
    return float(run.losses("m")[cause][0])


def test_a_sequence_holds_its_rate_times_its_duration() -> None:
    # 20/s through 3 s and 5 s
    now = machine(states("A", A=wait(3, "B"), B=wait(5))).now("m")
    assert now["in_flight"] == pytest.approx(20 * 8, rel=0.02)
    assert now["served"] == pytest.approx(20)


@pytest.mark.parametrize("tick_s", [0.5, 10.0])
def test_a_sequence_holds_the_same_whatever_the_tick(tick_s: float) -> None:
    now = machine(states("A", A=wait(3, "B"), B=wait(5)), tick_s=tick_s).now("m")
    assert now["in_flight"] == pytest.approx(20 * 8, rel=0.02)


def test_a_fixed_time_is_waited_in_full() -> None:
    run = machine(states("A", A=wait(30)), seconds=29)
    assert run.now("m")["served"] == 0
    go(run, 2)
    assert run.now("m")["served"] == pytest.approx(20)


def test_a_parallel_holds_its_rate_times_its_longest_branch() -> None:
    branches = [{"StartAt": "A", "States": {"A": wait(3)}},
                {"StartAt": "B", "States": {"B": wait(5)}}]  # fmt: skip
    block = {"Type": "Parallel", "Branches": branches, "End": True}
    now = machine(states("P", P=block)).now("m")
    assert now["in_flight"] == pytest.approx(20 * 5, rel=0.02)
    assert now["transitions"] == pytest.approx(20 * 3, rel=0.01)


def test_a_retry_holds_its_attempts_and_pauses() -> None:
    # 1 + 0.3 + 0.09 + 0.027 attempts of 1 s, after pauses of 3, 6 and 12 s
    retry = [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 3}]
    given = {"states": [{"state": "A", "failure_share": 0.3}]}
    now = machine(states("A", A=task(Retry=retry)), seconds=90, **given).now("m")
    lasts = 1.417 + 0.3 * 3 + 0.09 * 6 + 0.027 * 12
    assert now["in_flight"] == pytest.approx(20 * lasts, rel=0.02)
    assert now["execution_time"] == pytest.approx(lasts, rel=0.01)
    assert now["executions_failed"] == pytest.approx(20 * 0.3**4, rel=0.01)


def test_a_polling_loop_holds_its_turns() -> None:
    # half of them leave each turn of 6 s: two turns
    rule = {"Variable": "$.done", "BooleanEquals": True, "Next": "S"}
    loop = states(
        "W", W=wait(5, "T"), T=task("C"), C={"Type": "Choice", "Choices": [rule], "Default": "W"},
        S={"Type": "Succeed"},
    )  # fmt: skip
    now = machine(loop, seconds=300).now("m")
    assert now["in_flight"] == pytest.approx(20 * 12, rel=0.02)
    assert now["execution_time"] == pytest.approx(12, rel=0.01)


def test_a_choice_goes_by_the_shares_that_are_given() -> None:
    rule = {"Variable": "$.x", "NumericEquals": 1, "Next": "F"}
    choice = {"Type": "Choice", "Choices": [rule], "Default": "S"}
    definition = states("C", C=choice, F={"Type": "Fail"}, S={"Type": "Succeed"})
    shares = [{"state": "C", "next": "F", "share": 1}, {"state": "C", "next": "S", "share": 3}]
    run = machine(definition, choices=shares)
    assert lost(run, "fail_state") == pytest.approx(5)
    assert run.now("m")["served"] == pytest.approx(15)


def test_a_choice_goes_by_the_attributes_of_the_request_classes() -> None:
    from sandbox.document.records import RequestClass

    rule = {"Variable": "$.kind", "StringEquals": "bad", "Next": "F"}
    choice = {"Type": "Choice", "Choices": [rule], "Default": "S"}
    definition = states("C", C=choice, F={"Type": "Fail"}, S={"Type": "Succeed"})
    classes = (
        RequestClass("a", share=0.9, attributes={"kind": "good"}),
        RequestClass("b", share=0.1, attributes={"kind": "bad"}),
    )
    nodes = {
        "c": ("clients", {"rate_per_s": 20.0}),
        "m": ("step_functions", {"definition": definition}),
    }
    run = simulate(nodes, ["c.out > m.in"], seconds=10, classes=classes)
    assert lost(run, "fail_state") == pytest.approx(2)


def test_a_linked_node_does_the_work_of_a_task() -> None:
    servers = {"e": ("external", {"servers": 100, "service_time_s": 0.5})}
    run = machine(states("A", A=task()), more=servers, links=("m.tasks > e.in {'state': 'A'}",))
    assert run.now("e")["arrivals"] == pytest.approx(20, rel=0.01)
    assert run.now("m")["in_flight"] == pytest.approx(10, rel=0.02)


def test_a_function_is_linked_by_the_resource_of_the_task() -> None:
    more = {"f": ("lambda_function", {"cpu_time_ms": 0.0, "wait_time_ms": 400.0})}
    run = machine(states("A", A=task()), more=more, links=("m.tasks > f.in",), seconds=120)
    assert run.now("f")["invocations"] == pytest.approx(20, rel=0.01)
    assert run.now("m")["execution_time"] == pytest.approx(0.4, rel=0.05)


def test_the_failures_of_a_linked_node_are_retried_and_caught_and_not_seen_by_the_caller() -> None:
    # 10/s fit; what is rejected is tried four times in all, then goes to the Fail state
    more = {"e": ("external", {"servers": 5, "service_time_s": 0.5, "queue_limit": 5})}
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "F"}]
    definition = states(
        "A", A=task(Retry=[{"ErrorEquals": ["States.ALL"]}], Catch=catch), F={"Type": "Fail"}
    )
    run = machine(definition, more=more, links=("m.tasks > e.in {'state': 'A'}",), seconds=200)
    assert run.now("m")["served"] == pytest.approx(10, rel=0.02)
    assert lost(run, "fail_state") == pytest.approx(10, rel=0.02)
    assert run.now("e")["arrivals"] > 50
    assert run.now("c")["served"] == pytest.approx(20)


def test_who_waits_for_an_express_execution_sees_its_time_and_its_failures() -> None:
    given = {"states": [{"state": "A", "failure_share": 0.25}], "type": "express"}
    now = machine(states("A", A=task()), mode="sync", **given).now("c")
    assert now["served"] == pytest.approx(15, rel=0.01)
    assert now["failed"] == pytest.approx(5, rel=0.01)
    assert now["latency_mean"] == pytest.approx(1.0, rel=0.05)


def test_one_failed_branch_fails_the_parallel_and_its_catcher_takes_it() -> None:
    branches = [{"StartAt": "A", "States": {"A": task()}},
                {"StartAt": "B", "States": {"B": task()}}]  # fmt: skip
    catch = [{"ErrorEquals": ["States.ALL"], "Next": "F"}]
    block = {"Type": "Parallel", "Branches": branches, "Catch": catch, "End": True}
    failing = [{"state": "A", "failure_share": 0.2}, {"state": "B", "failure_share": 0.5}]
    run = machine(states("P", P=block, F={"Type": "Fail"}), states=failing)
    assert lost(run, "fail_state") == pytest.approx(20 * (1 - 0.8 * 0.5), rel=0.02)


def test_an_endless_loop_fails_when_its_history_is_full_and_not_before() -> None:
    # a turn of 61 s writes 7 events: 25,000 are full after 60.5 h
    loop = states("W", W=wait(60, "T"), T=task("W"))
    hours = 25_000 / 7 * 61 / 3600
    run = machine(loop, 0.01, (hours - 1) * 3600, tick_s=10.0)
    assert lost(run, "history_full") == 0
    go(run, 40 * 3600)
    assert lost(run, "history_full") == pytest.approx(0.01, rel=0.02)
    assert run.now("m")["in_flight"] == pytest.approx(0.01 * hours * 3600, rel=0.02)
    assert lost(run, "timed_out") == 0


def test_two_machines_share_the_transitions_of_the_account() -> None:
    chain = {f"S{i}": {"Type": "Pass", "Next": f"S{i + 1}"} for i in range(19)}
    definition = states("S0", **chain, S19={"Type": "Pass", "End": True})
    nodes: dict[str, Any] = {
        "c": ("clients", {"rate_per_s": 260.0}),
        "m": ("step_functions", {"definition": definition}),
        "n": ("step_functions", {"definition": definition}),
    }
    run = simulate(nodes, ["c.out > m.in", "c.out > n.in"], seconds=60)
    both = [run.now(node)["transitions"] for node in ("m", "n")]
    assert sum(both) == pytest.approx(5000, rel=0.02)  # of 5,200 wanted
    assert run.now("m")["backlog"] + run.now("n")["backlog"] > 0


def test_another_definition_ends_what_runs() -> None:
    from sandbox.document.edits import set_params

    run = machine(states("A", A=wait(30)), seconds=20)
    document = run.program.schedule.document
    document.apply(set_params(document, {"m": {"definition": states("B", B=wait(1))}}))
    run.edit(document)
    go(run, 1)
    assert lost(run, "aborted") == pytest.approx(400, rel=0.01)
    go(run, 10)
    assert run.now("m")["in_flight"] == pytest.approx(20, rel=0.02)


def test_the_bars_show_each_state_by_name() -> None:
    run = machine(states("A", A=wait(3, "B"), B=wait(6)))
    (drawn,) = bars(run, "m")
    assert [bar.name for bar in drawn.bars] == ["A", "B"]
    assert [bar.value for bar in drawn.bars] == pytest.approx([0.5, 1.0], abs=1e-3)
    assert drawn.bars[1].note == "Wait: 120 executions, 20 enter a second"


def test_a_wrong_definition_is_refused_by_line_and_column() -> None:
    wrong = catalogue().check_params("step_functions", {"definition": '{"StartAt": 1\n "x"}'})
    assert wrong[0][0] == "definition"
    assert "line 2, column 2" in wrong[0][1]
    with pytest.raises((ValueError, AslError), match="line 1"):
        Params(definition="{}")


@pytest.mark.parametrize("file", VALID, ids=lambda file: file.name)
def test_a_real_definition_runs_as_a_node(file: Path) -> None:
    run = machine(file.read_text(), 2.0, 300, tick_s=2.0, map_items=5)
    now = run.now("m")
    assert now["served"] + now["executions_failed"] == pytest.approx(2, rel=0.05)
    assert now["in_flight"] == pytest.approx(2 * now["execution_time"], rel=0.02)


def test_batches_and_a_limit_of_items_make_fewer_children() -> None:
    def children(**more: Any) -> float:
        inner = {**json.loads(states("B", B=task())), "ProcessorConfig": {"Mode": "DISTRIBUTED"}}
        text = states("M", M={"Type": "Map", "ItemProcessor": inner, "End": True, **more})
        return float(machine(text, 0.1, 300, map_items=1000).now("m")["transitions"]) / 0.1 - 1.0

    reader = {"Resource": "arn:aws:states:::s3:getObject", "ReaderConfig": {"MaxItems": 60}}
    assert children() == pytest.approx(1000, rel=1e-3)
    assert children(ItemBatcher={"MaxItemsPerBatch": 30}) == pytest.approx(34, rel=1e-3)
    assert children(ItemReader=reader) == pytest.approx(60, rel=1e-3)
    both = children(ItemReader=reader, ItemBatcher={"MaxItemsPerBatch": 25})
    assert both == pytest.approx(3, rel=1e-3)


def test_an_activity_is_no_function_and_not_in_express_and_a_link_must_wait() -> None:
    activity = "arn:aws:states:us-east-1:123456789012:activity:approve"
    assert service_of(activity) == "activity"
    run = machine(states("A", A={**task(), "Resource": activity}), type="express")
    assert any("waits for its work" in event.text for event in run.events)
    sync = {**task(), "Resource": "arn:aws:states:::states:startExecution.sync:2"}
    child = {"j": ("step_functions", {})}
    for link, told in (("{}", True), ("{'wait_for_execution': True}", False)):
        run = machine(states("A", A=sync), more=child, links=(f"m.tasks > j.in {link}",))
        assert told == any(event.kind == "not_waiting" for event in run.events)
