"""What of a diagram a template cannot hold: the difference between it and what an import makes.

`difference` is kept in the template's Metadata and `restored` puts it back, so that whatever the
ways in and out understand of each other, a diagram that goes out comes in again as it was; and what
somebody changes in the template since is taken from there. Both work on the JSON form of a saved
diagram (see `sandbox.document.file`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

KEY = "ArchitectureSandbox"
"""The one key in a template's Metadata."""
Json = dict[str, Any]

_TEXTS = ("name", "notes")
_OF_FILE = ("format", "version", "source")
_ENDS = ("source", "target", "key")
_OF_IMPORTS = ("resource", "evidence")
"""What an import says of where a node or link is from; kept only if the diagram says so, too."""


def difference(wanted: Json, imported: Json, names: Mapping[str, str]) -> Json:
    """What turns `imported` into `wanted`; `names` gives the imported id of a wanted node."""
    found: Json = {"version": 1}
    brought = {node["id"]: node for node in imported["nodes"]}
    graph, given = wanted["graph"], imported["graph"]
    for key in graph:
        # The name too, for an import names a diagram after its file.
        if key == "name" or (key not in _OF_FILE and graph[key] != given.get(key)):
            found[key] = graph[key]
    nodes, used = [], set()
    for node in wanted["nodes"]:
        old = brought.get(names.get(node["id"], ""))
        if old is None:
            nodes.append(node)
            continue
        used.add(old["id"])
        kept: Json = {"id": node["id"]}
        if old["id"] != node["id"]:
            kept["of"] = old["id"]
        nodes.append(kept | _changes(node, old, ("id",)))
    found["nodes"] = nodes
    back = {old: new for new, old in names.items()}
    lines = {_ends(edge, back): edge for edge in imported["edges"]}
    edges, kept_lines = [], set()
    for edge in wanted["edges"]:
        ends = _ends(edge)
        line = {name: edge[name] for name in _ENDS}
        if ends in lines:
            kept_lines.add(ends)
            edges.append(line | _changes(edge, lines[ends], _ENDS))
        else:
            edges.append({"new": True} | edge)
    found["edges"] = edges
    if without := [id for id in brought if id not in used]:
        found["without"] = without
    if lost := [list(e) for e in lines if e not in kept_lines and not {e[0], e[1]} & set(without)]:
        found["without_edges"] = lost
    return found


def restored(imported: Json, remainder: Json) -> Json:
    """The diagram again. Nodes and links that somebody added to the template since stay; what
    they took from it is gone."""
    nodes = remainder.get("nodes")
    edges = remainder.get("edges")
    if not isinstance(nodes, list) or not isinstance(edges, list):
        return imported
    brought = {node["id"]: node for node in imported["nodes"]}
    renamed = {kept.get("of") for kept in nodes if isinstance(kept, dict)}
    names: dict[str, str] = {}
    made = []
    for kept in nodes:
        if not isinstance(kept, dict) or not isinstance(kept.get("id"), str):
            continue
        known = kept["id"] in brought and kept["id"] not in renamed
        if "service" in kept and "of" not in kept and not known:
            made.append(kept)
            continue
        old = brought.get(kept.get("of", kept["id"]))
        if old is not None:
            names[old["id"]] = kept["id"]
            made.append(_changed(old, kept, ("of",)))
    without = set(map(str, remainder.get("without") or ()))
    ids = {node["id"] for node in made}
    for id, node in brought.items():
        if id not in names and id not in without and id not in ids:
            made.append(node)
            ids.add(id)
    lines = {_ends(edge, names): edge for edge in imported["edges"]}
    lost = {tuple(ends) for ends in remainder.get("without_edges") or () if isinstance(ends, list)}
    drawn: dict[Any, Json] = {}
    for kept in edges:
        if not isinstance(kept, dict) or not all(isinstance(kept.get(n), str) for n in _ENDS):
            continue
        ends = _ends(kept)
        if ends in lines:
            drawn[ends] = _changed(lines[ends], kept, ("new",))
        elif kept.get("new") is True:
            drawn[ends] = {name: value for name, value in kept.items() if name != "new"}
    for ends, edge in lines.items():
        if ends not in drawn and ends not in lost:
            drawn[ends] = edge | dict(zip(_ENDS, ends, strict=True))
    graph = dict(imported["graph"])
    for key, value in remainder.items():
        if key not in ("nodes", "edges", "without", "without_edges", *_OF_FILE):
            graph[key] = value
    kept_edges = [edge for (a, b, _), edge in drawn.items() if a in ids and b in ids]
    return {**imported, "graph": graph, "nodes": made, "edges": kept_edges}


def packed(remainder: Json) -> Json:
    """As texts of JSON, a node or link a line: Metadata takes no fractions and no nulls."""
    found: Json = {}
    for key, value in remainder.items():
        if isinstance(value, list):
            found[key] = [json.dumps(item) for item in value]
        else:
            found[key] = value if isinstance(value, (int, str)) else json.dumps(value)
    return found


def unpacked(metadata: Json) -> Json:
    """The inverse of `packed`; ValueError for what is not JSON."""
    found: Json = {}
    for key, value in metadata.items():
        if isinstance(value, list):
            found[key] = [json.loads(item) for item in value]
        else:
            as_is = key in _TEXTS or not isinstance(value, str)
            found[key] = value if as_is else json.loads(value)
    return found


def _ends(edge: Json, names: Mapping[str, str] | None = None) -> tuple[str, str, str]:
    names = names or {}
    source, target = edge["source"], edge["target"]
    return names.get(source, source), names.get(target, target), edge["key"]


def _changes(wanted: Json, old: Json, ids: tuple[str, ...]) -> Json:
    """The keys to set, and as `unset` those to take away; of `params` each by itself."""
    found: Json = {}
    old = {key: value for key, value in old.items() if key not in _OF_IMPORTS}
    params, before = wanted.get("params") or {}, old.get("params") or {}
    if changed := {k: v for k, v in params.items() if k not in before or v != before[k]}:
        found["params"] = changed
    if gone := [name for name in before if name not in params]:
        found["unset_params"] = gone
    for key, value in wanted.items():
        if key not in ("params", *ids) and (key not in old or value != old[key]):
            found[key] = value
    if gone := [key for key in old if key not in wanted and key != "params"]:
        found["unset"] = gone
    return found


def _changed(old: Json, kept: Json, ignored: tuple[str, ...]) -> Json:
    found = {key: value for key, value in old.items() if key not in _OF_IMPORTS}
    for name in kept.get("unset") or ():
        found.pop(name, None)
    params = dict(old.get("params") or {})
    for name in kept.get("unset_params") or ():
        params.pop(name, None)
    extra = kept.get("params")
    params |= extra if isinstance(extra, dict) else {}
    for key, value in kept.items():
        if key not in ("params", "unset", "unset_params", *ignored):
            found[key] = value
    if params or "params" in old:
        found["params"] = params
    return found
