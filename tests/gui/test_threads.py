"""A thread of the window's holds back Python's collector for exactly as long as it runs."""

from __future__ import annotations

import gc
import threading

import pytest

from sandbox.gui.threads import Thread


class Waiting(Thread):
    def __init__(self) -> None:
        super().__init__()
        self.go = threading.Event()

    def run(self) -> None:
        self.go.wait()


@pytest.fixture
def waiting(qapp):
    assert gc.isenabled()
    thread = Waiting()
    yield thread
    thread.go.set()
    thread.wait()


def test_one_that_was_never_started_holds_nothing(waiting):
    assert gc.isenabled()
    waiting.let_go()
    assert gc.isenabled()


def test_it_holds_until_it_has_ended_by_itself(waiting, qtbot):
    waiting.start()
    assert not gc.isenabled()
    waiting.go.set()
    qtbot.waitUntil(gc.isenabled)


def test_one_that_outlasts_the_patience_still_holds(waiting):
    waiting.start()
    waiting.let_go(0.02)
    assert not gc.isenabled()
    waiting.go.set()
    waiting.let_go()
    assert gc.isenabled()
