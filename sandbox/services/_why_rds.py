"""What a database says of its numbers and its bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/rds/pricing/"
AURORA_PRICING = "https://aws.amazon.com/rds/aurora/pricing/"
STORAGE = "Amazon RDS User Guide: Amazon RDS DB instance storage"

EXPLANATIONS = (
    Explanation(
        "burst_balance",
        "Credits left ÷ the 5.4 million that a gp2 volume saves.",
        (Input("s.burst_balance", "Left", "share"),),
        lambda left: left,
        STORAGE,
    ),
    Explanation(
        "utilization",
        "The scarcest of the writer's CPU, the replicas' CPU and the volume's operations.",
        ("cpu_utilization", "reader_cpu_utilization", "s.iops", "iops_limit"),
        lambda cpu, readers, iops, most: min(
            1.0, max(cpu, readers, iops / most if most > 0 else 0.0)
        ),
        "assumption",
    ),
)

COST_LINES = (
    CostLine(
        "Instances",
        "The writer, its standbys and replicas × price of the class; a proxy by their vCPUs.",
        (Input("s.cost_instances", "Instances", "USD/h"),),
        lambda usd: usd,
        PRICING,
    ),
    CostLine(
        "Storage",
        "Size of each instance's volume × price, and provisioned operations (io1); of Aurora the "
        "data, once.",
        (Input("s.cost_storage", "Storage", "USD/h"),),
        lambda usd: usd,
        PRICING,
    ),
    CostLine(
        "Operations",
        "Aurora: operations of storage × price of a million.",
        (Input("s.cost_io", "Operations", "USD/h"),),
        lambda usd: usd,
        AURORA_PRICING,
    ),
)
