"""Why a node is as it is: what it is losing and by which cause, and what happened to it last."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from sandbox.experiments import units
from sandbox.gui.frames import NodeFrame
from sandbox.language import tr

_LATEST = 4


class Why(QWidget):
    """The loss in words, then the latest events, newest first."""

    def __init__(self, node: str) -> None:
        super().__init__()
        self._node = node
        self._loss, self._events = QLabel(), QLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        for label, name in (
            (self._loss, tr("Loss")),
            (self._events, tr("Latest events of the node")),
        ):
            label.setWordWrap(True)
            label.setAccessibleName(name)
            label.hide()
            column.addWidget(label)
        self._loss.setObjectName("refusal")

    def show_frame(self, frame: NodeFrame | None) -> None:
        text = ""
        if frame is not None and frame.loss:
            text = tr(
                "{loss}: {loss_rate} lost",
                loss=frame.loss,
                loss_rate=units.loss(frame.loss_rate),
            )
        if text != self._loss.text():
            self._loss.setText(text)
            self._loss.setVisible(bool(text))

    def show_events(self, events: Sequence[Any], start: str) -> None:
        """`events` are those of the whole run, in order."""
        latest = []
        for event in reversed(events):
            if event.node == self._node:
                latest.append(event)
                if len(latest) == _LATEST:
                    break
        text = "<br>".join(
            f"<span style='color:palette(placeholder-text)'>"
            f"{units.clock(start, event.t_s).rsplit(' ', 1)[-1]}</span>&nbsp; {escape(event.text)}"
            for event in latest
        )
        if text != self._events.text():
            self._events.setText(text)
            self._events.setVisible(bool(text))
