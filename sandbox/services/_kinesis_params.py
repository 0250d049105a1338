"""The parameters of a Kinesis stream."""

from __future__ import annotations

from typing import Literal

from sandbox.services.params import Parameters, param

LIMITS = "Kinesis Data Streams developer guide: Quotas and limits"
CONCEPTS = "Kinesis Data Streams terminology and concepts"
MODES = "Kinesis Data Streams developer guide: Choose the right mode for your stream"

RECORD_KB = 1024.0  # LIMITS: the largest record, by default
RETENTION_H = (168.0, 8760.0)  # LIMITS: the longest retention, in 2020 and since November 2020


class Params(Parameters):
    capacity_mode: Literal["provisioned", "on_demand"] = param(
        "provisioned",
        "Who changes the number of shards: people, or the stream itself, which splits shards that "
        "take more than 500 KB/s within 15 minutes (since November 2021). It does not merge them "
        "within a run: it remembers the highest rate of 30 days.",
        source=MODES,
        confidence="H",
        basic=True,
    )
    shard_count: int = param(
        4,
        "Shards of the stream at the start. A new stream in on-demand mode has four: 4 MB/s or "
        "4,000 records/s.",
        ge=1,
        le=20_000,
        source=LIMITS,
        confidence="H",
        basic=True,
    )
    retention_hours: float = param(
        24.0,
        "How long records stay readable; at most 8,760 h (168 h in 2020). More than 24 h costs by "
        "the shard, more than seven days by the GB as well (what reading those costs is not "
        "counted).",
        unit="h",
        ge=24,
        le=8760,
        source=CONCEPTS,
        confidence="H",
    )
    key_count: int = param(
        10_000,
        "Different partition keys, key-0, key-1 and so on. The MD5 of a key, as a 128-bit number, "
        "picks the shard.",
        ge=1,
        le=10_000_000,
        source=CONCEPTS,
        confidence="H",
        basic=True,
        group="Partition keys",
    )
    key_skew: float = param(
        0.0,
        "Zipf exponent of the keys' popularity: 0 is alike, about 1 is usual of people and goods.",
        ge=0,
        le=5,
        basic=True,
        group="Partition keys",
    )
    hot_key_share: float = param(
        0.0,
        "Share of the records that carry one and the same key, besides the skew.",
        unit="share",
        ge=0,
        le=1,
        group="Partition keys",
    )
    put_latency_ms: float = param(
        15.0, "Mean time of a PutRecord call.", unit="ms", ge=0, le=60_000, confidence="L"
    )
    shard_quota: int | None = param(
        None,
        "Shards that the account may have, where AWS has raised its quota. Empty is the default of "
        "the Region: 20,000 in us-east-1, us-west-2 and eu-west-1 (500 in 2020), 1,000 in others "
        "(200 in 2020).",
        ge=1,
        le=100_000,
        source=LIMITS,
        confidence="H",
    )
    max_record_kib: float = param(
        1024.0,
        "The largest record that the stream takes, up to 10 MiB (1 MB in 2020). Beyond 1 MiB a "
        "shard owes the time that it takes.",
        unit="KiB",
        ge=1024,
        le=10_240,
        source=LIMITS,
        confidence="H",
    )
