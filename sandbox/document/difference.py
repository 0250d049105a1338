"""What would make one document the other, as an edit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from .changes import Change, Edit, edit_of
from .document import Document


def difference(before: Document, after: Document, label: str) -> Edit:
    """The edit that turns `before` into what `after` is to a run: nodes, links, groups, scenario.

    A node that both have keeps the place and the name it has in `before`.
    """
    changes: list[Change] = []
    # what goes, goes before what comes, and links go first and come last
    links, nodes = _changes("link", before.links, after.links), _nodes(before, after)
    groups = _changes("group", before.groups, after.groups)
    changes += [c for c in links if c.after is None]
    changes += [c for c in (*groups, *nodes) if c.after is None]
    changes += [c for c in (*nodes, *groups, *links) if c.after is not None]
    changes.append(Change("attribute", "scenario", before.scenario, after.scenario))
    return edit_of(label, changes)


def _nodes(before: Document, after: Document) -> list[Change]:
    found = []
    for change in _changes("node", before.nodes, after.nodes):
        old, new = change.before, change.after
        if old is not None and new is not None:
            new = replace(new, x=old.x, y=old.y, label=old.label)
        found.append(Change("node", change.key, old, new))
    return found


def _changes(kind: Any, before: Mapping[Any, Any], after: Mapping[Any, Any]) -> list[Change]:
    keys = dict.fromkeys((*before, *after))
    return [
        Change(kind, key, before.get(key), after.get(key))
        for key in keys
        if before.get(key) is not after.get(key)
    ]
