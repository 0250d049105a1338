"""The parameters of an API, and of its links to what is behind it."""

from __future__ import annotations

from typing import Literal

from pydantic import model_validator

from sandbox.services.attempts import Attempts
from sandbox.services.params import Parameters, param

QUOTAS = "Amazon API Gateway Developer Guide: Quotas and important notes"
THROTTLING = "Amazon API Gateway Developer Guide: Throttle requests to your REST APIs"
CACHING = "Amazon API Gateway Developer Guide: Cache settings for REST APIs"
TIMEOUTS = "What's New, June 2024: API Gateway integration timeout limit increase beyond 29 seconds"
INTEGRATION_TIMEOUT_S = 29.0  # QUOTAS: the integration timeout


class Integration(Attempts):
    """What of an API goes this way, how fast at most, and for how long it is waited for."""

    timeout_s: float | None = param(
        INTEGRATION_TIMEOUT_S,
        "Integration timeout: who called gets 504 then, though the backend works on. At most 29 s "
        "for REST and WebSocket (since June 2024 up to 300 s for Regional and private REST APIs), "
        "30 s for HTTP.",
        unit="s",
        ge=0.05,
        le=300,
        source=f"{QUOTAS}; {TIMEOUTS}",
        confidence="H",
        group="Retries",
        basic=True,
    )
    path_pattern: str = param(
        "",
        "Paths that go this way, such as /orders/*; the longest pattern that fits takes the "
        "request. Empty takes what no other does.",
        source="Amazon API Gateway Developer Guide: Routes for HTTP APIs",
        confidence="M",
        basic=True,
    )
    method_rate_per_s: float | None = param(
        None,
        "Requests a second that this method or route may get; empty is without a limit of its own.",
        unit="1/s",
        ge=0,
        le=1e6,
        source=THROTTLING,
        confidence="H",
        group="Throttling",
    )
    method_burst: float | None = param(
        None,
        "Tokens that this method's bucket holds; empty is as many as are refilled in a second.",
        ge=0,
        le=1e6,
        source=THROTTLING,
        confidence="H",
        group="Throttling",
    )


class Params(Parameters):
    type: Literal["rest", "http", "websocket"] = param(
        "rest",
        "The kind of API: REST has caches, usage plans and keys; HTTP is cheaper and quicker; "
        "WebSocket keeps connections open.",
        source="Amazon API Gateway Developer Guide: Choose between REST APIs and HTTP APIs",
        confidence="H",
        basic=True,
    )
    account_rate_per_s: float = param(
        10_000.0,
        "Requests a second that the account lets all its APIs in the Region have. Where the APIs "
        "of a diagram say different things, the least holds.",
        unit="1/s",
        ge=0,
        le=1e7,
        source=QUOTAS,
        confidence="H",
        group="Throttling",
    )
    account_burst: float = param(
        5000.0,
        "Tokens that the account's bucket holds.",
        ge=1,
        le=1e7,
        source=QUOTAS,
        confidence="H",
        group="Throttling",
    )
    stage_rate_per_s: float | None = param(
        None,
        "Requests a second of the stage; empty leaves it to the account.",
        unit="1/s",
        ge=0,
        le=1e7,
        source=THROTTLING,
        confidence="H",
        basic=True,
        group="Throttling",
    )
    stage_burst: float | None = param(
        None,
        "Tokens that the stage's bucket holds; empty is as many as are refilled in a second.",
        ge=0,
        le=1e7,
        source=THROTTLING,
        confidence="H",
        group="Throttling",
    )
    usage_plan_clients: int = param(
        1,
        "Clients (API keys) that share the load equally, each with its own limit of the usage "
        "plan.",
        ge=1,
        le=1_000_000,
        group="Usage plan",
    )
    usage_plan_rate_per_s: float | None = param(
        None,
        "Requests a second of each client; empty is without a usage plan's throttle.",
        unit="1/s",
        ge=0,
        le=1e7,
        source="Amazon API Gateway Developer Guide: Usage plans and API keys for REST APIs",
        confidence="H",
        group="Usage plan",
    )
    usage_plan_burst: float | None = param(
        None,
        "Tokens of each client's bucket; empty is as many as are refilled in a second.",
        ge=0,
        le=1e7,
        source="Amazon API Gateway Developer Guide: Usage plans and API keys for REST APIs",
        confidence="H",
        group="Usage plan",
    )
    usage_plan_quota: float | None = param(
        None,
        "Requests of each client in a period; empty is without a quota.",
        ge=0,
        le=1e12,
        source="Amazon API Gateway Developer Guide: Usage plans and API keys for REST APIs",
        confidence="H",
        group="Usage plan",
    )
    usage_plan_period: Literal["day", "week", "month"] = param(
        "day",
        "When the quota begins anew: at midnight UTC, after each seven days, after each thirty.",
        source="Amazon API Gateway Developer Guide: Usage plans and API keys for REST APIs",
        confidence="M",
        group="Usage plan",
    )
    cache_gb: Literal["none", "0.5", "1.6", "6.1", "13.5", "28.4", "58.2", "118", "237"] = param(
        "none",
        "Size (GB) of the stage's cache of answers to reads, paid by the hour. REST only.",
        source=CACHING,
        confidence="M",
        group="Cache",
        basic=True,
    )
    cache_ttl_s: float = param(
        300.0,
        "How long an answer is kept; 0 keeps none.",
        unit="s",
        ge=0,
        le=3600,
        source=CACHING,
        confidence="M",
        group="Cache",
    )
    cache_key_count: int = param(
        10_000,
        "Different requests that are cached: paths with their parameters.",
        ge=1,
        le=10_000_000,
        group="Cache",
    )
    cache_key_skew: float = param(
        0.9,
        "Zipf exponent of their popularity: 0 is alike, about 1 is usual.",
        ge=0,
        le=5,
        group="Cache",
    )
    response_kb: float = param(
        8.0, "Mean size of an answer.", unit="KB", ge=0.01, le=10_240, group="Workload"
    )
    latency_ms: float | None = param(
        None,
        "Time that the gateway itself adds; empty is 20 ms for REST, 7.5 ms for HTTP and "
        "WebSocket.",
        unit="ms",
        ge=0,
        le=10_000,
        group="Workload",
    )
    messages_per_connection: float = param(
        100.0, "Messages of a WebSocket connection.", ge=1, le=1e9, group="WebSocket"
    )
    connection_s: float = param(
        600.0,
        "How long a WebSocket connection is kept; 2 h at most.",
        unit="s",
        ge=1,
        le=7200,
        source=QUOTAS,
        confidence="H",
        group="WebSocket",
    )

    @model_validator(mode="after")
    def _what_the_type_has(self) -> Params:
        if self.type != "rest":
            if self.cache_gb != "none":
                raise ValueError(f"cache_gb is of REST APIs only: this is {self.type}")
            if self.usage_plan_rate_per_s is not None or self.usage_plan_quota is not None:
                raise ValueError(f"usage plans are of REST APIs only: this is {self.type}")
        return self
