"""Lambda: a function whose concurrency follows its load, within quotas, with cold starts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
from pydantic import model_validator

from sandbox.kernels.cohort import COHORT, QUEUE, oldest_age
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.delay import pop
from sandbox.services import _why_lambda_function as why
from sandbox.services._lambda_batches import PULLS, batches, poll, start_batches
from sandbox.services._lambda_calls import (
    ACCOUNT,
    RESERVED,
    SCALING_RATE,
    calls,
    finish,
    retry,
    take,
)
from sandbox.services._lambda_concurrency import admit, blocked, timeout
from sandbox.services._lambda_environments import Environments, by_chance, used
from sandbox.services._lambda_executions import (
    Layout,
    Lines,
    carry_over,
    cells_needed,
    lay_out,
    retry_line,
    settle,
    start,
    stop,
    turn,
)
from sandbox.services._lambda_function_notes import NOTES
from sandbox.services._lambda_pollers import FIRST_BATCHES, EventSourceMapping
from sandbox.services.contract import Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.law import (
    ADDED_LATENCY,
    ERA_2020,
    ERROR_RATE,
    capacity_left,
    emit,
    stopping,
    struck_now,
)
from sandbox.services.params import Parameters, param

GUIDE = "AWS Lambda Developer Guide"
QUOTAS = f"{GUIDE}, Lambda quotas"
SCALING = f"{GUIDE}, Lambda function scaling"
CONCURRENCY = f"{GUIDE}, configuring reserved concurrency"
ASYNCHRONOUS = f"{GUIDE}, asynchronous invocation"

FULL_VCPU_MB = 1769.0  # memory with one vCPU; GUIDE, configuring memory; H
UNRESERVED = 100  # CONCURRENCY: what must stay unreserved; H
BURST, REFILL_PER_S = 1000.0, 100.0  # SCALING: 1,000 environments every 10 s, per function; H
BURST_2020 = {"us-east-1": 3000.0, "us-west-2": 3000.0, "eu-west-1": 3000.0}  # SCALING 2020; H
BURST_2020 |= {"ap-northeast-1": 1000.0, "eu-central-1": 1000.0}  # H
BURST_2020_ELSEWHERE, REFILL_2020_PER_S = 500.0, 500.0 / 60.0  # H
PLACE_M, PLACE_V = 0.125, 0.15**2 / 12  # placing a sandbox takes 50 to 200 ms: weak source
REQUEST_USD = 0.20e-6  # us-east-1, AWS Lambda pricing; H
GB_S_USD = 0.0000166667  # x86; AWS Lambda pricing; H
PROVISIONED_USD, PROVISIONED_BUSY_USD = 0.0000041667, 0.0000097222  # AWS Lambda pricing; H, M
ROUNDED_S, ROUNDED_2020_S = 0.001, 0.1  # duration is billed in these; H, M
PREPARE_2020_PER_S, PREPARE_PER_S = 500.0 / 60.0, 6000.0 / 60.0  # provisioned; M, L
LONGEST_INIT_S = 11.0

# Init duration of an empty handler, and of its first run on top, at 128, 512 and 1,024 MB, in ms.
# github.com/maxday/lambda-perf, 22 August 2026, x86_64, zip; H for an empty handler.
RUNTIMES = {
    "python3.12": ((84, 82, 82), (0, 0, 0)),
    "nodejs22.x": ((138, 138, 139), (17, 0, 0)),
    "java21": ((243, 234, 235), (90, 32, 7)),
    "java17": ((197, 200, 210), (0, 0, 0)),
    "dotnet8": ((245, 250, 238), (715, 169, 75)),
    "ruby3.4": ((216, 230, 233), (0, 0, 0)),
    "go": ((49, 50, 51), (0, 0, 0)),
    "rust": ((16, 15, 15), (0, 0, 0)),
}


class Params(Parameters):
    memory_mb: int = param(
        128,
        "Memory; CPU comes with it, one vCPU at 1,769 MB.",
        unit="MB",
        ge=128,
        le=10_240,
        source=QUOTAS,
        confidence="H",
        basic=True,
    )
    runtime: Literal[
        "python3.12", "nodejs22.x", "java21", "java17", "dotnet8", "ruby3.4", "go", "rust"
    ] = param(
        "python3.12",
        "Language runtime, which sets how long a cold start takes.",
        source="github.com/maxday/lambda-perf, August 2026",
        confidence="H",
        basic=True,
    )
    init_ms: float = param(
        0.0,
        "What the function itself does before its first request: loading libraries, connecting.",
        unit="ms",
        ge=0,
        le=10_000,
        group="Workload",
    )
    cpu_time_ms: float = param(
        2.0,
        "CPU time of a request (or of each message of a batch) on one whole vCPU.",
        unit="ms",
        ge=0,
        le=900_000,
        basic=True,
        group="Workload",
    )
    wait_time_ms: float = param(
        50.0,
        "Time of a request that uses no CPU, beside the services it calls.",
        unit="ms",
        ge=0,
        le=900_000,
        basic=True,
        group="Workload",
    )
    threads: int = param(
        1, "Threads that share a request's CPU work: vCPUs beyond that are idle.", ge=1, le=6
    )
    duration_cv2: float = param(
        0.25,
        "Squared coefficient of variation of the function's own duration.",
        ge=0,
        le=100,
        group="Workload",
    )
    error_rate: float = param(
        0.0,
        "Share of invocations that end in an error.",
        unit="share",
        ge=0,
        le=1,
        group="Workload",
    )
    timeout_s: float = param(
        3.0,
        "An invocation that lasts longer fails.",
        unit="s",
        ge=1,
        le=900,
        source=QUOTAS,
        confidence="H",
        basic=True,
    )
    reserved_concurrency: int | None = param(
        None,
        "Concurrency that is this function's own, and the most it gets; 0 switches it off.",
        ge=0,
        le=1_000_000,
        source=CONCURRENCY,
        confidence="H",
        basic=True,
        group="Concurrency",
    )
    account_concurrency: int = param(
        1000,
        "What the account lets its functions have in the Region; this one takes all it needs.",
        ge=10,
        le=1_000_000,
        source=QUOTAS,
        confidence="H",
        group="Concurrency",
    )
    provisioned_concurrency: int = param(
        0,
        "Environments that are always initialised, and always paid for.",
        ge=0,
        le=1_000_000,
        source=f"{GUIDE}, configuring provisioned concurrency",
        confidence="H",
        group="Concurrency",
    )
    idle_environment_s: float = param(
        600.0,
        "How long an idle environment is kept; observed 5 to 25 minutes, not published.",
        unit="s",
        ge=1,
        le=86_400,
        group="Concurrency",
    )
    maximum_retry_attempts: int = param(
        2,
        "Further attempts of an asynchronous invocation that ended in an error: after 1 minute, "
        "then 2.",
        ge=0,
        le=2,
        source=ASYNCHRONOUS,
        confidence="H",
        group="Asynchronous",
    )
    maximum_event_age_s: float = param(
        21_600.0,
        "How long an asynchronous event is kept for an invocation that is not throttled.",
        unit="s",
        ge=60,
        le=21_600,
        source=ASYNCHRONOUS,
        confidence="H",
        group="Asynchronous",
    )

    @model_validator(mode="after")
    def _within_the_account(self) -> Params:
        most = self.account_concurrency - UNRESERVED
        if self.reserved_concurrency is not None and self.reserved_concurrency > max(most, 0):
            raise ValueError(
                f"reserved_concurrency must leave {UNRESERVED} of the account's "
                f"{self.account_concurrency:,} unreserved: at most {max(most, 0):,}"
            )
        limit = self.reserved_concurrency if self.reserved_concurrency is not None else most
        if self.provisioned_concurrency > max(limit, 0):
            raise ValueError(
                f"provisioned_concurrency is at most {max(limit, 0):,} here: the reserved, or "
                "what the account leaves unreserved"
            )
        return self


class Derived(Layout):
    limit: float  # concurrency
    own_s: float  # mean own duration
    own_cpu_s: float
    own_wait_s: float
    init_s: float
    billed_init_s: float
    burst: float
    refill_per_s: float


WAITING = 48  # cohorts of asynchronous events


class State(Lines, Environments):
    limit: float  # concurrency that there is, and
    error_rate: float  # … share of invocations that end in an error, with what faults do
    blamed: float  # the share of those errors that is a fault's
    tokens: float
    provisioned: float
    load: float  # concurrency that would be, were nothing refused
    queue: Annotated[object, (QUEUE, (1,))]
    events: Annotated[object, (COHORT, (WAITING,))]
    pollers: Annotated[object, ("f8", (PULLS,))]
    batch: Annotated[object, ("f8", (PULLS,))]
    batches: Annotated[object, ("f8", (PULLS,))]
    batch_s: Annotated[object, ("f8", (PULLS,))]
    batch_fails: Annotated[object, ("f8", (PULLS,))]
    pull_busy: Annotated[object, ("f8", (PULLS,))]
    pull_waits: Annotated[object, ("f8", (PULLS,))]  # pollers that were throttled
    concurrent: float
    environments: float
    invocations: float
    errors: float
    throttles: float
    duration: float
    cold: float
    polling: float
    batch_mean: float
    waiting_events: float
    event_age: float
    cold_until: float
    polling_grows: int


COLD_STARTS = 1  # the event


@compiled
def step(p, s, io, cells, tick):
    """One tick of a function:

    1. what comes by each way in: calls, events, batches that pollers made;
    2. how many invocations the concurrency admits, and how many of them start cold;
    3. these start, and call on what is behind;
    4. those that are over end: answered, failed, tried again, told to the queue;
    5. pollers decide what they can take in the next tick.
    """
    dt = tick.dt
    down_m, slow_s = io.down_m, 0.0
    s.limit, s.error_rate, s.blamed = p.limit, p.error_rate, 0.0
    if io.afflicted != 0:
        slow_s = io.fault[ADDED_LATENCY]
        io.down_m += slow_s  # an execution lasts as long as what it waits for
        _faults(p, s, io, cells)
    s.provisioned = _prepared(p, s, tick)
    s.tokens = min(p.burst, s.tokens + p.refill_per_s * dt)
    s.throttles = s.errors = 0.0
    mean = p.own_s + io.down_m
    variance = p.duration_cv2 * p.own_s * p.own_s + io.down_v
    late, busy_s = timeout(mean, variance, p.timeout_s)
    # 1
    sync, events = calls(p, s, io, tick)
    pulled, pulled_s = batches(p, s, io, cells, tick, variance)
    again_1 = again_2 = 0.0
    if p.attempts > 0:
        again_1 = pop(retry_line(p, cells, 0), s.retry_head_1) / dt
        again_2 = pop(retry_line(p, cells, 1), s.retry_head_2) / dt
    # 2
    wanted = sync + events + again_1 + again_2
    backlog = s.queue[0].total / dt - events
    share, extra, growth, base = admit(p, s, cells, tick, wanted, pulled, backlog, busy_s)
    rate = wanted + pulled
    mean_busy = (wanted * busy_s + pulled_s) / rate if rate > 0.0 else busy_s
    started = rate * share + extra
    s.cold = 1.0
    spare = 0.0
    if started > 0.0:
        chance, spare = by_chance(s, started, mean_busy, p.idle_environment_s, base)
        s.cold = min(1.0, growth / (started * dt) + chance)
    answered = sync * min(share, 1.0 - blocked(p, s, io, rate, mean_busy, dt))
    refused = sync - answered
    # 3: the first cold starts of a growth are as many environments longer busy
    init_s = growth / (started * dt) * p.init_s if started > 0.0 else 0.0
    failing = 1.0 - (1.0 - s.error_rate) * (1.0 - late)
    lasts = busy_s + init_s
    n = answered * dt
    start(p, s, cells, 0, n, n * failing, n, lasts, lasts, dt)
    items = answered
    if p.attempts > 0 or s.queue[0].total > 0.0:
        n = take(s, (events * share + extra) * dt)
        start(p, s, cells, min(1, p.attempts), n, n * failing, n, lasts, lasts, dt)
        items += n / dt
        s.throttles += max(0.0, events * (1.0 - share))
    if again_1 + again_2 > 0.0:
        items += retry(p, s, cells, again_1, again_2, share, failing, lasts, dt)
    cause = SCALING_RATE
    if base + s.tokens >= s.limit:
        cause = RESERVED if p.reserved_concurrency >= 0 else ACCOUNT
    if p.pulls > 0:
        pulled_items, thrown = start_batches(p, s, cells, tick, share, init_s)
        items += pulled_items
        io.loss[cause] += thrown
    s.throttles += refused + pulled * (1.0 - share)
    io.loss[cause] += refused
    s.tokens -= growth
    arrived = io.reads + io.writes
    reads = io.reads / arrived if arrived > 0.0 else 1.0
    io.out_reads = items * reads
    io.out_writes = items * (1.0 - reads)
    # 4
    timeouts = late / max(failing, 1e-300) if late > 0.0 else 0.0
    finish(p, s, io, cells, tick, timeouts)
    # 5
    if p.pulls > 0:
        poll(p, s, io, cells, tick, share)
    turn(p, s, cells)
    level = max(s.busy, base + growth if growth > 0.0 else 0.0)
    used(s, level)
    if growth >= 1.0 and s.cold > 0.1:
        if tick.t >= s.cold_until:
            emit(tick, COLD_STARTS, growth, base, base + growth, 1e3 * p.init_s)
        s.cold_until = tick.t + 60.0
    io.down_m = down_m
    _measure(p, s, io, cells, tick, started - refused, mean_busy, max(base, level) + spare)
    io.svc_m += slow_s


@compiled
def _faults(p, s, io, cells):
    """What faults leave of the concurrency, and the environments that stop.

    An invocation whose environment stops fails, when it would have ended.
    """
    s.limit = p.limit * capacity_left(io)
    s.error_rate = 1.0 - (1.0 - p.error_rate) * (1.0 - io.fault[ERROR_RATE])
    if s.error_rate > 0.0:
        s.blamed = (s.error_rate - p.error_rate) / s.error_rate
    if struck_now(io):
        there = max(s.environments, s.busy)
        if there > 0.0:
            stop(p, s, cells, stopping(io, there) / there)


@inlined
def _prepared(p, s, tick):
    pace = PREPARE_2020_PER_S if tick.era == ERA_2020 else PREPARE_PER_S
    wanted = float(p.provisioned_concurrency)
    return min(wanted, s.provisioned + pace * tick.dt)


@inlined
def _measure(p, s, io, cells, tick, started, busy_s, environments):
    """Fill in the node's answer, its own metrics and its cost."""
    dt = tick.dt
    s.waiting_events = s.queue[0].total
    s.event_age = oldest_age(s.events, s.queue[0], tick.t + dt)
    s.concurrent = s.busy
    s.environments = environments
    s.invocations = max(0.0, started)
    s.errors /= dt
    s.duration = busy_s
    io.waiting = s.queue[0].total + s.retrying
    io.in_flight = s.items
    io.utilization = min(1.0, s.busy / s.limit) if s.limit > 0.0 else 0.0
    io.instances = environments
    io.svc_m = p.own_s
    io.svc_v = p.duration_cv2 * p.own_s * p.own_s
    io.svc_k = 2.0 * p.duration_cv2 * io.svc_v * p.own_s
    io.wait_p = s.cold
    io.wait_m = p.init_s
    io.wait_v = PLACE_V
    cold = s.cold if s.invocations > 0.0 else 0.0
    s.cold = s.invocations * cold
    gb = p.memory_mb / 1024.0
    rounded = ROUNDED_2020_S if tick.era == ERA_2020 else ROUNDED_S
    # half a unit is what rounding up adds on average
    worked = s.invocations * (busy_s + 0.5 * rounded + cold * p.billed_init_s) * gb
    part = min(1.0, s.provisioned / s.busy) if s.busy > 0.0 else 0.0
    usd = s.invocations * REQUEST_USD
    usd += worked * (part * PROVISIONED_BUSY_USD + (1.0 - part) * GB_S_USD)
    usd += s.provisioned * gb * PROVISIONED_USD
    io.cost_per_hour = usd * 3600.0


# ---------------------------------------------------------------- the Python side


def _ways_in(params: Params, setup: Setup) -> tuple[float, int, int]:
    """The longest execution (s), groups for asynchronous attempts, pull links."""
    pulls = [link for link in setup.ins if link.mode == "pull"]
    window = max((link.params["maximum_batching_window_s"] for link in pulls), default=0.0)
    attempts = 3 if any(link.mode == "async" for link in setup.ins) else 0
    return params.timeout_s + LONGEST_INIT_S + window, attempts, min(len(pulls), PULLS)


def cells_count(params: Params, setup: Setup) -> int:
    longest, attempts, pulls = _ways_in(params, setup)
    return cells_needed(longest, setup.dt, attempts, pulls)


def prepare(params: Params, record: Any, setup: Setup) -> None:
    longest, attempts, pulls = _ways_in(params, setup)
    lay_out(record, longest, setup.dt, attempts, pulls)
    vcpu = params.memory_mb / FULL_VCPU_MB
    record["own_cpu_s"] = params.cpu_time_ms / 1e3 / min(vcpu, params.threads)
    record["own_wait_s"] = params.wait_time_ms / 1e3
    record["own_s"] = record["own_cpu_s"] + record["own_wait_s"]
    empty, first = RUNTIMES[params.runtime]
    sizes = (128, 512, 1024)
    init = np.interp(params.memory_mb, sizes, empty) + np.interp(params.memory_mb, sizes, first)
    init += params.init_ms
    record["init_s"] = PLACE_M + init / 1e3
    old = setup.era == "2020"
    record["billed_init_s"] = 0.0 if old else init / 1e3  # billed for all since August 2025
    record["burst"] = BURST_2020.get(setup.region, BURST_2020_ELSEWHERE) if old else BURST
    record["refill_per_s"] = REFILL_2020_PER_S if old else REFILL_PER_S
    reserved = params.reserved_concurrency
    record["limit"] = params.account_concurrency if reserved is None else reserved


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    state["tokens"] = record["burst"]
    state["provisioned"] = params.provisioned_concurrency
    state["pollers"] = FIRST_BATCHES
    state["batch"] = 1.0
    settle(record, state)


def resize(record: Any, state: Any, old_cells: np.ndarray, cells: np.ndarray) -> None:
    carry_over(record, state, old_cells, cells)


def adjust(params: Params, record: Any, state: Any, cells: np.ndarray, setup: Setup) -> None:
    """Fit what is under way to edited links and timeouts."""
    laid = (state["laid_slots"], state["laid_attempts"], state["laid_pulls"])
    if laid != (record["slots"], record["attempts"], record["pulls"]):
        carry_over(record, state, cells.copy(), cells)
    state["tokens"] = min(state["tokens"], record["burst"])


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
    ports=(
        Port(
            "in",
            "in",
            "Invocations",
            modes=("sync", "async", "pull"),
            params={"pull": EventSourceMapping},
        ),
        Port("out", "out", "Calls"),
    ),
    step=step,
    causes=(
        Cause("throttled", "reserved", "the reserved concurrency is in use", CONCURRENCY),
        Cause("throttled", "account", "the account's concurrency is in use", QUOTAS),
        Cause("throttled", "scaling_rate", "environments are added no faster", SCALING),
        Cause("throttled", "request_rate", "ten requests/s for each concurrency", SCALING),
        Cause("failed", "function_error", "the function ended in an error"),
        Cause("failed", "timeout", "an invocation lasted longer than timeout_s", QUOTAS),
        Cause("rejected", "too_large", "the payload is larger than an invocation takes", QUOTAS),
        Cause(
            "expired",
            "event_age",
            "an asynchronous event was kept for maximum_event_age_s",
            ASYNCHRONOUS,
            refusal=False,
        ),
    ),
    metrics=(
        Metric(
            "concurrent_executions",
            "",
            "Concurrent executions",
            "concurrent",
            "ConcurrentExecutions",
        ),
        Metric("invocations", "1/s", "Invocations", "invocations", "Invocations", total=True),
        Metric("errors", "1/s", "Errors", "errors", "Errors", total=True),
        Metric("throttles", "1/s", "Throttles", "throttles", "Throttles", total=True),
        Metric("duration_s", "s", "Mean duration", "duration", "Duration"),
        Metric("cold_starts", "1/s", "Cold starts", "cold", total=True),
        Metric("concurrent_batches", "", "Batches that pollers may have at once", "polling"),
        Metric("batch_size", "", "Messages in a batch", "batch_mean"),
        Metric("waiting_events", "", "Asynchronous events waiting", "waiting_events"),
        Metric("async_event_age_s", "s", "Age of the oldest event", "event_age", "AsyncEventAge"),
    ),
    events=(
        EventKind(
            "more_batches",
            "Messages remain, so more than {0:,.0f} batches are worked on at once: {1:,.0f} more "
            "a minute",
        ),
        EventKind(
            "cold_starts",
            "{0:,.0f} cold starts: {1:,.0f} environments were warm, {2:,.0f} are needed; each "
            "takes {3:,.0f} ms longer",
        ),
    ),
    faults=("error_rate", "added_latency", "kill_instances", "capacity_cut", "zone_outage"),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    headline="concurrent_executions",
    holds="environments",
)
