"""Scaling plans, Flink applications and video streams are resources of a template, both ways."""

from __future__ import annotations

import pytest

from sandbox.document import Document, Link, Node
from sandbox.exchange import export_with_report
from sandbox.exchange.reading import read_text

from .judges import back, errors_of, plain
from .templates import known

BOTH = ("cloudformation", "sam")
pytestmark = pytest.mark.filterwarnings("ignore")


def _diagram(nodes: dict[str, tuple[str, dict]], *links: str) -> Document:
    ends = [[end.strip().split(".") for end in link.split(">")] for link in links]
    return Document(
        nodes=[Node(id, service, params=params) for id, (service, params) in nodes.items()],
        links=[Link(a, b, out, into) for (a, out), (b, into) in ends],
        catalogue=known(),
    )


PLANNED = _diagram(
    {
        "plan": ("scaling_plan", {"strategy": "cost", "predictive_scaling": True}),
        "fleet": ("auto_scaling_group", {"min_size": 2, "max_size": 9}),
        "web": ("ecs_service", {"scaling": {"min_capacity": 3, "max_capacity": 30}}),
        "table": ("dynamodb", {}),
        "db": ("rds", {"engine": "aurora-mysql", "db_instance_class": "db.r5.large",
                       "read_replicas": 1}),
    },
    "plan.resources > fleet.scaling", "plan.resources > web.scaling",
    "plan.resources > table.scaling", "plan.resources > db.scaling",
)  # fmt: skip
STREAMED = _diagram(
    {
        "clicks": ("kinesis_stream", {}),
        "job": ("kinesis_analytics", {"parallelism": 4, "checkpoint_interval_s": 30.0}),
        "results": ("kinesis_stream", {}),
        "cameras": ("kinesis_video", {"retention_hours": 24.0}),
        "watch": ("ecs_service", {}),
    },
    "clicks.records > job.in", "job.out > results.in", "cameras.media > watch.in",
)  # fmt: skip


@pytest.mark.parametrize("to", BOTH)
@pytest.mark.parametrize("diagram", [PLANNED, STREAMED], ids=["plan", "streams"])
def test_all_of_it_is_in_resources_that_cfn_lint_takes(diagram, to):
    made = export_with_report(diagram, known(), to)
    assert {line.went for line in made.report.lines} == {"exported"}
    assert errors_of(made.data.decode()) == []
    assert plain(back(made.data).document) == plain(diagram)


@pytest.mark.parametrize("diagram", [PLANNED, STREAMED], ids=["plan", "streams"])
def test_without_its_metadata_a_template_still_says_parameters_and_links(diagram):
    text = export_with_report(diagram, known(), "cloudformation").data.decode()
    bare = back(text[: text.index("\nMetadata:")].encode()).document
    small = {id.lower(): node for id, node in bare.nodes.items()}
    for id, node in diagram.nodes.items():
        assert {**small[id].params, **node.params} == small[id].params
    assert len([node for node in bare.nodes.values() if node.service == "rds"]) <= 1
    drawn = {(s.lower(), t.lower(), key) for s, t, key in bare.links}
    assert set(diagram.links) <= drawn


def test_a_plan_instructs_each_resource_within_its_bounds():
    data = export_with_report(PLANNED, known(), "cloudformation").data
    about = read_text(data, "t.yaml").value["Resources"]["Plan"]["Properties"]
    said = {
        one["ScalableDimension"]: (one["MinCapacity"], one["MaxCapacity"])
        for one in about["ScalingInstructions"]
    }
    assert said["autoscaling:autoScalingGroup:DesiredCapacity"] == (2, 9)
    assert said["ecs:service:DesiredCount"] == (3, 30)
    assert said["rds:cluster:ReadReplicaCount"] == (1, 15)
    assert len(said) == 5
    forecast = [one for one in about["ScalingInstructions"] if "PredictiveScalingMode" in one]
    assert [one["ServiceNamespace"] for one in forecast] == ["autoscaling"]


def test_what_a_plan_cannot_scale_is_told():
    diagram = _diagram(
        {"plan": ("scaling_plan", {}), "db": ("rds", {}),
         "table": ("dynamodb", {"capacity_mode": "on_demand"})},
        "plan.resources > db.scaling", "plan.resources > table.scaling",
    )  # fmt: skip
    made = export_with_report(diagram, known(), "cloudformation")
    told = {line.what: line.why for line in made.report.lines if line.went == "kept beside"}
    assert "Aurora" in told["plan → db"]
    assert "on demand" in told["plan → table"]
    assert told["plan"] == "a plan that scales nothing would be refused"
    assert errors_of(made.data.decode()) == []
    assert plain(back(made.data).document) == plain(diagram)


@pytest.mark.parametrize("to", BOTH)
def test_a_service_on_ec2_goes_out_with_its_instances(to):
    given = {"launch_type": "EC2", "instance_type": "c5.large", "min_instances": 2,
             "max_instances": 7, "target_capacity_percent": 80, "placement": "binpack"}  # fmt: skip
    diagram = _diagram({"web": ("ecs_service", given)})
    made = export_with_report(diagram, known(), to)
    assert [line.went for line in made.report.lines] == ["exported"]
    assert errors_of(made.data.decode()) == []
    resources = read_text(made.data, "t.yaml").value["Resources"]
    kinds = {about["Type"].rpartition("::")[2] for about in resources.values()}
    assert kinds >= {"AutoScalingGroup", "LaunchTemplate", "CapacityProvider", "InstanceProfile"}
    assert plain(back(made.data).document) == plain(diagram)
    text = made.data.decode()
    bare = back(text[: text.index("\nMetadata:")].encode()).document
    (service,) = [node for node in bare.nodes.values() if node.service != "clients"]
    assert {**service.params, **given} == service.params
