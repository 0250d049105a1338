"""What every way out has in common: a format, what it makes, and what it could not say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from sandbox.document import Catalogue, Document

from .figures import Figures

Went = Literal["exported", "in part", "kept beside", "left out"]

WORDS: dict[Went, str] = {
    "exported": "exported",
    "in part": "exported in part",
    "kept beside": "kept beside it",
    "left out": "left out",
}


@dataclass
class Line:
    """One node, link or group of the diagram: `what` is its id, `kind` says of what it is one.

    `kept beside` is in the file in a form that only this program reads, such as a template's
    Metadata.
    """

    what: str
    kind: str
    went: Went
    why: str = ""

    def plain(self) -> dict[str, Any]:
        return {"what": self.what, "kind": self.kind, "went": self.went, "why": self.why or None}


@dataclass
class ExportReport:
    """What became of each part of the diagram. `notes` are about the file as a whole."""

    to: str
    lines: list[Line] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def say(self, what: str, kind: str, went: Went, why: str = "") -> None:
        self.lines.append(Line(what, kind, went, why))

    def summary(self) -> str:
        """One line: `4 nodes: 3 exported, 1 kept beside it; 2 links: 2 exported`."""
        parts = []
        for kind in dict.fromkeys(line.kind for line in self.lines):
            of = [line for line in self.lines if line.kind == kind]
            counts = {word: sum(line.went == went for line in of) for went, word in WORDS.items()}
            told = ", ".join(f"{n} {word}" for word, n in counts.items() if n)
            parts.append(f"{len(of)} {kind}{'s' * (len(of) != 1)}: {told}")
        return "; ".join(parts) or "nothing to export"

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "to": self.to,
            "lines": [line.plain() for line in self.lines],
            "notes": self.notes,
        }


def whole(document: Document, to: str, notes: bool = True) -> ExportReport:
    """The report of a format that has all nodes, links and groups; notes on the canvas maybe."""
    report = ExportReport(to)
    for kind, found in (("node", document.nodes), ("group", document.groups)):
        for id in found:
            report.say(id, kind, "exported")
    for link in document.links.values():
        report.say(f"{link.source} → {link.target}", "link", "exported")
    for id in document.annotations:
        report.say(id, "note", "exported" if notes else "left out")
    return report


@dataclass(frozen=True)
class Exported:
    """A file's bytes and the report of what is in them."""

    data: bytes
    report: ExportReport


@dataclass(frozen=True)
class Options:
    """What some formats can be asked for: how pictures look, and a run to tell of. Drawing ends
    soon after `cancelled` says so."""

    theme: str = "light"
    figures: Figures | None = None
    cancelled: Callable[[], bool] = lambda: False


@dataclass(frozen=True)
class Format:
    """A format: `id` is its name on the command line, `suffix` how its files end, `binary`
    whether its bytes are nothing for a terminal. It `takes` some of the options by name, with
    `write_as`."""

    id: str
    title: str
    suffix: str
    write: Callable[[Document, Catalogue], Exported]
    binary: bool = False
    takes: tuple[str, ...] = ()
    write_as: Callable[[Document, Catalogue, Options], Exported] | None = None
