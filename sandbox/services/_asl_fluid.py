"""A definition as stages that executions flow through: the table of `step_functions`.

A state is one stage or several: an attempt of a Task and each of its retries, with the pauses
between, are stages of their own, so that an execution needs no memory.  A Parallel or Map is a
stage that lasts as long as its branches; what it starts in them flows through stages of theirs.
Stages stand in the order in which executions come to them, but for loops.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from sandbox.services._asl import Machine, State
from sandbox.services._asl_map import CHILDREN, INLINE, iterations
from sandbox.services._asl_outcomes import (
    Assumed,
    Assumptions,
    first_of,
    names_of,
    names_within,
    order,
    shares,
)
from sandbox.services._asl_table import (
    AT_ONCE,
    BLOCK,
    BRANCHES_FIRST,
    BRANCHES_N,
    DONE,
    FAIL_STATE,
    FAILED,
    HEADER,
    IS_MAP,
    ITEMS,
    LINKED,
    NO_CHOICE,
    OK,
    PARENT,
    PER_S,
    RING,
    TASK_FAILED,
    TASK_THROTTLED,
    THROTTLED,
    TIMED_OUT,
    TOLERATED,
    ZERO,
)

MOST_TOLD_APART = 12  # retries that have stages of their own; what follows them repeats the last
TASK_EVENTS, STATE_EVENTS, BLOCK_EVENTS, ITEM_EVENTS = 5.0, 2.0, 4.0, 2.0  # events: assumption
STANDARD_PER_S = 100.0  # AWS Step Functions Developer Guide: Quotas; Standard children a second, H
EXPRESS_PER_S = 1000.0  # AWS Step Functions Developer Guide: Quotas; Express children a second, H


@dataclass(slots=True)
class Stage:
    kind: int
    state: int
    mean_s: float = 0.0
    link: int = -1
    charged: float = 0.0
    limit_s: float = np.inf
    fails: float = 0.0
    times_out: float = 0.0
    branch: int = -1
    scope: int = -1
    starts: float = 0.0  # child executions billed for each that enters
    events: float = 0.0
    gate_s: float = 0.0
    edges: list[list[list[float]]] = field(default_factory=lambda: [[], [], [], []])

    def to(self, target: int, outcome: int = OK, weight: float = 1.0) -> None:
        self.edges[outcome].append([float(target), weight, 0.0, 0.0])

    def shares(self) -> tuple[float, float, float, float]:
        """The outcomes to be expected where no callee says otherwise."""
        late = self.times_out
        failing = (1.0 - late) * self.fails
        return 1.0 - late - failing, 0.0, failing, late


class Plan:
    """The stages, branches and scopes of a machine; ``names`` are its states in order."""

    def __init__(self, machine: Machine, given: Assumptions) -> None:
        self.given = given
        self.names: list[str] = []
        self.kinds: list[str] = []
        self.stages: list[Stage] = []
        self.starts: list[int] = []  # the first stage of each branch
        self.scopes: list[list[float]] = []
        self.start = self._machine(machine, -1)
        self._link_up(machine, -1)

    # ------------------------------------------------------------------ stages

    def _machine(self, machine: Machine, branch: int, free: bool = False) -> int:
        """Lay out the stages of a machine; its first."""
        first: dict[str, int] = {}
        for name in order(machine):
            first[name] = len(self.stages)
            self._state(machine.states[name], branch, free)
        for name, at in first.items():
            self._ends(machine.states[name], at, first)
        return first[machine.start]

    def _state(self, state: State, branch: int, free: bool) -> None:
        index = len(self.names)
        self.names.append(state.name)
        self.kinds.append(state.kind)
        given = self.given
        own = given.states.get(state.name, Assumed())
        base = Stage(ZERO, index, charged=0.0 if free else 1.0, branch=branch, events=STATE_EVENTS)
        if state.kind == "Wait":
            seconds = state.raw.get("Seconds")
            known = isinstance(seconds, (int, float))
            lasts = float(seconds) if known else given.wait_s  # type: ignore[arg-type]
            base.kind, base.mean_s = RING, lasts if own.duration_s is None else own.duration_s
            self.stages.append(base)
        elif state.kind == "Task":
            base.events = TASK_EVENTS
            lasts = given.token_s if state.pattern == "token" else given.task_s
            base.mean_s = lasts if own.duration_s is None else own.duration_s
            base.kind, base.limit_s, base.fails = RING, state.timeout_s, own.failure_share
            base.link = given.links.get(state.name, -1)
            if base.link >= 0:
                base.kind, base.fails = LINKED, 0.0
            elif base.mean_s > base.limit_s:
                base.mean_s, base.times_out = base.limit_s, 1.0
            self._attempts(state, base, names_of(state, given, own))
        elif state.kind in ("Parallel", "Map"):
            base.kind, base.events, base.scope = PARENT, BLOCK_EVENTS, len(self.scopes)
            if state.express_children or state.distributed:
                base.starts = 1.0 if state.express_children else 0.0
            self.scopes.append([])
            self._attempts(state, base, names_within(state, given))
            self._branches(state, base, own, free)
        else:
            self.stages.append(base)

    def _attempts(self, state: State, base: Stage, names: Sequence[Sequence[str]]) -> None:
        """The attempts of a state and the pauses between: a chain for each retrier that is used."""
        at = len(self.stages)
        found: dict[tuple[tuple[int, int], ...], int] = {(): at}
        todo: list[tuple[tuple[int, int], ...]] = [()]
        self.stages.append(base)
        token = self._token(state, base)
        while todo:
            used = todo.pop(0)
            here = self.stages[found[used]]
            waiting = [here] if token < 0 else [here, self.stages[found[used] + 1]]
            for outcome in (THROTTLED, FAILED, TIMED_OUT):
                retrier = first_of(state.retriers, names[outcome])
                counts = dict(used)
                k = counts.get(retrier, 0) + 1
                if retrier < 0 or k > state.retriers[retrier].max_attempts:
                    continue  # its end is a catcher or the failure of the machine
                chain = state.retriers[retrier]
                if len(found) > 2 * MOST_TOLD_APART:  # too many to tell apart: by this one alone
                    counts = {}
                counts[retrier] = min(k, MOST_TOLD_APART)
                after = tuple(sorted(counts.items()))
                pause = chain.delay_s(counts[retrier]) * (0.5 if chain.full_jitter else 1.0)
                stop = Stage(RING, base.state, pause, charged=-1.0, branch=base.branch)
                stop_at = len(self.stages)
                self.stages.append(stop)
                if after not in found:
                    again = Stage(**{f: getattr(base, f) for f in _COPIED})
                    again.events = max(0.0, base.events - STATE_EVENTS)
                    found[after] = len(self.stages)
                    self.stages.append(again)
                    self._token(state, again)
                    todo.append(after)
                weight, rest = 1.0, 0.0
                if k > MOST_TOLD_APART or k == MOST_TOLD_APART == counts[retrier]:
                    left = chain.max_attempts - MOST_TOLD_APART
                    rest = 1.0 / (left + 1.0) if used == after else 0.0
                    weight -= rest
                stop.to(found[after])
                for one in waiting:
                    one.to(stop_at, outcome, weight)
                    if rest > 0.0:
                        one.to(_EXHAUSTED, outcome, rest)

    def _token(self, state: State, base: Stage) -> int:
        """After the call of a linked Task, the time until its token comes back."""
        if state.pattern != "token" or base.link < 0:
            return -1
        own = self.given.states.get(state.name, Assumed())
        lasts = self.given.token_s if own.duration_s is None else own.duration_s
        stage = Stage(RING, base.state, min(lasts, base.limit_s), charged=-1.0, branch=base.branch)
        stage.times_out = 1.0 if lasts > base.limit_s else 0.0
        stage.fails = own.failure_share
        base.to(len(self.stages))
        self.stages.append(stage)
        return len(self.stages) - 1

    def _branches(self, state: State, base: Stage, own: Assumed, free: bool) -> None:
        first = len(self.starts)
        self.starts += [0] * len(state.machines)
        free = free or state.express_children
        for k, machine in enumerate(state.machines):
            self.starts[first + k] = self._machine(machine, first + k, free)
        row = [0.0] * BLOCK
        row[IS_MAP] = float(state.kind == "Map")
        row[BRANCHES_FIRST], row[BRANCHES_N] = float(first), float(len(state.machines))
        row[ITEMS], row[AT_ONCE], row[PER_S] = 1.0, float(INLINE), np.inf
        if state.kind == "Map":
            items = self.given.items if own.items is None else own.items
            row[ITEMS] = iterations(state, items)
            row[AT_ONCE] = float(CHILDREN if state.distributed else INLINE)
            most = state.raw.get("MaxConcurrency", 0)
            if isinstance(most, (int, float)) and most > 0:
                row[AT_ONCE] = min(row[AT_ONCE], float(most))
            if state.distributed:
                row[PER_S] = EXPRESS_PER_S if state.express_children else STANDARD_PER_S
                share = state.raw.get("ToleratedFailurePercentage", 0)
                count = state.raw.get("ToleratedFailureCount", 0)
                shares = [float(share) / 100.0] if isinstance(share, (int, float)) else [0.0]
                if isinstance(count, (int, float)):
                    shares.append(float(count) / max(items, 1.0))
                row[TOLERATED] = max(shares)
        self.scopes[base.scope] = row

    def _ends(self, state: State, at: int, first: Mapping[str, int]) -> None:
        """Where the stages of a state lead that lead nowhere yet."""
        onward = first[state.next] if state.next else DONE
        index = self.stages[at].state
        mine = [
            s for s in self.stages[at:] if s.state == index and (s.events > 0.0 or s.times_out > 0.0
                                                                or not s.edges[OK])
        ]  # fmt: skip
        if state.kind == "Choice":
            for target, weight in shares(state, self.given).items():
                self.stages[at].to(first[target] if target else NO_CHOICE, OK, weight)
            return
        own = self.given.states.get(state.name, Assumed())
        names: Sequence[Sequence[str]] = ((), (), (), ())
        if state.kind in ("Parallel", "Map"):
            names = names_within(state, self.given)
        elif state.kind == "Task":
            names = names_of(state, self.given, own)
        for stage in mine:
            if not stage.edges[OK]:
                stage.to(FAIL_STATE if state.kind == "Fail" else onward)
            for outcome in (THROTTLED, FAILED, TIMED_OUT):
                catcher = first_of(state.catchers, names[outcome])
                end = TASK_THROTTLED if outcome == THROTTLED else TASK_FAILED
                lost = first[state.catchers[catcher].next] if catcher >= 0 else end
                edges = stage.edges[outcome]
                for edge in edges:
                    if edge[0] == _EXHAUSTED:
                        edge[0] = float(lost)
                if not edges:
                    stage.to(lost, outcome)

    # ------------------------------------------------------------------ limits

    def _link_up(self, machine: Machine, branch: int) -> None:
        from sandbox.services._asl_limits import limits

        limits(self)

    def table(self) -> np.ndarray:
        """Header, stages, branches' first stages, scopes, edges: as the law reads them."""
        rows: list[list[float]] = []
        edges: list[list[float]] = []
        for stage in self.stages:
            row = [
                *(stage.kind, stage.state, stage.mean_s, stage.link, stage.charged, stage.limit_s),
                *(stage.fails, stage.branch, stage.scope, stage.gate_s, stage.starts),
                stage.times_out,
            ]
            for outcome in range(4):
                row += [float(len(edges)), float(len(stage.edges[outcome]))]
                edges += stage.edges[outcome]
            rows.append(row)
        flat = np.array(rows, "f8").ravel()
        header = np.zeros(HEADER)
        header[:6] = len(rows), len(self.names), len(self.starts), len(self.scopes), self.start, 0
        parts = [header, flat, np.array(self.starts, "f8"), np.array(self.scopes, "f8").ravel()]
        parts.append(np.array(edges, "f8").ravel())
        return np.concatenate(parts)


_EXHAUSTED = -99
_COPIED = (
    *("kind", "state", "mean_s", "link", "charged", "limit_s", "fails", "times_out", "branch"),
    *("scope", "starts", "events"),
)
