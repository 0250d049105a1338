"""EventBridge: a bus, whose rules hand each event that matches their pattern to their targets."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Annotated, Any, Literal

import numpy as np
from numba import carray
from pydantic import field_validator

from sandbox.kernels.bucket import quota, token_bucket
from sandbox.kernels.cohort import QUEUE, expire, push
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services import _why_eventbridge as why
from sandbox.services._deliveries import (
    CELLS,
    CLASSES,
    DEAD_LETTER,
    LINKS,
    OF_LINK,
    OWN,
    RING,
    ROW,
    Deliveries,
    Schedule,
    begin,
    composition,
    dead_letters,
    demand,
    output,
    pushes,
    row,
    send,
    settle,
)
from sandbox.services._eventbridge_notes import NOTES
from sandbox.services._patterns import matches, parse
from sandbox.services.contract import (
    Action,
    Cause,
    EventKind,
    Metric,
    Port,
    Service,
    Setup,
    link_record,
)
from sandbox.services.law import CONTROL, ERA_2020, boundary, emit, pointer
from sandbox.services.params import Parameters, code, param

QUOTAS = "Amazon EventBridge User Guide: Amazon EventBridge quotas"
RETRY = "Amazon EventBridge User Guide: How EventBridge retries delivering events"
PATTERNS = "Amazon EventBridge User Guide: Comparison operators for use in event patterns"
SIZE = "Amazon EventBridge User Guide: Calculating PutEvents event entry size"
ARCHIVE = "Amazon EventBridge API Reference: CreateArchive, StartReplay"
MEASURED = "https://bitesizedserverless.com/bite/serverless-messaging-latency-compared/"
PUT_PER_S, PUT_PER_S_2020 = 10_000.0, 2_400.0  # PutEvents calls/s in large Regions; QUOTAS; H
INVOKE_PER_S, INVOKE_PER_S_2020 = 18_750.0, 4_500.0  # invocations/s there; QUOTAS; H
# elsewhere the quotas differ by Region: these are the largest of them; QUOTAS; M
PUT_PER_S_ELSEWHERE, PUT_PER_S_ELSEWHERE_2020 = 2_400.0, 1_200.0
INVOKE_PER_S_ELSEWHERE, INVOKE_PER_S_ELSEWHERE_2020 = 4_500.0, 2_250.0
PARTNER_PER_S, PARTNER_BURST = 1_400.0, 3_600.0  # PutPartnerEvents; QUOTAS; H
DESTINATION_PER_S = 300.0  # invocations/s of an API destination; QUOTAS; H
RULES_MOST, TARGETS_MOST = 300, 5  # rules of a bus, targets of a rule; QUOTAS; H
ENTRIES_MOST = 10  # of a PutEvents call; API Reference: PutEvents; H
LARGEST_KB, LARGEST_KB_2020 = 1024.0, 256.0  # SIZE; H
ATTEMPTS, MOST_AGE_S = 185, 86_400.0  # RETRY; H
# AWS names no delays: here they double from a second, and then are such that 185 attempts last 24 h
DOUBLINGS = 10  # assumption
LONGEST_S = (MOST_AGE_S - (2.0**DOUBLINGS - 1.0)) / (ATTEMPTS - DOUBLINGS)
UNIT_KB = 64.0  # each 64 KB of an event are billed as one; EventBridge pricing; H
EVENT_USD = 1.00e-6  # custom and partner events; EventBridge pricing; H
DESTINATION_USD = 0.20e-6  # API destinations; EventBridge pricing; M
REPLAY_USD = 1.00e-6  # EventBridge pricing; M
ARCHIVE_USD_GB, STORED_USD_GB_MONTH = 0.10, 0.023  # EventBridge pricing; M
START_S, START_S_2020 = 0.148, 0.395  # median from ingestion to invocation; MEASURED; M
PUT_M, PUT_V = 0.020, 0.01**2 / 12  # PutEvents takes 15 to 25 ms: assumption
HOURS_A_MONTH = 730.0
KB_PER_GB = 1024.0 * 1024.0
_LARGE = ("us-east-1", "us-west-2", "eu-west-1")


class Params(Parameters):
    entries_per_call: float = param(
        1.0,
        "Events that publishers put into one PutEvents call; the quota counts calls.",
        ge=1,
        le=ENTRIES_MOST,
        source="Amazon EventBridge API Reference: PutEvents",
        confidence="H",
        basic=True,
    )
    archive: bool = param(
        False,
        "Keep what arrives, so that it can be replayed. Not in 2020.",
        source=ARCHIVE,
        confidence="H",
        basic=True,
        group="Archive",
    )
    archive_retention_days: int = param(
        0,
        "Days that archived events are kept; 0 is for ever.",
        ge=0,
        le=36_500,
        source=ARCHIVE,
        confidence="H",
        group="Archive",
    )


class Origin(Parameters):
    """Where events come from, which decides their quota and their price."""

    origin: Literal["custom", "partner", "aws"] = param(
        "custom",
        "Your own applications, a partner's (such as a ticket system), or an AWS service, whose "
        "events are free.",
        source=QUOTAS,
        confidence="H",
        basic=True,
    )


class Rule(Parameters):
    """A rule's target. Links of one rule name are targets of one rule."""

    rule: str = param("", "Name of the rule; empty is a rule of its own.", basic=True)
    event_pattern: str = param(
        "",
        'Which events it takes, as JSON: {"detail": {"state": ["paid"]}}. It is held against the '
        "attributes of the request classes. Empty takes all.",
        source=PATTERNS,
        confidence="H",
        basic=True,
    )
    schedule: str = param(
        "",
        "rate(5 minutes): an event of its own, as often; the rule takes no others then.",
        source="Amazon EventBridge User Guide: Creating a rule that runs on a schedule",
        confidence="H",
    )
    maximum_retry_attempts: int = param(
        ATTEMPTS,
        "Retries until an event is given up.",
        ge=0,
        le=ATTEMPTS,
        source=RETRY,
        confidence="H",
    )
    maximum_event_age_s: float = param(
        MOST_AGE_S,
        "Age at which an event is given up.",
        unit="s",
        ge=60,
        le=MOST_AGE_S,
        source=RETRY,
        confidence="H",
    )
    redrive: bool = param(
        False,
        "Whether what is given up goes to the dead-letter queue, or is lost.",
        source=RETRY,
        confidence="H",
    )

    @field_validator("event_pattern")
    @classmethod
    def _readable(cls, text: str) -> str:
        parse(text)
        return text

    @field_validator("schedule")
    @classmethod
    def _known(cls, text: str) -> str:
        period(text)
        return text


_RATE = re.compile(r"rate\(\s*(\d+)\s+(minute|hour|day)(s?)\s*\)")
_UNIT_S = {"minute": 60.0, "hour": 3600.0, "day": 86_400.0}


def period(schedule: str) -> float:
    """Seconds between the events of a rate expression; 0 for an empty one.

    Raises ValueError with what is expected.
    """
    if not schedule:
        return 0.0
    found = _RATE.fullmatch(schedule.strip())
    if found is None or int(found[1]) < 1 or (int(found[1]) == 1) == bool(found[3]):
        raise ValueError("write rate(1 minute), rate(5 minutes), rate(1 hour), rate(2 days) …")
    return int(found[1]) * _UNIT_S[found[2]]


def retries(given: Rule) -> Schedule:
    """Delays double from 1 s, then are all alike, for so many attempts or until too old."""
    doubling = min(DOUBLINGS, given.maximum_retry_attempts)
    ages = [2.0**k - 1.0 for k in range(1, doubling + 1)]
    left = given.maximum_retry_attempts - doubling
    end = min((ages[-1] if ages else 0.0) + left * LONGEST_S, given.maximum_event_age_s)
    return Schedule([age for age in ages if age <= end], LONGEST_S if left > 0 else 0.0, end)


class Derived:
    put_per_s: float
    invoke_per_s: float
    dead_letter: int


class State(Deliveries):
    archive: Annotated[object, QUEUE]
    tokens: float  # of the partners' bucket
    matched: float
    delayed: float
    start_s: float
    archived_kb: float
    replay_left: float
    replay_per_s: float
    replayed: float
    event_usd: float
    archive_usd: float


THROTTLED, TOO_LARGE, PARTNER_THROTTLED = range(3)
REPLAY_ENDED = 0
PARTNER, AWS = code(Origin, "origin", "partner"), code(Origin, "origin", "aws")
ORIGIN = link_record(Origin)


@compiled
def step(p, s, io, cells, tick):
    """Take in what the quotas admit, hold it against the rules, and invoke their targets."""
    begin(s)
    custom, partner, free = _arrivals(io, tick)
    _calls, over = quota(custom / p.entries_per_call, p.put_per_s, io.ca2)
    io.loss[THROTTLED] = over * p.entries_per_call
    custom -= io.loss[THROTTLED]
    partner, io.loss[PARTNER_THROTTLED], s.tokens = token_bucket(
        s.tokens, partner, PARTNER_PER_S, PARTNER_BURST, tick.dt, io.ca2
    )
    accepted = custom + partner + free
    io.done = accepted
    io.svc_m, io.svc_v = PUT_M, PUT_V
    s.replayed = min(s.replay_per_s, s.replay_left / tick.dt)
    if s.replay_left > 0.0:
        s.replay_left -= s.replayed * tick.dt
        if s.replay_left <= 1e-9 * tick.dt * s.replay_per_s:
            s.replay_left = 0.0
            emit(tick, REPLAY_ENDED)
    _deliver(p, s, io, cells, tick, accepted + s.replayed)
    output(io)
    dead_letters(s, tick, p.dead_letter)
    io.lag = s.retrying
    io.lag_expired = s.discarded
    units = math.ceil(max(io.kb, 1e-9) / UNIT_KB)
    s.event_usd = (custom + partner) * units * EVENT_USD + s.replayed * units * REPLAY_USD
    s.archive_usd = _keep(p, s, io, cells, tick, accepted)
    io.cost_per_hour = (s.event_usd + s.delivery_usd + s.archive_usd) * 3600.0


@inlined
def _arrivals(io, tick):
    """(custom, partner, AWS) events/s that are small enough."""
    largest = LARGEST_KB_2020 if tick.era == ERA_2020 else LARGEST_KB
    custom = partner = free = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        flow = link.reads + link.writes
        if link.mode == CONTROL or flow <= 0.0:
            continue
        if link.kb > largest:
            io.loss[TOO_LARGE] += flow
            continue
        origin = carray(pointer(link.p_target), 1, ORIGIN)[0].origin
        if origin == PARTNER:
            partner += flow
        elif origin == AWS:
            free += flow
        else:
            custom += flow
    return custom, partner, free


@inlined
def _deliver(p, s, io, cells, tick, events):
    """Invocations beyond the account's quota are delayed, none is dropped for it."""
    s.matched = 0.0
    wanted = 0.0
    for j in range(min(LINKS, tick.out.shape[0])):
        if pushes(tick.out[j], p.dead_letter):
            settle(s, cells, tick, j)
            wanted += demand(s, cells, tick, j, _entered(io, tick, j, events))
    room = min(1.0, p.invoke_per_s / wanted) if wanted > 0.0 else 1.0
    for j in range(min(LINKS, tick.out.shape[0])):
        if pushes(tick.out[j], p.dead_letter):
            entered = _entered(io, tick, j, events)
            passing = composition(io, tick, j)
            most = math.inf
            if room < 1.0:
                most = demand(s, cells, tick, j, entered) * room
            send(s, cells, tick, j, entered, passing, most)
            s.matched += entered
    s.delayed = 0.0
    for j in range(LINKS):
        s.delayed += s.pending[j]
    s.start_s = START_S_2020 if tick.era == ERA_2020 else START_S
    if s.delayed > 0.0 and s.attempts > 0.0:
        s.start_s += s.delayed / s.attempts


@inlined
def _entered(io, tick, j, events):
    """Events/s that the rule of out link `j` takes; of a schedule, its own."""
    every = tick.table[j * ROW + OWN]
    if every > 0.0:
        return 1.0 / tick.dt if boundary(tick, every) else 0.0
    return events * composition(io, tick, j)


@inlined
def _keep(p, s, io, cells, tick, accepted):
    """What the archive costs (USD/s)."""
    if not p.archive or tick.era == ERA_2020:
        return 0.0
    part = cells[cells.shape[0] - RING :]
    ring = s.archive
    amount = accepted * tick.dt
    if amount > 0.0:
        s.archived_kb += (io.kb - s.archived_kb) * amount / (ring.total + amount)
        push(part, ring, tick.t, tick.t + tick.dt, amount)
    if p.archive_retention_days > 0:
        expire(part, ring, tick.t + tick.dt - p.archive_retention_days * 86_400.0)
    stored = ring.total * s.archived_kb / KB_PER_GB * STORED_USD_GB_MONTH
    return accepted * io.kb / KB_PER_GB * ARCHIVE_USD_GB + stored / (HOURS_A_MONTH * 3600.0)


def cells_count(params: Params, setup: Setup) -> int:
    """A ring for each target, and one for the archive."""
    return RING + OF_LINK * min(LINKS, len(setup.outs))


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """The quotas of the Region and era; the row of each target."""
    then, large = setup.era == "2020", setup.region in _LARGE
    put, invoke = (
        ((PUT_PER_S, PUT_PER_S_2020), (INVOKE_PER_S, INVOKE_PER_S_2020))
        if large
        else (
            (PUT_PER_S_ELSEWHERE, PUT_PER_S_ELSEWHERE_2020),
            (INVOKE_PER_S_ELSEWHERE, INVOKE_PER_S_ELSEWHERE_2020),
        )
    )
    record["put_per_s"], record["invoke_per_s"] = put[then], invoke[then]
    record["dead_letter"] = PORTS.index("dead_letter")
    total = sum(c.share for c in setup.classes) or 1.0
    parts = np.array([c.share / total for c in setup.classes] or [1.0])
    taken = route(params, setup)
    rows = []
    for j, link in enumerate(setup.outs[:LINKS]):
        given = _rule(link)
        outside = link.service == "external"
        rows.append(
            row(
                retries(given),
                cap=DESTINATION_PER_S if outside else math.inf,
                redrive=given.redrive,
                trusted=link.service == "lambda_function",  # its queue takes all events
                price=DESTINATION_USD if outside else 0.0,
                shares=(parts * taken[j])[:CLASSES],
                own=period(given.schedule),
            )
        )
    return np.concatenate(rows) if rows else np.zeros(1)


def _rule(link: Any) -> Rule:
    return Rule(**{name: link.params[name] for name in Rule.model_fields if name in link.params})


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """A partner's bucket is full to begin with."""
    state["tokens"] = PARTNER_BURST


def route(params: Params, setup: Setup) -> np.ndarray:
    """1 where a rule's pattern takes the attributes of a class."""
    taken = np.ones((len(setup.outs), max(1, len(setup.classes))))
    for j, link in enumerate(setup.outs):
        given = _rule(link)
        if given.event_pattern and not given.schedule:
            pattern = parse(given.event_pattern)
            events = [dict(c.attributes) for c in setup.classes] or [{}]
            taken[j] = [float(matches(pattern, event)) for event in events]
    return taken


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    return [(0.0, kind, text) for kind, text in _warnings(params, setup)]


def _warnings(params: Params, setup: Setup) -> Iterator[tuple[str, str]]:
    targets = [link for link in setup.outs if link.port == "targets"]
    rules = Counter(_rule(link).rule or f"for {link.other}" for link in targets)
    if len(rules) > RULES_MOST:
        yield "quota", f"a bus has {RULES_MOST} rules at most, here are {len(rules)}"
    for name, count in rules.items():
        if count > TARGETS_MOST:
            yield "quota", f"rule {name} has {count} targets; a rule has {TARGETS_MOST} at most"
    if params.archive and setup.era == "2020":
        yield "not_in_era", "archives came in November 2020; in 2020's era nothing is kept"
    if len(setup.outs) > LINKS:
        yield "quota", f"only the first {LINKS} targets are invoked"
    if not any(link.port == "dead_letter" for link in setup.outs):
        for link in targets:
            if _rule(link).redrive:
                text = f"what {link.other} refuses for good is lost: link a dead-letter queue"
                yield "no_dead_letter_queue", text


class ReplayArgs(Parameters):
    start_s: float = param(0.0, "From when on, on the run's clock.", unit="s", ge=0)
    end_s: float = param(3600.0, "Until when.", unit="s", gt=0)
    rate_per_s: float = param(
        1000.0, "Pace of the replay; AWS names none.", unit="1/s", gt=0, le=1e6
    )


def replay(record: Any, state: Any, cells: Any, args: ReplayArgs, t_s: float) -> str:
    """Send archived events through the rules once more. They are not archived again."""
    if args.start_s >= args.end_s:
        raise ValueError(f"the replay begins at {args.start_s:g} s and ends at {args.end_s:g} s")
    ring, part = state["archive"], cells[len(cells) - RING :]
    found = 0.0
    for i in range(int(ring["count"])):
        one = part[(int(ring["head"]) + i) % RING]
        t0, t1 = float(one["t0"]), float(one["t1"])
        both = min(t1, args.end_s) - max(t0, args.start_s)
        if both > 0.0:
            found += float(one["amount"]) * both / (t1 - t0)
    if found <= 0.0:
        raise ValueError(
            "the archive holds nothing of that time; only what arrives while the "
            "archive is on can be replayed"
        )
    state["replay_left"] += found
    state["replay_per_s"] = args.rate_per_s
    return f"replaying {found:,.0f} events at {args.rate_per_s:,g}/s"


PORTS = ("in", "targets", "dead_letter")
SERVICE = Service(
    id="eventbridge",
    title="EventBridge bus",
    category="integration",
    summary="Routes events by their content to the targets of the rules that match.",
    params=Params,
    derived=Derived,
    state=State,
    cell=CELLS,
    cells_count=cells_count,
    ports=(
        Port(
            "in",
            "in",
            "Events",
            modes=("async", "sync"),
            params={"async": Origin, "sync": Origin},
        ),
        Port("targets", "out", "Targets of rules", modes=("async",), params={"async": Rule}),
        DEAD_LETTER,
    ),
    step=step,
    prepare=prepare,
    init=init,
    route=route,
    foretell=foretell,
    causes=(
        Cause("throttled", "put_events_quota", "the account's PutEvents calls are used up", QUOTAS),
        Cause("rejected", "too_large", "larger than an event may be (1 MB; 256 KB in 2020)", SIZE),
        Cause("throttled", "partner_quota", "a partner puts 1,400 events a second", QUOTAS),
    ),
    metrics=(
        Metric(
            "matched_events",
            "1/s",
            "Events that matched a rule",
            "matched",
            "MatchedEvents",
            total=True,
        ),
        Metric(
            "invocation_attempts",
            "1/s",
            "Attempts to invoke a target",
            "attempts",
            "InvocationAttempts",
            total=True,
        ),
        Metric(
            "successful_attempts",
            "1/s",
            "Invocations that succeeded",
            "delivered",
            "SuccessfulInvocationAttempts",
            total=True,
        ),
        Metric("failed_attempts", "1/s", "Attempts that failed", "failures", total=True),
        Metric(
            "failed_invocations",
            "1/s",
            "Given up and lost",
            "discarded",
            "FailedInvocations",
            total=True,
        ),
        Metric(
            "sent_to_dlq",
            "1/s",
            "Moved to the dead-letter queue",
            "redriven",
            "InvocationsSentToDlq",
            total=True,
        ),
        Metric("delayed", "", "Invocations delayed by a quota", "delayed"),
        Metric("retrying", "", "Events waiting to be tried", "retrying"),
        Metric("replayed", "1/s", "Events replayed", "replayed", total=True),
        Metric(
            "start_latency",
            "s",
            "Ingestion to start of the invocation, median",
            "start_s",
            "IngestionToInvocationStartLatency",
        ),
    ),
    events=(EventKind("replay_ended", "the replay has ended"),),
    actions=(Action("replay", "Replay from the archive", ReplayArgs, replay),),
    headline="matched_events",
    stream=True,
    notes=NOTES,
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
)
