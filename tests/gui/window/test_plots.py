"""Plots show what the run recorded: thinned out, yet with every spike, and across edits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from sandbox.document.edits import set_params
from sandbox.gui.curves import Curve, envelope, thinned, value_at
from sandbox.gui.dragged import metric_mime, metric_of
from sandbox.gui.plots.axes import TimeAxis, ValueAxis
from sandbox.gui.plots.plot import _round_above


def curve(t, mean, lo=None, hi=None):
    t, mean = np.asarray(t, float), np.asarray(mean, float)
    return Curve("n", "m", t, mean, mean if lo is None else lo, mean if hi is None else hi)


@given(arrays(float, st.integers(1, 5000), elements=st.floats(-1e6, 1e6)), st.integers(2, 700))
def test_thinning_keeps_every_spike(values, columns):
    thin = thinned(curve(np.arange(len(values)), values), columns)
    assert len(thin.t) <= max(columns, 1)
    assert thin.hi.max() == values.max()
    assert thin.lo.min() == values.min()
    assert np.all(np.diff(thin.t) > 0)


def test_the_line_through_an_envelope_touches_both_extremes_of_each_column():
    x, y = envelope(curve([0, 1], [5, 2], lo=np.array([4.0, 0.0]), hi=np.array([9.0, 3.0])))
    assert x.tolist() == [0, 0, 1, 1]
    assert sorted(y[:2]) == [4, 9]
    assert y[2:].tolist() == [3, 0]  # it falls: highest first


def test_a_value_is_read_at_a_time_or_now():
    seen = curve([0, 10, 20], [1, 2, 3])
    assert value_at(seen, None) == 3
    assert value_at(seen, 8) == 2
    assert np.isnan(value_at(curve([], []), None))


@pytest.mark.parametrize(("top", "ceiling"), [(0, 1), (0.7, 0.8), (12, 15), (99, 100), (101, 150)])
def test_a_scale_ends_at_a_round_number(top, ceiling):
    assert _round_above(top) == pytest.approx(ceiling)


def test_time_stands_at_round_times_of_day(qapp):
    axis = TimeAxis()
    axis.set_start("2026-01-05T08:07:30Z")
    ((spacing, at),) = axis.tickValues(0, 3600, 300)
    assert axis.tickStrings(at, 1, spacing) == ["08:15", "08:30", "08:45", "09:00"]


def test_long_latencies_are_marked_in_whole_minutes(qapp):
    axis = ValueAxis("s")
    ((spacing, _),) = axis.tickSpacing(0, 1500, 120)
    assert spacing == 300
    assert axis.tickStrings([0, 300, 600], 1, 300) == ["0 s", "5 min", "10 min"]


def shown(bench, plot):
    return dict(bench.plots.plots[plot]._data)


def test_the_five_usual_plots_show_the_diagram(bench, qtbot):
    bench.runner.step(120)
    qtbot.waitUntil(lambda: len(shown(bench, "latency")) == 3 and len(shown(bench, "cost")) > 0)
    assert set(bench.plots.plots) == {"instances", "throttling", "latency", "backlog", "cost"}
    qtbot.waitUntil(lambda: len(shown(bench, "latency")["clients", "latency_p95"].t) > 0)
    p50, p95, p99 = (
        value_at(shown(bench, "latency")["clients", f"latency_p{p}"], None) for p in (50, 95, 99)
    )
    assert 0.05 < p50 < p95 < p99 < 1.0
    qtbot.waitUntil(lambda: len(shown(bench, "instances")["shop", "instances"].t) > 0)
    instances = shown(bench, "instances")["shop", "instances"]
    assert value_at(instances, None) == 20


def test_an_edit_does_not_wipe_the_past_off_the_plots(bench, qtbot):
    bench.runner.step(200)
    bench.plots.span.setCurrentText("Everything")
    counted, nothing = ("shop", "instances"), curve([], [])
    qtbot.waitUntil(lambda: len(shown(bench, "instances").get(counted, nothing).t) > 0)
    bench.session.do(set_params, {"shop": {"servers": 40}})
    bench.runner.step(200)

    def past_and_present():
        seen = shown(bench, "instances")[counted]
        return bool(seen.t[-1] > 390 and value_at(seen, 100) == 20 and seen.mean[-1] == 40)

    qtbot.waitUntil(past_and_present)


@pytest.mark.parametrize(
    ("speed", "back_s"), [(1.0, 300.0), (300.0, 10800.0), (3600.0, 86400.0), (float("inf"), None)]
)
def test_plots_look_further_back_the_faster_time_goes(bench, qtbot, speed, back_s):
    asked = []
    bench.plots.asked.connect(asked.append)
    bench.runner.set_speed(speed)
    qtbot.waitUntil(lambda: bool(asked) and {query.span_s for query in asked[-1]} == {back_s})
    bench.plots.span.setCurrentText("Last 30 min")
    assert {query.span_s for query in asked[-1]} == {1800.0}


def test_a_metric_dropped_on_a_plot_of_its_unit_becomes_a_curve(bench, qtbot):
    plot = bench.plots.plots["backlog"]
    mime = metric_mime("shop", "in_flight")
    assert metric_of(mime) == ("shop", "in_flight")
    where, copy = QPointF(40, 40), Qt.DropAction.CopyAction
    left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(plot, QDragEnterEvent(where.toPoint(), copy, mime, left, none))
    QApplication.sendEvent(plot, QDropEvent(where, copy, mime, left, none))
    bench.runner.step(10)
    qtbot.waitUntil(lambda: ("shop", "in_flight") in shown(bench, "backlog"))


def test_a_metric_of_another_unit_gets_a_plot_of_its_own_that_can_be_removed(bench, qtbot):
    bench.plots.add_metric("backlog", "shop", "latency_p99")
    assert "shop.latency_p99" in bench.plots.plots
    bench.runner.step(10)
    qtbot.waitUntil(lambda: ("shop", "latency_p99") in shown(bench, "shop.latency_p99"))
    bench.plots.plots["shop.latency_p99"].closed.emit()
    assert "shop.latency_p99" not in bench.plots.plots


def test_plots_can_follow_the_selection(bench, qtbot):
    bench.plots.follow.setChecked(True)
    bench.session.select(["shop"])
    assert bench.plots.plots["latency"].wanted == tuple(
        ("shop", f"latency_p{p}") for p in (50, 95, 99)
    )
    bench.session.select()
    assert bench.plots.plots["latency"].wanted[0][0] == "clients"


def test_pointing_into_one_plot_reads_all_of_them_at_that_time(bench, qtbot):
    bench.runner.step(100)
    qtbot.waitUntil(lambda: len(shown(bench, "latency")) == 3)
    bench.plots.plots["cost"].pointed.emit(50.0)
    assert all(plot._cursor.isVisible() for plot in bench.plots.plots.values())
    bench.plots.plots["cost"].pointed.emit(float("nan"))
    assert not any(plot._cursor.isVisible() for plot in bench.plots.plots.values())


# --- zoom, flags, log axis, export, forecast, and what is kept -----------------------------------


def stepped(bench, qtbot, ticks):
    before = bench.runner.moment.tick
    bench.runner.step(ticks)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == before + ticks)


def spans(bench):
    return {plot._span for plot in bench.plots.plots.values()}


def test_zooming_one_plot_zooms_all_and_following_takes_it_back(bench, qtbot):
    stepped(bench, qtbot, 3000)
    bench.plots.plots["latency"].zoomed.emit(1000.0, 1200.0)
    qtbot.waitUntil(lambda: spans(bench) == {(1000.0, 1200.0)})
    latency = bench.plots.plots["latency"]
    t = next(iter(latency._data.values())).t
    assert t.min() >= 1000
    assert t.max() <= 1200
    assert len(t) >= 199  # second by second
    assert bench.plots.bar.whole.isEnabled()
    latency.unzoomed.emit()
    qtbot.waitUntil(lambda: spans(bench) == {(1200.0, 3000.0)})


def test_dragging_over_a_plot_zooms_to_that_stretch(bench, qtbot):
    stepped(bench, qtbot, 1800)
    plot = bench.plots.plots["latency"]
    qtbot.waitUntil(lambda: plot._span == (0.0, 1800.0))
    viewport, box = plot._view.viewport(), plot._view.getViewBox()
    edges = [plot._view.mapFromScene(box.mapViewToScene(QPointF(t, 0.0))) for t in (450, 900)]
    y = viewport.height() // 2
    for point in edges:
        point.setY(y)
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=edges[0])
    qtbot.mouseMove(viewport, edges[1])
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=edges[1])
    qtbot.waitUntil(lambda: plot._span != (0.0, 1800.0))
    assert plot._span[0] == pytest.approx(450, abs=20)
    assert plot._span[1] == pytest.approx(900, abs=20)


def test_a_logarithmic_axis_spans_whole_decades(bench, qtbot):
    stepped(bench, qtbot, 600)
    plot = bench.plots.plots["latency"]
    qtbot.waitUntil(lambda: [bool(c.mean.size) for c in plot._data.values()] == [True] * 3)
    bench.plots.set_logarithmic("latency", True)
    assert plot.logarithmic
    (_, _), (low, high) = plot._view.getViewBox().viewRange()
    assert (low, high) == (int(low), int(high))
    values = [float(curve.mean[-1]) for curve in plot._data.values()]
    assert 10**low <= min(values)
    assert max(values) <= 10**high
    assert plot._values.tickStrings([-1.0], 1, 1) == ["100 ms"]


def test_a_scaling_action_is_a_flag_on_the_curve(bench, qtbot):
    from types import SimpleNamespace

    stepped(bench, qtbot, 600)
    told = SimpleNamespace(t_s=300.0, node="shop", kind="scale_out", text="desired 2 to 3")
    lost = SimpleNamespace(t_s=310.0, node="shop", kind="rejected", text="Rejected 3/s")
    away = SimpleNamespace(t_s=320.0, node="clients", kind="scale_out", text="no curve here")
    bench.plots.show_events([told, lost, away])
    plot = bench.plots.plots["instances"]
    qtbot.waitUntil(lambda: len(plot._flags.flags) == 1)
    (flag,) = plot._flags.flags
    assert flag.t_s == 300.0
    assert flag.y == 20
    assert "08:05:00: desired 2 to 3" in flag.words


def test_numbers_and_pictures_are_exported(bench, qtbot, tmp_path):
    from sandbox.gui.plots import export

    stepped(bench, qtbot, 60)
    plot = bench.plots.plots["latency"]
    qtbot.waitUntil(lambda: [len(curve.t) for curve in plot._data.values()] == [60] * 3)
    for ending, begins in ((".png", b"\x89PNG"), (".svg", b"<?xml"), (".csv", b"t_s,")):
        path = tmp_path / f"plot{ending}"
        export.save(plot, plot.named, path)
        assert path.read_bytes().startswith(begins)
    lines = (tmp_path / "plot.csv").read_text().splitlines()
    assert lines[0].startswith("t_s,p50,p50.min,p50.max,p95")
    assert len(lines) == 61
    assert lines[1].startswith("1,0.")
    with pytest.raises(OSError, match="names no kind of file"):
        export.save(plot, plot.named, tmp_path / "plot.doc")


def test_what_was_chosen_is_kept_with_the_diagram_and_undone_like_any_edit(bench, services, qtbot):
    from sandbox.document.file import dump, loads

    bench.plots.plot_metric("shop", "goodput")
    bench.plots.set_logarithmic("cost", True)
    bench.plots.remove("backlog")
    bench.plots.remove_curve("latency", ("clients", "latency_p50"))
    bench.plots.bar.span.setCurrentIndex(3)
    text = dump(bench.session.document, services)
    bench.session.undo_stack.undo()
    assert bench.plots.bar.span.currentIndex() == 0
    bench.session.open(loads(text, "again", services))
    plots = bench.plots.plots
    qtbot.waitUntil(lambda: "shop.goodput" in plots)
    assert plots["cost"].logarithmic
    assert "backlog" not in plots
    assert ("clients", "latency_p50") not in plots["latency"].wanted
    assert bench.plots.bar.span.currentText() == "Last 3 h"
    assert bench.plots.bar.back.text() == "Show 1 hidden plot"
    bench.plots.bar.back.click()
    assert "backlog" in bench.plots.plots


@pytest.mark.parametrize(
    "nonsense", [7, "x", {"own": 3, "added": [1], "hidden": {"a": 1}, "span": 4}, {"own": [{}, 1]}]
)
def test_a_view_that_somebody_garbled_is_read_with_care(nonsense):
    from sandbox.gui.plots import saved

    assert saved.read({"plots": nonsense}) == saved.Choice()


def test_the_forecast_continues_the_curves_and_is_renewed_when_the_load_moves(bench, qtbot):
    stepped(bench, qtbot, 600)
    bench.plots.bar.switch_forecast()
    plot = bench.plots.plots["latency"]
    qtbot.waitUntil(lambda: plot._until == 600.0 + 21_600.0)
    assert len(plot._dotted) == 3
    throttling = bench.plots.plots["backlog"]
    before = throttling._future["shop", "backlog"].mean.max()
    assert before < 10
    bench.runner.set_load(4.0)  # 400/s to a shop that serves 200/s
    qtbot.waitUntil(lambda: throttling._future["shop", "backlog"].mean.max() > 4e6)
    assert bench.plots.bar._said.text().startswith("foretold in ")
    bench.plots.bar.switch_forecast()
    assert plot._until is None
    assert not plot._dotted


def test_while_looking_back_the_plots_mark_the_moment_and_read_their_values_there(bench, qtbot):
    stepped(bench, qtbot, 5000)
    plot = bench.plots.plots["latency"]
    bench.runner.scrub(2000.0)
    qtbot.waitUntil(lambda: plot._moment.isVisible())
    assert plot._moment.value() == 2000.0
    qtbot.waitUntil(lambda: plot._span == (740.0, 2540.0))  # a part of what came after is seen
    assert plot.legend._note.endswith("08:33:20")
    bench.runner.present()
    qtbot.waitUntil(lambda: not plot._moment.isVisible())
