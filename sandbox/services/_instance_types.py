"""EC2 instance types: vCPU, memory, network, price on demand and as spot, CPU credits.

A vCPU counts the same in every type: their relative speed is not modelled.  Prices are those of
Linux in us-east-1, and linear within a family: four m5.large cost what one m5.2xlarge does.
"""

from __future__ import annotations

import math
from typing import Literal, NamedTuple, get_args

import numpy as np

SOURCE = "Amazon EC2 on-demand pricing, Linux, us-east-1"
NETWORK_SOURCE = "Amazon EC2 instance types: network specifications (baseline bandwidth)"
CREDITS_SOURCE = "Amazon EC2 user guide: Key concepts for burstable performance instances"
ADVISOR = "AWS Spot Instance Advisor, us-east-1, Linux, June 2025"
DETAILED_MONITORING_USD_MONTH = 2.10  # Amazon CloudWatch pricing: 7 metrics at 0.30 USD
HOURS_A_MONTH = 730.0
GP2_USD_GB_MONTH = 0.10  # Amazon EBS pricing: General Purpose SSD (gp2), the one of 2020
GP3_USD_GB_MONTH = 0.08  # Amazon EBS pricing: General Purpose SSD (gp3), since December 2020
SURPLUS_USD_VCPU_HOUR = 0.05  # Amazon EC2 on-demand pricing: T2/T3 unlimited mode, Linux
SURPLUS_T4G_USD_VCPU_HOUR = 0.04  # Amazon EC2 on-demand pricing: T4g unlimited (low confidence)
CREDIT_HOURS = 24.0  # Amazon EC2 user guide: the balance holds what is earned in 24 hours
T2_LAUNCH_CREDITS = 30.0  # Amazon EC2 user guide: T2 standard, launch credits a vCPU
TYPICAL_SAVING = 0.66  # AWS Spot Instance Advisor: the median of 894 types
TYPICAL_INTERRUPTIONS = 0.175  # a month: the bucket of the median type, 15 to 20 %


class InstanceType(NamedTuple):
    vcpus: int
    memory_gib: float
    network_gbps: float  # baseline
    usd_per_hour: float


TYPES: dict[str, InstanceType] = {
    "t2.nano": InstanceType(1, 0.5, 0.032, 0.0058),
    "t2.micro": InstanceType(1, 1, 0.064, 0.0116),
    "t2.small": InstanceType(1, 2, 0.128, 0.023),
    "t2.medium": InstanceType(2, 4, 0.256, 0.0464),
    "t2.large": InstanceType(2, 8, 0.512, 0.0928),
    "t2.xlarge": InstanceType(4, 16, 0.75, 0.1856),
    "t2.2xlarge": InstanceType(8, 32, 1, 0.3712),
    "t3.nano": InstanceType(2, 0.5, 0.032, 0.0052),
    "t3.micro": InstanceType(2, 1, 0.064, 0.0104),
    "t3.small": InstanceType(2, 2, 0.128, 0.0208),
    "t3.medium": InstanceType(2, 4, 0.256, 0.0416),
    "t3.large": InstanceType(2, 8, 0.512, 0.0832),
    "t3.xlarge": InstanceType(4, 16, 1.024, 0.1664),
    "t3.2xlarge": InstanceType(8, 32, 2.048, 0.3328),
    "t4g.nano": InstanceType(2, 0.5, 0.032, 0.0042),
    "t4g.micro": InstanceType(2, 1, 0.064, 0.0084),
    "t4g.small": InstanceType(2, 2, 0.128, 0.0168),
    "t4g.medium": InstanceType(2, 4, 0.256, 0.0336),
    "t4g.large": InstanceType(2, 8, 0.512, 0.0672),
    "t4g.xlarge": InstanceType(4, 16, 1.024, 0.1344),
    "t4g.2xlarge": InstanceType(8, 32, 2.048, 0.2688),
    "m5.large": InstanceType(2, 8, 0.75, 0.096),
    "m5.xlarge": InstanceType(4, 16, 1.25, 0.192),
    "m5.2xlarge": InstanceType(8, 32, 2.5, 0.384),
    "m5.4xlarge": InstanceType(16, 64, 5, 0.768),
    "m5.8xlarge": InstanceType(32, 128, 10, 1.536),
    "m5.12xlarge": InstanceType(48, 192, 12, 2.304),
    "m5.16xlarge": InstanceType(64, 256, 20, 3.072),
    "m5.24xlarge": InstanceType(96, 384, 25, 4.608),
    "m6i.large": InstanceType(2, 8, 0.781, 0.096),
    "m6i.xlarge": InstanceType(4, 16, 1.562, 0.192),
    "m6i.2xlarge": InstanceType(8, 32, 3.125, 0.384),
    "m6i.4xlarge": InstanceType(16, 64, 6.25, 0.768),
    "m6i.8xlarge": InstanceType(32, 128, 12.5, 1.536),
    "m6i.12xlarge": InstanceType(48, 192, 18.75, 2.304),
    "m6i.16xlarge": InstanceType(64, 256, 25, 3.072),
    "m6i.24xlarge": InstanceType(96, 384, 37.5, 4.608),
    "m6i.32xlarge": InstanceType(128, 512, 50, 6.144),
    "m7g.large": InstanceType(2, 8, 0.937, 0.0816),
    "m7g.xlarge": InstanceType(4, 16, 1.876, 0.1632),
    "m7g.2xlarge": InstanceType(8, 32, 3.75, 0.3264),
    "m7g.4xlarge": InstanceType(16, 64, 7.5, 0.6528),
    "m7g.8xlarge": InstanceType(32, 128, 15, 1.3056),
    "m7g.12xlarge": InstanceType(48, 192, 22.5, 1.9584),
    "m7g.16xlarge": InstanceType(64, 256, 30, 2.6112),
    "m7i.large": InstanceType(2, 8, 0.781, 0.1008),
    "m7i.xlarge": InstanceType(4, 16, 1.562, 0.2016),
    "m7i.2xlarge": InstanceType(8, 32, 3.125, 0.4032),
    "m7i.4xlarge": InstanceType(16, 64, 6.25, 0.8064),
    "m7i.8xlarge": InstanceType(32, 128, 12.5, 1.6128),
    "m7i.12xlarge": InstanceType(48, 192, 18.75, 2.4192),
    "m7i.16xlarge": InstanceType(64, 256, 25, 3.2256),
    "m7i.24xlarge": InstanceType(96, 384, 37.5, 4.8384),
    "m7i.48xlarge": InstanceType(192, 768, 50, 9.6768),
    "c5.large": InstanceType(2, 4, 0.75, 0.085),
    "c5.xlarge": InstanceType(4, 8, 1.25, 0.17),
    "c5.2xlarge": InstanceType(8, 16, 2.5, 0.34),
    "c5.4xlarge": InstanceType(16, 32, 5, 0.68),
    "c5.9xlarge": InstanceType(36, 72, 12, 1.53),
    "c5.12xlarge": InstanceType(48, 96, 12, 2.04),
    "c5.18xlarge": InstanceType(72, 144, 25, 3.06),
    "c5.24xlarge": InstanceType(96, 192, 25, 4.08),
    "c6i.large": InstanceType(2, 4, 0.781, 0.085),
    "c6i.xlarge": InstanceType(4, 8, 1.562, 0.17),
    "c6i.2xlarge": InstanceType(8, 16, 3.125, 0.34),
    "c6i.4xlarge": InstanceType(16, 32, 6.25, 0.68),
    "c6i.8xlarge": InstanceType(32, 64, 12.5, 1.36),
    "c6i.12xlarge": InstanceType(48, 96, 18.75, 2.04),
    "c6i.16xlarge": InstanceType(64, 128, 25, 2.72),
    "c6i.24xlarge": InstanceType(96, 192, 37.5, 4.08),
    "c6i.32xlarge": InstanceType(128, 256, 50, 5.44),
    "c7g.large": InstanceType(2, 4, 0.937, 0.0725),
    "c7g.xlarge": InstanceType(4, 8, 1.876, 0.145),
    "c7g.2xlarge": InstanceType(8, 16, 3.75, 0.29),
    "c7g.4xlarge": InstanceType(16, 32, 7.5, 0.58),
    "c7g.8xlarge": InstanceType(32, 64, 15, 1.16),
    "c7g.12xlarge": InstanceType(48, 96, 22.5, 1.74),
    "c7g.16xlarge": InstanceType(64, 128, 30, 2.32),
    "r5.large": InstanceType(2, 16, 0.75, 0.126),
    "r5.xlarge": InstanceType(4, 32, 1.25, 0.252),
    "r5.2xlarge": InstanceType(8, 64, 2.5, 0.504),
    "r5.4xlarge": InstanceType(16, 128, 5, 1.008),
    "r5.8xlarge": InstanceType(32, 256, 10, 2.016),
    "r5.12xlarge": InstanceType(48, 384, 12, 3.024),
    "r5.16xlarge": InstanceType(64, 512, 20, 4.032),
    "r5.24xlarge": InstanceType(96, 768, 25, 6.048),
}

Name = Literal[
    "t2.nano",
    "t2.micro",
    "t2.small",
    "t2.medium",
    "t2.large",
    "t2.xlarge",
    "t2.2xlarge",
    "t3.nano",
    "t3.micro",
    "t3.small",
    "t3.medium",
    "t3.large",
    "t3.xlarge",
    "t3.2xlarge",
    "t4g.nano",
    "t4g.micro",
    "t4g.small",
    "t4g.medium",
    "t4g.large",
    "t4g.xlarge",
    "t4g.2xlarge",
    "m5.large",
    "m5.xlarge",
    "m5.2xlarge",
    "m5.4xlarge",
    "m5.8xlarge",
    "m5.12xlarge",
    "m5.16xlarge",
    "m5.24xlarge",
    "m6i.large",
    "m6i.xlarge",
    "m6i.2xlarge",
    "m6i.4xlarge",
    "m6i.8xlarge",
    "m6i.12xlarge",
    "m6i.16xlarge",
    "m6i.24xlarge",
    "m6i.32xlarge",
    "m7g.large",
    "m7g.xlarge",
    "m7g.2xlarge",
    "m7g.4xlarge",
    "m7g.8xlarge",
    "m7g.12xlarge",
    "m7g.16xlarge",
    "m7i.large",
    "m7i.xlarge",
    "m7i.2xlarge",
    "m7i.4xlarge",
    "m7i.8xlarge",
    "m7i.12xlarge",
    "m7i.16xlarge",
    "m7i.24xlarge",
    "m7i.48xlarge",
    "c5.large",
    "c5.xlarge",
    "c5.2xlarge",
    "c5.4xlarge",
    "c5.9xlarge",
    "c5.12xlarge",
    "c5.18xlarge",
    "c5.24xlarge",
    "c6i.large",
    "c6i.xlarge",
    "c6i.2xlarge",
    "c6i.4xlarge",
    "c6i.8xlarge",
    "c6i.12xlarge",
    "c6i.16xlarge",
    "c6i.24xlarge",
    "c6i.32xlarge",
    "c7g.large",
    "c7g.xlarge",
    "c7g.2xlarge",
    "c7g.4xlarge",
    "c7g.8xlarge",
    "c7g.12xlarge",
    "c7g.16xlarge",
    "r5.large",
    "r5.xlarge",
    "r5.2xlarge",
    "r5.4xlarge",
    "r5.8xlarge",
    "r5.12xlarge",
    "r5.16xlarge",
    "r5.24xlarge",
]

assert get_args(Name) == tuple(TYPES)

EARNED: dict[str, tuple[float, ...]] = {
    "t2": (3, 6, 12, 24, 36, 54, 81.6),
    "t3": (6, 12, 24, 24, 36, 96, 192),
    "t4g": (6, 12, 24, 24, 36, 96, 192),
}
"""CPU credits an hour (a credit is a minute of one vCPU), from nano to 2xlarge."""

SPOT: dict[str, tuple[float, float]] = {
    "t3.micro": (0.69, 0.025),
    "t3.small": (0.65, 0.025),
    "t3.medium": (0.56, 0.025),
    "t3.large": (0.62, 0.075),
    "t3.xlarge": (0.60, 0.125),
    "m5.large": (0.66, 0.175),
    "m5.xlarge": (0.66, 0.25),
    "m5.2xlarge": (0.54, 0.125),
    "m5.4xlarge": (0.58, 0.175),
    "m6i.large": (0.63, 0.125),
    "m7g.large": (0.64, 0.125),
    "c5.large": (0.59, 0.025),
    "c5.xlarge": (0.56, 0.025),
    "c5.2xlarge": (0.56, 0.075),
    "c6i.large": (0.63, 0.075),
    "r5.large": (0.60, 0.025),
    "r5.xlarge": (0.69, 0.175),
}
"""Saving and interruptions a month, in the middle of the advisor's bucket (above 20 %: 25 %)."""

YOUNGEST_FOR_CONFIGURATIONS = ("m7g", "m7i")
"""Families that came after 2022: launch configurations cannot have them."""
IN_2020 = ("t2", "t3", "m5", "c5", "r5")  # families that there were at the beginning of 2020


def family(name: str) -> str:
    return name.partition(".")[0]


def credits_per_hour(name: str) -> float:
    """What an instance earns; 0 for those without credits."""
    earned = EARNED.get(family(name))
    if earned is None:
        return 0.0
    sizes = [other for other in TYPES if family(other) == family(name)]
    return earned[sizes.index(name)]


def hazard_per_hour(monthly: float) -> float:
    """The rate of interruptions of one instance, from the share interrupted in a month."""
    return -math.log1p(-min(monthly, 0.999999)) / HOURS_A_MONTH


def larger(name: str) -> str | None:
    """The next size of the family, None for the largest."""
    sizes = [other for other in TYPES if family(other) == family(name)]
    place = sizes.index(name) + 1
    return sizes[place] if place < len(sizes) else None


VCPUS, MEMORY, NETWORK, USD, EARNS, LAUNCH_CREDITS, SURPLUS_USD, SAVING, MONTHLY = range(9)


def _row(name: str) -> tuple[float, ...]:
    kind = TYPES[name]
    saving, monthly = SPOT.get(name, (TYPICAL_SAVING, TYPICAL_INTERRUPTIONS))
    launch = T2_LAUNCH_CREDITS * kind.vcpus if family(name) == "t2" else 0.0
    surplus = SURPLUS_T4G_USD_VCPU_HOUR if family(name) == "t4g" else SURPLUS_USD_VCPU_HOUR
    return (*kind, credits_per_hour(name), launch, surplus / 60.0, saving, monthly)


TABLE = np.array([_row(name) for name in TYPES])
"""What the law knows of a type, by its place in `TYPES`: the columns above."""
PLACE = {name: place for place, name in enumerate(TYPES)}
