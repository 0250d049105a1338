"""Rubbish with widgets in it is deleted by the thread of the widgets, whoever makes it."""

from __future__ import annotations

import gc
import threading
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QTimer

from sandbox.gui import rubbish


@pytest.fixture
def held():
    holder = SimpleNamespace()
    rubbish.hold(holder)
    yield holder
    rubbish.release(holder)


def rubbish_with_a_timer() -> list[int]:
    """Where the timer will have been deleted."""
    deleted: list[int] = []

    class Kept:
        def __init__(self) -> None:
            self.me, self.timer = self, QTimer()

        def __del__(self) -> None:
            deleted.append(threading.get_ident())

    Kept()
    return deleted


def allocating() -> None:
    kept = [[] for _ in range(200_000)]
    assert kept


def test_another_thread_collects_nothing_while_it_is_held(qapp, held):
    deleted = rubbish_with_a_timer()
    thread = threading.Thread(target=allocating)
    thread.start()
    thread.join()
    assert deleted == []
    for _ in range(12):
        rubbish.collect()
        allocating()
    assert set(deleted) <= {threading.get_ident()}
    gc.collect()
    assert deleted == [threading.get_ident()]


def test_python_collects_by_itself_again_once_the_last_has_let_go(held):
    other = SimpleNamespace()
    rubbish.hold(other)
    assert not gc.isenabled()
    rubbish.release(other)
    assert not gc.isenabled()
    rubbish.release(held)
    assert gc.isenabled()
    rubbish.release(held)
    assert gc.isenabled()


def test_a_running_window_leaves_pythons_own_way_as_it_was(qtbot):
    from sandbox.gui.runner import Runner
    from sandbox.gui.session import Session
    from tests.gui.fakes import FakeCatalogue

    before = gc.isenabled()
    runner = Runner(Session(FakeCatalogue()), lambda document, tell: None)
    assert not gc.isenabled()
    runner.stop()
    assert gc.isenabled() == before
