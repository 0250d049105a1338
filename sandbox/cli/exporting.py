"""`sandbox export FILE --to FORMAT`: a diagram in the words of other tools."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import DONE
from .output import STANDARD, check_places, console, put

if TYPE_CHECKING:
    from sandbox.exchange import Options


def command(
    diagram: Annotated[str, typer.Argument(metavar="FILE", help="A diagram.")],
    to: Annotated[
        str, typer.Option("--to", metavar="FORMAT", help="sam, cloudformation, and others.")
    ],
    output: Annotated[
        str | None,
        typer.Option("--output", "-o", metavar="OUT", help="Where it goes; else standard output."),
    ] = None,
    report: Annotated[
        str | None,
        typer.Option(metavar="OUT", help="Where the report goes, as JSON: what the file holds."),
    ] = None,
    theme: Annotated[
        str, typer.Option(metavar="light|dark", help="Of a picture: what it looks like.")
    ] = "light",
    figures: Annotated[
        str | None,
        typer.Option(
            metavar="RUN.json", help="For markdown: a run's figures, as run --json writes them."
        ),
    ] = None,
    services: Annotated[
        list[str] | None, typer.Option(metavar="DIR", help="A folder of services of your own.")
    ] = None,
) -> Callable[[], int]:
    """Write a diagram as a template or a picture, and tell what of it the format cannot hold."""

    def work() -> int:
        from sandbox.document.file import load
        from sandbox.exchange import FORMATS, export_with_report
        from sandbox.experiments.errors import InputError
        from sandbox.experiments.tables import json_bytes
        from sandbox.services import catalogue

        from .folders import existing

        if to not in FORMATS:
            raise InputError(f"--to {to}: there is no such format; choose {', '.join(FORMATS)}")
        where = STANDARD if output is None else output
        if FORMATS[to].binary and where == STANDARD and sys.stdout.isatty():
            raise InputError(f"--to {to}: this is nothing for a terminal; give -o FILE")
        check_places([diagram], output=where, report=report)
        known = catalogue(*existing(services))
        options = _options(to, theme, figures)
        made = export_with_report(load(Path(diagram), known), known, to, options)
        put(where, made.data)
        if report is not None:
            put(report, json_bytes(made.report.plain()))
        if STANDARD not in (where, report):
            _show(made.report)
        return DONE

    return work


def _options(to: str, theme: str, figures: str | None) -> Options:
    from sandbox.exchange import FORMATS, Options
    from sandbox.exchange.out.figures import of_run
    from sandbox.experiments.errors import InputError
    from sandbox.experiments.files import read_text

    takes = FORMATS[to].takes
    if theme not in ("light", "dark"):
        raise InputError(f"--theme {theme}: choose light or dark")
    if theme != "light" and "theme" not in takes:
        raise InputError(f"--theme {theme}: only pictures have one; --to {to} is none")
    if figures is None:
        return Options(theme)
    if "figures" not in takes:
        raise InputError(f"--figures {figures}: only --to markdown tells of a run")
    try:
        text = read_text(Path(figures), "give what `sandbox run FILE --json OUT` writes")
        return Options(theme, of_run(json.loads(text)))
    except ValueError as error:
        raise InputError(f"--figures {figures}: {error}") from None


_STYLES = {"exported": "green", "in part": "yellow", "kept beside": "cyan", "left out": "red"}


def _show(report: Any) -> None:
    from rich.text import Text

    out = console()
    for line in report.lines:
        text = Text(line.went.ljust(16), style=_STYLES[line.went])
        text.append(f"{line.what}  ", style="bold")
        text.append(f"{line.kind}  ", style="dim")
        text.append(line.why, style="default")
        out.print(text, soft_wrap=True)
    for note in report.notes:
        out.print(Text(f"{'note':16}{note}"), soft_wrap=True)
    out.print(report.summary(), markup=False, soft_wrap=True)
