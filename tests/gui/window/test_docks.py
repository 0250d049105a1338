"""Where the panels stand at first."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMainWindow

from sandbox.gui import docks

TITLES = ("Palette", "Outline", "History", "Inspector", "Guide", "Plots", "Events", "Problems")


@pytest.mark.parametrize("short", [False, True])
def test_a_short_screen_has_no_panels_on_the_left(qtbot, monkeypatch, short):
    window = QMainWindow()
    qtbot.addWidget(window)
    high = window.screen().availableGeometry().height()
    monkeypatch.setattr(docks, "_SHORT", high + 1 if short else high)
    names = [*TITLES, docks.SAMPLE, docks.THEORY]
    made = docks.arrange(window, {title: QLabel(title) for title in names})
    left = Qt.DockWidgetArea.LeftDockWidgetArea
    on_the_left = {title for title, dock in made.items() if window.dockWidgetArea(dock) == left}
    assert on_the_left == (set() if short else {"Palette", "Outline", "History"})
    beside = {dock.objectName() for dock in window.tabifiedDockWidgets(made["Inspector"])}
    assert ("dock-palette" in beside) is short
    assert not window.isVisible()
