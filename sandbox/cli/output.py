"""Where output goes: a file, whole or not at all, or, for `-`, standard output and nothing else."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console

from sandbox.experiments.errors import InputError
from sandbox.experiments.files import write_whole

STANDARD = "-"
WIDE = 160  # columns where there is no terminal to ask


def console() -> Console:
    """Standard output for people: as wide as the terminal, plain in a pipe."""
    return Console(
        width=None if sys.stdout.isatty() else WIDE, highlight=False, emoji=False, soft_wrap=False
    )


def put(where: str, data: bytes) -> None:
    """Write bytes to a file or standard output."""
    if where != STANDARD:
        write_whole(Path(where), data)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def check_places(**places: str | None) -> None:
    """Refuse, before any work is done, what could not be written at its end."""
    given = {name: where for name, where in places.items() if where is not None}
    if len([where for where in given.values() if where == STANDARD]) > 1:
        names = " and ".join(f"--{name}" for name, where in given.items() if where == STANDARD)
        raise InputError(f"{names} cannot both go to standard output; give one of them a file name")
    for name, where in given.items():
        if where == STANDARD:
            continue
        folder = Path(where).parent
        if not folder.is_dir():
            raise InputError(f"--{name} {where}: there is no folder {folder}; make it first")
        if Path(where).is_dir():
            raise InputError(f"--{name} {where}: it is a folder; choose a file name")
