"""What is open in the window: documents, each with its undo stack and what is selected.

Several documents are open as sheets; one of them is shown, and is "the document" to all others.

Everything that draws follows the signals here and nothing else: a gesture makes an edit,
the session pushes it, the document announces it, and every widget redraws from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoGroup, QUndoStack

from sandbox.document import Document, Edit, EditError
from sandbox.document.difference import difference
from sandbox.gui.catalogue import Services
from sandbox.gui.frames import LinkId
from sandbox.gui.undo import EditCommand
from sandbox.language import tr

_numbers = count(1)


@dataclass(eq=False, slots=True)
class Sheet:
    """An open document and what belongs to it alone. `number` is another for each document."""

    document: Document
    undo_stack: QUndoStack
    path: Path | None = None
    nodes: frozenset[str] = frozenset()
    links: frozenset[LinkId] = frozenset()
    areas: frozenset[str] = frozenset()
    number: int = field(default_factory=lambda: next(_numbers))

    @property
    def name(self) -> str:
        return self.document.name or (self.path.stem if self.path else tr("Untitled"))

    @property
    def dirty(self) -> bool:
        return not self.undo_stack.isClean()

    @property
    def untouched(self) -> bool:
        """Whether nothing is lost when another document takes its place."""
        return self.path is None and not self.dirty and not self.undo_stack.count()


class Session(QObject):
    """The open documents; the shown one is followed by all widgets."""

    opened = Signal()
    """Another document is shown: rebuild."""
    sheets_changed = Signal()
    """There are other sheets, or another one is shown."""
    left = Signal(int)
    """The document of this number is open no more."""
    edited = Signal(object)
    """An Edit was applied (also by undo and redo): follow its changes."""
    selection_changed = Signal()
    path_changed = Signal()
    travelled = Signal(bool)
    """The document of an earlier moment is shown (True), or the present one again (False)."""
    forked = Signal()
    """The document became that of the moment that was shown: so must the run."""
    returned = Signal()
    """Something was undone while the past was shown: the present is shown again."""
    said = Signal(str)
    """A quiet message for the status line; "" clears it."""

    def __init__(
        self, catalogue: Services, document: Document | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.catalogue = catalogue
        self.undo_group = QUndoGroup(self)
        self._then: Document | None = None
        self._moment, self._silent = "", False
        self.travelling = False  # while `edited` tells of a document that is shown, not edited
        first = document if document is not None else Document(catalogue=catalogue)
        self.sheet = self._new_sheet(first, None)
        self.sheets = [self.sheet]
        self.undo_group.setActiveStack(self.sheet.undo_stack)
        self._unsubscribe = first.subscribe(self._follow)

    @property
    def document(self) -> Document:
        """What is shown: the present document, or that of an earlier moment."""
        return self.sheet.document if self._then is None else self._then

    @property
    def present(self) -> Document:
        """What is edited, saved and undone, whatever is shown."""
        return self.sheet.document

    @property
    def undo_stack(self) -> QUndoStack:
        return self.sheet.undo_stack

    @property
    def looking_back(self) -> bool:
        return self._then is not None

    @property
    def path(self) -> Path | None:
        """Where the document was opened from or last saved to; None when it never was."""
        return self.sheet.path

    @property
    def dirty(self) -> bool:
        return self.sheet.dirty

    # --- sheets ----------------------------------------------------------------------------------

    def open(self, document: Document, path: Path | None = None, beside: bool = False) -> None:
        """Show another document; its undo stack and selection start afresh.

        It takes the place of the one that is shown, or stands `beside` it if that was touched.
        """
        if beside and not self.sheet.untouched:
            sheet = self._new_sheet(document, path)
            self.sheets.insert(self.sheets.index(self.sheet) + 1, sheet)
            self._turn(sheet)
            return
        sheet, gone = self.sheet, self.sheet.number
        sheet.undo_stack.clear()
        sheet.document, sheet.path, sheet.number = document, path, next(_numbers)
        sheet.nodes, sheet.links, sheet.areas = frozenset(), frozenset(), frozenset()
        self._turn(sheet)
        self.left.emit(gone)

    def show(self, sheet: Sheet) -> None:
        """Turn to a document that is open already."""
        if sheet is not self.sheet:
            self._turn(sheet)

    def close(self, sheet: Sheet) -> None:
        """Leave a document; without any, an empty one is shown."""
        if len(self.sheets) == 1:
            self.open(Document(catalogue=self.catalogue))
            return
        row = self.sheets.index(sheet)
        self.sheets.remove(sheet)
        if sheet is self.sheet:
            self._turn(self.sheets[min(row, len(self.sheets) - 1)])
        else:
            self.sheets_changed.emit()
        self.undo_group.removeStack(sheet.undo_stack)
        sheet.undo_stack.deleteLater()
        self.left.emit(sheet.number)

    def saved(self, path: Path) -> None:
        """The document now stands on disk at `path`."""
        self.sheet.path = path
        self.undo_stack.setClean()
        self.path_changed.emit()

    def _new_sheet(self, document: Document, path: Path | None) -> Sheet:
        stack = QUndoStack(self)
        self.undo_group.addStack(stack)
        return Sheet(document, stack, path)

    def _turn(self, sheet: Sheet) -> None:
        self._unsubscribe()
        self._then = None
        self.sheet = sheet
        self._unsubscribe = sheet.document.subscribe(self._follow)
        self.undo_group.setActiveStack(sheet.undo_stack)
        self.opened.emit()
        self.path_changed.emit()
        self.sheets_changed.emit()
        self.selection_changed.emit()

    # --- edits -----------------------------------------------------------------------------------

    def do(
        self, verb: Callable[..., Edit], *args: Any, merge: str = "", **named: Any
    ) -> Edit | None:
        """Make an edit of the document with one of the verbs of `edits`, and push it.

        The edit when it was made so; None, and a message that says why, when it was refused or
        would change nothing: `session.do(edits.move, {"web": (320, 120)})`.
        """
        try:
            edit = verb(self.document, *args, **named)
        except EditError as refusal:
            self.say(str(refusal))
            return None
        return edit if self.push(edit, merge) else None

    def push(self, edit: Edit, merge: str = "") -> bool:
        """Apply an edit as one undo step; False (and a message) when it is refused or empty.

        Edits of the same non-empty `merge` key that follow each other become one step.
        """
        if not edit:
            return False
        if self._then is not None:
            self.go_on_from_there()
        try:
            self.document.apply(edit)
        except EditError as refusal:
            self.say(str(refusal))
            return False
        self.undo_stack.push(EditCommand(self.document, edit, merge))
        return True

    # --- the document of an earlier moment -------------------------------------------------------

    def look_back(self, document: Document, moment: str) -> None:
        """Show the document as it was at a `moment` (in words); an edit goes on from there."""
        then = self.present.copy()
        then.apply(difference(then, document, moment))
        self._moment = moment
        self._show(then)

    def return_to_present(self) -> None:
        """Show the present document again, unharmed."""
        self._show(None)

    def go_on_from_there(self) -> None:
        """Make the document what is shown, as one step that can be undone."""
        then, self._then = self._then, None
        if then is None:
            return
        edit = difference(self.present, then, tr("Go back to {moment}", moment=self._moment))
        if edit:
            self._silent = True  # it is shown already
            try:
                self.present.apply(edit)
            finally:
                self._silent = False
            self.undo_stack.push(EditCommand(self.present, edit))
        self.forked.emit()
        self.travelled.emit(False)

    def _show(self, then: Document | None) -> None:
        shown, self._then = self.document, then
        edit = difference(shown, self.document, tr("Look back"))
        if edit:
            self.travelling = True
            try:
                self.edited.emit(edit)
            finally:
                self.travelling = False
            self.select(self.sheet.nodes, self.sheet.links, self.sheet.areas)
        self.travelled.emit(then is not None)

    def keep(self, verb: Callable[..., Edit], *args: Any) -> None:
        """An edit of how the document is looked at: it does not end a look back."""
        edit = verb(self.present, *args)
        if not edit:
            return
        self._silent = True
        try:
            self.present.apply(edit)
        finally:
            self._silent = False
        self.undo_stack.push(EditCommand(self.present, edit))
        if self._then is None:
            self.edited.emit(edit)

    def say(self, text: str) -> None:
        self.said.emit(text)

    # --- selection -------------------------------------------------------------------------------

    @property
    def selected_nodes(self) -> frozenset[str]:
        return self.sheet.nodes

    @property
    def selected_links(self) -> frozenset[LinkId]:
        return self.sheet.links

    @property
    def selected_areas(self) -> frozenset[str]:
        """The groups and notes that are selected."""
        return self.sheet.areas

    def select(
        self,
        nodes: Iterable[str] = (),
        links: Iterable[LinkId] = (),
        areas: Iterable[str] = (),
    ) -> None:
        """Select exactly these; ids the document does not have are left out."""
        document, sheet = self.document, self.sheet
        chosen = frozenset(n for n in nodes if n in document.nodes)
        chosen_links = frozenset(key for key in links if key in document.links)
        both = (document.groups, document.annotations)
        chosen_areas = frozenset(a for a in areas if any(a in kind for kind in both))
        if (chosen, chosen_links, chosen_areas) != (sheet.nodes, sheet.links, sheet.areas):
            sheet.nodes, sheet.links, sheet.areas = chosen, chosen_links, chosen_areas
            self.selection_changed.emit()

    def toggle(
        self,
        nodes: Iterable[str] = (),
        links: Iterable[LinkId] = (),
        areas: Iterable[str] = (),
    ) -> None:
        """Add to the selection what is not in it, and take out what is."""
        sheet = self.sheet
        self.select(
            sheet.nodes ^ frozenset(nodes),
            sheet.links ^ frozenset(links),
            sheet.areas ^ frozenset(areas),
        )

    def select_all(self) -> None:
        document = self.document
        self.select(document.nodes, document.links, [*document.groups, *document.annotations])

    def _follow(self, edit: Edit) -> None:
        if self._silent:
            return
        if self._then is not None:  # undone or redone: that is done to the present
            shown, self._then = self._then, None
            edit = difference(shown, self.present, edit.label)
            self.returned.emit()
            self.travelled.emit(False)
        self.edited.emit(edit)
        self.select(self.sheet.nodes, self.sheet.links, self.sheet.areas)
