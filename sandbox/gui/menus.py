"""The menu bar: every command once, with the shortcut people expect."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QAction, QActionGroup, QDesktopServices, QKeySequence
from PySide6.QtWidgets import QInputDialog, QMenu, QMessageBox

import sandbox
from sandbox.assets import asset
from sandbox.gui.canvas.actions import fill_submenu
from sandbox.gui.commands import CHANGING
from sandbox.language import tr

if TYPE_CHECKING:
    from sandbox.gui.window import Workbench

Keys = QKeySequence.StandardKey
_PUBLIC = "https://docs.aws.amazon.com/"


def fill(bench: Workbench) -> None:
    """Build the menus of a furnished window."""
    bar = bench.window.menuBar()
    _file(bench, bar.addMenu(tr("&File")))
    _edit(bench, bar.addMenu(tr("&Edit")))
    _view(bench, bar.addMenu(tr("&View")))
    _run(bench, bar.addMenu(tr("&Run")))
    _help(bench, bar.addMenu(tr("&Help")))


def _add(
    menu: QMenu,
    text: str,
    do: Callable[[], object],
    *keys: QKeySequence.StandardKey | str,
    tip: str = "",
) -> QAction:
    action = menu.addAction(text)
    if tip:
        action.setToolTip(tip)
        action.setStatusTip(tip)
    action.triggered.connect(lambda _checked=False: do())
    if keys:
        # A key that a platform has already would be ambiguous the second time, and do nothing.
        wanted = {QKeySequence(key).toString(): QKeySequence(key) for key in keys}
        action.setShortcuts(list(wanted.values()))
    return action


def _file(bench: Workbench, menu: QMenu) -> None:
    files = bench.files

    def new() -> None:
        files.new()
        bench.canvas.setFocus(Qt.FocusReason.OtherFocusReason)  # where what comes next is done

    _add(menu, tr("&New"), new, Keys.New, tip=tr("An empty diagram in a tab of its own"))
    _add(
        menu,
        tr("&Open…"),
        files.open,
        Keys.Open,
        tip=tr("A diagram from a file, in a tab of its own"),
    )
    tip = tr("A diagram of a SAM or CloudFormation template, or of a Step Functions definition")
    _add(menu, tr("&Import…"), files.importer.ask, tip=tip)
    _export(bench, menu.addMenu(tr("E&xport")))
    recent = menu.addMenu(tr("Open &recent"))
    examples = menu.addMenu(tr("Open &example"))

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

        versions.clear()
        for version in files.versions():
            when = f"{version.replaced.astimezone():%a %d %b, %H:%M:%S}"
            _add(versions, when, partial(files.open, version.path, example=True))
        versions.setEnabled(not versions.isEmpty())

    versions = QMenu(tr("Earlier &versions"), menu)
    versions.setToolTip(tr("What the file was before it was saved, up to twenty times"))
    for changing in (recent, examples, versions):
        changing.setProperty(CHANGING, True)
        changing.setToolTipsVisible(True)
    menu.setToolTipsVisible(True)
    menu.aboutToShow.connect(refill)
    refill()
    menu.addSeparator()
    _add(
        menu,
        tr("&Save"),
        files.save,
        Keys.Save,
        tip=tr("Whole or not at all; what was there is kept"),
    )
    _add(menu, tr("Save &as…"), files.save_as, "Ctrl+Shift+S", tip=tr("Under another name"))
    menu.addMenu(versions)
    menu.addSeparator()
    log = tr("What was done to the run by hand, for “sandbox run --replay”")
    _add(menu, tr("Save &control log…"), bench.save_log, tip=log)
    menu.addSeparator()
    _add(menu, tr("&Close"), files.close_sheet, "Ctrl+W", tip=tr("This diagram only"))
    _add(menu, tr("Ne&xt diagram"), lambda: bench.tabs.step(1), "Ctrl+Tab", "Ctrl+PgDown")
    _add(menu, tr("Pre&vious diagram"), lambda: bench.tabs.step(-1), "Ctrl+Shift+Tab", "Ctrl+PgUp")
    menu.addSeparator()
    _add(menu, tr("&Quit"), bench.window.close, Keys.Quit, "Ctrl+Q")


def _export(bench: Workbench, menu: QMenu) -> None:
    """Each format there is; filled when it opens, since most starts of the window need none."""
    exporter = bench.exporter

    def refill() -> None:
        menu.clear()
        for format in exporter.formats():
            tip = tr("A file that ends in {suffix}", suffix=format.suffix)
            _add(menu, f"{format.title}…", partial(exporter.ask, format.id), tip=tip)
        menu.addSeparator()
        dark = _add(menu, tr("Pictures in the theme of the &window"), lambda: None,
                    tip=tr("Otherwise they are light, as paper is"))  # fmt: skip
        dark.setCheckable(True)
        dark.setChecked(exporter.as_window)
        dark.toggled.connect(exporter.draw_as_window)

    menu.setProperty(CHANGING, True)
    menu.setToolTipsVisible(True)
    menu.aboutToShow.connect(refill)


def _edit(bench: Workbench, menu: QMenu) -> None:
    stack, commands = bench.session.undo_group, bench.canvas.commands
    undo, redo = (
        stack.createUndoAction(menu, tr("&Undo")),
        stack.createRedoAction(menu, tr("&Redo")),
    )
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
    menu.addAction(commands.select_all)
    linked = [commands.upstream, commands.downstream, commands.connected]
    fill_submenu(menu, tr("Select &linked"), linked)
    menu.addSeparator()
    groups = fill_submenu(menu, tr("&Group"), commands.group_as)
    groups.addSeparator()
    groups.addActions([commands.ungroup, commands.fold_selected])
    arrange = fill_submenu(menu, tr("&Arrange"), commands.align)
    arrange.addSeparator()
    arrange.addActions(commands.distribute)
    menu.addAction(commands.tidy)
    menu.addSeparator()
    find = tr("Every command, service and node by name")
    _add(
        menu, tr("&Command palette…"), lambda: bench.aids.show_commands(), "Ctrl+Shift+P", tip=find
    )
    settings = _add(menu, tr("&Settings…"), lambda: bench.aids.show_settings(), "Ctrl+,")
    settings.setMenuRole(QAction.MenuRole.PreferencesRole)
    bench.window.addActions([undo, redo])


def _view(bench: Workbench, menu: QMenu) -> None:
    commands = bench.canvas.commands
    commands.fit.setShortcuts([QKeySequence("F"), QKeySequence("Ctrl+1")])
    menu.addActions(list(commands.view_actions))
    menu.addSeparator()
    beside = tr("The template that the diagram came from, beside the CloudFormation made of it")
    template = tr("Te&mplate and CloudFormation…")
    _add(menu, template, bench.files.importer.templates.show, tip=beside)
    themes = menu.addMenu(tr("&Theme"))
    group = QActionGroup(themes)
    shades = {}
    for name, text in (("system", tr("System")), ("light", tr("Light")), ("dark", tr("Dark"))):
        action = _add(themes, text, partial(bench.choose_theme, name))
        action.setCheckable(True)
        group.addAction(action)
        shades[name] = action
    still = menu.addAction(tr("&Reduced motion"))
    still.setCheckable(True)
    still.setToolTip(tr("No moving dots on the links"))
    still.triggered.connect(bench.reduce_motion)

    def follow() -> None:
        shades[bench.preferences.theme].setChecked(True)
        still.setChecked(bench.preferences.reduced_motion)

    bench.preferred.connect(follow)
    follow()
    menu.addSeparator()
    for dock in bench.docks.values():
        menu.addAction(dock.toggleViewAction())
    layout = menu.addMenu(tr("&Layout"))

    def refill() -> None:
        layout.clear()
        _add(layout, tr("&Usual layout"), bench.layouts.reset)
        _add(layout, tr("&Save layout as…"), lambda: _name_layout(bench))
        layout.addSeparator()
        for name in bench.layouts.names():
            _add(layout, name, partial(bench.layouts.show, name))

    layout.setProperty(CHANGING, True)
    layout.aboutToShow.connect(refill)
    refill()


def _run(bench: Workbench, menu: QMenu) -> None:
    transport = bench.transport
    # Space is no shortcut: it would be taken from fields and buttons. See Shell and SpaceTap.
    _add(menu, tr("&Play or pause\tSpace"), bench.toggle)
    _add(menu, tr("&Step one tick"), transport.step.click, ".")
    _add(menu, tr("Run &to a time…"), bench.travel.run_to, "Ctrl+J",
         tip=tr("As fast as it goes to a time, and pause there"))  # fmt: skip
    _add(menu, tr("&Reset to the start"), transport.reset.click, "Ctrl+R")
    menu.addSeparator()
    back = _add(menu, tr("Back to &now"), bench.runner.present, "Ctrl+End",
                tip=tr("Show the present moment again"))  # fmt: skip
    on = _add(menu, tr("&Continue from here"), bench.travel.go_on, "Ctrl+Return",
              tip=tr("Let the run go on from the moment that is shown"))  # fmt: skip
    for action in (back, on):
        action.setEnabled(False)
        bench.travel.changed.connect(action.setEnabled)
    _add(menu, tr("&Bookmark this moment"), bench.travel.bookmark, "B",
         tip=tr("Mark the moment that is shown, or take its mark away"))  # fmt: skip
    _add(menu, tr("Previous bookmark"), partial(bench.travel.next_bookmark, -1), "Ctrl+[")
    _add(menu, tr("Next bookmark"), partial(bench.travel.next_bookmark, +1), "Ctrl+]")
    menu.addSeparator()
    _add(menu, tr("F&orecast on or off"), bench.plots.bar.switch_forecast, "Ctrl+F8",
         tip=tr("Continue the plots by what the run will do under present settings"))  # fmt: skip
    menu.addSeparator()
    sample = tr(
        "One event through the diagram: filters, rules, choices, and the payload as it travels"
    )
    through = tr("Step a sample e&vent through…")
    _add(menu, through, bench.step_sample, "Ctrl+Shift+E", tip=sample)
    menu.addSeparator()
    _add(menu, tr("&Faster"), lambda: bench.change_speed(+1), "]")
    _add(menu, tr("S&lower"), lambda: bench.change_speed(-1), "[")


def _help(bench: Workbench, menu: QMenu) -> None:
    page = tr("What the selected service is, its rules, and what people get wrong")
    _add(menu, tr("&Guide"), lambda: bench.aids.show_guide(), Keys.HelpContents, tip=page)
    _add(
        menu,
        tr("&Start page"),
        lambda: bench.aids.show_start(),
        tip=tr("Examples and recent files"),
    )
    _add(
        menu,
        tr("Take the &tour"),
        lambda: bench.aids.show_tour(),
        tip=tr("Two minutes, on the example"),
    )
    _add(menu, tr("&Keyboard shortcuts…"), lambda: bench.aids.show_settings(1))
    menu.addSeparator()
    fidelity = tr("How near the figures come to theory and to exact simulation")
    _add(menu, tr("&Fidelity"), _show_fidelity, tip=fidelity)
    _add(menu, tr("AWS &documentation"), lambda: QDesktopServices.openUrl(QUrl(_PUBLIC)))
    _add(menu, tr("&About"), lambda: _about(bench))


def _show_fidelity() -> None:
    page = asset("fidelity/fidelity.html")
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(page)))


def _name_layout(bench: Workbench) -> None:
    name, given = QInputDialog.getText(bench.window, tr("Save layout"), tr("Name of the layout:"))
    if given and name.strip():
        bench.layouts.save(name.strip())
        bench.messages.say(tr("Saved the layout “{name}”", name=name.strip()))


def _about(bench: Workbench) -> None:
    version = getattr(sandbox, "__version__", "")
    QMessageBox.about(
        bench.window,
        tr("About Architecture Sandbox"),
        tr(
            "<b>Architecture Sandbox</b> {version}<p>A simulator of cloud "
            "architectures: draw it, load it, watch it scale.</p><p>Amazon Web "
            "Services and its service names belong to Amazon; this project is not "
            "connected with Amazon.</p>",
            version=version,
        ),
    )
