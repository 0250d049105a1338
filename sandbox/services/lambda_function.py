"""Lambda: a function whose concurrency follows its load, within quotas, with cold starts."""

from __future__ import annotations

import math

import numpy as np

from sandbox.kernels.cohort import oldest_age
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.delay import pop
from sandbox.services import _lambda_scaling as scaling
from sandbox.services import _why_lambda_function as why
from sandbox.services._lambda_account import (
    BUSY_ENTRY,
    REQUESTS_PER_CONCURRENCY,
    RESERVED_ENTRY,
    Books,
    enter,
    open_books,
    others,
)
from sandbox.services._lambda_batches import Pulls, batches, poll, start_batches
from sandbox.services._lambda_calls import (
    ACCOUNT,
    RESERVED,
    SCALING_RATE,
    Events,
    calls,
    due_again,
    finish,
    retry,
    take,
)
from sandbox.services._lambda_concurrency import admit, blocked, limits, timeout
from sandbox.services._lambda_cost import (  # noqa: F401 - lines of the bill name the prices
    REQUEST_USD,
    STORAGE_GB_S_USD,
    Billed,
    cost,
)
from sandbox.services._lambda_environments import Environments, by_chance, used
from sandbox.services._lambda_executions import (
    Lines,
    retry_line,
    start,
    stop,
    turn,
)
from sandbox.services._lambda_function_notes import NOTES
from sandbox.services._lambda_metrics import CAUSES, EVENTS, METRICS
from sandbox.services._lambda_params import Params
from sandbox.services._lambda_pollers import EventSourceMapping
from sandbox.services._lambda_provisioned import (
    Provisioning,
    SetProvisioned,
    SetReserved,
    prepared,
    set_provisioned,
    set_reserved,
)
from sandbox.services._lambda_runtimes import PLACE_V
from sandbox.services._lambda_setup import (
    Derived,
    adjust,
    cells_count,
    foretell,
    init,
    prepare,
    resize,
)
from sandbox.services.contract import Action, Port, Service
from sandbox.services.law import (
    ADDED_LATENCY,
    ASYNC,
    ERA_2020,
    ERROR_RATE,
    capacity_left,
    emit,
    state_of,
    stopping,
    struck_now,
)
from sandbox.services.params import record as record_of


class State(Lines, Environments, Books, Pulls, Events, Provisioning, scaling.Scaled, Billed):
    limit: float  # concurrency that there is for this function, and
    error_rate: float  # … share of invocations that end in an error, with what faults do
    blamed: float  # the share of those errors that is a fault's
    tokens: float
    load: float  # concurrency that would be, were nothing refused
    concurrent: float
    environments: float
    invocations: float
    errors: float
    throttles: float
    duration: float
    cold: float
    discarded: float
    window_ends: float
    used_provisioned: float
    spilled: float
    unreserved: float
    taken: float
    cold_until: float
    full_until: float


STATE = record_of(State)
COLD_STARTS, ACCOUNT_FULL, BLOCKED = 1, 3, 4  # events
OUT, ON_FAILURE, ON_SUCCESS = 1, 2, 3  # ports


@compiled
def step(p, s, io, cells, tick):
    """One tick of a function:

    1. what comes by each way in: calls, events, batches that pollers made;
    2. how many invocations the concurrency admits, and how many of them start cold;
    3. these start, and call on what is behind;
    4. those that are over end: answered, failed, tried again, handed on, told to the queue;
    5. pollers decide what they can take in the next tick.
    """
    dt = tick.dt
    down_m, slow_s = io.down_m, 0.0
    left = 1.0
    s.error_rate, s.blamed = p.error_rate, 0.0
    if io.afflicted != 0:
        slow_s = io.fault[ADDED_LATENCY]
        io.down_m += slow_s  # an execution lasts as long as what it waits for
        left = _faults(p, s, io, cells)
    books = state_of(tick, p.keeper, STATE)
    open_books(books, s, p, tick)
    limits(p, s, books, io, tick, left)
    prepared(p, s, tick)
    _tokens(p, s, books, tick)
    s.throttles = s.errors = s.discarded = s.window_ends = 0.0
    mean = p.own_s + io.down_m
    variance = p.duration_cv2 * p.own_s * p.own_s + io.down_v
    late, busy_s = timeout(mean, variance, p.timeout_s)
    # 1
    sync, events = calls(p, s, books, io, tick)
    due = due_again(s, dt)
    pulled, pulled_s = batches(p, s, io, cells, tick, variance)
    again_1 = again_2 = 0.0
    if p.attempts > 0:
        again_1 = pop(retry_line(p, cells, 0), s.retry_head_1) / dt
        again_2 = pop(retry_line(p, cells, 1), s.retry_head_2) / dt
    # 2
    wanted = sync + events + due + again_1 + again_2
    share, growth, base = admit(p, s, cells, tick, wanted, pulled, busy_s)
    rate = wanted + pulled
    mean_busy = (wanted * busy_s + pulled_s) / rate if rate > 0.0 else busy_s
    lucky = min(share, 1.0 - blocked(s, books, io, rate, mean_busy, dt))
    started = rate * share
    s.cold = 1.0
    spare = 0.0
    if started > 0.0:
        chance = 0.0
        most = s.polls_most if wanted <= 0.0 else math.inf  # each poller has one batch at a time
        if base < most:
            chance, spare = by_chance(s, started, mean_busy, p.idle_environment_s, base)
            spare = min(spare, most - base)
        s.cold = min(1.0, growth / (started * dt) + chance)
    answered = sync * lucky
    refused = sync - answered
    # 3: the first cold starts of a growth are as many environments longer busy
    init_s = growth / (started * dt) * p.init_s if started > 0.0 else 0.0
    failing = 1.0 - (1.0 - s.error_rate) * (1.0 - late)
    lasts = busy_s + init_s
    n = answered * dt
    start(p, s, cells, 0, n, n * failing, n, lasts, lasts, dt)
    items = began = answered
    if p.attempts > 0 or s.queue[0].total > 0.0:
        n = take(s, events, due, lucky, dt)
        start(p, s, cells, min(1, p.attempts), n, n * failing, n, lasts, lasts, dt)
        items += n / dt
        began += n / dt
        s.throttles += (events + due) * (1.0 - lucky)
    if again_1 + again_2 > 0.0:
        n = retry(p, s, cells, again_1, again_2, share, failing, lasts, dt)
        items += n
        began += n
    cause = SCALING_RATE
    if base + s.tokens >= s.limit:
        cause = RESERVED if s.reserved >= 0.0 else ACCOUNT
    if p.pulls > 0:
        pulled_items, thrown = start_batches(p, s, cells, tick, share, init_s)
        items += pulled_items
        began += pulled * share
        io.loss[cause] += thrown
    s.throttles += refused + pulled * (1.0 - share)
    io.loss[cause] += refused
    s.tokens -= growth
    if tick.era == ERA_2020:
        books.region_tokens -= growth
    # 4
    timeouts = late / max(failing, 1e-300) if late > 0.0 else 0.0
    won, _lost = finish(p, s, io, cells, tick, timeouts)
    # 5
    if p.pulls > 0:
        poll(p, s, io, cells, tick, share, base + growth)
    _send(p, s, io, tick, items, s.dropped_events + s.discarded, won)
    turn(p, s, cells)
    level = max(s.busy, base + growth if growth > 0.0 else 0.0)
    used(s, level)
    if s.reserved < 0.0:
        enter(books, s, BUSY_ENTRY, max(s.busy + s.blocked, s.provisioned))
    _tell(p, s, books, io, tick, growth, base, cause)
    io.down_m = down_m
    there = max(base, level, min(s.limit, base + spare))
    _measure(p, s, books, io, cells, tick, began, mean_busy, there)
    io.svc_m += slow_s


@inlined
def _tokens(p, s, books, tick):
    """What the concurrency may grow by: in 2020 one stock for the Region, else one a function."""
    s.tokens = min(p.burst, s.tokens + p.refill_per_s * tick.dt)
    if tick.era == ERA_2020:
        if books.refilled != tick.n + 1:
            first = books.refilled == 0
            books.refilled = tick.n + 1
            more = p.burst if first else books.region_tokens + p.refill_per_s * tick.dt
            books.region_tokens = min(p.burst, more)
        s.tokens = max(0.0, books.region_tokens)


@compiled
def _faults(p, s, io, cells):
    """What faults leave of the concurrency (share), and the environments that stop.

    An invocation whose environment stops fails, when it would have ended.
    """
    s.error_rate = 1.0 - (1.0 - p.error_rate) * (1.0 - io.fault[ERROR_RATE])
    if s.error_rate > 0.0:
        s.blamed = (s.error_rate - p.error_rate) / s.error_rate
    if struck_now(io):
        there = max(s.environments, s.busy)
        if there > 0.0:
            stop(p, s, cells, stopping(io, there) / there)
    return capacity_left(io)


@inlined
def _send(p, s, io, tick, items, lost, won):
    """Call what is behind; hand what was given up, and what succeeded, to its destination."""
    base = items
    if p.on_failure >= 0 or p.on_success >= 0:
        base = max(items, lost if p.on_failure >= 0 else 0.0, won if p.on_success >= 0 else 0.0)
        for j in range(tick.out.shape[0]):
            link = tick.out[j]
            if link.source_port == OUT:
                link.weight = items / base if base > 0.0 else 1.0
            elif link.mode == ASYNC:
                flow = lost if link.source_port == ON_FAILURE else won
                link.weight = flow / base if base > 0.0 else 0.0
    arrived = io.reads + io.writes
    reads = io.reads / arrived if arrived > 0.0 else 1.0
    io.out_reads = base * reads
    io.out_writes = base * (1.0 - reads)


@inlined
def _tell(p, s, books, io, tick, growth, base, cause):
    """Events: cold starts, an account that is full, shards that are blocked."""
    if growth >= 1.0 and s.cold > 0.1:
        if tick.t >= s.cold_until:
            emit(tick, COLD_STARTS, growth, base, base + growth, 1e3 * p.init_s)
        s.cold_until = tick.t + 60.0
    if cause == ACCOUNT and io.loss[ACCOUNT] > 1e-3 * (io.reads + io.writes):
        elsewhere = others(books, s, BUSY_ENTRY)
        if tick.t >= s.full_until and elsewhere > 0.01 * s.pool:
            held = others(books, s, RESERVED_ENTRY)
            emit(tick, ACCOUNT_FULL, books.account, s.busy, elsewhere, held)
        s.full_until = tick.t + 60.0
    if s.blocked >= 0.5 and s.was_blocked == 0:
        emit(tick, BLOCKED, s.blocked, s.polling + s.blocked)
        s.was_blocked = 1
    elif s.blocked < 0.1:
        s.was_blocked = 0


@inlined
def _measure(p, s, books, io, cells, tick, started, busy_s, environments):
    """Fill in the node's answer, its own metrics and its cost."""
    dt = tick.dt
    s.waiting_events = s.queue[0].total
    s.event_age = oldest_age(s.events, s.queue[0], tick.t + dt)
    s.concurrent = s.busy + s.blocked
    s.environments = environments
    s.invocations = max(0.0, started)
    s.errors /= dt
    s.duration = busy_s
    stuck = 0.0
    tries = s.window_ends
    for i in range(p.pulls):
        stuck += s.stuck_items[i]
        tries += s.stuck[i] / max(s.batch_s[i], 1e-3)
    io.waiting = s.queue[0].total + s.retrying
    io.in_flight = s.items + stuck
    s.taken = s.concurrent
    s.unreserved = 0.0
    if s.reserved < 0.0:
        s.taken += others(books, s, BUSY_ENTRY)
        s.unreserved = s.taken
    io.utilization = min(1.0, s.taken / s.pool) if s.pool > 0.0 else 0.0
    s.account_seen = books.account
    s.reserved_elsewhere = others(books, s, RESERVED_ENTRY)
    io.instances = environments
    io.svc_m = p.own_s
    io.svc_v = p.duration_cv2 * p.own_s * p.own_s
    io.svc_k = 2.0 * p.duration_cv2 * io.svc_v * p.own_s
    io.wait_p = s.cold
    io.wait_m = p.init_s
    io.wait_v = PLACE_V
    cold = s.cold if s.invocations > 0.0 else 0.0
    s.cold = s.invocations * cold
    # provisioned environments take ten requests/s each; what is more goes to others
    within = min(s.provisioned, s.busy)
    share = within / s.busy if s.busy > 0.0 else min(1.0, s.provisioned)
    s.used_provisioned = within / s.provisioned if s.provisioned > 0.0 else 0.0
    served = min(s.invocations * share, REQUESTS_PER_CONCURRENCY * s.provisioned)
    s.spilled = s.invocations - served if s.provisioned > 0.0 else 0.0
    started, s.invocations = s.invocations, s.invocations + tries
    io.cost_per_hour = cost(p, s, tick, s.cold, started, busy_s, s.blocked)


_DESTINATIONS = ("sqs", "sns", "lambda_function", "eventbridge")
SERVICE = Service(
    id="lambda_function",
    title="Lambda function",
    category="compute",
    summary="Code that runs for each request or batch, in as many environments as it needs.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=np.dtype("f8"),
    cells_count=cells_count,
    prepare=prepare,
    init=init,
    resize=resize,
    adjust=adjust,
    foretell=foretell,
    account=True,
    polls=True,
    ports=(
        Port(
            "in",
            "in",
            "Invocations",
            modes=("sync", "async", "pull"),
            params={"pull": EventSourceMapping},
        ),
        Port("out", "out", "Calls"),
        Port(
            "on_failure",
            "out",
            "Failed events: dead-letter queue or destination",
            modes=("async",),
            peers=_DESTINATIONS,
            redrive=True,
        ),
        Port(
            "on_success",
            "out",
            "Results of events: destination",
            modes=("async",),
            peers=_DESTINATIONS,
            redrive=True,
        ),
    ),
    step=step,
    control=scaling.control,
    causes=CAUSES,
    metrics=(*METRICS, *scaling.METRICS),
    events=(*EVENTS, *scaling.EVENTS),
    actions=(
        Action(
            "set_provisioned_concurrency",
            "Set provisioned concurrency",
            SetProvisioned,
            set_provisioned,
        ),
        Action("set_reserved_concurrency", "Set reserved concurrency", SetReserved, set_reserved),
    ),
    faults=("error_rate", "added_latency", "kill_instances", "capacity_cut", "zone_outage"),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    headline="concurrent_executions",
    holds="environments",
)
