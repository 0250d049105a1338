"""A recorded load is loaded or dropped in the window: one edit, with its gaps named."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton

from sandbox.document.edits import delete, place

MINUTES = "timestamp,count\n" + "".join(
    f"2026-03-02T10:{minute:02}:00Z,{600 + 60 * minute}\n" for minute in (0, 1, 2, 5, 6)
)


@pytest.fixture
def csv(tmp_path) -> Path:
    """Seven minutes from 10/s on, of which the fourth and fifth are missing."""
    path = tmp_path / "monday.csv"
    path.write_text(MINUTES)
    return path


def drop(bench, path: Path, at: QPointF) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    view = bench.canvas.viewport()
    where = QPointF(bench.canvas.mapFromScene(at))
    left, none, copy = (
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.DropAction.CopyAction,
    )
    QApplication.sendEvent(view, QDragEnterEvent(where.toPoint(), copy, mime, left, none))
    QApplication.sendEvent(view, QDropEvent(where, copy, mime, left, none))


def middle(bench, node: str) -> QPointF:
    return bench.canvas.diagram.items_by_id[node].card.center()


def button(bench, name: str) -> QPushButton:
    return next(
        b for b in bench.inspector.page.findChildren(QPushButton) if b.accessibleName() == name
    )


def words(bench) -> str:
    labels = bench.inspector.page.findChildren(QLabel)
    return next(w for w in labels if w.accessibleName() == "Recorded load").text()


def test_the_button_loads_a_trace_as_one_edit_that_the_run_then_sends(
    bench, qtbot, csv, monkeypatch
):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(csv), ""))
    bench.session.select(["clients"])
    button(bench, "Load a trace").click()
    document = bench.session.document
    assert document.nodes["clients"].params["shape"] == "trace"
    assert document.scenario.start == "2026-03-02T10:00:00Z"
    assert document.scenario.duration_s == 420.0
    assert bench.session.undo_stack.count() == 1
    assert words(bench).startswith("7 periods over 7 min: 13/s on average, 16/s at most")
    assert "1 gap of 2 min filled in" in bench.messages.text
    bench.runner.step(300)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 300)
    assert bench.runner.moment.frame.links["clients", "shop", "out>in"].flow_per_s > 13
    gaps = [event for event in bench.events.events if event.kind == "trace_gap"]
    assert len(gaps) == 1
    assert "filled in" in gaps[0].text
    bench.session.undo_stack.undo()
    assert bench.session.document.nodes["clients"].params == {"rate_per_s": 100.0}
    assert bench.session.document.scenario.duration_s == 7200.0


def test_a_file_dropped_on_clients_drives_them(bench, csv):
    drop(bench, csv, middle(bench, "clients"))
    assert bench.session.document.nodes["clients"].params["shape"] == "trace"
    assert bench.session.selected_nodes == {"clients"}


def test_a_file_dropped_beside_the_only_source_drives_it(bench, csv):
    drop(bench, csv, middle(bench, "shop") + QPointF(0, 260))
    assert bench.session.document.nodes["clients"].params["shape"] == "trace"


def test_a_file_dropped_where_there_is_no_source_places_one_in_the_same_step(bench, csv):
    bench.session.do(delete, ["clients"])
    before = bench.session.undo_stack.count()
    drop(bench, csv, middle(bench, "shop") + QPointF(-300, 0))
    (made,) = [n for n in bench.session.document.nodes.values() if n.service == "clients"]
    assert made.params["shape"] == "trace"
    assert bench.session.undo_stack.count() == before + 1
    bench.session.undo_stack.undo()
    assert "clients" not in {n.service for n in bench.session.document.nodes.values()}


@pytest.mark.parametrize(
    ("text", "where", "words"),
    [
        ("0,5\n0,6\n", "clients", "line 2"),
        ("timestamp,count\n0,5\n60,many\n", "clients", "'many' is not a count"),
        ("", "clients", "is empty"),
        ("0,1\n60,2\n", "shop", "Shop sends no load of its own"),
    ],
)
def test_what_cannot_be_loaded_is_refused_in_words_and_changes_nothing(
    bench, tmp_path, text, where, words
):
    path = tmp_path / "odd.csv"
    path.write_text(text)
    drop(bench, path, middle(bench, where))
    assert "Not loaded" in bench.messages.text
    assert words in bench.messages.text
    assert bench.session.undo_stack.count() == 0


def test_between_several_sources_a_file_must_be_dropped_on_one(bench, csv):
    bench.session.do(place, "clients", 0, 400)
    count = bench.session.undo_stack.count()
    drop(bench, csv, middle(bench, "shop") + QPointF(0, 260))
    assert "2 sources of load; drop monday.csv on the one" in bench.messages.text
    assert bench.session.undo_stack.count() == count


def test_a_recorded_load_can_be_removed_again(bench, csv):
    drop(bench, csv, middle(bench, "clients"))
    button(bench, "Remove the recorded load").click()
    assert bench.session.document.nodes["clients"].params == {"rate_per_s": 100.0}
    assert words(bench).startswith("None.")


def test_a_diagram_dropped_on_the_canvas_is_opened(bench, tmp_path, services):
    from sandbox.document import Document
    from sandbox.document.file import save

    path = tmp_path / "other.json"
    save(Document(name="Other", catalogue=services), path, services)
    drop(bench, path, QPointF(0, 0))
    assert bench.session.document.name == "Other"
