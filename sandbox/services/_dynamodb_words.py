"""What a DynamoDB table may lose requests by, what it measures, and what it says."""

from __future__ import annotations

from sandbox.services._dynamodb_indexes import GLOBAL
from sandbox.services._dynamodb_params import LIMITS, ON_DEMAND, UNITS
from sandbox.services._dynamodb_partitions import DESIGN
from sandbox.services._dynamodb_scaling import EVENTS as SCALING_EVENTS
from sandbox.services.contract import Cause, EventKind, Metric

(
    TABLE_READ, TABLE_WRITE, PARTITION, PREVIOUS_PEAK, TOO_LARGE,
    INDEX_READ, INDEX_WRITE, COLLECTION, MOST_ON_DEMAND,
) = range(9)  # fmt: skip
UPDATED, ROSE, DRY = 2, 3, 4  # the other events are of the capacity and the partitions

CAUSES = (
    Cause("throttled", "table_read", "the table's read capacity is used up", UNITS),
    Cause("throttled", "table_write", "the table's write capacity is used up", UNITS),
    Cause(
        "throttled",
        "partition",
        "a partition takes 3,000 read and 1,000 write units a second",
        DESIGN,
    ),
    Cause(
        "throttled",
        "previous_peak",
        "an on-demand table serves twice its previous peak within 30 minutes",
        ON_DEMAND,
    ),
    Cause("rejected", "item_too_large", "an item may have 400 KB at most", LIMITS),
    Cause("throttled", "index_read", "an index's read capacity is used up", GLOBAL),
    Cause(
        "throttled",
        "index_write",
        "an index that the write touches has no write capacity left",
        GLOBAL,
    ),
    Cause(
        "rejected",
        "item_collection",
        "with a local index the items of a partition key may have 10 GB at most",
        LIMITS,
    ),
    Cause(
        "throttled",
        "max_on_demand",
        "more than the maximum set for the on-demand table",
        "DynamoDB Developer Guide: On-demand maximum throughput",
    ),
)

METRICS = (
    Metric(
        "consumed_read_capacity",
        "1/s",
        "Read units consumed",
        "consumed_reads",
        "ConsumedReadCapacityUnits",
        True,
    ),
    Metric(
        "consumed_write_capacity",
        "1/s",
        "Write units consumed",
        "consumed_writes",
        "ConsumedWriteCapacityUnits",
        True,
    ),
    Metric(
        "provisioned_read_capacity",
        "1/s",
        "Read units provisioned",
        "provisioned_reads",
        "ProvisionedReadCapacityUnits",
    ),
    Metric(
        "provisioned_write_capacity",
        "1/s",
        "Write units provisioned",
        "provisioned_writes",
        "ProvisionedWriteCapacityUnits",
    ),
    Metric("read_limit", "1/s", "Read units the table serves", "reads_limit"),
    Metric("write_limit", "1/s", "Write units the table serves", "writes_limit"),
    Metric(
        "read_throttles", "1/s", "Reads throttled", "read_throttles", "ReadThrottleEvents", True
    ),
    Metric(
        "write_throttles",
        "1/s",
        "Writes throttled",
        "write_throttles",
        "WriteThrottleEvents",
        True,
    ),
    Metric("read_burst_balance", "share", "Burst capacity left for reads", "read_balance"),
    Metric("write_burst_balance", "share", "Burst capacity left for writes", "write_balance"),
    Metric("partitions", "", "Partitions", "partitions_now"),
    Metric("partitions_by_capacity", "", "Partitions by capacity", "by_capacity"),
    Metric("partitions_by_size", "", "Partitions by size", "by_size"),
    Metric("stored_gb", "GB", "Stored", "gb", "TableSizeBytes"),
    Metric("fullest_partition_gb", "GB", "In the fullest partition", "fullest"),
    Metric("largest_key_gb", "GB", "Items of the largest partition key", "collection_gb"),
    Metric(
        "ttl_deleted",
        "1/s",
        "Items deleted after their time to live",
        "ttl_deleted",
        "TimeToLiveDeletedItemCount",
        True,
    ),
    Metric("ttl_overdue", "", "Items expired and not deleted yet", "ttl_pending"),
    Metric("index_consumed_read", "1/s", "Read units consumed by indexes", "index_reads"),
    Metric("index_consumed_write", "1/s", "Write units consumed by indexes", "index_writes"),
    Metric("index_throttles", "1/s", "Writes throttled by indexes", "index_throttles", "", True),
    Metric(
        "iterator_age_s",
        "s",
        "Age of the oldest stream record a consumer has yet to read",
        "iterator_age",
        "IteratorAge",
    ),
    Metric("stream_reads_refused", "1/s", "Reads of the stream refused", "read_refused", "", True),
    Metric("read_alarm_high", "", "Reads: AlarmHigh (0 OK, 1 ALARM, 2 no data)", "read_high"),
    Metric("read_alarm_low", "", "Reads: AlarmLow (0 OK, 1 ALARM, 2 no data)", "read_low"),
    Metric("write_alarm_high", "", "Writes: AlarmHigh (0 OK, 1 ALARM, 2 no data)", "write_high"),
    Metric("write_alarm_low", "", "Writes: AlarmLow (0 OK, 1 ALARM, 2 no data)", "write_low"),
    Metric(
        "hottest_partition_utilization",
        "share",
        "What the hottest partition is asked for, against its ceiling",
        "hottest",
    ),
)

EVENTS = (
    EventKind(
        "hot_partition",
        "Partition {0:.0f} is hot: {1:.1%} of the requests, {2:,.0f} read and {3:,.0f} write "
        "units/s where it takes 3,000 and 1,000",
        "warning",
    ),
    EventKind("partitions_split", "{0:.0f} partitions became {1:.0f} to carry the capacity"),
    EventKind("table_updated", "The table has {0:,.0f} read and {1:,.0f} write units/s"),
    EventKind(
        "previous_peak",
        "The table serves {0:,.0f} read and {1:,.0f} write units/s after peaks of {2:,.0f} "
        "and {3:,.0f}",
    ),
    EventKind(
        "burst_used_up",
        "Burst capacity is used up: {0:,.0f} read units/s are asked of {1:,.0f}, {2:,.0f} "
        "write units/s of {3:,.0f}",
        "warning",
    ),
    *SCALING_EVENTS,
    EventKind(
        "partition_full",
        "Partition {0:.0f} is full with {1:,.2f} GB and splits in two: {2:.0f} partitions "
        "become {3:.0f}",
    ),
    EventKind(
        "split_for_heat",
        "Partition {0:.0f}, with {1:.1%} of the requests, was at its ceiling for {2:.0f} min "
        "and is split: {3:.0f} partitions",
    ),
    EventKind(
        "index_back_pressure",
        "An index throttles the table: {0:,.0f} writes/s ask for it, {1:,.0f}/s get through",
        "warning",
    ),
)
