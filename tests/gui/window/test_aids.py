"""What helps people find their way: start page, tour, guide, command palette, settings, keys."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDropEvent, QKeySequence
from PySide6.QtWidgets import QApplication

from sandbox.document.edits import set_params
from sandbox.document.file import save
from sandbox.experiments import units
from sandbox.gui.finder import score
from sandbox.gui.preferences import Preferences, recall
from sandbox.gui.shortcuts import Shortcuts


@pytest.fixture(autouse=True)
def _as_at_first():
    yield
    for group in ("shortcuts", "preferences", "view"):
        QSettings().remove(group)
    units.set_style(units.Style())


# --- start page ----------------------------------------------------------------------------------


def test_the_start_page_shows_each_example_as_it_is_drawn(bench, qtbot):
    page = bench.aids.start
    page.pop_up()
    assert page.isVisible()
    assert len(page.choices) == len(bench.files.examples()) > 3
    qtbot.waitUntil(lambda: all(not choice.icon().isNull() for choice in page.choices))
    picture = page.choices[0].icon().pixmap(194, 104).toImage()
    colours = {picture.pixel(x, y) for x in range(0, 194, 3) for y in range(0, 104, 3)}
    assert len(colours) > 5
    assert "A zone fails" in [choice.name for choice in page.choices]
    qtbot.waitUntil(lambda: not page._draw.isActive())


def test_an_example_opens_from_the_start_page_and_the_page_goes(bench, qtbot):
    page = bench.aids.start
    page.pop_up()
    page.choices[0].click()
    assert page.isHidden()
    assert bench.session.path is None
    assert len(bench.session.document.nodes) >= 2


def test_recent_files_stand_on_the_start_page(bench, tmp_path):
    bench.files.ask_path = lambda saving: str(tmp_path / "kept.json")
    bench.files.save()
    bench.aids.show_start()
    assert bench.aids.start.recents[0].text() == "kept"


def test_escape_and_a_click_beside_it_leave_the_start_page(bench, qtbot):
    page = bench.aids.start
    page.pop_up()
    qtbot.keyClick(page, Qt.Key.Key_Escape)
    assert page.isHidden()
    page.pop_up()
    qtbot.mouseClick(page, Qt.MouseButton.LeftButton, pos=QPoint(6, page.height() // 2))
    assert page.isHidden()


def test_whether_the_start_page_is_shown_is_settled_on_it(bench):
    bench.aids.start.always.setChecked(False)
    assert not recall().start_page
    bench.aids.start.always.setChecked(True)
    assert recall().start_page


# --- tour ----------------------------------------------------------------------------------------


def test_enter_goes_on_though_a_part_that_is_shown_took_the_focus(bench, qtbot):
    tour = bench.aids.tour
    bench.aids.show_tour()
    bench.canvas.setFocus()
    qtbot.keyClick(bench.canvas, Qt.Key.Key_Return)
    assert tour.step == 1
    qtbot.mouseClick(bench.transport.speed, Qt.MouseButton.MiddleButton)
    qtbot.keyClick(bench.canvas, Qt.Key.Key_Return)
    assert tour.step == 1, "who uses a part means that part"
    tour.end()


def test_each_step_of_the_tour_points_at_a_part_that_is_seen(bench, qtbot):
    tour = bench.aids.tour
    bench.aids.show_tour()
    seen = []
    while tour.isVisible():
        target = tour._steps[tour.step].target()
        qtbot.waitUntil(target.isVisible)
        tour.point()
        assert not tour._hole.isEmpty()
        assert tour.rect().contains(tour.bubble.geometry())
        assert not tour.mask().contains(tour._hole.center()) or tour.bubble.geometry().contains(
            tour._hole.center()
        )
        seen.append(tour.title.text())
        qtbot.keyClick(tour.next, Qt.Key.Key_Return)
    assert len(seen) == len(set(seen)) >= 8


def test_escape_ends_the_tour_wherever_the_focus_is(bench, qtbot):
    bench.aids.show_tour()
    bench.transport.load.slider.setFocus()
    qtbot.keyClick(bench.transport.load.slider, Qt.Key.Key_Escape)
    assert bench.aids.tour.isHidden()
    assert not bench.aids.tour._again.isActive()


def test_the_tour_goes_back_and_ends_at_its_last_step(bench, qtbot):
    tour = bench.aids.tour
    bench.aids.show_tour()
    qtbot.keyClick(tour.next, Qt.Key.Key_Right)
    qtbot.keyClick(tour.next, Qt.Key.Key_Left)
    assert tour.step == 0
    tour.go(len(tour._steps) - 1)
    assert tour.next.text() == "Finish"
    tour.next.click()
    assert tour.isHidden()


def test_the_tour_opens_the_example_when_something_else_is_open(bench):
    bench.aids.show_tour()
    services = {node.service for node in bench.session.document.nodes.values()}
    assert "auto_scaling_group" in services


# --- command palette -----------------------------------------------------------------------------


def test_all_commands_services_and_nodes_are_in_the_palette(bench, qtbot):
    finder = bench.aids.finder
    bench.aids.show_commands()
    names = finder.shown()
    for name in ("Save as", "Place SQS queue", "Go to Shop", "Tidy the layout", "Usual layout"):
        assert name in names
    qtbot.keyClicks(finder.field, "plsqs")
    assert finder.shown()[0] == "Place SQS queue"
    qtbot.keyClick(finder.field, Qt.Key.Key_Return)
    assert finder.isHidden()
    assert "sqs" in bench.session.document.nodes


def test_the_palette_says_each_commands_key_and_is_left_by_escape(bench, qtbot):
    finder = bench.aids.finder
    bench.aids.show_commands()
    entries = {entry.name: entry for entry in finder._entries}
    assert entries["Save"].key == "Ctrl+S"
    assert entries["Play or pause"].key == "Space"
    assert not entries["Undo"].enabled
    qtbot.keyClicks(finder.field, "zzzz")
    assert finder.shown() == []
    assert "zzzz" in finder._none.text()
    qtbot.keyClick(finder.field, Qt.Key.Key_Escape)
    assert finder.isHidden()


@pytest.mark.parametrize(
    ("typed", "better", "worse"),
    [("sav", "Save", "Save as"), ("theme d", "Theme Dark", "Theme Light"), ("undo", "Undo", "Run")],
)
def test_what_fits_better_stands_first(typed, better, worse):
    first, second = score(typed, better), score(typed, worse)
    assert first is not None
    assert second is None or first > second


@pytest.mark.parametrize(("typed", "named"), [("copy as", "Copy"), ("undo history", "History")])
def test_a_command_is_found_by_what_it_does(bench, qtbot, typed, named):
    finder = bench.aids.finder
    finder.pop_up()
    qtbot.keyClicks(finder.field, typed)
    assert finder.shown()[0] == named


def test_names_stand_before_what_is_only_told_of(bench, qtbot):
    bench.session.do(set_params, {"shop": {"servers": 30}})
    finder = bench.aids.finder
    finder.pop_up()
    qtbot.keyClicks(finder.field, "undo")
    names = finder.shown()
    assert names[0].startswith("Undo")
    assert names.index("History") > 0


@pytest.mark.parametrize("shown", [True, False])
def test_a_panel_that_is_looked_for_comes_to_the_front(bench, qtbot, shown):
    history = bench.docks["History"]
    history.setVisible(shown)
    assert history.visibleRegion().isEmpty()
    bench.aids.finder.pop_up()
    qtbot.keyClicks(bench.aids.finder.field, "undo history")
    qtbot.keyClick(bench.aids.finder.field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: not history.visibleRegion().isEmpty())


def test_the_window_fits_half_of_a_small_screen(bench):
    """A screen of 1600 by 900, at 200 %."""
    least = bench.window.minimumSizeHint().expandedTo(bench.window.minimumSize())
    assert least.width() <= 800
    assert least.height() <= 450


# --- guide ---------------------------------------------------------------------------------------


def test_f1_opens_the_page_of_the_selected_service(bench, qtbot):
    bench.session.select(["shop"])
    bench.aids.show_guide()
    qtbot.waitUntil(bench.aids.guide.isVisible)
    text = bench.aids.guide.text.toPlainText()
    assert text.splitlines()[1] == "External service"
    assert "What people get wrong" in text
    bench.session.select(["clients"])
    assert "People and programs that send load" in bench.aids.guide.text.toPlainText()
    bench.session.select()
    bench.aids.show_guide()
    assert "SQS queue" in bench.aids.guide.text.toPlainText()


def test_every_service_has_a_page_with_its_parameters_sources_and_mistakes(bench, services):
    from sandbox.gui import guide_page

    for service in services.values():
        page = guide_page.page(service, bench.theme)
        for info in service.parameters():
            if info.source and info.source != "assumption":
                assert guide_page.escape(info.source) in page
        for cause in service.causes:
            assert guide_page.escape(cause.text) in page
        assert "What people get wrong" in page or not service.notes
        for note in service.notes:
            assert note.source == "assumption" or len(note.source) > 10
            assert note.text.endswith(".")


# --- settings ------------------------------------------------------------------------------------


def test_settings_take_effect_at_once_and_are_kept(bench, qtbot):
    bench.aids.show_settings()
    page = bench.aids.settings
    page.theme.setCurrentIndex(page.theme.findData("dark"))
    assert bench.theme.name == "dark"
    page.motion.setChecked(True)
    page.currency.setCurrentIndex(page.currency.findData("USD 1,234.50"))
    assert units.money(1234.5) == "USD 1,234"
    page.sizes.setCurrentIndex(page.sizes.findData("binary"))
    assert units.quantity(2048.0, "B") == "2 KiB"
    page.clock.setCurrentIndex(page.clock.findData("12 h"))
    assert bench.transport.clock.text().endswith("am")
    page.speed.setCurrentIndex(page.speed.findData(300.0))
    qtbot.waitUntil(lambda: bench.transport.speed.currentText() == "300×")
    kept = recall()
    assert (kept.theme, kept.reduced_motion, kept.speed) == ("dark", True, 300.0)
    page._reset()
    assert recall() == Preferences()
    qtbot.waitUntil(lambda: bench.transport.speed.currentText() == "60×")
    page.close()
    qtbot.waitUntil(lambda: bench.aids.settings is None)


def test_the_size_of_the_text_follows_the_settings_and_comes_back(bench):
    before = QApplication.font().pointSizeF()
    bench.prefer(replace(bench.preferences, font_points=15.0))
    assert QApplication.font().pointSizeF() == 15.0
    bench.prefer(replace(bench.preferences, font_points=0.0))
    assert QApplication.font().pointSizeF() == before


def test_settings_that_make_no_sense_are_as_at_first(bench):
    for name, value in (("currency", "shells"), ("font_points", 400), ("speed", -1), ("sizes", "")):
        QSettings().setValue(f"preferences/{name}", value)
    assert recall() == Preferences()


# --- keys ----------------------------------------------------------------------------------------


def test_a_key_that_is_taken_is_said_and_taken_from_its_command(bench, qtbot):
    commands = bench.aids.commands
    page = Shortcuts(commands)
    qtbot.addWidget(page)
    page.choose("Edit/Tidy the layout")
    page.edit.setKeySequence(QKeySequence("Ctrl+S"))
    assert "“Save” (menu File) already" in page.told.text()
    assert page.give.text() == "Take these keys from it"
    page.give.click()
    by_id = {command.id: command for command in commands.fixed()}
    assert [k.toString() for k in commands.keys(by_id["Edit/Tidy the layout"])] == ["Ctrl+S"]
    assert commands.keys(by_id["File/Save"]) == []
    page.usual.click()
    page.choose("File/Save")
    page.usual.click()
    assert [k.toString() for k in commands.keys(by_id["File/Save"])] == ["Ctrl+S"]
    assert QSettings().value("shortcuts/File-Save") is None


def test_keys_of_ones_own_come_back_with_the_next_window(bench):
    from sandbox.gui.commands import Commands

    commands = bench.aids.commands
    tidy = next(c for c in commands.fixed() if c.name == "Tidy the layout")
    commands.give(tidy, [QKeySequence("Ctrl+Alt+T")])
    tidy.action.setShortcuts([QKeySequence("Ctrl+L")])
    Commands(bench.window.menuBar())
    assert tidy.action.shortcuts() == [QKeySequence("Ctrl+Alt+T")]
    commands.reset_all()
    assert tidy.action.shortcuts() == [QKeySequence("Ctrl+L")]


def test_space_and_escape_cannot_be_given(bench, qtbot):
    page = Shortcuts(bench.aids.commands)
    qtbot.addWidget(page)
    page.edit.setKeySequence(QKeySequence("Space"))
    assert "meaning of its own" in page.told.text()
    assert not page.give.isEnabled()


# --- dropping, copying, mending ------------------------------------------------------------------


def test_a_diagram_let_go_beside_the_canvas_is_opened(bench, tmp_path, services):
    save(bench.session.document, tmp_path / "dropped.json", services)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "dropped.json"))])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    none = Qt.KeyboardModifier.NoModifier
    bench.window.dropEvent(QDropEvent(QPointF(5, 5), copy, mime, left, none))
    assert bench.session.path == tmp_path / "dropped.json"


def test_what_is_copied_is_a_diagram_a_text_and_a_picture(bench, qapp):
    bench.session.select_all()
    bench.canvas.commands.copy.trigger()
    mime = qapp.clipboard().mimeData()
    assert mime.hasFormat("application/x-architecture-sandbox-diagram+json")
    assert '"shop"' in mime.text()
    picture = qapp.clipboard().image()
    assert picture.width() > picture.height() > 100
    bench.files.new()
    bench.canvas.commands.paste.trigger()
    assert set(bench.session.document.nodes) == {"clients", "shop"}


def test_one_click_mends_a_problem_and_undo_brings_it_back(bench, qtbot):
    from sandbox.document.edits import set_params

    bench.session.do(set_params, {"shop": {"servers": -3}})
    bench.problems.look()
    row = next(i for i, p in enumerate(bench.problems.found) if p.parameter == "servers")
    button = bench.problems.table.cellWidget(row, 3)
    assert button.text() == "Make it 1"
    button.click()
    assert bench.session.document.nodes["shop"].params.get("servers", 1) == 1
    assert not any(p.parameter == "servers" for p in bench.problems.found)
    bench.session.undo_group.undo()
    assert bench.session.document.nodes["shop"].params["servers"] == -3


def test_the_history_goes_back_to_any_step(bench, qtbot):
    from sandbox.document.edits import set_params

    for servers in (21, 22, 23):
        bench.session.do(set_params, {"shop": {"servers": servers}})
    view = bench.history.view
    assert view.model().rowCount() == 4
    view.setCurrentIndex(view.model().index(1, 0))
    assert bench.session.document.nodes["shop"].params["servers"] == 21
