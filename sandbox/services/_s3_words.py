"""What a bucket may lose requests by, what it measures, and what it says."""

from __future__ import annotations

from sandbox.services._s3_params import PERFORMANCE
from sandbox.services.contract import Cause, EventKind, Metric

CAUSES = (
    Cause(
        "throttled",
        "slow_down",
        "503 Slow Down: a prefix takes 3,500 writes and 5,500 reads a second for each of its "
        "partitions",
        PERFORMANCE,
    ),
)

METRICS = (
    Metric("partitions", "", "Partitions", "count"),
    Metric("hottest_prefix", "", "Load of the hottest prefix", "hottest"),
    Metric("stored_gb", "GB", "Stored", "stored", "BucketSizeBytes"),
    Metric("first_byte_s", "s", "Time to the first byte, mean", "first_byte"),
    Metric("notified", "1/s", "Notifications delivered", "delivered", total=True),
    Metric("retrying", "", "Notifications waiting to be tried again", "retrying"),
    Metric("discarded", "1/s", "Notifications given up", "discarded", total=True),
)

EVENT_KINDS = (
    EventKind(
        "partitioned",
        "prefix {0:.0f} was split from {1:,.0f} partitions into twice as many: it ran at "
        "{2:.0%} of their rate for {3:,.0f} s",
    ),
    EventKind(
        "slow_down",
        "503 Slow Down: {0:,.0f} requests a second are too many; the hottest prefix is at "
        "{1:.0%} of its rate. Callers must back off while S3 splits it",
        "warning",
    ),
)
