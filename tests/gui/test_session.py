"""The session: one stream of edits, one undo stack, one selection."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from sandbox.document import Document, Node, edits
from sandbox.gui import selection
from sandbox.gui.session import Session
from sandbox.gui.theme import DARK, LIGHT
from tests.gui.fakes import FakeCatalogue


def test_every_edit_is_announced_and_so_are_undo_and_redo(session):
    heard = []
    session.edited.connect(heard.append)
    session.do(edits.relabel, "web", "Fleet")
    session.undo_stack.undo()
    session.undo_stack.redo()
    labels = [edit.changes[0].after.label for edit in heard]
    assert labels == ["Fleet", "Web fleet", "Fleet"]


def test_a_refused_edit_says_why_and_leaves_nothing_to_undo(session, said):
    assert session.do(edits.relabel, "nobody", "Fleet") is None
    assert "nobody" in said[-1]
    stale = edits.relabel(session.document, "web", "Fleet")
    session.do(edits.relabel, "web", "Other")
    assert not session.push(stale)
    assert session.undo_stack.count() == 1


def test_an_edit_that_changes_nothing_is_no_undo_step(session):
    assert session.do(edits.relabel, "web", "Web fleet") is None
    assert session.undo_stack.count() == 0


def test_steps_of_one_merge_key_fold_and_vanish_when_they_come_back(session):
    selection.place(session, "sqs", 0, 900)
    for dx in (20, 20, -20):
        selection.nudge(session, dx, 0)
    assert session.undo_stack.count() == 2
    selection.nudge(session, -20, 0)
    assert session.undo_stack.count() == 1


def test_what_is_deleted_is_selected_no_more(session):
    changes = []
    session.selection_changed.connect(lambda: changes.append(session.selected_nodes))
    session.select(["web", "alb"])
    session.do(edits.delete, ["web"])
    assert session.selected_nodes == {"alb"}
    assert changes == [{"web", "alb"}, {"alb"}]


def test_the_same_selection_is_not_announced_twice(qtbot, session):
    session.select(["web"])
    with qtbot.assertNotEmitted(session.selection_changed):
        session.select(["web"])


def test_saving_makes_it_clean_and_an_edit_dirty_again(session):
    assert not session.dirty
    session.do(edits.relabel, "web", "Fleet")
    assert session.dirty
    session.saved(Path("shop.json"))
    assert not session.dirty
    assert session.path == Path("shop.json")
    session.undo_stack.undo()
    assert session.dirty


def test_opening_another_document_starts_afresh_and_lets_the_old_one_go(qtbot, session):
    old = session.document
    session.do(edits.relabel, "web", "Fleet")
    session.select(["web"])
    new = Document(nodes=[Node("only", "sqs")], catalogue=session.catalogue)
    with qtbot.waitSignal(session.opened):
        session.open(new, Path("other.json"))
    assert session.undo_stack.count() == 0
    assert not session.selected_nodes
    assert not session.dirty
    with qtbot.assertNotEmitted(session.edited):
        old.apply(edits.relabel(old, "web", "Again"))


def test_text_that_is_no_diagram_cannot_be_pasted(qapp, session, said):
    qapp.clipboard().setText("a shopping list")
    before = dict(session.document.nodes)
    assert not selection.paste(session, (0, 0))
    assert dict(session.document.nodes) == before
    assert said[-1]


def test_a_session_starts_with_an_empty_document(qapp):
    session = Session(FakeCatalogue())
    assert not session.document.nodes
    assert not session.dirty


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_text_can_be_read_on_every_ground(theme):
    """Contrast by WCAG 2.1: 4.5 for text, 3 for signs (w3.org/TR/WCAG21, 1.4.3 and 1.4.11)."""

    def luminance(colour):
        parts = [
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
            for c in QColor(colour).getRgbF()[:3]
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    def contrast(one, other):
        high, low = sorted((luminance(one), luminance(other)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    for ground in (theme.card, theme.window, theme.base):
        assert contrast(theme.text, ground) > 7
        assert contrast(theme.muted, ground) > 4.5
    assert contrast(theme.on_accent, theme.accent) > 4.5
    assert contrast(theme.on_critical, theme.critical) > 4.5
    for sign in (theme.ok, theme.critical):
        assert contrast(sign, theme.canvas) > 3
