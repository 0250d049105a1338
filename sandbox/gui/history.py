"""The History dock: every edit since the diagram was opened, to go back to or forward to."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QLabel, QUndoView, QVBoxLayout, QWidget

from sandbox.gui.glyphs import glyph
from sandbox.gui.session import Session
from sandbox.language import tr

_TOLD = tr("Choose a line to go back or forward to it. The check marks what is on disk.")


class History(QWidget):
    """Follows the undo stack of the shown document."""

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.setAccessibleName(tr("History"))
        self.view = QUndoView()
        self.view.setGroup(session.undo_group)
        self.view.setAccessibleName(tr("Edits"))
        self.view.setToolTip(_TOLD)
        self.view.setEmptyLabel(tr("As opened"))
        self.view.setCleanIcon(glyph("check"))
        self.view.setIconSize(QSize(14, 14))
        self.view.setFrameShape(QUndoView.Shape.NoFrame)
        self.setFocusProxy(self.view)
        told = QLabel(_TOLD)
        told.setObjectName("help")
        told.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(6)
        column.addWidget(told)
        column.addWidget(self.view, 1)
