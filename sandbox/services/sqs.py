"""SQS: a queue, where messages wait, fly, come back, move on or expire; standard or FIFO."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import carray

from sandbox.kernels.cohort import place, push
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services import _why_sqs as why
from sandbox.services._sqs_bill import (
    COLUMNS,
    FIFO_USD,
    GET_USD,
    INTERVAL,
    KMS_USD,
    POINTER_KB,
    POLLERS,
    PUT_USD,
    STANDARD_USD,
    WAIT,
    billed,
    empty_receives,
    polls,
)
from sandbox.services._sqs_cohorts import MESSAGES
from sandbox.services._sqs_fifo import QUOTA_PAGE, admit, calls_per_s, deduplicate, ready
from sandbox.services._sqs_messages import (
    AGAIN,
    AT,
    BACK,
    BACK_OF_QUEUE,
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
from sandbox.services._sqs_params import (
    ATTRIBUTES,
    DEAD_LETTERS,
    LARGE,
    MoveTask,
    Params,
    Receiving,
)
from sandbox.services._sqs_redrive import move_back, start
from sandbox.services.contract import Action, Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.law import CONTROL, ERA_2020, NODE, PULL, emit, pointer
from sandbox.services.params import Parameters, code

IN_FLIGHT_LIMIT = 120_000.0  # API Reference, ReceiveMessage: OverLimit; FIFO queue quotas; H
FIFO_IN_FLIGHT_LIMIT_2020 = 20_000.0  # FIFO queue quotas, 2020; H
LARGEST_KB, LARGEST_KB_2020 = 1024.0, 256.0  # API Reference, CreateQueue, 2026 and 2020; H
LARGEST_IN_S3_KB = 2.0 * 1024 * 1024  # Managing large messages with Amazon S3: 2 GB; H
RECEIVE_MOST = 10.0  # messages a call; API Reference, ReceiveMessage; H
PURGE_AGAIN_S = 60.0  # API Reference, PurgeQueue: PurgeQueueInProgress; H
SEND_M, SEND_V = 0.015, 0.01**2 / 12  # SendMessage takes 10 to 20 ms: assumption
PORTS = ("in", "messages", "dead_letter", "redrive")
DEAD_LETTER, REDRIVE = PORTS.index("dead_letter"), PORTS.index("redrive")
FIFO = code(Params, "type", "fifo")
IN_S3 = code(Params, "large_messages", "s3")
NEVER_BACK = 1 << 40


class Derived:
    most_receives: int  # 0: never moved
    redrives: int  # whether there is a queue to move messages back to
    in_flight_limit: float
    calls_per_s: float
    by_group: int  # whether the groups of a FIFO queue have quotas of their own
    request_usd: float
    kms_calls: float  # 1/s


class State(Messages):
    visible: float
    not_visible: float
    delayed: float
    age: float
    sent: float
    requests: float
    empty: float
    kb: float
    body_kb: float  # of what is in the queue itself, without what is in S3
    in_s3: float  # share of the messages
    told: float  # finished in the last tick, and counted there
    purged: float
    purge_until: float
    to_move: float
    move_per_s: float
    moved_back: float
    deduplicated: float
    groups_busy: float
    spread: float  # s: the standard deviation of the time that consumers work on a message
    out_of_order: float
    s3_usd: float
    kms: float
    limited: int
    blocked: int


MOVED_CAUSE, TOO_LARGE, EXPIRED_CAUSE, PURGED, THROTTLED, GROUP_THROTTLED = range(6)
DEDUPLICATED, MOVED_BACK = range(6, 8)
OVER_LIMIT, NO_MORE, GROUPS = range(3)


@compiled
def step(p, s, io, cells, tick):
    """One tick of a queue:

    1. what consumers finished in the last tick is deleted, or waits for its visibility timeout;
    2. messages past their visibility timeout come back, those past their retention are dropped;
    3. new messages are accepted, delayed ones become visible;
    4. consumers receive what they asked for; what was received too often moves on instead.
    """
    dt = tick.dt
    s.sent = s.received = s.deleted = s.received_again = s.duplicates = s.moved = s.requests = 0.0
    s.empty = s.deduplicated = s.s3_usd = s.kms = 0.0
    s.back_after = NEVER_BACK if p.type == FIFO else BACK_OF_QUEUE
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
    s.moved_back = move_back(s, cells, dt)
    _deliver(p, s, io, cells, tick)
    _move(p, s, io, tick)
    _measure(p, s, io, cells, tick)


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
    deleted = io.done * tick.dt + finished - s.told
    s.told = finished + max(0.0, -deleted)
    deleted = max(0.0, deleted) / tick.dt
    io.served += deleted - io.done
    io.goodput += deleted - io.done
    io.done = deleted
    io.utilization = min(1.0, s.not_visible / p.in_flight_limit)


@inlined
def _node(tick, i):
    world = tick.world[0]
    return carray(pointer(world.nodes), world.nodes_n, NODE)[i]


@inlined
def _accept(p, s, io, cells, tick):
    """Take in new messages, and those moved here by a queue with the time they come with."""
    dt = tick.dt
    most_kb = LARGEST_KB_2020 if tick.era == ERA_2020 else LARGEST_KB
    largest = LARGEST_IN_S3_KB if p.large_messages == IN_S3 else most_kb
    share = 1.0
    if p.type == FIFO:
        offered = 0.0
        for x in range(tick.ins.shape[0]):
            link = tick.links[tick.ins[x]]
            if link.mode != CONTROL and link.kb <= largest and link.sent_s <= 0.0:
                offered += link.reads + link.writes
        if offered > 0.0:
            taken, io.loss[THROTTLED], io.loss[GROUP_THROTTLED] = admit(
                p, offered, p.send_batch, io.ca2
            )
            share = taken / offered
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
        aside = link.kb > most_kb
        body = POINTER_KB if aside else link.kb
        if link.sent_s <= 0.0:
            amount *= share
            batch = max(1.0, min(p.send_batch, math.floor(most_kb / max(body, 1e-9))))
            s.sent += amount
            s.requests += amount / batch * billed(batch * body)
            if aside:
                s.s3_usd += amount * PUT_USD
            if p.type == FIFO:
                seen = deduplicate(p, s, cells, tick.t, dt, amount)
                s.deduplicated += seen
                amount -= seen
        part = amount / (io.held + accepted + amount) if amount > 0.0 else 0.0
        s.kb += (link.kb - s.kb) * part
        s.body_kb += (body - s.body_kb) * part
        s.in_s3 += ((1.0 if aside else 0.0) - s.in_s3) * part
        accepted += amount
        if link.sent_s > 0.0:
            half = 0.5 * min(dt, link.sent_s)
            sent0, sent1 = link.sent_s - half, link.sent_s + half
            push(part_of(cells, FRESH), s.rings[FRESH], sent0, sent1, amount)
        else:
            to = DELAYED if p.delay_s > 0.0 else FRESH
            push(part_of(cells, to), s.rings[to], tick.t, tick.t + dt, amount)
    io.loss[DEDUPLICATED] = s.deduplicated / dt


@inlined
def _deliver(p, s, io, cells, tick):
    """Give the consumers what they asked for, each its part if there is not enough."""
    dt = tick.dt
    asked = batches = hold = spread = 0.0
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode == PULL and link.pull > 0.0:
            ask = link.pull * dt
            asked += ask
            spread += ask * math.sqrt(_node(tick, link.target).svc_v)
            batches += ask / max(1.0, min(link.weight, RECEIVE_MOST))
            hold += ask * _node(tick, link.target).latency_mean
    s.spread = spread / asked if asked > 0.0 else 0.0
    there = s.rings[FRESH].total + s.rings[AGAIN].total + s.rings[BACK].total
    room = max(0.0, p.in_flight_limit - s.rings[FLIGHT].total - s.rings[FAILED].total)
    given = min(asked, there, room)
    if room < min(asked, there):
        if s.limited == 0:
            emit(tick, NO_MORE if p.type == FIFO else OVER_LIMIT, p.in_flight_limit, there)
        s.limited = 1
    elif room > 0.01 * p.in_flight_limit:
        s.limited = 0
    if p.type == FIFO and asked > 0.0:
        given = _in_groups(p, s, cells, tick, given, there, asked / batches, hold / asked)
    moved_sent = 0.0
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode != PULL:
            continue
        link.reads = link.writes = 0.0
        link.kb = s.kb
        link.failed = 0.0
        got = 0.0
        batch = max(1.0, min(link.weight, RECEIVE_MOST))
        if given > 0.0 and link.pull > 0.0:
            wanted = given * (link.pull * dt / asked)
            got, bad, moved_sent = receive(p, s, cells, tick, j, wanted, moved_sent)
            link.writes = got / dt
            link.failed = min(1.0, bad / got) if got > 0.0 else 0.0
            s.requests += got / batch * billed(batch * s.body_kb)
            s.s3_usd += got * s.in_s3 * GET_USD
        link.ok = 1.0 - link.failed
        if link.pull > 0.0:
            row = j * COLUMNS
            pollers = tick.table[row + POLLERS]
            if pollers <= 0.0:
                pollers = max(1.0, _node(tick, link.target).instances)
            idle = max(0.0, 1.0 - got / (link.pull * dt))
            s.empty += dt * empty_receives(
                tick.table[row + WAIT], tick.table[row + INTERVAL], pollers, got / batch / dt, idle
            )
    s.requests += s.empty
    if s.moved > 0.0:
        io.loss[MOVED_CAUSE] = s.moved / dt
        for j in range(tick.out.shape[0]):
            link = tick.out[j]
            if link.mode != PULL and link.source_port == DEAD_LETTER:
                # on a FIFO queue the time at which it was sent begins anew
                link.sent_s = tick.t + 0.5 * dt if p.type == FIFO else moved_sent / s.moved


@inlined
def _in_groups(p, s, cells, tick, given, there, batch, hold_s):
    """What of `given` the groups of a FIFO queue and the calls a second let through."""
    heads = s.rings[AGAIN].total + s.rings[BACK].total
    ill = 0.0  # in flight, and about to hold up their groups
    for i in range(s.rings[FLIGHT].count):
        ill += part_of(cells, FLIGHT)[place(s.rings[FLIGHT].head, i, SIZES[FLIGHT])].bad
    can, s.groups_busy = ready(
        float(p.message_groups),
        batch,
        hold_s * batch,
        tick.dt,
        s.rings[FRESH].total,
        heads,
        s.rings[FLIGHT].total - ill,
        s.rings[FAILED].total + ill,
    )
    if can < 0.99 * given and s.groups_busy > 0.95 * p.message_groups:
        if s.blocked == 0:
            emit(tick, GROUPS, float(p.message_groups), there)
        s.blocked = 1
    elif s.groups_busy < 0.9 * p.message_groups:
        s.blocked = 0
    return min(given, can, p.calls_per_s * batch * tick.dt)


@inlined
def _move(p, s, io, tick):
    """Send on what moves to the dead-letter queue, and what moves back from it."""
    out = s.moved + s.moved_back
    io.loss[MOVED_BACK] = s.moved_back / tick.dt
    if out <= 0.0:
        return
    io.out_writes = out / tick.dt
    io.out_kb = s.kb
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode == PULL:
            continue
        if link.source_port == REDRIVE:  # new messages, as SQS sees it
            link.weight = s.moved_back / out
            link.sent_s = tick.t + 0.5 * tick.dt
        else:
            link.weight = s.moved / out


@inlined
def _measure(p, s, io, cells, tick):
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
    io.utilization = min(1.0, s.not_visible / p.in_flight_limit)
    io.svc_m = SEND_M
    io.svc_v = SEND_V
    s.s3_usd /= dt
    s.kms = p.kms_calls if s.sent + s.received + s.empty > 0.0 else 0.0
    s.sent /= dt
    s.received /= dt
    s.out_of_order = 0.0
    if p.type != FIFO:
        x = s.received / p.message_groups * s.spread
        s.out_of_order = 0.5 * x / (1.0 + x)
    s.deleted /= dt
    s.received_again /= dt
    s.duplicates /= dt
    s.moved /= dt
    s.requests /= dt
    s.empty /= dt
    s.moved_back /= dt
    s.deduplicated /= dt
    usd = s.requests * p.request_usd + s.s3_usd + s.kms * KMS_USD
    io.cost_per_hour = usd * 3600.0


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """Quotas of the type, the era and the Region; who polls how."""
    linked = {link.port for link in setup.outs}
    fifo = params.type == "fifo"
    record["most_receives"] = (params.max_receive_count or 0) if "dead_letter" in linked else 0
    record["redrives"] = "redrive" in linked
    then = fifo and setup.era == "2020"
    record["in_flight_limit"] = FIFO_IN_FLIGHT_LIMIT_2020 if then else IN_FLIGHT_LIMIT
    record["calls_per_s"] = calls_per_s(params.high_throughput, setup.era, setup.region)
    record["by_group"] = params.high_throughput and not then
    record["request_usd"] = FIFO_USD if fifo else STANDARD_USD
    producers = sum(link.port == "in" for link in setup.ins)
    consumers = sum(link.port == "messages" for link in setup.outs)
    calls = 2 * producers + consumers  # "Estimating AWS KMS costs" in the Developer Guide
    record["kms_calls"] = calls / params.kms_data_key_reuse_s if params.sse_kms else 0.0
    return polls(params, setup)


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What does nothing as it is drawn, and says so."""
    found = []
    if params.max_receive_count is not None and not any(
        o.port == "dead_letter" for o in setup.outs
    ):
        text = (
            f"max_receive_count is {params.max_receive_count}, but there is no dead-letter queue: "
            "link one, or messages come back until they expire"
        )
        found.append((0.0, "no_dead_letter_queue", text))
    for link in setup.outs:
        other = getattr(link.given, "type", params.type)
        if link.port == "dead_letter" and other != params.type:
            text = (
                f"the dead-letter queue {link.other} is {other}, this queue is {params.type}: "
                "SQS wants both of one type"
            )
            found.append((0.0, "dead_letter_type", text))
    if params.type == "fifo" and params.high_throughput and setup.era == "2020":
        text = "high throughput came in 2021; in 2020's era the queue takes 300 calls a second"
        found.append((0.0, "not_in_era", text))
    return found


class NoArguments(Parameters):
    pass


def purge(record: Any, state: Any, cells: Any, args: NoArguments, t_s: float) -> str:
    """Consumers go on with what they hold, but there is nothing left for them to delete."""
    if t_s < state["purge_until"]:
        raise ValueError("PurgeQueueInProgress: a queue can be purged once in 60 seconds")
    state["purge_until"] = t_s + PURGE_AGAIN_S
    state["to_move"] = 0.0
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
    summary="Keeps messages until a consumer has processed and deleted them; standard or FIFO.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=MESSAGES,
    cells_count=lambda params, setup: CELLS,
    ports=(
        Port("in", "in", "Messages sent", modes=("sync", "async")),
        Port(
            "messages",
            "out",
            "Messages received",
            modes=("pull",),
            params={"pull": Receiving},
        ),
        Port(
            "dead_letter",
            "out",
            "Dead-letter queue",
            modes=("async",),
            many=False,
            peers=("sqs",),
            redrive=True,
        ),
        Port(
            "redrive",
            "out",
            "Messages moved back",
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
            DEAD_LETTERS,
            refusal=False,
        ),
        Cause(
            "rejected",
            "too_large",
            "larger than a message may be (1 MB; 256 KB in 2020; 2 GB through S3)",
            LARGE,
        ),
        Cause("expired", "retention", "kept for message_retention_s", ATTRIBUTES, refusal=False),
        Cause(
            "moved",
            "purged",
            "removed by a purge",
            "Amazon SQS API Reference, PurgeQueue",
            refusal=False,
        ),
        Cause(
            "throttled",
            "fifo_quota",
            "a FIFO queue takes 300 calls a second; send in batches, or with high throughput",
            QUOTA_PAGE,
        ),
        Cause("throttled", "group_quota", "a message group takes 300 calls a second", QUOTA_PAGE),
        Cause(
            "moved",
            "deduplicated",
            "its deduplication id was taken less than 5 minutes ago",
            "Amazon SQS Developer Guide: Exactly-once processing",
            refusal=False,
        ),
        Cause(
            "moved",
            "moved_back",
            "moved back by StartMessageMoveTask",
            "Amazon SQS API Reference, StartMessageMoveTask",
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
        Metric("moved_back", "1/s", "Moved back to their queue", "moved_back", total=True),
        Metric("deduplicated", "1/s", "Swallowed as duplicates", "deduplicated", total=True),
        Metric(
            "empty_receives", "1/s", "Empty receives", "empty", "NumberOfEmptyReceives", total=True
        ),
        Metric("requests", "1/s", "Billed requests", "requests", total=True),
        Metric("message_kb", "KB", "Size of a message in the queue", "body_kb", "SentMessageSize"),
        Metric("groups_busy", "", "Message groups at work", "groups_busy"),
        Metric(
            "out_of_order", "share", "Finish before the one ahead in their group", "out_of_order"
        ),
    ),
    events=(
        EventKind(
            "over_limit",
            "OverLimit: {0:,.0f} messages are in flight; receives return nothing though {1:,.0f} "
            "are visible",
            "warning",
        ),
        EventKind(
            "no_more_in_flight",
            "{0:,.0f} messages of the FIFO queue are in flight: receives return no more, without "
            "an error, though {1:,.0f} are visible",
            "warning",
        ),
        EventKind(
            "groups_limit",
            "all {0:,.0f} message groups are at work, and each gives its next message only when "
            "the last is deleted: {1:,.0f} wait. More groups help, more consumers do not",
            "warning",
        ),
    ),
    actions=(
        Action("purge", "Purge the queue", NoArguments, purge),
        Action("move_back", "Move the messages back to their queue", MoveTask, start),
    ),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    headline="backlog",
)
