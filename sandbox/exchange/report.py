"""The import report: what became of each resource and link, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

Became = Literal["mapped", "assumed", "passive", "without meaning"]
Certainty = Literal["certain", "probable", "hint"]

WORDS: dict[str, str] = {
    "mapped": "mapped",
    "assumed": "assumed",
    "passive": "shown as a passive box",
    "without meaning": "without meaning for load",
}


@dataclass
class Entry:
    """One resource: `nodes` are the ids of what stands for it on the canvas."""

    resource: str
    type: str
    became: Became
    why: str
    service: str = ""
    nodes: tuple[str, ...] = ()
    assumptions: list[str] = field(default_factory=list)

    def plain(self) -> dict[str, Any]:
        return {
            "resource": self.resource,
            "type": self.type,
            "became": self.became,
            "why": self.why,
            "service": self.service or None,
            "nodes": list(self.nodes),
            "assumptions": self.assumptions,
        }


@dataclass
class LinkEntry:
    """One link between two resources; `drawn` are the links of the diagram that stand for it."""

    source: str
    target: str
    certainty: Certainty
    why: str
    via: str = ""
    drawn: list[tuple[str, str, str]] = field(default_factory=list)
    not_drawn: str = ""

    def plain(self) -> dict[str, Any]:
        return {
            "source": self.source,
            "target": self.target,
            "certainty": self.certainty,
            "why": self.why,
            "via": self.via or None,
            "drawn": [list(link) for link in self.drawn],
            "not_drawn": self.not_drawn or None,
        }


@dataclass
class Report:
    """All of it. `notes` are about the file as a whole: parameters taken, files not followed."""

    template: str
    kind: str
    resources: list[Entry] = field(default_factory=list)
    links: list[LinkEntry] = field(default_factory=list)
    load: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        return {word: sum(e.became == word for e in self.resources) for word in WORDS}

    def summary(self) -> str:
        """One line: `12 resources: 4 mapped, …; 5 links`."""
        parts = [f"{n} {WORDS[word]}" for word, n in self.counts().items() if n]
        total, links = len(self.resources), len(self.links)
        return (
            f"{total} resource{'s' * (total != 1)}: {', '.join(parts) or 'none'}; "
            f"{links} link{'s' * (links != 1)}"
        )

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "template": self.template,
            "kind": self.kind,
            "counts": self.counts(),
            "resources": [entry.plain() for entry in self.resources],
            "links": [link.plain() for link in self.links],
            "load": self.load,
            "notes": self.notes,
        }
