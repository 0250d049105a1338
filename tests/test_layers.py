"""The import contracts of pyproject.toml hold, and would notice if they did not."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LINT = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()"]

PACKAGES = (
    "gui",
    "cli",
    "labs",
    "experiments",
    "engine",
    "exchange",
    "services",
    "document",
    "kernels",
)


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*LINT, "--no-cache", "--no-logo"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house of empty rooms under the same contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        room = tmp_path / "sandbox" / package
        room.mkdir(parents=True)
        (room / "__init__.py").touch()
    (tmp_path / "sandbox" / "__init__.py").touch()
    return tmp_path


def plant(house: Path, module: str, line: str) -> None:
    path = house.joinpath("sandbox", *module.split(".")).with_suffix(".py")
    path.write_text(line + "\n")


def test_each_layer_imports_from_below_only():
    result = lint(ROOT)
    assert result.returncode == 0, result.stdout + result.stderr


def test_imports_downwards_are_allowed(house: Path):
    plant(house, "__main__", "import sandbox.gui, sandbox.cli")
    plant(house, "gui.canvas", "import PySide6.QtWidgets, pyqtgraph, sandbox.engine")
    plant(house, "engine.run", "import sandbox.services, sandbox.document, sandbox.kernels")
    plant(house, "services.sqs", "import sandbox.kernels")
    result = lint(house)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    ("module", "line"),
    [
        ("cli.planted", "import sandbox.gui"),
        ("gui.planted", "import sandbox.cli"),
        ("engine.planted", "import sandbox.exchange"),
        ("exchange.planted", "import sandbox.experiments"),
        ("kernels.planted", "from sandbox.document import Node"),
        ("document.planted", "def late():\n    import sandbox.services"),
        ("services.planted", "import sandbox.document"),
        ("services.planted", "from sandbox import document"),
        ("engine.planted", "import PySide6.QtCore"),
        ("cli.planted", "def late():\n    from PySide6 import QtGui"),
        ("experiments.planted", "import pyqtgraph"),
    ],
)
def test_an_import_across_the_layers_is_noticed(house: Path, module: str, line: str):
    plant(house, module, line)
    result = lint(house)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout
    assert f"sandbox.{module}" in result.stdout
