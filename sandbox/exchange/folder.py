"""The files beside a template: only those inside its folder are ever opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from .errors import TemplateError
from .reading import read_file, read_text

MAX_FILES = 60
Files = Mapping[str, str]


@dataclass
class Folder:
    """Opens what a template refers to. `files` keeps the text of each by its relative name."""

    path: Path
    notes: list[str] = field(default_factory=list)
    files: dict[str, str] = field(default_factory=dict)

    def read(self, place: str, what: str) -> Any:
        """The values of a file named in a template, or None and a note why not."""
        if "://" in place or place.startswith("s3:") or not place:
            self.notes.append(f"{what}: {place or 'its file'} is not on this machine")
            return None
        root = self.path.resolve()
        try:
            target = (root / place).resolve()
            inside = target.is_relative_to(root)
        except (OSError, ValueError, RuntimeError):
            inside = False
        if not inside:
            self.notes.append(f"{what}: {place} lies outside the template's folder; not followed")
            return None
        if not target.is_file():
            self.notes.append(f"{what}: {place} is not at hand; put it beside the template")
            return None
        if len(self.files) >= MAX_FILES:
            self.notes.append(f"{what}: {place} is one file too many; only {MAX_FILES} are opened")
            return None
        try:
            found = read_file(target)
        except TemplateError as failure:
            self.notes.append(f"{what}: {failure}")
            return None
        self.files[target.relative_to(root).as_posix()] = found.text
        return found.value


class Given(Folder):
    """Texts by relative name in the place of a folder: those that were kept of an import."""

    def __init__(self, texts: Files) -> None:
        super().__init__(Path())
        self.texts = texts

    def read(self, place: str, what: str) -> Any:
        name = str(PurePosixPath(place))
        text = self.texts.get(name)
        if text is None:
            self.notes.append(f"{what}: {place or 'its file'} is not at hand")
            return None
        try:
            found = read_text(text.encode(), name)
        except TemplateError as failure:
            self.notes.append(f"{what}: {failure}")
            return None
        self.files[name] = text
        return found.value
