"""Earlier versions of files, kept apart from them: each save puts what was there before aside.

A file's versions lie in a folder of their own below the user's data, named by the time they were
replaced. The newest `MOST` are kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

MOST = 20
_STAMP = "%Y%m%dT%H%M%S.%fZ"


@dataclass(frozen=True, slots=True)
class Version:
    """What a file was until `replaced`, and where that is kept."""

    path: Path
    replaced: datetime


def keep(folder: str | Path, file: str | Path) -> None:
    """Put aside what the file is now, unless its newest version says the same.

    Saving matters more than this: what cannot be kept is not kept, without a word.
    """
    with contextlib.suppress(OSError):
        file = Path(file)
        data = file.read_bytes()
        known = versions(folder, file)
        if known and known[0].path.read_bytes() == data:
            return
        place = _place(folder, file)
        place.mkdir(parents=True, exist_ok=True)
        spare = place / ".writing"
        spare.write_bytes(data)
        os.replace(spare, place / f"{datetime.now(UTC):{_STAMP}}.json")
        for old in versions(folder, file)[MOST:]:
            old.path.unlink()


def versions(folder: str | Path, file: str | Path) -> list[Version]:
    """The earlier versions of a file, the latest first."""
    found = []
    with contextlib.suppress(OSError):
        for path in _place(folder, Path(file)).glob("*.json"):
            with contextlib.suppress(ValueError):
                when = datetime.strptime(path.name.removesuffix(".json"), _STAMP)
                found.append(Version(path, when.replace(tzinfo=UTC)))
    return sorted(found, key=lambda version: version.replaced, reverse=True)


def _place(folder: str | Path, file: Path) -> Path:
    full = str(file.resolve())
    digest = hashlib.sha256(full.encode("utf-8", "surrogateescape")).hexdigest()[:12]
    return Path(folder) / f"{file.stem[:40]}-{digest}"
