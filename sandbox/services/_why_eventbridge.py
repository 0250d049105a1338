"""What a bus says of its numbers and its bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/eventbridge/pricing/"
METRICS = "Amazon EventBridge User Guide: Monitoring Amazon EventBridge"

EXPLANATIONS = (
    Explanation(
        "backlog",
        "Events that wait for a target: delayed by a quota, or to be tried again.",
        ("retrying",),
        lambda retrying: retrying,
        METRICS,
    ),
    Explanation(
        "expired",
        "Events given up when retries or age had run out, without a dead-letter queue.",
        ("failed_invocations",),
        lambda lost: lost,
        METRICS,
    ),
)

COST_LINES = (
    CostLine(
        "Events",
        "Custom and partner events, each 64 KB of one counted, × price; those of AWS are free.",
        (Input("s.event_usd", "Events", "USD/s"),),
        lambda usd: usd * 3600.0,
        PRICING,
    ),
    CostLine(
        "API destinations",
        "Invocations of endpoints outside AWS × price.",
        (Input("s.delivery_usd", "Invocations", "USD/s"),),
        lambda usd: usd * 3600.0,
        PRICING,
    ),
    CostLine(
        "Archive",
        "What is taken into the archive, and what is kept there.",
        (Input("s.archive_usd", "Archive", "USD/s"),),
        lambda usd: usd * 3600.0,
        PRICING,
    ),
)
