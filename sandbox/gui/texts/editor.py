"""The editor of a text parameter: written, checked at the line, applied as one edit or left."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QToolBar,
    QVBoxLayout,
    QWidget,
)

from sandbox.gui.glyphs import glyph
from sandbox.gui.texts.area import CodeArea
from sandbox.language import tr
from sandbox.services.views import Mistake, Text

_PAUSE_MS = 150
_LARGEST = 4 * 2**20  # bytes of a file that is read


class Editor(QDialog):
    """Not modal: the run goes on, and the window can be used."""

    applied = Signal(str)
    """The text, without mistakes."""

    def __init__(self, title: str, declared: Text, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._declared = declared
        self._before = ""
        self._warned = False
        self.ask_path: Callable[[], str] = self._ask_path
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self.resize(820, 640)
        self.area = CodeArea()
        self.area.setAccessibleName(f"{title}: {declared.language}")
        self.area.setToolTip(tr("Ctrl+Enter applies, Escape leaves, Ctrl+Z undoes"))
        self.told = QLabel()
        self.told.setAccessibleName(tr("What is wrong with the text"))
        self.told.setWordWrap(True)
        self.go = QPushButton(tr("Go to it"))
        self.go.setAccessibleName(tr("Go to the mistake"))
        self.go.setToolTip(tr("Put the cursor where the mistake is"))
        self.go.clicked.connect(self.go_to_mistake)
        self.place = QLabel()
        self.place.setAccessibleName(tr("Line and column"))
        self.place.setObjectName("help")
        self._check = QTimer(self)
        self._check.setSingleShot(True)
        self._check.setInterval(_PAUSE_MS)
        self._check.timeout.connect(self.check)
        self._arrange(self._tools())
        self.area.textChanged.connect(self._changed)
        self.area.cursorPositionChanged.connect(self._show_place)

    @property
    def mistake(self) -> Mistake | None:
        return self.area.mistake

    def edit(self, text: str) -> None:
        """Show a text to be changed, and the editor in front of all."""
        if not self.isVisible() or not self._dirty():
            self._before = text
            self.area.setPlainText(text)
            self.check()
            self._warned = False
        self.show()
        self.raise_()
        self.activateWindow()
        self.area.setFocus()

    def check(self) -> bool:
        """Whether the text is right; what is not is marked."""
        self._check.stop()
        found = self._declared.check(self.area.toPlainText())
        self.area.show_mistake(found)
        self.go.setVisible(found is not None)
        self._apply.setEnabled(found is None)
        if found is None:
            words = tr("Valid {language}.", language=self._declared.language)
        else:
            words = tr(
                "Line {line}, column {column}: {words}",
                line=found.line,
                column=found.column,
                words=found.words,
            )
        self.told.setText(words)
        self.told.setObjectName("refusal" if found is not None else "help")
        self.told.style().unpolish(self.told)
        self.told.style().polish(self.told)
        return found is None

    def go_to_mistake(self) -> None:
        if self.mistake is not None:
            self.area.go_to(self.mistake.line, self.mistake.column)

    def open_file(self) -> None:
        """Another text, from a file; undo brings this one back."""
        chosen = self.ask_path()
        if chosen:
            self.read(Path(chosen))

    def read(self, path: Path) -> bool:
        """Take a file's text in; why not, in the line below."""
        try:
            if path.stat().st_size > _LARGEST:
                raise ValueError(
                    tr(
                        "{name} is larger than {LARGEST} MB",
                        name=path.name,
                        LARGEST=_LARGEST // 2**20,
                    )
                )
            text = path.read_text(encoding="utf-8-sig")
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None) or str(error)
            self.told.setText(tr("Not opened: {why}. Choose another file.", why=why))
            self.told.setObjectName("refusal")
            return False
        self._replace(text)
        if not self.check():
            self.go_to_mistake()
        return True

    def tidy(self) -> None:
        """Lay it out with one value a line; a text with a mistake in its JSON stays as it is."""
        try:
            value = json.loads(self.area.toPlainText())
        except ValueError:
            self.go_to_mistake()
            return
        self._replace(json.dumps(value, indent=2, ensure_ascii=False))
        self.check()

    def apply(self) -> None:
        """Give the text to whoever listens, and close; not with a mistake in it."""
        if not self.check():
            self.go_to_mistake()
            return
        text = self.area.toPlainText()
        if text != self._before:
            self._before = text
            self.applied.emit(text)
        self.accept()

    def reject(self) -> None:
        """Escape: at once where nothing is lost, else when it is said a second time."""
        if self._dirty() and not self._warned:
            self._warned = True
            self.told.setText(tr("Not applied yet. Escape again leaves without the changes."))
            self.told.setObjectName("refusal")
            self.told.style().unpolish(self.told)
            self.told.style().polish(self.told)
            return
        self._check.stop()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._check.stop()
        event.accept()

    # ------------------------------------------------------------------ inside

    def _dirty(self) -> bool:
        return self.area.toPlainText() != self._before

    def _changed(self) -> None:
        self._warned = False
        self._check.start()

    def _show_place(self) -> None:
        line, column = self.area.place()
        self.place.setText(f"{line}:{column}")

    def _replace(self, text: str) -> None:
        """In one step of undo."""
        cursor = self.area.textCursor()
        cursor.beginEditBlock()
        cursor.select(cursor.SelectionType.Document)
        cursor.insertText(text)
        cursor.endEditBlock()
        self.area.go_to(1, 1)

    def _ask_path(self) -> str:
        named = " ".join(f"*{suffix}" for suffix in self._declared.suffixes)
        chosen, _ = QFileDialog.getOpenFileName(
            self,
            tr("Open a text"),
            "",
            tr(
                "{language} ({named});;All files (*)", language=self._declared.language, named=named
            ),
        )
        return str(chosen)

    def _tools(self) -> QToolBar:
        tools = QToolBar()
        tools.setAccessibleName(tr("Editing"))
        tools.setIconSize(QSize(16, 16))
        tools.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        area = self.area
        for icon, name, keys, do in (
            ("open", tr("Open file…"), "Ctrl+O", self.open_file),
            ("undo", tr("Undo"), "", area.undo),
            ("redo", tr("Redo"), "", area.redo),
            ("lines", tr("Lay out"), "Ctrl+Shift+F", self.tidy),
        ):
            action = QAction(glyph(icon), name, self)
            if keys:
                action.setShortcut(QKeySequence(keys))
            shown = f" ({keys})" if keys else ""
            action.setToolTip(f"{_TIPS[name]}{shown}")
            action.setStatusTip(_TIPS[name])
            action.triggered.connect(lambda _on=False, do=do: do())
            tools.addAction(action)
            button = tools.widgetForAction(action)
            button.setAccessibleName(name)
        undo, redo = tools.actions()[1:3]
        undo.setEnabled(False)
        redo.setEnabled(False)
        area.undoAvailable.connect(undo.setEnabled)
        area.redoAvailable.connect(redo.setEnabled)
        return tools

    def _arrange(self, tools: QToolBar) -> None:
        buttons = QDialogButtonBox()
        self._apply = buttons.addButton(tr("Apply"), QDialogButtonBox.ButtonRole.AcceptRole)
        self._apply.setAccessibleName(tr("Apply"))
        self._apply.setToolTip(tr("Set the parameter to this text, as one edit (Ctrl+Enter)"))
        self._apply.setShortcut(QKeySequence("Ctrl+Return"))
        self._apply.clicked.connect(self.apply)
        cancel = buttons.addButton("Cancel", QDialogButtonBox.ButtonRole.RejectRole)
        cancel.setAccessibleName("Cancel")
        cancel.setToolTip(tr("Leave without the changes (Escape)"))
        cancel.clicked.connect(self.reject)
        for button in (self._apply, cancel, self.go):
            button.setAutoDefault(False)
        below = QHBoxLayout()
        below.addWidget(self.told, 1)
        below.addWidget(self.go)
        last = QHBoxLayout()
        last.addWidget(self.place)
        last.addStretch(1)
        last.addWidget(buttons)
        column = QVBoxLayout(self)
        column.addWidget(tools)
        column.addWidget(self.area, 1)
        column.addLayout(below)
        column.addLayout(last)


_TIPS = {
    "Open file…": tr("Take in the text of a file; it is applied only with Apply"),
    "Undo": tr("Take back the last change of the text"),
    "Redo": tr("Make the change again that was taken back"),
    "Lay out": tr("One value a line, indented"),
}
