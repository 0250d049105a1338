"""What a running diagram looks like, and what it costs to show."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF

from sandbox.document import Document, Link, Node, edits
from sandbox.document.paths import mode_of
from sandbox.gui.canvas.badges import told
from sandbox.gui.canvas.cards import font_of
from sandbox.gui.canvas.dots import spacing_of
from sandbox.gui.canvas.linkstyle import HEALTHS, MODES, LinkStyle, pen_of, width_of
from sandbox.gui.frames import EMPTY, Cells, Frame, LinkFrame, NodeFrame
from sandbox.gui.theme import DARK, LIGHT
from tests.gui.fakes import FakeCatalogue

LINK = ("clients", "alb", "out>in")


def pixels(canvas, node_id):
    """The colours of the pixels of a node's card as they are on the screen."""
    card = canvas.diagram.items_by_id[node_id].card
    image = canvas.grab(canvas.mapFromScene(card).boundingRect()).toImage()
    return [
        image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
    ]


def test_a_loss_shows_its_badge_and_goes_when_the_loss_does(canvas):
    canvas.set_zoom(1.0)
    canvas.centerOn(canvas.diagram.items_by_id["web"])
    critical = QColor(LIGHT.critical).name()
    assert critical not in pixels(canvas, "web")
    lossy = NodeFrame("2 instances", 0.5, "no free worker", 12.0, "ok")
    canvas.show_frame(Frame(1.0, {"web": lossy}))
    assert pixels(canvas, "web").count(critical) > 50
    canvas.show_frame(Frame(2.0, {"web": NodeFrame("2 instances", 0.5)}))
    assert critical not in pixels(canvas, "web")


def test_the_utilization_bar_glides_to_its_value(canvas):
    canvas.show_frame(Frame(0.0, {"web": NodeFrame("", 0.0)}))
    seen = []
    for _ in range(30):
        canvas.show_frame(Frame(1.0, {"web": NodeFrame("", 0.8)}))
        seen.append(canvas.diagram.items_by_id["web"]._bar)
    assert 0 < seen[0] < 0.5
    assert seen == sorted(seen)
    assert seen[-1] == pytest.approx(0.8)


def test_a_node_that_shows_the_same_is_not_painted_again(canvas):
    item = canvas.diagram.items_by_id["web"]

    def taken(headline):
        canvas.diagram.lens.frame = Frame(1.0, {"web": NodeFrame(headline)})
        return item.take()

    assert [taken("2 instances"), taken("2 instances"), taken("3 instances")] == [True, False, True]


def test_links_are_wider_the_more_flows_and_dots_stand_closer():
    widths = [width_of(flow, "sync") for flow in (1, 10, 100, 1000)]
    assert widths == sorted(set(widths))
    gaps = [spacing_of(flow) for flow in (1, 10, 100, 1000)]
    assert gaps == sorted(set(gaps), reverse=True)


def test_every_mode_has_its_own_stroke_in_every_health():
    for health in HEALTHS:
        strokes = {
            (pen.style(), tuple(pen.dashPattern()))
            for pen in (pen_of(LinkStyle(mode, health, 2), LIGHT) for mode in MODES)
        }
        assert len(strokes) == len(MODES)


def test_ill_health_of_a_link_is_marked_and_not_only_coloured(canvas):
    edges = canvas.diagram.edges

    def marks(ok_fraction):
        canvas.show_frame(Frame(1.0, {}, {LINK: LinkFrame(100.0, ok_fraction)}))
        edges._build(edges.boundingRect(), far=False)
        return sum(stroke.marks.elementCount() for stroke in edges._strokes)

    healthy, slightly, badly = marks(1.0), marks(0.99), marks(0.5)
    assert healthy == 0
    assert 0 < slightly < badly


def test_a_link_says_its_mode_from_its_ports_or_from_itself():
    catalogue = FakeCatalogue()
    nodes = [Node("q", "sqs"), Node("f", "lambda_function"), Node("c", "clients")]
    links = [
        Link("q", "f", "messages", "in"),
        Link("c", "f", "out", "in"),
        Link("f", "q", "out", "in"),
        Link("q", "f", "dead_letter", "in", {"mode": "standby"}),
    ]
    document = Document(nodes=nodes, links=links, catalogue=catalogue)
    modes = [mode_of(document, link, catalogue) for link in links]
    assert modes == ["pull", "sync", "async", "standby"]


def test_dots_move_only_while_a_run_plays_is_seen_and_motion_is_wanted(qtbot, canvas):
    assert not canvas._clock.isActive()
    canvas.set_running(True)
    assert canvas._clock.isActive()
    canvas.set_motion(False)
    assert not canvas._clock.isActive()
    canvas.set_motion(True)
    canvas.hide()
    assert not canvas._clock.isActive()
    canvas.show()
    assert canvas._clock.isActive()
    canvas.set_running(False)
    assert not canvas._clock.isActive()


def test_dots_run_along_the_links_that_have_a_flow(canvas):
    edges = canvas.diagram.edges
    flows = [LinkFrame(100.0 if link == LINK else 0.0) for link in edges._ids]
    flowing = edges.dots.points(edges._curves, flows)
    assert len(flowing) > 0
    edges.dots.advance(0.1)
    moved = edges.dots.points(edges._curves, flows)
    assert moved[0][0] != flowing[0][0]
    row = edges._row[LINK]
    left, right = edges._curves[row, 0, 0], edges._curves[row, -1, 0]
    assert all(left <= x <= right for x, _ in moved)
    assert len(edges.dots.points(edges._curves, [LinkFrame()] * len(flows))) == 0


def test_a_frame_that_comes_while_dots_move_is_shown_at_the_next_beat(qtbot, canvas):
    canvas.set_running(True)
    canvas.show_frame(Frame(1.0, {"web": NodeFrame("7 instances")}))
    qtbot.waitUntil(lambda: canvas.diagram.lens.frame.t_s == 1.0, timeout=1000)
    assert canvas.diagram.items_by_id["web"].frame.headline == "7 instances"
    canvas.set_running(False)


@pytest.mark.parametrize("zoom", [0.5, 0.8, 1.0, 1.3, 2.0])
def test_a_card_fills_its_place_while_zooming_and_when_zoom_rests(qtbot, canvas, zoom):
    canvas.grab()
    canvas.set_zoom(zoom)
    canvas.centerOn(canvas.diagram.items_by_id["clicks"])

    def corner():
        card = canvas.diagram.items_by_id["clicks"].card
        inside = canvas.mapFromScene(card.bottomRight() - QPointF(8, 8))
        return canvas.grab().toImage().pixelColor(inside)

    assert canvas.diagram.lens.zooming
    assert corner() == QColor(LIGHT.card)
    qtbot.waitUntil(lambda: not canvas.diagram.lens.zooming, timeout=2000)
    assert corner() == QColor(LIGHT.card)


def test_cards_are_drawn_afresh_some_in_each_picture(qtbot, canvas, monkeypatch):
    monkeypatch.setattr("sandbox.gui.canvas.zoom._AFRESH_S", 1e-9)  # no time for any card
    canvas.set_zoom(0.7)
    qtbot.waitUntil(lambda: not canvas.diagram.lens.zooming, timeout=2000)
    stale = canvas.grab()
    assert canvas.diagram.lens.behind
    monkeypatch.setattr("sandbox.gui.canvas.zoom._AFRESH_S", 60.0)
    qtbot.waitUntil(lambda: not canvas._sharpening, timeout=2000)
    sharp = canvas.grab()
    assert not canvas.diagram.lens.behind
    assert sharp.toImage() != stale.toImage()
    assert canvas.grab().toImage() == sharp.toImage()  # nothing is left to do


def test_from_far_the_overview_stands_for_the_nodes(canvas):
    items = canvas.diagram.items_by_id.values()
    assert all(item.isVisible() for item in items)
    canvas.set_zoom(0.2)
    assert not any(item.isVisible() for item in items)
    assert canvas.diagram.overview.isVisible()
    canvas.set_zoom(0.5)
    assert all(item.isVisible() for item in items)
    assert not canvas.diagram.overview.isVisible()


def test_a_selection_made_from_far_is_kept_when_coming_near(canvas, session):
    canvas.set_zoom(0.2)
    session.select(["web"])
    canvas.set_zoom(1.0)
    assert canvas.diagram.items_by_id["web"].selected


def test_a_node_of_an_unknown_service_is_drawn_with_the_ports_its_links_use(canvas, session):
    item = canvas.diagram.items_by_id["odd"]
    assert not item.face.known
    assert item.face.inputs == ("records",)
    assert ("table", "odd", "changes>records") in canvas.diagram.edges._row
    before = session.document.nodes["odd"]
    session.do(edits.move, {"odd": (0, 400)})
    after = session.document.nodes["odd"]
    assert (after.service, after.params, after.extra) == (
        before.service,
        before.params,
        before.extra,
    )


def test_a_service_without_an_icon_gets_its_letters(canvas, monkeypatch):
    from sandbox.gui import icons

    assert icons.letters("Amazon SQS queue") == "AS"
    assert icons.letters("Clients") == "Cl"
    assert icons._drawing("no_such_service") is None
    icon = icons.service_icon("no_such_service", "No such", True, QColor("#123456"))
    assert icon.pixmap(32, 32).toImage().pixelColor(16, 4) == QColor("#123456")


def test_the_theme_changes_what_is_drawn(canvas):
    canvas.set_theme(DARK)
    assert canvas.grab().toImage().pixelColor(3, 3).lightness() < 80
    canvas.set_theme(LIGHT)
    assert canvas.grab().toImage().pixelColor(3, 3).lightness() > 180


def test_a_group_is_drawn_round_its_members_and_follows_them(canvas, session):
    session.do(edits.group, "availability_zone", "us-east-1a", ["web", "alb"])
    area = canvas.diagram.groups.boundingRect()
    for member in ("web", "alb"):
        assert area.contains(canvas.diagram.items_by_id[member].card)
    assert not area.contains(canvas.diagram.items_by_id["orders"].card)
    session.do(edits.move, {"web": (560, 900)})
    assert canvas.diagram.groups.boundingRect().contains(canvas.diagram.items_by_id["web"].card)


def test_another_document_replaces_the_scene_and_is_fitted(canvas, session):
    catalogue = session.catalogue
    far = Node("only", "sqs", "Only", 9000, 9000)
    session.open(Document(nodes=[far], catalogue=catalogue))
    assert set(canvas.diagram.items_by_id) == {"only"}
    assert canvas.shown().contains(canvas.diagram.items_by_id["only"].card)
    assert canvas.diagram.lens.frame is EMPTY


def test_a_port_under_the_pointer_lights_up(qtbot, canvas):
    from tests.gui.gesture import on_port

    qtbot.mouseMove(canvas.viewport(), QPoint(5, 5))
    qtbot.mouseMove(canvas.viewport(), on_port(canvas, "web", "out", "out"))
    assert canvas.diagram.items_by_id["web"].hot.name == "out"
    assert canvas.viewport().cursor().shape() == Qt.CursorShape.CrossCursor
    qtbot.mouseMove(canvas.viewport(), QPoint(5, 5))
    assert canvas.diagram.items_by_id["web"].hot is None


def test_a_metric_that_is_watched_shows_as_a_dotted_curve_that_nobody_can_pick(canvas, session):
    layer = canvas.diagram.edges
    reference = {"node": "alb", "metric": "arrivals"}
    session.push(edits.set_params(session.document, {"web": {"custom_metric": reference}}))
    hint = ("alb", "web", "~metric")
    assert hint in layer._row
    assert layer._modes[layer._row[hint]] == "control"
    before = layer.middle(hint)
    session.push(edits.move(session.document, {"alb": (400.0, 900.0)}))
    assert layer.middle(hint) != before
    assert layer.picked(layer.middle(hint), 3.0) != hint
    assert hint not in layer.touching(layer.boundingRect())
    session.push(edits.rename_id(session.document, "alb", "front"))
    assert ("front", "web", "~metric") in layer._row
    session.push(edits.set_params(session.document, {"web": {"custom_metric": None}}))
    assert not any(row[2] == "~metric" for row in layer._row)


def test_with_reduced_motion_values_are_where_they_are_at_once(canvas):
    canvas.set_motion(False)
    canvas.show_frame(Frame(0.0, {"web": NodeFrame("", 0.0)}))
    canvas.show_frame(Frame(1.0, {"web": NodeFrame("", 0.8)}))
    assert canvas.diagram.items_by_id["web"]._bar == pytest.approx(0.8)


def test_what_a_node_is_made_of_shows_where_zoom_allows(canvas):
    held = Cells("Shards", 30, ((1.25, "critical"), (0.5, "ok"), (-1.0, "idle")))
    plain = Frame(1.0, {"clicks": NodeFrame("30 shards")})
    full = Frame(2.0, {"clicks": NodeFrame("30 shards", cells=held)})
    canvas.set_zoom(1.0)
    canvas.centerOn(canvas.diagram.items_by_id["clicks"])
    canvas.show_frame(plain)
    before = pixels(canvas, "clicks")
    canvas.show_frame(full)
    after = pixels(canvas, "clicks")
    assert QColor(LIGHT.critical).name() in after
    assert QColor(LIGHT.critical).name() not in before
    canvas.set_zoom(0.5)
    canvas.centerOn(canvas.diagram.items_by_id["clicks"])
    canvas._settle()
    assert QColor(LIGHT.critical).name() not in pixels(canvas, "clicks")


def test_ill_health_is_a_shape_at_the_corner_beside_the_colour(canvas):
    canvas.set_zoom(1.0)
    canvas.centerOn(canvas.diagram.items_by_id["web"])
    canvas.show_frame(Frame(1.0, {"web": NodeFrame("", 0.95, health="warning")}))
    corner = canvas.diagram.items_by_id["web"].card.topRight() + QPointF(-3, 3)
    at = canvas.mapFromScene(corner)
    assert canvas.grab().toImage().pixelColor(at) == QColor(LIGHT.warning)
    canvas.show_frame(Frame(2.0, {"web": NodeFrame("", 0.5, health="ok")}))
    assert canvas.grab().toImage().pixelColor(at) != QColor(LIGHT.warning)


def test_a_collapsed_group_tells_the_worst_and_the_sum_of_what_is_in_it(canvas, session):
    session.do(edits.group, "availability_zone", "A", ["web", "alb", "orders"], id="a")
    canvas.commands.fold("a")
    lossy = {
        "web": NodeFrame("", 1.0, "no free worker", 12.0, "critical"),
        "alb": NodeFrame("", 0.95, "queue full", 3.0, "warning"),
        "orders": NodeFrame("", 0.1, health="ok"),
    }
    canvas.show_frame(Frame(1.0, lossy, struck={"a": "Zone outage"}))
    card = canvas.diagram.folded.cards["a"]
    assert (card.health, card.loss, card.rate_per_s) == ("critical", "no free worker", 15.0)
    assert card.struck == "Zone outage"
    canvas.focus_node("a")
    assert canvas.accessibleDescription().endswith("collapsed, fault: Zone outage")


def test_nothing_is_painted_while_nothing_flows(qtbot, canvas):
    idle = Frame(1.0, {"web": NodeFrame("0/s")}, {LINK: LinkFrame()})
    canvas.show_frame(idle)
    qtbot.wait(20)
    painted = []
    paint = canvas.diagram.edges.paint
    canvas.diagram.edges.paint = lambda *args: (painted.append(1), paint(*args))
    canvas.set_running(True)
    canvas._clock.stop()  # this test beats the time itself
    canvas._settle()
    qtbot.waitUntil(lambda: not canvas._sharpening, timeout=2000)
    counts = []
    for step in range(8):
        canvas.show_frame(Frame(2.0 + step, idle.nodes, idle.links))
        canvas._beat()
        qtbot.wait(10)
        counts.append(len(painted))
    assert counts[-1] == counts[3]  # whatever was due at the start
    canvas.show_frame(Frame(9.0, {}, {LINK: LinkFrame(50.0)}))
    canvas._beat()
    qtbot.wait(50)
    assert painted


def test_a_long_cause_of_loss_has_two_lines_and_keeps_its_rate(qapp):
    metrics = QFontMetricsF(font_of(11, bold=True))
    cause = "The worker gave the task back"
    lines = told(cause, " 0.0105/s", metrics, 2)
    assert " ".join(lines) == f"{cause} 0.0105/s"
    assert len(lines) == 2
    assert told("Queue full", " 3/s", metrics, 2) == ["Queue full 3/s"]
    (one,) = told(cause, " 0.0105/s", metrics, 1)
    assert one.endswith("… 0.0105/s")
    (endless,) = told("x" * 60, " 3/s", metrics, 2)
    assert endless.endswith("… 3/s")
