"""Mermaid, GraphML and Markdown: everything on the canvas is in the file, and others read it."""

from __future__ import annotations

import io
import json

import networkx
import pytest

from sandbox.document import Annotation, Document, Group, Link, Node
from sandbox.exchange import FORMATS, Options, export, export_with_report
from sandbox.exchange.out.figures import of_run
from sandbox.exchange.out.mermaid import escaped

from .templates import known


def diagram() -> Document:
    nodes = [
        Node("users", "clients", "Users", params={"rate_per_s": 200}),
        Node("end", "sqs", 'Orders "new" <b>', params={"visibility_timeout_s": 45}),
        Node("work-er", "lambda_function", "1. Worker"),
        Node("work_er", "no_such_service", "Odd"),
    ]
    links = [
        Link("users", "end", "out", "in", {"calls": 0.5}),
        Link("end", "work-er", "messages", "in"),
        Link("work-er", "work_er", "out", "in", {}, {"evidence": "probable"}),
    ]
    groups = [
        Group("zone", "availability_zone", "Zone a", ("work-er",)),
        Group("net", "vpc", "The | net", ("zone", "end", "work-er")),
    ]
    return Document(nodes=nodes, links=links, groups=groups, name="Or*ders")


def mermaid() -> list[str]:
    return [line.strip() for line in export(diagram(), known(), "mermaid").decode().splitlines()]


def test_a_flowchart_has_each_node_in_its_group_and_words_on_its_links():
    lines = mermaid()
    assert lines[0] == "flowchart LR"
    net, zone = lines.index('subgraph net["The | net"]'), lines.index('subgraph zone["Zone a"]')
    assert net < lines.index('n_end[["Orders #quot;new#quot; #lt;b#gt;<br/>SQS queue"]]') < zone
    assert lines[zone + 1 : zone + 4] == [
        'work_er["1.#160;Worker<br/>Lambda function"]',
        "end",
        "end",
    ]
    assert 'users -->|"× 0.5"| n_end' in lines
    assert 'n_end -.->|"pull"| work_er' in lines
    assert 'work_er -.->|"probable"| work_er_2' in lines


def test_no_name_in_a_flowchart_is_a_word_of_its_grammar_or_there_twice():
    document = Document(nodes=[Node(id, "sqs") for id in ("End", "graph", "a-b", "a_b", "A_B")])
    lines = export(document, known(), "mermaid").decode().splitlines()[1:]
    names = [line.strip().split("[")[0].lower() for line in lines]
    assert len(set(names)) == 5
    assert not {"end", "graph"} & set(names)


def test_a_label_cannot_break_out_of_its_quotes():
    assert escaped('"] --> x["') == "#quot;] --#gt; x[#quot;"
    assert escaped("two\nlines `code` #35;") == "two<br/>lines #96;code#96; #35;35;"


def test_groups_that_hold_each_other_in_a_circle_end():
    groups = [Group("a", "vpc", members=("b",)), Group("b", "vpc", members=("a", "q"))]
    document = Document(nodes=[Node("q", "sqs")], groups=groups)
    assert export(document, known(), "mermaid").decode().count("q[[") == 1


def test_an_alarm_is_drawn_to_what_it_watches():
    document = Document(
        nodes=[
            Node("q", "sqs"),
            Node("bell", "alarm", params={"metric": {"node": "q", "metric": "backlog"}}),
        ]
    )
    assert 'bell -.-|"watches"| q' in export(document, known(), "mermaid").decode()


def test_networkx_reads_ids_services_labels_and_parameters_back():
    graph = networkx.read_graphml(io.BytesIO(export(diagram(), known(), "graphml")))
    assert set(graph) == {"users", "end", "work-er", "work_er"}
    assert graph.nodes["end"]["service"] == "sqs"
    assert graph.nodes["end"]["label"] == 'Orders "new" <b>'
    assert graph.nodes["end"]["param.visibility_timeout_s"] == 45
    assert graph.nodes["end"]["param.delay_s"] == known().defaults("sqs")["delay_s"]
    assert graph.nodes["work-er"]["group"] == "The | net / Zone a"
    assert [data["mode"] for *_, data in graph.out_edges("end", data=True)] == ["pull"]
    assert graph.edges["work-er", "work_er"]["evidence"] == "probable"


def test_lists_of_records_and_control_characters_survive_graphml():
    policies = [{"name": "a"}, {"name": "b", "limit": 0.5}]
    document = Document(nodes=[Node("a", "unheard_of", "bell\x07", params={"policies": policies})])
    graph = networkx.read_graphml(io.BytesIO(export(document, known(), "graphml")))
    assert json.loads(graph.nodes["a"]["param.policies"]) == policies
    assert graph.nodes["a"]["label"] == "bell�"


def test_a_report_tells_what_differs_from_the_defaults_with_units():
    page = export(diagram(), known(), "markdown").decode()
    assert page.startswith("# Or\\*ders\n")
    assert "```mermaid\nflowchart LR" in page
    assert "| Users | Rate per s | 200 1/s | 50 1/s |" in page
    assert "| `visibility_timeout_s` | **45 s** | 30 s |" in page
    assert "| 1. Worker | Odd | sync | out → in | probable, not certain |" in page
    assert "## Run" not in page


def test_a_report_tells_the_figures_of_a_run_when_there_is_one():
    told = {
        "duration_s": 3600.0,
        "cost_usd": 1.25,
        "nodes": {
            "users": {
                "arrivals": {"mean": 200.0},
                "served": {"mean": 190.0},
                "throttled": {"mean": 10.0},
                "latency_p99": {"run": 0.137},
                "cost_per_hour": {"mean": 0.5},
            }
        },
    }
    options = Options(figures=of_run(told))
    page = export_with_report(diagram(), known(), "markdown", options).data.decode()
    assert "60 min of simulated time. It cost $1.25." in page
    assert "| Users | 200 | 190 | 10 | 137 | $0.50 |" in page


@pytest.mark.parametrize("told", [[], {"nodes": {}}, {"duration_s": "long", "nodes": {}}])
def test_what_is_not_a_run_is_refused_with_what_to_give(told):
    with pytest.raises(ValueError, match="sandbox run FILE --json"):
        of_run(told)


@pytest.mark.parametrize("format", ["mermaid", "graphml", "markdown"])
def test_an_empty_diagram_and_a_note_are_written_too(format):
    document = Document(annotations=[Annotation("n", "A note | of mine")])
    made = export_with_report(document, known(), format)
    assert made.data
    assert [(line.what, line.kind) for line in made.report.lines] == [("n", "note")]


def test_every_format_says_what_became_of_each_node_link_and_group():
    for format in FORMATS.values():
        if format.id in ("mermaid", "graphml", "markdown"):
            lines = export_with_report(diagram(), known(), format.id).report.lines
            assert [line.kind for line in lines] == ["node"] * 4 + ["group"] * 2 + ["link"] * 3
