"""What was made of a template before it was drawn, from the source that is kept with a diagram."""

from __future__ import annotations

import pytest

from sandbox.document.file import dump, loads
from sandbox.exchange import TemplateError
from sandbox.exchange.expanded import expanded, line_of

from .templates import bring, known

SAM = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: a.b, InlineCode: pass}
  Steps:
    Type: AWS::Serverless::StateMachine
    Properties: {DefinitionUri: steps.asl.json}
"""


def test_sam_is_expanded_again_from_the_saved_diagram_without_its_files(tmp_path):
    (tmp_path / "steps.asl.json").write_text('{"StartAt": "A", "States": {"A": {"Type": "Pass"}}}')
    document = bring(tmp_path, SAM).document
    again = loads(dump(document, known()), "again.json", known())
    (tmp_path / "steps.asl.json").unlink()
    found = expanded(again.source)
    assert (found.kind, found.source) == ("sam", SAM)
    assert {"Work", "WorkRole", "Steps"} <= set(found.resources)
    assert "Type: AWS::Lambda::Function" in found.cloudformation
    assert line_of(found.source, "Work") == 3


def test_json_stays_json(tmp_path):
    document = bring(tmp_path, {"Resources": {"Q": {"Type": "AWS::SQS::Queue"}}}).document
    found = expanded(document.source)
    assert found.kind == "cloudformation"
    assert found.cloudformation.startswith("{")
    assert line_of(found.cloudformation, "Q") == 3


@pytest.mark.parametrize("source", [{}, {"file": "x"}])
def test_a_diagram_without_a_template_says_what_to_do(source):
    with pytest.raises(TemplateError, match="import one"):
        expanded(source)
