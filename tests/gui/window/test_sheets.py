"""Several diagrams are open at once: each with its edits, its run and its journal."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QMessageBox

from sandbox.document import Document
from sandbox.document.edits import become, relabel, set_params
from sandbox.document.file import load, save
from sandbox.document.journal import Journal, left_over

Answer = QMessageBox.StandardButton


@pytest.fixture
def two(bench, qtbot):
    """The shop with an edit, and beside it an empty diagram, which is shown."""
    bench.session.do(set_params, {"shop": {"servers": 33}})
    bench.files.new()
    return bench


def test_each_document_keeps_its_edits_and_its_undo(two):
    shop, empty = two.session.sheets
    assert two.session.sheet is empty
    assert [two.tabs.tabText(row) for row in (0, 1)] == ["Shop •", "Untitled"]
    assert not two.session.undo_stack.canUndo()
    two.tabs.setCurrentIndex(0)
    assert two.session.sheet is shop
    assert two.session.document.nodes["shop"].params["servers"] == 33
    two.session.undo_group.undo()
    assert two.session.document.nodes["shop"].params["servers"] == 20
    assert not shop.dirty
    assert two.tabs.tabText(0) == "Shop"


def test_the_row_of_tabs_is_seen_only_when_there_are_several(bench):
    assert not bench.tabs.isVisible()
    bench.session.do(relabel, "shop", "Store")
    bench.files.new()
    assert bench.tabs.isVisible()
    bench.files.close_sheet()
    assert not bench.tabs.isVisible()


def test_an_untouched_diagram_makes_room_for_the_next(bench):
    bench.files.new()
    bench.files.new()
    assert len(bench.session.sheets) == 1


def test_a_run_goes_on_where_it_was_left(bench, qtbot):
    bench.session.do(set_params, {"shop": {"servers": 33}})
    bench.runner.step(300)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 300)
    bench.files.new()
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 0 and bench.runner.moment.ready)
    bench.session.show(bench.session.sheets[0])
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 300)
    assert "shop" in bench.runner.moment.frame.nodes


def test_an_edit_made_just_before_turning_away_reaches_its_own_run(bench, qtbot):
    bench.runner.step(10)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 10)
    bench.session.do(set_params, {"shop": {"servers": 5}})
    bench.files.new()
    bench.session.show(bench.session.sheets[0])
    bench.runner.step(30)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 40)
    assert bench.runner.moment.frame.nodes["shop"].utilization > 0.9  # 10 of 5 are wanted


def test_the_same_file_is_not_opened_twice(bench, tmp_path, services):
    path = tmp_path / "shop.json"
    save(bench.session.document, path, services)
    bench.session.do(relabel, "shop", "Store")
    assert bench.files.open(path)
    sheet = bench.session.sheet
    bench.tabs.setCurrentIndex(0)
    assert bench.files.open(path)
    assert bench.session.sheet is sheet
    assert len(bench.session.sheets) == 2


def test_closing_a_tab_asks_for_its_own_changes_only(two):
    asked = []
    two.files.ask_save = lambda: asked.append(two.session.document.name) or Answer.Cancel
    assert two.files.close_sheet()
    assert asked == []
    assert not two.files.close_sheet()
    assert asked == ["Shop"]
    assert len(two.session.sheets) == 1


def test_leaving_the_program_asks_for_each_changed_diagram(two):
    two.session.open(Document(name="Third", catalogue=two.session.catalogue), beside=True)
    two.session.do(become, Document(name="Changed"))
    asked = []
    two.files.ask_save = lambda: asked.append(two.session.document.name) or Answer.Discard
    assert two.files.may_go()
    assert asked == ["Shop", "Changed"]


def test_several_crashed_diagrams_come_back_each_in_its_tab(bench, tmp_path, services):
    for name in ("One", "Two"):
        doc = Document(name=name, catalogue=services)
        crashed = Journal(tmp_path / "journals", doc)
        doc.apply(become(doc, bench.session.document.copy()))
        doc.apply(become(doc, Document(name=name)))
        crashed._stream.close()
    assert len(left_over(tmp_path / "journals")) == 2
    assert bench.files.offer_recovery()
    assert "4 unsaved edits of" in bench.messages.text
    assert "and 1 other can be restored" in bench.messages.text
    bench.messages._go()
    restored = [sheet for sheet in bench.session.sheets if sheet.dirty]
    assert {sheet.name for sheet in restored} == {"One", "Two"}


def test_a_closed_diagram_leaves_no_journal(two, tmp_path):
    folder = tmp_path / "journals"
    assert len(list(folder.iterdir())) == 1
    two.tabs.setCurrentIndex(0)
    two.files.ask_save = lambda: Answer.Discard
    two.files.close_sheet()
    assert list(folder.iterdir()) == []


def test_another_programs_change_is_told_and_loaded_as_a_step_that_is_undone(
    bench, tmp_path, services, qtbot
):
    path = tmp_path / "shop.json"
    bench.files.ask_path = lambda saving: str(path)
    assert bench.files.save()
    other = load(path, services)
    other.apply(set_params(other, {"shop": {"servers": 77}}))
    save(other, path, services)
    qtbot.waitUntil(lambda: "changed shop.json" in bench.messages.text)
    bench.messages._go()
    assert bench.session.document.nodes["shop"].params["servers"] == 77
    assert not bench.session.dirty
    bench.session.undo_group.undo()
    assert bench.session.document.nodes["shop"].params["servers"] == 20
    assert bench.session.dirty


def test_ones_own_save_is_nobody_elses_change(bench, tmp_path, qtbot):
    bench.files.ask_path = lambda saving: str(tmp_path / "shop.json")
    for servers in (21, 22):
        bench.session.do(set_params, {"shop": {"servers": servers}})
        assert bench.files.save()
    qtbot.wait(100)
    bench.files.keeping.look()
    assert "changed" not in bench.messages.text


def test_a_file_that_vanished_is_told_and_can_be_saved_again(bench, tmp_path):
    path = tmp_path / "shop.json"
    bench.files.ask_path = lambda saving: str(path)
    bench.files.save()
    path.unlink()
    bench.files.keeping.look()
    assert "The file shop.json is gone" in bench.messages.text
    assert bench.session.dirty
    bench.messages._go()
    assert path.is_file()
    assert not bench.session.dirty


def test_what_a_file_was_before_a_save_can_be_opened_again(bench, tmp_path):
    bench.files.ask_path = lambda saving: str(tmp_path / "shop.json")
    bench.files.save()
    bench.session.do(set_params, {"shop": {"servers": 33}})
    bench.files.save()
    (version,) = bench.files.versions()
    bench.files.open(version.path, example=True)
    assert bench.session.document.nodes["shop"].params["servers"] == 20
    assert bench.session.path is None


def test_a_failed_save_says_that_the_work_is_kept_and_offers_another_place(
    bench, tmp_path, monkeypatch
):
    from sandbox.document.errors import FileError
    from sandbox.gui import files

    def full(*_):
        raise FileError("shop.json cannot be saved: the disk is full; free some space")

    bench.files.ask_path = lambda saving: str(tmp_path / "shop.json")
    with monkeypatch.context() as patch:
        patch.setattr(files, "save", full)
        assert not bench.files.save()
    assert "the disk is full" in bench.messages.text
    assert "Your edits are kept and survive a crash" in bench.messages.text
    bench.messages._go()
    assert (tmp_path / "shop.json").is_file()


def test_saved_is_right_through_undo_redo_and_steps_that_fold(bench, tmp_path):
    from sandbox.gui import selection

    bench.files.ask_path = lambda saving: str(tmp_path / "shop.json")
    session = bench.session
    session.select(["shop"])
    selection.nudge(session, 20, 0)
    bench.files.save()
    selection.nudge(session, 20, 0)  # folds with a step only as long as nothing was saved
    assert session.dirty
    session.undo_group.undo()
    assert not session.dirty
    session.undo_group.undo()
    assert session.dirty
    session.undo_group.redo()
    assert not session.dirty
    session.undo_group.undo()
    session.do(relabel, "shop", "Store")  # what was saved is out of reach for ever
    session.undo_group.undo()
    assert session.dirty
