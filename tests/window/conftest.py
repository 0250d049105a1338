"""A screen of its own for each test, a person before it, and machine code that is warm already."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.window.person import ROOT, Person

SHOP = """{
 "directed": true, "multigraph": true,
 "graph": {"format": "architecture-sandbox", "version": "1.0", "name": "Shop",
  "scenario": {"duration_s": 604800.0}},
 "nodes": [
  {"id": "clients", "service": "clients", "x": 0, "y": 0, "params": {"rate_per_s": 100.0}},
  {"id": "elb", "service": "elb", "x": 300, "y": 0, "params": {}},
  {"id": "shop", "service": "auto_scaling_group", "x": 600, "y": 0, "params": {}}
 ],
 "edges": [
  {"source": "clients", "target": "elb", "key": "out>in", "params": {}},
  {"source": "elb", "target": "shop", "key": "targets>in", "params": {}}
 ]
}
"""


@pytest.fixture(scope="session")
def warm(tmp_path_factory: pytest.TempPathFactory) -> None:
    """The machine code of the shop is in the user's cache: one start compiles what is missing."""
    shop = tmp_path_factory.mktemp("warm") / "shop.json"
    shop.write_text(SHOP)
    command = [sys.executable, "-m", "sandbox", "run", str(shop), "--for", "60s"]
    subprocess.run(command, cwd=ROOT, check=True, timeout=240, capture_output=True)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A file: clients, a balancer and a scaling group, all connected."""
    file = tmp_path / "shop.json"
    file.write_text(SHOP)
    return file


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """Where screenshots go: $SANDBOX_SCREENSHOTS, or a folder that goes with the test."""
    folder = Path(os.environ.get("SANDBOX_SCREENSHOTS") or tmp_path / "pictures")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def surroundings(display: str, tmp_path: Path) -> dict[str, str]:
    """The environment of the program: this screen, and a home of its own but for the cache."""
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    environment.pop("WAYLAND_DISPLAY", None)
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for part in ("CONFIG", "DATA", "STATE"):
        environment[f"XDG_{part}_HOME"] = str(tmp_path / part.lower())
    return environment


@pytest.fixture
def start(surroundings: dict[str, str], pictures: Path) -> Iterator[Callable[..., Person]]:
    """`start(file=None, **variables)` starts the program; none of them outlives the test."""
    started: list[Person] = []

    def one(file: Path | None = None, **variables: str) -> Person:
        started.append(Person({**surroundings, **variables}, pictures, file))
        return started[-1]

    yield one
    for person in started:
        person.dismiss()
