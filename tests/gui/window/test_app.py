"""The program starts with a diagram that runs, and ends without a trace."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from sandbox.document.file import save
from sandbox.gui.app import furnish
from sandbox.gui.shell import Shell


def test_a_file_that_is_given_opens_and_runs(qtbot, diagram, tmp_path, monkeypatch, services):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    save(diagram, tmp_path / "shop.json", services)
    shell = Shell()
    bench = furnish(shell, tmp_path / "shop.json", tmp_path / "journals")
    shell.show()
    qtbot.waitUntil(lambda: bench.runner.moment.t_s > 0, timeout=100_000)
    assert bench.session.path == tmp_path / "shop.json"
    assert bench.canvas.diagram.items_by_id.keys() == {"clients", "shop"}
    shell.close()
    assert not bench.runner.alive
    shell.deleteLater()


def test_an_unexpected_error_is_said_and_does_not_end_the_program(
    qtbot, diagram, tmp_path, monkeypatch, capsys
):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    shell = Shell()
    bench = furnish(shell, None, tmp_path / "journals")
    error = RuntimeError("the sky fell")
    sys.excepthook(RuntimeError, error, None)
    shell.show()
    assert bench.messages.text == "Something unexpected happened: the sky fell"
    assert "the sky fell" in capsys.readouterr().err
    shell.close()
    shell.deleteLater()


@pytest.mark.slow
def test_the_program_ends_on_interrupt_without_a_word(diagram, tmp_path, services):
    save(diagram, tmp_path / "shop.json", services)
    program = subprocess.Popen(
        [sys.executable, "-m", "sandbox", str(tmp_path / "shop.json")],
        stderr=subprocess.PIPE,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "QT_LOGGING_RULES": "qt.qpa.plugin=false",
        },
        text=True,
    )
    time.sleep(8)
    assert program.poll() is None
    program.send_signal(signal.SIGINT)
    _, said = program.communicate(timeout=30)
    assert program.returncode == 0
    assert said == ""
