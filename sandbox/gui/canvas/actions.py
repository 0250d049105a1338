"""The canvas's commands as actions: for its context menu, the window's menus and shortcuts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QCursor, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from sandbox.document import arrange, reach
from sandbox.document.groups import KINDS
from sandbox.gui import arranging, selection
from sandbox.gui.canvas.geometry import snapped

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas

Keys = QKeySequence.StandardKey
_SIDES: tuple[tuple[arrange.Line, str, str], ...] = (
    ("left", "&Left edges", "Ctrl+Shift+Left"),
    ("centre", "&Centres", "Ctrl+Alt+C"),
    ("right", "&Right edges", "Ctrl+Shift+Right"),
    ("top", "&Top edges", "Ctrl+Shift+Up"),
    ("middle", "&Middles", "Ctrl+Alt+M"),
    ("bottom", "&Bottom edges", "Ctrl+Shift+Down"),
)
_WAYS: tuple[tuple[arrange.Axis, str, str], ...] = (
    ("horizontal", "Distribute &across", "Ctrl+Alt+H"),
    ("vertical", "Distribute &downward", "Ctrl+Alt+V"),
)
_GROUP_KEYS = {"availability_zone": "Ctrl+G", "vpc": "Ctrl+Alt+G"}


class CanvasActions:
    """Actions whose shortcuts work where they are added: the canvas, and e.g. the outline."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        session = canvas.session
        make = self._make
        self.add = make(
            "&Add a service…\tA", "Search for a service and place it at the pointer",
            canvas.quick_add, "Ins",
        )  # fmt: skip
        self.add_after = make(
            "Add a&fter…\tShift+A", "Place what may follow the focused node, connected to it",
            canvas.continue_from, "Ctrl+Shift+A",
        )  # fmt: skip
        self.note = make("Add a &note\tN", "Write a note on the canvas", canvas.add_note)
        self.cut = make("Cu&t", "Copy and delete", partial(selection.cut, session), Keys.Cut)
        self.copy = make("&Copy", "Copy as text that any window of the sandbox and any editor "
                         "takes", partial(selection.copy, session), Keys.Copy)  # fmt: skip
        self.paste = make("&Paste", "At the pointer, or in the middle", self._paste, Keys.Paste)
        self.duplicate = make(
            "D&uplicate", "Once more, beside it", partial(selection.duplicate, session), "Ctrl+D"
        )
        self.delete = make(
            "&Delete", "With its links and faults", partial(selection.delete, session),
            Keys.Delete, "Backspace",
        )  # fmt: skip
        self.rename = make("&Rename", "Where it stands", lambda: canvas.rename(), "F2")
        self.select_all = make("Select &all", "Everything", session.select_all, Keys.SelectAll)
        self.upstream = make(
            "Select &upstream", "All that leads to the selected nodes",
            partial(self._reach, reach.upstream), "Ctrl+U",
        )  # fmt: skip
        self.downstream = make(
            "Select do&wnstream", "All that the selected nodes lead to",
            partial(self._reach, reach.downstream), "Ctrl+Shift+U",
        )  # fmt: skip
        self.connected = make(
            "Select co&nnected", "All that links join to the selected nodes",
            partial(self._reach, reach.connected), "Ctrl+Alt+U",
        )  # fmt: skip
        self.find = make("&Find…", "A node, a group or a note, by its name, id, service, "
                         "parameters or words", canvas.search, Keys.Find)  # fmt: skip
        self.tidy = make(
            "&Tidy the layout", "Of the selected nodes, or of all: left to right as load flows, "
            "keeping the order that you gave", partial(arranging.tidy, session), "Ctrl+L",
        )  # fmt: skip
        self.group_as = [
            make(title, f"A {title.lower()} round the selection; it can be named at once",
                 partial(self._group, kind), *filter(None, [_GROUP_KEYS.get(kind)]))
            for kind, title in KINDS.items()
        ]  # fmt: skip
        self.ungroup = make(
            "U&ngroup", "Take the group away; what is in it stays",
            partial(arranging.ungroup, session), "Ctrl+Shift+G",
        )  # fmt: skip
        self.fold_selected = make(
            "Co&llapse or expand", "One card for the whole group, or all that is in it", self.fold,
            "Ctrl+E",
        )  # fmt: skip
        self.align = [
            make(text, f"Put the {line}s of the selection in line" if line in ("centre", "middle")
                 else f"Put the {line} edges of the selection in line",
                 partial(arranging.align, session, canvas.diagram.rect_of, line), key)
            for line, text, key in _SIDES
        ]  # fmt: skip
        self.distribute = [
            make(text, "Even gaps between the selected", partial(
                arranging.distribute, session, canvas.diagram.rect_of, axis), key)
            for axis, text, key in _WAYS
        ]  # fmt: skip
        zoom = canvas.set_zoom
        self.zoom_in = make("Zoom &in", "", lambda: zoom(canvas.zoom * 1.25), Keys.ZoomIn, "Ctrl+=")
        self.zoom_out = make("Zoom &out", "", lambda: zoom(canvas.zoom / 1.25), Keys.ZoomOut)
        self.actual_size = make("100 &%", "As large as drawn", lambda: zoom(1.0), "Ctrl+0")
        self.fit = make("&Fit", "Show the whole diagram", canvas.fit, "Ctrl+1")
        self.fit_selected = make(
            "Fit &selection", "Show the selection as large as it fits", canvas.fit_selection,
            "Ctrl+2",
        )  # fmt: skip
        self.minimap = make("&Minimap", "The whole diagram, small, in a corner while not all of "
                            "it can be seen", canvas.toggle_minimap, "Ctrl+M")  # fmt: skip
        self.minimap.setCheckable(True)
        self.edit_actions = (
            self.cut, self.copy, self.paste, self.duplicate, self.delete, self.rename,
            self.select_all, self.upstream, self.downstream, self.connected, self.tidy,
            self.add, self.add_after, self.note, self.ungroup, self.fold_selected,
            *self.group_as, *self.align, *self.distribute,
        )  # fmt: skip
        self.view_actions = (
            self.zoom_in, self.zoom_out, self.actual_size, self.fit, self.fit_selected,
            self.minimap,
        )  # fmt: skip
        self.add_to(canvas)
        # Finding and adding are wanted wherever the keyboard is.
        for action in (self.find, self.add):
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        canvas.addAction(self.find)
        session.selection_changed.connect(self._refresh)
        self._refresh()

    def add_to(self, widget: QWidget) -> None:
        """Let the shortcuts work in this widget too."""
        widget.addActions([*self.edit_actions, *self.view_actions])

    def fill(self, menu: QMenu, at: QPointF | None = None) -> None:
        """Put the commands into a context menu, for a point of the scene."""
        session, canvas = self._canvas.session, self._canvas
        groups = session.document.groups
        if session.selected_nodes or session.selected_areas or session.selected_links:
            menu.addActions([self.cut, self.copy, self.paste, self.duplicate])
            menu.addSeparator()
            menu.addActions([self.rename, self.delete])
            if session.selected_nodes:
                menu.addAction(self.add_after)
                fill_submenu(menu, "&Select", [self.upstream, self.downstream, self.connected])
            menu.addSeparator()
            if any(action.isEnabled() for action in self.group_as):
                fill_submenu(menu, "&Group as", self.group_as)
            if session.selected_areas & groups.keys():
                menu.addActions([self.ungroup, self.fold_selected])
            if self.align[0].isEnabled():
                fill_submenu(menu, "Al&ign", [*self.align, *self.distribute])
                menu.addAction(self.tidy)
            return
        if at is not None:
            here = canvas.mapFromScene(at)
            menu.addAction("&Add a service here…", lambda: canvas.quick_add(here))
            menu.addAction("Add a &note here", lambda: canvas.add_note(at))
            menu.addSeparator()
        menu.addActions([self.paste, self.select_all, self.find])
        menu.addSeparator()
        menu.addActions([self.tidy, self.fit, self.actual_size])

    def fold(self, id: str | None = None) -> None:
        """Collapse or open a group; the selected or focused ones by default."""
        arranging.fold(self._canvas.session, [id] if id else self._groups())

    def _groups(self) -> list[str]:
        groups, areas = self._canvas.session.document.groups, self._canvas.session.selected_areas
        chosen = [id for id in groups if id in areas]
        focused = self._canvas.focused
        return chosen or [id for id in groups if id == focused]

    def _group(self, kind: str) -> None:
        made = arranging.group(self._canvas.session, kind)
        if made is not None:
            self._canvas.focus_node(made)
            self._canvas.rename(made)

    def _reach(self, to: Callable[..., Iterable[str]]) -> None:
        session = self._canvas.session
        session.select(to(session.document, session.selected_nodes))

    def _make(
        self,
        text: str,
        tip: str,
        run: Callable[[], object],
        *shortcuts: QKeySequence.StandardKey | str,
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
        if tip:
            action.setToolTip(tip)
            action.setStatusTip(tip)
        action.triggered.connect(lambda _checked=False: run())
        return action

    def _refresh(self) -> None:
        session = self._canvas.session
        nodes, areas = session.selected_nodes, session.selected_areas
        groups = areas & session.document.groups.keys()
        some = bool(nodes or areas)
        for action in (self.cut, self.copy, self.duplicate, self.rename, self.fit_selected):
            action.setEnabled(some)
        for action in (self.upstream, self.downstream, self.connected, self.add_after):
            action.setEnabled(bool(nodes))
        for action in self.group_as:
            action.setEnabled(bool(nodes or groups))
        for action in (*self.align, *self.distribute):
            action.setEnabled(len(nodes) + len(areas) > 1)
        self.ungroup.setEnabled(bool(groups))
        self.fold_selected.setEnabled(bool(groups))
        self.delete.setEnabled(some or bool(session.selected_links))

    def _paste(self) -> None:
        """At the pointer when it is over the canvas, else at the middle of the view."""
        canvas = self._canvas
        at: QPoint = canvas.viewport().mapFromGlobal(QCursor.pos())
        if not canvas.viewport().rect().contains(at):
            at = canvas.viewport().rect().center()
        place = canvas.mapToScene(at)
        selection.paste(canvas.session, (snapped(place.x()), snapped(place.y())))


def fill_submenu(menu: QMenu, title: str, actions: Iterable[QAction]) -> QMenu:
    """A submenu of these actions."""
    sub = menu.addMenu(title)
    sub.setToolTipsVisible(True)
    sub.addActions(list(actions))
    return sub
