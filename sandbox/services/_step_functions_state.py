"""What a state machine keeps from tick to tick."""

from __future__ import annotations

from typing import Annotated

from sandbox.services._step_functions_flow import SLOTS
from sandbox.services.params import record


class Cell:
    """A state (what is drawn), a stage, or a branch: see `cells_count`."""

    level: float
    pend: float
    x: float
    out: float
    y: float
    back: float
    back_new: float
    want: float
    a: float
    b: float
    lasts: float
    rest: float  # time until the end of its machine: mean, and mean square
    rest2: float
    age: float  # of an execution that enters
    reach: float
    over: float  # share of what leaves whose time is up
    head: float
    phase: float
    width: float
    o: Annotated[object, ("f8", (4,))]  # shares of how visits end
    slots: Annotated[object, ("f8", (SLOTS,))]


class State:
    """Rates are those of the tick."""

    ends: Annotated[object, ("f8", (7,))]
    definition: float  # which it runs
    aborting: float
    held: float
    first_start: float
    tokens: float  # for transitions: the account's, kept by its first state machine
    asked_now: Annotated[object, ("f8", (2,))]  # starts/s by type that all of them ask for
    asked_before: Annotated[object, ("f8", (2,))]
    refilled: int
    asked: float
    start_tokens: float
    started: float
    transitions: float
    delayed: float
    succeeded: float
    failed: float
    aborted: float
    over_time: float
    duration: float
    open_executions: float
    requests: float
    gb_hours: float
    gb_hours_total: float
    gb_hour_usd: float
    transition_tokens: float


CELL = record(Cell)
STATE_RECORD = record(State)
