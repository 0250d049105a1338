"""A document and its bytes: JSON in networkx's node-link form, a node or link a line."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from .catalogue import Catalogue
from .codec import (
    Json,
    annotation_json,
    group_json,
    link_json,
    node_json,
    scenario_json,
)
from .document import Document
from .errors import FileError, reason_of
from .parsing import MAX_BYTES, MAX_MEGABYTES, sniff
from .reading import FORMAT, read
from .writing import write

__all__ = ["FORMAT", "FileError", "dump", "load", "loads", "save"]


def load(path: str | Path, catalogue: Catalogue | None = None) -> Document:
    """The document in a file. Raises FileError, and nothing else, when it cannot be opened."""
    path = Path(path)
    name = path.name or str(path)
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise FileError(f"{name} is a folder; choose a diagram in it")
        if not stat.S_ISREG(status.st_mode):
            raise FileError(f"{name} is a device or a pipe; choose an ordinary file")
        if status.st_size > MAX_BYTES:
            size = status.st_size / 1e6
            raise FileError(
                f"{name} is {size:,.0f} MB and a diagram is at most {MAX_MEGABYTES} MB; "
                "choose another file"
            )
        with path.open("rb") as stream:
            start = stream.read(4096)
            sniff(start, name)
            data = start + stream.read(MAX_BYTES)
    except (OSError, ValueError) as failure:
        raise FileError(f"{name} cannot be read: {reason_of(failure)}") from failure
    try:
        return loads(data, name, catalogue)
    except FileError as failure:
        if (backup := path.with_name(path.name + ".bak")).is_file():
            raise FileError(f"{failure} (what it was before is in {backup.name})") from failure
        raise


def loads(
    data: bytes | str, name: str = "the diagram", catalogue: Catalogue | None = None
) -> Document:
    """The document in these bytes; `name` is what errors call them. Raises FileError only."""
    return read(data, name, catalogue)


def dump(doc: Document, catalogue: Catalogue | None = None) -> bytes:
    """The document as the bytes of a file, without parameters that are at their defaults.

    `catalogue` says what the defaults are; left out, it is the document's own.
    """
    catalogue = catalogue if catalogue is not None else doc.catalogue

    def in_place(kind: str, keys: Any) -> list[Any]:
        return sorted(keys, key=lambda key: doc.place_of(kind, key))

    extra = doc.extra
    scenario = scenario_json(doc.scenario)
    graph = {
        "format": FORMAT,
        "version": doc.version,
        "name": doc.name,
        "notes": doc.notes,
        "groups": _Lines(group_json(doc.groups[id]) for id in in_place("group", doc.groups)),
        "annotations": _Lines(
            annotation_json(doc.annotations[id]) for id in in_place("annotation", doc.annotations)
        ),
        "view": dict(doc.view),
        "source": dict(doc.source),
        "scenario": _Block(
            {k: _Lines(v) if k in ("classes", "faults") else v for k, v in scenario.items()}
        ),
    }
    whole = {
        "directed": True,
        "multigraph": True,
        "graph": _Block(graph | _beside(graph, extra.get("graph"))),
        "nodes": _Lines(node_json(doc.nodes[id], catalogue) for id in in_place("node", doc.nodes)),
        "edges": _Lines(
            link_json(doc.links[id], doc, catalogue) for id in in_place("link", doc.links)
        ),
    }
    text = _text(_Block(whole | _beside(whole, extra.get("file"))), "") + "\n"
    # A lone half of a surrogate pair has no UTF-8; backslashreplace writes it as JSON does.
    return text.encode("utf-8", "backslashreplace")


def save(doc: Document, path: str | Path, catalogue: Catalogue | None = None) -> None:
    """Write the document to a file, whole or not at all; what was there goes to `NAME.bak`.

    Raises FileError, with the file as it was, when that cannot be done.
    """
    data = dump(doc, catalogue)
    path = Path(path)
    if len(data) > MAX_BYTES:
        size = len(data) / 1e6
        raise FileError(
            f"{path.name} would be {size:,.0f} MB and a diagram is at most {MAX_MEGABYTES} MB; "
            "make it smaller, for instance by shortening recorded load traces"
        )
    write(path, data)


class _Block(dict[str, Any]):
    """An object whose keys stand on lines of their own."""


class _Lines(list[Json]):
    """A list whose items stand on lines of their own."""


_compact: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode


def _text(value: Any, indent: str) -> str:
    inner = indent + " "
    if isinstance(value, _Block) and value:
        items = (f"{inner}{_compact(key)}: {_text(item, inner)}" for key, item in value.items())
        return "{\n" + ",\n".join(items) + "\n" + indent + "}"
    if isinstance(value, _Lines) and value:
        return "[\n" + ",\n".join(inner + _compact(item) for item in value) + "\n" + indent + "]"
    return _compact(value)


def _beside(known: Json, extra: Any) -> Json:
    unknown = extra if isinstance(extra, Mapping) else {}
    return {key: value for key, value in unknown.items() if key not in known}
