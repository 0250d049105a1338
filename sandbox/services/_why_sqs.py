"""What a queue says of its numbers and its bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

KMS = "https://aws.amazon.com/kms/pricing/"
PRICING = "https://aws.amazon.com/sqs/pricing/"
LIMIT = "Amazon SQS API Reference, ReceiveMessage: OverLimit"

EXPLANATIONS = (
    Explanation(
        "utilization",
        "Messages in flight, of those that may be: beyond, receives return nothing.",
        ("not_visible",
         Input("p.in_flight_limit", "Messages that may be in flight", "", LIMIT, True)),
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
    Explanation(
        "out_of_order",
        "In a standard queue a message overtakes the one ahead in its group if that one takes "
        "longer by more than came between them: x ÷ 2(1 + x), where x is messages a second of a "
        "group × the standard deviation of their processing time (exact if it is exponential). "
        "A FIFO queue keeps the order.",
        (Input("s.received", "Messages received", "1/s"),
         Input("p.message_groups", "Message groups"),
         Input("s.spread", "Standard deviation of the processing time", "s"),
         Input("p.type", "FIFO")),
        lambda rate, groups, spread, fifo: (
            0.0 if fifo else 0.5 - 0.5 / (1.0 + rate / groups * spread)
        ),
    ),
)  # fmt: skip

COST_LINES = (
    CostLine(
        "Requests",
        "Sends, receives (empty ones too) and deletes, each 64 KB of a call one request, × price "
        "of a request (FIFO: 0.50 USD a million).",
        ("requests", Input("p.request_usd", "A request", "USD", PRICING)),
        lambda requests, usd: requests * 3600.0 * usd,
        PRICING,
    ),
    CostLine(
        "Calls of KMS",
        "(2 × producers + consumers) / data key reuse, × price of a call.",
        (Input("s.kms", "Calls of KMS", "1/s"), Input("KMS_USD", "A call", "USD", KMS)),
        lambda calls, usd: calls * 3600.0 * usd,
        KMS,
    ),
    CostLine(
        "Large messages in S3",
        "A PUT a message sent and a GET a message received, of those above the limit.",
        (Input("s.s3_usd", "Requests to S3", "USD/s"),),
        lambda usd: usd * 3600.0,
        "https://aws.amazon.com/s3/pricing/",
    ),
)
