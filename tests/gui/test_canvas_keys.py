"""The canvas without a pointer: going about, nudging, copying, deleting."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from tests.gui.gesture import CTRL, SHIFT, key

ALT = Qt.KeyboardModifier.AltModifier


def test_tab_goes_through_the_nodes_from_left_to_right_and_then_leaves(canvas, session):
    canvas.focus_node(None)
    seen = []
    for _ in session.document.nodes:
        key(canvas, Qt.Key.Key_Tab)
        seen.append(canvas.focused)
    assert seen[:3] == ["clients", "alb", "web"]
    assert set(seen) == set(session.document.nodes)
    assert session.selected_nodes == {seen[-1]}
    assert not canvas.focusNextPrevChild(True)


def test_a_focused_node_shows_a_ring_while_the_canvas_has_the_keyboard(canvas):
    canvas.focus_node("web")
    assert canvas.diagram.items_by_id["web"].focused
    canvas.clearFocus()
    assert not canvas.diagram.items_by_id["web"].focused
    canvas.setFocus()
    assert canvas.diagram.items_by_id["web"].focused


def test_screen_readers_hear_which_node_has_the_focus(canvas):
    canvas.focus_node("web")
    assert canvas.accessibleName() == "Canvas"
    assert canvas.accessibleDescription() == "Web fleet, EC2 Auto Scaling group"


def test_arrows_go_to_the_neighbour_when_nothing_is_selected(canvas, session):
    canvas.focus_node("alb")
    session.select()
    key(canvas, Qt.Key.Key_Right)
    assert canvas.focused == "web"
    key(canvas, Qt.Key.Key_Right, ALT)
    assert canvas.focused == "clicks"
    key(canvas, Qt.Key.Key_Down, ALT)
    assert canvas.focused == "table"


def test_arrows_nudge_the_selection_and_a_run_of_them_is_one_undo_step(canvas, session):
    node = session.document.nodes["web"]
    session.select(["web"])
    for _ in range(3):
        key(canvas, Qt.Key.Key_Right)
    key(canvas, Qt.Key.Key_Down, SHIFT)
    moved = session.document.nodes["web"]
    assert (moved.x, moved.y) == (node.x + 60, node.y + 1)
    assert session.undo_stack.count() == 1
    session.undo_stack.undo()
    assert session.document.nodes["web"] == node


def test_delete_takes_the_selection_and_its_links_and_undo_brings_them_back(canvas, session):
    nodes, links = dict(session.document.nodes), dict(session.document.links)
    session.select(["web"])
    key(canvas, Qt.Key.Key_Delete)
    assert "web" not in session.document.nodes
    assert not any("web" in link[:2] for link in session.document.links)
    assert "web" not in canvas.diagram.items_by_id
    session.undo_stack.undo()
    assert dict(session.document.nodes) == nodes
    assert dict(session.document.links) == links
    assert "web" in canvas.diagram.items_by_id


def test_copy_and_paste_make_new_nodes_with_the_links_among_them(canvas, session):
    session.select(["orders", "worker"])
    before = set(session.document.nodes)
    key(canvas, Qt.Key.Key_C, CTRL)
    key(canvas, Qt.Key.Key_V, CTRL)
    new = set(session.document.nodes) - before
    assert {session.document.nodes[n].service for n in new} == {"sqs", "lambda_function"}
    assert session.selected_nodes == new
    assert any(set(link[:2]) == new for link in session.document.links)
    session.undo_stack.undo()
    assert set(session.document.nodes) == before


def test_cut_and_paste_bring_back_what_was_cut(canvas, session):
    session.select(["bank"])
    key(canvas, Qt.Key.Key_X, CTRL)
    assert "bank" not in session.document.nodes
    key(canvas, Qt.Key.Key_V, CTRL)
    pasted = [n for n in session.document.nodes.values() if n.label == "Bank"]
    assert [node.service for node in pasted] == ["external"]


def test_duplicates_stand_beside_their_originals(canvas, session):
    session.select(["orders"])
    key(canvas, Qt.Key.Key_D, CTRL)
    (new,) = session.selected_nodes
    original, twin = session.document.nodes["orders"], session.document.nodes[new]
    assert new != "orders"
    assert twin.service == original.service
    assert (twin.x, twin.y) == (original.x + 40, original.y + 40)


def test_select_all_takes_nodes_and_links(canvas, session):
    key(canvas, Qt.Key.Key_A, CTRL)
    assert session.selected_nodes == set(session.document.nodes)
    assert session.selected_links == set(session.document.links)


def test_delete_typed_into_a_field_beside_the_canvas_deletes_no_node(qtbot, canvas, session):
    field = QLineEdit()
    qtbot.addWidget(field)
    field.show()
    session.select(["web"])
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    assert "web" in session.document.nodes


def test_enter_asks_for_the_focused_node(qtbot, canvas):
    canvas.focus_node("web")
    with qtbot.waitSignal(canvas.node_activated) as asked:
        key(canvas, Qt.Key.Key_Return)
    assert asked.args == ["web"]


def test_a_new_node_at_the_centre_covers_no_other(canvas, session):
    canvas.centerOn(canvas.diagram.items_by_id["web"].card.center())
    first, second = canvas.place_at_centre("sqs"), canvas.place_at_centre("sqs")
    cards = {n: item.card for n, item in canvas.diagram.items_by_id.items()}
    for new in (first, second):
        others = [card for n, card in cards.items() if n != new]
        assert not any(card.intersects(cards[new]) for card in others)
