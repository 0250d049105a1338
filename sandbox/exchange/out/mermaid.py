"""Mermaid: the diagram as a flowchart that GitHub, wikis and notebooks draw from text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, cast

from sandbox.document import Catalogue as Asked
from sandbox.document import Document
from sandbox.document.evidence import CERTAIN, evidence_of
from sandbox.document.rename import references

from .joints import label_of, mode_of
from .nesting import Box, nested
from .shape import Exported, Format, whole

if TYPE_CHECKING:
    from sandbox.services.registry import Catalogue

_SHAPES: Mapping[str, tuple[str, str]] = {
    "clients": ("([", "])"),
    "database": ("[(", ")]"),
    "integration": ("[[", "]]"),
    "streaming": ("[[", "]]"),
    "external": ("{{", "}}"),
}
_BOX = ("[", "]")
_ARROWS: Mapping[str, str] = {"sync": "-->"}
_DASHED = "-.->"
_RESERVED = {
    *("acc", "call", "class", "classdef", "click", "default", "direction", "end", "flowchart"),
    *("graph", "href", "interpolate", "linkstyle", "style", "subgraph"),
}
"""Words of the grammar that a node cannot be called; compared in small letters."""
_ENTITIES = str.maketrans(
    {"#": "#35;", '"': "#quot;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "`": "#96;", "\\": "#92;"}
)


def mermaid(document: Document, catalogue: Catalogue) -> str:
    """A flowchart: groups are subgraphs; queues and streams, stores, clients have their shapes.

    A whole line is a synchronous call, a dashed one anything else; words on a link say the rest.
    """
    names = _names([*document.nodes, *document.groups])
    lines = ["flowchart LR"]
    lines += _inside(document, catalogue, nested(document), names, "    ")
    for link in document.links.values():
        arrow = _ARROWS.get(mode_of(document, catalogue, link), _DASHED)
        if evidence_of(link) != CERTAIN:
            arrow = _DASHED
        label = label_of(document, catalogue, link)
        said = f'|"{escaped(label)}"|' if label else ""
        lines.append(f"    {names[link.source]} {arrow}{said} {names[link.target]}")
    for id, node in document.nodes.items():
        for watched in dict.fromkeys(references(node.params)):
            if watched in document.nodes:
                lines.append(f'    {names[id]} -.-|"watches"| {names[watched]}')
    return "\n".join(lines) + "\n"


def escaped(text: str) -> str:
    """A text for between double quotes: nothing in it is taken for grammar, HTML or Markdown."""
    lines = (" ".join(line.split()) for line in text.splitlines())
    return "<br/>".join(_listless(line.translate(_ENTITIES)) for line in lines if line)


def _listless(line: str) -> str:
    """Mermaid refuses labels that begin like a list: `1. ` and `- ` need not look like one."""
    return re.sub(r"^(\d+\.|[-*+]) ", lambda found: found[1] + "#160;", line)


def _inside(
    document: Document, catalogue: Catalogue, box: Box, names: Mapping[str, str], indent: str
) -> Iterator[str]:
    for id in box.nodes:
        node = document.nodes[id]
        known = catalogue.get(node.service)
        title, category = (known.title, known.category) if known else (node.service, "")
        left, right = _SHAPES.get(category, _BOX)
        label = escaped(node.label or id)
        kind = escaped(title)
        text = label if label == kind else f"{label}<br/>{kind}"
        yield f'{indent}{names[id]}{left}"{text}"{right}'
    for inner in box.boxes:
        if inner.group is None:
            continue
        label = escaped(inner.group.label or inner.group.id)
        yield f'{indent}subgraph {names[inner.group.id]}["{label}"]'
        yield from _inside(document, catalogue, inner, names, indent + "    ")
        yield f"{indent}end"


def _names(ids: list[str]) -> dict[str, str]:
    """A name of letters, digits and _ for each id, none twice and none a word of the grammar."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for id in ids:
        stem = re.sub(r"[^A-Za-z0-9_]", "_", id)
        if stem.lower() in _RESERVED or not stem[0].isalpha():
            stem = f"n_{stem}"
        name, number = stem, 2
        while name.lower() in taken:
            name, number = f"{stem}_{number}", number + 1
        taken.add(name.lower())
        found[id] = name
    return found


def _write(document: Document, catalogue: Asked) -> Exported:
    report = whole(document, "mermaid", notes=False)
    report.notes.append("parameters and the scenario are not in a flowchart")
    return Exported(mermaid(document, cast("Catalogue", catalogue)).encode(), report)


FORMAT = Format("mermaid", "Mermaid flowchart", ".mmd", _write)
