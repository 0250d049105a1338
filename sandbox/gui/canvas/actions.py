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
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.gui.canvas.view import Canvas

Keys = QKeySequence.StandardKey
_SIDES: tuple[tuple[arrange.Line, str, str, str], ...] = (
    (
        "left",
        tr("&Left edges"),
        tr("Put the left edges of the selection in line"),
        "Ctrl+Shift+Left",
    ),
    ("centre", tr("&Centres"), tr("Put the centres of the selection in line"), "Ctrl+Alt+C"),
    (
        "right",
        tr("&Right edges"),
        tr("Put the right edges of the selection in line"),
        "Ctrl+Shift+Right",
    ),
    ("top", tr("&Top edges"), tr("Put the top edges of the selection in line"), "Ctrl+Shift+Up"),
    ("middle", tr("&Middles"), tr("Put the middles of the selection in line"), "Ctrl+Alt+M"),
    (
        "bottom",
        tr("&Bottom edges"),
        tr("Put the bottom edges of the selection in line"),
        "Ctrl+Shift+Down",
    ),
)
_WAYS: tuple[tuple[arrange.Axis, str, str], ...] = (
    ("horizontal", tr("Distribute &across"), "Ctrl+Alt+H"),
    ("vertical", tr("Distribute &downward"), "Ctrl+Alt+V"),
)
_GROUP_KEYS = {"availability_zone": "Ctrl+G", "vpc": "Ctrl+Alt+G"}


class CanvasActions:
    """Actions whose shortcuts work where they are added: the canvas, and e.g. the outline."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        session = canvas.session
        make = self._make
        self.add = make(
            tr("&Add a service…\tA"),
            tr("Search for a service and place it at the pointer"),
            canvas.quick_add,
            "Ins",
        )
        self.add_after = make(
            tr("Add a&fter…\tShift+A"),
            tr("Place what may follow the focused node, connected to it"),
            canvas.continue_from,
            "Ctrl+Shift+A",
        )
        self.note = make(tr("Add a &note\tN"), tr("Write a note on the canvas"), canvas.add_note)
        self.cut = make(
            tr("Cu&t"), tr("Copy and delete"), partial(selection.cut, session), Keys.Cut
        )
        self.copy = make(
            tr("&Copy"),
            tr("Copy as text that any window of the sandbox and any editor takes"),
            partial(selection.copy, session),
            Keys.Copy,
        )
        self.paste = make(
            tr("&Paste"), tr("At the pointer, or in the middle"), self._paste, Keys.Paste
        )
        self.duplicate = make(
            tr("D&uplicate"),
            tr("Once more, beside it"),
            partial(selection.duplicate, session),
            "Ctrl+D",
        )
        self.delete = make(
            tr("&Delete"),
            tr("With its links and faults"),
            partial(selection.delete, session),
            Keys.Delete,
            "Backspace",
        )
        self.rename = make(tr("&Rename"), tr("Where it stands"), lambda: canvas.rename(), "F2")
        self.select_all = make(
            tr("Select &all"), tr("Everything"), session.select_all, Keys.SelectAll
        )
        self.upstream = make(
            tr("Select &upstream"),
            tr("All that leads to the selected nodes"),
            partial(self._reach, reach.upstream),
            "Ctrl+U",
        )
        self.downstream = make(
            tr("Select do&wnstream"),
            tr("All that the selected nodes lead to"),
            partial(self._reach, reach.downstream),
            "Ctrl+Shift+U",
        )
        self.connected = make(
            tr("Select co&nnected"),
            tr("All that links join to the selected nodes"),
            partial(self._reach, reach.connected),
            "Ctrl+Alt+U",
        )
        self.find = make(
            tr("&Find…"),
            tr("A node, a group or a note, by its name, id, service, parameters or words"),
            canvas.search,
            Keys.Find,
        )
        self.tidy = make(
            tr("&Tidy the layout"),
            tr(
                "Of the selected nodes, or of all: left to right as load flows, "
                "keeping the order that you gave"
            ),
            partial(arranging.tidy, session),
            "Ctrl+L",
        )
        self.group_as = [
            make(
                title,
                tr("A {group} round the selection; it can be named at once", group=title.lower()),
                partial(self._group, kind),
                *filter(None, [_GROUP_KEYS.get(kind)]),
            )
            for kind, title in KINDS.items()
        ]
        self.ungroup = make(
            tr("U&ngroup"),
            tr("Take the group away; what is in it stays"),
            partial(arranging.ungroup, session),
            "Ctrl+Shift+G",
        )
        self.fold_selected = make(
            tr("Co&llapse or expand"),
            tr("One card for the whole group, or all that is in it"),
            self.fold,
            "Ctrl+E",
        )
        self.align = [
            make(text, tip, partial(arranging.align, session, canvas.diagram.rect_of, line), key)
            for line, text, tip, key in _SIDES
        ]
        self.distribute = [
            make(
                text,
                tr("Even gaps between the selected"),
                partial(arranging.distribute, session, canvas.diagram.rect_of, axis),
                key,
            )
            for axis, text, key in _WAYS
        ]
        zoom = canvas.set_zoom
        self.zoom_in = make(
            tr("Zoom &in"), "", lambda: zoom(canvas.zoom * 1.25), Keys.ZoomIn, "Ctrl+="
        )
        self.zoom_out = make(tr("Zoom &out"), "", lambda: zoom(canvas.zoom / 1.25), Keys.ZoomOut)
        self.actual_size = make("100 &%", tr("As large as drawn"), lambda: zoom(1.0), "Ctrl+0")
        self.fit = make(tr("&Fit"), tr("Show the whole diagram"), canvas.fit, "Ctrl+1")
        self.fit_selected = make(
            tr("Fit &selection"),
            tr("Show the selection as large as it fits"),
            canvas.fit_selection,
            "Ctrl+2",
        )
        self.minimap = make(
            tr("&Minimap"),
            tr("The whole diagram, small, in a corner while not all of it can be seen"),
            canvas.toggle_minimap,
            "Ctrl+M",
        )
        self.minimap.setCheckable(True)
        self.edit_actions = (
            self.cut,
            self.copy,
            self.paste,
            self.duplicate,
            self.delete,
            self.rename,
            self.select_all,
            self.upstream,
            self.downstream,
            self.connected,
            self.tidy,
            self.add,
            self.add_after,
            self.note,
            self.ungroup,
            self.fold_selected,
            *self.group_as,
            *self.align,
            *self.distribute,
        )
        self.view_actions = (
            self.zoom_in,
            self.zoom_out,
            self.actual_size,
            self.fit,
            self.fit_selected,
            self.minimap,
        )
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
                fill_submenu(menu, tr("&Select"), [self.upstream, self.downstream, self.connected])
            menu.addSeparator()
            if any(action.isEnabled() for action in self.group_as):
                fill_submenu(menu, tr("&Group as"), self.group_as)
            if session.selected_areas & groups.keys():
                menu.addActions([self.ungroup, self.fold_selected])
            if self.align[0].isEnabled():
                fill_submenu(menu, tr("Al&ign"), [*self.align, *self.distribute])
                menu.addAction(self.tidy)
            return
        if at is not None:
            here = canvas.mapFromScene(at)
            menu.addAction(tr("&Add a service here…"), lambda: canvas.quick_add(here))
            menu.addAction(tr("Add a &note here"), lambda: canvas.add_note(at))
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
