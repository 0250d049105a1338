"""EC2 instance types: vCPU, memory and on-demand price (Linux, us-east-1).

Sources: Amazon EC2 instance types (vCPU, memory); Amazon EC2 on-demand pricing, us-east-1 (USD/h).
A vCPU counts the same in every type: their relative speed is not modelled.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

SOURCE = "Amazon EC2 on-demand pricing, Linux, us-east-1"
DETAILED_MONITORING_USD_MONTH = 2.10  # Amazon CloudWatch pricing: 7 metrics at 0.30 USD
HOURS_A_MONTH = 730.0


class InstanceType(NamedTuple):
    vcpus: int
    memory_gib: float
    usd_per_hour: float


TYPES: dict[str, InstanceType] = {
    "t2.micro": InstanceType(1, 1, 0.0116),
    "t2.medium": InstanceType(2, 4, 0.0464),
    "t2.large": InstanceType(2, 8, 0.0928),
    "t3.nano": InstanceType(2, 0.5, 0.0052),
    "t3.micro": InstanceType(2, 1, 0.0104),
    "t3.small": InstanceType(2, 2, 0.0208),
    "t3.medium": InstanceType(2, 4, 0.0416),
    "t3.large": InstanceType(2, 8, 0.0832),
    "t3.xlarge": InstanceType(4, 16, 0.1664),
    "t3.2xlarge": InstanceType(8, 32, 0.3328),
    "t4g.medium": InstanceType(2, 4, 0.0336),
    "m5.large": InstanceType(2, 8, 0.096),
    "m5.xlarge": InstanceType(4, 16, 0.192),
    "m5.2xlarge": InstanceType(8, 32, 0.384),
    "m5.4xlarge": InstanceType(16, 64, 0.768),
    "m6i.large": InstanceType(2, 8, 0.096),
    "m7g.large": InstanceType(2, 8, 0.0816),
    "m7i.large": InstanceType(2, 8, 0.1008),
    "c5.large": InstanceType(2, 4, 0.085),
    "c5.xlarge": InstanceType(4, 8, 0.170),
    "c5.2xlarge": InstanceType(8, 16, 0.340),
    "c6i.large": InstanceType(2, 4, 0.085),
    "c7g.large": InstanceType(2, 4, 0.0725),
    "r5.large": InstanceType(2, 16, 0.126),
    "r5.xlarge": InstanceType(4, 32, 0.252),
}

Name = Literal[
    "t2.micro",
    "t2.medium",
    "t2.large",
    "t3.nano",
    "t3.micro",
    "t3.small",
    "t3.medium",
    "t3.large",
    "t3.xlarge",
    "t3.2xlarge",
    "t4g.medium",
    "m5.large",
    "m5.xlarge",
    "m5.2xlarge",
    "m5.4xlarge",
    "m6i.large",
    "m7g.large",
    "m7i.large",
    "c5.large",
    "c5.xlarge",
    "c5.2xlarge",
    "c6i.large",
    "c7g.large",
    "r5.large",
    "r5.xlarge",
]

assert get_args(Name) == tuple(TYPES)
