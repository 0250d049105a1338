"""What a stream may lose records by, what it measures, and what it says."""

from __future__ import annotations

from sandbox.services.contract import Cause, EventKind, Metric

LIMITS = "Kinesis Data Streams developer guide: Quotas and limits"

CAUSES = (
    Cause("throttled", "shard_records", "a shard takes 1,000 records a second", LIMITS),
    Cause("throttled", "shard_bytes", "a shard takes 1 MB a second", LIMITS),
    Cause("rejected", "record_too_large", "larger than the stream's max_record_kib", LIMITS),
)

METRICS = (
    Metric("incoming_records", "1/s", "Records accepted", "incoming", "IncomingRecords", True),
    Metric("incoming_bytes", "B/s", "Bytes accepted", "incoming_bytes", "IncomingBytes", True),
    Metric(
        "write_throttled",
        "1/s",
        "Records throttled",
        "throttled",
        "WriteProvisionedThroughputExceeded",
        True,
    ),
    Metric(
        "read_throttled",
        "1/s",
        "Reads refused beyond five a second of each shard",
        "read_refused",
        "ReadProvisionedThroughputExceeded",
        True,
    ),
    Metric(
        "iterator_age_s",
        "s",
        "Age of the oldest record a consumer has yet to read",
        "iterator_age",
        "GetRecords.IteratorAgeMilliseconds",
    ),
    Metric("shards", "", "Open shards", "open_shards"),
    Metric("on_demand", "", "In on-demand mode", "on_demand"),
    Metric("hottest_shard_share", "share", "Share of the hottest shard", "hottest_share"),
    Metric(
        "hottest_shard_utilization",
        "share",
        "Utilization of the hottest shard",
        "hottest_utilization",
    ),
)

EVENTS = (
    EventKind(
        "hot_shard",
        "Shard {0:.0f} is hot: {1:.1%} of the records, {2:,.0f}/s where it takes "
        "{3:,.0f}/s, while the stream is at {4:.0%}",
        "warning",
    ),
    EventKind("resharded", "The stream went from {0:.0f} to {1:.0f} shards"),
    EventKind("drained", "The {0:.0f} closed shards have been read to their end"),
    EventKind(
        "lagging",
        "A consumer is {0:,.1f} h behind, half of the {1:,.0f} h that records are kept",
        "warning",
    ),
    EventKind(
        "split",
        "{0:.0f} of {1:.0f} shards took more than half of what a shard can for 15 minutes: "
        "on-demand mode splits each in two",
    ),
    EventKind(
        "no_room",
        "This run has room for {0:.0f} shards and opens no more; edit shard_count for more",
        "warning",
    ),
)
