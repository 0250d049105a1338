"""What a balancer bills, and how fast it grows: capacity units by type and listener."""

from __future__ import annotations

import math

from sandbox.kernels.compiled import compiled

PRICING = "https://aws.amazon.com/elasticloadbalancing/pricing/"

HOUR_USD = 0.0225  # Elastic Load Balancing pricing, us-east-1: application, network
CLASSIC_HOUR_USD = 0.025  # Elastic Load Balancing pricing, us-east-1
LCU_USD = 0.008  # Elastic Load Balancing pricing, us-east-1: LCU-hour
NLCU_USD = 0.006  # Elastic Load Balancing pricing, us-east-1: NLCU-hour
CLASSIC_GB_USD = 0.008  # Elastic Load Balancing pricing, us-east-1: GB processed

LCU_NEW_PER_S = 25.0  # Elastic Load Balancing pricing: what one LCU holds
LCU_ACTIVE = 3000.0  # Elastic Load Balancing pricing
LCU_GB_PER_HOUR = 1.0  # Elastic Load Balancing pricing
LCU_LAMBDA_GB_PER_HOUR = 0.4  # Elastic Load Balancing pricing: to functions
LCU_EVALUATIONS_PER_S = 1000.0  # Elastic Load Balancing pricing
TCP_NEW_PER_S, TCP_ACTIVE = 800.0, 100_000.0  # Elastic Load Balancing pricing: what one NLCU holds
TLS_NEW_PER_S, TLS_ACTIVE = 50.0, 3000.0  # Elastic Load Balancing pricing (sources differ: 50, 80)
UDP_NEW_PER_S, UDP_ACTIVE = 400.0, 50_000.0  # Elastic Load Balancing pricing
KB_PER_GB = 1e6

GROWTH_S = 300.0  # "Best Practices in Evaluating ELB" (AWS, 2012): 50 % in five minutes at most
SHRINKS_S = 4 * 3600.0  # assumption: capacity that is not needed goes over hours


class Units:
    """Derived: what one unit holds, and prices."""

    new_per_unit: float
    active_per_unit: float
    gb_per_unit: float
    unit_usd: float
    hour_usd: float
    gb_usd: float


def write(record: object, kind: str, listener: str) -> None:
    """Write a balancer's units and prices into its record."""
    new, active = {
        "tcp": (TCP_NEW_PER_S, TCP_ACTIVE),
        "tls": (TLS_NEW_PER_S, TLS_ACTIVE),
        "udp": (UDP_NEW_PER_S, UDP_ACTIVE),
    }.get(listener if kind == "network" else "http", (LCU_NEW_PER_S, LCU_ACTIVE))
    unit_usd = {"application": LCU_USD, "network": NLCU_USD}.get(kind, 0.0)
    for name, value in (
        ("new_per_unit", new),
        ("active_per_unit", active),
        ("gb_per_unit", LCU_GB_PER_HOUR),
        ("unit_usd", unit_usd),
        ("hour_usd", CLASSIC_HOUR_USD if kind == "classic" else HOUR_USD),
        ("gb_usd", CLASSIC_GB_USD if kind == "classic" else 0.0),
    ):
        record[name] = value  # type: ignore[index]


@compiled
def used(p, s, evaluations, to_functions):
    """Capacity units by the dimension used most; `to_functions` is the share of bytes that goes
    to functions."""
    gb_per_hour = s.processed_kb * 3600.0 / KB_PER_GB
    held = to_functions / LCU_LAMBDA_GB_PER_HOUR + (1.0 - to_functions) / p.gb_per_unit
    most = max(s.new_connections / p.new_per_unit, s.active_connections / p.active_per_unit)
    return max(most, gb_per_hour * held, evaluations / LCU_EVALUATIONS_PER_S)


@compiled
def grow(p, s, dt):
    """Let the capacity follow the units used; the share of the load that is beyond it.

    It keeps room for growing once by `growth`, and grows by that in five minutes at most.
    """
    if not p.growth > 0.0:
        s.capacity = max(s.lcus, p.reserved_lcus)
        return 0.0
    least = max(p.base_lcus, p.reserved_lcus)
    wanted = max(least, (1.0 + p.growth) * s.lcus)
    if s.capacity <= 0.0:
        s.capacity = wanted
    over = max(0.0, 1.0 - s.capacity / s.lcus) if s.lcus > 0.0 else 0.0
    if wanted > s.capacity:
        s.capacity = min(wanted, s.capacity * math.exp(math.log1p(p.growth) * dt / GROWTH_S))
    else:
        s.capacity = max(wanted, s.capacity * math.exp(-dt / SHRINKS_S))
    return over
