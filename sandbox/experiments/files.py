"""Files that are read in bounds, and written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

from sandbox.document.errors import FileError, reason_of

from .errors import InputError

MOST_MEGABYTES = 256
"""The longest trace or control log: years by the minute, and many edits."""


def read_text(path: Path, what: str) -> str:
    """The text of a file or pipe of bounded length; `what` is wanted. Raises InputError."""
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_MEGABYTES * 1_000_000 + 1)
        if len(data) > MOST_MEGABYTES * 1_000_000:
            raise InputError(f"{path} is more than {MOST_MEGABYTES} MB; choose another file")
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise InputError(f"{path} is not text; {what}") from None
    except (OSError, ValueError) as failure:
        raise InputError(f"{path} cannot be read: {reason_of(failure)}") from None


def write_whole(path: Path, data: bytes) -> None:
    """Replace the file by these bytes at once. Raises FileError, with the file as it was."""
    make_whole(path, lambda temporary: temporary.write_bytes(data))


def make_whole(path: Path, make: Callable[[Path], object]) -> None:
    """Have a file made under a temporary name of the same ending, then put it in its place.

    What is no ordinary file (a pipe, /dev/stdout) is written to directly.
    """
    temporary: Path | None = None
    try:
        if path.is_dir():
            raise FileError(f"{path} cannot be written: it is a folder; choose a file name")
        target = path.resolve()
        handle, name = tempfile.mkstemp(
            prefix=".writing-",
            suffix=path.suffix,
            dir=None if is_special(path) else target.parent,
        )
        os.close(handle)
        temporary = Path(name)
        make(temporary)
        if is_special(path):
            path.write_bytes(temporary.read_bytes())
            return
        temporary.chmod(_mode(target))
        os.replace(temporary, target)
        temporary = None
    except (OSError, ValueError) as failure:
        if isinstance(failure, BrokenPipeError):
            raise
        raise FileError(f"{path} cannot be written: {reason_of(failure)}") from failure
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()


def is_special(path: Path) -> bool:
    """Whether it is there and no ordinary file: a pipe, a device."""
    return path.exists() and not path.is_file()


def _mode(target: Path) -> int:
    """As the old file, or as the user's mask would have it."""
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
