"""What a bus may lose events by, what it measures, and what it says."""

from __future__ import annotations

from sandbox.services._eventbridge_params import QUOTAS
from sandbox.services.contract import Cause, EventKind, Metric

SIZE = "Amazon EventBridge User Guide: Calculating PutEvents event entry size"

CAUSES = (
    Cause("throttled", "put_events_quota", "the account's PutEvents calls are used up", QUOTAS),
    Cause("rejected", "too_large", "larger than an event may be (1 MB; 256 KB in 2020)", SIZE),
    Cause("throttled", "partner_quota", "a partner puts 1,400 events a second", QUOTAS),
)

METRICS = (
    Metric(
        "matched_events",
        "1/s",
        "Events that matched a rule",
        "matched",
        "MatchedEvents",
        total=True,
    ),
    Metric(
        "invocation_attempts",
        "1/s",
        "Attempts to invoke a target",
        "attempts",
        "InvocationAttempts",
        total=True,
    ),
    Metric(
        "successful_attempts",
        "1/s",
        "Invocations that succeeded",
        "delivered",
        "SuccessfulInvocationAttempts",
        total=True,
    ),
    Metric("failed_attempts", "1/s", "Attempts that failed", "failures", total=True),
    Metric(
        "failed_invocations",
        "1/s",
        "Given up and lost",
        "discarded",
        "FailedInvocations",
        total=True,
    ),
    Metric(
        "sent_to_dlq",
        "1/s",
        "Moved to the dead-letter queue",
        "redriven",
        "InvocationsSentToDlq",
        total=True,
    ),
    Metric("delayed", "", "Invocations delayed by a quota", "delayed"),
    Metric("retrying", "", "Events waiting to be tried", "retrying"),
    Metric("replayed", "1/s", "Events replayed", "replayed", total=True),
    Metric(
        "start_latency",
        "s",
        "Ingestion to start of the invocation, median",
        "start_s",
        "IngestionToInvocationStartLatency",
    ),
)

EVENTS = (EventKind("replay_ended", "the replay has ended"),)
