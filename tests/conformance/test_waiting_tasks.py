"""Tasks of Step Functions that wait for a job: what they are told when it has ended."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandbox.engine import Run
from tests.conformance import fact
from tests.conformance.batches import QUICK as BATCH
from tests.conformance.clusters import DATA, STEP
from tests.conformance.clusters import QUICK as EMR
from tests.simulation import go, simulate

PATTERNS = "AWS Step Functions Developer Guide: Discover service integration patterns"
ERRORS = "AWS Step Functions Developer Guide: Handling errors in workflows"
RESOURCES = {
    "batch": ("batch:submitJob", "wait_for_job"),
    "emr": ("elasticmapreduce:addStep", "wait_for_step"),
    "step_functions": ("states:startExecution", "wait_for_execution"),
}


def job(service: str, failed: float) -> dict[str, Any]:
    """Work of about a hundred seconds of which so many percent fail."""
    if service == "batch":
        job = {"name": "a", "memory_mib": 2048, "duration_s": 100.0, "failure_percent": failed}
        env = {"name": "env", "type": "FARGATE", "max_vcpus": 256}
        return {**BATCH, "jobs": [job], "compute_environments": [env]}
    if service == "emr":
        step = {"name": "a", **STEP, "failure_percent": failed}
        return {**EMR, **DATA, "steps": [step], "core": {"count": 60}, "step_concurrency": 20}
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}
    definition = {"StartAt": "Work", "States": {"Work": task}}
    given = [{"state": "Work", "duration_s": 100.0, "failure_share": failed / 100.0}]
    return {"definition": json.dumps(definition), "states": given}


def machine(service: str, failed: float, waits: bool = True, **task: Any) -> Run:
    """A machine with one task, which starts the job 0.05 times a second."""
    resource, name = RESOURCES[service]
    work = {"Type": "Task", "Resource": f"arn:aws:states:::{resource}.sync", "End": True, **task}
    others = {"Rescue": {"Type": "Pass", "End": True}} if "Catch" in task else {}
    definition = json.dumps({"StartAt": "Run", "States": {"Run": work, **others}})
    made = {
        "c": ("clients", {"rate_per_s": 0.05}),
        "m": ("step_functions", {"definition": definition}),
        "j": (service, job(service, failed)),
    }
    link = f"m.tasks > j.in {{'mode': 'sync', '{name}': {waits}}}"
    return simulate(
        made, ["c.out > m.in {'mode': 'async'}", link], tick_s=10.0, duration_s=86_400.0,
        seconds=4000,
    )  # fmt: skip


def share_failed(run: Run) -> float:
    failed = run.now("m")["executions_failed"]
    return failed / max(1e-12, failed + run.now("m")["executions_succeeded"])


@fact("A task that runs a job waits for it, a request alone goes on at once", source=PATTERNS)
@pytest.mark.parametrize("service", RESOURCES)
@pytest.mark.parametrize("waits", [True, False])
def test_a_sync_task_lasts_as_long_as_its_job(service: str, waits: bool) -> None:
    held = machine(service, 0.0, waits).now("m")["open_executions"]
    if waits:
        assert held == pytest.approx(0.05 * 100.0, rel=0.1)
    else:
        assert held < 0.05


@fact("A job that fails is an error of the task that waits for it", source=ERRORS)
@pytest.mark.parametrize("service", RESOURCES)
@pytest.mark.parametrize(("failed", "waits"), [(0.0, True), (100.0, True), (100.0, False)])
def test_the_failure_of_a_job_is_the_failure_of_its_task(
    service: str, failed: float, waits: bool
) -> None:
    run = machine(service, failed, waits)
    assert share_failed(run) == pytest.approx(1.0 if failed and waits else 0.0, abs=1e-6)


@fact("Catch takes the failure of a job as States.TaskFailed", source=ERRORS)
@pytest.mark.parametrize("service", RESOURCES)
@pytest.mark.parametrize(("error", "left"), [("States.TaskFailed", 0.0), ("States.Timeout", 1.0)])
def test_the_failure_of_a_job_is_caught(service: str, error: str, left: float) -> None:
    run = machine(service, 100.0, Catch=[{"ErrorEquals": [error], "Next": "Rescue"}])
    assert share_failed(run) == pytest.approx(left, abs=1e-6)


@fact("Retry starts the job anew", source=ERRORS)
@pytest.mark.parametrize("service", RESOURCES)
@pytest.mark.parametrize("attempts", [0, 1, 2])
def test_the_job_is_started_again_as_often_as_retry_says(service: str, attempts: int) -> None:
    retry = [{"ErrorEquals": ["States.TaskFailed"], "IntervalSeconds": 1, "BackoffRate": 1.0,
              "MaxAttempts": attempts}]  # fmt: skip
    run = machine(service, 100.0, Retry=retry)
    asked = 0.0
    for _ in range(100):
        asked += go(run, 10).now("j")["arrivals"] / 100
    assert asked == pytest.approx(0.05 * (1 + attempts), rel=0.05)


@pytest.mark.parametrize("service", RESOURCES)
def test_as_many_tasks_fail_as_jobs_do(service: str) -> None:
    run = machine(service, 30.0)
    failed = 0.0
    for _ in range(1000):
        failed += share_failed(go(run, 10)) / 1000
    assert failed == pytest.approx(0.3, abs=0.06)


def nested(limit: int, task_limit: int | None = None, catch: str = "") -> Run:
    """A machine whose task waits for an execution of 100 s, which has its own time limit."""
    work = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}
    child = json.dumps({"StartAt": "Work", "TimeoutSeconds": limit, "States": {"Work": work}})
    resource = "arn:aws:states:::states:startExecution.sync:2"
    parent: dict[str, Any] = {"Type": "Task", "Resource": resource, "End": True}
    states = {"Run": parent, "Rescue": {"Type": "Pass", "End": True}}
    if task_limit is not None:
        parent["TimeoutSeconds"] = task_limit
    if catch:
        parent["Catch"] = [{"ErrorEquals": [catch], "Next": "Rescue"}]
    else:
        del states["Rescue"]
    made = {
        "c": ("clients", {"rate_per_s": 0.5}),
        "m": ("step_functions", {"definition": json.dumps({"StartAt": "Run", "States": states})}),
        "j": ("step_functions", {"definition": child, "task_duration_s": 100.0}),
    }
    link = "m.tasks > j.in {'mode': 'sync', 'wait_for_execution': True}"
    return simulate(
        made, ["c.out > m.in {'mode': 'async'}", link], tick_s=5.0, duration_s=86_400.0,
        seconds=600,
    )  # fmt: skip


@fact("An execution that is timed out fails the task that waits for it", source=PATTERNS)
@pytest.mark.parametrize(("limit", "failed"), [(99, 1.0), (101, 0.0)])
def test_a_nested_execution_that_times_out_is_told(limit: int, failed: float) -> None:
    run = nested(limit)
    assert share_failed(run) == pytest.approx(failed, abs=1e-6)
    assert run.now("j")["executions_timed_out"] == pytest.approx(0.5 * failed, abs=1e-6)
    assert run.now("m")["open_executions"] == pytest.approx(0.5 * min(limit, 100), rel=0.02)


@fact("What timed out within is States.TaskFailed to who waits, not States.Timeout", source=ERRORS)
@pytest.mark.parametrize(("error", "left"), [("States.TaskFailed", 0.0), ("States.Timeout", 1.0)])
def test_a_nested_timeout_is_a_failed_task(error: str, left: float) -> None:
    assert share_failed(nested(50, catch=error)) == pytest.approx(left, abs=1e-6)


@fact("A task that waits longer than its TimeoutSeconds is States.Timeout", source=ERRORS)
@pytest.mark.parametrize(("limit", "error", "left"), [
    (99, "States.Timeout", 0.0), (99, "States.TaskFailed", 1.0), (101, "States.TaskFailed", 0.0),
])  # fmt: skip
def test_the_task_s_own_timeout_is_told_apart(limit: int, error: str, left: float) -> None:
    assert share_failed(nested(1000, limit, error)) == pytest.approx(left, abs=1e-6)
