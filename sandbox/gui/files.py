"""New, open, save: the diagrams on disk, what was opened lately, and what a crash left over."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from sandbox.assets import assets
from sandbox.document import Document, backups
from sandbox.document.edits import become
from sandbox.document.errors import FileError
from sandbox.document.file import load, save
from sandbox.document.journal import Recovery, left_over
from sandbox.experiments.errors import InputError
from sandbox.gui import traces
from sandbox.gui.importing import Importer, is_template
from sandbox.gui.keeping import Keeping
from sandbox.gui.messages import Messages
from sandbox.gui.session import Session, Sheet
from sandbox.language import tr

_RECENT = "files/recent"
_KEPT = 10
_FILTER = tr("Diagrams (*.json);;All files (*)")
FIRST_EXAMPLE = "web-shop"


class Files(QObject):
    """Asks before anything unsaved is lost; says in the message bar what went wrong."""

    recent_changed = Signal()

    def __init__(
        self, session: Session, messages: Messages, window: QWidget, journals: Path | None
    ) -> None:
        """`journals` is the folder of the crash journals; None keeps none, nor versions."""
        super().__init__(window)
        self._session, self._messages, self._window = session, messages, window
        self._backups = journals.parent / "versions" if journals is not None else None
        self.keeping = Keeping(session, journals)
        self.importer = Importer(session, messages, window, self._folder)
        self.ask_save: Callable[[], QMessageBox.StandardButton] = self._ask_save
        self.ask_path: Callable[[bool], str] = self._ask_path
        self.keeping.changed.connect(self._offer_reload)
        self.keeping.gone.connect(self._tell_gone)
        self.keeping.unkept.connect(
            lambda why: messages.say(tr("Save often: {why}", why=why), "error")
        )
        self.keeping.kept_again.connect(
            lambda: messages.say(tr("Crash recovery is on again: nothing was lost."))
        )

    # --- verbs -----------------------------------------------------------------------------------

    def new(self) -> bool:
        """An empty diagram in a tab of its own."""
        self._session.open(Document(catalogue=self._session.catalogue), beside=True)
        return True

    def open(self, path: str | Path | None = None, example: bool = False) -> bool:
        """Open a file, asking which if need be. An example has no path: it is saved elsewhere."""
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
        chosen = QFileDialog.getOpenFileName(
            self._window, tr("Load a trace"), start, traces.FILTER
        )[0]
        if chosen:
            self._tell(lambda: traces.load(self._session, Path(chosen), node))

    def drop(self, path: Path, node: str | None, at: tuple[float, float]) -> None:
        """A file was let go over the window: a diagram, a template, or else a recorded load."""
        if is_template(path):
            self.importer.bring(path)
        elif path.suffix.lower() == ".json":
            self.open(path)
        else:
            self._tell(lambda: traces.drop(self._session, path, node, at))

    def drop_all(self, paths: list[Path]) -> None:
        """Files that were let go beside the canvas, or several at once."""
        for path in paths:
            self.drop(path, None, (0.0, 0.0))

    def close_sheet(self, sheet: Sheet | None = None) -> bool:
        """Leave one document; the shown one by default. False when the person thought better."""
        sheet = sheet or self._session.sheet
        if not self._may_leave(sheet):
            return False
        self._session.close(sheet)
        return True

    def may_go(self) -> bool:
        """Whether all documents may be left: saved, discarded on purpose, or unchanged."""
        return all(self._may_leave(sheet) for sheet in list(self._session.sheets))

    def close(self) -> None:
        """The documents are left on purpose."""
        self.keeping.close()

    # --- what can be opened ----------------------------------------------------------------------

    def recent(self) -> list[Path]:
        return recent_files()

    def examples(self) -> list[Path]:
        folder = assets() / "examples"
        return sorted(folder.glob("*.json")) if folder.is_dir() else []

    def versions(self) -> list[backups.Version]:
        """What the shown document's file was before earlier saves, the latest first."""
        if self._session.path is None or self._backups is None:
            return []
        return backups.versions(self._backups, self._session.path)

    def offer_recovery(self) -> bool:
        """If a crash left edits behind, offer them; nothing is restored unasked."""
        journals = self.keeping.journals
        found = left_over(journals) if journals is not None else []
        if not found:
            return False
        count = sum(recovery.edits for recovery in found)
        edits = tr("{count} unsaved edits", count=count) if count != 1 else tr("1 unsaved edit")
        name = found[0].name or tr("a diagram")
        if len(found) == 2:
            name = tr("{name} and 1 other", name=name)
        elif len(found) > 2:
            name = tr("{name} and {count} others", name=name, count=len(found) - 1)
        self._messages.offer(
            tr(
                "The last time did not end well: {edits} of {name} can be restored.",
                edits=edits,
                name=name,
            ),
            tr("Restore"),
            lambda: self._restore(found),
        )
        return True

    # --- how -------------------------------------------------------------------------------------

    def _open(self, path: Path, example: bool = False) -> bool:
        for sheet in self._session.sheets:
            if sheet.path == path.resolve():
                self._session.show(sheet)
                return True
        try:
            document = load(path, self._session.catalogue)
        except FileError as error:
            self._messages.say(tr("Not opened: {error}", error=error), "error")
            return False
        self._messages.clear()
        self._session.open(document, None if example else path.resolve(), beside=True)
        if not example:
            self._remember(path)
        return True

    def _save(self, path: Path, over_others: bool = False) -> bool:
        if not over_others and self.keeping.changed_by_others(path):

            def anyway() -> None:
                self._save(path, over_others=True)

            self._messages.offer(
                tr(
                    "Not saved: another program or window changed {name} since it was opened.",
                    name=path.name,
                ),
                tr("Save anyway"),
                anyway,
            )
            return False
        if self._backups is not None:
            backups.keep(self._backups, path)
        try:
            save(self._session.present, path, self._session.catalogue)
        except (FileError, OSError) as error:
            safe = tr(" Your edits are kept and survive a crash.") if self.keeping.keeps() else ""
            self._messages.offer(
                tr("Not saved: {error}.{safe}", error=error, safe=safe),
                tr("Save elsewhere…"),
                self.save_as,
            )
            return False
        self._session.saved(path.resolve())
        self.keeping.saved(path)
        self._remember(path)
        self._messages.clear()
        self._messages.say(tr("Saved {name}", name=path.name))
        return True

    def _may_leave(self, sheet: Sheet) -> bool:
        if not sheet.dirty:
            return True
        self._session.show(sheet)
        answer = self.ask_save()
        if answer == QMessageBox.StandardButton.Save:
            return self.save()
        return answer == QMessageBox.StandardButton.Discard

    def _offer_reload(self, sheet: Sheet) -> None:
        assert sheet.path is not None
        yours = tr(" Undo brings your edits back.") if sheet.dirty else ""
        self._messages.offer(
            tr(
                "Another program or window changed {name}.{yours}",
                name=sheet.path.name,
                yours=yours,
            ),
            tr("Load it again"),
            lambda: self._reload(sheet),
        )

    def _reload(self, sheet: Sheet) -> None:
        """What the file is now, as one step that can be undone."""
        if sheet not in self._session.sheets or sheet.path is None:
            return
        self._session.show(sheet)
        try:
            document = load(sheet.path, self._session.catalogue)
        except FileError as error:
            self._messages.say(tr("Not loaded: {error}", error=error), "error")
            return
        self._session.do(become, document, tr("Load {name} again", name=sheet.path.name))
        self._session.saved(sheet.path)
        self.keeping.saved(sheet.path)

    def _tell_gone(self, sheet: Sheet) -> None:
        assert sheet.path is not None
        sheet.undo_stack.resetClean()
        self._messages.offer(
            tr(
                "The file {name} is gone; the diagram is still here, unsaved.", name=sheet.path.name
            ),
            tr("Save it again"),
            lambda: self._save_again(sheet),
        )

    def _save_again(self, sheet: Sheet) -> None:
        if sheet in self._session.sheets:
            self._session.show(sheet)
            self.save()

    def _tell(self, load: Callable[[], str]) -> None:
        try:
            said = load()
        except InputError as error:
            self._messages.say(tr("Not loaded: {error}", error=error), "error")
            return
        self._messages.say(said)

    def _restore(self, found: list[Recovery]) -> None:
        """Each in a tab of its own, unsaved."""
        for recovery in reversed(found):
            try:
                document = recovery.document(self._session.catalogue)
            except FileError as error:
                self._messages.say(
                    tr("Not everything could be restored: {error}", error=error), "error"
                )
                continue
            self.keeping.restored(recovery)
            self._session.open(document, recovery.file, beside=True)
            self._session.undo_stack.resetClean()
            self._session.path_changed.emit()

    def _remember(self, path: Path) -> None:
        names = [str(path.resolve()), *(str(p) for p in self.recent())]
        QSettings().setValue(_RECENT, list(dict.fromkeys(names))[:_KEPT])
        self.recent_changed.emit()

    def _ask_save(self) -> QMessageBox.StandardButton:
        name = self._session.document.name or tr("this diagram")
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle(tr("Save changes?"))
        box.setText(tr("Save the changes to {name}?", name=name))
        box.setInformativeText(tr("What is not saved is lost."))
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
            return QFileDialog.getSaveFileName(self._window, tr("Save diagram"), start, _FILTER)[0]
        start = str(at.parent if at else self._folder())
        return QFileDialog.getOpenFileName(self._window, tr("Open diagram"), start, _FILTER)[0]

    def _folder(self) -> Path:
        return usual_folder()


def recent_files() -> list[Path]:
    """Files opened or saved lately that still exist, the latest first."""
    found: Any = QSettings().value(_RECENT, [])
    names = [found] if isinstance(found, str) else list(found or [])
    return [Path(name) for name in names if Path(name).is_file()]


def usual_folder() -> Path:
    """Where a person keeps files, as far as is known."""
    recent = recent_files()
    return recent[0].parent if recent else Path.home()
