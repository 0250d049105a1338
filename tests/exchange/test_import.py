"""Whole imports: SAM, nested stacks, definitions, refusals, the command, and how long it takes."""

from __future__ import annotations

import json

import pytest

from sandbox.__main__ import main
from sandbox.document.file import load
from sandbox.exchange import TemplateError, import_template

from .templates import bring, entry_of, known, links_of, resources

SAM = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Timeout: 20, Runtime: python3.12, CodeUri: src/}
Resources:
  F:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Policies:
        - DynamoDBReadPolicy: {TableName: !Ref T}
      Events:
        Get: {Type: Api, Properties: {Path: /, Method: get}}
        Q: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn, BatchSize: 3}}
  T: {Type: AWS::Serverless::SimpleTable}
  Q: {Type: AWS::SQS::Queue}
"""
BAD = """
  Bad:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.12
      Events:
        S: {Type: SQS, Properties: {Queue: !GetAtt Q.Arn}}
        X: {Type: Nonsense, Properties: {}}
"""


def test_a_sam_template_is_expanded_without_a_network(tmp_path, monkeypatch):
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION"):
        monkeypatch.delenv(name, raising=False)
    made = bring(tmp_path, SAM)
    assert made.report.kind == "sam"
    assert links_of(made) == {
        ("Q", "F"): "certain",
        ("ServerlessRestApi", "F"): "certain",
        ("F", "T"): "probable",
    }
    assert made.document.nodes["F"].params["timeout_s"] == 20
    assert made.document.nodes["T"].params == {"capacity_mode": "on_demand"}
    assert made.expanded["Resources"]["FQ"]["Type"] == "AWS::Lambda::EventSourceMapping"
    assert made.document.source["text"] == SAM


def test_what_the_translator_refuses_is_expanded_by_its_events_and_told(tmp_path):
    made = bring(tmp_path, SAM + BAD)
    assert ("Q", "Bad") in links_of(made)
    assert entry_of(made, "Bad").became == "assumed"
    assert "the SAM translator refuses it" in entry_of(made, "Bad").assumptions[0]
    assert ("ServerlessRestApi", "F") in links_of(made)


def test_a_connector_is_certain(tmp_path):
    connector = """
  C:
    Type: AWS::Serverless::Connector
    Properties:
      Source: {Id: F}
      Destination: {Id: Out}
      Permissions: [Write]
  Out: {Type: AWS::SQS::Queue}
"""
    assert links_of(bring(tmp_path, SAM + connector))["F", "Out"] == "certain"


def nested(tmp_path, place):
    inner = {
        **resources(Q=("SQS::Queue", {"VisibilityTimeout": {"Ref": "V"}})),
        "Parameters": {"V": {"Type": "Number", "Default": 1}},
        "Outputs": {"Arn": {"Value": {"Fn::GetAtt": ["Q", "Arn"]}}},
    }
    (tmp_path / "parts").mkdir()
    (tmp_path / "parts" / "inner.json").write_text(json.dumps(inner))
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "inner.json").write_text(json.dumps(inner))
    return bring(
        tmp_path / "here",
        resources(
            N=("CloudFormation::Stack", {"TemplateURL": place, "Parameters": {"V": 77}}),
            F=("Lambda::Function", {}),
            M=(
                "Lambda::EventSourceMapping",
                {
                    "EventSourceArn": {"Fn::GetAtt": ["N", "Outputs.Arn"]},
                    "FunctionName": {"Ref": "F"},
                },
            ),
        ),
    )


def test_a_nested_stack_is_a_group_and_its_outputs_are_followed(tmp_path):
    made = nested(tmp_path, "./inner.json")
    assert links_of(made) == {("N-Q", "F"): "certain"}
    assert made.document.nodes["N-Q"].params == {"visibility_timeout_s": 77}
    assert made.document.groups["N"].members == ("N-Q",)
    assert set(made.document.source["files"]) == {"inner.json"}


@pytest.mark.parametrize(
    "place", ["../parts/inner.json", "/etc/hostname", "https://example.com/t.json", "gone.json"]
)
def test_nothing_outside_the_templates_folder_is_followed(tmp_path, place):
    made = nested(tmp_path, place)
    assert "N-Q" not in made.document.nodes
    assert made.document.source["files"] == {}
    assert any(place in note for note in made.report.notes)


def test_a_link_out_of_the_folder_is_not_followed_either(tmp_path):
    (tmp_path / "secret.json").write_text(json.dumps(resources(Q=("SQS::Queue", {}))))
    (tmp_path / "here").mkdir()
    (tmp_path / "here" / "link.json").symlink_to(tmp_path / "secret.json")
    place = {"TemplateURL": "link.json"}
    made = bring(tmp_path / "here", resources(N=("CloudFormation::Stack", place)))
    assert any("outside" in note for note in made.report.notes)


def test_a_definition_beside_the_template_is_read_and_substituted(tmp_path):
    definition = {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Task", "Resource": "${Fn}", "Next": "B"},
            "B": {
                "Type": "Task",
                "Resource": "arn:aws:states:::sqs:sendMessage",
                "Parameters": {"QueueUrl": "${Queue}"},
                "End": True,
            },
        },
    }
    (tmp_path / "d.asl.json").write_text(json.dumps(definition))
    machine = """
  M:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: d.asl.json
      DefinitionSubstitutions: {Fn: !GetAtt F.Arn, Queue: !Ref Q}
"""
    made = bring(tmp_path, SAM + machine)
    assert links_of(made)["M", "F"] == "certain"
    assert links_of(made)["M", "Q"] == "certain"


def test_both_notations_of_one_template_give_one_diagram(tmp_path):
    yaml = bring(tmp_path, SAM)
    plain = {
        "Transform": "AWS::Serverless-2016-10-31",
        "Globals": {"Function": {"Timeout": 20, "Runtime": "python3.12", "CodeUri": "src/"}},
        "Resources": {
            "F": {
                "Type": "AWS::Serverless::Function",
                "Properties": {
                    "Handler": "a.b",
                    "Policies": [{"DynamoDBReadPolicy": {"TableName": {"Ref": "T"}}}],
                    "Events": {
                        "Get": {"Type": "Api", "Properties": {"Path": "/", "Method": "get"}},
                        "Q": {
                            "Type": "SQS",
                            "Properties": {"Queue": {"Fn::GetAtt": ["Q", "Arn"]}, "BatchSize": 3},
                        },
                    },
                },
            },
            "T": {"Type": "AWS::Serverless::SimpleTable"},
            "Q": {"Type": "AWS::SQS::Queue"},
        },
    }
    json_ = bring(tmp_path, plain)
    assert dict(yaml.document.nodes) == dict(json_.document.nodes)
    assert dict(yaml.document.links) == dict(json_.document.links)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("service: x\nprovider: {name: aws}\nfunctions: {}\n", "Serverless Framework, not SAM"),
        ("a: 1", "neither a CloudFormation or SAM template"),
        ("Resources: {}", "has no resources"),
        ("AWSTemplateFormatVersion: 2010-09-09", "has no resources"),
        ("- 1", "neither"),
        ("", "neither"),
    ],
)
def test_what_is_no_template_is_refused_with_what_to_do(tmp_path, text, says):
    with pytest.raises(TemplateError, match=says):
        bring(tmp_path, text)


@pytest.mark.parametrize(
    "text",
    [
        "Resources: {A: 1, B: {Type: 5}, C: {Type: AWS::SQS::Queue, Properties: [1]}}",
        "Resources: {F: {Type: AWS::Lambda::Function, Properties: {Environment: 3, Role: [1]}}}",
        "Resources: {Q: {Type: AWS::SQS::Queue, Properties: {RedrivePolicy: '{not json'}}}",
        "Resources: {Q: {Type: AWS::SNS::Topic, Properties: {Subscription: [1, {Protocol: 4}]}}}",
        "Resources: {R: {Type: AWS::Events::Rule, Properties: {Targets: [5, {Arn: []}]}}}",
        "Resources: {A: {Type: AWS::ApiGateway::RestApi, Properties: {Body: {paths: 3}}}}",
        "Resources: {G: {Type: AWS::AutoScaling::AutoScalingGroup, Properties: {MinSize: x}}}",
        "Resources: {F: {Type: AWS::Serverless::Function, Properties: {Events: 3}}}",
        "Resources: {M: {Type: AWS::Serverless::StateMachine, Properties: {Definition: 3}}}",
        "Resources: {D: {Type: AWS::CloudFront::Distribution, Properties: {Tags: 1}}}",
    ],
)
def test_odd_properties_never_stop_an_import(tmp_path, text):
    bring(tmp_path, text)


def test_the_command_writes_the_diagram_and_the_report(tmp_path, capsys):
    (tmp_path / "t.yaml").write_text(SAM)
    out = tmp_path / "d.json"
    assert main(["import", str(tmp_path / "t.yaml"), "-o", str(out), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert {e["resource"] for e in report["resources"]} >= {"F", "T", "Q", "FRole"}
    assert report["load"] == [
        f"{id} is offered 10/s by clients-{id} (assumed; the template says no load)"
        for id in ("Q", "ServerlessRestApi")
    ]
    assert set(load(out, known()).nodes) >= {"F", "T", "Q", "ServerlessRestApi", "clients-Q"}


def test_the_command_refuses_in_one_line(tmp_path, capsys):
    (tmp_path / "t.yaml").write_text("a: !!python/name:os.system x")
    assert main(["import", str(tmp_path / "t.yaml")]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("sandbox: t.yaml, line 1, column 4: the tag")
    assert lines[0].endswith("is none of CloudFormation's; take it away")


def test_a_resource_whose_name_cloudformation_refuses_is_left_out_and_told(tmp_path):
    queue = {"Type": "AWS::SQS::Queue"}
    path = tmp_path / "t.json"
    path.write_text(json.dumps({"Resources": {"my.queue": queue, "Other": queue}}))
    made = import_template(path, known())
    assert "Other" in made.document.nodes
    assert not any("my" in id for id in made.document.nodes)
    assert any("my.queue: a logical id has letters and digits only" in n for n in made.report.notes)


def test_five_hundred_resources_are_imported_in_three_seconds(tmp_path, benchmark):
    parts = ["Transform: AWS::Serverless-2016-10-31", "Resources:"]
    for n in range(250):
        parts.append(
            f"  Q{n}: {{Type: AWS::SQS::Queue, Properties: {{VisibilityTimeout: 60}}}}\n"
            f"  F{n}:\n    Type: AWS::Serverless::Function\n    Properties:\n"
            "      Handler: a.b\n      Runtime: python3.12\n      CodeUri: src/\n"
            f"      Policies: [SQSSendMessagePolicy: {{QueueName: !GetAtt Q{(n + 1) % 250}."
            "QueueName}]\n      Events:\n        E:\n          Type: SQS\n"
            f"          Properties: {{Queue: !GetAtt Q{n}.Arn}}\n"
        )
    path = tmp_path / "large.yaml"
    path.write_text("\n".join(parts))
    known()
    made = benchmark.pedantic(import_template, (path, known()), rounds=1, iterations=1)
    assert len(made.document.nodes) == 501
    assert benchmark.stats is None or benchmark.stats["max"] < 3.0
