"""File → Export: a file beside the window, which goes on, and a word about what came of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.document import Document
from sandbox.gui.exporting import default_stem


@pytest.fixture
def export(bench, qtbot, tmp_path):
    def export(to: str, name: str) -> Path:
        path = tmp_path / name
        bench.exporter.ask_path = lambda _format: str(path)
        assert bench.exporter.ask(to)
        qtbot.waitUntil(lambda: not bench.exporter.busy, timeout=60_000)
        return path

    return export


def test_every_format_of_the_command_stands_in_the_menu(bench):
    titles = [command.name for command in bench.aids.commands.all() if "Export" in command.menus]
    for title in ("Mermaid flowchart", "GraphML", "SVG picture", "PNG picture", "PDF page"):
        assert title in titles


@pytest.mark.parametrize("to", ["mermaid", "svg"])
def test_a_file_is_written_and_said(bench, export, to):
    path = export(to, f"shop.{to}")
    assert "Shop" in path.read_text()
    assert bench.messages.text.startswith(f"Exported {path}")


def test_a_report_tells_of_the_run_so_far(bench, export, qtbot):
    bench.runner.step(60)
    qtbot.waitUntil(lambda: bench.runner.moment.t_s >= 60, timeout=20_000)
    page = export("markdown", "shop").with_suffix(".md").read_text()
    assert "60 s of simulated time." in page
    assert "| Shop | 100 | 9" in page


def test_what_cannot_be_written_is_said_and_the_window_goes_on(bench, export):
    export("mermaid", "no/such/folder.mmd")
    assert "Not exported" in bench.messages.text
    assert "cannot be written" in bench.messages.text


def test_a_picture_under_way_is_given_up_with_the_window(bench, tmp_path):
    bench.exporter.ask_path = lambda _format: str(tmp_path / "late.png")
    bench.exporter.ask("png")
    bench.exporter.stop()
    assert not bench.exporter.busy
    assert not (tmp_path / "late.png").exists()


def test_thinking_better_of_it_writes_nothing(bench):
    bench.exporter.ask_path = lambda _format: ""
    assert not bench.exporter.ask("svg")
    assert not bench.exporter.busy


@pytest.mark.parametrize(
    ("path", "name", "stem"),
    [(None, "My shop / 2", "my-shop-2"), (None, "", "diagram"), (Path("/a/b.json"), "My", "b")],
)
def test_names_of_files_are_sensible(path, name, stem):
    assert default_stem(path, Document(name=name)) == stem
