"""What a function costs, by line. Prices are those of us-east-1."""

from __future__ import annotations

from typing import Any

from sandbox.kernels.compiled import inlined
from sandbox.services.law import ERA_2020

PRICING = "AWS Lambda pricing"
REQUEST_USD = 0.20e-6  # AWS Lambda pricing: a request
GB_S_USD = 0.0000166667  # AWS Lambda pricing: x86, the first tier
ARM_GB_S_USD = 0.0000133334  # AWS Lambda pricing: arm64, since September 2021
PROVISIONED_USD = 0.0000041667  # AWS Lambda pricing: a GB-s kept ready, x86,
PROVISIONED_BUSY_USD = 0.0000097222  # AWS Lambda pricing: … and one that works
ARM_PROVISIONED_USD = 0.00000333  # AWS Lambda pricing: the same of arm64
ARM_PROVISIONED_BUSY_USD = 0.00000778  # AWS Lambda pricing
STORAGE_GB_S_USD = 0.0000000309  # AWS Lambda pricing: /tmp beyond the first 512 MB
FREE_STORAGE_MB = 512.0  # AWS Lambda pricing
ROUNDED_S = 0.001  # AWS Lambda pricing: duration is billed in these,
ROUNDED_2020_S = 0.1  # AWS News Blog, December 2020: … until then in these


class Prices:
    """Derived parameters: USD of a GB-second in its three kinds, and what there is of each."""

    memory: float  # MB, as far as the era has it
    gb_s_usd: float
    ready_usd: float
    ready_busy_usd: float
    paid_storage_gb: float


class Billed:
    """State: what is billed in a second."""

    billed_s: float  # seconds of all invocations
    provisioned_part: float  # the share of them in provisioned environments


@inlined
def cost(p, s, tick, cold, started, busy_s, running):
    """USD/h: `started` invocations/s of `busy_s`, `cold` of them cold, `running` ones beside."""
    # half a unit is what rounding up adds on average
    rounded = ROUNDED_2020_S if tick.era == ERA_2020 else ROUNDED_S
    s.billed_s = started * (busy_s + 0.5 * rounded) + cold * p.billed_init_s + running
    s.provisioned_part = min(1.0, s.provisioned / s.busy) if s.busy > 0.0 else 0.0
    gb = p.memory / 1024.0
    usd = s.invocations * REQUEST_USD
    usd += s.billed_s * gb * (1.0 - s.provisioned_part) * p.gb_s_usd
    usd += s.billed_s * gb * s.provisioned_part * p.ready_busy_usd
    usd += s.provisioned * gb * p.ready_usd
    usd += s.billed_s * p.paid_storage_gb * STORAGE_GB_S_USD
    return usd * 3600.0


def set_prices(record: Any, memory_mb: float, storage_mb: float, arm: bool) -> None:
    """Write the derived prices."""
    record["memory"] = memory_mb
    record["gb_s_usd"] = ARM_GB_S_USD if arm else GB_S_USD
    record["ready_usd"] = ARM_PROVISIONED_USD if arm else PROVISIONED_USD
    record["ready_busy_usd"] = ARM_PROVISIONED_BUSY_USD if arm else PROVISIONED_BUSY_USD
    record["paid_storage_gb"] = (storage_mb - FREE_STORAGE_MB) / 1024.0
