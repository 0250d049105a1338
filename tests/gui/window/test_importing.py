"""A template is imported by the menu or by dropping it: a tab, a report, and nothing saved."""

from __future__ import annotations

import pytest

from sandbox.gui.importing import ReportDialog, is_template

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
