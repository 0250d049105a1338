"""Quick add, connecting on the fly, and links that nodes are dropped on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sandbox.document import Document, edits
from sandbox.gui.canvas.choices import matching, partners, services
from sandbox.gui.canvas.geometry import Port
from tests.gui.fakes import FakeCatalogue, web_shop
from tests.gui.gesture import LEFT, PLAIN, SHIFT, click, drag, drop, key, on_node, on_port

FREE = QPoint(300, 620)


def typed(text: str) -> None:
    QTest.keyClicks(QApplication.focusWidget(), text)


def entered(text: str) -> None:
    typed(text)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return)


def test_a_double_click_on_the_ground_searches_for_a_service_and_places_it_there(canvas, session):
    QTest.mouseDClick(canvas.viewport(), LEFT, PLAIN, FREE)
    assert QApplication.focusWidget().accessibleName() == "Add a service"
    entered("queue")
    (new,) = session.selected_nodes
    assert session.document.nodes[new].service == "sqs"
    assert canvas.diagram.items_by_id[new].card.contains(canvas.mapToScene(FREE))
    assert canvas.hasFocus()
    assert canvas.focused == new
    assert session.undo_stack.count() == 1


def test_a_key_opens_the_search_and_escape_closes_it_without_a_trace(canvas, session):
    key(canvas, Qt.Key.Key_A)
    typed("lam")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert canvas.gesture is None
    assert canvas.hasFocus()
    assert session.undo_stack.count() == 0


def test_a_click_elsewhere_closes_the_search(canvas, session):
    key(canvas, Qt.Key.Key_A)
    click(canvas, QPoint(5, 5))
    assert canvas.gesture is None
    assert session.undo_stack.count() == 0


def test_a_link_dropped_on_the_ground_offers_what_may_connect_and_connects_it(canvas, session):
    drag(canvas, on_port(canvas, "orders", "messages", "out"), QPoint(1000, 640))
    popup = canvas.gesture.popup
    offered = {popup.list.item(row).text() for row in range(popup.list.count())}
    assert offered == {"AWS Lambda function   Invocations"}
    entered("")
    (new,) = session.selected_nodes
    assert ("orders", new, "messages>in") in session.document.links
    assert session.undo_stack.count() == 1
    session.undo_stack.undo()
    assert new not in session.document.nodes
    assert not any(new in link for link in session.document.links)


def test_a_link_drawn_backward_from_an_input_is_connected_too(canvas, session):
    drag(canvas, on_port(canvas, "bank", "in", "in"), QPoint(1300, 640))
    entered("load bal")
    (new,) = session.selected_nodes
    assert (new, "bank", "targets>in") in session.document.links


def test_a_link_let_go_near_where_it_began_offers_nothing(canvas):
    at = on_port(canvas, "worker", "out", "out")
    drag(canvas, at, at + QPoint(12, 0))
    assert canvas.gesture is None


def test_a_chain_is_built_by_keys_alone(canvas, session):
    canvas.focus_node("bank")
    session.select(["bank"])
    key(canvas, Qt.Key.Key_A, SHIFT)
    entered("dynamo")
    (table,) = session.selected_nodes
    assert ("bank", table, "out>in") in session.document.links
    assert session.document.nodes[table].x > session.document.nodes["bank"].x
    cards = [item.card for n, item in canvas.diagram.items_by_id.items() if n != table]
    assert not any(card.intersects(canvas.diagram.items_by_id[table].card) for card in cards)


def test_quick_add_offers_a_note_too(canvas, session):
    key(canvas, Qt.Key.Key_A)
    entered("note")
    typed("Here")
    QTest.keyClick(
        QApplication.focusWidget(), Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier
    )
    assert [note.text for note in session.document.annotations.values()] == ["Here"]


def test_the_best_answers_come_first_and_what_nobody_called_does_not_come():
    assert matching(services(FakeCatalogue()), "elas")[0].service == "elb"
    assert matching(services(FakeCatalogue()), "lambda")[0].service == "lambda_function"
    assert not matching(services(FakeCatalogue()), "abacus")


@pytest.mark.parametrize("direction", ["in", "out"])
def test_every_partner_that_is_offered_can_be_connected(direction):
    catalogue = FakeCatalogue()
    document = web_shop(catalogue)
    name = "in" if direction == "in" else "out"
    for choice in partners(catalogue, document, [Port("worker", name, direction)]):
        ends = ("lambda_function", choice.own, choice.service, choice.port)
        if direction == "in":
            ends = (choice.service, choice.port, "lambda_function", choice.own)
        assert catalogue.why_not(*ends) is None


def middle(canvas, link) -> QPoint:
    return canvas.mapFromScene(canvas.diagram.edges.middle(link))


def test_a_service_dropped_on_a_link_goes_into_it_in_one_step(canvas, session):
    link = ("worker", "bank", "out>in")
    session.do(edits.move, {"bank": (1900, 0)})
    canvas.fit()
    before = session.undo_stack.count()
    assert drop(canvas, "external", middle(canvas, link))
    (new,) = session.selected_nodes
    links = set(session.document.links)
    assert {("worker", new, "out>in"), (new, "bank", "out>in")} <= links
    assert link not in links
    assert session.undo_stack.count() == before + 1
    session.undo_stack.undo()
    assert link in session.document.links


def test_a_node_with_links_of_its_own_is_not_put_into_a_link_it_is_moved_over(canvas, session):
    session.do(edits.move, {"bank": (1900, 0)})
    canvas.fit()
    links = set(session.document.links)
    drag(canvas, on_node(canvas, "clicks"), middle(canvas, ("worker", "bank", "out>in")))
    assert set(session.document.links) == links


def test_a_lone_node_moved_onto_a_link_goes_into_it_and_escape_keeps_it_out(canvas, session):
    session.do(edits.move, {"bank": (1900, 0)})
    session.do(edits.place, "external", 1160, 500, id="lone")
    canvas.fit()
    link = ("worker", "bank", "out>in")
    start, end = on_node(canvas, "lone"), middle(canvas, link)
    QTest.mousePress(canvas.viewport(), LEFT, PLAIN, start)
    for step in range(1, 6):
        QTest.mouseMove(canvas.viewport(), start + (end - start) * step / 5)
    assert canvas.diagram.edges.hot == link  # it lights up
    key(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas.viewport(), LEFT, PLAIN, end)
    assert canvas.diagram.edges.hot is None
    assert link in session.document.links
    drag(canvas, on_node(canvas, "lone"), middle(canvas, link))
    assert ("worker", "lone", "out>in") in session.document.links
    assert ("lone", "bank", "out>in") in session.document.links


def test_what_does_not_fit_is_dropped_beside_the_link(canvas, session):
    session.do(edits.move, {"bank": (1900, 0)})
    canvas.fit()
    links = set(session.document.links)
    drop(canvas, "clients", middle(canvas, ("worker", "bank", "out>in")))
    assert set(session.document.links) == links


def test_an_end_of_the_selected_link_is_dragged_to_another_node(canvas, session):
    link = ("web", "table", "out>in")
    session.do(edits.set_link_params, {link: {"calls": 3}})
    session.select(links=[link])
    drag(canvas, on_port(canvas, "table", "in", "in"), on_port(canvas, "bank", "in", "in"))
    assert link not in session.document.links
    assert session.document.links["web", "bank", "out>in"].params["calls"] == 3
    assert session.selected_links == {("web", "bank", "out>in")}


def test_links_lead_round_nodes_that_stand_in_their_way(canvas, session):
    session.do(edits.place, "external", 1160, 140, id="inway")
    session.do(edits.place, "external", 1460, 140, id="far")
    session.do(edits.connect, "web", "out", "far", "in")
    edges, items = canvas.diagram.edges, canvas.diagram.items_by_id
    curve = edges._curves[edges._row["web", "far", "out>in"]]
    others = [items[n].card for n in items if n not in ("web", "far")]
    assert not any(card.contains(QPointF(x, y)) for x, y in curve for card in others)
    straight = session.document.links["clients", "alb", "out>in"].id
    assert edges._curves[edges._row[straight]][:, 1].std() < 1  # nothing in its way, no detour


def test_an_empty_canvas_says_how_to_begin_until_something_is_there(canvas, session):
    assert canvas.blank.isHidden()
    session.open(Document())
    assert canvas.blank.isVisible()
    assert canvas.place_at_centre("sqs")
    assert canvas.blank.isHidden()
    session.undo_stack.undo()
    assert canvas.blank.isVisible()
