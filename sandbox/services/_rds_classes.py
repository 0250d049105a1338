"""DB instance classes: vCPUs, memory, price, and how many connections each engine takes by it.

Prices are of us-east-1, Single-AZ, by the hour.  What the price list gives for one size is taken as
proportional within its family, as it is there.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, get_args

PRICING = "https://aws.amazon.com/rds/pricing/"
AURORA_PRICING = "https://aws.amazon.com/rds/aurora/pricing/"
LIMITS = "Amazon RDS User Guide: Quotas and constraints, Maximum number of database connections"
AURORA_LIMITS = "Amazon Aurora User Guide: Maximum connections to an Aurora MySQL DB instance"

GIB = 1024.0**3
MYSQL_BYTES = 12_582_880.0  # LIMITS: memory of the instance class for one connection
POSTGRES_BYTES = 9_531_392.0  # LIMITS
POSTGRES_MOST = 5_000  # LIMITS
MARIADB_BYTES = 25_165_760.0  # LIMITS: from MariaDB 10.6 on
MARIADB_MOST = 12_000  # LIMITS
AURORA_MYSQL = {  # AURORA_LIMITS: the default of each class
    "db.t3.small": 45,
    "db.t3.medium": 90,
    "db.t3.large": 135,
    "db.r5.large": 1000,
    "db.r5.xlarge": 2000,
    "db.r5.2xlarge": 3000,
    "db.r5.4xlarge": 4000,
    "db.r5.8xlarge": 5000,
    "db.r5.12xlarge": 6000,
    "db.r5.16xlarge": 6000,
    "db.r5.24xlarge": 7000,
}

# USD per hour of a large instance: db.t3.large and db.m5.large with MySQL, db.t3.large with
# PostgreSQL, db.r5.large with Aurora by PRICING and AURORA_PRICING; the other entries are common
# knowledge of the same pages (low confidence)
LARGE_USD = {
    "mysql": {"t3": 0.136, "m5": 0.171, "r5": 0.240},
    "postgres": {"t3": 0.145, "m5": 0.178, "r5": 0.250},
    "aurora": {"t3": 0.164, "r5": 0.290},
}


class DbClass(NamedTuple):
    vcpus: int
    memory_gib: float
    larges: float  # its price, in that of a large one


CLASSES: dict[str, DbClass] = {
    "db.t3.micro": DbClass(2, 1, 0.125),
    "db.t3.small": DbClass(2, 2, 0.25),
    "db.t3.medium": DbClass(2, 4, 0.5),
    "db.t3.large": DbClass(2, 8, 1),
    "db.t3.xlarge": DbClass(4, 16, 2),
    "db.t3.2xlarge": DbClass(8, 32, 4),
    "db.m5.large": DbClass(2, 8, 1),
    "db.m5.xlarge": DbClass(4, 16, 2),
    "db.m5.2xlarge": DbClass(8, 32, 4),
    "db.m5.4xlarge": DbClass(16, 64, 8),
    "db.r5.large": DbClass(2, 16, 1),
    "db.r5.xlarge": DbClass(4, 32, 2),
    "db.r5.2xlarge": DbClass(8, 64, 4),
    "db.r5.4xlarge": DbClass(16, 128, 8),
    "db.r5.8xlarge": DbClass(32, 256, 16),
    "db.r5.12xlarge": DbClass(48, 384, 24),
    "db.r5.16xlarge": DbClass(64, 512, 32),
    "db.r5.24xlarge": DbClass(96, 768, 48),
}
Name = Literal[
    "db.t3.micro",
    "db.t3.small",
    "db.t3.medium",
    "db.t3.large",
    "db.t3.xlarge",
    "db.t3.2xlarge",
    "db.m5.large",
    "db.m5.xlarge",
    "db.m5.2xlarge",
    "db.m5.4xlarge",
    "db.r5.large",
    "db.r5.xlarge",
    "db.r5.2xlarge",
    "db.r5.4xlarge",
    "db.r5.8xlarge",
    "db.r5.12xlarge",
    "db.r5.16xlarge",
    "db.r5.24xlarge",
]
assert get_args(Name) == tuple(CLASSES)


def offered(engine: str, name: str) -> bool:
    """Whether Aurora has the class; RDS has them all."""
    return not engine.startswith("aurora") or name in AURORA_MYSQL


def max_connections(engine: str, name: str) -> int:
    """The default of the parameter group, all memory of the class counted."""
    memory = CLASSES[name].memory_gib * GIB
    if engine == "mysql":
        return int(memory / MYSQL_BYTES)
    if engine == "mariadb":
        return min(int(memory / MARIADB_BYTES), MARIADB_MOST)
    if engine == "aurora-mysql":
        return AURORA_MYSQL[name]
    return min(int(memory / POSTGRES_BYTES), POSTGRES_MOST)


def usd_per_hour(engine: str, name: str) -> float:
    """Single-AZ, one instance."""
    family = name.split(".")[1]
    prices = "aurora" if engine.startswith("aurora") else engine
    return CLASSES[name].larges * LARGE_USD["mysql" if prices == "mariadb" else prices][family]
