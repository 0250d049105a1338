"""The canvas's commands as actions: for its context menu, the window's menus and shortcuts."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QCursor, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from sandbox.gui import selection
from sandbox.gui.canvas.geometry import snapped

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas

Keys = QKeySequence.StandardKey


class CanvasActions:
    """Actions whose shortcuts work where they are added: the canvas, and e.g. the outline."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        session = canvas.session
        make = self._make
        self.cut = make("Cu&t", lambda: selection.cut(session), Keys.Cut)
        self.copy = make("&Copy", lambda: selection.copy(session), Keys.Copy)
        self.paste = make("&Paste", self._paste, Keys.Paste)
        self.duplicate = make("D&uplicate", lambda: selection.duplicate(session), "Ctrl+D")
        self.delete = make("&Delete", lambda: selection.delete(session), Keys.Delete, "Backspace")
        self.rename = make("&Rename", lambda: canvas.rename(), "F2")
        self.select_all = make("Select &all", session.select_all, Keys.SelectAll)
        self.zoom_in = make(
            "Zoom &in", lambda: canvas.set_zoom(canvas.zoom * 1.25), Keys.ZoomIn, "Ctrl+="
        )
        self.zoom_out = make("Zoom &out", lambda: canvas.set_zoom(canvas.zoom / 1.25), Keys.ZoomOut)
        self.actual_size = make("100 &%", lambda: canvas.set_zoom(1.0), "Ctrl+0")
        self.fit = make("&Fit", canvas.fit, "Ctrl+1")
        self.edit_actions = (
            self.cut,
            self.copy,
            self.paste,
            self.duplicate,
            self.delete,
            self.rename,
            self.select_all,
        )
        self.view_actions = (self.zoom_in, self.zoom_out, self.actual_size, self.fit)
        self.add_to(canvas)
        session.selection_changed.connect(self._refresh)
        self._refresh()

    def add_to(self, widget: QWidget) -> None:
        """Let the shortcuts work in this widget too."""
        widget.addActions([*self.edit_actions, *self.view_actions])

    def fill(self, menu: QMenu) -> None:
        """Put the commands into a menu."""
        menu.addActions([self.cut, self.copy, self.paste, self.duplicate])
        menu.addSeparator()
        menu.addActions([self.rename, self.delete])
        menu.addSeparator()
        menu.addActions([self.select_all, self.fit, self.actual_size])

    def _make(
        self, text: str, run: Callable[[], object], *shortcuts: QKeySequence.StandardKey | str
    ) -> QAction:
        action = QAction(text, self._canvas)
        keys: list[QKeySequence] = []
        for shortcut in shortcuts:
            if isinstance(shortcut, str):
                keys.append(QKeySequence(shortcut))
            else:
                keys += QKeySequence.keyBindings(shortcut)
        # The same key twice would be ambiguous, and then do nothing.
        action.setShortcuts(list({key.toString(): key for key in keys}.values()))
        # A key typed into a field beside the canvas belongs to that field.
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _checked=False: run())
        return action

    def _refresh(self) -> None:
        session = self._canvas.session
        nodes = bool(session.selected_nodes)
        for action in (self.cut, self.copy, self.duplicate, self.rename):
            action.setEnabled(nodes)
        self.delete.setEnabled(nodes or bool(session.selected_links))

    def _paste(self) -> None:
        """At the pointer when it is over the canvas, else at the middle of the view."""
        canvas = self._canvas
        at: QPoint = canvas.viewport().mapFromGlobal(QCursor.pos())
        if not canvas.viewport().rect().contains(at):
            at = canvas.viewport().rect().center()
        place = canvas.mapToScene(at)
        selection.paste(canvas.session, (snapped(place.x()), snapped(place.y())))
