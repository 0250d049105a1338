"""The row of open documents above the canvas; there is none while only one is open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QTabBar, QToolButton, QWidget

from sandbox.gui.glyphs import glyph
from sandbox.gui.session import Session, Sheet
from sandbox.language import tr


class Tabs(QTabBar):
    """Follows the session's sheets; a tab chosen here turns to its document."""

    def __init__(self, session: Session, close: Callable[[Sheet], Any]) -> None:
        super().__init__()
        self._session, self._close = session, close
        self._filling = False
        self.setObjectName("documents")
        self.setAccessibleName(tr("Documents"))
        self.setAccessibleDescription(tr("The open diagrams; Ctrl+Tab turns to the next"))
        self.setDocumentMode(True)
        self.setDrawBase(False)
        self.setExpanding(False)
        self.setMovable(True)
        self.setUsesScrollButtons(True)
        self.setElideMode(Qt.TextElideMode.ElideMiddle)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.currentChanged.connect(self._chosen)
        self.tabMoved.connect(self._moved)
        for signal in (session.sheets_changed, session.path_changed):
            signal.connect(self.fill)
        session.undo_group.cleanChanged.connect(self._name)
        session.edited.connect(lambda edit: self._name() if _renames(edit) else None)
        self.fill()

    def fill(self) -> None:
        """Show the sheets as they are now."""
        self._filling = True
        sheets = self._session.sheets
        while self.count() > len(sheets):
            self.removeTab(self.count() - 1)
        while self.count() < len(sheets):
            self.setTabButton(self.addTab(""), QTabBar.ButtonPosition.RightSide, self._cross())
        self.setCurrentIndex(sheets.index(self._session.sheet))
        self.setVisible(len(sheets) > 1)
        self._filling = False
        self._name()

    def step(self, by: int) -> None:
        """Turn to the next document, or to the one before; round and round."""
        self.setCurrentIndex((self.currentIndex() + by) % max(self.count(), 1))

    def _name(self, _clean: bool = True) -> None:
        for row, sheet in enumerate(self._session.sheets[: self.count()]):
            # A sign, and not only a colour or a slant, and in words where it is read out.
            self.setTabText(row, f"{sheet.name} •" if sheet.dirty else sheet.name)
            where = str(sheet.path) if sheet.path else tr("not saved anywhere yet")
            edited = tr(" – has unsaved edits") if sheet.dirty else ""
            self.setTabToolTip(row, f"{where}{edited}")
            unsaved = tr(", unsaved edits") if sheet.dirty else ""
            self.setAccessibleTabName(row, f"{sheet.name}{unsaved}")
            button: Any = self.tabButton(row, QTabBar.ButtonPosition.RightSide)
            button.setAccessibleName(tr("Close {name}", name=sheet.name))
            button.setToolTip(tr("Close {name} (Ctrl+W)", name=sheet.name))

    def _cross(self) -> QWidget:
        button = QToolButton(self)
        button.setIcon(glyph("close"))
        button.setIconSize(QSize(12, 12))
        button.setAutoRaise(True)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.clicked.connect(lambda: self._cross_pressed(button))
        return button

    def _cross_pressed(self, button: QWidget) -> None:
        for row, sheet in enumerate(self._session.sheets):
            if self.tabButton(row, QTabBar.ButtonPosition.RightSide) is button:
                self._close(sheet)
                return

    def _chosen(self, row: int) -> None:
        if not self._filling and 0 <= row < len(self._session.sheets):
            self._session.show(self._session.sheets[row])

    def _moved(self, begin: int, end: int) -> None:
        sheets = self._session.sheets
        sheets.insert(end, sheets.pop(begin))


def _renames(edit: Any) -> bool:
    return any(change.kind == "attribute" and change.key == "name" for change in edit.changes)
