"""What quick add offers: services; for a link being drawn, those that may be at its other end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sandbox.document import Document
from sandbox.gui.canvas.geometry import Port
from sandbox.gui.catalogue import Services
from sandbox.language import tr

NOTE = ""
"""The service of the choice that stands for a note."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One row: a service, by which of its ports it would be connected, and of which of the node's
    own ports; empty where it would not be."""

    service: str
    title: str
    summary: str
    port: str = ""
    own: str = ""
    detail: str = ""

    def rank(self, words: Sequence[str]) -> int | None:
        """How well it answers a search: 0 best, None when a word does not occur at all."""
        title = self.title.lower()
        text = f"{title} {self.service} {self.detail} {self.summary}".lower()
        if not all(word in text for word in words):
            return None
        if not words:
            return 0
        first, starts = words[0], [title, self.service, *title.split(), *self.service.split("_")]
        if title.startswith(first) or self.service.startswith(first):
            return 0
        if any(word.startswith(first) for word in starts):
            return 1
        return 2 if first in title or first in self.service else 3


def services(catalogue: Services) -> list[Choice]:
    """All of them by title, and a note."""
    found = [Choice(s, catalogue[s].title, catalogue[s].summary) for s in catalogue]
    found.sort(key=lambda choice: choice.title.lower())
    return [*found, Choice(NOTE, tr("Note"), tr("Words on the canvas"))]


def partners(catalogue: Services, document: Document, ports: Sequence[Port]) -> list[Choice]:
    """The services that a link from (or to) one of these ports of a node may lead to."""
    found = []
    for own in ports:
        mine = document.nodes[own.node].service
        if mine not in catalogue:
            continue
        for service in catalogue:
            for port in catalogue.ports(service):
                if port.direction == own.direction:
                    continue
                ends = (mine, own.name, service, port.name)
                if own.direction == "in":
                    ends = (service, port.name, mine, own.name)
                if catalogue.why_not(*ends) is None:
                    info = catalogue[service]
                    told = _told(catalogue, mine, own, port.title, len(ports) > 1)
                    found.append(
                        Choice(service, info.title, info.summary, port.name, own.name, told)
                    )
    return sorted(found, key=lambda choice: choice.title.lower())


def _told(catalogue: Services, mine: str, own: Port, title: str, several: bool) -> str:
    """ "Messages → Invocations": by which ports, where that is not plain."""
    if not several:
        return title
    named = {port.name: port.title for port in catalogue.ports(mine)}
    return f"{named.get(own.name, own.name)} → {title}"


def matching(choices: Sequence[Choice], text: str) -> list[Choice]:
    """Those that a search finds, the best first, else in the order they had."""
    words = text.lower().split()
    ranked = [(choice.rank(words), choice) for choice in choices]
    found = [(rank, choice) for rank, choice in ranked if rank is not None]
    return [choice for _, choice in sorted(found, key=lambda pair: pair[0])]
