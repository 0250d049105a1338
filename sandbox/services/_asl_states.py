"""What each kind of state does with its input in a sample execution."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sandbox.services._asl_choice import holds
from sandbox.services._asl_errors import Failure
from sandbox.services._asl_jsonata import resolve
from sandbox.services._asl_map import run_map
from sandbox.services._asl_paths import PathError, Unknown, fill, put, select

if TYPE_CHECKING:
    from sandbox.services._asl import Catcher, State
    from sandbox.services._asl_run import _Runner


@dataclass(frozen=True, slots=True)
class Flow:
    """How a state ended well: output, end (s), the next state ("" at the end), a remark."""

    output: Any
    end_s: float
    next: str
    note: str = ""


def run_state(
    runner: _Runner,
    state: State,
    data: Any,
    at_s: float,
    depth: int,
    context: dict[str, Any],
    extra: Mapping[str, Any],
) -> Flow:
    """Run one attempt of a state; Failure where it fails."""
    try:
        return _KINDS[state.kind](_Visit(runner, state, data, at_s, depth, context, extra))
    except PathError as error:
        name = "States.QueryEvaluationError" if state.jsonata else "States.Runtime"
        if "intrinsic" in str(error) or str(error).startswith("States."):
            name = "States.IntrinsicFailure"
        elif "cannot be put" in str(error):
            name = "States.ResultPathMatchFailure"
        raise Failure(name, str(error), at_s) from None


@dataclass(slots=True)
class _Visit:
    runner: _Runner
    state: State
    data: Any
    at_s: float
    depth: int
    context: dict[str, Any]
    extra: Mapping[str, Any]

    @property
    def raw(self) -> Mapping[str, Any]:
        return self.state.raw

    def resolve(self, value: Any, **more: Any) -> Any:
        context = {k: v for k, v in self.context.items() if not k.startswith("_")}
        states = {"input": self.data, "context": context, **more}
        return resolve(value, states, self.runner.variables, self.runner.settings.seed)

    def taken(self) -> Any:
        """The input after InputPath."""
        if self.state.jsonata or "InputPath" not in self.raw:
            return self.data
        path = self.raw["InputPath"]
        return {} if path is None else select(path, self.data, self.context)

    def given(self) -> Any:
        """What goes to the service: Parameters or Arguments, else the input."""
        if self.state.jsonata:
            return self.resolve(self.raw["Arguments"]) if "Arguments" in self.raw else self.data
        data = self.taken()
        if "Parameters" in self.raw and self.state.kind != "Map":
            return fill(self.raw["Parameters"], data, self.context)
        return data

    def number(self, field: str, otherwise: float) -> float:
        """A number that stands in a field, or where its path leads."""
        value = self.raw.get(field)
        if isinstance(value, str):
            value = self.resolve(value)
        elif value is None and field + "Path" in self.raw:
            value = select(self.raw[field + "Path"], self.taken(), self.context)
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return float(value) if number and value is not None else otherwise

    def end(
        self,
        result: Any,
        end_s: float,
        note: str = "",
        target: str | None = None,
        rule: Mapping[str, Any] | None = None,
    ) -> Flow:
        """ResultSelector, ResultPath, Output, Assign, OutputPath, in this order.

        Of a Choice whose rule holds, Output and Assign are those of the rule.
        """
        after = self.state.next if target is None else target
        own = self.raw if rule is None else rule
        if self.state.jsonata:
            more = {"result": result} if self.state.kind in ("Task", "Parallel", "Map") else {}
            output = self.resolve(own["Output"], **more) if "Output" in own else result
            if "Assign" in own:
                self.runner.variables.update(self.resolve(own["Assign"], **more))
            return Flow(output, end_s, after, note)
        if "ResultSelector" in self.raw:
            result = fill(self.raw["ResultSelector"], result, self.context)
        if "Assign" in own:
            self.runner.variables.update(fill(own["Assign"], result, self.context))
        data: Any = result
        if "ResultPath" in self.raw:
            path = self.raw["ResultPath"]
            data = self.taken() if path is None else put(path, self.taken(), result)
        if "OutputPath" in self.raw:
            path = self.raw["OutputPath"]
            data = {} if path is None else select(path, data, self.context)
        return Flow(data, end_s, after, note)


def _task(v: _Visit) -> Flow:
    settings = v.runner.settings
    given = v.given()
    result = v.runner.result(v.state, given)
    lasts = settings.token_s if v.state.pattern == "token" else settings.task_s
    lasts = settings.durations.get(v.state.name, lasts)
    if isinstance(result, dict) and "DurationSeconds" in result:
        lasts = float(result["DurationSeconds"])
        result = {k: value for k, value in result.items() if k != "DurationSeconds"}
    v.runner.count(2, v.at_s)  # scheduled, started
    limit = v.number("TimeoutSeconds", float("inf"))
    if v.state.pattern == "token" and v.number("HeartbeatSeconds", limit) < min(lasts, limit):
        at = v.at_s + v.number("HeartbeatSeconds", limit)
        v.runner.count(1, at)
        raise Failure("States.HeartbeatTimeout", "no heartbeat came in time", at)
    if lasts > limit:
        v.runner.count(1, v.at_s + limit)
        raise Failure("States.Timeout", f"it lasts longer than {limit:g} s", v.at_s + limit)
    end = v.at_s + lasts
    v.runner.count(1, end)  # succeeded or failed
    if isinstance(result, dict) and "Error" in result:
        raise Failure(str(result["Error"]), str(result.get("Cause", "")), end)
    return v.end(result, end)


def _pass(v: _Visit) -> Flow:
    if v.state.jsonata:
        return v.end(v.data, v.at_s)
    return v.end(v.raw["Result"] if "Result" in v.raw else v.given(), v.at_s)


def _succeed(v: _Visit) -> Flow:
    return v.end(v.taken(), v.at_s, target="")


def _fail(v: _Visit) -> Flow:
    words = []
    for field in ("Error", "Cause"):
        value = v.raw.get(field, "")
        if field + "Path" in v.raw:
            value = select(v.raw[field + "Path"], v.data, v.context)
        words.append(str(v.resolve(value) if v.state.jsonata else value))
    raise Failure(words[0] or "States.Failed", words[1], v.at_s)


def _wait(v: _Visit) -> Flow:
    lasts = v.runner.settings.wait_s
    if "Seconds" in v.raw or "SecondsPath" in v.raw:
        lasts = v.number("Seconds", lasts)
    else:
        text = v.raw.get("Timestamp")
        if text is None:
            text = select(v.raw["TimestampPath"], v.taken(), v.context)
        elif v.state.jsonata:
            text = v.resolve(text)
        try:
            until = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
            now = datetime.fromisoformat(v.context["State"]["EnteredTime"].replace("Z", "+00:00"))
            lasts = max(0.0, (until - now).total_seconds())
        except (ValueError, TypeError):
            if not isinstance(text, Unknown):
                raise PathError(f"{text!r} is no timestamp") from None
    return v.end(v.taken(), v.at_s + lasts, f"waits {lasts:g} s")


def _choice(v: _Visit) -> Flow:
    data = v.taken()
    note = ""
    target = ""
    chosen = None
    for k, rule in enumerate(v.raw["Choices"]):
        if v.state.jsonata:
            taken = v.resolve(rule["Condition"]) is True
        else:
            try:
                taken = holds(rule, data, v.context)
            except PathError:
                if v.runner.settings.strict:
                    raise
                targets = [one["Next"] for one in v.raw["Choices"]]
                targets += [v.raw["Default"]] if "Default" in v.raw else []
                target = targets[v.runner.guess(v.state) % len(targets)]
                note = "the sample has nothing to decide by: the branches are taken in turn"
                break
        if taken:
            target, note, chosen = rule["Next"], f"rule {k + 1} holds", rule
            break
    if not target and "Default" in v.raw:
        target, note = v.raw["Default"], "no rule holds: Default"
    if not target:
        raise Failure("States.NoChoiceMatched", "no rule holds and there is no Default", v.at_s)
    return v.end(data, v.at_s, note, target, chosen)


def _parallel(v: _Visit) -> Flow:
    given = v.given()
    v.runner.count(1, v.at_s)
    outputs, end, failures = [], v.at_s, []
    for machine in v.state.machines:
        try:
            output, at = v.runner.run(machine, given, v.at_s, v.depth + 1, v.extra)
            outputs.append(output)
            end = max(end, at)
        except Failure as failure:
            failures.append(failure)
    v.runner.count(1, end)
    if failures:  # the first that fails stops the others
        raise min(failures, key=lambda one: one.at_s)
    return v.end(outputs, end)


def caught(
    state: State, catcher: Catcher, failure: Failure, data: Any, context: Any, runner: _Runner
) -> Flow:
    """Where a catcher leads, with the error put into the data."""
    result = {"Error": failure.error, "Cause": failure.cause}
    raw = catcher.raw
    if state.jsonata:
        visit = _Visit(runner, state, data, failure.at_s, 0, context, {})
        output = result
        if "Output" in raw:
            output = visit.resolve(raw["Output"], errorOutput=result)
        if "Assign" in raw:
            runner.variables.update(visit.resolve(raw["Assign"], errorOutput=result))
        return Flow(output, failure.at_s, catcher.next)
    if "Assign" in raw:
        runner.variables.update(fill(raw["Assign"], result, context))
    path = raw.get("ResultPath", "$")
    output = data if path is None else put(path, data, result)
    return Flow(output, failure.at_s, catcher.next)


_KINDS = {
    "Task": _task,
    "Pass": _pass,
    "Choice": _choice,
    "Wait": _wait,
    "Succeed": _succeed,
    "Fail": _fail,
    "Parallel": _parallel,
    "Map": run_map,
}
