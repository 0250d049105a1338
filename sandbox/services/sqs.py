"""SQS: a standard queue, where messages wait, fly, come back, move on or expire."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from numba import carray

from sandbox.kernels.cohort import push
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services import _why_sqs as why
from sandbox.services._sqs_cohorts import MESSAGES
from sandbox.services._sqs_messages import (
    AGAIN,
    AT,
    BACK,
    CELLS,
    DELAYED,
    FAILED,
    FLIGHT,
    FRESH,
    LINKS,
    SIZES,
    Messages,
    finish,
    oldest,
    part_of,
    receive,
    release,
    retention,
    time_out,
)
from sandbox.services._sqs_notes import NOTES
from sandbox.services.contract import Action, Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.law import CONTROL, ERA_2020, NODE, PULL, emit, pointer
from sandbox.services.params import Parameters, param

ATTRIBUTES = "Amazon SQS API Reference, SetQueueAttributes"
QUOTAS = "Amazon SQS Developer Guide, message quotas"
IN_FLIGHT_LIMIT = 120_000.0  # API Reference, ReceiveMessage: OverLimit; H
LARGEST_KB, LARGEST_KB_2020 = 1024.0, 256.0  # API Reference, CreateQueue, 2026 and 2020; H
RECEIVE_MOST = 10.0  # messages a call; API Reference, ReceiveMessage; H
REQUEST_KB = 64.0  # each 64 KB of a call is billed as a request; SQS pricing; H
REQUEST_USD = 0.40e-6  # a standard request, us-east-1; SQS pricing; H
SEND_M, SEND_V = 0.015, 0.01**2 / 12  # SendMessage takes 10 to 20 ms: assumption


class Params(Parameters):
    visibility_timeout_s: float = param(
        30.0,
        "How long a received message stays hidden before it is delivered again.",
        unit="s",
        ge=0,
        le=43_200,
        source=ATTRIBUTES,
        confidence="H",
        basic=True,
    )
    message_retention_s: float = param(
        345_600.0,
        "How long a message is kept, from when it was sent.",
        unit="s",
        ge=60,
        le=1_209_600,
        source=ATTRIBUTES,
        confidence="H",
        basic=True,
    )
    delay_s: float = param(
        0.0,
        "How long a new message stays hidden.",
        unit="s",
        ge=0,
        le=900,
        source=ATTRIBUTES,
        confidence="H",
    )
    max_receive_count: int | None = param(
        None,
        "Receives after which a message that would be received again moves to the dead-letter "
        "queue. Needs a dead-letter link.",
        ge=1,
        le=1000,
        source="Amazon SQS Developer Guide, dead-letter queues",
        confidence="M",
        basic=True,
    )
    poison_share: float = param(
        0.0,
        "Share of the messages that no consumer can process, however often they are delivered.",
        unit="share",
        ge=0,
        le=1,
        group="Workload",
    )


class Derived:
    most_receives: int  # 0: never moved


class State(Messages):
    visible: float
    not_visible: float
    delayed: float
    age: float
    sent: float
    requests: float
    kb: float
    purged: float
    limited: int


MOVED_CAUSE, TOO_LARGE, EXPIRED_CAUSE, PURGED = range(4)
OVER_LIMIT = 0


@compiled
def step(p, s, io, cells, tick):
    """One tick of a standard queue:

    1. what consumers finished in the last tick is deleted, or waits for its visibility timeout;
    2. messages past their visibility timeout come back, those past their retention are dropped;
    3. new messages are accepted, delayed ones become visible;
    4. consumers receive what they asked for; what was received too often moves on instead.
    """
    dt = tick.dt
    s.sent = s.received = s.deleted = s.received_again = s.duplicates = s.moved = s.requests = 0.0
    io.loss[PURGED] = s.purged / dt
    s.purged = 0.0
    # 1
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode == PULL:
            done, again = link.completed * dt, link.returned * dt
            if done > 0.0:
                s.requests += done / max(1.0, min(link.weight, RECEIVE_MOST))  # DeleteMessageBatch
            consumer = min(j, LINKS - 1)
            if done + again > 0.0:
                finish(s, cells, consumer, done, again)
            if s.overdue[consumer] > 0.0 and _node(tick, link.target).held <= 0.0:
                s.overdue[consumer] = 0.0  # it holds nothing: what it worked on went with it
    # 2: completions are told a tick late, so time is up a tick late for what is worked on, too
    time_out(s, cells, FLIGHT, tick.t - p.visibility_timeout_s, tick.t)
    time_out(s, cells, FAILED, tick.t + dt - p.visibility_timeout_s, tick.t + dt)
    io.loss[EXPIRED_CAUSE] = retention(s, cells, tick.t + dt - p.message_retention_s) / dt
    # 3
    _accept(p, s, io, cells, tick)
    release(s, cells, tick.t + dt - p.delay_s)
    # 4
    _deliver(p, s, io, cells, tick)
    _measure(s, io, cells, tick)


@compiled
def control(p, s, io, cells, tick):
    """What consumers finished in this tick is in flight no longer, though deleted in the next.

    Not of a consumer that is late: what it finished may have come back long ago.
    """
    finished = 0.0
    for j in range(tick.out.shape[0]):
        if tick.out[j].mode == PULL and s.overdue[min(j, LINKS - 1)] <= 0.0:
            finished += tick.out[j].completed * tick.dt
    s.not_visible = max(0.0, s.not_visible - finished)
    io.in_flight = s.not_visible
    io.utilization = min(1.0, s.not_visible / IN_FLIGHT_LIMIT)


@inlined
def _node(tick, i):
    world = tick.world[0]
    return carray(pointer(world.nodes), world.nodes_n, NODE)[i]


@inlined
def _accept(p, s, io, cells, tick):
    """Take in new messages, and those redriven here with the time at which they were first sent."""
    dt = tick.dt
    largest = LARGEST_KB_2020 if tick.era == ERA_2020 else LARGEST_KB
    accepted = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        flow = link.reads + link.writes
        if flow <= 0.0 or link.mode == CONTROL:
            continue
        if link.kb > largest:
            io.loss[TOO_LARGE] += flow
            continue
        amount = flow * dt
        s.kb += (link.kb - s.kb) * amount / (io.held + accepted + amount)
        accepted += amount
        if link.sent_s > 0.0:  # moved here by a queue: their age goes on
            half = 0.5 * min(dt, link.sent_s)
            sent0, sent1 = link.sent_s - half, link.sent_s + half
            push(part_of(cells, FRESH), s.rings[FRESH], sent0, sent1, amount)
        else:
            s.sent += amount
            s.requests += amount * math.ceil(max(link.kb, 1e-9) / REQUEST_KB)
            to = DELAYED if p.delay_s > 0.0 else FRESH
            push(part_of(cells, to), s.rings[to], tick.t, tick.t + dt, amount)


@inlined
def _deliver(p, s, io, cells, tick):
    """Give the consumers what they asked for, each its part if there is not enough."""
    dt = tick.dt
    asked = 0.0
    for j in range(tick.out.shape[0]):
        if tick.out[j].mode == PULL:
            asked += tick.out[j].pull * dt
    there = s.rings[FRESH].total + s.rings[AGAIN].total + s.rings[BACK].total
    room = max(0.0, IN_FLIGHT_LIMIT - s.rings[FLIGHT].total - s.rings[FAILED].total)
    given = min(asked, there, room)
    if room < min(asked, there):
        if s.limited == 0:
            emit(tick, OVER_LIMIT, IN_FLIGHT_LIMIT, there)
        s.limited = 1
    elif room > 0.01 * IN_FLIGHT_LIMIT:
        s.limited = 0
    moved_sent = 0.0
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode != PULL:
            continue
        link.reads = link.writes = 0.0
        link.kb = s.kb
        link.failed = 0.0
        if given > 0.0 and link.pull > 0.0:
            wanted = given * (link.pull * dt / asked)
            got, bad, moved_sent = receive(p, s, cells, tick, j, wanted, moved_sent)
            link.writes = got / dt
            link.failed = bad / got if got > 0.0 else 0.0
            batch = max(1.0, min(link.weight, RECEIVE_MOST))
            s.requests += got / batch * math.ceil(max(batch * s.kb, 1e-9) / REQUEST_KB)
        link.ok = 1.0 - link.failed
    if s.moved > 0.0:
        io.loss[MOVED_CAUSE] = io.out_writes = s.moved / dt
        io.out_kb = s.kb
        for j in range(tick.out.shape[0]):
            if tick.out[j].mode != PULL:
                tick.out[j].sent_s = moved_sent / s.moved


@inlined
def _measure(s, io, cells, tick):
    """Fill in the node's answer and the queue's own metrics."""
    dt = tick.dt
    rings = s.rings
    s.delayed = rings[DELAYED].total
    s.visible = rings[FRESH].total + rings[AGAIN].total + rings[BACK].total
    s.not_visible = rings[FLIGHT].total + rings[FAILED].total
    s.age = oldest(s, cells, tick.t + dt)
    io.done = s.deleted / dt
    io.waiting = s.visible + s.delayed
    io.in_flight = s.not_visible
    io.utilization = min(1.0, s.not_visible / IN_FLIGHT_LIMIT)
    io.svc_m = SEND_M
    io.svc_v = SEND_V
    io.cost_per_hour = s.requests / dt * 3600.0 * REQUEST_USD
    s.sent /= dt
    s.received /= dt
    s.deleted /= dt
    s.received_again /= dt
    s.duplicates /= dt
    s.moved /= dt
    s.requests /= dt


def prepare(params: Params, record: Any, setup: Setup) -> None:
    linked = any(link.port == "dead_letter" for link in setup.outs)
    record["most_receives"] = (params.max_receive_count or 0) if linked else 0


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """A receive count without a dead-letter queue does nothing, and says so."""
    if params.max_receive_count is None or any(o.port == "dead_letter" for o in setup.outs):
        return []
    text = (
        f"max_receive_count is {params.max_receive_count}, but there is no dead-letter queue: "
        "link one, or messages come back until they expire"
    )
    return [(0.0, "no_dead_letter_queue", text)]


class NoArguments(Parameters):
    pass


def purge(record: Any, state: Any, cells: Any, args: NoArguments, t_s: float) -> str:
    """Consumers go on with what they hold, but there is nothing left for them to delete."""
    ring = state["rings"][FLIGHT]
    for i in range(int(ring["count"])):
        one = cells[AT[FLIGHT] + (int(ring["head"]) + i) % SIZES[FLIGHT]]
        state["overdue"][int(one["link"])] += one["amount"]
    amount = float(state["rings"]["total"].sum())
    state["purged"] += amount
    for name in ("head", "count", "total"):
        state["rings"][name] = 0
    state["late_visible"] = 0.0
    return f"purged {amount:,.0f} messages, those in flight included"


SERVICE = Service(
    id="sqs",
    title="SQS queue",
    category="integration",
    summary="A standard queue: keeps messages until a consumer has processed and deleted them.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=MESSAGES,
    cells_count=lambda params, setup: CELLS,
    ports=(
        Port("in", "in", "Messages sent", modes=("sync", "async")),
        Port("messages", "out", "Messages received", modes=("pull",)),
        Port(
            "dead_letter",
            "out",
            "Dead-letter queue",
            modes=("async",),
            many=False,
            peers=("sqs",),
            redrive=True,
        ),
    ),
    step=step,
    control=control,
    prepare=prepare,
    foretell=foretell,
    causes=(
        Cause(
            "moved",
            "dead_letter",
            "received max_receive_count times, moved to the dead-letter queue",
            "Amazon SQS Developer Guide, dead-letter queues",
            refusal=False,
        ),
        Cause(
            "rejected",
            "too_large",
            "larger than a message may be (1 MB; 256 KB in 2020)",
            "Amazon SQS API Reference, CreateQueue",
        ),
        Cause("expired", "retention", "kept for message_retention_s", ATTRIBUTES, refusal=False),
        Cause(
            "moved",
            "purged",
            "removed by a purge",
            "Amazon SQS API Reference, PurgeQueue",
            refusal=False,
        ),
    ),
    metrics=(
        Metric("visible", "", "Visible messages", "visible", "ApproximateNumberOfMessagesVisible"),
        Metric(
            "not_visible",
            "",
            "Messages in flight",
            "not_visible",
            "ApproximateNumberOfMessagesNotVisible",
        ),
        Metric("delayed", "", "Delayed messages", "delayed", "ApproximateNumberOfMessagesDelayed"),
        Metric("age_of_oldest_s", "s", "Age of the oldest", "age", "ApproximateAgeOfOldestMessage"),
        Metric("sent", "1/s", "Messages sent", "sent", "NumberOfMessagesSent", total=True),
        Metric(
            "received", "1/s", "Messages received", "received", "NumberOfMessagesReceived", True
        ),
        Metric("deleted", "1/s", "Messages deleted", "deleted", "NumberOfMessagesDeleted", True),
        Metric("received_again", "1/s", "Received more than once", "received_again", total=True),
        Metric("duplicates", "1/s", "Finished too late to delete", "duplicates", total=True),
        Metric("moved", "1/s", "Moved to the dead-letter queue", "moved", total=True),
        Metric("requests", "1/s", "Billed requests", "requests", total=True),
    ),
    events=(
        EventKind(
            "over_limit",
            "OverLimit: {0:,.0f} messages are in flight; receives return nothing though {1:,.0f} "
            "are visible",
            "warning",
        ),
    ),
    actions=(Action("purge", "Purge the queue", NoArguments, purge),),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    headline="backlog",
)
