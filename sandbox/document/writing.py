"""Bytes into a file, whole or not at all, with what was there kept as `NAME.bak`."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from .errors import FileError, reason_of


def write(path: Path, data: bytes) -> None:
    """Replace the file by these bytes at once; its permissions stay, a symbolic link is followed.

    At every moment the file holds either the old bytes or the new. Raises FileError, with the file
    as it was, when the folder or the disk refuses.
    """
    temporary: Path | None = None
    try:
        target = path.resolve()
        if target.is_dir():
            raise FileError(f"{path.name} cannot be saved: it is a folder; choose a file name")
        if target.exists() and not os.access(target, os.W_OK):
            raise FileError(
                f"{path.name} cannot be saved: it is read-only; "
                "change its permissions or save under another name"
            )
        handle, name = tempfile.mkstemp(prefix=".saving-", suffix=".tmp", dir=target.parent)
        temporary = Path(name)
        with open(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_mode(target))
        _keep(target, data)
        os.replace(temporary, target)
        temporary = None
        _settle(target.parent)
    except (OSError, ValueError, RuntimeError) as failure:
        reason = "its links lead in a circle; choose another place"
        if not isinstance(failure, RuntimeError):
            reason = reason_of(failure)
        raise FileError(f"{path.name} cannot be saved: {reason}") from failure
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink()


def _mode(target: Path) -> int:
    if target.exists():
        return target.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask


def _keep(target: Path, data: bytes) -> None:
    """Keep the old file as a backup, unless it says the same. Saving matters more than this."""
    backup = target.with_name(target.name + ".bak")
    spare = target.with_name(target.name + ".bak.tmp")
    with contextlib.suppress(OSError):
        if not target.is_file() or target.read_bytes() == data:
            return
        spare.unlink(missing_ok=True)
        try:
            os.link(target, spare)  # needs no space on a full disk
        except OSError:
            shutil.copy2(target, spare)
        os.replace(spare, backup)
    with contextlib.suppress(OSError):
        spare.unlink(missing_ok=True)


def _settle(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
