"""Pictures need Qt, which only the window knows: they are drawn by a process without a screen."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from sandbox.exchange.errors import ExportError

PATIENCE_S = 300.0
"""A diagram of thousands of nodes takes seconds; longer than this something hangs (assumption)."""


_LOOK_S = 0.1


def draw(
    module: str,
    arguments: Iterable[str],
    more: Mapping[str, str] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> str:
    """Run a module of the window that draws, and return what it says. Raises ExportError."""
    house = str(Path(__file__).parents[3])
    known = os.environ.get("PYTHONPATH")
    environment = {
        **os.environ,
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": os.pathsep.join([house, *([known] if known else [])]),
        **(more or {}),
    }
    command = [sys.executable, "-m", module, *arguments]
    pipe, until = subprocess.PIPE, time.monotonic() + PATIENCE_S
    with subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True) as drawing:
        while True:
            try:
                out, err = drawing.communicate(timeout=_LOOK_S)
                break
            except subprocess.TimeoutExpired:
                if cancelled():
                    drawing.kill()
                    raise ExportError("cancelled") from None
                if time.monotonic() > until:
                    drawing.kill()
                    raise ExportError(
                        f"the picture was not done after {PATIENCE_S:.0f} s; "
                        "export a part of the diagram"
                    ) from None
    if drawing.returncode:
        said = [line for line in err.splitlines() if line.strip()]
        raise ExportError(f"the picture could not be drawn: {said[-1] if said else 'Qt stopped'}")
    return out.strip()
