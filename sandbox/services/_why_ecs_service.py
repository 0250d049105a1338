"""What an ECS service says of its numbers and its bill."""

from __future__ import annotations

import math

from sandbox.services.explain import CostLine, Explanation, Input

FARGATE = "https://aws.amazon.com/fargate/pricing/"
EC2 = "Amazon EC2 on-demand pricing, Linux, us-east-1"
TASKS = "Amazon ECS Developer Guide: Task lifecycle"

EXPLANATIONS = (
    Explanation(
        "running_count",
        "Tasks that run: those in service, and those whose application starts or that the "
        "balancer has not found healthy yet.",
        ("healthy_count", Input("s.starting", "Starting")),
        lambda serving, starting: serving + starting,
        TASKS,
    ),
    Explanation(
        "unhealthy_count",
        "Tasks in service × the share whose last looks waited longer than the balancer's timeout, "
        "in whole tasks.",
        ("healthy_count", Input("s.sick", "Share that fails checks", "share")),
        lambda serving, sick: math.floor(serving * sick + 0.5),
        "Elastic Load Balancing user guides: Health checks for your target groups",
    ),
)

COST_LINES = (
    CostLine(
        "Fargate",
        "vCPU and memory of the tasks that are pulled, run or drain; a minute of each at least.",
        (Input("s.fargate_usd", "Tasks", "USD/h", FARGATE),),
        lambda usd: usd,
        FARGATE,
    ),
    CostLine(
        "EC2 instances",
        "Instances of the capacity provider, from their launch, × price of an hour; ECS itself "
        "costs nothing.",
        (
            "container_instances",
            Input("s.booting", "Instances that boot"),
            Input("p.host_usd", "An hour", "USD", EC2),
        ),
        lambda hosts, booting, usd: (hosts + booting) * usd,
        EC2,
    ),
)
