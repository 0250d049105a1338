"""Scaling on the way out: policies, alarms, schedules and hooks of groups, scalable targets."""

from __future__ import annotations

import re
from typing import Any

from sandbox.document import Node
from sandbox.exchange.out.draft import Draft, Json, ref

from .scaling import _METRICS, _WATCHED

_CPU = "asg_average_cpu_utilization"
_PREDEFINED = {name: metric for metric, name in _METRICS.items()}
_WATCHES: dict[str, tuple[str, str, dict[str, str]]] = {
    "sqs": (
        "AWS/SQS",
        "QueueName",
        {
            "backlog": "ApproximateNumberOfMessagesVisible",
            "in_flight": "ApproximateNumberOfMessagesNotVisible",
            "arrivals": "NumberOfMessagesSent",
        },
    ),
    "lambda_function": (
        "AWS/Lambda",
        "FunctionName",
        {
            "arrivals": "Invocations",
            "throttled": "Throttles",
            "failed": "Errors",
            "in_flight": "ConcurrentExecutions",
        },
    ),
    "auto_scaling_group": (
        "AWS/EC2",
        "AutoScalingGroupName",
        {"utilization": "CPUUtilization"},
    ),
}
"""Namespace, dimension and metrics that `Ref` of a resource names, by service."""
assert all(cw in _WATCHED for _, _, names in _WATCHES.values() for cw in names.values())


def pascal(text: str) -> str:
    """`greater_than_threshold` as `GreaterThanThreshold`; the inverse of `snake`."""
    return re.sub(r"(?:^|_)([a-z])", lambda found: found[1].upper(), text)


def watched(draft: Draft, about: Any) -> Json | None:
    """A metric reference as what CloudWatch calls it, or None where it has no such metric."""
    if not about or about.get("node") not in draft.names:
        return None
    service = draft.service(about["node"])
    namespace, dimension, names = _WATCHES.get(service, ("", "", {}))
    metric = names.get(about.get("metric", ""))
    if metric is None or draft.id(about["node"]) not in draft.resources:
        return None
    id = draft.id(about["node"])
    name = {"Fn::GetAtt": [id, "QueueName"]} if service == "sqs" else ref(id)
    return {
        "Namespace": namespace,
        "MetricName": metric,
        "Dimensions": [{"Name": dimension, "Value": name}],
        "Statistic": pascal(about.get("statistic", "average")),
    }


def policies(draft: Draft, node: Node) -> None:
    """All that scales a group; what is watched must have been made, so this comes late."""
    group = ref(draft.id(node))
    for policy in draft.value(node, "policies") or ():
        _tracking(draft, node, policy)
    for kind, name in (("StepScaling", "step_policies"), ("SimpleScaling", "simple_policies")):
        for policy in draft.value(node, name) or ():
            _alarmed(draft, node, kind, policy)
    for policy in draft.value(node, "predictive_policies") or ():
        if policy.get("metric_pair", "cpu") != "cpu":
            draft.partly(node, "a predictive policy on another metric than CPU is kept beside it")
            continue
        pair = {"PredefinedMetricType": "ASGCPUUtilization"}
        target = policy.get("target_value", 50.0)
        specification = {"TargetValue": target, "PredefinedMetricPairSpecification": pair}
        configuration = {
            "MetricSpecifications": [specification],
            "Mode": pascal(policy.get("mode", "forecast_only")),
        }
        forecast: Json = {"PolicyType": "PredictiveScaling"}
        forecast["PredictiveScalingConfiguration"] = configuration
        _policy(draft, node, "Forecast", forecast)
    for action in draft.value(node, "scheduled_actions") or ():
        about: Json = {
            "AutoScalingGroupName": group,
            "Recurrence": action.get("recurrence") or None,
            "StartTime": action.get("start_time") or None,
            "EndTime": action.get("end_time") or None,
            "TimeZone": action.get("time_zone"),
            "MinSize": action.get("min_size"),
            "MaxSize": action.get("max_size"),
            "DesiredCapacity": action.get("desired_capacity"),
        }
        if any(about[key] is not None for key in ("MinSize", "MaxSize", "DesiredCapacity")):
            draft.add(f"{draft.id(node)}Schedule", "AutoScaling::ScheduledAction", about)
    for hook in draft.value(node, "lifecycle_hooks") or ():
        transition = str(hook.get("transition", "launching")).upper()
        made: Json = {
            "AutoScalingGroupName": group,
            "LifecycleTransition": f"autoscaling:EC2_INSTANCE_{transition}",
            "HeartbeatTimeout": hook.get("heartbeat_timeout_s"),
            "DefaultResult": hook.get("default_result"),
        }
        draft.add(f"{draft.id(node)}Hook", "AutoScaling::LifecycleHook", made)
    if draft.value(node, "warm_pool"):
        about = {
            "AutoScalingGroupName": group,
            "MinSize": draft.value(node, "warm_pool_min_size"),
            "PoolState": draft.value(node, "warm_pool_state"),
        }
        draft.add(f"{draft.id(node)}WarmPool", "AutoScaling::WarmPool", about)


def _policy(draft: Draft, node: Node, suffix: str, about: Json) -> str:
    properties = {"AutoScalingGroupName": ref(draft.id(node)), **about}
    return draft.add(f"{draft.id(node)}{suffix}", "AutoScaling::ScalingPolicy", properties)


def _tracking(draft: Draft, node: Node, policy: Any) -> None:
    metric = policy.get("metric", _CPU)
    configuration: Json = {
        "TargetValue": policy.get("target_value", 50.0),
        "DisableScaleIn": policy.get("disable_scale_in"),
    }
    if metric == "custom":
        about = watched(draft, policy.get("custom_metric"))
        if about is None or policy.get("divide_by"):
            draft.partly(node, "a policy on a metric that CloudWatch has not is kept beside it")
            return
        configuration["CustomizedMetricSpecification"] = about
    else:
        predefined: Json = {"PredefinedMetricType": _PREDEFINED[metric]}
        if metric == "alb_request_count_per_target":
            label = _resource_label(draft, node)
            if label is None:
                draft.partly(
                    node, "a policy on a balancer's requests without one is kept beside it"
                )
                return
            predefined["ResourceLabel"] = label
        configuration["PredefinedMetricSpecification"] = predefined
    kept = {key: value for key, value in configuration.items() if value is not None}
    about = {
        "PolicyType": "TargetTrackingScaling",
        "TargetTrackingConfiguration": kept,
        "EstimatedInstanceWarmup": policy.get("estimated_instance_warmup_s"),
    }
    _policy(draft, node, "Tracking", about)


def _resource_label(draft: Draft, node: Node) -> Any:
    groups = draft.properties(draft.id(node)).get("TargetGroupARNs") or []
    if not groups:
        return None
    group = groups[0]["Ref"]
    balancer = next(
        (
            draft.id(link.source)
            for link in draft.into(node.id)
            if link.source_port == "targets" and draft.id(link.source) in draft.resources
        ),
        None,
    )
    if balancer is None:
        return None
    return {
        "Fn::Sub": "${" + balancer + ".LoadBalancerFullName}/${" + group + ".TargetGroupFullName}"
    }


def _alarmed(draft: Draft, node: Node, kind: str, policy: Any) -> None:
    metric = policy.get("metric", _CPU)
    reference = {"node": node.id, "metric": "utilization"} if metric == _CPU else None
    reference = policy.get("custom_metric") if metric == "custom" else reference
    about = None if policy.get("divide_by") else watched(draft, reference)
    if about is None or policy.get("shared_alarm"):
        draft.partly(node, "a policy whose alarm CloudWatch cannot say is kept beside it")
        return
    properties: Json = {
        "PolicyType": kind,
        "AdjustmentType": pascal(policy.get("adjustment_type", "change_in_capacity")),
    }
    percent = properties["AdjustmentType"] == "PercentChangeInCapacity"
    if percent and policy.get("min_adjustment_magnitude"):
        properties["MinAdjustmentMagnitude"] = policy["min_adjustment_magnitude"]
    if kind == "StepScaling":
        names = (
            ("lower_bound", "MetricIntervalLowerBound"),
            ("upper_bound", "MetricIntervalUpperBound"),
        )
        properties["StepAdjustments"] = [
            {
                **{key: step[name] for name, key in names if step.get(name) is not None},
                "ScalingAdjustment": round(step.get("adjustment", 1)),
            }
            for step in policy.get("steps") or [{"lower_bound": 0.0}]
        ]
        properties["EstimatedInstanceWarmup"] = policy.get("estimated_instance_warmup_s")
    else:
        properties["ScalingAdjustment"] = round(policy.get("adjustment", 1))
        cooldown = policy.get("cooldown_s")
        properties["Cooldown"] = None if cooldown is None else str(cooldown)
    made = _policy(draft, node, kind.removesuffix("Scaling"), properties)
    period = policy.get("period_s", 60)
    alarm = about | alarm_properties(policy)
    alarm |= {"Statistic": pascal(policy.get("statistic", "average")), "Period": period}
    draft.add(f"{made}Alarm", "CloudWatch::Alarm", alarm | {"AlarmActions": [ref(made)]})


def alarm_properties(about: Any) -> Json:
    """What an alarm judges by; `about` has the names of a policy's parameters."""
    periods = about.get("evaluation_periods", 1)
    points = about.get("datapoints_to_alarm")
    missing = pascal(about.get("treat_missing_data", "missing"))
    found = {
        "Threshold": about.get("threshold", 60.0),
        "ComparisonOperator": pascal(about.get("comparison", "greater_than_or_equal_to_threshold")),
        "EvaluationPeriods": periods,
        "DatapointsToAlarm": None if points is None else min(points, periods),
        "TreatMissingData": missing[0].lower() + missing[1:],
    }
    return {key: value for key, value in found.items() if value is not None}


def alarm(draft: Draft, node: Node) -> None:
    """An alarm that several policies share."""
    reference = draft.value(node, "metric")
    about = None if draft.value(node, "divide_by") else watched(draft, reference)
    if about is None:
        return
    names = ("threshold", "comparison", "evaluation_periods", "datapoints_to_alarm")
    judged = {name: draft.value(node, name) for name in (*names, "treat_missing_data")}
    period = {"Period": (reference or {}).get("period_s", 60)}
    draft.add(draft.id(node), "CloudWatch::Alarm", about | alarm_properties(judged) | period)


MADE = {"alarm": alarm}
