"""Scaling policies, scheduled actions and alarms, put on the node that they scale."""

from __future__ import annotations

import re
from typing import Any

from sandbox.exchange.marks import marked
from sandbox.exchange.template import Resource
from sandbox.exchange.work import Part, Work, every, get, number, truth, whole

from .fleet import notify

POLICY = "AWS::AutoScaling::ScalingPolicy"
_STATISTICS = {"SampleCount": "sample_count"}
_METRICS = {
    "ASGAverageCPUUtilization": "asg_average_cpu_utilization",
    "ALBRequestCountPerTarget": "alb_request_count_per_target",
    "ASGAverageNetworkIn": "asg_average_network_in",
    "ASGAverageNetworkOut": "asg_average_network_out",
}
_WATCHED = {
    "ApproximateNumberOfMessagesVisible": "backlog",
    "ApproximateNumberOfMessagesNotVisible": "in_flight",
    "NumberOfMessagesSent": "arrivals",
    "RequestCount": "arrivals",
    "Invocations": "arrivals",
    "Throttles": "throttled",
    "Errors": "failed",
    "CPUUtilization": "utilization",
    "TargetResponseTime": "latency_mean",
    "ConcurrentExecutions": "in_flight",
}


def snake(text: Any) -> str:
    """`GreaterThanThreshold` as `greater_than_threshold`."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", str(text)).lower()


def _append(work: Work, id: str, name: str, policy: dict[str, Any]) -> None:
    kept = {key: value for key, value in policy.items() if value is not None}
    node = work.nodes[id]
    node.params[name] = [*node.params.get(name, []), kept]


def _reference(work: Work, about: Any) -> dict[str, Any] | None:
    """A metric reference for a custom metric of a resource in the template."""
    metric = _WATCHED.get(str(get(about, "MetricName")))
    for dimension in every(about, "Dimensions[]"):
        for node in work.meant(get(dimension, "Value")):
            if metric:
                statistic = snake(get(about, "Statistic") or "Average")
                return {"node": node, "metric": metric, "statistic": statistic}
    return None


def _alarm_of(work: Work, policy: str) -> Resource | None:
    for alarm in work.of_type("AWS::CloudWatch::Alarm"):
        for key in ("AlarmActions[]", "OKActions[]"):
            if any(policy in marked(value) for value in every(alarm.properties, key)):
                return alarm
    return None


def _judgement(alarm: Resource) -> dict[str, Any]:
    about = alarm.properties
    found = {
        "threshold": number(about.get("Threshold")),
        "comparison": snake(about.get("ComparisonOperator", "GreaterThanOrEqualToThreshold")),
        "evaluation_periods": whole(about.get("EvaluationPeriods")),
        "datapoints_to_alarm": whole(about.get("DatapointsToAlarm")),
        "treat_missing_data": snake(about.get("TreatMissingData", "missing")),
    }
    return {key: value for key, value in found.items() if value is not None}


def _group_policy(work: Work, resource: Resource) -> str:
    """AWS CloudFormation Template Reference: AWS::AutoScaling::ScalingPolicy."""
    about = resource.properties
    groups = work.meant(about.get("AutoScalingGroupName"))
    if not groups:
        return "a policy of a group elsewhere"
    group, kind = groups[0], str(about.get("PolicyType", "SimpleScaling"))
    if kind == "TargetTrackingScaling":
        target = about.get("TargetTrackingConfiguration") or {}
        predefined = get(target, "PredefinedMetricSpecification.PredefinedMetricType")
        custom = _reference(work, get(target, "CustomizedMetricSpecification"))
        if predefined is None and custom is None:
            work.assume(resource.id, "its metric is not simulated; tracked by CPU instead")
        policy: dict[str, Any] = {
            "metric": "custom" if custom else _METRICS.get(str(predefined), _METRICS[_CPU]),
            "custom_metric": custom,
            "target_value": number(target.get("TargetValue")),
            "disable_scale_in": truth(target.get("DisableScaleIn")) or None,
            "estimated_instance_warmup_s": whole(about.get("EstimatedInstanceWarmup")),
        }
        _append(work, group, "policies", policy)
        return f"a target tracking policy of {group}"
    if kind == "PredictiveScaling":
        work.assume(resource.id, "drawn with the default metric pair, CPU")
        target = every(about, "PredictiveScalingConfiguration.MetricSpecifications[].TargetValue")
        mode = snake(get(about, "PredictiveScalingConfiguration.Mode") or "ForecastOnly")
        policy = {"target_value": number(target[0]) if target else None, "mode": mode}
        _append(work, group, "predictive_policies", policy)
        return f"a predictive policy of {group}"
    alarm = _alarm_of(work, resource.id)
    if alarm is None:
        work.assume(resource.id, "no alarm of the template starts it; left out")
        return f"a policy of {group} without an alarm"
    policy = _judgement(alarm) | {
        "statistic": snake(alarm.properties.get("Statistic", "Average")),
        "period_s": whole(alarm.properties.get("Period")),
        "adjustment_type": snake(about.get("AdjustmentType", "ChangeInCapacity")),
        "min_adjustment_magnitude": whole(about.get("MinAdjustmentMagnitude")),
    }
    own = str(alarm.properties.get("MetricName")) == "CPUUtilization"
    if not own:
        custom = _reference(work, alarm.properties)
        policy |= {"metric": "custom", "custom_metric": custom} if custom else {}
        if custom is None:
            work.assume(resource.id, "the metric of its alarm is not simulated; left out")
            return f"a policy of {group} on a metric that is not simulated"
    if kind == "StepScaling":
        policy["steps"] = [_step(step) for step in every(about, "StepAdjustments[]")]
        policy["estimated_instance_warmup_s"] = whole(about.get("EstimatedInstanceWarmup"))
        _append(work, group, "step_policies", policy)
        return f"a step policy of {group}"
    policy["adjustment"] = number(about.get("ScalingAdjustment"))
    policy["cooldown_s"] = whole(about.get("Cooldown"))
    _append(work, group, "simple_policies", policy)
    return f"a simple policy of {group}"


_CPU = "ASGAverageCPUUtilization"


def _step(about: Any) -> dict[str, Any]:
    found = {
        "lower_bound": number(get(about, "MetricIntervalLowerBound")),
        "upper_bound": number(get(about, "MetricIntervalUpperBound")),
        "adjustment": number(get(about, "ScalingAdjustment")),
    }
    return {key: value for key, value in found.items() if value is not None}


def _group_schedule(work: Work, resource: Resource) -> str:
    about = resource.properties
    groups = work.meant(about.get("AutoScalingGroupName"))
    if not groups:
        return "of a group elsewhere"
    action = {
        "recurrence": about.get("Recurrence"),
        "start_time": about.get("StartTime"),
        "end_time": about.get("EndTime"),
        "time_zone": about.get("TimeZone"),
        "min_size": whole(about.get("MinSize")),
        "max_size": whole(about.get("MaxSize")),
        "desired_capacity": whole(about.get("DesiredCapacity")),
    }
    _append(work, groups[0], "scheduled_actions", action)
    return f"a scheduled action of {groups[0]}"


def _hook(work: Work, resource: Resource) -> str:
    about = resource.properties
    groups = work.meant(about.get("AutoScalingGroupName"))
    for group in groups:
        launching = "LAUNCHING" in str(about.get("LifecycleTransition"))
        hook = {
            "transition": "launching" if launching else "terminating",
            "heartbeat_timeout_s": whole(about.get("HeartbeatTimeout")),
            "default_result": about.get("DefaultResult"),
        }
        _append(work, group, "lifecycle_hooks", hook)
        target = about.get("NotificationTargetARN")
        notify(work, group, target, "lifecycle notification", resource.id)
        return f"a lifecycle hook of {group}"
    return "of a group elsewhere"


def _warm_pool(work: Work, resource: Resource) -> str:
    for group in work.meant(resource.properties.get("AutoScalingGroupName")):
        work.put(group, "warm_pool", True)
        work.put(group, "warm_pool_min_size", whole(resource.properties.get("MinSize")))
        work.put(group, "warm_pool_state", resource.properties.get("PoolState"))
        return f"the warm pool of {group}"
    return "of a group elsewhere"


_DIMENSIONS = {
    "ecs:service:DesiredCount": "scaling",
    "dynamodb:table:ReadCapacityUnits": "read_scaling",
    "dynamodb:table:WriteCapacityUnits": "write_scaling",
}


def _scalable(work: Work, resource: Resource) -> str:
    about = resource.properties
    parameter = _DIMENSIONS.get(str(about.get("ScalableDimension")))
    wanted = "ecs_service" if parameter == "scaling" else "dynamodb"
    value = about.get("ResourceId")
    found = [id for id in work.meant(value) if work.nodes[id].service == wanted]
    if not found and isinstance(value, str):
        found = [id for id in work.named(value.rsplit("/", 1)[-1]) if id in work.nodes]
    if parameter is None or not found:
        work.assume(resource.id, "what it scales is not simulated as scaling")
        return "a scalable target of something that does not scale here"
    target: dict[str, Any] = {}
    for name, key in (("min_capacity", "MinCapacity"), ("max_capacity", "MaxCapacity")):
        if (size := whole(about.get(key))) is not None:
            target[name] = size
    for policy in work.of_type("AWS::ApplicationAutoScaling::ScalingPolicy"):
        if resource.id in marked(policy.properties.get("ScalingTargetId")):
            _tracking(work, policy, target)
    work.put(found[0], parameter, target)
    return f"the bounds of {found[0]}"


def _tracking(work: Work, policy: Resource, target: dict[str, Any]) -> None:
    about = policy.properties.get("TargetTrackingScalingPolicyConfiguration")
    if not isinstance(about, dict):
        work.late.append(lambda: work.assume(policy.id, "a step policy; its alarm is left out"))
        return
    special = about.get("CustomizedMetricSpecification")
    custom = _reference(work, special)
    if special is not None and custom is None:
        return
    tracking = {
        "target_value": number(about.get("TargetValue")),
        "scale_in_cooldown_s": whole(about.get("ScaleInCooldown")),
        "scale_out_cooldown_s": whole(about.get("ScaleOutCooldown")),
        "disable_scale_in": truth(about.get("DisableScaleIn")) or None,
        "metric": "custom" if custom else None,
        "custom_metric": custom,
    }
    kept = {key: value for key, value in tracking.items() if value is not None}
    target.setdefault("target_tracking", []).append(kept)


def _application_policy(work: Work, resource: Resource) -> str:
    targets = work.resources_in(resource.properties.get("ScalingTargetId"))
    return f"a policy of {targets[0].id}" if targets else "a policy of a target elsewhere"


def _alarm(work: Work, resource: Resource) -> str:
    about = resource.properties
    policies = [
        r.id for key in ("AlarmActions[]", "OKActions[]") for value in every(about, key)
        for r in work.resources_in(value, POLICY)
    ]  # fmt: skip
    watched = [id for value in every(about, "Dimensions[].Value") for id in work.meant(value)]
    for value in every(about, "AlarmActions[]"):
        for source in watched:
            notify(work, source, value, "alarm action", resource.id)
    if policies:
        return f"the alarm of {', '.join(dict.fromkeys(policies))}"
    return (
        f"watches {watched[0]}; starts nothing that scales" if watched else "watches nothing here"
    )


PARTS: dict[str, Part] = {
    POLICY: _group_policy,
    "AWS::AutoScaling::ScheduledAction": _group_schedule,
    "AWS::AutoScaling::LifecycleHook": _hook,
    "AWS::AutoScaling::WarmPool": _warm_pool,
    "AWS::ApplicationAutoScaling::ScalableTarget": _scalable,
    "AWS::ApplicationAutoScaling::ScalingPolicy": _application_policy,
    "AWS::CloudWatch::Alarm": _alarm,
}
