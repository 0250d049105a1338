"""Diagrams go out as templates that can be deployed, and come back as they were."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sandbox.document import Document, Link, Node
from sandbox.document.file import load
from sandbox.exchange import (
    FORMATS,
    ExportError,
    export,
    export_with_report,
    import_template,
)
from sandbox.exchange.reading import read_text

from .judges import back, created, errors_of, examples, expanded, for_moto, plain
from .templates import known
from .test_real import FILES, needs_inputs

BOTH = ("cloudformation", "sam")


@pytest.fixture(autouse=True)
def _nobody(monkeypatch):
    """No credentials but those that moto takes."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "nobody")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("to", BOTH)
@pytest.mark.parametrize("path", examples(), ids=lambda path: path.stem)
def test_an_example_comes_back_and_can_be_deployed(path, to):
    diagram = load(path, known())
    made = export_with_report(diagram, known(), to)
    assert plain(back(made.data).document) == plain(diagram)
    assert errors_of(made.data.decode()) == []
    text = expanded(made.data) if to == "sam" else made.data.decode()
    wanted = for_moto(text)
    assert set(created(wanted)) == set(wanted["Resources"])
    said = {line.what for line in made.report.lines if line.kind == "node"}
    assert said == set(diagram.nodes)


@needs_inputs
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_real_template_comes_back_from_both(path):
    diagram = import_template(path, known()).document
    kind = str(diagram.source["format"])
    if kind != "asl":
        assert export(diagram, known(), kind) == path.read_bytes()
    drawn = _without_source(diagram)
    for to in BOTH:
        assert plain(back(export(drawn, known(), to)).document) == plain(drawn)


def _without_source(diagram: Document) -> Document:
    return Document(
        name=diagram.name,
        scenario=diagram.scenario,
        nodes=diagram.nodes.values(),
        links=diagram.links.values(),
        groups=diagram.groups.values(),
        catalogue=known(),
    )


VARIANTS = {
    "api_gateway": [{}, {"type": "http"}, {"type": "websocket"}, {"cache_gb": "0.5"}],
    "auto_scaling_group": [{}, {"warm_pool": True, "zones": 3, "lifecycle_hooks": [{}]}],
    "dynamodb": [{"capacity_mode": "on_demand", "indexes": [{}], "local_indexes": 1}],
    "ecs_service": [
        {"task_cpu_units": 300},
        {"launch_type": "FARGATE_SPOT"},
        {"launch_type": "EC2"},
    ],
    "elasticache": [{}, {"engine": "memcached"}, {"num_node_groups": 3}],
    "elb": [{"cross_zone": "on", "type": "network"}, {"type": "classic"}],
    "kinesis_stream": [{"capacity_mode": "on_demand"}],
    "lambda_function": [{"runtime": "java21", "maximum_retry_attempts": 1}, {"package": "image"}],
    "rds": [{"deployment": "multi_az", "read_replicas": 1}, {"storage_type": "io1"}],
    "sns": [{"type": "fifo"}],
    "sqs": [{"type": "fifo", "high_throughput": True, "sse_kms": True}],
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("to", BOTH)
@pytest.mark.parametrize("service", sorted(known()))
def test_each_service_alone_can_be_deployed(service, to):
    nodes = [
        Node(f"{service}-{at}", service, params=params)
        for at, params in enumerate([{}, *VARIANTS.get(service, [])])
    ]
    diagram = Document(nodes=nodes, name=service, catalogue=known())
    data = export(diagram, known(), to)
    assert plain(back(data).document) == plain(diagram)
    assert errors_of(data.decode()) == []


def _diagram(*links: str, **nodes: str) -> Document:
    """Nodes by service, links as `a.port > b.port`."""
    ends = [[end.strip().split(".") for end in link.split(">")] for link in links]
    return Document(
        nodes=[Node(id, service) for id, service in nodes.items()],
        links=[Link(a, b, out, into) for (a, out), (b, into) in ends],
        catalogue=known(),
    )


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("to", BOTH)
def test_a_function_may_write_to_the_bucket_that_calls_it(to):
    diagram = _diagram(
        "photos.notifications > resize.in", "resize.out > photos.in",
        photos="s3", resize="lambda_function",
    )  # fmt: skip
    made = export_with_report(diagram, known(), to)
    assert {line.went for line in made.report.lines} == {"exported"}
    assert errors_of(made.data.decode()) == []
    assert plain(back(made.data).document) == plain(diagram)


@pytest.mark.filterwarnings("ignore")
def test_sam_says_events_of_functions_where_cloudformation_has_resources_of_their_own():
    diagram = _diagram(
        "api.out > web.in", "queue.messages > worker.in", "topic.subscriptions > web.in",
        "bus.targets > worker.in", "stream.records > web.in", "flow.tasks > worker.in",
        api="api_gateway", web="lambda_function", queue="sqs", worker="lambda_function",
        topic="sns", bus="eventbridge", stream="kinesis_stream", flow="step_functions",
        table="dynamodb",
    )  # fmt: skip
    data = export(diagram, known(), "sam")
    resources = read_text(data, "sam").value["Resources"]
    events = {
        event["Type"]
        for about in resources.values()
        for event in about.get("Properties", {}).get("Events", {}).values()
    }
    assert events == {"Api", "SQS", "SNS", "EventBridgeRule", "Kinesis"}
    kinds = {about["Type"].rpartition("::")[2] for about in resources.values()}
    assert kinds == {
        *("Api", "Function", "SimpleTable", "StateMachine"),
        *("Queue", "Topic", "EventBus", "Stream"),
    }
    assert errors_of(expanded(data)) == []
    assert plain(back(data).document) == plain(diagram)


def test_what_somebody_changes_in_the_template_is_in_the_diagram_then():
    diagram = _diagram("queue.messages > work.in", queue="sqs", work="lambda_function")
    text = export(diagram, known(), "cloudformation").decode()
    assert text.count("MemorySize: 128") == 1
    found = back(text.replace("MemorySize: 128", "MemorySize: 512").encode()).document
    assert found.nodes["work"].params == {"memory_mb": 512}


def test_the_report_says_what_only_metadata_holds():
    diagram = _diagram("users.out > queue.in", users="clients", queue="sqs")
    report = export_with_report(diagram, known(), "cloudformation").report.plain()
    went = {line["what"]: line["went"] for line in report["lines"]}
    assert went == {"users": "kept beside", "queue": "exported", "users → queue": "kept beside"}
    assert all(line["why"] for line in report["lines"] if line["went"] != "exported")


def test_an_empty_diagram_is_a_template_too():
    data = export(Document(name="Nothing yet", catalogue=known()), known(), "cloudformation")
    assert errors_of(data.decode()) == []
    assert back(data).document.name == "Nothing yet"
    assert not back(data).document.nodes


def test_metadata_of_others_is_no_harm(tmp_path: Path):
    data = export(_diagram(queue="sqs"), known(), "cloudformation").decode()
    assert "nodes:" in data
    broken = data.replace("nodes:", "nodes: [1, '{}', 'x']\n    was:")
    found = back(broken.encode())
    assert "Queue" in found.document.nodes
    assert any("Metadata" in note for note in found.report.notes)


def test_an_unknown_format_is_refused_with_those_there_are():
    with pytest.raises(ExportError, match=r"terraform.*cloudformation, sam"):
        export(Document(catalogue=known()), known(), "terraform")
    assert {"cloudformation", "sam"} <= set(FORMATS)


def test_what_no_service_may_be_does_not_stop_the_export():
    nodes = [
        Node("q", "sqs", params={"visibility_timeout_s": "soon", "delay_s": -1}),
        Node("f", "lambda_function", params={"memory_mb": None, "colour": "red"}),
        Node("m", "step_functions", params={"definition": "{not JSON"}),
        Node("t", "teleporter", params={"far": [1]}),
    ]
    links = [
        Link("q", "f", "messages", "in", {"batch_size": "many"}),
        Link("f", "t", "out", "in"),
    ]
    diagram = Document(nodes=nodes, links=links, catalogue=known())
    for to in BOTH:
        made = export_with_report(diagram, known(), to)
        assert plain(back(made.data).document) == plain(diagram)
        went = {line.what: line.went for line in made.report.lines}
        assert (went["q"], went["m"], went["t"]) == ("in part", "in part", "kept beside")
