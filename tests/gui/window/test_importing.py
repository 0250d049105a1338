"""A template is imported by the menu or by dropping it: a tab, a report, and nothing saved."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from sandbox.gui.importing import ReportDialog, is_template
from sandbox.gui.inspector.link import LinkPage

TEMPLATE = """
Resources:
  Q: {Type: AWS::SQS::Queue}
  K: {Type: AWS::KMS::Key}
"""


@pytest.fixture
def template(tmp_path):
    path = tmp_path / "stack.yaml"
    path.write_text(TEMPLATE)
    return path


def test_a_dropped_template_opens_unsaved_with_its_report(bench, template):
    shown = []
    bench.files.importer.show_report = shown.append
    bench.files.drop(template, None, (0.0, 0.0))
    assert set(bench.session.document.nodes) == {"Q", "clients-Q"}
    assert bench.session.path is None
    assert bench.window.isWindowModified()
    assert [entry.resource for entry in shown[0].resources] == ["Q", "K"]


def test_the_report_lists_each_resource_and_the_load(bench, template, qtbot):
    shown = []
    bench.files.importer.show_report = shown.append
    bench.files.importer.ask_path = lambda: str(template)
    assert bench.files.importer.ask()
    dialog = ReportDialog(shown[0])
    qtbot.addWidget(dialog)
    titles = [dialog.tree.topLevelItem(row).text(0) for row in range(3)]
    assert titles == ["Resources (2)", "Links (0)", "Load (1)"]
    rows = dialog.tree.topLevelItem(0)
    assert [rows.child(row).text(1) for row in range(2)] == ["mapped", "without meaning for load"]


def test_what_cannot_be_imported_is_said_and_nothing_changes(bench, tmp_path):
    path = tmp_path / "serverless.yml"
    path.write_text("service: x\nprovider: {}\n")
    before = bench.session.document
    assert not bench.files.importer.bring(path)
    assert bench.session.document is before


@pytest.mark.parametrize(
    ("name", "text", "wanted"),
    [
        ("a.yml", "", True),
        ("a.json", '{"Resources": {}}', True),
        ("a.json", '{"StartAt": "A"}', True),
        ("a.json", '{"graph": {"format": "architecture-sandbox"}, "x": "Resources"}', False),
        ("a.json", '{"nodes": []}', False),
        ("a.csv", "Resources", False),
    ],
)
def test_templates_are_told_from_diagrams_and_loads(tmp_path, name, text, wanted):
    (tmp_path / name).write_text(text)
    assert is_template(tmp_path / name) is wanted


SAM = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: a.b, InlineCode: pass}
"""


def test_the_template_stands_beside_its_cloudformation(bench, tmp_path, qtbot):
    path = tmp_path / "app.yaml"
    path.write_text(SAM)
    bench.files.importer.show_report = lambda _report: None
    assert bench.files.importer.bring(path)
    dialog = bench.files.importer.templates.show()
    qtbot.addWidget(dialog)
    assert dialog.left.toPlainText() == SAM
    assert "AWS::Lambda::Function" in dialog.right.toPlainText()
    assert dialog.left.isReadOnly()
    assert dialog.right.isReadOnly()
    dialog.resources.setCurrentText("WorkRole")
    assert dialog.left.textCursor().block().text() == "  Work:"
    assert dialog.right.textCursor().block().text() == "  WorkRole:"
    dialog.close()


def test_a_diagram_of_no_template_says_so(bench):
    assert bench.files.importer.templates.show() is None
    assert "did not come from a template" in bench.messages.text


UNSURE = """
Resources:
  Q: {Type: AWS::SQS::Queue}
  F:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.12, Role: !GetAtt R.Arn}
  R:
    Type: AWS::IAM::Role
    Properties:
      Policies:
        - PolicyDocument:
            Statement: [{Effect: Allow, Action: "sqs:SendMessage", Resource: !GetAtt Q.Arn}]
"""


def test_a_person_says_that_a_probable_link_is_right_and_takes_it_back(bench, tmp_path):
    path = tmp_path / "unsure.yaml"
    path.write_text(UNSURE)
    bench.files.importer.show_report = lambda _report: None
    bench.files.importer.bring(path)
    link = ("F", "Q", "out>in")
    bench.session.select(links=[link])
    page = bench.inspector.findChild(LinkPage)
    assert "its role allows it" in page.evidence.words.text()
    assert "Link to Q, probable" in outline_texts(bench)
    page.evidence.right.click()
    assert "evidence" not in bench.session.document.links[link].extra
    assert page.evidence.isHidden()
    bench.session.undo_stack.undo()
    assert bench.session.document.links[link].extra["evidence"] == "probable"


def outline_texts(bench):
    items = bench.outline.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
    return [item.data(0, Qt.ItemDataRole.AccessibleTextRole) for item in items]
