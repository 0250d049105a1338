"""Styles of templates that people use beside the plain ones."""

from __future__ import annotations

from pathlib import Path

import pytest

from .templates import bring

pytestmark = pytest.mark.filterwarnings("ignore")

INCLUDED = """\
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Fn::Transform:
    Name: AWS::Include
    Parameters: {Location: more.yaml}
"""
UNIVERSAL = """\
Resources:
  Queue: {Type: AWS::SQS::Queue}
  Clock:
    Type: AWS::Scheduler::Schedule
    Properties:
      ScheduleExpression: rate(1 minute)
      FlexibleTimeWindow: {Mode: "OFF"}
      Target:
        Arn: arn:aws:scheduler:::aws-sdk:sqs:sendMessage
        RoleArn: arn:aws:iam::123456789012:role/clock
        Input: !Sub '{"QueueUrl": "${Queue}", "MessageBody": "tick"}'
"""
CONNECTED = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Topic: {Type: AWS::SNS::Topic}
  Queue: {Type: AWS::SQS::Queue}
  Connector:
    Type: AWS::Serverless::Connector
    Properties: {Source: {Id: Topic}, Destination: {Id: Queue}, Permissions: [Write]}
  Subscription:
    Type: AWS::SNS::Subscription
    Properties:
      TopicArn: !Ref Topic
      Protocol: sqs
      Endpoint: !GetAtt Queue.Arn
      FilterPolicy: {kind: [order]}
"""
ON_INSTANCES = """\
Resources:
  Cluster: {Type: AWS::ECS::Cluster}
  Launch:
    Type: AWS::EC2::LaunchTemplate
    Properties: {LaunchTemplateData: {ImageId: ami-1, InstanceType: c5.xlarge}}
  Instances:
    Type: AWS::AutoScaling::AutoScalingGroup
    Properties:
      MinSize: "2"
      MaxSize: "6"
      AvailabilityZones: [us-east-1a]
      LaunchTemplate: {LaunchTemplateId: !Ref Launch, Version: "1"}
  Capacity:
    Type: AWS::ECS::CapacityProvider
    Properties:
      AutoScalingGroupProvider:
        AutoScalingGroupArn: !Ref Instances
        ManagedScaling: {Status: ENABLED, TargetCapacity: 90}
  Capacities:
    Type: AWS::ECS::ClusterCapacityProviderAssociations
    Properties:
      Cluster: !Ref Cluster
      CapacityProviders: [!Ref Capacity]
      DefaultCapacityProviderStrategy: [{CapacityProvider: !Ref Capacity}]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: app, Image: nginx, Cpu: 256, Memory: 512}
        - {Name: log, Image: fluent, Cpu: 128, Memory: 256}
  Web:
    Type: AWS::ECS::Service
    Properties: {Cluster: !Ref Cluster, TaskDefinition: !Ref Task, DesiredCount: 3}
"""
SECOND = """\
  Other:
    Type: AWS::ECS::Service
    Properties: {Cluster: !Ref Cluster, TaskDefinition: !Ref Task, DesiredCount: 1}
"""


def test_resources_that_stand_in_an_included_file_are_there(tmp_path: Path):
    (tmp_path / "more.yaml").write_text("Queue: {Type: AWS::SQS::Queue}\n")
    assert {"Topic", "Queue"} <= set(bring(tmp_path, INCLUDED).document.nodes)


def test_an_include_from_outside_the_folder_is_not_followed(tmp_path: Path):
    (tmp_path / "more.yaml").write_text("Queue: {Type: AWS::SQS::Queue}\n")
    inner = tmp_path / "inner"
    inner.mkdir()
    made = bring(inner, INCLUDED.replace("more.yaml", "../more.yaml"))
    assert "Queue" not in made.document.nodes
    assert any("outside" in note for note in made.report.notes)


def test_a_schedule_with_a_universal_target_calls_what_its_input_names(tmp_path: Path):
    assert ("Clock", "Queue", "out>in") in bring(tmp_path, UNIVERSAL).document.links


def test_a_subscription_says_more_than_the_connector_beside_it(tmp_path: Path):
    (link,) = [
        link for link in bring(tmp_path, CONNECTED).document.links.values()
        if link.source == "Topic"
    ]  # fmt: skip
    assert link.params["filter_policy"] == '{"kind": ["order"]}'


def test_the_instances_of_a_capacity_provider_belong_to_the_one_service_that_uses_it(tmp_path):
    document = bring(tmp_path, ON_INSTANCES).document
    assert {n.service for n in document.nodes.values()} == {"ecs_service", "clients"}
    web = document.nodes["Web"].params
    assert (web["launch_type"], web["instance_type"]) == ("EC2", "c5.xlarge")
    assert (web["min_instances"], web["max_instances"]) == (2, 6)
    assert (web["task_cpu_units"], web["task_memory_mib"]) == (384, 768)
    assert web["target_capacity_percent"] == 90


def test_instances_that_two_services_use_stay_a_group(tmp_path: Path):
    document = bring(tmp_path, ON_INSTANCES + SECOND).document
    assert document.nodes["Instances"].service == "auto_scaling_group"
