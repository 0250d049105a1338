"""An imported diagram goes out as the template it came from, changed only where it changed."""

from __future__ import annotations

import difflib
import json
from pathlib import Path

import pytest

from sandbox.document import Document
from sandbox.document.edits import connect, delete, move, place, set_link_params, set_params
from sandbox.exchange import export, export_with_report

from .judges import back, plain
from .templates import bring, known

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31   # SAM
Parameters:
  Size:
    Type: Number
    Default: 256  # MB
Globals:
  Function:
    Timeout: 20
Resources:
  Work:
    # Takes orders.
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: 'app.run'
      CodeUri: src/
      MemorySize: !Ref Size
      Events:
        Orders:
          Type: SQS
          Properties: {Queue: !GetAtt Orders.Arn, BatchSize: 5}

  Orders:
    Type: AWS::SQS::Queue
    Properties:
      VisibilityTimeout: "120"   # six times the function's
"""


def _changed_lines(old: str, new: str) -> list[str]:
    lines = difflib.ndiff(old.splitlines(), new.splitlines())
    return [line for line in lines if line[0] in "+-"]


def _out(document: Document) -> str:
    return export(document, known(), str(document.source["format"])).decode()


def test_an_unchanged_diagram_gives_the_bytes_of_its_source(tmp_path: Path):
    assert _out(bring(tmp_path, TEMPLATE).document) == TEMPLATE


@pytest.mark.parametrize(
    ("node", "values", "old", "new"),
    [
        ("Orders", {"visibility_timeout_s": 240.0}, '"120" ', '"240" '),
        ("Work", {"memory_mb": 512}, "256  # MB", "512  # MB"),
    ],
)
def test_a_changed_parameter_changes_only_its_line(tmp_path: Path, node, values, old, new):
    document = bring(tmp_path, TEMPLATE).document
    document.apply(set_params(document, {node: values}))
    text = _out(document)
    assert text == TEMPLATE.replace(old, new)
    assert plain(back(text.encode()).document)["nodes"] == plain(document)["nodes"]


def test_a_parameter_that_others_share_is_set_in_its_own_resource(tmp_path: Path):
    other = "  Other:\n    Type: AWS::Serverless::Function\n    Properties:\n"
    other += "      Runtime: python3.12\n      Handler: a.b\n      CodeUri: src/\n"
    document = bring(tmp_path, TEMPLATE + other).document
    document.apply(set_params(document, {"Other": {"timeout_s": 5.0}}))
    changed = _changed_lines(TEMPLATE + other, _out(document))
    assert changed == ["+       Timeout: 5"]


def test_a_link_s_parameter_changes_its_event(tmp_path: Path):
    document = bring(tmp_path, TEMPLATE).document
    (link,) = [id for id in document.links if id[0] == "Orders"]
    document.apply(set_link_params(document, {link: {"batch_size": 9}}))
    assert _out(document) == TEMPLATE.replace("BatchSize: 5", "BatchSize: 9")


def test_a_property_that_was_not_there_gets_a_line(tmp_path: Path):
    document = bring(tmp_path, TEMPLATE).document
    document.apply(set_params(document, {"Orders": {"delay_s": 30.0}}))
    assert _changed_lines(TEMPLATE, _out(document)) == ["+       DelaySeconds: 30"]


def test_json_keeps_its_form(tmp_path: Path):
    queue = {"Type": "AWS::SQS::Queue", "Properties": {"DelaySeconds": 7}}
    text = json.dumps({"Resources": {"Q": queue}}, indent="\t")
    document = bring(tmp_path, json.loads(text)).document
    (tmp_path / "template.json").write_text(text)
    document = bring(tmp_path, text, "q.json").document
    document.apply(set_params(document, {"Q": {"delay_s": 9.0, "message_retention_s": 60.0}}))
    new = _out(document)
    assert "DelaySeconds" in new
    assert json.loads(new)["Resources"]["Q"]["Properties"] == {
        "MessageRetentionPeriod": 60,
        "DelaySeconds": 9,
    }
    assert len(_changed_lines(text, new)) == 3


def test_what_the_template_cannot_say_is_put_beside_it_and_comes_back(tmp_path: Path):
    document = bring(tmp_path, TEMPLATE).document
    document.apply(move(document, {"Work": (1.0, 2.0)}))
    document.apply(place(document, "external", 5.0, 6.0, id="bank"))
    document.apply(connect(document, "Work", "out", "bank", "in"))
    document.apply(set_params(document, {"Work": {"cpu_time_ms": 33.0}}))
    document.apply(delete(document, node_ids=["clients-Orders"]))
    made = export_with_report(document, known(), "sam")
    text = made.data.decode()
    assert text.startswith(TEMPLATE)
    again = back(made.data).document
    assert plain(again) == plain(document)
    went = {line.what: line.went for line in made.report.lines}
    assert went["bank"] == went["Work → bank"] == went["Work.cpu_time_ms"] == "kept beside"
    # And so once more, with another place: only the one line of the node changes.
    again.apply(move(again, {"Work": (3.0, 2.0)}))
    assert len(_changed_lines(text, _out(again))) <= 3
    assert plain(back(_out(again).encode()).document) == plain(again)


def test_the_source_of_a_sam_template_is_not_that_of_cloudformation(tmp_path: Path):
    document = bring(tmp_path, TEMPLATE).document
    text = export(document, known(), "cloudformation").decode()
    assert "AWS::Serverless" not in text
    assert plain(back(text.encode()).document) == plain(document)
