"""A titled part of the inspector that folds away, and remembers it while the window is open."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

_folded: dict[str, bool] = {}


class Section(QWidget):
    """Sections of the same title fold alike, whatever is selected."""

    def __init__(self, title: str, folded: bool = False) -> None:
        super().__init__()
        self._title = title
        self._head = QToolButton()
        self._head.setText(title)
        self._head.setObjectName("section")
        self._head.setAccessibleName(title)
        self._head.setCheckable(True)
        self._head.setAutoRaise(True)
        self._head.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._head.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._body = QWidget()
        self.content = QVBoxLayout(self._body)
        self.content.setContentsMargins(12, 2, 8, 6)
        self.content.setSpacing(4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head)
        column.addWidget(self._body)
        self._head.toggled.connect(self._fold)
        self._head.setChecked(not _folded.get(title, folded))
        self._fold(self._head.isChecked())

    def _fold(self, open_: bool) -> None:
        self._body.setVisible(open_)
        self._head.setArrowType(Qt.ArrowType.DownArrow if open_ else Qt.ArrowType.RightArrow)
        _folded[self._title] = not open_
