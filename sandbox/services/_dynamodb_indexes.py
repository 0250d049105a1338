"""Secondary indexes of a DynamoDB table: global ones with their own capacity, and local ones.

A write that touches a global index writes there, too, on the index's own units: where these are
used up, the write to the table is throttled.  A local index lives in the table's partitions and
uses the table's units; with one, all items of a partition key must fit in 10 GB.
"""

from __future__ import annotations

import math
from typing import Any

from sandbox.kernels.bucket import burst, expected_excess, quota
from sandbox.kernels.compiled import compiled, inlined
from sandbox.services._dynamodb_capacity import remember
from sandbox.services._dynamodb_partitions import BURST_S, PARTITION_READS, PARTITION_WRITES
from sandbox.services._keys import masses
from sandbox.services.params import Parameters, param

GLOBAL = "DynamoDB Developer Guide: Using global secondary indexes"
GLOBAL_MOST = 20  # DynamoDB Developer Guide: Service, account, and table quotas
LOCAL_MOST = 5  # DynamoDB Developer Guide: Service, account, and table quotas
QUERY_KB = 4.0  # GLOBAL: half a unit for each 4 KB that a query of an index reads
ENTRY_KB = 1.0  # GLOBAL: a unit for each KB of an entry that is written


class SecondaryIndex(Parameters):
    """A global secondary index: its own key, its own capacity, a part of the table's items."""

    read_capacity_units: int = param(
        5, "Read units a second, provisioned.", unit="1/s", ge=1, le=1_000_000, source=GLOBAL,
        confidence="H", basic=True,
    )  # fmt: skip
    write_capacity_units: int = param(
        5, "Write units a second, provisioned. Too few throttle the table itself.", unit="1/s",
        ge=1, le=1_000_000, source=GLOBAL, confidence="H", basic=True,
    )  # fmt: skip
    written_share: float = param(
        1.0,
        "Share of the table's writes that change the index: an item is added or removed, or one of "
        "the attributes in the index changes. Others cost it nothing.",
        unit="share", ge=0, le=1, source=GLOBAL, confidence="H", basic=True,
    )  # fmt: skip
    writes_each: int = param(
        1,
        "Writes that such a change takes: 1, or 2 where the value of the index's key changes "
        "(the old entry is deleted, a new one put).",
        ge=1, le=2, source=GLOBAL, confidence="H",
    )  # fmt: skip
    projected_kb: float | None = param(
        None, "Size of an entry; empty is all of the item.", unit="KB", ge=0, le=400, basic=True
    )
    query_share: float = param(
        0.0,
        "Share of the table's reads that are queries of this index. They are eventually "
        "consistent, whatever the table's reads are.",
        unit="share", ge=0, le=1, source=GLOBAL, confidence="H", basic=True,
    )  # fmt: skip
    query_kb: float | None = param(
        None, "What a query reads, all its entries together; empty is one entry.", unit="KB",
        ge=0, le=1024,
    )  # fmt: skip
    key_count: int = param(
        10_000, "Different values of the index's partition key (hash key).", ge=1, le=10_000_000
    )
    key_skew: float = param(0.0, "Zipf exponent of the popularity of those values.", ge=0, le=5)


class Indexed:
    """Derived: of each global index the share of its busiest partition, and its size."""

    index_gb: float  # GB of all indexes for each GB of the table


def tops(index: SecondaryIndex, count: int) -> float:
    """The share of the busiest partition of an index that has so many."""
    return float(masses(max(1, count), index.key_count, index.key_skew).max())


def partitions_of(index: SecondaryIndex) -> int:
    """Partitions of an index by its capacity."""
    units = index.read_capacity_units / PARTITION_READS
    return max(1, math.ceil(units + index.write_capacity_units / PARTITION_WRITES - 1e-9))


def lay_out(record: Any, state: Any, cells: Any, limits: list[tuple[float, float]]) -> None:
    """Give each index its capacity anew; it begins without savings."""
    for i, (reads, writes) in enumerate(limits):
        cell = cells[int(record["room"]) + i]
        cell["reads_limit"], cell["writes_limit"] = reads, writes
        cell["peak_reads"], cell["peak_writes"] = 0.5 * reads, 0.5 * writes
        cell["base_reads_s"] = cell["base_writes_s"] = -math.inf


@inlined
def unit_of(kb, step_kb):
    return max(1.0, math.ceil(kb / step_kb - 1e-9))


@inlined
def query(p, s, cells, tick, reads, kb, ca2):
    """Queries of the indexes: (reads/s of them, reads/s throttled)."""
    asked = refused = 0.0
    for i in range(p.indexes_n):
        index = p.indexes[i]
        if index.query_share <= 0.0:
            continue
        c = cells[p.room + i]
        entry = index.projected_kb if index.projected_kb == index.projected_kb else kb
        size = index.query_kb if index.query_kb == index.query_kb else entry
        per = 0.5 * unit_of(size, QUERY_KB)
        wants = reads * index.query_share
        c.reads = wants * per
        over = _limited(s, c, tick, c.reads, c.reads_limit, PARTITION_READS / p.index_top[i],
                        per * ca2, True)  # fmt: skip
        c.consumed_reads = c.reads - over
        asked += wants
        refused += over / per
    return asked, refused


@inlined
def maintain(p, s, cells, tick, writes, kb, ca2):
    """What the indexes let through of the table's writes: those throttled, 1/s.

    A write that touches several needs all of them: the scarcest says how many get through.
    """
    refused = 0.0
    for i in range(p.indexes_n):
        index = p.indexes[i]
        c = cells[p.room + i]
        entry = index.projected_kb if index.projected_kb == index.projected_kb else kb
        per = index.writes_each * unit_of(entry, ENTRY_KB)
        c.writes = writes * index.written_share * per
        c.throttled = _limited(s, c, tick, c.writes, c.writes_limit,
                               PARTITION_WRITES / p.index_top[i], per * ca2, False)  # fmt: skip
        c.consumed_writes = c.writes - c.throttled
        refused = max(refused, c.throttled / per)
        busy_w = c.writes / min(c.writes_limit, PARTITION_WRITES / p.index_top[i])
        busy_r = c.reads / min(c.reads_limit, PARTITION_READS / p.index_top[i])
        c.load = max(busy_w, busy_r)
    return min(refused, writes)


@compiled
def _limited(s, c, tick, asked, limit, ceiling, spread, reading):
    """Units/s over the capacity of an index, or over what its busiest partition takes."""
    over = expected_excess(asked, ceiling, spread) if asked > 0.5 * ceiling else 0.0
    if s.on_demand != 0:
        return over + quota(asked - over, limit, spread)[1]
    if reading:
        _got, more, c.reads_saved = burst(
            c.reads_saved, asked - over, limit, BURST_S * limit, tick.dt, spread
        )
    else:
        _got, more, c.writes_saved = burst(
            c.writes_saved, asked - over, limit, BURST_S * limit, tick.dt, spread
        )
    return over + more


@inlined
def settle(p, s, cells, tick, through):
    """Of the writes that the indexes let through, the table took the share `through`."""
    s.index_reads = s.index_writes = s.index_read_units = s.index_write_units = 0.0
    for i in range(p.indexes_n):
        c = cells[p.room + i]
        took = c.consumed_writes * through
        if s.on_demand != 0:
            remember(p, c, tick, c.consumed_reads, took)
        else:
            spared = (c.consumed_writes - took) * tick.dt
            c.writes_saved = min(c.writes_saved + spared, BURST_S * c.writes_limit)
            s.index_read_units += c.reads_limit
            s.index_write_units += c.writes_limit
        c.consumed_writes = took
        s.index_reads += c.consumed_reads
        s.index_writes += took
