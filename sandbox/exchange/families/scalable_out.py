"""Scalable targets of Application Auto Scaling on the way out."""

from __future__ import annotations

from typing import Any

from sandbox.document import Node
from sandbox.exchange.out.draft import Draft, ref, whole

from .scaling_out import pascal


def scalable(
    draft: Draft,
    node: Node,
    target: Any,
    suffix: str,
    *,
    namespace: str,
    resource: Any,
    dimension: str,
    metric: str,
) -> None:
    """A scalable target of Application Auto Scaling and its target tracking policies."""
    id = f"{draft.id(node)}{pascal(suffix)}"
    role = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/"
    service, name = _SERVICE_ROLES[namespace]
    role += f"{service}.application-autoscaling.amazonaws.com/"
    role += f"AWSServiceRoleForApplicationAutoScaling_{name}"
    made = draft.add(
        id,
        "ApplicationAutoScaling::ScalableTarget",
        {
            "ServiceNamespace": namespace,
            "ResourceId": resource,
            "ScalableDimension": dimension,
            "MinCapacity": target.get("min_capacity", 1),
            "MaxCapacity": target.get("max_capacity", 10),
            "RoleARN": {"Fn::Sub": role},
        },
    )
    for policy in target.get("target_tracking") or ():
        if policy.get("metric", "predefined") != "predefined":
            draft.partly(node, "a scaling policy on a metric of its own is kept beside it")
            continue
        configuration = {
            "PredefinedMetricSpecification": {"PredefinedMetricType": metric},
            "TargetValue": policy.get("target_value", 70.0),
            "ScaleInCooldown": whole(policy.get("scale_in_cooldown_s")),
            "ScaleOutCooldown": whole(policy.get("scale_out_cooldown_s")),
            "DisableScaleIn": policy.get("disable_scale_in"),
        }
        kept = {key: value for key, value in configuration.items() if value is not None}
        policy_id = f"{id}Tracking"
        draft.add(
            policy_id,
            "ApplicationAutoScaling::ScalingPolicy",
            {
                "PolicyName": f"{policy_id}{len(draft.resources)}",
                "PolicyType": "TargetTrackingScaling",
                "ScalingTargetId": ref(made),
                "TargetTrackingScalingPolicyConfiguration": kept,
            },
        )
    if target.get("step_policies") or target.get("scheduled_actions"):
        draft.partly(node, "step policies and schedules of its scalable target are kept beside it")


_SERVICE_ROLES = {
    "dynamodb": ("dynamodb", "DynamoDBTable"),
    "ecs": ("ecs", "ECSService"),
}
"""Application Auto Scaling User Guide: Service-linked roles."""
