"""What a function says of itself: causes of loss, metrics and events."""

from __future__ import annotations

from sandbox.services._lambda_params import ASYNCHRONOUS, CONCURRENCY, GUIDE, QUOTAS
from sandbox.services.contract import Cause, EventKind, Metric

SCALING = f"{GUIDE}: Lambda function scaling"

CAUSES = (
    Cause("throttled", "reserved", "429: the reserved concurrency is in use", CONCURRENCY),
    Cause("throttled", "account", "429: the account's concurrency is in use", QUOTAS),
    Cause("throttled", "scaling_rate", "429: environments are added no faster", SCALING),
    Cause(
        "throttled",
        "request_rate",
        "429: ten requests/s for each concurrency of the account",
        SCALING,
    ),
    Cause("failed", "function_error", "the function ended in an error"),
    Cause("failed", "timeout", "an invocation lasted longer than timeout_s", QUOTAS),
    Cause("rejected", "too_large", "413: the payload is larger than an invocation takes", QUOTAS),
    Cause(
        "expired",
        "event_age",
        "an asynchronous event was kept for maximum_event_age_s",
        ASYNCHRONOUS,
        refusal=False,
    ),
    Cause(
        "moved",
        "on_failure",
        "tried in vain, and handed to the dead-letter queue or destination",
        ASYNCHRONOUS,
        refusal=False,
    ),
)

METRICS = (
    Metric(
        "concurrent_executions",
        "",
        "Concurrent executions",
        "concurrent",
        "ConcurrentExecutions",
    ),
    Metric(
        "unreserved_concurrent_executions",
        "",
        "Concurrency taken from the account's pool, by all functions",
        "unreserved",
        "UnreservedConcurrentExecutions",
    ),
    Metric("concurrency_limit", "", "Concurrency that there is for it", "limit"),
    Metric("invocations", "1/s", "Invocations", "invocations", "Invocations", total=True),
    Metric("errors", "1/s", "Errors", "errors", "Errors", total=True),
    Metric("throttles", "1/s", "Throttles", "throttles", "Throttles", total=True),
    Metric("duration_s", "s", "Mean duration", "duration", "Duration"),
    Metric("cold_starts", "1/s", "Cold starts", "cold", total=True),
    Metric(
        "provisioned_environments",
        "",
        "Provisioned environments that are ready",
        "provisioned",
        "ProvisionedConcurrentExecutions",
    ),
    Metric(
        "provisioned_concurrency_utilization",
        "share",
        "Share of the provisioned environments that is in use",
        "used_provisioned",
        "ProvisionedConcurrencyUtilization",
    ),
    Metric(
        "provisioned_spillover",
        "1/s",
        "Invocations beyond what is provisioned",
        "spilled",
        "ProvisionedConcurrencySpilloverInvocations",
        True,
    ),
    Metric("concurrent_batches", "", "Batches that pollers may have at once", "polling"),
    Metric("batch_size", "", "Messages in a batch", "batch_mean"),
    Metric("blocked_shards", "", "Lanes of shards that a record blocks", "blocked"),
    Metric("discarded_records", "1/s", "Records given up", "discarded", total=True),
    Metric("waiting_events", "", "Asynchronous events waiting", "waiting_events"),
    Metric("async_event_age_s", "s", "Age of the oldest event", "event_age", "AsyncEventAge"),
    Metric(
        "async_events_received",
        "1/s",
        "Asynchronous events",
        "received_events",
        "AsyncEventsReceived",
        True,
    ),
    Metric(
        "async_events_dropped",
        "1/s",
        "Asynchronous events given up",
        "dropped_events",
        "AsyncEventsDropped",
        True,
    ),
    Metric("billed_seconds", "", "Billed seconds a second", "billed_s"),
)

EVENTS = (
    EventKind(
        "more_batches",
        "Messages remain, so more than {0:,.0f} batches are worked on at once: {1:,.0f} more "
        "a minute",
    ),
    EventKind(
        "cold_starts",
        "{0:,.0f} cold starts: {1:,.0f} environments were warm, {2:,.0f} are needed; each "
        "takes {3:,.0f} ms longer",
    ),
    EventKind("provisioned_ready", "{0:,.0f} provisioned environments are ready"),
    EventKind(
        "account_full",
        "The account's concurrency of {0:,.0f} is in use: {1:,.0f} here, {2:,.0f} by other "
        "functions, {3:,.0f} reserved for others",
        "warning",
    ),
    EventKind(
        "shard_blocked",
        "A record that cannot be processed blocks {0:,.0f} of {1:,.0f} lanes: what is behind "
        "it waits until it is discarded or expires",
        "warning",
    ),
)
