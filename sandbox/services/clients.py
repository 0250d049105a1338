"""Clients: the people and programs that send load, and what they see of the whole system."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.random import normal
from sandbox.services._clients_notes import NOTES
from sandbox.services.contract import Action, Metric, Port, Service, Setup
from sandbox.services.params import Parameters, code, param

DAY, WEEK = 86_400.0, 604_800.0
TRACE_MAX = 200_000  # points: 138 days by the minute
MOST = 1e9  # requests/s, and times the usual
SHORTEST_S = 1e-4  # in which an answer comes at the least, so that a loop without thinking ends
Amount = Annotated[float, Field(ge=0, le=MOST)]


class Params(Parameters):
    rate_per_s: float = param(
        50.0,
        "Mean requests a second before the load slider.",
        unit="1/s",
        ge=0,
        le=MOST,
        basic=True,
    )
    write_fraction: float = param(
        0.1, "Share of requests that write.", unit="share", ge=0, le=1, basic=True
    )
    payload_kb: float = param(4.0, "Mean size of a request.", unit="KB", ge=0, le=1e6, basic=True)
    arrival_cv2: float = param(
        1.0,
        "Squared coefficient of variation of the time between requests: 1 is Poisson, 0 is even, "
        "above 1 comes in bursts.",
        ge=0,
        le=100,
    )
    closed_loop_users: int = param(
        0,
        "Users who each wait for an answer before they ask again; the shape and the load slider "
        "then change their number. 0 is an open loop, whose requests come whatever the answers.",
        ge=0,
        le=100_000_000,
        group="Closed loop",
    )
    think_time_s: float = param(
        1.0,
        "Mean time a user thinks between an answer and the next request (closed loop).",
        unit="s",
        ge=0,
        le=86_400,
        group="Closed loop",
    )
    shape: Literal["constant", "ramp", "steps", "spike", "diurnal", "weekly", "trace"] = param(
        "constant", "How the rate changes over time.", basic=True, group="Shape"
    )
    ramp_from: float = param(0.0, "Factor before the ramp.", ge=0, le=1e6, group="Shape")
    ramp_to: float = param(1.0, "Factor after the ramp.", ge=0, le=1e6, group="Shape")
    ramp_start_s: float = param(0.0, "When the ramp begins.", unit="s", ge=0, group="Shape")
    ramp_duration_s: float = param(3600.0, "How long it takes.", unit="s", ge=0, group="Shape")
    steps: list[tuple[float, Amount]] = param(
        [],
        "Pairs of time (s) and factor; each holds until the next.",
        max_items=1000,
        record=False,
        group="Shape",
    )
    spike_start_s: float = param(3600.0, "When the spike begins.", unit="s", ge=0, group="Shape")
    spike_duration_s: float = param(600.0, "How long it lasts.", unit="s", ge=0, group="Shape")
    spike_factor: float = param(10.0, "Factor at its top.", ge=0, le=1e6, group="Shape")
    spike_rise_s: float = param(0.0, "Time to rise and to fall.", unit="s", ge=0, group="Shape")
    daily_swing: float = param(
        0.8,
        "How far the day swings about the mean, as a share of it.",
        unit="share",
        ge=0,
        le=1,
        group="Shape",
    )
    peak_hour: float = param(
        15.0, "The busiest hour of the day (UTC).", unit="h", ge=0, le=24, group="Shape"
    )
    weekend_factor: float = param(
        0.5, "Saturdays and Sundays against other days (weekly).", ge=0, le=100, group="Shape"
    )
    noise: Literal["none", "slow"] = param(
        "none",
        "Slow random variation of demand; the randomness of single arrivals is in the latency "
        "already.",
        group="Variation",
    )
    noise_cv: float = param(
        0.2,
        "Size of the slow variation: its coefficient of variation.",
        ge=0,
        le=3,
        group="Variation",
    )
    noise_period_s: float = param(
        600.0, "Time over which it changes.", unit="s", ge=1, le=1e6, group="Variation"
    )
    trace: list[tuple[float, Amount]] = param(
        [],
        "A recorded load: pairs of time (s) and requests/s, each until the next.",
        max_items=TRACE_MAX,
        record=False,
        group="Trace",
    )
    trace_gaps: list[tuple[float, float]] = param(
        [],
        "Stretches (from s, to s) of the trace that were missing and are interpolated.",
        max_items=TRACE_MAX,
        record=False,
        group="Trace",
    )

    @model_validator(mode="after")
    def _one_or_the_other(self) -> Params:
        if self.closed_loop_users > 0 and self.shape == "trace":
            raise ValueError(
                "a trace gives a rate, and a closed loop makes its own: set closed_loop_users to 0 "
                "or choose another shape"
            )
        return self


RAMP = code(Params, "shape", "ramp")
STEPS = code(Params, "shape", "steps")
SPIKE = code(Params, "shape", "spike")
DIURNAL = code(Params, "shape", "diurnal")
WEEKLY = code(Params, "shape", "weekly")
TRACE = code(Params, "shape", "trace")
SLOW = code(Params, "noise", "slow")


class State:
    load: float
    offered: float
    filled: float
    users_waiting: float
    answer_s: float
    at: int


@compiled
def step(p, s, io, cells, tick):
    """Offer the rate of this tick: its mean over the tick, so that totals do not depend on dt."""
    factor = 1.0
    s.filled = 0.0
    if p.shape == TRACE or p.shape == STEPS:
        factor = _piecewise(s, tick)
    else:
        # the middle of the tick: exact for straight lines
        factor = _smooth(p, tick.t + 0.5 * tick.dt, tick.epoch + tick.t + 0.5 * tick.dt)
    rate = p.rate_per_s * factor
    if p.shape == TRACE:
        rate = factor
    if p.noise == SLOW:
        slow = _slow(p, tick)
        rate *= slow
        factor *= slow
    rate *= tick.load * s.load
    s.filled *= tick.load * s.load
    if p.closed_loop_users > 0:
        users = p.closed_loop_users * factor * tick.load * s.load
        rate = _closed_loop(p, s, io.down_m, users, tick.dt)
    s.offered = rate
    io.reads = rate * (1.0 - p.write_fraction)
    io.writes = rate * p.write_fraction
    io.kb = io.out_kb = p.payload_kb
    io.ca2 = io.out_ca2 = p.arrival_cv2
    io.done = rate
    io.out_reads = io.reads
    io.out_writes = io.writes


@inlined
def _closed_loop(p, s, answer_s, users, dt):
    """Requests/s of users who wait for their answers: who thinks asks after the think time.

    Little's law from both sides, as an implicit step of d(waiting)/dt = rate - waiting/answer_s.
    The answer time is that of the last tick; where a tick is longer than a user's round it is
    followed at half that pace, or rate and answer time would chase each other.
    """
    if answer_s <= 0.0:  # nobody was answered yet: each asks once
        s.users_waiting = 0.0
        return min(users / max(dt, p.think_time_s), MOST)
    if s.answer_s <= 0.0:
        s.answer_s = answer_s
    around = s.answer_s + p.think_time_s
    s.answer_s += (answer_s - s.answer_s) * min(1.0, 0.5 * around / dt)
    takes = max(s.answer_s, SHORTEST_S)
    if p.think_time_s <= 0.0:
        s.users_waiting = users
        rate = users / takes
    else:
        asked = dt / p.think_time_s
        s.users_waiting = (s.users_waiting + users * asked) / (1.0 + asked + dt / takes)
        rate = max(0.0, users - s.users_waiting) / p.think_time_s
    return min(rate, MOST)


@inlined
def _smooth(p, t, epoch):
    """The factor at one moment."""
    if p.shape == RAMP:
        done = 1.0
        if p.ramp_duration_s > 0.0:
            done = min(1.0, max(0.0, (t - p.ramp_start_s) / p.ramp_duration_s))
        elif t < p.ramp_start_s:
            done = 0.0
        return p.ramp_from + (p.ramp_to - p.ramp_from) * done
    if p.shape == SPIKE:
        rise = max(p.spike_rise_s, 1e-9)
        up = min(1.0, max(0.0, (t - p.spike_start_s) / rise))
        down = min(1.0, max(0.0, (p.spike_start_s + p.spike_duration_s - t) / rise))
        return 1.0 + (p.spike_factor - 1.0) * min(up, down)
    if p.shape == DIURNAL or p.shape == WEEKLY:
        angle = 2.0 * math.pi * (epoch - p.peak_hour * 3600.0) / DAY
        factor = 1.0 + p.daily_swing * math.cos(angle)
        # 1 January 1970 was a Thursday: Saturday is the third day after it
        weekday = int((epoch % WEEK) // DAY)
        if p.shape == WEEKLY and 2 <= weekday <= 3:
            factor *= p.weekend_factor
        return factor
    return 1.0


@inlined
def _piecewise(s, tick):
    """Mean over the tick of the steps in the table: rows of time, value, whether filled in."""
    rows = tick.table.shape[0] // 3
    if rows == 0:
        return 0.0
    begin = tick.t
    if begin < 0.0:  # the days before the start, which metrics remember, were as the first is
        begin += DAY * math.ceil(-begin / DAY - 1e-9)
    end = begin + tick.dt
    i = min(max(s.at, 0), rows - 1)
    while i > 0 and tick.table[3 * i] > begin:
        i -= 1
    total = 0.0
    filled = 0.0
    at = begin
    if tick.table[3 * i] > begin:  # before the first row the first value does not hold
        at = min(end, tick.table[3 * i])
    while at < end:
        last = tick.table[3 * (i + 1)] if i + 1 < rows else 1e300
        stop = min(end, last)
        if stop > at:
            amount = tick.table[3 * i + 1] * (stop - at)
            total += amount
            filled += amount * tick.table[3 * i + 2]
            at = stop
        if at < end:
            i += 1
    s.at = i
    s.filled = filled / tick.dt
    return total / tick.dt


@inlined
def _slow(p, tick):
    """Mean-one lognormal variation, drawn once a period and straight between the draws."""
    where = (tick.t + 0.5 * tick.dt) / p.noise_period_s
    k = math.floor(where)
    part = where - k
    sigma2 = math.log(1.0 + p.noise_cv * p.noise_cv)
    a = math.exp(math.sqrt(sigma2) * normal(tick.seed, tick.key, k) - 0.5 * sigma2)
    b = math.exp(math.sqrt(sigma2) * normal(tick.seed, tick.key, k + 1) - 0.5 * sigma2)
    return a + (b - a) * part


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray | None:
    if params.shape == "steps":
        # before the first step the factor is 1
        rows = sorted(params.steps)
        first = [] if rows and rows[0][0] <= 0 else [(0.0, 1.0)]
        return np.array([(t, f, 0.0) for t, f in [*first, *rows]])
    if params.shape == "trace" and params.trace:
        table = np.zeros((len(params.trace), 3))
        table[:, :2] = sorted(params.trace)
        for begin, end in params.trace_gaps:
            table[(table[:, 0] >= begin - 1e-9) & (table[:, 0] < end - 1e-9), 2] = 1.0
        return table
    return None


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    state["load"] = 1.0


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """A tick too long for a closed loop; every gap of the trace, with the amount filled in."""
    if params.closed_loop_users > 0 and setup.dt > max(params.think_time_s, 1.0):
        text = (
            f"A tick of {setup.dt:g} s is longer than users think ({params.think_time_s:g} s): "
            "their rate may swing about its mean; choose a shorter tick"
        )
        return [(0.0, "long_tick", text)]
    if params.shape != "trace" or not params.trace:
        return []
    times, rates = (np.array(column) for column in zip(*sorted(params.trace), strict=True))
    ends = np.append(times[1:], np.inf)
    found = []
    for begin, end in params.trace_gaps:
        inside = (times < end) & (ends > begin)
        spans = np.minimum(ends[inside], end) - np.maximum(times[inside], begin)
        amount = float((rates[inside] * spans).sum())
        text = f"The trace has a gap of {end - begin:,.0f} s: {amount:,.1f} requests filled in"
        found.append((begin, "trace_gap", text))
    return found


class LoadArgs(Parameters):
    factor: float = param(1.0, "Factor on this source's own rate.", unit="×", ge=0, le=1e6)


def set_load(record: Any, state: Any, cells: Any, args: LoadArgs, t_s: float) -> str:
    state["load"] = args.factor
    return f"its own load is now {args.factor:g}×"


SERVICE = Service(
    id="clients",
    title="Clients",
    category="clients",
    summary="People and programs that send load; what they see is the system's answer.",
    notes=NOTES,
    params=Params,
    state=State,
    ports=(Port("out", "out", "Requests", modes=("sync", "async")),),
    step=step,
    prepare=prepare,
    init=init,
    foretell=foretell,
    metrics=(
        Metric("offered", "1/s", "Offered load", "offered", total=True),
        Metric("users_waiting", "", "Users waiting for an answer (closed loop)", "users_waiting"),
        Metric("filled_in", "1/s", "Filled in for gaps of the trace", "filled", total=True),
    ),
    actions=(Action("load", "Set this source's load", LoadArgs, set_load),),
    headline="arrivals",
    balances=True,
    source=True,
)
