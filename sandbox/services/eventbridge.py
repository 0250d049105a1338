"""EventBridge: a bus, whose rules hand each event that matches their pattern to their targets."""

from __future__ import annotations

import math
from typing import Annotated

from numba import carray

from sandbox.kernels.bucket import quota, token_bucket
from sandbox.kernels.cohort import QUEUE, expire, push
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services import _why_eventbridge as why
from sandbox.services._deliveries import (
    CELLS,
    DEAD_LETTER,
    LINKS,
    RING,
    Deliveries,
    begin,
    demand,
    send,
    settle,
)
from sandbox.services._delivery_links import composition, dead_letters, output, pushes
from sandbox.services._delivery_policy import OWN, ROW
from sandbox.services._eventbridge_actions import ReplayArgs, replay
from sandbox.services._eventbridge_notes import NOTES
from sandbox.services._eventbridge_params import PARTNER_BURST, PARTNER_PER_S, Origin, Params, Rule
from sandbox.services._eventbridge_setup import Derived, cells_count, foretell, init, prepare, route
from sandbox.services._eventbridge_words import CAUSES, EVENTS, METRICS
from sandbox.services.contract import Action, Port, Service, link_record
from sandbox.services.law import CONTROL, ERA_2020, boundary, emit, pointer
from sandbox.services.params import code

MEASURED = "https://bitesizedserverless.com/bite/serverless-messaging-latency-compared/"

LARGEST_KB, LARGEST_KB_2020 = 1024.0, 256.0  # SIZE; H
UNIT_KB = 64.0  # each 64 KB of an event are billed as one; EventBridge pricing; H
EVENT_USD = 1.00e-6  # custom and partner events; EventBridge pricing; H
REPLAY_USD = 1.00e-6  # EventBridge pricing; M
ARCHIVE_USD_GB, STORED_USD_GB_MONTH = 0.10, 0.023  # EventBridge pricing; M
START_S, START_S_2020 = 0.148, 0.395  # median from ingestion to invocation; MEASURED; M
PUT_M, PUT_V = 0.020, 0.01**2 / 12  # PutEvents takes 15 to 25 ms: assumption
HOURS_A_MONTH = 730.0
KB_PER_GB = 1024.0 * 1024.0


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
    causes=CAUSES,
    metrics=METRICS,
    events=EVENTS,
    actions=(Action("replay", "Replay from the archive", ReplayArgs, replay),),
    headline="matched_events",
    stream=True,
    notes=NOTES,
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
)
