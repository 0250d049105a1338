"""The status tracker of an SWF domain: its open executions, by what they wait for."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from sandbox.services._swf_params import Params, Step
from sandbox.services._swf_state import ADVANCE
from sandbox.services.views import Drawing, Figures, Graph, Place, Way

DECISIONS = "Decision tasks"


def draw(params: Params) -> Drawing:
    """Decision tasks, which come between all steps, then the steps by stage."""
    stages = _stages(params)
    words = "waiting for a decider, or in its hands; one comes before each stage and after each end"
    if params.rounds > 1:
        words += f"; {params.rounds:,} rounds of all stages"
    last = set(stages[-1]) if stages else set()
    places = [Place(DECISIONS, "decider", begins=True, ends=not stages, note=words)]
    places += [
        Place(one.name, one.kind.replace("_", " "), ends=i in last, note=_about(one))
        for i, one in enumerate(params.steps)
    ]
    return Drawing(tuple(places), tuple(way for way, _, _ in _ways(params)))


def _stages(params: Params) -> list[list[int]]:
    """The steps of each stage, in order."""
    numbers = sorted({one.stage for one in params.steps})
    return [[i for i, one in enumerate(params.steps) if one.stage == n] for n in numbers]


def _ways(params: Params) -> list[tuple[Way, int, float]]:
    """(way, the step that it leads to, the share of what enters there that comes this way)."""
    stages, steps = _stages(params), params.steps
    found = [(Way(DECISIONS, steps[i].name), i, 1.0) for i in (stages[0] if stages else ())]
    for before, after in pairwise(stages):
        found += [
            (Way(steps[a].name, steps[b].name), b, steps[a].share) for a in before for b in after
        ]
    return found


def _about(one: Step) -> str:
    lines = [f"task list {one.task_list}"] if one.task_list else []
    if one.share < 1.0:
        lines.append(f"{one.share:.3g} of the executions take it")
    if one.attempts > 1:
        lines.append(f"scheduled up to {one.attempts} times")
    if one.on_failure == "continue":
        lines.append("its failure is gone on from")
    return "\n".join(lines)


def live(params: Params, p: Any, s: Any, io: Any, cells: np.ndarray, table: Any) -> Figures:
    """Executions at each step, what was scheduled and what failed or timed out there."""
    count, dt = len(params.steps), float(p["tick_s"])
    held = np.array(cells["amount"][: 2 + count])
    entering = np.array(s["fresh"][: 1 + count]) / dt
    for i, one in enumerate(params.steps):
        if p["outside"][i]:  # begins at once: first attempts, as they were decided on
            entering[1 + i] = s["decided"][ADVANCE + int(p["stage"][i])] * one.share / dt
    failing = np.concatenate(([s["decisions_late"]], s["missed"][:count] / dt))
    flows = [entering[1 + to] * share for _, to, share in _ways(params)]
    return Figures(
        np.maximum(np.concatenate(([held[0] + held[1]], held[2:])), 0.0),
        np.maximum(entering, 0.0),
        np.maximum(failing, 0.0),
        np.array(flows, "f8"),
    )


GRAPH = Graph("Executions", "execution", draw, live)
