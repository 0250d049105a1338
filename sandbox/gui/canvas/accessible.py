"""Lets assistive technology into the canvas: to what lies over it as well.

Qt tells of a scroll area only what scrolls and its bars. The search for a service, the find bar and
the fields for labels and notes are children of the canvas itself, and would not be found.
"""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QWidget


@cache
def introduce(kind: type[QWidget]) -> None:
    """Have widgets of this kind told with all their children; once is for all of them."""

    def face(_key: str, thing: QObject) -> QAccessibleInterface | None:
        if not isinstance(thing, kind):
            return None
        # Qt owns it; Python's half must live as long as the widget.
        told = QAccessibleWidget(thing, QAccessible.Role.Client)
        thing.accessible = told  # type: ignore[attr-defined]
        return told

    QAccessible.installFactory(face)
