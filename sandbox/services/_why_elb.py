"""What a balancer says of its numbers and its bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/elasticloadbalancing/pricing/"
METRICS = "Application Load Balancers user guide: CloudWatch metrics"

_DIMENSIONS = (
    "new_connections",
    Input("p.new_per_unit", "New connections/s in a unit", "", PRICING, True),
    "active_connections",
    Input("p.active_per_unit", "Active connections in a unit", "", PRICING, True),
    "processed_kb",
    Input("p.gb_per_unit", "GB an hour in a unit", "", PRICING, True),
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
        "What it answers itself: 502 what broke off, 503 for want of a target or of room, 504 what "
        "was not taken or not answered in time.",
        ("http_code_elb_502", "http_code_elb_503", "http_code_elb_504"),
        lambda broken, nobody, late: broken + nobody + late,
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
        (Input("p.hour_usd", "An hour", "USD", PRICING),),
        lambda usd: usd,
        PRICING,
    ),
    CostLine(
        "Capacity units",
        "Consumed capacity units, or those reserved if more, × price of a unit-hour; classic has "
        "none.",
        (
            "consumed_lcus",
            Input("p.reserved_lcus", "Reserved"),
            Input("p.unit_usd", "A unit-hour", "USD", PRICING),
        ),
        lambda units, reserved, usd: max(units, reserved) * usd,
        PRICING,
    ),
    CostLine(
        "Bytes processed",
        "GB an hour × price of a GB; of classic only.",
        ("processed_kb", Input("p.gb_usd", "A GB", "USD", PRICING)),
        lambda kb, usd: kb * 3600.0 / 1e6 * usd,
        PRICING,
    ),
)
