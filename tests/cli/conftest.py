"""A small diagram on disk, and the command line in this process."""

from __future__ import annotations

from pathlib import Path

import pytest

from sandbox.cli import main
from sandbox.document.file import save
from sandbox.services import catalogue
from tests.simulation import diagram


@pytest.fixture
def shop(tmp_path: Path) -> str:
    """50/s to a service that takes 30/s and keeps a short queue."""
    document = diagram(
        {
            "users": ("clients", {"rate_per_s": 50}),
            "api": ("external", {"servers": 3, "service_time_s": 0.1, "queue_limit": 20}),
        },
        ["users.out > api.in"],
        duration_s=600.0,
    )
    path = tmp_path / "shop.json"
    save(document, path, catalogue())
    return str(path)


@pytest.fixture
def sandbox(capfdbinary):
    """Run a command: its status, what it printed, and what it complained of."""

    def sandbox(*arguments: str) -> tuple[int, bytes, str]:
        status = main(list(arguments))
        out, err = capfdbinary.readouterr()
        return status, out, err.decode()

    return sandbox
