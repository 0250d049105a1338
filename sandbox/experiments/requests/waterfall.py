"""One request followed along its path: the time at each hop."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from sandbox.experiments.requests import records as r
from sandbox.experiments.requests.plan import Plan

_ROUNDING = 1e-12  # of times since the simulation began
_LONGEST = 3600.0  # s after the answer, that abandoned work is drawn at the most


@dataclass(frozen=True, slots=True)
class Span:
    """One attempt of one call, seconds since the request began.

    It was sent at `sent_s`, reached its node at `start_s`, waited for `wait_s` and was served for
    `service_s` there, and the rest until `end_s` went to the calls it made. `attempt` and `call`
    count from 1, `call` where the same is called several times. At `given_up_s`, if that is not
    None, its caller had waited long enough.
    """

    node: str
    depth: int
    attempt: int
    call: int
    sent_s: float
    start_s: float
    wait_s: float
    service_s: float
    end_s: float
    outcome: str
    given_up_s: float | None = None

    @property
    def calls_s(self) -> float:
        return max(0.0, self.end_s - self.start_s - self.wait_s - self.service_s)


@dataclass(frozen=True, slots=True)
class Waterfall:
    """A request: which one it is of ("typical", "slow", "failed"), how long it took, its spans in
    the order in which they were sent, each behind its caller."""

    which: str
    source: str
    seconds: float
    outcome: str
    spans: tuple[Span, ...]


def pick(
    plan: Plan,
    spans: np.ndarray,
    source: str,
    through: str | None = None,
    wanted: tuple[float, float] = (math.nan, math.nan),
) -> tuple[Waterfall, ...]:
    """A typical request of a source (at its median), a slow one (at its 99th percentile), and one
    that failed, of those followed; `through` asks for requests that pass a node, and `wanted` are
    the two percentiles (s) where they are known from more requests than were followed."""
    if len(spans) == 0:
        return ()
    roots = np.flatnonzero(
        (spans["parent"] < 0) & (spans["node"] == plan.index(source)) & np.isfinite(spans["end"])
    )
    if through is not None and through != source:
        passed = set(spans["trace"][spans["node"] == plan.index(through)].tolist())
        roots = np.array([i for i in roots if int(spans["trace"][i]) in passed], "i8")
    if len(roots) == 0:
        return ()
    took = spans["end"][roots] - spans["begun"][roots]
    well = spans["outcome"][roots] == r.OK
    found = []
    if well.any():
        for which, p, known in (("typical", 0.5, wanted[0]), ("slow", 0.99, wanted[1])):
            aim = known if math.isfinite(known) else float(np.quantile(took[well], p))
            best = roots[well][int(np.argmin(np.abs(took[well] - aim)))]
            found.append(_waterfall(plan, spans, int(best), which))
    if not well.all():
        lost, times = roots[~well], took[~well]
        middle = lost[int(np.argmin(np.abs(times - np.median(times))))]
        found.append(_waterfall(plan, spans, int(middle), "failed"))
    return tuple(found)


def _waterfall(plan: Plan, spans: np.ndarray, root: int, which: str) -> Waterfall:
    mine = np.flatnonzero(spans["trace"] == spans["trace"][root])
    below: dict[int, list[int]] = {}
    for i in mine:
        below.setdefault(int(spans["parent"][i]), []).append(int(i))
    begin, finish = float(spans["begun"][root]), float(spans["end"][root])
    rows: list[Span] = []
    most: dict[tuple[int, int], int] = {}
    for one in spans[mine]:
        key = (int(one["parent"]), int(one["link"]))
        most[key] = max(most.get(key, 0), int(one["call"]))

    def add(i: int, depth: int) -> None:
        one = spans[i]
        end = float(one["end"])
        if not math.isfinite(end):
            end = min(finish, begin + _LONGEST)
        own_end = min(float(one["own_end"]), end)
        start = float(one["entered"])
        wait = min(float(one["wait"]), max(0.0, own_end - start))
        wait = 0.0 if wait < _ROUNDING * (1.0 + start) else wait
        gone = math.isfinite(one["abandoned"])
        # calls over one link count down
        call = most[int(one["parent"]), int(one["link"])] - int(one["call"]) + 1
        rows.append(
            Span(
                node=plan.ids[int(one["node"])],
                depth=depth,
                attempt=int(one["attempt"]) + 1,
                call=call,
                sent_s=float(one["begun"]) - begin,
                start_s=start - begin,
                wait_s=wait,
                service_s=max(0.0, own_end - start - wait),
                end_s=end - begin,
                outcome=r.OUTCOMES[int(one["outcome"])],
                given_up_s=float(one["abandoned"]) - begin if gone else None,
            )
        )
        for child in sorted(below.get(i, ()), key=lambda c: float(spans["begun"][c])):
            add(child, depth + 1)

    add(root, 0)
    return Waterfall(
        which=which,
        source=plan.ids[int(spans["node"][root])],
        seconds=finish - begin,
        outcome=r.OUTCOMES[int(spans["outcome"][root])],
        spans=tuple(rows),
    )
