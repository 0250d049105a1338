"""The outline mirrors the canvas, both ways."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from sandbox.document import edits
from sandbox.gui.frames import Frame, NodeFrame
from sandbox.gui.outline import Outline
from sandbox.gui.session import Session
from sandbox.gui.theme import LIGHT
from tests.gui.fakes import FakeCatalogue, grid


@pytest.fixture
def outline(qtbot, session):
    widget = Outline(session, LIGHT)
    qtbot.addWidget(widget)
    widget.resize(300, 600)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.setFocus()
    return widget


def tree(outline):
    tops = [outline.topLevelItem(row) for row in range(outline.topLevelItemCount())]
    return {top.text(0): [top.child(i).text(0) for i in range(top.childCount())] for top in tops}


def top(outline, text):
    (found,) = outline.findItems(text, Qt.MatchFlag.MatchExactly)
    return found


def test_nodes_stand_with_the_links_that_leave_them(outline):
    assert outline.accessibleName() == "Outline"
    assert tree(outline)["Shoppers"] == ["→ Front door  (out → in)"]
    assert len(tree(outline)["Web fleet"]) == 3
    assert tree(outline)["Ledger"] == []


def test_every_edit_shows_and_undo_takes_it_back(outline, session):
    before = tree(outline)
    session.do(edits.place, "sqs", 0, 0, label="Mail")
    session.do(edits.connect, "worker", "out", "sqs", "in")
    session.do(edits.relabel, "alb", "Entrance")
    shown = tree(outline)
    assert shown["Order worker"] == ["→ Bank  (out → in)", "→ Mail  (out → in)"]
    assert shown["Shoppers"] == ["→ Entrance  (out → in)"]
    session.do(edits.delete, ["web"])
    assert tree(outline)["Entrance"] == []
    while session.undo_stack.canUndo():
        session.undo_stack.undo()
    assert {name: sorted(links) for name, links in tree(outline).items()} == {
        name: sorted(links) for name, links in before.items()
    }


def test_what_is_selected_here_is_selected_there(outline, session):
    item = top(outline, "Web fleet")
    QTest.mouseClick(
        outline.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        outline.visualItemRect(item).center(),
    )
    assert session.selected_nodes == {"web"}
    session.select(["alb"], [("web", "table", "out>in")])
    assert {item.text(0) for item in outline.selectedItems()} == {
        "Front door",
        "→ Products  (out → in)",
    }


def test_f2_renames_here_too(qtbot, outline, session):
    outline.setCurrentItem(top(outline, "Web fleet"))
    QTest.keyClick(outline, Qt.Key.Key_F2)
    editor = outline.viewport().findChild(QLineEdit)
    QTest.keyClicks(editor, "Fleet")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session.document.nodes["web"].label == "Fleet", timeout=1000)
    assert session.undo_stack.undoText() == "Rename Web fleet"


def test_an_emptied_name_is_the_services_title_again(outline, session):
    top(outline, "Web fleet").setText(0, "")
    assert session.document.nodes["web"].label == ""
    assert top(outline, "EC2 Auto Scaling group") is not None


def test_delete_works_here_too(outline, session):
    outline.setCurrentItem(top(outline, "Web fleet"))
    QTest.keyClick(outline, Qt.Key.Key_Delete)
    assert "web" not in session.document.nodes


def test_live_numbers_stand_beside_the_names(outline, session):
    outline.show_frame(Frame(1.0, {"web": NodeFrame("12 instances")}))
    assert top(outline, "Web fleet").text(1) == "12 instances"
    outline.show_frame(Frame(1.0, {}))
    assert top(outline, "Web fleet").text(1) == ""
    assert session.undo_stack.count() == 0


def test_screen_readers_hear_the_service_of_a_node(outline):
    item = top(outline, "Web fleet")
    assert item.data(0, Qt.ItemDataRole.AccessibleTextRole) == "Web fleet"
    assert "Auto Scaling" in item.data(0, Qt.ItemDataRole.AccessibleDescriptionRole)


def test_only_the_rows_that_are_seen_are_written_and_others_when_scrolled_to(qtbot):
    catalogue = FakeCatalogue()
    session = Session(catalogue, grid(300, catalogue))
    outline = Outline(session, LIGHT)
    qtbot.addWidget(outline)
    outline.resize(300, 400)
    with qtbot.waitExposed(outline):
        outline.show()
    frame = Frame(1.0, {node: NodeFrame(f"{node} now") for node in session.document.nodes})
    outline.show_frame(frame)
    last = outline.topLevelItem(outline.topLevelItemCount() - 1)
    assert outline.topLevelItem(0).text(1).endswith("now")
    assert last.text(1) == ""
    outline.scrollToItem(last)
    assert last.text(1).endswith("now")


def test_groups_and_notes_are_listed_selected_and_renamed(qtbot, session):
    from sandbox.document import edits

    outline = Outline(session, LIGHT)
    qtbot.addWidget(outline)
    session.do(edits.group, "vpc", "Backend", ["web", "orders"], id="back")
    session.do(edits.annotate, "Read me first\nand then run it", 0, 500)
    items = {outline.topLevelItem(row).text(0): outline.topLevelItem(row)
             for row in range(outline.topLevelItemCount())}  # fmt: skip
    assert items["Backend"].toolTip(0) == "VPC, 2 nodes"
    assert items["Read me first"].toolTip(0) == "Read me first\nand then run it"
    outline.setCurrentItem(items["Backend"])
    assert session.selected_areas == {"back"}
    assert not session.selected_nodes
    items["Backend"].setText(0, "Rear")
    assert session.document.groups["back"].label == "Rear"
    session.select(areas=["note"])
    assert [item.text(0) for item in outline.selectedItems()] == ["Read me first"]
    session.do(edits.delete, ["note"])
    assert outline.topLevelItemCount() == len(session.document.nodes) + 1
