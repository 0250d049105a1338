"""Readable, unique ids: `sqs`, `sqs-2`, `sqs-3`…"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .document import Document


class Ids:
    """Ids that are taken, and the next free one of any name; nodes, groups and notes share them."""

    def __init__(self, doc: Document, also: Iterable[str] = ()) -> None:
        self._taken = {*doc.nodes, *doc.groups, *doc.annotations, *also}
        self._next: dict[str, int] = {}

    def new(self, wanted: str) -> str:
        """`wanted` if it is free, else with the next free number; it is taken from now on."""
        wanted = re.sub(r"[^A-Za-z0-9_-]+", "-", wanted).strip("-") or "node"
        if wanted in self._taken:
            stem = re.sub(r"-\d+$", "", wanted) or wanted
            number = self._next.get(stem, 2)
            while f"{stem}-{number}" in self._taken:
                number += 1
            self._next[stem] = number + 1
            wanted = f"{stem}-{number}"
        self._taken.add(wanted)
        return wanted
