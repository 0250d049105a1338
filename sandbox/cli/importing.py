"""`sandbox import TEMPLATE`: a template becomes a diagram, and every resource is accounted for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from . import DONE
from .output import STANDARD, check_places, console, put


def command(
    template: Annotated[
        str,
        typer.Argument(
            metavar="TEMPLATE",
            help="SAM or CloudFormation (YAML, JSON), or a Step Functions definition.",
        ),
    ],
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help="Where the diagram goes.")
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    services: Annotated[
        list[str] | None, typer.Option(metavar="DIR", help="A folder of services of your own.")
    ] = None,
) -> Callable[[], int]:
    """Make a diagram of a template, and tell what was mapped, assumed and left out, and why."""

    def work() -> int:
        from sandbox.document.file import dump
        from sandbox.exchange import import_template
        from sandbox.experiments.errors import InputError
        from sandbox.experiments.tables import json_bytes
        from sandbox.services import catalogue

        from .folders import existing

        if json and output == STANDARD:
            raise InputError("--json and -o - cannot both go to standard output; give one a file")
        check_places([template], output=output)
        known = catalogue(*existing(services))
        made = import_template(Path(template), known)
        if output is not None:
            put(output, dump(made.document, known))
        if json:
            put(STANDARD, json_bytes(made.report.plain()))
        elif output != STANDARD:
            _show(made.report, output)
        return DONE

    return work


_STYLES = {"mapped": "green", "assumed": "yellow", "passive": "cyan", "without meaning": "dim"}


def _show(report: Any, output: str | None) -> None:
    from rich.text import Text

    out = console()
    for entry in report.resources:
        line = Text(entry.became.ljust(16), style=_STYLES[entry.became])
        line.append(f"{entry.resource}  ", style="bold")
        line.append(f"{entry.type}  ", style="dim")
        line.append(entry.why, style="default")
        out.print(line, soft_wrap=True)
        for text in entry.assumptions:
            out.print(Text(f"{'':16}{text}", style="dim"), soft_wrap=True)
    for link in report.links:
        line = Text(link.certainty.ljust(16), style="default")
        line.append(f"{link.source} → {link.target}  ", style="bold")
        drawn = f"; not drawn: {link.not_drawn}" if link.not_drawn else ""
        line.append(f"{link.why}{drawn}", style="dim")
        out.print(line, soft_wrap=True)
    for label, texts in (("load", report.load), ("note", report.notes)):
        for text in texts:
            out.print(Text(f"{label:16}{text}"), soft_wrap=True)
    out.print(f"{report.template}: {report.summary()}", markup=False, soft_wrap=True)
    if output is None:
        out.print("Nothing was written; give -o FILE to keep the diagram.", style="dim")
