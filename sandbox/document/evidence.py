"""How sure an import is of a link, why, and a person's word that it is right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from .changes import Change, Edit, edit_of
from .document import Document
from .records import Link, LinkId

CERTAIN = "certain"
_KEY = "evidence"
MEANINGS: Mapping[str, str] = {
    "probable": "Probable: the template allows it, and does not say that it happens.",
    "hint": "A hint: one names the other, and which way load flows is a guess.",
}


def evidence_of(link: Link) -> str:
    """`probable` or `hint` where an import was not sure of it, else `certain`."""
    said = link.extra.get(_KEY)
    return said if isinstance(said, str) and said in MEANINGS else CERTAIN


def reason_of(doc: Document, link: Link) -> str:
    """Why an import drew it, as its report says; empty for what it did not draw."""
    source = doc.source
    report = source.get("report") if isinstance(source, Mapping) else None
    told = report.get("links") if isinstance(report, Mapping) else None
    for entry in told if isinstance(told, (list, tuple)) else ():
        if isinstance(entry, Mapping) and list(link.id) in (entry.get("drawn") or ()):
            return str(entry.get("why") or "")
    return ""


def settle(doc: Document, link_id: LinkId) -> Edit:
    """The link as a certain one. Nothing to undo when it is that already."""
    link = doc.links[link_id]
    extra = {key: value for key, value in link.extra.items() if key != _KEY}
    after = replace(link, extra=extra)
    return edit_of("Say that the link is right", [Change("link", link_id, link, after)])
