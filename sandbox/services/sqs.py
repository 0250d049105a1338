"""SQS: a queue, where messages wait, fly, come back, move on or expire; standard or FIFO."""

from __future__ import annotations

from sandbox.kernels.compiled import compiled, inlined
from sandbox.services import _why_sqs as why
from sandbox.services._queue import NEVER_BACK, Queue, hear, let_go, measure
from sandbox.services._sqs_accept import accept
from sandbox.services._sqs_bill import KMS_USD
from sandbox.services._sqs_cohorts import MESSAGES
from sandbox.services._sqs_deliver import RECEIVE_MOST, deliver, move
from sandbox.services._sqs_fifo import FIFO
from sandbox.services._sqs_messages import (
    BACK_OF_QUEUE,
    CELLS,
    DELAYED,
    FAILED,
    FLIGHT,
    release,
    retention,
    time_out,
)
from sandbox.services._sqs_notes import NOTES
from sandbox.services._sqs_params import MoveTask, Params, Receiving
from sandbox.services._sqs_redrive import move_back, start
from sandbox.services._sqs_setup import Derived, foretell, prepare, purge
from sandbox.services._sqs_words import CAUSES, EVENTS, EXPIRED_CAUSE, METRICS, PURGED
from sandbox.services.contract import Action, Port, Service
from sandbox.services.law import PULL
from sandbox.services.params import NoArguments

SEND_M, SEND_V = 0.015, 0.01**2 / 12  # SendMessage takes 10 to 20 ms: assumption


class State(Queue):
    delayed: float
    sent: float
    requests: float
    empty: float
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
    group_mean: float  # messages in a group that nothing holds up, and their variance
    group_variance: float
    spread: float  # s: the standard deviation of the time that consumers work on a message
    out_of_order: float
    s3_usd: float
    kms: float
    limited: int
    blocked: int


@compiled
def step(p, s, io, cells, tick):
    """One tick of a queue:

    1. what consumers finished in the last tick is deleted, or waits for its visibility timeout;
    2. messages past their visibility timeout come back, those past their retention are dropped;
    3. new messages are accepted, delayed ones become visible;
    4. consumers receive what they asked for; what was received too often moves on instead.
    """
    dt = tick.dt
    s.sent = s.requests = s.empty = s.deduplicated = s.s3_usd = s.kms = 0.0
    s.back_after = NEVER_BACK if p.type == FIFO else BACK_OF_QUEUE
    io.loss[PURGED] = s.purged / dt
    s.purged = 0.0
    # 1
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode == PULL:
            calls = link.completed * dt / max(1.0, min(link.weight, RECEIVE_MOST))
            s.requests += calls  # DeleteMessageBatch
    hear(s, cells, tick, 0, tick.out.shape[0])
    # 2: completions are told a tick late, so time is up a tick late for what is worked on, too
    time_out(s, cells, FLIGHT, tick.t - p.visibility_timeout_s, tick.t)
    time_out(s, cells, FAILED, tick.t + dt - p.visibility_timeout_s, tick.t + dt)
    io.loss[EXPIRED_CAUSE] = retention(s, cells, tick.t + dt - p.message_retention_s) / dt
    # 3
    accept(p, s, io, cells, tick)
    release(s, cells, tick.t + dt - p.delay_s)
    # 4
    s.moved_back = move_back(s, cells, dt)
    deliver(p, s, io, cells, tick)
    move(p, s, io, tick)
    _measure(p, s, io, cells, tick)


@compiled
def control(p, s, io, cells, tick):
    finished = let_go(s, tick, 0, tick.out.shape[0])
    io.in_flight = s.not_visible
    deleted = io.done * tick.dt + finished - s.told
    s.told = finished + max(0.0, -deleted)
    deleted = max(0.0, deleted) / tick.dt
    io.served += deleted - io.done
    io.goodput += deleted - io.done
    io.done = deleted
    io.utilization = min(1.0, s.not_visible / p.in_flight_limit)


@inlined
def _measure(p, s, io, cells, tick):
    """Fill in the node's answer and the queue's own metrics."""
    dt = tick.dt
    s.kms = p.kms_calls if s.sent + s.received + s.empty > 0.0 else 0.0
    measure(s, cells, tick)
    io.done = s.deleted
    io.in_flight = s.not_visible
    s.delayed = s.rings[DELAYED].total
    io.waiting = s.visible + s.delayed
    io.utilization = min(1.0, s.not_visible / p.in_flight_limit)
    io.svc_m = SEND_M
    io.svc_v = SEND_V
    s.out_of_order = 0.0
    if p.type != FIFO:
        x = s.received / p.message_groups * s.spread
        s.out_of_order = 0.5 * x / (1.0 + x)
    s.s3_usd /= dt
    s.sent /= dt
    s.requests /= dt
    s.empty /= dt
    s.moved_back /= dt
    s.deduplicated /= dt
    usd = s.requests * p.request_usd + s.s3_usd + s.kms * KMS_USD
    io.cost_per_hour = usd * 3600.0


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
    causes=CAUSES,
    metrics=METRICS,
    events=EVENTS,
    actions=(
        Action("purge", "Purge the queue", NoArguments, purge),
        Action("move_back", "Move the messages back to their queue", MoveTask, start),
    ),
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    headline="backlog",
)
