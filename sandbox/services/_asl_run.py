"""One sample execution of a definition, step by step: what every state takes in and gives out.

The results of Tasks are mocks.  The same definition, input, mocks and seed give the same log.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sandbox.services._asl import TIMEOUT_S, Machine, Retrier, State
from sandbox.services._asl_errors import NEVER, Failure, matches
from sandbox.services._asl_paths import PathError
from sandbox.services._asl_states import Flow, run_state
from sandbox.services.trial import Execution, Step

HISTORY_EVENTS = 25_000  # AWS Step Functions Developer Guide: Quotas; events of an execution, H
STANDARD_S = 365 * 86_400.0  # AWS Step Functions Developer Guide: Quotas; an execution lasts, H
EXPRESS_S = 300.0  # AWS Step Functions Developer Guide: Quotas; an Express execution lasts, H
LONGEST_LOG = 5_000  # steps kept of a sample
VISITS = 50_000
TASK_FAILED = "States.TaskFailed"


@dataclass(frozen=True, slots=True)
class Settings:
    """What a sample assumes: mocked results by state, how long things take, whether data that the
    input lacks fails the state, as on AWS, or is replaced by a mark (``strict``).

    ``failing`` is the share of a Task's attempts that fail, by state, ``failures`` that of every
    Task besides, drawn by the seed; the error is that in ``errors``, else one that the state
    retries or catches.
    """

    mocks: Mapping[str, Any] = field(default_factory=dict)
    task_s: float = 1.0
    token_s: float = 60.0
    wait_s: float = 60.0
    items: int = 3
    strict: bool = False
    express: bool = False
    seed: int = 1
    durations: Mapping[str, float] = field(default_factory=dict)
    failing: Mapping[str, float] = field(default_factory=dict)
    failures: float = 0.0
    errors: Mapping[str, str] = field(default_factory=dict)


class Stopped(Exception):
    """The execution as a whole is over: a limit was reached."""

    def __init__(self, status: str, error: str, cause: str, at_s: float) -> None:
        super().__init__(cause)
        self.status, self.error, self.cause, self.at_s = status, error, cause, at_s


def execute(machine: Machine, data: Any, settings: Settings | None = None) -> Execution:
    """Run a machine on one input to its end."""
    given = settings or Settings()
    runner = _Runner(machine, data, given)
    found = runner.found
    try:
        found.output, found.end_s = runner.run(machine, data, 0.0, 0, {})
        found.status = "SUCCEEDED"
    except Failure as failure:
        found.status, found.error, found.cause = "FAILED", failure.error, failure.cause
        found.end_s = failure.at_s
    except Stopped as stop:
        found.status, found.error, found.cause = stop.status, stop.error, stop.cause
        found.end_s = stop.at_s
    found.events = min(found.events + 1, HISTORY_EVENTS if not given.express else 10**9)
    return found


class _Runner:
    def __init__(self, machine: Machine, data: Any, settings: Settings) -> None:
        self.settings = settings
        self.found = Execution()
        self.calls: dict[str, int] = {}
        self.undecided: dict[str, int] = {}
        self.visits = 0
        limit = EXPRESS_S if settings.express else STANDARD_S
        self.limit_s = min(limit, machine.timeout_s or TIMEOUT_S)
        self.variables: dict[str, Any] = {}
        self.context: dict[str, Any] = {
            "Execution": {
                "Id": "arn:aws:states:us-east-1:123456789012:execution:sample:sample-1",
                "Input": data,
                "Name": "sample-1",
                "RoleArn": "arn:aws:iam::123456789012:role/sample",
                "StartTime": _clock(0.0),
            },
            "StateMachine": {
                "Id": "arn:aws:states:us-east-1:123456789012:stateMachine:sample",
                "Name": "sample",
            },
            "_lenient": not settings.strict,
            "_seed": settings.seed,
            "_variables": self.variables,
        }

    def run(
        self, machine: Machine, data: Any, at_s: float, depth: int, extra: Mapping[str, Any]
    ) -> tuple[Any, float]:
        """(output, end) of a machine; Failure where it fails.  Its variables end with it."""
        name, outer = machine.start, dict(self.variables)
        try:
            while True:
                state = machine.states[name]
                data, at_s, name = self._visit(state, machine, data, at_s, depth, extra)
                if not name:
                    return data, at_s
        finally:
            self.variables.clear()
            self.variables.update(outer)

    def _visit(
        self,
        state: State,
        machine: Machine,
        data: Any,
        at_s: float,
        depth: int,
        extra: Mapping[str, Any],
    ) -> tuple[Any, float, str]:
        """(output, end, next state) of one visit, with its retries and catchers."""
        used: dict[Retrier, int] = {}
        attempt = 0
        self.count(1, at_s)
        while True:
            self.found.transitions += 1
            context = {
                **self.context,
                **extra,
                "State": {
                    "Name": state.name,
                    "EnteredTime": _clock(at_s),
                    "RetryCount": attempt,
                },
                "Task": {"Token": f"token-{self.settings.seed}-{state.name}"},
            }
            step = Step(state.name, state.kind, at_s, at_s, data, attempt=attempt, depth=depth)
            self._log(step)
            try:
                flow = run_state(self, state, data, at_s, depth, context, extra)
                self._limit(flow.end_s)
                self.count(1 if state.kind != "Fail" else 0, flow.end_s)
                step.output, step.end_s, step.next = flow.output, flow.end_s, flow.next
                step.note = flow.note
                return flow.output, flow.end_s, flow.next
            except Failure as failure:
                self._limit(failure.at_s)
                step.error, step.end_s = failure.error, failure.at_s
                step.output = {"Error": failure.error, "Cause": failure.cause}
                wait = self._retry(state, failure, used)
                if wait is not None:
                    attempt += 1
                    step.note = f"retry {attempt} in {wait:g} s"
                    at_s = failure.at_s + wait
                    self._limit(at_s)
                    continue
                flow = self._catch(state, failure, data, context)
                step.next = flow.next
                step.note = f"caught: goes on to {flow.next}"
                self.count(1, flow.end_s)
                return flow.output, flow.end_s, flow.next

    def _retry(self, state: State, failure: Failure, used: dict[Retrier, int]) -> float | None:
        """The pause before another attempt; None if there is none."""
        for retrier in state.retriers:
            if matches(retrier.errors, failure.error):
                k = used.get(retrier, 0) + 1
                if k > retrier.max_attempts:
                    return None
                used[retrier] = k
                delay = retrier.delay_s(k)
                if retrier.full_jitter:
                    delay *= Random(f"{self.settings.seed} {state.name} {k}").random()
                return delay
        return None

    def _catch(self, state: State, failure: Failure, data: Any, context: Any) -> Flow:
        from sandbox.services._asl_states import caught

        for catcher in state.catchers:
            if matches(catcher.errors, failure.error):
                try:
                    return caught(state, catcher, failure, data, context, self)
                except PathError as error:
                    name = "States.QueryEvaluationError" if state.jsonata else "States.Runtime"
                    raise Failure(name, str(error), failure.at_s) from None
        raise failure

    # ------------------------------------------------------------------ what states ask

    def result(self, state: State, attempt_input: Any) -> Any:
        """The mocked result of a Task: that of its state, by call; else what its service says."""
        k = self.calls.get(state.name, 0)
        self.calls[state.name] = k + 1
        if state.name in self.settings.mocks:
            mock = self.settings.mocks[state.name]
            if isinstance(mock, list) and mock:
                mock = mock[min(k, len(mock) - 1)]
            return mock
        if drawn := self._drawn(state, k):
            return drawn
        if "lambda:invoke" in state.resource and state.pattern != "token":
            payload = attempt_input.get("Payload", {}) if isinstance(attempt_input, dict) else {}
            return {"ExecutedVersion": "$LATEST", "Payload": payload, "StatusCode": 200}
        return attempt_input if ":states:::" not in state.resource else {}

    def _drawn(self, state: State, k: int) -> dict[str, str]:
        """The failure of the k-th call, if chance has it."""
        given = self.settings
        share = 1.0 - (1.0 - given.failing.get(state.name, 0.0)) * (1.0 - given.failures)
        if share <= 0.0:
            return {}
        chance = Random(f"{given.seed} fails {state.name} {k}")
        if chance.random() >= share:
            return {}
        handled = [e for one in state.retriers for e in one.errors]
        handled += [e for one in state.catchers for e in one.errors]
        named = [e for e in dict.fromkeys(handled) if e not in ("States.ALL", *NEVER)]
        error = given.errors.get(state.name) or chance.choice([TASK_FAILED, *named])
        return {"Error": error, "Cause": f"drawn: {share:.3g} of the attempts fail"}

    def guess(self, state: State) -> int:
        """How often a Choice had nothing to decide by, before."""
        k = self.undecided.get(state.name, 0)
        self.undecided[state.name] = k + 1
        return k

    def count(self, events: int, at_s: float) -> None:
        """Add to the history; a Standard execution fails when it is full."""
        self.found.events += events
        self.visits += 1
        if self.found.events >= HISTORY_EVENTS and not self.settings.express:
            cause = f"the history has {HISTORY_EVENTS:,} events: start a new execution before"
            raise Stopped("FAILED", "States.Runtime", cause, at_s)
        if self.visits > VISITS:
            raise Stopped("RUNNING", "", f"the sample ends after {VISITS:,} steps", at_s)

    def _limit(self, at_s: float) -> None:
        if at_s > self.limit_s:
            cause = f"it lasts longer than {self.limit_s:,.0f} s"
            raise Stopped("TIMED_OUT", "States.Timeout", cause, self.limit_s)

    def _log(self, step: Step) -> None:
        if len(self.found.steps) < LONGEST_LOG:
            self.found.steps.append(step)
        else:
            self.found.left_out += 1


def _clock(at_s: float) -> str:
    from datetime import UTC, datetime, timedelta

    start = datetime(2026, 1, 5, 8, tzinfo=UTC)
    return (start + timedelta(seconds=at_s)).isoformat().replace("+00:00", "Z")
