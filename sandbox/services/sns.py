"""SNS: a topic, which pushes each message to every subscription whose filter policy takes it."""

from __future__ import annotations

import math

from sandbox.kernels.bucket import quota
from sandbox.kernels.compiled import compiled
from sandbox.services import _why_sns as why
from sandbox.services._deliveries import (
    CELLS,
    DEAD_LETTER,
    LINKS,
    Deliveries,
    begin,
    cells_count,
    send,
    settle,
)
from sandbox.services._delivery_links import composition, dead_letters, output, pushes
from sandbox.services._sns_notes import NOTES
from sandbox.services._sns_params import Params, Subscription
from sandbox.services._sns_setup import Derived, foretell, prepare, route
from sandbox.services._sns_words import CAUSES, METRICS
from sandbox.services.contract import Port, Service
from sandbox.services.law import CONTROL
from sandbox.services.params import code

PRICING = "https://aws.amazon.com/sns/pricing/"

FIFO_PER_S = 3_000.0  # messages/s of a FIFO topic; QUOTAS; H
FIFO_KB_PER_S = 20 * 1024.0  # QUOTAS; H
GROUP_PER_S = 300.0  # messages/s of a message group; QUOTAS; H
LARGEST_KB = 256.0  # QUOTAS; H
UNIT_KB = 64.0  # each 64 KB of a publish is billed as a request; SNS pricing; H
PUBLISH_USD = 0.50e-6  # SNS pricing, us-east-1; H
FIFO_PUBLISH_USD, FIFO_PUBLISH_USD_GB = 0.30e-6, 0.017  # SNS pricing; H
FIFO_DELIVERY_USD, FIFO_DELIVERY_USD_GB = 0.01e-6, 0.001  # SNS pricing; H
PUBLISH_M, PUBLISH_V = 0.020, 0.01**2 / 12  # Publish takes 15 to 25 ms: assumption
KB_PER_GB = 1024.0 * 1024.0


class State(Deliveries):
    published: float
    publish_kb: float
    publish_usd: float


THROTTLED, TOO_LARGE, GROUP_THROTTLED = range(3)
FIFO = code(Params, "type", "fifo")
BY_GROUP = code(Params, "fifo_throughput_scope", "message_group")


@compiled
def step(p, s, io, cells, tick):
    """Take in what the quotas admit, and deliver it, in the same tick, to all that want it."""
    begin(s)
    offered = small = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        flow = link.reads + link.writes
        if link.mode == CONTROL or flow <= 0.0:
            continue
        offered += flow
        if link.kb > LARGEST_KB:
            io.loss[TOO_LARGE] += flow
        else:
            small += flow
    per_s = p.per_s
    if p.type == FIFO and p.fifo_throughput_scope != BY_GROUP:
        per_s = min(FIFO_PER_S, FIFO_KB_PER_S / max(io.kb, 1e-9))
    accepted, io.loss[THROTTLED] = quota(small, per_s, io.ca2)
    if p.type == FIFO and p.fifo_throughput_scope == BY_GROUP:
        groups = float(p.message_groups)
        each, over = quota(accepted / groups, GROUP_PER_S, io.ca2)
        io.loss[GROUP_THROTTLED] = over * groups
        accepted = each * groups
    s.published = io.done = accepted
    s.publish_kb = io.kb if accepted > 0.0 else 0.0
    io.svc_m, io.svc_v = PUBLISH_M, PUBLISH_V
    fifo_gb = io.kb / KB_PER_GB
    for j in range(tick.out.shape[0]):
        if j >= LINKS or not pushes(tick.out[j], p.dead_letter):
            continue
        settle(s, cells, tick, j)
        passing = composition(io, tick, j)
        send(s, cells, tick, j, accepted * passing, passing, math.inf)
        s.filtered += accepted * max(0.0, 1.0 - passing)
    output(io)
    dead_letters(s, tick, p.dead_letter)
    io.lag = s.retrying
    io.lag_expired = s.discarded
    units = math.ceil(max(io.kb, 1e-9) / UNIT_KB)
    usd = accepted * units * PUBLISH_USD
    if p.type == FIFO:
        usd = accepted * (FIFO_PUBLISH_USD + fifo_gb * FIFO_PUBLISH_USD_GB)
        s.delivery_usd = s.delivered * (FIFO_DELIVERY_USD + fifo_gb * FIFO_DELIVERY_USD_GB)
    s.publish_usd = usd
    io.cost_per_hour = (usd + s.delivery_usd) * 3600.0


SERVICE = Service(
    id="sns",
    title="SNS topic",
    category="integration",
    summary="Pushes each message to every subscription that wants it; keeps nothing.",
    params=Params,
    derived=Derived,
    state=State,
    cell=CELLS,
    cells_count=cells_count,
    ports=(
        Port("in", "in", "Messages published", modes=("sync", "async")),
        Port(
            "subscriptions",
            "out",
            "Subscriptions",
            modes=("async",),
            params={"async": Subscription},
        ),
        DEAD_LETTER,
    ),
    step=step,
    prepare=prepare,
    route=route,
    foretell=foretell,
    causes=CAUSES,
    metrics=METRICS,
    headline="published",
    stream=True,
    notes=NOTES,
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
)
