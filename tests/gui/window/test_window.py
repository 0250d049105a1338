"""The whole window: what a person finds by name, by menu and by key."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QColor, QKeySequence
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget

from sandbox.document.edits import delete, set_params
from sandbox.engine.run import EventRecord
from sandbox.gui.moments import Happened

MAIN = [
    "Palette",
    "Canvas",
    "Outline",
    "Inspector",
    "Plots",
    "Events",
    "Problems",
    "Play",
    "Step",
    "Speed",
    "Load",
]


def by_name(bench, name):
    return [w for w in bench.window.findChildren(QWidget) if w.accessibleName() == name]


def action(bench, text):
    for menu in bench.window.menuBar().actions():
        for entry in menu.menu().actions():
            if entry.text().replace("&", "").split("\t")[0] == text:
                return entry
    raise AssertionError(f"no menu entry {text}")


@pytest.mark.parametrize("name", MAIN)
def test_the_main_parts_are_found_by_name(bench, name):
    assert len(by_name(bench, name)) == 1


def test_every_control_of_the_window_has_a_name(bench):
    nameless = [
        w for w in bench.window.findChildren(QWidget)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus and not w.accessibleName()
        and w.window() is bench.window and w.parent() is not None
        and type(w).__name__ not in ("QTabBar", "QTableCornerButton", "QMenuBar")
        and not w.objectName().startswith("qt_")
        and not isinstance(w.parent(), QAbstractScrollArea)  # what is inside has its name
    ]  # fmt: skip
    assert {f"{type(w).__name__} in {type(w.parent()).__name__}" for w in nameless} == set()


def test_space_plays_and_pauses_from_the_window_and_from_the_canvas(bench, qtbot):
    bench.window.activateWindow()
    qtbot.keyClick(bench.window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bench.runner.moment.playing)
    bench.canvas.setFocus()
    qtbot.keyClick(bench.canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not bench.runner.moment.playing)


def test_space_held_to_pan_does_not_play(bench, qtbot):
    bench.canvas.setFocus()
    qtbot.keyPress(bench.canvas, Qt.Key.Key_Space)
    qtbot.mousePress(bench.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(30, 30))
    qtbot.mouseRelease(bench.canvas.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(60, 30))
    qtbot.keyRelease(bench.canvas, Qt.Key.Key_Space)
    assert not bench.runner.playing


def test_the_play_button_follows_the_run(bench, qtbot):
    (play,) = by_name(bench, "Play")
    qtbot.mouseClick(play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bench.runner.moment.playing and play.isChecked())
    qtbot.mouseClick(play, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not bench.runner.moment.playing and not play.isChecked())


def test_undo_says_what_it_takes_back(bench):
    bench.session.do(set_params, {"shop": {"servers": 9}})
    entry = next(
        a for a in bench.window.menuBar().actions()[1].menu().actions() if "Undo" in a.text()
    )
    assert entry.text().replace("&", "") == "Undo Set servers of Shop"
    entry.trigger()
    assert bench.session.document.nodes["shop"].params["servers"] == 20


@pytest.mark.parametrize(
    ("text", "key"),
    [("New", "Ctrl+N"), ("Open…", "Ctrl+O"), ("Save", "Ctrl+S"), ("Save as…", "Ctrl+Shift+S"),
     ("Undo", "Ctrl+Z"), ("Redo", "Ctrl+Shift+Z"), ("Cut", "Ctrl+X"), ("Copy", "Ctrl+C"),
     ("Paste", "Ctrl+V"), ("Duplicate", "Ctrl+D"), ("Select all", "Ctrl+A"), ("Delete", "Del"),
     ("Fit", "F"), ("100 %", "Ctrl+0"), ("Zoom in", "Ctrl++"), ("Zoom out", "Ctrl+-")],
)  # fmt: skip
def test_commands_have_the_keys_people_expect(bench, text, key):
    entry = action(bench, text)
    assert QKeySequence(key) in entry.shortcuts()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_reaches_every_part(bench, theme):
    bench.choose_theme(theme)
    window = QApplication.palette().window().color()
    assert window.name() == bench.theme.window
    assert bench.theme.name == theme
    assert bench.canvas.diagram.theme is bench.theme


def test_the_ground_of_a_plot_is_that_of_the_theme_at_once(bench, qtbot):
    bench.docks["Plots"].raise_()
    for theme in ("dark", "light"):
        bench.choose_theme(theme)
        qtbot.wait(20)
        view = next(iter(bench.plots.plots.values()))._view
        seen = view.grab().toImage()
        ground = seen.pixelColor(seen.width() - 3, 2)
        assert abs(ground.lightness() - QColor(bench.theme.window).lightness()) < 30


def test_the_window_fits_on_a_small_screen_without_docks_that_overlap(bench, qtbot):
    """1600 × 900 at 150 % are 1066 × 600."""
    bench.window.resize(1066, 600)
    qtbot.wait(20)
    assert bench.window.width() <= 1066
    plots, inspector = bench.docks["Plots"].geometry(), bench.docks["Inspector"].geometry()
    assert plots.right() < inspector.left()


def test_docks_come_back_where_they_were_left(bench):
    bench.docks["Events"].hide()
    bench.layouts.save("without events")
    bench.docks["Events"].show()
    bench.layouts.show("without events")
    assert bench.docks["Events"].isHidden()
    bench.layouts.reset()
    assert not bench.docks["Events"].isHidden()
    assert "without events" in bench.layouts.names()


def test_the_era_is_an_edit_of_the_document(bench, qtbot):
    bench.transport.era_wanted.emit("2020")
    assert bench.session.document.scenario.era == "2020"
    assert bench.session.dirty
    bench.session.undo_stack.undo()
    assert bench.session.document.scenario.era == "current"
    assert bench.transport.era.currentIndex() == 0


def test_problems_follow_the_document_and_choosing_one_selects_its_node(bench, qtbot):
    bench.session.do(delete, ["clients"])
    qtbot.waitUntil(lambda: any(p.node == "shop" for p in bench.problems.found))
    row = next(i for i, p in enumerate(bench.problems.found) if p.node == "shop")
    bench.problems.table.itemClicked.emit(bench.problems.table.item(row, 1))
    assert bench.session.selected_nodes == {"shop"}
    bench.session.undo_stack.undo()
    qtbot.waitUntil(lambda: not any(p.node == "shop" for p in bench.problems.found))


def event(text, t_s=60.0, node="shop", severity="info"):
    return EventRecord(t_s, node, "test", text, severity)


def test_events_are_listed_searched_and_lead_to_their_node(bench):
    bench.events.show_events(Happened((event("launched two"), event("cooldown blocks", 90.0))))
    bench.events.search.setText("cooldown")
    shown = bench.events.table.model()
    assert shown.rowCount() == 1
    assert shown.index(0, 0).data() == "Mon 5 Jan 08:01:30"
    assert shown.index(0, 1).data() == "Shop"
    bench.events.table.clicked.emit(shown.index(0, 2))
    assert bench.session.selected_nodes == {"shop"}


def test_a_reset_empties_the_events(bench):
    bench.events.show_events(Happened((event("one"),)))
    bench.events.show_events(Happened((), afresh=True))
    assert bench.events.events == []


def test_too_many_events_drop_the_oldest(bench):
    for start in range(0, 30_000, 5_000):
        bench.events.show_events(
            Happened(tuple(event(f"no {i}") for i in range(start, start + 5_000)))
        )
    assert len(bench.events.events) <= 20_000
    assert bench.events.events[-1].text == "no 29999"


def test_an_overload_is_told_as_an_event_and_in_the_inspector(bench, qtbot):
    bench.session.do(set_params, {"shop": {"queue_limit": 50}})
    bench.session.select(["shop"])
    bench.runner.set_load(5.0)
    bench.runner.step(60)
    qtbot.waitUntil(lambda: any("ejected" in e.text for e in bench.events.events))
    qtbot.waitUntil(lambda: bench.runner.moment.frame.nodes["shop"].loss is not None)
    assert bench.runner.moment.frame.nodes["shop"].health == "critical"
    qtbot.waitUntil(lambda: "lost" in bench.inspector.page._why._loss.text())


def test_a_message_goes_by_itself_and_an_error_stays(bench, qtbot):
    bench.messages._leave.setInterval(20)
    bench.messages.say("saved")
    assert bench.messages.text == "Saved"
    qtbot.waitUntil(lambda: bench.messages.text == "")
    bench.messages.say("it broke", "error")
    qtbot.wait(60)
    assert bench.messages.text == "It broke"


def test_an_error_and_an_offer_come_back_when_a_remark_has_gone(bench, qtbot):
    messages, taken = bench.messages, []
    messages.say("it broke", "error")
    messages.say("preparing")
    assert messages.text == "Preparing"
    messages.say("")
    assert messages.text == "It broke"

    messages.offer("mend it?", "Mend", lambda: taken.append(1))
    messages._leave.setInterval(20)
    messages.say("preparing")
    assert messages._button.isHidden()
    qtbot.waitUntil(lambda: messages.text == "Mend it?")
    messages._button.click()
    assert taken == [1]
    assert messages.text == ""


def test_no_key_means_two_things(bench):
    taken = {}
    for entry in bench.window.findChildren(QAction):
        for key in entry.shortcuts():
            taken.setdefault(key.toString(), []).append(entry.text())
    assert {key: texts for key, texts in taken.items() if len(texts) > 1} == {}


def test_values_that_arrive_between_a_deletion_and_its_picture_do_no_harm(bench, qtbot):
    bench.runner.step(5)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 5)
    QApplication.processEvents()
    frame = bench.runner.moment.frame
    bench.session.do(delete, ["clients"])
    bench.canvas.show_frame(frame)
    assert bench.canvas.diagram.edges.frame_of(("clients", "shop", "out>in")).flow_per_s > 0


@pytest.mark.parametrize("width", [900, 1080, 1280, 1600])
def test_nothing_in_the_transport_overlaps_however_narrow_the_window_is(bench, qtbot, width):
    bench.window.resize(width, 700)
    qtbot.waitUntil(lambda: bench.transport.width() <= width)
    QApplication.processEvents()
    load = bench.transport.load
    parts = [
        *(bench.transport.play, bench.transport.speed, bench.transport.real, bench.transport.clock),
        *(load.slider, load.times, load.rate, load.unit),
        *(part for part in (bench.transport.era, bench.transport.region) if part.isVisible()),
    ]
    edges = [
        (p.mapTo(bench.window, QPoint()).x(), p.mapTo(bench.window, QPoint(p.width(), 0)).x())
        for p in parts
    ]
    assert all(right <= left for (_, right), (left, _) in pairwise(edges))
    assert edges[-1][1] <= width


def test_help_shows_the_fidelity_page_that_came_with_the_program(bench, monkeypatch):
    from sandbox.gui import menus

    shown = []
    monkeypatch.setattr(menus.QDesktopServices, "openUrl", lambda url: shown.append(url) or True)
    action(bench, "Fidelity").trigger()
    (url,) = shown
    with open(url.toLocalFile(), encoding="utf-8") as page:
        assert "<h1>Fidelity</h1>" in page.read()
