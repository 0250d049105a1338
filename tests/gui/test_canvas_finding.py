"""Finding, following, lining up and looking: the canvas for those who know what they want."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sandbox.document import edits
from sandbox.gui.canvas.finding import found
from sandbox.gui.canvas.menu import context_menu
from tests.gui.fakes import FakeCatalogue, web_shop
from tests.gui.gesture import CTRL, SHIFT, click, key

ALT = Qt.KeyboardModifier.AltModifier


def test_what_is_sought_is_found_by_label_id_service_and_parameter(session):
    session.do(edits.set_params, {"worker": {"memory_mb": 1769}})
    session.do(edits.annotate, "Black Friday", 0, 500)
    session.do(edits.group, "vpc", "Backend", ["web"])
    document, catalogue = session.document, session.catalogue
    assert found(document, catalogue, "order worker") == ["worker"]
    assert found(document, catalogue, "kinesis") == ["clicks"]
    assert found(document, catalogue, "1769") == ["worker"]
    assert found(document, catalogue, "memory") == ["worker"]
    assert found(document, catalogue, "alb") == ["alb"]
    assert found(document, catalogue, "friday") == ["note"]
    assert found(document, catalogue, "backend") == ["vpc"]
    assert found(document, catalogue, "nothing of the kind") == []
    assert found(document, catalogue, " ") == []


def test_find_goes_from_one_to_the_next_and_leaves_the_last_selected(canvas, session):
    canvas.commands.find.trigger()
    field = QApplication.focusWidget()
    assert field.accessibleName() == "Find on the canvas"
    QTest.keyClicks(field, "order")
    assert session.selected_nodes == {"orders"}
    assert canvas.diagram.items_by_id["bank"].greyed
    assert canvas.find_bar.count.text() == "1 of 2"
    QTest.keyClick(field, Qt.Key.Key_Return)
    assert session.selected_nodes == {"worker"}
    QTest.keyClick(field, Qt.Key.Key_Return, SHIFT)
    assert session.selected_nodes == {"orders"}
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert not canvas.find_bar.isVisible()
    assert not canvas.diagram.items_by_id["bank"].greyed
    assert session.selected_nodes == {"orders"}
    assert canvas.hasFocus()
    assert canvas.focused == "orders"


def test_what_is_found_out_of_sight_is_brought_into_view(canvas, session):
    session.do(edits.move, {"bank": (9000, 5000)})
    canvas.commands.find.trigger()
    QTest.keyClicks(QApplication.focusWidget(), "bank")
    assert canvas.shown().contains(canvas.diagram.items_by_id["bank"].card)


def test_ctrl_arrows_follow_links_and_go_among_their_ends(canvas, session):
    canvas.focus_node("alb")
    key(canvas, Qt.Key.Key_Right, CTRL)
    assert canvas.focused == "web"
    key(canvas, Qt.Key.Key_Right, CTRL)
    assert canvas.focused == "orders"
    key(canvas, Qt.Key.Key_Down, CTRL)
    assert canvas.focused == "clicks"
    key(canvas, Qt.Key.Key_Left, CTRL)
    assert canvas.focused == "web"


def test_alt_shift_arrows_add_the_neighbour_to_the_selection(canvas, session):
    canvas.focus_node("alb")
    session.select(["alb"])
    key(canvas, Qt.Key.Key_Right, ALT | SHIFT)
    assert session.selected_nodes == {"alb", "web"}
    assert canvas.focused == "web"


def test_l_chooses_the_links_of_a_node_and_delete_takes_one(canvas, session, said):
    canvas.focus_node("web")
    session.select(["web"])
    seen = []
    for _ in range(4):
        key(canvas, Qt.Key.Key_L)
        seen += session.selected_links
    assert len(set(seen)) == 4
    assert "of 4" in said[-1]
    key(canvas, Qt.Key.Key_Delete)
    assert len(session.document.links) == 7


def test_the_menu_key_opens_the_menu_of_what_has_the_focus(canvas, session):
    canvas.focus_node("web")
    menu = context_menu(canvas, canvas.diagram.rect_of("web").topLeft() + QPointF(8, 8))
    assert session.selected_nodes == {"web"}
    assert any("Inject a fault at Web fleet" in action.text() for action in menu.actions())
    menu.deleteLater()


def test_upstream_downstream_and_connected_are_selected(canvas, session):
    session.select(["web"])
    canvas.commands.upstream.trigger()
    assert session.selected_nodes == {"clients", "alb", "web"}
    session.select(["orders"])
    canvas.commands.downstream.trigger()
    assert session.selected_nodes == {"orders", "worker", "bank"}
    canvas.commands.connected.trigger()
    assert session.selected_nodes == set(session.document.nodes)


def test_nodes_are_lined_up_and_spread_in_one_step_each(canvas, session):
    session.select(["orders", "clicks", "table"])
    session.do(edits.move, {"clicks": (900, 160)})
    left = next(a for a in canvas.commands.align if a.text() == "&Left edges")
    left.trigger()
    assert {session.document.nodes[n].x for n in ("orders", "clicks", "table")} == {860}
    canvas.commands.distribute[1].trigger()
    assert [session.document.nodes[n].y for n in ("orders", "clicks", "table")] == [0, 140, 280]
    assert session.undo_stack.count() == 3


def test_a_group_is_lined_up_with_all_that_is_in_it(canvas, session):
    session.do(edits.group, "vpc", "V", ["web", "alb"], id="v")
    before = session.document.nodes["web"].x - session.document.nodes["alb"].x
    session.select(["clients"], areas=["v"])
    left = next(a for a in canvas.commands.align if a.text() == "&Left edges")
    left.trigger()
    nodes = session.document.nodes
    assert nodes["web"].x - nodes["alb"].x == before
    assert canvas.diagram.groups.rect_of("v").left() == canvas.diagram.rect_of("clients").left()


def test_two_things_cannot_be_distributed_and_that_is_said(canvas, session, said):
    session.select(["web", "alb"])
    canvas.commands.distribute[0].trigger()
    assert "three" in said[-1]
    assert session.undo_stack.count() == 0


def test_tidying_a_selection_moves_nothing_else(canvas, session):
    others = {n: node for n, node in session.document.nodes.items() if n not in ("web", "orders")}
    session.do(edits.move, {"orders": (400, 500)})
    session.select(["web", "orders"])
    canvas.commands.tidy.trigger()
    assert session.document.nodes["web"].x < session.document.nodes["orders"].x
    assert all(session.document.nodes[n] == node for n, node in others.items())


def test_the_minimap_is_there_while_not_all_can_be_seen_and_leads_there(qtbot, canvas):
    canvas.fit()
    assert not canvas.minimap.isVisible()
    canvas.set_zoom(2.0)
    assert canvas.minimap.isVisible()
    qtbot.mouseClick(canvas.minimap, Qt.MouseButton.LeftButton, pos=QPoint(190, 60))
    assert canvas.shown().center().x() > 1200
    canvas.commands.minimap.trigger()
    assert not canvas.minimap.isVisible()
    canvas.commands.minimap.trigger()
    assert canvas.minimap.isVisible()
    assert not canvas.minimap.grab().isNull()


def test_the_selection_fits_the_view(canvas, session):
    session.select(["worker", "bank"])
    canvas.set_zoom(0.1)
    canvas.commands.fit_selected.trigger()
    assert canvas.zoom == 1.0
    assert canvas.shown().contains(canvas.diagram.items_by_id["bank"].card)


def test_every_command_has_words_and_no_two_share_a_key(canvas):
    actions = [a for a in canvas.actions() if isinstance(a, QAction)]
    keys = [shortcut.toString() for action in actions for shortcut in action.shortcuts()]
    assert len(keys) == len(set(keys))
    assert all(action.text() for action in actions)


@pytest.mark.parametrize("opener", ["search", "quick_add", "add_note"])
def test_another_document_closes_what_was_open_over_the_old_one(qtbot, canvas, session, opener):
    getattr(canvas, opener)()
    session.open(web_shop(FakeCatalogue()))
    assert canvas.gesture is None
    assert not canvas.find_bar.isVisible()
    QApplication.processEvents()
    assert not session.document.annotations
    click(canvas, QPoint(5, 5))
