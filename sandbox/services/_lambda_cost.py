"""What a function costs, by line. Prices are those of us-east-1."""

from __future__ import annotations

from sandbox.kernels.compiled import inlined
from sandbox.services.law import ERA_2020

PRICING = "AWS Lambda pricing"
REQUEST_USD = 0.20e-6  # PRICING: a request
GB_S_USD = 0.0000166667  # PRICING: x86, the first tier
ARM_GB_S_USD = 0.0000133334  # PRICING: arm64, since September 2021
PROVISIONED_USD, PROVISIONED_BUSY_USD = 0.0000041667, 0.0000097222  # PRICING: a GB-s of x86
ARM_PROVISIONED_USD, ARM_PROVISIONED_BUSY_USD = 0.00000333, 0.00000778  # PRICING: of arm64
STORAGE_GB_S_USD = 0.0000000309  # PRICING: /tmp beyond the first 512 MB
FREE_STORAGE_MB = 512.0  # PRICING
ROUNDED_S, ROUNDED_2020_S = 0.001, 0.1  # PRICING: duration is billed in these


class Costs:
    """State: USD/h by line."""

    cost_requests: float
    cost_duration: float
    cost_provisioned: float
    cost_storage: float


@inlined
def cost(p, s, tick, invocations, busy_s, cold, running):
    """USD/h: `invocations`/s of `busy_s`, a share of them `cold`, and `running` beside them."""
    old = tick.era == ERA_2020
    arm = p.arm and not old
    gb = p.memory / 1024.0
    # half a unit is what rounding up adds on average
    rounded = ROUNDED_2020_S if old else ROUNDED_S
    seconds = invocations * (busy_s + 0.5 * rounded + cold * p.billed_init_s) + running
    part = min(1.0, s.provisioned / s.busy) if s.busy > 0.0 else 0.0
    idle, busy, ordinary = PROVISIONED_USD, PROVISIONED_BUSY_USD, GB_S_USD
    if arm:
        idle, busy, ordinary = ARM_PROVISIONED_USD, ARM_PROVISIONED_BUSY_USD, ARM_GB_S_USD
    s.cost_requests = invocations * REQUEST_USD * 3600.0
    s.cost_duration = seconds * (1.0 - part) * gb * ordinary * 3600.0
    s.cost_provisioned = (s.provisioned * idle + seconds * part * busy) * gb * 3600.0
    s.cost_storage = seconds * p.paid_storage_gb * STORAGE_GB_S_USD * 3600.0
    return s.cost_requests + s.cost_duration + s.cost_provisioned + s.cost_storage
