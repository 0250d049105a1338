"""What a topic may lose messages by, and what it measures."""

from __future__ import annotations

from sandbox.services._sns_params import QUOTAS
from sandbox.services.contract import Cause, Metric

CAUSES = (
    Cause("throttled", "publish_quota", "the account's messages a second are used up", QUOTAS),
    Cause("rejected", "too_large", "larger than a message may be (256 KB)", QUOTAS),
    Cause("throttled", "group_quota", "a message group takes 300 messages a second", QUOTAS),
)

METRICS = (
    Metric(
        "published",
        "1/s",
        "Messages published",
        "published",
        "NumberOfMessagesPublished",
        total=True,
    ),
    Metric(
        "delivered",
        "1/s",
        "Notifications delivered",
        "delivered",
        "NumberOfNotificationsDelivered",
        total=True,
    ),
    Metric(
        "delivery_failures",
        "1/s",
        "Attempts that failed",
        "failures",
        "NumberOfNotificationsFailed",
        total=True,
    ),
    Metric(
        "filtered_out",
        "1/s",
        "Notifications filtered out",
        "filtered",
        "NumberOfNotificationsFilteredOut",
        total=True,
    ),
    Metric(
        "redriven",
        "1/s",
        "Moved to the dead-letter queue",
        "redriven",
        "NumberOfNotificationsRedrivenToDlq",
        total=True,
    ),
    Metric("discarded", "1/s", "Given up and lost", "discarded", total=True),
    Metric("retrying", "", "Notifications waiting to be tried again", "retrying"),
    Metric("publish_kb", "KB", "Size of a message", "publish_kb", "PublishSize"),
)
