"""Firehose: records gathered in a buffer and delivered in objects, by size or by age."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

from sandbox.kernels.bucket import quota
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services import _why_firehose as why
from sandbox.services._firehose_buffer import (
    AGAIN,
    BUFFER,
    CELLS,
    FLIGHT,
    RING,
    Held,
    flush,
    give_up,
    oldest,
    settle,
)
from sandbox.services._firehose_notes import NOTES
from sandbox.services.contract import Cause, EventKind, Metric, Port, Service, Setup
from sandbox.services.law import ASYNC, CONTROL, ERAS, PULL, emit, share_taken
from sandbox.services.params import Parameters, code, param

LIMITS = "Amazon Data Firehose Developer Guide: Quota"
HINTS = "Amazon Data Firehose API Reference: BufferingHints"
DELIVERY = "Amazon Data Firehose Developer Guide: Understand data delivery"
RETRY = "Amazon Data Firehose API Reference: RedshiftRetryOptions"
PRICING = "https://aws.amazon.com/firehose/pricing/"

BIG = ("us-east-1", "us-west-2", "eu-west-1")
RECORDS_PER_S = (5_000.0, 500_000.0)  # LIMITS: direct puts in those Regions, in 2020 and now
CALLS_PER_S = 2_000.0  # LIMITS
KB_PER_S = 5_120.0  # LIMITS
REST_RECORDS_PER_S = (1_000.0, 100_000.0)  # LIMITS: in the other Regions, in 2020 and now
REST_CALLS_PER_S = 1_000.0  # LIMITS
REST_KB_PER_S = 1_024.0  # LIMITS
RECORD_KB = 1_000.0  # LIMITS: the largest record
KEPT_S = 86_400.0  # LIMITS: how long records of direct puts are kept for a destination
LEAST_INTERVAL_S = (60.0, 0.0)  # HINTS: the shortest buffer interval, in 2020 and now
UNIT_KB = 5.0  # PRICING: each record is counted in full 5 KB
GB_USD = 0.029  # PRICING: a GB of the first 500 TB of a month
CONVERSION_GB_USD = 0.018  # PRICING: a GB whose format is converted
PUT_M, PUT_V = 0.015, 0.0075**2  # assumption: time of a put
KB_PER_GB = 1024.0 * 1024.0
ENDLESS = 1e12  # messages/s: what it asks of a stream


class Params(Parameters):
    buffer_size_mib: float = param(
        5.0,
        "Records are delivered when so much has been gathered, or when the interval is over.",
        unit="MiB",
        ge=1,
        le=128,
        source=HINTS,
        confidence="H",
        basic=True,
    )
    buffer_interval_s: float = param(
        300.0,
        "Records are delivered so long after the first of them, or when the size is reached; at "
        "least 60 s in 2020.",
        unit="s",
        ge=0,
        le=900,
        source=HINTS,
        confidence="H",
        basic=True,
    )
    records_per_call: int = param(
        1,
        "Records of a direct put: 1 is PutRecord, up to 500 PutRecordBatch.",
        ge=1,
        le=500,
        source=LIMITS,
        confidence="H",
        basic=True,
    )
    quota_factor: float = param(
        1.0,
        "How far AWS has raised the limits of direct puts. Records, calls and bytes rise together.",
        ge=1,
        le=1000,
        source=LIMITS,
        confidence="H",
    )
    destination: Literal["s3", "redshift", "opensearch"] = param(
        "s3",
        "What is delivered to. To S3 it is tried for 24 h; elsewhere for the retry duration, and "
        "then goes to the backup.",
        source=DELIVERY,
        confidence="H",
    )
    retry_duration_s: float = param(
        3600.0,
        "How long Redshift or OpenSearch is tried again. 3,600 s is the default of Redshift.",
        unit="s",
        ge=0,
        le=7200,
        source=RETRY,
        confidence="H",
    )
    format_conversion: bool = param(
        False,
        "Whether records are converted to a columnar format, for a price.",
        source=PRICING,
        confidence="M",
    )


class Derived:
    records_per_s: float
    calls_per_s: float
    kb_per_s: float
    size_kb: float
    interval_s: float
    kept_s: float
    from_stream: int
    backup: int  # index of that port
    backed_up: int  # whether a link is drawn from it


class State(Held):
    incoming: float
    incoming_bytes: float
    put_kb: float
    limit: float
    throttled: float
    delivered: float
    given_up: float


THROTTLED, TOO_LARGE, NO_PUTS, LOST, BACKED_UP = range(5)
REFUSED, RECOVERED = range(2)
S3 = code(Params, "destination", "s3")


@compiled
def step(p, s, io, cells, tick):
    """What the last objects met, what is given up, what is taken in, what is handed over."""
    before = s.failing
    delivered = settle(s, cells, _through(p, tick))
    if s.failing != before:
        emit(tick, REFUSED if s.failing == 1 else RECOVERED, s.rings[AGAIN].total)
    gone = give_up(s, cells, tick.t - p.kept_s)
    s.given_up, s.delivered = gone / tick.dt, delivered / tick.dt
    io.loss[BACKED_UP if p.backed_up != 0 else LOST] = s.given_up
    accepted = _admit(p, s, io, tick)
    flush(p, s, cells, tick, accepted, io.kb)
    io.done = s.delivered
    io.waiting = s.rings[BUFFER].total + s.rings[AGAIN].total
    io.in_flight = s.rings[FLIGHT].total
    s.freshness = oldest(s, cells, tick.t + tick.dt)
    io.svc_m, io.svc_v = PUT_M, PUT_V
    _send(p, s, io, tick)
    units = max(1.0, math.ceil(s.put_kb / UNIT_KB - 1e-9))
    usd = GB_USD + (CONVERSION_GB_USD if p.format_conversion else 0.0)
    io.cost_per_hour = accepted * units * UNIT_KB / KB_PER_GB * 3600.0 * usd


@inlined
def _through(p, tick):
    """The share of the last tick's objects that their destination took."""
    through = 1.0
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        if link.mode == ASYNC and link.source_port != p.backup:
            through = min(through, share_taken(tick, link))
    return through


@inlined
def _admit(p, s, io, tick):
    """Direct puts within the limits, or what the stream that it reads has for it: records/s."""
    offered = pulled = 0.0
    for x in range(tick.ins.shape[0]):
        link = tick.links[tick.ins[x]]
        flow = link.reads + link.writes
        if link.mode == PULL:
            link.completed = flow
            pulled += flow
            # what cannot be delivered stays in the stream
            link.pull = 0.0 if s.failing == 1 else ENDLESS
        elif link.mode != CONTROL and flow > 0.0:
            if link.kb > RECORD_KB:
                io.loss[TOO_LARGE] += flow
            elif p.from_stream != 0:
                io.loss[NO_PUTS] += flow
            else:
                offered += flow
    kb = max(io.kb, 1e-9)
    s.limit = min(p.records_per_s, p.calls_per_s * p.records_per_call, p.kb_per_s / kb)
    taken, io.loss[THROTTLED] = quota(offered, s.limit, io.ca2)
    if p.from_stream != 0:
        s.limit = 0.0
    else:
        io.utilization = min(1.0, taken / s.limit)
    s.throttled = io.loss[THROTTLED]
    s.incoming = taken + pulled
    s.put_kb = io.kb if s.incoming > 0.0 else 0.0
    s.incoming_bytes = s.incoming * s.put_kb * 1024.0
    return s.incoming


@inlined
def _send(p, s, io, tick):
    """Objects to the destination, and what is given up to the backup."""
    io.out_writes = 1.0
    io.out_kb = s.rings[FLIGHT].total * s.kb / (s.objects * tick.dt) if s.objects > 0.0 else 0.0
    backup = max(s.given_up * s.kb / p.size_kb, 1.0 / tick.dt) if s.given_up > 0.0 else 0.0
    for j in range(tick.out.shape[0]):
        link = tick.out[j]
        link.weight = backup if link.source_port == p.backup else s.objects


def prepare(params: Params, record: Any, setup: Setup) -> None:
    """The limits of Region and era, and how long a destination is tried."""
    era, big = ERAS.index(setup.era), setup.region in BIG
    factor = params.quota_factor
    record["records_per_s"] = factor * (RECORDS_PER_S if big else REST_RECORDS_PER_S)[era]
    record["calls_per_s"] = factor * (CALLS_PER_S if big else REST_CALLS_PER_S)
    record["kb_per_s"] = factor * (KB_PER_S if big else REST_KB_PER_S)
    record["size_kb"] = 1024.0 * params.buffer_size_mib
    record["interval_s"] = max(params.buffer_interval_s, LEAST_INTERVAL_S[era])
    record["from_stream"] = _from_stream(setup)
    kept = KEPT_S if params.destination == "s3" else params.retry_duration_s
    if params.destination == "s3" and _from_stream(setup):
        kept = math.inf  # as long as the stream keeps them
    record["kept_s"] = kept
    record["backup"] = PORTS.index("backup")
    record["backed_up"] = any(out.port == "backup" for out in setup.outs)


def _from_stream(setup: Setup) -> bool:
    return any(link.mode == "pull" for link in setup.ins)


def cells_count(params: Params, setup: Setup) -> int:
    return 3 * RING


def foretell(params: Params, setup: Setup) -> Sequence[tuple[float, str, str]]:
    """What of the parameters and links AWS would refuse, or loses data."""
    found = []
    if params.buffer_interval_s < LEAST_INTERVAL_S[ERAS.index(setup.era)]:
        found.append((0.0, "quota", "The buffer interval was 60 s at least in 2020, and is here"))
    if params.destination != "s3" and not any(out.port == "backup" for out in setup.outs):
        text = "What the destination refuses for too long is lost: link a backup"
        found.append((0.0, "no_backup", text))
    if _from_stream(setup) and any(link.mode != "pull" for link in setup.ins):
        text = "It reads a stream, so it takes no direct puts: remove the one or the other"
        found.append((0.0, "no_direct_puts", text))
    return found


PORTS = ("in", "delivery", "backup")
SERVICE = Service(
    id="firehose",
    title="Data Firehose",
    category="streaming",
    summary="Gathers records and delivers them in batches, by size or by age; reads nothing back.",
    notes=NOTES,
    params=Params,
    derived=Derived,
    state=State,
    cell=CELLS,
    cells_count=cells_count,
    ports=(
        Port("in", "in", "Records", modes=("sync", "async", "pull")),
        Port("delivery", "out", "Destination", modes=("async",), many=False),
        Port("backup", "out", "Backup", modes=("async",), many=False),
    ),
    step=step,
    prepare=prepare,
    foretell=foretell,
    causes=(
        Cause("throttled", "direct_put", "records, calls or bytes a second of direct puts", LIMITS),
        Cause("rejected", "record_too_large", "a record may have 1,000 KiB at most", LIMITS),
        Cause("rejected", "no_direct_puts", "it reads a stream: no direct puts", LIMITS),
        Cause(
            "expired",
            "given_up",
            "the destination refused them for too long",
            DELIVERY,
            refusal=False,
        ),
        Cause(
            "moved",
            "backed_up",
            "the destination refused them for too long: they went to the backup",
            DELIVERY,
            refusal=False,
        ),
    ),
    metrics=(
        Metric("incoming_records", "1/s", "Records accepted", "incoming", "IncomingRecords", True),
        Metric("incoming_bytes", "B/s", "Bytes accepted", "incoming_bytes", "IncomingBytes", True),
        Metric(
            "throttled_records", "1/s", "Records throttled", "throttled", "ThrottledRecords", True
        ),
        Metric(
            "delivered_records",
            "1/s",
            "Records delivered",
            "delivered",
            "DeliveryToS3.Records",
            True,
        ),
        Metric("objects", "1/s", "Objects handed over", "objects", "", True),
        Metric(
            "data_freshness_s",
            "s",
            "Age of the oldest record not delivered",
            "freshness",
            "DeliveryToS3.DataFreshness",
        ),
    ),
    events=(
        EventKind(
            "destination_refuses",
            "The destination refuses what is delivered: {0:,.0f} records are tried again",
            "warning",
        ),
        EventKind("destination_recovered", "The destination takes what is delivered again"),
    ),
    headline="delivered_records",
    explanations=why.EXPLANATIONS,
    cost_lines=why.COST_LINES,
)
