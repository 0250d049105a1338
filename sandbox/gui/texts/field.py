"""The field of a text parameter: its first lines, and a way to the editor."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout

from sandbox.gui.inspector.fields import Field
from sandbox.gui.inspector.reading import title
from sandbox.gui.texts.area import CodeArea
from sandbox.gui.texts.editor import Editor
from sandbox.language import tr
from sandbox.services.params import ParamInfo
from sandbox.services.views import Text

_LINES = 5


class TextField(Field):
    """What is applied in the editor is one edit; nothing can be typed here."""

    wide = True

    def __init__(
        self, info: ParamInfo, declared: Text, owner: str, apply: Callable[[str], object]
    ) -> None:
        """`owner` says of what it is the parameter; the editor outlives the field, and gives its
        text to `apply`."""
        super().__init__()
        self._value = str(info.default or "")
        self._name, self._declared = title(info), declared
        self._owner, self._apply = owner, apply
        self.shown = CodeArea(numbers=False)
        self.shown.setReadOnly(True)
        self.shown.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.shown.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.shown.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.shown.setAccessibleName(tr("{name}: its beginning", name=self._name))
        self.shown.setToolTip(tr("Double click to edit"))
        self.shown.viewport().installEventFilter(self)
        self.words = QLabel()
        self.words.setObjectName("help")
        self.words.setWordWrap(True)
        self.edit = QPushButton(tr("Edit…"))
        self.edit.setAccessibleName(tr("Edit {name}", name=self._name))
        self.edit.setToolTip(
            tr(
                "Open the editor for {language}: mistakes are marked there",
                language=declared.language,
            )
        )
        self.edit.clicked.connect(self.open)
        below = QHBoxLayout()
        below.addWidget(self.words, 1)
        below.addWidget(self.edit)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 2, 0, 2)
        column.setSpacing(3)
        column.addWidget(self.shown)
        column.addLayout(below)
        self.setFocusProxy(self.edit)
        self.show_value(self._value)

    def show_value(self, value: Any) -> None:
        self._value = str(value if value is not None else "")
        if self.shown.toPlainText() != self._value:
            self.shown.setPlainText(self._value)
        lines = self._value.count("\n") + 1
        self.words.setText(f"{lines} lines" if lines > _LINES else "")
        height = min(lines, _LINES) * self.shown.fontMetrics().lineSpacing()
        self.shown.setFixedHeight(height + 16)

    def show_refusal(self, why: str) -> None:
        self.shown.setProperty("refused", bool(why))
        self.shown.style().unpolish(self.shown)
        self.shown.style().polish(self.shown)

    def open(self) -> Editor:
        """The editor of this text, in front; there is one."""
        self.entered.emit()
        named = f"{self._name} of {self._owner}"
        editor = self.window().findChild(Editor, named)
        if editor is None:
            editor = Editor(named, self._declared, self.window())
            editor.setObjectName(named)
            editor.applied.connect(self._apply)
            editor.finished.connect(editor.deleteLater)
        editor.edit(self._value)
        return editor

    def eventFilter(self, watched: Any, event: Any) -> bool:
        if event.type() == event.Type.MouseButtonDblClick:
            self.open()
            return True
        return bool(super().eventFilter(watched, event))
