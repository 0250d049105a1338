"""What a table says of its numbers, its bill and its partitions."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from sandbox.services._dynamodb_partitions import shown
from sandbox.services.explain import Cells, CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/dynamodb/pricing/"
UNITS = "DynamoDB Developer Guide: DynamoDB read and write operations"

FORMULA = "DynamoDB Developer Guide (2017): Partitions and data distribution"
GROWTH = "DynamoDB Developer Guide: Item sizes and formats"

_ON_DEMAND = Input("s.on_demand", "On demand (1) or provisioned (0)")

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
        "partitions_by_capacity",
        "Read units ÷ 3,000 + write units ÷ 1,000, rounded up.",
        (Input("s.reads_limit", "Read units served", "1/s", UNITS),
         Input("PARTITION_READS", "Read units of a partition", "1/s", FORMULA, True),
         Input("s.writes_limit", "Write units served", "1/s", UNITS),
         Input("PARTITION_WRITES", "Write units of a partition", "1/s", FORMULA, True),
         _ON_DEMAND),
        lambda reads, most_reads, writes, most_writes, on: max(
            1.0, math.ceil(reads / most_reads + writes / most_writes - 1e-9)
        ),
        FORMULA,
        lambda reads, most_reads, writes, most_writes, on: on == 0,
    ),
    Explanation(
        "partitions_by_capacity",
        "On demand: read units ÷ 3,000 or write units ÷ 1,000, whichever is more, rounded up.",
        (Input("s.reads_limit", "Read units served", "1/s", UNITS),
         Input("PARTITION_READS", "Read units of a partition", "1/s", FORMULA, True),
         Input("s.writes_limit", "Write units served", "1/s", UNITS),
         Input("PARTITION_WRITES", "Write units of a partition", "1/s", FORMULA, True),
         _ON_DEMAND),
        lambda reads, most_reads, writes, most_writes, on: max(
            1.0, math.ceil(max(reads / most_reads, writes / most_writes) - 1e-9)
        ),
        when=lambda reads, most_reads, writes, most_writes, on: on != 0,
    ),
    Explanation(
        "partitions_by_size",
        "Stored GB ÷ 10, rounded up.",
        ("stored_gb", Input("PARTITION_GB", "A partition holds", "GB", FORMULA, True)),
        lambda gb, each: max(1.0, math.ceil(gb / each - 1e-9)),
        FORMULA,
    ),
    Explanation(
        "partitions",
        "The larger of the two counts, by capacity and by size, and never fewer than there have "
        "been: they double for capacity, split when full or hot, and do not merge.",
        ("partitions_by_capacity", "partitions_by_size", Input("s.partitions", "There are")),
        lambda capacity, size, there: max(capacity, size, there),
        FORMULA,
    ),
    Explanation(
        "instances",
        "Partitions: as many as carry the capacity and the storage; they split and never merge.",
        ("partitions",),
        lambda count: count,
        FORMULA,
    ),
    Explanation(
        "largest_key_gb",
        "What is stored × the share of the largest partition key; with a local index 10 GB at "
        "most.",
        ("stored_gb", Input("p.top_key", "Share of the largest key", "share"),
         Input("COLLECTION_GB", "Most with a local index", "GB", FORMULA, True)),
        lambda gb, share, most: gb * share,
        "DynamoDB Developer Guide: Item collection size limit",
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
        "Stored GB, with those of indexes × price of a GB-month, by the hour.",
        ("stored_gb", Input("p.index_gb", "Indexes, of each GB", "GB"),
         Input("MONTH_GB_USD", "A GB-month", "USD", PRICING),
         Input("MONTH_H", "Hours in a month of the price list", "h")),
        lambda gb, more, usd, hours: gb * (1.0 + more) * usd / hours,
        PRICING,
    ),
    CostLine(
        "Reads",
        "On demand: read units consumed × price of a million.",
        (_ON_DEMAND, "consumed_read_capacity", "index_consumed_read",
         Input("MILLION_READS_USD", "A million read units", "USD", PRICING)),
        lambda on, units, more, usd: on * (units + more) * usd * 3600.0 / 1e6,
        PRICING,
    ),
    CostLine(
        "Writes",
        "On demand: write units consumed × price of a million.",
        (_ON_DEMAND, "consumed_write_capacity", "index_consumed_write",
         Input("MILLION_WRITES_USD", "A million write units", "USD", PRICING)),
        lambda on, units, more, usd: on * (units + more) * usd * 3600.0 / 1e6,
        PRICING,
    ),
    CostLine(
        "Provisioned reads",
        "Read units provisioned × price of a unit-hour, used or not.",
        (_ON_DEMAND, "provisioned_read_capacity",
         Input("s.index_read_units", "Units of its indexes", "1/s"),
         Input("HOUR_RCU_USD", "A read unit for an hour", "USD", PRICING)),
        lambda on, units, more, usd: (1.0 - on) * (units + more) * usd,
        PRICING,
    ),
    CostLine(
        "Provisioned writes",
        "Write units provisioned × price of a unit-hour, used or not.",
        (_ON_DEMAND, "provisioned_write_capacity",
         Input("s.index_write_units", "Units of its indexes", "1/s"),
         Input("HOUR_WCU_USD", "A write unit for an hour", "USD", PRICING)),
        lambda on, units, more, usd: (1.0 - on) * (units + more) * usd,
        PRICING,
    ),
)  # fmt: skip


def _load(p: Any, s: Any, io: Any, cells: np.ndarray) -> np.ndarray:
    return cells["load"]


def _notes(p: Any, s: Any, io: Any, cells: np.ndarray) -> list[str]:
    return [
        f"{c['share']:.1%} of the traffic: {c['reads']:,.0f} read and {c['writes']:,.0f} write "
        f"units/s, {c['gb'] / c['copies']:,.2f} of 10 GB"
        + (f", {c['throttled']:,.0f} throttled" if c["throttled"] > 0.5 else "")
        + (f"; stands for {c['copies']:,.0f} alike" if c["copies"] > 1.5 else "")
        for c in cells
    ]


def _index_rows(p: Any, s: Any, cells: np.ndarray) -> np.ndarray:
    return int(p["room"]) + np.arange(int(p["indexes_n"]))


def _index_notes(p: Any, s: Any, io: Any, cells: np.ndarray) -> list[str]:
    return [
        f"{c['reads']:,.0f} of {c['reads_limit']:,.0f} read and {c['writes']:,.0f} of "
        f"{c['writes_limit']:,.0f} write units/s"
        + (f", {c['throttled']:,.0f} throttled" if c["throttled"] > 0.5 else "")
        for c in cells
    ]


BARS = (
    Cells(
        "Partitions",
        "Partition",
        "asked for, of 3,000 read and 1,000 write units a second",
        _load,
        lambda p, s, cells: shown(s),
        note=_notes,
    ),
    Cells(
        "Global indexes",
        "Index",
        "asked for, of the index's own capacity",
        _load,
        _index_rows,
        note=_index_notes,
    ),
)
