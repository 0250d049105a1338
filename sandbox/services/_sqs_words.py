"""What a queue may lose messages by, what it measures, and what it tells of itself."""

from __future__ import annotations

from sandbox.services._sqs_params import ATTRIBUTES, DEAD_LETTERS, LARGE, QUOTA_PAGE
from sandbox.services.contract import Cause, EventKind, Metric

MOVED_CAUSE, TOO_LARGE, EXPIRED_CAUSE, PURGED, THROTTLED, GROUP_THROTTLED = range(6)
DEDUPLICATED, MOVED_BACK = range(6, 8)
OVER_LIMIT, NO_MORE, GROUPS = range(3)

CAUSES = (
    Cause(
        "moved",
        "dead_letter",
        "received max_receive_count times, moved to the dead-letter queue",
        DEAD_LETTERS,
        refusal=False,
    ),
    Cause(
        "rejected",
        "too_large",
        "larger than a message may be (1 MB; 256 KB in 2020; 2 GB through S3)",
        LARGE,
    ),
    Cause("expired", "retention", "kept for message_retention_s", ATTRIBUTES, refusal=False),
    Cause(
        "moved",
        "purged",
        "removed by a purge",
        "Amazon SQS API Reference, PurgeQueue",
        refusal=False,
    ),
    Cause(
        "throttled",
        "fifo_quota",
        "a FIFO queue takes 300 calls a second; send in batches, or with high throughput",
        QUOTA_PAGE,
    ),
    Cause("throttled", "group_quota", "a message group takes 300 calls a second", QUOTA_PAGE),
    Cause(
        "moved",
        "deduplicated",
        "its deduplication id was taken less than 5 minutes ago",
        "Amazon SQS Developer Guide: Exactly-once processing",
        refusal=False,
    ),
    Cause(
        "moved",
        "moved_back",
        "moved back by StartMessageMoveTask",
        "Amazon SQS API Reference, StartMessageMoveTask",
        refusal=False,
    ),
)

METRICS = (
    Metric("visible", "", "Visible messages", "visible", "ApproximateNumberOfMessagesVisible"),
    Metric(
        "not_visible",
        "",
        "Messages in flight",
        "not_visible",
        "ApproximateNumberOfMessagesNotVisible",
    ),
    Metric("delayed", "", "Delayed messages", "delayed", "ApproximateNumberOfMessagesDelayed"),
    Metric("age_of_oldest_s", "s", "Age of the oldest", "age", "ApproximateAgeOfOldestMessage"),
    Metric("sent", "1/s", "Messages sent", "sent", "NumberOfMessagesSent", total=True),
    Metric("received", "1/s", "Messages received", "received", "NumberOfMessagesReceived", True),
    Metric("deleted", "1/s", "Messages deleted", "deleted", "NumberOfMessagesDeleted", True),
    Metric("received_again", "1/s", "Received more than once", "received_again", total=True),
    Metric("duplicates", "1/s", "Finished too late to delete", "duplicates", total=True),
    Metric("moved", "1/s", "Moved to the dead-letter queue", "moved", total=True),
    Metric("moved_back", "1/s", "Moved back to their queue", "moved_back", total=True),
    Metric("deduplicated", "1/s", "Swallowed as duplicates", "deduplicated", total=True),
    Metric("empty_receives", "1/s", "Empty receives", "empty", "NumberOfEmptyReceives", total=True),
    Metric("requests", "1/s", "Billed requests", "requests", total=True),
    Metric("message_kb", "KB", "Size of a message in the queue", "body_kb", "SentMessageSize"),
    Metric("groups_busy", "", "Message groups at work", "groups_busy"),
    Metric("out_of_order", "share", "Finish before the one ahead in their group", "out_of_order"),
)

EVENTS = (
    EventKind(
        "over_limit",
        "OverLimit: {0:,.0f} messages are in flight; receives return nothing though {1:,.0f} "
        "are visible",
        "warning",
    ),
    EventKind(
        "no_more_in_flight",
        "{0:,.0f} messages of the FIFO queue are in flight: receives return no more, without "
        "an error, though {1:,.0f} are visible",
        "warning",
    ),
    EventKind(
        "groups_limit",
        "all {0:,.0f} message groups are at work, and each gives its next message only when "
        "the last is deleted: {1:,.0f} wait. More groups help, more consumers do not",
        "warning",
    ),
)
