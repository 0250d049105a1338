"""Saving is whole or not at all, and what was there before is kept."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sandbox.document import Document, Node, edits
from sandbox.document.file import FileError, dump, load, save
from tests.document.fakes import CATALOGUE, shop


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_the_version_before_the_last_save_is_the_backup(tmp_path: Path) -> None:
    path, doc = tmp_path / "shop.json", shop()
    save(doc, path)
    assert names(tmp_path) == {"shop.json"}
    first = path.read_bytes()
    doc.apply(edits.delete(doc, ["web"]))
    save(doc, path)
    assert names(tmp_path) == {"shop.json", "shop.json.bak"}
    assert (tmp_path / "shop.json.bak").read_bytes() == first
    save(doc, path)  # nothing new: the backup still holds what was different
    assert (tmp_path / "shop.json.bak").read_bytes() == first


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_full_disk_leaves_the_file_and_the_folder_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    path, doc = tmp_path / "shop.json", shop()
    save(doc, path)
    before = path.read_bytes()
    doc.apply(edits.delete(doc, ["web"]))

    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(os, failing, full)
        with pytest.raises(FileError, match=r"shop\.json cannot be saved: the disk is full; free"):
            save(doc, path)
    assert path.read_bytes() == before
    assert names(tmp_path) == {"shop.json"}
    save(doc, path)
    assert load(path, CATALOGUE) == doc


def test_a_backup_that_cannot_be_made_does_not_keep_anyone_from_saving(tmp_path: Path) -> None:
    path, doc = tmp_path / "shop.json", shop()
    save(doc, path)
    (tmp_path / "shop.json.bak").mkdir()
    doc.apply(edits.delete(doc, ["web"]))
    save(doc, path)
    assert load(path, CATALOGUE) == doc
    assert names(tmp_path) == {"shop.json", "shop.json.bak"}


def test_permissions_stay_as_they_were_and_new_files_get_the_usual_ones(tmp_path: Path) -> None:
    path, doc = tmp_path / "shop.json", shop()
    mask = os.umask(0o027)
    try:
        save(doc, path)
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    path.chmod(0o604)
    doc.apply(edits.delete(doc, ["web"]))
    save(doc, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o604


def test_a_symbolic_link_is_followed_and_stays(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "shop.json"
    link.symlink_to(tmp_path / "real" / "shop.json")
    save(shop(), link)
    assert link.is_symlink()
    assert load(tmp_path / "real" / "shop.json", CATALOGUE) == shop()


def test_a_place_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="cannot be saved: there is no such file or folder"):
        save(Document(), tmp_path / "missing" / "shop.json")
    with pytest.raises(FileError, match="cannot be saved: it is a folder"):
        save(Document(), tmp_path)
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with pytest.raises(FileError, match="circle"):
        save(Document(), tmp_path / "loop")


def test_a_read_only_folder_and_a_read_only_file_say_so(own_folder: Path) -> None:
    path = own_folder / "shop.json"
    save(shop(), path)
    path.chmod(0o444)
    with pytest.raises(FileError, match="read-only"):
        save(Document(), path)
    own_folder.chmod(0o555)
    with pytest.raises(FileError, match="access is denied"):
        save(Document(), own_folder / "other.json")
    assert load(path, CATALOGUE) == shop()
    assert names(own_folder) == {"shop.json"}


def test_what_would_be_too_large_to_open_is_not_saved(tmp_path: Path) -> None:
    doc = Document(source={"template": "x" * 64_000_000})
    with pytest.raises(FileError, match="would be 64 MB"):
        save(doc, tmp_path / "large.json")
    assert not names(tmp_path)


_SAVE_FOR_EVER = """
import sys
from sandbox.document import Document, Node
from sandbox.document.file import save
docs = [Document(name=str(n), nodes=[Node(f"n{i}", "queue") for i in range(3000)]) for n in (1, 2)]
print("ready", flush=True)
while True:
    for doc in docs:
        save(doc, sys.argv[1])
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing kills like that here")
def test_a_program_killed_while_saving_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "shop.json"
    wholes = [
        dump(Document(name=str(n), nodes=[Node(f"n{i}", "queue") for i in range(3000)]))
        for n in (1, 2)
    ]
    for milliseconds in (300, 311, 327):
        program = subprocess.Popen(
            [sys.executable, "-c", _SAVE_FOR_EVER, str(path)], stdout=subprocess.PIPE
        )
        assert program.stdout is not None
        with program.stdout:
            assert program.stdout.readline() == b"ready\n"
            time.sleep(milliseconds / 1000)
            program.kill()
            program.wait()
        assert path.read_bytes() in wholes
        assert path.with_name("shop.json.bak").read_bytes() in wholes
