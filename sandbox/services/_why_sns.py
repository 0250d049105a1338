"""What a topic says of its numbers and its bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/sns/pricing/"
METRICS = "Amazon SNS Developer Guide: Monitoring Amazon SNS topics using CloudWatch"

EXPLANATIONS = (
    Explanation(
        "backlog",
        "Notifications that wait to be tried again; a topic keeps nothing else.",
        ("retrying",),
        lambda retrying: retrying,
        METRICS,
    ),
    Explanation(
        "expired",
        "Notifications given up when the retry policy had run out, without a dead-letter queue.",
        ("discarded",),
        lambda discarded: discarded,
        METRICS,
    ),
)

COST_LINES = (
    CostLine(
        "Publishes",
        "Messages accepted, each 64 KB of one a request, × price of a request (FIFO: and of a GB).",
        (Input("s.publish_usd", "Publishes", "USD/s"),),
        lambda usd: usd * 3600.0,
        PRICING,
    ),
    CostLine(
        "Deliveries",
        "Notifications delivered × price by protocol; queues and functions are free.",
        (Input("s.delivery_usd", "Deliveries", "USD/s"),),
        lambda usd: usd * 3600.0,
        PRICING,
    ),
)
