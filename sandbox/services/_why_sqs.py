"""What a queue says of its numbers and its bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/sqs/pricing/"
LIMIT = "Amazon SQS API Reference, ReceiveMessage: OverLimit"

EXPLANATIONS = (
    Explanation(
        "utilization",
        "Messages in flight, of those that may be: beyond, receives return nothing.",
        ("not_visible",
         Input("IN_FLIGHT_LIMIT", "Messages that may be in flight", "", LIMIT, True)),
        lambda flying, limit: min(1.0, flying / limit),
        LIMIT,
    ),
    Explanation(
        "backlog",
        "Messages that can be received now, and those that are delayed.",
        ("visible", "delayed"),
        lambda visible, delayed: visible + delayed,
        "Amazon SQS Developer Guide, available CloudWatch metrics",
    ),
    Explanation(
        "in_flight",
        "Messages that were received and neither deleted nor made visible again.",
        ("not_visible",),
        lambda flying: flying,
        "Amazon SQS Developer Guide, available CloudWatch metrics",
    ),
)  # fmt: skip

COST_LINES = (
    CostLine(
        "Requests",
        "Sends, receives and deletes, each 64 KB of a call one request, × price of a request.",
        ("requests", Input("REQUEST_USD", "A request", "USD", PRICING)),
        lambda requests, usd: requests * 3600.0 * usd,
        PRICING,
    ),
)
