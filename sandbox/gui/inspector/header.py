"""The top of the inspector: what is selected, its name to change, and what it is."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QFocusEvent, QIcon
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QWidget

from sandbox.language import tr


class Header(QWidget):
    """Icon, editable label, and a line that says what the thing is."""

    renamed = Signal(str, int)
    """The new label, and the number of the editing session."""

    def __init__(self, kind: str, summary: str = "", icon: QIcon | None = None) -> None:
        super().__init__()
        self.label = _Name()
        self.label.setAccessibleName(tr("Name"))
        font = self.label.font()
        font.setPointSizeF(font.pointSizeF() * 1.15)
        font.setBold(True)
        self.label.setFont(font)
        self.label.setObjectName("name")
        self._what = what = QLabel(kind)
        what.setForegroundRole(what.foregroundRole().PlaceholderText)
        grid = QGridLayout(self)
        grid.setContentsMargins(12, 10, 12, 4)
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(1)
        if icon is not None:
            picture = QLabel()
            picture.setAccessibleName(tr("Icon of {kind}", kind=kind))
            picture.setPixmap(icon.pixmap(QSize(36, 36)))
            picture.setFixedSize(36, 36)
            grid.addWidget(picture, 0, 0, 2, 1)
        grid.addWidget(self.label, 0, 1)
        grid.addWidget(what, 1, 1)
        what.setContentsMargins(3, 0, 0, 0)
        grid.setColumnStretch(1, 1)
        if summary:
            words = QLabel(summary)
            words.setWordWrap(True)
            words.setForegroundRole(words.foregroundRole().PlaceholderText)
            grid.addWidget(words, 2, 0, 1, 2)
        self.label.textEdited.connect(
            lambda text: self.renamed.emit(text.strip(), self.label.session)
        )

    def show_label(self, label: str, placeholder: str) -> None:
        if not self.label.hasFocus() and self.label.text() != label:
            self.label.setText(label)
            self.label.setCursorPosition(0)  # of a long one the beginning shows
        self.label.setPlaceholderText(placeholder)

    def show_kind(self, kind: str) -> None:
        self._what.setText(kind)


class _Name(QLineEdit):
    def __init__(self) -> None:
        super().__init__()
        self.session = 0

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.session += 1
