"""The request classes of a scenario, as the inspector's forms show and change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from sandbox.document import RequestClass
from sandbox.language import tr
from sandbox.services.params import ParamInfo

_DEFAULTS = {f.name: f.default for f in fields(RequestClass)}


def _part(
    name: str, title: str, kind: str, help: str, unit: str = "", hi: float | None = None
) -> ParamInfo:
    given = _DEFAULTS[name]
    default = given if isinstance(given, (str, float)) or given is None else ""
    return ParamInfo(
        name=name,
        title=title,
        kind=kind,
        unit=unit,
        lo=0 if kind == "float" else None,
        hi=hi,
        lo_open=False,
        default=default,
        choices=(),
        help=help,
        source="",
        confidence="",
        basic=True,
        group="General",
        optional=default is None,
    )


CLASSES = ParamInfo(
    name="classes",
    title=tr("Request classes"),
    kind="list",
    unit="",
    lo=None,
    hi=None,
    lo_open=False,
    default=[],
    choices=(),
    source="",
    confidence="",
    basic=True,
    group=tr("Requests"),
    help=tr("Kinds of requests that all sources send; services may treat them differently."),
    fields=(
        _part("name", tr("Name"), "text", tr("What the class is called.")),
        _part("share", tr("Share"), "float", tr("Its share of the load, relative to the others.")),
        _part(
            "write_fraction",
            tr("Write fraction"),
            "float",
            tr("Share of its requests that write; empty is the source's own."),
            "share",
            1,
        ),
        _part(
            "payload_kb",
            tr("Payload"),
            "float",
            tr("Mean size of a request; empty is the source's."),
            "KB",
        ),
        _part(
            "deadline_s",
            tr("Deadline"),
            "float",
            tr("An answer after it is no goodput; empty is without one."),
            "s",
        ),
        _part(
            "path", tr("Path"), "text", tr("The path of its requests, for rules of load balancers.")
        ),
    ),
    max_items=20,
)


def items_of(classes: Sequence[RequestClass]) -> list[dict[str, Any]]:
    """The classes as the form has them: what differs from the usual."""
    names = [info.name for info in CLASSES.fields]
    return [
        {n: getattr(c, n) for n in names if n == "name" or getattr(c, n) != _DEFAULTS[n]}
        for c in classes
    ]


def classes_of(
    items: Sequence[Mapping[str, Any]], before: Sequence[RequestClass]
) -> tuple[RequestClass, ...]:
    """The form's items as classes; what the form does not show stays as it was in each place."""
    found: list[RequestClass] = []
    for i, item in enumerate(items):
        name = str(item.get("name") or "") or _unused(found, items)
        known = {k: v for k, v in item.items() if k != "name"}
        kept = next((c for c in before if c.name == name), None)
        if kept is None and len(items) == len(before):
            kept = before[i]  # renamed
        rest = {n: getattr(kept, n) for n in ("country", "attributes", "extra")} if kept else {}
        found.append(RequestClass(name, **known, **rest))
    return tuple(found)


def _unused(found: Sequence[RequestClass], items: Sequence[Mapping[str, Any]]) -> str:
    taken = {c.name for c in found} | {str(item.get("name")) for item in items}
    return next(n for i in range(1, len(items) + 2) if (n := tr("class {i}", i=i)) not in taken)
