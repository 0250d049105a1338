"""Amazon States Language: a definition read into state machines, or refused where it is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sandbox.services import _asl_rules as rules
from sandbox.services._asl_json import AslError, Located, Path

__all__ = ["AslError", "Catcher", "Machine", "Retrier", "State", "parse", "walk"]

SPEC = "https://states-language.net/spec.html"
LARGEST = 1024 * 1024  # AWS Step Functions Developer Guide: Quotas; a definition, H
INTERVAL_S = 1.0  # AWS Step Functions Developer Guide: Handling errors, the Retry field; H
MAX_ATTEMPTS = 3  # AWS Step Functions Developer Guide: Handling errors, the Retry field; H
BACKOFF_RATE = 2.0  # AWS Step Functions Developer Guide: Handling errors, the Retry field; H
TIMEOUT_S = 99_999_999.0  # Amazon States Language specification: a task without TimeoutSeconds; H


@dataclass(frozen=True, slots=True)
class Retrier:
    errors: tuple[str, ...]
    interval_s: float = INTERVAL_S
    max_attempts: int = MAX_ATTEMPTS
    backoff_rate: float = BACKOFF_RATE
    max_delay_s: float | None = None
    full_jitter: bool = False

    def delay_s(self, k: int) -> float:
        """The pause before retry ``k`` (1 is the first), before jitter."""
        cap = TIMEOUT_S if self.max_delay_s is None else self.max_delay_s
        try:
            return min(cap, self.interval_s * self.backoff_rate ** (k - 1))
        except OverflowError:
            return cap


@dataclass(frozen=True, slots=True)
class Catcher:
    errors: tuple[str, ...]
    next: str
    raw: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class State:
    """One state; ``raw`` is its JSON, ``machines`` the branches of a Parallel or the one of a Map.

    ``next`` is empty where the state ends the machine (or is a Choice, Succeed or Fail).
    """

    name: str
    kind: str
    raw: Mapping[str, Any]
    path: Path
    next: str = ""
    retriers: tuple[Retrier, ...] = ()
    catchers: tuple[Catcher, ...] = ()
    machines: tuple[Machine, ...] = ()
    jsonata: bool = False

    @property
    def resource(self) -> str:
        return str(self.raw.get("Resource", ""))

    @property
    def pattern(self) -> str:
        """How a Task waits: "token", "sync" or "response"."""
        if self.resource.endswith(".waitForTaskToken"):
            return "token"
        return "sync" if ".sync" in self.resource else "response"

    @property
    def timeout_s(self) -> float:
        """When it times out, where that is a number; only who has a token sends heartbeats."""
        names = ["TimeoutSeconds"]
        if self.pattern == "token" or ":activity:" in self.resource:
            names.append("HeartbeatSeconds")
        found = [self.raw.get(name) for name in names]
        return min([TIMEOUT_S, *(float(v) for v in found if isinstance(v, (int, float)))])

    @property
    def distributed(self) -> bool:
        config = self.raw.get("ItemProcessor", {}).get("ProcessorConfig", {})
        return bool(config.get("Mode") == "DISTRIBUTED")

    @property
    def express_children(self) -> bool:
        config = self.raw.get("ItemProcessor", {}).get("ProcessorConfig", {})
        return self.distributed and config.get("ExecutionType") == "EXPRESS"


@dataclass(frozen=True, slots=True)
class Machine:
    """States by name in the order they are written, the first one to run, the time limit."""

    start: str
    states: Mapping[str, State]
    timeout_s: float | None = None
    comment: str = ""

    def successors(self, state: State) -> tuple[str, ...]:
        """Where a state may go, each once: next, choices, default, catchers."""
        found = [state.next] if state.next else []
        found += [rule["Next"] for rule in state.raw.get("Choices", ())]
        if "Default" in state.raw:
            found.append(state.raw["Default"])
        found += [catcher.next for catcher in state.catchers]
        return tuple(dict.fromkeys(found))


def walk(machine: Machine) -> Iterator[tuple[State, Machine]]:
    """All states, those of branches and iterations after the state they stand in."""
    for state in machine.states.values():
        yield state, machine
        for inner in state.machines:
            yield from walk(inner)


@lru_cache(maxsize=64)
def parse(text: str) -> Machine:
    """The machine of a definition; AslError says what is wrong at which line and column."""
    if len(text.encode()) > LARGEST:
        raise AslError("larger than a definition may be (1 MB); split it into several machines")
    if not text.strip():
        raise AslError('empty; it needs "StartAt" and "States"', 1, 1)
    source = Located(text)
    names: dict[str, Path] = {}
    return _machine(source, source.value, (), _language(source, source.value, ()), names)


def _language(source: Located, value: Any, path: Path, outer: str = "JSONPath") -> str:
    found = value.get("QueryLanguage", outer) if isinstance(value, dict) else outer
    if found not in ("JSONPath", "JSONata"):
        raise source.error(
            f'QueryLanguage is "JSONPath" or "JSONata", not {found!r}', (*path, "QueryLanguage")
        )
    return str(found)


def _machine(
    source: Located, value: Any, path: Path, language: str, names: dict[str, Path]
) -> Machine:
    if not isinstance(value, dict):
        raise source.error("a state machine is an object with StartAt and States", path)
    for field in ("StartAt", "States"):
        if field not in value:
            raise source.error(f'"{field}" is missing', path)
    start, states = value["StartAt"], value["States"]
    if not isinstance(states, dict) or not states:
        raise source.error("States is an object with at least one state", (*path, "States"))
    if not isinstance(start, str) or start not in states:
        known = ", ".join(f'"{name}"' for name in list(states)[:6])
        raise source.error(f"StartAt names no state here; there are {known}", (*path, "StartAt"))
    timeout = value.get("TimeoutSeconds")
    if timeout is not None and (not rules.number(timeout) or timeout <= 0):
        raise source.error("TimeoutSeconds is a number of seconds > 0", (*path, "TimeoutSeconds"))
    if value.get("Version", "1.0") != "1.0":
        raise source.error('Version is "1.0"', (*path, "Version"))
    found: dict[str, State] = {}
    for name, one in states.items():
        place = (*path, "States", name)
        if name in names:
            raise source.error(f'a second state "{name}"; names are unique', place, key=True)
        if not name or len(name) > rules.LONGEST_NAME:
            raise source.error(f"a name has 1 to {rules.LONGEST_NAME} characters", place, key=True)
        names[name] = place
        found[name] = _state(source, name, one, place, language, names)
    machine = Machine(start, found, timeout, str(value.get("Comment", "")))
    _reachable(source, machine, path)
    return machine


def _state(
    source: Located, name: str, raw: Any, path: Path, language: str, names: dict[str, Path]
) -> State:
    if not isinstance(raw, dict):
        raise source.error("a state is an object with a Type", path)
    language = _language(source, raw, path, language)
    rules.check(source, raw, path, language)
    machines: list[Machine] = []
    if raw["Type"] == "Parallel":
        for i, branch in enumerate(raw["Branches"]):
            machines.append(_machine(source, branch, (*path, "Branches", i), language, names))
    elif raw["Type"] == "Map":
        key = "ItemProcessor" if "ItemProcessor" in raw else "Iterator"
        machines.append(_machine(source, raw[key], (*path, key), language, names))
    return State(
        name,
        raw["Type"],
        raw,
        path,
        raw.get("Next", ""),
        tuple(_retrier(one) for one in raw.get("Retry", ())),
        tuple(Catcher(tuple(c["ErrorEquals"]), c["Next"], c) for c in raw.get("Catch", ())),
        tuple(machines),
        language == "JSONata",
    )


def _retrier(raw: Mapping[str, Any]) -> Retrier:
    return Retrier(
        tuple(raw["ErrorEquals"]),
        float(raw.get("IntervalSeconds", INTERVAL_S)),
        int(raw.get("MaxAttempts", MAX_ATTEMPTS)),
        float(raw.get("BackoffRate", BACKOFF_RATE)),
        raw.get("MaxDelaySeconds"),
        raw.get("JitterStrategy", "NONE") == "FULL",
    )


def _reachable(source: Located, machine: Machine, path: Path) -> None:
    """Every state that is named exists, every one that exists is reached, and there is an end."""
    for state in machine.states.values():
        for field, place in _targets(state):
            if field not in machine.states:
                message = f'there is no state "{field}" beside this one'
                raise source.error(message, (*state.path, *place))
    seen, todo = set(), [machine.start]
    while todo:
        name = todo.pop()
        if name not in seen:
            seen.add(name)
            todo += machine.successors(machine.states[name])
    for name, state in machine.states.items():
        if name not in seen:
            message = f'nothing leads to the state "{name}"; remove it, or name it as a Next'
            raise source.error(message, state.path, key=True)


def _targets(state: State) -> Sequence[tuple[str, Path]]:
    found: list[tuple[str, Path]] = []
    if state.next:
        found.append((state.next, ("Next",)))
    if "Default" in state.raw:
        found.append((state.raw["Default"], ("Default",)))
    for i, rule in enumerate(state.raw.get("Choices", ())):
        found.append((rule["Next"], ("Choices", i, "Next")))
    for i, catcher in enumerate(state.catchers):
        found.append((catcher.next, ("Catch", i, "Next")))
    return found
