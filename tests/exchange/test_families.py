"""What resource types mean: parameters on nodes and links, and links between them."""

from __future__ import annotations

from sandbox.exchange import export_with_report

from .templates import bring, entry_of, known, links_of, resources

ARN = "Arn"


def att(id: str, name: str = ARN):
    return {"Fn::GetAtt": [id, name]}


def test_a_queue_and_its_function_with_their_numbers(tmp_path):
    made = bring(
        tmp_path,
        resources(
            Q=(
                "SQS::Queue",
                {
                    "VisibilityTimeout": "90",
                    "RedrivePolicy": {"deadLetterTargetArn": att("D"), "maxReceiveCount": 4},
                },
            ),
            D=("SQS::Queue", {}),
            F=("Lambda::Function", {"MemorySize": 512, "Timeout": 15, "Runtime": "nodejs24.x"}),
            M=(
                "Lambda::EventSourceMapping",
                {
                    "EventSourceArn": att("Q"),
                    "FunctionName": {"Ref": "F"},
                    "BatchSize": 25,
                    "MaximumBatchingWindowInSeconds": 5,
                    "ScalingConfig": {"MaximumConcurrency": 7},
                    "FunctionResponseTypes": ["ReportBatchItemFailures"],
                },
            ),
        ),
    )
    document = made.document
    assert document.nodes["Q"].params == {"visibility_timeout_s": 90, "max_receive_count": 4}
    assert document.nodes["F"].params == {
        "memory_mb": 512,
        "timeout_s": 15,
        "runtime": "nodejs24.x",
    }
    assert document.links["Q", "F", "messages>in"].params == {
        "batch_size": 25,
        "maximum_batching_window_s": 5,
        "maximum_concurrency": 7,
        "report_batch_item_failures": True,
    }
    assert ("Q", "D", "dead_letter>in") in document.links
    assert links_of(made) == {("Q", "F"): "certain", ("Q", "D"): "certain"}
    assert entry_of(made, "M").why == "the link Q → F"


def test_a_value_that_the_catalogue_does_not_take_is_told_and_the_default_stays(tmp_path):
    made = bring(tmp_path, resources(Q=("SQS::Queue", {"VisibilityTimeout": 99_999})))
    assert "visibility_timeout_s" not in made.document.nodes["Q"].params
    assert any("visibility_timeout_s" in text for text in entry_of(made, "Q").assumptions)


def test_a_number_in_quotes_is_a_number(tmp_path):
    group = {"MinSize": "1", "MaxSize": "5", "DesiredCapacity": "3"}
    made = bring(tmp_path, resources(G=("AutoScaling::AutoScalingGroup", group)))
    params = made.document.nodes["G"].params
    assert params["desired_capacity"] == 3
    assert params["max_size"] == 5
    assert b"DesiredCapacity" in export_with_report(made.document, known(), "sam").data


def role(*statements):
    return (
        "IAM::Role",
        {
            "Policies": [
                {
                    "PolicyDocument": {
                        "Statement": [
                            {"Effect": effect, "Action": action, "Resource": resource}
                            for effect, action, resource in statements
                        ]
                    }
                }
            ]
        },
    )


def test_a_role_makes_a_link_probable_in_the_direction_of_its_verbs(tmp_path):
    made = bring(
        tmp_path,
        resources(
            F=("Lambda::Function", {"Role": att("R")}),
            R=role(
                ("Allow", ["dynamodb:GetItem", "dynamodb:DescribeTable"], att("T")),
                ("Allow", "sqs:ReceiveMessage", [att("In")]),
                ("Allow", "sqs:SendMessage", att("Out")),
                ("Deny", "sqs:SendMessage", att("Never")),
                ("Allow", "sqs:GetQueueAttributes", att("Never")),
            ),
            T=("DynamoDB::Table", {"BillingMode": "PAY_PER_REQUEST"}),
            In=("SQS::Queue", {}),
            Out=("SQS::Queue", {}),
            Never=("SQS::Queue", {}),
        ),
    )
    probable = dict.fromkeys([("F", "T"), ("In", "F"), ("F", "Out")], "probable")
    assert links_of(made) == probable
    assert made.document.links["F", "T", "out>in"].params == {"operation": "read"}
    assert made.document.links["F", "T", "out>in"].extra == {"evidence": "probable"}


def test_an_environment_is_a_hint_unless_something_stronger_is_known(tmp_path):
    variables = {"Variables": {"A": {"Ref": "T"}, "B": {"Fn::Sub": "x${Q}"}, "C": {"Ref": "Q2"}}}
    made = bring(
        tmp_path,
        resources(
            F=("Lambda::Function", {"Environment": variables, "Role": att("R")}),
            R=role(("Allow", "dynamodb:*", att("T"))),
            M=(
                "Lambda::EventSourceMapping",
                {"EventSourceArn": att("Q"), "FunctionName": att("F")},
            ),
            T=("DynamoDB::Table", {}),
            Q=("SQS::Queue", {}),
            Q2=("SQS::Queue", {}),
        ),
    )
    assert links_of(made) == {("F", "T"): "probable", ("Q", "F"): "certain", ("F", "Q2"): "hint"}


def test_names_written_out_mean_the_resource_that_has_them(tmp_path):
    arn = "arn:aws:lambda:us-east-1:123456789012:function:worker"
    made = bring(
        tmp_path,
        resources(
            A=("Lambda::Function", {"Role": att("R")}),
            R=role(("Allow", "lambda:InvokeFunction", arn)),
            B=("Lambda::Function", {"FunctionName": "worker"}),
        ),
    )
    assert links_of(made) == {("A", "B"): "probable"}


def test_a_service_behind_a_target_group_stands_behind_its_balancer(tmp_path):
    made = bring(
        tmp_path,
        resources(
            B=("ElasticLoadBalancingV2::LoadBalancer", {"Type": "network"}),
            L=(
                "ElasticLoadBalancingV2::Listener",
                {
                    "LoadBalancerArn": {"Ref": "B"},
                    "DefaultActions": [{"Type": "forward", "TargetGroupArn": {"Ref": "G"}}],
                },
            ),
            G=("ElasticLoadBalancingV2::TargetGroup", {"HealthCheckIntervalSeconds": 10}),
            T=("ECS::TaskDefinition", {"Cpu": "512", "Memory": "1024"}),
            S=(
                "ECS::Service",
                {
                    "TaskDefinition": {"Ref": "T"},
                    "DesiredCount": 3,
                    "LoadBalancers": [{"TargetGroupArn": {"Ref": "G"}}],
                },
            ),
            A=(
                "ApplicationAutoScaling::ScalableTarget",
                {
                    "MinCapacity": 2,
                    "MaxCapacity": 8,
                    "ScalableDimension": "ecs:service:DesiredCount",
                    "ResourceId": {"Fn::Join": ["/", ["service", "x", att("S", "Name")]]},
                },
            ),
            P=(
                "ApplicationAutoScaling::ScalingPolicy",
                {
                    "ScalingTargetId": {"Ref": "A"},
                    "TargetTrackingScalingPolicyConfiguration": {
                        "TargetValue": 55,
                        "ScaleInCooldown": 120,
                    },
                },
            ),
        ),
    )
    assert links_of(made) == {("B", "S"): "certain"}
    assert made.document.links["B", "S", "targets>in"].params == {"health_check_interval_s": 10}
    assert made.document.nodes["S"].params == {
        "task_cpu_units": 512,
        "task_memory_mib": 1024,
        "desired_count": 3,
        "scaling": {
            "min_capacity": 2,
            "max_capacity": 8,
            "target_tracking": [{"target_value": 55.0, "scale_in_cooldown_s": 120}],
        },
    }


def test_a_schedule_is_a_load_of_its_own_rate(tmp_path):
    made = bring(
        tmp_path,
        resources(
            F=("Lambda::Function", {}),
            R=(
                "Events::Rule",
                {"ScheduleExpression": "rate(5 minutes)", "Targets": [{"Arn": att("F")}]},
            ),
        ),
    )
    assert made.document.nodes["R"].service == "clients"
    assert made.document.nodes["R"].params["rate_per_s"] == 1 / 300
    assert made.report.load == []


def test_the_routes_of_an_api_share_its_load(tmp_path):
    made = bring(
        tmp_path,
        resources(
            Api=("ApiGateway::RestApi", {}),
            **{f"F{n}": ("Lambda::Function", {}) for n in (1, 2)},
            **{
                f"M{n}": (
                    "ApiGateway::Method",
                    {
                        "RestApiId": {"Ref": "Api"},
                        "Integration": {"Type": "AWS_PROXY", "Uri": att(f"F{min(n, 2)}")},
                    },
                )
                for n in (1, 2, 3, 4)
            },
        ),
    )
    calls = [made.document.links["Api", f, "out>in"].params["calls"] for f in ("F1", "F2")]
    assert calls == [0.25, 0.75]


def test_the_stream_of_a_table_is_read_from_the_table(tmp_path):
    made = bring(
        tmp_path,
        resources(
            W=("Lambda::Function", {"Role": att("R")}),
            R=role(("Allow", "dynamodb:PutItem", att("T"))),
            T=("DynamoDB::Table", {"StreamSpecification": {"StreamViewType": "NEW_IMAGE"}}),
            F=("Lambda::Function", {}),
            M=(
                "Lambda::EventSourceMapping",
                {"EventSourceArn": att("T", "StreamArn"), "FunctionName": att("F")},
            ),
        ),
    )
    assert links_of(made) == {("T", "F"): "certain", ("W", "T"): "probable"}
    assert {("W", "T", "out>in"), ("T", "F", "stream>in")} <= set(made.document.links)


def test_what_is_not_created_or_carries_no_load_is_told_with_the_reason(tmp_path):
    template = resources(Q=("SQS::Queue", {}), K=("KMS::Key", {}), O=("Odd::Thing", {}))
    template["Conditions"] = {"No": {"Fn::Equals": ["a", "b"]}}
    template["Resources"]["Q"]["Condition"] = "No"
    made = bring(tmp_path, template)
    assert [(e.resource, e.became) for e in made.report.resources] == [
        (id, "without meaning") for id in ("Q", "K", "O")
    ]
    assert "its condition No" in entry_of(made, "Q").why
    assert not made.document.nodes


def test_a_type_that_nobody_knows_is_a_box_where_something_calls_it(tmp_path):
    made = bring(
        tmp_path,
        resources(
            F=("Lambda::Function", {"Environment": {"Variables": {"X": {"Ref": "O"}}}}),
            O=("Odd::Thing", {}),
        ),
    )
    assert entry_of(made, "O").became == "passive"
    assert made.document.nodes["O"].service == "external"


def test_what_stands_in_a_vpc_is_in_its_group(tmp_path):
    made = bring(
        tmp_path,
        resources(
            V=("EC2::VPC", {}),
            S1=("EC2::Subnet", {"VpcId": {"Ref": "V"}, "AvailabilityZone": "us-east-1a"}),
            S2=("EC2::Subnet", {"VpcId": {"Ref": "V"}}),
            B=(
                "ElasticLoadBalancingV2::LoadBalancer",
                {"Subnets": [{"Ref": "S1"}, {"Ref": "S2"}]},
            ),
            I=("EC2::Instance", {"SubnetId": {"Ref": "S1"}}),
        ),
    )
    groups = {g.id: (g.kind, g.members) for g in made.document.groups.values()}
    assert groups == {
        "S1": ("availability_zone", ("I",)),
        "V": ("vpc", ("B", "S1")),
    }


def _worker(task, **more):
    return resources(
        Q=("SQS::Queue", {}),
        T=("ECS::TaskDefinition", task),
        S=("ECS::Service", {"TaskDefinition": {"Ref": "T"}, "DesiredCount": 3}),
        **more,
    )


NAMED = {"ContainerDefinitions": [{"Environment": [{"Name": "QUEUE", "Value": {"Ref": "Q"}}]}]}


def test_a_service_that_may_receive_from_a_queue_is_a_pool_of_workers(tmp_path):
    allowed = role(("Allow", ["sqs:ReceiveMessage", "sqs:DeleteMessage"], att("Q")))
    made = bring(tmp_path, _worker({"TaskRoleArn": att("R")}, R=allowed))
    assert links_of(made) == {("Q", "S"): "probable"}
    link = made.document.links["Q", "S", "messages>in"]
    assert dict(link.extra) == {"evidence": "probable"}
    assert made.document.nodes["S"].service == "worker_pool"
    assert made.document.nodes["S"].params == {"desired_count": 3}
    assert entry_of(made, "S").became == "assumed"


def test_a_service_that_nothing_calls_takes_from_the_queue_it_names(tmp_path):
    made = bring(tmp_path, _worker(NAMED))
    assert links_of(made) == {("Q", "S"): "probable"}
    assert made.document.nodes["S"].service == "worker_pool"


def test_a_service_that_names_a_queue_which_another_takes_from_sends_to_it(tmp_path):
    mapping = {"EventSourceArn": att("Q"), "FunctionName": att("F")}
    taken = {"F": ("Lambda::Function", {}), "M": ("Lambda::EventSourceMapping", mapping)}
    made = bring(tmp_path, _worker(NAMED, **taken))
    assert links_of(made) == {("Q", "F"): "certain", ("S", "Q"): "hint"}
    assert made.document.nodes["S"].service == "ecs_service"


def test_a_service_that_is_called_stays_one_though_it_takes_from_a_queue(tmp_path):
    allowed = role(("Allow", "sqs:ReceiveMessage", att("Q")))
    behind = {"DefaultActions": [{"TargetGroupArn": {"Ref": "G"}}], "LoadBalancerArn": {"Ref": "B"}}
    template = _worker(
        {"TaskRoleArn": att("R")},
        R=allowed,
        B=("ElasticLoadBalancingV2::LoadBalancer", {}),
        G=("ElasticLoadBalancingV2::TargetGroup", {}),
        L=("ElasticLoadBalancingV2::Listener", behind),
    )
    template["Resources"]["S"]["Properties"]["LoadBalancers"] = [{"TargetGroupArn": {"Ref": "G"}}]
    made = bring(tmp_path, template)
    assert made.document.nodes["S"].service == "ecs_service"
    said = next(link for link in made.report.links if link.source == "Q")
    assert "takes sync or async only" in said.not_drawn


def test_filters_are_kept_with_the_links_for_the_stepper(tmp_path):
    policy = {"type": ["order"]}
    pattern = {"source": [{"Ref": "B"}]}
    wanted = [{"Pattern": '{"body": {"a": [1]}}'}]
    rules = [{"Name": "suffix", "Value": ".jpg"}]
    notice = {"Queue": att("Q"), "Event": "s3:*", "Filter": {"S3Key": {"Rules": rules}}}
    made = bring(
        tmp_path,
        resources(
            T=("SNS::Topic", {}),
            Q=("SQS::Queue", {}),
            F=("Lambda::Function", {}),
            B=(
                "S3::Bucket",
                {"NotificationConfiguration": {"QueueConfigurations": [notice]}},
            ),
            S=(
                "SNS::Subscription",
                {
                    "TopicArn": {"Ref": "T"},
                    "Protocol": "sqs",
                    "Endpoint": att("Q"),
                    "FilterPolicy": policy,
                },
            ),
            M=(
                "Lambda::EventSourceMapping",
                {
                    "EventSourceArn": att("Q"),
                    "FunctionName": att("F"),
                    "FilterCriteria": {"Filters": wanted},
                },
            ),
            R=(
                "Events::Rule",
                {"EventPattern": pattern, "Targets": [{"Arn": att("F"), "Id": "x"}]},
            ),
        ),
    )
    kept = {id[:2]: dict(link.extra)["filter"] for id, link in made.document.links.items()
            if "filter" in link.extra}  # fmt: skip
    assert kept == {
        ("T", "Q"): {"pattern": policy, "scope": "MessageAttributes"},
        ("Q", "F"): {"any": [{"body": {"a": [1]}}]},
        ("B", "Q"): {"suffix": ".jpg"},
        ("default-event-bus", "F"): {"pattern": {"source": ["B"]}},
    }


def test_each_origin_gets_the_paths_of_its_behaviours(tmp_path):
    origins = [
        {"Id": "files", "DomainName": att("B", "DomainName")},
        {"Id": "api", "DomainName": {"Fn::Sub": "${A}.execute-api.amazonaws.com"}},
        {"Id": "spare", "DomainName": att("S", "DomainName")},
    ]
    members = [{"OriginId": "files"}, {"OriginId": "spare"}]
    made = bring(
        tmp_path,
        resources(
            B=("S3::Bucket", {}),
            S=("S3::Bucket", {}),
            A=("ApiGateway::RestApi", {}),
            D=(
                "CloudFront::Distribution",
                {
                    "DistributionConfig": {
                        "Origins": origins,
                        "OriginGroups": {"Items": [{"Id": "g", "Members": {"Items": members}}]},
                        "DefaultCacheBehavior": {"TargetOriginId": "g"},
                        "CacheBehaviors": [{"PathPattern": "/api/*", "TargetOriginId": "api"}],
                    }
                },
            ),
        ),
    )
    links = made.document.links
    assert links["D", "B", "origins>in"].params == {"origin_group": "g"}
    assert links["D", "A", "origins>in"].params == {"path_pattern": "/api/*", "precedence": 1}
    assert links["D", "S", "origins>in"].params == {"mode": "standby", "origin_group": "g"}
    assert [c.path for c in made.document.scenario.classes] == ["/", "/api/any"]
    assert any("as many requests are for /api/*" in text for text in made.report.load)


def test_a_state_machine_without_its_definition_calls_each_it_is_handed(tmp_path):
    handed = {"DefinitionSubstitutions": {"A": att("F"), "B": att("G")}, "DefinitionUri": "no.json"}
    made = bring(
        tmp_path,
        resources(
            F=("Lambda::Function", {}),
            G=("Lambda::Function", {}),
            M=("StepFunctions::StateMachine", handed),
        ),
    )
    states = {id[1]: link.params["state"] for id, link in made.document.links.items()
              if id[0] == "M"}  # fmt: skip
    assert states == {"F": "Call F", "G": "Call G"}
    assert entry_of(made, "M").became == "assumed"


def test_flink_applications_and_video_streams_keep_their_sizes(tmp_path):
    parallel = {"Parallelism": 8, "ParallelismPerKPU": 2, "AutoScalingEnabled": False}
    flink = {"FlinkApplicationConfiguration": {"ParallelismConfiguration": parallel}}
    made = bring(
        tmp_path,
        resources(
            A=("KinesisAnalyticsV2::Application", {"ApplicationConfiguration": flink}),
            V=("KinesisVideo::Stream", {"DataRetentionInHours": 48}),
        ),
    )
    assert made.document.nodes["A"].params == {
        "parallelism": 8,
        "parallelism_per_kpu": 2,
        "auto_scaling_enabled": False,
    }
    assert made.document.nodes["V"].params == {"retention_hours": 48}
