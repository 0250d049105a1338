"""What a broker may lose messages by, what it measures, and what it tells of itself."""

from __future__ import annotations

from sandbox.services._mq_params import REDELIVERY, STORAGE
from sandbox.services.contract import Cause, EventKind, Metric

DEAD_LETTER, LOST = range(2)
FAILOVER, AVAILABLE, FULL, HELD_BACK = range(4)

CAUSES = (
    Cause(
        "moved",
        "dead_letter",
        "delivered again maximum_redeliveries times, moved to the broker's dead-letter queue",
        REDELIVERY,
        refusal=False,
    ),
    Cause(
        "failed",
        "lost_in_memory",
        "messages that are not persistent are lost with the broker",
        STORAGE,
        refusal=False,
    ),
)

METRICS = (
    Metric(
        "queue_size",
        "",
        "Messages ready (topic: a subscriber)",
        "visible",
        "QueueSize",
    ),
    Metric(
        "unacknowledged",
        "",
        "Messages with consumers (topic: of one)",
        "not_visible",
        "InFlightCount",
    ),
    Metric("age_of_oldest_s", "s", "Age of the oldest", "age"),
    Metric("enqueued", "1/s", "Messages accepted", "enqueued", "EnqueueCount", total=True),
    Metric("dequeued", "1/s", "Messages acknowledged", "deleted", "DequeueCount", total=True),
    Metric("redelivered", "1/s", "Messages delivered again", "received_again", total=True),
    Metric("duplicates", "1/s", "Acknowledged too late", "duplicates", total=True),
    Metric("dead", "", "Messages in the dead-letter queue", "dead"),
    Metric("held_back", "", "Messages that producers hold", "held_back"),
    Metric("used_gb", "GB", "Storage used", "used_gb"),
    Metric(
        "store_percent", "%", "Storage used, of its limit", "store_percent", "StorePercentUsage"
    ),
    Metric("available", "share", "Part of the tick with a broker", "available"),
)

EVENTS = (
    EventKind(
        "failover",
        "the broker stops: it is away for {0:,.0f} s, {1:,.0f} messages that consumers had not "
        "acknowledged come again, {2:,.0f} were only in memory and are lost",
        "error",
    ),
    EventKind("available", "a broker is back; producers hold {0:,.0f} messages"),
    EventKind(
        "storage_full",
        "the storage of {0:,.0f} GB is full: producers are blocked and hold {1:,.0f} messages",
        "error",
    ),
    EventKind(
        "held_back",
        "{0:,.0f} messages a second are sent, {1:,.0f} are accepted: {2:,.0f} producers of "
        "{3:,.0f}/s each, as the storage acknowledges, or as the broker's CPU bears",
        "warning",
    ),
)
