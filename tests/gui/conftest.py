"""A shown canvas on the web shop, with everything a person says and undoes at hand."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer

from sandbox.gui.canvas import Canvas
from sandbox.gui.session import Session
from sandbox.gui.theme import LIGHT
from tests.gui.fakes import FakeCatalogue, web_shop


@pytest.fixture
def session(qapp) -> Session:
    catalogue = FakeCatalogue()
    return Session(catalogue, web_shop(catalogue))


@pytest.fixture
def said(session) -> list[str]:
    """The messages of the session, as they are said."""
    messages: list[str] = []
    session.said.connect(messages.append)
    return messages


@pytest.fixture
def canvas(qtbot, session) -> Iterator[Canvas]:
    widget = Canvas(session, LIGHT)
    qtbot.addWidget(widget)
    widget.resize(1700, 700)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    widget.setFocus()
    yield widget
    widget.hide()
    running = [timer for timer in widget.findChildren(QTimer) if timer.isActive()]
    assert not running, "a timer of the canvas runs on after it is hidden"
