"""GraphML: the diagram as a graph with attributes, for networkx, Gephi, yEd and the like."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Mapping
from typing import Any

import networkx

from sandbox.document import Catalogue, Document
from sandbox.document.evidence import evidence_of
from sandbox.document.records import plain

from .joints import mode_of
from .nesting import path_of
from .shape import Exported, Format, whole

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold (Extensible Markup Language 1.0, section 2.2)."""


def graph_of(document: Document, catalogue: Catalogue) -> networkx.MultiDiGraph:
    """A graph of plain attributes. A parameter is `param.NAME`, lists and records as JSON.

    All parameters of a node are there, those left at their defaults too.
    """
    about = {"name": document.name, "notes": document.notes}
    about |= {f"scenario.{name}": value for name, value in _scenario(document).items()}
    graph = networkx.MultiDiGraph(**_plain(about))
    around = path_of(document)
    for id, node in document.nodes.items():
        known = node.service in catalogue
        defaults = catalogue.defaults(node.service) if known else {}
        said = {
            "label": node.label or id,
            "service": node.service,
            "title": catalogue.title(node.service) if known else node.service,
            "x": node.x,
            "y": node.y,
            "group": " / ".join(around.get(id, ())),
        }
        graph.add_node(id, **_plain(said | _params({**defaults, **node.params})))
    for number, link in enumerate(document.links.values(), 1):
        said = {
            "source_port": link.source_port,
            "target_port": link.target_port,
            "mode": mode_of(document, catalogue, link),
            "evidence": evidence_of(link),
        }
        rest = {name: value for name, value in link.params.items() if name != "mode"}
        graph.add_edge(link.source, link.target, f"e{number}", **_plain(said | _params(rest)))
    return graph


def graphml(document: Document, catalogue: Catalogue) -> bytes:
    """The graph as UTF-8 XML that `networkx.read_graphml` reads back."""
    out = io.BytesIO()
    networkx.write_graphml_xml(graph_of(document, catalogue), out, infer_numeric_types=True)
    return out.getvalue()


def _scenario(document: Document) -> dict[str, Any]:
    scenario = document.scenario
    names = ("start", "duration_s", "tick_s", "seed", "load", "era", "region")
    return {name: getattr(scenario, name) for name in names}


def _params(params: Mapping[str, Any]) -> dict[str, Any]:
    return {f"param.{name}": value for name, value in params.items()}


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers, truths and texts as they are, what holds more as JSON, nothing left out."""
    found: dict[str, Any] = {}
    for name, value in values.items():
        if value is None or value == "":
            continue
        if not isinstance(value, (bool, int, float, str)):
            value = json.dumps(plain(value), ensure_ascii=False)
        found[name] = _UNFIT.sub("�", value) if isinstance(value, str) else value
    return found


def _write(document: Document, catalogue: Catalogue) -> Exported:
    report = whole(document, "graphml", notes=False)
    report.notes.append("groups are in the attribute `group` of the nodes in them")
    return Exported(graphml(document, catalogue), report)


FORMAT = Format("graphml", "GraphML", ".graphml", _write)
