"""Finding a service, and placing it by Enter or by dragging."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest

from sandbox.gui.palette import Palette
from sandbox.gui.palette_model import SERVICE_MIME
from sandbox.gui.theme import DARK, LIGHT
from tests.gui.fakes import SERVICES, FakeCatalogue


@pytest.fixture
def palette(qtbot):
    widget = Palette(FakeCatalogue(), LIGHT)
    qtbot.addWidget(widget)
    widget.resize(260, 600)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    return widget


def shown(palette):
    model = palette.filtered
    heads = [model.index(row, 0) for row in range(model.rowCount())]
    return {
        h.data(): [model.index(i, 0, h).data() for i in range(model.rowCount(h))] for h in heads
    }


def test_every_service_stands_by_its_title_under_its_category(palette):
    assert palette.list.accessibleName() == "Palette"
    listed = shown(palette)
    assert {title for titles in listed.values() for title in titles} == {
        service.title for service in SERVICES.values()
    }
    assert listed["Compute"] == ["AWS Lambda function", "EC2 Auto Scaling group"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("lambda", ["AWS Lambda function"]),
        ("SCALING ec2", ["EC2 Auto Scaling group"]),
        ("ordered", ["Amazon Kinesis data stream"]),
        ("nothing like it", []),
    ],
)
def test_the_search_keeps_what_has_every_word(palette, typed, found):
    QTest.keyClicks(palette.search, typed)
    assert [title for titles in shown(palette).values() for title in titles] == found
    palette.search.clear()
    assert len([t for titles in shown(palette).values() for t in titles]) == len(SERVICES)


def test_enter_in_the_search_asks_for_the_first_one_found(qtbot, palette):
    QTest.keyClicks(palette.search, "queue")
    with qtbot.waitSignal(palette.place_requested) as asked:
        QTest.keyClick(palette.search, Qt.Key.Key_Return)
    assert asked.args == ["sqs"]


def test_down_leads_to_the_list_where_enter_places(qtbot, palette):
    QTest.keyClicks(palette.search, "dynamo")
    QTest.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.list.hasFocus()
    with qtbot.waitSignal(palette.place_requested) as asked:
        QTest.keyClick(palette.list, Qt.Key.Key_Return)
    assert asked.args == ["dynamodb"]


def test_a_category_cannot_be_placed(qtbot, palette):
    head = palette.filtered.index(0, 0)
    with qtbot.assertNotEmitted(palette.place_requested):
        palette.list.choose(head)


def test_a_drag_carries_the_services_id_and_its_icon(palette, monkeypatch):
    carried = []

    def exec_(drag, *actions):
        carried.append((bytes(drag.mimeData().data(SERVICE_MIME).data()), drag.pixmap().isNull()))
        return Qt.DropAction.CopyAction

    monkeypatch.setattr(QDrag, "exec", exec_)
    QTest.keyClicks(palette.search, "lambda")
    row = palette.list.visualRect(palette.list.first()).center()
    view = palette.list.viewport()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, row)
    for step in range(1, 5):
        QTest.mouseMove(view, row + (view.rect().bottomRight() - row) * step / 8)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, row)
    assert carried == [(b"lambda_function", False)]


def test_the_theme_can_change_while_it_is_shown(palette):
    palette.set_theme(DARK)
    assert not palette.grab().isNull()
