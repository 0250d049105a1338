"""A link in words: its mode, its ports where they are not the usual ones, how sure it is."""

from __future__ import annotations

from sandbox.document import Catalogue, Document, Link
from sandbox.document.evidence import CERTAIN, evidence_of

_PLAIN = ("in", "out", "targets", "messages", "records")


def mode_of(document: Document, catalogue: Catalogue, link: Link) -> str:
    """How the two ends of a link meet: as it says, or as its ports do by nature."""
    said = link.params.get("mode")
    if isinstance(said, str):
        return said
    source, target = document.nodes[link.source].service, document.nodes[link.target].service
    if source not in catalogue or target not in catalogue:
        return "sync"
    modes = catalogue.link_modes(source, link.source_port, target, link.target_port)
    return modes[0] if modes else "sync"


def label_of(document: Document, catalogue: Catalogue, link: Link) -> str:
    """A few words beside a drawn link; nothing where its stroke says all."""
    words = []
    if link.source_port not in _PLAIN:
        words.append(link.source_port.replace("_", " "))
    mode = mode_of(document, catalogue, link)
    if mode in ("pull", "standby", "control"):
        words.append(mode)
    operation = link.params.get("operation")
    if operation in ("read", "write"):
        words.append(str(operation))
    for name, text in (("share", "share {}"), ("calls", "× {}")):
        value = link.params.get(name)
        if isinstance(value, (int, float)):
            words.append(text.format(f"{value:g}"))
    if evidence_of(link) != CERTAIN:
        words.append(evidence_of(link))
    return ", ".join(words)
