"""Faults in the window: on schedule as undoable edits, by hand as controls, and plain to see."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QMenu, QWidget

from sandbox.document import Document, Fault, Group, Node
from sandbox.document.edits import set_scenario
from sandbox.document.faults import kinds_of
from sandbox.gui.canvas.menu import offer_faults
from sandbox.gui.inspector.inject import Inject, InjectDialog
from sandbox.gui.inspector.link import LinkPage
from sandbox.services import catalogue

LINK = ("clients", "shop", "out>in")


def widget(root, name, kind=QWidget):
    found = [w for w in root.findChildren(kind) if w.accessibleName() == name]
    assert found, (
        f"no {name!r} among {sorted({w.accessibleName() for w in root.findChildren(QWidget)})}"
    )
    return found[-1]


def click(qtbot, root, name):
    qtbot.mouseClick(widget(root, name), Qt.MouseButton.LeftButton)


def pick(box, data):
    box.setCurrentIndex(box.findData(data))
    box.activated.emit(box.currentIndex())


def enter(qtbot, line, text):
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


def step(qtbot, bench, ticks):
    wanted = bench.runner.moment.tick + ticks
    bench.runner.step(ticks)
    qtbot.waitUntil(lambda: bench.runner.moment.tick >= wanted, timeout=20_000)


def test_a_fault_is_added_changed_and_removed_and_each_is_undone(qtbot, bench):
    document, page = bench.session.document, bench.inspector.page
    click(qtbot, page, "Add a fault")
    assert document.scenario.faults == (Fault("error_rate", "shop", 60.0, 660.0, 0.2),)
    kind = widget(page, "Kind of fault 1")
    pick(kind, "link_cut")
    assert document.scenario.faults == (Fault("link_cut", "clients.out>shop.in", 60.0, 660.0, 1.0),)
    enter(qtbot, widget(page, "Ends"), "90")
    enter(qtbot, widget(page, "Amount"), "0.5")
    assert document.scenario.faults[0] == Fault("link_cut", "clients.out>shop.in", 60.0, 90.0, 0.5)
    click(qtbot, page, "Remove fault 1")
    assert document.scenario.faults == ()
    for _ in range(5):
        bench.session.undo_stack.undo()
    assert document.scenario.faults == ()
    assert not bench.session.dirty


def test_the_card_says_in_words_what_will_happen_and_what_is_wrong(qtbot, bench):
    from PySide6.QtWidgets import QLabel

    session = bench.session
    session.do(set_scenario, faults=(Fault("error_rate", "shop", 60, 660, 0.25),))
    texts = [label.text() for label in bench.inspector.page.findChildren(QLabel)]
    assert "25 % of the requests fail." in texts
    session.do(set_scenario, faults=(Fault("error_rate", "nobody", 60, 660, 0.25),))
    texts = [label.text() for label in bench.inspector.page.findChildren(QLabel)]
    assert any("'nobody', which does not exist" in text for text in texts)


def test_a_scheduled_fault_strikes_in_the_window_and_is_marked(qtbot, bench):
    bench.session.do(set_scenario, faults=(Fault("error_rate", "shop", 5, 600, 0.2),))
    step(qtbot, bench, 3)
    assert dict(bench.runner.moment.frame.struck) == {}
    assert [fault.state for fault in bench.runner.moment.faults] == ["planned"]
    step(qtbot, bench, 20)
    moment = bench.runner.moment
    assert ("shop", "failed") in bench.plots.plots["throttling"].wanted
    assert dict(moment.frame.struck) == {"shop": "Error rate"}
    assert moment.frame.nodes["shop"].loss == "A fault makes requests fail"
    plot = next(iter(bench.plots.plots.values()))
    assert [(b.start_s, b.end_s, b.words) for b in plot.bands] == [(5, 600, "Error rate: shop")]


def test_a_fault_injected_in_the_inspector_strikes_at_once_and_is_ended_there(qtbot, bench):
    step(qtbot, bench, 10)
    bench.session.select(["shop"])
    page = bench.inspector.page
    enter(qtbot, widget(page, "Amount"), "0.5")
    click(qtbot, page, "Inject now")
    step(qtbot, bench, 5)
    (fault,) = bench.runner.moment.faults
    assert (fault.kind, fault.target, fault.amount) == ("error_rate", "shop", 0.5)
    assert (fault.start_s, fault.end_s, fault.state) == (10.0, 310.0, "active")
    assert bench.session.document.scenario.faults == ()
    assert not bench.session.dirty
    click(qtbot, page, "End error rate now")
    step(qtbot, bench, 5)
    assert bench.runner.moment.faults[0].state == "over"
    assert not [
        w
        for w in page.findChildren(QWidget)
        if w.accessibleName() == "End error rate now" and w.isVisible()
    ]


def test_a_refusal_is_said(qtbot, bench):
    bench.session.select(["shop"])
    enter(qtbot, widget(bench.inspector.page, "Lasts"), "0")
    with qtbot.waitSignal(bench.runner.refused, timeout=10_000) as said:
        click(qtbot, bench.inspector.page, "Inject now")
    assert "needs duration_s above 0" in said.args[0]


def test_a_link_offers_what_can_happen_to_it(qtbot, bench):
    bench.session.select(links=[LINK])
    page = bench.inspector.page
    assert isinstance(page, LinkPage)
    inject = page.findChild(Inject)
    box = widget(inject, "Fault")
    assert [box.itemText(i) for i in range(box.count())] == [
        "Error rate", "Added latency", "Link cut", "Downstream throttle",
    ]  # fmt: skip
    pick(box, "Link cut")
    click(qtbot, inject, "Inject now")
    step(qtbot, bench, 3)
    assert dict(bench.runner.moment.frame.struck) == {LINK: "Link cut"}


def offered(bench, place: QPointF) -> dict[str, list[str]]:
    """What the context menu offers of faults at a place of the canvas."""
    menu = QMenu()
    offer_faults(bench.canvas, menu, place)
    found = {
        action.text(): [one.text() for one in action.menu().actions()]
        for action in menu.actions()
        if action.menu() is not None
    }
    menu.deleteLater()
    return found


def test_the_context_menu_of_a_node_a_link_and_a_zone_offers_faults(qtbot, bench):
    group = Group("az", "availability_zone", "East", ("shop",))
    bench.session.push(_grouped(bench.session.document, group))
    diagram = bench.canvas.diagram
    card = diagram.items_by_id["shop"].card
    assert offered(bench, card.center()) == {
        "&Inject a fault at Shop": [
            *("Error rate…", "Added latency…", "Downstream throttle…", "Kill instances…"),
            "Capacity cut…",
        ]
    }
    link = offered(bench, diagram.edges.middle(LINK))
    assert "Link cut…" in link["&Inject a fault at Shoppers → Shop"]
    zone = offered(bench, QPointF(card.center().x(), card.top() - 40))
    assert zone == {"&Inject a fault at East": ["Zone outage…"]}
    assert offered(bench, diagram.items_by_id["clients"].card.center()) == {}


def _grouped(document, group):
    from sandbox.document.changes import Change, Edit

    return Edit("Group", (Change("group", group.id, None, group),))


def test_a_zone_outage_from_the_canvas(qtbot, bench):
    group = Group("az", "availability_zone", "East", ("shop",))
    bench.session.push(_grouped(bench.session.document, group))
    bench.canvas.fault_wanted.emit("az", "East", "zone_outage", ("zone_outage",))
    dialog = bench.window.findChild(InjectDialog)
    assert dialog.windowTitle() == "Inject a fault at East"
    click(qtbot, dialog, "Inject now")
    step(qtbot, bench, 5)
    assert dict(bench.runner.moment.frame.struck) == {"shop": "Zone outage", "az": "Zone outage"}
    assert bench.runner.moment.frame.nodes["shop"].headline


def test_what_is_struck_is_drawn_otherwise_than_what_is_not(qtbot, bench):
    step(qtbot, bench, 20)
    frame = bench.runner.moment.frame

    def picture(**struck):
        shown = replace(frame, struck=struck.get("struck", {}))
        for _ in range(40):  # bars glide to where they belong
            bench.canvas.diagram.show_frame(shown, bench.canvas.shown())
        bench.canvas.viewport().repaint()
        return bench.canvas.grab().toImage()

    before = picture()
    for place in ("shop", LINK):
        assert picture(struck={place: "Cut"}) != before
    assert picture() == before


def test_spot_interruption_is_offered_for_a_group_of_instances(qtbot):
    document = Document(nodes=[Node("web", "auto_scaling_group"), Node("table", "dynamodb")])
    assert "spot_interruption" not in kinds_of(document, catalogue(), "node", "table")
    inject = Inject("web", kinds_of(document, catalogue(), "node", "web"))
    qtbot.addWidget(inject)
    pick(widget(inject, "Fault"), "Spot interruption")
    enter(qtbot, widget(inject, "Amount"), "0.5")
    with qtbot.waitSignal(inject.wanted) as sent:
        click(qtbot, inject, "Inject now")
    args = {"kind": "spot_interruption", "target": "web", "amount": 0.5, "duration_s": 0.0}
    assert sent.args == ["fault", args]


def test_faults_that_begin_together_do_not_write_over_each_other(qapp):
    from PySide6.QtGui import QFont, QFontMetricsF

    from sandbox.gui.plots.bands import told

    metrics = QFontMetricsF(QFont())
    words = ["Kill instances: dax", "Kill instances: redis"]
    assert told(words, 1000, metrics) == "Kill instances: dax; Kill instances: redis"
    assert told(words, metrics.horizontalAdvance(words[0]) + 40, metrics) == words[0] + " +1"
    assert told(words, 20, metrics) == ""
    assert told(words[:1], 1000, metrics) == words[0]
