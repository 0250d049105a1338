"""The parameters of a DynamoDB table."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import model_validator

from sandbox.services._dynamodb_indexes import GLOBAL_MOST, LOCAL_MOST, SecondaryIndex
from sandbox.services._scalable_targets import ScalableTarget
from sandbox.services.params import Parameters, param

UNITS = "DynamoDB Developer Guide: Read/write capacity mode"
LIMITS = "DynamoDB Developer Guide: Service, account, and table quotas"
BURST = "DynamoDB Developer Guide: Burst and adaptive capacity"
SCALING = "DynamoDB Developer Guide: Managing throughput capacity with DynamoDB auto scaling"
ON_DEMAND = "DynamoDB Developer Guide: On-demand capacity mode"
LOCAL = "DynamoDB Developer Guide: Local secondary indexes"
TTL = "DynamoDB Developer Guide: Using time to live (TTL)"
WARM = "DynamoDB Developer Guide: Understanding DynamoDB warm throughput"
MOST = "DynamoDB Developer Guide: On-demand maximum throughput"
KEYS = "Partition key (hash key)"


def _units(default: int | None, text: str, *, source: str, **more: Any) -> Any:
    """Capacity units a second."""
    return param(
        default, text, unit="1/s", ge=1, le=1_000_000, source=source, confidence="H", **more
    )


def _scaling(side: str) -> Any:
    return param(
        None,
        f"Application Auto Scaling of the provisioned {side} units, by their utilisation in %.",
        source=SCALING,
        confidence="H",
        group="Application Auto Scaling",
    )


class Params(Parameters):
    capacity_mode: Literal["provisioned", "on_demand"] = param(
        "provisioned",
        "Capacity set in advance, or paid by the request.",
        source=ON_DEMAND,
        confidence="H",
        basic=True,
        console="on_demand",
    )
    read_capacity_units: int = _units(
        5, "Read units a second, provisioned.", source=UNITS, basic=True
    )
    write_capacity_units: int = _units(
        5, "Write units a second, provisioned.", source=UNITS, basic=True
    )
    item_kb: float | None = param(
        1.0,
        "Size of an item: reads count by 4 KB, writes by 1 KB, rounded up; empty takes the size "
        "of the requests.",
        unit="KB",
        ge=0,
        le=10_000,
        basic=True,
    )
    consistency: Literal["eventual", "strong", "transactional"] = param(
        "eventual",
        "Eventually consistent reads cost half a unit per 4 KB, strong ones one, transactional "
        "ones two; transactional writes cost two units per KB.",
        source=UNITS,
        confidence="H",
        basic=True,
    )
    storage_gb: float = param(
        1.0,
        "Size of the table at the start. It has no limit: a partition that has 10 GB splits.",
        unit="GB",
        ge=0,
        le=1e6,
        basic=True,
    )
    key_count: int = param(
        10_000,
        "Different partition keys (hash keys), key-0, key-1 and so on: the hash of one picks the "
        "partition.",
        title="Partition keys (hash keys)",
        ge=1,
        le=10_000_000,
        source="DynamoDB Developer Guide: Core components, primary key",
        confidence="H",
        group=KEYS,
        basic=True,
    )
    key_skew: float = param(
        0.0,
        "Zipf exponent of the keys' popularity: 0 is alike, about 1 is usual of people and goods.",
        ge=0,
        le=5,
        group=KEYS,
        basic=True,
    )
    hot_key_share: float = param(
        0.0,
        "Share of the requests for one and the same key, besides the skew.",
        unit="share",
        ge=0,
        le=1,
        group=KEYS,
    )
    sort_key: Literal["none", "spread", "monotonic"] = param(
        "none",
        "Sort key (range key): without one a partition key is one item; with one it is a "
        "collection of items, which several partitions may share if new sort keys are spread, but "
        "not if each is greater than the last, such as a date.",
        title="Sort key (range key)",
        source=BURST,
        confidence="H",
        group=KEYS,
        basic=True,
    )
    adaptive_capacity: bool = param(
        True,
        "Whether a busy partition may use what the others leave of the table's capacity, and is "
        "split when it stays busy. Off: each has an equal part, as before 2018.",
        source=BURST,
        confidence="H",
        group=KEYS,
    )
    new_item_share: float = param(
        0.0,
        "Share of the writes that add an item; it stores its size and 100 bytes.",
        unit="share",
        ge=0,
        le=1,
        group="Storage",
        basic=True,
    )
    time_to_live_h: float | None = param(
        None,
        "Time to live of every item (TTL); empty is none. What is over it is deleted in the "
        "background, at no charge.",
        unit="h",
        gt=0,
        le=87_600,
        source=TTL,
        confidence="H",
        group="Storage",
    )
    ttl_delete_delay_h: float = param(
        24.0,
        "Mean time from an item's expiry to its deletion: within 48 hours as a rule (2020), within "
        "a few days (now).",
        unit="h",
        ge=0,
        le=240,
        source=TTL,
        confidence="L",
        group="Storage",
    )
    indexes: list[SecondaryIndex] = param(
        [],
        "Global secondary indexes (GSI), each with capacity of its own.",
        max_items=GLOBAL_MOST,
        source=LIMITS,
        confidence="H",
        group="Indexes",
        basic=True,
    )
    local_indexes: int = param(
        0,
        "Local secondary indexes (LSI); they use the table's own units, and with one a partition "
        "key may have 10 GB at most.",
        ge=0,
        le=LOCAL_MOST,
        source=LIMITS,
        confidence="H",
        group="Indexes",
    )
    local_writes_each: float = param(
        1.0,
        "Writes to each local index that a write to the table takes: 0 if it changes nothing "
        "there, 1 for an entry, 2 if the sort key of the entry changes.",
        ge=0,
        le=2,
        source=LOCAL,
        confidence="H",
        group="Indexes",
    )
    local_kb: float | None = param(
        None,
        "Size of an entry of a local index; empty is all of the item.",
        unit="KB",
        ge=0,
        le=400,
        group="Indexes",
    )
    warm_read_units: int | None = _units(
        None,
        "Warm throughput: read units a second that an on-demand table serves from the start; "
        "empty is 12,000. Since November 2024.",
        source=WARM,
        group="On demand",
    )
    warm_write_units: int | None = _units(
        None,
        "Warm throughput: write units a second from the start; empty is 4,000.",
        source=WARM,
        group="On demand",
    )
    max_read_request_units: int | None = _units(
        None,
        "Most read units a second that an on-demand table may use; empty is no limit of one's own. "
        "Since May 2024.",
        source=MOST,
        group="On demand",
    )
    max_write_request_units: int | None = _units(
        None,
        "Most write units a second that an on-demand table may use; empty is no limit of one's "
        "own.",
        source=MOST,
        group="On demand",
    )
    read_scaling: ScalableTarget | None = _scaling("read")
    write_scaling: ScalableTarget | None = _scaling("write")
    zero_consumption_scales_in: bool = param(
        False,
        "Whether a table that nobody uses shrinks. In 2020 it did not, as its alarms had no data: "
        "send it a few requests, or lower the maximum to the minimum. Whether it still does not is "
        "not documented. Without effect in the era 2020.",
        source=SCALING,
        confidence="L",
        group="Application Auto Scaling",
    )
    update_table_s: float = param(
        120.0,
        "Time that a change of the provisioned capacity takes: some minutes.",
        unit="s",
        ge=0,
        le=3600,
        source=SCALING,
        confidence="L",
        group="Application Auto Scaling",
    )
    table_quota_units: int = param(
        40_000,
        "Quota of a table: read units, and write units, a second.",
        unit="1/s",
        ge=1,
        le=1_000_000,
        source=LIMITS,
        confidence="H",
    )
    account_quota_units: int = param(
        80_000,
        "Quota of the account in the Region: provisioned read units, and write units, of all "
        "tables and indexes of the diagram together.",
        unit="1/s",
        ge=1,
        le=10_000_000,
        source=LIMITS,
        confidence="H",
    )
    read_latency_ms: float = param(
        3.9, "Mean time of a read.", unit="ms", ge=0, le=10_000, confidence="L"
    )
    write_latency_ms: float = param(
        6.5, "Mean time of a write.", unit="ms", ge=0, le=10_000, confidence="L"
    )

    @model_validator(mode="after")
    def _fits(self) -> Params:
        if sum(index.query_share for index in self.indexes) > 1.0 + 1e-9:
            raise ValueError("the query_share of all indexes together is at most 1: lower some")
        if self.local_indexes and self.sort_key == "none":
            raise ValueError(
                "a local index orders the items of a partition key: give the table a sort_key"
            )
        return self
