"""What a broker says of its numbers and its bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/amazon-mq/pricing/"
METRICS = "Amazon MQ Developer Guide: Monitoring Amazon MQ brokers using Amazon CloudWatch"
STORAGE = "Amazon MQ Developer Guide: Storage"

EXPLANATIONS = (
    Explanation(
        "backlog",
        "Messages that can be received, and those that producers hold back.",
        ("queue_size", "held_back"),
        lambda ready, held: ready + held,
        METRICS,
    ),
    Explanation(
        "in_flight",
        "Messages that were pushed to consumers and are not acknowledged.",
        ("unacknowledged",),
        lambda flying: flying,
        METRICS,
    ),
    Explanation(
        "utilization",
        "Messages accepted, of those that the broker's CPU bears.",
        ("enqueued", Input("p.broker_per_s", "Messages its CPU bears", "1/s", "assumption", True)),
        lambda enqueued, most: min(1.0, enqueued / most),
        "assumption",
    ),
    Explanation(
        "store_percent",
        "Storage used, of its limit: when it is full producers are blocked.",
        ("used_gb", Input("p.limit_gb", "Storage of the broker", "GB", STORAGE, True)),
        lambda used, limit: min(100.0, used / limit * 100.0),
        METRICS,
    ),
)

COST_LINES = (
    CostLine(
        "Brokers",
        "Brokers, a standby too, × price of the size.",
        ("instances", Input("p.broker_usd", "A broker", "USD/h", PRICING)),
        lambda brokers, usd: brokers * usd,
        PRICING,
    ),
    CostLine(
        "Storage",
        "GB used × price of a GB-month (EFS 0.30 USD, EBS 0.10 USD) / 730 h.",
        ("used_gb", Input("p.gb_usd", "A GB-month", "USD", PRICING)),
        lambda used, usd: used * usd / 730.0,
        PRICING,
    ),
)
