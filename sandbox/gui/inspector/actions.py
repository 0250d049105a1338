"""What a person can do to a node while it runs: its service's actions, with their arguments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from sandbox.gui.inspector.row import Row
from sandbox.services.params import describe


class Actions(QWidget):
    """Announces actions; they are logged with the run and are no edits of the document."""

    wanted = Signal(str, dict)
    """The action's name and its arguments."""

    def __init__(self, actions: Sequence[Any]) -> None:
        super().__init__()
        self._given: dict[str, dict[str, Any]] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for action in actions:
            card = QFrame()
            card.setObjectName("card")
            inside = QVBoxLayout(card)
            inside.setContentsMargins(8, 6, 8, 6)
            inside.setSpacing(4)
            given = self._given[action.name] = {}
            for info in describe(action.args):
                row = Row(info)
                row.show_value(info.default, False)
                row.chosen.connect(
                    lambda value, row=row, info=info, given=given: _keep(row, info, given, value)
                )
                inside.addWidget(row)
            button = QPushButton(action.title)
            button.setAccessibleName(action.title)
            button.clicked.connect(
                lambda _=False, name=action.name: self.wanted.emit(name, dict(self._given[name]))
            )
            inside.addWidget(button)
            column.addWidget(card)


def _keep(row: Row, info: Any, given: dict[str, Any], value: Any) -> None:
    if value is None or (value == info.default and type(value) is type(info.default)):
        given.pop(info.name, None)
    else:
        given[info.name] = value
    row.show_value(given.get(info.name, info.default), info.name in given)
