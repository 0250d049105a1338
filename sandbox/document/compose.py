"""Several edits as one: each is made of the document as the ones before it leave it."""

from __future__ import annotations

from collections.abc import Callable

from .changes import Edit
from .document import Document

Step = Callable[[Document], Edit]


def in_turn(doc: Document, label: str, *steps: Step) -> Edit:
    """One edit, and so one step to undo, of what these functions of a document return in turn.

    Raises EditError when one of them does; nothing has changed then.
    """
    trial, whole = doc.copy(), Edit(label)
    for step in steps:
        edit = step(trial)
        if edit:
            trial.apply(edit)
            whole = whole.followed_by(edit)
    return whole
