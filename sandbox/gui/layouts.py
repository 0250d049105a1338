"""Where the docks stand: remembered when the window closes, and by name when a person wants it."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtWidgets import QMainWindow

_VERSION = 3  # another set of docks is another version, which old layouts do not fit
_LAST, _NAMED = "window/last", "layouts"


class Layouts:
    """Saves and restores the docks of one window."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._usual = window.saveState(_VERSION)

    def remember(self) -> None:
        settings = QSettings()
        settings.setValue(f"{_LAST}/geometry", self._window.saveGeometry())
        settings.setValue(f"{_LAST}/state", self._window.saveState(_VERSION))

    def recall(self) -> bool:
        """Back to how the window was left; False when that is not known."""
        settings = QSettings()
        geometry = settings.value(f"{_LAST}/geometry")
        if isinstance(geometry, QByteArray):
            self._window.restoreGeometry(geometry)
        return self._restore(settings.value(f"{_LAST}/state"))

    def reset(self) -> None:
        self._window.restoreState(self._usual, _VERSION)

    def usual_is_now(self) -> None:
        """What `reset` goes back to."""
        self._usual = self._window.saveState(_VERSION)

    def names(self) -> list[str]:
        settings = QSettings()
        settings.beginGroup(_NAMED)
        return sorted(settings.childKeys())

    def save(self, name: str) -> None:
        QSettings().setValue(f"{_NAMED}/{name.replace('/', '-')}", self._window.saveState(_VERSION))

    def show(self, name: str) -> bool:
        return self._restore(QSettings().value(f"{_NAMED}/{name}"))

    def _restore(self, state: object) -> bool:
        return isinstance(state, QByteArray) and self._window.restoreState(state, _VERSION)
