"""Where nodes stand: in which availability zones, and in whose account and Region."""

from __future__ import annotations

from collections.abc import Iterable

from sandbox.document.document import Document
from sandbox.document.faults import ZONE, members

APART = ("account", "region")  # quotas are those of one account in one Region

Standing = dict[str, tuple[str, ...]]


def zones(document: Document) -> Standing:
    """The availability zones that each node stands in."""
    return _standing(document, (ZONE,))


def accounts(document: Document) -> Standing:
    """The groups that set a node's quotas apart from those of others; the rest share one account
    in one Region, and are not named."""
    return _standing(document, APART)


def _standing(document: Document, kinds: Iterable[str]) -> Standing:
    found: Standing = {}
    for kind in kinds:
        for group in document.groups.values():
            if group.kind == kind:
                for member in members(document, group.id):
                    found[member] = (*found.get(member, ()), group.id)
    return found
