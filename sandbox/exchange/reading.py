"""A template's text as plain values: YAML with CloudFormation's short tags, or JSON.

YAML is read event by event with a stack of our own: no tag makes an object, an alias counts as
often as it is used, and depth and size are bounded before anything is built.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from sandbox.document.errors import reason_of

from .errors import TemplateError

MAX_BYTES = 5_000_000
"""CloudFormation takes 1 MB (AWS CloudFormation User Guide: Quotas); a SAM source may be longer."""
MAX_DEPTH = 60
MAX_VALUES = 400_000
"""Aliases count as often as they are used."""

_TRUE, _FALSE = frozenset(("true", "yes", "on")), frozenset(("false", "no", "off"))
_NULL = frozenset(("", "~", "null", "Null", "NULL"))
_INT = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_OCTAL = re.compile(r"[-+]?0[0-7]+")
_FLOAT = re.compile(r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+|[0-9]+(?=[eE]))([eE][-+]?[0-9]+)?")
_YAML = "tag:yaml.org,2002:"
_MERGE = "<<"


@dataclass
class Text:
    """A file's values and what was odd about them."""

    value: Any
    text: str
    notes: list[str] = field(default_factory=list)


def read_file(path: Path) -> Text:
    """The values of a YAML or JSON file. Raises TemplateError with line and column."""
    try:
        if path.stat().st_size > MAX_BYTES:
            _too_large(path.name)
        data = path.read_bytes()
    except (OSError, ValueError) as failure:
        raise TemplateError(f"{path.name} cannot be opened: {reason_of(failure)}") from failure
    return read_text(data, path.name)


def read_text(data: bytes, name: str) -> Text:
    """The same of bytes that are at hand; `name` is for messages."""
    if len(data) > MAX_BYTES:
        _too_large(name)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as failure:
        raise TemplateError(
            f"{name}: byte {failure.start + 1} is not UTF-8; save the file as UTF-8 text"
        ) from failure
    if name.endswith(".json"):
        return _json(text, name)
    if text.lstrip()[:1] == "{":  # JSON by another name, unless it is YAML's flow notation
        try:
            return _json(text, name)
        except TemplateError as failure:
            if not isinstance(failure.__cause__, json.JSONDecodeError):
                raise
    return _Builder(name).read(text)


def _too_large(name: str) -> NoReturn:
    raise TemplateError(
        f"{name} is larger than {MAX_BYTES // 1_000_000} MB, and no template is; "
        "choose another file, or split it into nested stacks"
    )


def _json(text: str, name: str) -> Text:
    found = Text(None, text)

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(items)
        if len(made) < len(items):
            again = next(key for at, (key, _) in enumerate(items) if key in dict(items[:at]))
            found.notes.append(f"the key {again!r} stands twice in one place; the last holds")
        return made

    def constant(word: str) -> NoReturn:
        raise TemplateError(f"{name}: {word} is not JSON; write a number")

    try:
        found.value = json.loads(text, object_pairs_hook=pairs, parse_constant=constant)
    except json.JSONDecodeError as failure:
        raise TemplateError(
            f"{name}, line {failure.lineno}, column {failure.colno}: this is not JSON "
            f"({failure.msg}); correct it there"
        ) from failure
    except RecursionError as failure:
        raise TemplateError(f"{name} {_DEEP}") from failure
    _check_depth(found.value, name)
    return found


_DEEP = f"is nested deeper than {MAX_DEPTH} levels, and no template is; choose another file"


def _check_depth(value: Any, name: str) -> None:
    level, depth = [value], 0
    while level:
        if depth >= MAX_DEPTH and any(isinstance(inner, (dict, list)) for inner in level):
            raise TemplateError(f"{name} {_DEEP}")
        depth += 1
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]


@dataclass
class _Open:
    """A list or mapping that is being read."""

    value: Any
    tag: str | None
    anchor: str | None
    mark: Any
    key: str | None = None
    size: int = 1
    merged: dict[str, Any] = field(default_factory=dict)


class _Builder:
    def __init__(self, name: str) -> None:
        self.name = name
        self.open: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int, int]] = {}  # value, size, depth
        self.values = 0
        self.root: Any = None
        self.documents = 0
        self.notes: list[str] = []

    def read(self, text: str) -> Text:
        yaml = YAML(typ="safe", pure=True)
        try:
            for event in yaml.parse(text):
                self._take(event)
        except MarkedYAMLError as failure:
            mark = failure.problem_mark or failure.context_mark
            problem = " ".join(str(failure.problem or failure.context or "wrong YAML").split())
            if mark is None:
                raise TemplateError(f"{self.name}: {problem}; correct it") from failure
            self._refuse(mark, f"this is not YAML ({problem}); correct it there")
        except (YAMLError, ValueError) as failure:
            reason = " ".join(str(failure).split())
            raise TemplateError(
                f"{self.name} is not YAML ({reason}); choose a template"
            ) from failure
        return Text(self.root, text, self.notes)

    def _take(self, event: Any) -> None:
        if isinstance(event, ScalarEvent):
            self._scalar(event)
        elif isinstance(event, (MappingStartEvent, SequenceStartEvent)):
            if len(self.open) >= MAX_DEPTH:
                self._refuse(event.start_mark, f"the file {_DEEP}")
            value: Any = {} if isinstance(event, MappingStartEvent) else []
            self.open.append(_Open(value, _tag(event), event.anchor, event.start_mark))
        elif isinstance(event, (MappingEndEvent, SequenceEndEvent)):
            done = self.open.pop()
            if isinstance(done.value, dict) and done.merged:
                done.value = {**done.merged, **done.value}
            value = self._tagged(done.tag, done.value, done.mark)
            self._put(value, done.size, done.mark, done.anchor)
        elif isinstance(event, AliasEvent):
            if event.anchor not in self.anchors:
                self._refuse(event.start_mark, f"there is no anchor &{event.anchor} before; add it")
            value, size, depth = self.anchors[event.anchor]
            if len(self.open) + depth > MAX_DEPTH:
                self._refuse(event.start_mark, f"the file {_DEEP}")
            self._put(value, size, event.start_mark, None)
        elif isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                self._refuse(event.start_mark, "a second document begins; keep one to a file")

    def _scalar(self, event: Any) -> None:
        here = self.open[-1] if self.open else None
        tag = _tag(event)
        if here is not None and isinstance(here.value, dict) and here.key is None:
            here.key = event.value  # keys are text, whatever they look like
            return
        value: Any = event.value
        if tag is None and event.style in (None, ""):
            value = plain_value(event.value)
        self._put(self._tagged(tag, value, event.start_mark), 1, event.start_mark, event.anchor)

    def _put(self, value: Any, size: int, mark: Any, anchor: str | None) -> None:
        self.values += 1 if anchor is not None or size == 1 else size
        if size > MAX_VALUES or self.values > MAX_VALUES * 2:
            self._refuse(mark, "its aliases make the file too large to read; write them out")
        if anchor:
            self.anchors[anchor] = (value, size, depth_of(value))
        if not self.open:
            self.root = value
            return
        here = self.open[-1]
        here.size += size
        if here.size > MAX_VALUES:
            self._refuse(mark, "its aliases make the file too large to read; write them out")
        if isinstance(here.value, list):
            here.value.append(value)
            return
        if here.key is None:
            self._refuse(mark, "a key here is a list or a mapping; write it as text")
        key, here.key = here.key, None
        if key == _MERGE:
            for source in value if isinstance(value, list) else [value]:
                if not isinstance(source, dict):
                    self._refuse(mark, "<< merges mappings only; give it one")
                here.merged = {**source, **here.merged}
            return
        if key in here.value:
            line = mark.line + 1
            self.notes.append(f"line {line}: the key {key!r} stands twice; the last holds")
        here.value[key] = value

    def _tagged(self, tag: str | None, value: Any, mark: Any) -> Any:
        """CloudFormation's short notation written out (User Guide: Intrinsic functions)."""
        if tag is None or tag == "!":
            return value
        if tag.startswith(_YAML):
            kind = tag[len(_YAML) :]
            if kind in ("map", "seq", "str"):
                return str(value) if kind == "str" else value
            if kind in ("int", "float", "bool", "null"):
                return plain_value(str(value))
        elif tag.startswith("!") and tag[1:].replace(":", "").isalnum():
            name = tag[1:]
            if name == "GetAtt":
                return {"Fn::GetAtt": value.split(".", 1) if isinstance(value, str) else value}
            if name in ("Ref", "Condition"):
                return {name: value}
            return {f"Fn::{name}": value}
        self._refuse(mark, f"the tag {tag} is none of CloudFormation's; take it away")

    def _refuse(self, mark: Any, text: str) -> NoReturn:
        raise TemplateError(f"{self.name}, line {mark.line + 1}, column {mark.column + 1}: {text}")


def _tag(event: Any) -> str | None:
    tag = event.tag
    return None if tag is None else str(tag)


def depth_of(value: Any) -> int:
    level, depth = [value], 0
    while level and depth <= MAX_DEPTH:
        depth += 1
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return depth


def plain_value(text: str) -> Any:
    """What YAML 1.1, which CloudFormation reads, takes an unquoted word for; dates stay text."""
    if text in _NULL:
        return None
    low = text.lower()
    if low in _TRUE or low in _FALSE:
        return low in _TRUE
    if len(text) > 40:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _OCTAL.fullmatch(text):
        return int(text, 8)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
