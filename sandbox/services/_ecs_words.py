"""What a service may lose requests by, what it measures, and what it says."""

from __future__ import annotations

from sandbox.services import _application_scaling as scaling
from sandbox.services import _ecs_cluster as cluster
from sandbox.services import _ecs_deploy as deployment
from sandbox.services import _ecs_tasks as tasks
from sandbox.services._workers import QUEUE
from sandbox.services.contract import Cause, EventKind, Metric

TARGETS = "Application Load Balancers user guide: Target groups for your load balancers"
LIFECYCLE = "Amazon ECS Developer Guide: Task lifecycle"

SCALING_EVENTS = scaling.events("tasks")
BEFORE = (*tasks.EVENTS, *deployment.EVENTS, *cluster.EVENTS, *SCALING_EVENTS)

CAUSES = (
    Cause("rejected", "queue_full", "the listen queues of the tasks are full", QUEUE),
    Cause("rejected", "no_task", "no task takes requests", LIFECYCLE),
    Cause("failed", "cut_off", "the deregistration delay ended before the request", TARGETS),
    Cause("failed", "stopped", "the task stopped running", LIFECYCLE),
)

METRICS = (
    Metric("desired_count", "", "Desired tasks", "desired", "DesiredTaskCount"),
    Metric("running_count", "", "Running tasks", "running", "RunningTaskCount"),
    Metric("pending_count", "", "Pending tasks", "pending", "PendingTaskCount"),
    Metric("waiting_count", "", "Tasks that wait for a place", "waiting"),
    Metric("healthy_count", "", "Tasks in service", "serving"),
    Metric("unhealthy_count", "", "Tasks that fail health checks", "unhealthy"),
    Metric("draining_count", "", "Tasks that drain", "draining"),
    Metric("failed_tasks", "", "Failed tasks so far", "failed"),
    Metric("updated_share", "", "Share of tasks in the new version", "updated"),
    Metric(
        "cpu_utilization",
        "%",
        "CPU, of what is reserved, as published",
        "cpu_utilization",
        "CPUUtilization",
    ),
    Metric("worker_utilization", "", "Busy workers", "worker_utilization"),
    Metric("alarm_high", "", "AlarmHigh (0 OK, 1 ALARM, 2 insufficient data)", "alarm_high"),
    Metric("alarm_low", "", "AlarmLow (0 OK, 1 ALARM, 2 insufficient data)", "alarm_low"),
    Metric("container_instances", "", "Instances that run", "hosts"),
    Metric(
        "capacity_provider_reservation",
        "%",
        "Instances needed, of those that run",
        "reservation",
        "CapacityProviderReservation",
    ),
)

EVENTS = (
    *BEFORE,
    EventKind(
        "scale_in_refused",
        "Scaling in from {1:,.0f} to {0:,.0f} tasks; refused: version {2:.0f} is being deployed",
    ),
)
