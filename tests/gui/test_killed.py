"""Killed at any moment of editing and saving, a program loses at most the last edit."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.document import Document
from sandbox.document.file import load
from sandbox.document.journal import left_over

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="nothing kills like that here"
)

# Imports once, then forks a program for each line it reads: most of a start is imports.
_PROGRAMS = """
import os, random, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QMainWindow
from sandbox.document import edits
from sandbox.gui.files import Files
from sandbox.gui.messages import Messages
from sandbox.gui.session import Session
from tests.document.fakes import CATALOGUE

def edit_and_save(folder, seed):
    draw = random.Random(seed)
    told = os.open(folder / "told", os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    app = QApplication([])
    window, messages, session = QMainWindow(), Messages(), Session(CATALOGUE)
    files = Files(session, messages, window, folder / "state" / "journals")
    files.ask_path = lambda saving: str(folder / "shop.json")
    os.write(told, b"ready\\n")
    for number in range(1_000_000):
        # A count of all edits stands in the document: what is lost can be counted afterwards.
        session.do(edits.set_attribute, "notes", str(number))
        if draw.random() < 0.5:
            session.do(edits.place, "queue", number % 40 * 20, 0)
        if len(session.document.nodes) > 60:
            session.do(edits.delete, list(session.document.nodes)[:30])
        os.write(told, b"%d\\n" % number)
        if draw.random() < 0.2:
            assert files.save(), messages.text
            assert not session.dirty
        if draw.random() < 0.05:
            os.write(told, b"undo\\n")  # from here on, one less may rightly be there
            session.undo_stack.undo()
            session.undo_stack.redo()
            os.write(told, b"%d\\n" % number)

for line in sys.stdin:
    folder, seed = line.rsplit(" ", 1)
    child = os.fork()
    if child == 0:
        try:
            edit_and_save(Path(folder), int(seed))
        finally:
            os._exit(1)
    print(child, flush=True)
    print(os.waitpid(child, 0)[1], flush=True)
"""


@pytest.fixture
def programs() -> Iterator[subprocess.Popen[str]]:
    zygote = subprocess.Popen(
        [sys.executable, "-c", _PROGRAMS],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
        text=True,
    )
    yield zygote
    assert zygote.stdin is not None
    assert zygote.stdout is not None
    zygote.stdin.close()
    zygote.wait()
    zygote.stdout.close()


def kill_once(programs: subprocess.Popen[str], folder: Path, seed: int) -> tuple[int, int]:
    """Edits that were told done before the program was killed, and those that are there after."""
    folder.mkdir()
    assert programs.stdin is not None
    assert programs.stdout is not None
    programs.stdin.write(f"{folder} {seed}\n")
    programs.stdin.flush()
    child, told = int(programs.stdout.readline()), folder / "told"
    while not (told.exists() and told.stat().st_size):
        time.sleep(0.002)
    time.sleep(random.Random(seed).uniform(0.0, 0.4))
    os.kill(child, signal.SIGKILL)
    status = int(programs.stdout.readline())
    assert os.WTERMSIG(status) == signal.SIGKILL, "the program ended by itself"
    lines = told.read_text().splitlines()
    if lines[-1] == "undo":
        return int(lines[-2]) - 1, _kept(folder)
    return int(lines[-1]) if len(lines) > 1 else -1, _kept(folder)


def _kept(folder: Path) -> int:
    """The last edit that a person gets back: from what is offered, else from the file."""
    found = left_over(folder / "state" / "journals")
    assert len(found) <= 1
    file = folder / "shop.json"
    on_disk = load(file) if file.exists() else Document()
    for version in (folder / "state" / "versions").rglob("*.json"):
        load(version)  # is whole
    if (backup := folder / "shop.json.bak").exists():
        load(backup)
    restored = found[0].document() if found else on_disk
    return max(int(doc.notes or -1) for doc in (restored, on_disk))


def check(programs: subprocess.Popen[str], tmp_path: Path, times: int) -> None:
    edits = 0
    for seed in range(times):
        done, kept = kill_once(programs, tmp_path / str(seed), seed)
        assert kept >= done, f"seed {seed}: told {done}, kept {kept}"
        edits += max(done, 0)
    assert edits > times, "they were killed before they did anything"


@pytest.mark.slow
def test_nothing_told_done_is_lost_at_a_handful_of_moments(programs: Any, tmp_path: Path) -> None:
    check(programs, tmp_path, 6)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_nothing_told_done_is_lost_at_two_hundred_moments(programs: Any, tmp_path: Path) -> None:
    check(programs, tmp_path, 200)
