"""Every edit on disk at once, so that a crash loses at most the last.

A journal is a text file beside the user's data: first a line with the document as it was when the
journal began, then a line for each edit. It is discarded when the document is saved or closed; one
that is left over belongs to a program that crashed. A running program holds a lock on its journals,
so that a second window does not take them for left over.
"""

from __future__ import annotations

import contextlib
import json
import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from .catalogue import Catalogue
from .changes import Edit, EditError
from .codec import edit_from, edit_json
from .document import Document
from .errors import FileError, reason_of
from .file import dump, loads

try:
    import fcntl
except ImportError:  # Windows, where an open file cannot be renamed: that is lock enough
    fcntl = None  # type: ignore[assignment]

SUFFIX = ".journal"


class Journal:
    """Follows one document; the file comes with the first edit.

    `error` says in one line why edits are not kept, and is None while they are: a full disk must
    not keep anybody from editing. Each further edit tries again to keep all of them.
    """

    def __init__(
        self,
        folder: str | Path,
        doc: Document,
        file: str | Path | None = None,
        restored: Recovery | None = None,
    ) -> None:
        """`restored` is what the document was restored from: it goes once this journal keeps all,
        and not before, lest a second crash lose what the first one left."""
        self.error: str | None = None
        self._restored = restored
        self.path = Path(folder) / f"{uuid.uuid4().hex}{SUFFIX}"
        self._file = str(file) if file is not None else None
        self._stream: TextIO | None = None
        self._doc = doc
        self._begin()
        self._unsubscribe = doc.subscribe(self._keep)

    def saved(self, file: str | Path) -> None:
        """The document was saved there: what is kept begins anew."""
        self._file = str(file)
        self._end()
        self._begin()

    def close(self) -> None:
        """The document was closed, saved or given up on purpose: nothing is kept."""
        self._unsubscribe()
        self._end()

    def _begin(self) -> None:
        self.error = None
        self._edits: list[Edit] = []
        # A copy shares the records, so it costs little; the text is only made for the first edit.
        self._before = self._doc.copy()

    def _end(self) -> None:
        if self._stream is not None:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._stream = None
        with contextlib.suppress(OSError):
            self.path.unlink()
        self._forget_restored()

    def _forget_restored(self) -> None:
        if self._restored is not None:
            self._restored.discard()
            self._restored = None

    def _keep(self, edit: Edit) -> None:
        self._edits.append(edit)
        try:
            if self._stream is None or self.error is not None:
                self._write_afresh()
            else:
                self._write(edit_json(edit))
            self.error = None
            self._forget_restored()
        except (OSError, ValueError) as failure:
            self.error = f"crash recovery is off: {reason_of(failure)}"

    def _write_afresh(self) -> None:
        """All edits since the journal began. What is there already stays until this is whole."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        spare, old = self.path.with_suffix(".writing"), self._stream
        try:
            self._stream = spare.open("w", encoding="utf-8", errors="backslashreplace")
            _lock(self._stream)
            began = datetime.now(UTC).isoformat(timespec="seconds")
            document = dump(self._before).decode()
            self._write({"journal": 1, "file": self._file, "began": began, "doc": document})
            for edit in self._edits:
                self._write(edit_json(edit))
            if os.name == "nt":  # where an open file cannot be renamed
                self._stream.close()
            os.replace(spare, self.path)
            if self._stream.closed:
                self._stream = self.path.open("a", encoding="utf-8", errors="backslashreplace")
        except (OSError, ValueError):
            with contextlib.suppress(OSError):
                spare.unlink()
            if self._stream is not None and self._stream is not old:
                with contextlib.suppress(OSError):
                    self._stream.close()
            self._stream = old  # which holds the lock on what was kept so far
            raise
        if old is not None:
            with contextlib.suppress(OSError):
                old.close()

    def _write(self, line: dict[str, Any]) -> None:
        assert self._stream is not None
        self._stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._stream.flush()


@dataclass(frozen=True, slots=True)
class Recovery:
    """A journal that was left over: what was being edited, when it began, how many edits."""

    path: Path
    file: Path | None
    began: str
    name: str
    edits: int

    def document(self, catalogue: Catalogue | None = None) -> Document:
        """The document as it was at the last whole edit. Raises FileError when there is none."""
        lines = _lines(self.path)
        doc = loads(str(next(lines, {}).get("doc", "")), self.path.name, catalogue)
        for line in lines:
            try:
                doc.apply(edit_from(line))
            except (KeyError, TypeError, ValueError, EditError):
                break  # what follows stands on an edit that is not whole
        return doc

    def discard(self) -> None:
        """Forget it: it was restored and saved, or is not wanted."""
        with contextlib.suppress(OSError):
            self.path.unlink()


def left_over(folder: str | Path) -> list[Recovery]:
    """What programs that crashed left in this folder, the latest first."""
    found = []
    with contextlib.suppress(OSError):
        for path in Path(folder).glob(f"*{SUFFIX}"):
            if not _locked(path) and (recovery := _recovery(path)) is not None:
                found.append(recovery)
    return sorted(found, key=lambda recovery: (recovery.began, str(recovery.path)), reverse=True)


def _recovery(path: Path) -> Recovery | None:
    try:
        lines = _lines(path)
        head = next(lines, {})
        doc = loads(str(head.get("doc", "")), path.name)
        edits = sum(1 for _ in lines)
    except FileError:
        return None
    file = head.get("file")
    name = doc.name or (Path(file).stem if isinstance(file, str) else "")
    where = Path(file) if isinstance(file, str) else None
    return Recovery(path, where, str(head.get("began", "")), name, edits) if edits else None


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of a journal, up to the first that is not."""
    try:
        with path.open(encoding="utf-8") as stream:
            for line in stream:
                parsed = json.loads(line) if line.endswith("\n") else None
                if not isinstance(parsed, dict):
                    return
                yield parsed
    except OSError as failure:
        raise FileError(f"{path.name} cannot be read: {reason_of(failure)}") from failure
    except (ValueError, RecursionError):
        return


def _lock(stream: TextIO) -> None:
    if fcntl is not None:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _locked(path: Path) -> bool:
    try:
        if fcntl is None:
            os.rename(path, path)
            return False
        with path.open("rb") as stream:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except OSError:
        return True
    return False
