"""What an API says of its numbers and its bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/api-gateway/pricing/"
QUOTAS = "Amazon API Gateway Developer Guide: Quotas and important notes"

EXPLANATIONS = (
    Explanation(
        "utilization",
        "Requests of all APIs of the diagram, of what the account may have in a second.",
        (Input("s.asked", "Requests of all APIs", "1/s"),
         Input("s.limit", "Requests that the account may have", "1/s", QUOTAS, True)),
        lambda asked, limit: min(1.0, asked / limit) if limit > 0 else 0.0,
        QUOTAS,
    ),
)  # fmt: skip

COST_LINES = (
    CostLine(
        "Requests",
        "Billed requests (of HTTP each 512 KB one, of WebSocket each 32 KB) × the price of the "
        "tier that this month has come to.",
        ("billed_requests", Input("s.request_usd", "A request", "USD", PRICING)),
        lambda requests, usd: requests * usd * 3600.0,
        PRICING,
    ),
    CostLine(
        "Cache",
        "An hour of a cache of this size.",
        (Input("p.cache_hour_usd", "An hour of the cache", "USD", PRICING),),
        lambda usd: usd,
        PRICING,
    ),
    CostLine(
        "Connections",
        "Open WebSocket connections × price of a connection-minute.",
        ("connections", Input("CONNECTION_MINUTE_USD", "A connection-minute", "USD", PRICING)),
        lambda connections, usd: connections * 60.0 * usd,
        PRICING,
    ),
)
