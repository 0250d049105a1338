"""The quiet message bar: one line that says what went wrong or was done, and stops nobody."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton

from sandbox.gui.glyphs import glyph
from sandbox.gui.theme import LIGHT, Theme
from sandbox.language import tr

Severity = Literal["info", "warning", "error"]
_STAYS_MS = 7000  # what needs no answer goes by itself; errors stay until they are closed


class Messages(QFrame):
    """Shows the latest message; an error or an offer comes back when a mere remark has gone."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Messages"))
        self.setObjectName("messages")
        self._theme: Theme = LIGHT
        self._severity: Severity = "info"
        self._then: Callable[[], object] | None = None
        self._standing: tuple[str, Severity, str, Callable[[], object] | None] | None = None
        self._sign, self._text, self._button = QLabel(), QLabel(), QPushButton()
        self._text.setAccessibleName(tr("Message"))
        self._text.setWordWrap(True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        close = QToolButton()
        close.setIcon(glyph("close"))
        close.setAutoRaise(True)
        close.setAccessibleName(tr("Close the message"))
        close.clicked.connect(self._close)
        self._button.setAccessibleName(tr("Do what the message offers"))
        self._button.hide()
        self._button.clicked.connect(self._go)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 6, 4)
        row.setSpacing(8)
        row.addWidget(self._sign)
        row.addWidget(self._text, 1)
        row.addWidget(self._button)
        row.addWidget(close)
        self._leave = QTimer(self)
        self._leave.setSingleShot(True)
        self._leave.setInterval(_STAYS_MS)
        self._leave.timeout.connect(self._time_is_up)
        self._lasting = False  # whether the remark waits to be taken back
        self.hide()

    @property
    def text(self) -> str:
        """What is shown; "" when nothing is."""
        return self._text.text() if not self.isHidden() else ""

    def set_theme(self, theme: Theme) -> None:
        self._theme = theme
        self._paint()

    def say(self, text: str, severity: Severity = "info", lasting: bool = False) -> None:
        """Show a message; "" takes a remark away, which one that is not lasting does by itself."""
        if not text:
            if self._leave.isActive():
                self._go_back()
        elif severity == "error":
            self._stand(text, severity, "", None)
        else:
            self._show(text, severity)
            self._lasting = lasting
            self._leave.start()

    def offer(self, text: str, button: str, then: Callable[[], object]) -> None:
        """Show a message with a button that does something about it; it stays."""
        self._stand(text, "warning", button, then)

    def clear(self) -> None:
        self._standing = None
        self._go_back()

    def _stand(
        self, text: str, severity: Severity, button: str, then: Callable[[], object] | None
    ) -> None:
        """Show what stays until it is closed."""
        self._standing = (text, severity, button, then)
        self._go_back()

    def _time_is_up(self) -> None:
        if self._lasting:
            self._leave.start()
        else:
            self._go_back()

    def _go_back(self) -> None:
        """From a remark to what stands, if anything does."""
        self._leave.stop()
        if self._standing is None:
            self._severity, self._then = "info", None
            self.hide()
            return
        text, severity, button, self._then = self._standing
        self._show(text, severity)
        if self._then is not None:
            self._button.setText(button)
            self._button.setAccessibleName(button)
            self._button.show()

    def _show(self, text: str, severity: Severity) -> None:
        self._severity = severity
        self._button.hide()
        self._text.setText(text[:1].upper() + text[1:])
        self._text.setAccessibleDescription(self._text.text())
        self._paint()
        self.show()

    def _close(self) -> None:
        """Close what is shown: a remark, or else what stands."""
        if not self._leave.isActive():
            self._standing = None
        self._go_back()

    def _paint(self) -> None:
        colors = {"error": self._theme.critical, "warning": self._theme.warning}
        color = QColor(colors.get(self._severity, self._theme.accent))
        self._sign.setAccessibleName(self._severity)
        self._sign.setPixmap(glyph(self._severity, color).pixmap(18, 18))

    def _go(self) -> None:
        then = self._then
        self.clear()
        if then is not None:
            then()
