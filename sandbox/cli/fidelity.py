"""`sandbox fidelity`: the engine beside what is known exactly, as a page."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from . import DONE, FAILED
from .output import check_places, console, put

if TYPE_CHECKING:
    from sandbox.experiments.fidelity import Report

_Out = str | None


def command(
    output: Annotated[
        _Out,
        typer.Option("-o", "--output", metavar="OUT", help="Write the page as HTML."),
    ] = None,
    markdown: Annotated[
        _Out, typer.Option(metavar="OUT", help="Write the page as Markdown (- for output).")
    ] = None,
    json: Annotated[
        _Out, typer.Option(metavar="OUT", help="Write every figure as JSON (- for output).")
    ] = None,
) -> Callable[[], int]:
    """Run every case whose result is known exactly; status 1 when one is beyond its tolerance."""

    def work() -> int:
        check_places((), output=output, markdown=markdown, json=json)
        from sandbox.experiments.fidelity import measure
        from sandbox.experiments.fidelity.data import as_json
        from sandbox.experiments.fidelity.html import html
        from sandbox.experiments.fidelity.markdown import markdown as as_markdown
        from sandbox.experiments.tables import json_bytes

        with _progress() as progress:
            report = measure(progress)
        if output is not None:
            put(output, html(report).encode())
        if markdown is not None:
            put(markdown, as_markdown(report).encode())
        if json is not None:
            put(json, json_bytes(as_json(report)))
        if "-" not in (output, markdown, json):
            _show(report)
        return FAILED if report.failures() else DONE

    return work


def _show(report: Report) -> None:
    """A line a section, and one for each figure beyond its tolerance."""
    from sandbox.experiments.fidelity import sections, wording

    out = console()
    for section in sections():
        out.print(f"{section.title}: {wording.spread(report, section.title)}", markup=False)
    for section, case, figure in report.failures():
        text = (
            f"BEYOND  {section.title}, {case.name}, {figure.name}: expected "
            f"{wording.expected(figure)}, got {wording.got(figure)}, {wording.error(figure)} "
            f"against {wording.within(figure)}"
        )
        out.print(text, markup=False)
    out.print(wording.summary(report), markup=False)


@contextlib.contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None] | None]:
    """A bar on a terminal; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("measuring")
        yield lambda done, of, name: bar.update(task, completed=done, total=of, description=name)
