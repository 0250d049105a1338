"""The inspector is made from the catalogue: it edits, refuses in words, and can be undone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QWidget

from sandbox.document.edits import connect, place, set_params
from sandbox.gui.dragged import metric_of
from sandbox.gui.inspector.link import LinkPage
from sandbox.gui.inspector.node import NodePage
from sandbox.gui.inspector.reading import Refusal, bounds, detail, read
from sandbox.gui.inspector.scenario import ScenarioPage
from sandbox.services.params import ParamInfo


def info(kind="float", lo=None, hi=None, unit="", optional=False, lo_open=False):
    return ParamInfo(
        name="x", title="Timeout", kind=kind, unit=unit, lo=lo, hi=hi, lo_open=lo_open,
        default=30, choices=(), help="How long.", source="assumption", confidence="assumption",
        basic=True, group="General", optional=optional,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("of", "typed", "words"),
    [
        (info(lo=0, hi=900, unit="s"), "1000", "1000 s is too high; from 0 to 900 s."),
        (info(lo=0, unit="s"), "-1", "-1 s is too low; at least 0 s."),
        (info(lo=0, lo_open=True), "0", "0 is too low; above 0."),
        (info("int"), "2.5", "Timeout counts whole things; 2 or 3?"),
        (info(), "soon", "“soon” is not a number; 0.5, 20 or 1.2k would be."),
        (info(hi=9), "", "Timeout needs a number; at most 9."),
    ],
)
def test_a_value_that_cannot_be_is_refused_in_words_that_help(of, typed, words):
    with pytest.raises(Refusal) as refusal:
        read(of, typed)
    assert str(refusal.value) == words


def test_what_can_be_is_read_in_its_type():
    assert read(info("int"), "1.2k") == 1200
    assert isinstance(read(info("int"), "20"), int)
    assert read(info(optional=True), " ") is None


def test_the_help_names_bounds_default_and_source():
    assert bounds(info(lo=0, hi=900, unit="s")) == "from 0 to 900 s"
    assert detail(info(lo=0)).splitlines() == [
        "How long.", "At least 0, default 30.", "Source: an assumption of this model.",
    ]  # fmt: skip


def field(bench, name):
    """The widget of that accessible name in the inspector's page."""
    return next(w for w in bench.inspector.page.findChildren(QWidget) if w.accessibleName() == name)


def typed(qtbot, line, text):
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def test_typing_a_parameter_edits_the_document_as_one_undo_step(bench, qtbot):
    bench.session.select(["shop"])
    line = field(bench, "Servers")
    assert line.text() == "20"
    typed(qtbot, line, "24")
    typed_again = field(bench, "Servers")
    qtbot.keyClicks(typed_again, "0")
    qtbot.keyClick(typed_again, Qt.Key.Key_Return)
    assert bench.session.document.nodes["shop"].params["servers"] == 240
    assert bench.session.undo_stack.count() == 1
    bench.session.undo_stack.undo()
    assert bench.session.document.nodes["shop"].params["servers"] == 20
    assert field(bench, "Servers").text() == "20"


def test_a_new_editing_session_is_a_new_undo_step(bench, qtbot):
    bench.session.select(["shop"])
    typed(qtbot, field(bench, "Servers"), "24")
    typed(qtbot, field(bench, "Service time"), "0.2")
    assert bench.session.undo_stack.count() == 2


def test_a_pause_in_typing_is_enough(bench, qtbot):
    bench.session.select(["shop"])
    line = field(bench, "Servers")
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, "31")
    assert bench.session.document.nodes["shop"].params["servers"] == 20
    qtbot.waitUntil(lambda: bench.session.document.nodes["shop"].params["servers"] == 31)


def test_an_invalid_value_leaves_the_document_untouched_and_says_why(bench, qtbot):
    bench.session.select(["shop"])
    line = field(bench, "Servers")
    typed(qtbot, line, "-3")
    assert bench.session.document.nodes["shop"].params["servers"] == 20
    assert bench.session.undo_stack.count() == 0
    assert line.property("refused") is True
    row = bench.inspector.page._form.row("servers")
    assert "-3 is too low" in row._words.text()
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert line.text() == "20"
    assert line.property("refused") is False


def test_reset_goes_back_to_the_default(bench, qtbot):
    bench.session.select(["shop"])
    qtbot.mouseClick(field(bench, "Reset Servers"), Qt.MouseButton.LeftButton)
    assert "servers" not in bench.session.document.nodes["shop"].params
    default = bench.session.catalogue.defaults("external")["servers"]
    assert field(bench, "Servers").text() == str(default)


def test_up_and_down_step_a_number(bench, qtbot):
    bench.session.select(["shop"])
    line = field(bench, "Servers")
    line.setFocus()
    qtbot.keyClick(line, Qt.Key.Key_Up)
    qtbot.keyClick(line, Qt.Key.Key_Return)
    assert bench.session.document.nodes["shop"].params["servers"] == 21


def test_several_nodes_of_a_service_are_set_together(bench, qtbot, services):
    from sandbox.document.edits import place

    bench.session.do(place, "external", 600, 100, id="other")
    bench.session.select(["shop", "other"])
    typed(qtbot, field(bench, "Servers"), "7")
    nodes = bench.session.document.nodes
    assert nodes["shop"].params["servers"] == nodes["other"].params["servers"] == 7
    assert bench.session.undo_stack.count() == 2


def test_what_others_change_is_shown(bench, qtbot):
    bench.session.select(["shop"])
    bench.session.do(set_params, {"shop": {"servers": 55}})
    assert field(bench, "Servers").text() == "55"


def test_the_selection_decides_the_page(bench):
    assert isinstance(bench.inspector.page, ScenarioPage)
    bench.session.select(["shop"])
    assert isinstance(bench.inspector.page, NodePage)
    bench.session.select(links=[("clients", "shop", "out>in")])
    assert isinstance(bench.inspector.page, LinkPage)
    bench.session.select(["shop", "clients"])
    assert "2 nodes" in field(bench, "Name").text()


def test_a_link_changes_its_calls(bench, qtbot):
    link = ("clients", "shop", "out>in")
    bench.session.select(links=[link])
    typed(qtbot, field(bench, "Calls"), "0.5")
    assert bench.session.document.links[link].params["calls"] == 0.5


def test_a_tick_that_does_not_divide_a_minute_is_refused(bench, qtbot):
    typed(qtbot, field(bench, "Tick"), "7")
    assert bench.session.document.scenario.tick_s == 1.0
    typed(qtbot, field(bench, "Tick"), "5")
    assert bench.session.document.scenario.tick_s == 5


def test_live_values_follow_the_run(bench, qtbot):
    bench.session.select(["shop"])
    bench.runner.step(60)
    qtbot.waitUntil(lambda: field(bench, "Utilization now").text().startswith("5"))
    assert field(bench, "Utilization now").text().endswith(" %")
    assert field(bench, "Arrivals now").text() == "100/s"


def test_every_field_of_every_service_has_a_name_for_screen_readers(bench, qtbot, services):
    for service in services:
        bench.session.do(place, service, 0, 0, id=f"new-{service}")
    # What is live of a node is on its page once a run knows it.
    qtbot.waitUntil(
        lambda: bench.inspector._known.keys() >= {f"new-{name}" for name in services},
        timeout=100_000,
    )
    for service in services:
        bench.session.select([f"new-{service}"])
        QApplication.processEvents()
        page = bench.inspector.page
        nameless = [
            w for w in page.findChildren(QWidget)
            if w.focusPolicy() & Qt.FocusPolicy.TabFocus and not w.accessibleName()
            and w.focusProxy() is None  # the line in a spin box is told of as the box
            and w.window() is bench.window  # the lists of combo boxes are windows of their own
        ]  # fmt: skip
        assert [type(w).__name__ for w in nameless] == [], service


def test_the_large_numbers_are_those_that_a_service_has_and_none_twice(services):
    from sandbox.engine.history import COMMON
    from sandbox.gui.inspector.live import chosen

    for name, service in ((name, services[name]) for name in services):
        own = {metric.name: metric for metric in service.metrics}
        names = chosen(service, {**{info.name: info for info in COMMON}, **own})
        assert len(names) == len(set(names))
        assert ("instances" in names[:6]) <= bool(service.holds), name
    assert chosen(services["clients"], {})[:2] == ["arrivals", "goodput"]


# --- why, inner state, cost, sparklines -----------------------------------------------------------


def test_the_why_tab_shows_rules_that_give_the_numbers_of_the_moment(bench, qtbot):
    bench.session.select(["shop"])
    bench.runner.step(300)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 300)
    page = bench.inspector.page
    page._pages.turn_to("Why")
    qtbot.waitUntil(lambda: "served" in page._reasons._cards)
    card = page._reasons._cards["latency_mean"]
    card._head.setChecked(True)
    words = card._body.text()
    assert "Its own + what its synchronous callees take" in words
    assert "100 ms" in words
    assert "Source:" in words
    assert card._value.text() == "100 ms"
    bench.runner.set_load(4.0)
    bench.runner.step(300)
    qtbot.waitUntil(lambda: card._value.text() != "100 ms")
    assert card._value.text() in card._body.text()
    card._head.setChecked(False)


def test_what_the_live_tab_shows_is_there_as_soon_as_it_is_turned_to(bench, qtbot):
    bench.session.select(["shop"])
    bench.runner.step(100)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 100)
    page = bench.inspector.page
    page._pages.turn_to("Settings")
    page._pages.turn_to("Live")
    assert page._table.item(0, 1).text() == "100/s"


def test_the_large_numbers_have_their_recent_past_beside_them(bench, qtbot):
    bench.session.select(["shop"])
    bench.runner.step(500)
    page = bench.inspector.page
    sparks = page._tiles._sparks
    qtbot.waitUntil(lambda: all(spark._points is not None for spark in sparks.values()))
    assert len(sparks["arrivals"]._points) >= 400


def test_what_differs_among_nodes_that_are_set_together_says_so(bench, qtbot, services):
    edit = place(bench.session.document, "external", 600, 300, {"servers": 7})
    bench.session.push(edit)
    bench.session.select(["shop", edit.changes[0].key])
    form = bench.inspector.page._form
    assert form.row("servers")._name.text() == "Servers (several values)"
    assert form.row("queue_limit")._name.text() == "Queue limit"
    bench.session.do(set_params, {node: {"servers": 9} for node in bench.session.selected_nodes})
    assert form.row("servers")._name.text() == "Servers"


def test_every_shard_has_its_bar_and_the_bill_its_lines(bench, qtbot, services):
    edit = place(bench.session.document, "kinesis_stream", 600, 300, {"shard_count": 3})
    bench.session.push(edit)
    stream = edit.changes[0].key
    bench.session.push(connect(bench.session.document, "clients", "out", stream, "in"))
    bench.session.select([stream])
    qtbot.waitUntil(lambda: bench.inspector.page._pages is not None, timeout=100_000)
    bench.inspector.page._pages.turn_to("Live")
    bench.runner.step(60)
    page = bench.inspector.page
    qtbot.waitUntil(lambda: page._bars["Shards"]._words.text().startswith("3 shards: "))
    assert "Shard hours" in page._bill.text()
    assert "In all" in page._bill.text()


def test_the_source_of_a_parameter_is_a_link(bench, qtbot):
    from sandbox.gui.inspector.reasons import source

    assert source("https://aws.amazon.com/sqs/pricing/").startswith(
        "Source: <a href='https://aws.amazon.com/sqs/pricing/'"
    )
    assert "doc-search.html" in source("Amazon SQS Developer Guide, message quotas")
    assert source("assumption") == "Source: this model"


def test_a_large_number_is_dragged_as_its_metric(bench, qtbot, monkeypatch):
    dragged = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, _: dragged.append(metric_of(drag.mimeData())))
    bench.session.select(["shop"])
    tile = field(bench, "Arrivals now").parentWidget()
    qtbot.mousePress(tile, Qt.MouseButton.LeftButton, pos=QPoint(4, 4))
    move = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(40.0, 30.0),
        tile.mapToGlobal(QPointF(40.0, 30.0)),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(tile, move)
    assert dragged == [("shop", "arrivals")]
