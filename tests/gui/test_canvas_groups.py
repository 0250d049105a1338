"""Groups and notes on the canvas: made, named, folded, moved, joined and left."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from sandbox.document import edits, groups
from sandbox.gui.canvas.menu import context_menu
from tests.gui.gesture import CTRL, LEFT, PLAIN, click, drag, drop, key, on_node, press_and_move


def head(canvas, group) -> QPoint:
    """A view position on a group's name."""
    return canvas.mapFromScene(canvas.diagram.groups.rect_of(group).topLeft() + QPointF(40, 12))


@pytest.fixture
def zone(canvas, session) -> str:
    session.select(["web", "alb"])
    canvas.commands.group_as[0].trigger()
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    (made,) = session.document.groups
    return made


def test_a_selection_becomes_a_zone_that_can_be_named_at_once(qtbot, canvas, session):
    canvas.focus_node("web")
    session.select(["web", "alb"])
    key(canvas, Qt.Key.Key_G, CTRL)
    editor = QApplication.focusWidget()
    assert (editor.accessibleName(), editor.text()) == ("Label", "us-east-1a")
    QTest.keyClicks(editor, "east")
    with qtbot.assertNotEmitted(canvas.node_activated):
        QTest.keyClick(editor, Qt.Key.Key_Return)
    (group,) = session.document.groups.values()
    assert (group.kind, group.label, set(group.members)) == (
        "availability_zone",
        "east",
        {"web", "alb"},
    )
    assert session.selected_areas == {group.id}


def test_a_group_is_taken_by_its_name_and_moves_with_all_that_is_in_it(canvas, session, zone):
    before = {n: (node.x, node.y) for n, node in session.document.nodes.items()}
    steps = session.undo_stack.count()
    drag(canvas, head(canvas, zone), head(canvas, zone) + QPoint(0, 90))
    after = {n: (node.x, node.y) for n, node in session.document.nodes.items()}
    moved = {n for n in before if before[n] != after[n]}
    assert moved == {"web", "alb"}
    assert {after[n][1] - before[n][1] for n in moved} == {after["web"][1] - before["web"][1]}
    assert all(value % 20 == 0 for n in moved for value in after[n])
    assert session.undo_stack.count() == steps + 1


def test_escape_while_a_group_is_dragged_puts_it_back(canvas, session, zone):
    before = dict(session.document.nodes)
    rect = canvas.diagram.groups.rect_of(zone)
    press_and_move(canvas, head(canvas, zone), head(canvas, zone) + QPoint(0, 90))
    assert canvas.diagram.groups.rect_of(zone) != rect
    key(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas.viewport(), LEFT, PLAIN, QPoint(0, 0))
    assert dict(session.document.nodes) == before
    assert canvas.diagram.groups.rect_of(zone) == rect


def test_a_collapsed_group_is_one_card_and_its_links_end_there(canvas, session, zone):
    canvas.commands.fold(zone)
    assert session.document.groups[zone].collapsed
    assert not canvas.diagram.items_by_id["web"].isVisible()
    card = canvas.diagram.folded.cards[zone]
    assert card.nodes == ("alb", "web")
    edges = canvas.diagram.edges
    assert ("alb", "web", "targets>in") not in edges._row  # wholly inside
    assert card.rect.contains(QPointF(*edges._curves[edges._row["clients", "alb", "out>in"], -1]))
    assert canvas.diagram.node_at(card.rect.center()) is None
    click(canvas, canvas.mapFromScene(card.rect.center()))
    assert session.selected_areas == {zone}
    key(canvas, Qt.Key.Key_Return)
    assert canvas.diagram.items_by_id["web"].isVisible()
    assert ("alb", "web", "targets>in") in edges._row


def test_a_collapsed_group_moves_what_is_in_it(canvas, session, zone):
    canvas.commands.fold(zone)
    before = session.document.nodes["web"]
    at = canvas.mapFromScene(canvas.diagram.folded.cards[zone].rect.center())
    drag(canvas, at, at + QPoint(0, 120))
    assert session.document.nodes["web"].y > before.y
    session.undo_stack.undo()
    assert session.document.nodes["web"] == before


def test_the_sign_at_its_head_folds_a_group_and_a_double_click_opens_it(canvas, session, zone):
    corner = canvas.diagram.groups.rect_of(zone).topLeft()
    click(canvas, canvas.mapFromScene(corner + QPointF(10, 12)))
    assert session.document.groups[zone].collapsed
    rect = canvas.diagram.folded.cards[zone].rect
    click(canvas, canvas.mapFromScene(rect.topRight() + QPointF(-19, 21)))
    assert not session.document.groups[zone].collapsed
    canvas.commands.fold(zone)
    QTest.mouseDClick(canvas.viewport(), LEFT, PLAIN, canvas.mapFromScene(rect.center()))
    assert not session.document.groups[zone].collapsed


def test_ungrouping_keeps_the_nodes_and_selects_them(canvas, session, zone):
    session.select(areas=[zone])
    canvas.commands.ungroup.trigger()
    assert not session.document.groups
    assert session.selected_nodes == {"web", "alb"}
    session.undo_stack.undo()
    assert zone in session.document.groups


def test_deleting_the_last_member_takes_the_group_with_it(canvas, session, zone):
    session.select(["web", "alb"])
    key(canvas, Qt.Key.Key_Delete)
    assert not session.document.groups
    session.undo_stack.undo()
    assert set(session.document.groups[zone].members) == {"web", "alb"}


def test_a_node_may_stand_in_two_zones_and_leave_one(canvas, session, zone):
    session.do(edits.group, "availability_zone", "b", ["web"], id="b")
    session.select(["alb"])
    menu = context_menu(canvas, canvas.diagram.items_by_id["alb"].card.center())
    member = next(a.menu() for a in menu.actions() if a.text() == "&Member of")
    ticks = {a.text(): a for a in member.actions()}
    assert (ticks["us-east-1a"].isChecked(), ticks["b"].isChecked()) == (True, False)
    ticks["b"].trigger()
    assert groups.holders(session.document, "alb") == [zone, "b"]
    ticks["us-east-1a"].trigger()
    assert groups.holders(session.document, "alb") == ["b"]
    menu.deleteLater()


def test_a_service_dropped_into_a_group_becomes_a_member_in_one_step(canvas, session, zone):
    session.do(edits.move, {"alb": (280, 400)})
    steps = session.undo_stack.count()
    rect = canvas.diagram.groups.rect_of(zone)
    assert drop(canvas, "sqs", canvas.mapFromScene(rect.topRight() + QPointF(-130, 250)))
    (new,) = session.selected_nodes
    assert new in session.document.groups[zone].members
    assert session.undo_stack.count() == steps + 1
    session.undo_stack.undo()
    assert new not in session.document.nodes
    assert new not in session.document.groups[zone].members


def test_a_zone_can_be_struck_from_its_menu_also_when_it_is_collapsed(qtbot, canvas, session, zone):
    canvas.commands.fold(zone)
    menu = context_menu(canvas, canvas.diagram.folded.cards[zone].rect.center())
    faults = next(a.menu() for a in menu.actions() if "Inject" in a.text())
    with qtbot.waitSignal(canvas.fault_wanted) as wanted:
        faults.actions()[0].trigger()
    assert wanted.args[0] == zone
    assert wanted.args[2] == "zone_outage"
    menu.deleteLater()


def test_a_note_is_written_moved_resized_changed_and_emptied(canvas, session):
    start = session.undo_stack.count()
    canvas.add_note(QPointF(0, 400))
    QTest.keyClicks(QApplication.focusWidget(), "Look here")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CTRL)
    (note,) = session.document.annotations.values()
    assert (note.text, note.x, note.y) == ("Look here", 0, 400)
    assert session.selected_areas == {note.id}
    centre = canvas.mapFromScene(canvas.diagram.notes.rects()[note.id].center())
    drag(canvas, centre, centre + QPoint(0, 60))
    assert session.document.annotations[note.id].y > 440
    corner = canvas.mapFromScene(canvas.diagram.notes.rects()[note.id].bottomRight()) - QPoint(3, 3)
    drag(canvas, corner, corner + QPoint(100, 80))
    changed = session.document.annotations[note.id]
    assert changed.width >= 160
    assert changed.height >= 100
    canvas.rename(note.id)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_A, CTRL)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Delete)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Return, CTRL)
    assert not session.document.annotations
    assert session.undo_stack.count() == start + 4


def test_escape_leaves_a_new_note_unwritten(canvas, session):
    key(canvas, Qt.Key.Key_N)
    QTest.keyClicks(QApplication.focusWidget(), "Nonsense")
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)
    assert not session.document.annotations
    assert session.undo_stack.count() == 0
    assert canvas.hasFocus()


def test_groups_and_notes_are_copied_with_what_is_in_them(canvas, session, zone):
    session.do(edits.annotate, "Read me", 0, 500)
    key(canvas, Qt.Key.Key_A, CTRL)
    key(canvas, Qt.Key.Key_C, CTRL)
    key(canvas, Qt.Key.Key_V, CTRL)
    document = session.document
    assert len(document.groups) == len(document.annotations) == 2
    (twin,) = set(document.groups) - {zone}
    assert not set(document.groups[twin].members) & {"web", "alb"}
    assert twin in session.selected_areas


def test_tab_reaches_groups_and_notes_and_says_what_they_are(canvas, session, zone):
    session.do(edits.annotate, "Read me", 0, 500)
    canvas.focus_node(None)
    told = []
    while canvas.focusNextPrevChild(True) and len(told) < 30:
        if canvas.focused is None:
            break
        told.append(canvas.accessibleDescription())
        if len(told) > len(session.document.nodes) + 1:
            break
    assert "us-east-1a, Availability zone, 2 nodes, open" in told
    assert "Note: Read me" in told


def test_a_click_in_the_middle_of_a_group_is_on_the_ground(canvas, session, zone):
    session.do(edits.move, {"alb": (280, 400)})
    session.select(["bank"])
    middle = canvas.diagram.groups.rect_of(zone).topRight() + QPointF(-130, 280)
    click(canvas, canvas.mapFromScene(middle))
    assert not session.selected_areas
    assert not session.selected_nodes


def test_selecting_a_node_keeps_groups_out_of_the_selection(canvas, session, zone):
    click(canvas, on_node(canvas, "web"))
    assert session.selected_nodes == {"web"}
    assert not session.selected_areas


def test_a_group_can_be_of_another_kind(canvas, session, zone):
    menu = context_menu(canvas, canvas.diagram.groups.rect_of(zone).topLeft() + QPointF(40, 12))
    kinds = next(a.menu() for a in menu.actions() if a.text() == "&Kind of group")
    ticked = [a.text() for a in kinds.actions() if a.isChecked()]
    assert ticked == ["Availability zone"]
    next(a for a in kinds.actions() if a.text() == "VPC").trigger()
    assert session.document.groups[zone].kind == "vpc"
    menu.deleteLater()
