"""S3: a bucket, whose prefixes take so many requests a second, and which tells of its writes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Annotated, Any

import numpy as np

from sandbox.kernels.bucket import quota
from sandbox.kernels.compiled import compiled, inlined
from sandbox.kernels.shard import zipf
from sandbox.services import _why_s3 as why
from sandbox.services._deliveries import CELLS, LINKS, Deliveries, begin, cells_count, send, settle
from sandbox.services._delivery_links import pushes
from sandbox.services._delivery_policy import CLASSES, OWN, ROW, SHARES, Schedule, phases, row
from sandbox.services._s3_notes import NOTES
from sandbox.services._s3_params import PREFIXES, Notification, Params
from sandbox.services._s3_words import CAUSES, EVENT_KINDS, METRICS
from sandbox.services.contract import Port, Service, Setup
from sandbox.services.law import emit

WRITES_PER_S = 3_500.0  # PUT, COPY, POST, DELETE a partitioned prefix; PERFORMANCE; H
READS_PER_S = 5_500.0  # GET, HEAD; PERFORMANCE; H
BUSY = 0.8  # of its rate, sustained, at which a partition is split: assumption
STORED_USD_GB_MONTH = 0.023  # S3 Standard, us-east-1; S3 pricing; H
PUT_USD, GET_USD = 0.005e-3, 0.0004e-3  # a request; S3 pricing; H
OUT_USD_GB = 0.09  # to the internet, the first 10 TB: assumption
BANDWIDTH_KB_S = 87_500.0  # a connection, 85 to 90 MB/s; PERFORMANCE; M
HOURS_A_MONTH = 730.0
KB_PER_GB = 1024.0 * 1024.0
P99 = 2.3263478740408408  # of the normal distribution
EVENT_KB = 1.0  # of a notification, which names the object: assumption
RETRIES = phases(0, (10, 1.0, 600.0), (90, 600.0, 600.0))  # of a notification: assumption


class Derived:
    shares: Annotated[object, ("f8", (PREFIXES,))]
    sigma: float
    mean_s: float


class State(Deliveries):
    partitions: Annotated[object, ("f8", (PREFIXES,))]  # of each prefix
    busy_s: Annotated[object, ("f8", (PREFIXES,))]  # for how long it has been busy
    load: Annotated[object, ("f8", (PREFIXES,))]  # of its rate
    count: float
    hottest: float
    stored: float  # GB
    first_byte: float
    request_usd: float
    storage_usd: float
    transfer_usd: float
    slow: int


SLOW_DOWN = 0
SPLIT, SLOWED = range(2)


@compiled
def step(p, s, io, cells, tick):
    """Requests fall on prefixes, each with its rates; what was written is told of."""
    begin(s)
    begin_prefixes(p, s)
    reads, writes = _admit(p, s, io, tick)
    io.done = reads + writes
    io.utilization = min(1.0, s.hottest)
    io.instances = s.count
    _latency(p, s, io)
    kept = writes * (1.0 - p.overwrite_share) * io.kb / KB_PER_GB
    s.stored += kept * tick.dt
    s.request_usd = reads * GET_USD + writes * PUT_USD
    s.storage_usd = s.stored * STORED_USD_GB_MONTH / (HOURS_A_MONTH * 3600.0)
    s.transfer_usd = reads * io.kb / KB_PER_GB * p.internet_share * OUT_USD_GB
    io.cost_per_hour = (s.request_usd + s.storage_usd + s.transfer_usd) * 3600.0
    io.out_writes = 1.0
    io.out_kb = EVENT_KB
    for j in range(min(LINKS, tick.out.shape[0])):
        if pushes(tick.out[j], -1):
            settle(s, cells, tick, j)
            entered, passing = _told(io, tick, j, writes)
            send(s, cells, tick, j, entered, passing, math.inf)
    io.lag = s.retrying
    io.lag_expired = s.discarded


@inlined
def begin_prefixes(p, s):
    """Each prefix is one partition at first."""
    if s.partitions[0] < 1.0:
        for i in range(p.prefixes):
            s.partitions[i] = 1.0
            s.busy_s[i] = 0.0


@inlined
def _admit(p, s, io, tick):
    """(reads/s, writes/s) within the rates of their prefixes; partitions that are busy split."""
    reads = writes = 0.0
    s.count = s.hottest = 0.0
    for i in range(p.prefixes):
        part = max(1.0, s.partitions[i])
        share = p.shares[i]
        read, over_read = quota(io.reads * share, READS_PER_S * part, io.ca2)
        write, over_write = quota(io.writes * share, WRITES_PER_S * part, io.ca2)
        reads += read
        writes += write
        io.loss[SLOW_DOWN] += over_read + over_write
        load = max(io.reads / READS_PER_S, io.writes / WRITES_PER_S) * share / part
        s.load[i] = load
        s.hottest = max(s.hottest, load)
        s.busy_s[i] = s.busy_s[i] + tick.dt if load > BUSY and p.keys_vary else 0.0
        if s.busy_s[i] >= p.partition_after_s * (1.0 - 1e-9):
            s.partitions[i] = 2.0 * part
            s.busy_s[i] = 0.0
            emit(tick, SPLIT, i + 1.0, part, load, p.partition_after_s)
        s.count += s.partitions[i]
    lost = io.loss[SLOW_DOWN]
    if lost > 0.001 * (io.reads + io.writes):
        if s.slow == 0:
            emit(tick, SLOWED, lost, s.hottest)
        s.slow = 1
    elif lost <= 0.0:
        s.slow = 0
    return reads, writes


@inlined
def _latency(p, s, io):
    """Time to the first byte, lognormal, and then the size by the bandwidth of a connection."""
    grown = math.expm1(p.sigma * p.sigma)
    variance = p.mean_s * p.mean_s * grown
    s.first_byte = p.mean_s
    io.svc_m = p.mean_s + io.kb / BANDWIDTH_KB_S
    io.svc_v = variance
    io.svc_k = (grown + 3.0) * math.sqrt(grown) * variance * math.sqrt(variance)


@inlined
def _told(io, tick, j, writes):
    """(objects/s that link `j` is told of, the share of the node's output that takes it)."""
    taken = 0.0
    for c in range(tick.mix.shape[1]):
        if io.writes > 0.0:
            taken += tick.mix[1, c] * tick.route[j, c] / io.writes
        else:
            taken += tick.table[j * ROW + SHARES + c]
    taken *= tick.out[j].calls
    return writes * taken * tick.table[j * ROW + OWN], taken


def prepare(params: Params, record: Any, setup: Setup) -> np.ndarray:
    """The popularity of the prefixes, the shape of the latency, the rows of the destinations."""
    shares = np.zeros(PREFIXES)
    shares[: params.prefixes] = zipf(params.prefixes, params.prefix_skew)
    record["shares"] = shares
    median_ms = max(params.first_byte_ms, 1e-3)  # below a microsecond a spread means nothing
    sigma = math.log(max(1.0, params.first_byte_p99_ms / median_ms)) / P99
    record["sigma"] = sigma
    record["mean_s"] = median_ms * 1e-3 * math.exp(0.5 * sigma * sigma)
    total = sum(c.share for c in setup.classes) or 1.0
    parts = [c.share / total for c in setup.classes] or [1.0]
    rows = [
        row(
            RETRIES if link.port == "notifications" else Schedule((), 0.0, 0.0),
            cap=math.inf,
            redrive=False,
            trusted=link.service == "lambda_function",  # its queue takes all events
            price=0.0,
            shares=np.array(parts[:CLASSES]),
            own=float(link.params.get("key_share", 1.0)),
        )
        for link in setup.outs[:LINKS]
    ]
    return np.concatenate(rows) if rows else np.zeros(1)


def init(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    state["stored"] = params.stored_gb


def adjust(params: Params, record: Any, state: Any, cells: Any, setup: Setup) -> None:
    """Prefixes that are new begin as one partition, those that are no more are forgotten."""
    there = state["partitions"]
    there[params.prefixes :] = 0.0
    there[: params.prefixes] = np.maximum(there[: params.prefixes], 1.0)


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    if setup.era != "2020" or not any(o.service == "eventbridge" for o in setup.outs):
        return []
    text = "S3 sends events to EventBridge since November 2021; in 2020 use SNS, SQS or a function"
    return [(0.0, "not_in_era", text)]


SERVICE = Service(
    id="s3",
    title="S3 bucket",
    category="database",
    summary="Objects by key: request rates by prefix, and event notifications of what is written.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=CELLS,
    cells_count=cells_count,
    ports=(
        Port("in", "in", "Requests", modes=("sync", "async")),
        Port(
            "notifications",
            "out",
            "Event notifications",
            modes=("async",),
            params={"async": Notification},
            peers=("lambda_function", "sqs", "sns", "eventbridge"),
        ),
    ),
    step=step,
    prepare=prepare,
    init=init,
    adjust=adjust,
    foretell=foretell,
    causes=CAUSES,
    metrics=METRICS,
    events=EVENT_KINDS,
    holds="partitions",
    stream=True,
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
    bars=why.BARS,
)
