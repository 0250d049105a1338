"""What a cache says of its numbers and its bill."""

from __future__ import annotations

from sandbox.services.explain import CostLine, Explanation, Input

PRICING = "https://aws.amazon.com/elasticache/pricing/"

EXPLANATIONS = (
    Explanation(
        "utilization",
        "The busiest node: the larger of its engine's thread and its network, of their baselines.",
        ("engine_cpu_utilization", "network_utilization"),
        lambda engine, network: min(1.0, max(engine, network)),
    ),
)

COST_LINES = (
    CostLine(
        "Nodes",
        "Nodes that are up × price of a node-hour.",
        (Input("s.nodes_up", "Nodes that are up"), Input("p.usd", "A node-hour", "USD", PRICING)),
        lambda n, usd: n * usd,
        PRICING,
    ),
)
