"""Any moment of the run can be looked at, and gone on from; the document follows."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt

from sandbox.document.edits import delete, set_params
from sandbox.document.file import dump
from sandbox.gui.times import read_time


def go(bench, qtbot, ticks):
    before = bench.runner.moment.tick
    bench.runner.step(ticks)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == before + ticks)


def look_at(bench, qtbot, t_s):
    bench.runner.scrub(t_s)
    qtbot.waitUntil(lambda: bench.runner.moment.t_s == t_s and bench.session.looking_back)


def load_of(bench):
    return bench.runner.moment.frame.links["clients", "shop", "out>in"].flow_per_s


@pytest.fixture
def after_a_change(bench, qtbot):
    """1,000 s at 100/s, then 1,000 s at 300/s with a larger shop."""
    go(bench, qtbot, 1000)
    bench.runner.set_load(3.0)
    bench.session.do(set_params, {"shop": {"servers": 60}})
    go(bench, qtbot, 1000)
    return bench


def test_a_moment_before_a_change_is_shown_with_its_load_and_its_document(after_a_change, qtbot):
    bench = after_a_change
    saved = dump(bench.session.present, bench.session.catalogue)
    look_at(bench, qtbot, 600.0)
    assert load_of(bench) == 100.0
    assert bench.session.document.nodes["shop"].params["servers"] == 20
    assert bench.session.present.nodes["shop"].params["servers"] == 60
    assert "600" not in bench.transport.since.text()
    assert bench.transport.since.text() == "23 min 20 s ago"
    bench.runner.present()
    qtbot.waitUntil(lambda: not bench.session.looking_back)
    assert bench.session.document.nodes["shop"].params["servers"] == 60
    assert load_of(bench) == 300.0
    assert dump(bench.session.present, bench.session.catalogue) == saved


def test_what_the_inspector_shows_is_of_the_moment_that_is_shown(after_a_change, qtbot):
    bench = after_a_change
    bench.session.select(["shop"])
    look_at(bench, qtbot, 600.0)
    qtbot.waitUntil(lambda: "shop" in bench.runner.moment.metrics)
    assert bench.runner.moment.metrics["shop"]["arrivals"] == 100.0
    assert bench.inspector.page._form.row("servers").field.line.text() == "20"


def test_an_edit_of_the_past_makes_another_future_and_can_be_undone(after_a_change, qtbot):
    bench = after_a_change
    look_at(bench, qtbot, 600.0)
    bench.session.do(set_params, {"shop": {"servers": 5}})
    assert not bench.session.looking_back
    qtbot.waitUntil(lambda: bench.runner.moment.end_s == 600.0)
    assert load_of(bench) == 100.0
    go(bench, qtbot, 100)
    assert bench.runner.moment.t_s == 700.0
    assert bench.runner.moment.frame.nodes["shop"].utilization == 1.0
    stack = bench.session.undo_stack
    assert stack.text(stack.index() - 2).startswith("Go back to ")
    stack.undo()
    stack.undo()
    assert bench.session.document.nodes["shop"].params["servers"] == 60


def test_the_load_moved_in_the_past_makes_another_future(after_a_change, qtbot):
    bench = after_a_change
    look_at(bench, qtbot, 600.0)
    bench.runner.set_load(0.5)
    qtbot.waitUntil(lambda: not bench.session.looking_back)
    assert bench.session.document.nodes["shop"].params["servers"] == 20
    go(bench, qtbot, 1)
    assert bench.runner.moment.t_s == 601.0
    assert load_of(bench) == 50.0


def test_continuing_from_a_moment_forgets_what_came_after_it(after_a_change, qtbot):
    bench = after_a_change
    look_at(bench, qtbot, 300.0)
    assert bench.transport.go_on.isEnabled()
    bench.transport.go_on.click()
    qtbot.waitUntil(lambda: bench.runner.moment.end_s == 300.0)
    assert not bench.session.looking_back
    assert not bench.transport.go_on.isEnabled()
    go(bench, qtbot, 50)
    assert load_of(bench) == 100.0


def test_undoing_while_the_past_is_shown_comes_back_to_the_present(after_a_change, qtbot):
    bench = after_a_change
    look_at(bench, qtbot, 600.0)
    bench.session.undo_stack.undo()
    assert not bench.session.looking_back
    qtbot.waitUntil(lambda: bench.runner.moment.t_s == 2000.0)
    assert bench.session.document.nodes["shop"].params["servers"] == 20
    assert load_of(bench) == 300.0


def test_a_node_that_was_deleted_is_there_again_in_the_past(bench, qtbot):
    go(bench, qtbot, 500)
    bench.session.push(delete(bench.session.document, ["shop"]))
    go(bench, qtbot, 500)
    look_at(bench, qtbot, 400.0)
    assert "shop" in bench.session.document.nodes
    assert bench.runner.moment.frame.nodes["shop"].utilization == pytest.approx(0.5, abs=0.05)
    bench.session.select(["shop"])
    bench.runner.present()
    qtbot.waitUntil(lambda: not bench.session.looking_back)
    assert "shop" not in bench.session.selected_nodes


def test_saving_while_looking_back_saves_the_present(after_a_change, qtbot, tmp_path):
    bench = after_a_change
    path = tmp_path / "shop.json"
    look_at(bench, qtbot, 600.0)
    assert bench.files._save(path)
    assert '"servers": 60' in path.read_text()
    assert bench.session.looking_back


def test_the_pointer_on_the_timeline_looks_back_and_home_and_end_work(bench, qtbot):
    go(bench, qtbot, 7200)
    line = bench.transport.timeline
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=QPoint(line.width() // 2, 10))
    qtbot.waitUntil(lambda: bench.session.looking_back)
    assert bench.runner.moment.t_s == pytest.approx(3600, abs=20)
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: bench.runner.moment.t_s == 0.0)
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not bench.session.looking_back)
    assert bench.runner.moment.t_s == 7200.0


def test_running_to_a_time_pauses_exactly_there(bench, qtbot):
    bench.runner.run_to(3333.0)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 3333 and not bench.runner.playing)
    bench.runner.run_to(1000.0)
    qtbot.waitUntil(lambda: bench.runner.moment.t_s == 1000.0)
    assert bench.session.looking_back


def test_playing_while_looking_back_goes_on_in_the_present(bench, qtbot):
    go(bench, qtbot, 500)
    look_at(bench, qtbot, 100.0)
    bench.runner.set_speed(60.0)
    bench.runner.play()
    qtbot.waitUntil(lambda: bench.runner.moment.t_s > 500.0)
    bench.runner.pause()
    assert not bench.session.looking_back


def test_bookmarks_are_kept_with_the_diagram_and_found_again(bench, qtbot):
    go(bench, qtbot, 100)
    bench.travel.bookmark()
    go(bench, qtbot, 100)
    look_at(bench, qtbot, 50.0)
    bench.travel.bookmark()
    assert bench.session.looking_back
    assert [mark.t_s for mark in bench.travel.bookmarks] == [50.0, 100.0]
    bench.travel.next_bookmark(+1)
    qtbot.waitUntil(lambda: bench.runner.moment.t_s == 100.0)
    bench.travel.bookmark()
    assert [mark.t_s for mark in bench.travel.bookmarks] == [50.0]
    assert b'"bookmarks": [{' in dump(bench.session.present, bench.session.catalogue)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("02:30:00", 9000.0),
        ("90 min", 5400.0),
        ("1 d 4 h", 100_800.0),
        ("1 d 04:00:00", 100_800.0),
        ("2,5 h", 9000.0),
        ("120", 120.0),
        ("09:30", 5400.0),
        ("07:00", 82_800.0),
        ("Tue 14:00", 108_000.0),
    ],
)
def test_a_time_is_read_as_people_write_it(text, seconds):
    assert read_time(text, "2026-01-05T08:00:00Z") == seconds


@pytest.mark.parametrize("text", ["", "soon", "25:00", "-5", "1 x"])
def test_what_is_no_time_is_not_taken_for_one(text):
    assert read_time(text, "2026-01-05T08:00:00Z") is None
