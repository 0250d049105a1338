"""What a state machine is set up with: its definition, its sample, what is assumed of states."""

from __future__ import annotations

import json
from typing import Any, Literal

from pydantic import field_validator

from sandbox.services._asl import parse
from sandbox.services.params import Parameters, param

ASL = "https://states-language.net/spec.html"
CHOOSING = "AWS Step Functions Developer Guide: Choosing workflow type in Step Functions"
HELLO = """{
  "Comment": "One task, tried again when it fails",
  "StartAt": "Work",
  "States": {
    "Work": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Retry": [{"ErrorEquals": ["States.ALL"]}],
      "End": true
    }
  }
}"""


class StateAssumption(Parameters):
    """What is assumed of one state, where no node does its work."""

    state: str = param("", "Name of the state.", basic=True)
    duration_s: float | None = param(
        None, "How long a visit lasts; empty takes the default.", unit="s", ge=0, le=31_536_000
    )
    failure_share: float = param(
        0.0, "Share of attempts that fail (a Task without a linked node).", ge=0, le=1
    )
    error: str = param("", "What the failure is called; empty is an error of the task's own.")
    items: float | None = param(
        None, "Items that a Map goes through; empty takes the default.", ge=0, le=1e8
    )


class ChoiceAssumption(Parameters):
    """How many executions a Choice sends to one state."""

    state: str = param("", "Name of the Choice.", basic=True)
    next: str = param("", "Name of the state that it goes on to.", basic=True)
    share: float = param(1.0, "Share, relative to the others of this Choice.", ge=0, le=1e6)


class Params(Parameters):
    type: Literal["standard", "express"] = param(
        "standard",
        "Standard runs each step once, for up to a year, and is paid by transition; Express runs "
        "up to 5 minutes and is paid by request and duration. It cannot be changed later on AWS.",
        source=CHOOSING,
        confidence="H",
        basic=True,
    )
    definition: str = param(
        HELLO,
        "The state machine in Amazon States Language (JSON).",
        source=ASL,
        confidence="H",
        basic=True,
    )
    memory_mb: float = param(
        64.0,
        "Memory of an Express execution, billed in steps of 64 MB.",
        unit="MB",
        gt=0,
        le=10_240,
        source="https://aws.amazon.com/step-functions/pricing/",
        confidence="H",
    )
    task_duration_s: float = param(
        1.0,
        "How long a Task lasts that no node is linked to.",
        unit="s",
        ge=0,
        le=31_536_000,
        group="Assumptions",
        basic=True,
    )
    token_wait_s: float = param(
        60.0,
        "How long until a task token comes back (.waitForTaskToken).",
        unit="s",
        ge=0,
        le=31_536_000,
        group="Assumptions",
    )
    wait_s: float = param(
        60.0,
        "How long a Wait lasts that takes its time from the data.",
        unit="s",
        ge=0,
        le=31_536_000,
        group="Assumptions",
    )
    map_items: float = param(
        10.0, "Items that a Map goes through.", ge=0, le=1e8, group="Assumptions"
    )
    states: list[StateAssumption] = param(
        [],
        "What is assumed of single states.",
        max_items=64,
        group="Assumptions",
        record=False,
    )
    choices: list[ChoiceAssumption] = param(
        [],
        "How Choices divide executions. A Choice that is not named is evaluated on the attributes "
        "of the request classes; where they do not decide, its branches are equally likely.",
        max_items=128,
        group="Assumptions",
        record=False,
    )
    sample_input: str = param(
        "{}", "Input of the sample execution, and of all for Choices (JSON).", group="Sample"
    )
    mocks: str = param(
        "{}",
        'Results of Tasks in the sample, as JSON: {"Work": {"ok": true}}. A list gives one for '
        'each call, {"Error": "…", "Cause": "…"} fails, DurationSeconds says how long it takes.',
        group="Sample",
    )
    sample_strict: bool = param(
        False,
        "Whether data that the sample input lacks fails the state, as on AWS, or is marked and "
        "the sample goes on.",
        group="Sample",
        record=False,
    )

    @field_validator("definition")
    @classmethod
    def _valid(cls, text: str) -> str:
        parse(text)
        return text

    @field_validator("sample_input", "mocks")
    @classmethod
    def _json(cls, text: str, info: Any) -> str:
        try:
            value = json.loads(text or "{}")
        except json.JSONDecodeError as error:
            place = f"line {error.lineno}, column {error.colno}"
            raise ValueError(f"not JSON at {place}: {error.msg}") from None
        if info.field_name == "mocks" and not isinstance(value, dict):
            raise ValueError("mocks are an object: the result of each state by its name")
        return text


class TaskCall(Parameters):
    """Which Tasks a linked node does the work of."""

    state: str = param(
        "",
        "Name of the Task that calls this node; several stand with | between. Empty: every Task "
        "whose Resource names the node's service.",
        source=ASL,
        confidence="H",
        basic=True,
    )


class WaitingStart(Parameters):
    """Whether who starts a Standard execution waits for it; of an Express one it always does."""

    wait_for_execution: bool = param(
        False,
        "startExecution.sync of another state machine: the answer comes when the execution has "
        "ended, and is an error if it failed.",
        source="AWS Step Functions Developer Guide: Start workflow executions from a task state",
        confidence="H",
        basic=True,
    )
