"""The parameters of a bucket and of its notifications."""

from __future__ import annotations

from sandbox.services.params import Parameters, param

PERFORMANCE = "Amazon S3 User Guide: Best practices design patterns: optimizing performance"
EVENTS = "Amazon S3 User Guide: Amazon S3 Event Notifications"
PRICING = "https://aws.amazon.com/s3/pricing/"

PREFIXES = 64  # told apart; more share what is left


class Params(Parameters):
    prefixes: int = param(
        1,
        "Key prefixes that requests fall on. Each has a request rate of its own.",
        ge=1,
        le=PREFIXES,
        source=PERFORMANCE,
        confidence="H",
        basic=True,
    )
    prefix_skew: float = param(
        0.0,
        "Zipf exponent of the popularity of prefixes; 0 is even.",
        ge=0,
        le=3,
        group="Workload",
    )
    keys_vary: bool = param(
        True,
        "Whether the keys below a prefix differ early, so that it can be split when it is busy. "
        "Keys that begin with the present time all fall on its end.",
        group="Workload",
    )
    partition_after_s: float = param(
        900.0,
        "How long a prefix is busy until S3 has split it: gradual, and unpublished.",
        unit="s",
        ge=60,
        le=86_400,
        source=PERFORMANCE,
        confidence="L",
    )
    first_byte_ms: float = param(
        30.0,
        "Median time to the first byte.",
        unit="ms",
        gt=0,
        le=10_000,
        confidence="L",
        group="Latency",
    )
    first_byte_p99_ms: float = param(
        200.0,
        "99th percentile of the time to the first byte.",
        unit="ms",
        gt=0,
        le=60_000,
        source=PERFORMANCE,
        confidence="M",
        group="Latency",
    )
    stored_gb: float = param(
        0.0, "What is in the bucket at the start.", unit="GB", ge=0, le=1e12, group="Storage"
    )
    overwrite_share: float = param(
        0.0,
        "Share of the writes that replace an object instead of adding one.",
        unit="share",
        ge=0,
        le=1,
        group="Storage",
    )
    internet_share: float = param(
        0.0,
        "Share of what is read that goes out to the internet; within the Region it is free.",
        unit="share",
        ge=0,
        le=1,
        source=PRICING,
        confidence="H",
        group="Workload",
    )


class Notification(Parameters):
    """An event notification: parameters of the link to its destination."""

    key_share: float = param(
        1.0,
        "Share of the objects written whose keys fit the prefix and suffix of the notification.",
        unit="share",
        ge=0,
        le=1,
        source=EVENTS,
        confidence="H",
        basic=True,
    )
