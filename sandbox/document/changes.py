"""An edit: reversible changes to a document, each what one thing was before and is after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from .records import EditError as EditError

ChangeKind = Literal["node", "link", "group", "annotation", "attribute"]
ATTRIBUTES = ("name", "notes", "scenario", "view", "source", "extra")


@dataclass(frozen=True, slots=True)
class Change:
    """One thing before and after; None before means created, None after means deleted.

    `key` is the id of a node, group or annotation, the `(source, target, key)` of a link, or one of
    `ATTRIBUTES`.
    """

    kind: ChangeKind
    key: Any
    before: Any
    after: Any

    def reversed(self) -> Change:
        return Change(self.kind, self.key, self.after, self.before)

    @property
    def changes_nothing(self) -> bool:
        # 1, 1.0 and True are equal in Python and different in a file.
        return bool(self.before == self.after) and repr(self.before) == repr(self.after)


@dataclass(frozen=True, slots=True)
class Edit:
    """What a person did, in words for the undo list, and the changes that make it so."""

    label: str
    changes: tuple[Change, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.changes)

    def reversed(self) -> Edit:
        """The edit that takes this one back."""
        return Edit(self.label, tuple(change.reversed() for change in reversed(self.changes)))

    def followed_by(self, later: Edit) -> Edit:
        """Both as one, each thing from its first state to its last (a drag in many small steps)."""
        merged: dict[tuple[str, Any], Change] = {}
        for change in (*self.changes, *later.changes):
            place = (change.kind, change.key)
            first = merged.get(place, change)
            merged[place] = Change(change.kind, change.key, first.before, change.after)
        return edit_of(self.label, merged.values())


def edit_of(label: str, changes: Any) -> Edit:
    """An edit of these changes without those that change nothing."""
    return Edit(label, tuple(change for change in changes if not change.changes_nothing))
