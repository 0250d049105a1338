"""The records a document is made of: frozen values, equal when their contents are equal.

Mappings inside a record are read-only and hold JSON values only. They are copied on the way in, so
a record never shares state with the dictionary it was made from; lists within them are not to be
changed in place either: make a new record with `dataclasses.replace`. A record that a file could
not hold raises EditError when it is made.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from types import MappingProxyType
from typing import Any

JsonMap = Mapping[str, Any]
LinkId = tuple[str, str, str]

ID_PATTERN = r"^[A-Za-z0-9_-]+$"
MAX_DEPTH = 64
"""Lists and mappings may be nested this deep; more is a mistake or an attack."""

_ID = re.compile(r"[A-Za-z0-9_-]+")
_EMPTY: JsonMap = MappingProxyType({})


class EditError(ValueError):
    """What a document cannot have, or an edit that does not fit it. Nothing was changed."""


def valid_id(text: object) -> bool:
    """Whether this may be the id of a node, group or annotation: letters, digits, - and _."""
    return isinstance(text, str) and _ID.fullmatch(text) is not None


def plain(value: Any, depth: int = 0) -> Any:
    """A deep copy as plain JSON types: tuples become lists, mappings dictionaries.

    Raises EditError for what a file could not hold: NaN, infinity, other types, nesting beyond
    `MAX_DEPTH`.
    """
    if value is None or isinstance(value, (bool, int, str)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise EditError(f"{value} is not a finite number, so a file cannot hold it")
        return value
    if depth >= MAX_DEPTH:
        raise EditError(f"nested deeper than {MAX_DEPTH} levels")
    if isinstance(value, (list, tuple)):
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise EditError(f"the key {key!r} is not text, so a file cannot hold it")
        return {key: plain(item, depth + 1) for key, item in value.items()}
    raise EditError(f"{value!r} is a {type(value).__name__}, which a file cannot hold")


def frozen(mapping: JsonMap) -> JsonMap:
    """A read-only copy; one that is read-only already is returned as it is."""
    if isinstance(mapping, MappingProxyType):
        return mapping
    return MappingProxyType(plain(mapping)) if mapping else _EMPTY


class _Record:
    """What all records share: checked values, read-only mappings, pickling, a hash of the name."""

    __slots__ = ()

    def __post_init__(self) -> None:
        for item in fields(self):  # type: ignore[arg-type]
            value = getattr(self, item.name)
            if isinstance(value, Mapping):
                object.__setattr__(self, item.name, frozen(value))
            elif isinstance(value, list):
                object.__setattr__(self, item.name, tuple(value))
            elif not _fits(value, str(item.type)):
                name = f"{item.name} of a {type(self).__name__}"
                raise EditError(f"{name} cannot be {value!r}; it is {item.type}")

    def __reduce__(self) -> tuple[Any, ...]:
        values = (getattr(self, item.name) for item in fields(self))  # type: ignore[arg-type]
        return type(self), tuple(dict(v) if isinstance(v, Mapping) else v for v in values)

    def __hash__(self) -> int:
        first = fields(self)[0].name  # type: ignore[arg-type]
        return hash((type(self).__name__, getattr(self, first)))


def _fits(value: Any, wanted: str) -> bool:
    if wanted == "str":
        return isinstance(value, str)
    if wanted == "bool":
        return isinstance(value, bool)
    if wanted == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    if value is None:
        return wanted.endswith("None")
    if wanted.startswith("float"):
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        return number and math.isfinite(value)
    return isinstance(value, tuple)


@dataclass(frozen=True, slots=True)
class Node(_Record):
    """A service on the canvas, its top left corner at (x, y) pixels.

    `params` holds what differs from the service's defaults, `extra` the keys of newer files.
    """

    id: str
    service: str
    label: str = ""
    x: float = 0.0
    y: float = 0.0
    params: JsonMap = field(default_factory=dict)
    extra: JsonMap = field(default_factory=dict)

    __hash__ = _Record.__hash__


@dataclass(frozen=True, slots=True)
class Link(_Record):
    """A connection from an out port of one node to an in port of another."""

    source: str
    target: str
    source_port: str
    target_port: str
    params: JsonMap = field(default_factory=dict)
    extra: JsonMap = field(default_factory=dict)

    __hash__ = _Record.__hash__

    @property
    def key(self) -> str:
        return f"{self.source_port}>{self.target_port}"

    @property
    def id(self) -> LinkId:
        return (self.source, self.target, self.key)


@dataclass(frozen=True, slots=True)
class Group(_Record):
    """A container with meaning (`availability_zone`, `vpc`…); members are nodes or groups.

    A collapsed one is drawn as a single card that stands for all that is in it.
    """

    id: str
    kind: str
    label: str = ""
    members: tuple[str, ...] = ()
    collapsed: bool = False
    extra: JsonMap = field(default_factory=dict)

    __hash__ = _Record.__hash__


@dataclass(frozen=True, slots=True)
class Annotation(_Record):
    """A note on the canvas, its top left corner at (x, y) pixels; a size of 0 fits the text."""

    id: str
    text: str = ""
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0
    extra: JsonMap = field(default_factory=dict)

    __hash__ = _Record.__hash__


@dataclass(frozen=True, slots=True)
class Fault(_Record):
    """Something that breaks on schedule; times are since the start.

    `target` is a node, a group, or a link written `web.out>db.in`; what `amount` means, its kind
    says (`faults.KINDS`).
    """

    kind: str
    target: str
    start_s: float
    end_s: float
    amount: float = 1.0
    extra: JsonMap = field(default_factory=dict)

    __hash__ = _Record.__hash__


@dataclass(frozen=True, slots=True)
class RequestClass(_Record):
    """A kind of request: its share of the load relative to the others, and what it is."""

    name: str
    share: float = 1.0
    write_fraction: float | None = None
    payload_kb: float | None = None
    path: str = "/"
    country: str = ""
    deadline_s: float | None = None
    attributes: JsonMap = field(default_factory=dict)
    extra: JsonMap = field(default_factory=dict)

    __hash__ = _Record.__hash__


@dataclass(frozen=True, slots=True)
class Scenario(_Record):
    """When, how long and under what load and rules a run takes place."""

    start: str = "2026-01-05T08:00:00Z"
    duration_s: float = 86400.0
    tick_s: float = 1.0
    seed: int = 1
    load: float = 1.0
    era: str = "current"
    region: str = "us-east-1"
    history_days: float = 0
    classes: tuple[RequestClass, ...] = ()
    faults: tuple[Fault, ...] = ()
    extra: JsonMap = field(default_factory=dict)

    __hash__ = _Record.__hash__


Record = Node | Link | Group | Annotation
