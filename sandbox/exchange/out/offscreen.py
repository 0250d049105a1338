"""Pictures need Qt, which only the window knows: they are drawn by a process without a screen."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import sandbox
from sandbox.exchange.errors import ExportError

PATIENCE_S = 300.0
"""A diagram of thousands of nodes takes seconds; longer than this something hangs (assumption)."""


def draw(module: str, arguments: Iterable[str], more: Mapping[str, str] | None = None) -> str:
    """Run a module of the window that draws, and return what it says. Raises ExportError."""
    house = str(Path(sandbox.__file__).parents[1])
    known = os.environ.get("PYTHONPATH")
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join([house, *([known] if known else [])]),
        **(more or {}),
    }
    try:
        drawn = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE_S,
        )
    except subprocess.TimeoutExpired:
        raise ExportError(
            f"the picture was not done after {PATIENCE_S:.0f} s; export a part of the diagram"
        ) from None
    if drawn.returncode:
        said = [line for line in drawn.stderr.splitlines() if line.strip()]
        raise ExportError(f"the picture could not be drawn: {said[-1] if said else 'Qt stopped'}")
    return drawn.stdout.strip()
