"""The one undo command: it holds an edit, and knows no picture."""

from __future__ import annotations

from PySide6.QtGui import QUndoCommand

from sandbox.document import Document, Edit


class EditCommand(QUndoCommand):
    """An edit on the undo stack.

    The session applies the edit *before* it pushes the command, so that a refused edit raises
    where it was asked for and never reaches the stack; the first `redo` therefore does nothing.
    Commands with the same non-empty `merge` key fold into one step: nudges, a slider being dragged.
    """

    def __init__(self, document: Document, edit: Edit, merge: str = "") -> None:
        super().__init__(edit.label)
        self.document = document
        self.edit = edit
        self.merge = merge
        self._applied = True

    def redo(self) -> None:
        if self._applied:
            self._applied = False
            return
        self.document.apply(self.edit)

    def undo(self) -> None:
        self.document.apply(self.edit.reversed())

    def id(self) -> int:
        """Qt offers to merge only commands of equal, non-negative id."""
        return 1 if self.merge else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, EditCommand) or other.merge != self.merge:
            return False
        self.edit = self.edit.followed_by(other.edit)
        if not self.edit:
            self.setObsolete(True)
        return True
