"""Fargate, for whoever runs tasks or jobs on it: sizes and prices."""

from __future__ import annotations

VCPU_USD = 0.04048  # AWS Fargate pricing, Linux x86, us-east-1: a vCPU-hour
GB_USD = 0.004445  # AWS Fargate pricing, Linux x86, us-east-1: a GB-hour
SPOT_SAVING = 0.70  # AWS Fargate pricing: Spot, up to 70 % off

MIB: dict[int, tuple[int, int, int]] = {  # least, most, in steps of
    256: (512, 2048, 512),
    512: (1024, 4096, 1024),
    1024: (2048, 8192, 1024),
    2048: (4096, 16_384, 1024),
    4096: (8192, 30_720, 1024),
    8192: (16_384, 61_440, 4096),
    16_384: (32_768, 122_880, 8192),
}  # Amazon ECS Developer Guide: Fargate task sizes


def usd_per_hour(vcpus: float, memory_mib: float) -> float:
    """The price of a task, not on Spot."""
    return vcpus * VCPU_USD + memory_mib / 1024 * GB_USD
