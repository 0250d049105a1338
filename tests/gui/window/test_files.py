"""Nothing unsaved is lost without a question, and what goes wrong is said in the message bar."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMessageBox

from sandbox.document.edits import set_params
from sandbox.document.file import load, save
from sandbox.document.journal import Journal, left_over

Answer = QMessageBox.StandardButton


@pytest.fixture
def edited(bench):
    bench.session.do(set_params, {"shop": {"servers": 33}})
    return bench


def test_saving_writes_the_diagram_and_the_window_is_clean(edited, tmp_path, services):
    path = tmp_path / "shop.json"
    edited.files.ask_path = lambda saving: str(path)
    assert edited.window.isWindowModified()
    assert edited.files.save()
    assert load(path, services) == edited.session.document
    assert not edited.window.isWindowModified()
    assert edited.files.recent()[0] == path


def test_a_name_without_an_ending_becomes_json(edited, tmp_path):
    edited.files.ask_path = lambda saving: str(tmp_path / "shop")
    assert edited.files.save_as()
    assert (tmp_path / "shop.json").is_file()


def test_save_goes_to_the_same_file_again_and_undo_makes_it_dirty(edited, tmp_path):
    asked = []
    edited.files.ask_path = lambda saving: asked.append(saving) or str(tmp_path / "shop.json")
    edited.files.save()
    edited.files.save()
    assert asked == [True]
    edited.session.undo_stack.undo()
    assert edited.window.isWindowModified()


@pytest.mark.parametrize("answer", [Answer.Cancel, Answer.Discard, Answer.Save])
def test_leaving_unsaved_changes_asks_first(edited, tmp_path, answer, services):
    path = tmp_path / "kept.json"
    edited.files.ask_save = lambda: answer
    edited.files.ask_path = lambda saving: str(path)
    before = edited.session.document
    gone = edited.files.close_sheet()
    assert gone is (answer != Answer.Cancel)
    assert (edited.session.document is before) is (answer == Answer.Cancel)
    assert path.exists() is (answer == Answer.Save)


def test_a_window_with_unsaved_changes_stays_when_the_question_is_cancelled(edited):
    edited.files.ask_save = lambda: Answer.Cancel
    assert not edited.window.close()
    assert edited.runner.alive
    assert edited.window.isVisible()


def test_a_file_that_is_no_diagram_is_refused_and_the_open_one_stays(bench, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text('{"nodes": 3')
    before = bench.session.document
    assert not bench.files.open(bad)
    assert bench.session.document is before
    assert "Not opened: bad.json, line 1" in bench.messages.text


def test_a_folder_that_cannot_be_written_is_said(edited, tmp_path):
    edited.files.ask_path = lambda saving: str(tmp_path / "missing" / "deep" / "shop.json")
    assert not edited.files.save_as()
    assert "ot saved" in edited.messages.text
    assert edited.session.dirty


def test_opening_shows_the_file_and_starts_a_fresh_undo_list(edited, tmp_path, qtbot):
    path = tmp_path / "shop.json"
    edited.files.ask_path = lambda saving: str(path)
    edited.files.save()
    edited.files.close_sheet()
    assert len(edited.session.document.nodes) == 0
    assert edited.files.open(path)
    assert edited.session.document.nodes["shop"].params["servers"] == 33
    assert edited.session.undo_stack.count() == 0
    qtbot.waitUntil(lambda: "shop" in edited.runner.moment.frame.nodes, timeout=20_000)


def test_edits_survive_a_crash_and_are_offered_again(edited, tmp_path, services, monkeypatch):
    from sandbox.document import journal

    folder = tmp_path / "journals"
    monkeypatch.setattr(journal, "_locked", lambda path: False)  # as after kill -9
    assert [recovery.edits for recovery in left_over(folder)] == [1]
    edited.files.offer_recovery()
    assert "1 unsaved edit of Shop can be restored" in edited.messages.text
    edited.session.undo_stack.setClean()
    edited.messages._go()
    assert edited.session.document.nodes["shop"].params["servers"] == 33
    assert edited.session.dirty


def test_a_diagram_that_starts_at_no_time_opens_and_says_what_is_wrong(bench, qtbot):
    from sandbox.document.edits import set_scenario

    bench.session.do(set_scenario, start="tomorrow")
    bench.problems.look()
    assert any("'tomorrow', which is not a time" in p.text for p in bench.problems.found)
    qtbot.waitUntil(lambda: "which is not a time" in bench.messages.text)
    bench.session.undo_stack.undo()
    qtbot.waitUntil(lambda: bench.runner.moment.ready)


def test_a_file_that_another_window_saved_is_not_overwritten_unasked(edited, tmp_path, services):
    path = tmp_path / "shop.json"
    edited.files.ask_path = lambda saving: str(path)
    assert edited.files.save()
    other = load(path, services)
    other.apply(set_params(other, {"shop": {"servers": 77}}))
    save(other, path, services)
    edited.session.do(set_params, {"shop": {"servers": 44}})
    assert not edited.files.save()
    assert "changed shop.json since it was opened" in edited.messages.text
    assert load(path, services).nodes["shop"].params["servers"] == 77
    edited.messages._go()
    assert load(path, services).nodes["shop"].params["servers"] == 44
    edited.session.do(set_params, {"shop": {"servers": 45}})
    assert edited.files.save()


def test_edits_that_no_journal_can_keep_are_said_once(bench, qtbot, tmp_path):
    bench.files.keeping.journals = tmp_path / "a file"
    bench.files.keeping.journals.write_text("no folder")
    bench.session.open(bench.session.document.copy())
    bench.session.do(set_params, {"shop": {"servers": 33}})
    assert "crash recovery is off" in bench.messages.text
    bench.messages.clear()
    bench.session.do(set_params, {"shop": {"servers": 34}})
    assert bench.messages.text == ""


def test_what_was_restored_survives_a_second_crash(bench, diagram, tmp_path, services):
    journals = tmp_path / "journals"
    crashed = Journal(journals, diagram)
    diagram.apply(set_params(diagram, {"shop": {"servers": 33}}))
    crashed._stream.close()  # as the system does for a program that died
    bench.files.offer_recovery()
    bench.messages._go()
    assert bench.session.document.nodes["shop"].params["servers"] == 33
    # a crash now, before any edit: it is still there
    (left,) = left_over(journals)
    assert left.document(services).nodes["shop"].params["servers"] == 33
    bench.session.do(set_params, {"shop": {"servers": 34}})
    assert left_over(journals) == []  # this window's own journal keeps it all
