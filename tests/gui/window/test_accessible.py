"""Nothing that can be used is without a name, wherever assistive technology looks."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QDialog, QWidget

Role = QAccessible.Role
# Parts of a control that has a name, which no screen reader stops at by themselves.
_PARTS = {
    Role.Client, Role.Pane, Role.Grouping, Role.Window, Role.Splitter, Role.LayeredPane,
    Role.ScrollBar, Role.Separator, Role.Grip, Role.Indicator, Role.Border, Role.Whitespace,
    Role.TitleBar, Role.ToolBar, Role.MenuBar, Role.PopupMenu, Role.Cell, Role.Row,
    Role.ColumnHeader, Role.RowHeader, Role.StaticText, Role.WebDocument, Role.Paragraph,
    Role.NoRole, Role.UserRole,
}  # fmt: skip


def unlabelled(window: QWidget) -> Iterator[str]:
    """Controls that a person can see or reach and that have no name, by where they stand."""
    waiting = [(QAccessible.queryAccessibleInterface(window), "")]
    while waiting:
        thing, where = waiting.pop()
        if thing is None or not thing.isValid() or thing.state().invisible:
            continue
        name = thing.text(QAccessible.Text.Name)
        here = f"{where}/{name or thing.role().name}"
        if not name and thing.role() not in _PARTS:
            widget = thing.object()
            empty_cell = widget is None and thing.role() in (Role.TreeItem, Role.ListItem)
            if not empty_cell and not _is_internal(widget):
                yield f"{here} ({type(widget).__name__})"
        waiting += [(thing.child(row), here) for row in range(min(thing.childCount(), 200))]


def _is_internal(widget: object) -> bool:
    """Made by Qt itself inside a control that has a name."""
    name = getattr(widget, "objectName", lambda: "")()
    return name.startswith("qt_") or type(widget).__name__ in ("QTabBar", "QHeaderView", "QMenu")


@pytest.fixture
def heard(bench):
    """The window as a screen reader finds it."""
    QAccessible.setActive(True)
    yield bench
    QAccessible.setActive(False)


def test_no_control_of_any_dock_is_without_a_name(heard, qtbot):
    bench = heard
    found = set()
    for chosen in ([], ["shop"], ["clients"], ["clients", "shop"]):
        bench.session.select(chosen)
        for dock in bench.docks.values():
            dock.show()
            dock.raise_()
            QApplication.processEvents()
            found |= set(unlabelled(bench.window))
    bench.session.select(links=list(bench.session.document.links))
    QApplication.processEvents()
    found |= set(unlabelled(bench.window))
    assert found == set()


def test_no_control_of_what_lies_over_the_window_is_without_a_name(heard):
    bench = heard
    found = set()
    for show, leave in (
        (bench.aids.show_start, bench.aids.start.leave),
        (bench.aids.show_tour, bench.aids.tour.end),
        (bench.aids.show_commands, bench.aids.finder.pop_up),
    ):
        show()
        QApplication.processEvents()
        found |= set(unlabelled(bench.window))
        leave()
    bench.messages.offer("Something", "Do it", lambda: None)
    bench.files.new()
    found |= set(unlabelled(bench.window))
    assert found == set()


def test_no_control_of_a_dialog_is_without_a_name(heard, qtbot):
    bench = heard
    found = set()
    for page in (0, 1):
        bench.aids.show_settings(page)
        QApplication.processEvents()
        found |= set(unlabelled(bench.aids.settings))
    bench._inject("shop", "Shop", "error_rate", ("error_rate", "added_latency"))
    QApplication.processEvents()
    dialogs = [d for d in bench.window.findChildren(QDialog) if d.isVisible()]
    assert len(dialogs) == 2
    for dialog in dialogs:
        found |= set(unlabelled(dialog))
        dialog.close()
    assert found == set()


def test_every_command_of_the_menus_teaches_or_is_plain_by_its_name(bench):
    for command in bench.aids.commands.all():
        assert command.name
        assert command.action.text()


def test_what_has_no_name_is_found(heard, qtbot):
    from PySide6.QtWidgets import QPushButton

    nameless = QPushButton(heard.transport)
    nameless.show()
    assert any("QPushButton" in found for found in unlabelled(heard.window))
    nameless.hide()
    nameless.deleteLater()


def names(window: QWidget) -> set[str]:
    waiting, found = [QAccessible.queryAccessibleInterface(window)], set()
    while waiting:
        thing = waiting.pop()
        if thing is not None and thing.isValid() and not thing.state().invisible:
            found.add(thing.text(QAccessible.Text.Name))
            waiting += [thing.child(row) for row in range(thing.childCount())]
    return found


def test_what_stands_on_the_canvas_is_found_by_assistive_technology(heard):
    canvas = heard.canvas
    canvas.quick_add()
    assert {"Quick add", "Add a service", "Services found"} <= names(heard.window)
    canvas.cancel()
    assert "Quick add" not in names(heard.window)
    canvas.rename("shop")
    assert "Label" in names(heard.window)
