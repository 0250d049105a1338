"""A diagram that was imported goes out as the template it came from; only what changed changes.

A parameter is looked for where its old value stands in the text, and the import judges: a place is
right if the template, imported again, has the new value there and is the same in all else. So it
does not matter whether the value stands in the resource, in a parameter's default, in a mapping or
in SAM's Globals. What no line of the template can say is kept in its Metadata.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ruamel.yaml.error import YAMLError

from sandbox.document import Catalogue, Document
from sandbox.document.file import dump
from sandbox.exchange.bring import import_text
from sandbox.exchange.by_hand import TYPES
from sandbox.exchange.errors import TemplateError
from sandbox.exchange.families import NODES
from sandbox.exchange.families.functions import MAPPING
from sandbox.exchange.remainder import KEY, difference, packed

from .additions import LinkId
from .grown import with_additions
from .shape import Exported, ExportReport
from .text import Path, Source, means

Json = dict[str, Any]
Where = tuple[str, ...]
"""A parameter: `nodes`, id, name; or `edges`, source, target, key, name."""
_MOST_TRIES = 24
_SIMPLE_TABLE = {"SimpleTable": "AWS::DynamoDB::Table"}


def patched(document: Document, catalogue: Catalogue, to: str) -> Exported | None:
    """The source with what changed since the import; None if the diagram did not come from such."""
    source = document.source
    text, name = source.get("text"), source.get("file")
    if source.get("format") != to or not isinstance(text, str) or not isinstance(name, str):
        return None
    files = source.get("files")
    files = dict(files) if isinstance(files, dict) else {}
    wanted = _plain(document, catalogue)

    def imported(text: str, bare: bool = False) -> Json:
        made = import_text(text, name, catalogue, files, bare=bare)
        return _plain(made.document, catalogue)

    report = ExportReport(to)
    try:
        before = imported(text)
        if before != wanted:
            text, names, refused = with_additions(text, name, document, catalogue, report, imported)
            before = imported(text)
        for where, value in _changes(wanted, before):
            new = _changed(text, where, value, before, imported)
            if new is not None:
                text, before = new, imported(new)
                report.say(_said(where), "parameter", "exported", "its own lines changed")
            else:
                report.say(_said(where), "parameter", "kept beside", "no line alone says it")
        if before != wanted:
            says = imported(text, bare=True)
            kept = difference(wanted, says, names)
            _tell(report, kept, refused)
            with_rest = Source(text).with_metadata(KEY, packed(kept))
            if with_rest is None:
                return None
            text = with_rest
    except (TemplateError, YAMLError, RecursionError):
        return None
    if not report.lines:
        report.notes.append("the diagram is as it was imported; this is its source")
    return Exported(text.encode(), report)


def _plain(document: Document, catalogue: Catalogue) -> Json:
    whole: Json = json.loads(dump(document, catalogue))
    whole["graph"].pop("source", None)
    return whole


def _said(where: Where) -> str:
    name = where[-1]
    return f"{where[1]}.{name}" if where[0] == "nodes" else f"{where[1]} → {where[2]}, {name}"


def _tell(report: ExportReport, kept: Json, refused: dict[LinkId, str]) -> None:
    for node in kept["nodes"]:
        if "service" in node and "of" not in node and "x" in node and "params" in node:
            why = "drawn since the import; it has no resource in this template"
            report.say(node["id"], "node", "kept beside", why)
    for edge in kept["edges"]:
        if edge.get("new"):
            reason = refused.get((edge["source"], edge["target"], edge["key"]), "")
            why = f"drawn since the import; {reason or 'the template does not say it'}"
            report.say(f"{edge['source']} → {edge['target']}", "link", "kept beside", why)
    for id in kept.get("without", ()):
        why = "deleted from the diagram; its resource is still in the template"
        report.say(id, "node", "in part", why)
    report.notes.append("what no line of the template says stands in its Metadata")


def _params(whole: Json) -> dict[Where, Any]:
    found: dict[Where, Any] = {}
    for node in whole["nodes"]:
        for name, value in node["params"].items():
            found["nodes", node["id"], name] = value
    for edge in whole["edges"]:
        for name, value in edge["params"].items():
            found["edges", edge["source"], edge["target"], edge["key"], name] = value
    return found


def _changes(wanted: Json, before: Json) -> Iterator[tuple[Where, Any]]:
    """Parameters set otherwise than the template says, of nodes and links that it has."""
    old = _params(before)
    there: set[Where] = {("nodes", n["id"]) for n in before["nodes"]}
    there |= {("edges", e["source"], e["target"], e["key"]) for e in before["edges"]}
    for where, value in _params(wanted).items():
        if where[:-1] in there and old.get(where) != value:
            yield where, value


def _changed(text: str, where: Where, value: Any, before: Json, imported: Any) -> str | None:
    """The text with one parameter changed, if there is a place for it that changes nothing else."""
    aim = _with(before, where, value)
    tries = 0
    for new in _tries(Source(text), where, value, before):
        tries += 1
        if tries > _MOST_TRIES:
            break
        try:
            if imported(new) == aim:
                return new
        except (TemplateError, YAMLError):
            continue
    return None


def _with(whole: Json, where: Where, value: Any) -> Json:
    made: Json = json.loads(json.dumps(whole))
    for item in made[where[0]]:
        ids = ("id",) if where[0] == "nodes" else ("source", "target", "key")
        if tuple(item[key] for key in ids) == where[1:-1]:
            item["params"][where[-1]] = value
    return made


def _tries(source: Source, where: Where, value: Any, before: Json) -> Iterator[str]:
    leaf = _leaf(_params(before).get(where), value)
    ids = set(where[1:-1])
    if leaf is not None:
        old, new = leaf
        found = [
            (path, node)
            for path, node in source.scalars()
            if _same(means(node), old) and path[:1] != ("Outputs",)
        ]
        found.sort(key=lambda pair: _far(pair[0], ids))
        for _, node in found:
            yield source.replaced(node, _number(new))
    if not isinstance(value, (dict, list)):
        for path in _places(source, where):
            if (made := source.inserted(path, _number(value))) is not None:
                yield made


def _far(path: Path, ids: set[str]) -> int:
    if path[:1] == ("Resources",):
        return 0 if len(path) > 1 and path[1] in ids else 2
    return 1 if path[:1] == ("Parameters",) and path[-1:] == ("Default",) else 3


def _leaf(old: Any, new: Any) -> tuple[Any, Any] | None:
    """The one scalar in which two values differ, before and after."""
    if isinstance(old, dict) and isinstance(new, dict) and old.keys() == new.keys():
        pairs = [(old[key], new[key]) for key in old if old[key] != new[key]]
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        pairs = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    elif isinstance(old, (str, int, float)) and isinstance(new, (str, int, float)):
        return old, new
    else:
        return None
    return _leaf(*pairs[0]) if len(pairs) == 1 else None


def _same(value: Any, old: Any) -> bool:
    if isinstance(value, bool) or isinstance(old, bool):
        return value is old or str(value).lower() == str(old).lower()
    try:
        return float(value) == float(old)
    except (TypeError, ValueError):
        return str(value) == str(old)


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value == int(value) else value


def _places(source: Source, where: Where) -> Iterator[Path]:
    """Where the property of a parameter would stand that the template does not set."""
    if where[0] == "nodes":
        here: Path = ("Resources", where[1])
        kind = source.at((*here, "Type"))
        if kind is None:
            return
        short = str(kind.value).removeprefix("AWS::Serverless::")
        type = _SIMPLE_TABLE.get(short) or TYPES.get(short, str(kind.value))
        for path, name in NODES[type].rows if type in NODES else ():
            if name == where[-1] and "[" not in path:
                yield (*here, "Properties", *path.split("."))
        return
    rows = [path for path, name in MAPPING if name == where[-1]]
    for id, resource in getattr(source.at(("Resources",)), "value", ()):
        del resource
        here = ("Resources", id.value, "Properties")
        events = getattr(source.at((*here, "Events")), "value", ())
        for path in rows:
            if source.at((*here, "EventSourceArn")) is not None:
                yield (*here, *path.split("."))
            if id.value in where:
                for event, _ in events:
                    yield (*here, "Events", event.value, "Properties", *path.split("."))
