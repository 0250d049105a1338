"""A whole window with a small diagram that really runs, and a check that it leaves nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QThread, QTimer

from sandbox.document import Document, Link, Node, Scenario


@pytest.fixture(scope="session")
def services() -> Any:
    from sandbox.services.registry import catalogue

    return catalogue()


@pytest.fixture(scope="session")
def make_run(services: Any) -> Any:
    from sandbox.gui.app import run_maker

    return run_maker(services)


@pytest.fixture
def diagram(services: Any) -> Document:
    """100 requests/s to a shop of 20 servers that take 100 ms: half of them are busy."""
    return Document(
        name="Shop",
        scenario=Scenario(duration_s=7200.0),
        nodes=[
            Node("clients", "clients", "Shoppers", 0, 100, {"rate_per_s": 100.0}),
            Node("shop", "external", "Shop", 300, 100, {"servers": 20, "service_time_s": 0.1}),
        ],
        links=[Link("clients", "shop", "out", "in")],
        catalogue=services,
    )


@pytest.fixture
def bench(
    qtbot: Any, services: Any, make_run: Any, diagram: Document, tmp_path: Path
) -> Iterator[Any]:
    """The furnished window, the diagram open and paused at time zero."""
    from sandbox.gui.shell import Shell
    from sandbox.gui.window import Workbench

    shell = Shell()
    shell.resize(1400, 850)
    before = threading.active_count()
    made = Workbench(shell, services, make_run, tmp_path / "journals")
    made.session.open(diagram)
    shell.show()
    # The first run on a machine compiles its services.
    qtbot.waitUntil(lambda: made.runner.moment.ready, timeout=100_000)
    yield made
    shell.may_close = lambda: True
    shell.close()
    assert not made.runner.alive
    assert threading.active_count() <= before
    qtbot.wait(1)  # what was still to be done at once is done
    running = [
        f"{type(timer.parent()).__name__} {timer.interval()} ms"
        for timer in shell.findChildren(QTimer)
        if timer.isActive()
    ]
    assert running == [], "a timer runs on after the window is closed"
    assert [t for t in shell.findChildren(QThread) if t.isRunning()] == []
    shell.deleteLater()
    qtbot.wait(1)
