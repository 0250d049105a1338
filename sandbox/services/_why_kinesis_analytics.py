"""What a Flink application says of its numbers and its bill."""

from __future__ import annotations

import math

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/managed-service-apache-flink/pricing/"
SCALING = "Managed Service for Apache Flink Developer Guide: Implement application scaling"
_KPUS = "kpus"
_MONTH = Input("MONTH_H", "Hours in a month", "h")

EXPLANATIONS = (
    Explanation(
        "utilization",
        "Records processed × CPU time of one ÷ KPUs, each of which has one vCPU.",
        ("records_in", Input("p.cpu_time_ms", "CPU time of a record", "ms"), _KPUS),
        lambda rate, ms, count: min(1.0, rate * ms / 1e3 / count),
        SCALING,
    ),
    Explanation(
        "instances",
        "Parallelism ÷ tasks of a KPU, rounded up; one more is billed for orchestration.",
        ("parallelism", Input("p.parallelism_per_kpu", "Tasks of a KPU")),
        lambda parallelism, each: math.ceil(parallelism / each - 1e-9),
        SCALING,
    ),
)

COST_LINES = (
    CostLine(
        "KPUs",
        "KPUs × price of an hour.",
        (_KPUS, Input("KPU_HOUR_USD", "A KPU-hour", "USD", PRICING)),
        lambda count, usd: count * usd,
        PRICING,
    ),
    CostLine(
        "Orchestration",
        "One KPU more × price of an hour.",
        (Input("ORCHESTRATION_KPUS", "KPUs for orchestration"),
         Input("KPU_HOUR_USD", "A KPU-hour", "USD", PRICING)),
        lambda count, usd: count * usd,
        PRICING,
    ),
    CostLine(
        "Running storage",
        "KPUs × 50 GB × price of a GB-month ÷ hours in a month.",
        (_KPUS, Input("KPU_GB", "Storage of a KPU", "GB", SCALING),
         Input("STORAGE_GB_USD", "A GB-month", "USD", PRICING), _MONTH),
        lambda count, gb, usd, hours: count * gb * usd / hours,
        PRICING,
    ),
    CostLine(
        "Backups",
        "GB of backups × price of a GB-month ÷ hours in a month.",
        (Input("p.backup_gb", "Backups", "GB"),
         Input("BACKUP_GB_USD", "A GB-month", "USD", PRICING), _MONTH),
        lambda gb, usd, hours: gb * usd / hours,
        PRICING,
    ),
)  # fmt: skip
