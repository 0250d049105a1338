"""Judges of exported templates from outside: cfn-lint, the SAM translator, and moto."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

from sandbox.document import Document
from sandbox.document.file import dump
from sandbox.exchange import Imported
from sandbox.exchange.bring import import_text
from sandbox.exchange.reading import read_text

from .templates import known

REGION = "us-east-1"


def plain(document: Document) -> dict[str, Any]:
    """The diagram as its file has it, but for the source that an import keeps."""
    whole: dict[str, Any] = json.loads(dump(document, known()))
    del whole["graph"]["source"]
    return whole


def back(data: bytes) -> Imported:
    return import_text(data.decode(), "back.yaml", known())


def errors_of(template: str) -> list[str]:
    """What cfn-lint calls errors."""
    from cfnlint.api import lint
    from cfnlint.config import ManualArgs

    found = lint(template, config=ManualArgs(regions=[REGION], ignore_checks=["W", "I"]))
    return [f"{match.rule.id} {match.message}" for match in found]


def expanded(data: bytes) -> str:
    """A SAM template as CloudFormation gets it."""
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    class Session:
        region_name = REGION

    template = read_text(data, "template.yaml").value
    made = Translator({}, Parser(), boto_session=Session()).translate(
        template, parameter_values={}, get_managed_policy_map=dict
    )
    return json.dumps(made)


def for_moto(template: str) -> dict[str, Any]:
    """A template without what moto does not make, and without what takes its messages from that.

    Others refer to a text in its place.  A FIFO queue without a name gets one from CloudFormation
    that ends as it must; moto wants it said.
    """
    whole: dict[str, Any] = read_text(template.encode(), "stack").value
    resources = whole["Resources"]
    left_out = {id for id, about in resources.items() if not in_moto(about["Type"])}
    for id in left_out:
        del resources[id]
    for id, about in list(resources.items()):
        if about["Type"] == "AWS::Lambda::EventSourceMapping" and _refers(about, left_out):
            del resources[id]
    for id, about in resources.items():
        given = about.get("Properties", {})
        if about["Type"] == "AWS::SQS::Queue" and given.get("FifoQueue"):
            given.setdefault("QueueName", f"{id}.fifo")
    told: dict[str, Any] = _without(whole, left_out)
    return told


def _target(value: Any) -> str | None:
    """The resource that a reference refers to."""
    if not isinstance(value, dict) or len(value) != 1:
        return None
    ((function, of),) = value.items()
    if function == "Ref":
        return str(of)
    if function == "Fn::GetAtt":
        return str(of).split(".")[0] if isinstance(of, str) else str(of[0])
    return None


def _refers(value: Any, to: set[str]) -> bool:
    if _target(value) in to:
        return True
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(_refers(item, to) for item in inner)


def _without(value: Any, left_out: set[str]) -> Any:
    if (target := _target(value)) in left_out:
        return target
    if isinstance(value, dict):
        return {key: _without(item, left_out) for key, item in value.items()}
    return [_without(item, left_out) for item in value] if isinstance(value, list) else value


def created(template: dict[str, Any]) -> dict[str, tuple[str, str]]:
    """Make the stack in moto, ask each service for what it is said to have made; logical id to
    type and physical id."""
    import boto3
    import moto

    with moto.mock_aws():
        client = {
            name: boto3.client(name, region_name=REGION) for name in (*_ASK, "cloudformation")
        }
        client["s3"].create_bucket(Bucket="code-bucket")
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr("bootstrap", "")
        client["s3"].put_object(Bucket="code-bucket", Key="function.zip", Body=package.getvalue())
        client["route53"].create_hosted_zone(Name="example.com.", CallerReference="tests")
        client["cloudformation"].create_stack(
            StackName="diagram", TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_IAM"]
        )
        made = client["cloudformation"].list_stack_resources(StackName="diagram")
        found = {
            about["LogicalResourceId"]: (about["ResourceType"], about["PhysicalResourceId"])
            for about in made["StackResourceSummaries"]
            if about["LogicalResourceId"]
        }
        for kind, id in found.values():
            for name, asked in _ASK.items():
                if kind in asked:
                    asked[kind](client[name], id)
    return found


def in_moto(kind: str) -> bool:
    """Whether moto makes resources of a type; the others it passes over."""
    from moto.cloudformation.parsing import resource_class_from_type

    return resource_class_from_type(kind) is not None


_ASK: dict[str, dict[str, Any]] = {
    "autoscaling": {
        "AWS::AutoScaling::AutoScalingGroup": lambda c, id: _one(
            c.describe_auto_scaling_groups(AutoScalingGroupNames=[id])["AutoScalingGroups"]
        ),
    },
    "cloudwatch": {
        "AWS::CloudWatch::Alarm": lambda c, id: _one(
            c.describe_alarms(AlarmNames=[id])["MetricAlarms"]
        ),
    },
    "dynamodb": {"AWS::DynamoDB::Table": lambda c, id: c.describe_table(TableName=id)},
    "elbv2": {
        "AWS::ElasticLoadBalancingV2::LoadBalancer": lambda c, id: _one(
            c.describe_load_balancers(LoadBalancerArns=[id])["LoadBalancers"]
        ),
        "AWS::ElasticLoadBalancingV2::TargetGroup": lambda c, id: _one(
            c.describe_target_groups(TargetGroupArns=[id])["TargetGroups"]
        ),
    },
    "kinesis": {"AWS::Kinesis::Stream": lambda c, id: c.describe_stream(StreamName=id)},
    "lambda": {"AWS::Lambda::Function": lambda c, id: c.get_function(FunctionName=id)},
    "rds": {
        "AWS::RDS::DBInstance": lambda c, id: _one(
            c.describe_db_instances(DBInstanceIdentifier=id)["DBInstances"]
        ),
    },
    "route53": {},
    "s3": {"AWS::S3::Bucket": lambda c, id: c.head_bucket(Bucket=id)},
    "sns": {"AWS::SNS::Topic": lambda c, id: c.get_topic_attributes(TopicArn=id)},
    "sqs": {"AWS::SQS::Queue": lambda c, id: c.get_queue_attributes(QueueUrl=id)},
    "stepfunctions": {
        "AWS::StepFunctions::StateMachine": lambda c, id: c.describe_state_machine(
            stateMachineArn=id
        ),
    },
}
"""How a service is asked for a resource by its physical id; it raises, or gives none."""


def _one(found: list[Any]) -> None:
    assert len(found) == 1


def examples() -> list[Path]:
    return sorted((Path(__file__).parents[2] / "assets" / "examples").glob("*.json"))
