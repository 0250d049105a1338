"""Markdown: a page about a diagram, with its picture as Mermaid, its load and every parameter.

The page, in this order:
1. name, notes, picture;
2. the run, where there are figures of one: what each service did, and what it cost;
3. load and rules of the scenario;
4. what differs from the defaults, service by service;
5. links;
6. every parameter, folded away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

from sandbox.document import Catalogue as Asked
from sandbox.document import Document, Node, Scenario
from sandbox.document.evidence import CERTAIN, evidence_of
from sandbox.document.faults import KINDS

from .figures import Figures
from .joints import mode_of
from .mermaid import mermaid
from .shape import Exported, Format, Options, whole
from .values import Said, said

if TYPE_CHECKING:
    from sandbox.services.registry import Catalogue


def markdown(document: Document, catalogue: Catalogue, figures: Figures | None = None) -> str:
    """The page, in the dialect of GitHub: tables, fenced Mermaid, folded details."""
    params = {
        id: list(said(_infos(catalogue, node), node.params)) for id, node in document.nodes.items()
    }
    parts: list[str] = [f"# {_text(document.name) or 'Diagram'}"]
    if document.notes.strip():
        parts.append(document.notes.strip())
    parts += [_text(note.text) for note in document.annotations.values() if note.text.strip()]
    parts.append(f"```mermaid\n{mermaid(document, catalogue)}```")
    if figures is not None:
        parts += _run(document, figures)
    parts += _scenario(document.scenario)
    parts += _differences(document, catalogue, params)
    parts += _links(document, catalogue)
    parts += _everything(document, catalogue, params)
    return "\n\n".join(parts) + "\n"


def _run(document: Document, figures: Figures) -> Iterator[str]:
    yield "## Run"
    cost = "" if figures.cost_usd is None else f" It cost {_usd(figures.cost_usd)}."
    yield f"{_span(figures.duration_s)} of simulated time.{cost}"
    rows = []
    for id, node in document.nodes.items():
        if (did := figures.nodes.get(id)) is None:
            continue
        rates = [_number(rate) for rate in (did.arrivals, did.served, did.lost)]
        late = "" if did.latency_p99 is None else _number(did.latency_p99 * 1000)
        price = "" if did.cost_usd is None else _usd(did.cost_usd)
        rows.append([node.label or id, *rates, late, price])
    heads = ("Service", "Arrivals (1/s)", "Served (1/s)", "Lost (1/s)", "p99 (ms)", "Cost")
    yield _table(heads, rows, right=5)


def _scenario(scenario: Scenario) -> Iterator[str]:
    usual = Scenario()
    yield "## Scenario"
    rows = []
    for title, name, unit in (
        ("Start", "start", ""),
        ("Length", "duration_s", "s"),
        ("Tick", "tick_s", "s"),
        ("Load", "load", "×"),
        ("Seed", "seed", ""),
        ("Rules of", "era", ""),
        ("Region", "region", ""),
        ("History before the start", "history_days", "days"),
    ):
        value, default = getattr(scenario, name), getattr(usual, name)
        shown = [_number(v) if isinstance(v, float) else str(v) for v in (value, default)]
        note = "" if value == default else f"{shown[1]} {unit}".rstrip()
        rows.append([title, f"{shown[0]} {unit}".rstrip(), note])
    yield _table(("", "Value", "Default, where it differs"), rows)
    if scenario.classes:
        rows = [
            [c.name, _number(c.share), _number(c.write_fraction), _number(c.payload_kb), c.path]
            for c in scenario.classes
        ]
        yield "Classes of requests:"
        yield _table(("Class", "Share", "Writes", "Payload (KB)", "Path"), rows)
    if scenario.faults:
        yield "Faults:"
        rows = [
            [
                KINDS[fault.kind].title if fault.kind in KINDS else fault.kind,
                fault.target,
                f"{_number(fault.start_s)} s",
                f"{_number(fault.end_s)} s",
                _number(fault.amount),
            ]
            for fault in scenario.faults
        ]
        yield _table(("Fault", "Strikes", "From", "To", "Amount"), rows)


def _differences(
    document: Document, catalogue: Catalogue, params: dict[str, list[Said]]
) -> Iterator[str]:
    yield "## Services"
    rows = [
        [node.label or id, f"`{id}`", catalogue.title(node.service), str(_changed(params[id]))]
        for id, node in document.nodes.items()
    ]
    yield _table(("Name", "Id", "Service", "Settings changed"), rows)
    yield "## What differs from the defaults"
    rows = [
        [node.label or id, one.title, one.value, one.default]
        for id, node in document.nodes.items()
        for one in params[id]
        if one.differs
    ]
    if rows:
        yield _table(("Service", "Parameter", "Value", "Default"), rows)
    else:
        yield "Nothing: every parameter is at its default."


def _links(document: Document, catalogue: Catalogue) -> Iterator[str]:
    yield "## Links"
    rows = []
    for link in document.links.values():
        ends = [document.nodes[id] for id in (link.source, link.target)]
        given = {name: value for name, value in link.params.items() if name != "mode"}
        services = [end.service for end in ends]
        known = all(service in catalogue for service in services)
        mode = mode_of(document, catalogue, link)
        infos = (
            catalogue.link_parameters(
                services[0], link.source_port, services[1], link.target_port, mode
            )
            if known
            else ()
        )
        told = [f"{one.title}: {one.value}" for one in said(infos, given) if one.differs]
        if evidence_of(link) != CERTAIN:
            told.append(f"{evidence_of(link)}, not certain")
        ports = f"{link.source_port} → {link.target_port}"
        rows.append([*(end.label or end.id for end in ends), mode, ports, "; ".join(told)])
    yield _table(("From", "To", "Mode", "Ports", "Settings"), rows) if rows else "There are none."


def _everything(
    document: Document, catalogue: Catalogue, params: dict[str, list[Said]]
) -> Iterator[str]:
    yield "## Every parameter"
    yield "Values in bold differ from the default; a default marked * is an assumption."
    for id, node in document.nodes.items():
        name, title = node.label or id, catalogue.title(node.service)
        rows = []
        for one in params[id]:
            value = f"**{_cell(one.value)}**" if one.differs else _cell(one.value)
            default = f"{one.default}{' *' if one.assumed else ''}"
            rows.append([one.title, f"`{one.name}`", value, default])
        table = _table(("Parameter", "Name", "Value", "Default"), rows, ready=(2,))
        summary = f"{_text(name)} ({_text(title)}): {len(rows)} parameters"
        yield f"<details>\n<summary>{summary}</summary>\n\n{table}\n\n</details>"


def _infos(catalogue: Catalogue, node: Node) -> Iterable[Any]:
    known = catalogue.get(node.service)
    return known.parameters() if known is not None else ()


def _changed(told: Iterable[Said]) -> int:
    return sum(one.differs for one in told)


def _table(
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    right: int = 0,
    ready: Sequence[int] = (),
) -> str:
    """A table; its last `right` columns are numbers, columns `ready` are Markdown already."""
    rule = ["---"] * (len(heads) - right) + ["---:"] * right
    lines = [f"| {' | '.join(heads)} |", f"| {' | '.join(rule)} |"]
    for row in rows:
        cells = [
            cell if at in ready or cell.startswith("`") else _cell(cell)
            for at, cell in enumerate(row)
        ]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _cell(text: str) -> str:
    return _text(text) or " "


def _text(text: str) -> str:
    """One line in which nothing is taken for Markdown or HTML."""
    flat = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return re.sub(r"([\\`*_\[\]|~#])", r"\\\1", flat)


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:,.4g}" if abs(value) < 1e4 else f"{value:,.0f}"


def _usd(value: float) -> str:
    return f"${value:,.2f}" if value >= 0.1 or value == 0 else f"${value:.3g}"


def _span(seconds: float) -> str:
    for size, name in ((86400.0, "days"), (3600.0, "h"), (60.0, "min")):
        if seconds >= 2 * size:
            return f"{seconds / size:.4g} {name}"
    return f"{seconds:.4g} s"


def _write_as(document: Document, catalogue: Asked, options: Options) -> Exported:
    page = markdown(document, cast("Catalogue", catalogue), options.figures)
    return Exported(page.encode(), whole(document, "markdown"))


def _write(document: Document, catalogue: Asked) -> Exported:
    return _write_as(document, catalogue, Options())


FORMAT = Format(
    "markdown", "Markdown report", ".md", _write, takes=("figures",), write_as=_write_as
)
