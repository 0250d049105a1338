"""Lets assistive technology into the canvas: to what lies over it as well.

Qt tells of a scroll area only what scrolls and its bars. The search for a service, the find bar and
the fields for labels and notes are children of the canvas itself, and would not be found.
"""

from __future__ import annotations

from functools import cache

import shiboken6
from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget

# Qt deletes these: with their widgets, and the last of them with the application. Until then
# Python's halves must live, for the last reference to one would delete it too, and Qt once more.
_told: list[QAccessibleWidget] = []


@cache
def introduce(kind: type[QWidget]) -> None:
    """Have widgets of this kind told with all their children; once is for all of them."""

    def face(_key: str, thing: QObject) -> QAccessibleInterface | None:
        if not isinstance(thing, kind):
            return None
        told = QAccessibleWidget(thing, QAccessible.Role.Client)
        _told[:] = [earlier for earlier in _told if shiboken6.isValid(earlier)]
        _told.append(told)
        return told

    QAccessible.installFactory(face)
