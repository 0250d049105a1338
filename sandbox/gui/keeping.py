"""What keeps open documents from being lost: a journal each, and an eye on their files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication

from sandbox.document.journal import Journal, Recovery
from sandbox.gui.session import Session, Sheet

_Stamp = tuple[int, int, int]


@dataclass(eq=False, slots=True)
class _Kept:
    """Of one document: its journal, and what its file looked like when last opened or saved."""

    sheet: Sheet
    journal: Journal | None
    stamp: _Stamp | None
    told: _Stamp | str | None = None


class Keeping(QObject):
    """Follows the session's documents, shown or not."""

    changed = Signal(object)
    """The file of this Sheet was changed by another program."""
    gone = Signal(object)
    """The file of this Sheet is not there any more."""
    unkept = Signal(str)
    """Edits would not survive a crash, and why."""
    kept_again = Signal()

    def __init__(self, session: Session, journals: Path | None) -> None:
        """`journals` is the folder of the crash journals; None keeps none."""
        super().__init__(session)
        self.journals = journals
        self._session = session
        self._kept: dict[int, _Kept] = {}
        self._restored: Recovery | None = None
        self._watcher = QFileSystemWatcher(self)
        self._watcher.fileChanged.connect(self.look)
        self._unkept = False
        session.opened.connect(self._follow)
        session.left.connect(self._leave)
        session.undo_group.indexChanged.connect(lambda _index: self._tell_unkept())
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.applicationStateChanged.connect(self._back)
        self._follow()

    def restored(self, recovery: Recovery) -> None:
        """The next document that is opened stands for what a crash left over."""
        self._restored = recovery

    def saved(self, path: Path) -> None:
        """The shown document was written there."""
        kept = self._kept[self._session.sheet.number]
        kept.stamp, kept.told = _stamp(path), None
        if kept.journal is not None:
            kept.journal.saved(path)
        self._watch()

    def changed_by_others(self, path: Path) -> bool:
        """Whether the shown document's file is not as it was when opened or saved."""
        kept = self._kept[self._session.sheet.number]
        if path.resolve() != self._session.path or kept.stamp is None:
            return False  # another name is asked for, and so is what stands there
        return _stamp(path) not in (kept.stamp, None)

    def keeps(self) -> bool:
        """Whether the edits of the shown document would survive a crash."""
        journal = self._kept[self._session.sheet.number].journal
        return journal is not None and journal.error is None

    def look(self) -> None:
        """Compare all files with what they were, and tell of each change once."""
        self._watch()
        for kept in list(self._kept.values()):
            if kept.sheet.path is None or kept.stamp is None:
                continue
            now: _Stamp | str = _stamp(kept.sheet.path) or "gone"
            if now == kept.stamp:
                kept.told = None
            elif now != kept.told:
                kept.told = now
                (self.gone if now == "gone" else self.changed).emit(kept.sheet)

    def close(self) -> None:
        """The documents are left on purpose: their journals are of no use any more."""
        if self._watcher.files():
            self._watcher.removePaths(self._watcher.files())
        for number in list(self._kept):
            self._leave(number)

    def _follow(self) -> None:
        sheet = self._session.sheet
        if sheet.number not in self._kept:
            restored, self._restored = self._restored, None
            journal = None
            if self.journals is not None:
                journal = Journal(self.journals, sheet.document, sheet.path, restored)
            self._kept[sheet.number] = _Kept(sheet, journal, _stamp(sheet.path))
            self._unkept = False
        self._watch()

    def _leave(self, number: int) -> None:
        kept = self._kept.pop(number, None)
        if kept is not None and kept.journal is not None:
            kept.journal.close()

    def _watch(self) -> None:
        """A file that was replaced has to be watched anew."""
        wanted = {str(kept.sheet.path) for kept in self._kept.values() if kept.sheet.path}
        watched = set(self._watcher.files())
        if stale := sorted(watched - wanted):
            self._watcher.removePaths(stale)
        if fresh := [path for path in sorted(wanted - watched) if Path(path).is_file()]:
            self._watcher.addPaths(fresh)

    def _back(self, state: Qt.ApplicationState) -> None:
        """Not every file system tells of changes: look when the person comes back."""
        if state == Qt.ApplicationState.ApplicationActive:
            self.look()

    def _tell_unkept(self) -> None:
        kept = self._kept.get(self._session.sheet.number)
        error = kept.journal.error if kept is not None and kept.journal is not None else None
        if error and not self._unkept:
            self._unkept = True
            self.unkept.emit(error)
        elif not error and self._unkept:
            self._unkept = False
            self.kept_again.emit()


def _stamp(path: Path | None) -> _Stamp | None:
    """What tells a file from what it was; None when there is none."""
    try:
        status = path.stat() if path is not None else None
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino) if status is not None else None
