"""The panel that checks against theory: it follows the selection, and never holds the window up."""

from __future__ import annotations

import threading
import time

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtWidgets import QApplication, QTabBar

from sandbox.document.edits import set_params
from sandbox.experiments.requests import simulate as second
from sandbox.gui.docks import THEORY


@pytest.fixture
def panel(bench, qtbot, monkeypatch):
    """The panel in sight, the run ten minutes old; a check takes a tenth of a second."""
    from sandbox.experiments.requests import verify as checks

    real = checks.simulate
    monkeypatch.setattr(
        checks, "simulate", lambda plan, **given: real(plan, **{**given, "events": 200_000})
    )
    bench.runner.step(600)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 600)
    bench.docks[THEORY].show()
    bench.docks[THEORY].raise_()
    qtbot.waitUntil(lambda: bench.theory.check is not None, timeout=60_000)
    return bench.theory


def cells(table):
    return [
        [table.item(row, column).text() if table.item(row, column) else "" for column in range(5)]
        for row in range(table.rowCount())
    ]


def test_it_is_a_dock_of_its_own_with_a_name_and_an_entry_in_the_view_menu(bench):
    assert bench.theory.accessibleName() == "Theory"
    view = next(a.menu() for a in bench.window.menuBar().actions() if "View" in a.text())
    assert THEORY in [action.text() for action in view.actions()]


def test_a_run_that_has_not_begun_says_what_to_do(bench, qtbot):
    bench.docks[THEORY].raise_()
    qtbot.waitUntil(lambda: not bench.theory.visibleRegion().isEmpty())
    qtbot.wait(300)
    assert bench.theory.check is None
    assert "Play for a while" in bench.theory._empty.text()


def test_it_checks_the_path_by_itself_when_it_is_looked_at(bench, panel):
    assert panel.title.text() == "The path from Shoppers"
    assert "agree" in panel.verdict.text()
    assert "Jackson" in panel.said.text()
    rows = cells(panel.figures)
    assert rows[0][0] == "Latency, mean"
    assert rows[0][1] == "100 ms"
    assert "±" in rows[0][2]
    assert rows[0][3] == "100 ms"
    assert rows[0][4].endswith("%")
    assert ["Shop", "", "", "", ""] in rows


def test_a_selected_station_is_shown_from_the_same_check(bench, panel, qtbot):
    before = panel.check
    bench.session.select(["shop"])
    qtbot.waitUntil(lambda: panel.title.text() == "Shop")
    assert panel.check is before
    assert "M/M/20, Erlang C" in panel.said.text()
    assert "Utilization" in [row[0] for row in cells(panel.figures)]


def test_a_request_is_followed_hop_by_hop_as_chart_and_as_table(bench, panel, qtbot):
    chart, table = panel.request.chart, panel.request.table
    assert [span.node for span in chart.fall.spans] == ["clients", "shop"]
    assert table.item(1, 0).text().strip() == "Shop"
    chart.setFocus()
    qtbot.keyClick(chart, Qt.Key.Key_Down)
    qtbot.keyClick(chart, Qt.Key.Key_Down)
    assert chart.row == 1
    assert "Shop: sent at 0 s, works" in chart.accessibleDescription()
    assert table.currentRow() == 1
    panel.request.as_table.click()
    assert table.isVisible()
    assert panel.request.which.count() >= 2
    panel.request.which.setCurrentIndex(1)
    assert chart.fall.which == "slow"


def test_a_hop_says_what_it_is_when_pointed_at(bench, panel, qtbot, monkeypatch):
    from sandbox.gui.theory import chart as module

    told = []
    monkeypatch.setattr(module.QToolTip, "showText", lambda pos, text, *rest: told.append(text))
    at = QPoint(200, round(module.HEAD + 1.5 * module.ROW))
    chart = panel.request.chart
    QApplication.sendEvent(chart, QHelpEvent(QHelpEvent.Type.ToolTip, at, chart.mapToGlobal(at)))
    assert told
    assert told[0].startswith("Shop")


def test_the_window_goes_on_while_a_check_runs(bench, panel, qtbot, monkeypatch):
    from sandbox.experiments.requests import verify as checks

    gate = threading.Event()
    real = checks.simulate

    def slow(plan, **given):
        gate.wait(10)
        return real(plan, **given)

    monkeypatch.setattr(checks, "simulate", slow)
    bench.runner.play()
    tick, before = bench.runner.moment.tick, panel.check
    panel.button.click()
    assert panel.button.text() == "Cancel"
    qtbot.waitUntil(lambda: bench.runner.moment.tick > tick + 20)
    gate.set()
    qtbot.waitUntil(lambda: panel.check is not before and panel.button.text() == "Check now")
    bench.runner.pause()


def test_a_check_that_is_cancelled_keeps_what_was_shown(bench, panel, qtbot, monkeypatch):
    from sandbox.experiments.requests import verify as checks

    monkeypatch.setattr(
        checks,
        "simulate",
        lambda plan, **given: second.simulate(plan, **{**given, "events": 2_000_000_000}),
    )
    before = panel.check
    panel.button.click()
    qtbot.waitUntil(lambda: panel.bar.isVisible())
    panel.button.click()
    qtbot.waitUntil(lambda: panel.button.text() == "Check now")
    assert panel.check is before


def test_closing_the_window_breaks_a_check_off(bench, panel, qtbot, monkeypatch):
    from sandbox.experiments.requests import verify as checks

    monkeypatch.setattr(
        checks,
        "simulate",
        lambda plan, **given: second.simulate(plan, **{**given, "events": 50_000_000}),
    )
    panel.button.click()
    qtbot.wait(100)
    began = time.monotonic()
    bench.theory.stop()
    assert time.monotonic() - began < 5.0


def test_an_edit_is_said_to_be_newer_than_the_figures(bench, panel):
    bench.session.do(set_params, {"shop": {"servers": 30}})
    assert "edited since" in panel.said.text()


def test_a_reset_forgets_what_was_checked(bench, panel, qtbot):
    bench.runner.reset()
    qtbot.waitUntil(lambda: bench.runner.moment.ready and bench.runner.moment.tick == 0)
    qtbot.waitUntil(lambda: panel.check is None)
    assert "Play for a while" in panel._empty.text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_bars_can_be_told_from_their_ground(bench, panel, theme):
    bench.choose_theme(theme)
    chart = panel.request.chart
    image: QImage = chart.grab().toImage()
    ratio = image.devicePixelRatio()
    from sandbox.gui.theory import chart as module

    y = round((module.HEAD + 1.5 * module.ROW) * ratio)
    colors = [image.pixelColor(x, y).lightness() for x in range(image.width())]
    assert max(colors) - min(colors) > 60


def test_no_bar_of_tabs_is_left_over(bench, qtbot):
    def rows():
        bars = bench.window.findChildren(QTabBar, options=Qt.FindChildOption.FindDirectChildrenOnly)
        return sorted(bar.count() for bar in bars if bar.isVisible() and bar.x() >= 0)

    qtbot.waitUntil(lambda: rows() == [3, 5])
    bench.layouts.reset()
    qtbot.waitUntil(lambda: rows() == [3, 5])
