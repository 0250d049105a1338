"""Drawing links from port to port."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from sandbox.gui.canvas.geometry import Port
from tests.gui.gesture import LEFT, PLAIN, drag, key, on_node, on_port, press_and_move


def test_a_drag_from_port_to_port_makes_a_link_that_undo_takes_back(canvas, session):
    drag(
        canvas,
        on_port(canvas, "worker", "out", "out"),
        on_port(canvas, "table", "in", "in"),
    )
    link = ("worker", "table", "out>in")
    assert link in session.document.links
    assert session.selected_links == {link}
    session.undo_stack.undo()
    assert link not in session.document.links


def test_a_link_can_be_drawn_backward_from_an_input(canvas, session):
    drag(
        canvas,
        on_port(canvas, "table", "in", "in"),
        on_port(canvas, "worker", "out", "out"),
    )
    assert ("worker", "table", "out>in") in session.document.links


def test_a_link_dropped_on_a_card_takes_the_port_that_fits(canvas, session):
    drag(canvas, on_port(canvas, "orders", "dead_letter", "out"), on_node(canvas, "clicks"))
    assert ("orders", "clicks", "dead_letter>in") in session.document.links


def test_only_ports_that_may_connect_light_up_while_the_rest_is_grey(canvas, session):
    items = canvas.diagram.items_by_id
    start = on_port(canvas, "clicks", "records", "out")
    press_and_move(canvas, start, start + QPoint(40, 10))
    # Records are pulled, and here a function alone can pull.
    assert items["worker"].lit == {Port("worker", "in", "in")}
    assert not items["worker"].greyed
    assert items["table"].greyed
    assert items["table"].lit == frozenset()
    QTest.mouseRelease(canvas.viewport(), LEFT, PLAIN, start + QPoint(40, 10))
    assert not any(item.greyed or item.lit for item in items.values())


def test_a_refused_drop_says_why_and_changes_nothing(canvas, session, said):
    before = dict(session.document.links)
    drag(
        canvas,
        on_port(canvas, "clicks", "records", "out"),
        on_port(canvas, "table", "in", "in"),
    )
    assert said[-1] == "Amazon DynamoDB table does not take records"
    assert dict(session.document.links) == before
    assert session.undo_stack.count() == 0


def test_two_outputs_are_not_joined_and_the_message_says_so(canvas, session, said):
    before = dict(session.document.links)
    drag(
        canvas,
        on_port(canvas, "clicks", "records", "out"),
        on_port(canvas, "alb", "targets", "out"),
    )
    assert dict(session.document.links) == before
    assert "outputs" in said[-1]


def test_a_drop_on_an_output_takes_the_cards_input_where_that_fits(canvas, session):
    drag(canvas, on_port(canvas, "web", "out", "out"), on_port(canvas, "bank", "out", "out"))
    assert ("web", "bank", "out>in") in session.document.links


def test_a_second_link_between_the_same_ports_is_refused(canvas, session, said):
    before = dict(session.document.links)
    drag(canvas, on_port(canvas, "web", "out", "out"), on_port(canvas, "table", "in", "in"))
    assert dict(session.document.links) == before
    assert "already" in said[-1]


def test_an_unknown_service_takes_no_new_links(canvas, session, said):
    before = dict(session.document.links)
    drag(canvas, on_port(canvas, "worker", "out", "out"), on_node(canvas, "odd"))
    assert dict(session.document.links) == before
    assert "quantum_ledger" in said[-1]


def test_escape_breaks_off_the_link_being_drawn(canvas, session):
    before = dict(session.document.links)
    end = on_port(canvas, "table", "in", "in")
    press_and_move(canvas, on_port(canvas, "worker", "out", "out"), end)
    key(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas.viewport(), LEFT, PLAIN, end)
    assert dict(session.document.links) == before
    assert not any(item.greyed for item in canvas.diagram.items_by_id.values())


def test_a_drop_on_the_ground_connects_nothing_and_says_nothing(canvas, session, said):
    before = dict(session.document.links)
    drag(canvas, on_port(canvas, "worker", "out", "out"), QPoint(40, 650))
    assert dict(session.document.links) == before
    assert said == []


def test_c_and_enter_connect_from_the_keyboard(canvas, session, said):
    canvas.focus_node("clicks")
    key(canvas, Qt.Key.Key_C)
    assert said[-1].startswith("Connect Clicks to Order worker")
    key(canvas, Qt.Key.Key_Return)
    assert ("clicks", "worker", "records>in") in session.document.links
    assert canvas.gesture is None
    assert said[-1] == ""


def test_c_on_a_node_with_nowhere_to_go_says_so(canvas, session, said):
    canvas.focus_node("table")
    key(canvas, Qt.Key.Key_C)
    assert canvas.gesture is None
    assert "Products" in said[-1]


def test_tab_offers_the_next_port_while_connecting_and_escape_leaves(canvas, session):
    before = dict(session.document.links)
    canvas.focus_node("worker")
    key(canvas, Qt.Key.Key_C)
    assert canvas.gesture.at == 0
    key(canvas, Qt.Key.Key_Tab)
    assert canvas.gesture.at == 1
    key(canvas, Qt.Key.Key_Backtab)
    assert canvas.gesture.at == 0
    key(canvas, Qt.Key.Key_Escape)
    assert canvas.gesture is None
    assert dict(session.document.links) == before
