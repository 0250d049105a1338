"""What a table says of its numbers, its bill and its partitions."""

from __future__ import annotations

from typing import Any

import numpy as np

from sandbox.services._dynamodb_partitions import PARTITION_READS, PARTITION_WRITES
from sandbox.services.explain import Cells, CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/dynamodb/pricing/"
UNITS = "DynamoDB Developer Guide: DynamoDB read and write operations"

_ON_DEMAND = Input("p.on_demand", "On demand (1) or provisioned (0)")

EXPLANATIONS = (
    Explanation(
        "utilization",
        "The larger of read units consumed of those served, and write units likewise.",
        ("consumed_read_capacity", Input("s.reads_limit", "Read units served", "1/s", UNITS, True),
         "consumed_write_capacity",
         Input("s.writes_limit", "Write units served", "1/s", UNITS, True)),
        lambda reads, most_reads, writes, most_writes: min(
            1.0, max(reads / most_reads, writes / most_writes)
        ),
        UNITS,
    ),
    Explanation(
        "instances",
        "Partitions: as many as carry the capacity and the storage; they split and never merge.",
        ("partitions",),
        lambda count: count,
        "DynamoDB Developer Guide (2017): Partitions and data distribution",
    ),
    Explanation(
        "own_latency_mean",
        "The time of a read, and for the share of writes what they take longer.",
        ("p.read_latency_ms", "p.write_latency_ms", Input("io.wait_p", "Share of writes", "share")),
        lambda read, write, share: (read + share * (write - read)) / 1e3,
        when=lambda read, write, share: read > 0 and write > 0,
    ),
)  # fmt: skip

COST_LINES = (
    CostLine(
        "Storage",
        "Stored GB × price of a GB-month, by the hour.",
        ("p.storage_gb", Input("MONTH_GB_USD", "A GB-month", "USD", PRICING),
         Input("MONTH_H", "Hours in a month of the price list", "h")),
        lambda gb, usd, hours: gb * usd / hours,
        PRICING,
    ),
    CostLine(
        "Reads",
        "On demand: read units consumed × price of a million.",
        (_ON_DEMAND, "consumed_read_capacity",
         Input("MILLION_READS_USD", "A million read units", "USD", PRICING)),
        lambda on, units, usd: on * units * usd * 3600.0 / 1e6,
        PRICING,
    ),
    CostLine(
        "Writes",
        "On demand: write units consumed × price of a million.",
        (_ON_DEMAND, "consumed_write_capacity",
         Input("MILLION_WRITES_USD", "A million write units", "USD", PRICING)),
        lambda on, units, usd: on * units * usd * 3600.0 / 1e6,
        PRICING,
    ),
    CostLine(
        "Provisioned reads",
        "Read units provisioned × price of a unit-hour, used or not.",
        (_ON_DEMAND, "provisioned_read_capacity",
         Input("HOUR_RCU_USD", "A read unit for an hour", "USD", PRICING)),
        lambda on, units, usd: (1.0 - on) * units * usd,
        PRICING,
    ),
    CostLine(
        "Provisioned writes",
        "Write units provisioned × price of a unit-hour, used or not.",
        (_ON_DEMAND, "provisioned_write_capacity",
         Input("HOUR_WCU_USD", "A write unit for an hour", "USD", PRICING)),
        lambda on, units, usd: (1.0 - on) * units * usd,
        PRICING,
    ),
)  # fmt: skip


def _rows(p: Any, s: Any, cells: np.ndarray) -> np.ndarray:
    return np.arange(int(s["partitions"]))


def _load(p: Any, s: Any, io: Any, cells: np.ndarray) -> np.ndarray:
    return np.maximum(cells["reads"] / PARTITION_READS, cells["writes"] / PARTITION_WRITES)


def _notes(p: Any, s: Any, io: Any, cells: np.ndarray) -> list[str]:
    return [
        f"{c['share']:.1%} of the traffic: {c['reads']:,.0f} read and {c['writes']:,.0f} write "
        "units/s" + (f", {c['throttled']:,.0f} throttled" if c["throttled"] > 0.5 else "")
        for c in cells
    ]


BARS = (
    Cells(
        "Partitions",
        "Partition",
        "asked for, of 3,000 read and 1,000 write units a second",
        _load,
        _rows,
        note=_notes,
    ),
)
