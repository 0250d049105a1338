"""Parameters in words, for a page that people read: value, unit, and whether it is the default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.services.params import ParamInfo

_MOST = 12
"""So many items of a list are written out."""


@dataclass(frozen=True, slots=True)
class Said:
    """One parameter of a node or link."""

    name: str
    title: str
    value: str
    default: str
    differs: bool
    basic: bool
    assumed: bool
    """Whether its default is our guess rather than a published number."""


def said(infos: Iterable[ParamInfo], params: Mapping[str, Any]) -> Iterator[Said]:
    """All parameters as they act; one that nobody knows comes last, as it stands."""
    known = set()
    for info in infos:
        known.add(info.name)
        value = params.get(info.name, info.default)
        yield Said(
            info.name,
            info.title,
            written(value, info),
            written(info.default, info),
            info.name in params and value != info.default,
            info.basic,
            info.confidence == "assumption",
        )
    for name, value in params.items():
        if name not in known:
            yield Said(name, name, written(value), "not known", True, False, False)


def written(value: Any, info: ParamInfo | None = None) -> str:
    """`60 s`, `yes`, `none`, `threshold 60 %, cooldown_s 300 s`."""
    if value is None or value == "" or value == [] or value == {}:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        unit = info.unit if info is not None else ""
        return f"{_digits(value)} {unit}".rstrip()
    if isinstance(value, Mapping):
        fields = {field.name: field for field in info.fields} if info is not None else {}
        return ", ".join(f"{name} {written(v, fields.get(name))}" for name, v in value.items())
    if isinstance(value, (list, tuple)):
        items = [written(item, info) for item in value[:_MOST]]
        more = len(value) - _MOST
        return "; ".join([*items, *([f"and {more} more"] if more > 0 else [])])
    return str(value)


def _digits(value: float) -> str:
    return f"{value:,}" if isinstance(value, int) else f"{value:,.10g}"
