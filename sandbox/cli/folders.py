"""`--services DIR`: the folders of a person's own services."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sandbox.experiments.errors import InputError


def existing(folders: Sequence[str] | None) -> tuple[str, ...]:
    """The folders, if all are there. Raises InputError."""
    for folder in folders or ():
        if not Path(folder).is_dir():
            raise InputError(f"--services {folder}: there is no such folder; check the name")
    return tuple(folders or ())
