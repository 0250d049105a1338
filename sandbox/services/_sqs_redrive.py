"""Moving the messages of a dead-letter queue back: StartMessageMoveTask, at a rate."""

from __future__ import annotations

from typing import Any

from sandbox.kernels.cohort import take
from sandbox.kernels.compiled import compiled
from sandbox.services._sqs_cohorts import split, trim
from sandbox.services._sqs_messages import AGAIN, BACK, FRESH, part_of
from sandbox.services._sqs_params import MoveTask


@compiled
def move_back(s, cells, dt):
    """The messages that the task moves in this tick, from those that are visible."""
    if s.to_move <= 0.0:
        return 0.0
    there = s.rings[FRESH].total + s.rings[AGAIN].total + s.rings[BACK].total
    wanted = min(s.to_move, s.move_per_s * dt, there)
    moved = 0.0
    while moved < wanted * (1.0 - 1e-12):
        if s.rings[FRESH].count > 0:
            amount, _t0, _t1, _mark = take(part_of(cells, FRESH), s.rings[FRESH], wanted - moved)
        else:
            which = AGAIN if s.rings[AGAIN].count > 0 else BACK
            if s.rings[which].count == 0:
                break
            ours = part_of(cells, which)
            amount, _a, _b, _c, _d, _bad, late, _n = split(ours, s.rings[which], 0, wanted - moved)
            trim(ours, s.rings[which])
            s.late_visible = max(0.0, s.late_visible - late)
        if amount <= 0.0:
            break
        moved += amount
    s.to_move -= moved
    if s.to_move < 1e-9 or there - moved <= 1e-9:
        s.to_move = 0.0
    return moved


def start(record: Any, state: Any, cells: Any, args: MoveTask, t_s: float) -> str:
    """Begin to move what is visible now back to where the redrive port leads."""
    if not record["redrives"]:
        raise ValueError(
            "nowhere to move them: link the port 'redrive' to the queue they came from"
        )
    if state["to_move"] > 0.0:
        raise ValueError(f"a task is moving messages already, {state['to_move']:,.0f} are left")
    rings = state["rings"]["total"]
    amount = float(rings[FRESH] + rings[AGAIN] + rings[BACK])
    if amount <= 0.0:
        raise ValueError("no message is visible, so there is none to move")
    state["to_move"] = amount
    state["move_per_s"] = args.max_per_s
    return f"moves {amount:,.0f} messages back, {args.max_per_s:,.0f} a second"
