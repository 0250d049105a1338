"""The recorded load of a source: what it is, a way to load one from a file, and to drop it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from sandbox.gui.traces import summary
from sandbox.language import tr

HELD = ("trace", "trace_gaps")
"""The parameters that are shown here and not in the form: nobody edits a recording by hand."""


class Recorded(QWidget):
    """Follows the parameters of its node."""

    load_wanted = Signal()
    remove_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._words = QLabel()
        self._words.setAccessibleName(tr("Recorded load"))
        self._words.setWordWrap(True)
        self._load, self._remove = QPushButton(tr("Load a trace…")), QPushButton(tr("Remove"))
        self._load.setAccessibleName(tr("Load a trace"))
        self._load.setToolTip(
            tr("A CSV file of times and counts; it can be dropped on the node, too")
        )
        self._remove.setAccessibleName(tr("Remove the recorded load"))
        self._load.clicked.connect(self.load_wanted)
        self._remove.clicked.connect(self.remove_wanted)
        buttons = QHBoxLayout()
        buttons.addWidget(self._load)
        buttons.addWidget(self._remove)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._words)
        column.addLayout(buttons)

    def show_params(self, params: Mapping[str, Any]) -> None:
        text = summary(params)
        self._remove.setVisible(bool(text))
        if text and params.get("shape") != "trace":
            text += tr(". It rests: choose the shape “trace” to send it.")
        self._words.setText(text or tr("None. A CSV of times and counts can be sent as it was."))
        self._words.setAccessibleDescription(self._words.text())
