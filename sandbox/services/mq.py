"""MQ: an ActiveMQ broker, a server of one's own with a queue; it holds producers back when full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from numba import carray

from sandbox.kernels.cohort import push
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services import _why_mq as why
from sandbox.services._mq_notes import NOTES
from sandbox.services._mq_params import (
    REDELIVERY,
    SIZES,
    STORAGE,
    Params,
)
from sandbox.services._sqs_cohorts import MESSAGES
from sandbox.services._sqs_messages import (
    AGAIN,
    BACK,
    CELLS,
    FAILED,
    FLIGHT,
    FRESH,
    LINKS,
    Messages,
    finish,
    oldest,
    part_of,
    receive,
    time_out,
)
from sandbox.services.contract import Action, Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.law import (
    CONTROL,
    KILL_COUNT,
    KILL_INSTANCES,
    NODE,
    PULL,
    ZONE_OUTAGE,
    emit,
    pointer,
    struck_now,
)
from sandbox.services.params import Parameters, code

MEMORY_PER_S = 5_000.0  # messages/s of a producer, 1 KB, in memory; Storage; H
EBS_PER_S = 500.0  # persistent; Storage; H
EFS_PER_S = 80.0  # persistent; Storage; H
MICRO_GB, OTHER_GB = 20.0, 200.0  # storage of a broker; Quotas in Amazon MQ; H
MICRO_CONNECTIONS, OTHER_CONNECTIONS = 300, 2_000  # a protocol; Quotas in Amazon MQ; H
SIZE_PER_S = (1_000.0, 5_000.0, 10_000.0, 20_000.0, 40_000.0)  # what the CPU bears: assumption
MICRO_USD = 0.027  # an hour, us-east-1; Amazon MQ pricing; L
LARGE_USD = 0.288  # an hour of mq.m5.large, larger ones in proportion; Amazon MQ pricing; H
EFS_USD, EBS_USD = 0.30, 0.10  # a GB-month; Amazon MQ pricing; H
REBOOT_S = 5.0  # "within a few seconds" with a standby; broker architecture: assumption
HOURS_A_MONTH = 730.0
KB_PER_GB = 1024.0 * 1024.0
NEVER_BACK = 1 << 40
EBS = code(Params, "storage", "ebs")
STANDBY_TOO = code(Params, "deployment", "active_standby")


class Derived:
    most_receives: int
    producer_per_s: float
    senders: float  # connections that send, of those the quota admits
    receivers: float
    broker_per_s: float
    limit_gb: float
    broker_usd: float
    gb_usd: float


class State(Messages):
    held_back: float  # messages that producers hold
    dead: float
    visible: float
    not_visible: float
    age: float
    enqueued: float
    used_gb: float
    store_percent: float
    kb: float
    away_until: float
    reboot: float
    available: float
    accepting: float  # 1/s
    full: int
    blocked: int


DEAD_LETTER, LOST = range(2)
FAILOVER, AVAILABLE, FULL, HELD_BACK = range(4)


@compiled
def step(p, s, io, cells, tick):
    """One tick of a broker:

    1. acknowledged messages go, others come back after the redelivery delay;
    2. producers send what their connections, the CPU and the storage bear; the rest waits there;
    3. consumers are pushed what their prefetch has room for.
    """
    dt = tick.dt
    s.received = s.deleted = s.received_again = s.duplicates = s.moved = s.enqueued = 0.0
    s.back_after = NEVER_BACK
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode == PULL:
            done, again = link.completed * dt, link.returned * dt
            if done + again > 0.0:
                finish(s, cells, min(j, LINKS - 1), done, again)
            if s.overdue[min(j, LINKS - 1)] > 0.0 and _node(tick, link.target).held <= 0.0:
                s.overdue[min(j, LINKS - 1)] = 0.0
    _fail_over(p, s, io, cells, tick)
    time_out(s, cells, FAILED, tick.t + dt - p.redelivery_delay_s, tick.t + dt)
    up = min(1.0, max(0.0, (tick.t + dt - s.away_until) / dt))
    s.available = up
    _accept(p, s, io, cells, tick, up)
    _deliver(p, s, io, cells, tick, up)
    _measure(p, s, io, cells, tick, up)


@compiled
def control(p, s, io, cells, tick):
    """What consumers acknowledged in this tick is theirs no longer, though told in the next."""
    finished = 0.0
    for j in range(tick.out.shape[0]):
        if tick.out[j].mode == PULL and s.overdue[min(j, LINKS - 1)] <= 0.0:
            finished += tick.out[j].completed * tick.dt
    s.not_visible = max(0.0, s.not_visible - finished)
    io.in_flight = s.not_visible


@inlined
def _node(tick, i):
    world = tick.world[0]
    return carray(pointer(world.nodes), world.nodes_n, NODE)[i]


@inlined
def _fail_over(p, s, io, cells, tick):
    """A broker that stops: what was pushed and not acknowledged is delivered again."""
    away = 0.0
    if struck_now(io):
        hit = io.struck[KILL_INSTANCES] + io.struck[KILL_COUNT] + io.struck[ZONE_OUTAGE]
        if hit > 0.0:
            away = p.failover_s if p.deployment == STANDBY_TOO else p.restart_s
    if s.reboot > 0.0:
        away = max(away, REBOOT_S if p.deployment == STANDBY_TOO else p.restart_s)
        s.reboot = 0.0
    if away > 0.0:
        unacknowledged = s.rings[FLIGHT].total + s.rings[FAILED].total
        lost = 0.0
        if p.persistent:
            time_out(s, cells, FLIGHT, tick.t, tick.t)
            time_out(s, cells, FAILED, tick.t, tick.t)
            for which in range(AGAIN, BACK + 1):  # what is acknowledged now, nobody hears
                part_of(cells, which).late[:] = 0.0
            s.late_visible = 0.0
        else:
            lost = _forget(s, cells)
        io.loss[LOST] = lost / tick.dt
        s.away_until = tick.t + away
        emit(tick, FAILOVER, away, unacknowledged, lost)
    elif s.away_until > tick.t and s.away_until <= tick.t + tick.dt:
        emit(tick, AVAILABLE, s.held_back)


@inlined
def _forget(s, cells):
    """Everything that was in memory only; consumers go on with what they hold."""
    ring = s.rings[FLIGHT]
    flight = part_of(cells, FLIGHT)
    for i in range(ring.count):
        at = ring.head + i
        one = flight[at if at < flight.size else at - flight.size]
        s.overdue[one.link] += one.amount
    lost = 0.0
    for which in range(6):
        lost += s.rings[which].total
        s.rings[which].head = 0
        s.rings[which].count = 0
        s.rings[which].total = 0.0
    s.late_visible = 0.0
    return lost


@inlined
def _accept(p, s, io, cells, tick, up):
    """Take in what producers may send; they hold the rest, and wait."""
    dt = tick.dt
    offered = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        flow = link.reads + link.writes
        if link.mode != CONTROL and flow > 0.0:
            offered += flow * dt
            s.kb += (link.kb - s.kb) * flow * dt / (s.held_back + io.held + offered)
    held = s.rings[FRESH].total + s.rings[AGAIN].total + s.rings[BACK].total
    held += s.rings[FAILED].total + s.rings[FLIGHT].total
    used = (held + s.dead) * s.kb / KB_PER_GB + p.other_gb
    room = max(0.0, p.limit_gb - used) / max(s.kb, 1e-9) * KB_PER_GB
    s.accepting = min(p.senders * p.producer_per_s, p.broker_per_s) * up
    wanted = s.held_back + offered
    taken = min(wanted, s.accepting * dt, room)
    s.held_back = wanted - taken
    s.enqueued = taken
    push(part_of(cells, FRESH), s.rings[FRESH], tick.t, tick.t + dt, taken)
    s.used_gb = used + taken * s.kb / KB_PER_GB
    s.store_percent = min(100.0, s.used_gb / p.limit_gb * 100.0)
    if room < min(wanted, s.accepting * dt):
        if s.full == 0:
            emit(tick, FULL, p.limit_gb, s.held_back)
        s.full = 1
    elif s.store_percent < 95.0:
        s.full = 0
    if up > 0.0 and s.held_back > 1e-6 * wanted and taken < room:
        if s.blocked == 0:
            emit(tick, HELD_BACK, offered / dt, s.accepting, p.senders, p.producer_per_s)
        s.blocked = 1
    elif s.held_back <= 0.0:
        s.blocked = 0


@inlined
def _deliver(p, s, io, cells, tick, up):
    """Push to the consumers, as far as their prefetch has room."""
    dt = tick.dt
    asked = 0.0
    for j in range(tick.out.shape[0]):
        if tick.out[j].mode == PULL:
            asked += tick.out[j].pull * dt
    there = s.rings[FRESH].total + s.rings[AGAIN].total + s.rings[BACK].total
    room = max(0.0, p.receivers * p.prefetch - s.rings[FLIGHT].total)
    given = min(asked, there, room, p.broker_per_s * dt) * up
    moved_sent = 0.0
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode != PULL:
            continue
        link.reads = link.writes = link.failed = 0.0
        link.kb = s.kb
        if given > 0.0 and link.pull > 0.0:
            wanted = given * (link.pull * dt / asked)
            got, bad, moved_sent = receive(p, s, cells, tick, j, wanted, moved_sent)
            link.writes = got / dt
            link.failed = bad / got if got > 0.0 else 0.0
        link.ok = 1.0 - link.failed
    s.dead += s.moved
    io.loss[DEAD_LETTER] = s.moved / dt


@inlined
def _measure(p, s, io, cells, tick, up):
    """Fill in the node's answer and the broker's own metrics."""
    dt = tick.dt
    s.visible = s.rings[FRESH].total + s.rings[AGAIN].total + s.rings[BACK].total
    s.not_visible = s.rings[FLIGHT].total + s.rings[FAILED].total
    s.age = oldest(s, cells, tick.t + dt)
    io.done = s.deleted / dt
    io.waiting = s.visible + s.held_back
    io.in_flight = s.not_visible
    most = min(p.senders * p.producer_per_s, p.broker_per_s)
    io.svc_m = 1.0 / p.producer_per_s
    if s.held_back > 0.0:  # producers block until what they hold is taken
        io.wait_p = 1.0
        io.wait_m = s.held_back / most + max(0.0, s.away_until - tick.t - dt)
    io.utilization = min(1.0, s.enqueued / dt / p.broker_per_s)
    io.instances = 2.0 if p.deployment == STANDBY_TOO else 1.0
    io.cost_per_hour = io.instances * p.broker_usd + s.used_gb * p.gb_usd / HOURS_A_MONTH
    s.enqueued /= dt
    s.received /= dt
    s.deleted /= dt
    s.received_again /= dt
    s.duplicates /= dt
    s.moved /= dt


def prepare(params: Params, record: Any, setup: Setup) -> None:
    """What the size, the storage and the quota of connections come to."""
    size = SIZES.index(params.broker_type)
    micro = size == 0
    ebs = params.storage == "ebs"
    record["most_receives"] = params.maximum_redeliveries + 1
    stored = EBS_PER_S if ebs else EFS_PER_S
    record["producer_per_s"] = stored if params.persistent else MEMORY_PER_S
    record["senders"], record["receivers"] = connected(params)
    record["broker_per_s"] = SIZE_PER_S[size]
    record["limit_gb"] = MICRO_GB if micro else OTHER_GB
    record["broker_usd"] = MICRO_USD if micro else LARGE_USD * 2.0 ** (size - 1)
    record["gb_usd"] = EBS_USD if ebs else EFS_USD


def connected(params: Params) -> tuple[int, int]:
    """(producers, consumers) that are connected: the quota holds for all together, each its part"""
    most = MICRO_CONNECTIONS if params.broker_type == "mq.t3.micro" else OTHER_CONNECTIONS
    asked = params.producers + params.consumers
    if asked <= most:
        return params.producers, params.consumers
    senders = min(most - 1, max(1, round(params.producers * most / asked)))
    return senders, most - senders


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    found = []
    senders, receivers = connected(params)
    if senders + receivers < params.producers + params.consumers:
        text = (
            f"{params.producers + params.consumers:,} connections are more than the "
            f"{senders + receivers:,} that a {params.broker_type} takes of one protocol: "
            f"{senders:,} producers and {receivers:,} consumers are connected"
        )
        found.append((0.0, "connections", text))
    if params.deployment == "single":
        text = "a single broker: when it stops, nobody sends or receives until it is back"
        found.append((0.0, "single", text))
    return found


class NoArguments(Parameters):
    pass


def reboot(record: Any, state: Any, cells: Any, args: NoArguments, t_s: float) -> str:
    state["reboot"] = 1.0
    return "reboots the broker; with a standby, that one takes over within seconds"


SERVICE = Service(
    id="mq",
    title="MQ broker",
    category="integration",
    summary="A message broker (ActiveMQ) that you size: it pushes, and holds producers back.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=MESSAGES,
    cells_count=lambda params, setup: CELLS,
    ports=(
        Port("in", "in", "Messages sent", modes=("sync", "async")),
        Port("messages", "out", "Messages pushed", modes=("pull",)),
    ),
    step=step,
    control=control,
    prepare=prepare,
    foretell=foretell,
    causes=(
        Cause(
            "moved",
            "dead_letter",
            "delivered again maximum_redeliveries times, moved to the broker's dead-letter queue",
            REDELIVERY,
            refusal=False,
        ),
        Cause(
            "failed",
            "lost_in_memory",
            "messages that are not persistent are lost with the broker",
            STORAGE,
            refusal=False,
        ),
    ),
    metrics=(
        Metric("queue_size", "", "Messages that can be received", "visible", "QueueSize"),
        Metric("unacknowledged", "", "Messages with consumers", "not_visible", "InFlightCount"),
        Metric("age_of_oldest_s", "s", "Age of the oldest", "age"),
        Metric("enqueued", "1/s", "Messages accepted", "enqueued", "EnqueueCount", total=True),
        Metric("dequeued", "1/s", "Messages acknowledged", "deleted", "DequeueCount", total=True),
        Metric("redelivered", "1/s", "Messages delivered again", "received_again", total=True),
        Metric("duplicates", "1/s", "Acknowledged too late", "duplicates", total=True),
        Metric("dead", "", "Messages in the dead-letter queue", "dead"),
        Metric("held_back", "", "Messages that producers hold", "held_back"),
        Metric("used_gb", "GB", "Storage used", "used_gb"),
        Metric(
            "store_percent", "%", "Storage used, of its limit", "store_percent", "StorePercentUsage"
        ),
        Metric("available", "share", "Part of the tick with a broker", "available"),
    ),
    events=(
        EventKind(
            "failover",
            "the broker stops: it is away for {0:,.0f} s, {1:,.0f} messages that consumers had not "
            "acknowledged come again, {2:,.0f} were only in memory and are lost",
            "error",
        ),
        EventKind("available", "a broker is back; producers hold {0:,.0f} messages"),
        EventKind(
            "storage_full",
            "the storage of {0:,.0f} GB is full: producers are blocked and hold {1:,.0f} messages",
            "error",
        ),
        EventKind(
            "held_back",
            "{0:,.0f} messages a second are sent, {1:,.0f} are accepted: {2:,.0f} producers of "
            "{3:,.0f}/s each, as the storage acknowledges, or as the broker's CPU bears",
            "warning",
        ),
    ),
    actions=(Action("reboot", "Reboot the broker", NoArguments, reboot),),
    faults=("kill_instances", "zone_outage"),
    headline="backlog",
    holds="brokers",
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
)
