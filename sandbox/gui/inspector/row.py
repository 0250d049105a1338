"""One parameter: its name, its field, its unit, a way back to the default, and words about it."""

from __future__ import annotations

from html import escape
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from sandbox.gui.glyphs import glyph
from sandbox.gui.inspector.fields import Field
from sandbox.gui.inspector.lists import field_of, wide
from sandbox.gui.inspector.reading import detail, title, written
from sandbox.gui.inspector.reasons import source
from sandbox.language import tr
from sandbox.services.params import ParamInfo

_FIELD = 104  # px: a number of nine digits


class Row(QWidget):
    """Help, bounds and source unfold under the field that is being edited."""

    chosen = Signal(object)
    """A valid value, or None for the default."""
    entered = Signal()

    def __init__(
        self,
        info: ParamInfo,
        choices: tuple[str, ...] | None = None,
        field: Field | None = None,
    ) -> None:
        """Without a `field` it gets the one of the parameter's kind."""
        super().__init__()
        self.info = info
        self.field = field or field_of(info, choices, Row)
        self._name = QLabel(title(info))
        self._name.setWordWrap(True)
        self._name.setBuddy(self.field)
        self._name.setToolTip(detail(info))
        self._name.setCursor(Qt.CursorShape.WhatsThisCursor)
        self._unit = QLabel(info.unit)
        self._unit.setForegroundRole(self._unit.foregroundRole().PlaceholderText)
        self._reset = QToolButton()
        self._reset.setIcon(glyph("reset"))
        self._reset.setAutoRaise(True)
        self._reset.setFixedSize(22, 22)
        self._reset.setAccessibleName(tr("Reset {info}", info=title(info)))
        kept = self._reset.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._reset.setSizePolicy(kept)
        self._reset.clicked.connect(self._back)
        self._words = QLabel()
        self._words.setWordWrap(True)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._words.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._words.setOpenExternalLinks(True)
        self._words.hide()
        self._refusal, self._mixed = "", False
        self._arrange()
        self.field.chosen.connect(self.chosen)
        self.field.refused.connect(self.refuse)
        self.field.entered.connect(self.entered)
        self._name.installEventFilter(self)
        proxy = self.field.focusProxy()
        if proxy is not None:
            proxy.installEventFilter(self)

    def show_value(self, value: Any, changed: bool) -> None:
        """Show a value; `changed` when it is not the default."""
        self.field.show_value(value)
        font = self._name.font()
        font.setBold(changed)
        self._name.setFont(font)
        self._reset.setVisible(changed)
        back = written(self.info, self.info.default)
        self._reset.setToolTip(
            tr("Back to the default{value}", value=", " + back if len(back) < 40 else "")
        )

    def show_mixed(self, mixed: bool) -> None:
        """Several things are set together, and differ in this."""
        if mixed != self._mixed:
            self._mixed = mixed
            name = title(self.info)
            self._name.setText(tr("{name} (several values)", name=name) if mixed else name)
            tip = tr("They differ; what is set here holds for all.\n") if mixed else ""
            self._name.setToolTip(tip + detail(self.info))

    def refuse(self, why: str) -> None:
        """Say in words why the value was not taken; "" takes it back."""
        self._refusal = why
        self.field.show_refusal(why)
        self._tell()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._name and event.type() == QEvent.Type.MouseButtonPress:
            self.field.setFocus()
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._tell(event.type() == QEvent.Type.FocusIn)
        return False

    def _back(self) -> None:
        revert = getattr(self.field, "revert", None)
        if revert is not None:
            revert()
        self.entered.emit()
        self.chosen.emit(None)

    def _tell(self, focused: bool | None = None) -> None:
        proxy = self.field.focusProxy()
        on = proxy is not None and proxy.hasFocus() if focused is None else focused
        self._words.setText(escape(self._refusal) or (_told(self.info) if on else ""))
        self._words.setVisible(bool(self._words.text()))
        self._words.setObjectName("refusal" if self._refusal else "help")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)

    def _arrange(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(2)
        if self.field.wide or wide(self.info):
            grid.addWidget(self._name, 0, 0, 1, 3)
            grid.addWidget(self._reset, 0, 3)
            grid.addWidget(self.field, 1, 0, 1, 4)
            grid.addWidget(self._words, 2, 0, 1, 4)
            return
        self._name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        unit = self.fontMetrics().horizontalAdvance("requests")
        cell = QWidget()
        cell.setFixedWidth(_FIELD + 6 + unit)
        pair = QHBoxLayout(cell)
        pair.setContentsMargins(0, 0, 0, 0)
        pair.setSpacing(6)
        pair.addWidget(self.field, 1)
        if self.info.unit:
            self._unit.setFixedWidth(unit)
            pair.addWidget(self._unit)
        grid.addWidget(self._name, 0, 0)
        grid.addWidget(cell, 0, 1)
        grid.addWidget(self._reset, 0, 2)
        grid.addWidget(self._words, 1, 0, 1, 3)
        grid.setColumnStretch(0, 1)


def _told(info: ParamInfo) -> str:
    """What is known of a parameter, with its source as a link."""
    *lines, last = detail(info).split("\n")
    text = [escape(line) for line in lines]
    if info.source and info.source != "assumption" and last.startswith("Source: "):
        sure = last.removeprefix(f"Source: {info.source}")
        text.append(source(info.source) + escape(sure))
    else:
        text.append(escape(last))
    return "<br>".join(text)
