"""What the page of the diagram shows: its notes whole, and only fields that do something."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from sandbox.document.edits import set_attribute
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
