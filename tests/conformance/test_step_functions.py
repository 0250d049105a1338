"""Step Functions to AWS's rules, each at its boundary."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.services._asl import AslError, Retrier, parse
from sandbox.services._asl_errors import matches
from sandbox.services._asl_intrinsics import evaluate
from sandbox.services._asl_paths import PathError
from sandbox.services._asl_run import Settings, execute
from tests.conformance import fact
from tests.services.test_step_functions import lost, machine, states, task, wait

QUOTAS = "AWS Step Functions Developer Guide: Quotas"
ERRORS = "AWS Step Functions Developer Guide: Handling errors in workflows"
CHOOSING = "AWS Step Functions Developer Guide: Choosing workflow type in Step Functions"
INLINE = "AWS Step Functions Developer Guide: Using Map state in Inline mode"
PRICING = "https://aws.amazon.com/step-functions/pricing/"
PASS = states("A", A={"Type": "Pass", "End": True})


def passes(n: int) -> str:
    chain = {f"S{i}": {"Type": "Pass", "Next": f"S{i + 1}"} for i in range(n - 1)}
    return states("S0", **chain, **{f"S{n - 1}": {"Type": "Pass", "End": True}})


def each(state: dict[str, Any], **more: Any) -> str:
    inner = {"StartAt": "A", "States": {"A": state}}
    return states("M", M={"Type": "Map", "ItemProcessor": inner, "End": True, **more})


@fact("An Express execution lasts 5 minutes at most, then times out", source=CHOOSING)
@pytest.mark.parametrize(("first", "late"), [(149.0, 0), (150.0, 0), (151.0, 20)])
def test_express_ends_after_five_minutes(first: float, late: float) -> None:
    definition = states("A", A=wait(first, "B"), B=wait(150))
    run = machine(definition, seconds=600, tick_s=5.0, type="express")
    assert lost(run, "timed_out") == pytest.approx(late)
    assert run.now("m")["in_flight"] == pytest.approx(20 * min(300, first + 150), rel=0.02)


@fact("A Standard execution lasts a year at most", source=QUOTAS)
@pytest.mark.parametrize(("days", "ended"), [(364, "SUCCEEDED"), (365, "SUCCEEDED"),
                                             (366, "TIMED_OUT")])  # fmt: skip
def test_standard_ends_after_a_year(days: int, ended: str) -> None:
    found = execute(parse(states("A", A=wait(days * 86_400))), {})
    assert found.status == ended
    assert found.end_s == min(days, 365) * 86_400


@fact("A machine's TimeoutSeconds ends its executions", source=QUOTAS)
@pytest.mark.parametrize(("seconds", "late"), [(29, 0), (30, 0), (31, 20)])
def test_a_machine_has_a_time_limit(seconds: float, late: float) -> None:
    definition = json.loads(states("A", A=wait(seconds)))
    run = machine(json.dumps({**definition, "TimeoutSeconds": 30}), seconds=90)
    assert lost(run, "timed_out") == pytest.approx(late)


@fact("StartExecution of Standard workflows: a bucket of 1,300, 300/s in large Regions",
      source=QUOTAS)  # fmt: skip
def test_standard_starts_pass_a_bucket() -> None:
    # 2,000/s against 300/s: 1,300 tokens last 1,300 / 1,700 s
    run = machine(PASS, 2000, 6, tick_s=0.5)
    _t, mean, _lo, _hi = run.series("m", "executions_started", points=100)
    assert mean.mean() * run.t_s == pytest.approx(1300 + 300 * 6, rel=1e-3)
    assert run.now("m")["executions_started"] == pytest.approx(300, rel=1e-3)


@fact("StartExecution of Standard workflows: a bucket of 1,300, 300/s in large Regions",
      source=QUOTAS)  # fmt: skip
@pytest.mark.parametrize(("rate", "refused"), [(1599, 0), (1600, 0), (1601, 1), (1610, 10)])
def test_so_many_standard_starts_pass_in_the_first_second(rate: float, refused: float) -> None:
    run = machine(PASS, rate, 1)
    assert lost(run, "start_quota") == pytest.approx(refused, abs=0.5)


@fact("StartExecution of Standard workflows: 800 and 150/s in other Regions", source=QUOTAS)
def test_standard_starts_elsewhere() -> None:
    run = machine(PASS, 2000, 6, tick_s=0.5, region="eu-central-1")
    _t, mean, _lo, _hi = run.series("m", "executions_started", points=100)
    assert mean.mean() * run.t_s == pytest.approx(800 + 150 * 6, rel=1e-3)


@fact("StartExecution of Express workflows: a bucket of 6,000, 6,000/s", source=QUOTAS)
def test_express_starts_pass_a_larger_bucket() -> None:
    run = machine(PASS, 8000, 6, tick_s=0.5, type="express")
    _t, mean, _lo, _hi = run.series("m", "executions_started", points=100)
    assert mean.mean() * run.t_s == pytest.approx(6000 + 6000 * 6, rel=1e-3)
    assert run.now("m")["executions_started"] == pytest.approx(6000, rel=1e-3)


@fact("StartExecution of Express workflows in 2020: 100,000/s", source=QUOTAS)
def test_express_starts_of_2020() -> None:
    run = machine(PASS, 300_000, 2, tick_s=0.5, type="express", era="2020")
    _t, mean, _lo, _hi = run.series("m", "executions_started", points=100)
    assert mean.mean() * run.t_s == pytest.approx(3 * 100_000, rel=1e-3)


@fact("State transitions: a bucket of 5,000 refilled at 5,000/s in large Regions", source=QUOTAS)
@pytest.mark.parametrize(("rate", "waiting"), [(245.0, False), (255.0, True)])
def test_transitions_pass_a_bucket(rate: float, waiting: bool) -> None:
    # 20 transitions each: 4,900/s, and 5,100/s, which the bucket bears for 50 s
    run = machine(passes(20), rate, 40)
    assert run.now("m")["backlog"] == pytest.approx(0, abs=1e-6)
    run.advance(40)
    assert (run.now("m")["backlog"] > 50) == waiting
    assert run.now("m")["transitions"] == pytest.approx(min(5000, 20 * rate), rel=0.001)


@fact("State transitions in 2020: 5,000 refilled at 1,500/s", source=QUOTAS)
@pytest.mark.parametrize(("rate", "waiting"), [(74.0, False), (76.0, True)])
def test_transitions_of_2020(rate: float, waiting: bool) -> None:
    run = machine(passes(20), rate, 400, era="2020", tick_s=2.0)
    assert (run.now("m")["backlog"] > 50) == waiting
    assert run.now("m")["transitions"] == pytest.approx(min(1500, 20 * rate), rel=0.01)


@fact("State transitions in other Regions: 800/s, in 2020 500/s", source=QUOTAS)
@pytest.mark.parametrize(("era", "refill"), [("current", 800), ("2020", 500)])
def test_transitions_elsewhere(era: str, refill: float) -> None:
    run = machine(passes(20), 60, 60, era=era, region="eu-central-1")
    assert run.now("m")["transitions"] == pytest.approx(refill, rel=1e-4)


@fact("The bucket of transitions has 5,000 in large Regions, 800 in others", source=QUOTAS)
@pytest.mark.parametrize(
    ("region", "rate", "bucket"), [("us-east-1", 600, 5000), ("eu-central-1", 200, 800)]
)
def test_the_bucket_of_transitions(region: str, rate: float, bucket: float) -> None:
    run = machine(passes(20), rate, 2, tick_s=0.5, region=region)
    _t, mean, _lo, _hi = run.series("m", "transitions", points=100)
    assert mean.mean() * run.t_s == pytest.approx(3 * bucket, rel=1e-4)  # full, and two refills


@fact("Over the transition quota executions are delayed, not failed", source=QUOTAS)
def test_delayed_executions_do_not_fail() -> None:
    run = machine(passes(20), 280, 60)
    assert run.now("m")["executions_failed"] == 0
    assert run.now("m")["executions_throttled"] > 0
    assert run.now("m")["backlog"] > 0


@fact("Express workflows have no quota of transitions", source=CHOOSING)
def test_express_is_not_delayed() -> None:
    now = machine(passes(20), 400, 60, type="express").now("m")
    assert now["backlog"] == 0
    assert now["transitions"] == pytest.approx(8000)


@fact("1,000,000 Standard executions may be open; then starts are refused", source=QUOTAS)
def test_a_million_executions_are_open() -> None:
    definition = states("A", A=wait(30_000_000))
    run = machine(definition, 290, 3440, tick_s=10.0)
    assert run.now("m")["open_executions"] == pytest.approx(290 * 3440, rel=0.001)
    assert lost(run, "open_executions") == 0
    run.advance(2)
    assert run.now("m")["open_executions"] == pytest.approx(1_000_000)
    run.advance(1)
    assert lost(run, "open_executions") == pytest.approx(290, rel=0.01)


@fact("Input may be 256 KiB, and was 32,768 characters until September 2020", source=QUOTAS)
@pytest.mark.parametrize(
    ("era", "kb", "refused"),
    [("current", 256.0, 0), ("current", 257.0, 20), ("2020", 32.0, 0), ("2020", 32.1, 20)],
)
def test_the_input_has_a_size(era: str, kb: float, refused: float) -> None:
    run = machine(PASS, kb=kb, era=era, seconds=5)
    assert lost(run, "input_too_large") == pytest.approx(refused)


@fact("An execution fails when its history has 25,000 events", source=QUOTAS)
@pytest.mark.parametrize(("items", "ended"), [(3569, "SUCCEEDED"), (3572, "FAILED")])
def test_the_history_of_an_execution_is_bounded(items: int, ended: str) -> None:
    # seven events an item: iteration begun and ended, and five of its Task
    found = execute(parse(each(task(), ItemsPath="$.l")), {"l": list(range(items))})
    assert found.status == ended
    assert (found.events == 25_000) == (ended == "FAILED")


@fact("The history of an execution holds the iterations of an inline Map", source=INLINE)
@pytest.mark.parametrize(("items", "failed"), [(3560.0, 0.0), (3580.0, 0.01)])
def test_a_large_inline_map_fills_the_history(items: float, failed: float) -> None:
    run = machine(each(task()), 0.01, 4000, tick_s=10.0, map_items=items)
    assert lost(run, "history_full") == pytest.approx(failed, rel=0.02)


@fact("The children of a distributed Map have histories of their own", source=QUOTAS)
def test_a_distributed_map_does_not_fill_the_history() -> None:
    inner = {"StartAt": "A", "States": {"A": task()}, "ProcessorConfig": {"Mode": "DISTRIBUTED"}}
    block = {"Type": "Map", "ItemProcessor": inner, "End": True}
    run = machine(states("M", M=block), 0.01, 4000, tick_s=10.0, map_items=5000.0)
    assert lost(run, "history_full") == 0


@fact("An inline Map runs 40 iterations at once, whatever MaxConcurrency says", source=INLINE)
@pytest.mark.parametrize(("items", "waves"), [(39.0, 1), (40.0, 1), (41.0, 2)])
def test_an_inline_map_runs_forty(items: float, waves: int) -> None:
    run = machine(each(wait(4), MaxConcurrency=1000), 2, 80, map_items=items)
    assert run.now("m")["in_flight"] == pytest.approx(2 * 4 * waves, rel=0.02)
    data = {"l": list(range(int(items)))}
    assert execute(parse(each(wait(4), ItemsPath="$.l")), data).end_s == 4 * waves


@fact("A Map Run has 10,000 children at once", source=QUOTAS)
@pytest.mark.parametrize(("items", "lasts"), [(9_999.0, 1), (10_000.0, 1), (10_001.0, 2)])
def test_a_distributed_map_runs_ten_thousand(items: float, lasts: float) -> None:
    inner = {"StartAt": "A", "States": {"A": wait(1000)}}
    inner["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}
    block = {"Type": "Map", "ItemProcessor": inner, "End": True}
    run = machine(states("M", M=block), 0.001, 20, tick_s=10.0, map_items=items)
    assert run.now("m")["execution_time"] == pytest.approx(lasts * 1000, rel=0.02)


@fact("A Map Run starts 1,000 Express or 100 Standard children a second", source=QUOTAS)
@pytest.mark.parametrize(("kind", "lasts"), [("EXPRESS", 3.0 + 1), ("STANDARD", 30.0 + 1)])
def test_children_are_started_at_a_rate(kind: str, lasts: float) -> None:
    inner = {"StartAt": "A", "States": {"A": wait(1)}}
    inner["ProcessorConfig"] = {"Mode": "DISTRIBUTED", "ExecutionType": kind}
    block = {"Type": "Map", "ItemProcessor": inner, "End": True}
    run = machine(states("M", M=block), 0.01, 20, map_items=3000.0)
    assert run.now("m")["execution_time"] == pytest.approx(lasts, rel=0.001)


@fact("A retrier waits 1 s, twice as long each time, and tries 3 times again", source=ERRORS)
def test_the_defaults_of_a_retrier() -> None:
    retry = [{"ErrorEquals": ["States.ALL"]}]
    found = execute(
        parse(states("A", A=task(Retry=retry))), {}, Settings(mocks={"A": {"Error": "X"}})
    )
    assert [step.start_s for step in found.steps] == [0, 1 + 1, 3 + 2, 6 + 4]
    assert found.error == "X"


@fact("Retry k waits min(MaxDelaySeconds, IntervalSeconds × BackoffRate^(k-1))", source=ERRORS)
def test_the_pauses_of_a_retrier() -> None:
    plain = Retrier(("X",), interval_s=3.0)
    assert [plain.delay_s(k) for k in (1, 2, 3)] == [3, 6, 12]
    capped = Retrier(("X",), interval_s=3.0, max_delay_s=5.0)
    assert [capped.delay_s(k) for k in (1, 2, 3)] == [3, 5, 5]


@fact("With the defaults of Retry and failures of 30 %, 99.19 % succeed", source=ERRORS)
def test_retries_make_failures_rare() -> None:
    retry = [{"ErrorEquals": ["States.ALL"]}]
    given = {"states": [{"state": "A", "failure_share": 0.3}]}
    now = machine(states("A", A=task(Retry=retry)), seconds=60, **given).now("m")
    assert now["served"] == pytest.approx(20 * 0.9919, rel=1e-4)
    assert now["transitions"] == pytest.approx(20 * 1.417, rel=1e-3)


@fact("MaxAttempts 0 is never retried", source=ERRORS)
@pytest.mark.parametrize(("most", "tries"), [(0, 1), (1, 2), (2, 3)])
def test_max_attempts(most: int, tries: int) -> None:
    retry = [{"ErrorEquals": ["X"], "MaxAttempts": most}]
    definition = parse(states("A", A=task(Retry=retry)))
    found = execute(definition, {}, Settings(mocks={"A": {"Error": "X"}}))
    assert len(found.steps) == tries == found.transitions


@fact("IntervalSeconds is 1 to 99,999,999, MaxDelaySeconds 1 to 31,622,400", source=ERRORS)
@pytest.mark.parametrize(
    ("field", "value", "well"),
    [
        *(("IntervalSeconds", 0, False), ("IntervalSeconds", 1, True)),
        *(("IntervalSeconds", 99_999_999, True), ("IntervalSeconds", 100_000_000, False)),
        *(("MaxAttempts", 0, True), ("MaxAttempts", 99_999_999, True)),
        *(("MaxAttempts", 100_000_000, False), ("BackoffRate", 0.99, False)),
        *(("BackoffRate", 1.0, True), ("MaxDelaySeconds", 31_622_400, True)),
        *(("MaxDelaySeconds", 31_622_401, False), ("JitterStrategy", "FULL", True)),
        *(("JitterStrategy", "HALF", False),),
    ],
)
def test_the_bounds_of_a_retrier(field: str, value: Any, well: bool) -> None:
    text = states("A", A=task(Retry=[{"ErrorEquals": ["X"], field: value}]))
    if well:
        assert parse(text)
        return
    with pytest.raises(AslError, match=field):
        parse(text)


@fact("States.ALL stands alone and last", source=ERRORS)
def test_all_stands_alone_and_last() -> None:
    last = [{"ErrorEquals": ["X"]}, {"ErrorEquals": ["States.ALL"]}]
    assert parse(states("A", A=task(Retry=last)))
    for wrong in (last[::-1], [{"ErrorEquals": ["States.ALL", "X"]}]):
        with pytest.raises(AslError, match="stands alone"):
            parse(states("A", A=task(Retry=wrong)))


@fact("States.TaskFailed takes all but States.Timeout; States.ALL not States.Runtime and "
      "States.DataLimitExceeded", source=ERRORS)  # fmt: skip
def test_what_reserved_errors_take() -> None:
    taken = {e: matches(("States.TaskFailed",), e) for e in ("X", "States.Timeout")}
    assert taken == {"X": True, "States.Timeout": False}
    for error, well in (("States.Timeout", True), ("States.Runtime", False),
                        ("States.DataLimitExceeded", False)):  # fmt: skip
        assert matches(("States.ALL",), error) is well


@fact("HeartbeatSeconds must be smaller than TimeoutSeconds", source=ERRORS)
@pytest.mark.parametrize(("beat", "well"), [(9, True), (10, False), (11, False)])
def test_a_heartbeat_is_shorter_than_the_timeout(beat: int, well: bool) -> None:
    text = states("A", A=task(HeartbeatSeconds=beat, TimeoutSeconds=10))
    if well:
        assert parse(text)
    else:
        with pytest.raises(AslError, match="smaller"):
            parse(text)


@fact("A Task that outlasts TimeoutSeconds fails with States.Timeout", source=ERRORS)
@pytest.mark.parametrize(("lasts", "failed"), [(9.0, 0), (10.0, 0), (11.0, 20)])
def test_a_task_times_out(lasts: float, failed: float) -> None:
    catch = [{"ErrorEquals": ["States.Timeout"], "Next": "F"}]
    definition = states("A", A=task(TimeoutSeconds=10, Catch=catch), F={"Type": "Fail"})
    run = machine(definition, seconds=40, task_duration_s=lasts)
    assert lost(run, "fail_state") == pytest.approx(failed)
    assert run.now("m")["in_flight"] == pytest.approx(20 * min(lasts, 10), rel=0.02)


@fact("A Choice without a rule that holds and without Default fails", source=ERRORS)
def test_no_choice_matched() -> None:
    rule = {"Variable": "$.x", "NumericEquals": 1, "Next": "S"}
    definition = states("C", C={"Type": "Choice", "Choices": [rule]}, S={"Type": "Succeed"})
    assert execute(parse(definition), {"x": 2}).error == "States.NoChoiceMatched"
    run = machine(definition, sample_input='{"x": 2}', seconds=5)
    assert lost(run, "no_choice_matched") == pytest.approx(20)


@fact("One failed iteration fails an inline Map", source=INLINE)
def test_one_iteration_fails_the_map() -> None:
    given = {"states": [{"state": "A", "failure_share": 0.1}], "map_items": 5.0}
    run = machine(each(task()), seconds=40, **given)
    assert lost(run, "task_failed") == pytest.approx(20 * (1 - 0.9**5), rel=0.02)


@fact("A definition may be 1 MB", source=QUOTAS)
@pytest.mark.parametrize(("size", "well"), [(1024 * 1024, True), (1024 * 1024 + 1, False)])
def test_a_definition_has_a_size(size: int, well: bool) -> None:
    text = PASS + " " * (size - len(PASS))
    if well:
        assert parse(text)
    else:
        with pytest.raises(AslError, match="1 MB"):
            parse(text)


@fact("Standard is paid by transition, $0.025 per 1,000, retries among them", source=PRICING)
def test_the_bill_of_standard() -> None:
    now = machine(passes(5), 20, 10).now("m")
    assert now["cost_per_hour"] == pytest.approx(100 * 3600 * 0.025 / 1000)


@fact("Express is paid by request, $1.00 per million, and by GB-hour, $0.06001 at first, in "
      "steps of 100 ms and 64 MB", source=PRICING)  # fmt: skip
@pytest.mark.parametrize(
    ("seconds", "billed_s", "memory_mb", "billed_mb"),
    [(1.0, 1.0, 64.0, 64), (1.01, 1.1, 64.0, 64), (1.0, 1.0, 65.0, 128), (0.99, 1.0, 1.0, 64)],
)
def test_the_bill_of_express(
    seconds: float, billed_s: float, memory_mb: float, billed_mb: float
) -> None:
    given = {"type": "express", "task_duration_s": seconds}
    if memory_mb != 64.0:  # as it is unless it is told
        given["memory_mb"] = memory_mb
    now = machine(states("A", A=task()), 20, 10, **given).now("m")
    gb_hours = 20 * billed_s * billed_mb / 1024
    assert now["cost_per_hour"] == pytest.approx(20 * 3600 * 1e-6 + gb_hours * 0.06001)


@fact("A GB-hour of Express costs $0.06001 up to 1,000 in a month, $0.02999 up to 5,000, then "
      "$0.01642", source=PRICING)  # fmt: skip
@pytest.mark.parametrize(
    ("second", "usd"),
    [(1, 0.06001), (112, 0.06001), (113, 0.02999), (556, 0.02999), (557, 0.01642)],
)
def test_the_tiers_of_express(second: int, usd: float) -> None:
    # 9 GB-hours a second: 1,008 after 112 s, 5,004 after 556 s
    given = {"type": "express", "memory_mb": 1024.0, "task_duration_s": 270.0}
    now = machine(states("A", A=task()), 120, second, **given).now("m")
    assert now["cost_per_hour"] == pytest.approx(120 * 3600 * 1e-6 + 9 * 3600 * usd)


@fact("The name of a state has 80 characters at most", source=QUOTAS)
@pytest.mark.parametrize(("length", "allowed"), [(80, True), (81, False)])
def test_the_name_of_a_state(length: int, allowed: bool) -> None:
    name = "S" * length
    definition = json.dumps({"StartAt": name, "States": {name: {"Type": "Succeed"}}})
    if allowed:
        assert execute(parse(definition), {}).status == "SUCCEEDED"
    else:
        with pytest.raises(ValueError, match="1 to 80 characters"):
            parse(definition)


@fact(
    "States.ArrayRange makes 1,000 items at most",
    source="AWS Step Functions Developer Guide: Intrinsic functions",
)
def test_the_items_of_a_range() -> None:
    assert len(evaluate("States.ArrayRange(1, 1000, 1)", {}, {})) == 1000
    with pytest.raises(PathError, match="at most 1,000 items"):
        evaluate("States.ArrayRange(1, 1001, 1)", {}, {})
