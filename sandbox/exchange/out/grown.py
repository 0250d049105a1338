"""What was drawn since an import, tried in the kept template: the import judges what it says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.document import Catalogue, Document
from sandbox.exchange.reading import read_text
from sandbox.exchange.remainder import KEY, unpacked

from .additions import LinkId, written
from .shape import ExportReport

Json = dict[str, Any]
_MOST_TRIES = 24
_BESIDE = "what was drawn since the import is no part of the template"


def with_additions(
    text: str,
    file: str,
    document: Document,
    catalogue: Catalogue,
    report: ExportReport,
    imported: Any,
) -> tuple[str, dict[str, str], dict[LinkId, str]]:
    """The text with what was drawn since, as far as an import reads it again; the nodes' names;
    and why the template does not have a link.

    Where it can take nothing, the report says why.
    """
    says = imported(text, bare=True)
    names = _names(document, says, text, file)
    lines = _lines(says)
    links = [link for link in document.links.values() if _named(link.id, names) not in lines]
    refused: dict[LinkId, str] = {}
    for _ in range(_MOST_TRIES):
        try:
            made = written(text, file, document, catalogue, names, links, refused, report.to)
        except (KeyError, AttributeError, TypeError) as error:
            report.notes.append(
                f"{_BESIDE}: a resource has a form that is not known here ({error!r})"
            )
            return text, names, refused
        if made is None:
            report.notes.append(f"{_BESIDE}: its Resources or Parameters take no more")
            return text, names, refused
        if not (made.names or made.links):
            return text, names, made.refused
        now = imported(made.text, bare=True)
        all_names = names | made.names
        seen = _lines(now)
        lost = [id for id in made.links if _named(id, all_names) not in seen]
        if not lost:
            break
        refused |= dict.fromkeys(lost, "the template has no word for it that is read again")
    else:
        report.notes.append(f"{_BESIDE}: it was not read again as it was drawn")
        return text, names, refused
    if not _same_but_more(says, now):
        report.notes.append(f"{_BESIDE}: it would change what the template says of others")
        return text, names, refused
    for id in made.names:
        report.say(id, "node", "exported", "drawn since the import; now a resource of its own")
    for source, target, _ in made.links:
        report.say(f"{source} → {target}", "link", "exported", "drawn since the import")
    return made.text, all_names, made.refused


def _named(id: LinkId, names: Mapping[str, str]) -> LinkId:
    return names.get(id[0], ""), names.get(id[1], ""), id[2]


def _lines(says: Json) -> set[LinkId]:
    return {(edge["source"], edge["target"], edge["key"]) for edge in says["edges"]}


def _same_but_more(before: Json, after: Json) -> bool:
    """Whether all nodes of resources and their parameters are as they were."""
    now = {node["id"]: node for node in after["nodes"]}
    return all(
        node["id"] in now
        and (now[node["id"]]["service"], now[node["id"]]["params"])
        == (node["service"], node["params"])
        for node in before["nodes"]
        if "resource" in node
    )


def _names(document: Document, says: Json, text: str, file: str) -> dict[str, str]:
    """The id of each node in a bare import, or an empty text; renamed ones stand in Metadata."""
    brought = {node["id"] for node in says["nodes"]}
    metadata = read_text(text.encode(), file).value.get("Metadata")
    ours = metadata.get(KEY) if isinstance(metadata, dict) else None
    renamed = {}
    for kept in unpacked(ours).get("nodes", ()) if isinstance(ours, dict) else ():
        if isinstance(kept, dict) and kept.get("of") in brought:
            renamed[kept["id"]] = kept["of"]
    found = {}
    for node in document.nodes.values():
        about = node.extra.get("resource")
        of = about.get("id") if isinstance(about, dict) else None
        name = renamed.get(node.id, node.id if node.id in brought else str(of or ""))
        found[node.id] = name if name in brought else ""
    return found
