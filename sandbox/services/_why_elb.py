"""What a balancer says of its numbers and its bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/elasticloadbalancing/pricing/"
METRICS = "Application Load Balancers user guide: CloudWatch metrics"

_DIMENSIONS = (
    "new_connections",
    Input("LCU_NEW_PER_S", "New connections/s in a unit", "", PRICING, True),
    "active_connections",
    Input("LCU_ACTIVE", "Active connections in a unit", "", PRICING, True),
    "processed_kb",
    Input("LCU_GB_PER_HOUR", "GB an hour in a unit", "", PRICING, True),
)


def _units(new: float, per_new: float, active: float, per_active: float, kb: float,
           per_gb: float) -> float:  # fmt: skip
    return max(new / per_new, active / per_active, kb * 3600.0 / 1e6 / per_gb)


EXPLANATIONS = (
    Explanation(
        "consumed_lcus",
        "The dimension that needs most capacity units: new connections, active connections, or "
        "bytes processed.",
        (*_DIMENSIONS, Input("s.lcus", "Billed")),
        lambda *x: _units(*x[:6]),
        PRICING,
        when=lambda *x: _units(*x[:6]) >= x[6] * (1.0 - 1e-9),  # else rule evaluations need more
    ),
    Explanation(
        "new_connections",
        "Requests over the requests that share a connection.",
        ("request_count", "p.requests_per_connection"),
        lambda rate, each: rate / each,
    ),
    Explanation(
        "active_connections",
        "New connections × how long each lasts (Little's law).",
        ("new_connections", "p.connection_s"),
        lambda rate, lasts: rate * lasts,
    ),
    Explanation(
        "http_code_elb_5xx",
        "Requests without a target, and those whose target refused or came too late.",
        (Input("io.loss.0", "No target is registered", "1/s"), Input("io.done", "Passed on", "1/s"),
         Input("io.down_rejected", "Share rejected by targets", "share"),
         Input("io.down_timed_out", "Share that timed out", "share")),
        lambda none, done, rejected, late: none + done * (rejected + late),
        METRICS,
    ),
    Explanation(
        "target_response_time",
        "The mean time that targets hold a request.",
        (Input("io.down_m", "Time held by targets", "s"),),
        lambda held: held,
        METRICS,
    ),
)  # fmt: skip

COST_LINES = (
    CostLine(
        "Load balancer hours",
        "Price of an hour, used or not.",
        (Input("HOUR_USD", "An hour", "USD", PRICING),),
        lambda usd: usd,
        PRICING,
    ),
    CostLine(
        "Capacity units",
        "Consumed capacity units × price of a unit-hour.",
        ("consumed_lcus", Input("LCU_HOUR_USD", "A unit-hour", "USD", PRICING)),
        lambda units, usd: units * usd,
        PRICING,
    ),
)
