"""A shown canvas on the web shop, with everything a person says and undoes at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer, QtMsgType, qInstallMessageHandler

from sandbox.gui.canvas import Canvas
from sandbox.gui.session import Session
from sandbox.gui.theme import LIGHT
from tests.gui.fakes import FakeCatalogue, web_shop

_ALOUD = (QtMsgType.QtWarningMsg, QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
_warned: list[str] = []


# Of pyproject.toml's qt_log_ignore: what the offscreen platform cannot do.
_IGNORED = re.compile("This plugin (does not support|supports grabbing the mouse)")


def _hear(kind, _context, message):
    if kind in _ALOUD and not _IGNORED.search(message):
        _warned.append(message)


# pytest-qt listens to each test, but not while fixtures are made and taken down: then it gives the
# word back to whom it had it from, who must so be there before the first test.
qInstallMessageHandler(_hear)


@pytest.fixture(autouse=True)
def _no_qt_warning():
    """A warning of Qt fails the test, whenever it comes."""
    _warned.clear()
    yield
    said = list(_warned)
    assert said == [], "Qt complained outside of the test itself"


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
