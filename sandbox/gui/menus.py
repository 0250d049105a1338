"""The menu bar: every command once, with the shortcut people expect."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QAction, QActionGroup, QDesktopServices, QKeySequence
from PySide6.QtWidgets import QInputDialog, QMenu, QMessageBox

import sandbox
from sandbox.assets import asset
from sandbox.gui.canvas.actions import fill_submenu

if TYPE_CHECKING:
    from sandbox.gui.window import Workbench

Keys = QKeySequence.StandardKey
_PUBLIC = "https://docs.aws.amazon.com/"


def fill(bench: Workbench) -> None:
    """Build the menus of a furnished window."""
    bar = bench.window.menuBar()
    _file(bench, bar.addMenu("&File"))
    _edit(bench, bar.addMenu("&Edit"))
    _view(bench, bar.addMenu("&View"))
    _run(bench, bar.addMenu("&Run"))
    _help(bench, bar.addMenu("&Help"))


def _add(
    menu: QMenu, text: str, do: Callable[[], object], *keys: QKeySequence.StandardKey | str
) -> QAction:
    action = menu.addAction(text)
    action.triggered.connect(lambda _checked=False: do())
    if keys:
        # A key that a platform has already would be ambiguous the second time, and do nothing.
        wanted = {QKeySequence(key).toString(): QKeySequence(key) for key in keys}
        action.setShortcuts(list(wanted.values()))
    return action


def _file(bench: Workbench, menu: QMenu) -> None:
    files = bench.files
    _add(menu, "&New", files.new, Keys.New)
    _add(menu, "&Open…", files.open, Keys.Open)
    recent = menu.addMenu("Open &recent")
    examples = menu.addMenu("Open &example")

    def refill() -> None:
        recent.clear()
        for path in files.recent():
            _add(recent, path.name, partial(files.open, path)).setToolTip(str(path))
        recent.setEnabled(not recent.isEmpty())
        examples.clear()
        for path in files.examples():
            title = path.stem.replace("-", " ").capitalize()
            _add(examples, title, partial(files.open, path, example=True))
        examples.setEnabled(not examples.isEmpty())

    recent.setToolTipsVisible(True)
    menu.aboutToShow.connect(refill)
    refill()
    menu.addSeparator()
    _add(menu, "&Save", files.save, Keys.Save)
    _add(menu, "Save &as…", files.save_as, "Ctrl+Shift+S")
    menu.addSeparator()
    _add(menu, "Save &control log…", bench.save_log)
    menu.addSeparator()
    _add(menu, "&Quit", bench.window.close, Keys.Quit, "Ctrl+Q")


def _edit(bench: Workbench, menu: QMenu) -> None:
    stack, commands = bench.session.undo_stack, bench.canvas.commands
    undo, redo = stack.createUndoAction(menu, "&Undo"), stack.createRedoAction(menu, "&Redo")
    undo.setShortcuts([QKeySequence(Keys.Undo)])
    redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
    menu.addActions([undo, redo])
    menu.addSeparator()
    menu.addActions([commands.cut, commands.copy, commands.paste, commands.duplicate])
    menu.addActions([commands.delete, commands.rename])
    menu.addSeparator()
    menu.addActions([commands.add, commands.add_after, commands.note])
    menu.addSeparator()
    menu.addAction(commands.find)
    chosen = [commands.upstream, commands.downstream, commands.connected]
    fill_submenu(menu, "&Select", [commands.select_all, *chosen])
    menu.addSeparator()
    groups = fill_submenu(menu, "&Group", commands.group_as)
    groups.addSeparator()
    groups.addActions([commands.ungroup, commands.fold_selected])
    arrange = fill_submenu(menu, "&Arrange", commands.align)
    arrange.addSeparator()
    arrange.addActions(commands.distribute)
    menu.addAction(commands.tidy)
    bench.window.addActions([undo, redo])


def _view(bench: Workbench, menu: QMenu) -> None:
    commands = bench.canvas.commands
    commands.fit.setShortcuts([QKeySequence("F"), QKeySequence("Ctrl+1")])
    menu.addActions(list(commands.view_actions))
    menu.addSeparator()
    themes = menu.addMenu("&Theme")
    group = QActionGroup(themes)
    for name in ("system", "light", "dark"):
        action = _add(themes, name.capitalize(), partial(bench.choose_theme, name))
        action.setCheckable(True)
        action.setChecked(bench.theme_choice == name)
        group.addAction(action)
    still = menu.addAction("&Reduced motion")
    still.setCheckable(True)
    still.setChecked(bench.reduced_motion)
    still.toggled.connect(bench.reduce_motion)
    menu.addSeparator()
    for dock in bench.docks.values():
        menu.addAction(dock.toggleViewAction())
    layout = menu.addMenu("&Layout")

    def refill() -> None:
        layout.clear()
        _add(layout, "&Usual layout", bench.layouts.reset)
        _add(layout, "&Save layout as…", lambda: _name_layout(bench))
        layout.addSeparator()
        for name in bench.layouts.names():
            _add(layout, name, partial(bench.layouts.show, name))

    layout.aboutToShow.connect(refill)
    refill()


def _run(bench: Workbench, menu: QMenu) -> None:
    transport = bench.transport
    # Space is no shortcut: it would be taken from fields and buttons. See Shell and SpaceTap.
    _add(menu, "&Play or pause\tSpace", bench.toggle)
    _add(menu, "&Step one tick", transport.step.click, ".")
    _add(menu, "&Reset to the start", transport.reset.click, "Ctrl+R")
    menu.addSeparator()
    _add(menu, "&Faster", lambda: bench.change_speed(+1), "]")
    _add(menu, "S&lower", lambda: bench.change_speed(-1), "[")


def _help(bench: Workbench, menu: QMenu) -> None:
    _add(menu, "&Fidelity", _show_fidelity)
    _add(menu, "AWS &documentation", lambda: QDesktopServices.openUrl(QUrl(_PUBLIC)))
    _add(menu, "&About", lambda: _about(bench))


def _show_fidelity() -> None:
    page = asset("fidelity/fidelity.html")
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))


def _name_layout(bench: Workbench) -> None:
    name, given = QInputDialog.getText(bench.window, "Save layout", "Name of the layout:")
    if given and name.strip():
        bench.layouts.save(name.strip())
        bench.messages.say(f"Saved the layout “{name.strip()}”")


def _about(bench: Workbench) -> None:
    version = getattr(sandbox, "__version__", "")
    QMessageBox.about(
        bench.window,
        "About Architecture Sandbox",
        f"<b>Architecture Sandbox</b> {version}<p>A simulator of cloud architectures: draw it, "
        "load it, watch it scale.</p><p>Amazon Web Services and its service names belong to "
        "Amazon; this project is not connected with Amazon.</p>",
    )
