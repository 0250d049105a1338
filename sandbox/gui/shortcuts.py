"""The keyboard page of the settings: every command, its keys, and what to do about conflicts."""

from __future__ import annotations

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QKeySequenceEdit,
    QLabel,
    QLineEdit,
    QPushButton,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from sandbox.gui.commands import Command, Commands
from sandbox.language import tr

_FIXED = tr(
    "Space always plays and pauses, Escape breaks off what is under way: they cannot be given."
)


class Shortcuts(QWidget):
    """A list to search; the keys of the chosen row are changed below it."""

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self._rows: list[Command] = []
        self.setAccessibleName(tr("Keyboard shortcuts"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search commands and keys"))
        self.search.setAccessibleName(tr("Search commands and keys"))
        self.search.setToolTip(tr("Part of a command's name, or of a key such as Ctrl+S"))
        self.search.setClearButtonEnabled(True)
        self.table = QTableWidget(0, 2)
        self.edit = QKeySequenceEdit()
        self.give = _button(
            tr("Use these keys"), tr("Give the chosen command the keys typed on the left")
        )
        self.none = _button(tr("No keys"), tr("Take the keys from the chosen command"))
        self.usual = _button(
            tr("As at first"), tr("Give the chosen command back the keys it came with")
        )
        self.all = _button(
            tr("All as at first"), tr("Give all commands back the keys they came with")
        )
        self.told = QLabel(_FIXED)
        self._build()
        self.search.textChanged.connect(lambda _text: self.fill())
        self.table.currentCellChanged.connect(lambda *_: self._chosen())
        self.edit.keySequenceChanged.connect(lambda _keys: self._look())
        self.give.clicked.connect(self._give)
        self.none.clicked.connect(lambda: self._set([]))
        self.usual.clicked.connect(self._reset)
        self.all.clicked.connect(self._reset_all)
        self.fill()

    def choose(self, id: str) -> None:
        """Select the command of this id ("File/Save")."""
        self.table.selectRow([command.id for command in self._rows].index(id))

    def fill(self) -> None:
        chosen = self._command()
        wanted = self.search.text().lower().split()
        self._rows = [
            command
            for command in self._commands.fixed()
            if all(w in self._said(command).lower() for w in wanted)
        ]
        self.table.setRowCount(len(self._rows))
        for row, command in enumerate(self._rows):
            name = QTableWidgetItem(" › ".join((*command.menus, command.name)))
            keys = QTableWidgetItem(self._keys(command))
            if not self._commands.is_usual(command):
                font = keys.font()
                font.setBold(True)
                keys.setFont(font)
                keys.setToolTip(tr("Changed from what it came with"))
            for column, item in enumerate((name, keys)):
                self.table.setItem(row, column, item)
        at = next((r for r, c in enumerate(self._rows) if chosen and c.id == chosen.id), 0)
        if self._rows:
            self.table.selectRow(at)
        self._chosen()

    def _said(self, command: Command) -> str:
        return " ".join((*command.menus, command.name, self._keys(command)))

    def _keys(self, command: Command) -> str:
        written = QKeySequence.SequenceFormat.NativeText
        return ", ".join(key.toString(written) for key in self._commands.keys(command))

    def _command(self) -> Command | None:
        row = self.table.currentRow()
        return self._rows[row] if 0 <= row < len(self._rows) else None

    def _chosen(self) -> None:
        command = self._command()
        for part in (self.edit, self.none, self.usual):
            part.setEnabled(command is not None)
        keys = self._commands.keys(command) if command else []
        self.edit.setKeySequence(keys[0] if keys else QKeySequence())
        if command is not None:
            self.usual.setEnabled(not self._commands.is_usual(command))
        self._look()

    def _look(self) -> None:
        """Say what the keys that are typed would mean."""
        command, keys = self._command(), self.edit.keySequence()
        refused = _refusal(keys)
        taken = self._commands.holder(keys, but=command) if command and keys.count() else None
        same = command is not None and keys in self._commands.keys(command)
        self.give.setEnabled(bool(command and keys.count() and not same and not refused))
        self.give.setText(tr("Take these keys from it") if taken else tr("Use these keys"))
        self.give.setAccessibleName(self.give.text())
        if refused:
            self._say(refused, True)
        elif taken is not None:
            key = keys.toString(QKeySequence.SequenceFormat.NativeText)
            self._say(
                tr(
                    "{key} means “{name}” (menu {menus}) already.",
                    key=key,
                    name=taken.name,
                    menus=taken.menus[0],
                ),
                True,
            )
        else:
            self._say(_FIXED, False)

    def _say(self, text: str, wrong: bool) -> None:
        self.told.setObjectName("refusal" if wrong else "help")
        self.told.style().unpolish(self.told)
        self.told.style().polish(self.told)
        self.told.setText(text)
        self.told.setAccessibleDescription(text)

    def _give(self) -> None:
        keys = self.edit.keySequence()
        if keys.count() and not _refusal(keys):
            self._set([keys])

    def _set(self, keys: list[QKeySequence]) -> None:
        command = self._command()
        if command is not None:
            self._commands.give(command, keys)
            self.fill()

    def _reset(self) -> None:
        command = self._command()
        if command is not None:
            self._commands.reset(command)
            self.fill()

    def _reset_all(self) -> None:
        self._commands.reset_all()
        self.fill()

    def _build(self) -> None:
        table = self.table
        table.setAccessibleName(tr("Commands and their keys"))
        table.setToolTip(tr("Choose a command, then type its keys below"))
        table.setHorizontalHeaderLabels([tr("Command"), tr("Keys")])
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        table.setColumnWidth(1, 190)
        self.edit.setAccessibleName(tr("Keys of the chosen command"))
        self.edit.setToolTip(tr("Click here and press the keys together"))
        self.edit.setMaximumSequenceLength(1)
        self.edit.setClearButtonEnabled(True)
        for field in self.edit.findChildren(QLineEdit):
            field.setAccessibleName(tr("Keys of the chosen command"))
            for clear in field.findChildren(QToolButton):
                clear.setAccessibleName(tr("Clear the keys"))
        self.told.setObjectName("help")
        self.told.setAccessibleName(tr("About these keys"))
        self.told.setWordWrap(True)
        row = QHBoxLayout()
        row.addWidget(self.edit, 1)
        for button in (self.give, self.none, self.usual):
            row.addWidget(button)
        last = QHBoxLayout()
        last.addWidget(self.told, 1)
        last.addWidget(self.all)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 14)
        column.setSpacing(8)
        column.addWidget(self.search)
        column.addWidget(table, 1)
        column.addLayout(row)
        column.addLayout(last)


def _refusal(keys: QKeySequence) -> str:
    """Why these keys cannot be given; "" when they can."""
    if not keys.count():
        return ""
    combination: QKeyCombination = keys[0]  # type: ignore[index]
    plain = combination.keyboardModifiers() == Qt.KeyboardModifier.NoModifier
    if plain and combination.key() in (Qt.Key.Key_Space, Qt.Key.Key_Escape, Qt.Key.Key_Tab):
        return tr("This key has a meaning of its own everywhere; hold Ctrl or Alt with it.")
    return ""


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setAccessibleName(text)
    button.setToolTip(tip)
    return button
