"""Where output goes: a file, whole or not at all, or, for `-`, standard output and nothing else."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console

from sandbox.document.errors import reason_of
from sandbox.experiments.errors import InputError
from sandbox.experiments.files import is_special, write_whole

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


def check_places(inputs: Iterable[str | None], **places: str | None) -> None:
    """Refuse, before any work is done, what could not be written at its end or should not: over
    one of the inputs, or two results to one file."""
    given = {name: where for name, where in places.items() if where is not None}
    if len([where for where in given.values() if where == STANDARD]) > 1:
        names = " and ".join(f"--{name}" for name, where in given.items() if where == STANDARD)
        raise InputError(f"{names} cannot both go to standard output; give one of them a file name")
    taken = {_real(where): "what is read" for where in inputs if where is not None}
    for name, where in given.items():
        if where == STANDARD:
            continue
        try:
            folder, special = Path(where).parent, is_special(Path(where))
            if not folder.is_dir():
                raise InputError(f"--{name} {where}: there is no folder {folder}; make it first")
            if Path(where).is_dir():
                raise InputError(f"--{name} {where}: it is a folder; choose a file name")
        except (OSError, ValueError) as failure:
            raise InputError(
                f"--{name} {where} cannot be written: {reason_of(failure)}"
            ) from failure
        real = _real(where)
        if real in taken and not special:
            raise InputError(f"--{name} {where} would overwrite {taken[real]}; choose another file")
        taken[real] = f"--{name}"


def _real(where: str) -> str:
    """One name for a file, however it is written."""
    try:
        return os.path.realpath(where)
    except (OSError, ValueError):
        return where
