"""Parameters of an SWF domain: what the decider decides, step by step, and the limits it sets."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sandbox.services.params import Parameters, param

API = "Amazon SWF API Reference"
TIMEOUTS = "Amazon SWF Developer Guide: Timeout types"
QUOTAS = "Amazon SWF Developer Guide: Quotas"
LISTS = "Amazon SWF Developer Guide: Task lists"
YEAR_S = 365.0 * 86_400.0  # QUOTAS: workflow execution time and task time limit; H
RETENTION_DAYS = 90  # Amazon SWF API Reference: RegisterDomain; H
STEPS = 12  # that a workflow has here
ATTEMPTS = 6  # of a step that are told apart


class Step(Parameters):
    """Something that the decider schedules."""

    name: str = param("step", "What it is called.", basic=True)
    kind: Literal["activity", "timer", "signal", "child_workflow", "signal_external"] = param(
        "activity",
        "An activity task for a worker (or a person), a timer, waiting for a signal, a child "
        "workflow, or sending a signal to another execution (SignalExternalWorkflowExecution), "
        "such as the parent or a child.",
        source="Amazon SWF API Reference: Decision",
        confidence="H",
        basic=True,
    )
    stage: int = param(
        0,
        "Steps of one stage run in parallel; the decider goes on to the next stage when all of "
        "them have ended.",
        ge=0,
        le=999,
        basic=True,
    )
    share: float = param(
        1.0, "Share of the executions that take this step.", unit="share", ge=0, le=1
    )
    task_list: str = param(
        "",
        "Task list on which an activity waits for the workers that poll it; empty is the default "
        "one.",
        source=LISTS,
        confidence="H",
    )
    duration_s: float | None = param(
        None,
        "How long a timer, a signal or a child workflow lasts; of an activity, how long people "
        "take whose pool is not in the diagram. A child whose domain is in the diagram lasts as "
        "long as it takes there.",
        unit="s",
        ge=0,
        le=YEAR_S,
        basic=True,
    )
    duration_cv: float = param(
        0.0,
        "Coefficient of variation of that duration: 0 is always the same, 1 exponential.",
        ge=0,
        le=1,
    )
    failure_share: float = param(
        0.0,
        "Share of the activities of people, of child workflows and of signals sent that end in "
        "failure; pools, and domains that children run in, say so of themselves.",
        unit="share",
        ge=0,
        le=1,
    )
    schedule_to_start_s: float | None = param(
        None,
        "An activity that no worker has taken after so long is timed out; empty is NONE.",
        unit="s",
        ge=1,
        le=YEAR_S,
        source=TIMEOUTS,
        confidence="H",
        group="Timeouts",
    )
    start_to_close_s: float | None = param(
        None,
        "An activity that was taken and has not ended after so long is timed out; empty is NONE. "
        "Of a child workflow: its execution timeout (where its domain is in the diagram, give that "
        "the same execution_timeout_s).",
        unit="s",
        ge=1,
        le=YEAR_S,
        source=TIMEOUTS,
        confidence="H",
        group="Timeouts",
    )
    schedule_to_close_s: float | None = param(
        None,
        "Waiting and work together; empty is NONE.",
        unit="s",
        ge=1,
        le=YEAR_S,
        source=TIMEOUTS,
        confidence="H",
        group="Timeouts",
    )
    heartbeat_s: float | None = param(
        None,
        "An activity whose worker was not heard of for so long is timed out; empty is NONE: a "
        "worker that stops is noticed at start-to-close only.",
        unit="s",
        ge=1,
        le=YEAR_S,
        source=TIMEOUTS,
        confidence="H",
        group="Timeouts",
    )
    attempts: int = param(
        1,
        "How often the decider schedules it before it gives up. SWF itself repeats nothing.",
        ge=1,
        le=ATTEMPTS,
        source=TIMEOUTS,
        group="Errors",
    )
    retry_after_s: float | None = param(
        None,
        "Before it schedules it again the decider starts a timer of so long; empty schedules it "
        "again at once.",
        unit="s",
        ge=1,
        le=YEAR_S,
        source="Amazon SWF API Reference: Decision, StartTimer",
        confidence="H",
        group="Errors",
    )
    markers: int = param(
        0,
        "Markers that the decider records when it schedules it: each is an event of the history, "
        "and is billed.",
        ge=0,
        le=1000,
        source="Amazon SWF API Reference: Decision, RecordMarker",
        confidence="H",
    )
    on_failure: Literal["fail", "continue"] = param(
        "fail",
        "What the decider then does: fail the execution, or go on without this step.",
        group="Errors",
    )


class Params(Parameters):
    steps: list[Step] = param(
        [],
        "What the decider schedules: your program, described by its steps.",
        max_items=STEPS,
        console=[{"name": "first"}, {"name": "second", "stage": 1}],
        basic=True,
        group="Workflow",
    )
    rounds: int = param(
        1,
        "How often an execution goes through all steps, in the mean.",
        ge=1,
        le=1_000_000,
        group="Workflow",
    )
    continue_as_new: bool = param(
        False,
        "Whether each further round is a new execution with an empty history (ContinueAsNew).",
        source=QUOTAS,
        confidence="H",
        group="Workflow",
    )
    execution_timeout_s: float = param(
        YEAR_S,
        "An execution that is open for so long is timed out (execution start-to-close); a year at "
        "most.",
        unit="s",
        ge=1,
        le=YEAR_S,
        source=TIMEOUTS,
        confidence="H",
        basic=True,
        group="Timeouts",
    )
    child_policy: Literal["abandon", "request_cancel", "terminate"] = param(
        "abandon",
        "What becomes of the open children of an execution that is terminated or timed out: they "
        "go on, they are asked to cancel (their decider then does), or they are terminated. "
        "Children that no link leads to a domain of the diagram end with their parent.",
        source="Amazon SWF API Reference: StartWorkflowExecution, childPolicy",
        confidence="H",
        group="Workflow",
    )
    decision_timeout_s: float | None = param(
        300.0,
        "A decision task that was taken and not answered after so long is scheduled again (task "
        "start-to-close); empty is NONE: it then waits until the execution times out.",
        unit="s",
        ge=1,
        le=YEAR_S,
        source=TIMEOUTS,
        group="Timeouts",
    )
    open_executions_limit: int = param(
        100_000,
        "Open executions that the domain may have; can be raised.",
        ge=1,
        le=100_000_000,
        source=QUOTAS,
        confidence="H",
        group="Quotas",
    )
    retention_days: int = param(
        7,
        "Closed executions stay visible for so long, and cost by the day.",
        ge=0,
        le=RETENTION_DAYS,
        source="Amazon SWF API Reference: RegisterDomain",
        confidence="H",
        group="Domain",
    )

    @model_validator(mode="after")
    def _steps(self) -> Params:
        for step in self.steps:
            if step.kind in ("timer", "child_workflow") and step.duration_s is None:
                raise ValueError(f'"{step.name}" is a {step.kind}: give its duration_s')
        names = [step.name for step in self.steps]
        if len(set(names)) < len(names):
            raise ValueError("two steps have the same name; rename one")
        return self


class TaskList(Parameters):
    """Which activities the pool polls for."""

    task_list: str = param(
        "",
        "The task list that the pool polls; empty is the default one.",
        source=LISTS,
        confidence="H",
        basic=True,
    )


class Others(Parameters):
    """Which children are started there, or which signals go there."""

    step: str = param(
        "",
        "Name of the step that starts children, or sends signals, there; empty: every such step "
        "that no other link names.",
        source=f"{API}: Decision",
        confidence="H",
        basic=True,
    )
