"""How long a person waits between moving the load and seeing it; at most 50 ms."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QEvent, QObject


class _Painted(QObject):
    """Counts the pictures of the canvas."""

    count = 0

    def eventFilter(self, watched, event):
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.mark.benchmark(timer=time.perf_counter, group="response")
def test_the_picture_follows_the_load_slider(benchmark, bench, qapp):
    """From the move of the slider to the first picture of a tick under the new load."""
    painted = _Painted()
    bench.canvas.viewport().installEventFilter(painted)
    bench.runner.play()
    slider, step = bench.transport.load.slider, iter(range(10**9))

    def one() -> None:
        before = bench.runner.moment.load
        slider.setValue(600 + 20 * (next(step) % 10))
        until = time.perf_counter() + 5.0
        while bench.runner.moment.load == before and time.perf_counter() < until:
            qapp.processEvents()
        seen = painted.count
        while painted.count == seen and time.perf_counter() < until:
            qapp.processEvents()
        assert bench.runner.moment.load != before

    one()
    benchmark.pedantic(one, rounds=15)
    bench.runner.pause()
