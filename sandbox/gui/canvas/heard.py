"""The canvas as assistive technology finds it: with what stands on it.

Of a scroll area Qt tells only the viewport and the bars. The search, the find bar, a name that is
written and the minimap are children of the canvas itself, and would not be found.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QAccessibleWidget, QWidget

_told: list[bool] = []


def tell_children(name: str) -> None:
    """From now on, widgets of the class of this name are told of with all their children."""
    if _told:
        return
    _told.append(True)

    def made(key: str, thing: Any) -> QAccessibleWidget | None:
        if key == name and isinstance(thing, QWidget):
            return QAccessibleWidget(thing, QAccessible.Role.Client)
        return None

    QAccessible.installFactory(made)
