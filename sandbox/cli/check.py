"""`sandbox check FILE`: the problems of a diagram, without running it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from . import DONE, FAILED
from .output import STANDARD, console, put


def command(
    file: Annotated[str, typer.Argument(metavar="FILE", help="The diagram.")],
    json: Annotated[bool, typer.Option("--json", help="Print them as JSON.")] = False,
    services: Annotated[
        list[str] | None, typer.Option(metavar="DIR", help="A folder of services of your own.")
    ] = None,
) -> Callable[[], int]:
    """Tell what is wrong with a diagram; status 1 when it cannot be run as it is drawn."""

    def work() -> int:
        from sandbox.experiments.tables import json_bytes

        from .folders import existing

        name, found = _problems(file, existing(services))
        errors = sum(problem["severity"] == "error" for problem in found)
        if json:
            listing = {"diagram": name, "errors": errors, "problems": found}
            put(STANDARD, json_bytes(listing))
        else:
            _show(file, found)
        return FAILED if errors else DONE

    return work


def _problems(file: str, folders: tuple[str, ...]) -> tuple[str, list[dict[str, Any]]]:
    """The diagram's name and its problems: what the document knows, then what the engine says."""
    from sandbox.document.file import load
    from sandbox.document.problems import problems
    from sandbox.services import catalogue

    known = catalogue(*folders)
    document = load(file, known)
    found = [
        {
            "severity": problem.severity,
            "node": problem.node,
            "link": list(problem.link) if problem.link else None,
            "parameter": problem.parameter,
            "text": problem.text,
            "remedy": problem.remedy,
        }
        for problem in problems(document, known)
    ]
    if not any(problem["severity"] == "error" for problem in found):
        found = _compiled(document, known) + found
    return document.name, found


def _compiled(document: Any, known: Any) -> list[dict[str, Any]]:
    """What keeps a diagram without visible errors from being run."""
    from sandbox.engine.errors import EngineError
    from sandbox.engine.run import Run

    try:
        Run(document, known)
    except EngineError as error:
        text, _, remedy = str(error).partition("; ")
        return [
            {
                "severity": "error",
                "node": None,
                "link": None,
                "parameter": None,
                "text": text,
                "remedy": remedy,
            }
        ]
    return []


_STYLES = {"error": "bold red", "warning": "yellow", "info": "dim"}


def _show(file: str, found: list[dict[str, Any]]) -> None:
    from rich.text import Text

    out = console()
    for problem in found:
        line = Text(problem["severity"].ljust(8), style=_STYLES[problem["severity"]])
        line.append(problem["text"], style="default")
        out.print(line, soft_wrap=True)
        if problem["remedy"]:
            out.print(Text(f"        {problem['remedy']}", style="dim"), soft_wrap=True)
    counts = [
        f"{number} {severity}{'s' * (number != 1 and severity != 'info')}"
        for severity in _STYLES
        if (number := sum(problem["severity"] == severity for problem in found))
    ]
    out.print(f"{file}: {', '.join(counts) or 'no problems'}", markup=False, soft_wrap=True)
