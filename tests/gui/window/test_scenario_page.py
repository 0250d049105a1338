"""What the page of the diagram shows: its notes whole, and only fields that do something."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from sandbox.document import RequestClass
from sandbox.document.edits import set_attribute
from sandbox.gui.inspector.classes import classes_of, items_of
from sandbox.gui.inspector.notes import Notes
from sandbox.gui.inspector.scenario import FIELDS
from sandbox.gui.live import headline


def notes_of(bench):
    QApplication.processEvents()
    return bench.inspector.page.findChild(Notes)


def test_notes_are_as_high_as_their_text_so_that_nothing_needs_scrolling(bench):
    short = notes_of(bench).height()
    bench.session.do(set_attribute, "notes", "A lesson of many words. " * 60)
    notes = notes_of(bench)
    assert notes.height() > 3 * short
    assert notes.verticalScrollBar().maximum() == 0
    bench.session.do(set_attribute, "notes", "")
    assert notes_of(bench).height() == short


def test_a_scenario_offers_no_field_without_effect():
    assert {info.name for info in FIELDS} == {
        "start",
        "duration_s",
        "tick_s",
        "seed",
        "load",
        "era",
    }


def test_another_region_is_shown_with_whose_prices_hold(bench):
    from sandbox.document.edits import set_scenario

    assert bench.transport.region.text() == "us-east-1"
    bench.session.do(set_scenario, region="eu-west-1")
    assert bench.transport.region.text() == "eu-west-1 at prices of us-east-1"


def test_a_node_is_counted_in_the_words_of_what_it_holds(bench, qtbot):
    qtbot.waitUntil(lambda: "shop" in bench.plots._metrics)
    titles = {info.name: info.title for info in bench.plots._metrics["shop"]}
    assert titles["instances"] == "Servers"
    assert headline(1.0, "instances", "", "partitions") == "1 partition"
    assert headline(2.89, "concurrent_executions", "", "environments") == "2.89 at once"


def test_a_request_class_is_added_named_and_changed_on_the_page_and_undone(bench):
    page = bench.inspector.page
    page._set_classes("classes", [{}], 1)
    (made,) = bench.session.document.scenario.classes
    assert made.name == "class 1"
    page._set_classes("classes", [{"name": "reads", "deadline_s": 0.5}], 2)
    (renamed,) = bench.session.document.scenario.classes
    assert (renamed.name, renamed.deadline_s) == ("reads", 0.5)
    bench.session.undo_stack.undo()
    assert bench.session.document.scenario.classes == (made,)


def test_two_request_classes_of_one_name_are_refused_on_the_page(bench):
    page = bench.inspector.page
    page._set_classes("classes", [{"name": "a"}, {"name": "a"}], 1)
    assert not bench.session.document.scenario.classes


def test_what_the_page_does_not_show_of_a_class_stays(bench):
    before = (RequestClass("a", country="CH", attributes={"tier": "gold"}), RequestClass("b"))
    (kept, added) = classes_of([{"name": "a", "share": 2.0}, {"name": "c"}], before)
    assert (kept.share, kept.country, kept.attributes) == (2.0, "CH", {"tier": "gold"})
    assert added.name == "c"
    assert items_of((kept,)) == [{"name": "a", "share": 2.0}]
