"""What is open in the window: the document, its undo stack and what is selected.

Everything that draws follows the signals here and nothing else: a gesture makes an edit,
the session pushes it, the document announces it, and every widget redraws from that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoStack

from sandbox.document import Document, Edit, EditError
from sandbox.gui.catalogue import Services
from sandbox.gui.frames import LinkId
from sandbox.gui.undo import EditCommand


class Session(QObject):
    """The open document, followed by all widgets."""

    opened = Signal()
    """Another document took the place of the old one: rebuild."""
    edited = Signal(object)
    """An Edit was applied (also by undo and redo): follow its changes."""
    selection_changed = Signal()
    path_changed = Signal()
    said = Signal(str)
    """A quiet message for the status line; "" clears it."""

    def __init__(
        self, catalogue: Services, document: Document | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.catalogue = catalogue
        self.undo_stack = QUndoStack(self)
        self._path: Path | None = None
        self._nodes: frozenset[str] = frozenset()
        self._links: frozenset[LinkId] = frozenset()
        self._areas: frozenset[str] = frozenset()
        self._document = document if document is not None else Document(catalogue=catalogue)
        self._unsubscribe = self._document.subscribe(self._follow)

    @property
    def document(self) -> Document:
        return self._document

    @property
    def path(self) -> Path | None:
        """Where the document was opened from or last saved to; None when it never was."""
        return self._path

    @property
    def dirty(self) -> bool:
        return not self.undo_stack.isClean()

    def open(self, document: Document, path: Path | None = None) -> None:
        """Show another document; the undo stack and the selection start afresh."""
        self._unsubscribe()
        self._document = document
        self._unsubscribe = document.subscribe(self._follow)
        self.undo_stack.clear()
        self._nodes, self._links, self._areas = frozenset(), frozenset(), frozenset()
        self._path = path
        self.opened.emit()
        self.path_changed.emit()
        self.selection_changed.emit()

    def saved(self, path: Path) -> None:
        """The document now stands on disk at `path`."""
        self._path = path
        self.undo_stack.setClean()
        self.path_changed.emit()

    def do(
        self, verb: Callable[..., Edit], *args: Any, merge: str = "", **named: Any
    ) -> Edit | None:
        """Make an edit of the document with one of the verbs of `edits`, and push it.

        The edit when it was made so; None, and a message that says why, when it was refused or
        would change nothing: `session.do(edits.move, {"web": (320, 120)})`.
        """
        try:
            edit = verb(self._document, *args, **named)
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
        try:
            self._document.apply(edit)
        except EditError as refusal:
            self.say(str(refusal))
            return False
        self.undo_stack.push(EditCommand(self._document, edit, merge))
        return True

    def say(self, text: str) -> None:
        self.said.emit(text)

    # --- selection -------------------------------------------------------------------------------

    @property
    def selected_nodes(self) -> frozenset[str]:
        return self._nodes

    @property
    def selected_links(self) -> frozenset[LinkId]:
        return self._links

    @property
    def selected_areas(self) -> frozenset[str]:
        """The groups and notes that are selected."""
        return self._areas

    def select(
        self,
        nodes: Iterable[str] = (),
        links: Iterable[LinkId] = (),
        areas: Iterable[str] = (),
    ) -> None:
        """Select exactly these; ids the document does not have are left out."""
        document = self._document
        chosen = frozenset(n for n in nodes if n in document.nodes)
        chosen_links = frozenset(key for key in links if key in document.links)
        both = (document.groups, document.annotations)
        chosen_areas = frozenset(a for a in areas if any(a in kind for kind in both))
        if (chosen, chosen_links, chosen_areas) != (self._nodes, self._links, self._areas):
            self._nodes, self._links, self._areas = chosen, chosen_links, chosen_areas
            self.selection_changed.emit()

    def toggle(
        self,
        nodes: Iterable[str] = (),
        links: Iterable[LinkId] = (),
        areas: Iterable[str] = (),
    ) -> None:
        """Add to the selection what is not in it, and take out what is."""
        self.select(
            self._nodes ^ frozenset(nodes),
            self._links ^ frozenset(links),
            self._areas ^ frozenset(areas),
        )

    def select_all(self) -> None:
        document = self._document
        self.select(document.nodes, document.links, [*document.groups, *document.annotations])

    def _follow(self, edit: Edit) -> None:
        self.edited.emit(edit)
        self.select(self._nodes, self._links, self._areas)
