"""New, open, save: the diagram on disk, what was opened lately, and what a crash left over."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from sandbox.assets import assets
from sandbox.document import Document
from sandbox.document.errors import FileError
from sandbox.document.file import load, save
from sandbox.document.journal import Journal, Recovery, left_over
from sandbox.experiments.errors import InputError
from sandbox.gui import traces
from sandbox.gui.messages import Messages
from sandbox.gui.session import Session

_RECENT = "files/recent"
_KEPT = 10
_FILTER = "Diagrams (*.json);;All files (*)"
FIRST_EXAMPLE = "web-shop"

_Stamp = tuple[int, int]


class Files(QObject):
    """Asks before anything unsaved is lost; says in the message bar what went wrong."""

    recent_changed = Signal()

    def __init__(
        self, session: Session, messages: Messages, window: QWidget, journals: Path | None
    ) -> None:
        """`journals` is the folder of the crash journals; None keeps none."""
        super().__init__(window)
        self._session, self._messages, self._window = session, messages, window
        self._journals, self._journal = journals, None  # type: tuple[Path | None, Journal | None]
        self._restored: Recovery | None = None
        self._stamp: _Stamp | None = None
        self._told_unkept = False
        self.ask_save: Callable[[], QMessageBox.StandardButton] = self._ask_save
        self.ask_path: Callable[[bool], str] = self._ask_path
        session.opened.connect(self._follow)
        session.undo_stack.indexChanged.connect(lambda _index: self._tell_unkept())
        self._follow()

    # --- verbs -----------------------------------------------------------------------------------

    def new(self) -> bool:
        if not self.may_go():
            return False
        self._session.open(Document(catalogue=self._session.catalogue))
        return True

    def open(self, path: str | Path | None = None, example: bool = False) -> bool:
        """Open a file, asking which if need be. An example has no path: it is saved elsewhere."""
        if not self.may_go():
            return False
        chosen = str(path) if path is not None else self.ask_path(False)
        if not chosen:
            return False
        return self._open(Path(chosen), example)

    def save(self) -> bool:
        """To where it came from; the first time, to where the person says."""
        if self._session.path is None:
            return self.save_as()
        return self._save(self._session.path)

    def save_as(self) -> bool:
        chosen = self.ask_path(True)
        if not chosen:
            return False
        path = Path(chosen)
        return self._save(path if path.suffix else path.with_suffix(".json"))

    def load_trace(self, node: str) -> None:
        """Ask for a recorded load, and let a source send it."""
        start = str(self._session.path.parent if self._session.path else self._folder())
        chosen = QFileDialog.getOpenFileName(self._window, "Load a trace", start, traces.FILTER)[0]
        if chosen:
            self._tell(lambda: traces.load(self._session, Path(chosen), node))

    def drop(self, path: Path, node: str | None, at: tuple[float, float]) -> None:
        """A file was let go over the canvas: a diagram is opened, all else is a recorded load."""
        if path.suffix.lower() == ".json":
            self.open(path)
        else:
            self._tell(lambda: traces.drop(self._session, path, node, at))

    def may_go(self) -> bool:
        """Whether the open document may be left: saved, discarded on purpose, or unchanged."""
        if not self._session.dirty:
            return True
        answer = self.ask_save()
        if answer == QMessageBox.StandardButton.Save:
            return self.save()
        return answer == QMessageBox.StandardButton.Discard

    def close(self) -> None:
        """The document is left on purpose: its journal is of no use any more."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None

    # --- what can be opened ----------------------------------------------------------------------

    def recent(self) -> list[Path]:
        """Files opened or saved lately that still exist, the latest first."""
        found: Any = QSettings().value(_RECENT, [])
        names = [found] if isinstance(found, str) else list(found or [])
        return [Path(name) for name in names if Path(name).is_file()]

    def examples(self) -> list[Path]:
        folder = assets() / "examples"
        return sorted(folder.glob("*.json")) if folder.is_dir() else []

    def offer_recovery(self) -> None:
        """If a crash left edits behind, offer them; nothing is restored unasked."""
        found = left_over(self._journals) if self._journals is not None else []
        if not found:
            return
        latest = found[0]
        edits = f"{latest.edits} unsaved edit{'s' if latest.edits != 1 else ''}"
        name = latest.name or "a diagram"
        self._messages.offer(
            f"The last time did not end well: {edits} of {name} can be restored.",
            "Restore",
            lambda: self._restore(latest),
        )

    # --- how -------------------------------------------------------------------------------------

    def _open(self, path: Path, example: bool = False) -> bool:
        try:
            document = load(path, self._session.catalogue)
        except FileError as error:
            self._messages.say(f"Not opened: {error}", "error")
            return False
        self._messages.clear()
        self._session.open(document, None if example else path.resolve())
        if not example:
            self._remember(path)
        return True

    def _save(self, path: Path, over_others: bool = False) -> bool:
        if not over_others and self._changed_by_others(path):

            def anyway() -> None:
                self._save(path, over_others=True)

            self._messages.offer(
                f"Not saved: another program or window changed {path.name} since it was opened.",
                "Save anyway",
                anyway,
            )
            return False
        try:
            save(self._session.document, path, self._session.catalogue)
        except (FileError, OSError) as error:
            self._messages.say(f"Not saved: {error}", "error")
            return False
        self._session.saved(path.resolve())
        self._stamp = _stamp(path)
        if self._journal is not None:
            self._journal.saved(path)
        self._remember(path)
        self._messages.clear()
        self._messages.say(f"Saved {path.name}")
        return True

    def _tell(self, load: Callable[[], str]) -> None:
        try:
            said = load()
        except InputError as error:
            self._messages.say(f"Not loaded: {error}", "error")
            return
        self._messages.say(said)

    def _restore(self, recovery: Recovery) -> None:
        if not self.may_go():
            return
        try:
            document = recovery.document(self._session.catalogue)
        except FileError as error:
            self._messages.say(f"Nothing could be restored: {error}", "error")
            return
        self._restored = recovery
        self._session.open(document, recovery.file)
        self._session.undo_stack.resetClean()
        self._session.path_changed.emit()

    def _follow(self) -> None:
        self.close()
        self._stamp = _stamp(self._session.path)
        restored, self._restored, self._told_unkept = self._restored, None, False
        if self._journals is not None:
            session = self._session
            self._journal = Journal(self._journals, session.document, session.path, restored)

    def _changed_by_others(self, path: Path) -> bool:
        if path.resolve() != self._session.path or self._stamp is None:
            return False  # another name is asked for, and so is what stands there
        return _stamp(path) not in (self._stamp, None)

    def _tell_unkept(self) -> None:
        """Say once that edits would not survive a crash."""
        if self._journal is not None and self._journal.error and not self._told_unkept:
            self._told_unkept = True
            self._messages.say(f"Save often: {self._journal.error}", "error")

    def _remember(self, path: Path) -> None:
        names = [str(path.resolve()), *(str(p) for p in self.recent())]
        QSettings().setValue(_RECENT, list(dict.fromkeys(names))[:_KEPT])
        self.recent_changed.emit()

    def _ask_save(self) -> QMessageBox.StandardButton:
        name = self._session.document.name or "this diagram"
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("Save changes?")
        box.setText(f"Save the changes to {name}?")
        box.setInformativeText("What is not saved is lost.")
        box.setStandardButtons(
            QMessageBox.StandardButton.Save
            | QMessageBox.StandardButton.Discard
            | QMessageBox.StandardButton.Cancel
        )
        box.setDefaultButton(QMessageBox.StandardButton.Save)
        return QMessageBox.StandardButton(box.exec())

    def _ask_path(self, saving: bool) -> str:
        at = self._session.path
        if saving:
            name = (self._session.document.name or "diagram").replace(os.sep, "-")
            start = str(at or self._folder() / f"{name}.json")
            return QFileDialog.getSaveFileName(self._window, "Save diagram", start, _FILTER)[0]
        start = str(at.parent if at else self._folder())
        return QFileDialog.getOpenFileName(self._window, "Open diagram", start, _FILTER)[0]

    def _folder(self) -> Path:
        recent = self.recent()
        return recent[0].parent if recent else Path.home()


def _stamp(path: Path | None) -> _Stamp | None:
    """What tells a file from what it was; None when there is none."""
    try:
        status = path.stat() if path is not None else None
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size) if status is not None else None
