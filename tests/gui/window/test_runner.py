"""The run follows the wall clock, the person and the document, and leaves no thread behind."""

from __future__ import annotations

import json
import time

from PySide6.QtWidgets import QApplication

from sandbox.document.edits import move, relabel, set_params
from sandbox.engine.controls import Control
from sandbox.engine.run import Run


def test_stepping_advances_by_exactly_one_tick(bench, qtbot):
    bench.runner.step()
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 1)
    bench.runner.step(59)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 60)
    assert not bench.runner.playing


def test_playing_at_sixty_times_keeps_sixty_times(bench, qtbot):
    bench.runner.set_speed(60.0)
    bench.runner.play()
    began = time.perf_counter()
    qtbot.waitUntil(lambda: bench.runner.moment.tick >= 60)
    took = time.perf_counter() - began
    bench.runner.pause()
    assert 0.7 < took < 3.0
    assert 30 < bench.runner.moment.real < 90


def test_as_fast_as_it_goes_stops_at_the_end_of_the_scenario(bench, qtbot):
    bench.runner.set_speed(float("inf"))
    with qtbot.waitSignal(bench.runner.ended, timeout=20_000):
        bench.runner.play()
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 7200)
    assert not bench.runner.playing


def test_the_frame_shows_what_flows_and_how_busy_a_node_is(bench, qtbot):
    bench.runner.step(300)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 300)
    frame = bench.runner.moment.frame
    assert abs(frame.nodes["shop"].utilization - 0.5) < 0.02
    assert frame.links["clients", "shop", "out>in"].flow_per_s == 100.0
    assert frame.nodes["clients"].headline == "100/s"
    assert frame.nodes["shop"].loss is None


def test_the_load_changes_the_run_and_not_the_document(bench, qtbot):
    bench.transport.load.times.setText("3")
    bench.transport.load.times.setModified(True)
    bench.transport.load.times.editingFinished.emit()
    bench.runner.step(10)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 10)
    assert bench.runner.moment.load == 3.0
    assert bench.runner.moment.frame.links["clients", "shop", "out>in"].flow_per_s == 300.0
    assert not bench.session.dirty
    assert bench.session.undo_stack.count() == 0


def test_an_edit_during_a_run_keeps_what_waits(bench, qtbot):
    bench.runner.set_load(4.0)
    bench.runner.step(100)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 100)
    bench.runner.watch(("shop",))
    qtbot.waitUntil(lambda: "shop" in bench.runner.moment.metrics)
    waiting = bench.runner.moment.metrics["shop"]["backlog"]
    assert waiting > 15_000  # 400/s came, 200/s went, for 100 s
    bench.session.do(set_params, {"shop": {"servers": 21}})
    bench.runner.step(1)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 101)
    assert abs(bench.runner.moment.metrics["shop"]["backlog"] - waiting) < 500


def test_moving_or_renaming_a_box_does_not_touch_the_run(bench, qtbot):
    bench.runner.step(5)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 5)
    bench.session.do(move, {"shop": (500, 300)})
    bench.session.do(relabel, "shop", "Another name")
    qtbot.wait(60)
    log = bench.runner._call(lambda run: list(run.controls))
    assert log == []


def test_reset_goes_back_to_time_zero_with_the_load_of_the_scenario(bench, qtbot):
    bench.runner.set_load(5.0)
    bench.runner.step(50)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 50)
    bench.runner.reset()
    qtbot.waitUntil(lambda: bench.runner.moment.ready and bench.runner.moment.tick == 0)
    assert bench.runner.moment.load == 1.0
    assert bench.transport.load.factor == 1.0


def test_a_saved_control_log_replays_to_the_same_numbers(bench, qtbot, services, tmp_path):
    bench.runner.step(30)
    bench.runner.set_load(2.5)
    bench.runner.step(40)
    bench.session.do(set_params, {"shop": {"servers": 30}})
    qtbot.wait(30)
    bench.runner.step(30)
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 100)
    played = bench.runner._call(lambda run: run.now("shop"))
    assert bench.runner.save_log(tmp_path / "log.jsonl") == 2
    lines = (tmp_path / "log.jsonl").read_text().splitlines()
    again = Run(bench.session.document, services, window=True)
    # The run begins with the diagram before the edit, which the log then carries out.
    bench.session.undo_stack.undo()
    again = Run(bench.session.document.copy(), services, window=True)
    again.replay([Control(**json.loads(line)) for line in lines])
    again.advance(100)
    assert again.now("shop") == played


def test_what_the_run_refuses_is_said_and_the_run_goes_on(bench, qtbot):
    with qtbot.waitSignal(bench.runner.refused) as said:
        bench.runner.control("shop", "paint", {})
    assert "paint" in said.args[0]
    qtbot.waitUntil(lambda: "paint" in bench.messages.text)
    bench.runner.step()
    qtbot.waitUntil(lambda: bench.runner.moment.tick == 1)


def test_the_window_stays_responsive_while_the_run_goes_as_fast_as_it_can(bench, qtbot):
    bench.runner.set_speed(float("inf"))
    bench.runner.play()
    slowest = 0.0
    until = time.perf_counter() + 1.0
    while time.perf_counter() < until:
        began = time.perf_counter()
        QApplication.processEvents()
        slowest = max(slowest, time.perf_counter() - began)
    assert slowest < 0.25


def test_closing_in_the_middle_of_a_run_stops_the_thread(bench, qtbot):
    bench.runner.set_speed(float("inf"))
    bench.runner.play()
    qtbot.waitUntil(lambda: bench.runner.moment.tick > 0)
    bench.window.close()
    assert not bench.runner.alive
