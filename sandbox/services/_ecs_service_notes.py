"""What the help page of `ecs_service` says beside what is declared."""

from sandbox.services.contract import Note

NOTES = (
    Note(
        "changed",
        "Fargate tasks had 4 vCPU and 30 GB at most. Now they have up to 16 vCPU and 120 GB.",
        "Amazon ECS Developer Guide: Fargate task definition differences",
    ),
    Note(
        "changed",
        "The deployment circuit breaker came at the end of 2020. Before, a version whose tasks "
        "fail was tried for ever.",
        "Amazon ECS Developer Guide: How the deployment circuit breaker detects failures",
    ),
    Note(
        "mistake",
        "The health check grace period is 0 s unless it is set. A service whose application "
        "starts slowly is stopped before it is ready, and started again, for ever.",
        "Amazon ECS API: CreateService",
    ),
    Note(
        "mistake",
        "A rolling update needs room for the tasks of both versions: with 100 and 200 % it "
        "doubles them, and on instances without room the new ones wait.",
        "Amazon ECS API: DeploymentConfiguration",
    ),
    Note(
        "mistake",
        "A deployment takes as long as old tasks drain: the deregistration delay of 300 s, "
        "though their last request ends in the first second.",
        "Application Load Balancers user guide: Target groups for your load balancers",
    ),
    Note(
        "mistake",
        "CPU utilization is of what the tasks reserve. On instances a task may use what nobody "
        "else does, so that it passes 100 %.",
        "Amazon ECS Developer Guide: Amazon ECS CloudWatch metrics",
    ),
)
