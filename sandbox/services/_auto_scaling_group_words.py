"""What a group may lose requests by, what it measures, and what it says."""

from __future__ import annotations

from sandbox.services._auto_scaling_group_params import HEALTH, TARGETS
from sandbox.services._instances_words import EVENTS as INSTANCE_EVENTS
from sandbox.services._scaling_events import EVENTS as SCALING_EVENTS
from sandbox.services._scaling_watch import METRICS as WATCHED
from sandbox.services._workers import QUEUE
from sandbox.services.contract import Cause, Metric

CAUSES = (
    Cause("rejected", "queue_full", "the listen queues of the instances are full", QUEUE),
    Cause("rejected", "no_instance", "no instance in service"),
    Cause("failed", "cut_off", "the deregistration delay ended before the request", TARGETS),
    Cause("failed", "stopped", "the instance stopped running", HEALTH),
)

METRICS = (
    Metric("desired_capacity", "", "Desired capacity", "desired", "GroupDesiredCapacity"),
    Metric("pending", "", "Pending (boot)", "pending", "GroupPendingInstances"),
    Metric("starting", "", "Starting (application, first health check)", "starting"),
    Metric("in_service", "", "In service", "in_service", "GroupInServiceInstances"),
    Metric("terminating", "", "Terminating", "terminating", "GroupTerminatingInstances"),
    Metric("standby", "", "In standby", "standby", "GroupStandbyInstances"),
    Metric("spot_instances", "", "Spot instances", "spot"),
    Metric("warm_pool_size", "", "Warm pool", "warm", "WarmPoolWarmedCapacity"),
    Metric("vcpus", "", "vCPUs in service", "vcpus"),
    Metric("cpu_credit_balance", "", "CPU credits, mean", "cpu_credit_balance", "CPUCreditBalance"),
    Metric(
        "cpu_surplus_credits",
        "",
        "Surplus CPU credits, mean",
        "cpu_surplus_credits",
        "CPUSurplusCreditBalance",
    ),
    Metric("network_utilization", "", "Share of the network baseline", "network_utilization"),
    Metric(
        "cpu_utilization",
        "%",
        "CPU, as published",
        "cpu_utilization",
        "CPUUtilization",
        sampled="cpu_now",
        period="monitoring_s",
    ),
    Metric(
        "request_count_per_target",
        "",
        "Requests a minute and target, as published",
        "requests_per_target",
        "RequestCountPerTarget",
        sampled="requests_now",
    ),
    Metric(
        "network_in",
        "B",
        "Bytes into an instance in a minute, as published",
        "network_in",
        "NetworkIn",
        sampled="network_in_now",
        period="monitoring_s",
    ),
    Metric(
        "network_out",
        "B",
        "Bytes out of an instance in a minute, as published",
        "network_out",
        "NetworkOut",
        sampled="network_out_now",
        period="monitoring_s",
    ),
    Metric("worker_utilization", "", "Busy workers", "worker_utilization"),
    Metric("alarm_high", "", "AlarmHigh (0 OK, 1 ALARM, 2 insufficient data)", "alarm_high"),
    Metric("alarm_low", "", "AlarmLow (0 OK, 1 ALARM, 2 insufficient data)", "alarm_low"),
    Metric("breaching_high", "", "Datapoints above target (policy 1)", "breaching_high"),
    Metric("breaching_low", "", "Datapoints below 0.9 of target (policy 1)", "breaching_low"),
    Metric("warming", "", "Warming: not counted yet, hold up scale-in", "warming"),
    Metric("cooldown_left_s", "s", "Cooldown left", "cooldown_left"),
    *WATCHED,
    Metric(
        "load_forecast",
        "",
        "Load forecast for this hour (predictive policy 1)",
        "load_forecast",
        "PredictiveScalingLoadForecast",
    ),
    Metric(
        "capacity_forecast",
        "",
        "Capacity forecast for this hour (predictive policy 1)",
        "capacity_forecast",
        "PredictiveScalingCapacityForecast",
    ),
)

EVENTS = (*INSTANCE_EVENTS, *SCALING_EVENTS)
