"""Moving, selecting, placing and looking, by pointer."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.gesture import (
    CTRL,
    LEFT,
    MIDDLE,
    PLAIN,
    SHIFT,
    click,
    drag,
    drop,
    key,
    on_node,
    press_and_move,
)


def place(session, node_id):
    node = session.document.nodes[node_id]
    return node.x, node.y


def test_a_click_selects_one_node_and_a_click_on_the_ground_none(canvas, session):
    click(canvas, on_node(canvas, "web"))
    assert session.selected_nodes == {"web"}
    click(canvas, on_node(canvas, "alb"))
    assert session.selected_nodes == {"alb"}
    click(canvas, QPoint(20, 20))
    assert not session.selected_nodes


@pytest.mark.parametrize("modifier", [SHIFT, CTRL])
def test_a_click_with_shift_or_ctrl_adds_and_takes_away(canvas, session, modifier):
    click(canvas, on_node(canvas, "web"))
    click(canvas, on_node(canvas, "alb"), modifier)
    assert session.selected_nodes == {"web", "alb"}
    click(canvas, on_node(canvas, "web"), modifier)
    assert session.selected_nodes == {"alb"}


def test_a_dragged_node_lands_on_the_grid_as_one_undo_step(canvas, session):
    x, y = place(session, "web")
    start = on_node(canvas, "web")
    drag(canvas, start, start + QPoint(33, 92))
    moved_x, moved_y = place(session, "web")
    assert (moved_x % 20, moved_y % 20) == (0, 0)
    assert moved_x > x
    assert moved_y >= y + 80
    assert session.undo_stack.count() == 1
    session.undo_stack.undo()
    assert place(session, "web") == (x, y)
    assert canvas.diagram.items_by_id["web"].pos() == QPointF(x, y)


def test_many_selected_nodes_move_together_as_one_undo_step(canvas, session):
    session.select(["web", "alb", "clients"])
    before = {n: place(session, n) for n in session.document.nodes}
    start = on_node(canvas, "web")
    drag(canvas, start, start + QPoint(0, 120))
    shift = place(session, "web")[1] - before["web"][1]
    assert shift > 0
    for node in ("web", "alb", "clients"):
        assert place(session, node) == (before[node][0], before[node][1] + shift)
    assert place(session, "orders") == before["orders"]
    assert session.undo_stack.count() == 1


def test_escape_during_a_drag_puts_the_nodes_back_and_leaves_nothing_to_undo(canvas, session):
    x, y = place(session, "web")
    start = on_node(canvas, "web")
    press_and_move(canvas, start, start + QPoint(0, 150))
    assert canvas.diagram.items_by_id["web"].y() > y
    key(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas.viewport(), LEFT, PLAIN, start + QPoint(0, 150))
    assert canvas.diagram.items_by_id["web"].pos() == QPointF(x, y)
    assert place(session, "web") == (x, y)
    assert session.undo_stack.count() == 0


def test_links_follow_the_node_while_it_is_dragged(canvas, session):
    link = ("clients", "alb", "out>in")
    before = canvas.diagram.edges.middle(link)
    start = on_node(canvas, "alb")
    press_and_move(canvas, start, start + QPoint(0, 150))
    assert canvas.diagram.edges.middle(link).y() > before.y() + 20
    key(canvas, Qt.Key.Key_Escape)
    assert canvas.diagram.edges.middle(link) == before
    QTest.mouseRelease(canvas.viewport(), LEFT, PLAIN, start)


def test_a_rubber_band_selects_what_it_touches(canvas, session):
    items = canvas.diagram.items_by_id
    begin = canvas.mapFromScene(items["orders"].card.topLeft() - QPointF(30, 30))
    end = canvas.mapFromScene(items["table"].card.bottomRight() + QPointF(10, 10))
    drag(canvas, begin, end)
    assert session.selected_nodes == {"orders", "clicks", "table"}


def test_escape_during_a_rubber_band_keeps_the_old_selection(canvas, session):
    session.select(["web"])
    press_and_move(canvas, QPoint(5, 5), QPoint(1600, 690))
    assert canvas.diagram.items_by_id["bank"].selected
    key(canvas, Qt.Key.Key_Escape)
    QTest.mouseRelease(canvas.viewport(), LEFT, PLAIN, QPoint(1600, 690))
    assert session.selected_nodes == {"web"}
    assert not canvas.diagram.items_by_id["bank"].selected


def test_a_click_on_a_curve_selects_its_link(canvas, session):
    link = ("web", "table", "out>in")
    click(canvas, canvas.mapFromScene(canvas.diagram.edges.middle(link)))
    assert session.selected_links == {link}
    assert not session.selected_nodes


def test_a_dropped_service_is_placed_under_the_pointer_with_the_consoles_defaults(canvas, session):
    before = set(session.document.nodes)
    at = QPoint(300, 600)
    assert drop(canvas, "auto_scaling_group", at)
    (new,) = set(session.document.nodes) - before
    node = session.document.nodes[new]
    assert node.service == "auto_scaling_group"
    assert canvas.diagram.items_by_id[new].card.contains(canvas.mapToScene(at))
    assert (node.x % 20, node.y % 20) == (0, 0)
    assert dict(node.params) == {"health_check_grace_period_s": 300}
    assert session.selected_nodes == {new}
    session.undo_stack.undo()
    assert set(session.document.nodes) == before
    assert new not in canvas.diagram.items_by_id


def test_a_drag_that_leaves_the_canvas_places_nothing(canvas, session):
    before = set(session.document.nodes)
    drop(canvas, "sqs", QPoint(300, 600), leave=True)
    assert set(session.document.nodes) == before
    assert canvas.gesture is None


def test_a_service_that_is_unknown_is_refused_with_a_message(canvas, session, said):
    before = set(session.document.nodes)
    drop(canvas, "abacus", QPoint(300, 600))
    assert set(session.document.nodes) == before
    assert "abacus" in said[-1]


def test_the_wheel_zooms_and_keeps_what_is_under_the_pointer(canvas):
    at = QPoint(400, 300)
    under, zoom = canvas.mapToScene(at), canvas.zoom
    turn = QWheelEvent(
        QPointF(at),
        QPointF(canvas.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 240),
        Qt.MouseButton.NoButton,
        PLAIN,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.viewport(), turn)
    assert canvas.zoom == pytest.approx(zoom * 1.44)
    kept = canvas.mapToScene(at)
    assert (kept - under).manhattanLength() < 3


@pytest.mark.parametrize("by", ["middle", "space"])
def test_dragging_the_ground_pans_and_changes_nothing(canvas, session, by):
    corner = canvas.mapToScene(QPoint(0, 0))
    start = on_node(canvas, "web")
    if by == "space":
        QTest.keyPress(canvas, Qt.Key.Key_Space)
    drag(canvas, start, start + QPoint(100, 50), button=MIDDLE if by == "middle" else LEFT)
    if by == "space":
        QTest.keyRelease(canvas, Qt.Key.Key_Space)
    moved = (corner - canvas.mapToScene(QPoint(0, 0))) * canvas.zoom
    assert moved.x() == pytest.approx(100, abs=2)
    assert moved.y() == pytest.approx(50, abs=2)
    assert session.undo_stack.count() == 0
    assert not session.selected_nodes


def test_fit_shows_every_node_and_one_hundred_percent_is_one_to_one(canvas):
    canvas.set_zoom(0.1)
    canvas.fit()
    shown = canvas.shown()
    assert all(shown.contains(item.card) for item in canvas.diagram.items_by_id.values())
    canvas.commands.actual_size.trigger()
    assert canvas.zoom == 1.0


def test_a_double_click_renames_where_the_node_stands(canvas, session):
    at = on_node(canvas, "web")
    click(canvas, at)
    QTest.mouseDClick(canvas.viewport(), LEFT, PLAIN, at)
    editor = QApplication.focusWidget()
    assert editor.accessibleName() == "Label"
    QTest.keyClicks(editor, "Fleet")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert session.document.nodes["web"].label == "Fleet"
    assert canvas.diagram.items_by_id["web"].label == "Fleet"
    assert session.undo_stack.count() == 1
    session.undo_stack.undo()
    assert canvas.diagram.items_by_id["web"].label == "Web fleet"


def test_escape_leaves_the_name_as_it_was(canvas, session):
    session.select(["web"])
    canvas.commands.rename.trigger()
    editor = QApplication.focusWidget()
    QTest.keyClicks(editor, "Nonsense")
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert session.document.nodes["web"].label == "Web fleet"
    assert session.undo_stack.count() == 0
