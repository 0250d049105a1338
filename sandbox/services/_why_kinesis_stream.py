"""What a stream says of its numbers, its bill and its shards."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sandbox.services.explain import Cells, CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/kinesis/data-streams/pricing/"
LIMITS = "Kinesis Data Streams developer guide: Quotas and limits"
RECORDS_PER_S, KB_PER_S = 1000.0, 1024.0  # LIMITS: what one shard takes

_SHARDS = "shards"
_SIZE = Input("s.kb", "Size of a record", "KB")
_FAN_OUTS = Input("p.fan_outs", "Consumers with enhanced fan-out")
_GB = Input("KB_PER_GB", "KB in a GB")
_MONTH = Input("MONTH_H", "Hours in a month", "h")
_MODE = Input("on_demand", "In on-demand mode")
_KEPT = Input("p.retention_s", "Records are kept for", "s")

EXPLANATIONS = (
    Explanation(
        "utilization",
        "Records accepted, of what all shards together take: each 1,000 records or 1 MiB a second, "
        "whichever binds.",
        ("incoming_records", _SHARDS, _SIZE,
         Input("RECORDS_PER_S", "Records a shard takes", "1/s", LIMITS, True),
         Input("KB_PER_S", "KB a shard takes", "KB/s", LIMITS, True),
         Input("s.cut", "Share that a fault takes", "share")),
        lambda rate, n, kb, records, kb_s, cut: min(
            1.0, rate / (n * max(1e-9, min(records, kb_s / kb) * (1.0 - cut)))
        ),
        LIMITS,
        when=lambda rate, n, kb, *_: n > 0 and kb > 0,
    ),
    Explanation(
        "instances",
        "Open shards: those that take records.",
        (_SHARDS,),
        lambda count: count,
        "Kinesis Data Streams terminology and concepts",
    ),
    Explanation(
        "incoming_bytes",
        "Records accepted × their size.",
        ("incoming_records", _SIZE),
        lambda rate, kb: rate * kb * 1024.0,
    ),
)  # fmt: skip

COST_LINES = (
    CostLine(
        "Shard hours",
        "Open shards × price of a shard-hour, in provisioned mode.",
        (_SHARDS, Input("SHARD_HOUR_USD", "A shard-hour", "USD", PRICING), _MODE),
        lambda n, usd, own: n * usd if not own else 0.0,
        PRICING,
    ),
    CostLine(
        "PUT payload units",
        "Records accepted × units of 25 KB in one × price of a million, in provisioned mode.",
        ("incoming_records", _SIZE, Input("PUT_KB", "A unit is up to", "KB", PRICING),
         Input("MILLION_PUTS_USD", "A million units", "USD", PRICING), _MODE),
        lambda rate, kb, unit, usd, own: (
            rate * max(1.0, math.ceil(kb / unit - 1e-9)) * 3600.0 * usd / 1e6 if not own else 0.0
        ),
        PRICING,
    ),
    CostLine(
        "Stream hour",
        "The price of an hour in on-demand mode.",
        (Input("STREAM_HOUR_USD", "A stream-hour", "USD", PRICING), _MODE),
        lambda usd, own: usd * own,
        PRICING,
    ),
    CostLine(
        "Data written",
        "Records accepted × their size in full KB × price of a GB, in on-demand mode.",
        ("incoming_records", _SIZE, _GB, Input("GB_IN_USD", "A GB written", "USD", PRICING), _MODE),
        lambda rate, kb, gb, usd, own: rate * math.ceil(kb - 1e-9) * 3600.0 / gb * usd * own,
        PRICING,
    ),
    CostLine(
        "Data read",
        "What consumers without fan-out read × price of a GB, in on-demand mode.",
        (Input("s.polled_bytes", "Read by polling", "B/s"), _GB,
         Input("GB_OUT_USD", "A GB read", "USD", PRICING), _MODE),
        lambda rate, gb, usd, own: rate / 1024.0 / gb * 3600.0 * usd * own,
        PRICING,
    ),
    CostLine(
        "Extended retention",
        "Where records are kept for more than 24 h: open shards × price; in on-demand mode, GB "
        "older than 24 h and not than seven days × price of a GB-month.",
        (_SHARDS, _KEPT, Input("EXTENDED_HOUR_USD", "A shard-hour of it", "USD", PRICING),
         Input("s.kept_day", "Older than 24 h", "GB"), _MONTH,
         Input("KEPT_GB_USD", "A GB-month", "USD", PRICING), _MODE),
        lambda n, kept, usd, gb, month, usd_gb, own: (
            gb * usd_gb / month if own else n * usd if kept > 86_400.0 else 0.0
        ),
        PRICING,
    ),
    CostLine(
        "Long-term retention",
        "GB older than seven days × price of a GB-month.",
        (Input("s.kept_week", "Older than seven days", "GB"), _MONTH,
         Input("LONG_GB_USD", "A GB-month", "USD", PRICING)),
        lambda gb, month, usd: gb * usd / month,
        PRICING,
    ),
    CostLine(
        "Enhanced fan-out, shard hours",
        "Consumers with a pipe of their own × open shards × price, in provisioned mode.",
        (_FAN_OUTS, _SHARDS, Input("FAN_OUT_HOUR_USD", "A consumer and shard-hour", "USD",
                                   PRICING), _MODE),
        lambda fans, n, usd, own: fans * n * usd if not own else 0.0,
        PRICING,
    ),
    CostLine(
        "Enhanced fan-out, data",
        "What those consumers read × price of a GB, which is another in on-demand mode.",
        (Input("s.read_bytes", "Read through fan-out", "B/s"), _GB,
         Input("FAN_OUT_GB_USD", "A GB", "USD", PRICING),
         Input("FAN_OUT_ON_DEMAND_USD", "A GB in on-demand mode", "USD", PRICING), _MODE),
        lambda rate, gb, usd, usd_own, own: rate / 1024.0 / gb * 3600.0 * (usd_own if own else usd),
        PRICING,
    ),
)  # fmt: skip


def _rows(p: Any, s: Any, cells: np.ndarray) -> np.ndarray:
    return int(s["half"]) * int(p["room"]) + np.arange(int(s["shards"]))


def _load(p: Any, s: Any, io: Any, cells: np.ndarray) -> np.ndarray:
    kb = max(float(s["kb"]), 1e-9)
    limit = max(1e-9, min(RECORDS_PER_S, KB_PER_S / kb) * (1.0 - float(s["cut"])))
    return np.asarray(cells["arrivals"] / limit)


def _notes(p: Any, s: Any, io: Any, cells: np.ndarray) -> list[str]:
    return [
        f"{c['share']:.1%} of the records: {c['arrivals']:,.0f}/s offered"
        + (f", {c['throttled']:,.0f}/s throttled" if c["throttled"] > 0.5 else "")
        + f"; sequence numbers given: {c['total']:,.0f}"
        + (f", read by all up to {c['total'] - max(c['held']):,.0f}" if p["readers"] else "")
        for c in cells
    ]


BARS = (
    Cells(
        "Shards",
        "Shard",
        "offered, of 1,000 records or 1 MiB a second",
        _load,
        _rows,
        note=_notes,
    ),
)
