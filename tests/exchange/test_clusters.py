"""EMR clusters in templates: groups and fleets, steps, scaling, and state machines that wait."""

from __future__ import annotations

from .templates import bring, entry_of, links_of, resources

RULE = {
    "Name": "more",
    "Action": {
        "SimpleScalingPolicyConfiguration": {
            "AdjustmentType": "CHANGE_IN_CAPACITY",
            "ScalingAdjustment": 1,
            "CoolDown": 300,
        }
    },
    "Trigger": {
        "CloudWatchAlarmDefinition": {
            "ComparisonOperator": "LESS_THAN",
            "EvaluationPeriods": 2,
            "MetricName": "YARNMemoryAvailablePercentage",
            "Period": 300,
            "Threshold": 15,
        }
    },
}


def group(kind: str, count: int, **more):
    return {"InstanceType": kind, "InstanceCount": count, **more}


def test_a_cluster_with_its_groups_and_steps(tmp_path):
    disk = {"EbsBlockDeviceConfigs": [{"VolumeSpecification": {"SizeInGB": 32, "VolumeType": "gp2"},
                                       "VolumesPerInstance": 4}]}  # fmt: skip
    policy = {"Constraints": {"MinCapacity": 2, "MaxCapacity": 9}, "Rules": [RULE]}
    made = bring(
        tmp_path,
        resources(
            Raw=("S3::Bucket", {}),
            Out=("S3::Bucket", {}),
            C=(
                "EMR::Cluster",
                {
                    "Instances": {
                        "MasterInstanceGroup": group("m5.2xlarge", 1),
                        "CoreInstanceGroup": group("r5.xlarge", 3, EbsConfiguration=disk,
                                                   AutoScalingPolicy=policy),
                        "KeepJobFlowAliveWhenNoSteps": False,
                    },
                    "AutoTerminationPolicy": {"IdleTimeout": 600},
                    "Steps": [
                        {
                            "Name": "count",
                            "ActionOnFailure": "CANCEL_AND_WAIT",
                            "HadoopJarStep": {
                                "Jar": "command-runner.jar",
                                "Args": ["spark-submit", {"Fn::Sub": "s3://${Raw}/in"},
                                         {"Fn::Sub": "s3://${Out}/out"}],
                            },
                        }
                    ],
                },
            ),
            T=("EMR::InstanceGroupConfig", {**group("c5.xlarge", 6, Market="SPOT"),
                                            "InstanceRole": "TASK", "JobFlowId": {"Ref": "C"}}),
            S=("EMR::Step", {"Name": "more", "ActionOnFailure": "CONTINUE",
                             "JobFlowId": {"Ref": "C"},
                             "HadoopJarStep": {"Jar": "a.jar", "Args": ["hive-script"]}}),
        ),
    )  # fmt: skip
    params = dict(made.document.nodes["C"].params)
    assert params.pop("lifecycle") == "transient"
    assert params.pop("primary_type") == "m5.2xlarge"
    assert params.pop("core") == {"instance_types": [{"instance_type": "r5.xlarge"}], "count": 3}
    assert params.pop("task") == {
        "instance_types": [{"instance_type": "c5.xlarge"}], "count": 6, "market": "spot",
    }  # fmt: skip
    assert params.pop("disk_gb") == 128
    assert params.pop("idle_timeout_s") == 600
    assert params.pop("steps") == [
        {"name": "count", "action_on_failure": "CANCEL_AND_WAIT", "application": "spark"},
        {"name": "more", "action_on_failure": "CONTINUE", "application": "hive"},
    ]
    scaling = params.pop("core_scaling")
    assert (scaling["min_capacity"], scaling["max_capacity"]) == (2, 9)
    assert scaling["step_policies"] == [
        {"comparison": "less_than_threshold", "threshold": 15, "evaluation_periods": 2,
         "cooldown_s": 300, "adjustment_type": "change_in_capacity",
         "steps": [{"adjustment": 1, "upper_bound": 0.0}]},
    ]  # fmt: skip
    assert not params
    assert ("C", "Raw", "input>in") in made.document.links
    assert ("C", "Out", "output>in") in made.document.links
    assert entry_of(made, "T").why == "the task group of C"
    assert entry_of(made, "S").why == "a step of C"


def test_a_cluster_of_fleets_with_managed_scaling(tmp_path):
    limits = {"UnitType": "InstanceFleetUnits", "MinimumCapacityUnits": 2,
              "MaximumCapacityUnits": 20, "MaximumCoreCapacityUnits": 5}  # fmt: skip
    types = [{"InstanceType": name} for name in ("m4.large", "m5.xlarge", "m5.2xlarge")]
    core = {"TargetOnDemandCapacity": 1, "TargetSpotCapacity": 4, "InstanceTypeConfigs": types,
            "LaunchSpecifications": {"SpotSpecification": {
                "TimeoutDurationMinutes": 10, "TimeoutAction": "TERMINATE_CLUSTER"}}}  # fmt: skip
    about = {"Instances": {"CoreInstanceFleet": core}, "StepConcurrencyLevel": 4,
             "ManagedScalingPolicy": {"ComputeLimits": limits}}  # fmt: skip
    made = bring(tmp_path, resources(C=("EMR::Cluster", about)))
    assert made.document.nodes["C"].params == {
        "collection": "fleets",
        "core": {
            "instance_types": [{"instance_type": "m5.xlarge"}, {"instance_type": "m5.2xlarge"}],
            "count": 1,
            "spot_count": 4,
        },
        "spot_timeout_minutes": 10,
        "spot_timeout_action": "TERMINATE_CLUSTER",
        "step_concurrency": 4,
        "managed_scaling": {
            "unit": "fleet_units", "minimum": 2, "maximum": 20, "maximum_core": 5,
        },
    }  # fmt: skip


def test_a_state_machine_that_waits_for_its_step(tmp_path):
    for pattern, waits in ((".sync", True), ("", None)):
        state = {
            "Type": "Task",
            "Resource": f"arn:aws:states:::elasticmapreduce:addStep{pattern}",
            "Parameters": {"ClusterId": {"Ref": "C"}, "Step": {"Name": "count"}},
            "End": True,
        }
        machine = {"Definition": {"StartAt": "Count", "States": {"Count": state}}}
        made = bring(
            tmp_path,
            resources(C=("EMR::Cluster", {}), M=("StepFunctions::StateMachine", machine)),
        )
        assert links_of(made)["M", "C"] == "certain"
        link = made.document.links["M", "C", "tasks>in"]
        assert link.params.get("wait_for_step") is waits


def test_a_state_machine_that_waits_for_a_batch_job(tmp_path):
    for pattern, waits in ((".sync", True), ("", None)):
        state = {
            "Type": "Task",
            "Resource": f"arn:aws:states:::batch:submitJob{pattern}",
            "Parameters": {"JobQueue": {"Ref": "Q"}},
            "End": True,
        }
        machine = {"Definition": {"StartAt": "Run", "States": {"Run": state}}}
        made = bring(
            tmp_path,
            resources(
                E=("Batch::ComputeEnvironment", {"Type": "MANAGED", "ComputeResources": {
                    "Type": "EC2", "MaxvCpus": 8, "InstanceTypes": ["m5.xlarge"]}}),
                Q=("Batch::JobQueue", {"Priority": 1, "ComputeEnvironmentOrder": [
                    {"Order": 1, "ComputeEnvironment": {"Ref": "E"}}]}),
                M=("StepFunctions::StateMachine", machine),
            ),
        )  # fmt: skip
        (link,) = (link for link in made.document.links.values() if link.source == "M")
        assert link.params.get("wait_for_job") is waits


def test_a_definition_alone_gets_a_cluster_for_its_steps(tmp_path):
    definition = """{"StartAt": "Count", "States": {"Count": {"Type": "Task", "End": true,
      "Resource": "arn:aws:states:::elasticmapreduce:addStep.sync",
      "Parameters": {"ClusterId": "j-12", "Step": {"Name": "count"}}}}}"""
    made = bring(tmp_path, definition, "machine.asl.json")
    assert {node.service for node in made.document.nodes.values()} >= {"step_functions", "emr"}


def test_task_groups_weights_strategies_and_protection_are_brought(tmp_path):
    instances = {
        "CoreInstanceGroup": group("m5.xlarge", 2),
        "TaskInstanceGroups": [group("c5.xlarge", 3), group("r5.xlarge", 4, Market="SPOT")],
        "TerminationProtected": True,
    }
    made = bring(tmp_path, resources(C=("EMR::Cluster", {"Instances": instances})))
    params = made.document.nodes["C"].params
    assert params["termination_protected"] is True
    assert params["task"]["count"] == 3
    assert params["task_groups"] == [
        {"instance_type": "r5.xlarge", "market": "spot", "count": 4},
    ]  # fmt: skip
    types = [{"InstanceType": "m5.xlarge", "WeightedCapacity": 2}, {"InstanceType": "c5.xlarge"}]
    strategy = {"SpotSpecification": {"AllocationStrategy": "diversified"},
                "OnDemandSpecification": {"AllocationStrategy": "lowest-price"}}  # fmt: skip
    fleet = {"TargetSpotCapacity": 4, "InstanceTypeConfigs": types,
             "LaunchSpecifications": strategy}  # fmt: skip
    about = {"Instances": {"CoreInstanceFleet": fleet}}
    made = bring(tmp_path, resources(C=("EMR::Cluster", about)))
    assert made.document.nodes["C"].params["core"] == {
        "instance_types": [
            {"instance_type": "m5.xlarge", "weighted_capacity": 2},
            {"instance_type": "c5.xlarge"},
        ],
        "count": 0,
        "spot_count": 4,
        "spot_allocation": "diversified",
        "on_demand_allocation": "lowest-price",
    }
