"""Assistive technology may hear of canvases: what Qt and Python share of them is freed once."""

from __future__ import annotations

import subprocess
import sys

_HEARD = """
import gc
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from sandbox.gui.canvas import Canvas
from sandbox.gui.session import Session
from sandbox.gui.theme import LIGHT
from tests.gui.fakes import FakeCatalogue, web_shop

app = QApplication([])
QAccessible.setActive(True)
catalogue = FakeCatalogue()
for told in range(4):
    canvas = Canvas(Session(catalogue, web_shop(catalogue)), LIGHT)
    canvas.show()
    app.processEvents()
    assert QAccessible.queryAccessibleInterface(canvas).childCount() > 2
    if told % 2:  # closed by Qt; else forgotten by Python
        canvas.deleteLater()
        app.processEvents()
    del canvas
    gc.collect()
"""


def test_a_program_whose_canvases_were_told_of_ends_cleanly():
    ended = subprocess.run(
        [sys.executable, "-c", _HEARD], capture_output=True, text=True, timeout=100, check=False
    )
    assert (ended.returncode, ended.stderr) == (0, "")
