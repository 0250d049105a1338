"""A real pointer on a real window: what Qt's own tests cannot do, a drag out of the palette."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = [pytest.mark.real_window, pytest.mark.timeout(90)]


class Window:
    """The program under the pointer."""

    def __init__(self, display: str) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.gui.pointer_window"],
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.spots = self.told()

    def told(self) -> dict:
        """The next thing the window tells."""
        return json.loads(self.process.stdout.readline())

    def drag(self, begin: str, end: tuple[int, int]) -> None:
        x, y = self.spots[begin]
        self._do("mousemove", x, y, "sleep", 0.1, "mousedown", 1)
        for step in range(1, 9):
            at = [x + (end[0] - x) * step // 8, y + (end[1] - y) * step // 8]
            self._do("mousemove", *at, "sleep", 0.03)
        self._do("sleep", 0.2, "mouseup", 1)

    def close(self) -> None:
        self.process.communicate(timeout=20)

    def _do(self, *words: object) -> None:
        subprocess.run(["xdotool", *map(str, words)], env=self.environment, check=True, timeout=20)


@pytest.fixture
def window(display) -> Iterator[Window]:
    shown = Window(display)
    yield shown
    shown.close()


def test_a_service_is_dragged_out_of_the_palette_linked_and_moved(window):
    window.drag("sqs", window.spots["ground"])
    placed = window.told()
    assert sorted(placed["services"].values()) == ["external", "external", "sqs"]

    window.drag("out", window.spots["in"])
    assert window.told()["links"] == [["web", "bank", "out>in"]]

    x, y = window.spots["web"]
    window.drag("web", (x, y + 100))
    moved = window.told()["places"]["web"]
    assert moved[0] == 0
    assert 80 <= moved[1] <= 120
