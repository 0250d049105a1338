"""`sandbox` with nothing or a file opens the window, with anything else runs a command."""

from __future__ import annotations

import os
import subprocess
import sys
import types
from pathlib import Path

import pytest

import sandbox.gui.preflight
from sandbox.__main__ import main

ROOT = Path(__file__).parents[1]


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list:
    """What the window and the command line were asked, with neither of them started."""
    asked: list = []
    window = types.ModuleType("sandbox.gui.app")
    window.open_window = lambda path: asked.append(("window", path)) or 0
    commands = types.ModuleType("sandbox.cli")
    commands.main = lambda arguments: asked.append(("command", arguments)) or 1
    monkeypatch.setitem(sys.modules, "sandbox.gui.app", window)
    monkeypatch.setitem(sys.modules, "sandbox.cli", commands)
    monkeypatch.setattr(sandbox.gui.preflight, "problem", lambda: None)
    return asked


def test_nothing_opens_the_window(calls: list):
    assert main([]) == 0
    assert calls == [("window", None)]


def test_a_file_opens_in_the_window(calls: list, tmp_path: Path):
    diagram = tmp_path / "run.json"
    diagram.touch()
    assert main([str(diagram)]) == 0
    assert calls == [("window", diagram)]


@pytest.mark.parametrize("arguments", [["services"], ["--help"], ["run", "shop.json"]])
def test_anything_else_is_a_command_whose_status_is_returned(calls: list, arguments: list[str]):
    assert main(arguments) == 1
    assert calls == [("command", arguments)]


def test_a_file_that_is_not_there_is_named_and_no_window_opens(calls: list, capsys):
    assert main(["nowhere/shop.json"]) == 2
    assert calls == []
    assert capsys.readouterr().err.startswith("sandbox: nowhere/shop.json: no such file")


def test_without_a_display_one_line_names_the_command_that_needs_none():
    bare = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    if sys.platform == "darwin":
        pytest.skip("macOS always has a display")
    result = subprocess.run(
        [sys.executable, "-m", "sandbox"],
        cwd=ROOT,
        env=bare,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 2
    assert result.stderr.splitlines() == [
        "sandbox: no display to open a window on; run the diagram without one: sandbox run FILE"
    ]
