"""`sandbox services [ID]`: the catalogue, or all there is to know of one service."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import DONE
from .output import STANDARD, console, put

if TYPE_CHECKING:
    from sandbox.document.faults import FaultKind
    from sandbox.services.contract import Service
    from sandbox.services.params import ParamInfo


def command(
    id: Annotated[str | None, typer.Argument(metavar="[ID]", help="One service.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
    services: Annotated[
        list[str] | None, typer.Option(metavar="DIR", help="A folder of services of your own.")
    ] = None,
) -> Callable[[], int]:
    """List the services: parameters with unit, bounds, default, source; ports; metrics."""

    def work() -> int:
        from sandbox.experiments.tables import json_bytes
        from sandbox.services import catalogue

        from .folders import existing

        known = catalogue(*existing(services))
        if id is not None:
            service = _one(known, id)
            if json:
                put(STANDARD, json_bytes(as_json(service)))
            else:
                _show(service)
        elif json:
            put(STANDARD, json_bytes({"services": [as_json(s) for s in _ordered(known)]}))
        else:
            _list(known)
        return DONE

    return work


def _one(known: Mapping[str, Service], id: str) -> Service:
    from sandbox.experiments.errors import InputError

    if id in known:
        return known[id]
    near = get_close_matches(id, list(known), 1)
    hint = f"did you mean {near[0]}? There" if near else "there"
    raise InputError(f"no service '{id}'; {hint} are {', '.join(sorted(known))}")


def _ordered(known: Mapping[str, Service]) -> list[Service]:
    from sandbox.services.contract import CATEGORIES

    def place(service: Service) -> tuple[int, str]:
        return CATEGORIES.index(service.category), service.title

    return sorted(known.values(), key=place)


def as_json(service: Service) -> dict[str, Any]:
    """A service as JSON values, keys in a fixed order."""
    return {
        "id": service.id,
        "title": service.title,
        "category": service.category,
        "summary": service.summary,
        "parameters": [_parameter(info) for info in service.parameters()],
        "ports": [
            {
                "name": port.name,
                "direction": port.direction,
                "title": port.title,
                "modes": list(port.modes),
                "parameters": {
                    mode: [_parameter(info) for info in _described(model)]
                    for mode, model in port.params.items()
                },
            }
            for port in service.ports
        ],
        "metrics": [
            {
                "name": metric.name,
                "unit": metric.unit,
                "title": metric.title,
                "cloudwatch": metric.cloudwatch,
                "total": metric.total,
            }
            for metric in _metrics(service)
        ],
        "actions": [
            {
                "name": action.name,
                "title": action.title,
                "arguments": [_parameter(info) for info in _described(action.args)],
            }
            for action in service.actions
        ],
        "causes": [
            {"name": cause.name, "kind": cause.kind, "text": cause.text, "source": cause.source}
            for cause in service.causes
        ],
        "faults": list(service.known_faults),
    }


def _described(model: Any) -> Sequence[ParamInfo]:
    from sandbox.services.params import describe

    return describe(model)


def _parameter(info: ParamInfo) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": info.name,
        "title": info.title,
        "kind": info.kind,
        "unit": info.unit,
        "least": info.lo,
        "least_excluded": info.lo_open,
        "greatest": info.hi,
        "default": info.default,
        "choices": list(info.choices),
        "optional": info.optional,
        "help": info.help,
        "source": info.source,
        "confidence": info.confidence,
    }
    if info.fields:
        found["fields"] = [_parameter(field) for field in info.fields]
    return found


def _metrics(service: Service) -> list[Any]:
    """The common metrics, the service's own, and the percentiles, as they are recorded."""
    from sandbox.engine.history import COMMON, PERCENTILES

    return [*COMMON, *service.metrics, *PERCENTILES]


# ---------------------------------------------------------------- for people


def _list(known: Mapping[str, Service]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("Service", "Title", "Category", "What it is"):
        table.add_column(title)
    for service in _ordered(known):
        table.add_row(service.id, service.title, service.category, service.summary)
    out = console()
    out.print(table)
    out.print("\nAll about one: sandbox services ID", style="dim")


def _show(service: Service) -> None:
    from rich.table import Table
    from rich.text import Text

    out = console()

    def part(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        if not rows:
            return
        out.print(Text(f"\n{title}", style="bold"))
        table = Table(box=None, pad_edge=False, header_style="dim", padding=(0, 2, 0, 0))
        for head in heads:
            table.add_column(head, overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell) for cell in row))
        out.print(table)

    out.print(Text(f"{service.title} ({service.id}, {service.category})", style="bold"))
    out.print(Text(service.summary))
    heads = ("Name", "Default", "Unit", "Bounds", "What it is", "Source", "Confidence")
    part("Parameters", heads, [row for info in service.parameters() for row in _rows(info)])
    for port in service.ports:
        for mode, model in port.params.items():
            rows = [row for info in _described(model) for row in _rows(info)]
            part(f"Parameters of {mode} links at {port.name}", heads, rows)
    part(
        "Ports",
        ("Name", "Direction", "Modes", "What it is"),
        [(p.name, p.direction, ", ".join(p.modes), p.title) for p in service.ports],
    )
    part(
        "Metrics",
        ("Name", "Unit", "What it is", "CloudWatch"),
        [(m.name, m.unit, m.title, m.cloudwatch) for m in _metrics(service)],
    )
    part(
        "Actions during a run",
        ("Name", "Arguments", "What it does"),
        [
            (a.name, ", ".join(info.name for info in _described(a.args)), a.title)
            for a in service.actions
        ],
    )
    part(
        "Causes of loss",
        ("Kind", "Name", "Why", "Source"),
        [(c.kind, c.name, c.text, c.source) for c in service.causes],
    )
    part(
        "Faults that can strike it",
        ("Kind", "What it does", "Amount"),
        [(kind.name, kind.help, kind.amount) for kind in _faults(service)],
    )


def _faults(service: Service) -> list[FaultKind]:
    from sandbox.document.faults import KINDS

    return [kind for name, kind in KINDS.items() if name in service.known_faults]


def _rows(info: ParamInfo, indent: str = "") -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [
        (
            indent + info.name,
            _default(info),
            info.unit,
            _bounds(info),
            info.help,
            info.source,
            info.confidence,
        )
    ]
    for field in info.fields:
        rows += _rows(field, indent + "  ")
    return rows


def _default(info: ParamInfo) -> str:
    value = info.default
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, dict)):
        return f"{len(value)} items" if value else "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _bounds(info: ParamInfo) -> str:
    if info.choices:
        return " | ".join(info.choices)
    low = "" if info.lo is None else f"{'>' if info.lo_open else '≥'} {info.lo:g}"
    high = "" if info.hi is None else f"≤ {info.hi:g}"
    most = f"at most {info.max_items:,}" if info.max_items is not None else ""
    return ", ".join(part for part in (low, high, most) if part)
