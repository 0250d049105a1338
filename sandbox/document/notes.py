"""The verbs for notes on the canvas; `edits` has the others, and these too."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from .changes import Change, Edit, EditError, edit_of
from .coordinates import pixels
from .document import Document
from .ids import Ids
from .records import Annotation


def annotate(doc: Document, text: str, x: float, y: float) -> Edit:
    """A new note at (x, y)."""
    note = Annotation(Ids(doc).new("note"), text, pixels(x), pixels(y))
    return edit_of("Add note", [Change("annotation", note.id, None, note)])


def set_annotation(doc: Document, id: str, **values: Any) -> Edit:
    """A note's `text`, `x`, `y`, `width` or `height`."""
    if id not in doc.annotations:
        raise EditError(f"there is no note {id!r}")
    old = doc.annotations[id]
    return edit_of("Change note", [Change("annotation", id, old, replace(old, **values))])
