"""What is drawn by hand after an import goes into the kept template as resources."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sandbox.document import Document
from sandbox.document.edits import connect, place, set_params
from sandbox.exchange import export_with_report
from sandbox.exchange.reading import read_text

from .judges import back, errors_of, plain
from .templates import bring, known
from .test_source import TEMPLATE, _changed_lines

PLAIN = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: "sts:AssumeRole"}
  Work:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Handler: index.run
      Code: {ZipFile: "def run(event, context): pass"}
      Role: !GetAtt Role.Arn
  Orders:
    Type: AWS::SQS::Queue   # of the shop

  # The end of it.
Outputs:
  Queue:
    Value: !Ref Orders
"""


def _went(document: Document) -> tuple[str, dict[str, str]]:
    made = export_with_report(document, known(), str(document.source["format"]))
    assert plain(back(made.data).document) == plain(document)
    assert errors_of(made.data.decode()) == []
    return made.data.decode(), {line.what: line.went for line in made.report.lines}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("template", [TEMPLATE, PLAIN], ids=["sam", "cloudformation"])
def test_a_new_queue_and_its_function_become_resources(tmp_path: Path, template):
    document = bring(tmp_path, template).document
    document.apply(place(document, "sqs", 500.0, 0.0, id="parcels"))
    document.apply(place(document, "lambda_function", 700.0, 0.0, id="pack"))
    document.apply(connect(document, "Work", "out", "parcels", "in"))
    document.apply(connect(document, "parcels", "messages", "pack", "in"))
    document.apply(set_params(document, {"parcels": {"visibility_timeout_s": 77.0}}))
    text, went = _went(document)
    for what in ("parcels", "pack", "Work → parcels", "parcels → pack"):
        assert went[what] == "exported"
    lines = _changed_lines(template, text)
    assert not [line for line in lines if line[0] == "-"]
    made = read_text(text.encode(), "t.yaml").value["Resources"]
    assert made["Parcels"]["Properties"]["VisibilityTimeout"] == 77
    assert set(made) >= {"Parcels", "Pack", "Orders", "Work"}
    again = back(text.encode()).document
    again.apply(set_params(again, {"parcels": {"visibility_timeout_s": 78.0}}))
    second, _ = _went(again)
    assert [line[0] for line in _changed_lines(text, second) if "Timeout" in line] == ["-", "+"]


@pytest.mark.filterwarnings("ignore")
def test_an_old_queue_may_feed_a_new_function(tmp_path: Path):
    document = bring(tmp_path, PLAIN).document
    document.apply(place(document, "lambda_function", 700.0, 0.0, id="Pack"))
    document.apply(connect(document, "Orders", "messages", "Pack", "in"))
    text, went = _went(document)
    assert went["Orders → Pack"] == "exported"
    assert text.index("PackFromOrders") < text.index("# The end of it.") < text.index("Outputs:")


@pytest.mark.filterwarnings("ignore")
def test_json_takes_new_resources_too(tmp_path: Path):
    text = json.dumps({"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}, indent=2)
    (tmp_path / "q.json").write_text(text)
    document = bring(tmp_path, text, "q.json").document
    document.apply(place(document, "sns", 9.0, 9.0, id="news"))
    document.apply(connect(document, "news", "subscriptions", "Q", "in"))
    made = export_with_report(document, known(), "cloudformation").data.decode()
    resources = json.loads(made)["Resources"]
    assert resources["News"]["Type"] == "AWS::SNS::Topic"
    assert {about["Type"] for about in resources.values()} >= {"AWS::SNS::Subscription"}
    assert plain(back(made.encode()).document) == plain(document)


@pytest.mark.filterwarnings("ignore")
def test_what_would_change_an_old_resource_stays_beside(tmp_path: Path):
    policy = """\
  Policy:
    Type: AWS::SQS::QueuePolicy
    Properties:
      Queues: [!Ref Orders]
      PolicyDocument:
        Version: "2012-10-17"
        Statement: [{Effect: Allow, Principal: "*", Action: "sqs:SendMessage", Resource: "*"}]
"""
    template = PLAIN.replace("  # The end", policy + "  # The end")
    document = bring(tmp_path, template).document
    document.apply(place(document, "sns", 9.0, 9.0, id="news"))
    document.apply(connect(document, "news", "subscriptions", "Orders", "in"))
    text, went = _went(document)
    assert went["news"] == "exported"
    assert went["news → Orders"] == "kept beside"
    assert text.count("QueuePolicy") == 1
    report = export_with_report(document, known(), "cloudformation").report
    why = next(line.why for line in report.lines if line.what == "news → Orders")
    assert "a second policy would replace the one that is there" in why


def test_a_form_that_takes_no_more_is_told(tmp_path: Path):
    loop = """\
  Fn::ForEach::Copies:
    - Name
    - [One, Two]
    - Copy${Name}: {Type: AWS::SQS::Queue}
"""
    template = PLAIN.replace(
        "Resources:\n", "Transform: AWS::LanguageExtensions\nResources:\n" + loop
    )
    document = bring(tmp_path, template).document
    document.apply(place(document, "sns", 9.0, 9.0, id="news"))
    made = export_with_report(document, known(), "cloudformation")
    assert plain(back(made.data).document) == plain(document)
    assert {line.what: line.went for line in made.report.lines}["news"] == "kept beside"
    assert any(note.startswith("what was drawn since") for note in made.report.notes)
