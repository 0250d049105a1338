"""The graph of a state machine: its states, the ways between them, and what goes there now."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from sandbox.services._asl import Machine, Retrier, State, parse
from sandbox.services._asl_json import AslError, Located
from sandbox.services._asl_outcomes import order
from sandbox.services._asl_table import (
    BLOCK,
    CHARGED,
    EDGE,
    FIRST,
    HEADER,
    OK,
    STAGE,
    STATE,
)
from sandbox.services.views import Drawing, Figures, Mistake, Place, Text, Way

_SIGNS = (  # of comparisons, the longer names first
    ("LessThanEquals", "≤"),
    ("GreaterThanEquals", "≥"),
    ("LessThan", "<"),
    ("GreaterThan", ">"),
    ("Equals", "="),
    ("Matches", "matches"),
)


def draw(params: Any) -> Drawing:
    """The states of a definition, in the order of their cells."""
    return _drawn(params.definition)


@lru_cache(maxsize=64)
def _drawn(definition: str) -> Drawing:
    places: list[Place] = []
    ways: list[Way] = []
    for state, machine, inside, branch in _laid_out(parse(definition), "", 0):
        places.append(
            Place(
                state.name,
                state.kind,
                inside,
                branch,
                state.name == machine.start,
                not state.next and state.kind != "Choice",
                _about(state),
            )
        )
        ways += _ways(state)
    return Drawing(tuple(places), tuple(ways))


def _laid_out(
    machine: Machine, inside: str, branch: int
) -> Iterator[tuple[State, Machine, str, int]]:
    """(state, its machine, the state that is in, which branch) as the stages are laid out."""
    for name in order(machine):
        state = machine.states[name]
        yield state, machine, inside, branch
        for k, inner in enumerate(state.machines):
            yield from _laid_out(inner, name, k)


def _about(state: State) -> str:
    lines = [str(state.raw["Comment"])] if state.raw.get("Comment") else []
    lines += [state.resource] if state.resource else []
    if state.kind == "Task" and state.pattern != "response":
        token = state.pattern == "token"
        lines.append("waits for its token" if token else "waits for the work to end")
    for field in ("TimeoutSeconds", "HeartbeatSeconds", "Seconds", "MaxConcurrency"):
        if field in state.raw:
            lines.append(f"{field} {state.raw[field]}")
    if state.distributed:
        lines.append("distributed: each item is a child execution")
    return "\n".join(lines)


def _ways(state: State) -> list[Way]:
    found = [Way(state.name, state.next)] if state.next else []
    rules: dict[str, list[str]] = {}
    for rule in state.raw.get("Choices", ()):
        rules.setdefault(rule["Next"], []).append(_condition(rule))
    if "Default" in state.raw:
        rules.setdefault(state.raw["Default"], []).append("otherwise")
    found += [Way(state.name, to, "choice", " or ".join(said)) for to, said in rules.items()]
    if state.retriers:
        words = "; ".join(_retried(one) for one in state.retriers)
        found.append(Way(state.name, state.name, "retry", words))
    caught: dict[str, list[str]] = {}
    for catcher in state.catchers:
        caught.setdefault(catcher.next, []).extend(catcher.errors)
    found += [Way(state.name, to, "catch", ", ".join(names)) for to, names in caught.items()]
    return found


def _retried(retrier: Retrier) -> str:
    first = f"{', '.join(retrier.errors)}: {retrier.max_attempts} times after "
    return f"{first}{retrier.interval_s:g} s, each pause × {retrier.backoff_rate:g}"


def _condition(rule: Mapping[str, Any]) -> str:
    if "Condition" in rule:
        return str(rule["Condition"]).strip().removeprefix("{%").removesuffix("%}").strip()
    for word in ("And", "Or"):
        if word in rule:
            return f" {word.lower()} ".join(f"({_condition(one)})" for one in rule[word])
    if "Not" in rule:
        return f"not ({_condition(rule['Not'])})"
    name = str(rule.get("Variable", ""))
    for key, value in rule.items():
        if key.startswith("Is"):
            word = key.removeprefix("Is").lower()
            return f"{name} is {'' if value else 'not '}{word}"
        for part, sign in _SIGNS:
            if key.removesuffix("Path").endswith(part):
                shown = value if key.endswith("Path") else json.dumps(value, ensure_ascii=False)
                return f"{name} {sign} {shown}"
    return name


def live(params: Any, p: Any, s: Any, io: Any, cells: np.ndarray, table: np.ndarray) -> Figures:
    """Executions in each state, what enters and what fails there, and the rate of each way."""
    drawing = draw(params)
    states = cells[: len(drawing.places)]
    rates = _rates(cells[len(drawing.places) :], table)
    index = {place.name: i for i, place in enumerate(drawing.places)}
    flows = [
        rates.get((index[way.source], index[way.target], way.kind in ("retry", "catch")), 0.0)
        for way in drawing.ways
    ]
    return Figures(
        np.maximum(states["level"], 0.0),
        np.maximum(states["x"], 0.0),
        np.maximum(states["out"], 0.0),
        np.array(flows, "f8"),
    )


def _rates(stages: np.ndarray, table: np.ndarray) -> dict[tuple[int, int, bool], float]:
    """What goes from state to state a second, apart for those that failed."""
    count, branches, scopes = int(table[0]), int(table[2]), int(table[3])
    edges = HEADER + count * STAGE + branches + scopes * BLOCK
    rows = table[HEADER : HEADER + count * STAGE].reshape(count, STAGE)
    found: dict[tuple[int, int, bool], float] = {}
    for row, cell in zip(rows, stages, strict=False):
        for outcome in range(4):
            flow = float(cell["out"] * cell["o"][outcome])
            if flow <= 0.0:
                continue
            first, many = int(row[FIRST + 2 * outcome]), int(row[FIRST + 2 * outcome + 1])
            for e in range(first, first + many):
                target, weight = int(table[edges + EDGE * e]), table[edges + EDGE * e + 1]
                if target < 0:
                    continue
                source, to = int(row[STATE]), int(rows[target][STATE])
                inside = row[CHARGED] < 0.0 or rows[target][CHARGED] < 0.0
                if source == to and outcome == OK and inside:
                    continue  # the end of a pause, or the wait for a token
                key = (source, to, outcome != OK)
                found[key] = found.get(key, 0.0) + flow * float(weight)
    return found


def _wrong(read: Callable[[str], object]) -> Callable[[str], Mistake | None]:
    def check(text: str) -> Mistake | None:
        try:
            read(text)
        except AslError as error:
            return Mistake(error.reason, error.line or 1, error.column or 1)
        return None

    return check


def _mocks(text: str) -> None:
    source = Located(text)
    if not isinstance(source.value, dict):
        raise source.error("mocks are an object: the result of each state by its name", ())


TEXTS = (
    Text("definition", _wrong(parse), "Amazon States Language", (".asl.json", ".json", ".asl")),
    Text("sample_input", _wrong(Located)),
    Text("mocks", _wrong(_mocks)),
)
