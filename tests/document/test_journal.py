"""A crash loses at most the last edit."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from sandbox.document import Annotation, Change, Document, Edit, edits
from sandbox.document.file import dump
from sandbox.document.journal import Journal, left_over
from sandbox.document.layout import tidy
from tests.document.fakes import CATALOGUE, shop


def crash(journal: Journal) -> None:
    """What is left of a program that was killed: the file, and no lock on it."""
    assert journal._stream is not None
    journal._stream.close()


def test_every_kind_of_edit_comes_back_after_a_crash(tmp_path: Path) -> None:
    doc = shop()
    journal = Journal(tmp_path, doc, tmp_path / "shop.json")
    doc.apply(edits.place(doc, "queue", 1, 2.5))
    doc.apply(edits.connect(doc, "web", "out", "queue-2", "in", {"calls": 3}))
    doc.apply(edits.rename_id(doc, "queue", "orders"))
    doc.apply(edits.set_scenario(doc, load=3.5, seed=11))
    doc.apply(edits.set_attribute(doc, "notes", "half a \ud83d pair\n"))
    doc.apply(edits.set_attribute(doc, "view", {"zoom": 2}))
    doc.apply(edits.annotate(doc, "Look", 3, 4))
    doc.apply(edits.delete(doc, ["alarm"]))
    doc.apply(tidy(doc))
    crash(journal)
    (recovery,) = left_over(tmp_path)
    assert recovery.edits == 9
    assert recovery.file == tmp_path / "shop.json"
    assert recovery.name == "Web shop ☕"
    restored = recovery.document(CATALOGUE)
    assert restored == doc
    assert dump(restored) == dump(doc)
    recovery.discard()
    assert not left_over(tmp_path)


def test_an_edit_that_was_half_written_is_left_out_and_those_before_it_are_kept(
    tmp_path: Path,
) -> None:
    doc = shop()
    journal = Journal(tmp_path, doc)
    doc.apply(edits.move(doc, {"web": (1, 1)}))
    kept = doc.copy()
    doc.apply(edits.move(doc, {"web": (2, 2)}))
    crash(journal)
    journal.path.write_bytes(journal.path.read_bytes()[:-20])
    (recovery,) = left_over(tmp_path)
    assert recovery.document(CATALOGUE) == kept


def test_a_journal_of_nonsense_is_nothing_to_recover(tmp_path: Path) -> None:
    for number, text in enumerate(
        ["", "\n", "null\n", "{}\n", '{"doc": 5}\n{}\n', "[" * 100_000 + "\n", "\xff\0\n"]
    ):
        (tmp_path / f"{number}.journal").write_bytes(text.encode("latin-1"))
    assert left_over(tmp_path) == []
    assert left_over(tmp_path / "missing") == []


def test_nothing_is_left_after_a_clean_end_and_nothing_begins_without_an_edit(
    tmp_path: Path,
) -> None:
    doc = shop()
    journal = Journal(tmp_path, doc)
    assert not list(tmp_path.iterdir())
    doc.apply(edits.move(doc, {"web": (1, 1)}))
    assert len(list(tmp_path.iterdir())) == 1
    journal.close()
    doc.apply(edits.move(doc, {"web": (2, 2)}))
    assert not list(tmp_path.iterdir())


def test_after_saving_only_what_was_edited_since_is_kept(tmp_path: Path) -> None:
    doc = shop()
    journal = Journal(tmp_path, doc)
    doc.apply(edits.move(doc, {"web": (1, 1)}))
    journal.saved(tmp_path / "shop.json")
    assert not list(tmp_path.iterdir())
    doc.apply(edits.move(doc, {"web": (2, 2)}))
    crash(journal)
    (recovery,) = left_over(tmp_path)
    assert recovery.edits == 1
    assert recovery.document(CATALOGUE) == doc


def test_the_journal_of_a_program_that_runs_is_not_left_over(tmp_path: Path) -> None:
    doc = shop()
    journal = Journal(tmp_path, doc)
    doc.apply(edits.move(doc, {"web": (1, 1)}))
    assert not left_over(tmp_path)
    crash(journal)
    assert left_over(tmp_path)


def test_editing_goes_on_when_the_journal_cannot_be_written(tmp_path: Path) -> None:
    doc = shop()
    (tmp_path / "taken").write_text("a file where the folder should be")
    journal = Journal(tmp_path / "taken", doc)
    doc.apply(edits.move(doc, {"web": (1, 1)}))
    assert doc.nodes["web"].x == 1
    assert journal.error is not None
    assert journal.error.startswith("crash recovery is off: ")


_EDIT_FOR_EVER = """
import sys
from sandbox.document import Document, edits
from sandbox.document.journal import Journal
doc = Document()
journal = Journal(sys.argv[1], doc)
for number in range(10**9):
    doc.apply(edits.place(doc, "queue", number, 0, id=f"n{number}"))
    print(number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing kills like that here")
def test_a_killed_program_loses_at_most_the_last_edit(tmp_path: Path) -> None:
    program = subprocess.Popen(
        [sys.executable, "-c", _EDIT_FOR_EVER, str(tmp_path)], stdout=subprocess.PIPE
    )
    assert program.stdout is not None
    with program.stdout:
        while program.stdout.readline() != b"50\n":
            pass
        program.kill()
        told = 50 + len(program.stdout.read().split())
        program.wait()
    (recovery,) = left_over(tmp_path)
    assert len(recovery.document().nodes) >= told


def test_annotations_and_groups_are_written_and_read(tmp_path: Path) -> None:
    doc = Document()
    journal = Journal(tmp_path, doc)
    note = Annotation("n", "text", 1, 2, 3, 4, {"new": [1.0]})
    doc.apply(Edit("Add", (Change("annotation", "n", None, note),)))
    doc.apply(edits.group(doc, "vpc", "V", []))
    crash(journal)
    assert left_over(tmp_path)[0].document() == doc


def test_a_journal_that_could_not_be_written_keeps_all_edits_once_it_can(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doc = Document()
    journal = Journal(tmp_path, doc)
    doc.apply(edits.place(doc, "queue", 0, 0, id="first"))

    def full(_self: Journal, _line: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Journal, "_write", full)
        doc.apply(edits.place(doc, "queue", 0, 0, id="second"))
        assert journal.error is not None
        assert "disk is full" in journal.error
    doc.apply(edits.place(doc, "queue", 0, 0, id="third"))
    assert journal.error is None
    crash(journal)
    (recovery,) = left_over(tmp_path)
    assert list(recovery.document().nodes) == ["first", "second", "third"]


def test_what_was_kept_before_the_disk_was_full_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doc = Document()
    journal = Journal(tmp_path, doc)
    doc.apply(edits.place(doc, "queue", 0, 0, id="first"))
    monkeypatch.setattr(Journal, "_write", lambda *_: (_ for _ in ()).throw(OSError(28, "full")))
    for name in ("second", "third"):
        doc.apply(edits.place(doc, "queue", 0, 0, id=name))
    crash(journal)
    (recovery,) = left_over(tmp_path)
    assert list(recovery.document().nodes) == ["first"]
