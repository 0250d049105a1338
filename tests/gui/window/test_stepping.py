"""The dock "Sample event": an event is written, followed, and marked on the canvas hop by hop."""

from __future__ import annotations

import json

import pytest

from sandbox.document import Document, Link, Node
from sandbox.document.edits import delete


@pytest.fixture
def topic(bench):
    pattern = {"filter_policy": '{"type": ["refund"]}'}
    nodes = [
        Node("users", "clients", "Users"),
        Node("t", "sns", "Topic", 300),
        Node("q", "sqs", "Queue", 600),
        Node("r", "sqs", "Refunds", 600, 200),
    ]
    links = [
        Link("users", "t", "out", "in"),
        Link("t", "q", "subscriptions", "in"),
        Link("t", "r", "subscriptions", "in", pattern),
    ]
    bench.session.open(Document(nodes=nodes, links=links, catalogue=bench.session.catalogue))
    return bench.stepping


def rows(dock):
    return [dock.hops.item(row).text().strip() for row in range(dock.hops.count())]


def test_the_event_is_a_sample_for_what_the_clients_call(topic):
    assert topic.entry.currentData() == "t"
    assert "Message" in json.loads(topic.editor.toPlainText())
    assert topic.entry.findData("users") == -1


def test_each_hop_is_marked_on_the_canvas_with_what_happens(bench, topic):
    topic.go.click()
    assert rows(topic) == ["Topic", "✕ Refunds", "Queue"]
    assert bench.session.selected_nodes == {"t"}
    topic.next.click()
    assert bench.session.selected_links == {("t", "r", "subscriptions>in")}
    assert "type would have to be 'refund'" in topic.happens.text()
    topic.next.click()
    assert bench.session.selected_nodes == {"q"}
    assert bench.session.selected_links == {("t", "q", "subscriptions>in")}
    assert "Notification" in topic.payload.toPlainText()
    assert not topic.next.isEnabled()
    topic.back.click()
    assert topic.hops.currentRow() == 1


def test_an_event_that_is_wrong_is_said_while_it_is_written(topic):
    topic.editor.setPlainText('{"Mess": 1}')
    assert "needs Message" in topic.told.text()
    assert not topic.go.isEnabled()
    topic.afresh.click()
    assert topic.go.isEnabled()


def test_what_was_written_for_one_service_is_kept_for_it(topic):
    topic.editor.setPlainText('{"Message": "mine"}')
    topic.entry.setCurrentIndex(topic.entry.findData("q"))
    assert "body" in json.loads(topic.editor.toPlainText())
    topic.entry.setCurrentIndex(topic.entry.findData("t"))
    assert json.loads(topic.editor.toPlainText()) == {"Message": "mine"}


def test_hops_of_an_older_diagram_are_taken_away(bench, topic, qtbot):
    topic.go.click()
    bench.session.do(delete, ["q"])
    qtbot.waitUntil(lambda: topic.hops.count() == 0, timeout=5000)
    assert topic.entry.findData("q") == -1


def test_an_empty_diagram_has_nowhere_to_arrive(bench):
    bench.session.open(Document(catalogue=bench.session.catalogue))
    assert "Place a service first" in bench.stepping.told.text()
    assert not bench.stepping.go.isEnabled()


def test_the_menu_opens_it_at_the_selected_node(bench, topic):
    bench.session.select(["q"])
    bench.step_sample()
    assert topic.entry.currentData() == "q"
    assert not bench.docks["Sample event"].isHidden()
