"""Killed at any moment of editing and saving, a program loses at most the last edit."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.document import Document
from sandbox.document.file import load
from sandbox.document.journal import left_over

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "SIGKILL"), reason="nothing kills like that here"
)

_EDIT_AND_SAVE = """
import random, sys
from pathlib import Path
from PySide6.QtWidgets import QApplication, QMainWindow
from sandbox.document import edits
from sandbox.gui.files import Files
from sandbox.gui.messages import Messages
from sandbox.gui.session import Session
from tests.document.fakes import CATALOGUE

folder, seed = Path(sys.argv[1]), int(sys.argv[2])
draw = random.Random(seed)
app = QApplication([])
window, messages, session = QMainWindow(), Messages(), Session(CATALOGUE)
files = Files(session, messages, window, folder / "state" / "journals")
files.ask_path = lambda saving: str(folder / "shop.json")
print("ready", flush=True)
for number in range(1_000_000):
    # A count of all edits stands in the document: what is lost can be counted afterwards.
    session.do(edits.set_attribute, "notes", str(number))
    if draw.random() < 0.5:
        session.do(edits.place, "queue", number % 40 * 20, 0)
    if len(session.document.nodes) > 60:
        session.do(edits.delete, list(session.document.nodes)[:30])
    print(number, flush=True)
    if draw.random() < 0.2:
        assert files.save(), messages.text
        assert not session.dirty
    if draw.random() < 0.05:
        session.undo_stack.undo()
        session.undo_stack.redo()
"""


def kill_once(folder: Path, seed: int) -> tuple[int, int]:
    """Edits that were told done before the program was killed, and those that are there after."""
    folder.mkdir()
    program = subprocess.Popen(
        [sys.executable, "-c", _EDIT_AND_SAVE, str(folder), str(seed)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert program.stdout is not None
    assert program.stderr is not None
    with program.stdout, program.stderr:
        assert program.stdout.readline() == b"ready\n", program.stderr.read().decode()
        time.sleep(random.Random(seed).uniform(0.0, 0.4))
        program.kill()
        told = program.stdout.read().split(b"\n")
        said = program.stderr.read().decode()
        program.wait()
    assert "Traceback" not in said, said
    done = int(told[-2]) if len(told) > 1 else -1
    return done, _kept(folder)


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


def check(tmp_path: Path, times: int) -> None:
    for seed in range(times):
        done, kept = kill_once(tmp_path / str(seed), seed)
        assert kept >= done, f"seed {seed}: told {done}, kept {kept}"


@pytest.mark.slow
def test_nothing_that_was_told_done_is_lost_at_a_handful_of_moments(tmp_path: Path) -> None:
    check(tmp_path, 6)


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_nothing_that_was_told_done_is_lost_at_two_hundred_moments(tmp_path: Path) -> None:
    check(tmp_path, 200)
