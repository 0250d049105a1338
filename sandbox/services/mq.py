"""MQ: an ActiveMQ broker, a server of one's own with a queue; it holds producers back when full."""

from __future__ import annotations

from sandbox.kernels.cohort import push
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services import _why_mq as why
from sandbox.services._mq_copies import (
    Copies,
    cells_count,
    cells_of,
    copies_of,
    count,
    links_of,
    stop,
    stored,
)
from sandbox.services._mq_notes import NOTES
from sandbox.services._mq_params import Params
from sandbox.services._mq_setup import Derived, foretell, prepare, reboot
from sandbox.services._mq_words import (
    AVAILABLE,
    CAUSES,
    DEAD_LETTER,
    EVENTS,
    FAILOVER,
    FULL,
    HELD_BACK,
    LOST,
    METRICS,
)
from sandbox.services._queue import NEVER_BACK, hand_over, hear, let_go, visible
from sandbox.services._sqs_cohorts import MESSAGES
from sandbox.services._sqs_messages import FAILED, FLIGHT, FRESH, part_of, time_out
from sandbox.services.contract import Action, Port, Service
from sandbox.services.law import (
    CONTROL,
    KILL_COUNT,
    KILL_INSTANCES,
    PULL,
    ZONE_OUTAGE,
    emit,
    struck_now,
)
from sandbox.services.params import NoArguments, code

REBOOT_S = 5.0  # "within a few seconds" with a standby; broker architecture: assumption
HOURS_A_MONTH = 730.0
KB_PER_GB = 1024.0 * 1024.0
STANDBY_TOO = code(Params, "deployment", "active_standby")


class State(Copies):
    held_back: float  # messages that producers hold
    dead: float
    kb: float  # size of a message
    enqueued: float
    used_gb: float
    store_percent: float
    away_until: float
    reboot: float
    available: float
    accepting: float  # 1/s
    full: int
    blocked: int


@compiled
def step(p, s, io, cells, tick):
    """One tick of a broker:

    1. acknowledged messages go, others come back after the redelivery delay;
    2. producers send what their connections, the CPU and the storage bear; the rest waits there;
    3. consumers are pushed what their prefetch has room for.
    """
    dt = tick.dt
    s.enqueued = 0.0
    copies = copies_of(p, tick)
    for k in range(copies):
        queue = s.copies[k]
        queue.back_after = NEVER_BACK
        queue.kb = s.kb
        hear(queue, cells_of(cells, k), tick, *links_of(p, tick, k))
    _fail_over(p, s, io, cells, tick)
    for k in range(copies):
        before_s = tick.t + dt - p.redelivery_delay_s
        time_out(s.copies[k], cells_of(cells, k), FAILED, before_s, tick.t + dt)
    up = min(1.0, max(0.0, (tick.t + dt - s.away_until) / dt))
    s.available = up
    _accept(p, s, io, cells, tick, up)
    _deliver(p, s, io, cells, tick, up)
    _measure(p, s, io, cells, tick, up)


@compiled
def control(p, s, io, cells, tick):
    s.not_visible = 0.0
    copies = copies_of(p, tick)
    for k in range(copies):
        let_go(s.copies[k], tick, *links_of(p, tick, k))
        s.not_visible += s.copies[k].not_visible / copies
    io.in_flight = s.not_visible


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
        unacknowledged, lost = stop(p, s, cells, tick)
        io.loss[LOST] = lost / tick.dt
        s.away_until = tick.t + away
        emit(tick, FAILOVER, away, unacknowledged, lost)
    elif s.away_until > tick.t and s.away_until <= tick.t + tick.dt:
        emit(tick, AVAILABLE, s.held_back)


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
    used = (stored(p, s, tick) + s.dead) * s.kb / KB_PER_GB + p.other_gb
    room = max(0.0, p.limit_gb - used) / max(s.kb, 1e-9) * KB_PER_GB
    s.accepting = min(p.senders * p.producer_per_s, p.broker_per_s) * up
    wanted = s.held_back + offered
    taken = min(wanted, s.accepting * dt, room)
    s.held_back = wanted - taken
    s.enqueued = taken
    copies = copies_of(p, tick)
    for k in range(copies):
        fresh = part_of(cells_of(cells, k), FRESH)
        push(fresh, s.copies[k].rings[FRESH], tick.t, tick.t + dt, taken)
    io.done = taken / dt if copies == 0 else 0.0  # a topic that nobody subscribes to
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
    copies = copies_of(p, tick)
    moved_sent = 0.0
    for k in range(copies):
        queue = s.copies[k]
        first, last = links_of(p, tick, k)
        asked = 0.0
        for j in range(first, last):
            if tick.out[j].mode == PULL:
                asked += tick.out[j].pull * dt
        room = max(0.0, p.receivers * p.prefetch / copies - queue.rings[FLIGHT].total)
        given = min(asked, visible(queue), room, p.broker_per_s * dt / copies) * up
        for j in range(first, last):
            if tick.out[j].mode == PULL:
                _got, moved_sent = hand_over(
                    p, queue, cells_of(cells, k), tick, j, given, asked, moved_sent
                )
        s.dead += queue.moved
        io.loss[DEAD_LETTER] += queue.moved / dt / copies


@inlined
def _measure(p, s, io, cells, tick, up):
    """Fill in the node's answer and the broker's own metrics."""
    dt = tick.dt
    count(p, s, io, cells, tick)
    io.waiting = s.visible + s.held_back
    most = min(p.senders * p.producer_per_s, p.broker_per_s)
    io.svc_m = 1.0 / p.producer_per_s
    if s.held_back > 0.0:  # producers block until what they hold is taken
        io.wait_p = 1.0
        io.wait_m = s.held_back / most + max(0.0, s.away_until - tick.t - dt)
    io.utilization = min(1.0, s.enqueued / dt / p.broker_per_s)
    io.instances = 2.0 if p.deployment == STANDBY_TOO else 1.0
    io.cost_per_hour = io.instances * p.broker_usd + s.used_gb * p.gb_usd / HOURS_A_MONTH
    s.enqueued /= dt


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
    cells_count=cells_count,
    ports=(
        Port("in", "in", "Messages sent", modes=("sync", "async")),
        Port("messages", "out", "Messages pushed", modes=("pull",)),
    ),
    step=step,
    control=control,
    prepare=prepare,
    foretell=foretell,
    causes=CAUSES,
    metrics=METRICS,
    events=EVENTS,
    actions=(Action("reboot", "Reboot the broker", NoArguments, reboot),),
    faults=("kill_instances", "zone_outage"),
    headline="backlog",
    holds="brokers",
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
)
