"""Bytes into a document, or one line that says what is wrong, where, and what to do.

In order, cheapest first:
1. is it small enough, does it look like JSON, and is it;
2. is it a diagram, of a version that can be read; older ones are migrated;
3. has everything the right shape;
4. are ids unique, and has every link two ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from typing import Any

from .catalogue import Catalogue
from .codec import Json, annotation_from, group_from, link_from, node_from, scenario_from
from .defaults import stripped, stripped_link
from .document import FORMAT_VERSION, Document
from .errors import FileError
from .migrations import MAJOR, NewerMajor, migrated, version_of
from .parsing import decoded, parsed
from .ports import usual_key
from .position import line_of
from .records import MAX_DEPTH, Link, Node
from .shape import Place, misshapen, shown

FORMAT = "architecture-sandbox"

_FILE_KEYS = ("directed", "multigraph", "graph", "nodes", "edges", "links")
_GRAPH_KEYS = (
    *("format", "version", "name", "notes", "groups", "annotations", "view", "source", "scenario"),
)

Wrong = Callable[[Place, str], FileError]


def read(data: bytes | str, name: str, catalogue: Catalogue | None) -> Document:
    """The document in these bytes. Raises FileError only."""
    try:
        text = decoded(data, name)
        raw = parsed(text, name)

        def wrong(place: Place, what: str) -> FileError:
            named = ("links", *place[1:]) if place[:1] == ("edges",) and "links" in raw else place
            return FileError(f"{name}, line {line_of(text, named)}{_called(raw, named)}: {what}")

        return _document(_current(raw, wrong, catalogue), wrong, catalogue)
    except RecursionError:
        raise FileError(
            f"{name} nests lists or objects too deeply to be a diagram; "
            f"flatten it to {MAX_DEPTH} levels"
        ) from None


def _document(raw: Json, wrong: Wrong, catalogue: Catalogue | None) -> Document:
    if problem := misshapen(raw):
        raise wrong(*problem)
    graph, services = raw["graph"], {node["id"]: node["service"] for node in raw["nodes"]}
    _unique(raw, wrong)

    def node(item: Json) -> Node:
        params = stripped(catalogue, item["service"], item.get("params", {}))
        return node_from(item | {"params": params})

    def link(item: Json) -> Link:
        whole = link_from(item)
        params = stripped_link(catalogue, services[whole.source], services[whole.target], whole)
        return whole if params is whole.params else link_from(item | {"params": params})

    def each(place: Place, items: list[Json], make: Callable[[Json], Any]) -> list[Any]:
        made = []
        for number, item in enumerate(items):
            try:
                made.append(make(item))
            except ValueError as failure:
                raise wrong((*place, number), f"{failure}; correct or remove it") from None
        return made

    extra = {
        "file": {key: value for key, value in raw.items() if key not in _FILE_KEYS},
        "graph": {key: value for key, value in graph.items() if key not in _GRAPH_KEYS},
    }
    groups, notes = graph.get("groups", []), graph.get("annotations", [])
    try:
        return Document(
            name=graph.get("name", ""),
            notes=graph.get("notes", ""),
            scenario=scenario_from(graph.get("scenario", {})),
            nodes=each(("nodes",), raw["nodes"], node),
            links=each(("edges",), raw["edges"], link),
            groups=each(("graph", "groups"), groups, group_from),
            annotations=each(("graph", "annotations"), notes, annotation_from),
            view=graph.get("view"),
            source=graph.get("source"),
            extra={key: value for key, value in extra.items() if value},
            version=graph.get("version", FORMAT_VERSION),
            catalogue=catalogue,
        )
    except ValueError as failure:
        raise wrong(("graph",), f"{failure}; correct or remove it") from None


def _current(raw: Json, wrong: Wrong, catalogue: Catalogue | None) -> Json:
    """The same diagram in today's format, with a key on every link and an id on every note."""
    graph = raw.get("graph", {})
    form = graph.get("format", FORMAT) if isinstance(graph, dict) else FORMAT
    if form != FORMAT:
        raise wrong(("graph", "format"), f"this is a file of {shown(form)}; choose another file")
    if not isinstance(graph, dict):
        raise wrong(("graph",), f"graph is {shown(graph)}; write an object in braces, {{…}}")
    if "nodes" not in raw:
        raise wrong((), f"this is not a diagram, which has a list of nodes; {_instead(raw)}")
    if raw.get("directed") is False:
        raise wrong(
            ("directed",), 'links need a direction; write "directed": true and check each of them'
        )
    try:
        raw = migrated(raw)
        version = version_of(raw)
    except NewerMajor as newer:
        raise wrong(
            ("graph", "version"),
            f"this file is of version {str(newer)[:20]} and this program reads up to {MAJOR}.x; "
            "install a newer Architecture Sandbox to open it",
        ) from None
    except ValueError:
        said = shown(graph.get("version"))
        raise wrong(
            ("graph", "version"), f'{said} is not a version; write "version": "{FORMAT_VERSION}"'
        ) from None
    graph = {**raw.get("graph", {}), "version": version}
    if isinstance(graph.get("annotations"), list):
        graph["annotations"] = _with_ids(graph["annotations"])
    edges = raw.get("edges", raw.get("links", []))
    return {**raw, "graph": graph, "edges": _with_keys(edges, raw["nodes"], catalogue)}


def _with_ids(notes: list[Any]) -> list[Any]:
    taken = {note["id"] for note in notes if isinstance(note, dict) and _named(note)}
    free = (f"note-{number}" for number in range(1, 10**9) if f"note-{number}" not in taken)
    return [
        {"id": next(free), **note} if isinstance(note, dict) and "id" not in note else note
        for note in notes
    ]


def _with_keys(edges: Any, nodes: Any, catalogue: Catalogue | None) -> Any:
    """Links without ports, or with the numbers networkx gives, get the ports that fit."""
    if not isinstance(edges, list) or not isinstance(nodes, list):
        return edges
    services = {node["id"]: node.get("service") for node in nodes if _named(node)}
    taken: dict[tuple[str, str], set[str]] = {}
    without = []
    for number, edge in enumerate(edges):
        ends: Any = (None, None)
        if isinstance(edge, dict):
            ends = (edge.get("source"), edge.get("target"))
        if not all(isinstance(end, str) for end in ends):
            continue
        if edge.get("key") is None or type(edge["key"]) is int:
            without.append((number, ends))
        elif isinstance(edge["key"], str):
            taken.setdefault(ends, set()).add(edge["key"])
    edges = list(edges)
    for number, ends in without:
        used = taken.setdefault(ends, set())
        key = usual_key(catalogue, services.get(ends[0]), services.get(ends[1]), used)
        used.add(key)
        edges[number] = {**edges[number], "key": key}
    return edges


def _unique(raw: Json, wrong: Wrong) -> None:
    graph = raw["graph"]
    for kind, place, items in (
        ("nodes", ("nodes",), raw["nodes"]),
        ("groups", ("graph", "groups"), graph.get("groups", [])),
        ("notes", ("graph", "annotations"), graph.get("annotations", [])),
    ):
        if (again := _repeated(item["id"] for item in items)) is not None:
            id = shown(items[again]["id"])
            raise wrong((*place, again), f"two {kind} are called {id}; give one another id")
    nodes = {node["id"] for node in raw["nodes"]}
    for number, edge in enumerate(raw["edges"]):
        for side in ("source", "target"):
            if (end := edge[side]) not in nodes:
                near = get_close_matches(end, nodes, 1) if len(nodes) < 10_000 else []
                hint = f"write {shown(near[0])}, add the node" if near else "add the node"
                raise wrong(
                    ("edges", number, side),
                    f"its {side} {shown(end)} is not a node; {hint} or remove the link",
                )
    again = _repeated((edge["source"], edge["target"], edge["key"]) for edge in raw["edges"])
    if again is not None:
        raise wrong(("edges", again), "the same ports are linked twice; remove one of the links")


def _repeated(ids: Iterable[Any]) -> int | None:
    seen = set()
    for number, id in enumerate(ids):
        if id in seen:
            return number
        seen.add(id)
    return None


def _named(item: Any) -> bool:
    return isinstance(item, dict) and isinstance(item.get("id"), str)


def _instead(raw: Json) -> str:
    if "Resources" in raw or "AWSTemplateFormatVersion" in raw:
        return "open a CloudFormation template with `sandbox import`"
    if "States" in raw:
        return "open a Step Functions definition with `sandbox import`"
    return "choose another file"


def _called(raw: Json, place: Place) -> str:
    """Which thing of the file this place belongs to, for an error: `, node "web"`."""
    kinds = {"nodes": "node", "edges": "link", "links": "link", "groups": "group"}
    kinds |= {"annotations": "note", "faults": "fault", "classes": "request class"}
    here: Any = raw
    for at, step in enumerate(place):
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            return ""
        if isinstance(step, int) and at and place[at - 1] in kinds:
            kind = kinds[str(place[at - 1])]
            if kind == "link" and isinstance(here, dict):
                return f", link {shown(here.get('source'))} → {shown(here.get('target'))}"
            return f", {kind} {shown(here['id']) if _named(here) else step + 1}"
    return ", scenario" if "scenario" in place else ""
